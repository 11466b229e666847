// The footer's numbers beside the guide's limits.
import { $, el } from "../lib/dom.js";
import { count, t } from "../lib/strings.js";

function counter(key, n, [min, max]) {
  const outside = (max != null && n > max) || (min != null && n < min);
  const limit = max != null ? t("of", { max: count(max) }) : min != null && n < min ? t("at_least", { min: count(min) }) : "";
  const text = t(key, { n: count(n) });
  return el("span", { class: "tabular-nums", "data-outside": outside }, limit ? `${text} ${limit}` : text);
}

export function drawCounters(counts, limits) {
  const words = limits?.words ?? [];
  const box = $("#counters");
  box.replaceChildren(counter("words", counts.words, words));
  if (counts.cjk) box.append(counter("cjk", counts.cjk, []));
  box.append(counter("tokens", counts.tokens, [null, limits?.tokens]));
  if (counts.formulas) box.append(counter("formulas", counts.formulas, []));
}
