// A control for each parameter of the registry, made from what the registry says of it.
import { html, newId } from "./dom.js";
import { FRAMING, framingWith, isShared, LAUNCHES, presetOf, sameValue } from "./launches.js";
import { has, number, shortNumber, text } from "./texts.js";

const WAVES = "launch.waves";
const IN_TURN = "in_turn";
const OWN = "own";
const OF_PEOPLE = ["behavior", "constants"]; // shares among these are often far below the step of a slider
const FRAME_STRENGTH = "behavior.frame_strength";

// What a setting is called: in a few words where there are some, or else what it stands for.
export function labelOf(path) {
  if (has(`page.control.${path}`)) return text(`page.control.${path}`);
  return has(`parameter.meaning.${path}`) ? text(`parameter.meaning.${path}`) : path;
}

// What a launch is called: as its file says, or as its scenario.
export function titleOf(launches, which) {
  const scenario = launches.scenario(which);
  return launches.name(which) || text(scenario ? `page.scenario.${scenario}` : "page.scenario.own");
}

export function valueText(launches, path, value) {
  const parameter = launches.parameters.get(path);
  if (path === FRAMING) {
    const preset = typeof value === "string" ? value : presetOf(launches.framings, value);
    return preset ? text(`page.choice.launch.framing.${preset}`) : text("page.own_numbers");
  }
  if (path === WAVES) return text(value === "all_at_once" ? "page.choice.launch.waves.all_at_once" : "page.choice.launch.waves.in_turn");
  if (path === "changes") return value.map(changeText).join("; ");
  if (value === null || value === undefined) return text("page.by_tables");
  if (typeof value === "boolean") return text(value ? "page.choice.yes" : "page.choice.no");
  if (typeof value === "number") return shortNumber(value);
  return has(`page.choice.${path}.${value}`) ? text(`page.choice.${path}.${value}`) : String(value);
}

function changeText({ week, set }) {
  const words = (value) => (typeof value === "number" ? shortNumber(value) : typeof value === "object" ? "" : value);
  const settings = Object.entries(set ?? {}).map(([path, value]) => `${labelOf(path)} ${words(value)}`.trim());
  return text("page.from_week", { week, settings: settings.join(", ") });
}

// {node, update, words}: the control of a parameter on one side; `tell` is called after each change.
export function makeControl(launches, which, parameter, tell) {
  const { path } = parameter;
  const id = newId("control");
  const part = partFor(launches, which, parameter);
  const change = (value) => {
    part.write(value);
    tell();
  };
  const input = inputFor(parameter, id, change, launches.framings);
  const note = html("span", { class: "changed-note" });
  const back = html("button", { type: "button", class: "back", onclick: () => { part.clear(); tell(); } }, "↺");
  const label = labelOf(path);
  const isNamed = has(`page.help.${path}`);
  const help = html("small", { id: `${id}-help` }, isNamed ? text(`page.help.${path}`) : html("code", {}, path));
  input.field.setAttribute("aria-describedby", `${id}-help`);
  back.setAttribute("aria-label", `${text("page.back_to_default")}: ${label}`);
  back.title = text("page.back_to_default");
  const node = html(
    "div",
    { class: `control ${parameter.kind}${path === FRAME_STRENGTH ? " always" : ""}`, "data-path": path },
    html("label", { for: id }, isNamed ? label : meaningOf(parameter)),
    html("span", { class: "input" }, input.node, back),
    help,
    note,
  );

  function update() {
    if (document.activeElement !== input.field || input.field.type === "range") input.show(part.read(which));
    back.hidden = !part.isSet();
    node.classList.toggle("changed", part.isSet());
    input.field.disabled = !part.isThere();
    const differ = isShared(path) && !sameValue(part.read("a"), part.read("b"));
    note.textContent = differ ? LAUNCHES.map((one) => `${one.toUpperCase()}: ${valueText(launches, path, part.read(one))}`).join(", ") : "";
  }

  update();
  return { node, update, words: `${label} ${path} ${node.querySelector("label").textContent} ${help.textContent}`.toLowerCase() };
}

// What a parameter without a help of its own stands for, with its unit where it is a number of something.
function meaningOf({ path, kind, unit }) {
  const meaning = text(`parameter.meaning.${path}`);
  const isCounted = (kind === "float" || kind === "int") && unit !== "1";
  return isCounted ? `${meaning} (${text(`parameter.unit.${unit}`)})` : meaning;
}

// How a parameter is read and written; some are parts of a value that is one whole.
function partFor(launches, which, { path, default: standard }) {
  const whole = [FRAMING, WAVES].find((one) => path.startsWith(`${one}.`)) ?? path;
  const name = path.slice(whole.length + 1);
  const base = { isSet: () => launches.isSet(which, whole), clear: () => launches.unset(which, whole), isThere: () => true };
  if (whole === path) return { ...base, read: (one) => launches.value(one, path), write: (value) => launches.set(which, path, value) };
  if (whole === FRAMING) {
    return {
      ...base,
      read: (one) => launches.value(one, FRAMING)[name],
      write: (value) => launches.set(which, FRAMING, framingWith(launches.value(which, FRAMING), name, value)),
    };
  }
  const waves = (one) => launches.value(one, WAVES);
  return {
    ...base,
    isThere: () => waves(which) !== "all_at_once",
    read: (one) => (typeof waves(one) === "object" ? (waves(one)[name] ?? standard) : standard),
    write: (value) => launches.set(which, WAVES, { ...waves(which), [name]: value }),
  };
}

export function inputFor(parameter, id, change, framings) {
  const { path, kind, choices, low, high } = parameter;
  if (path === FRAMING) return framingInput(id, change, framings);
  if (path === WAVES) return wavesInput(id, change);
  if (kind === "bool") {
    const field = html("input", { id, type: "checkbox", onchange: () => change(field.checked) });
    return { node: field, field, show: (value) => (field.checked = value) };
  }
  if (choices.length) {
    const options = choices.map((choice) => html("option", { value: choice }, has(`page.choice.${path}.${choice}`) ? text(`page.choice.${path}.${choice}`) : choice));
    const field = html("select", { id, onchange: () => change(field.value) }, options);
    return { node: field, field, show: (value) => (field.value = value) };
  }
  if (kind === "list") return listInput(id, change);
  const isShare = kind === "float" && high !== null && high - low <= 2 && parameter.default !== null;
  if (path === FRAME_STRENGTH || (isShare && !OF_PEOPLE.includes(path.split(".")[0]))) return sliderInput(id, change, low, high);
  return numberInput(id, change, parameter);
}

function framingInput(id, change, framings) {
  const options = Object.keys(framings).map((name) => html("option", { value: name }, text(`page.choice.launch.framing.${name}`)));
  const own = html("option", { value: OWN, disabled: true }, text("page.own_numbers"));
  const field = html("select", { id, onchange: () => change(field.value) }, options, own);
  return { node: field, field, show: (value) => (field.value = presetOf(framings, value) ?? OWN) };
}

function wavesInput(id, change) {
  const options = ["all_at_once", IN_TURN].map((choice) => html("option", { value: choice }, text(`page.choice.launch.waves.${choice}`)));
  const field = html("select", { id, onchange: () => change(field.value === IN_TURN ? { pilot: [0], every_weeks: 4 } : field.value) }, options);
  return { node: field, field, show: (value) => (field.value = value === "all_at_once" ? value : IN_TURN) };
}

function listInput(id, change) {
  const read = () => field.value.split(/[\s,;]+/).filter(Boolean).map(Number);
  const field = html("input", { id, type: "text", inputmode: "numeric", onchange: () => read().every(Number.isInteger) && read().length && change(read()) });
  return { node: field, field, show: (value) => (field.value = value.join(", ")) };
}

function sliderInput(id, change, low, high) {
  const shownValue = html("output", { for: id });
  const show = (value) => {
    field.value = value;
    shownValue.textContent = Number.isInteger(Math.round(1e8 * value) / 1e6) ? number(value, 2) : shortNumber(value);
  };
  const field = html("input", { id, type: "range", min: low, max: high, step: 0.01, oninput: () => { show(Number(field.value)); change(Number(field.value)); } });
  const ends = low < 0 ? ["page.slider.against", "page.slider.for"] : ["page.slider.none", "page.slider.full"];
  const [least, most] = ends.map((key) => html("span", { class: "slider-end", "aria-hidden": "true" }, text(key)));
  return { node: html("span", { class: "slider" }, least, field, most, shownValue), field, show };
}

function numberInput(id, change, { kind, low, high, default: standard }) {
  const read = () => {
    if (field.value === "" && standard === null) change(null);
    else if (field.value !== "" && field.checkValidity()) change(Number(field.value));
    else field.reportValidity();
  };
  const field = html("input", { id, type: "number", min: low, max: high, step: kind === "int" ? 1 : "any", onchange: read, placeholder: standard === null ? text("page.by_tables") : null });
  return { node: field, field, show: (value) => (field.value = value ?? "") };
}
