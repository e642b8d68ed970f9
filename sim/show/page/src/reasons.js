// Why one employee did or did not read and post in a week, in the words of the command line's `explain`.
import { html } from "./dom.js";
import { number, percent, text } from "./texts.js";

const KINDS = ["work", "question", "social"];
const MOST_DECIMALS = 7; // of a percentage; enough to tell two draws of 32 bits apart
const WIDEST = 4; // utility at which a bar fills its half

export function reasonsNodes(reply, nWeeks) {
  if (!reply.telling) {
    const key = reply.opens_in <= nWeeks ? "explain.opens_later" : "explain.opens_never";
    return [html("p", { class: "answer" }, text(key, { week: reply.opens_in }))];
  }
  const { telling } = reply;
  const { reading, posting } = telling;
  return [
    html("h4", {}, tellingTitle(telling)),
    ...part(text("explain.reading"), "reading", reading, [["utility", ""]], readingOutcome(reading)),
    ...(posting
      ? part(text("explain.posting"), "posting", posting, KINDS.map((kind) => [kind, text(`explain.${kind}`)]), postingOutcome(posting))
      : []),
    whatIf(reading, posting),
  ];
}

function tellingTitle({ kind, weekday, posting }) {
  const day = text(`explain.weekday.${weekday}`);
  if (kind !== "posted") return text(`explain.telling.${kind}`, { day });
  return text("explain.telling.posted", { day, kind: text(`explain.kind.${posting.chosen}`) });
}

// --- terms ---

function part(title, decision, said, columns, outcome) {
  const facts = Object.fromEntries(Object.entries(said.facts).map(([name, fact]) => [name, factText(fact)]));
  const isMany = columns.length > 1;
  const heads = isMany ? columns.map(([, label]) => label) : [text("explain.utility")];
  const rows = said.rows.map((row) =>
    html(
      "tr",
      {},
      html("th", { scope: "row" }, text(`explain.${decision}_term.${row.name}`, facts)),
      columns.map(([column]) => html("td", {}, bar(row[column]), term(row[column]))),
    ),
  );
  const sums = isMany ? columns.map(([column]) => (column === "social" && !said.may_be_social ? text("explain.not_allowed") : term(said.sums[column]))) : [term(said.sum)];
  return [
    html("p", { class: "answer" }, outcome),
    html(
      "table",
      { class: isMany ? "terms many" : "terms" },
      html("thead", {}, html("tr", {}, html("th", { scope: "col" }, title), heads.map((head) => html("th", { scope: "col" }, head)))),
      html("tbody", {}, rows),
      html("tfoot", {}, html("tr", {}, html("th", { scope: "row" }, text("explain.sum")), sums.map((sum) => html("td", {}, sum)))),
    ),
    said.nothing_from.length
      ? html("p", { class: "note" }, text("explain.nothing_from", { names: said.nothing_from.map((name) => text(`explain.${decision}_name.${name}`)).join(", ") }))
      : null,
  ];
}

const term = (value) => (value === null || value === undefined ? "" : number(value, 2, true));

function bar(value) {
  if (!value) return null;
  const width = Math.min(50, (50 * Math.abs(value)) / WIDEST);
  const node = html("span", { class: value > 0 ? "bar up" : "bar down", "aria-hidden": "true" });
  node.style.width = `${width}%`;
  return html("span", { class: "bars", "aria-hidden": "true" }, node);
}

function factText({ value, form, decimals }) {
  if (form === "text") return text(value);
  return form === "percent" ? percent(value, decimals) : number(value, decimals, form === "signed");
}

// --- what happened ---

function chanceAndLuck(p, draw) {
  for (let decimals = 1; decimals < MOST_DECIMALS; decimals += 1) {
    const texts = [percent(p, decimals), percent(draw, decimals)];
    if (texts[0] !== texts[1]) return texts;
  }
  return [percent(p, MOST_DECIMALS), percent(draw, MOST_DECIMALS)];
}

function readingOutcome({ outcome: name, lacking, p, p_own: own, p_prompt: prompt, draw }) {
  const outcome = text(`explain.${name}`, { lacking: number(lacking, 2), spare: number(lacking === null ? null : -lacking, 2) });
  const [chance, luck] = chanceAndLuck(p, draw);
  if (prompt === 0) return text("explain.read_chance_alone", { p: chance, draw: luck, outcome });
  return text("explain.read_chance", { own: percent(own, 1), p: chance, draw: luck, outcome });
}

function postingOutcome({ outcome: name, lacking, p, draw, chosen }) {
  const spare = number(lacking === null ? null : -lacking, 2);
  const outcome = text(`explain.${name}`, { lacking: number(lacking, 2), spare, kind: text(`explain.kind.${chosen}`) });
  const [chance, luck] = chanceAndLuck(p, draw);
  return text("explain.post_chance", { p: chance, draw: luck, outcome });
}

function whatIf(reading, posting) {
  const rows = (title, said) => [
    html("tr", {}, html("th", { scope: "rowgroup", colspan: 3 }, text(title, { p: percent(said.p, 1) }))),
    said.what_if.length
      ? said.what_if.map(({ case: name, p, outcome }) =>
          html("tr", {}, html("td", {}, text(`explain.case.${name}`)), html("td", {}, percent(p, 1)), html("td", {}, text(`explain.would.${outcome}`))),
        )
      : html("tr", {}, html("td", { colspan: 3 }, text("explain.nothing_helps"))),
  ];
  const heads = [text("explain.what_if"), text("explain.chance"), text("page.then")];
  return html(
    "table",
    { class: "what-if" },
    html("thead", {}, html("tr", {}, heads.map((head) => html("th", { scope: "col" }, head)))),
    html("tbody", {}, rows("explain.what_if_reading", reading), posting ? rows("explain.what_if_posting", posting) : []),
  );
}
