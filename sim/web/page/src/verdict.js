// What came out, in two sentences: how far apart, in how many pairs of runs, and whether that can be luck.
import { sameValue } from "./launches.js";
import { sentence, text, unitText, valueText } from "./texts.js";

const LUCK = 0.05; // two-sided sign test

// Which launch is ahead in more pairs of runs: {known, ties, wins, losses, which, chance, isClear}. `which` is null where both are as
// good; `known` counts the pairs in which both have a value.
export function comparison(outcome, answers) {
  const [a, b] = [answers.a, answers.b].map((answer) => answer.outcomes[outcome.name]);
  const pairs = a.map((value, run) => [value, b[run]]).filter((pair) => pair.every((value) => value !== null));
  const aheadA = pairs.filter(([one, other]) => one > other).length;
  const aheadB = pairs.filter(([one, other]) => one < other).length;
  const ties = pairs.length - aheadA - aheadB;
  return { known: pairs.length, ties, ...signTest(aheadA, aheadB) };
}

// Whether so many pairs for A and for B can be luck: {wins, losses, which, chance, isClear}.
export function signTest(aheadA, aheadB) {
  const which = aheadA === aheadB ? null : aheadA > aheadB ? "a" : "b";
  const wins = Math.max(aheadA, aheadB);
  const chance = which ? chanceOf(wins, aheadA + aheadB) : 1;
  return { wins, losses: Math.min(aheadA, aheadB), which, chance, isClear: chance <= LUCK };
}

export function verdict(outcome, answers) {
  const [a, b] = [answers.a, answers.b].map((answer) => answer.outcomes[outcome.name]);
  const n = a.length;
  const mean = (values) => {
    const known = values.filter((value) => value !== null);
    return known.length ? known.reduce((sum, value) => sum + value, 0) / known.length : null;
  };
  const said = (values) => valueText(outcome, mean(values)) + unitText(outcome);
  const name = sentence(text(`outcome.label.${outcome.name}`));
  const first = text(isLastWeeks(outcome, answers) ? "page.result.last_weeks" : "page.result", { outcome: name, a: said(a), b: said(b), n });
  const { known, ties, wins, which, isClear } = comparison(outcome, answers);
  const same = ties ? [text("page.result.ties", { n: ties })] : [];
  if (known < n || !n) return [first, text("page.result.missing", { n: n - known })].join(" ");
  if (ties === n) return [first, text("page.result.all_ties")].join(" ");
  if (!which) return [first, text("page.result.even"), ...same].join(" ");
  const isSameStaff = sameValue(answers.a.scenario.organization, answers.b.scenario.organization);
  const values = { launch: text(`page.launch.${which}`), more: text(`outcome.more.${outcome.name}`), wins, n };
  const ahead = text(isSameStaff ? "page.result.ahead" : "page.result.ahead_in_pairs", values);
  return [first, ahead, ...same, text(isClear ? "page.result.sure" : "page.result.luck")].join(" ");
}

export const LAST_WEEKS = 4;
// Whether the value of a run is the mean of its last four weeks, as it is for most outcomes.
export const isLastWeeks = (outcome, answers) => outcome.over_run === "mean" && answers.a.weeks >= LAST_WEEKS;

// How likely at least so many wins on one side are if each side is as good.
function chanceOf(wins, n) {
  let total = 0;
  let ways = 1; // n over k, for k = n, n - 1, ...
  for (let k = n; k >= wins; k -= 1) {
    total += ways;
    ways = (ways * k) / (n - k + 1);
  }
  return Math.min(1, (2 * total) / 2 ** n);
}
