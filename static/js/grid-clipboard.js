// Copying and pasting blocks as spreadsheets do: tabs between columns, lines between rows,
// quotes around what holds either.

export function parseBlock(text) {
  const rows = [[]];
  const pattern = /("(?:[^"]|"")*"|[^\t\r\n]*)(\t|\r\n|\n|\r|$)/y;
  while (pattern.lastIndex <= text.length) {
    const [whole, raw, end] = pattern.exec(text) ?? [];
    if (whole === undefined) return parsePlain(text); // a quote that is no quotation
    rows.at(-1).push(cellText(raw));
    if (end === "") break;
    if (end !== "\t") rows.push([]);
  }
  const last = rows.at(-1);
  if (rows.length > 1 && last.length === 1 && last[0] === "") rows.pop(); // the closing line end
  return rows;
}

function parsePlain(text) {
  const lines = text.replace(/(\r\n|\n|\r)$/, "").split(/\r\n|\n|\r/);
  return lines.map((line) => line.split("\t").map((cell) => cell.trim()));
}

function cellText(raw) {
  const text = raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw;
  return text.replace(/\s+/g, " ").trim();
}

export function formatBlock(rows) {
  const quoted = (text) => (/["\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return rows.map((row) => row.map(quoted).join("\t")).join("\r\n");
}

export class Clipboard {
  constructor(table, cells, range, keys, say) {
    Object.assign(this, { cells, range, keys, say });
    for (const kind of ["copy", "cut", "paste"]) {
      table.addEventListener(kind, (event) => {
        // Within a text that is being edited the browser's own clipboard stands.
        if (!cells.place(event.target) || keys.isTouched(event.target)) return;
        event.preventDefault();
        this[kind](event.clipboardData);
      });
    }
  }

  copy(data) {
    const texts = this.range.block.map((row) => row.map((input) => input.value));
    data.setData("text/plain", formatBlock(texts));
  }

  cut(data) {
    this.copy(data);
    this.keys.clear();
  }

  paste(data) {
    const rows = parseBlock(data.getData("text/plain"));
    const isSingle = rows.length === 1 && rows[0].length === 1;
    const pairs = isSingle ? this.filled(rows[0][0]) : this.placed(rows);
    const inside = pairs.filter(([input]) => input);
    this.cells.write(inside);
    const notes = [];
    if (inside.length < pairs.length) notes.push(["outside", pairs.length - inside.length]);
    const fixed = inside.filter(([input, text]) => input.readOnly && input.value !== text).length;
    if (fixed) notes.push(["fixed", fixed]);
    this.say(notes);
  }

  // One text goes into every selected cell.
  filled(text) {
    return this.range.block.flat().map((input) => [input, text]);
  }

  // A block goes below and right of the first selected cell.
  placed(rows) {
    const [top, left] = this.range.corners;
    return rows.flatMap((row, r) =>
      row.map((text, c) => [this.cells.at(top + r, left + c), text]));
  }
}
