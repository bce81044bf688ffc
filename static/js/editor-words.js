// The words in a field. Everything that the editor's tools write goes through `replace`, as if it
// had been typed: the browser's own undo takes it back.

export function replace(field, start, end, text) {
  field.focus();
  field.setSelectionRange(start, end);
  const isDone = text
    ? document.execCommand("insertText", false, text)
    : start === end || document.execCommand("delete");
  if (isDone) return;
  field.setRangeText(text, start, end, "end");
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

// Puts marks around what is selected, or takes them off where they stand. `**` around `*` is not
// the mark of `*`.
export function toggleMark(field, mark) {
  const { selectionStart: start, selectionEnd: end, value } = field;
  const text = value.slice(start, end);
  const size = mark.length;
  if (isMarked(value, start, end, mark)) {
    replace(field, start - size, end + size, text);
    field.setSelectionRange(start - size, end - size);
  } else {
    replace(field, start, end, `${mark}${text}${mark}`);
    field.setSelectionRange(start + size, end + size);
  }
}

function isMarked(value, start, end, mark) {
  const before = /\**$/.exec(value.slice(0, start))[0].length;
  const after = /^\**/.exec(value.slice(end))[0].length;
  const least = Math.min(before, after);
  return mark === "**" ? least >= 2 : least === 1 || least === 3;
}

const MARKS = { heading: "## ", subheading: "### ", list: "- ", numbered: "1. ", quote: "> " };
const FAMILIES = [/^#{1,6} +/, /^(?:[-*+]|\d+[.)]) +/, /^> ?/];

// Puts a mark before each selected line, or takes it off where every line has it. A heading
// replaces another heading, a list another list.
export function toggleLines(field, kind) {
  const { value } = field;
  const start = value.lastIndexOf("\n", field.selectionStart - 1) + 1;
  const rest = value.indexOf("\n", Math.max(field.selectionEnd - 1, start));
  const end = rest === -1 ? value.length : rest;
  const lines = value.slice(start, end).split("\n");
  const changed = toggled(lines, MARKS[kind]).join("\n");
  replace(field, start, end, changed);
  field.setSelectionRange(lines.length > 1 ? start : start + changed.length, start + changed.length);
}

function toggled(lines, mark) {
  const written = lines.filter((line) => line.trim());
  const family = FAMILIES.find((one) => one.test(mark));
  const bare = (line) => line.replace(family, "");
  if (written.length && written.every((line) => isOf(line, mark))) return lines.map(bare);
  let count = 0;
  return lines.map((line) => {
    if (!line.trim() && lines.length > 1) return line;
    count += 1;
    return (mark === MARKS.numbered ? `${count}. ` : mark) + bare(line);
  });
}

function isOf(line, mark) {
  return mark === MARKS.numbered ? /^\d+[.)] /.test(line) : line.startsWith(mark);
}

// A link around what is selected; what is still to be typed is selected then.
export function addLink(field) {
  const { selectionStart: start, selectionEnd: end, value } = field;
  const text = value.slice(start, end);
  const isAddress = /^(https?:\/\/|mailto:|\/)\S+$/.test(text);
  const [label, address] = isAddress ? ["", text] : [text, "https://"];
  replace(field, start, end, `[${label}](${address})`);
  const at = isAddress || !text ? start + 1 : start + label.length + 3;
  field.setSelectionRange(at, isAddress || !text ? at : at + address.length);
}

// Puts a block between blank lines in place of what stands from start to end.
export function insertBlock(field, block, [start, end]) {
  const before = field.value.slice(0, start);
  const after = field.value.slice(end);
  const lead = before.trim() ? "\n".repeat(Math.max(0, 2 - /\n*$/.exec(before)[0].length)) : "";
  const trail = "\n".repeat(Math.max(0, (after.trim() ? 2 : 1) - /^\n*/.exec(after)[0].length));
  replace(field, start, end, lead + block.trim() + trail);
}
