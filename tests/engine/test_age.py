"""Age sets nothing directly: no rule reads it, and who has which age changes nothing but the measures of age."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pytest
from engine_runs import make_values

import sim
from sim.model.simulation import Simulation
from sim.organization import build_contacts, build_workforce

SOURCE = Path(sim.__file__).parent
RULE_FILES = [
    *sorted((SOURCE / "model" / "rules").glob("*.py")),
    *sorted((SOURCE / "model" / "steps").glob("*.py")),
    *(SOURCE / "model" / name for name in ("engine.py", "simulation.py", "why/explanation.py")),
    SOURCE / "kernel" / "streams.py",
]
# Who is measured by age, and the champions that a launch picks for their youth.
AGE_OUTCOMES = {"age_gap", "age_gap_readers", "intention_gap", "frame_congruence"}


def readers_of_age(file: Path) -> set[str]:
    """Return the functions of a file in which something called age is read."""
    found = set()
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        for node in ast.walk(function):
            by_attribute = isinstance(node, ast.Attribute) and node.attr == "age"
            by_name = (
                isinstance(node, ast.Name | ast.arg)
                and (getattr(node, "id", None) or getattr(node, "arg", "")) == "age"
            )
            by_text = isinstance(node, ast.Constant) and node.value == "age"
            if (by_attribute or by_name or by_text) and not is_a_length(node, function):
                found.add(function.name)
    return found


def is_a_length(node: ast.AST, function: ast.FunctionDef) -> bool:
    """Return whether a column is only asked for its length: ``len(workforce.age)``, the number of employees."""
    return any(
        isinstance(call, ast.Call) and ast.unparse(call.func) == "len" and call.args and call.args[0] is node
        for call in ast.walk(function)
    )


@pytest.mark.parametrize("file", RULE_FILES, ids=lambda file: file.name)
def test_no_rule_reads_age(file: Path) -> None:
    assert readers_of_age(file) == set()


def test_the_check_sees_readers_of_age() -> None:
    assert readers_of_age(SOURCE / "model" / "outcomes.py") == {"sum_up", "yardsticks"}
    assert readers_of_age(SOURCE / "model" / "state.py") == {"_champions"}


@pytest.mark.parametrize(
    "settings",
    [{}, {"platform__following": "approval", "launch__champions": {"share": 0.2, "choose": "experienced"}}],
    ids=["defaults", "approval"],
)
def test_swapping_ages_changes_only_measures_of_age(settings: dict) -> None:
    values = make_values(150, 8, **settings)
    workforce = build_workforce(values["organization"], 20, 3)
    contacts = build_contacts(workforce, values["organization"]["contacts"], 3)
    ages = np.random.default_rng(1).permutation(workforce.age)
    assert (ages != workforce.age).mean() > 0.9
    usual = Simulation(values, 3, workforce, contacts)
    swapped = Simulation(values, 3, workforce._replace(age=ages), contacts)
    usual.run()
    swapped.run()
    for name in usual.table.dtype.names:
        if name != "age":
            np.testing.assert_array_equal(usual.table[name], swapped.table[name], err_msg=name)
    for name, series in usual.series.items():
        if name in AGE_OUTCOMES:
            assert np.abs(series - swapped.series[name]).max() > 1e-6, name
        else:  # frames are summed age group by age group, which may round otherwise
            rounding = 1e-14 if name.startswith("frame_") else 0.0
            np.testing.assert_allclose(series, swapped.series[name], rtol=rounding, err_msg=name)
    kept = [[row for row in one.groups() if row["grouping"] != "age_band"] for one in (usual, swapped)]
    assert kept[0] == kept[1]


def test_age_counts_where_champions_are_chosen_by_youth() -> None:
    values = make_values(150, 1, launch__champions={"share": 0.1, "choose": "youngest"})
    workforce = build_workforce(values["organization"], 20, 3)
    usual = Simulation(values, 3, workforce)
    older = Simulation(values, 3, workforce._replace(age=90.0 - workforce.age))
    assert (usual.table["champion"] != older.table["champion"]).any()
