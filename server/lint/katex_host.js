/* Runs inside V8, beside KaTeX. One JSON string in, one JSON string out; positions are UTF-16 offsets in the formula. */
"use strict";
var goldsmith = (function () {
  var LIMITS = { trust: false, maxExpand: 1000, maxSize: 50 };

  function failure(error) {
    if (error && error.name === "ParseError") {
      return { kind: "parse", message: error.rawMessage, position: error.position, length: error.length };
    }
    var nested = error instanceof RangeError;
    return { kind: nested ? "nesting" : "crash", message: String(error && error.message) };
  }

  function options(display, strict) {
    return Object.assign({ displayMode: display, strict: strict, globalGroup: false, macros: {} }, LIMITS);
  }

  function checkOne(item) {
    var strict = [];
    var note = function (code, text, token) {
      var loc = token && token.loc;
      if (strict.length < 400) strict.push([code, loc ? loc.start : null, loc ? loc.end : null]);
      return "ignore";
    };
    try {
      katex.__parse(item[0], options(item[1], note));
      return strict.length ? { kind: "ok", strict: strict } : null;
    } catch (error) {
      return failure(error);
    }
  }

  function renderOne(item) {
    try {
      return { html: katex.renderToString(item[0], options(item[1], "ignore")) };
    } catch (error) {
      return failure(error);
    }
  }

  return {
    check: function (json) { return JSON.stringify(JSON.parse(json).map(checkOne)); },
    render: function (json) { return JSON.stringify(JSON.parse(json).map(renderOne)); },
  };
})();
