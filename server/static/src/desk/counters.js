// The footer's numbers beside the guide's limits.
import { $, el } from "../lib/dom.js";
import { count, t } from "../lib/strings.js";

/** The words on a limit, and whether `n` lies outside it; an answer not begun is not too short yet. */
function against(n, min, max) {
  if (min != null && n > 0 && n < min) return [t("at_least", { min: count(min) }), true];
  return max == null ? ["", false] : [t("of", { max: count(max) }), n > max];
}

function counter(key, n, [min, max]) {
  const [limit, outside] = against(n, min, max);
  return el("span", { class: "tabular-nums", "data-outside": outside }, `${t(key, { n: count(n) })} ${limit}`.trim());
}

/** What the answer owes to drafts: the largest share, the others on hover. */
function lent(shares) {
  const owed = Object.entries(shares).sort(([, a], [, b]) => b - a);
  const texts = owed.map(([label, share]) => t("from_draft", { share: count(Math.round(share * 100)), label }));
  return el("span", { class: "tabular-nums", title: texts.length > 1 ? texts.join("\n") : null }, texts[0]);
}

export function drawCounters(counts, limits, shares = {}) {
  const words = limits?.words ?? [];
  const box = $("#counters");
  box.replaceChildren(counter("words", counts.words, words));
  if (counts.cjk) box.append(counter("cjk", counts.cjk, []));
  box.append(counter("tokens", counts.tokens, [null, limits?.tokens]));
  if (counts.formulas) box.append(counter("formulas", counts.formulas, []));
  if (Object.values(shares).some((share) => share >= 0.01)) box.append(lent(shares));
}
