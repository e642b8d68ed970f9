"""Who replied to whom: kept where it is asked for, and nothing else is any different."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.__main__ import main
from sim.model.simulation import Simulation, simulate
from sim.model.state import N_REPLIES
from sim.runs.records import Finished, decode, encode
from sim.scenario import load_scenario
from sim.studies import run

SIZE = {"organization.employees": 80, "run.weeks": 10, "behavior.read_base": -1.5, "behavior.post_base": -2.5}
ARGUMENTS = [part for key, value in SIZE.items() for part in ("--set", f"{key}={value}")]
TABLES = ("runs", "groups", "reasons", "plan", "summary")


@pytest.fixture(scope="module")
def resolved() -> dict:
    return load_scenario("collaboration", SIZE).resolved()


def test_replies_are_what_is_counted(resolved) -> None:
    simulation = Simulation(resolved, 3, keeps_replies=True)
    received = np.zeros((80, 2), dtype=int)
    day_of: list[int] = []
    for day in range(simulation.n_days):
        before = simulation.table.copy()
        simulation.step()
        for column, name in enumerate(("n_replies", "n_reactions")):
            received[:, column] += simulation.table[name] - before[name]
        day_of += [day] * (len(simulation.replies()) - len(day_of))
    found = simulation.replies()
    assert len(found) == received.sum() > 50
    np.testing.assert_array_equal(found["day"], day_of)
    in_words = found["kind"] != 2
    np.testing.assert_array_equal(np.bincount(found["replier"][in_words], minlength=80), received[:, 0])
    np.testing.assert_array_equal(np.bincount(found["replier"][~in_words], minlength=80), received[:, 1])
    assert (found["author"] != found["replier"]).all()
    assert set(found["kind"]) <= {0, 1, 2}
    assert int(simulation.world.counts[N_REPLIES]) == 0  # emptied every day


def test_keeping_them_changes_nothing_else(resolved) -> None:
    plain, kept = simulate(resolved, 3), simulate(resolved, 3, keeps_replies=True)
    np.testing.assert_equal(kept.outcomes, plain.outcomes)
    np.testing.assert_equal(kept.series, plain.series)
    assert plain.replies is None
    assert len(Simulation(resolved, 3).world.replies) == 0  # no room is taken where nobody asks


def test_whoever_did_not_ask_is_told_so(resolved) -> None:
    with pytest.raises(RuntimeError, match="keeps_replies=True"):
        Simulation(resolved, 3).replies()


def test_a_record_keeps_them(resolved) -> None:
    result = simulate(resolved, 3, keeps_replies=True)
    for replies in (result.replies, result.replies[:0], None):
        for series in (result.series, {}):
            record = Finished(7, result.outcomes, result.reasons, series, [], 0.5, replies)
            found = decode(encode(record))
            np.testing.assert_equal(dict(found.series), dict(series))
            if replies is None:
                assert found.replies is None
            else:
                assert [tuple(row) for row in found.replies.tolist()] == [tuple(row) for row in replies.tolist()]


def test_the_table_and_the_same_bytes_of_all_others(tmp_path: Path, resolved) -> None:
    usual = [*ARGUMENTS, "--at-defaults", "--replications", "3", "--quiet", "--no-figures"]
    assert main(["run", "collaboration", *usual, "--out", str(tmp_path / "without")]) == 0
    assert main(["run", "collaboration", *usual, "--out", str(tmp_path / "with"), "--keep", "replies"]) == 0
    assert (
        main(["run", "collaboration", *usual, "--out", str(tmp_path / "two"), "--keep", "replies", "--jobs", "2"]) == 0
    )
    sums = [
        {name: hashlib.sha256((tmp_path / folder / f"{name}.parquet").read_bytes()).hexdigest() for name in TABLES}
        for folder in ("without", "with", "two")
    ]
    assert sums[0] == sums[1] == sums[2]
    assert not (tmp_path / "without" / "replies.parquet").exists()
    assert (tmp_path / "with" / "replies.parquet").read_bytes() == (tmp_path / "two" / "replies.parquet").read_bytes()
    found = pd.read_parquet(tmp_path / "with" / "replies.parquet")
    assert list(found) == ["run_id", "scenario", "replication", "week", "day", "author", "replier", "kind"]
    seeds = pd.read_parquet(tmp_path / "with" / "runs.parquet").set_index("run_id")["seed"]
    for run_id, rows in found.groupby("run_id"):
        expected = simulate(resolved, int(seeds[run_id]), keeps_replies=True).replies
        assert rows["author"].tolist() == expected["author"].tolist()
        assert rows["replier"].tolist() == expected["replier"].tolist()
        assert rows["day"].tolist() == (expected["day"] + 1).tolist()
        assert rows["week"].tolist() == (expected["day"] // 5 + 1).tolist()
        words = ["reply", "answer", "reaction"]
        assert rows["kind"].tolist() == [words[kind] for kind in expected["kind"]]
    assert len(found) > 100


def test_a_folder_without_them_is_another_plan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    usual = [
        "run",
        "collaboration",
        *ARGUMENTS,
        "--at-defaults",
        "--replications",
        "2",
        "--quiet",
        "--no-figures",
        "--out",
        str(tmp_path / "x"),
    ]
    assert main(usual) == 0
    capsys.readouterr()
    assert main([*usual, "--keep", "replies"]) == 2
    assert "replies" in capsys.readouterr().err
    assert main([*usual, "--keep", "replies", "--overwrite"]) == 0
    assert main([*usual, "--keep", "replies"]) == 0
    assert main(usual) == 2


def test_an_experiment_asks_for_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "asks.yaml"
    settings = ", ".join(f"{key}: {value}" for key, value in SIZE.items())
    text = (
        f"name: asks\nbase: collaboration\ndesign: grid\nlevers: {{rules.guidance: [0.0, 1.0]}}\n"
        f"set: {{{settings}}}\nreplications: 2\noutcomes: [monthly_posters]\nkeep: %s\n"
    )
    file.write_text(text % "replies")
    assert main(["sweep", str(file), "--at-defaults", "--quiet", "--out", str(tmp_path / "out")]) == 0
    found = pd.read_parquet(tmp_path / "out" / "replies.parquet")
    assert list(found)[:4] == ["run_id", "scenario", "point", "replication"]
    assert found["point"].nunique() == 2
    assert json.loads((tmp_path / "out" / "manifest.json").read_text())["kept"]["replies"] is True
    capsys.readouterr()
    file.write_text(text % "[replys]")
    assert main(["validate", str(file)]) == 2
    assert ":8:8: keep[0]: must be one of replies, is 'replys'; did you mean replies?" in capsys.readouterr().err


def test_python_gives_it_as_a_table() -> None:
    scenario = load_scenario("collaboration", SIZE)
    assert run(scenario, replications=2, at_defaults=True).replies is None
    found = run(scenario, replications=2, at_defaults=True, keep="replies").replies
    assert found["run_id"].nunique() == 2
    with pytest.raises(ValueError, match="allowed: replies"):
        run(scenario, replications=2, at_defaults=True, keep=["everything"])
