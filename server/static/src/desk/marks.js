// Findings on the text itself: wavy lines with what to do on hover, and coloured line numbers.
import { linter, setDiagnostics } from "@codemirror/lint";
import { RangeSet, StateEffect, StateField } from "@codemirror/state";
import { GutterMarker, gutterLineClass } from "@codemirror/view";

class LineMark extends GutterMarker {
  constructor(level) {
    super();
    this.elementClass = `cm-gutter-${level}`;
  }
}
const MARKS = { error: new LineMark("error"), warning: new LineMark("warning") };
const placed = StateEffect.define();

// the library's own marks are drawn: cut where they overlap, gone where the words are. These are all of them.
const places = StateField.define({
  create: () => [],
  update(all, transaction) {
    for (const effect of transaction.effects) if (effect.is(placed)) return effect.value;
    if (!transaction.docChanged) return all;
    const to = (at, side) => transaction.changes.mapPos(at, side);
    return all.map((one) => ({ ...one, from: to(one.from, 1), to: Math.max(to(one.from, 1), to(one.to, -1)) }));
  },
});

function lineMarks(state) {
  const worst = new Map();
  for (const { found, from } of state.field(places)) {
    const line = state.doc.lineAt(from).from;
    if (MARKS[found.level] && worst.get(line) !== "error") worst.set(line, found.level);
  }
  const ranges = [...worst].sort(([a], [b]) => a - b).map(([line, level]) => MARKS[level].range(line));
  return RangeSet.of(ranges);
}

const markedLines = StateField.define({
  create: () => RangeSet.empty,
  update(marks, transaction) {
    if (transaction.effects.some((effect) => effect.is(placed))) return lineMarks(transaction.state);
    return marks.map(transaction.changes);
  },
  provide: (field) => gutterLineClass.from(field),
});

// the linter has no source of its own: the desk asks the server and sets what it found
export const findingsExtension = [linter(null), places, markedLines];

/** Underline findings; `actions(finding)` gives the buttons of its tooltip. */
export function mark(view, findings, actions) {
  const end = view.state.doc.length;
  const spans = findings.map((found) => [found, ...found.span.utf16.map((at) => Math.min(at, end))]);
  const diagnostics = spans.map(([found, from, to]) => ({ from, to, severity: found.level, message: plain(found.message), actions: actions(found) }));
  const standing = spans.map(([found, from, to]) => ({ found, from, to })).sort((a, b) => a.from - b.from || a.to - b.to);
  const { effects } = setDiagnostics(view.state, diagnostics);
  view.dispatch({ effects: [effects, placed.of(standing)].flat() });
}

export const plain = (message) => message.replaceAll("`", "");

/** Where each finding stands now, as the text has moved since: [{found, from, to}] in order. */
export const standing = (state) => state.field(places);
