// Ctrl-K: every command of the page and every place in the menu, found by any part of its name.
import { $, $$, el } from "./dom.js";
import { available, register, shown } from "./keys.js";
import { t } from "./strings.js";

let entries = [];
let chosen = 0;

function places() {
  return $$("a[data-nav]").map((link) => ({ title: link.textContent.trim(), note: t("go_to"), run: () => link.click() }));
}

function collect() {
  const commands = available().filter((command) => command.id !== "palette" && !command.hidden);
  return [...commands.map((one) => ({ title: one.title, keys: one.keys, run: one.run })), ...places()];
}

function row(entry, index) {
  const key = entry.keys?.[0];
  const side = key ? el("kbd", { class: "kbd kbd-xs" }, shown(key)) : el("span", { class: "quiet" }, entry.note ?? "");
  const item = el(
    "li",
    { class: "palette-row", role: "option", id: `palette-${index}`, "aria-selected": String(index === chosen) },
    el("span", { class: "flex-1" }, entry.title),
    side,
  );
  item.addEventListener("click", () => pick(index));
  return item;
}

function draw(query) {
  const wanted = query.trim().toLocaleLowerCase();
  entries = collect().filter((entry) => entry.title.toLocaleLowerCase().includes(wanted));
  chosen = Math.max(0, Math.min(chosen, entries.length - 1));
  $("#palette-list").replaceChildren(...entries.map(row));
  $("[data-palette-empty]").hidden = entries.length > 0;
  $("#palette input").setAttribute("aria-activedescendant", entries.length ? `palette-${chosen}` : "");
  $(`#palette-${chosen}`)?.scrollIntoView({ block: "nearest" });
}

function pick(index) {
  const entry = entries[index];
  $("#palette").close();
  entry?.run();
}

export function openPalette() {
  chosen = 0;
  const input = $("#palette input");
  input.value = "";
  draw("");
  $("#palette").showModal();
  input.focus();
}

function onKey(event) {
  if (event.isComposing) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    chosen = (chosen + step + entries.length) % Math.max(1, entries.length);
    draw(event.currentTarget.value);
  } else if (event.key === "Enter") {
    event.preventDefault();
    pick(chosen);
  }
}

export function startPalette() {
  const input = $("#palette input");
  if (!input) return;
  register("palette", { title: t("palette"), keys: ["Mod-k"], everywhere: true, run: openPalette });
  input.addEventListener("input", () => ((chosen = 0), draw(input.value)));
  input.addEventListener("keydown", onKey);
  for (const node of $$('[data-command="palette"]')) node.addEventListener("click", openPalette);
}
