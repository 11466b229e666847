// The answer as readers will see it, drawn by the server; only paragraphs that changed are replaced, so nothing jumps.
import { $, $$, debounce } from "../lib/dom.js";
import { send } from "../lib/http.js";
import { reachOverflow } from "../lib/overflow.js";
import { t } from "../lib/strings.js";

const WAIT = 200;

function replaceChanged(box, fresh) {
  const old = [...box.childNodes];
  const next = [...fresh.childNodes];
  const same = (a, b) => a.isEqualNode(b);
  let start = 0;
  while (start < old.length && start < next.length && same(old[start], next[start])) start += 1;
  let end = 0;
  const room = Math.min(old.length, next.length) - start;
  while (end < room && same(old[old.length - 1 - end], next[next.length - 1 - end])) end += 1;
  const after = old[old.length - end] ?? null;
  old.slice(start, old.length - end).forEach((node) => node.remove());
  for (const node of next.slice(start, next.length - end)) box.insertBefore(node, after);
}

export function startPreview(desk) {
  const box = $("#preview");
  let shownDoc = null;
  let sequence = 0;

  async function draw() {
    const doc = desk.view.state.doc;
    if (desk.root.dataset.mode === "write" || doc === shownDoc) return;
    const mine = (sequence += 1);
    const response = await send("POST", `${desk.page}/preview`, { text: doc.toString() }).catch(() => null);
    if (mine !== sequence) return;
    const html = response?.ok ? await response.text() : null;
    if (html === null) return (box.dataset.note = t("preview_failed"));
    const fresh = document.createElement("template");
    fresh.innerHTML = html;
    for (const node of [...fresh.content.childNodes]) if (node.nodeType === Node.TEXT_NODE && !node.data.trim()) node.remove();
    delete box.dataset.note;
    // a mark of ours must not make an unchanged formula look changed
    for (const node of $$("[tabindex]", box)) node.removeAttribute("tabindex");
    replaceChanged(box, fresh.content);
    reachOverflow(box.parentElement);
    if (!box.childNodes.length) box.dataset.note = t("preview_empty");
    shownDoc = doc;
  }

  // beside each other, the preview follows the editor: about the same share of the text is above the top edge
  function follow() {
    if (desk.root.dataset.mode !== "split") return;
    const { view } = desk;
    const top = view.lineBlockAtHeight(view.scrollDOM.scrollTop).from;
    box.scrollTop = (top / Math.max(1, view.state.doc.length)) * box.scrollHeight;
  }

  desk.view.scrollDOM.addEventListener("scroll", follow, { passive: true });
  const later = debounce(draw, WAIT);
  desk.onChange(later);
  desk.root.addEventListener("desk:mode", draw);
  draw();
  return { draw };
}
