// Colours come from the page's own variables, so light and dark need no second theme.
import { HighlightStyle } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const faint = (percent) => `color-mix(in oklab, var(--color-base-content) ${percent}%, transparent)`;

/** Find and replace, in line with the text below it. */
function finding(panel) {
  return {
    [panel]: { padding: "8px 48px 8px 24px", fontSize: "12px" },
    [`${panel} :is(.cm-textfield, .cm-button)`]: { height: "26px", margin: "3px 6px 3px 0", padding: "0 8px", fontSize: "12px" },
    [`${panel} .cm-textfield`]: { width: "10rem" },
    [`${panel} label`]: { display: "inline-flex", height: "26px", alignItems: "center", gap: "6px", margin: "0 10px 0 0", fontSize: "12px", verticalAlign: "middle", cursor: "pointer" },
    [`${panel} input[type=checkbox]`]: { margin: 0, accentColor: "var(--color-primary)" },
    [`${panel} [name=close]`]: { top: "11px", right: "20px", width: "26px", height: "26px", fontSize: "16px", cursor: "pointer" },
  };
}

export const editorTheme = EditorView.theme({
  "&": { height: "100%", fontSize: "13.5px", backgroundColor: "transparent", color: "var(--color-base-content)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--font-mono)", lineHeight: "1.75", overflow: "auto" },
  ".cm-scroller:focus-visible": { outline: "2px solid var(--color-primary)", outlineOffset: "-2px" },
  ".cm-content": { padding: "4px 0 40vh", maxWidth: "44rem", caretColor: "var(--color-primary)" },
  ".cm-line": { padding: "0 24px 0 0" },
  ".cm-gutters": { backgroundColor: "transparent", border: "none", color: faint(68) },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "56px", padding: "0 12px 0 24px" },
  ".cm-lineNumbers .cm-gutter-error": { color: "var(--color-error)", fontWeight: 600 },
  ".cm-lineNumbers .cm-gutter-warning": { color: "var(--warning-ink)", fontWeight: 600 },
  ".cm-cursor": { borderLeftColor: "var(--color-primary)", borderLeftWidth: "2px" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "color-mix(in oklab, var(--color-primary) 22%, transparent)",
  },
  ".cm-selectionMatch": { backgroundColor: faint(9) },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "color-mix(in oklab, var(--color-primary) 20%, transparent)" },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "transparent" },
  ".cm-placeholder": { color: faint(70) },
  ".cm-lintRange-error, .cm-lintRange-warning, .cm-lintRange-info": {
    backgroundImage: "none",
    textDecorationLine: "underline",
    textDecorationStyle: "wavy",
    textDecorationThickness: "1px",
    textUnderlineOffset: "4px",
    textDecorationSkipInk: "none",
  },
  ".cm-lintRange-error": { textDecorationColor: "var(--color-error)" },
  ".cm-lintRange-warning": { textDecorationColor: "var(--color-warning)" },
  ".cm-lintRange-info": { textDecorationColor: "var(--color-info)", textDecorationStyle: "dotted", textDecorationThickness: "2px" },
  ".cm-lintRange-active": { backgroundColor: "color-mix(in oklab, var(--color-primary) 15%, transparent)" },
  ".cm-tooltip": {
    backgroundColor: "var(--color-base-100)",
    border: "1px solid var(--color-base-300)",
    borderRadius: "var(--radius-box)",
    overflow: "hidden",
    maxWidth: "28rem",
    fontFamily: "var(--font-sans)",
    fontSize: "13px",
  },
  ".cm-diagnostic": { border: "none", padding: "8px 12px", whiteSpace: "normal" },
  ".cm-diagnosticText": { display: "block" },
  ".cm-diagnosticSource": { marginTop: "6px", fontSize: "11px", opacity: 0.75 },
  ".cm-diagnosticAction": {
    margin: "6px 8px 0 0",
    padding: "3px 8px",
    borderRadius: "var(--radius-field)",
    backgroundColor: "var(--color-base-200)",
    color: "var(--color-base-content)",
    fontSize: "12px",
    fontWeight: 600,
    cursor: "pointer",
  },
  ".cm-panels": { backgroundColor: "var(--color-base-200)", color: "inherit", borderColor: "var(--color-base-300)", fontFamily: "var(--font-sans)" },
  ".cm-panels-top": { borderBottom: "1px solid var(--color-base-300)" },
  ".cm-textfield": { backgroundColor: "var(--color-base-100)", border: "1px solid var(--color-base-300)", borderRadius: "4px" },
  ".cm-textfield:focus": { outline: "2px solid var(--color-primary)", outlineOffset: "-1px" },
  ".cm-button": { backgroundImage: "none", backgroundColor: "var(--color-base-300)", border: "none", borderRadius: "4px", cursor: "pointer", fontWeight: 600 },
  ...finding(".cm-panel.cm-search"),
  // the library's mark for folded lines is in no font of ours
  ".cm-collapsedLines": { fontFamily: "var(--font-sans)", fontSize: "12px", "&:before, &:after": { content: "none" } },
});

export const highlighting = HighlightStyle.define([
  { tag: tags.heading, fontWeight: "600" },
  { tag: tags.strong, fontWeight: "600" },
  { tag: tags.emphasis, fontStyle: "italic" },
  { tag: tags.strikethrough, textDecoration: "line-through" },
  { tag: [tags.processingInstruction, tags.contentSeparator, tags.labelName, tags.quote], color: faint(66) },
  { tag: [tags.link, tags.url], color: "var(--color-secondary)" },
  { tag: tags.special(tags.content), color: "var(--color-secondary)" },
  { tag: tags.comment, color: faint(66), fontStyle: "italic" },
  { tag: [tags.keyword, tags.controlKeyword, tags.modifier], color: "var(--color-secondary)" },
  { tag: [tags.string, tags.regexp], color: "var(--color-success)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--color-info)" },
]);
