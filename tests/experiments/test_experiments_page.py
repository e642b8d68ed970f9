"""The page on experiment files: every example loads, every key is described."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sim.experiments import load_experiment
from sim.experiments.grammar import DESIGNS, DISTRIBUTIONS, KEYS, METHODS
from sim.runs.designs import design_points
from sim.scenario.library import experiment_names

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "experiments.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```", PAGE, flags=re.M | re.S)
HEAD = "base: baseline\ndesign: grid\n"


def section(title: str) -> str:
    return re.split(rf"^## {title}$", PAGE, flags=re.M)[1].split("\n## ")[0]


def first_cells(text: str) -> list[str]:
    return re.findall(r"^\| `(\w+)` \|", text, flags=re.M)


@pytest.mark.parametrize("position", range(len(EXAMPLES)))
def test_example_loads(position: int, tmp_path: Path) -> None:
    """An example without a base is a piece of one."""
    text = EXAMPLES[position]
    if "base:" not in text:
        text = HEAD + text + ("samples: 4\n" if text.startswith("uncertainties") else "")
    file = tmp_path / "example.yaml"
    file.write_text(text, encoding="utf-8")
    experiment = load_experiment(file)
    if experiment.design is not None:
        assert design_points(experiment).n_points == experiment.n_points


def test_there_are_examples_of_everything() -> None:
    assert len(EXAMPLES) >= 9
    text = "".join(EXAMPLES)
    assert all(f"distribution: {name}" in text for name in DISTRIBUTIONS if name != "uniform")
    assert all(f"design: {name}" in text for name in ("grid", "zip", "list", "latin_hypercube"))


def test_numbers_of_the_first_example(tmp_path: Path) -> None:
    (tmp_path / "example.yaml").write_text(EXAMPLES[0], encoding="utf-8")
    experiment = load_experiment(tmp_path / "example.yaml")
    assert (experiment.n_points, experiment.replications) == (200, 2)
    assert max(design_points(experiment).strategy) == 3


def test_every_key_design_method_and_distribution_is_described() -> None:
    assert first_cells(section("Keys")) == list(KEYS)
    assert sorted(first_cells(section("Designs"))) == sorted(DESIGNS)
    assert tuple(first_cells(section("Methods"))) == METHODS
    assert tuple(first_cells(section("Levers and uncertainties"))) == DISTRIBUTIONS


def test_readme_names_every_shipped_experiment() -> None:
    text = (ROOT / "experiments" / "README.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^\| \[([\w-]+)\]\(\1\.yaml\)", text, flags=re.M)) == sorted(experiment_names())
