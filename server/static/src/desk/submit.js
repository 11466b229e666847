// Submitting looks at what the server has, so what is typed goes there first.
import { $ } from "../lib/dom.js";
import { t } from "../lib/strings.js";

export function startSubmit(desk) {
  const button = $("#submit");
  const dialog = $("#submission-dialog");
  if (!button || !dialog) return { open() {} };

  async function open() {
    if (dialog.open || !(await desk.save.flush())) return;
    const slot = $("#submission-slot");
    try {
      await window.htmx.ajax("GET", `${desk.page}/answer/submission`, { target: slot, swap: "innerHTML" });
    } catch {
      slot.textContent = t("submission_failed");
    }
    if (!dialog.open) dialog.showModal();
  }

  // a notice would lie hidden behind the dialog
  document.addEventListener("htmx:after:swap", (event) => event.target.id === "notices" && dialog.close());
  button.addEventListener("click", open);
  return { open };
}
