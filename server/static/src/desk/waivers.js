// A finding may stay, with a reason that travels with the version.
import { $ } from "../lib/dom.js";
import { send } from "../lib/http.js";
import { t } from "../lib/strings.js";

async function tell(desk, found, reason) {
  // the server looks for the finding in the saved text
  await desk.save.flush();
  const response = await send("POST", `${desk.url}/waivers`, { fingerprint: found.fingerprint, reason }).catch(() => null);
  if (response?.ok) return "";
  const problem = await response?.json().catch(() => null);
  return problem?.detail ?? t("failed");
}

export function openWaiver(desk, found) {
  const dialog = $("#waive");
  const form = $("[data-waive]", dialog);
  const error = $("[data-waive-error]", form);
  form.reset();
  error.textContent = "";
  $("[data-waive-message]", form).textContent = `${found.code} · ${found.message.replaceAll("`", "")}`;
  form.onsubmit = async (event) => {
    event.preventDefault();
    error.textContent = await tell(desk, found, form.elements.reason.value);
    if (error.textContent) return;
    dialog.close();
    desk.lint.again();
    desk.view.focus();
  };
  dialog.showModal();
  form.elements.reason.focus();
}

export async function takeBack(desk, found) {
  await send("DELETE", `${desk.url}/waivers/${found.fingerprint}`).catch(() => null);
  desk.lint.again();
}
