// What one sets before a run: two launches and the organization that both share. Few settings first, all behind "more".
import { changesEditor } from "./changes.js";
import { labelOf, makeControl, titleOf, valueText } from "./controls.js";
import { byId, html } from "./dom.js";
import { isShared, LAUNCHES } from "./launches.js";
import { linkTo } from "./saved.js";
import { asYaml, fileName, fromYaml, meantOf } from "./scenario_files.js";
import { text } from "./texts.js";

const FEW = {
  launch: ["launch.framing", "rules.restriction", "leadership.participation"],
  shared: ["organization.employees", "run.weeks", "behavior.frame_strength"],
};
const NOT_HERE = ["run.replications", "run.seed"]; // the page has runs and luck numbers of its own
const WORDS = ["name", "description"];
const SAID_BY_CONTROLS = [...WORDS, ...FEW.launch, ...FEW.shared];
const FILE_OF_ITS_OWN = "own";

// Where runs are recorded, settings are those of the launches: there is nothing to set but which launch.
export function setupView(launches, store, { recorded = null, engineNow }) {
  const few = recorded ? { launch: [], shared: [] } : FEW;
  const saidByControls = recorded ? WORDS : SAID_BY_CONTROLS;
  let controls = [];
  const sources = new Map(); // files that were opened: others may come from them
  const parameters = [...launches.parameters.values()].filter(({ path }) => !NOT_HERE.includes(path));
  const changed = () => {
    for (const control of controls) control.update();
    showDifference();
    for (const which of LAUNCHES) showSays(which);
    store.set({ isStale: store.now.answers !== null, settings: store.now.settings + 1 });
  };

  const make = (which, parameter) => {
    const control = makeControl(launches, which, parameter, changed);
    controls.push(control);
    return control;
  };

  function build() {
    controls = [];
    for (const which of LAUNCHES) buildLaunch(which);
    byId("organization-few").replaceChildren(...few.shared.map((path) => make("a", launches.parameters.get(path)).node));
    const others = recorded ? html("p", { class: "note" }, text("edition.recorded.note")) : more("a", (path) => isShared(path) && !FEW.shared.includes(path));
    byId("organization-more").replaceChildren(others, linkRow());
    showDifference();
  }

  function buildLaunch(which) {
    const root = byId(`launch-${which}`);
    const choice = html("select", { id: `scenario-${which}`, onchange: () => choose(which, choice.value) }, scenarioOptions(which));
    choice.value = launches.name(which) || !launches.scenario(which) ? FILE_OF_ITS_OWN : launches.scenario(which);
    root.replaceChildren(
      html("h2", {}, html("span", { class: `badge ${which}`, "aria-hidden": "true" }, which.toUpperCase()), ` ${text(`page.launch.${which}`)}`),
      html("label", { for: choice.id, class: "quiet" }, text("page.scenario")),
      choice,
      html("p", { class: "says", id: `says-${which}` }),
      html("div", { class: "few" }, few.launch.map((path) => make(which, launches.parameters.get(path)).node)),
      ...(recorded ? [] : [more(which, (path) => !isShared(path) && !FEW.launch.includes(path)), files(which)]),
    );
    showSays(which);
  }

  function scenarioOptions(which) {
    const options = Object.keys(launches.scenarios).map((name) => html("option", { value: name }, text(`page.scenario.${name}`)));
    const own = launches.name(which) || !launches.scenario(which) ? titleOf(launches, which) : "";
    return own ? [html("option", { value: FILE_OF_ITS_OWN }, own), ...options] : options;
  }

  function choose(which, name) {
    if (name === FILE_OF_ITS_OWN) return;
    launches.choose(which, name);
    byId(`scenario-${which}`).querySelector(`[value=${FILE_OF_ITS_OWN}]`)?.remove();
    changed();
  }

  function buildKeepingFocus() {
    const { id } = document.activeElement ?? {};
    build();
    if (id) byId(id)?.focus();
  }

  // What a scenario sets other than the usual launch, in words.
  function showSays(which) {
    const said = launches.scenarios[launches.scenario(which)] ?? {};
    const usual = launches.scenarios.baseline;
    const paths = Object.keys(said).filter((path) => !saidByControls.includes(path) && JSON.stringify(said[path]) !== JSON.stringify(usual[path]));
    const words = paths.map((path) => `${path === "changes" ? text("page.timed_changes") : labelOf(path)}: ${valueText(launches, path, said[path])}`);
    byId(`says-${which}`).textContent = words.length ? `${words.join(". ")}.` : "";
  }

  function showDifference() {
    const paths = launches.differing();
    const names = paths.map((path) => (path === "changes" ? text("page.timed_changes") : labelOf(path)));
    byId("difference").textContent = paths.length ? text("page.differs", { names: names.join(", ") }) : text("page.differs_nothing");
    byId("same-staff").textContent = text(paths.some(isShared) ? "page.staff_differs" : "page.same_staff");
  }

  // All other settings, made when they are first opened.
  function more(which, isMine) {
    const body = html("div", { class: "more-body" });
    const summary = html("summary", {}, text("page.more"));
    const details = html("details", { class: "more" }, summary, body);
    details.addEventListener("toggle", () => {
      summary.textContent = text(details.open ? "page.fewer" : "page.more");
      if (!details.open || body.childElementCount) return;
      const mine = parameters.filter(({ path }) => isMine(path)).map((parameter) => ({ parameter, ...make(which, parameter) }));
      const nothing = html("p", { class: "note", hidden: true }, text("page.no_settings_found"));
      const search = html("input", { type: "search", "aria-label": text("page.search_settings"), placeholder: text("page.search_settings") });
      const sections = [...new Set(mine.map(({ parameter }) => parameter.path.split(".")[0]))].map((section) => {
        const inside = mine.filter(({ parameter }) => parameter.path.startsWith(`${section}.`));
        return { inside, node: html("fieldset", {}, html("legend", {}, text(`page.section.${section}`)), inside.map(({ node }) => node)) };
      });
      if (isMine("changes")) sections.unshift(timedChanges(which));
      search.addEventListener("input", () => {
        const sought = search.value.trim().toLowerCase();
        let n = 0;
        for (const { inside, node } of sections) {
          const found = inside.filter((one) => (one.node.hidden = !one.words.includes(sought)) === false).length;
          node.hidden = found === 0;
          n += found;
        }
        nothing.hidden = n > 0;
      });
      body.append(search, nothing, ...sections.map(({ node }) => node));
    });
    return details;
  }

  function timedChanges(which) {
    const editor = changesEditor(launches, which, changed);
    controls.push(editor);
    return { inside: [editor], node: html("fieldset", {}, html("legend", {}, text("page.timed_changes")), editor.node) };
  }

  // --- links and files ---

  function linkRow() {
    const said = html("span", { class: "note", role: "status" });
    const copy = async () => {
      const address = linkTo({ ...launches.arrangement(), seed: Number(byId("seed").value), runs: Number(byId("runs").value) });
      history.replaceState(history.state, "", address);
      try {
        await navigator.clipboard.writeText(address);
        said.textContent = text("page.link.copied");
      } catch {
        said.textContent = text("page.link.in_address");
      }
    };
    return html("p", { class: "files" }, html("button", { type: "button", class: "light", id: "copy-link", onclick: copy }, text("page.link.copy")), said);
  }

  function files(which) {
    const input = html("input", { type: "file", accept: ".yaml,.yml", multiple: true, hidden: true, id: `file-${which}`, onchange: () => open(which, input) });
    return html(
      "div",
      { class: "files" },
      html("button", { type: "button", class: "light", id: `save-${which}`, onclick: () => save(which) }, text("page.save_scenario")),
      html("button", { type: "button", class: "light", id: `open-${which}`, onclick: () => input.click() }, text("page.load_scenario")),
      input,
    );
  }

  function save(which) {
    const scenario = launches.scenario(which);
    const name = launches.name(which) || (Object.keys(launches.changes(which)).length && scenario ? `my-${scenario}` : scenario) || "scenario";
    const content = asYaml({ scenario, name, set: launches.changes(which) });
    const link = html("a", { href: URL.createObjectURL(new Blob([content], { type: "text/yaml" })), download: `${fileName(name)}.yaml` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  // A file and, chosen with it or opened before, those that it comes from. What is wrong in it is said now, not when it is run.
  async function open(which, input) {
    const chosen = new Map(await Promise.all([...input.files].map(async (file) => [file.name, await file.text()])));
    input.value = "";
    if (!chosen.size) return;
    for (const [name, source] of chosen) sources.set(name, source);
    const name = meantOf(chosen);
    const wrong = (words) => store.set({ message: { words: words.filter(Boolean), isWrong: true } });
    if (!name) {
      wrong([text("page.several_files")]);
      return;
    }
    try {
      const given = fromYaml(sources.get(name), launches.scenarios, sources, [name]);
      const { error } = await engineNow().check({ version: 1, scenario: given.scenario, overrides: given.set, seeds: [1] });
      if (error) {
        wrong([text("page.wrong_values", { file: name }), ...error.map((line) => line.replace(/^overrides: /, ""))]);
        return;
      }
      launches.take(which, given);
      buildKeepingFocus();
      changed();
      store.set({ message: { words: [text("page.opened", { file: name })] } });
    } catch (error) {
      if (error.name === "GoneError") wrong([text("page.gone")]);
      else wrong([text("page.wrong_file"), error.extends ? text("page.extends_unknown", { name: error.extends }) : error.message]);
    }
  }

  store.watch(["language"], build);
  return { build };
}

