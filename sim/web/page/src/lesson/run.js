// The run that was predicted; after it, whatever one likes to try.
import { CARD_OUTCOME } from "../card.js";
import { byId, html } from "../dom.js";
import { text } from "../texts.js";
import { button, launchNow, onward, twoLaunches } from "./parts.js";
import { comparison } from "../verdict.js";
import { predictionWords } from "./predicted.js";

// What to look at; of a difference that may be luck nothing is asked.
const LOOKS = { clear: ["verdict", "band", "network", "try"], unclear: ["verdict", "unclear", "network", "try"] };

export function runStep({ store, data, launches, go }) {
  const outcome = data.outcomes.find(({ name }) => name === CARD_OUTCOME);
  return () => {
    const { own, prediction, computing } = store.now;
    if (!prediction) return { title: text("lesson.step.run"), nodes: [] };
    const before = () => [
      twoLaunches(launches, launchNow(launches, "a"), launchNow(launches, "b")),
      html("p", {}, predictionWords(prediction)),
      html("p", { class: "onward" }, button(text(computing ? "page.stop" : "page.run"), () => byId("run").click(), { class: "primary next", id: "run-predicted" })),
      html("p", { class: "note" }, text("lesson.run.before")),
    ];
    const after = () => [
      html("p", {}, text("lesson.run.after")),
      html("ul", { class: "look" }, LOOKS[comparison(outcome, own.answers).isClear ? "clear" : "unclear"].map((name) => html("li", {}, text(`lesson.run.look.${name}`)))),
      onward({ go }, "why"),
    ];
    return { title: text(own ? "lesson.run.title_after" : "lesson.run.title"), nodes: own ? after() : before() };
  };
}
