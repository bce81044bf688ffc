// Tools for writing a text. Without this module the page is a form of plain fields.

import { Toolbar } from "./editor-toolbar.js";

function start(form) {
  const body = form.elements.body;
  new Toolbar(document.querySelector("[data-toolbar]"), body, [body, form.elements.standfirst]);
}

const form = document.querySelector("[data-editor]")?.closest("form");
if (form) start(form);
