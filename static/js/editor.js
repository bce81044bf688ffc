// Tools for writing a text. Without this module the page is a form of plain fields.

import { FigurePicker, tokenAt } from "./editor-figure.js";
import { Toolbar } from "./editor-toolbar.js";
import { replace } from "./editor-words.js";

// A figure may stand in the title and the standfirst too: in whichever one was last.
function figureTool(fields, body) {
  const picker = new FigurePicker(document.querySelector("#figure-picker"));
  let field = body;
  for (const one of fields) one.addEventListener("focus", () => { field = one; });
  return () => {
    const into = field;
    const place = tokenAt(into) ?? [into.selectionStart, into.selectionEnd];
    const old = tokenAt(into) ? into.value.slice(...place) : "";
    picker.open(old, (token) => replace(into, ...place, token));
  };
}

function start(form) {
  const { title, standfirst, body } = form.elements;
  const tools = { figure: figureTool([title, standfirst, body], body) };
  new Toolbar(document.querySelector("[data-toolbar]"), body, [body, standfirst], tools);
}

const form = document.querySelector("[data-editor]")?.closest("form");
if (form) start(form);
