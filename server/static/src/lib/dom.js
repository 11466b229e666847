/** Make an element: el("li", {class: "row", hidden: true}, "text", child). */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

/** Run `fn` `wait` ms after the last call; `.flush()` runs it now if it is waiting. */
export function debounce(fn, wait) {
  let timer = null;
  const run = (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => ((timer = null), fn(...args)), wait);
  };
  run.flush = () => {
    if (timer === null) return;
    clearTimeout(timer);
    timer = null;
    fn();
  };
  return run;
}

const MEMORY = "goldsmith:";

/** What this browser remembers; a browser that refuses storage only forgets. */
export const memory = {
  get(key) {
    try {
      return JSON.parse(localStorage.getItem(MEMORY + key));
    } catch {
      return null;
    }
  },
  set(key, value) {
    try {
      localStorage.setItem(MEMORY + key, JSON.stringify(value));
      return true;
    } catch {
      return false;
    }
  },
  remove(key) {
    try {
      localStorage.removeItem(MEMORY + key);
    } catch {
      // nothing was kept
    }
  },
};
