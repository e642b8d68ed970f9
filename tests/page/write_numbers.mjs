// Writes numbers as the page does: node write_numbers.mjs FILE. The file has the texts of one language and the calls.
import { readFileSync } from "node:fs";

import * as texts from "../../sim/web/page/src/texts.js";

const { language, catalog, calls } = JSON.parse(readFileSync(process.argv[2], "utf-8"));
globalThis.document = { documentElement: {}, querySelectorAll: () => [] };
texts.useCatalogs({ [language]: catalog });
texts.useLanguage(language);
console.log(JSON.stringify(calls.map(([name, ...values]) => texts[name](...values))));
