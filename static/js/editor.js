// Tools for writing a text. Without this module the page is a form of plain fields.

import { Keeping } from "./editor-draft.js";
import { ExhibitForm, exhibitAt } from "./editor-exhibit.js";
import { FigurePicker, tokenAt } from "./editor-figure.js";
import { Watch } from "./editor-newer.js";
import { Preview } from "./editor-preview.js";
import { Toolbar } from "./editor-toolbar.js";
import { insertBlock, replace } from "./editor-words.js";

// A figure may stand in the title and the standfirst too: in whichever one was last.
function figureTool(picker, fields, body) {
  let field = body;
  for (const one of fields) one.addEventListener("focus", () => { field = one; });
  return () => {
    const into = field;
    const place = tokenAt(into) ?? [into.selectionStart, into.selectionEnd];
    const old = tokenAt(into) ? into.value.slice(...place) : "";
    picker.open(old, (token) => replace(into, ...place, token));
  };
}

// The button of a kind changes the exhibit of that kind at the caret, or puts in a new one:
// after another kind of exhibit, never within it.
function exhibitTool(picker, body) {
  const forms = new Map();
  for (const dialog of document.querySelectorAll("dialog[data-exhibit]")) {
    const form = new ExhibitForm(dialog, (old, done) => picker.open(old, done));
    forms.set(dialog.dataset.exhibit, form);
  }
  return ({ dataset: { kind } }) => {
    const here = exhibitAt(body);
    const isSame = here?.kind === kind;
    const old = isSame ? body.value.slice(here.start, here.end) : "";
    const at = here?.end ?? body.selectionEnd;
    const place = isSame ? [here.start, here.end] : [at, at];
    forms.get(kind).open(old, (block) => insertBlock(body, block, place));
  };
}

function start(form, root) {
  const { title, standfirst, body } = form.elements;
  const picker = new FigurePicker(document.querySelector("#figure-picker"));
  const tools = {
    figure: figureTool(picker, [title, standfirst, body], body),
    exhibit: exhibitTool(picker, body),
  };
  new Toolbar(document.querySelector("[data-toolbar]"), body, [body, standfirst], tools);
  new Keeping(form, root, root.querySelector("[data-kept]"));
  new Preview(form, root.querySelector("[data-preview]"));
  new Watch(form, root, document.querySelector("[data-newer]"));
}

const root = document.querySelector("[data-editor]");
if (root) start(root.closest("form"), root);
