// Dividers one can drag or move by arrows, and which pane shows where there is room for one.
import { $$, memory } from "../lib/dom.js";

const DIVIDERS = {
  left: { name: "--left", least: 220, most: 560, usual: 300, from: (event, box) => event.clientX - box.left },
  right: { name: "--right", least: 280, most: 720, usual: 400, from: (event, box) => box.right - event.clientX },
  findings: { name: "--findings", least: 72, most: 480, usual: 168, from: (event, box) => box.bottom - event.clientY - 37 },
};
const GROWS = { left: "ArrowRight", right: "ArrowLeft", findings: "ArrowUp" };
const SHRINKS = { left: "ArrowLeft", right: "ArrowRight", findings: "ArrowDown" };
const STEP = 24;

function divider(desk, handle) {
  const key = handle.dataset.divider;
  const { name, least, most, usual, from } = DIVIDERS[key];
  let size = usual;
  function set(wanted, remember = true) {
    const room = key === "findings" ? desk.root.clientHeight * 0.6 : desk.root.clientWidth * 0.42;
    size = Math.round(Math.max(least, Math.min(most, room, wanted)));
    desk.root.style.setProperty(name, `${size}px`);
    const values = { now: size, min: least, max: most };
    for (const [what, value] of Object.entries(values)) handle.setAttribute(`aria-value${what}`, value);
    if (remember) memory.set(`pane:${key}`, size);
  }
  set(memory.get(`pane:${key}`) ?? usual, false);
  handle.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    handle.setPointerCapture(event.pointerId);
    const move = (moved) => set(from(moved, desk.root.getBoundingClientRect()));
    handle.addEventListener("pointermove", move);
    handle.addEventListener("lostpointercapture", () => handle.removeEventListener("pointermove", move), { once: true });
  });
  handle.addEventListener("dblclick", () => set(usual));
  handle.addEventListener("keydown", (event) => {
    const to = { [GROWS[key]]: size + STEP, [SHRINKS[key]]: size - STEP, Home: least, End: most, Enter: usual }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    set(to);
  });
}

export function startPanes(desk) {
  const { root } = desk;
  $$("[data-divider]", root).forEach((handle) => divider(desk, handle));

  function show(pane) {
    root.dataset.pane = pane;
    for (const button of $$("[data-pane-choice]", root)) button.setAttribute("aria-pressed", String(button.dataset.paneChoice === pane));
    desk.view.requestMeasure();
  }
  function mode(value) {
    root.dataset.mode = value;
    for (const button of $$("[data-mode-choice]", root)) button.setAttribute("aria-pressed", String(button.dataset.modeChoice === value));
    memory.set("mode", value);
    desk.view.requestMeasure();
    root.dispatchEvent(new CustomEvent("desk:mode"));
  }
  for (const button of $$("[data-pane-choice]", root)) button.addEventListener("click", () => show(button.dataset.paneChoice));
  for (const button of $$("[data-mode-choice]", root)) button.addEventListener("click", () => mode(button.dataset.modeChoice));
  mode(memory.get("mode") ?? (desk.canWrite ? "write" : "preview"));

  return {
    show,
    mode,
    showEditor() {
      show("answer");
      if (root.dataset.mode === "preview") mode("split");
    },
  };
}
