// A dialog stands in the page only while it is open. A browser undoes what was typed in the whole
// page, step by step; with the dialog gone its steps are none, and Ctrl+Z stays with the text.

export function show(dialog) {
  if (dialog.open) return;
  document.body.append(dialog);
  dialog.showModal();
  dialog.addEventListener("close", () => dialog.remove(), { once: true });
}
