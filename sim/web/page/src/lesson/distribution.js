// What a class predicted and found: counts of predictions against results, and results launch by launch.
import { ageResult } from "../card.js";
import { labelOf } from "../controls.js";
import { html } from "../dom.js";
import { number, percent, shortNumber, text } from "../texts.js";
import { dotRows } from "./dots.js";
import { badge, launchWords } from "./parts.js";

const WINNERS = ["a", "same", "b"];
const AGES = ["younger", "same", "older"];
const MOST_PAIRS = 6;
const MOST_LAUNCHES = 10;

// `entries`: {card, came}, with `came` null where it is not known yet.
export function distribution(entries, launches) {
  return [winners(entries, launches), ages(entries), results(entries, launches)];
}

// What is set in the organization of a card, in words; size and plausible world do not tell rounds apart.
const NOT_TOLD = ["organization.employees", "run.weeks"];
const organizationOf = ({ both }) => Object.entries(both).filter(([path]) => !NOT_TOLD.includes(path) && !path.startsWith("behavior.")).map(([path, value]) => (typeof value === "number" ? `${labelOf(path)} ${shortNumber(value, 4)}` : labelOf(path))).join(", ");

function grouped(values, keyOf) {
  const groups = new Map();
  for (const value of values) {
    const key = keyOf(value);
    groups.set(key, [...(groups.get(key) ?? []), value]);
  }
  return [...groups.values()].toSorted((one, other) => other.length - one.length);
}

// Results of a launch may only be compared with those of the same one, so each pair of launches has a table of its own.
function winners(entries, launches) {
  const pairs = grouped(entries, ({ card }) => JSON.stringify([card.a, card.b, organizationOf(card)]));
  const tables = pairs.slice(0, MOST_PAIRS).map((pair) => {
    const [{ card }] = pair;
    const rows = WINNERS.map((winner) => ({
      label: winner === "same" ? text("lesson.winner.same") : [badge(winner), ` ${launchWords(launches, card[winner])}`],
      predicted: pair.filter((one) => one.card.prediction?.winner === winner).length,
      came: pair.filter((one) => one.came === winner).length,
    }));
    return countTable(rows, [text("lesson.class.pair", { n: number(pair.length) }), organizationOf(card)].filter(Boolean).join(". "), pair.some(({ came }) => came !== null));
  });
  const unknown = entries.filter(({ came }) => came === null).length;
  return html(
    "section",
    { class: "class-question" },
    html("h4", {}, text("lesson.question.winner")),
    tables,
    pairs.length > MOST_PAIRS ? html("p", { class: "note" }, text("lesson.class.more_pairs", { n: number(pairs.length - MOST_PAIRS) })) : null,
    unknown ? html("p", { class: "note" }, text("lesson.class.unchecked", { n: number(unknown) })) : null,
    hits(entries.filter((one) => one.came !== null && one.card.prediction), (one) => one.card.prediction.winner === one.came),
  );
}

function ages(all) {
  const entries = all.filter(({ card }) => card.prediction?.age);
  if (!entries.length) return null;
  const found = (one) => ageResult(one.card.result.posts);
  const rows = AGES.map((age) => ({
    label: text(`lesson.age.${age}`),
    predicted: entries.filter((one) => one.card.prediction?.age === age).length,
    came: entries.filter((one) => found(one) === age).length,
  }));
  return html(
    "section",
    { class: "class-question" },
    html("h4", {}, text("lesson.question.age")),
    countTable(rows, text("lesson.class.all", { n: number(entries.length) }), true),
    hits(entries.filter((one) => found(one) !== null && one.card.prediction), (one) => one.card.prediction.age === found(one)),
  );
}

function hits(entries, isRight) {
  if (!entries.length) return null;
  return html("p", { class: "hits" }, text("lesson.class.hits", { right: number(entries.filter(isRight).length), n: number(entries.length) }));
}

function countTable(rows, caption, hasResults) {
  const most = Math.max(1, ...rows.flatMap(({ predicted, came }) => [predicted, came]));
  const cell = (n, kind) => {
    const bar = html("span", { class: `count-bar ${kind}`, "aria-hidden": "true" });
    bar.style.width = `${(100 * n) / most}%`;
    return html("td", {}, html("span", { class: "count" }, html("span", { class: "n" }, number(n)), html("span", { class: "count-room", "aria-hidden": "true" }, bar)));
  };
  return html(
    "table",
    { class: "count-table" },
    html("caption", {}, caption),
    html("thead", {}, html("tr", {}, html("td", {}), html("th", { scope: "col" }, text("lesson.class.predicted")), html("th", { scope: "col" }, text("lesson.class.came_out")))),
    html("tbody", {}, rows.map(({ label, predicted, came }) => html("tr", {}, html("th", { scope: "row" }, label), cell(predicted, "predicted"), hasResults ? cell(came, "came") : html("td", {}, text("number.missing"))))),
  );
}

// Luck lies within a row, strategy between rows.
function results(entries, launches) {
  const runs = entries.flatMap(({ card }) => ["a", "b"].map((which) => ({ launch: card[which], organization: organizationOf(card), value: card.result[which] }))).filter(({ value }) => value !== null);
  const rows = grouped(runs, ({ launch, organization }) => JSON.stringify([launch, organization])).map((group) => {
    const values = group.map(({ value }) => value);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const name = [launchWords(launches, group[0].launch), group[0].organization].filter(Boolean).join(", ");
    return { which: null, name, values, mean, label: [html("span", {}, name), " ", html("span", { class: "quiet" }, text("lesson.class.mean", { mean: percent(mean, 1), n: number(values.length) }))] };
  });
  const shown = rows.slice(0, MOST_LAUNCHES).toSorted((one, other) => other.mean - one.mean);
  return html(
    "section",
    { class: "class-question" },
    html("h4", {}, text("lesson.class.results")),
    html("p", {}, text("lesson.class.read")),
    dotRows(shown, text("lesson.dots.cards")),
    rows.length > MOST_LAUNCHES ? html("p", { class: "note" }, text("lesson.class.more_launches", { n: number(rows.length - MOST_LAUNCHES) })) : null,
  );
}
