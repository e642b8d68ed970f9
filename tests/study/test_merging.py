"""Shards: what is put together, and what is refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import fakes
import pytest

from sim.analysis.conduct import conduct_runs
from sim.analysis.results import read_tables
from sim.errors import InputError
from sim.runs import parquet
from sim.runs.executors import Execution
from sim.runs.plan import WHOLE, Plan, Shard
from sim.runs.progress import Silent
from sim.runs.shards import merge
from sim.runs.store import open_store
from sim.runs.worker import Engine

THREE = [Shard(number, 3) for number in (1, 2, 3)]


def contents(folder: Path) -> dict[str, bytes]:
    files = [path for path in folder.rglob("*.parquet") if path.name != "timing.parquet"]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def done(folder: Path, plan: Plan, shard: Shard = WHOLE, simulate: object = fakes.simulate) -> Path:
    with open_store(folder, plan, "resume", shard=shard) as store:
        conduct_runs(store, Engine(simulate, fakes.warm_up), Execution(jobs=1), Silent())
    return folder


def in_shards(tmp_path: Path, plan: Plan, simulate: object = fakes.simulate) -> list[Path]:
    return [done(tmp_path / f"shard {shard.number}", plan, shard, simulate) for shard in THREE]


def everything(n_replications: int = 3) -> Plan:
    """Return a plan of which everything is kept, with runs that fail and outcomes that are missing."""
    kept = fakes.Kept(("monthly_posters", "answer_rate"), 2, groups=True)
    return fakes.design(n_points=9, n_replications=n_replications, kept=kept)


@pytest.mark.parametrize("simulate", [fakes.simulate, fakes.fail_sometimes])
def test_merged_shards_have_the_bytes_of_one_study(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, simulate: object
) -> None:
    monkeypatch.setattr(parquet, "RUNS_PER_GROUP", 7)
    plan = everything()
    folders = in_shards(tmp_path, plan, simulate)
    with merge(tmp_path / "merged", folders[::-1], command=["merge"]) as results:
        assert results.manifest["runs"]["planned"] == len(plan.runs) == 54
    done(tmp_path / "one", plan, simulate=simulate)
    assert contents(tmp_path / "merged") == contents(tmp_path / "one")
    manifests = [json.loads((tmp_path / name / "manifest.json").read_text()) for name in ("merged", "one")]
    for key in ("status", "runs", "plan_hash", "points", "kept", "scenarios", "seeds"):
        assert manifests[0][key] == manifests[1][key]


def test_more_shards_than_runs(tmp_path: Path) -> None:
    plan = fakes.design(n_points=1, n_replications=1)
    folders = [done(tmp_path / str(number), plan, Shard(number, 3)) for number in (1, 2, 3)]
    merge(tmp_path / "merged", folders).close()
    assert contents(tmp_path / "merged") == contents(done(tmp_path / "one", plan))


def test_shards_of_different_plans_are_refused_with_the_difference(tmp_path: Path) -> None:
    folders = in_shards(tmp_path, fakes.design())
    shutil.rmtree(folders[1])
    done(folders[1], fakes.design(n_points=5, version="0.0.0+other"), THREE[1])
    with pytest.raises(InputError) as refusal:
        merge(tmp_path / "merged", folders)
    text = str(refusal.value)
    assert f"{folders[1]} belongs to another plan than {folders[0]}" in text
    assert f"the number of points is 4 in {folders[0]}, 5 in {folders[1]}" in text
    assert f"the code is 0.0.0+fake in {folders[0]}, 0.0.0+other in {folders[1]}" in text
    assert not (tmp_path / "merged").exists()


def test_a_damaged_plan_is_refused(tmp_path: Path) -> None:
    folders = in_shards(tmp_path, fakes.design())
    other = done(tmp_path / "other", fakes.design(n_points=5))
    shutil.copy(other / "plan.parquet", folders[2] / "plan.parquet")
    with pytest.raises(InputError, match="their plans differ"):
        merge(tmp_path / "merged", folders)


def test_missing_and_double_shards_are_named(tmp_path: Path) -> None:
    one, two, _ = in_shards(tmp_path, fakes.design())
    shutil.copytree(two, tmp_path / "again")
    with pytest.raises(InputError) as refusal:
        merge(tmp_path / "merged", [one, two, tmp_path / "again"])
    assert refusal.value.lines == (
        f"Shard 2/3 is there more than once: {two}, {tmp_path / 'again'}.",
        "Missing: shard 3/3.",
    )


def test_a_plan_cut_in_another_number_is_refused(tmp_path: Path) -> None:
    folders = in_shards(tmp_path, fakes.design())[:2]
    half = done(tmp_path / "half", fakes.design(), Shard(2, 2))
    with pytest.raises(InputError, match=f"{half} is shard 2/2, .* is shard 1/3"):
        merge(tmp_path / "merged", [*folders, half])


def test_unfinished_shards_are_named(tmp_path: Path) -> None:
    plan = fakes.design()
    folders = in_shards(tmp_path, plan)
    for folder, shard, status in ((folders[0], THREE[0], "interrupted"), (folders[2], THREE[2], "")):
        shutil.rmtree(folder)
        with open_store(folder, plan, "new", shard=shard) as store:
            store.start()
            store.add(fakes.records(plan, shard.number - 1, shard.number + 2))
            if status:
                store.finish(status)
    with pytest.raises(InputError) as refusal:
        merge(tmp_path / "merged", folders)
    assert refusal.value.lines == (
        f"Shard 1/3 in {folders[0]} is not finished: 6 of 8 runs are left (run_id 6, 9, 12, 15, 18, 21)."
        " Do them with --resume.",
        f"Shard 3/3 in {folders[2]} is not finished: 8 of 8 runs are left (run_id 2, 5, 8, 11, 14, 17, 20, 23)."
        " Do them with --resume.",
    )


def test_what_is_no_shard_is_refused(tmp_path: Path) -> None:
    whole = done(tmp_path / "whole", fakes.design())
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError) as refusal:
        merge(tmp_path / "merged", [whole, tmp_path / "empty"])
    assert refusal.value.lines == (
        f"{whole} holds a study that was not done in shards.",
        f"{tmp_path / 'empty'} is no results folder.",
    )


def test_results_and_other_files_in_the_way_are_refused(tmp_path: Path) -> None:
    folders = in_shards(tmp_path, fakes.design())
    out = tmp_path / "merged"
    out.mkdir()
    (out / "thesis.docx").write_text("years of work")
    with pytest.raises(InputError, match="holds other files"):
        merge(out, folders)
    (out / "thesis.docx").unlink()
    merge(out, folders).close()
    with pytest.raises(InputError, match="holds results"):
        merge(out, folders)
    with pytest.raises(InputError, match="is one of the shards"):
        merge(folders[0], folders, overwrite=True)
    merge(out, folders, overwrite=True).close()
    assert len(read_tables(out)["runs"]) == 24


def test_a_merge_that_was_killed_can_be_done_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folders = in_shards(tmp_path, fakes.design())

    def killed(*arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("sim.runs.shards.by_run", killed)
        with pytest.raises(KeyboardInterrupt):
            merge(tmp_path / "merged", folders)
    merge(tmp_path / "merged", folders).close()
    assert contents(tmp_path / "merged") == contents(done(tmp_path / "one", fakes.design()))
