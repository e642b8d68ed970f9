"""The example for SolaraViz: its model works without Solara, and its page where Solara is installed."""

from __future__ import annotations

import importlib
import re
import runpy
from pathlib import Path
from types import ModuleType

import pytest

from sim import IntranetModel, load_scenario
from sim.scenario.library import shipped_names

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "solara"
SMALL = {"employees": 60, "weeks": 3}


@pytest.fixture
def module(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(FOLDER))
    return importlib.import_module("launch_model")


def test_the_model_needs_no_solara(module: ModuleType) -> None:
    assert not any(name.split(".")[0] in ("solara", "reacton", "altair") for name in vars(module))
    model = module.LaunchModel("collaboration", **SMALL, trust=0.9, seed=4)
    assert isinstance(model, IntranetModel)
    model.run()
    settings = {"organization.employees": 60, "organization.trust": 0.9, "run.weeks": 3}
    same = IntranetModel(load_scenario("collaboration", settings), rng=4)
    same.run()
    assert model.outcomes()["monthly_readers"] == same.outcomes()["monthly_readers"]
    assert not model.running


def test_it_can_be_made_from_any_of_its_launches_and_stops_when_left(module: ModuleType) -> None:
    assert set(module.LAUNCHES) <= set(shipped_names())
    model = module.LaunchModel(**SMALL)
    model.step()
    model.is_left = True
    model.step()
    assert (model.day, model.running) == (1, False)


def test_the_curves_are_the_weekly_outcomes(module: ModuleType) -> None:
    model = module.LaunchModel(**SMALL)
    model.run()
    curves = model.datacollector.get_model_vars_dataframe().iloc[5::5]
    series = model.series()
    assert curves["read this week"].tolist() == series["weekly_readers"].tolist()
    assert curves["posted this week"].tolist() == series["weekly_posters"].tolist()


def test_everybody_is_in_the_picture(module: ModuleType) -> None:
    model = module.LaunchModel(**SMALL)
    model.run()
    (axes,) = module.network_figure(model).axes
    assert sum(len(dots.get_offsets()) for dots in axes.collections) == 60


def test_the_page_can_be_imported(module: ModuleType) -> None:
    pytest.importorskip("solara", reason="Solara is not part of the project: see docs/solara/README.md")
    assert callable(runpy.run_path(str(FOLDER / "app.py"))["Page"])


def test_the_versions_are_pinned() -> None:
    lines = [line.split("#")[0].strip() for line in (FOLDER / "requirements.txt").read_text().splitlines()]
    pins = dict(line.split("==") for line in lines if line)
    assert {"mesa", "solara", "solara-assets", "ipyvue", "ipyvuetify", "matplotlib"} <= pins.keys()
    for name in ("ipyvue", "ipyvuetify"):
        assert int(re.split(r"\.", pins[name])[0]) < 3
