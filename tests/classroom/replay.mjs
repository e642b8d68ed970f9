// Asks the recorded engine without a browser: node replay.mjs RECORDING MESSAGES TEXTS. Prints one line of JSON, the replies.
import { readFileSync } from "node:fs";

const [recording, messages, texts] = process.argv.slice(2);
globalThis.document = { querySelectorAll: () => [], documentElement: {}, title: "" };
globalThis.fetch = async (place) => new Response(readFileSync(place));
const source = new URL("../../sim/show/page/src/", import.meta.url);
const { recordedEngine } = await import(new URL("engines/recorded.js", source));
const { useCatalogs, useLanguage } = await import(new URL("texts.js", source));
useCatalogs({ en: JSON.parse(readFileSync(texts, "utf-8")) });
useLanguage("en");
const engine = recordedEngine({ recording }, () => {});
const replies = [];
for (const message of JSON.parse(readFileSync(messages, "utf-8"))) replies.push(await engine.ask(message, () => {}));
console.log(JSON.stringify(replies));
