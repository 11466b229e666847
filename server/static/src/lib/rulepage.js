// A rule's page beside what speaks of it: <a data-rule="TEX105" href="/rules/TEX105"> opens it in place, by mouse and by
// Enter. With a key held, or by the middle button, it is a link like any other.
import { $, el } from "./dom.js";
import { t } from "./strings.js";

const PATIENCE = 300;
const GAP = 6;
const EDGE = 12;
const TALLEST = 480;
const PADDING = 21;

/** The page that is open: {panel, focus: where the focus was, print: the fingerprint of the finding it stood on}. */
let open = null;
let pressed = null;

export function closeRule() {
  const closing = open;
  if (!closing) return;
  // one that is still on its way does not open any more
  if (closing.panel.matches(":popover-open")) closing.panel.hidePopover();
  // its own event comes a moment later, when the focus may be elsewhere already
  closed(closing);
}

function build(code, address) {
  const name = t("about_rule", { code });
  const body = el("div", { class: "rule-page-body", tabindex: "0", role: "region", "aria-label": name });
  const foot = el(
    "div",
    { class: "rule-page-foot" },
    el("a", { class: "link-plain", href: address, target: "_blank", rel: "noopener" }, t("whole_page")),
    el("button", { type: "button", class: "btn btn-ghost btn-xs", onclick: closeRule }, t("close"), el("kbd", { class: "kbd kbd-xs" }, "Esc")),
  );
  return [el("div", { class: "rule-page", popover: "auto", role: "dialog", "aria-label": name }, body, foot), body];
}

/** Above or below `rect`, where there is more room, and never beyond the window; its words begin where `rect` does. */
function place(panel, rect) {
  const above = rect.top - GAP - EDGE;
  const below = innerHeight - rect.bottom - GAP - EDGE;
  const up = above > below;
  panel.style.left = `${Math.max(EDGE, Math.min(rect.left - PADDING, innerWidth - panel.offsetWidth - EDGE))}px`;
  panel.style.maxHeight = `${Math.min(TALLEST, Math.max(above, below))}px`;
  panel.style.top = up ? "auto" : `${rect.bottom + GAP}px`;
  panel.style.bottom = up ? `${innerHeight - rect.top + GAP}px` : "auto";
}

function closed({ panel, focus, print }) {
  if (open?.panel === panel) open = null;
  if (!panel.isConnected) return;
  const at = document.activeElement;
  // a press elsewhere has put the cursor where it wants to be, unless nothing there takes it
  const isLost = at === null || at.matches("body, [tabindex='-1']:not([role^=menu])") || panel.contains(at);
  panel.remove();
  if (!isLost) return;
  // a list that was drawn again has another link for the same finding
  const again = print ? $(`[data-fingerprint="${CSS.escape(print)}"] [data-rule]`) : null;
  (focus?.isConnected ? focus : again)?.focus();
}

async function fill(body, address) {
  try {
    await window.htmx.ajax("GET", address, { source: body, target: body, swap: "innerHTML" });
  } catch {
    // said below
  }
  if (!body.textContent.trim()) body.replaceChildren(el("p", { role: "alert" }, t("failed")));
}

function skeleton() {
  const widths = ["w-3/5", "w-full", "w-full", "w-4/5"];
  return el("div", { class: "space-y-3 py-1", "aria-hidden": "true" }, ...widths.map((width) => el("span", { class: `skeleton-line ${width}` })));
}

/** Show the page of rule `code` beside `rect`; closing it puts the focus back where it is now. */
export async function showRule(code, address, rect, focus = document.activeElement) {
  closeRule();
  const [panel, body] = build(code, address);
  const mine = (open = { panel, focus, print: focus?.closest("[data-fingerprint]")?.dataset.fingerprint });
  panel.addEventListener("toggle", (event) => event.newState === "closed" && closed(mine));
  // inside a dialog, for what lies outside one cannot be reached
  (focus?.closest("dialog") ?? document.body).append(panel);
  const wait = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  await Promise.race([fill(body, address), wait]);
  if (open !== mine) return panel.remove();
  const isLate = !body.childNodes.length;
  if (isLate) body.append(skeleton());
  panel.showPopover();
  place(panel, rect);
  // what comes later must not make it jump
  if (isLate) panel.style.height = panel.style.maxHeight;
  body.focus();
}

function onClick(event) {
  const link = event.target.closest?.("a[data-rule]");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  // the press that closed the page was on its own link
  if (event.detail && pressed === link) return;
  const { left } = link.getBoundingClientRect();
  const { top, bottom } = (link.closest("li") ?? link).getBoundingClientRect();
  showRule(link.dataset.rule, link.href, { left, top, bottom }, link);
}

export function startRulePages() {
  if (!HTMLElement.prototype.showPopover) return;
  document.addEventListener("pointerdown", () => (pressed = open?.focus ?? null), true);
  document.addEventListener("click", onClick);
  addEventListener("resize", closeRule);
}
