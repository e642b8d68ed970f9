// Be one of them: three short days of an employee. First one decides, then the page says what decides in the model.
import { html } from "../dom.js";
import { save, saved } from "../saved.js";
import { percent, text } from "../texts.js";
import { button } from "./parts.js";

const FACTS = { read: ["unread", "colleagues", "boss_away"], post: ["question", "boss", "colleagues_quiet"], again: ["silence", "rules", "idea"] };

export function daysStep({ data, go }) {
  const { days } = data.lesson;
  const chosen = saved()?.days ?? []; // true where one did it
  let day = Math.min(chosen.length, days.length);
  let isTold = false;

  function choose(did) {
    chosen[day] = did;
    save({ days: chosen });
    isTold = true;
    go("you");
  }

  function next() {
    day += 1;
    isTold = false;
    go("you");
  }

  function again() {
    chosen.length = 0;
    save({ days: chosen });
    day = 0;
    isTold = false;
    go("you");
  }

  const bar = (share, most) => {
    const node = html("span", { class: "count-bar came" });
    node.style.width = `${(100 * share) / most}%`;
    return html("span", { class: "count-room", "aria-hidden": "true" }, node);
  };

  // What the chance of such a day depends on, the largest difference first.
  function causes({ name, because }) {
    const sorted = because.toSorted((one, other) => Math.abs(other.with - other.without) - Math.abs(one.with - one.without));
    const most = Math.max(...sorted.flatMap((one) => [one.with, one.without]));
    const row = (words, share) => html("tr", {}, html("th", { scope: "row" }, words), html("td", {}, html("span", { class: "count" }, html("span", { class: "n" }, percent(share)), bar(share, most))));
    return html(
      "table",
      { class: "causes" },
      html("caption", {}, text(`lesson.day.${name}.table`)),
      sorted.map((one) => html("tbody", {}, row(text(`lesson.cause.${one.name}.with`), one.with), row(text(`lesson.cause.${one.name}.without`), one.without))),
    );
  }

  function one() {
    const { name, share } = days[day];
    const facts = html("ul", { class: "day-facts" }, FACTS[name].map((fact) => html("li", { class: fact }, text(`lesson.fact.${fact}`))));
    if (!isTold) {
      return [
        facts,
        html("p", { class: "big" }, text(`lesson.day.${name}.question`)),
        html("p", { class: "onward" }, ["yes", "no"].map((did) => button(text(`lesson.day.${name}.${did}`), () => choose(did === "yes"), { class: "primary next", id: `day-${did}` }))),
      ];
    }
    const what = chosen[day] ? "did" : "did_not";
    return [
      html("p", { class: "big" }, text(`lesson.day.${name}.${what}`, { share: percent(share) })),
      causes(days[day]),
      html("p", { class: "onward" }, button(text(day + 1 < days.length ? "lesson.day.next" : "lesson.day.rule"), next, { class: "primary next" })),
    ];
  }

  function rule() {
    return [
      html("p", { class: "big" }, text("lesson.rule.1")),
      html("ul", { class: "rule" }, ["gain", "colleagues", "habit", "risk", "fit"].map((name) => html("li", {}, text(`lesson.rule.${name}`)))),
      html("p", {}, text("lesson.rule.luck")),
      html("p", {}, text("lesson.rule.age")),
      html("p", { class: "onward" }, button(text("lesson.to.first"), () => go("first"), { class: "primary next" }), button(text("lesson.day.again"), again, { class: "before" })),
    ];
  }

  return () => {
    const isRule = day >= days.length;
    return {
      title: isRule ? text("lesson.rule.title") : text("lesson.day.title", { n: day + 1, all: days.length }),
      nodes: isRule ? rule() : [day === 0 && !isTold ? html("p", {}, text("lesson.day.intro")) : null, one()],
    };
  };
}
