// A launch of one's own: measures from a budget, placed over the weeks, against a goal. What counts is in how many plausible
// worlds the goal is reached; luck is averaged away. Every plan was run beforehand, so each edition says the same.
import { html, svg } from "../dom.js";
import { save, saved } from "../saved.js";
import { number, percent, text } from "../texts.js";
import { button } from "./parts.js";

const WIDTH = 320;
const HEIGHT = 92;
const SIDE = 14;

export function ownLaunchStep({ data, go }) {
  const { measures, when, budget, plans, plan_worlds: nWorlds } = data.lesson;
  const { plan = {}, tries = [] } = saved()?.own_launch ?? {};
  const price = Object.fromEntries(measures.map((one) => [one.name, one.price]));

  const spent = () => Object.keys(plan).reduce((sum, name) => sum + price[name], 0);
  const keyOf = () => measures.map(({ name }) => (name in plan ? when.indexOf(plan[name]) + 1 : 0)).join("");
  const scoreOf = (key) => plans.reached[key].filter((value) => value >= 1000 * plans.goal).length;
  const keep = () => save({ own_launch: { plan, tries } });

  function place(name, week) {
    if (plan[name] === week) delete plan[name];
    else plan[name] = week;
    keep();
    redraw();
    document.getElementById(`place-${name}-${week}`)?.focus();
  }

  function launch() {
    const key = keyOf();
    if (!tries.includes(key)) tries.push(key);
    keep();
    redraw();
    document.getElementById("own-score")?.focus();
  }

  const redraw = () => go("launch");

  function row({ name }) {
    const isTooDear = (week) => !(name in plan) && spent() + price[name] > budget && plan[name] !== week;
    return html(
      "tr",
      {},
      html("th", { scope: "row" }, text(`lesson.measure.${name}`), html("small", {}, text(`lesson.measure.${name}.what`))),
      html("td", {}, text("lesson.own.price", { n: number(price[name]) })),
      when.map((week) =>
        html("td", {}, html("button", { type: "button", id: `place-${name}-${week}`, "aria-pressed": String(plan[name] === week), disabled: isTooDear(week), "aria-label": `${text(`lesson.measure.${name}`)}, ${weekWords(week)}`, onclick: () => place(name, week) }, plan[name] === week ? "✓" : "+")),
      ),
    );
  }

  const weekWords = (week) => (week === 0 ? text("lesson.own.at_start") : text("lesson.own.week", { week: number(week) }));

  // A dot for each world, at what it reaches; the line is the goal.
  function worldDots(key) {
    const values = plans.reached[key].toSorted((one, other) => one - other);
    const most = Math.max(2.5 * 1000 * plans.goal, ...values);
    const x = (value) => SIDE + (value / most) * (WIDTH - 2 * SIDE);
    const ends = [];
    const dots = values.map((value) => {
      const level = ends.findIndex((end) => x(value) - end >= 13);
      const at = level < 0 ? ends.length : level;
      ends[at] = x(value);
      return svg("circle", { class: value >= 1000 * plans.goal ? "result a" : "result missed", cx: x(value), cy: HEIGHT - 30 - 13 * at, r: 6 });
    });
    const goal = x(1000 * plans.goal);
    return svg(
      "svg",
      { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "world-dots", role: "img", "aria-label": text("lesson.own.dots", { reached: number(scoreOf(key)), all: number(nWorlds), low: percent(values[0] / 1000), high: percent(values.at(-1) / 1000) }) },
      svg("line", { class: "zero", x1: SIDE, x2: WIDTH - SIDE, y1: HEIGHT - 22, y2: HEIGHT - 22 }),
      svg("line", { class: "mean", x1: goal, x2: goal, y1: 4, y2: HEIGHT - 22 }),
      svg("text", { class: "tick", x: goal, y: HEIGHT - 6, "text-anchor": "middle" }, text("lesson.own.goal_mark", { goal: percent(plans.goal) })),
      dots,
    );
  }

  function results() {
    if (!tries.length) return null;
    const key = tries.at(-1);
    const best = Math.max(...tries.map(scoreOf));
    const possible = Math.max(...Object.keys(plans.reached).map(scoreOf));
    return html(
      "div",
      { class: "own-result" },
      html("p", { class: "big", id: "own-score", tabindex: -1, role: "status" }, text("lesson.own.score", { reached: number(scoreOf(key)), all: number(nWorlds) })),
      worldDots(key),
      html("p", { class: "note" }, text("lesson.own.compare", { none: number(scoreOf("0".repeat(measures.length))), best: number(best), tries: number(tries.length), possible: number(possible) })),
    );
  }

  return () => ({
    title: text("lesson.own.title"),
    nodes: [
      html("p", {}, text("lesson.own.task", { budget: number(budget), goal: percent(plans.goal), all: number(nWorlds) })),
      html(
        "table",
        { class: "measures" },
        html("caption", {}, text("lesson.own.left", { left: number(budget - spent()), budget: number(budget) })),
        html("thead", {}, html("tr", {}, html("th", { scope: "col" }, text("lesson.own.measure")), html("th", { scope: "col" }, text("lesson.own.costs")), when.map((week) => html("th", { scope: "col" }, weekWords(week))))),
        html("tbody", {}, measures.map(row)),
      ),
      html("p", { class: "onward" }, button(text("lesson.own.launch"), launch, { class: "primary next", id: "own-launch" })),
      results(),
      html("p", { class: "onward" }, button(text("lesson.to.debrief"), () => go("debrief"), { class: tries.length ? "primary next" : "before" })),
    ],
  });
}
