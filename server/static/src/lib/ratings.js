// Beside a row of points, the words of the one that is chosen.
import { $, el } from "./dom.js";

function describe(row) {
  const chosen = $("input:checked", row);
  const text = chosen?.title;
  if (!text) return;
  let line = $("[data-point]", row);
  if (!line) row.append((line = el("p", { class: "field-hint basis-full", "data-point": true })));
  line.textContent = text;
}

export function startRatings() {
  const all = () => document.querySelectorAll(".score").forEach(describe);
  all();
  document.addEventListener("change", (event) => {
    const row = event.target.closest?.(".score");
    if (row) describe(row);
  });
  document.addEventListener("htmx:after:swap", all);
}
