// Words come with the page, already in its language: #js-strings from the layout, #desk-strings from the desk.
const read = (id) => JSON.parse(document.getElementById(id)?.textContent || "{}");
const words = { ...read("js-strings"), ...read("desk-strings") };

/** The editor's own words: {its English: ours}. */
export const phrases = words.phrases ?? {};

export const language = document.documentElement.lang || "en";

const forms = new Intl.PluralRules(language);
const plain = (n) => (typeof n === "number" ? n : Number(String(n).replace(/\D/g, "")));

/** The words for `key`, with {placeholders} filled in; {one, other} forms are chosen by `values.n`. */
export function t(key, values = {}) {
  const entry = words[key] ?? key;
  const text = typeof entry === "string" ? entry : entry[forms.select(plain(values.n))] ?? entry.other;
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

const numbers = new Intl.NumberFormat(language);
export const count = (number) => numbers.format(number);
