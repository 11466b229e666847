// Ask the server what it finds: the first tier soon after each change, the second (grammar, final answers) when the
// writer pauses. Only the newest reply about the present text counts.
import { $, debounce } from "../lib/dom.js";
import { send } from "../lib/http.js";
import { closeRule, showRule } from "../lib/rulepage.js";
import { t } from "../lib/strings.js";
import { drawCounters } from "./counters.js";
import { startFindings } from "./findings.js";
import { change, safeChanges } from "./fixes.js";
import { atCursor, placeOf, showFixMenu } from "./fixmenu.js";
import { startLate } from "./late.js";
import { mark, standing } from "./marks.js";
import { openWaiver, takeBack } from "./waivers.js";

const WAIT = 150;
const SECOND_WAIT = 1000;
const FIRST = ["first"];
const BOTH = ["first", "second"];

export function startLint(desk) {
  const { view } = desk;
  const lint = { report: null, doc: null, waived: new Set() };
  const late = startLate();
  let sequence = 0;
  let drawn = { sight: "", doc: null };

  async function fetchReport(doc, tiers) {
    const response = await send("POST", `${desk.url}/lint`, { text: doc.toString(), tiers });
    if (!response.ok) throw new Error(response.status);
    return response.json();
  }

  async function ask(tiers = FIRST) {
    const mine = (sequence += 1);
    const doc = view.state.doc;
    try {
      const report = await fetchReport(doc, tiers);
      if (mine === sequence && doc === view.state.doc) show(report, doc);
    } catch {
      if (mine !== sequence) return;
      $("#findings-summary").textContent = t("lint_failed");
      drawn = { sight: "", doc: null };
    }
  }

  function show(report, doc) {
    const waived = new Set(report.waived ?? []);
    if (report.tiers.includes("second")) late.remember(report, doc);
    else report.diagnostics.push(...late.carried(view.state, waived));
    Object.assign(lint, { report, doc, waived });
    // a page not begun has no faults yet
    const all = doc.toString().trim() ? report.diagnostics : [];
    const seen = all.map((found) => `${found.fingerprint} ${found.span.utf16} ${found.message}`).sort();
    const sight = JSON.stringify([seen, [...waived]]);
    // the second tier mostly agrees: what is in sight, or in hand, stays untouched
    if (sight !== drawn.sight || doc !== drawn.doc) {
      mark(view, all.filter((found) => !waived.has(found.fingerprint)), lint.actions);
      list.draw(all, waived);
      drawn = { sight, doc };
    }
    drawCounters(report.counts, desk.data.limits, report.attribution);
  }

  // edits are placed by the text they were made for: if it has changed since, look again first
  async function current(fingerprint) {
    const isLate = late.has(fingerprint);
    if ((isLate ? late.doc : lint.doc) !== view.state.doc) await ask(isLate ? BOTH : FIRST);
    return lint.report?.diagnostics.find((found) => found.fingerprint === fingerprint);
  }

  lint.apply = async (found, index) => {
    const fix = (await current(found.fingerprint))?.fixes[index];
    if (!fix || fix.safety === "display" || !desk.canWrite) return;
    view.dispatch({ changes: fix.edits.map(change), userEvent: "input.fix", scrollIntoView: true });
    view.focus();
  };

  // what was accepted is not mended
  const live = (report) => report.diagnostics.filter((found) => !lint.waived.has(found.fingerprint));
  const look = (doc) => fetchReport(doc, FIRST).then(live, () => null);

  lint.applySafe = async () => {
    if (!desk.canWrite) return;
    if (lint.doc !== view.state.doc) await ask();
    const { doc } = view.state;
    if (!lint.report || lint.doc !== doc) return;
    const changes = await safeChanges(doc, live(lint.report), look);
    // what was typed meanwhile comes first
    if (view.state.doc !== doc) return lint.applySafe();
    if (changes) view.dispatch({ changes, userEvent: "input.fix" });
    view.focus();
  };

  lint.mayStay = (found) => desk.canWrite && found.level !== "info";
  lint.letStay = (found) => openWaiver(desk, found);

  lint.actions = (found) => {
    const fixes = desk.canWrite ? [...found.fixes.entries()].filter(([, fix]) => fix.safety !== "display") : [];
    const stay = lint.mayStay(found) ? [{ name: t("let_stay"), apply: () => lint.letStay(found) }] : [];
    return [
      ...fixes.map(([index, fix]) => ({ name: fix.title, apply: () => lint.apply(found, index) })),
      ...stay,
      { name: t("about_rule", { code: found.code }), apply: () => lint.about(found) },
    ];
  };

  /** Show the rule of a finding beside its words: the one at the cursor, else the next. */
  lint.about = (found = atCursor(view.state)[0]?.found ?? beside(1)?.found) => {
    if (!found) return;
    const place = standing(view.state).find((one) => one.found.fingerprint === found.fingerprint);
    showRule(found.code, found.doc_url, placeOf(view, place?.from ?? view.state.selection.main.from));
  };

  lint.go = (found) => {
    const place = standing(view.state).find((one) => one.found.fingerprint === found.fingerprint);
    const [from, to] = place ? [place.from, place.to] : found.span.utf16;
    closeRule();
    desk.panes.showEditor();
    const end = view.state.doc.length;
    view.dispatch({ selection: { anchor: Math.min(from, end), head: Math.min(to, end) }, scrollIntoView: true });
    view.focus();
    list.highlight(found.fingerprint);
  };

  /** The next place from the cursor on, or the one before it; after the last comes the first. */
  function beside(direction) {
    const places = standing(view.state);
    const { from, to } = view.state.selection.main;
    // several findings may stand on the same words
    const here = places.findIndex((one) => one.found.fingerprint === list.current() && one.from === from && one.to === to);
    if (here >= 0) return places.at((here + direction) % places.length);
    if (direction > 0) return places.find((one) => one.from >= from) ?? places[0];
    return places.findLast((one) => one.from < from) ?? places.at(-1);
  }

  lint.step = (direction) => {
    const next = beside(direction);
    if (next) lint.go(next.found);
  };

  lint.menu = () => showFixMenu(desk, lint);
  lint.again = () => ask();
  lint.takeBack = (found) => takeBack(desk, found);

  const list = startFindings(desk, lint);
  // marks drawn into a word being composed would break it
  const soon = debounce(() => (view.composing ? soon() : ask()), WAIT);
  const later = debounce(() => (view.composing ? later() : ask(BOTH)), SECOND_WAIT);
  const both = () => (soon(), later());
  desk.onChange(both);
  addEventListener("online", both);
  ask().then(later);
  return lint;
}
