// Parts that several steps share.
import { labelOf } from "../controls.js";
import { html } from "../dom.js";
import { shortNumber, text } from "../texts.js";

export const button = (words, act, attributes = {}) => html("button", { type: "button", onclick: act, ...attributes }, words);

export const onward = (context, step) => html("p", { class: "onward" }, button(text(`lesson.to.${step}`), () => context.go(step), { class: "primary next" }));

export const badge = (which) => html("span", { class: `badge ${which}`, "aria-hidden": "true" }, which.toUpperCase());

// A launch as a card has it, in words. What comes from a file may hold anything; it stays text.
export function launchWords(launches, { scenario, overrides }) {
  const name = scenario === null ? text("page.scenario.own") : Object.hasOwn(launches.scenarios, scenario) ? text(`page.scenario.${scenario}`) : scenario;
  const changed = Object.entries(overrides).map(([path, value]) => {
    const label = path === "changes" ? text("page.timed_changes") : labelOf(path);
    if (typeof value === "number") return `${label} ${shortNumber(value, 4)}`;
    return label;
  });
  return changed.length ? text("lesson.with", { name, changed: changed.join(", ") }) : name;
}

// The two launches, one line each.
export function twoLaunches(launches, a, b) {
  return html(
    "ul",
    { class: "two" },
    [["a", a], ["b", b]].map(([which, launch]) => html("li", {}, badge(which), " ", html("span", {}, launchWords(launches, launch)))),
  );
}

// What is set now, in the form of a card.
export const launchNow = (launches, which) => ({ scenario: launches.scenario(which), overrides: launches.launchChanges(which) });
