// What is wider than its column scrolls sideways, and must then be reachable by keyboard.
import { $$, debounce } from "./dom.js";

export function reachOverflow(root = document) {
  for (const node of $$(".prose-answer :is(.katex-display, pre)", root)) {
    if (node.scrollWidth > node.clientWidth) node.tabIndex = 0;
    else node.removeAttribute("tabindex");
  }
}

export function startOverflow() {
  const again = debounce(() => reachOverflow(), 200);
  document.fonts.ready.then(() => reachOverflow());
  document.addEventListener("htmx:after:swap", again);
  addEventListener("resize", again);
}
