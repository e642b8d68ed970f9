// Dots on a line, one line for each launch: how far results lie apart, and where their mean is.
import { scaleLinear } from "d3-scale";

import { whenResized } from "../canvas.js";
import { html, svg } from "../dom.js";
import { number, percent, text, tickTexts } from "../texts.js";

const RADIUS = 5;
const ROOM = 2 * RADIUS + 1;
const SIDE = 16;
const AXIS = 24;

// `rows`: {which: "a", "b" or null, label: nodes, name, values: shares}.
export function dotRows(rows, title) {
  const known = rows.map((row) => ({ ...row, values: row.values.filter((value) => value !== null).toSorted((one, other) => one - other) })).filter(({ values }) => values.length);
  const most = Math.max(0.01, ...known.flatMap(({ values }) => values));
  const charts = known.map((row) => ({ row, root: html("div", { class: "dots" }) }));
  const figure = html(
    "figure",
    { class: "dot-figure" },
    html("figcaption", {}, title),
    charts.map(({ row, root }) => html("div", { class: "dot-row" }, html("span", { class: "dot-label" }, row.label), root)),
    html("p", { class: "note" }, text("lesson.dots.axis")),
  );
  for (const { row, root } of charts) whenResized(root, (width) => draw(root, row, width, most));
  return figure;
}

function draw(root, { which, name, values }, width, most) {
  const x = scaleLinear([0, most], [SIDE, width - SIDE]).nice(4);
  const stacked = stack(values.map(x));
  const height = Math.max(1, ...stacked.map(([, level]) => level + 1)) * ROOM + 8;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const summary = text("lesson.dots.summary", { name, n: number(values.length), low: percent(values[0], 1), high: percent(values.at(-1), 1), mean: percent(mean, 1) });
  const ticks = x.ticks(Math.min(5, Math.floor(width / 60)));
  const words = tickTexts(ticks, "percent");
  root.replaceChildren(
    svg(
      "svg",
      { width, height: height + AXIS, role: "img", "aria-label": summary },
      ticks.map((tick, place) => [
        svg("line", { class: "grid", x1: x(tick), x2: x(tick), y1: 0, y2: height }),
        svg("text", { class: "tick", x: x(tick), y: height + 16, "text-anchor": "middle" }, words[place]),
      ]),
      svg("line", { class: "zero", x1: SIDE, x2: width - SIDE, y1: height, y2: height }),
      stacked.map(([at, level]) => svg("circle", { class: `result ${which ?? ""}`, cx: at, cy: height - 4 - RADIUS - level * ROOM, r: RADIUS })),
      svg("line", { class: "mean", x1: x(mean), x2: x(mean), y1: 0, y2: height }),
    ),
  );
}

// Rising positions, each with the level at which it touches no other.
function stack(positions) {
  const ends = [];
  return positions.map((at) => {
    const free = ends.findIndex((end) => at - end >= ROOM);
    const level = free < 0 ? ends.length : free;
    ends[level] = at;
    return [at, level];
  });
}
