/* Names for what Django's widgets leave without one: a screen reader then says what a field is. */

/** The words of the label of a field, or of the column of a table that it stands in. */
function nameOf(field) {
  const label = field.id && document.querySelector(`label[for="${CSS.escape(field.id)}"]`);
  if (label) return label.textContent.trim().replace(/[:：]$/, "");
  const cell = field.closest("td");
  const table = cell?.closest("table");
  const column = table?.querySelector(`thead th:nth-child(${cell.cellIndex + 1})`);
  return column ? column.textContent.trim() : "";
}

function hasLabel(field) {
  return field.labels?.length || field.getAttribute("aria-label") || field.getAttribute("aria-labelledby");
}

/** Fields of tables of rows have a heading above them and no label of their own. */
function nameFields(root) {
  for (const field of root.querySelectorAll(".tabular td :is(input, select, textarea)")) {
    if (field.type === "hidden" || hasLabel(field)) continue;
    const name = nameOf(field);
    if (name) field.setAttribute("aria-label", name);
  }
}

/** What select2 puts in place of a select is named after it. */
function nameSelections(root) {
  for (const select of root.querySelectorAll("select.select2-hidden-accessible")) {
    const box = select.nextElementSibling?.querySelector(".select2-selection");
    const name = select.getAttribute("aria-label") || nameOf(select);
    if (!box || !name) continue;
    box.setAttribute("aria-label", name);
    box.querySelector(".select2-selection__rendered")?.setAttribute("aria-label", name);
  }
}

function nameAll() {
  nameFields(document);
  nameSelections(document);
  for (const hint of document.querySelectorAll("span.help-tooltip[aria-label]")) {
    hint.setAttribute("role", "img");
  }
}

/** Widgets and rows come when other scripts make them, which may be long after the page. */
function isFieldLike(node) {
  return node.nodeType === Node.ELEMENT_NODE && node.matches("tr, .select2-container, .selector");
}

const observer = new MutationObserver((changes) => {
  if (changes.some((change) => [...change.addedNodes].some(isFieldLike))) nameAll();
});
observer.observe(document.body, { childList: true, subtree: true });
nameAll();
