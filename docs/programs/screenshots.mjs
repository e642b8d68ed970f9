// Takes pictures of the page, the lesson and a report in headless Chromium: node screenshots.mjs URL REPORT CHROMIUM FOLDER.
// Started by screenshots.py. Other hosts are blocked; an error in the console, or a request to another host, fails.
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

// The packages of the browser tests: npm ci --prefix tests/page
const { chromium } = createRequire(new URL("../../tests/page/package.json", import.meta.url))("playwright-core");

const [url, report, executablePath, folder] = process.argv.slice(2);
const TIMEOUT = 240_000;
const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const profile = mkdtempSync(join(tmpdir(), "profile-"));
const browser = await chromium.launchPersistentContext(profile, { executablePath, headless: true, args, colorScheme: "light" });
const wrong = [];

// Playwright's own waitForFunction needs eval in the page, which the page's security policy forbids.
async function until(page, isSo) {
  const end = performance.now() + TIMEOUT;
  while (!(await page.evaluate(isSo))) {
    if (performance.now() > end) throw new Error(`never: ${isSo}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

async function opened(address, width, height) {
  const page = await browser.newPage();
  page.setDefaultTimeout(TIMEOUT);
  page.on("console", (message) => message.type() === "error" && wrong.push(message.text()));
  page.on("pageerror", (error) => wrong.push(String(error)));
  await page.setViewportSize({ width, height });
  await page.goto(address);
  return page;
}

async function ready(page) {
  await page.waitForSelector("body.ready");
  await until(page, () => document.getElementById("status").textContent === "Ready");
}

async function results(page) {
  await until(page, () => !document.getElementById("run").classList.contains("busy") && document.body.classList.contains("has-results"));
  if (await page.evaluate(() => document.getElementById("play").classList.contains("playing"))) await page.click("#play");
}

const picture = async (page, name) => {
  await page.mouse.move(0, 0);
  await page.evaluate(() => document.activeElement?.blur());
  await page.waitForTimeout(300);
  await page.screenshot({ path: join(folder, `${name}.png`) });
};

// Two launches in the middle of the year.
async function launches() {
  const page = await opened(`${url}?lang=en`, 1360, 900);
  await ready(page);
  await page.click("#run");
  await results(page);
  await page.locator("#week").fill("30");
  await picture(page, "page");
  await page.close();
}

// The lesson: the first prediction, and the worlds of the class. The luck number is the same each time.
async function lesson() {
  const page = await opened(`${url}?lesson&lang=en`, 1200, 880);
  await ready(page);
  await page.evaluate(() => sessionStorage.setItem("intranet-sim / lesson", JSON.stringify({ rounds: { luck: 1, nonce: 1, kept: {} } })));
  await page.reload();
  await ready(page);
  await page.click("#step-first");
  await page.check("#winner-a");
  await picture(page, "lesson-predict");
  await page.click("#step-message");
  await page.check("#winner-b");
  await page.click("#commit");
  await results(page);
  await page.click("#to-end");
  await page.click("#step-debrief");
  await page.evaluate(() => document.getElementById("worlds").scrollIntoView({ block: "center" }));
  await picture(page, "lesson-debrief");
  await page.close();
}

async function reportPage() {
  const page = await opened(pathToFileURL(report).href, 1000, 1180);
  await picture(page, "report");
  await page.close();
}

try {
  await browser.route(
    (address) => !["127.0.0.1", ""].includes(address.hostname),
    (route) => {
      wrong.push(`asked for ${route.request().url()}`);
      return route.abort();
    },
  );
  await launches();
  await lesson();
  await reportPage();
  if (wrong.length) throw new Error(wrong.join("\n"));
} finally {
  await browser.close();
  rmSync(profile, { recursive: true, force: true });
}
