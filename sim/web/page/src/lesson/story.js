// The story before the model: three screens.
import { html, svg } from "../dom.js";
import { number, text } from "../texts.js";
import { badge, button } from "./parts.js";

const N_SCREENS = 3;
const MEANINGS = ["social", "collaboration", "broadcast"];
const COLLEAGUES = [[60, 34], [150, 20], [240, 40], [88, 96], [190, 104], [282, 92], [30, 74], [136, 62]];
const TIES = [[0, 7], [1, 7], [2, 7], [3, 7], [4, 7], [0, 6], [3, 6], [2, 5], [4, 5]];
const ACTIVE = [1, 4];

export function storyStep({ launches, go }) {
  let screen = 0;

  function turn(to) {
    screen = to;
    go("story");
  }

  const paragraph = (n, values) => html("p", {}, text(`lesson.story.${screen + 1}.${n}`, values));

  const pictures = [announcements, meanings, colleagues];

  function announcements() {
    const poster = (which) => html("blockquote", { class: `poster ${which}` }, badge(which), html("p", {}, text(`lesson.story.announcement.${which}`)));
    return html("div", { class: "pair" }, poster("a"), poster("b"));
  }

  function meanings() {
    return html(
      "dl",
      { class: "meanings" },
      MEANINGS.map((name) => html("div", {}, html("dt", {}, html("span", { class: `dot ${name}` }), text(`page.meaning.${name}`)), html("dd", {}, text(`lesson.story.meaning.${name}`)))),
    );
  }

  // One employee between colleagues, of whom a few are active.
  function colleagues() {
    const lines = TIES.map(([one, other]) => svg("line", { x1: COLLEAGUES[one][0], y1: COLLEAGUES[one][1], x2: COLLEAGUES[other][0], y2: COLLEAGUES[other][1] }));
    const dots = COLLEAGUES.map(([x, y], place) => svg("circle", { cx: x, cy: y, r: place === 7 ? 13 : 9, class: place === 7 ? "self" : ACTIVE.includes(place) ? "active" : "quiet" }));
    return svg("svg", { viewBox: "0 0 310 124", class: "colleagues", role: "img", "aria-label": text("lesson.story.picture") }, lines, dots);
  }

  return () => {
    const values = { employees: number(launches.value("a", "organization.employees")), weeks: number(launches.value("a", "run.weeks")) };
    const isLast = screen === N_SCREENS - 1;
    return {
      title: text(`lesson.story.${screen + 1}.title`),
      nodes: [
        html("p", { class: "note" }, text("lesson.screen_of", { n: screen + 1, all: N_SCREENS })),
        paragraph(1, values),
        pictures[screen](),
        paragraph(2, values),
        paragraph(3, values),
        html(
          "p",
          { class: "onward" },
          screen > 0 ? button(text("lesson.back"), () => turn(screen - 1), { class: "before" }) : null,
          isLast
            ? button(text("lesson.to.predict"), () => go("predict"), { class: "primary next" })
            : button(text("lesson.next"), () => turn(screen + 1), { class: "primary next" }),
        ),
      ],
    };
  };
}
