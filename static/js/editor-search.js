// A field that searches while one types: a combobox with a list of what was found. The element
// holds an input and a listbox, and says where to ask and what to tell.

import { ask, Newest } from "./editor-server.js";

const PAUSE = 200; // milliseconds without a change before the server is asked

export class Search {
  // `choose` is called with what was chosen: { key, name, detail }.
  constructor(root, choose) {
    this.input = root.querySelector("input");
    this.list = root.querySelector("[role=listbox]");
    this.said = root.querySelector("[role=status]");
    Object.assign(this, { root, choose, found: [], at: -1, newest: new Newest(PAUSE) });
    this.input.addEventListener("input", () => this.newest.soon((signal) => this.look(signal)));
    this.input.addEventListener("keydown", (event) => this.onKey(event));
    this.input.addEventListener("blur", () => this.close());
    this.list.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the focus
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.take([...this.list.children].indexOf(option));
    });
  }

  async look(signal) {
    const q = this.input.value.trim();
    if (!q) return this.show([]);
    const { language, search } = this.root.dataset;
    try {
      const { found, has_more: hasMore } = await ask(search, { q, language }, signal);
      this.show(found, hasMore);
    } catch (error) {
      if (error.name === "AbortError") throw error;
      this.show([]);
      this.said.textContent = this.root.dataset.textFailed;
    }
    return undefined;
  }

  show(found, hasMore = false) {
    this.found = found;
    this.list.replaceChildren(...found.map((one, index) => this.option(one, index)));
    this.list.hidden = !found.length;
    this.input.setAttribute("aria-expanded", String(found.length > 0));
    const { textNone, textMore } = this.root.dataset;
    const isNone = !found.length && this.input.value.trim();
    this.said.textContent = isNone ? textNone : hasMore ? textMore : "";
    this.mark(found.length ? 0 : -1);
  }

  option({ key, name, detail }, index) {
    const option = document.createElement("li");
    option.setAttribute("role", "option");
    option.id = `${this.list.id}-${index}`;
    const small = document.createElement("small");
    small.textContent = [key, detail].filter(Boolean).join(" · ");
    option.append(name, " ", small);
    return option;
  }

  mark(index) {
    this.at = index;
    [...this.list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === index)));
    const option = this.list.children[index];
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  }

  onKey(event) {
    if (event.isComposing || this.list.hidden) return;
    const { length } = this.found;
    const acts = {
      ArrowDown: () => this.mark((this.at + 1) % length),
      ArrowUp: () => this.mark((this.at - 1 + length) % length),
      Enter: () => this.take(this.at),
      Escape: () => this.close(),
    };
    if (!(event.key in acts)) return;
    event.preventDefault();
    event.stopPropagation();
    acts[event.key]();
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  take(index) {
    const chosen = this.found[index];
    if (!chosen) return;
    this.close();
    this.said.textContent = "";
    this.choose(chosen);
  }
}
