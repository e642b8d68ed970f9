// What came out: two networks, curves, triangles, the sentence on top, and all that changes from week to week.
import { unpackedWeek } from "./bytes.js";
import { titleOf } from "./controls.js";
import { MEANINGS } from "./colors.js";
import { curvesView, summarized } from "./curves.js";
import { byId, wantsCalm } from "./dom.js";
import { LAUNCHES } from "./launches.js";
import { networkView, STATES } from "./network.js";
import { ternaryView } from "./ternary.js";
import { currentLanguage, endText, number, percent, text, unitText, valueText } from "./texts.js";
import { isLastWeeks, verdict } from "./verdict.js";

export function resultsView(store, launches, player, onAsk) {
  const onChoose = (employee) => store.set({ employee });
  const networks = Object.fromEntries(LAUNCHES.map((which) => [which, networkView(byId(`network-${which}`), { onChoose, onAsk })]));
  const ternaries = Object.fromEntries(LAUNCHES.map((which) => [which, ternaryView(byId(`ternary-${which}`))]));
  const curves = curvesView(byId("curves"));
  let bands = { a: [], b: [] };

  function start() {
    player.pause();
    document.body.classList.add("has-started");
    showResultsOnPhone();
  }

  // Beside the settings where there is room, else below them.
  function showResultsOnPhone() {
    if (matchMedia("(max-width: 900px)").matches) byId("results").scrollIntoView();
  }

  function tellNews(which, one) {
    if (one.kind === "network") {
      networks[which].setNetwork(one);
      networks[which].setWeek(unpackedWeek(one.start));
    } else if (one.picture) networks[which].setWeek(unpackedWeek(one.picture));
  }

  function show(answers, hasSeen = false) {
    const states = {};
    for (const which of LAUNCHES) {
      const { weeks } = answers[which].network;
      states[which] = weeks.week.map((_, place) => unpackedWeek({ frames: weeks.frames[place], activity: weeks.activity[place], state: weeks.state[place] }));
      networks[which].setNetwork(answers[which].network);
      ternaries[which].setWeeks(states[which]);
    }
    const { weeks } = answers.a;
    const isThere = answers.a.people.employee.includes(store.now.employee);
    document.body.classList.add("has-results");
    showResultsOnPhone();
    store.set({ answers, states, weeks, isStale: false, isSeen: hasSeen, employee: isThere ? store.now.employee : null, week: -1 });
    const isCalm = wantsCalm() || hasSeen;
    store.set({ week: isCalm ? weeks : 0 });
    if (!isCalm) player.play();
  }

  function showWeek() {
    const { week, weeks, states, answers, employee } = store.now;
    byId("week").value = week;
    byId("week").setAttribute("aria-valuetext", text("page.week_of", { week, weeks }));
    byId("week-of").textContent = text("page.week_of", { week, weeks });
    curves.setWeek(week);
    for (const which of LAUNCHES) {
      const state = states[which][week];
      if (!state) continue;
      networks[which].setWeek(state);
      ternaries[which].show(week, answers ? answers[which].people.employee.indexOf(employee) : -1);
      byId(`counts-${which}`).textContent = counts(state);
      showMeanings(which, state);
    }
    showReadout();
  }

  // What people take it to be for, now: the mean of those who are drawn.
  function showMeanings(which, { frames }) {
    const n = frames.length / 3;
    const shares = MEANINGS.map((_, part) => frames.reduce((sum, one, place) => sum + (place % 3 === part ? one : 0), 0) / 255 / n);
    const bar = byId(`meanings-${which}`);
    bar.setAttribute("aria-label", MEANINGS.map((name, part) => `${text(`page.meaning.${name}`)} ${percent(shares[part])}`).join(", "));
    MEANINGS.forEach((_, part) => {
      const node = bar.children[part];
      node.style.flexGrow = shares[part];
      node.textContent = shares[part] > 0.12 ? percent(shares[part]) : "";
    });
  }

  function counts({ state }) {
    const n = STATES.map((_, place) => state.reduce((sum, one) => sum + (one === place), 0));
    return [4, 3, 2, 1, 0].filter((place) => n[place] || place > 1).map((place) => `${number(n[place])} ${text(`page.state.${STATES[place]}`)}`).join(" · ");
  }

  function showReadout() {
    const { answers, outcome, week, weeks } = store.now;
    if (!answers) return;
    const line = (which) => {
      const one = bands[which][week - 1];
      if (!one || one.mean === null) return text("page.no_value");
      const range = { low: endText(outcome, one.low), high: endText(outcome, one.high) };
      return `${valueText(outcome, one.mean)} ${text("number.interval", range)}${unitText(outcome)}`;
    };
    byId("readout-week").textContent = `${text("page.week_of", { week, weeks })}:`;
    for (const which of LAUNCHES) byId(`readout-${which}`).textContent = week ? line(which) : text("page.no_value");
  }

  function showOutcome() {
    const { answers, outcome, weeks } = store.now;
    byId("meaning").textContent = currentLanguage() ? text(`outcome.meaning.${outcome.name}`) : "";
    if (!answers) return;
    bands = Object.fromEntries(LAUNCHES.map((which) => [which, summarized(answers[which].curves[outcome.name])]));
    const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const ends = isLastWeeks(outcome, answers) ? Object.fromEntries(LAUNCHES.map((which) => [which, mean(answers[which].outcomes[outcome.name])])) : null;
    curves.show({ outcome, weeks, bands, ends });
    const n = answers.a.request.seeds.length;
    byId("band").textContent = [n > 1 ? text("page.band", { n }) : text("page.no_band"), ends ? text("page.counted") : ""].join(" ").trim();
    showVerdict();
    showReadout();
  }

  // What came out is said when it has been seen.
  function showVerdict() {
    const { answers, outcome, isSeen } = store.now;
    if (!answers) return;
    byId("verdict").textContent = isSeen ? verdict(outcome, answers) : text("page.verdict_later");
    document.body.classList.toggle("has-seen", isSeen);
  }

  function showNames() {
    const { answers } = store.now;
    for (const which of LAUNCHES) {
      if (!store.now.isStale) byId(`name-${which}`).textContent = titleOf(launches, which);
      networks[which].stage.setAttribute("aria-label", `${text("page.network")}, ${text(`page.launch.${which}`)}`);
    }
    if (!answers) return;
    const drawn = answers.a.network.employee.length;
    const all = answers.a.n_employees;
    byId("sample").textContent = drawn < all ? text("page.network.sample", { drawn: number(drawn), all: number(all) }) : "";
    byId("hashes").textContent = LAUNCHES.map((which) => `${which.toUpperCase()} ${answers[which].hash.slice(0, 16)}`).join(" · ");
  }

  function redraw() {
    for (const which of LAUNCHES) {
      networks[which].redraw();
      ternaries[which].redraw();
    }
    curves.redraw();
  }

  // All words and numbers again, as the language writes them.
  function relabel() {
    showOutcome();
    showNames();
    redraw();
    showWeek();
  }

  store.watch(["week", "employee", "answers"], showWeek);
  store.watch(["week"], ({ answers, week, weeks, isSeen }) => answers && !isSeen && week >= weeks && store.set({ isSeen: true }));
  store.watch(["isSeen"], showVerdict);
  store.watch(["employee"], () => LAUNCHES.forEach((which) => networks[which].setChosen(store.now.employee)));
  store.watch(["weeks"], () => (byId("week").max = store.now.weeks));
  store.watch(["answers", "outcome"], showOutcome);
  store.watch(["answers", "settings"], showNames);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);

  return { start, tellNews, show, relabel };
}
