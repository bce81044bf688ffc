// A selected block of cells, from its anchor to its head.

export class Range {
  constructor(cells) {
    this.cells = cells;
    this.anchor = this.head = null;
  }

  collapse(input) {
    this.anchor = this.head = input;
    this.paint();
  }

  extend(input) {
    this.anchor ??= input;
    this.head = input;
    this.paint();
  }

  get isSingle() {
    return this.anchor === this.head;
  }

  // The corners as [top, left, bottom, right]; nothing selected is none.
  get corners() {
    if (!this.anchor) return null;
    const [r1, c1] = this.cells.place(this.anchor);
    const [r2, c2] = this.cells.place(this.head);
    return [Math.min(r1, r2), Math.min(c1, c2), Math.max(r1, r2), Math.max(c1, c2)];
  }

  // The inputs of the block, row by row.
  get block() {
    if (!this.anchor) return [];
    const [top, left, bottom, right] = this.corners;
    return this.cells.rows.slice(top, bottom + 1).map((row) => row.slice(left, right + 1));
  }

  paint() {
    const chosen = this.isSingle ? new Set() : new Set(this.block.flat());
    for (const input of this.cells.all) {
      const cell = input.closest("td");
      if (chosen.has(input)) cell.setAttribute("aria-selected", "true");
      else cell.removeAttribute("aria-selected");
    }
  }
}
