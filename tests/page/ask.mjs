// Fills in the page of `ask` in headless Chromium and presses its buttons: node ask.mjs FILE CHROMIUM FOLDER.
// Prints one line of JSON: what was chosen, what was said, what went wrong; the saved file goes to FOLDER.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [file, executablePath, folder] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath, headless: true, args: ["--no-sandbox", "--disable-gpu"] });
try {
  const page = await browser.newPage({ acceptDownloads: true });
  const errors = [];
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(String(error)));
  await page.goto(pathToFileURL(file).href);
  const chosen = {};
  for (const [place, question] of (await page.locator("fieldset").all()).entries()) {
    const boxes = question.locator("input[type=radio]");
    const box = boxes.nth(place % (await boxes.count())); // another answer each time
    await box.check();
    chosen[await box.getAttribute("name")] = await box.getAttribute("value");
  }
  const [saved] = await Promise.all([page.waitForEvent("download"), page.click("#download")]);
  await saved.saveAs(join(folder, saved.suggestedFilename()));
  await page.click("#copy");
  await page.waitForTimeout(300);
  const said = await page.textContent("#done");
  const selected = await page.evaluate(() => String(getSelection()));
  console.log(JSON.stringify({ chosen, said, selected, shown: await page.textContent("#answers"), errors }));
} finally {
  await browser.close();
}
