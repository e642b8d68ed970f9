// Puts the page together: what is set, who computes, what is shown.
import { unpackedWeek } from "./bytes.js";
import { curvesView, shown, summarized } from "./curves.js";
import { byId, html, wantsCalm } from "./dom.js";
import { makeEngine } from "./engine.js";
import { makeLaunches, LAUNCHES } from "./launches.js";
import { networkView, STATES } from "./network.js";
import { personView } from "./person.js";
import { makePlayer, SPEEDS } from "./player.js";
import { setupView } from "./setup.js";
import { makeStore } from "./store.js";
import { ternaryView } from "./ternary.js";
import { currentLanguage, inLanguage, languages, number, sentence, text, useCatalogs, useLanguage } from "./texts.js";
import { verdict } from "./verdict.js";

const FIRST_OUTCOME = "monthly_posters";
const PATIENCE = 4000; // milliseconds
const RUNS = [1, 3, 5, 10, 20, 50];

// Data that stands in the page itself (one file that opens by double-click), or else beside it.
async function given(name) {
  const inside = byId(`given-${name}`);
  return inside ? JSON.parse(inside.textContent) : (await fetch(`${name}.json`)).json();
}

const [config, data] = await Promise.all([given("config"), given("data")]);
useCatalogs(data.texts);

const store = makeStore({
  answers: null, // by launch
  states: { a: [], b: [] }, // weeks of the picture, unpacked
  curves: null, // by launch: by outcome, a list of runs
  weeks: 0,
  week: 0,
  speed: 10,
  isPlaying: false,
  employee: null,
  outcome: data.outcomes.find(({ name }) => name === FIRST_OUTCOME),
  language: null,
  isStale: false,
  settings: 0,
  computing: null, // {stop}
  message: null, // {words, isWrong}
});
const launches = makeLaunches(data, config.defaults);
const player = makePlayer(store);
const setup = setupView(launches, store);
let engine;

// --- engine ---

function useEngine(engineConfig) {
  const loading = (part) => say(text("page.engine.loading", { part }));
  engine = makeEngine(engineConfig, loading);
  const mine = engine;
  loading("intranet-sim");
  // After an update the model is compiled anew, which is worth a word.
  const patience = setTimeout(() => mine === engine && mine.kind === "native" && say(text("page.engine.compiling")), PATIENCE);
  engine.ready.finally(() => clearTimeout(patience)).then(
    () => mine === engine && !store.now.computing && say(text("page.ready")),
    (error) => mine === engine && failed(error),
  );
}

const say = (words) => (byId("status").textContent = words);

function failed(error) {
  console.warn(error);
  say(text("page.offline"));
  store.set({ message: { words: [text("page.failed"), String(error.message ?? error)], isWrong: true } });
}

const seeds = () => Array.from({ length: Number(byId("runs").value) }, (_, run) => Number(byId("seed").value) + run);

async function runBoth() {
  if (store.now.computing) {
    store.now.computing.abort();
    return;
  }
  if (!byId("seed").reportValidity()) return;
  const stopper = new AbortController();
  player.pause();
  document.body.classList.add("has-started");
  showResultsOnPhone();
  store.set({ computing: stopper, message: null });
  const news = { a: null, b: null };
  try {
    const chosen = seeds();
    const ask = async (which) => engine.answer(launches.request(which, chosen), (one) => tell(which, one, news), stopper.signal);
    const [a, b] = await Promise.all(LAUNCHES.map(ask));
    const wrong = [a, b].flatMap((reply, place) => (reply.error ?? []).map((line) => `${text(`page.launch.${LAUNCHES[place]}`)}: ${line}`));
    if (wrong.length) store.set({ message: { words: [text("page.wrong_request"), ...wrong], isWrong: true } });
    else show({ a, b });
    say(text("page.ready"));
  } catch (error) {
    if (error.name === "AbortError") say(text("page.ready"));
    else failed(error);
    stopper.abort();
  } finally {
    store.set({ computing: null });
  }
}

// Beside the settings where there is room, else below them.
function showResultsOnPhone() {
  if (matchMedia("(max-width: 900px)").matches) byId("results").scrollIntoView();
}

function tell(which, one, news) {
  if (one.kind === "network") {
    networks[which].setNetwork(one);
    networks[which].setWeek(unpackedWeek(one.start));
    return;
  }
  news[which] = one;
  if (one.picture) networks[which].setWeek(unpackedWeek(one.picture));
  const { week, n_weeks: weeks, run, n_runs: runs } = one;
  const progress = text("page.computing", { week, weeks, run: run + 1, runs });
  say(`${which.toUpperCase()} · ${progress}`);
}

function show(answers) {
  const states = {};
  for (const which of LAUNCHES) {
    const { weeks } = answers[which].network;
    states[which] = weeks.week.map((_, place) => unpackedWeek({ frames: weeks.frames[place], activity: weeks.activity[place], state: weeks.state[place] }));
    networks[which].setNetwork(answers[which].network);
    ternaries[which].setWeeks(states[which]);
  }
  const { weeks } = answers.a;
  const isThere = answers.a.people.employee.includes(store.now.employee);
  document.body.classList.add("has-results");
  showResultsOnPhone();
  store.set({ answers, states, weeks, isStale: false, employee: isThere ? store.now.employee : null, week: -1 });
  store.set({ week: wantsCalm() ? weeks : 0 });
  if (!wantsCalm()) player.play();
}

// --- views ---

const person = personView(store, () => engine);
const onChoose = (employee) => store.set({ employee });
const onAsk = () => {
  player.pause();
  person.ask();
};
const networks = Object.fromEntries(LAUNCHES.map((which) => [which, networkView(byId(`network-${which}`), { onChoose, onAsk })]));
const ternaries = Object.fromEntries(LAUNCHES.map((which) => [which, ternaryView(byId(`ternary-${which}`))]));
const curves = curvesView(byId("curves"));

function showWeek() {
  const { week, weeks, states, answers, employee } = store.now;
  byId("week").value = week;
  byId("week").setAttribute("aria-valuetext", text("page.week_of", { week, weeks }));
  byId("week-of").textContent = text("page.week_of", { week, weeks });
  curves.setWeek(week);
  for (const which of LAUNCHES) {
    const state = states[which][week];
    if (!state) continue;
    networks[which].setWeek(state);
    ternaries[which].show(week, answers ? answers[which].people.employee.indexOf(employee) : -1);
    byId(`counts-${which}`).textContent = counts(state);
  }
  showReadout();
}

function counts({ state }) {
  const n = STATES.map((_, place) => state.reduce((sum, one) => sum + (one === place), 0));
  return [4, 3, 2, 1, 0].filter((place) => n[place] || place > 1).map((place) => `${number(n[place])} ${text(`page.state.${STATES[place]}`)}`).join(" · ");
}

function showReadout() {
  const { answers, outcome, week, weeks } = store.now;
  if (!answers) return;
  const decimals = outcome.unit.includes("share") ? 1 : 2;
  const line = (which) => {
    const one = bands[which][week - 1];
    if (!one || one.mean === null) return text("page.no_value");
    const range = { low: shown(outcome, one.low, decimals), high: shown(outcome, one.high, decimals) };
    return `${shown(outcome, one.mean, decimals)} ${text("number.interval", range)}`;
  };
  byId("readout-week").textContent = `${text("page.week_of", { week, weeks })}:`;
  for (const which of LAUNCHES) byId(`readout-${which}`).textContent = week ? line(which) : text("page.no_value");
}

let bands = { a: [], b: [] };

function showOutcome() {
  const { answers, outcome, weeks } = store.now;
  byId("meaning").textContent = currentLanguage() ? text(`outcome.meaning.${outcome.name}`) : "";
  if (!answers) return;
  bands = Object.fromEntries(LAUNCHES.map((which) => [which, summarized(answers[which].curves[outcome.name])]));
  curves.show({ outcome, weeks, bands });
  const n = answers.a.request.seeds.length;
  byId("band").textContent = n > 1 ? text("page.band", { n }) : text("page.no_band");
  byId("verdict").textContent = verdict(outcome, answers);
  showReadout();
}

function showNetworkWords() {
  const { answers } = store.now;
  for (const which of LAUNCHES) {
    const name = launches.name(which) || (launches.scenario(which) ? text(`page.scenario.${launches.scenario(which)}`) : text("page.scenario.own"));
    if (!store.now.isStale) byId(`name-${which}`).textContent = name;
    networks[which].stage.setAttribute("aria-label", `${text("page.network")}, ${text(`page.launch.${which}`)}`);
  }
  if (!answers) return;
  const drawn = answers.a.network.employee.length;
  const all = answers.a.n_employees;
  byId("sample").textContent = drawn < all ? text("page.network.sample", { drawn: number(drawn), all: number(all) }) : "";
  byId("hashes").textContent = LAUNCHES.map((which) => `${which.toUpperCase()} ${answers[which].hash.slice(0, 16)}`).join(" · ");
}

function redraw() {
  for (const which of LAUNCHES) {
    networks[which].redraw();
    ternaries[which].redraw();
  }
  curves.redraw();
}

function showMessage() {
  const { message } = store.now;
  const box = byId("message");
  box.replaceChildren(...(message?.words ?? []).map((line) => html("p", {}, line)));
  box.classList.toggle("wrong", Boolean(message?.isWrong));
  box.hidden = !message;
}

// --- what is always there ---

function option(value, words) {
  return html("option", { value }, words);
}

function fillChoices() {
  const keep = (field, options, value) => {
    field.replaceChildren(...options);
    field.value = value;
  };
  const outcomes = data.outcomes.filter(({ name }) => !["alive", "weeks_to_critical_mass", "peak_week"].includes(name));
  keep(byId("outcome"), outcomes.map(({ name }) => option(name, sentence(text(`outcome.label.${name}`)))), store.now.outcome.name);
  keep(byId("speed"), SPEEDS.map((n) => option(n, text("page.weeks_a_second", { n }))), store.now.speed);
  keep(byId("runs"), RUNS.map((n) => option(n, number(n))), byId("runs").value || config.defaults.runs);
  keep(byId("engine"), config.engines.map(({ kind }, place) => option(place, text(`page.engine.${kind}`))), byId("engine").value || 0);
  keep(byId("language"), languages().map((name) => option(name, inLanguage(name, `page.language.${name}`))), currentLanguage());
}

function changeLanguage(name) {
  useLanguage(name);
  fillChoices();
  showButtons();
  store.set({ language: name, message: null });
  if (!store.now.computing) say(text("page.ready"));
  showOutcome();
  showNetworkWords();
  redraw();
  showWeek();
}

function showButtons() {
  const { isPlaying, answers, computing, isStale } = store.now;
  byId("play").querySelector(".words").textContent = text(isPlaying ? "page.pause" : "page.play");
  byId("play").classList.toggle("playing", isPlaying);
  for (const id of ["play", "step", "reset", "week"]) byId(id).disabled = !answers;
  byId("run").textContent = text(computing ? "page.stop" : "page.run");
  byId("run").classList.toggle("busy", computing !== null);
  byId("stale").hidden = !isStale;
}

store.watch(["week", "employee", "answers"], showWeek);
store.watch(["employee"], () => LAUNCHES.forEach((which) => networks[which].setChosen(store.now.employee)));
store.watch(["weeks"], () => (byId("week").max = store.now.weeks));
store.watch(["answers", "outcome"], showOutcome);
store.watch(["answers", "settings"], showNetworkWords);
store.watch(["isPlaying", "answers", "computing", "isStale"], showButtons);
store.watch(["message"], showMessage);

byId("setup").addEventListener("submit", (event) => {
  event.preventDefault();
  runBoth();
});
byId("play").addEventListener("click", player.toggle);
byId("step").addEventListener("click", player.step);
byId("reset").addEventListener("click", player.reset);
byId("week").addEventListener("input", () => {
  player.pause();
  player.goTo(Number(byId("week").value));
});
byId("speed").addEventListener("change", () => store.set({ speed: Number(byId("speed").value) }));
byId("outcome").addEventListener("change", () => store.set({ outcome: data.outcomes.find(({ name }) => name === byId("outcome").value) }));
byId("language").addEventListener("change", () => changeLanguage(byId("language").value));
byId("engine").addEventListener("change", () => useEngine(config.engines[Number(byId("engine").value)]));
for (const id of ["runs", "seed"]) byId(id).addEventListener("change", () => store.set({ isStale: store.now.answers !== null }));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);

const wished = new URLSearchParams(location.search).get("lang") ?? config.language ?? navigator.language.slice(0, 2);
byId("engine-row").hidden = config.engines.length < 2;
byId("model").textContent = `intranet-sim ${data.version}`;
changeLanguage(languages().includes(wished) ? wished : "en");
setup.build();
useEngine(config.engines[0]);
document.body.classList.add("ready");
