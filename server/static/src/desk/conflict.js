// Two texts of one answer: what was saved meanwhile on the left, mine on the right, where they can be merged by hand.
import { MergeView } from "@codemirror/merge";
import { history, defaultKeymap, historyKeymap } from "@codemirror/commands";
import { EditorState } from "@codemirror/state";
import { EditorView, keymap, lineNumbers } from "@codemirror/view";
import { $, $$ } from "../lib/dom.js";
import { phrases, t } from "../lib/strings.js";
import { clock } from "../lib/times.js";
import { editorTheme } from "./theme.js";

const common = [lineNumbers(), EditorView.lineWrapping, EditorState.phrases.of(phrases), editorTheme];
const named = (key) => EditorView.contentAttributes.of({ "aria-label": t(key) });

function compare(parent, mine, theirs) {
  return new MergeView({
    parent,
    a: { doc: theirs, extensions: [...common, named("theirs"), EditorState.readOnly.of(true)] },
    b: { doc: mine, extensions: [...common, named("mine"), history(), keymap.of([...defaultKeymap, ...historyKeymap])] },
    revertControls: "a-to-b",
    gutter: true,
    // the default budget reports many small changes as one
    diffConfig: { scanLimit: 10000, timeout: 300 },
    collapseUnchanged: { margin: 3, minSize: 6 },
  });
}

/** Show both texts; resolves with the one to go on with. The dialog closes by a choice only. */
export function settle(mine, theirs) {
  const dialog = $("#conflict");
  const values = { name: theirs.saved_by, time: theirs.saved_at ? clock(new Date(theirs.saved_at)) : "" };
  $("[data-conflict-story]", dialog).textContent = theirs.saved_by ? t("conflict_by", values) : t("conflict");
  const parent = $("[data-conflict-view]", dialog);
  parent.replaceChildren();
  const view = compare(parent, mine, theirs.text);
  dialog.oncancel = (event) => event.preventDefault();
  dialog.showModal();
  return new Promise((resolve) => {
    for (const button of $$("[data-conflict]", dialog)) {
      button.onclick = () => {
        const texts = { mine, theirs: theirs.text, merged: view.b.state.doc.toString() };
        view.destroy();
        dialog.close();
        resolve(texts[button.dataset.conflict]);
      };
    }
  });
}
