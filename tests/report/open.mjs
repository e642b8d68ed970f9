// Opens reports in headless Chromium: node open.mjs CHROMIUM FILE... Prints one line of JSON, an entry for each file:
// errors on the console, requests, what axe finds in light and dark, and how wide the page is on a telephone.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const require = createRequire(new URL("../page/package.json", import.meta.url));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf-8");
const [executablePath, ...files] = process.argv.slice(2);
const profile = mkdtempSync(join(tmpdir(), "profile-"));
const args = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];
const browser = await chromium.launchPersistentContext(profile, { executablePath, headless: true, args });
const found = [];
try {
  for (const file of files) {
    const page = await browser.newPage();
    const entry = { errors: [], requests: [], violations: [] };
    page.on("console", (message) => message.type() === "error" && entry.errors.push(message.text()));
    page.on("pageerror", (error) => entry.errors.push(String(error)));
    page.on("request", (request) => entry.requests.push(request.url()));
    await page.goto(`file://${file}`);
    await page.evaluate(axe);
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      const { violations } = await page.evaluate(() => window.axe.run(document));
      for (const { id, impact, nodes } of violations) {
        entry.violations.push({ colorScheme, id, impact, first: nodes[0].html.slice(0, 200), n: nodes.length });
      }
    }
    await page.setViewportSize({ width: 360, height: 740 });
    entry.phone = await page.evaluate(() => document.documentElement.scrollWidth);
    found.push(entry);
    await page.close();
  }
  console.log(JSON.stringify(found));
} finally {
  await browser.close();
  rmSync(profile, { recursive: true, force: true });
}
