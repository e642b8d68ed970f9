// The run that was predicted; after it, whatever one likes to try.
import { byId, html } from "../dom.js";
import { text } from "../texts.js";
import { button, launchNow, onward, twoLaunches } from "./parts.js";
import { predictionWords } from "./predicted.js";

export function runStep({ store, launches, go }) {
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
      html("ul", { class: "look" }, ["verdict", "band", "network", "try"].map((name) => html("li", {}, text(`lesson.run.look.${name}`)))),
      onward({ go }, "why"),
    ];
    return { title: text(own ? "lesson.run.title_after" : "lesson.run.title"), nodes: own ? after() : before() };
  };
}
