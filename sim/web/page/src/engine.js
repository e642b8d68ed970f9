// Whoever answers the one message. Every engine has the same things:
//   watch(tell, isListening): tells when who computes has gone, and when it is back; lost(): it has gone, as somebody noticed;
//   ready: a promise; answer(request, tell, signal), why(request, seed, employee, week) and check(request): promises of a reply.
// A reply is the answer, or {error: [lines]} in the reader's language if the request is wrong; a broken engine rejects.
import { browserEngine } from "./engines/browser.js";
import { nativeEngine } from "./engines/native.js";
import { recordedEngine } from "./engines/recorded.js";
import { currentLanguage } from "./texts.js";

const MAKERS = { native: nativeEngine, browser: browserEngine, recorded: recordedEngine };

// `recordings`: what was run when the page was made; it is looked up before an engine is asked.
export function makeEngine(config, tellLoading, recordings = []) {
  const { ready, ask: askEngine, watch, lost } = MAKERS[config.kind]({ ...config, recordings }, tellLoading);
  const recorded = recordings.length && config.kind !== "recorded" ? recordedEngine({ recordings }) : null;

  // A recorded answer is there at once; reasons that were not recorded are asked of the engine.
  async function ask(message, tell, signal) {
    const known = await recorded?.answerTo(message);
    if (!known || known.error || (message.ask === "why" && known.week !== message.week)) return askEngine(message, tell, signal);
    delete known.explained; // the engine has reasons of everybody
    return known;
  }
  return {
    kind: config.kind,
    ready,
    watch: watch ?? (() => {}),
    lost: lost ?? (() => {}),
    answer: (request, tell, signal) => ask({ ask: "answer", request }, tell, signal).then(inOurLanguage),
    check: (request) => askEngine({ ask: "check", request }, () => {}).then(inOurLanguage), // of a file: wrong or not
    why: (request, seed, employee, week) => ask({ ask: "why", request, seed, employee, week }, () => {}).then(inOurLanguage),
  };
}

// What is wrong comes in English (error) and in the other languages (errors).
export function inOurLanguage(reply) {
  const lines = reply.errors?.[currentLanguage()];
  return lines ? { ...reply, error: lines } : reply;
}
