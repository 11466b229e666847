// The desk: prompt, editor, drafts. Each module owns one concern; this file only introduces them to each other.
import { $ } from "../lib/dom.js";
import { startAutosave } from "./autosave.js";
import { startCommands } from "./commands.js";
import { startDrafts } from "./drafts.js";
import { createEditor, replaceText } from "./editor.js";
import { startLint } from "./lint.js";
import { startPanes } from "./panes.js";
import { startPreview } from "./preview.js";
import { startSubmit } from "./submit.js";

const root = $("[data-desk]");
const data = JSON.parse($("#desk-data").textContent);
const canWrite = data.can_write && Boolean($("#submit"));

/** What the modules share: `changed` runs each listener after every change of the text. */
const desk = { root, data, canWrite, listeners: [], url: `/api/v1/tasks/${data.task_id}`, page: `/tasks/${data.task_id}` };
desk.onChange = (listener) => desk.listeners.push(listener);
desk.text = () => desk.view.state.doc.toString();
desk.view = createEditor($("#editor"), desk, (update) => desk.listeners.forEach((listener) => listener(update)));

desk.setText = (text) => replaceText(desk.view, text);

desk.panes = startPanes(desk);
desk.lint = startLint(desk);
desk.save = startAutosave(desk);
desk.preview = startPreview(desk);
desk.drafts = startDrafts(desk);
desk.submit = startSubmit(desk);
startCommands(desk);
