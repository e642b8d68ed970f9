"""``sim.run`` and ``sim.compare``, and what importing the package costs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import fakes
import pytest
from time_limits import PROGRAM_SECONDS

import sim
from sim.analysis.over_worlds import unique_names

HEAVY = [
    "numpy", "pandas", "pyarrow", "scipy", "matplotlib", "numba", "mesa", "ruamel", "rich", "click",
]  # fmt: skip


def test_run_returns_the_tables_of_the_files(scenario_files: Path) -> None:
    found = sim.run("a.yaml", at_defaults=True, replications=3, out="kept", engine=fakes.ENGINE)
    assert len(found.runs) == 3
    assert len(found.series) == 3 * 4
    assert found.summary.set_index("outcome").loc["reach", "n"] == 3
    assert found.failures.empty
    assert found.results_dir == Path("kept")
    assert (scenario_files / "kept" / "runs.parquet").exists()


def test_nothing_is_kept_unless_asked(scenario_files: Path) -> None:
    before = sorted(scenario_files.iterdir())
    found = sim.compare(["a.yaml", "b.yaml"], at_defaults=True, seed=9, engine=fakes.ENGINE)
    assert found.results_dir is None
    assert sorted(scenario_files.iterdir()) == before
    assert found.ranks is None
    differences = found.differences.set_index("outcome")
    assert differences.loc["monthly_posters", "mean"] == pytest.approx(0.1)
    assert found.runs.groupby("replication")["seed"].nunique().max() == 1


def test_scenario_objects_work_like_files(scenario_files: Path) -> None:
    scenario = sim.load_scenario("a.yaml")
    from_object = sim.run(scenario, at_defaults=True, engine=fakes.ENGINE)
    from_file = sim.run("a.yaml", at_defaults=True, engine=fakes.ENGINE)
    assert from_object.runs.equals(from_file.runs)


def test_three_scenarios_are_ranked(scenario_files: Path) -> None:
    found = sim.compare(["b.yaml", "a.yaml", "b.yaml"], at_defaults=True, engine=fakes.ENGINE)
    assert found.ranks is not None
    ranks = found.ranks[found.ranks["outcome"] == "monthly_posters"].set_index("scenario")["rank"]
    assert ranks.to_dict() == {"b": 2.0, "a": 1.0, "b-2": 2.0}


def test_one_scenario_cannot_be_compared(scenario_files: Path) -> None:
    with pytest.raises(ValueError, match="at least two scenarios, got 1"):
        sim.compare(["a.yaml"], engine=fakes.ENGINE)


def test_names_become_unique() -> None:
    assert unique_names(["a", "b", "a", "a"]) == ["a", "b", "a-2", "a-3"]
    assert unique_names(["a", "a-2", "a"]) == ["a", "a-2", "a-3"]


def test_unknown_names_are_refused() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'sweeep'"):
        sim.sweeep  # noqa: B018


def loaded_by(statement: str) -> set[str]:
    """Return which of the heavy libraries a fresh interpreter has after `statement`."""
    program = f"{statement}\nimport sys; print(*(name for name in {HEAVY!r} if name in sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=PROGRAM_SECONDS
    )
    return set(done.stdout.split())


def test_importing_the_package_imports_no_library() -> None:
    assert loaded_by("import sim; dir(sim)") == set()


def test_the_commands_are_quick_to_import() -> None:
    assert loaded_by("import sim.cli.studies") == {"click"}


def test_one_run_needs_no_scipy_and_no_matplotlib(tmp_path: Path) -> None:
    statement = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "import fakes; from pathlib import Path\n"
        "from sim.runs.plan import make_plan; from sim.runs.store import open_store\n"
        "from sim.analysis.conduct import conduct; from sim.runs.progress import Silent\n"
        f"with open_store(Path({str(tmp_path)!r}), make_plan(fakes.arms(0.2), 1, 1), 'new') as store:\n"
        "    conduct(store, fakes.ENGINE, 1, Silent())"
    )
    # pyarrow itself brings pandas wherever it is installed
    assert loaded_by(statement) == {"numpy", "pyarrow", "pandas"}
