// The class as an ensemble: for each card the difference between the two messages, in the plausible world of its luck
// number. One picture: how many worlds lie on which side, and how far.
import { scaleLinear } from "d3-scale";

import { whenResized } from "../canvas.js";
import { html, svg } from "../dom.js";
import { number, text, tickTexts } from "../texts.js";

const RADIUS = 6;
const ROOM = 2 * RADIUS + 1;
const SIDE = 22;
const AXIS = 42;

// `points`: {difference: A minus B as a share, isOwn, isClear}.
export function worldsPicture(points, { a, b }, title) {
  const root = html("div", { class: "dots" });
  const n = (isSo) => points.filter(isSo).length;
  const counts = { a: n((one) => one.isClear && one.difference > 0), b: n((one) => one.isClear && one.difference < 0), n: points.length };
  const said = text("lesson.worlds.counts", { ...Object.fromEntries(Object.entries(counts).map(([name, value]) => [name, number(value)])), unclear: number(counts.n - counts.a - counts.b), name_a: a, name_b: b });
  const figure = html("figure", { class: "dot-figure", id: "worlds" }, html("figcaption", {}, title), root, html("p", { class: "big" }, said), html("p", { class: "note" }, text("lesson.worlds.note"), " ", points.some(({ isOwn }) => isOwn) ? text("lesson.worlds.ring") : ""));
  whenResized(root, (width) => draw(root, points, { a, b }, width, said));
  return figure;
}

function draw(root, points, { a, b }, width, said) {
  const most = Math.max(0.02, ...points.map(({ difference }) => Math.abs(difference)));
  const x = scaleLinear([-most, most], [SIDE, width - SIDE]).nice(4);
  const ends = [];
  const placed = points
    .toSorted((one, other) => one.difference - other.difference)
    .map((one) => {
      const at = x(-one.difference); // A to the left
      return { ...one, at };
    })
    .toSorted((one, other) => one.at - other.at)
    .map((one) => {
      const free = ends.findIndex((end) => one.at - end >= ROOM);
      const level = free < 0 ? ends.length : free;
      ends[level] = one.at;
      return { ...one, level };
    });
  const height = Math.max(60, (1 + Math.max(0, ...placed.map(({ level }) => level))) * ROOM + 16);
  const ticks = x.ticks(Math.min(7, Math.floor(width / 80)));
  const words = tickTexts(ticks, "percent").map((word) => word.replace(/^[^\d]+/, "").replace(/\s?%$/, "")); // either side counts up
  root.replaceChildren(
    svg(
      "svg",
      { width, height: height + AXIS, role: "img", "aria-label": said },
      svg("line", { class: "mean", x1: x(0), x2: x(0), y1: 0, y2: height }),
      svg("line", { class: "zero", x1: SIDE, x2: width - SIDE, y1: height, y2: height }),
      ticks.map((tick, place) => svg("text", { class: "tick", x: x(tick), y: height + 16, "text-anchor": "middle" }, words[place])),
      svg("text", { class: "side-name a", x: SIDE, y: height + 35 }, text("lesson.worlds.ahead", { name: a })),
      svg("text", { class: "side-name b", x: width - SIDE, y: height + 35, "text-anchor": "end" }, text("lesson.worlds.ahead", { name: b })),
      placed.map((one) => svg("circle", { class: ["result", one.isClear ? (one.difference > 0 ? "a" : "b") : "unclear", one.isOwn ? "own" : ""].join(" "), cx: one.at, cy: height - 4 - RADIUS - one.level * ROOM, r: RADIUS })),
    ),
  );
}
