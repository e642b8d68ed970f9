// What is set: two launches, and the organization that both share. A value is what was changed, else what the shipped
// scenario says, else the default of the registry.

export const LAUNCHES = ["a", "b"];
export const WHOLE = ["launch.framing", "launch.waves", "changes"]; // groups of keys that are one value
export const FRAMING = "launch.framing";
const SHARED = ["organization", "behavior", "constants", "run"];
const SHARES = ["social", "collaboration", "broadcast"];

export const isShared = (path) => SHARED.includes(path.split(".")[0]);
export const sameValue = (one, other) => JSON.stringify(one) === JSON.stringify(other);

export function makeLaunches(data, { employees, weeks }) {
  const parameters = new Map(data.parameters.map((one) => [one.path, one]));
  const launches = {
    a: { scenario: "like-facebook", name: "", set: {} },
    b: { scenario: "collaboration", name: "", set: {} },
  };
  let shared = { "organization.employees": employees, ...(weeks ? { "run.weeks": weeks } : {}) };

  const framingNumbers = (value) => (typeof value === "string" ? data.framings[value] : value);

  function base(which, path) {
    const said = data.scenarios[launches[which].scenario] ?? {};
    if (path in said) return path === FRAMING ? framingNumbers(said[path]) : said[path];
    if (path === "changes") return [];
    if (path === FRAMING) return data.framings[parameters.get(FRAMING).default];
    return parameters.get(path).default;
  }

  const holder = (which, path) => (isShared(path) ? shared : launches[which].set);

  function value(which, path) {
    const set = holder(which, path);
    if (!(path in set)) return base(which, path);
    return path === FRAMING ? framingNumbers(set[path]) : set[path];
  }

  return {
    parameters,
    framings: data.framings,
    scenarios: data.scenarios,
    base,
    value,
    isSet: (which, path) => path in holder(which, path),
    scenario: (which) => launches[which].scenario,
    name: (which) => launches[which].name,
    setName: (which, name) => Object.assign(launches[which], { name }),
    set(which, path, given) {
      const set = holder(which, path);
      // Shared values are sent for both: one that agrees with A may differ from what B's scenario says.
      const sides = isShared(path) ? LAUNCHES : [which];
      const isNews = sides.some((one) => !sameValue(given, base(one, path)));
      if (isNews) set[path] = given;
      else delete set[path];
    },
    unset: (which, path) => delete holder(which, path)[path],
    choose: (which, scenario) => Object.assign(launches[which], { scenario, name: "", set: {} }),
    // A pair as a lesson or a link has it: {scenario, name, set} of each launch, and what is laid over both.
    arrange(a, b, both) {
      for (const [which, { scenario, name = "", set = {} }] of [["a", a], ["b", b]]) launches[which] = { scenario, name, set: { ...set } };
      shared = { ...both };
    },
    arrangement: () => structuredClone({ a: launches.a, b: launches.b, both: shared }),
    launchChanges: (which) => ({ ...launches[which].set }),
    changes: (which) => ({ ...launches[which].set, ...shared }),
    // Take what a file says: its launch for one side, its organization for both.
    take(which, { scenario, name, set }) {
      const part = (isOurs) => Object.fromEntries(Object.entries(set).filter(([path]) => isShared(path) === isOurs));
      const size = "organization.employees";
      launches[which] = { scenario, name, set: part(false) };
      shared = { [size]: value(which, size), ...part(true) };
    },
    request: (which, seeds) => ({
      version: 1,
      scenario: launches[which].scenario,
      overrides: { ...launches[which].set, ...shared },
      seeds,
      detail: { network: true, people: true, groups: false, weeks: 1 },
    }),
    differing: () =>
      ["changes", ...parameters.keys()].filter(
        (path) => !isInner(path) && !path.startsWith("run.") && !sameValue(value("a", path), value("b", path)),
      ),
  };
}

// Whether a parameter is a part of a value that is one whole.
export const isInner = (path) => WHOLE.some((whole) => path.startsWith(`${whole}.`));

// The preset whose numbers these are, or null.
export function presetOf(framings, numbers) {
  return Object.keys(framings).find((name) => sameValue(rounded(framings[name]), rounded(numbers))) ?? null;
}

const rounded = (numbers) => [...SHARES, "association", "clarity"].map((name) => Math.round(1e6 * numbers[name]));

// Five numbers with one of them changed; the three shares still make a whole.
export function framingWith(numbers, name, given) {
  if (!SHARES.includes(name)) return { ...numbers, [name]: given };
  const others = SHARES.filter((one) => one !== name);
  const rest = 1 - given;
  const total = others.reduce((sum, one) => sum + numbers[one], 0);
  const first = Math.round(100 * rest * (total > 0 ? numbers[others[0]] / total : 0.5)) / 100;
  const second = Math.max(0, Math.round(100 * (rest - first)) / 100);
  return { ...numbers, [name]: given, [others[0]]: first, [others[1]]: second };
}
