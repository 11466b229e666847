// The list under the editor: by level, in order of the text, repeats folded, each with its mend as a verb.
import { $, el } from "../lib/dom.js";
import { count, t } from "../lib/strings.js";
import { safeEdits } from "./fixes.js";

const LEVELS = ["error", "warning", "info"];
const TOTALS = { error: "errors", warning: "warnings", info: "notes" };
const SHOWN_OF_A_KIND = 2;
const byPlace = (a, b) => a.span.utf16[0] - b.span.utf16[0];

/** A message's `code` parts as code, the rest as plain text. */
function sentence(message) {
  return message.split("`").map((part, index) => (index % 2 ? el("code", {}, part) : part));
}

function row(found, desk, lint, isWaived) {
  const { code, fingerprint, level, line, message, name } = found;
  const go = () => lint.go(found);
  return el(
    "li",
    { class: "finding", "data-fingerprint": fingerprint, "data-waived": isWaived },
    el("span", { class: "dot", "data-level": isWaived ? "" : level }),
    el("span", { class: "sr-only" }, isWaived ? t("accepted") : t(`level_${level}`)),
    el("a", { class: "finding-code", href: found.doc_url, "data-rule": code, "aria-haspopup": "dialog", title: name }, code),
    el("button", { type: "button", class: "finding-text", onclick: go }, ...sentence(message)),
    el("button", { type: "button", class: "finding-line", onclick: go }, t("line", { n: line })),
    ...(desk.canWrite ? buttons(found, lint, isWaived) : []),
  );
}

function button(text, look, run, title) {
  return el("button", { type: "button", class: `btn btn-xs ${look}`, title, onclick: run }, text);
}

function buttons(found, lint, isWaived) {
  if (isWaived) return [button(t("take_back"), "btn-ghost", () => lint.takeBack(found))];
  // only where one stands: a list of 300 with two buttons each would be a wall
  const stay = lint.mayStay(found) ? [button(t("let_stay"), "btn-ghost finding-stay", () => lint.letStay(found))] : [];
  const at = found.fixes.findIndex((fix) => fix.safety !== "display");
  if (at >= 0) return [...stay, button(found.fixes[at].title, "btn-soft-plain", () => lint.apply(found, at), found.fixes[at].why)];
  const hints = found.fixes.slice(0, 1).map((fix) => el("span", { class: "finding-hint", title: fix.why }, fix.title));
  return [...stay, ...hints];
}

function fold(key, code, text, isOpen, toggle) {
  return el(
    "li",
    { class: "finding" },
    el("span", { class: "dot invisible" }),
    el("button", { type: "button", class: "finding-more", "aria-expanded": String(isOpen), "data-fold": key, onclick: toggle }, el("span", { class: "finding-code" }, code), text),
  );
}

/** The findings of one level, those of one code together, as [code, findings]; the code that comes first in the text first. */
function kindsOf(level, diagnostics) {
  const byCode = Map.groupBy(diagnostics.filter((found) => found.level === level), (found) => found.code);
  return [...byCode].sort(([, a], [, b]) => byPlace(a[0], b[0]));
}

function summary(live, waived) {
  const parts = LEVELS.map((level) => [level, live.filter((found) => found.level === level).length]);
  const shown = parts.filter(([, n]) => n > 0).map(([level, n]) => el("span", { "data-level": level }, t(TOTALS[level], { n: count(n) })));
  if (waived) shown.push(el("span", {}, t("waived", { n: count(waived) })));
  return shown.length ? shown : [el("span", {}, t("nothing"))];
}

/** What has the focus in the list, as what finds it again once the list is drawn anew; null when it is elsewhere. */
function focusIn(list) {
  const at = document.activeElement;
  if (at === list || !list.contains(at)) return null;
  if (at.dataset.fold) return `[data-fold="${CSS.escape(at.dataset.fold)}"]`;
  const print = at.closest("[data-fingerprint]")?.dataset.fingerprint;
  return print ? `[data-fingerprint="${CSS.escape(print)}"] .${at.classList[0] === "btn" ? "btn:last-child" : at.classList[0]}` : "";
}

export function startFindings(desk, lint) {
  const list = $("#findings-list");
  const fixAll = $("#fix-all");
  fixAll.addEventListener("click", () => lint.applySafe());
  $("#findings-summary").textContent = t("checking");
  const opened = new Set();
  let current = null;
  let live = [];
  let waived = [];

  const point = () => {
    for (const item of list.children) {
      const isCurrent = item.dataset.fingerprint === current;
      item.toggleAttribute("data-current", isCurrent);
      $(".finding-stay", item)?.toggleAttribute("hidden", !isCurrent);
    }
  };

  function rows(level) {
    return kindsOf(level, live).flatMap(([code, group]) => {
      const made = group.map((found) => row(found, desk, lint, false));
      const rest = group.length - SHOWN_OF_A_KIND;
      // one left over is no shorter folded
      if (rest <= 1) return made;
      const key = `${level} ${code}`;
      const isOpen = opened.has(key);
      const toggle = () => (isOpen ? opened.delete(key) : opened.add(key), redraw());
      const text = t(isOpen ? "fewer" : "more", { n: count(rest) });
      return [...(isOpen ? made : made.slice(0, SHOWN_OF_A_KIND)), fold(key, code, text, isOpen, toggle)];
    });
  }

  function redraw() {
    const top = list.scrollTop;
    const focus = focusIn(list);
    list.replaceChildren(...LEVELS.flatMap(rows), ...waived.map((found) => row(found, desk, lint, true)));
    point();
    list.scrollTop = top;
    if (focus !== null) ((focus && $(focus, list)) || list).focus();
  }

  // what one jumps to is not left in a fold
  function unfold(fingerprint) {
    const found = live.find((one) => one.fingerprint === fingerprint);
    if (!found || $(`[data-fingerprint="${CSS.escape(fingerprint)}"]`, list)) return;
    opened.add(`${found.level} ${found.code}`);
    redraw();
  }

  return {
    draw(diagnostics, waivedPrints) {
      const inText = [...diagnostics].sort(byPlace);
      live = inText.filter((found) => !waivedPrints.has(found.fingerprint));
      waived = inText.filter((found) => waivedPrints.has(found.fingerprint));
      redraw();
      $("#findings-summary").replaceChildren(...summary(live, waived.length));
      fixAll.hidden = !desk.canWrite || safeEdits(live).length === 0;
    },
    highlight(fingerprint) {
      current = fingerprint;
      unfold(fingerprint);
      point();
      list.querySelector("[data-current]")?.scrollIntoView({ block: "nearest" });
    },
    current: () => current,
  };
}
