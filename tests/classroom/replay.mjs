// Asks the recorded engine without a browser: node replay.mjs FOLDER. Prints one line of JSON, the replies.
import { readFileSync } from "node:fs";
import { join } from "node:path";

const [folder] = process.argv.slice(2);
const file = (name) => readFileSync(join(folder, name));
globalThis.document = { querySelectorAll: () => [], documentElement: {}, title: "" };
globalThis.fetch = async (place) => new Response(file(place));
const source = new URL("../../sim/web/page/src/", import.meta.url);
const { recordedEngine } = await import(new URL("engines/recorded.js", source));
const { useCatalogs, useLanguage } = await import(new URL("texts.js", source));
useCatalogs({ en: JSON.parse(file("texts")) });
useLanguage("en");
const engine = recordedEngine(JSON.parse(file("config.json")), () => {});
const replies = [];
for (const message of JSON.parse(file("messages"))) replies.push(await engine.ask(message, () => {}));
console.log(JSON.stringify(replies));
