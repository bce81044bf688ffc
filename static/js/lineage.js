// Opens the lineage of a value under its row. The link leads to a page of its own, whose tree is
// shown here; without this module, or when it cannot be had, the link is followed.

let opened = 0;

async function treeOf(link) {
  const response = await fetch(link.href, { headers: { Accept: "text/html" } });
  if (!response.ok) throw new Error(String(response.status));
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const tree = page.querySelector("[data-lineage-tree]");
  if (!tree) throw new Error("no tree");
  return document.adoptNode(tree);
}

function rowUnder(link, tree) {
  const above = link.closest("tr");
  const row = document.createElement("tr");
  const cell = document.createElement("td");
  cell.colSpan = above.cells.length;
  cell.append(tree);
  row.append(cell);
  row.id = `lineage-${(opened += 1)}`;
  above.after(row);
  link.setAttribute("aria-controls", row.id);
  return row;
}

async function toggle(link) {
  const row = document.getElementById(link.getAttribute("aria-controls") ?? "");
  if (row) {
    row.hidden = !row.hidden;
    link.setAttribute("aria-expanded", String(!row.hidden));
    return;
  }
  if (link.hasAttribute("aria-busy")) return;
  link.setAttribute("aria-busy", "true");
  try {
    rowUnder(link, await treeOf(link));
    link.setAttribute("aria-expanded", "true");
  } catch {
    location.assign(link.href);
  } finally {
    link.removeAttribute("aria-busy");
  }
}

for (const link of document.querySelectorAll("a[data-lineage]")) {
  link.setAttribute("role", "button");
  link.setAttribute("aria-expanded", "false");
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    toggle(link);
  });
  link.addEventListener("keydown", (event) => {
    if (event.key !== " ") return;
    event.preventDefault();
    toggle(link);
  });
}
