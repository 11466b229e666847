import "../lib/dom.js";
