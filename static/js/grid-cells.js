// The cells of the grid by row and column. Everything that changes a text goes through here,
// so that marks, history and checks see every change.

export class Cells {
  constructor(table) {
    this.rows = [...table.tBodies[0].rows].map((row) => [...row.querySelectorAll("input")]);
    this.places = new Map();
    this.rows.forEach((row, r) => row.forEach((input, c) => this.places.set(input, [r, c])));
    this.listeners = [];
  }

  get all() {
    return this.rows.flat();
  }

  at(row, column) {
    return this.rows[row]?.[column];
  }

  place(input) {
    return this.places.get(input);
  }

  // Sets some texts at once: [[input, text], …]. Says which really changed, for undo.
  write(pairs) {
    const changes = [];
    for (const [input, text] of pairs) {
      if (input.readOnly || input.value === text) continue;
      changes.push({ input, before: input.value, after: text });
      input.value = text;
    }
    if (changes.length) this.tell(changes);
    return changes;
  }

  // A cell that was typed into changed already; only the others have to hear of it.
  tell(changes) {
    for (const { input } of changes) mark(input, isChanged(input) ? "typed" : "");
    for (const listener of this.listeners) listener(changes);
  }

  onChange(listener) {
    this.listeners.push(listener);
  }

  changed() {
    return this.all.filter(isChanged);
  }
}

export function isChanged(input) {
  return !input.readOnly && input.value !== input.dataset.was;
}

export function mark(input, state, message) {
  input.closest("td").dataset.state = state;
  if (state === "invalid" || state === "conflict") input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
  if (message !== undefined) noteOf(input).textContent = message || noteOf(input).dataset.own;
}

// What the page said of the cell before any check; a message stands in its place for a while.
export function noteOf(input) {
  const note = document.getElementById(input.getAttribute("aria-describedby"));
  note.dataset.own ??= note.textContent;
  return note;
}
