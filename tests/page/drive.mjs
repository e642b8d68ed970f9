// Opens the proof page in headless Chromium and asks its engine: node drive.mjs URL FILE_WITH_MESSAGES CHROMIUM.
// Prints one line of JSON: the replies, times from the opening of the page, and requests to other hosts (all blocked).
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const [url, file, executablePath] = process.argv.slice(2);
const messages = JSON.parse(readFileSync(file, "utf-8"));
const profile = mkdtempSync(join(tmpdir(), "profile-"));
const args = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];
const browser = await chromium.launchPersistentContext(profile, { executablePath, headless: true, args });
try {
  const elsewhere = [];
  const errors = [];
  await browser.route(
    (address) => address.hostname !== "127.0.0.1",
    (route) => {
      elsewhere.push(route.request().url());
      return route.abort();
    },
  );
  const page = await browser.newPage();
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(String(error)));
  page.setDefaultTimeout(0);
  const opened = performance.now();
  await page.goto(url);
  const ready = await page.evaluate(() => window.engine);
  const replies = [];
  for (const message of messages) {
    replies.push(await page.evaluate((text) => window.ask(text), JSON.stringify(message)));
    replies.at(-1).since_opening = performance.now() - opened;
  }
  console.log(JSON.stringify({ ready, replies, elsewhere, errors }));
} finally {
  await browser.close();
  rmSync(profile, { recursive: true, force: true });
}
