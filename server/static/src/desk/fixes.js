// Edits of fixes, as CodeMirror takes them: none touching another, and all safe ones as one change of the text.
import { ChangeSet } from "@codemirror/state";

const PASSES = 10;

export const change = (edit) => ({ from: edit.span.utf16[0], to: edit.span.utf16[1], insert: edit.text });

/** Safe edits that do not touch each other, in order; what is left over waits for the next pass. */
export function safeEdits(diagnostics) {
  const groups = diagnostics.flatMap((found) => found.fixes.filter((fix) => fix.safety === "safe").slice(0, 1));
  const taken = [];
  for (const fix of groups) {
    const edits = fix.edits.map(change);
    const clashes = edits.some((edit) => taken.some((other) => edit.from <= other.to && other.from <= edit.to));
    if (!clashes) taken.push(...edits);
  }
  return taken.sort((a, b) => a.from - b.from);
}

/**
 * Every safe fix of `doc`, pass after pass, as one change; null when there is nothing to do.
 * `found` is what is to be mended in `doc`; `look(doc)` resolves with the same of another text, null when nobody answers.
 */
export async function safeChanges(doc, found, look) {
  const seen = new Set([doc.toString()]);
  let changes = null;
  let text = doc;
  for (let pass = 0; pass < PASSES && found; pass += 1) {
    const edits = safeEdits(found);
    if (!edits.length) break;
    const step = ChangeSet.of(edits, text.length);
    text = step.apply(text);
    changes = changes ? changes.compose(step) : step;
    if (seen.has(text.toString())) break;
    seen.add(text.toString());
    found = await look(text);
  }
  return changes;
}
