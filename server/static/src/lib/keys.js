// One register of commands: the keys, the palette and the `?` sheet all read it, so they cannot disagree.
import { $, $$, el } from "./dom.js";
import { t } from "./strings.js";

const isMac = /Mac|iPhone|iPad/.test(navigator.platform);
const commands = new Map();

/**
 * A command is {title, keys?: ["Mod-Enter", "F8", "["], run, when?: () => boolean, everywhere?: boolean, hidden?: boolean}.
 * Without `everywhere` a key works only while no field has the focus.
 */
export function register(id, command) {
  commands.set(id, { id, keys: [], ...command });
}

export const available = () => [...commands.values()].filter((command) => !command.when || command.when());

export function runCommand(id) {
  commands.get(id)?.run();
}

const NAMES = { Mod: isMac ? "⌘" : "Ctrl", Shift: isMac ? "⇧" : "Shift", Enter: "⏎", Escape: "Esc" };

export const shown = (key) =>
  key
    .split("-")
    .map((part) => NAMES[part] ?? (part.length === 1 ? part.toUpperCase() : part))
    .join(isMac ? "" : " ");

function pressed(event) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const mod = isMac ? event.metaKey : event.ctrlKey;
  const shift = event.shiftKey && event.key.length > 1;
  return `${mod ? "Mod-" : ""}${shift ? "Shift-" : ""}${key}`;
}

// a point or a tick takes no letters: after choosing one, the keys of the page still work; a page that stands on this one
// is for reading, and a letter pressed there is not meant for what lies below
export const inField = (target) =>
  Boolean(target.closest?.("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable=true], .cm-editor, [popover]"));

// An input method sends its own Enter and brackets while a word is being composed: they are not ours.
export const composing = (event) => event.isComposing || event.keyCode === 229;

function onKey(event) {
  if (event.defaultPrevented || composing(event) || event.altKey || (isMac ? event.ctrlKey : event.metaKey)) return;
  const name = pressed(event);
  const open = $("dialog[open]");
  const command = available().find((one) => one.keys.includes(name) && (one.everywhere || !inField(event.target)));
  if (!command || (open && !command.overDialogs)) return;
  event.preventDefault();
  command.run();
}

// Markup may bring its own: <button data-shortcut="a">Approve</button> is pressed by the key.
function fromPage() {
  for (const node of $$("[data-shortcut]")) {
    const key = node.dataset.shortcut;
    const title = node.dataset.shortcutTitle ?? node.firstChild?.textContent?.trim() ?? node.textContent.trim();
    register(`page:${key}`, { title, keys: [key], run: () => $(`[data-shortcut="${CSS.escape(key)}"]`)?.click() });
  }
}

export function showKeys() {
  const rows = [...commands.values()].filter((command) => command.keys.length && !command.hidden);
  const list = $("[data-keys-list]");
  list.replaceChildren(
    ...rows.flatMap((command) => [
      el("dt", {}, command.title),
      el("dd", {}, ...command.keys.map((key) => el("kbd", { class: "kbd kbd-sm" }, shown(key)))),
    ]),
  );
  $("#keys").showModal();
}

const nameKeys = () => $$("kbd[data-key]").forEach((node) => (node.textContent = shown(node.dataset.key)));

export function startKeys() {
  register("keys", { title: t("keys"), keys: ["?"], run: showKeys });
  fromPage();
  document.addEventListener("keydown", onKey);
  document.addEventListener("htmx:after:swap", fromPage);
  nameKeys();
  document.addEventListener("htmx:after:swap", nameKeys);
}
