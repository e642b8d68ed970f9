// The own result against the own prediction, with luck in sight; then the class.
import { ageBands, ageResult, CARD_OUTCOME } from "../card.js";
import { html } from "../dom.js";
import { number, percent, text } from "../texts.js";
import { comparison, verdict } from "../verdict.js";
import { classPart } from "./class_part.js";
import { dotRows } from "./dots.js";
import { badge, button } from "./parts.js";
import { winnerWords } from "./predicted.js";

const LEAST_RUNS = 6; // with fewer, even all runs for one side may be luck at 5%

export function debriefStep(context) {
  const { store, data, go } = context;
  const outcome = data.outcomes.find(({ name }) => name === CARD_OUTCOME);
  const theClass = classPart(context);

  const judged = (isRight) => html("p", { class: isRight ? "judged right" : "judged" }, text(isRight ? "lesson.debrief.right" : "lesson.debrief.wrong"));

  function winnerPart({ answers }, { winner }) {
    const { known, wins, losses, which, chance, isClear } = comparison(outcome, answers);
    const came = which && isClear ? which : "same";
    const runs = answers.a.request.seeds.length;
    const luck = which
      ? text("lesson.debrief.luck", { launch: which.toUpperCase(), other: which === "a" ? "B" : "A", wins: number(wins), losses: number(losses), n: number(known), chance: percent(chance) })
      : text("page.result.even");
    return [
      html("h3", {}, text("lesson.debrief.winner")),
      html("p", {}, text("lesson.debrief.predicted", { what: winnerWords(winner) })),
      html("p", {}, verdict(outcome, answers)),
      html("p", {}, luck, " ", text(came === "same" ? "lesson.debrief.so.unclear" : "lesson.debrief.so.clear")),
      runs < LEAST_RUNS ? html("p", { class: "note" }, text("lesson.debrief.few_runs", { n: number(runs), least: number(LEAST_RUNS) })) : null,
      judged(winner === came),
      dotRows(
        ["a", "b"].map((which) => ({ which, label: [badge(which), ` ${text(`page.launch.${which}`)}`], name: text(`page.launch.${which}`), values: answers[which].outcomes[CARD_OUTCOME] })),
        text("lesson.dots.runs"),
      ),
    ];
  }

  function agePart({ answers }, { age }) {
    const { younger, older } = ageBands(answers);
    const came = ageResult({ younger: younger.share, older: older.share });
    const head = [html("h3", {}, text("lesson.debrief.age")), html("p", {}, text("lesson.debrief.predicted", { what: text(`lesson.predicted.age.${age}`) }))];
    if (came === null) return [...head, html("p", {}, text("lesson.debrief.too_few"))];
    const shares = { younger: percent(younger.share), older: percent(older.share) };
    return [
      ...head,
      html("p", {}, text("lesson.debrief.posted", shares), " ", text(`lesson.debrief.ages.${came}`)),
      judged(age === came),
      html("p", {}, text("lesson.debrief.about_age")),
    ];
  }

  return () => {
    const { own, prediction } = store.now;
    const mine = own
      ? html("div", { id: "own-debrief" }, winnerPart(own, prediction), agePart(own, prediction))
      : html("p", { class: "note" }, text("lesson.debrief.not_yet"), " ", button(text("lesson.to.predict"), () => go(prediction ? "run" : "predict"), { class: "light" }));
    return { title: text("lesson.debrief.title"), nodes: [mine, theClass.nodes()] };
  };
}
