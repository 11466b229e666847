// The desk's commands: one list for the keys, the palette and the sheet.
import { $ } from "../lib/dom.js";
import { register } from "../lib/keys.js";
import { t } from "../lib/strings.js";

export function startCommands(desk) {
  const { lint, panes, drafts } = desk;
  const anywhere = { everywhere: true };
  if (desk.canWrite) {
    register("submit", { title: t("cmd_submit"), keys: ["Mod-Enter"], run: () => desk.submit.open(), ...anywhere });
    register("fix", { title: t("cmd_fix"), keys: ["Mod-."], run: () => lint.menu(), ...anywhere });
    register("fix-all", { title: t("cmd_fix_all"), run: () => lint.applySafe(), when: () => !$("#fix-all").hidden });
  }
  register("about", { title: t("cmd_about"), keys: ["F1"], run: () => lint.about(), ...anywhere });
  register("next", { title: t("cmd_next"), keys: ["F8"], run: () => lint.step(1), ...anywhere });
  register("previous", { title: t("cmd_previous"), keys: ["Shift-F8"], run: () => lint.step(-1), ...anywhere });
  register("next-draft", { title: t("cmd_next_draft"), keys: ["]"], run: () => drafts.step(1) });
  register("previous-draft", { title: t("cmd_previous_draft"), keys: ["["], run: () => drafts.step(-1) });
  register("compare", { title: t("cmd_compare"), keys: ["c"], run: () => drafts.compare() });
  for (const mode of ["write", "split", "preview"]) register(mode, { title: t(`cmd_${mode}`), run: () => panes.mode(mode) });
  register("editor", { title: t("cmd_editor"), keys: ["e"], run: () => (panes.showEditor(), desk.view.focus()) });
  register("leave", {
    title: t("cmd_leave"),
    keys: ["Escape"],
    everywhere: true,
    when: () => desk.view.hasFocus,
    run: () => $(".desk-answer [aria-pressed=true]").focus(),
  });
  const skip = $('[data-dialog-open="skip"]');
  if (skip) register("skip", { title: t("cmd_skip"), run: () => skip.click() });
}
