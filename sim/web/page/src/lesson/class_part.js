// The class, as the debrief shows it: where cards come in, what a check found, and how they are spread.
import { html } from "../dom.js";
import { number, text } from "../texts.js";
import { classCards, STATES } from "./class_cards.js";
import { distribution } from "./distribution.js";
import { button } from "./parts.js";

const MOST_SHOWN = 6; // mistakes, in words
const HARMLESS = ["same", "unrecorded"];
const NO_CARD = ["json", "code"];

export function classPart(context) {
  const { store, launches } = context;
  const cards = classCards(context, draw);
  const root = html("div", { id: "class-part" });
  const field = html("textarea", { id: "codes", rows: 3, spellcheck: "false" });
  const files = html("input", { id: "card-files", type: "file", multiple: true, accept: ".json,.txt", hidden: true, onchange: takeFiles });
  // These stay where they are, so that screen readers hear what changes in them and nobody loses the place.
  const mistakes = html("div", { class: "mistakes", role: "alert" });
  const count = html("p", { id: "class-count", role: "status" });
  const check = button("", checkAll, { id: "check-cards" });
  const clear = button("", clearAll, { class: "light", id: "clear-cards" });
  const found = html("div");
  const spread = html("div");

  async function takeFiles() {
    const chosen = [...files.files];
    files.value = "";
    tellMistakes(await cards.take(await Promise.all(chosen.map(async (file) => ({ name: file.name, source: await file.text() })))));
  }

  async function takeText() {
    const source = field.value;
    field.value = "";
    if (source.trim()) tellMistakes(await cards.take([{ name: text("lesson.class.pasted"), source }]));
  }

  async function checkAll() {
    try {
      await cards.check();
    } catch {
      mistakes.replaceChildren(html("p", { class: "wrong" }, text("page.offline")));
    }
  }

  function clearAll() {
    cards.clear();
    mistakes.replaceChildren();
    field.focus();
  }

  function tellMistakes(wrong) {
    const lines = wrong.slice(0, MOST_SHOWN).map(({ name, place, part }) => {
      const n = number(place);
      return NO_CARD.includes(part) ? text("lesson.class.no_card", { name, n }) : text("lesson.class.wrong_part", { name, n, part });
    });
    if (wrong.length > MOST_SHOWN) lines.push(text("lesson.class.more_wrong", { n: number(wrong.length - MOST_SHOWN) }));
    mistakes.replaceChildren(...lines.map((line) => html("p", { class: "wrong" }, line)));
  }

  function draw() {
    const counted = cards.counted();
    const waiting = cards.n(null);
    count.textContent = counted.length ? text(store.now.own ? "lesson.class.count_with_yours" : "lesson.class.count", { n: number(counted.length) }) : "";
    check.textContent = cards.isChecking() ? text("page.stop") : text("lesson.class.check", { n: number(waiting) });
    check.hidden = !waiting && !cards.isChecking();
    clear.textContent = text("lesson.class.clear");
    clear.hidden = !cards.hasLoaded();
    found.replaceChildren(
      ...STATES.filter(cards.n).map((state) => html("p", { class: HARMLESS.includes(state) ? "note" : "wrong" }, text(`lesson.class.checked.${state}`, { n: number(cards.n(state)) }))),
    );
    spread.replaceChildren(...(counted.length ? distribution(counted, launches).filter(Boolean) : []));
  }

  return {
    nodes() {
      root.replaceChildren(
        html("h3", { id: "class-title" }, text("lesson.class.title")),
        html("p", {}, text("lesson.class.how")),
        html("p", {}, button(text("lesson.class.files"), () => files.click(), { id: "choose-cards" }), files),
        html("p", { class: "field" }, html("label", { for: "codes" }, text("lesson.class.codes")), field),
        html("p", {}, button(text("lesson.class.add"), takeText, { id: "add-codes" })),
        mistakes,
        count,
        html("p", {}, check, " ", clear),
        found,
        spread,
      );
      draw();
      return root;
    },
  };
}
