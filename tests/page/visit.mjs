// A visit of the page in headless Chromium: node visit.mjs URL CHROMIUM FOLDER STEP. Prints one line of JSON with what was seen.
// Every other host is blocked, and requests to one are counted. Screenshots and downloads go to FOLDER.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { lessonSteps } from "./lesson_steps.mjs";

const [url, executablePath, folder, step, given] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf-8");
const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const profile = mkdtempSync(join(tmpdir(), "profile-"));
const browser = await chromium.launchPersistentContext(profile, { executablePath, headless: true, args, viewport: { width: 1280, height: 800 } });
const elsewhere = [];
const errors = [];
const seen = {};
const TIMEOUT = 240_000;

// Playwright's own waitForFunction needs eval in the page, which the page's security policy forbids.
async function until(page, isSo, argument) {
  const end = performance.now() + TIMEOUT;
  while (!(await page.evaluate(isSo, argument))) {
    if (performance.now() > end) throw new Error(`never: ${isSo}`);
    await new Promise((done) => setTimeout(done, 20));
  }
}

async function opened(query = "?lang=en") {
  const page = await browser.newPage();
  page.setDefaultTimeout(TIMEOUT);
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(String(error)));
  const before = performance.now();
  await page.goto(url + query);
  await page.waitForSelector("body.ready");
  await until(page, (word) => document.getElementById("status").textContent === word, query.includes("nl") ? "Klaar" : "Ready");
  seen.opened_seconds ??= (performance.now() - before) / 1000;
  return page;
}

async function runBoth(page) {
  await page.click("#run");
  await results(page);
}

async function results(page) {
  await until(page, () => !document.getElementById("run").classList.contains("busy") && document.body.classList.contains("has-results"));
}

const week = (page) => page.evaluate(() => Number(document.getElementById("week").value));
const words = (page, selector) => page.textContent(selector);
const picture = (page, name) => page.screenshot({ path: join(folder, `${name}.png`) });

async function violations(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
  const bad = found.violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
  return bad.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).slice(0, 4).join(", ")}`);
}

async function pause(page) {
  if (await page.evaluate(() => document.getElementById("play").classList.contains("playing"))) await page.click("#play");
}

async function why(page, employee) {
  await page.fill("#employee", String(employee));
  await page.click("#ask-why button");
  await page.waitForSelector("#person-b .reasons");
}

const steps = {
  async show() {
    const page = await opened();
    seen.before = await violations(page);
    await picture(page, "before");
    await runBoth(page);
    seen.bands = await page.locator("#curves .band").count();
    seen.verdict_before = await words(page, "#verdict");
    seen.hashes = await words(page, "#hashes");
    seen.moved_to = await until(page, () => Number(document.getElementById("week").value) > 3).then(() => week(page));
    await page.click("#play");
    const paused = await week(page);
    await page.waitForTimeout(400);
    seen.stays = (await week(page)) === paused;
    await page.click("#step");
    seen.one_on = (await week(page)) - paused;
    await page.click("#reset");
    seen.reset_to = await week(page);
    await page.selectOption("#speed", "40");
    const started = performance.now();
    await page.click("#play");
    await until(page, () => !document.getElementById("play").classList.contains("playing"));
    seen.weeks_a_second = (1000 * (await week(page))) / (performance.now() - started);
    seen.verdict = await words(page, "#verdict");
    await page.locator("#week").fill("20");
    await page.locator("#network-a .stage").click({ position: { x: 200, y: 130 } });
    await page.waitForSelector("#person-b .reasons");
    seen.clicked = await words(page, "#person-title");
    seen.reasons = await page.locator("#person-a .terms tbody tr").count();
    seen.in_week = await words(page, "#person-a .in-week");
    seen.after = await violations(page);
    await picture(page, "after");
    await page.selectOption("#language", "nl");
    await page.emulateMedia({ colorScheme: "dark" });
    seen.dutch = [await page.title(), await words(page, "#verdict"), await page.getAttribute("html", "lang")];
    await page.click("#organization-more summary");
    await page.waitForSelector("#organization-more .control");
    seen.settings = await page.locator("#organization-more .control").count();
    seen.dark = await violations(page);
    await picture(page, "dark");
    await page.setViewportSize({ width: 390, height: 800 });
    await page.waitForTimeout(200);
    seen.wider_than_screen = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    seen.phone = await violations(page);
    await picture(page, "phone");
  },

  async keyboard() {
    const page = await opened();
    const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.className);
    async function tabTo(id) {
      for (let n = 0; n < 120; n += 1) {
        if ((await focused()) === id) return;
        await page.keyboard.press("Tab");
      }
      throw new Error(`no way to ${id} by keyboard`);
    }
    await page.keyboard.press("Tab");
    seen.first = await focused();
    await tabTo("scenario-a");
    await page.keyboard.type("Strict");
    seen.scenario = await page.evaluate(() => document.getElementById("scenario-a").value);
    await tabTo("run");
    seen.outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
    await page.keyboard.press("Enter");
    await results(page);
    await tabTo("play");
    await page.keyboard.press("Space");
    await tabTo("week");
    await page.keyboard.press("Home");
    for (let n = 0; n < 12; n += 1) await page.keyboard.press("ArrowRight");
    seen.week = await week(page);
    await tabTo("stage");
    await page.keyboard.press("ArrowRight");
    const first = await words(page, "#person-title");
    await page.keyboard.press("ArrowDown");
    seen.moves = first !== (await words(page, "#person-title"));
    await page.keyboard.press("Enter");
    await page.waitForSelector("#person-b .reasons");
    seen.reasons = await words(page, "#person-status");
  },

  async files() {
    const page = await opened();
    await page.evaluate(() => (window.stolen = 0));
    await page.setInputFiles("#file-a", given.split("|")[0]);
    await page.waitForSelector("#message:not([hidden])");
    seen.message = await words(page, "#message");
    await page.selectOption("#runs", "1");
    await runBoth(page);
    seen.name = await words(page, "#name-a");
    seen.scripts = await page.evaluate(() => [document.querySelectorAll("script").length, document.querySelectorAll("img").length, window.stolen]);
    const [download] = await Promise.all([page.waitForEvent("download"), page.click("#save-a")]);
    seen.file = download.suggestedFilename();
    await download.saveAs(join(folder, "saved.yaml"));
    seen.hashes = await words(page, "#hashes");
    await page.setInputFiles("#file-b", join(folder, "saved.yaml"));
    await until(page, () => document.getElementById("difference").textContent.includes("the same"));
    await runBoth(page);
    seen.again = await words(page, "#hashes");
    await page.setInputFiles("#file-b", { name: "wrong.yaml", mimeType: "text/yaml", buffer: Buffer.from("extends: nowhere.yaml\n") });
    await page.waitForSelector("#message.wrong");
    seen.unknown_parent = await words(page, "#message");
    // What is wrong in a file is said when it is opened, and nothing of it is taken.
    seen.refused = {};
    for (const [name, content] of Object.entries({ wrong: "rules: {restriction: 7}\nrulez: {x: 1}\n", large: "organization: {employees: 1000000}\n" })) {
      await page.setInputFiles("#file-b", { name: `${name}.yaml`, mimeType: "text/yaml", buffer: Buffer.from(content) });
      await until(page, (file) => document.getElementById("message").textContent.includes(file), `${name}.yaml`);
      seen.refused[name] = await words(page, "#message");
    }
    seen.untouched = (await words(page, "#difference")).includes("the same");
    // A plan of the kit, which comes from a file of its own; then its brother alone, since the parent is known by now.
    const [, kit] = given.split("|");
    await page.setInputFiles("#file-b", ["training", "leaders"].map((plan) => join(kit, `${plan}.yaml`)));
    await until(page, () => document.getElementById("message").textContent.includes("several plans"));
    await page.setInputFiles("#file-b", ["base", "training"].map((plan) => join(kit, `${plan}.yaml`)));
    await until(page, () => document.getElementById("message").textContent.includes("training.yaml"));
    await page.setInputFiles("#file-a", join(kit, "leaders.yaml"));
    await until(page, () => document.getElementById("message").textContent.includes("leaders.yaml"));
    seen.plans = await words(page, "#difference");
    await page.selectOption("#runs", "1");
    await runBoth(page);
    seen.planned = await words(page, "#hashes");
  },

  async sessions() {
    const [one, other] = [await opened(), await opened()];
    await one.fill("#seed", "5");
    await other.fill("#seed", "9");
    await other.selectOption("#scenario-a", "strict-rules");
    await Promise.all([runBoth(one), runBoth(other)]);
    await Promise.all([pause(one), pause(other)]);
    seen.hashes = [await words(one, "#hashes"), await words(other, "#hashes")];
  },

  async gone() {
    const page = await opened();
    await runBoth(page);
    await pause(page);
    seen.hashes = await words(page, "#hashes");
    writeFileSync(join(folder, "run"), "");
    await until(page, () => document.getElementById("message").textContent.includes("has stopped"));
    seen.message = await words(page, "#message");
    seen.status = await words(page, "#status");
    await page.selectOption("#language", "nl");
    seen.dutch = await words(page, "#message");
    seen.violations = await violations(page);
    await picture(page, "gone");
    await page.selectOption("#language", "en");
    await page.click("#run"); // in vain, and said so again
    await until(page, () => document.getElementById("message").textContent.includes("has stopped") && !document.getElementById("run").classList.contains("busy"));
    writeFileSync(join(folder, "told"), "");
    await until(page, () => document.getElementById("status").textContent === "Ready");
    seen.hidden = await page.evaluate(() => document.getElementById("message").hidden);
    await runBoth(page);
    seen.again = await words(page, "#hashes");
    seen.noise = errors.splice(0).filter((line) => !line.includes("ERR_CONNECTION_REFUSED"));
  },

  async browser_engine() {
    const page = await opened();
    seen.engine = await page.evaluate(() => document.querySelector("#engine").textContent);
    await page.locator("#launch-a + #launch-b + section input[type=number]").nth(1).fill("6");
    await page.selectOption("#runs", "1");
    const started = performance.now();
    await runBoth(page);
    seen.seconds = (performance.now() - started) / 1000;
    await pause(page);
    seen.hashes = await words(page, "#hashes");
    await why(page, 17);
    seen.reasons = await words(page, "#person-status");
    await page.click("#run");
    await page.waitForSelector("#run.busy");
    await page.click("#run");
    await page.waitForSelector("#run:not(.busy)");
    await runBoth(page);
    seen.again = await words(page, "#hashes");
  },
};

Object.assign(steps, lessonSteps({ opened, results, until, words, picture, violations, seen, folder, given }));

try {
  await browser.route(
    (address) => address.hostname !== "127.0.0.1",
    (route) => {
      elsewhere.push(route.request().url());
      return route.abort();
    },
  );
  await steps[step]();
  console.log(JSON.stringify({ ...seen, elsewhere, errors }));
} finally {
  await browser.close();
  rmSync(profile, { recursive: true, force: true });
}
