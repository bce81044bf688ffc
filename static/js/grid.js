// The grid of values as a spreadsheet. Without this module it is a form of plain inputs.

import { Cells } from "./grid-cells.js";
import { Check } from "./grid-check.js";
import { Clipboard } from "./grid-clipboard.js";
import { History } from "./grid-history.js";
import { Keys } from "./grid-keys.js";
import { Range } from "./grid-range.js";

function start(form) {
  const table = form.querySelector("table.grid");
  const line = form.querySelector("[data-summary]");
  let notes = "";

  // The summary, and before it what became of a paste, said once more with each check of it.
  function say(news, summary = line.dataset.plain ?? "") {
    if (news.length) {
      const told = news.map(([name, count]) => form.dataset[textName(name)].replace("#", count));
      notes = told.join(" ");
    }
    line.dataset.plain = summary;
    line.textContent = [notes, summary].filter(Boolean).join(" ");
  }

  const cells = new Cells(table);
  const history = new History(cells);
  const range = new Range(cells);
  const keys = new Keys(table, cells, range, history);
  new Check(form, cells, say);
  new Clipboard(table, cells, range, keys, say);
  cells.onChange(() => { notes = ""; });
}

function textName(name) {
  return `text${name[0].toUpperCase()}${name.slice(1)}`;
}

const form = document.querySelector("form.grid-form");
if (form) start(form);
