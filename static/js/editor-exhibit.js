// The forms of exhibits. The server writes the block, with the parser that reads texts; what it
// refuses is told in the form, and nothing that was typed is lost, not even by closing it.

import { show } from "./editor-dialog.js";
import { Rows } from "./editor-rows.js";
import { send } from "./editor-server.js";

const FIELDS = { labels: "label", entity: "entities" }; // names of the block → of the form

// The fenced exhibit that the caret stands in: { start, end, kind }, or nothing.
export function exhibitAt(field) {
  const caret = field.selectionStart;
  let offset = 0;
  let open = null;
  for (const line of field.value.split("\n")) {
    const end = offset + line.length;
    const fence = /^ {0,3}(`{3,}|~{3,})\s*(\S*)\s*$/.exec(line);
    if (open && fence && !fence[2] && fence[1].startsWith(open.mark)) {
      if (caret >= open.start && caret <= end) return open.kind ? { ...open, end } : null;
      open = null;
    } else if (!open && fence) {
      open = { start: offset, mark: fence[1], kind: fence[2] };
    }
    offset = end + 1;
  }
  return null;
}

export class ExhibitForm {
  constructor(dialog, pickFigure) {
    this.dialog = dialog;
    this.form = dialog.querySelector("form");
    this.rows = new Rows(this.form);
    this.isKept = false; // whether what is typed is still to be put in
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.build();
    });
    this.form.addEventListener("click", (event) => {
      if (event.target.closest("[data-cancel]")) dialog.close();
      const choose = event.target.closest("[data-choose]");
      const input = choose?.parentElement.querySelector("input");
      if (input) pickFigure(input.value, (token) => { input.value = token.slice(2, -2).trim(); });
    });
  }

  // Opens on the block given, or where it was left, or empty. `done` gets the new block.
  async open(source, done) {
    this.done = done;
    this.tell("");
    if (source) await this.read(source);
    else if (!this.isKept) this.fill([]);
    this.isKept = !source;
    show(this.dialog);
  }

  async read(source) {
    this.fill([]);
    try {
      const { pairs } = await send(this.dialog.dataset.build, { open: source });
      this.fill(pairs);
    } catch (error) {
      this.tell(error.message || this.dialog.dataset.textFailed);
    }
  }

  fill(pairs) {
    const repeated = this.rows.names();
    this.form.reset();
    this.rows.clear();
    for (const [name, value] of pairs) {
      if (!repeated.has(name)) this.form.elements[name].value = value;
    }
    this.rows.fill(pairs.filter(([name]) => repeated.has(name)));
    if (repeated.size && !this.rows.count) this.rows.add();
  }

  async build() {
    this.tell("");
    try {
      const { source } = await send(this.dialog.dataset.build, new FormData(this.form));
      this.isKept = false;
      this.dialog.close();
      this.done(source);
    } catch (error) {
      const { field, row } = error.answer ?? {};
      this.tell(error.message || this.dialog.dataset.textFailed);
      const named = field ? this.form.querySelectorAll(`[name="${FIELDS[field] ?? field}"]`) : [];
      const input = named[row] ?? named[0];
      input?.setAttribute("aria-invalid", "true");
      input?.focus();
    }
  }

  tell(problem) {
    this.form.querySelector("[data-problem]").textContent = problem;
    for (const one of this.form.querySelectorAll("[aria-invalid]")) one.removeAttribute("aria-invalid");
  }
}
