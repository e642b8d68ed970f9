// The arc by keyboard alone, in headless Chromium: node keyboard.mjs CHROMIUM ADDRESS FOLDER.
// Only Tab, arrow keys, Space and Enter; prints one line of JSON with the keys that each screen took and what was seen.
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(new URL("../page/package.json", import.meta.url));
const { chromium } = require("playwright-core");
const [executablePath, address, folder] = process.argv.slice(2);
const TIMEOUT = 240_000;
const MOST_TABS = 40;
const browser = await chromium.launch({ executablePath, headless: true, args: ["--no-sandbox", "--disable-gpu"] });
const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
const seen = { tabs: {}, unseen: [], errors: [] };
page.on("console", (message) => message.type() === "error" && seen.errors.push(message.text()));
page.on("pageerror", (error) => seen.errors.push(String(error)));

async function until(isSo, argument) {
  const end = performance.now() + TIMEOUT;
  while (!(await page.evaluate(isSo, argument))) {
    if (performance.now() > end) throw new Error(`never: ${isSo}`);
    await new Promise((done) => setTimeout(done, 20));
  }
}

// Goes on with Tab until what has the focus fits, and notes how many keys that took; a focus that is not to be seen is noted.
async function reach(name, selector) {
  for (let n = 0; n <= MOST_TABS; n += 1) {
    const { fits, isSeen, what } = await page.evaluate((wanted) => {
      const at = document.activeElement;
      const { outlineStyle, boxShadow } = getComputedStyle(at);
      return { fits: at.matches(wanted), isSeen: at === document.body || outlineStyle !== "none" || boxShadow !== "none", what: at.id || at.className };
    }, selector);
    if (fits) {
      if (!isSeen) seen.unseen.push(what);
      seen.tabs[name] = n;
      return;
    }
    await page.keyboard.press("Tab");
  }
  await page.screenshot({ path: join(folder, "lost.png") });
  throw new Error(`${name}: ${selector} is not within ${MOST_TABS} keys`);
}

async function press(name, selector) {
  await reach(name, selector);
  await page.keyboard.press("Enter");
}

// The year is run; it is played to its end, and then it is said what came out.
async function came(round) {
  await until(() => document.body.classList.contains("has-results"));
  await press(`${round}, to the end`, "#seen-it");
  await until(() => document.getElementById("round-verdict") !== null);
}

try {
  await page.goto(`${address}?lang=en`);
  await page.waitForSelector("body.ready");
  for (const day of [1, 2, 3]) {
    await reach(`day ${day}`, "#day-yes, #day-no");
    await page.keyboard.press("Enter");
    await reach(`told ${day}`, "#lesson .next");
    await page.keyboard.press("Enter");
  }
  for (let n = 0; n < 4 && !(await page.locator("#commit").isVisible()); n += 1) {
    await reach(`onward ${n}`, "#lesson .next");
    await page.keyboard.press("Enter");
  }
  await reach("sending", ".live-choice input");
  await page.keyboard.press("Space");
  for (const name of ["winner", "age"]) {
    await reach(name, `input[type=radio][name=${name}]`);
    await page.keyboard.press("ArrowDown");
    await reach(`${name}, onward`, "#commit");
    await page.keyboard.press("Enter");
  }
  await came("first");
  seen.hashes = await page.textContent("#hashes");
  await press("why", "#to-why");
  await until(() => document.body.dataset.step === "why");
  await press("on from why", "#lesson .next");
  for (const round of ["message", "before", "after"]) {
    await reach(`${round}, winner`, "input[type=radio][name=winner]");
    await page.keyboard.press("ArrowDown");
    await press(`${round}, onward`, "#commit");
    await came(round);
    await press(`on from ${round}`, "#lesson .next");
  }
  for (const measure of ["guidance", "leaders"]) await press(measure, `#place-${measure}-0`);
  await press("launch", "#own-launch");
  seen.score = await page.textContent("#own-score");
  await press("debrief", "#lesson > .onward:last-child .next");
  await until(() => document.getElementById("card-code")?.value.split("\n").length === 4);
  seen.rounds = await page.locator(".own-rounds tbody tr").count();
  await page.screenshot({ path: join(folder, "by_keyboard.png"), fullPage: true });

  // The screen in front of the class: what came in, and the debrief of it, by arrow keys.
  await page.goto(`${address}?live&lang=en`);
  await until(() => document.querySelector("#lesson .big")?.textContent.endsWith("1"));
  seen.screens = [];
  for (let n = 0; n < 20 && !seen.screens.includes("Best levers"); n += 1) {
    await page.keyboard.press("ArrowRight");
    await until(() => document.getElementById("lesson-title").textContent !== "Debrief");
    seen.screens.push(await page.textContent("#lesson-title"));
    if (seen.screens.at(-1) === "Who posts") seen.pictured = await page.locator("img.found-picture").count();
  }
  seen.lever = await page.textContent("#lesson .found");
  await page.screenshot({ path: join(folder, "screen.png") });
  console.log(JSON.stringify(seen));
} finally {
  await browser.close();
}
