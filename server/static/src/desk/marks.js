// Findings on the text itself: wavy lines with what to do on hover, and coloured line numbers.
import { forEachDiagnostic, linter, setDiagnostics, setDiagnosticsEffect } from "@codemirror/lint";
import { RangeSet, StateField } from "@codemirror/state";
import { GutterMarker, gutterLineClass } from "@codemirror/view";

class LineMark extends GutterMarker {
  constructor(level) {
    super();
    this.elementClass = `cm-gutter-${level}`;
  }
}
const MARKS = { error: new LineMark("error"), warning: new LineMark("warning") };

function lineMarks(state) {
  const worst = new Map();
  forEachDiagnostic(state, (found, from) => {
    const line = state.doc.lineAt(Math.min(from, state.doc.length)).from;
    if (MARKS[found.severity] && worst.get(line) !== "error") worst.set(line, found.severity);
  });
  const ranges = [...worst].sort(([a], [b]) => a - b).map(([line, level]) => MARKS[level].range(line));
  return RangeSet.of(ranges);
}

const markedLines = StateField.define({
  create: () => RangeSet.empty,
  update(marks, transaction) {
    if (transaction.effects.some((effect) => effect.is(setDiagnosticsEffect))) return lineMarks(transaction.state);
    return marks.map(transaction.changes);
  },
  provide: (field) => gutterLineClass.from(field),
});

// the linter has no source of its own: the desk asks the server and sets what it found
export const findingsExtension = [linter(null), markedLines];

/** Underline findings; `actions(finding)` gives the buttons of its tooltip. */
export function mark(view, findings, actions) {
  const end = view.state.doc.length;
  const diagnostics = findings.map((found) => {
    const [from, to] = found.span.utf16.map((at) => Math.min(at, end));
    return { from, to, severity: found.level, message: found.message, source: found.code, actions: actions(found), found };
  });
  view.dispatch(setDiagnostics(view.state, diagnostics));
}

/** Where each finding stands now, as the text has moved since: [{found, from, to}] in order. */
export function standing(state) {
  const all = [];
  forEachDiagnostic(state, (diagnostic, from, to) => all.push({ found: diagnostic.found, from, to }));
  return all.sort((a, b) => a.from - b.from || a.to - b.to);
}
