// A selection of rendered text back to Markdown: formulas become their TeX again, marks and lists their signs.
const INLINE = { STRONG: "**", B: "**", EM: "*", I: "*", CODE: "`", DEL: "~~" };
const BLOCKS = new Set(["P", "LI", "PRE", "BLOCKQUOTE", "UL", "OL", "H1", "H2", "H3", "H4", "H5", "H6", "DIV", "TR"]);

function formula(node) {
  const tex = node.querySelector("annotation")?.textContent ?? node.dataset.tex ?? node.textContent;
  return node.closest(".katex-display") ? `\n$$\n${tex.trim()}\n$$\n` : `$${tex.trim()}$`;
}

function text(node) {
  if (node.nodeType === Node.TEXT_NODE) return node.data;
  if (node.nodeType !== Node.ELEMENT_NODE) return "";
  if (node.classList.contains("katex")) return formula(node);
  const inner = [...node.childNodes].map(text).join("");
  if (INLINE[node.tagName] && node.parentElement?.tagName !== "PRE") return `${INLINE[node.tagName]}${inner}${INLINE[node.tagName]}`;
  if (node.tagName === "PRE") return `\n\`\`\`\n${inner.trimEnd()}\n\`\`\`\n`;
  if (node.tagName === "LI") return `- ${inner.trim()}\n`;
  if (node.tagName === "BR") return "\n";
  return BLOCKS.has(node.tagName) ? `${inner}\n\n` : inner;
}

function whole(node) {
  const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
  return element?.closest(".katex-display") ?? element?.closest(".katex");
}

/** The Markdown of a range; a formula that is half selected is taken whole. */
export function sourceOf(range) {
  const grown = range.cloneRange();
  const first = whole(grown.startContainer);
  const last = whole(grown.endContainer);
  if (first) grown.setStartBefore(first);
  if (last) grown.setEndAfter(last);
  const holder = document.createElement("div");
  holder.append(grown.cloneContents());
  return [...holder.childNodes].map(text).join("").replace(/\n{3,}/g, "\n\n").trim();
}
