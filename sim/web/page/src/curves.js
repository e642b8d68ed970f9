// An outcome week by week, for both launches: the mean of the runs, and a band from the lowest to the highest run.
import { scaleLinear } from "d3-scale";
import { area, line } from "d3-shape";

import { whenResized } from "./canvas.js";
import { newId, svg } from "./dom.js";
import { LAUNCHES } from "./launches.js";
import { number, sentence, text, tickTexts, unitText, valueText } from "./texts.js";
import { LAST_WEEKS } from "./verdict.js";

const HEIGHT = { most: 300, least: 170 };
const MARGIN = { top: 16, right: 26, bottom: 42, left: 58 };
const DASHES = { a: null, b: "7 3" };

// Mean, lowest and highest of the runs in each week: {mean, low, high}, null where no run has a value.
export function summarized(runs) {
  const weeks = Math.max(0, ...runs.map((run) => run.length));
  return Array.from({ length: weeks }, (_, week) => {
    const values = runs.map((run) => run[week]).filter((value) => value !== null && value !== undefined);
    if (!values.length) return { mean: null, low: null, high: null };
    const sum = values.reduce((total, value) => total + value, 0);
    return { mean: sum / values.length, low: Math.min(...values), high: Math.max(...values) };
  });
}

export function curvesView(root) {
  const clip = newId("clip");
  let width = 0;
  let height = HEIGHT.most;
  let given = null; // {outcome, weeks, bands: {a, b}, ends: what counts of each launch, a mean over the last weeks, or null}
  let week = 0;
  let moving = null;

  function draw() {
    root.replaceChildren();
    moving = null;
    if (!width || !given) return;
    const { outcome, weeks, bands, ends } = given;
    const values = LAUNCHES.flatMap((which) => bands[which].flatMap(({ low, high }) => [low, high])).filter((value) => value !== null);
    const low = Math.min(0, ...values);
    const x = scaleLinear([0, weeks], [MARGIN.left, width - MARGIN.right]);
    const y = scaleLinear([low, Math.max(low + 0.01, ...values)], [height - MARGIN.bottom, MARGIN.top]).nice(5);
    const path = {
      line: line().defined(({ mean }) => mean !== null).x((_, place) => x(place + 1)).y(({ mean }) => y(mean)),
      area: area().defined(({ mean }) => mean !== null).x((_, place) => x(place + 1)).y0((one) => y(one.low)).y1((one) => y(one.high)),
    };
    const parts = () =>
      LAUNCHES.flatMap((which) => [
        svg("path", { class: `band ${which}`, d: path.area(bands[which]) }),
        svg("path", { class: `curve ${which}`, d: path.line(bands[which]), "stroke-dasharray": DASHES[which] }),
      ]);
    const cover = svg("rect", { x: 0, y: 0, height, width: 0 });
    const cursor = svg("line", { class: "cursor", y1: MARGIN.top, y2: height - MARGIN.bottom });
    root.append(
      svg(
        "svg",
        { width, height, role: "img", "aria-label": `${sentence(text(`outcome.label.${outcome.name}`))}. ${text(`outcome.meaning.${outcome.name}`)} ${spoken()}` },
        svg("clipPath", { id: clip }, cover),
        ...axes(x, y, outcome),
        ends ? svg("rect", { class: "counted", x: x(weeks - LAST_WEEKS + 0.5), width: x(weeks) - x(weeks - LAST_WEEKS + 0.5), y: MARGIN.top, height: height - MARGIN.bottom - MARGIN.top }) : null,
        svg("g", { class: "later" }, ...parts()),
        svg("g", { "clip-path": `url(#${clip})` }, ...parts()),
        ends ? LAUNCHES.map((which) => svg("line", { class: `end-mean ${which}`, x1: x(weeks - LAST_WEEKS + 0.5), x2: x(weeks) + 4, y1: y(ends[which]), y2: y(ends[which]) })) : null,
        cursor,
        ...labels(x, y),
      ),
    );
    moving = { x, cover, cursor };
    move();
  }

  function axes(x, y, outcome) {
    const nodes = [];
    const ticks = y.ticks(5);
    const words = tickTexts(ticks, outcome.read_as);
    for (const [place, tick] of ticks.entries()) {
      nodes.push(
        svg("line", { class: tick === 0 ? "zero" : "grid", x1: MARGIN.left, x2: width - MARGIN.right, y1: y(tick), y2: y(tick) }),
        svg("text", { class: "tick", x: MARGIN.left - 7, y: y(tick) + 4, "text-anchor": "end" }, words[place]),
      );
    }
    for (const tick of x.ticks(Math.min(10, Math.floor(width / 60))).filter(Number.isInteger)) {
      nodes.push(svg("text", { class: "tick", x: x(tick), y: height - MARGIN.bottom + 17, "text-anchor": "middle" }, number(tick)));
    }
    const middle = (MARGIN.top + height - MARGIN.bottom) / 2;
    nodes.push(
      svg("text", { class: "axis", x: (x.range()[0] + x.range()[1]) / 2, y: height - 6, "text-anchor": "middle" }, text("page.weeks_since_launch")),
      svg("text", { class: "axis", transform: `translate(13 ${middle}) rotate(-90)`, "text-anchor": "middle" }, sentence(text(`figure.unit.${outcome.name}`))),
    );
    return nodes;
  }

  // The means in some weeks, for those who hear the page.
  function spoken() {
    const { outcome, weeks, bands } = given;
    const some = [...new Set([1, 2, 3, 4].map((part) => Math.round((part * weeks) / 4)))];
    const values = (which) => some.map((place) => text("page.spoken_week", { week: place, value: valueText(outcome, bands[which][place - 1]?.mean ?? null) + unitText(outcome) })).join(", ");
    return LAUNCHES.map((which) => `${text(`page.launch.${which}`)}: ${values(which)}.`).join(" ");
  }

  // A and B at the end of their lines, apart from each other.
  function labels(x, y) {
    const ends = LAUNCHES.map((which) => {
      const place = given.bands[which].findLastIndex(({ mean }) => mean !== null);
      return place < 0 ? null : { which, x: x(place + 1), y: y(given.bands[which][place].mean) };
    }).filter(Boolean);
    if (ends.length === 2 && Math.abs(ends[0].y - ends[1].y) < 15) {
      const middle = (ends[0].y + ends[1].y) / 2;
      const isAbove = ends[0].y <= ends[1].y ? -1 : 1;
      ends[0].y = middle + 7.5 * isAbove;
      ends[1].y = middle - 7.5 * isAbove;
    }
    return ends.map((end) => svg("text", { class: `end ${end.which}`, x: end.x + 6, y: end.y + 5 }, end.which.toUpperCase()));
  }

  function move() {
    if (!moving) return;
    const place = moving.x(week);
    moving.cover.setAttribute("width", Math.max(0, place));
    moving.cursor.setAttribute("x1", place);
    moving.cursor.setAttribute("x2", place);
  }

  whenResized(root, (now) => {
    width = now;
    // As much as leaves networks, player and curves on one screen.
    height = Math.max(HEIGHT.least, Math.min(HEIGHT.most, Math.round(window.innerHeight * 0.32)));
    draw();
  });

  return {
    redraw: draw,
    show(what) {
      given = what;
      draw();
    },
    setWeek(now) {
      week = now;
      move();
    },
  };
}
