// <button data-copy="id"> puts the text of that element on the clipboard and says so.
import { t } from "./strings.js";

async function onClick(event) {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(source.textContent.trim());
    button.textContent = t("copied");
    setTimeout(() => (button.textContent = t("copy")), 2000);
  } catch {
    // without permission, or off a secure address: select it, so that one key copies
    getSelection().selectAllChildren(source);
  }
}

export const startCopy = () => document.addEventListener("click", onClick);
