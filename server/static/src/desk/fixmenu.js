// Ctrl-. at a finding: its mends, and letting it stay, by keyboard.
import { el } from "../lib/dom.js";
import { t } from "../lib/strings.js";
import { standing } from "./marks.js";

let menu = null;

function close(view) {
  // removing it moves the focus, which closes it again
  const open = menu;
  menu = null;
  open?.remove();
  view?.focus();
}

function atCursor(state) {
  const { from, to } = state.selection.main;
  const all = standing(state);
  // what is said of these very words comes before what is said of the whole text
  const touching = all.filter((one) => one.from <= to && one.to >= from).sort((a, b) => a.to - a.from - (b.to - b.from));
  if (touching.length) return touching;
  const line = state.doc.lineAt(from);
  return all.filter((one) => one.from >= line.from && one.from <= line.to).slice(0, 1);
}

function item(view, name, apply) {
  const run = () => (close(view), apply());
  return el("button", { type: "button", role: "menuitem", class: "popover-item", onclick: run }, name);
}

function move(event, view) {
  const items = [...menu.querySelectorAll("button")];
  const at = items.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (event.key === "Escape" || event.key === "Tab") close(view);
  else if (to === undefined) return;
  else items[(to + items.length) % items.length].focus();
  event.preventDefault();
  event.stopPropagation();
}

function place(view, position) {
  const at = view.coordsAtPos(position) ?? view.dom.getBoundingClientRect();
  const left = Math.min(at.left, innerWidth - menu.offsetWidth - 12);
  const below = at.bottom + 6;
  const top = below + menu.offsetHeight > innerHeight - 12 ? at.top - menu.offsetHeight - 6 : below;
  menu.style.left = `${left}px`;
  menu.style.top = `${top}px`;
}

export function showFixMenu(desk, lint) {
  const { view } = desk;
  close();
  const found = atCursor(view.state);
  const items = found.flatMap((one) => [
    ...lint.actions(one.found).map((action) => item(view, action.name, action.apply)),
    item(view, t("about_rule", { code: one.found.code }), () => window.open(one.found.doc_url, "_blank", "noopener")),
  ]);
  const head = found.length ? found[0].found.message.replaceAll("`", "") : t("no_fix");
  menu = el("div", { class: "popover-panel fix-menu", role: "menu", "aria-label": t("fix_menu"), tabindex: "-1" });
  menu.append(el("p", { class: "px-2.5 py-1.5 text-xs text-base-content/70" }, head), ...items);
  menu.addEventListener("keydown", (event) => move(event, view));
  menu.addEventListener("focusout", (event) => menu && !menu.contains(event.relatedTarget) && close());
  document.body.append(menu);
  place(view, found[0]?.from ?? view.state.selection.main.from);
  (items[0] ?? menu).focus();
}
