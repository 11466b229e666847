// Ctrl-. at a finding: its mends, letting it stay, and its rule, by keyboard.
import { el } from "../lib/dom.js";
import { t } from "../lib/strings.js";
import { plain, standing } from "./marks.js";

let menu = null;

function close(view) {
  // removing it moves the focus, which closes it again
  const open = menu;
  menu = null;
  open?.remove();
  view?.focus();
}

/** The places at the cursor, the closest first; where there is none, the first of its line. */
export function atCursor(state) {
  const { from, to } = state.selection.main;
  const all = standing(state);
  // what is said of these very words comes before what is said of the whole text
  const touching = all.filter((one) => one.from <= to && one.to >= from).sort((a, b) => a.to - a.from - (b.to - b.from));
  if (touching.length) return touching;
  const line = state.doc.lineAt(from);
  return all.filter((one) => one.from >= line.from && one.from <= line.to).slice(0, 1);
}

/** The box of a position of the text; the editor's own when it is out of sight. */
export const placeOf = (view, position) => view.coordsAtPos(position) ?? view.dom.getBoundingClientRect();

function item(view, name, apply) {
  const run = () => (close(view), apply());
  return el("button", { type: "button", role: "menuitem", class: "popover-item", tabindex: "-1", onclick: run }, name);
}

/** One finding in the menu: what it says, a way that is only shown, and what can be done. */
function group(view, lint, found) {
  const hints = found.fixes.filter((fix) => fix.safety === "display").map((fix) => t("only_shown", { mend: fix.title }));
  const says = [plain(found.message), ...hints];
  return el(
    "div",
    { role: "group", "aria-label": says.join(" "), class: "fix-menu-group" },
    ...says.map((text) => el("p", { class: "fix-menu-says", role: "presentation" }, text)),
    ...lint.actions(found).map((action) => item(view, action.name, action.apply)),
  );
}

function move(event, view) {
  const items = [...menu.querySelectorAll("button")];
  const at = items.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (event.key === "Escape" || event.key === "Tab") close(view);
  else if (to === undefined) return;
  else items[(to + items.length) % items.length]?.focus();
  event.preventDefault();
  event.stopPropagation();
}

function place(view, position) {
  const at = placeOf(view, position);
  const left = Math.min(at.left, innerWidth - menu.offsetWidth - 12);
  const below = at.bottom + 6;
  const top = below + menu.offsetHeight > innerHeight - 12 ? Math.max(12, at.top - menu.offsetHeight - 6) : below;
  menu.style.left = `${left}px`;
  menu.style.top = `${top}px`;
}

export function showFixMenu(desk, lint) {
  const { view } = desk;
  close();
  const found = atCursor(view.state);
  menu = el("div", { class: "popover-panel fix-menu", role: "menu", "aria-label": t("fix_menu"), tabindex: "-1" });
  if (found.length) menu.append(...found.map((one) => group(view, lint, one.found)));
  else menu.append(el("p", { class: "fix-menu-says", role: "presentation" }, t("no_fix")));
  menu.addEventListener("keydown", (event) => move(event, view));
  menu.addEventListener("focusout", (event) => menu && !menu.contains(event.relatedTarget) && close());
  desk.root.append(menu);
  place(view, found[0]?.from ?? view.state.selection.main.from);
  (menu.querySelector("button") ?? menu).focus();
}
