// The debrief of the arc: one's own rounds, the worlds of the class in one picture, the cards as one text, then the class.
import { ageBands, ageResult, CARD_OUTCOME, cardText, codeOf, makeCard } from "../card.js";
import { html } from "../dom.js";
import { number, percent, text } from "../texts.js";
import { comparison, signTest } from "../verdict.js";
import { classPart } from "./class_part.js";
import { badge, button } from "./parts.js";
import { worldsPicture } from "./worlds.js";

const IN_WORLDS = "message";

export function arcDebriefStep(context) {
  const { store, data, rounds, go, live } = context;
  const outcome = data.outcomes.find(({ name }) => name === CARD_OUTCOME);
  const theClass = classPart(context);

  const cameOf = ({ answers }) => {
    const { which, isClear } = comparison(outcome, answers);
    return which && isClear ? which : "same";
  };

  const winner = (name, which) => (which === "same" ? text("lesson.winner.same") : [badge(which), ` ${text(`page.scenario.${rounds.known[name][which]}`)}`]);

  function ownRounds() {
    const done = rounds.done();
    if (!done.length) return html("p", { class: "note" }, text("lesson.debrief.not_yet"), " ", button(text("lesson.to.first"), () => go("first"), { class: "light" }));
    const rows = done.map(({ name, prediction, own }) =>
      html("tr", {}, html("th", { scope: "row" }, text(`lesson.round.${name}.title`)), html("td", {}, winner(name, prediction.winner)), html("td", {}, winner(name, cameOf(own)))),
    );
    const right = done.filter(({ prediction, own }) => prediction.winner === cameOf(own)).length;
    return html(
      "div",
      { id: "own-debrief" },
      html(
        "div",
        { class: "scroll" },
        html(
          "table",
          { class: "own-rounds" },
          html("thead", {}, html("tr", {}, html("td", {}), html("th", { scope: "col" }, text("lesson.class.predicted")), html("th", { scope: "col" }, text("lesson.class.came_out")))),
          html("tbody", {}, rows),
        ),
      ),
      html("p", { class: "hits" }, text("lesson.class.hits", { right: number(right), n: number(done.length) })),
      agePart(done.find(({ name }) => rounds.known[name].asks_age)),
    );
  }

  function agePart(round) {
    if (!round?.prediction.age) return null;
    const { younger, older } = ageBands(round.own.answers);
    const came = ageResult({ younger: younger.share, older: older.share });
    const head = [html("h3", {}, text("lesson.debrief.age")), html("p", {}, text("lesson.debrief.predicted", { what: text(`lesson.predicted.age.${round.prediction.age}`) }))];
    if (came === null) return [...head, html("p", {}, text("lesson.debrief.too_few"))];
    return [
      ...head,
      html("p", {}, text("lesson.debrief.posted", { younger: percent(younger.share), older: percent(older.share) }), " ", text(`lesson.debrief.ages.${came}`)),
      html("p", {}, text("lesson.debrief.about_age")),
    ];
  }

  // Each luck number has a world of its own; what came out in each is known beforehand.
  function worlds() {
    const { luck, results } = data.lesson;
    if (!rounds.kept[IN_WORLDS].own) return null;
    const points = results[IN_WORLDS].map(([a, b, aheadA, aheadB], place) => ({ difference: a - b, isOwn: luck[place] === rounds.luck, isClear: signTest(aheadA, aheadB).isClear }));
    const { a, b } = rounds.known[IN_WORLDS];
    return [
      html("h3", {}, text("lesson.worlds.title")),
      html("p", {}, text("lesson.worlds.explained", { n: number(points.length) })),
      worldsPicture(points, { a: text(`page.scenario.${a}`), b: text(`page.scenario.${b}`) }, text("lesson.worlds.picture")),
    ];
  }

  function cardsPart() {
    const done = rounds.done();
    if (!done.length) return null;
    const cards = done.map(({ prediction, own }) => makeCard({ ...own, prediction, nonce: rounds.nonce }));
    const field = html("textarea", { id: "card-code", readonly: true, rows: 3, spellcheck: "false", onfocus: () => field.select() });
    const said = html("span", { class: "note", role: "status" });
    Promise.all(cards.map(codeOf)).then(
      (codes) => (field.value = codes.join("\n")),
      () => (field.value = `[${cards.map(cardText).join(",\n")}]`),
    );
    const copy = async () => {
      field.select();
      try {
        await navigator.clipboard.writeText(field.value);
        said.textContent = text("lesson.card.copied");
      } catch {
        said.textContent = text("lesson.card.copy_yourself");
      }
    };
    const download = () => {
      const link = html("a", { href: URL.createObjectURL(new Blob([`[${cards.map(cardText).join(",\n")}]\n`], { type: "application/json" })), download: `run-cards-${cards[0].hash.a.slice(0, 8)}.json` });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    };
    return html(
      "div",
      { id: "own-cards" },
      html("h3", {}, text("lesson.cards.title")),
      html("p", {}, text("lesson.cards.what", { n: number(cards.length) })),
      live ? live.nodes() : null,
      html("label", { for: "card-code" }, text("lesson.cards.code")),
      field,
      html("p", {}, button(text("lesson.card.copy"), copy, { id: "copy-code" }), " ", button(text("lesson.cards.file"), download, { id: "save-card" }), " ", said),
    );
  }

  return () => {
    // After a reload the rounds that were seen are run again, one after the other, so that their cards are there.
    const waiting = Object.keys(rounds.kept).find((name) => rounds.kept[name].prediction && rounds.wasRun(name) && !rounds.kept[name].own);
    if (waiting && !store.now.computing) {
      queueMicrotask(() => {
        if (store.now.step !== "debrief" || store.now.computing) return;
        if (store.now.round !== waiting) rounds.enter(waiting);
        rounds.run();
      });
    }
    return { title: text("lesson.debrief.title"), nodes: [ownRounds(), worlds(), cardsPart(), theClass.nodes()] };
  };
}
