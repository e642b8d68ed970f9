// The panel of one employee: who that is, and for each launch what happened and why.
import { MEANINGS } from "./colors.js";
import { byId, html } from "./dom.js";
import { found, KINDS } from "./finding.js";
import { LAUNCHES } from "./launches.js";
import { STATES } from "./network.js";
import { comparedNodes, reasonsNodes } from "./reasons.js";
import { number, percent, text } from "./texts.js";

const FACTS = [
  ["age", (value) => [number(value), text("page.years")].join(" ")],
  ["level", (value) => text(`explain.level.${value}`)],
  ["department", (value) => number(value)],
  ["tenure", (value) => number(value, 1)],
  ["leisure_experience", (value) => percent(value)],
  ["professional_experience", (value) => percent(value)],
  ["segmentation", (value) => percent(value)],
  ["trust", (value) => percent(value)],
  ["remote_share", (value) => percent(value)],
  ["n_contacts", (value) => number(value)],
  ["manager", (value) => (value === null ? text("page.person.no_manager") : text("page.employee", { n: value }))],
];
const NO_KIND = "none";
const COUNTS = ["work", "questions", "social", "replies", "reactions"];

export function personView(store, engineNow) {
  const panel = byId("person");
  const facts = byId("person-facts");
  const sides = Object.fromEntries(LAUNCHES.map((which) => [which, byId(`person-${which}`)]));
  const field = byId("employee");
  let asked = 0;
  let told = null; // {week, replies}, while they are about what is shown

  const place = (which) => store.now.answers[which].people.employee.indexOf(store.now.employee);

  function showFacts() {
    const { answers, employee } = store.now;
    const isThere = answers !== null && employee !== null && place("a") >= 0;
    panel.classList.toggle("empty", !isThere);
    byId("person-title").textContent = isThere ? text("page.employee", { n: employee }) : text("page.choose_employee");
    facts.replaceChildren();
    for (const which of LAUNCHES) sides[which].replaceChildren();
    byId("compared").replaceChildren();
    if (document.activeElement !== field) field.value = employee ?? "";
    if (!isThere) return;
    const { people } = answers.a;
    for (const [name, words] of FACTS) {
      const label = text(name === "n_contacts" ? "page.person.contacts" : `page.person.${name}`);
      facts.append(html("div", {}, html("dt", {}, label), html("dd", {}, words(people[name][place("a")]))));
    }
    for (const which of LAUNCHES) sides[which].append(...summary(which));
  }

  function summary(which) {
    const { answers, states, week } = store.now;
    const { people } = answers[which];
    const at = place(which);
    if (at < 0) return [];
    const when = (value) => (value === null ? text("page.person.never") : number(value));
    const state = states[which][week]?.state[at];
    return [
      html("h3", {}, html("span", { class: `badge ${which}` }, which.toUpperCase()), ` ${text(`page.launch.${which}`)}`),
      html("p", { class: "state" }, `${text("page.week_of", { week, weeks: store.now.weeks })}: ${state === undefined ? "" : text(`page.state.${STATES[state]}`)}`),
      frameBars(people.frame_start[at], sharesNow(states[which][week], at) ?? people.frame_end[at]),
      html(
        "p",
        { class: "note" },
        [
          text("page.whole_run"),
          `${text("page.person.first_read")}: ${when(people.first_read[at])}.`,
          `${text("page.person.first_post")}: ${when(people.first_post[at])}.`,
          `${COUNTS.map((name) => `${text(`page.person.${name}`)}: ${number(people[name][at])}`).join(", ")}.`,
        ].join(" "),
      ),
    ];
  }

  const sharesNow = (state, at) => state && MEANINGS.map((_, part) => state.frames[3 * at + part] / 255);

  function frameBars(start, now) {
    const line = (label, shares) =>
      html(
        "div",
        { class: "frame" },
        html("span", { class: "when" }, label),
        html(
          "span",
          { class: "shares", role: "img", "aria-label": MEANINGS.map((name, part) => `${text(`page.meaning.${name}`)} ${percent(shares[part])}`).join(", ") },
          MEANINGS.map((name, part) => {
            const node = html("span", { class: name }, shares[part] > 0.14 ? percent(shares[part]) : "");
            node.style.flexGrow = shares[part];
            return node;
          }),
        ),
      );
    const key = MEANINGS.map((name) => html("li", {}, html("span", { class: `dot ${name}` }), text(`page.meaning.${name}`)));
    return html("div", { class: "frames" }, html("ul", { class: "legend" }, key), line(text("page.at_start"), start), line(text("page.now"), now));
  }

  function showReasons() {
    byId("compared").replaceChildren(...comparedNodes(told.replies, told.week));
    for (const which of LAUNCHES) {
      const reply = told.replies[which];
      const nodes = reply.error ? reply.error.map((line) => html("p", { class: "wrong" }, line)) : reasonsNodes(reply, store.now.weeks);
      const about = reply.error ? null : html("p", { class: "note" }, text("explain.about", { doubles: number(Math.LN2, 1), minus: text("number.minus") }));
      sides[which].append(html("details", { class: "reasons", open: Boolean(reply.error) || !reply.telling }, html("summary", { class: "in-week" }, text("page.numbers_in_week", { week: told.week })), about, ...nodes));
    }
  }

  function forget() {
    asked += 1;
    told = null;
    store.set({ told });
    tell("");
    showFacts();
  }

  // What the panel shows anyway is for screen readers alone.
  function tell(words, isShown = true) {
    byId("person-status").textContent = words;
    byId("person-status").classList.toggle("hidden", !isShown);
  }

  // The next employee of a kind; from the last one it goes on with the first.
  function find() {
    const kind = byId("find").value;
    byId("find").value = NO_KIND;
    if (kind === NO_KIND || !store.now.answers) return;
    const some = found(store.now, kind);
    if (!some.length) {
      tell(text("page.find.nobody"));
      return;
    }
    const at = some.findIndex(({ employee }) => employee === store.now.employee);
    store.set({ isPlaying: false, ...some[(at + 1) % some.length] });
    ask();
  }

  function fillFind() {
    const option = (value, words) => html("option", { value }, words);
    const kinds = KINDS.map((kind) => option(kind, text(`page.find.${kind}`)));
    byId("find").replaceChildren(option(NO_KIND, text("page.find.choose")), ...kinds);
  }

  async function ask() {
    const { answers, employee } = store.now;
    if (!answers || employee === null) return;
    const week = Math.max(1, store.now.week);
    forget();
    const mine = asked;
    tell(text("page.asking"));
    try {
      const replies = {};
      for (const which of LAUNCHES) {
        const { request } = answers[which];
        replies[which] = await engineNow().why(request, request.seeds[0], employee, week);
        if (mine !== asked) return;
      }
      told = { employee, week: replies.a.week ?? week, replies }; // recorded runs have reasons of one week
      showReasons();
      store.set({ told });
      const said = (which) => sides[which].querySelector(".reasons .answer, .reasons .wrong")?.textContent ?? "";
      tell(LAUNCHES.map((which) => `${text(`page.launch.${which}`)}: ${said(which)}`).join(" "), false);
      panel.scrollIntoView({ block: "nearest", behavior: "auto" });
    } catch {
      tell(text("page.offline"));
    }
  }

  byId("ask-why").addEventListener("submit", (event) => {
    event.preventDefault();
    const number = field.value === "" ? NaN : Number(field.value);
    if (store.now.answers?.a.people.employee.includes(number)) {
      store.set({ employee: number, isPlaying: false });
      ask();
    } else tell(text("page.not_drawn"));
  });

  store.watch(["employee", "answers"], forget);
  store.watch(["week", "isPlaying"], () => store.now.isPlaying || store.now.employee === null || forget());
  byId("find").addEventListener("change", find);
  store.watch(["language"], () => {
    fillFind();
    tell("");
    showFacts();
    if (told) showReasons();
  });
  return { ask };
}
