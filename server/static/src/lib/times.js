// <time data-time="relative|exact|clock|day">: local and by locale, with the exact moment on hover.
import { $$ } from "./dom.js";
import { language } from "./strings.js";

// the language is the page's; whether the day or the month comes first, the reader's
// some browsers name a language that Intl refuses, such as "en-US@posix"
const known = navigator.languages.filter((one) => /^[A-Za-z]{2,3}(-[A-Za-z0-9]+)*$/.test(one));
const locale = (language === "en" && known.find((one) => one.startsWith("en"))) || language;

const exact = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
const clockTime = new Intl.DateTimeFormat(locale, { timeStyle: "medium", hourCycle: "h23" });
const near = new Intl.DateTimeFormat(locale, { weekday: "short", day: "numeric", month: "short" });
const far = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric" });
const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
const STEPS = [
  ["minute", 60],
  ["hour", 3600],
  ["day", 86400],
];

function ago(date) {
  const seconds = (date - Date.now()) / 1000;
  const size = Math.abs(seconds);
  if (size < 45) return relative.format(0, "second");
  if (size > 30 * 86400) return far.format(date);
  const [unit, length] = STEPS.findLast(([, length]) => size >= length * 0.9) ?? STEPS[0];
  return relative.format(Math.round(seconds / length), unit);
}

const day = (date) => (Math.abs(date - Date.now()) < 300 * 86400e3 ? near : far).format(date);
const STYLES = { relative: ago, exact: (date) => exact.format(date), clock: (date) => clockTime.format(date), day };

export const clock = (date) => clockTime.format(date);

export function drawTimes(root = document) {
  for (const node of $$("time[data-time]", root)) {
    const date = new Date(node.dateTime);
    if (Number.isNaN(date.getTime())) continue;
    node.textContent = STYLES[node.dataset.time](date);
    node.title = exact.format(date);
  }
}

export function startTimes() {
  drawTimes();
  document.addEventListener("htmx:after:swap", () => drawTimes());
  setInterval(drawTimes, 30_000);
}
