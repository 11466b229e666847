// The review page: scores and words not yet sent survive a reload, a lost connection and a refused form.
import { $, $$, memory } from "./lib/dom.js";

const DAYS = 30;
const kept = () => $("form[data-keep]");

function remember(form) {
  const fields = [...new FormData(form)].filter(([name, value]) => name !== "csrf_token" && value !== "");
  if (fields.length) memory.set(form.dataset.keep, { at: Date.now(), fields });
  else memory.remove(form.dataset.keep);
}

function recall(form) {
  const found = memory.get(form.dataset.keep);
  if (!found || Date.now() - found.at > DAYS * 86_400_000) return;
  for (const [name, value] of found.fields) {
    const control = form.elements.namedItem(name);
    if (!control) continue;
    control.value = value;
    const point = control instanceof RadioNodeList ? [...control].find((one) => one.checked) : null;
    point?.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-keep]");
  if (form) remember(form);
});

// Enter on a score would press the form's first button: no verdict is given by accident
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.closest?.("form[data-keep] input")) event.preventDefault();
});

if (kept()) recall(kept());
// the verdict was given, here or elsewhere: nothing is left to keep
for (const page of $$("[data-forget]")) memory.remove(page.dataset.forget);
