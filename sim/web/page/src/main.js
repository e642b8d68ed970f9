// Puts the page together: what is known, what is set, who computes, what is shown.
import { choicesView } from "./choices.js";
import { byId } from "./dom.js";
import { makeLaunches } from "./launches.js";
import { beamerView } from "./lesson/beamer.js";
import { lessonView } from "./lesson/lesson.js";
import { personView } from "./person.js";
import { makePlayer } from "./player.js";
import { resultsView } from "./results.js";
import { makeRunner } from "./running.js";
import { linked, save, saved } from "./saved.js";
import { setupView } from "./setup.js";
import { makeStore } from "./store.js";
import { languages, useCatalogs } from "./texts.js";

const FIRST_OUTCOME = "monthly_posters";

// Data that stands in the page itself (one file that opens by double-click), or else beside it.
async function given(name) {
  const inside = byId(`given-${name}`);
  return inside ? JSON.parse(inside.textContent) : (await fetch(`${name}.json`)).json();
}

const [config, data] = await Promise.all([given("config"), given("data")]);
const wishes = new URLSearchParams(location.search);
useCatalogs(data.texts);

const store = makeStore({
  answers: null, // by launch
  states: { a: [], b: [] }, // weeks of the picture, unpacked
  weeks: 0,
  week: 0,
  speed: 10,
  isPlaying: false,
  employee: null,
  told: null, // why, of one employee: {employee, week, replies}
  outcome: data.outcomes.find(({ name }) => name === FIRST_OUTCOME),
  language: null,
  isStale: false,
  isSeen: false, // whether the run was played to its end, so that what came out may be said
  progress: null, // of a run, from 0 to 1
  round: null, // of the lesson
  settings: 0,
  computing: null, // {stop}
  message: null, // {words, isWrong}
  isGone: false, // whoever computes has stopped
  refused: null, // why a request could not be run
  step: null, // of the lesson, where there is one
  prediction: null, // {winner, age, about: two launches}, once committed
  own: null, // the run that was predicted: {answers, edition}
  last: null, // the last run, in the same form
});
const launches = makeLaunches(data, config.defaults);
const player = makePlayer(store);
const setup = setupView(launches, store, { recorded: config.recorded, engineNow: () => runner.engineNow() });
const results = resultsView(store, launches, player, () => {
  player.pause();
  person.ask();
});
const runner = makeRunner(store, launches, config.recordings, { start: results.start, tellNews: results.tellNews, done });
const person = personView(store, runner.engineNow);
const { useEngine } = runner;
const isLesson = Boolean(config.lesson) || wishes.has("lesson");
const kind = wishes.get("lesson") === "pair" || (config.pair && wishes.get("lesson") !== "arc") ? "pair" : "arc";
const choices = choicesView(store, { data, config, isLesson, player, relabel: results.relabel, useEngine });
const isLive = Boolean(config.live) && wishes.has("live");
const lesson = isLive ? beamerView(store, { data, config, engineNow: runner.engineNow }) : isLesson ? lessonView(store, { launches, data, config, person, player, runner, results, kind, engineNow: runner.engineNow }) : null;

function done(answers, edition) {
  const last = { answers, edition };
  const isPredicted = store.now.prediction !== null && store.now.own === null;
  store.set({ last, ...(isPredicted ? { own: last } : {}) });
  results.show(answers);
  keepSetup();
}

// What is set is kept in the tab, and so is whether it was run; a link with a set-up comes first.
const isArc = isLive || (isLesson && kind === "arc");
const link = linked(data.scenarios);
const before = isArc ? null : link ? { setup: link, seed: link.seed, runs: link.runs } : saved();

function keepSetup() {
  if (isArc) return;
  save({ setup: launches.arrangement(), seed: byId("seed").value, runs: byId("runs").value, isRun: store.now.answers !== null && !store.now.isStale });
}

function restore() {
  if (before?.setup) launches.arrange(before.setup.a, before.setup.b, before.setup.both);
  else if (config.pair) launches.arrange({ scenario: config.pair[0] }, { scenario: config.pair[1] }, launches.arrangement().both);
  if (before?.seed !== undefined) byId("seed").value = before.seed;
  if (before?.runs !== undefined && [...byId("runs").options].some(({ value }) => value === String(before.runs))) byId("runs").value = before.runs;
}

byId("setup").addEventListener("submit", (event) => {
  event.preventDefault();
  if (lesson?.isBeforePrediction()) lesson.guess();
  else if (!isArc) runner.run();
});

const wished = wishes.get("lang") ?? config.language ?? navigator.language.slice(0, 2);
choices.changeLanguage(languages().includes(wished) ? wished : "en");
restore();
setup.build();
useEngine(config.engines[0]);
lesson?.start();
store.watch(["settings", "isStale"], keepSetup);
if (before?.isRun) runner.run();
document.body.classList.add("ready");
