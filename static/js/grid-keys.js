// Keys and pointer as in a spreadsheet. On a cell one moves: its text is selected, so typing
// replaces it (the input keeps the focus, as input methods for Chinese need). F2 or a second
// click edits: the arrows then move within the text.

const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

export class Keys {
  constructor(table, cells, range, history) {
    Object.assign(this, { cells, range, history, isEditing: false, start: "", isExtending: false });
    // Whatever was written into the cell one is on, one starts from there again.
    cells.onChange(() => { this.start = document.activeElement?.value ?? ""; });
    table.addEventListener("focusin", (event) => this.enter(event.target));
    table.addEventListener("focusout", (event) => this.commit(event.target));
    table.addEventListener("keydown", (event) => this.onKey(event));
    table.addEventListener("mousedown", (event) => this.onPress(event));
    table.addEventListener("dblclick", (event) => {
      if (this.cells.place(event.target)) this.edit();
    });
  }

  enter(input) {
    if (!this.cells.place(input)) return;
    this.start = input.value;
    this.isEditing = false;
    if (this.isExtending) this.range.extend(input);
    else this.range.collapse(input);
    input.select();
  }

  // What was typed becomes a step of the history.
  commit(input) {
    if (!this.cells.place(input) || input.value === this.start) return;
    this.cells.tell([{ input, before: this.start, after: input.value }]);
  }

  edit() {
    this.isEditing = true;
  }

  isTouched(input) {
    return this.isEditing || input.value !== this.start;
  }

  onPress(event) {
    const input = event.target;
    if (!this.cells.place(input) || event.button !== 0) return;
    if (input === document.activeElement && !event.shiftKey) {
      this.edit();
      return;
    }
    event.preventDefault(); // else the press would put the caret into the text just selected
    this.focus(input, event.shiftKey);
  }

  focus(input, isExtending = false) {
    this.isExtending = isExtending;
    input.focus();
    this.isExtending = false;
  }

  move(input, [down, right], isExtending) {
    const [row, column] = this.cells.place(isExtending ? this.range.head : input);
    const next = this.cells.at(row + down, column + right);
    if (next) this.focus(next, isExtending);
  }

  onKey(event) {
    const input = event.target;
    if (!this.cells.place(input) || event.isComposing || event.keyCode === 229) return;
    const action = this.action(event, input);
    if (!action) return;
    event.preventDefault();
    action();
  }

  // What a key does here; nothing where the browser's own meaning stands.
  action(event, input) {
    const { key, shiftKey } = event;
    if ((event.ctrlKey || event.metaKey) && !event.altKey) return this.command(event, input);
    if (event.altKey) return null;
    if (key in ARROWS && !this.isEditing) return () => this.move(input, ARROWS[key], shiftKey);
    if (key === "Enter") return () => this.move(input, [shiftKey ? -1 : 1, 0], false);
    if (key === "F2") return () => this.toggle(input);
    if (key === "Escape") return () => this.giveUp(input);
    if (this.isTouched(input)) return null;
    if (key === "Delete" || key === "Backspace") return () => this.clear();
    if (key === "Home") return () => this.focus(this.cells.at(this.cells.place(input)[0], 0));
    if (key === "End") return () => this.focus(this.cells.rows[this.cells.place(input)[0]].at(-1));
    return null;
  }

  command(event, input) {
    const key = event.key.toLowerCase();
    const isRedo = key === "y" || (key === "z" && event.shiftKey);
    if (key !== "z" && !isRedo) return null;
    if (this.isTouched(input) && !isRedo) return () => this.giveUp(input);
    return () => (isRedo ? this.history.redo() : this.history.undo());
  }

  toggle(input) {
    this.isEditing = !this.isEditing;
    if (this.isEditing) input.setSelectionRange(input.value.length, input.value.length);
    else input.select();
  }

  giveUp(input) {
    input.value = this.start;
    this.isEditing = false;
    this.range.collapse(input);
    input.select();
  }

  clear() {
    this.cells.write(this.range.block.flat().map((input) => [input, ""]));
  }
}
