"""The model made from plain values, for tools that know no scenarios; saved and loaded; as a graph; as text."""

from __future__ import annotations

import importlib.util
import math
import subprocess
import sys
import warnings
from pathlib import Path

import mesa
import pytest
from time_limits import PROGRAM_SECONDS

import sim
from sim import IntranetModel
from sim.errors import InputError
from sim.scenario.overrides import by_full_key, full_key

SMALL = {"employees": 60, "weeks": 3}


def small(scenario: str = "collaboration", **settings: object) -> IntranetModel:
    return IntranetModel(scenario, **{**SMALL, **settings})


def test_plain_values_make_the_model_of_the_scenario() -> None:
    wanted = ["organization.employees=60", "run.weeks=3", "rules.restriction=0.5"]
    plain, whole = small(restriction=0.5, rng=4), IntranetModel(sim.load_scenario("collaboration", wanted), rng=4)
    for model in (plain, whole):
        model.run()
    assert plain.series().equals(whole.series())
    assert plain.scenario == whole.scenario
    outcomes = sim.simulate("collaboration", rng=4, restriction=0.5, **SMALL)
    assert [*map(repr, outcomes.values())] == [*map(repr, whole.outcomes().values())]


def test_settings_may_be_named_by_the_last_part_of_their_key() -> None:
    assert full_key("seed") == "run.seed"
    assert full_key("weeks") == "run.weeks"  # as --weeks, not launch.campaign.weeks
    assert by_full_key({"framing": "knowledge", "launch.campaign.weeks": 2}) == {
        "launch.framing": "knowledge",
        "launch.campaign.weeks": 2,
    }
    assert small(seed=7).seed == 7
    assert IntranetModel("baseline", workforce="nl-2014", **SMALL).scenario.organization.workforce == "nl-2014"


@pytest.mark.parametrize(
    ("settings", "error", "words"),
    [
        ({"employes": 3}, TypeError, "there is no setting 'employes'; did you mean employees"),
        ({"trust": 0.5, "organization.trust": 0.5}, TypeError, "organization.trust is given twice"),
        ({"trust": 7}, InputError, "organization.trust"),
        ({"rules.restrictoin": 0.5}, InputError, "restrictoin"),
    ],
)
def test_wrong_settings_are_refused(settings: dict[str, object], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        IntranetModel("baseline", **settings)


def test_batch_run_needs_no_wrapper() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of tqdm without a notebook
        rows = mesa.batch_run(
            IntranetModel,
            {"scenario": ["collaboration", "like-facebook"], "employees": 60, "weeks": 3, "rng": [1, 2]},
            display_progress=False,
        )
    assert len(rows) == 4
    for row in rows:
        alone = sim.simulate(row["scenario"], rng=row["rng"], **SMALL)
        assert row["monthly_readers"] == alone["monthly_readers"]


def test_the_collector_has_the_outcomes_so_far() -> None:
    model = small(rng=2)
    for _ in range(7):
        model.step()
    table = model.datacollector.get_model_vars_dataframe()
    assert len(table) == 7
    assert math.isnan(table["reach"].iloc[3])
    assert table["reach"].iloc[4] == model.series()["reach"].iloc[0] == table["reach"].iloc[6]
    model.run()
    assert model.datacollector.get_model_vars_dataframe()["reach"].iloc[-1] == model.outcomes()["reach"]


def test_ema_workbench_takes_the_function_as_it_is() -> None:
    if importlib.util.find_spec("ema_workbench") is None:
        pytest.skip("ema_workbench is not part of the project (it needs Python 3.12): docs/how-to/use-from-python.md")
    from ema_workbench import Constant, Model, RealParameter, ScalarOutcome, perform_experiments

    model = Model("intranet", function=sim.simulate)
    model.uncertainties = [RealParameter("trust", 0.3, 0.8)]
    model.levers = [RealParameter("restriction", 0.0, 1.0)]
    model.constants = [Constant("employees", 60), Constant("weeks", 3), Constant("rng", 1)]
    model.outcomes = [ScalarOutcome("monthly_readers")]
    experiments, outcomes = perform_experiments(model, scenarios=2, policies=2)
    assert len(experiments) == 4
    row = experiments.iloc[3]
    alone = sim.simulate(trust=row["trust"], restriction=row["restriction"], rng=1, **SMALL)
    assert outcomes["monthly_readers"][3] == alone["monthly_readers"]


def test_days_can_be_run_as_mesa_35_has_it() -> None:
    model, same = small(rng=3), small(rng=3)
    model.run_for(3)
    model.run_until(7)
    for _ in range(7):
        same.step()
    assert (model.day, model.steps) == (7, 7)
    assert model.simulation.table["habit"].tolist() == same.simulation.table["habit"].tolist()
    with pytest.raises(ValueError, match="day 17 is beyond the run: it has 15 days"):
        model.run_for(10)
    assert model.day == 7
    model.run_until(15)
    assert not model.running


@pytest.mark.skipif(not hasattr(mesa.Model, "schedule_event"), reason="events came with Mesa 3.5")
def test_events_of_mesa_35_happen_between_the_days() -> None:
    model, seen = small(rng=3), []

    def look() -> None:
        seen.append((model.time, model.day))

    model.schedule_event(look, at=3.5)
    model.run()
    assert seen == [(3.5, 3)]
    assert model.day == 15


def test_a_part_of_a_day_needs_events() -> None:
    if hasattr(mesa.Model, "run_for"):
        pytest.skip("this Mesa has events")
    with pytest.raises(ValueError, match="no whole number of days"):
        small().run_for(2.5)


def test_saved_models_go_on_in_another_process(tmp_path: Path) -> None:
    """As they were before the first day, within a week, and at the end of one."""
    models = [small("approval-following", rng=5) for _ in range(3)]
    for model, days in zip(models, (0, 3, 10), strict=True):
        for _ in range(days):
            model.step()
    files = [model.save(tmp_path / f"{place}.model") for place, model in enumerate(models)]
    assert {one.name for one in tmp_path.iterdir()} == {file.name for file in files}
    program = (
        "import sys; from sim import IntranetModel\n"
        "for file in sys.argv[1:]:\n"
        "    model = IntranetModel.load(file); model.run(); print(model.series().to_csv(), end='')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *map(str, files)],
        capture_output=True, text=True, check=True, timeout=PROGRAM_SECONDS,
    )  # fmt: skip
    for model in models:
        model.run()
    assert done.stdout == "".join(model.series().to_csv() for model in models)


def test_files_that_hold_no_such_model_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = small().save(tmp_path / "model")
    content = file.read_bytes()
    for wrong, words in (
        (b"something else", "is no saved model"),
        (content[:-7], "is damaged"),
        (content.replace(b"sha256", b"sha265", 1), "is damaged"),
    ):
        file.write_bytes(wrong)
        with pytest.raises(InputError, match=words):
            IntranetModel.load(file)
    file.write_bytes(content)
    with pytest.raises(InputError, match="cannot be read"):
        IntranetModel.load(tmp_path / "nowhere")
    monkeypatch.setattr("sim.model.face.core_fingerprint", lambda: "another")
    with pytest.raises(InputError, match=r"was saved by .*another|here is .*another"):
        IntranetModel.load(file)


def test_contacts_are_a_graph() -> None:
    model = small(rng=1)
    graph = model.to_networkx("trust", "department")
    assert len(graph) == 60
    for row in (0, 17, 59):
        employee = model.employee(row)
        assert set(graph[row]) == {other.row for other in employee.contacts}
        assert graph.nodes[row] == {"trust": employee.trust, "department": employee.department}
    assert "manager" in model.to_networkx().nodes[3]


def test_it_says_what_it_is() -> None:
    model = small(rng=1)
    assert repr(model) == "<IntranetModel 'collaboration': 60 employees, day 0 of 15, rng=1>"
    model.run()
    assert "day 15 of 15" in model._repr_html_()
    assert "monthly_readers" in model._repr_html_()
    assert repr(model.employee(3)).startswith("<Employee 3: ")
