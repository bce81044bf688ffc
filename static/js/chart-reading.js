// Reading a chart with pointer or keys: the value under the pointer, or the one the arrow
// keys have reached, is printed under the chart and announced. Bars and columns say their
// own values (data-label); a line chart is read by period from the data table beside it.

const SVG = "http://www.w3.org/2000/svg";

function pointStops(svg) {
  return [...svg.querySelectorAll(".point")].map((point) => ({
    text: point.dataset.label,
    show: () => point.classList.add("point--current"),
    hide: () => point.classList.remove("point--current"),
    near: (x, y) => distance(point.getBoundingClientRect(), x, y),
  }));
}

function distance(box, x, y) {
  const dx = Math.max(box.left - x, 0, x - box.right);
  const dy = Math.max(box.top - y, 0, y - box.bottom);
  return Math.hypot(dx, dy);
}

// Where the periods stand: all places, or the first with a step.
function places(svg) {
  const given = svg.dataset.x.split(" ").map(Number);
  const { step, count } = svg.dataset;
  if (step === undefined) return given;
  return Array.from({ length: Number(count) }, (_, index) => given[0] + index * Number(step));
}

// What a cell says: why it is empty, or its value with what only its looks tell.
function said(cell) {
  const note = cell.dataset.note ? ` (${cell.dataset.note})` : "";
  return cell.title || `${cell.textContent.trim()}${note}`;
}

// One text a period: "2018年末 — 微众银行 0.64%, …", from the rows of the data table.
function rowTexts(table) {
  const names = [...table.tHead.rows[0].cells].slice(1).map((cell) => cell.textContent.trim());
  const texts = [...table.tBodies[0].rows].map((row) => {
    const [period, ...values] = [...row.cells].map(said);
    const parts = values.map((value, index) => (names.length > 1 ? `${names[index]} ${value}` : value));
    return `${period} — ${parts.join(" · ")}`;
  });
  return table.dataset.order === "descending" ? texts.reverse() : texts;
}

// Where the plots stand, as right, top, bottom: one, or a panel for each series.
function plots(svg) {
  return svg.dataset.plots.split(" ").map((plot) => plot.split(",").map(Number));
}

function periodStops(svg, table) {
  const texts = rowTexts(table);
  const xs = places(svg);
  if (texts.length !== xs.length) return [];
  const cursor = document.createElementNS(SVG, "path");
  cursor.setAttribute("class", "cursor");
  svg.append(cursor);
  const panels = plots(svg);
  const path = (x) => panels.map(([right, top, bottom]) => `M${x + right} ${top}V${bottom}`);
  return xs.map((x, index) => ({
    text: texts[index],
    show: () => cursor.setAttribute("d", path(x).join("")),
    hide: () => cursor.setAttribute("d", ""),
    near: (clientX) => {
      const at = toUser(svg, clientX);
      return Math.min(...panels.map(([right]) => Math.abs(at - x - right)));
    },
  }));
}

function toUser(svg, clientX) {
  const box = svg.getBoundingClientRect();
  return ((clientX - box.left) / box.width) * svg.viewBox.baseVal.width;
}

function stopsOf(svg, chart) {
  if (svg.dataset.x === undefined) return pointStops(svg);
  const table = chart.querySelector("table[data-readings]");
  return table ? periodStops(svg, table) : [];
}

class Reading {
  constructor(svg, stops, output) {
    Object.assign(this, { svg, stops, output, index: -1 });
    svg.setAttribute("tabindex", "0");
    svg.addEventListener("pointermove", (event) => this.to(this.nearest(event)));
    svg.addEventListener("pointerdown", (event) => this.to(this.nearest(event)));
    svg.addEventListener("pointerleave", (event) => {
      if (event.pointerType === "mouse") this.clear();
    });
    svg.addEventListener("keydown", (event) => this.onKey(event));
    svg.addEventListener("blur", () => this.clear());
  }

  nearest({ clientX, clientY }) {
    const near = this.stops.map((stop) => stop.near(clientX, clientY));
    return near.indexOf(Math.min(...near));
  }

  onKey(event) {
    const last = this.stops.length - 1;
    const moves = {
      ArrowRight: Math.min(this.index + 1, last),
      ArrowDown: Math.min(this.index + 1, last),
      ArrowLeft: Math.max(this.index - 1, 0),
      ArrowUp: Math.max(this.index - 1, 0),
      Home: 0,
      End: last,
    };
    if (event.key === "Escape") this.clear();
    if (!(event.key in moves) || event.metaKey || event.ctrlKey || event.altKey) return;
    event.preventDefault();
    this.to(moves[event.key]);
  }

  to(index) {
    if (index === this.index) return;
    this.stops[this.index]?.hide();
    this.index = index;
    this.stops[index].show();
    this.svg.classList.add("chart__svg--reading");
    this.output.textContent = this.stops[index].text;
    // It keeps its height when it empties, so that nothing moves away from under a pointer.
    this.output.style.minBlockSize = `${this.output.offsetHeight}px`;
  }

  clear() {
    this.stops[this.index]?.hide();
    this.index = -1;
    this.svg.classList.remove("chart__svg--reading");
    this.output.textContent = "";
  }
}

for (const chart of document.querySelectorAll("[data-chart]")) {
  const output = document.createElement("p");
  output.className = "chart__reading";
  output.setAttribute("role", "status");
  const drawings = [...chart.querySelectorAll(".chart__svg")];
  for (const svg of drawings) {
    const stops = stopsOf(svg, chart);
    if (stops.length > 1) new Reading(svg, stops, output);
  }
  drawings.at(-1)?.after(output);
}
