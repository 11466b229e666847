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

export function drawCounters(counts, limits) {
  const words = limits?.words ?? [];
  const box = $("#counters");
  box.replaceChildren(counter("words", counts.words, words));
  if (counts.cjk) box.append(counter("cjk", counts.cjk, []));
  box.append(counter("tokens", counts.tokens, [null, limits?.tokens]));
  if (counts.formulas) box.append(counter("formulas", counts.formulas, []));
}
