// The steps on top of the page, with the minutes of each, and the choice between two lengths of the lesson.
import { html } from "../dom.js";
import { number, text } from "../texts.js";
import { PLANS, stepsOf, timesOf } from "./plan.js";

export function lessonBar(root, kind, { isOpen, go }) {
  let plan = PLANS[0];

  function show(now) {
    const times = timesOf(kind, plan);
    const focused = root.contains(document.activeElement) ? document.activeElement.id : null;
    const steps = stepsOf(kind).map((step, place) => {
      const [from, to] = times[step];
      const minutes = text("lesson.minutes", { from: number(from), to: number(to) });
      return html(
        "li",
        {},
        html(
          "button",
          { type: "button", id: `step-${step}`, "aria-current": step === now ? "step" : null, disabled: !isOpen(step), onclick: () => go(step) },
          html("span", { class: "name" }, `${place + 1} `, text(`lesson.step.${step}`)),
          html("span", { class: "minutes" }, minutes),
        ),
      );
    });
    const choice = html(
      "select",
      { id: "plan", "aria-label": text("lesson.plan"), onchange: () => { plan = Number(choice.value); show(now); } },
      PLANS.map((minutes) => html("option", { value: minutes, selected: minutes === plan }, text("lesson.plan_of", { minutes }))),
    );
    root.replaceChildren(html("ol", {}, steps), choice);
    root.hidden = false;
    if (focused) document.getElementById(focused)?.focus();
  }

  return { show };
}
