// The cards of a class: taken from files and codes, and run again one after the other to check them.
import { agrees, CARD_OUTCOME, cardsIn, cardText, makeCard, requestOf } from "../card.js";
import { LAUNCHES } from "../launches.js";
import { comparison, signTest } from "../verdict.js";

const MOST_CARDS = 1000;
const DETAIL = { network: false, people: true };

// Found by a check: the same numbers, not recorded here (so neither right nor wrong), other numbers, other numbers with
// another version of the model, cannot be run.
export const STATES = ["same", "unrecorded", "other", "version", "refused"];
const COUNTED = [null, "same", "unrecorded"];
const ALIKE = 6e-5; // results kept beforehand have four decimals

// `changed()` is called after each change. An entry is {card, state: null or one of STATES, came: "a", "b", "same" or null}.
export function classCards({ store, data, rounds, engineNow }, changed) {
  const outcome = data.outcomes.find(({ name }) => name === CARD_OUTCOME);
  let entries = [];
  let stopper = null;

  // `sources`: {name, source} of each text; returns what is wrong in them: {name, place, part}.
  async function take(sources) {
    const mistakes = [];
    for (const { name, source } of sources) {
      const { cards, wrong } = await cardsIn(source);
      entries.push(...cards.slice(0, MOST_CARDS - entries.length).map((card) => ({ card, state: null, came: knownOf(card) })));
      mistakes.push(...wrong.map((one) => ({ name, ...one })));
    }
    changed();
    return mistakes;
  }

  const winnerOf = (answers) => {
    const { which, isClear } = comparison(outcome, answers);
    return which && isClear ? which : "same";
  };

  // What came out of a round of the lesson with its luck number is known beforehand: a card that says the same is believed
  // until it is checked.
  function knownOf(card) {
    const { rounds, luck, results, runs } = data.lesson;
    const place = luck.indexOf(card.seeds[0]);
    if (place < 0 || card.seeds.length !== runs) return null;
    const isRound = (one) => card.a.scenario === one.a && card.b.scenario === one.b && Object.entries(one.both).every(([path, value]) => card.both[path] === value);
    for (const { name } of rounds.filter(isRound)) {
      const [a, b, aheadA, aheadB] = results[name][place];
      if (Math.abs(a - card.result.a) > ALIKE || Math.abs(b - card.result.b) > ALIKE) continue;
      const { which, isClear } = signTest(aheadA, aheadB);
      return which && isClear ? which : "same";
    }
    return null;
  }

  // One's own card belongs to the class; a copy of it among the others does not count twice.
  function counted() {
    const others = entries.filter(({ state }) => COUNTED.includes(state));
    const runs = rounds ? rounds.done().map(({ own, prediction }) => ({ own, prediction, nonce: rounds.nonce })) : store.now.own ? [{ own: store.now.own, prediction: store.now.prediction }] : [];
    const mine = runs.map(({ own, ...rest }) => ({ card: makeCard({ ...own, ...rest }), state: "same", came: winnerOf(own.answers) }));
    const copies = new Set(mine.map(({ card }) => cardText(card)));
    return [...mine, ...others.filter((one) => !copies.has(cardText(one.card)))];
  }

  async function checkOne(entry, signal) {
    const engine = engineNow();
    const answers = {};
    for (const which of LAUNCHES) answers[which] = await engine.answer({ ...requestOf(entry.card, which), detail: DETAIL }, () => {}, signal);
    if (LAUNCHES.some((which) => answers[which].error)) entry.state = engine.kind === "recorded" ? "unrecorded" : "refused";
    else if (agrees(entry.card, makeCard({ answers, edition: entry.card.edition, prediction: null }))) {
      entry.state = "same";
      entry.came = winnerOf(answers);
    } else entry.state = entry.card.model === data.version ? "other" : "version";
  }

  // All that wait, one after the other; a second call stops. Rejects where the engine does not answer.
  async function check() {
    if (stopper) {
      stopper.abort();
      return;
    }
    stopper = new AbortController();
    const { signal } = stopper;
    changed();
    try {
      for (const entry of entries.filter(({ state }) => state === null)) {
        await checkOne(entry, signal);
        changed();
        if (signal.aborted) break;
      }
    } catch (error) {
      if (error.name !== "AbortError") throw error;
    } finally {
      stopper = null;
      changed();
    }
  }

  function clear() {
    stopper?.abort();
    entries = [];
    changed();
  }

  return {
    take,
    counted,
    check,
    clear,
    isChecking: () => stopper !== null,
    n: (state) => entries.filter((one) => one.state === state).length,
    hasLoaded: () => entries.length > 0,
  };
}
