// The view for the beamer: a code that leads to the page, what the class predicts as it comes in, what came out, and the
// worlds of the class. One thing a screen, readable from the last row.
import { encode } from "uqr";

import { byId, html, svg } from "../dom.js";
import { linesOf } from "../engines/native.js";
import { currentLanguage, number, text } from "../texts.js";
import { classCards } from "./class_cards.js";
import { PLACE } from "./live.js";
import { badge, button } from "./parts.js";
import { worldsPicture } from "./worlds.js";

const HOW_OFTEN = 2000; // milliseconds
const DEBRIEF = "api/debrief";
const SOON = 2; // so many screens before the debrief it is begun
const WINNERS = ["a", "same", "b"];
const IN_WORLDS = "message";

export function beamerView(store, { data, config, engineNow }) {
  const root = byId("lesson");
  const { rounds } = data.lesson;
  const cards = classCards({ store, data, engineNow, rounds: { done: () => [] } }, () => {});
  const OF_ROUNDS = ["join", ...rounds.flatMap(({ name }) => (name === IN_WORLDS ? [name, "worlds"] : [name]))];
  let place = 0;
  let isShown = false;
  let known = { joined: 0, predicted: {}, cards: 0, isLost: false };
  let debrief = null; // {cards, screens, isBusy, done, n}: what the class found, worked out when one comes to it
  const screens = () => [...OF_ROUNDS, ...(debrief?.screens ?? [null])];

  async function look() {
    const before = JSON.stringify(known);
    try {
      const state = await (await fetch(`${PLACE}?from=${known.cards}`)).json();
      if (state.n_cards < known.cards) {
        cards.clear(); // the program was started anew: its cards come again
        known.cards = 0;
      } else {
        if (state.cards.length) await cards.take([{ name: "", source: state.cards.join("\n") }]);
        known = { joined: state.joined, predicted: state.predicted, cards: known.cards + state.cards.length, isLost: false };
      }
    } catch {
      known = { ...known, isLost: true }; // the next look may find it again
    }
    if (JSON.stringify(known) !== before) show();
    setTimeout(look, HOW_OFTEN);
  }

  // The debrief as `class collect` has it: the cards are run again, which takes its time.
  async function workOut() {
    if (debrief?.isBusy) return;
    debrief = { ...debrief, isBusy: true, done: 0, n: 0 };
    show();
    try {
      const { body } = await fetch(`${DEBRIEF}?lang=${currentLanguage()}`);
      for await (const line of linesOf(body)) {
        const news = JSON.parse(line);
        debrief = news.kind === "reply" ? (news.reply.screens ? { ...news.reply } : null) : { ...debrief, ...news };
        show();
      }
    } catch {
      known = { ...known, isLost: true };
    }
    if (debrief?.isBusy) debrief = debrief.screens ? { ...debrief, isBusy: false } : null;
    if (debrief && !debrief.screens.length) debrief = null;
    place = Math.min(place, screens().length - 1);
    show();
  }

  function found(screen) {
    const again = debrief?.cards !== known.cards && known.cards > 0;
    const busy = debrief?.isBusy ? html("p", { role: "status" }, text("lesson.live.working", { done: number(debrief.done), n: number(debrief.n) })) : null;
    const work = busy ?? (again ? html("p", {}, button(text("lesson.live.work_out", { n: number(known.cards) }), workOut, { id: "work-out" })) : null);
    if (!screen) return { title: text("lesson.step.debrief"), nodes: [known.cards ? null : html("p", { class: "big" }, text("lesson.live.none")), work] };
    const lines = screen.lines.map(([heading, said]) => html("p", { class: "found" }, heading ? [html("strong", {}, heading), " "] : null, said));
    const picture = screen.picture ? html("img", { src: screen.picture, alt: screen.alt, class: "found-picture" }) : null;
    return { title: screen.title, nodes: [lines, picture, work] };
  }

  const isOf = (round) => ({ card }) => card.a.scenario === round.a && card.b.scenario === round.b && Object.entries(round.both).every(([path, value]) => card.both[path] === value);

  function bars(counts, kind) {
    const most = Math.max(1, ...Object.values(counts));
    return (winner) => {
      const bar = html("span", { class: `count-bar ${kind}` });
      bar.style.width = `${(100 * counts[winner]) / most}%`;
      return html("td", {}, html("span", { class: "count" }, html("span", { class: "n" }, number(counts[winner])), html("span", { class: "count-room", "aria-hidden": "true" }, bar)));
    };
  }

  function join() {
    const { size, data: dark } = encode(config.live, { border: 2 });
    const path = dark.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : []))).join("");
    const label = text("lesson.live.code", { address: config.live });
    const code = html("div", { class: "qr" }, svg("svg", { viewBox: `0 0 ${size} ${size}`, role: "img", "aria-label": label, "shape-rendering": "crispEdges" }, svg("path", { d: path, fill: "#000000" })));
    return { title: text("lesson.live.join"), nodes: [code, html("p", { class: "address" }, config.live), html("p", { class: "big" }, text("lesson.live.joined", { n: number(known.joined) }))] };
  }

  function question(name) {
    const round = rounds.find((one) => one.name === name);
    const predicted = known.predicted[name] ?? { a: 0, same: 0, b: 0 };
    const came = cards.counted().filter(isOf(round));
    const counts = Object.fromEntries(WINNERS.map((winner) => [winner, came.filter((one) => one.came === winner).length]));
    const [first, second] = [bars(predicted, "predicted"), bars(counts, "came")];
    const label = (winner) => (winner === "same" ? text("lesson.winner.same") : [badge(winner), ` ${text(`page.scenario.${round[winner]}`)}`]);
    const nCards = text("lesson.live.cards", { n: number(came.length) });
    const total = WINNERS.reduce((sum, winner) => sum + predicted[winner], 0);
    return {
      title: text(`lesson.round.${name}.title`),
      nodes: [
        html(
          "table",
          { class: "count-table" },
          html("thead", {}, html("tr", {}, html("td", {}), html("th", { scope: "col" }, text("lesson.class.predicted")), isShown ? html("th", { scope: "col" }, text("lesson.class.came_out")) : null)),
          html("tbody", {}, WINNERS.map((winner) => html("tr", {}, html("th", { scope: "row" }, label(winner)), first(winner), isShown ? second(winner) : null))),
        ),
        html("p", { class: "big" }, text("lesson.live.predicted", { n: number(total) }), isShown ? [" · ", nCards] : null),
        html("p", {}, button(text(isShown ? "lesson.live.hide" : "lesson.live.show"), toggle, { id: "show-came" })),
      ],
    };
  }

  function worlds() {
    const round = rounds.find((one) => one.name === IN_WORLDS);
    const points = cards
      .counted()
      .filter(isOf(round))
      .map(({ card, came }) => ({ difference: card.result.a - card.result.b, isOwn: false, isClear: came === "a" || came === "b" }));
    const picture = points.length ? worldsPicture(points, { a: text(`page.scenario.${round.a}`), b: text(`page.scenario.${round.b}`) }, text("lesson.worlds.picture")) : html("p", { class: "big" }, text("lesson.live.none"));
    return { title: text("lesson.worlds.title"), nodes: [picture] };
  }

  function toggle() {
    isShown = !isShown;
    show();
  }

  function go(step) {
    place = Math.max(0, Math.min(screens().length - 1, place + step));
    isShown = false;
    show();
    if (place >= OF_ROUNDS.length - SOON && known.cards && debrief?.cards !== known.cards) workOut();
  }

  function show() {
    const name = OF_ROUNDS[place];
    const { title, nodes } = !name ? found(screens()[place]) : name === "join" ? join() : name === "worlds" ? worlds() : question(name);
    const focused = root.contains(document.activeElement) ? document.activeElement.id : null;
    root.replaceChildren(
      html("h2", { id: "lesson-title", tabindex: -1 }, title),
      ...nodes.flat().filter(Boolean),
      known.isLost ? html("p", { class: "lost", role: "alert" }, text("lesson.live.gone")) : "",
      html("p", { class: "onward" }, button(text("lesson.live.before"), () => go(-1), { class: "before", id: "live-before", disabled: place === 0 }), button(text("lesson.live.next"), () => go(1), { class: "primary next", id: "live-next", disabled: place === screens().length - 1 })),
    );
    if (focused) byId(focused)?.focus();
  }

  function start() {
    document.body.dataset.step = "live";
    document.body.dataset.lesson = "live";
    root.hidden = false;
    show();
    look();
    document.addEventListener("keydown", ({ key, target }) => {
      if (target.matches("input, select, textarea")) return;
      if (["ArrowRight", "PageDown"].includes(key)) go(1);
      if (["ArrowLeft", "PageUp"].includes(key)) go(-1);
    });
  }

  store.watch(["language"], () => {
    if (document.body.dataset.step !== "live") return;
    debrief = null; // in the other language
    place = Math.min(place, OF_ROUNDS.length);
    show();
  });
  return { start, guess() {}, isBeforePrediction: () => false };
}
