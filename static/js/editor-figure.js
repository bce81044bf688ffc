// The picker of figures: find a series, choose its period and how it is printed, see it as readers
// will, put it into the text. What a token means is the server's to say.

import { show } from "./editor-dialog.js";
import { ask, Newest } from "./editor-server.js";
import { Search } from "./editor-search.js";

const TOKEN = /\{\{[^{}\n]{1,240}\}\}/g;

// The token that the caret stands in or at: [start, end], or nothing.
export function tokenAt(field) {
  const { selectionStart: start, selectionEnd: end, value } = field;
  for (const match of value.matchAll(TOKEN)) {
    const last = match.index + match[0].length;
    if (match.index <= start && end <= last) return [match.index, last];
  }
  return null;
}

export class FigurePicker {
  constructor(dialog) {
    this.dialog = dialog;
    this.form = dialog.querySelector("form");
    this.newest = new Newest(0);
    this.series = "";
    this.search = new Search(dialog.querySelector("[data-search]"), ({ key }) => {
      this.series = key;
      this.load(`${key}@latest`);
    });
    this.form.addEventListener("change", (event) => {
      if (event.target !== this.search.input) this.load(this.typed());
    });
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.insert.disabled) return;
      this.dialog.close();
      this.done(this.token);
    });
    dialog.querySelector("[data-cancel]").addEventListener("click", () => dialog.close());
  }

  get insert() {
    return this.form.querySelector("[data-insert]");
  }

  // Opens on a token, or with an empty search. `done` gets the token that was chosen.
  open(token, done) {
    this.done = done;
    this.search.input.value = "";
    this.search.show([]);
    this.reset("");
    show(this.dialog);
    if (token) this.load(token);
  }

  reset(problem) {
    this.token = "";
    this.insert.disabled = true;
    this.form.querySelector("[data-chosen]").hidden = true;
    this.form.querySelector("[data-problem]").textContent = problem;
  }

  typed() {
    const { period, transform, round, scale, plain, unit } = this.form.elements;
    const filters = [
      transform.value === "lin" ? "" : transform.value,
      round.value && `round:${round.value}`,
      scale.value && `scale:${scale.value}`,
      plain.checked && "plain",
      unit.checked && "unit",
    ];
    return [`${this.series}@${period.value}`, ...filters.filter(Boolean)].join(" | ");
  }

  load(token) {
    this.insert.disabled = true; // until the answer says what would go in
    const { figure, language } = this.dialog.dataset;
    this.newest.now(async (signal) => {
      try {
        this.show(await ask(figure, { token, language }, signal));
      } catch (error) {
        if (error.name === "AbortError") throw error;
        this.reset(error.message || this.dialog.dataset.textFailed);
      }
    });
  }

  show(picked) {
    const { elements } = this.form;
    const { reference } = picked;
    this.reset("");
    this.series = reference.series;
    this.token = picked.token;
    fill(elements.period, withPeriod(picked.periods, reference.period), reference.period);
    fill(elements.transform, picked.transforms, reference.transform);
    fill(elements.scale, picked.scales.map((code) => ({ code, name: code })), reference.scale ?? "");
    elements.round.value = reference.round_to ?? "";
    elements.plain.checked = reference.plain;
    elements.unit.checked = reference.unit;
    this.form.querySelector("[data-chosen]").hidden = false;
    this.tell(picked);
  }

  tell(picked) {
    const { dataset } = this.dialog;
    const facts = [picked.name, picked.moment, picked.unit, picked.source];
    this.form.querySelector("[data-name]").textContent = picked.name;
    this.form.querySelector("[data-printed]").textContent = picked.printed || "—";
    this.form.querySelector("[data-facts]").textContent = picked.printed
      ? facts.filter(Boolean).join(" · ")
      : `${dataset.textMissing} ${picked.reason}`;
    this.form.querySelector("[data-token]").textContent = picked.token;
    this.insert.disabled = !picked.printed;
  }
}

// A period that a token names already stays on offer, even where it has no value.
function withPeriod(periods, code) {
  return periods.some((one) => one.code === code) ? periods : [...periods, { code, name: code }];
}

// Options of a select; those that stand in the page without a code's own name stay first.
function fill(select, choices, value) {
  const kept = [...select.options].filter((option) => option.value === "");
  const made = choices.map(({ code, name, number }) => {
    const label = [name || code, number].filter(Boolean).join("  ");
    return new Option(label, code);
  });
  select.replaceChildren(...kept, ...made);
  select.value = value;
}
