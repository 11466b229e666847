// Tabs whose panels are on the page, wherever they come from: click, arrows, Home and End.
import { $$ } from "./dom.js";

function open(tab) {
  for (const one of $$("[role=tab]", tab.closest("[role=tablist]"))) {
    const chosen = one === tab;
    one.setAttribute("aria-selected", String(chosen));
    one.tabIndex = chosen ? 0 : -1;
    const panel = document.getElementById(one.getAttribute("aria-controls"));
    if (panel) panel.hidden = !chosen;
  }
}

function onKey(event) {
  const list = event.target.closest?.("[role=tablist]");
  if (!list || event.isComposing) return;
  const all = $$("[role=tab]", list);
  const at = all.indexOf(document.activeElement);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
  if (to === undefined || at < 0) return;
  event.preventDefault();
  const tab = all[(to + all.length) % all.length];
  open(tab);
  tab.focus();
}

export function startTabs() {
  document.addEventListener("click", (event) => {
    const tab = event.target.closest("button[role=tab]");
    if (tab) open(tab);
  });
  document.addEventListener("keydown", onKey);
}
