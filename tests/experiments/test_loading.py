"""Loading experiments: files, names, overrides, the small version, and what becomes of them in the manifest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sim.catalog.outcomes import OUTCOME_NAMES
from sim.catalog.registry import PARAMETERS
from sim.experiments import experiment_from_mapping, is_experiment, list_experiments, load_experiment
from sim.scenario import ScenarioError
from sim.scenario.library import experiment_file, experiment_names

TEXT = """\
description: >-
  Does it
  help?
base: mine.yaml
set: {organization: {employees: 300}, run.weeks: 26}
design: grid
levers: {rules.restriction: [0, 0.5]}
uncertainties: {organization.trust: registry}
samples: 8
quick: {samples: 2, replications: 1, set: {run.weeks: 12}}
"""


@pytest.fixture(autouse=True)
def _in_a_folder_with_an_experiment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "studies").mkdir()
    (tmp_path / "studies" / "help.yaml").write_text(TEXT)
    (tmp_path / "studies" / "mine.yaml").write_text("extends: collaboration\nrules: {guidance: 0.7}\n")
    monkeypatch.chdir(tmp_path)


def test_a_file_with_its_defaults() -> None:
    experiment = load_experiment("studies/help.yaml")
    assert (experiment.name, experiment.description, experiment.file) == ("help", "Does it help?", "studies/help.yaml")
    (base,) = experiment.bases
    assert (base.name, base.organization.employees, base.run.weeks, base.rules.guidance) == ("mine", 300, 26, 0.7)
    assert experiment.fixed == {"organization.employees": 300, "run.weeks": 26}
    assert (experiment.samples, experiment.replications, experiment.seed, experiment.quick) == (8, 20, 1, False)
    assert experiment.outcomes == OUTCOME_NAMES
    assert experiment.main_outcome == "monthly_posters"
    assert (experiment.series, experiment.groups, experiment.by_group, experiment.kind) == (
        "none",
        False,
        False,
        "sweep",
    )
    assert (experiment.n_points, experiment.n_runs) == (16, 320)
    lever, trust = experiment.factors
    assert (lever.is_lever, lever.levels, lever.group) == (True, (0.0, 0.5), "rules")
    assert (trust.is_lever, trust.levels, trust.group, trust.kind) == (False, None, "people", "range")


def test_quick_is_laid_over_and_options_over_both() -> None:
    quick = load_experiment("studies/help.yaml", quick=True)
    assert (quick.samples, quick.replications, quick.bases[0].run.weeks, quick.quick) == (2, 1, 12, True)
    assert quick.bases[0].organization.employees == 300
    given = load_experiment("studies/help.yaml", ["samples=5", "replications=3", "run.weeks=9"], quick=True)
    assert (given.samples, given.replications, given.bases[0].run.weeks) == (5, 3, 9)
    mapping = {"base": "baseline", "method": "morris", "levers": {"rules.guidance": "registry"}, "samples": 9}
    assert experiment_from_mapping({**mapping, "quick": {"samples": 4}}, quick=True).samples == 4


@pytest.mark.parametrize(
    ("override", "attribute", "value"),
    [
        ("samples=5", "samples", 5),
        ("seed=9", "seed", 9),
        ("outcomes=[alive, reach]", "outcomes", ("alive", "reach")),
        ("outcomes=alive", "main_outcome", "alive"),
        ("series=4", "series", 4),
        ("series=all", "series", "all"),
        ("groups=true", "groups", True),
        ("name=other", "name", "other"),
        ("design=latin_hypercube", "n_points", 8),
        ("levers.rules.restriction=[0, 0.2, 0.4]", "n_points", 24),
        ("levers.launch.framing=[news, mixed]", "n_points", 32),
        ("base=[baseline, collaboration]", "base_names", ("baseline", "collaboration")),
        ("set.run.weeks=7", "fixed", {"organization.employees": 300, "run.weeks": 7}),
        ("organization={employees: 50}", "fixed", {"organization.employees": 50, "run.weeks": 26}),
    ],
)
def test_overrides(override: str, attribute: str, value: Any) -> None:
    assert getattr(load_experiment("studies/help.yaml", [override]), attribute) == value


def test_options_come_last(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_experiment("studies/help.yaml", ["uncertainties.organization.trust=[0.5]", "rules.guidance=2"])
    assert [problem.file for problem in caught.value.problems] == [
        "studies/help.yaml",
        "studies/help.yaml",
        "--set rules.guidance=2",
    ]


def test_a_mapping_of_overrides() -> None:
    experiment = load_experiment("studies/help.yaml", {"samples": 3, "rules.guidance": 1, "outcomes": ["alive"]})
    assert (experiment.samples, experiment.bases[0].rules.guidance, experiment.outcomes) == (3, 1.0, ("alive",))


def test_as_mapping_is_plain_and_makes_the_same_experiment() -> None:
    experiment = load_experiment("launch-strategies")
    mapping = json.loads(json.dumps(experiment.as_mapping()))
    given = {
        key: value for key, value in mapping.items() if value not in (None, [], {}) and key not in ("quick", "by_group")
    }
    again = experiment_from_mapping({**given, "base": "baseline"})
    assert again.as_mapping() == {**experiment.as_mapping(), "base": ["baseline"]}
    assert again.factors == experiment.factors


def test_registry_takes_every_key_with_a_plausible_range() -> None:
    mapping = {"base": "baseline", "method": "morris", "samples": 4}
    experiment = experiment_from_mapping({**mapping, "uncertainties": {"behavior": "registry", "network": "registry"}})
    expected = {
        entry.path
        for entry in PARAMETERS
        if entry.group in ("behavior", "network") and (entry.plausible or entry.when_on)
    }
    assert {factor.name for factor in experiment.factors} == expected
    for factor in experiment.factors:
        assert factor.spread is not None
        entry = next(entry for entry in PARAMETERS if entry.path == factor.name)
        assert (factor.spread.low, factor.spread.high) == (entry.plausible or entry.when_on)
        assert factor.spread.off_at == entry.off_at
        assert (factor.spread.off_share > 0) == (entry.off_at is not None)
        assert factor.group == entry.group


def test_registry_gives_way_to_what_is_said_elsewhere() -> None:
    experiment = experiment_from_mapping(
        {
            "base": "baseline",
            "method": "morris",
            "samples": 4,
            "set": {"leadership.support": 0.5},
            "levers": {"launch": "registry", "rules.guidance": {"low": 0.1, "high": 0.2}},
            "uncertainties": {"leadership": "registry", "rules": "registry"},
        }
    )
    names = [factor.name for factor in experiment.factors]
    assert len(names) == len(set(names))
    assert "leadership.support" not in names
    assert [
        factor.spread.low for factor in experiment.factors if factor.name == "rules.guidance" and factor.spread
    ] == [0.1]
    # Shares that must sum to 1, and a number of waves that a launch at once does not have, do not vary by themselves.
    assert not {"launch.framing.social", "launch.waves.every_weeks"} & set(names)
    assert {"launch.framing.clarity", "launch.campaign.weeks"} <= set(names)


def test_bundles_have_a_group() -> None:
    experiment = experiment_from_mapping(
        {
            "base": "baseline",
            "design": "grid",
            "levers": {
                "kind": {"a": {"rules.guidance": 1}, "b": {"rules.restriction": 1}},
                "wide": {"a": {"launch.training": 1}, "b": {"leadership.support": 1}},
            },
        }
    )
    assert [factor.group for factor in experiment.levers] == ["rules", "wide"]
    assert [factor.keys for factor in experiment.levers] == [
        ("rules.guidance", "rules.restriction"),
        ("launch.training", "leadership.support"),
    ]


def test_workforce_files_are_relative_to_the_experiment() -> None:
    Path("studies/staff.csv").write_text("age\n30\n")
    text = "base: baseline\ndesign: grid\nlevers: {organization.workforce: [nl-2014, staff.csv]}\n"
    Path("studies/own.yaml").write_text(text)
    (factor,) = load_experiment("studies/own.yaml").levers
    assert factor.levels == ("nl-2014", "staff.csv")
    assert factor.settings("staff.csv") == {"organization.workforce": str(Path("studies/staff.csv").absolute())}


@pytest.mark.parametrize(
    ("method", "by_group", "expected"),
    [("morris", False, 40), ("sobol", False, 128), ("pawn", False, 20), ("morris", True, 30)],
)
def test_points_of_a_method(method: str, by_group: bool, expected: int) -> None:
    uncertainties = {"rules": "registry", "organization.trust": "registry"}
    experiment = experiment_from_mapping(
        {
            "base": "baseline",
            "method": method,
            "by_group": by_group,
            "uncertainties": uncertainties,
            "samples": {"morris": 10, "sobol": 16, "pawn": 20}[method],
        }
    )
    assert experiment.n_points == expected
    assert experiment.kind == "sensitivity"


def test_which_files_are_experiments() -> None:
    assert is_experiment("studies/help.yaml")
    assert not is_experiment("studies/mine.yaml")
    assert is_experiment("framing")
    assert not is_experiment("baseline")
    assert not is_experiment("nowhere.yaml")
    Path("broken.yaml").write_text("base: [\n")
    Path("levers.yaml").write_text("levers: {rules.guidance: [0, 1]}\n")
    assert is_experiment("levers.yaml")
    assert not is_experiment("broken.yaml")


def test_a_bare_name_prefers_an_own_file() -> None:
    Path("framing").write_text(TEXT.replace("mine.yaml", "baseline"))
    assert load_experiment("framing").description == "Does it help?"


def test_wheel_finds_its_own_experiments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = tmp_path / "sim" / "library" / "experiments"
    inside.mkdir(parents=True)
    (inside / "only-here.yaml").write_text(TEXT)
    monkeypatch.setattr("sim.scenario.library._PACKAGE", tmp_path / "sim")
    assert experiment_names() == ("only-here",)
    assert experiment_file("only-here") == inside / "only-here.yaml"
    assert experiment_file("../only-here") is None


def test_list() -> None:
    experiments = list_experiments()
    assert [one.name for one in experiments] == list(experiment_names())
    assert all(one.file.is_file() and one.experiment.name == one.name for one in experiments)


def test_a_base_out_of_reach_is_neither_followed_nor_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("experiments", "scenarios", "elsewhere"):
        (tmp_path / name).mkdir()
    (tmp_path / "scenarios/mine.yaml").write_text("rules: {restriction: 0.7}\n")
    (tmp_path / "elsewhere/mine.yaml").write_text("top secret\n")
    monkeypatch.chdir(tmp_path / "experiments")
    text = "base: ../{}/mine.yaml\ndesign: grid\nlevers: {{rules.guidance: [0, 1]}}\n"
    file = Path("x.yaml")
    file.write_text(text.format("scenarios"))
    assert load_experiment(file).bases[0].rules.restriction == 0.7
    file.write_text(text.format("elsewhere"))
    with pytest.raises(ScenarioError) as caught:
        load_experiment(file)
    (line,) = caught.value.lines
    assert line.startswith("x.yaml:1:7: base: the file ../elsewhere/mine.yaml lies neither below")
    assert "secret" not in line
