// CodeMirror, set up for Markdown with maths.
import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { cppLanguage } from "@codemirror/lang-cpp";
import { javascriptLanguage, typescriptLanguage } from "@codemirror/lang-javascript";
import { markdown, markdownLanguage } from "@codemirror/lang-markdown";
import { pythonLanguage } from "@codemirror/lang-python";
import { bracketMatching, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import { EditorView, drawSelection, dropCursor, highlightSpecialChars, keymap, lineNumbers, placeholder } from "@codemirror/view";
import { phrases, t } from "../lib/strings.js";
import { findingsExtension } from "./marks.js";
import { mathematics } from "./mathematics.js";
import { editorTheme, highlighting } from "./theme.js";

const LANGUAGES = {
  python: pythonLanguage,
  py: pythonLanguage,
  javascript: javascriptLanguage,
  js: javascriptLanguage,
  typescript: typescriptLanguage,
  ts: typescriptLanguage,
  cpp: cppLanguage,
  "c++": cppLanguage,
  c: cppLanguage,
};

function extensions(desk, onUpdate) {
  return [
    lineNumbers(),
    highlightSpecialChars(),
    history(),
    drawSelection(),
    dropCursor(),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    highlightSelectionMatches({ minSelectionLength: 4 }),
    search({ top: true }),
    markdown({ base: markdownLanguage, codeLanguages: (info) => LANGUAGES[info.toLowerCase()] ?? null, extensions: [mathematics] }),
    syntaxHighlighting(highlighting),
    editorTheme,
    findingsExtension,
    EditorView.lineWrapping,
    EditorState.phrases.of(phrases),
    placeholder(desk.canWrite ? t("placeholder") : ""),
    EditorState.readOnly.of(!desk.canWrite),
    EditorView.contentAttributes.of({ "aria-label": t("editor"), spellcheck: "false", autocapitalize: "sentences", autocorrect: "on" }),
    keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap].filter((binding) => !RESERVED.has(binding.key))),
    EditorView.updateListener.of((update) => update.docChanged && onUpdate(update)),
  ];
}

// keys the desk uses for itself
const RESERVED = new Set(["Mod-Enter", "Mod-k", "Ctrl-k", "F8", "Shift-F8"]);

export function createEditor(parent, desk, onUpdate) {
  const state = EditorState.create({ doc: desk.data.text, extensions: extensions(desk, onUpdate) });
  const view = new EditorView({ state, parent });
  // a region that scrolls must be reachable by keyboard
  view.scrollDOM.tabIndex = 0;
  return view;
}

/** Replace the whole text in one step that Undo takes back, touching only what differs. */
export function replaceText(view, text) {
  const old = view.state.doc.toString();
  if (old === text) return;
  let start = 0;
  while (start < old.length && old[start] === text[start]) start += 1;
  let end = 0;
  const room = Math.min(old.length, text.length) - start;
  while (end < room && old[old.length - 1 - end] === text[text.length - 1 - end]) end += 1;
  view.dispatch({ changes: { from: start, to: old.length - end, insert: text.slice(start, text.length - end) }, userEvent: "input.replace" });
}
