// The buttons over the body and their keys. One stop of the Tab key; arrows move between buttons.

import { addLink, toggleLines, toggleMark } from "./editor-words.js";

const ACTS = {
  bold: (field) => toggleMark(field, "**"),
  italic: (field) => toggleMark(field, "*"),
  link: addLink,
};
const KEYS = { b: "bold", i: "italic", k: "link" };
const MOVES = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };

function act(name, field) {
  if (name in ACTS) ACTS[name](field);
  else toggleLines(field, name);
}

export class Toolbar {
  // `fields` take the keys; the buttons write into `body` or open one of the `tools`.
  constructor(toolbar, body, fields, tools) {
    this.toolbar = toolbar;
    body.before(toolbar);
    toolbar.hidden = false;
    this.stop(this.buttons[0]);
    toolbar.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button?.dataset.act) act(button.dataset.act, body);
      else if (button) tools[button.dataset.tool](button);
    });
    toolbar.addEventListener("focusin", (event) => this.stop(event.target));
    toolbar.addEventListener("keydown", (event) => this.move(event));
    for (const field of fields) field.addEventListener("keydown", onKey);
  }

  get buttons() {
    return [...this.toolbar.querySelectorAll("button")];
  }

  // The button that the Tab key reaches.
  stop(button) {
    for (const one of this.buttons) one.tabIndex = one === button ? 0 : -1;
  }

  move(event) {
    if (!(event.key in MOVES) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const { buttons } = this;
    const next = buttons.indexOf(document.activeElement) + MOVES[event.key];
    buttons[Math.max(0, Math.min(next, buttons.length - 1))].focus();
  }
}

function onKey(event) {
  const isCommand = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
  const name = isCommand && !event.isComposing ? KEYS[event.key.toLowerCase()] : undefined;
  if (!name) return;
  event.preventDefault();
  act(name, event.target);
}
