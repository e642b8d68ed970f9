// Runs both launches: who computes, what is asked, what is said meanwhile.
import { labelOf } from "./controls.js";
import { byId } from "./dom.js";
import { inOurLanguage, makeEngine } from "./engine.js";
import { LAUNCHES } from "./launches.js";
import { currentLanguage, text } from "./texts.js";

const PATIENCE = 4000; // milliseconds

export const say = (words) => (byId("status").textContent = words);

export const goneWords = () => [text("page.gone"), text("page.gone.help", { port: location.port || 80 })];

export const chosenSeeds = () => Array.from({ length: Number(byId("runs").value) }, (_, run) => Number(byId("seed").value) + run);

// `start()` comes first, `tellNews(which, news)` says what is known on the way, `done(answers, kind)` what came out.
export function makeRunner(store, launches, recordings, { start, tellNews, done }) {
  let engine;
  const parts = { a: 0, b: 0 }; // of each launch, how much is done

  function useEngine(config) {
    const loading = (part) => say(text("page.engine.loading", { part }));
    engine = makeEngine(config, loading, recordings);
    const mine = engine;
    loading("intranet-sim");
    if (store.now.isGone) store.set({ isGone: false, message: null });
    // After an update the model is compiled anew, which is worth a word.
    const patience = setTimeout(() => mine === engine && mine.kind === "native" && say(text("page.engine.compiling")), PATIENCE);
    engine.ready.finally(() => clearTimeout(patience)).then(
      () => mine === engine && !store.now.computing && say(text("page.ready")),
      (error) => mine === engine && failed(error),
    );
    engine.watch((isGone) => (isGone ? gone() : back(mine)), () => mine === engine);
  }

  // The program on this computer has stopped: whoever computes then is watched until it is back.
  function gone() {
    say(text("page.gone"));
    store.set({ isGone: true, message: { words: goneWords(), isWrong: true } });
  }

  function back(mine) {
    store.set({ isGone: false, message: null });
    mine.ready.catch(() => {}).then(() => mine === engine && !store.now.computing && say(text("page.ready")));
  }

  function failed(error) {
    if (error.name === "GoneError") {
      engine.lost();
      gone();
      return;
    }
    console.warn(error);
    say(text("page.offline"));
    if (error.reply) {
      store.set({ message: { words: [text("page.broken"), ...inOurLanguage(error.reply).error], isWrong: true } });
      return;
    }
    store.set({ message: { words: [text("page.failed"), String(error.message ?? error)], isWrong: true } });
  }

  // Both launches, with the seeds that are set or given; a second call stops the first.
  async function run(given = null) {
    if (store.now.computing) {
      store.now.computing.abort();
      return;
    }
    if (!given && !byId("seed").reportValidity()) return;
    const stopper = new AbortController();
    start();
    store.set({ computing: stopper, message: null, progress: 0 });
    parts.a = parts.b = 0;
    try {
      const seeds = given ?? chosenSeeds();
      const ask = async (which) => engine.answer(launches.request(which, seeds), (one) => tell(which, one), stopper.signal);
      const [a, b] = await Promise.all(LAUNCHES.map(ask));
      const wrong = [a, b].flatMap((reply, place) => (reply.error ?? []).map((line) => `${text(`page.launch.${LAUNCHES[place]}`)}: ${line}`));
      if (wrong.length) store.set({ refused: wrong, message: { words: [text("page.wrong_request"), ...wrong], isWrong: true } });
      else {
        done({ a, b }, engine.kind);
        const idle = [a, b].flatMap((reply, place) => (reply.notes ?? []).map((note) => noted(LAUNCHES[place], note)));
        if (idle.length && !store.now.round) store.set({ message: { words: idle } });
      }
      say(text("page.ready"));
    } catch (error) {
      if (error.name === "AbortError") say(text("page.ready"));
      else failed(error);
      stopper.abort();
    } finally {
      store.set({ computing: null, progress: null });
    }
  }

  // What is set and does nothing, in words.
  const noted = (which, note) => `${text(`page.launch.${which}`)}: ${labelOf(note.key)} ${note[currentLanguage()]}.`;

  function tell(which, one) {
    tellNews(which, one);
    if (one.kind === "network") return;
    const { week, n_weeks: weeks, run: place, n_runs: runs } = one;
    const progress = text("page.computing", { week, weeks, run: place + 1, runs });
    say(`${which.toUpperCase()} · ${progress}`);
    parts[which] = (place * weeks + week) / (runs * weeks);
    store.set({ progress: (parts.a + parts.b) / 2 });
  }

  return { useEngine, run, engineNow: () => engine };
}
