// What came out, in two sentences: how far apart, in how many pairs of runs, and whether that can be luck.
import { shown } from "./curves.js";
import { sameValue } from "./launches.js";
import { sentence, text } from "./texts.js";

const LUCK = 0.05; // two-sided sign test

export function verdict(outcome, answers) {
  const [a, b] = [answers.a, answers.b].map((answer) => answer.outcomes[outcome.name]);
  const n = a.length;
  const decimals = outcome.unit.includes("share") ? 1 : 2;
  const mean = (values) => {
    const known = values.filter((value) => value !== null);
    return known.length ? known.reduce((sum, value) => sum + value, 0) / known.length : null;
  };
  const name = sentence(text(`outcome.label.${outcome.name}`));
  const first = text("page.result", { outcome: name, a: shown(outcome, mean(a), decimals), b: shown(outcome, mean(b), decimals), n });
  const pairs = a.map((value, run) => [value, b[run]]).filter((pair) => pair.every((value) => value !== null));
  if (pairs.length < n || !n) return [first, text("page.result.missing", { n: n - pairs.length })].join(" ");
  const aheadA = pairs.filter(([one, other]) => one > other).length;
  const aheadB = pairs.filter(([one, other]) => one < other).length;
  if (aheadA === aheadB) return [first, text("page.result.even")].join(" ");
  const which = aheadA > aheadB ? "a" : "b";
  const wins = Math.max(aheadA, aheadB);
  const isSameStaff = sameValue(answers.a.scenario.organization, answers.b.scenario.organization);
  const values = { launch: text(`page.launch.${which}`), more: text(`outcome.more.${outcome.name}`), wins, n };
  const ahead = text(isSameStaff ? "page.result.ahead" : "page.result.ahead_in_pairs", values);
  return [first, ahead, text(chanceOf(wins, aheadA + aheadB) > LUCK ? "page.result.luck" : "page.result.sure")].join(" ");
}

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
