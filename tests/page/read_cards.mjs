// Reads cards as the page does: node read_cards.mjs FILE_WITH_TEXTS. Prints what was found in each text, as JSON.
import { readFileSync } from "node:fs";

import { cardsIn, codeOf } from "../../sim/web/page/src/card.js";

const texts = JSON.parse(readFileSync(process.argv[2], "utf-8"));
const found = [];
for (const one of texts) {
  const { cards, wrong } = await cardsIn(one);
  found.push({ cards, wrong, codes: await Promise.all(cards.map(codeOf)) });
}
console.log(JSON.stringify(found));
