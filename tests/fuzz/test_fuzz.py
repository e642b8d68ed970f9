"""Whatever is handed in, it is taken or refused in lines: no traceback, no hang, nothing half done.

Each example is something right with a part of it broken (`broken`). ``INTRANET_SIM_FUZZ=20000`` tries so many.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from broken import FUZZ, STRANGE, STRANGE_TEXT, as_text, changed
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.analysis.results import read_stored, read_tables
from sim.catalog.registry import PARAMETER_BY_PATH
from sim.errors import ReportedError
from sim.experiments import load_experiment
from sim.experiments.factors import Experiment
from sim.exports.examples import DIALECTS, example_staff
from sim.exports.staff import Reading, StaffFile
from sim.exports.staff.people import staff_in
from sim.runs.manifest import MANIFEST_NAME, complete_manifest, write_manifest
from sim.scenario import Scenario, ScenarioError, load_scenario
from sim.scenario.library import experiment_file, experiment_names, shipped_file, shipped_names
from sim.web.answer.card import Card, CardError, cards_in, checked_card, decode, encode
from sim.web.answer.requests import Request, checked_request

KEYS = sorted({part for path in PARAMETER_BY_PATH for part in path.split(".")} | {"extends", "changes", "week", "set"})
TODAY = "2026-01-31"


def is_told(error: Exception) -> bool:
    """Say whether a refusal can be told to a reader, line by line, in both languages."""
    lines = (
        [line for language in ("en", "nl") for line in error.lines_in(language)]
        if isinstance(error, ReportedError)
        else ["-"]
    )
    files = [str(problem.file) for problem in error.problems] if isinstance(error, ScenarioError) else ["-"]
    return bool(lines) and all(line.strip() and "Traceback" not in line for line in lines) and all(files)


@contextlib.contextmanager
def told_in_lines(*refusals: type[Exception]) -> Iterator[None]:
    """Let a refusal pass, if it can be told to a reader."""
    try:
        yield
    except refusals as error:
        if not is_told(error):
            raise


def as_plain(file: Path | None) -> Any:
    """Return a shipped file as plain data."""
    from ruamel.yaml import YAML

    assert file is not None
    return json.loads(json.dumps(YAML(typ="safe").load(file.read_text(encoding="utf-8"))))


SCENARIOS = [as_plain(shipped_file(name)) for name in shipped_names()]
EXPERIMENTS = [as_plain(experiment_file(name)) for name in experiment_names()]


@st.composite
def scenario_text(draw: Any) -> str:
    given = draw(st.sampled_from(SCENARIOS))
    # Also with settings from anywhere else, so that keys meet that never met before.
    whole = {**draw(st.sampled_from(SCENARIOS)), **given} if draw(st.booleans()) else given
    return as_text(draw, changed(draw, whole, KEYS))


@FUZZ
@given(text=scenario_text())
def test_scenarios(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.getbasetemp() / "fuzzed.yaml"
    file.write_text(text, encoding="utf-8", errors="surrogatepass")
    with told_in_lines(ScenarioError):
        found = load_scenario(file)
        assert isinstance(found, Scenario)
        json.dumps(found.resolved(), allow_nan=False)


@st.composite
def experiment_text(draw: Any) -> str:
    names = [*KEYS, "base", "design", "levers", "uncertainties", "method", "samples", "strategies", "outcomes", "low"]
    return as_text(draw, changed(draw, draw(st.sampled_from(EXPERIMENTS)), names))


@FUZZ
@given(text=experiment_text())
def test_experiments(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.getbasetemp() / "fuzzed"
    folder.mkdir(exist_ok=True)
    file = folder / "experiment.yaml"
    file.write_text(text, encoding="utf-8", errors="surrogatepass")
    with told_in_lines(ReportedError):
        found = load_experiment(file)
        assert isinstance(found, Experiment)
        assert found.n_points >= 1


STAFF = {dialect: example_staff(12, dialect, 1) for dialect in DIALECTS}


@st.composite
def staff_content(draw: Any) -> bytes:
    content = STAFF[draw(st.sampled_from(sorted(STAFF)))]
    if content.startswith(b"PK"):  # a workbook: letters of it are broken, as a whole it is not taken apart
        place = draw(st.integers(0, len(content) - 1))
        return content[:place] + draw(st.binary(max_size=8)) + content[place + draw(st.integers(0, 8)) :]
    text = content.decode("utf-8", errors="replace")
    delimiter = max(";,\t", key=text.splitlines()[0].count)
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    for _ in range(draw(st.integers(1, 4))):
        row = draw(st.sampled_from([row for row in rows if row] or [[""]]))
        cell = st.one_of(
            STRANGE_TEXT, STRANGE.map(str), st.sampled_from([each for one in rows for each in one] or [""])
        )
        row[draw(st.integers(0, len(row) - 1))] = draw(cell)
    match draw(st.sampled_from(["rows", "column", "cut", "as they are"])):
        case "rows":
            rows += [list(draw(st.sampled_from(rows)))]
        case "column":
            place = draw(st.integers(0, len(rows[0])))
            rows = [[*row[:place], *row[place + 1 :]] for row in rows]
        case "cut":
            rows = rows[: draw(st.integers(0, len(rows)))]
    out = io.StringIO()
    csv.writer(out, delimiter=draw(st.sampled_from([delimiter, ";", ","]))).writerows(rows)
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]))
    return out.getvalue().encode(encoding, errors="replace")


@FUZZ
@given(content=staff_content())
def test_staff_files(content: bytes) -> None:
    with told_in_lines(ReportedError):
        assert isinstance(staff_in(content, "staff.csv", Reading(date=TODAY)), StaffFile)


CARD = {
    "card": 1, "model": "0.1.0", "edition": "native", "seeds": [1, 2], "both": {"organization.employees": 200},
    "a": {"scenario": "like-facebook", "overrides": {}},
    "b": {"scenario": "collaboration", "overrides": {"rules.guidance": 0.5}},
    "outcome": "monthly_posters", "prediction": None, "result": None, "hash": {"a": "0" * 64, "b": "1" * 64},
}  # fmt: skip


@FUZZ
@given(data=st.data())
def test_run_cards(data: Any) -> None:
    card = changed(data.draw, CARD, KEYS)
    with told_in_lines(CardError):
        assert isinstance(checked_card(card), Card)
    text = as_text(data.draw, card)
    for found in cards_in(text):
        assert (found.card is None) == bool(found.wrong)
    with told_in_lines(CardError, ValueError, TypeError):
        code = encode(card)
    with told_in_lines(CardError):
        decode(code if "code" in locals() else text)
    place = data.draw(st.integers(0, 60))
    with told_in_lines(CardError):
        decode(("IS1-" + text)[:place] + text[place:])


REQUEST = {
    "version": 1, "scenario": "collaboration", "overrides": {"rules.restriction": 0.5, "launch.framing": "knowledge"},
    "seeds": [1, 2, 3], "detail": {"network": True, "people": False, "groups": False, "weeks": 1},
}  # fmt: skip


@FUZZ
@given(data=st.data())
def test_messages_of_the_page(data: Any) -> None:
    message = changed(data.draw, REQUEST, [*PARAMETER_BY_PATH, *KEYS])
    with told_in_lines(ReportedError):
        assert isinstance(checked_request(message), Request)
        json.dumps(checked_request(message).as_mapping())


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a small comparison."""
    folder = tmp_path_factory.mktemp("kept") / "results"
    settings = {"organization.employees": 20, "run.weeks": 2}
    sim.compare(["baseline", "collaboration"], at_defaults=True, replications=2, overrides=settings, out=folder)
    return folder


@FUZZ
@given(data=st.data())
def test_manifests(data: Any, results: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.getbasetemp() / "manifest"
    folder.mkdir(exist_ok=True)
    manifest = changed(data.draw, json.loads((results / MANIFEST_NAME).read_text()), ["checksum", "with", "shard"])
    if isinstance(manifest, dict) and data.draw(st.booleans()):
        with contextlib.suppress(ValueError, TypeError):  # what JSON cannot hold nobody can have written
            write_manifest(folder, manifest)
    else:
        text = as_text(data.draw, manifest)
        (folder / MANIFEST_NAME).write_text(text, encoding="utf-8", errors="surrogatepass")
    with told_in_lines(ReportedError):
        complete_manifest(folder)


@FUZZ
@given(data=st.data())
def test_results_folders(data: Any, results: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A manifest that says something else than its tables, under its own seal; and tables of other bytes."""
    folder = tmp_path_factory.getbasetemp() / "folder"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(results, folder)
    manifest = json.loads((folder / MANIFEST_NAME).read_text())
    if data.draw(st.booleans()):
        with contextlib.suppress(ValueError, TypeError):
            write_manifest(folder, changed(data.draw, manifest, ["with", "kept", "points"]))
    else:
        file = data.draw(st.sampled_from(sorted(each for each in folder.rglob("*") if each.is_file())))
        content = file.read_bytes()
        place = data.draw(st.integers(0, max(0, len(content) - 1)))
        file.write_bytes(content[:place] + data.draw(st.binary(max_size=6)) + content[place + 3 :])
    reading: Callable[[Path], Any]
    for reading in (read_stored, read_tables):
        with told_in_lines(ReportedError):
            reading(folder)
