// Second half of the prediction: two questions. Once committed it stays, and so do the settings until they have been run.
import { html } from "../dom.js";
import { text } from "../texts.js";
import { launchNow, launchWords, onward, twoLaunches } from "./parts.js";

const WINNERS = ["a", "same", "b"];
const AGES = ["younger", "same", "older"];

export function guessStep({ store, launches, config, go }) {
  const chosen = { winner: null, age: null }; // before it is committed

  function question(name, answers, words) {
    const { prediction } = store.now;
    const given = prediction ? prediction[name] : chosen[name];
    return html(
      "fieldset",
      { class: "question", disabled: prediction !== null },
      html("legend", {}, text(`lesson.question.${name}`)),
      answers.map((answer) => {
        const id = `${name}-${answer}`;
        const field = html("input", { type: "radio", name, id, value: answer, required: true, checked: given === answer, onchange: () => (chosen[name] = answer) });
        return html("label", { for: id, class: "answer-choice" }, field, html("span", {}, words(answer)));
      }),
    );
  }

  // What the prediction is about: the launches of that moment, whatever is tried later.
  const about = (which) => store.now.prediction?.about[which] ?? launchNow(launches, which);

  function winnerWords(winner) {
    if (winner === "same") return text("lesson.winner.same");
    const launch = text(`page.launch.${winner}`);
    return `${launch}: ${launchWords(launches, about(winner))}`;
  }

  function commit(event) {
    event.preventDefault();
    if (store.now.prediction || !chosen.winner || !chosen.age) return;
    store.set({ prediction: Object.freeze({ ...chosen, about: { a: about("a"), b: about("b") } }) });
    go("run");
  }

  return () => {
    const isCommitted = store.now.prediction !== null;
    const form = html(
      "form",
      { id: "prediction", onsubmit: commit },
      question("winner", WINNERS, winnerWords),
      html("p", { class: "note" }, text("lesson.question.winner.note")),
      question("age", AGES, (age) => text(`lesson.age.${age}`)),
      html("p", { class: "note" }, text("lesson.question.age.note")),
      isCommitted
        ? html("p", { class: "committed", role: "status" }, text("lesson.committed"))
        : html("p", { class: "onward" }, html("button", { type: "button", class: "before", onclick: () => go("choose") }, text("lesson.back")), html("button", { type: "submit", class: "primary next", id: "commit" }, text("lesson.commit"))),
    );
    return {
      title: text("lesson.guess.title"),
      nodes: [
        config.question ? html("p", { class: "committed" }, config.question) : null,
        isCommitted ? null : [html("p", {}, text("lesson.guess.about")), twoLaunches(launches, about("a"), about("b"))],
        form,
        isCommitted ? onward({ go }, "run") : html("p", { class: "note" }, text("lesson.commit.note")),
      ],
    };
  };
}
