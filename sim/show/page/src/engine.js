// Whoever answers the one message. Every engine has the same things:
//   watch(tell, isListening): tells when who computes has gone, and when it is back; lost(): it has gone, as somebody noticed;
//   ready: a promise; answer(request, tell, signal) and why(request, seed, employee, week): promises of a reply.
// A reply is the answer, or {error: [lines]} in the reader's language if the request is wrong; a broken engine rejects.
import { browserEngine } from "./engines/browser.js";
import { nativeEngine } from "./engines/native.js";
import { recordedEngine } from "./engines/recorded.js";
import { currentLanguage } from "./texts.js";

const MAKERS = { native: nativeEngine, browser: browserEngine, recorded: recordedEngine };

export function makeEngine(config, tellLoading) {
  const { ready, ask, watch, lost } = MAKERS[config.kind](config, tellLoading);
  return {
    kind: config.kind,
    ready,
    watch: watch ?? (() => {}),
    lost: lost ?? (() => {}),
    answer: (request, tell, signal) => ask({ ask: "answer", request }, tell, signal).then(inOurLanguage),
    why: (request, seed, employee, week) => ask({ ask: "why", request, seed, employee, week }, () => {}).then(inOurLanguage),
  };
}

// What is wrong comes in English (error) and in the other languages (errors).
export function inOurLanguage(reply) {
  const lines = reply.errors?.[currentLanguage()];
  return lines ? { ...reply, error: lines } : reply;
}
