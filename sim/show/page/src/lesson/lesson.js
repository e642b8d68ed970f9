// The lesson: six steps, what of the page is seen in each, and no run before a prediction.
import { byId, html } from "../dom.js";
import { text } from "../texts.js";
import { lessonBar } from "./bar.js";
import { chooseStep } from "./choose.js";
import { contactsView } from "./contacts.js";
import { debriefStep } from "./debrief.js";
import { guessStep } from "./guess.js";
import { runStep } from "./run.js";
import { saveStep } from "./save.js";
import { storyStep } from "./story.js";
import { whyStep } from "./why.js";

const MOST_LUCK = 999_999;
const IN_PREDICT = ["choose", "guess"]; // two screens of one step
const MAKERS = { story: storyStep, choose: chooseStep, guess: guessStep, run: runStep, why: whyStep, save: saveStep, debrief: debriefStep };

// `tools`: launches, data, config, person, player, engineNow.
export function lessonView(store, tools) {
  const panel = byId("lesson");
  const context = { store, ...tools, go };
  const screens = Object.fromEntries(Object.entries(MAKERS).map(([name, make]) => [name, make(context)]));
  const bar = lessonBar(byId("lesson-bar"), store, { isOpen, go });
  contactsView(byId("contacts"), context);

  // Whether a step has something to show already.
  function isOpen(step) {
    if (step === "run") return store.now.prediction !== null;
    if (step === "why" || step === "save") return store.now.own !== null;
    return true;
  }

  function go(step) {
    const screen = step === "predict" ? (store.now.prediction ? "guess" : "choose") : step;
    const isSame = store.now.step === screen; // a screen of its own within the step
    tools.player.pause();
    store.set({ step: screen, message: null });
    if (isSame) show();
    byId("results").scrollTop = 0;
    window.scrollTo(0, 0);
    byId("lesson-title").focus({ preventScroll: true });
  }

  function show() {
    const { step, prediction, own } = store.now;
    if (!step) return;
    document.body.dataset.step = step;
    byId("settings").disabled = prediction !== null && own === null;
    document.body.classList.toggle("waits", prediction !== null && own === null);
    const hadFocus = panel.contains(document.activeElement);
    const { title, nodes } = screens[step]();
    panel.replaceChildren(html("h2", { id: "lesson-title", tabindex: -1 }, title), ...[nodes].flat(Infinity).filter(Boolean));
    if (hadFocus && !panel.contains(document.activeElement)) byId("lesson-title").focus({ preventScroll: true });
    bar.show(IN_PREDICT.includes(step) ? "predict" : step);
  }

  // A prediction about something that cannot be run was none: nothing has been seen yet.
  function reopen() {
    const { refused, message, own } = store.now;
    if (!refused || own) return;
    store.set({ prediction: null });
    go("choose");
    store.set({ message, refused: null });
  }

  function guess() {
    if (!byId("seed").reportValidity()) return;
    if (tools.launches.differing().length) go("guess");
    else store.set({ message: { words: [text("lesson.same_launches")], isWrong: true } });
  }

  function start() {
    byId("seed").value = luckNumber();
    panel.hidden = false;
    store.set({ step: "story" });
  }

  // Each in the class has luck of his or her own; where runs are recorded, one of those there are.
  function luckNumber() {
    const [drawn] = crypto.getRandomValues(new Uint32Array(1));
    const firsts = tools.config.recorded?.lists.map(([first]) => first);
    return firsts ? firsts[drawn % firsts.length] : 1 + (drawn % MOST_LUCK);
  }

  store.watch(["step", "language", "prediction", "own", "last", "computing"], show);
  store.watch(["refused"], reopen);
  return { start, guess, isBeforePrediction: () => store.now.prediction === null };
}
