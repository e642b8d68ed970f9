// Changes during the run: after a week, a setting gets another value. One line for each.
import { inputFor, labelOf } from "./controls.js";
import { html, newId } from "./dom.js";
import { FRAMING, presetOf, sameValue } from "./launches.js";
import { text } from "./texts.js";

const CHANGES = "changes";
const FIRST_SETTING = "rules.restriction";

// The same three things as a control: {node, update, words}.
export function changesEditor(launches, which, tell) {
  const changeable = [...launches.parameters.values()].filter(({ can_change: canChange }) => canChange);
  const list = html("ol", { class: "changes" });
  const none = html("p", { class: "note" }, text("page.changes.none"));
  const add = html("button", { type: "button", class: "light", onclick: addLine }, text("page.changes.add"));
  const back = html("button", { type: "button", class: "back", title: text("page.back_to_default"), "aria-label": `${text("page.back_to_default")}: ${text("page.timed_changes")}`, onclick: reset }, "↺");
  const node = html("div", { class: "control", "data-path": CHANGES }, none, list, html("p", {}, add, " ", back));
  let lines = []; // {week, path, value, departments}; everybody where none are named
  let shown = null; // the value that the lines stand for

  const lastWeek = () => Math.max(1, launches.value(which, "run.weeks") - 1);

  function update() {
    const value = launches.value(which, CHANGES);
    back.hidden = !launches.isSet(which, CHANGES);
    for (const field of list.querySelectorAll(".week")) field.max = lastWeek();
    if (sameValue(value, shown)) return;
    shown = value;
    lines = value.flatMap(({ week, departments, set }) => Object.entries(set).map(([path, given]) => ({ week, path, value: given, departments })));
    draw();
  }

  // One entry for each line; those of one week take effect together.
  function write() {
    shown = lines.map(({ week, path, value, departments }) => ({ week, ...(departments && { departments }), set: { [path]: value } }));
    launches.set(which, CHANGES, shown);
    tell();
  }

  function addLine() {
    const path = lines.some((line) => line.path === FIRST_SETTING) ? (changeable.find((one) => !lines.some((line) => line.path === one.path)) ?? changeable[0]).path : FIRST_SETTING;
    lines.push({ week: Math.max(1, Math.round(launches.value(which, "run.weeks") / 2)), path, value: now(path) });
    draw();
    write();
    list.lastElementChild.querySelector("input").focus();
  }

  function removeLine(place) {
    lines.splice(place, 1);
    draw();
    write();
    (list.children[Math.min(place, lines.length - 1)]?.querySelector("input") ?? add).focus();
  }

  function reset() {
    launches.unset(which, CHANGES);
    tell();
    add.focus();
  }

  // What a setting is without the change.
  function now(path) {
    const value = launches.value(which, path.startsWith(`${FRAMING}.`) ? FRAMING : path);
    if (path === FRAMING) return presetOf(launches.framings, value) ?? { ...value };
    return path.startsWith(`${FRAMING}.`) ? value[path.slice(FRAMING.length + 1)] : value;
  }

  function draw() {
    none.hidden = lines.length > 0;
    list.replaceChildren(...lines.map(drawLine));
  }

  function drawLine(line, place) {
    const [weekId, whatId, valueId] = ["week", "what", "value"].map((name) => newId(`change-${name}`));
    const week = html("input", {
      id: weekId,
      class: "week",
      type: "number",
      min: 1,
      max: lastWeek(),
      step: 1,
      required: true,
      value: line.week,
      onchange: () => {
        if (!week.reportValidity()) return;
        line.week = Number(week.value);
        write();
      },
    });
    const what = html(
      "select",
      {
        id: whatId,
        onchange: () => {
          Object.assign(line, { path: what.value, value: now(what.value) });
          list.children[place].replaceWith(drawLine(line, place));
          write();
          list.children[place].querySelector("select").focus();
        },
      },
      changeable.map(({ path }) => html("option", { value: path }, labelOf(path))),
    );
    what.value = line.path;
    const parameter = launches.parameters.get(line.path);
    const field = (id, words, input) => html("span", { class: "change-field" }, html("label", { for: id }, words), input);
    const change = (value) => {
      line.value = value;
      write();
    };
    const input = parameter && inputFor(parameter, valueId, change, launches.framings);
    input?.show(line.path === FRAMING && typeof line.value === "string" ? launches.framings[line.value] : line.value);
    return html(
      "li",
      { "aria-label": text("page.changes.one", { n: place + 1 }) },
      field(weekId, text("page.changes.week"), week),
      field(whatId, text("page.changes.what"), what),
      input ? field(valueId, text("page.changes.value"), input.node) : null,
      line.departments ? html("span", { class: "note" }, text("page.changes.departments", { names: line.departments.join(", ") })) : null,
      html("button", { type: "button", class: "light", onclick: () => removeLine(place) }, text("page.changes.remove")),
    );
  }

  update();
  const words = [text("page.timed_changes"), CHANGES, ...changeable.map(({ path }) => labelOf(path))].join(" ").toLowerCase();
  return { node, update, words };
}
