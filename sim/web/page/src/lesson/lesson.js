// The lesson, of two kinds. The arc leads through rounds whose pairs are given: be one of them, predict, be surprised, see
// why, a launch of one's own, debrief. The lesson of a pair asks for any two launches, for worksheets. What of the page is
// seen in each step; no run before a prediction; and the way back, and after a reload, to where one was.
import { byId, html } from "../dom.js";
import { save, saved } from "../saved.js";
import { text } from "../texts.js";
import { arcDebriefStep } from "./arc_debrief.js";
import { lessonBar } from "./bar.js";
import { chooseStep } from "./choose.js";
import { contactsView } from "./contacts.js";
import { daysStep } from "./days.js";
import { debriefStep } from "./debrief.js";
import { guessStep } from "./guess.js";
import { makeLive } from "./live.js";
import { ownLaunchStep } from "./own_launch.js";
import { roundSteps } from "./round.js";
import { makeRounds } from "./rounds.js";
import { runStep } from "./run.js";
import { saveStep } from "./save.js";
import { storyStep } from "./story.js";
import { whyStep } from "./why.js";

const MOST_LUCK = 999_999;
const IN_PREDICT = ["choose", "guess"]; // two screens of one step
const OF_ROUNDS = ["guess", "run", "why"]; // screens of the round that is on the page
const AFTER = { first: "message", message: "turn", before: "after", after: "launch" };
const STEP_OF = { first: "first", message: "message", before: "turn", after: "turn" };
const PAIR = { story: storyStep, choose: chooseStep, guess: guessStep, run: runStep, why: whyStep, save: saveStep, debrief: debriefStep };

// `tools`: launches, data, config, person, player, engineNow, runner, results, kind ("arc" or "pair").
export function lessonView(store, tools) {
  const isArc = tools.kind === "arc";
  const panel = byId("lesson");
  const rounds = isArc ? makeRounds(store, tools) : null;
  const live = makeLive(store, { ...tools, rounds });
  const context = { store, ...tools, go, rounds, live, onwardFrom: (round) => AFTER[round] };
  const screens = isArc ? arcScreens() : Object.fromEntries(Object.entries(PAIR).map(([name, make]) => [name, make(context)]));
  const bar = lessonBar(byId("lesson-bar"), tools.kind, { isOpen, go });
  contactsView(byId("contacts"), context);

  function arcScreens() {
    const { guess, run } = roundSteps(context);
    return { you: daysStep(context), guess, run, why: whyStep(context), launch: ownLaunchStep(context), debrief: arcDebriefStep(context) };
  }

  // Whether a step has something to show already.
  function isOpen(step) {
    if (isArc) return true;
    if (step === "run") return store.now.prediction !== null;
    if (step === "why" || step === "save") return store.now.own !== null;
    return true;
  }

  // Where a name leads: a screen, and in the arc perhaps into a round.
  function screenOf(step) {
    if (!isArc) return step === "predict" ? (store.now.prediction ? "guess" : "choose") : step;
    const round = step === "turn" ? (rounds.wasRun("before") && !rounds.wasRun("after") && store.now.round !== "before" ? "after" : rounds.wasRun("after") ? "after" : "before") : step;
    if (!(round in AFTER)) return OF_ROUNDS.includes(step) && !store.now.round ? "you" : step;
    if (store.now.round !== round) rounds.enter(round);
    if (store.now.prediction && !store.now.own && rounds.wasRun(round) && !store.now.computing) rounds.run();
    return store.now.prediction ? "run" : "guess";
  }

  function go(step) {
    const before = store.now.step;
    open(step);
    if (store.now.step !== before || step !== "you") history.pushState({ step: where() }, "");
  }

  // How the place one is at is called, so that it is found again.
  const where = () => (isArc && OF_ROUNDS.includes(store.now.step) ? (store.now.step === "why" ? [store.now.round, "why"] : [store.now.round]) : [store.now.step]);

  function open(step) {
    tools.player.pause();
    const screen = screenOf(step);
    const isSame = store.now.step === screen; // a screen of its own within the step
    store.set({ step: screen, message: null });
    if (isSame) show();
    save({ where: where() });
    byId("results").scrollTop = 0;
    window.scrollTo(0, 0);
    byId("lesson-title").focus({ preventScroll: true });
  }

  function show() {
    const { step, prediction, own } = store.now;
    if (!step) return;
    document.body.dataset.step = step;
    byId("settings").disabled = Boolean(tools.config.lock) || (prediction !== null && own === null);
    document.body.classList.toggle("waits", prediction !== null && own === null);
    const hadFocus = panel.contains(document.activeElement);
    const { title, nodes } = screens[step]();
    panel.replaceChildren(html("h2", { id: "lesson-title", tabindex: -1 }, title), ...[nodes].flat(Infinity).filter(Boolean));
    if (hadFocus && !panel.contains(document.activeElement)) byId("lesson-title").focus({ preventScroll: true });
    bar.show(isArc && OF_ROUNDS.includes(step) ? STEP_OF[store.now.round] : IN_PREDICT.includes(step) ? "predict" : step);
  }

  // A prediction about something that cannot be run was none: nothing has been seen yet.
  function reopen() {
    const { refused, message, own } = store.now;
    if (!refused || own) return;
    store.set({ prediction: null });
    go(isArc ? "guess" : "choose");
    store.set({ message, refused: null });
  }

  function guess() {
    if (!byId("seed").reportValidity()) return;
    if (tools.launches.differing().length) go("guess");
    else store.set({ message: { words: [text("lesson.same_launches")], isWrong: true } });
  }

  function start() {
    const before = saved();
    panel.hidden = false;
    document.body.dataset.lesson = tools.kind;
    const skip = document.querySelector(".skip");
    skip.dataset.text = "lesson.skip";
    skip.textContent = text("lesson.skip");
    if (!isArc && before?.seed === undefined) byId("seed").value = luckNumber();
    if (before?.prediction && !isArc) store.set({ prediction: Object.freeze(before.prediction) });
    store.set({ step: isArc ? "you" : "story" });
    for (const step of before?.where ?? []) if (step) open(step);
    history.replaceState({ step: where() }, "");
  }

  // Each in the class has luck of his or her own; where runs are recorded, one of those there are.
  function luckNumber() {
    const [drawn] = crypto.getRandomValues(new Uint32Array(1));
    const firsts = tools.config.recorded?.lists.map(([first]) => first);
    return firsts ? firsts[drawn % firsts.length] : 1 + (drawn % MOST_LUCK);
  }

  window.addEventListener("popstate", ({ state }) => (state?.step ?? []).forEach((step) => step && open(step)));
  store.watch(["step", "language", "prediction", "own", "last", "computing", "isSeen"], show);
  store.watch(["prediction"], ({ prediction }) => isArc || save({ prediction }));
  store.watch(["refused"], reopen);
  return { start, guess, isBeforePrediction: () => !isArc && store.now.prediction === null };
}
