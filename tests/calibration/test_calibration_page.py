"""The page on calibration says what the table of targets says."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = (DOCS / "calibration.md").read_text(encoding="utf-8")


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(DOCS / "programs"))
    import calibration_page

    return calibration_page


def block(name: str) -> str:
    found = re.search(rf"<!-- {name} -->\n(.*?)<!-- end {name} -->", PAGE, re.DOTALL)
    assert found is not None, name
    return found[1].rstrip()


@pytest.mark.parametrize("use", ["used", "check", "unused"])
def test_targets_are_those_of_the_table(program: ModuleType, use: str) -> None:
    assert block(f"targets {use}") == program.target_table(use), "stale: run python docs/programs/calibration_page.py"


def test_observables_are_those_of_the_code(program: ModuleType) -> None:
    assert block("observables") == program.observable_table()


def test_organizations_are_those_of_the_experiment() -> None:
    from sim.experiments import load_experiment

    for base in load_experiment("calibration", (), False).bases:
        assert f"| `{base.name}` |" in PAGE
        assert re.search(rf"`{base.name}` \|[^|]*\| {base.run.weeks} \|", PAGE), base.name


@pytest.mark.parametrize("name", ["summary", "fit", "conflicts", "parameters", "recovery"])
def test_every_table_of_a_calibration_has_its_place(program: ModuleType, name: str) -> None:
    assert program.replaced(PAGE, name, "new").count("new\n<!-- end") == 1
