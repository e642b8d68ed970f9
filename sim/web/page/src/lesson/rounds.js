// The rounds of the lesson: a pair of launches each, with a prediction and, once it was made, a run of its own. The round
// that is on the page is that of the store; the others are kept here, and in the tab.
import { byId } from "../dom.js";
import { save, saved } from "../saved.js";

const MOST_NONCE = 2 ** 32;

const drawn = () => crypto.getRandomValues(new Uint32Array(1))[0];

export function makeRounds(store, { launches, data, config, runner, results }) {
  const { rounds, luck: allLuck, runs } = data.lesson;
  const known = Object.fromEntries(rounds.map((one) => [one.name, one]));
  const lucks = config.luck ?? allLuck;
  const before = saved()?.rounds ?? {};
  const luck = lucks.includes(before.luck) ? before.luck : lucks[drawn() % lucks.length];
  const nonce = before.nonce ?? drawn() % MOST_NONCE;
  const kept = Object.fromEntries(rounds.map(({ name }) => [name, { prediction: before.kept?.[name]?.prediction ?? null, isRun: before.kept?.[name]?.isRun ?? false, own: null }]));

  const write = () => save({ rounds: { luck, nonce, kept: Object.fromEntries(Object.entries(kept).map(([name, { prediction, isRun }]) => [name, { prediction, isRun }])) } });

  const seeds = Array.from({ length: runs }, (_, run) => luck + run);

  function world() {
    const { names, values } = data.lesson.worlds;
    const numbers = values[allLuck.indexOf(luck) % values.length];
    return Object.fromEntries(names.map((name, place) => [name, numbers[place]]));
  }

  function both(round) {
    const { employees, weeks } = data.lesson;
    return { "organization.employees": employees, "run.weeks": weeks, ...round.both, ...(round.in_world ? world() : {}) };
  }

  // Put a round on the page, with what was predicted and seen in it.
  function enter(name) {
    const round = known[name];
    launches.arrange({ scenario: round.a }, { scenario: round.b }, both(round));
    byId("seed").value = luck;
    const { prediction, own } = kept[name];
    store.set({ round: name, prediction, own, last: own, employee: null, settings: store.now.settings + 1 });
    if (own) results.show(own.answers, true);
    else document.body.classList.remove("has-results", "has-seen");
  }

  // The run of the round that is on the page; again after a reload, to show what was seen.
  const run = () => runner.run(seeds);

  store.watch(["prediction", "own"], ({ round, prediction, own }) => {
    if (!round) return;
    Object.assign(kept[round], { prediction, own, isRun: kept[round].isRun || own !== null });
    write();
  });

  return {
    known,
    kept,
    luck,
    nonce,
    place: allLuck.indexOf(luck),
    enter,
    run,
    wasRun: (name) => kept[name].isRun,
    done: () => rounds.filter(({ name }) => kept[name].own).map(({ name }) => ({ name, ...kept[name] })),
  };
}
