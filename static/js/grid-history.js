// Undo and redo of whole steps: a typed cell, a pasted block, a cleared range.

export class History {
  constructor(cells) {
    this.cells = cells;
    this.done = [];
    this.undone = [];
    this.isReplaying = false;
    cells.onChange((changes) => this.add(changes));
  }

  add(changes) {
    if (this.isReplaying) return;
    this.done.push(changes);
    this.undone = [];
  }

  undo() {
    this.replay(this.done, this.undone, "before");
  }

  redo() {
    this.replay(this.undone, this.done, "after");
  }

  // Moves the last step from one pile to the other and leads the eye to where it was.
  replay(from, to, side) {
    const step = from.pop();
    if (!step) return;
    to.push(step);
    this.isReplaying = true;
    this.cells.write(step.map((change) => [change.input, change[side]]));
    this.isReplaying = false;
    step[0].input.focus();
    step[0].input.select();
  }
}
