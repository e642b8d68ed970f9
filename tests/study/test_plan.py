"""The plan: seeds, order, and what a content hash depends on."""

from __future__ import annotations

import copy
import dataclasses
import json
import os
import subprocess
import sys
import tracemalloc
from pathlib import Path

import fakes
import pytest
from time_limits import PROGRAM_SECONDS

from sim.experiments.points import Points
from sim.runs import code_version as version_module
from sim.runs.columns import FlatScenarios
from sim.runs.plan import Arm, make_plan, replication_seed, scenario_hash
from sim.scenario import load_scenario, scenario_from_mapping
from sim.version import __version__


def test_arms_share_the_seed_of_each_replication() -> None:
    plan = make_plan(fakes.arms(0.0, 0.5, 1.0), 4, seed=7)
    by_replication = {run.replication: {other.seed for other in plan.runs if other.replication == run.replication}
                      for run in plan.runs}  # fmt: skip
    assert all(len(seeds) == 1 for seeds in by_replication.values())
    assert len({run.seed for run in plan.runs}) == 4


def test_replications_are_interleaved_and_ids_count_up() -> None:
    plan = make_plan(fakes.arms(0.0, 0.5), 3, seed=7)
    assert [run.scenario for run in plan.runs] == ["a", "b"] * 3
    assert [run.run_id for run in plan.runs] == list(range(6))


def test_more_replications_change_no_row() -> None:
    plan = make_plan(fakes.arms(0.0, 0.5), 3, seed=7)
    assert plan.with_replications(10).runs[:6] == plan.runs


@pytest.mark.parametrize("seed", [0, 1, 2**63 - 1])
def test_seeds_are_different_and_have_63_bits(seed: int) -> None:
    seeds = [replication_seed(seed, replication) for replication in range(2000)]
    assert len(set(seeds)) == 2000
    assert all(0 <= each < 2**63 for each in seeds)
    assert max(seeds) > 2**62


def test_seed_of_a_replication_is_pinned() -> None:
    # A change here changes every result that anyone has published.
    pinned = [4215923173971654960, 2021340933837429789, 637987770806161565]
    assert [replication_seed(1, replication) for replication in range(3)] == pinned


def test_hash_depends_on_parameters_seed_and_code_only() -> None:
    def hashes(resolved: dict, seed: int = 1, version: str = "1") -> list[str]:
        return [run.content_hash for run in make_plan([Arm("x", resolved)], 2, seed, version).runs]

    base = hashes(fakes.resolved())
    renamed = fakes.resolved() | {"name": "other", "description": "other"}
    renamed["run"] = renamed["run"] | {"replications": 99, "seed": 99}
    assert hashes(renamed) == base
    assert len(set(base)) == 2
    assert not set(base) & set(hashes(fakes.resolved(0.3)))
    assert not set(base) & set(hashes(fakes.resolved(weeks=5)))
    assert not set(base) & set(hashes(fakes.resolved(), seed=2))
    assert not set(base) & set(hashes(fakes.resolved(), version="2"))


def test_code_version_follows_the_science_core_and_nothing_else(tmp_path, monkeypatch) -> None:
    read = ("model/engine.py", "model/rules/reading.py", "organization/data/table.csv", "exports/staff/people.py")
    for name in (*read, "runs/runner.py", "model/face.py", *version_module._FILES):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("1")
    monkeypatch.setattr(version_module, "PACKAGE", tmp_path)

    def version_after(name: str, text: str) -> str:
        (tmp_path / name).write_text(text)
        version_module.code_version.cache_clear()
        return version_module.code_version()

    base = version_after("model/engine.py", "1")
    assert base.startswith(f"{__version__}+")
    assert version_after("runs/runner.py", "2") == version_after("model/face.py", "2") == base
    for name in (*read, *version_module._FILES):
        assert version_after(name, "2") != base
        assert version_after(name, "1") == base
    version_module.code_version.cache_clear()


def test_a_workforce_file_counts_by_content(tmp_path) -> None:
    def hash_of(name: str, text: str) -> str:
        file = tmp_path / name
        file.write_text(text)
        resolved = fakes.resolved()
        resolved["organization"]["workforce"] = str(file)
        return scenario_hash(resolved)

    assert hash_of("one.csv", "age\n30\n") == hash_of("two.csv", "age\n30\n")
    assert hash_of("one.csv", "age\n30\n") != hash_of("one.csv", "age\n31\n")


@pytest.mark.parametrize(("names", "n"), [([], 1), (["x", "x"], 1), (["x"], 0)])
def test_impossible_plans_are_refused(names: list[str], n: int) -> None:
    with pytest.raises(ValueError, match="a plan needs"):
        make_plan([Arm(name, fakes.resolved()) for name in names], n, 1)


def test_order_is_replication_point_arm() -> None:
    plan = fakes.design(n_points=3, n_replications=2)
    found = [(run.replication, run.point, run.scenario) for run in plan.runs]
    assert found == [(r, p, a) for r in (0, 1) for p in (0, 1, 2) for a in "ab"]
    assert [run.run_id for run in plan.runs] == list(range(12))
    assert plan.runs[-1] == list(plan.runs)[-1]
    assert plan.runs[2:5] == tuple(plan.runs)[2:5]
    with pytest.raises(IndexError):
        plan.runs[12]


def test_a_point_is_laid_over_its_arm() -> None:
    plan = fakes.design()
    base = fakes.resolved()
    for run in plan.runs:
        expected = copy.deepcopy(base)
        expected["rules"]["restriction"] = run.point / 8
        expected["launch"]["waves"] = {"pilot": [0], "every_weeks": 2} if run.point % 2 else "all_at_once"
        assert plan.resolved(run) == expected
    assert base == fakes.resolved()  # nobody else's values were changed


def test_hashes_are_of_the_resolved_parameters_alone() -> None:
    """A run has the hash that it would have in a study without a design; a factor that sets nothing changes none."""
    plan = fakes.design(n_points=4, n_replications=2)
    for run in plan.runs:
        alone = make_plan([Arm("x", plan.resolved(run))], 2, 1, fakes.CODE_VERSION)
        assert run.content_hash == alone.runs[run.replication].content_hash
    points = fakes.points(4, 2)
    other = dataclasses.replace(points, factors={**points.factors, "dummy": [0.0] * 4})
    moved = fakes.design(n_points=4, n_replications=2, points=other)
    assert [run.content_hash for run in moved.runs] == [run.content_hash for run in plan.runs]
    assert moved.content_hash != plan.content_hash  # but it is another design


def test_more_replications_change_no_row_of_a_design() -> None:
    plan = fakes.design(n_replications=2)
    assert plan.with_replications(5).runs[: len(plan.runs)] == plan.runs
    assert plan.with_replications(5).with_replications(2).content_hash == plan.content_hash


def test_a_large_plan_is_small_in_memory() -> None:
    n_points = 5_000
    varied = [place / n_points for place in range(n_points)]
    points = Points({"x": varied}, {"x": True}, ({"rules.restriction": varied},), varied, varied)
    tracemalloc.start()
    try:
        plan = make_plan(fakes.arms(0.0), 10, 1, "1", points)
        assert len(plan.runs) == 50_000
        assert len({run.content_hash for run in plan.runs[::7]}) == len(plan.runs[::7])
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held < 5e6


def test_points_of_other_arms_are_refused() -> None:
    with pytest.raises(ValueError, match="points for each arm"):
        fakes.design(n_arms=1, points=fakes.points(4, 2))


def test_a_staff_file_settles_the_size_at_each_point(tmp_path) -> None:
    for n in (20, 30):
        (tmp_path / f"{n}.csv").write_text("age\n" + "30\n" * n)
    files = [str(tmp_path / "20.csv"), str(tmp_path / "30.csv")]
    points = Points({"staff": ["a", "b"]}, {"staff": True}, ({"organization.workforce": files},), [0, 1], [0, 0])
    base = load_scenario("baseline").resolved()
    plan = make_plan([Arm("x", base)], 1, 1, "1", points)
    assert [plan.resolved(run)["organization"]["employees"] for run in plan.runs] == [20, 30]
    flat = FlatScenarios(plan)
    assert [flat.at("x", point)["organization.employees"] for point in (0, 1)] == [20, 30]


RUN_AND_LIST = """
import json, sys
from pathlib import Path

opened = []
sys.addaudithook(lambda event, about: opened.append(str(about[0])) if event == "open" else None)
from sim.organization.own_staff import fitted_to_staff
from sim.model.simulation import simulate

simulate(fitted_to_staff(json.load(sys.stdin)), 5)
package = Path(sys.modules["sim"].__file__).parent
modules = [each.__file__ for name, each in sys.modules.items() if name.split(".")[0] == "sim"]
data = [name for name in opened if not name.endswith((".py", ".pyc", ".nbi", ".nbc"))]
read = {Path(name) for name in [*modules, *data] if Path(name).is_file()}
print(*(each.relative_to(package).as_posix() for each in read if each.is_relative_to(package)), sep="\\n")
"""
DECIDES_NOTHING = (
    "errors.py", "kernel/files.py", "kernel/processors.py", "version.py", "words/__init__.py", "words/en/",
    "exports/__init__.py", "scenario/__init__.py", "catalog/__init__.py", "__init__.py",
)  # fmt: skip
"""What is read on the way of a run and has no say in its numbers: messages, and packages that only bind names."""


def test_all_that_a_run_reads_is_in_the_version(tmp_path: Path) -> None:
    (tmp_path / "staff.csv").write_text("id,age,department\n1,30,a\n2,40,b\n3,50,b\n")
    (tmp_path / "contacts.csv").write_text("from,to\n1,2\n2,3\n")
    staff = {"file": str(tmp_path / "staff.csv"), "contacts": str(tmp_path / "contacts.csv"), "date": "2026-01-31"}
    own = scenario_from_mapping({"organization": {"staff": staff}, "run": {"weeks": 1}}).resolved()
    done = subprocess.run(
        [sys.executable, "-c", RUN_AND_LIST],
        input=json.dumps(own), capture_output=True, text=True, check=True, timeout=PROGRAM_SECONDS,
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
    )  # fmt: skip
    read = set(done.stdout.split())
    assert {"model/engine.py", "exports/staff/people.py", "catalog/data/coefficients.csv"} <= read
    counted = {file.relative_to(version_module.PACKAGE).as_posix() for file in version_module._science_files()}
    assert sorted(name for name in read - counted if not name.startswith(DECIDES_NOTHING)) == []
