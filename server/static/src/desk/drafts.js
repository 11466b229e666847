// Beside the answer: words of a draft into it (the selection, or the whole draft), and what it kept of a draft.
import { $, $$ } from "../lib/dom.js";
import { sourceOf } from "./source.js";

const narrow = () => matchMedia("(max-width: 1099px)").matches;

export function startDrafts(desk) {
  const region = $(".desk-drafts", desk.root);
  let selected = null;

  // the press that reaches the button may clear the selection: remember the last one made inside a draft
  document.addEventListener("selectionchange", () => {
    const selection = getSelection();
    const node = selection.anchorNode?.parentElement;
    const draft = node?.closest("[data-draft]");
    if (draft && region.contains(draft)) selected = selection.isCollapsed ? null : { draft, range: selection.getRangeAt(0).cloneRange() };
  });

  function words(draft) {
    if (selected?.draft === draft && selected.range.toString().trim()) return sourceOf(selected.range);
    const kept = $("[data-draft-source]", draft);
    return (kept?.content?.textContent ?? kept?.value ?? kept?.textContent ?? "").trim();
  }

  function insert(text) {
    if (!text || !desk.canWrite) return;
    desk.panes.showEditor();
    const { view } = desk;
    view.dispatch(view.state.replaceSelection(apart(text, view.state)), { scrollIntoView: true, userEvent: "input.paste" });
    view.focus();
  }

  // paragraphs stay paragraphs: at the start of a line that follows another, a blank line comes first
  function apart(text, { doc, selection }) {
    const line = doc.lineAt(selection.main.from);
    const follows = line.number > 1 && selection.main.from === line.from && doc.line(line.number - 1).text.trim();
    return follows && text.includes("\n\n") ? `\n${text}` : text;
  }

  region.addEventListener("mousedown", (event) => event.target.closest("[data-insert-draft]") && event.preventDefault());
  region.addEventListener("click", (event) => {
    const button = event.target.closest("[data-insert-draft]");
    if (button) insert(words(button.closest("[data-draft]")));
  });

  // what is compared is the saved answer: save it first, and compare with the older one when that cannot be
  region.addEventListener("click", async (event) => {
    const link = event.target.closest("[data-compare-draft]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    await desk.save.flush();
    link.dispatchEvent(new CustomEvent("compare", { bubbles: true }));
  });

  // the way back ends where the way there began
  region.addEventListener("click", (event) => {
    const draft = event.target.closest("[data-compare-back]")?.closest("[data-draft]");
    if (draft) document.addEventListener("htmx:after:swap", () => $("[data-compare-draft]", draft)?.focus(), { once: true });
  });

  function compare() {
    desk.panes.show(narrow() ? "drafts" : desk.root.dataset.pane);
    $("[data-draft]:not([hidden]) :is([data-compare-draft], [data-compare-back])", region)?.click();
  }

  function step(direction) {
    const tabs = $$("[role=tablist] [role=tab]", region);
    const at = tabs.findIndex((tab) => tab.getAttribute("aria-selected") === "true");
    desk.panes.show(narrow() ? "drafts" : desk.root.dataset.pane);
    tabs[(at + direction + tabs.length) % tabs.length]?.click();
  }

  return { step, compare };
}
