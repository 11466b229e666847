// What every page has: htmx with our token, times, themes, dialogs, keys and the palette.
import htmx from "htmx.org";
import "htmx.org/dist/ext/hx-sse.js";
import { el } from "./lib/dom.js";
import { startCopy } from "./lib/copy.js";
import { startDialogs } from "./lib/dialogs.js";
import { csrf } from "./lib/http.js";
import { startKeys } from "./lib/keys.js";
import { startOverflow } from "./lib/overflow.js";
import { startPalette } from "./lib/palette.js";
import { startRatings } from "./lib/ratings.js";
import { startRulePages } from "./lib/rulepage.js";
import { startTabs } from "./lib/tabs.js";
import { startTheme } from "./lib/theme.js";
import { startTimes } from "./lib/times.js";
import { t } from "./lib/strings.js";

document.addEventListener("htmx:config:request", (event) => {
  event.detail.ctx.request.headers["X-CSRF-Token"] = csrf();
});

document.addEventListener("htmx:error", (event) => {
  if (event.detail.ctx?.response) return;
  const text = el("p", { class: "px-3.5 py-2.5 text-[13px]", role: "alert" }, t("failed"));
  document.getElementById("notices").replaceChildren(text);
});

window.htmx = htmx;
startCopy();
startDialogs();
startTabs();
startTheme();
startTimes();
startRatings();
startRulePages();
startOverflow();
startPalette();
startKeys();
