// What is always on the page: language, engine, number of runs, outcome, speed, the buttons and messages.
import { byId, html } from "./dom.js";
import { SPEEDS } from "./player.js";
import { goneWords, say } from "./running.js";
import { currentLanguage, inLanguage, languages, number, sentence, text, useLanguage } from "./texts.js";

const RUNS = [1, 3, 5, 6, 10, 20, 50];
const NO_CURVE = ["alive", "weeks_to_critical_mass", "peak_week"];

export function choicesView(store, { data, config, isLesson, player, relabel, useEngine }) {
  const option = (value, words) => html("option", { value }, words);

  function fill() {
    const keep = (field, options, value) => {
      field.replaceChildren(...options);
      field.value = value;
    };
    const outcomes = data.outcomes.filter(({ name }) => !NO_CURVE.includes(name));
    const runs = [...new Set(config.recorded?.lists.map((seeds) => seeds.length) ?? [...RUNS, config.defaults.runs])].sort((one, other) => one - other);
    keep(byId("outcome"), outcomes.map(({ name }) => option(name, sentence(text(`outcome.label.${name}`)))), store.now.outcome.name);
    keep(byId("speed"), SPEEDS.map((n) => option(n, text("page.weeks_a_second", { n }))), store.now.speed);
    keep(byId("runs"), runs.map((n) => option(n, number(n))), byId("runs").value || config.defaults.runs);
    keep(byId("engine"), config.engines.map(({ kind }, place) => option(place, text(`page.engine.${kind}`))), byId("engine").value || 0);
    keep(byId("language"), languages().map((name) => option(name, inLanguage(name, `page.language.${name}`))), currentLanguage());
  }

  function changeLanguage(name) {
    useLanguage(name);
    fill();
    showButtons();
    showWayToLesson();
    const { isGone } = store.now;
    store.set({ language: currentLanguage(), message: isGone ? { words: goneWords(), isWrong: true } : null });
    if (!store.now.computing) say(text(isGone ? "page.gone" : "page.ready"));
    relabel();
  }

  // Into the lesson or out of it is another visit: nothing that was seen or predicted goes along.
  function showWayToLesson() {
    byId("to-lesson").hidden = Boolean(config.lesson);
    byId("to-lesson").textContent = text(isLesson ? "lesson.leave" : "lesson.open");
    byId("to-lesson").href = `?${isLesson ? "" : "lesson&"}lang=${currentLanguage()}`;
  }

  function showButtons() {
    const { isPlaying, answers, computing, isStale, step } = store.now;
    byId("play").querySelector(".words").textContent = text(isPlaying ? "page.pause" : "page.play");
    byId("play").classList.toggle("playing", isPlaying);
    for (const id of ["play", "step", "reset", "to-end", "week"]) byId(id).disabled = !answers;
    byId("run").textContent = text(computing ? "page.stop" : step === "choose" ? "lesson.to_guess" : "page.run");
    byId("run").classList.toggle("busy", computing !== null);
    byId("stale").hidden = !isStale;
  }

  function showMessage() {
    const { message } = store.now;
    const box = byId("message");
    box.replaceChildren(...(message?.words ?? []).map((line) => html("p", {}, line)));
    box.classList.toggle("wrong", Boolean(message?.isWrong));
    box.hidden = !message;
  }

  store.watch(["isPlaying", "answers", "computing", "isStale", "step"], showButtons);
  store.watch(["message"], showMessage);
  store.watch(["progress"], ({ progress }) => {
    byId("progress").hidden = progress === null;
    byId("progress").value = progress ?? 0;
  });

  byId("play").addEventListener("click", player.toggle);
  byId("step").addEventListener("click", player.step);
  byId("reset").addEventListener("click", player.reset);
  byId("to-end").addEventListener("click", player.finish);
  byId("week").addEventListener("input", () => {
    player.pause();
    player.goTo(Number(byId("week").value));
  });
  byId("speed").addEventListener("change", () => store.set({ speed: Number(byId("speed").value) }));
  byId("outcome").addEventListener("change", () => store.set({ outcome: data.outcomes.find(({ name }) => name === byId("outcome").value) }));
  byId("language").addEventListener("change", () => changeLanguage(byId("language").value));
  byId("engine").addEventListener("change", () => useEngine(config.engines[Number(byId("engine").value)]));
  for (const id of ["runs", "seed"]) byId(id).addEventListener("change", () => store.set({ isStale: store.now.answers !== null }));
  if (config.recorded) onlyRecordedLuck(config.recorded.lists);
  byId("engine-row").hidden = config.engines.length < 2;
  byId("model").textContent = `intranet-sim ${data.version}`;

  return { changeLanguage };
}

// Luck numbers of runs that were recorded; they lie evenly apart.
function onlyRecordedLuck(lists) {
  const firsts = [...new Set(lists.map(([first]) => first))].sort((one, other) => one - other);
  const [least, next] = firsts;
  Object.assign(byId("seed"), { min: least, max: firsts.at(-1), step: next === undefined ? 1 : next - least, value: least });
}
