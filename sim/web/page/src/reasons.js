// Why one employee did or did not read and post in a week, in the words of the command line's `explain`.
import { html } from "./dom.js";
import { number, percent, sentence, text } from "./texts.js";

const KINDS = ["work", "question", "social"];
const MOST_DECIMALS = 7; // of a percentage; enough to tell two draws of 32 bits apart
const WIDEST = 4; // utility at which a bar fills its half

// --- both launches in one table, in words ---

const SIZES = [[0.1, "none"], [0.5, "little"], [1.5, "some"], [Infinity, "much"]]; // of a push, in logits
const LEAST_APART = 0.1;

// Why under both launches: what differs most comes first, and what is alike is left to the numbers below.
export function comparedNodes(replies, week) {
  const tellings = ["a", "b"].map((which) => replies[which].telling);
  if (tellings.some((one) => !one)) return [];
  const rows = (decision, valueOf) => {
    const [a, b] = tellings.map((telling) => new Map((telling[decision]?.rows ?? []).map((row) => [row.name, valueOf(row, telling)])));
    const names = [...new Set([...a.keys(), ...b.keys()])];
    return names
      .map((name) => ({ name, a: a.get(name) ?? 0, b: b.get(name) ?? 0, isThere: tellings.map((telling) => telling[decision] !== null) }))
      .filter(({ a: one, b: other }) => Math.max(Math.abs(one), Math.abs(other)) >= LEAST_APART)
      .toSorted((one, other) => Math.abs(other.a - other.b) - Math.abs(one.a - one.b));
  };
  const part = (decision, valueOf, title, chance) => {
    if (tellings.every((telling) => !telling[decision])) return [];
    const cell = (which, value, isThere) => html("td", {}, isThere ? strength(value) : text("explain.not_there"));
    return html(
      "table",
      { class: "compared" },
      html("caption", {}, title),
      html("thead", {}, html("tr", {}, html("td", {}), ["a", "b"].map((which) => html("th", { scope: "col" }, html("span", { class: `badge ${which}` }, which.toUpperCase()))))),
      html("tbody", {}, rows(decision, valueOf).map(({ name, a, b, isThere }) => html("tr", { class: Math.abs(a - b) >= LEAST_APART ? "differs" : "" }, html("th", { scope: "row" }, sentence(text(`explain.${decision}_name.${name}`))), cell("a", a, isThere[0]), cell("b", b, isThere[1])))),
      html("tfoot", {}, html("tr", {}, html("th", { scope: "row" }, chance), tellings.map((telling) => html("td", {}, telling[decision] ? percent(telling[decision].p, 1) : text("explain.not_there"))))),
    );
  };
  // Of posting, the kind of post that was nearest is told.
  const kindOf = (telling) => KINDS.toSorted((one, other) => telling.posting.sums[other] - telling.posting.sums[one])[0];
  return [
    html("h3", {}, text("page.why_in_week", { week })),
    html("p", { class: "note" }, text("page.why_explained")),
    part("reading", (row) => row.utility, text("explain.reading"), text("page.chance_read")),
    part("posting", (row, telling) => row[kindOf(telling)] ?? 0, text("explain.posting"), text("page.chance_post")),
  ].flat();
}

function strength(value) {
  const [, size] = SIZES.find(([most]) => Math.abs(value) < most);
  if (size === "none") return text("page.push.none");
  const side = value > 0 ? "for" : "against";
  return html("span", { class: value > 0 ? "push up" : "push down" }, text(`page.push.${side}.${size}`));
}

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
