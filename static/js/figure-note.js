// Opens the record of a figure beside the text it stands in. The records are in the page,
// hidden; without this module a figure is a link to its series.

const LANGUAGE_TEXTS = {
  zh: { close: "关闭" },
  en: { close: "Close" },
};

const texts = LANGUAGE_TEXTS[document.documentElement.lang.slice(0, 2)] ?? LANGUAGE_TEXTS.en;
const isNarrow = matchMedia("(max-width: 52rem)");

let current = null; // the figure whose record is open
let byPointer = false; // a press focuses first: the click, not the focus, decides then
let isReturning = false; // focus given back by closing must not open the record again

function noteOf(figure) {
  return document.getElementById(figure.dataset.note);
}

// The child of the article the figure stands in; the record is placed right after it, so
// that the grid puts it in the margin of the same row, or under it on a phone.
function blockOf(figure) {
  const article = figure.closest(".article");
  let block = figure;
  while (block.parentElement && block.parentElement !== article) block = block.parentElement;
  return block;
}

// The record begins level with the figure's own line, as far as it keeps clear of the next.
function align(note, figure, block) {
  if (isNarrow.matches || note.parentElement !== block.parentElement) return;
  const offset = figure.getBoundingClientRect().top - block.getBoundingClientRect().top;
  note.style.setProperty("--note-offset", `${Math.max(0, Math.round(offset))}px`);
}

function addCloseButton(note) {
  if (note.querySelector(".note__close")) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "note__close";
  button.textContent = "×";
  button.setAttribute("aria-label", texts.close);
  button.addEventListener("click", () => close({ refocus: true }));
  note.append(button);
}

function open(figure) {
  const note = noteOf(figure);
  if (!note || current === figure) return;
  close();
  const block = blockOf(figure);
  block.after(note);
  addCloseButton(note);
  note.hidden = false;
  align(note, figure, block);
  figure.setAttribute("aria-expanded", "true");
  current = figure;
}

function close({ refocus = false } = {}) {
  if (!current) return;
  const figure = current;
  current = null;
  noteOf(figure).hidden = true;
  figure.setAttribute("aria-expanded", "false");
  if (!refocus) return;
  isReturning = true;
  figure.focus({ preventScroll: true });
  isReturning = false;
}

// A new tab, a download or a second activation is the reader's wish to follow the link.
function isPlain(event) {
  return event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
}

function onClick(event) {
  const figure = event.target.closest("a.figure[data-note]");
  if (figure && noteOf(figure)) {
    if (!isPlain(event)) return;
    event.preventDefault();
    const wasOpen = current === figure && !("focused" in figure.dataset);
    delete figure.dataset.focused;
    if (wasOpen) close();
    else open(figure);
    return;
  }
  if (current && !event.target.closest(".note")) close();
}

// Tabbing to a figure opens its record. The flag keeps the Enter that follows from
// closing what the focus has just opened.
function onFocus(event) {
  const figure = event.target.closest?.("a.figure[data-note]");
  if (!figure || byPointer || isReturning || !figure.matches(":focus-visible")) return;
  figure.dataset.focused = "";
  open(figure);
}

function onKey(event) {
  if (event.key !== "Escape" || !current) return;
  event.preventDefault();
  close({ refocus: noteOf(current).contains(document.activeElement) });
}

for (const figure of document.querySelectorAll(".article a.figure[data-note]")) {
  if (!noteOf(figure)) continue;
  figure.setAttribute("role", "button");
  figure.setAttribute("aria-expanded", "false");
  figure.setAttribute("aria-controls", figure.dataset.note);
}

document.addEventListener("pointerdown", () => { byPointer = true; });
document.addEventListener("keydown", () => { byPointer = false; }, { capture: true });
document.addEventListener("click", onClick);
document.addEventListener("focusin", onFocus);
document.addEventListener("keydown", onKey);
isNarrow.addEventListener("change", () => close());
