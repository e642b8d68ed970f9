// The lesson, step by step: what visit.mjs does in it. Each step gets the tools of the visit and fills `seen`.
import { readFileSync } from "node:fs";
import { join } from "node:path";

export function lessonSteps({ opened, results, until, words, picture, violations, seen, folder, given }) {
  const step = (page) => page.evaluate(() => document.body.dataset.step);
  const title = (page) => words(page, "#lesson-title");
  const disabled = (page, selector) => page.evaluate((one) => document.querySelector(one).matches(":disabled"), selector);
  const tooWide = (page) => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

  // A visit of the lesson, with what was asked of the engine counted.
  async function inLesson(query = "?lesson=pair&lang=en") {
    const page = await opened(query);
    const asked = [];
    page.on("request", (request) => request.url().endsWith("/api/ask") && asked.push(request.postData()));
    return { page, asked };
  }

  async function settings(page, { seed, employees, runs }) {
    await page.fill("#seed", String(seed));
    await page.selectOption("#runs", String(runs));
    await page.fill("[data-path='organization.employees'] input", String(employees));
    await page.press("[data-path='organization.employees'] input", "Tab");
  }

  async function predicted(page, winner, age) {
    await page.click("#run");
    await page.check(`#winner-${winner}`);
    await page.check(`#age-${age}`);
    await page.click("#commit");
  }

  async function ran(page) {
    await page.click("#run-predicted");
    await results(page);
  }

  async function code(page) {
    await page.click("#step-save");
    await until(page, () => document.getElementById("card-code").value.length > 0);
    return page.inputValue("#card-code");
  }

  return {
    async lesson() {
      const entrance = await opened("?lang=en");
      seen.hidden_before = await entrance.evaluate(() => document.getElementById("lesson").hidden && document.getElementById("lesson-bar").hidden);
      seen.entrance = await entrance.getAttribute("#to-lesson", "href");
      await entrance.close();
      const { page, asked } = await inLesson();
      seen.violations = {};
      const look = async (name) => {
        await picture(page, `lesson-${name}`);
        seen.violations[name] = await violations(page);
      };

      seen.story = [];
      for (let screen = 1; screen <= 3; screen += 1) {
        seen.story.push(await title(page));
        await look(`story-${screen}`);
        await page.click("#lesson .next");
      }
      seen.closed = [];
      for (const name of ["run", "why", "save"]) seen.closed.push(await disabled(page, `#step-${name}`));

      await settings(page, { seed: 5, employees: 120, runs: 6 });
      await page.selectOption("#scenario-b", "like-facebook");
      await page.click("#run");
      seen.same = await words(page, "#message");
      await page.selectOption("#scenario-b", "leaders-post");
      await look("choose");
      await page.click("#run");
      await page.click("#commit"); // no answer yet: the browser asks for one
      seen.uncommitted = await step(page);
      await page.check("#winner-b");
      await page.check("#age-younger");
      await look("guess");
      seen.asked_before = asked.length;
      await page.click("#commit");
      seen.locked = [await disabled(page, "#scenario-a"), await disabled(page, "#seed")];
      await page.click("#step-predict");
      seen.fixed = [await disabled(page, "#winner-a"), await disabled(page, "#age-same"), await page.locator("#commit").count()];
      await look("committed");
      await page.click("#step-run");
      await look("run");
      seen.asked_at_prediction = asked.length;
      await ran(page);
      seen.asked_after = asked.length;
      seen.bands = await page.locator("#curves .band").count();
      seen.verdict_before = await words(page, "#verdict");
      await page.click("#to-end");
      seen.verdict = await words(page, "#verdict");
      seen.open_again = !(await disabled(page, "#scenario-a"));
      await look("results");

      await page.click("#step-why");
      await page.click(".suggestions button");
      await page.waitForSelector("#contacts:not([hidden])");
      seen.reasons = await page.locator("#person-a .terms tbody tr").count();
      seen.contacts = await page.locator("#contacts tbody tr").count();
      seen.influence = await words(page, "#contacts p + table, #contacts .scroll p");
      await look("why");

      await page.click("#step-save");
      const [download] = await Promise.all([page.waitForEvent("download"), page.click("#save-card")]);
      seen.file = download.suggestedFilename();
      await download.saveAs(join(folder, "card.json"));
      seen.code = await code(page);
      await look("save");

      // Another run afterwards does not touch the card.
      await page.click("#step-run");
      await page.fill("#seed", "77");
      await page.click("#run");
      await results(page);
      seen.code_later = await code(page);
      const [other] = await Promise.all([page.waitForEvent("download"), page.click("#save-last")]);
      await other.saveAs(join(folder, "other.json"));

      await page.click("#step-debrief");
      seen.debrief = await words(page, "#own-debrief");
      await page.fill("#codes", `Anna: ${seen.code}\nBob: IS1-nonsense`);
      await page.click("#add-codes");
      await page.waitForSelector("#class-part .mistakes p");
      seen.mistakes = await words(page, "#class-part .mistakes");
      seen.count_alone = await words(page, "#class-count");
      await page.setInputFiles("#card-files", [given, join(folder, "other.json")]);
      await until(page, () => document.querySelectorAll("#class-part .count-table").length >= 3);
      seen.count = await words(page, "#class-count");
      await page.click("#check-cards");
      await until(page, () => document.getElementById("check-cards").hidden);
      seen.checked = await page.locator("#class-part p").allTextContents();
      seen.class_text = await words(page, "#class-part");
      seen.scripts = await page.evaluate(() => [document.querySelectorAll("script").length, document.querySelectorAll("img").length, window.stolen ?? null]);
      seen.dots = await page.locator("#class-part .dots circle").count();
      await look("debrief");

      await page.selectOption("#plan", "45");
      seen.minutes = await words(page, "#step-debrief .minutes");
      await page.selectOption("#language", "nl");
      await page.emulateMedia({ colorScheme: "dark" });
      await page.setViewportSize({ width: 375, height: 720 });
      seen.dutch = await title(page);
      seen.wide = {};
      for (const name of ["story", "predict", "run", "why", "save", "debrief"]) {
        await page.click(`#step-${name}`);
        await page.waitForTimeout(150);
        seen.wide[name] = await tooWide(page);
        await look(`phone-${name}`);
      }
    },

    // The arc, from the first day to the debrief; in the middle the tab is reloaded, and one goes back.
    async arc() {
      const page = await opened("?lesson&lang=en");
      const { rounds, luck } = JSON.parse(given);
      await page.evaluate((one) => sessionStorage.setItem("intranet-sim / lesson", JSON.stringify({ rounds: { luck: one, nonce: 1, kept: {} } })), luck);
      await page.reload();
      await page.waitForSelector("body.ready");
      const next = () => page.click("#lesson .next");
      seen.violations = {};
      seen.wide = {};
      const look = async (name) => {
        await picture(page, `arc-${name}`);
        seen.violations[name] = await violations(page);
        seen.wide[name] = await tooWide(page);
      };
      for (const day of ["no", "yes", "no"]) {
        await page.click(`#day-${day}`);
        if (day === "yes") await look("day");
        await next();
      }
      seen.rule = await title(page);
      await next();
      seen.came = [];
      for (const name of rounds) {
        if (name === "first") await look("guess");
        seen.before = await page.evaluate(() => document.body.classList.contains("has-results"));
        await page.check("#winner-b");
        await page.click("#commit");
        if (name === "first") {
          await page.check("#age-same");
          await page.click("#commit");
        }
        await results(page);
        if (name === "first") {
          seen.early = await page.locator("#round-verdict").count();
          seen.fits = await page.evaluate(() => document.getElementById("curves").getBoundingClientRect().bottom <= window.innerHeight && document.getElementById("network-a").getBoundingClientRect().bottom <= window.innerHeight);
          await look("play");
        }
        await page.click("#to-end");
        seen.came.push(await words(page, "#round-verdict"));
        if (name === "first") {
          await page.reload();
          await page.waitForSelector("body.ready");
          await results(page);
          seen.locked = await page.locator("#commit").count();
          await page.click("#to-end");
          seen.again = await words(page, "#round-verdict");
          await page.click("#to-why");
          await page.selectOption("#find", "silent_reader");
          await page.waitForSelector("#compared table");
          seen.silent = await words(page, "#person-a .note");
          seen.compared = await page.locator("#compared tbody tr").count();
          await look("why");
          await page.goBack();
          await until(page, () => document.body.dataset.step === "run");
        }
        await next();
      }
      for (const name of ["guidance", "leaders", "freedom"]) await page.click(`#place-${name}-0`);
      seen.too_dear = await disabled(page, "#place-tools-0");
      await page.click("#own-launch");
      seen.score = await words(page, "#own-score");
      await look("launch");
      await page.click("#step-debrief");
      await until(page, () => document.getElementById("card-code").value.length > 0);
      seen.rounds = await page.locator(".own-rounds tbody tr").count();
      seen.worlds = await page.locator("#worlds circle").count();
      seen.codes = (await page.inputValue("#card-code")).split("\n");
      seen.count = await words(page, "#class-count");
      await look("debrief");
      await page.setViewportSize({ width: 375, height: 720 });
      await page.emulateMedia({ colorScheme: "dark" });
      await page.selectOption("#language", "nl");
      for (const name of ["you", "first", "launch", "debrief"]) {
        await page.click(`#step-${name}`);
        await page.waitForTimeout(150);
        await look(`phone-${name}`);
      }
    },

    async lesson_by_keyboard() {
      const { page } = await inLesson();
      const focused = () => page.evaluate(() => document.activeElement.id);
      async function tabTo(isThere) {
        for (let n = 0; n < 160; n += 1) {
          if (await page.evaluate(isThere)) return;
          await page.keyboard.press("Tab");
        }
        throw new Error(`no way by keyboard: ${isThere}`);
      }
      const next = async () => {
        await tabTo(() => document.activeElement.matches("#lesson .next"));
        await page.keyboard.press("Enter");
      };
      seen.focus = [];
      for (let screen = 1; screen <= 3; screen += 1) {
        await next();
        seen.focus.push(await focused());
      }
      await tabTo(() => document.activeElement.id === "run");
      await page.keyboard.press("Enter");
      await tabTo(() => document.activeElement.name === "winner");
      await page.keyboard.press("Space");
      await page.keyboard.press("ArrowDown");
      await tabTo(() => document.activeElement.name === "age");
      await page.keyboard.press("Space");
      await next();
      await tabTo(() => document.activeElement.id === "run-predicted");
      await page.keyboard.press("Enter");
      await results(page);
      await next();
      await tabTo(() => document.activeElement.matches(".suggestions button"));
      await page.keyboard.press("Enter");
      await page.waitForSelector("#contacts:not([hidden])");
      await page.evaluate(() => document.getElementById("lesson-title").focus());
      await next();
      await until(page, () => document.getElementById("card-code").value.length > 0);
      seen.code = await page.inputValue("#card-code");
      await page.evaluate(() => document.getElementById("copy-code").focus());
      await next();
      seen.last = await step(page);
      await tabTo(() => document.activeElement.id === "codes");
      await page.keyboard.insertText(seen.code);
      await tabTo(() => document.activeElement.id === "add-codes");
      await page.keyboard.press("Enter");
      seen.count = await words(page, "#class-count");
    },

    async lesson_sessions() {
      const [one, other] = [(await inLesson()).page, (await inLesson()).page];
      for (const [page, seed, winner] of [[one, 3, "a"], [other, 8, "b"]]) {
        for (let screen = 0; screen < 3; screen += 1) await page.click("#lesson .next");
        await settings(page, { seed, employees: 60, runs: 1 });
        await predicted(page, winner, "same");
      }
      await Promise.all([ran(one), ran(other)]);
      seen.codes = [await code(one), await code(other)];
    },

    // A prediction about what the engine refuses is none: the settings open again. One run of so many can be done, ten cannot.
    async lesson_refused() {
      const { page } = await inLesson();
      for (let screen = 0; screen < 3; screen += 1) await page.click("#lesson .next");
      await page.setInputFiles("#file-b", { name: "large.yaml", mimeType: "text/yaml", buffer: Buffer.from("organization: {employees: 20000}\n") });
      await until(page, () => document.getElementById("message").textContent.includes("large.yaml"));
      await predicted(page, "a", "same");
      await page.click("#run-predicted");
      await page.waitForSelector("#message.wrong");
      seen.refused = await words(page, "#message");
      seen.step = await step(page);
      seen.open = !(await disabled(page, "#scenario-a"));
    },

    // Changes during the run, made in the page and saved to a scenario file.
    async changes() {
      const page = await opened();
      await page.click("#launch-a .more summary");
      const editor = "#launch-a [data-path=changes]";
      await page.click(`${editor} button.light`);
      await page.fill(`${editor} .week`, "12");
      await page.press(`${editor} .week`, "Tab");
      await page.locator(`${editor} input[type=range]`).fill("0.8");
      await page.click(`${editor} > p button.light`);
      await page.locator(`${editor} select`).nth(1).selectOption("leadership.participation");
      await page.locator(`${editor} input[type=range]`).nth(1).fill("0.9");
      seen.difference = await words(page, "#difference");
      seen.violations = await violations(page);
      await picture(page, "changes");
      const [download] = await Promise.all([page.waitForEvent("download"), page.click("#save-a")]);
      await download.saveAs(join(folder, "changes.yaml"));
      await page.selectOption("#runs", "1");
      await page.click("#run");
      await results(page);
      seen.hashes = await words(page, "#hashes");
      await page.locator(`${editor} li button`).first().click();
      await page.locator(`${editor} li button`).first().click();
      seen.left = await page.locator(`${editor} li`).count();
      seen.file = readFileSync(join(folder, "changes.yaml"), "utf-8");
    },
  };
}
