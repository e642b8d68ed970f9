// Who influenced whom: what the contacts of one employee did before and after that employee posted.
import { html } from "../dom.js";
import { LAUNCHES } from "../launches.js";
import { number, text } from "../texts.js";
import { badge } from "./parts.js";

const POSTED = 4; // state of a week, as in sim/web/answer/recording.py
const MOST_SHOWN = 8;

export function contactsView(root, { store }) {
  function show() {
    const { told, step } = store.now;
    root.hidden = step !== "why" || !told;
    if (root.hidden) return;
    root.replaceChildren(
      html("h2", { id: "contacts-title" }, text("lesson.contacts.title", { n: number(told.employee) })),
      html("p", { class: "note" }, text("lesson.contacts.explained")),
      html("div", { class: "pair" }, LAUNCHES.map(side)),
    );
  }

  function side(which) {
    const reply = store.now.told.replies[which];
    const head = html("h3", {}, badge(which), ` ${text(`page.launch.${which}`)}`);
    if (!reply.contacts) return html("div", {}, head);
    const contacts = reply.contacts.shown.map((one) => described(which, one));
    const shown = contacts.toSorted((one, other) => other.weeks - one.weeks || (one.first ?? Infinity) - (other.first ?? Infinity) || 0).slice(0, MOST_SHOWN);
    return html("div", { class: "scroll" }, head, html("p", {}, influence(which, reply, contacts)), table(shown));
  }

  // What a contact had done by the week that was asked about, and in the whole run.
  function described(which, contact) {
    const { answers, states, told } = store.now;
    const { people } = answers[which];
    const place = people.employee.indexOf(contact.employee);
    const past = states[which].slice(1, told.week + 1);
    return {
      ...contact,
      weeks: place < 0 ? 0 : past.filter(({ state }) => state[place] === POSTED).length,
      first: place < 0 ? contact.posted_in_week : people.first_post[place],
    };
  }

  function influence(which, reply, contacts) {
    const { answers, told } = store.now;
    const { people } = answers[which];
    const own = people.first_post[people.employee.indexOf(told.employee)] ?? null;
    const all = number(reply.contacts.n);
    const posted = contacts.filter(({ first }) => first !== null);
    if (own === null) return text("lesson.contacts.never", { n: number(posted.length), all });
    const count = (isSo) => number(posted.filter(({ first }) => isSo(first)).length);
    return text("lesson.contacts.posted", { week: number(own), before: count((first) => first < own), after: count((first) => first > own), all });
  }

  function table(contacts) {
    const week = (value) => (value === null ? text("page.person.never") : number(value));
    const heads = ["who", "weeks", "first", "last"].map((name) => html("th", { scope: "col" }, text(`lesson.contacts.${name}`, name === "weeks" ? { week: number(store.now.told.week) } : {})));
    const rows = contacts.map((one) =>
      html(
        "tr",
        {},
        html("th", { scope: "row" }, [text("page.employee", { n: number(one.employee) }), ...role(one)].join(", ")),
        [number(one.weeks), week(one.first), week(one.posted_in_week)].map((words) => html("td", {}, words)),
      ),
    );
    return html("table", { class: "contact-table" }, html("thead", {}, html("tr", {}, heads)), html("tbody", {}, rows));
  }

  function role({ is_manager: isManager, level }) {
    if (isManager) return [text("lesson.contacts.manager")];
    return level > 0 ? [text(`explain.level.${level}`)] : [];
  }

  store.watch(["told", "step", "language"], show);
}
