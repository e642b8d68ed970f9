// A student in headless Chromium: node attend.mjs CHROMIUM ADDRESS FOLDER. Goes through the lesson to the first result and
// asks why; prints one line of JSON with what was seen. The browser is new and offline but for this machine.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const require = createRequire(new URL("../page/package.json", import.meta.url));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf-8");
const [executablePath, address, folder] = process.argv.slice(2);
const TIMEOUT = 240_000;
const MOST_SCREENS = 8;
const FEW = "1";
const profile = mkdtempSync(join(tmpdir(), "profile-"));
const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const browser = await chromium.launchPersistentContext(profile, { executablePath, headless: true, args, viewport: { width: 1280, height: 900 } });
const seen = { elsewhere: [], errors: [], loaded: [] };

// Playwright's own waitForFunction needs eval in the page, which the page's security policy forbids.
async function until(page, isSo, argument) {
  const end = performance.now() + TIMEOUT;
  while (!(await page.evaluate(isSo, argument))) {
    if (performance.now() > end) throw new Error(`never: ${isSo}`);
    await new Promise((done) => setTimeout(done, 20));
  }
}

const words = (page, selector) => page.textContent(selector);
const isThere = (page, selector) => page.locator(selector).isVisible();

async function toPrediction(page) {
  for (let n = 0; n < MOST_SCREENS && !(await isThere(page, "#commit")); n += 1) {
    if (await isThere(page, "#lesson .next")) await page.click("#lesson .next");
    else {
      // Few runs where that can be chosen: the model in a browser takes its time.
      if (await page.locator(`#runs option[value="${FEW}"]`).count()) await page.selectOption("#runs", FEW);
      await page.click("#run");
    }
  }
}

async function violations(page) {
  await page.evaluate(axe);
  const { violations: found } = await page.evaluate(() => window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"] }));
  return found.filter(({ impact }) => ["serious", "critical"].includes(impact)).map(({ id, nodes }) => `${id}: ${nodes[0].target.join(" ")}`);
}

async function ask(page, employee) {
  await page.fill("#employee", String(employee));
  await page.click("#ask-why button");
  await page.waitForSelector("#person-b .reasons");
  return words(page, "#person-b");
}

try {
  await browser.route(
    ({ protocol, hostname }) => ["http:", "https:", "ws:", "wss:"].includes(protocol) && hostname !== "127.0.0.1",
    (route) => {
      seen.elsewhere.push(route.request().url());
      return route.abort();
    },
  );
  if (address.startsWith("file:")) await browser.setOffline(true);
  const page = await browser.newPage();
  page.setDefaultTimeout(TIMEOUT);
  page.on("console", (message) => message.type() === "error" && seen.errors.push(message.text()));
  page.on("pageerror", (error) => seen.errors.push(String(error)));
  page.on("request", (request) => /^(https?|file):/.test(request.url()) && seen.loaded.push(request.url()));
  const opened = performance.now();
  const since = () => (performance.now() - opened) / 1000;
  await page.goto(`${address}?lesson=pair&lang=en`);
  await page.waitForSelector("body.ready");
  seen.page_seconds = since();
  await until(page, () => document.getElementById("status").textContent === "Ready");
  seen.ready_seconds = since();
  await toPrediction(page);
  seen.scenarios = await page.locator("#scenario-a option").count();
  seen.settings = await page.locator("#setup .control input, #setup .control select").count();
  seen.runs = await page.locator("#runs option").allTextContents();
  seen.seed = await page.inputValue("#seed");
  seen.n_runs = Number(await page.inputValue("#runs"));
  await page.click("label[for=winner-b]");
  await page.click("label[for=age-same]");
  await page.click("#commit");
  const asked = performance.now();
  await page.click("#run-predicted");
  await until(page, () => document.body.classList.contains("has-results"));
  seen.run_seconds = (performance.now() - asked) / 1000;
  seen.hashes = await words(page, "#hashes");
  seen.verdict = await words(page, "#verdict");
  seen.weeks = await page.getAttribute("#week", "max");
  await page.screenshot({ path: join(folder, "result.png"), fullPage: true });
  await page.locator("#week").fill("3");
  const steps = page.locator("#step-why");
  if (await steps.count()) await steps.click();
  const suggested = page.locator("#lesson .suggestions button");
  seen.suggested = await suggested.count();
  if (seen.suggested) {
    await suggested.first().click();
    await page.waitForSelector("#person-b .reasons");
    seen.reasons = await words(page, "#person-b");
  }
  seen.asked = await ask(page, 3);
  seen.violations = await violations(page);
  await page.screenshot({ path: join(folder, "why.png"), fullPage: true });
  console.log(JSON.stringify(seen));
} finally {
  await browser.close();
  rmSync(profile, { recursive: true, force: true });
}
