// Nothing is lost: every change is kept in this browser at once and sent to the server a moment later.
import { $, debounce, el, memory } from "../lib/dom.js";
import { send } from "../lib/http.js";
import { t } from "../lib/strings.js";
import { clock } from "../lib/times.js";
import { settle } from "./conflict.js";
import { recover } from "./recovery.js";

const KEEP = 250;
const SAVE = 900;
const RETRY = [1000, 2000, 4000, 8000, 15000, 30000];

export function startAutosave(desk) {
  const key = `answer:${desk.root.dataset.user}:${desk.data.task_id}`;
  const save = { revision: desk.data.revision, saved: desk.data.text, conflict: false };
  let sending = null;
  let failures = 0;
  let retry = null;

  const dirty = () => desk.text() !== save.saved;
  const keep = debounce(() => {
    if (dirty()) memory.set(key, { text: desk.text(), base: save.revision, at: Date.now() });
  }, KEEP);

  // another tab may keep its own words under this name: forget only what the server now has
  function forget(text) {
    if (memory.get(key)?.text === text) memory.remove(key);
  }

  function say(text, state = "", ...more) {
    const box = $("#save-state");
    box.dataset.state = state;
    box.replaceChildren(text, ...more);
  }

  async function attempt() {
    const text = desk.text();
    const base = save.revision;
    let response;
    try {
      response = await send("PUT", `${desk.url}/answer`, { text, revision: base }, { keepalive: text.length < 20_000 });
    } catch {
      return again(t("offline"));
    }
    const body = await response.json().catch(() => ({}));
    if (response.ok) return succeed(text, body);
    if (response.status === 409 && body.text !== undefined) {
      openConflict(text, body);
      return false;
    }
    if (response.status === 401) return stop(t("signed_out"), el("a", { class: "link-plain ml-2", href: "/sign-in", target: "_blank" }, t("sign_in")));
    if (response.status >= 500) return again(t("offline"));
    return stop(body.detail ?? t("kept"));
  }

  function succeed(text, body) {
    Object.assign(save, { revision: body.revision, saved: text });
    failures = 0;
    forget(text);
    say(t("saved", { time: clock(new Date(body.saved_at)) }), "saved");
    return true;
  }

  function again(text) {
    keep.flush();
    say(text, "offline");
    const wait = RETRY[Math.min(failures, RETRY.length - 1)];
    failures += 1;
    clearTimeout(retry);
    retry = setTimeout(() => save.flush(), wait);
    return false;
  }

  function stop(text, ...more) {
    keep.flush();
    say(text, "stopped", ...more);
    return false;
  }

  async function openConflict(mine, theirs) {
    save.conflict = true;
    keep.flush();
    const text = await settle(mine, theirs);
    save.conflict = false;
    Object.assign(save, { revision: theirs.revision, saved: theirs.text });
    desk.setText(text);
    if (text === theirs.text) memory.remove(key);
    return save.flush();
  }

  save.conflictWith = openConflict;

  /** Send what is not saved yet. Resolves with whether the server now has this very text. */
  save.flush = async () => {
    clearTimeout(retry);
    if (!desk.canWrite || save.conflict) return false;
    while (sending) await sending;
    if (!dirty()) return true;
    sending = attempt();
    const done = await sending.finally(() => (sending = null));
    if (done && dirty()) return save.flush();
    return done;
  };

  const later = debounce(() => save.flush(), SAVE);
  if (desk.canWrite) {
    desk.onChange(() => {
      if (!failures && dirty()) say(t("unsaved"), "saving");
      keep();
      later();
    });
    addEventListener("online", () => save.flush());
    addEventListener("visibilitychange", () => document.hidden && (keep.flush(), save.flush()));
    addEventListener("pagehide", () => (keep.flush(), dirty() && attempt()));
    addEventListener("beforeunload", () => keep.flush());
  }
  queueMicrotask(() => recover(desk, save, key));
  return save;
}
