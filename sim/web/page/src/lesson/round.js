// One round: the pair and the question, then the run that is played, then what came out against what was predicted.
import { CARD_OUTCOME } from "../card.js";
import { byId, html } from "../dom.js";
import { number, percent, text } from "../texts.js";
import { comparison, verdict } from "../verdict.js";
import { badge, button } from "./parts.js";
import { winnerWords } from "./predicted.js";

const WINNERS = ["a", "same", "b"];
const AGES = ["younger", "same", "older"];

export function roundSteps({ store, data, config, rounds, go, onwardFrom, live }) {
  const outcome = data.outcomes.find(({ name }) => name === CARD_OUTCOME);
  let chosen = { winner: null, age: null };
  let asksAgeNow = false; // the second question has a screen of its own

  const launchName = (which) => text(`page.scenario.${rounds.known[store.now.round][which]}`);
  const { as: asIs, free, free_ahead: freeAhead } = data.lesson.surprise;

  // What becomes of the first round where nobody minds something social, whichever way that comes out.
  function surprise() {
    const shares = { as_a: percent(asIs[0], 1), as_b: percent(asIs[1], 1), free_a: percent(free[0], 1), free_b: percent(free[1], 1) };
    return { ...shares, free: text(`lesson.round.first.free.${freeAhead}`, shares) };
  }
  const values = () => ({ ...surprise(), place: number(rounds.place + 1), runs: number(data.lesson.runs), n_worlds: number(data.lesson.worlds.values.length) });
  const words = (part) => text(`lesson.round.${store.now.round}.${part}`, values());

  const posters = () =>
    html(
      "div",
      { class: "pair" },
      ["a", "b"].map((which) => html("blockquote", { class: `poster ${which}` }, badge(which), html("p", {}, words(which)))),
    );

  function question(name, answers, label, given) {
    return html(
      "fieldset",
      { class: "question" },
      html("legend", {}, text(`lesson.question.${name}`)),
      answers.map((answer) => {
        const id = `${name}-${answer}`;
        const field = html("input", { type: "radio", name, id, value: answer, required: true, checked: given === answer, onchange: () => (chosen[name] = answer) });
        return html("label", { for: id, class: "answer-choice" }, field, html("span", {}, label(answer)));
      }),
    );
  }

  function commit(event) {
    event.preventDefault();
    const { asks_age: asksAge } = rounds.known[store.now.round];
    if (store.now.prediction || !chosen.winner) return;
    if (asksAge && !chosen.age) {
      asksAgeNow = true;
      go("guess");
      return;
    }
    const { winner, age } = chosen;
    chosen = { winner: null, age: null };
    asksAgeNow = false;
    store.set({ prediction: Object.freeze({ winner, age: asksAge ? age : null }) });
    go("run");
    rounds.run();
  }

  function guess() {
    const { asks_age: asksAge } = rounds.known[store.now.round];
    const isAge = asksAge && asksAgeNow;
    const back = () => {
      asksAgeNow = false;
      go("guess");
    };
    const onward = (words_) => html("p", { class: "onward" }, isAge ? button(text("lesson.back"), back, { class: "before" }) : null, html("button", { type: "submit", class: "primary next", id: "commit" }, words_));
    const asked = isAge
      ? [question("age", AGES, (age) => text(`lesson.age.${age}`), chosen.age), html("p", { class: "note" }, text("lesson.question.age.note"))]
      : [question("winner", WINNERS, (winner) => (winner === "same" ? text("lesson.winner.same") : [badge(winner), ` ${launchName(winner)}`]), chosen.winner)];
    return {
      title: words("title"),
      nodes: [
        isAge ? null : [html("p", {}, words("situation")), posters()],
        config.question ? html("p", { class: "committed" }, config.question) : null,
        !isAge && store.now.round === "first" ? live?.nodes() : null,
        html("form", { id: "prediction", onsubmit: commit }, asked, onward(text(asksAge && !isAge ? "lesson.next" : "lesson.commit_run"))),
      ],
    };
  }

  function run() {
    const { prediction, own, computing, isSeen } = store.now;
    if (!prediction) return { title: words("title"), nodes: [] }; // on the way to the question
    if (!own) {
      const bar = html("progress", { id: "round-progress", max: 1, "aria-label": text("page.run") });
      bar.value = store.now.progress ?? 0;
      return {
        title: words("title"),
        nodes: [
          html("p", {}, text("lesson.predicted_short", { what: winnerWords(prediction.winner) })),
          computing ? html("p", {}, bar) : null,
          html("p", { class: "onward" }, button(text(computing ? "page.stop" : "page.run"), rounds.run, { class: "primary next", id: "run-predicted" })),
        ],
      };
    }
    const { which, isClear } = comparison(outcome, own.answers);
    const came = which && isClear ? which : "same";
    const next = onwardFrom(store.now.round);
    return {
      title: words("title"),
      nodes: isSeen
        ? [
            html("p", { class: prediction.winner === came ? "judged right" : "judged" }, text("lesson.predicted_short", { what: winnerWords(prediction.winner) }), " ", text(prediction.winner === came ? "lesson.debrief.right" : "lesson.debrief.wrong")),
            html("p", { id: "round-verdict" }, verdict(outcome, own.answers)),
            html("p", {}, words(`came.${came}`)),
            html(
              "p",
              { class: "onward" },
              button(text(`lesson.to.${next}`), () => go(next), { class: "primary next" }),
              button(text("lesson.ask_why"), () => go("why"), { class: "before", id: "to-why" }),
            ),
          ]
        : [html("p", {}, text("lesson.watch"), " ", button(text("page.to_end"), () => byId("to-end").click(), { class: "light", id: "seen-it" }))],
    };
  }

  store.watch(["progress"], ({ progress }) => byId("round-progress") && progress !== null && (byId("round-progress").value = progress));
  return { guess, run };
}
