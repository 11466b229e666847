// <button data-dialog-open="id"> opens a dialog; a dialog that arrives by htmx with data-open shows itself.
import { $, $$ } from "./dom.js";

function onClick(event) {
  const opener = event.target.closest("[data-dialog-open]");
  if (opener) document.getElementById(opener.dataset.dialogOpen)?.showModal();
  const dismissed = event.target.closest("[data-dialog-close]");
  if (dismissed) dismissed.closest("dialog")?.close();
  // a press on the backdrop lands on the dialog itself
  if (event.target instanceof HTMLDialogElement && event.target.open) closeFromBackdrop(event);
}

function closeFromBackdrop(event) {
  const box = event.target.getBoundingClientRect();
  const inside =
    event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
  // a dialog holding a form may hold words: only its own buttons close it
  const holdsWords = event.target.querySelector("textarea, input:not([type=hidden], [type=search])");
  if (!inside && !holdsWords) event.target.close();
}

function closeMenus(event) {
  for (const menu of $$("details[data-menu][open]")) {
    const escape = event.type === "keydown" && event.key === "Escape";
    if (escape) $("summary", menu).focus();
    if (escape || (event.type === "click" && !menu.contains(event.target))) menu.open = false;
  }
}

export const showArrived = () => $$("dialog[data-open]:not([open])").forEach((dialog) => dialog.showModal());

export function startDialogs() {
  document.addEventListener("click", onClick);
  document.addEventListener("click", closeMenus);
  document.addEventListener("keydown", closeMenus);
  document.addEventListener("htmx:after:swap", showArrived);
}
