// Scenario files: YAML as the command line reads it.
import { parse, stringify } from "yaml";

import { WHOLE } from "./launches.js";

const WORDS = ["name", "description", "extends"];
const NOT_IN_NAMES = /[/\\:*?"<>|\p{C}]/gu; // as in sim/scenario/grammar.py
const NAME_LENGTH = 80;

export function fileName(name) {
  return [...name.replace(NOT_IN_NAMES, "-")].slice(0, NAME_LENGTH).join("").replace(/^[ .]+|[ .]+$/g, "") || "scenario";
}

export function asYaml({ scenario, name, set }) {
  const content = { name: fileName(name) };
  if (scenario) content.extends = scenario;
  for (const [path, value] of Object.entries(set)) {
    const parts = path.split(".");
    const last = parts.pop();
    let group = content;
    for (const part of parts) group = group[part] ??= {};
    group[last] = value;
  }
  return stringify(content, { lineWidth: 100 });
}

// {scenario, name, set} of a file. `sources`: texts of own files by name, from which it may come; throws an Error with a
// message where it is no scenario, {extends: name} where its parent is unknown.
export function fromYaml(source, scenarios, sources = new Map(), children = []) {
  const content = parse(source);
  if (content === null || typeof content !== "object" || Array.isArray(content)) throw new Error("");
  const set = {};
  const collect = (group, start) => {
    for (const [key, value] of Object.entries(group)) {
      const path = start + key;
      const isGroup = value !== null && typeof value === "object" && !Array.isArray(value) && !WHOLE.includes(path);
      if (isGroup) collect(value, `${path}.`);
      else set[path] = value;
    }
  };
  collect(Object.fromEntries(Object.entries(content).filter(([key]) => !WORDS.includes(key))), "");
  const own = { scenario: null, name: String(content.name ?? ""), set };
  if (content.extends === undefined) return own;
  const parent = String(content.extends);
  const file = lastPart(parent);
  const shipped = file.replace(/\.ya?ml$/, "");
  if (sources.has(file) && !children.includes(file)) {
    const before = fromYaml(sources.get(file), scenarios, sources, [...children, file]);
    return { ...own, scenario: before.scenario, set: { ...before.set, ...set } };
  }
  if (!(shipped in scenarios)) throw Object.assign(new Error(""), { extends: parent });
  return { ...own, scenario: shipped };
}

const lastPart = (path) => path.split(/[\\/]/).pop();

// Of files chosen together the one that is meant: the one that no other comes from; null where there are several.
export function meantOf(sources) {
  const parents = new Set([...sources.values()].map((source) => lastPart(String(parsed(source)?.extends ?? ""))));
  const meant = [...sources.keys()].filter((name) => !parents.has(name));
  return meant.length === 1 ? meant[0] : sources.size === 1 ? [...sources.keys()][0] : null;
}

function parsed(source) {
  try {
    return parse(source);
  } catch {
    return null; // said when it is read
  }
}
