// What the second tier found about an earlier text, kept in place until it has read the present one: no flicker.
import { standing } from "./marks.js";

export function startLate() {
  let findings = [];
  let words = new Map();
  const late = { doc: null, has: (fingerprint) => words.has(fingerprint) };

  /** Keep what a report of both tiers has from the second. */
  late.remember = (report, doc) => {
    const prints = new Set(report.later ?? []);
    findings = report.diagnostics.filter((found) => prints.has(found.fingerprint));
    words = new Map(findings.map((found) => [found.fingerprint, doc.sliceString(...found.span.utf16)]));
    late.doc = doc;
  };

  /** The kept findings whose words still stand, where they stand now; accepted ones have no mark and stay as they were. */
  late.carried = (state, waived) => {
    const places = new Map(standing(state).map((place) => [place.found.fingerprint, place]));
    return findings.flatMap((found) => {
      if (waived.has(found.fingerprint)) return [found];
      const place = places.get(found.fingerprint);
      if (!place || state.sliceDoc(place.from, place.to) !== words.get(found.fingerprint)) return [];
      const line = state.doc.lineAt(place.from).number;
      return [{ ...found, line, span: { ...found.span, utf16: [place.from, place.to] } }];
    });
  };

  return late;
}
