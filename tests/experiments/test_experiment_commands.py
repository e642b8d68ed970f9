"""validate, new, schema and experiments, used for experiment files as a person uses them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from time_limits import PROGRAM_SECONDS

from sim.__main__ import main
from sim.catalog.registry import PARAMETERS
from sim.experiments import load_experiment
from sim.experiments.grammar import KEYS, experiment_schema
from sim.runs.designs import design_points
from sim.runs.worker import Engine
from sim.scenario.library import experiment_names, experiments_folder

Capture = pytest.CaptureFixture[str]
HEAVY = {"numpy", "numba", "mesa", "pandas", "pyarrow", "scipy", "SALib", "matplotlib"}
RIGHT = "base: baseline\ndesign: grid\nlevers: {rules.restriction: [0, 1]}\n"


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_validate_tells_scenarios_and_experiments_apart(capsys: Capture) -> None:
    Path("a.yaml").write_text(RIGHT)
    Path("b.yaml").write_text("rules: {restriction: 0.5}\n")
    Path("c.yaml").write_text(RIGHT + "sampels: 3\n")
    assert main(["validate", "a.yaml", "b.yaml", "c.yaml", "framing"]) == 2
    output = capsys.readouterr()
    assert output.out.splitlines() == ["a.yaml: ok", "b.yaml: ok", "c.yaml: 1 problem", "framing: ok"]
    assert output.err.startswith("c.yaml:4:1: sampels: unknown key; allowed: name,")
    assert output.err.endswith("did you mean samples?\n")


@pytest.mark.parametrize(
    "arguments",
    [["validate", "framing"], ["experiments"], ["schema", "--experiment"]],
    ids=lambda arguments: arguments[0],
)
def test_commands_are_light(arguments: list[str]) -> None:
    script = (
        f"import sys\nfrom sim.__main__ import main\nassert main({arguments!r}) == 0\n"
        "print('MODULES', *{name.split('.')[0] for name in sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=PROGRAM_SECONDS
    )
    counting = {"numpy", "scipy"} if arguments == ["experiments"] else set()  # which counts points over worlds
    assert not set(done.stdout.rsplit("MODULES", 1)[1].split()) & (HEAVY - counting)


def test_new_experiment_is_right_and_small_enough_to_try(capsys: Capture) -> None:
    assert main(["new", "--experiment", "mine"]) == 0
    assert "next: intranet-sim sweep mine.yaml --quick" in capsys.readouterr().out
    experiment = load_experiment("mine.yaml", quick=True)
    assert experiment.name == "mine"
    assert design_points(experiment).n_points == 18 * 4
    assert main(["validate", "mine.yaml"]) == 0
    assert main(["new", "--experiment", "mine"]) == 2


def test_experiments_as_text_and_json(capsys: Capture) -> None:
    assert main(["experiments"]) == 0
    table, note = capsys.readouterr().out.split("\n\n")
    lines = table.splitlines()
    assert [line.split()[0] for line in lines[1:]] == list(experiment_names())
    assert all(line.endswith("?") for line in lines[1:])
    assert "--at-defaults" in note
    assert main(["experiments", "--json"]) == 0
    records = json.loads(capsys.readouterr().out)
    assert [record["name"] for record in records] == list(experiment_names())
    sobol = next(record for record in records if record["name"] == "sensitivity-sobol")
    assert (sobol["kind"], sobol["design"], sobol["points"], sobol["runs"]) == ("sensitivity", "sobol", 9216, 46080)
    assert sobol["runs_over_worlds"] is None


def test_the_runs_that_are_listed_are_those_that_are_done(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.runs.worker.engine", lambda: Engine(lambda *_, **__: None, lambda: None))
    assert main(["experiments", "--json"]) == 0
    listed = {record["name"]: record for record in json.loads(capsys.readouterr().out)}
    for options, key in (([], "runs_over_worlds"), (["--at-defaults"], "runs")):
        assert main(["sweep", "discussion-worlds", *options, "--dry-run", "--json", "--quiet"]) == 0
        assert json.loads(capsys.readouterr().out)["runs"] == listed["discussion-worlds"][key]
    assert listed["discussion-worlds"]["runs"] == 6 * 3 * 10


# --- the JSON schema; a small checker stands in for an editor


def fits(value: Any, schema: dict[str, Any], root: dict[str, Any]) -> bool:
    """Return whether a value fits a schema, as far as our schemas use the language."""
    if "$ref" in schema:
        return fits(value, root["$defs"][schema["$ref"].rsplit("/", 1)[1]], root)
    if "oneOf" in schema and sum(fits(value, one, root) for one in schema["oneOf"]) != 1:
        return False
    if "anyOf" in schema and not any(fits(value, one, root) for one in schema["anyOf"]):
        return False
    if "const" in schema and value != schema["const"]:
        return False
    if "enum" in schema and value not in schema["enum"]:
        return False
    if "type" in schema and not any(is_of(value, name) for name in as_list(schema["type"])):
        return False
    if is_of(value, "number") and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        return False
    if isinstance(value, list):
        return len(value) >= schema.get("minItems", 0) and all(
            fits(item, schema.get("items", {}), root) for item in value
        )
    if isinstance(value, dict):
        if not set(schema.get("required", ())) <= set(value):
            return False
        rest = schema.get("additionalProperties", True)
        known = schema.get("properties", {})
        for key, item in value.items():
            inner = known.get(key, rest)
            if inner is False or (isinstance(inner, dict) and not fits(item, inner, root)):
                return False
    return True


def as_list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def is_of(value: Any, name: str) -> bool:
    if isinstance(value, bool):
        return name == "boolean"
    types: dict[str, Any] = {
        "object": dict,
        "array": list,
        "string": str,
        "number": (int, float),
        "integer": int,
        "null": type(None),
    }
    return name in types and isinstance(value, types[name])


def read_yaml(text: str) -> Any:
    from ruamel.yaml import YAML

    return json.loads(json.dumps(YAML(typ="safe", pure=True).load(text)))


@pytest.mark.parametrize("name", experiment_names())
def test_shipped_experiments_fit_the_schema(name: str) -> None:
    schema = experiment_schema()
    text = (experiments_folder() / f"{name}.yaml").read_text(encoding="utf-8")
    assert fits(read_yaml(text), schema, schema)


@pytest.mark.parametrize(
    "text",
    [
        "levers: {rules.guidance: [0, 1]}\n",
        RIGHT + "method: morris\n",
        RIGHT + "sampels: 3\n",
        RIGHT + "replications: 0\n",
        RIGHT + "outcomes: [zzz]\n",
        RIGHT + "set: {rules.guidanc: 1}\n",
        RIGHT + "set: {rules.guidance: 2}\n",
        RIGHT + "uncertainties: {organization.trust: {low: 0, high: 2}}\n",
        RIGHT + "uncertainties: {organization.trsut: [0, 1]}\n",
        RIGHT + "uncertainties: {launch.wording: registry}\n",
        RIGHT + "quick: {seed: 3}\n",
    ],
)
def test_what_is_wrong_does_not_fit_the_schema(text: str) -> None:
    schema = experiment_schema()
    assert fits(read_yaml(RIGHT), schema, schema)
    assert not fits(read_yaml(text), schema, schema)


def test_the_schema_knows_every_key() -> None:
    schema = experiment_schema()
    assert list(schema["properties"]) == list(KEYS)
    known = set(schema["$defs"]["settings"]["properties"])
    assert {entry.path for entry in PARAMETERS} - known == {"run.replications", "run.seed"}
