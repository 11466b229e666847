// At the start: did this browser keep words that the server never got?
import { $, el, memory } from "../lib/dom.js";
import { t } from "../lib/strings.js";

function note(text, ...more) {
  const box = $("#recovered");
  box.replaceChildren(el("span", { class: "dot", "data-level": "info" }), el("span", {}, text), ...more);
  box.hidden = false;
}

function button(text, run) {
  return el("button", { type: "button", class: "link-plain cursor-pointer", onclick: run }, text);
}

function bringBack(desk, kept) {
  const saved = desk.text();
  desk.setText(kept.text);
  const undo = () => {
    desk.setText(saved);
    $("#recovered").hidden = true;
  };
  note(t("recovered"), button(t("recovered_undo"), undo));
}

function offerCopy(kept) {
  const copy = async (event) => {
    await navigator.clipboard.writeText(kept.text);
    event.target.textContent = t("copied");
  };
  note(t("kept_apart"), button(t("kept_copy"), copy));
}

export function recover(desk, save, key) {
  const kept = memory.get(key);
  if (!kept || typeof kept.text !== "string") return;
  if (kept.text === desk.data.text) return memory.remove(key);
  if (!desk.canWrite) return offerCopy(kept);
  if (kept.base === desk.data.revision) return bringBack(desk, kept);
  const { text, revision, saved_at } = desk.data;
  save.conflictWith(kept.text, { text, revision, saved_at, saved_by: "" });
}
