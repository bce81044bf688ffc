// Rows of fields in a form, made of its template. A row that was added has the focus.

import { Search } from "./editor-search.js";

let made = 0; // rows of all forms: each has names of its own for its labels

export class Rows {
  constructor(form) {
    this.list = form.querySelector("[data-rows]");
    if (!this.list) return;
    this.template = form.querySelector("template");
    form.querySelector("[data-add]").addEventListener("click", () => this.add().querySelector("input").focus());
    this.list.addEventListener("click", (event) => {
      if (!event.target.closest("[data-remove]")) return;
      event.target.closest("li").remove();
      form.querySelector("[data-add]").focus();
    });
  }

  get count() {
    return this.list?.children.length ?? 0;
  }

  clear() {
    this.list?.replaceChildren();
  }

  add() {
    made += 1;
    this.list.insertAdjacentHTML("beforeend", this.template.innerHTML.replaceAll("__n__", made));
    const row = this.list.lastElementChild;
    for (const root of row.querySelectorAll("[data-search]")) {
      const search = new Search(root, ({ key, name }) => {
        search.input.value = key;
        search.said.textContent = name;
      });
    }
    return row;
  }

  // Fills rows from [name, value] pairs: a name that a row has already begins the next row.
  fill(pairs) {
    let seen = new Set();
    let row = null;
    for (const [name, value] of pairs) {
      if (!row || seen.has(name)) {
        row = this.add();
        seen = new Set();
      }
      seen.add(name);
      row.querySelector(`[name="${name}"]`).value = value;
    }
  }

  names() {
    return new Set([...(this.template?.content.querySelectorAll("[name]") ?? [])].map((one) => one.name));
  }
}
