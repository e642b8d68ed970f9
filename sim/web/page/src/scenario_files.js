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

// {scenario, name, set}; throws an Error with a message where the file is none, {extends: name} where its parent is unknown.
export function fromYaml(source, scenarios) {
  const content = parse(source);
  if (content === null || typeof content !== "object" || Array.isArray(content)) throw new Error("");
  let scenario = null;
  if (content.extends !== undefined) {
    scenario = String(content.extends).split(/[\\/]/).pop().replace(/\.ya?ml$/, "");
    if (!(scenario in scenarios)) throw Object.assign(new Error(""), { extends: String(content.extends) });
  }
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
  return { scenario, name: String(content.name ?? ""), set };
}
