// Light, dark, or as the machine says. The cookie lets the next page come in the right colours from its first pixel.
import { $$ } from "./dom.js";
import { csrf } from "./http.js";

const THEMES = { light: "goldsmith", dark: "goldsmith-dark" };

function choose(value) {
  if (THEMES[value]) document.documentElement.dataset.theme = THEMES[value];
  else delete document.documentElement.dataset.theme;
  document.cookie = `goldsmith_theme=${value}; path=/; max-age=31536000; samesite=lax`;
  for (const button of $$("[data-theme-choice]")) button.setAttribute("aria-pressed", String(button.dataset.themeChoice === value));
  document.dispatchEvent(new CustomEvent("theme:chosen", { detail: value }));
  const body = new URLSearchParams({ csrf_token: csrf(), theme: value });
  fetch("/account/theme", { method: "POST", body }).catch(() => {});
}

export function startTheme() {
  for (const button of $$("[data-theme-choice]")) button.addEventListener("click", () => choose(button.dataset.themeChoice));
}
