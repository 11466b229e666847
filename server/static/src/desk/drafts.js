// Words of a draft into the answer: the selection, or the whole draft when nothing is selected.
import { $, $$ } from "../lib/dom.js";
import { sourceOf } from "./source.js";

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
    view.dispatch(view.state.replaceSelection(text), { scrollIntoView: true, userEvent: "input.paste" });
    view.focus();
  }

  region.addEventListener("mousedown", (event) => event.target.closest("[data-insert-draft]") && event.preventDefault());
  region.addEventListener("click", (event) => {
    const button = event.target.closest("[data-insert-draft]");
    if (button) insert(words(button.closest("[data-draft]")));
  });

  function step(direction) {
    const tabs = $$("[role=tablist] [role=tab]", region);
    const at = tabs.findIndex((tab) => tab.getAttribute("aria-selected") === "true");
    desk.panes.show(matchMedia("(max-width: 1099px)").matches ? "drafts" : desk.root.dataset.pane);
    tabs[(at + direction + tabs.length) % tabs.length]?.click();
  }

  return { step };
}
