// The list under the editor: by level, in order of the text, repeats folded, each with its mend as a verb.
import { $, el } from "../lib/dom.js";
import { count, t } from "../lib/strings.js";
import { safeEdits } from "./lint.js";

const LEVELS = ["error", "warning", "info"];
const TOTALS = { error: "errors", warning: "warnings", info: "notes" };
const SHOWN_OF_A_KIND = 2;

/** A message's `code` parts as code, the rest as plain text. */
function sentence(message) {
  return message.split("`").map((part, index) => (index % 2 ? el("code", {}, part) : part));
}

function row(found, desk, lint, isWaived) {
  const { fingerprint, level } = found;
  const jump = el("button", { type: "button", class: "finding-line", onclick: () => lint.go(found) }, t("line", { n: found.line }));
  const text = el("button", { type: "button", class: "finding-text", onclick: () => lint.go(found) }, ...sentence(found.message));
  return el(
    "li",
    { class: "finding", "data-fingerprint": fingerprint, "data-waived": isWaived },
    el("span", { class: "dot", "data-level": isWaived ? "" : level }),
    el("span", { class: "sr-only" }, isWaived ? t("accepted") : t(`level_${level}`)),
    el("a", { class: "finding-code", href: found.doc_url, target: "_blank", rel: "noopener", title: found.name }, found.code),
    text,
    jump,
    ...(desk.canWrite ? buttons(found, lint, isWaived) : []),
  );
}

function buttons(found, lint, isWaived) {
  if (isWaived) return [el("button", { type: "button", class: "btn btn-ghost btn-xs", onclick: () => lint.takeBack(found) }, t("take_back"))];
  const [first] = found.fixes;
  if (!first) return [];
  const attributes = { type: "button", class: "btn btn-xs btn-soft-plain", title: first.why, onclick: () => lint.apply(found, 0) };
  return [el("button", attributes, first.title)];
}

function folded(rows, group) {
  const more = el("button", { type: "button", class: "finding-more", "aria-expanded": "false" });
  more.append(el("code", {}, group[0].code), ` ${t("more", { n: rows.length })}`);
  const item = el("li", { class: "finding finding-fold" }, more);
  more.addEventListener("click", () => item.replaceWith(...rows));
  return item;
}

function rowsOf(level, diagnostics, make) {
  const byCode = Map.groupBy(diagnostics.filter((found) => found.level === level), (found) => found.code);
  const kinds = [...byCode.values()].sort((a, b) => a[0].span.utf16[0] - b[0].span.utf16[0]);
  return kinds.flatMap((group) => {
    const rows = group.map(make);
    // one left over is no shorter folded
    if (rows.length <= SHOWN_OF_A_KIND + 1) return rows;
    return [...rows.slice(0, SHOWN_OF_A_KIND), folded(rows.slice(SHOWN_OF_A_KIND), group)];
  });
}

function summary(live, waived) {
  const parts = LEVELS.map((level) => [level, live.filter((found) => found.level === level).length]);
  const shown = parts.filter(([, n]) => n > 0).map(([level, n]) => el("span", { "data-level": level }, t(TOTALS[level], { n: count(n) })));
  if (waived) shown.push(el("span", {}, t("waived", { n: count(waived) })));
  return shown.length ? shown : [el("span", {}, t("nothing"))];
}

export function startFindings(desk, lint) {
  const list = $("#findings-list");
  const fixAll = $("#fix-all");
  fixAll.addEventListener("click", () => lint.applySafe());
  $("#findings-summary").textContent = t("checking");
  let current = null;

  const point = () => {
    for (const item of list.children) item.toggleAttribute("data-current", item.dataset.fingerprint === current);
  };

  return {
    draw(diagnostics, waivedPrints) {
      const inText = [...diagnostics].sort((a, b) => a.span.utf16[0] - b.span.utf16[0]);
      const live = inText.filter((found) => !waivedPrints.has(found.fingerprint));
      const waived = inText.filter((found) => waivedPrints.has(found.fingerprint));
      const top = list.scrollTop;
      list.replaceChildren(
        ...LEVELS.flatMap((level) => rowsOf(level, live, (found) => row(found, desk, lint, false))),
        ...waived.map((found) => row(found, desk, lint, true)),
      );
      point();
      list.scrollTop = top;
      $("#findings-summary").replaceChildren(...summary(live, waived.length));
      fixAll.hidden = !desk.canWrite || safeEdits(live).length === 0;
    },
    highlight(fingerprint) {
      current = fingerprint;
      point();
      list.querySelector("[data-current]")?.scrollIntoView({ block: "nearest" });
    },
  };
}
