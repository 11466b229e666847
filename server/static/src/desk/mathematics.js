// Maths inside Markdown, so that `_` and `*` in a formula are not taken for emphasis and formulas have their own colour.
import { tags } from "@lezer/highlight";

const DOLLAR = 36;
const BACKSLASH = 92;
const isSpace = (code) => code === 32 || code === 9 || code === 10 || code < 0;

function closing(cx, from, mark) {
  for (let at = from; at < cx.end; at += 1) {
    const here = cx.slice(at, Math.min(cx.end, at + mark.length));
    if (here === mark) return at;
    if (cx.char(at) === BACKSLASH) at += 1;
  }
  return -1;
}

function opener(cx, next, at) {
  if (next === BACKSLASH && cx.char(at + 1) === 40) return ["\\(", "\\)"];
  if (next === BACKSLASH && cx.char(at + 1) === 91) return ["\\[", "\\]"];
  if (next !== DOLLAR) return null;
  return cx.char(at + 1) === DOLLAR ? ["$$", "$$"] : ["$", "$"];
}

function parse(cx, next, at) {
  const marks = opener(cx, next, at);
  if (!marks) return -1;
  const [open, close] = marks;
  const start = at + open.length;
  const end = closing(cx, start, close);
  if (end <= start) return -1;
  // money is not maths: "$5 and $6" has a space before its second sign
  const single = open === "$";
  if (single && (isSpace(cx.char(start)) || isSpace(cx.char(end - 1)) || /\d/.test(cx.slice(end + 1, end + 2)))) return -1;
  const stop = end + close.length;
  return cx.addElement(cx.elt("Formula", at, stop, [cx.elt("FormulaMark", at, start), cx.elt("FormulaMark", end, stop)]));
}

export const mathematics = {
  defineNodes: [
    { name: "Formula", style: tags.special(tags.content) },
    { name: "FormulaMark", style: tags.processingInstruction },
  ],
  parseInline: [{ name: "Formula", parse, before: "Escape" }],
};
