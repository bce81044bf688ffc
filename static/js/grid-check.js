// Asks the server how it reads what was typed, with the very code that saves, and shows the
// answer: marks and messages in the cells, and what saving would do in a line.

import { isChanged, mark } from "./grid-cells.js";

const PAUSE = 300; // milliseconds without a change before the server is asked

export class Check {
  constructor(form, cells, say) {
    Object.assign(this, { form, cells, say, timer: 0, running: null, isLeaving: false });
    cells.onChange(() => this.soon());
    form.addEventListener("change", (event) => {
      if (!cells.place(event.target)) this.soon();
    });
    form.addEventListener("formdata", (event) => this.reduce(event.formData));
    form.addEventListener("submit", () => { this.isLeaving = true; });
    addEventListener("beforeunload", (event) => {
      if (!this.isLeaving && cells.changed().length) event.preventDefault();
    });
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), PAUSE);
  }

  // Only changed cells are sent: the others say what the server knows.
  reduce(data) {
    for (const input of this.cells.all) {
      if (input.name && !isChanged(input)) data.delete(input.name);
    }
  }

  async ask() {
    this.running?.abort();
    this.running = new AbortController();
    const body = new URLSearchParams(new FormData(this.form));
    const { signal } = this.running;
    try {
      const answer = await fetch(this.form.dataset.check, { method: "POST", body, signal });
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      this.show(await answer.json());
    } catch (error) {
      if (error.name !== "AbortError") this.say([["unchecked", ""]]);
    }
  }

  show({ summary, cells }) {
    const told = new Map(cells.map((one) => [`c-${one.series}-${one.period}`, one]));
    for (const input of this.cells.all) {
      const one = told.get(input.id);
      if (one) mark(input, isChanged(input) ? one.state : "", one.message);
      else if (!isChanged(input) && input.hasAttribute("aria-invalid")) mark(input, "", "");
    }
    this.say([], cells.length ? summary : "");
  }
}
