// One employee's reasons: whom to ask, and what to look at.
import { html } from "../dom.js";
import { LAUNCHES } from "../launches.js";
import { number, text } from "../texts.js";
import { button, onward } from "./parts.js";

const YOUNG = 30;
const OLD = 50;

// The first in the picture of each kind, with a week that tells something: {kind, employee, week}.
function suggestions({ answers, weeks }) {
  const { employee, age } = answers.a.people;
  const isTold = (one) => answers.a.explained?.includes(one) ?? true; // recorded runs have reasons of a few
  const [inA, inB] = LAUNCHES.map((which) => answers[which].people);
  const placeInB = new Map(inB.employee.map((one, place) => [one, place]));
  const firstPosts = (place) => [inA.first_post[place], inB.first_post[placeInB.get(employee[place])] ?? null];
  const middle = Math.max(1, Math.round(weeks / 2));
  const kinds = {
    young_silent: (place) => age[place] < YOUNG && firstPosts(place).every((week) => week === null),
    old_posting: (place) => age[place] >= OLD && firstPosts(place)[0] !== null,
    one_only: (place) => firstPosts(place).filter((week) => week !== null).length === 1,
  };
  const found = Object.entries(kinds).flatMap(([kind, isOne]) => {
    const place = employee.findIndex((one, at) => isTold(one) && isOne(at));
    if (place < 0) return [];
    const [first] = firstPosts(place).filter((week) => week !== null);
    return [{ kind, employee: employee[place], age: age[place], week: first ?? middle }];
  });
  const others = (answers.a.explained ?? []).filter((one) => !found.some((other) => other.employee === one));
  return [...found, ...others.map((one) => ({ kind: "other", employee: one, age: age[employee.indexOf(one)], week: middle }))];
}

const wordsOf = ({ kind, employee, age }) => ({ n: number(employee), ...(kind === "other" ? { age: number(age) } : {}) });

export function whyStep({ store, person, player, go, rounds, onwardFrom }) {
  function ask({ employee, week }) {
    player.pause();
    store.set({ employee, week });
    person.ask();
  }

  return () => {
    const { answers } = store.now;
    if (!answers) return { title: text("lesson.step.why"), nodes: [] };
    const choices = suggestions(store.now).map((one) =>
      html("li", {}, button(text(`lesson.why.${one.kind}`, wordsOf(one)), () => ask(one), { class: "light" })),
    );
    return {
      title: text("lesson.why.title"),
      nodes: [
        html("p", {}, text("lesson.why.pick")),
        html("ul", { class: "suggestions" }, choices),
        html("p", {}, text("lesson.why.read")),
        onward({ go }, rounds ? onwardFrom(store.now.round) : "save"),
      ],
    };
  };
}
