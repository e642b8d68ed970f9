"""What the page is given: plain data, complete, and limits that name what is too much."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sim.catalog.outcomes import OUTCOMES
from sim.catalog.registry import PARAMETER_BY_PATH
from sim.errors import InputError
from sim.scenario.library import plain_names
from sim.scenario.plain import resolve
from sim.web.page.files import NATIVE, browser_engine, page_data, page_files
from sim.web.page.server import own_names
from sim.web.page.workers import Limits, refuse_too_much, work_of
from sim.words import LANGUAGES, catalog

LIMITS = Limits(employees=1000, work=work_of(1000, 10, 10))


def test_the_data_is_json_and_complete() -> None:
    data = json.loads(page_files([NATIVE])["data.json"])
    assert data == json.loads(json.dumps(page_data(), allow_nan=False))
    assert [one["path"] for one in data["parameters"]] == list(PARAMETER_BY_PATH)
    assert [one["name"] for one in data["outcomes"]] == [one.name for one in OUTCOMES]
    assert list(data["texts"]) == list(LANGUAGES)
    for language in LANGUAGES:
        shown = data["texts"][language]
        assert shown["page.title"] == catalog(language)["page.title"]
        assert not any(key.startswith("figure.title") for key in shown)
        assert not any(key.startswith("parameter.header") for key in shown)
        for one in data["parameters"]:
            assert {f"parameter.meaning.{one['path']}", f"parameter.unit.{one['unit']}"} <= shown.keys()
    assert data["texts"]["nl"]["parameter.unit.weeks"] == "weken"


@pytest.mark.parametrize("name", plain_names())
def test_what_a_scenario_sets_is_all_of_it(name: str) -> None:
    settings = page_data()["scenarios"][name]
    assert resolve(None, settings) == resolve(name, {})


def test_the_configuration_says_who_computes() -> None:
    engine = browser_engine("pyodide/", "numpy.whl", "core.zip")
    config = json.loads(page_files([NATIVE, engine], {"employees": 200, "runs": 3}, "nl")["config.json"])
    assert config["engines"] == [{"kind": "native"}, engine]
    assert config["defaults"] == {"employees": 200, "runs": 3}
    assert config["language"] == "nl"


def asked(employees: int, weeks: int, n_runs: int, ask: str = "answer") -> dict[str, Any]:
    overrides = {"organization.employees": employees, "run.weeks": weeks}
    return {"ask": ask, "request": {"scenario": "baseline", "overrides": overrides, "seeds": list(range(n_runs))}}


def test_limits() -> None:
    refuse_too_much(asked(1000, 10, 10), LIMITS)
    refuse_too_much(asked(1000, 100, 50, "why"), LIMITS)  # one run
    with pytest.raises(InputError, match="at most 1,000 here, asked for 1,001"):
        refuse_too_much(asked(1001, 1, 1), LIMITS)
    with pytest.raises(InputError, match="1,000 employees, 10 weeks, 11 runs"):
        refuse_too_much(asked(1000, 10, 11), LIMITS)
    for nonsense in ({}, {"request": 5}, {"request": {"overrides": []}}):
        refuse_too_much(nonsense, LIMITS)


def test_names() -> None:
    assert own_names(8000) == {"127.0.0.1:8000", "localhost:8000"}
    assert own_names(80) == {"127.0.0.1:80", "localhost:80", "127.0.0.1", "localhost"}
