// Ask the server what it finds: the first tier soon after each change, the second (grammar, final answers) when the
// writer pauses. Only the newest reply about the present text counts.
import { $, debounce } from "../lib/dom.js";
import { send } from "../lib/http.js";
import { t } from "../lib/strings.js";
import { drawCounters } from "./counters.js";
import { startFindings } from "./findings.js";
import { startLate } from "./late.js";
import { mark, standing } from "./marks.js";
import { showFixMenu } from "./fixmenu.js";
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

  async function ask(tiers = FIRST) {
    const mine = (sequence += 1);
    const doc = view.state.doc;
    try {
      const response = await send("POST", `${desk.url}/lint`, { text: doc.toString(), tiers });
      if (!response.ok) throw new Error(response.status);
      const report = await response.json();
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
    if (!fix || !desk.canWrite) return;
    view.dispatch({ changes: fix.edits.map(change), userEvent: "input.fix", scrollIntoView: true });
    view.focus();
  };

  lint.applySafe = async () => {
    if (lint.doc !== view.state.doc) await ask();
    const changes = safeEdits(lint.report?.diagnostics ?? []);
    if (changes.length) view.dispatch({ changes, userEvent: "input.fix" });
  };

  lint.actions = (found) => {
    if (!desk.canWrite) return [];
    const fixes = found.fixes.map((fix, index) => ({ name: fix.title, apply: () => lint.apply(found, index) }));
    const stay = found.level === "info" ? [] : [{ name: t("let_stay"), apply: () => openWaiver(desk, found) }];
    return [...fixes, ...stay];
  };

  lint.go = (found) => {
    const place = standing(view.state).find((one) => one.found.fingerprint === found.fingerprint);
    const [from, to] = place ? [place.from, place.to] : found.span.utf16;
    desk.panes.showEditor();
    const end = view.state.doc.length;
    view.dispatch({ selection: { anchor: Math.min(from, end), head: Math.min(to, end) }, scrollIntoView: true });
    view.focus();
    list.highlight(found.fingerprint);
  };

  lint.step = (direction) => {
    const places = standing(view.state);
    if (!places.length) return;
    const { from, to } = view.state.selection.main;
    const next = direction > 0 ? places.find((one) => one.from > from || (one.from === from && one.to > to)) : places.findLast((one) => one.from < from);
    lint.go((next ?? places.at(direction > 0 ? 0 : -1)).found);
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

const change = (edit) => ({ from: edit.span.utf16[0], to: edit.span.utf16[1], insert: edit.text });

/** Safe edits that do not touch each other, in order; what is left over waits for the next pass. */
export function safeEdits(diagnostics) {
  const groups = diagnostics.flatMap((found) => found.fixes.filter((fix) => fix.safety === "safe").slice(0, 1));
  const taken = [];
  for (const fix of groups) {
    const edits = fix.edits.map(change);
    const clashes = edits.some((edit) => taken.some((other) => edit.from <= other.to && other.from <= edit.to));
    if (!clashes) taken.push(...edits);
  }
  return taken.sort((a, b) => a.from - b.from);
}
