"""``sweep`` as a person and a script see it."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pandas as pd
import pytest
import sweep_fakes
from sweep_fakes import Command

FOLDER = Path("results/small")


def test_the_answer_comes_first_then_the_ranking(command: Command) -> None:
    code, out, err = command("sweep", "small.yaml", "--at-defaults", "--no-figures")
    assert code == 0
    lines = out.splitlines()
    assert lines[0] == "small: 6 strategies, 12 worlds, 2 replications each: 144 runs, seed 1"
    # The pace changes nothing in this stand-in, so two strategies share the first place; nobody is ahead.
    assert lines[1] == "What is clear about single levers, all else equal, by monthly posters:"
    answer = next(place for place, line in enumerate(lines) if not line.startswith("- ") and place > 1)
    assert all(line.startswith("- restriction “0” has more") for line in lines[2:answer])
    assert lines[answer].startswith("Cannot tell which is best by monthly posters: 2 of 6 may be first.")
    assert lines[answer + 1] == "Hardly matters by itself: pace (slow / fast)."
    head = next(place for place, line in enumerate(lines) if line.startswith("restriction "))
    assert re.match(
        r"restriction +pace +Place +Places left open +Best in +Mean +95% interval +Regret \(points\)", lines[head]
    )
    assert re.match(r"0 +slow +1 +1–2 +0% +\d+\.\d% +\[\d+\.\d, \d+\.\d\] +0\.0 +0\.0 +100%$", lines[head + 1])
    assert lines[head + 2].endswith("tied with first")
    assert re.match(r"1 +fast +5 .* 20\.0 +20\.0 ", lines[head + 6])
    assert re.search(r"^organization.trust +\+1\.00 +\[\+1\.00, \+1\.00\] +stands out$", out, re.M)
    assert out.rstrip().endswith("Results: results/small")
    assert "\x1b" not in out + err


def test_long_tables_show_the_best_and_the_worst(command: Command) -> None:
    _, out, _ = command("sweep", "small.yaml", "--at-defaults", "--no-figures", "--quiet", "--top", "2")
    assert "\n… 3 between …\n1            fast" in out


def test_json(command: Command) -> None:
    code, out, _ = command("sweep", "small.yaml", "--at-defaults", "--no-figures", "--json")
    assert code == 0
    found = json.loads(out)
    assert list(found) == [
        "experiment", "points", "worlds", "replications", "seed", "outcome", "strategies", "levers",
        "distribution", "associations", "results_dir",
    ]  # fmt: skip
    assert (found["experiment"], found["points"], found["worlds"], found["replications"]) == ("small", 72, 12, 2)
    first = found["strategies"][0]
    assert list(first) == [
        "scenario", "strategy", "settings", "outcomes", "rank", "regret", "is_tied_with_first", "share_worlds_best",
        "share_worlds_alive",
    ]  # fmt: skip
    assert first["settings"] == {"rules.restriction": 0.0, "pace": "slow"}
    assert first["rank"] == {"mean": 1.0, "low": 1.0, "high": 2.0, "share_first": 0.0}
    assert first["regret"] == {"mean": 0.0, "p90": 0.0}
    assert list(first["outcomes"]) == ["monthly_posters", "alive", "answer_rate", "work_share"]
    assert first["outcomes"]["answer_rate"] == {"mean": None, "low": None, "high": None, "n": 0}
    posters = first["outcomes"]["monthly_posters"]
    assert posters["low"] < posters["mean"] < posters["high"]
    assert posters["n"] == 24
    assert Path(found["results_dir"]) == FOLDER


def test_the_tables_are_those_of_the_page(command: Command) -> None:
    command("sweep", "small.yaml", "--at-defaults", "--no-figures")
    tables = {path.stem: pd.read_parquet(path) for path in FOLDER.glob("*.parquet")}
    assert {"summary", "strategies", "distribution", "associations", "points", "runs", "plan"} <= set(tables)
    assert len(tables["summary"]) == 6 * 4
    assert len(tables["strategies"]) == 6 * 3  # work_share has no better and worse
    assert set(tables["summary"]["covers"]) == {"worlds and luck"} | {""}  # no answer rate, so nothing to cover
    runs = tables["runs"]
    means = runs[runs["strategy"] == 2].groupby("world")["monthly_posters"].mean().mean()
    told = tables["summary"].query("strategy == 2 and outcome == 'monthly_posters'")["mean"].iloc[0]
    assert told == pytest.approx(means)


def test_another_outcome(command: Command) -> None:
    _, out, _ = command("sweep", "small.yaml", "--at-defaults", "--no-figures", "--outcome", "work_share")
    assert "Neither more nor less share of work posts is better" in out
    _, out, _ = command("sweep", "small.yaml", "--at-defaults", "--no-figures", "--outcome", "answer_rate")
    assert "No ranking by answer rate: missing in every run." in out
    code, out, err = command(
        "sweep", "small.yaml", "--at-defaults", "--no-figures", "--outcome", "reach", "--out", "new"
    )
    assert (code, out) == (2, "")
    assert "--outcome reach: the experiment keeps monthly_posters, alive, answer_rate, work_share" in err
    assert not Path("new").exists()


def test_dutch(command: Command) -> None:
    _, out, _ = command("sweep", "small.yaml", "--at-defaults", "--no-figures", "--lang", "nl")
    assert (
        out.splitlines()[1]
        == "Wat duidelijk is over losse knoppen, al het andere gelijk, naar maandelijkse schrijvers:"
    )
    assert "\nNiet te zeggen wat het beste is naar maandelijkse schrijvers: 2 van 6 kunnen" in out
    assert "gelijk met eerste" in out
    assert re.search(r"\[\d+,\d; \d+,\d\]", out)


def test_failing_strategies_are_told_and_the_others_ranked(command: Command) -> None:
    code, out, err = command("sweep", "small.yaml", "--at-defaults", "--no-figures", fake=sweep_fakes.fail_when_strict)
    assert code == 1
    assert "48 of 144 runs failed:" in err
    assert "Partial results: 96 of 144 runs are done." in out
    assert re.search(r"^1 +slow +– +– +– +– ", out, re.M)


def test_base_scenarios_and_a_sampled_design(command: Command, here: Path) -> None:
    (here / "sampled.yaml").write_text(
        "name: sampled\nbase: [base.yaml, other.yaml]\ndesign: latin_hypercube\n"
        "levers: {launch.campaign.weeks: {low: 2, high: 20}}\n"
        "uncertainties: {organization.trust: {low: 0.3, high: 0.8}}\n"
        "samples: 30\nreplications: 1\noutcomes: [monthly_posters]\n"
    )
    code, out, _ = command("sweep", "sampled.yaml", "--at-defaults", "--no-figures")
    assert code == 0
    assert out.startswith(
        "sampled: 2 scenarios, 30 points, 1 replication each: 60 runs, seed 1\nBest by monthly posters: base,"
    )
    assert "What goes with monthly posters: base minus other" not in out  # the same difference at every point
    assert "Spread of monthly posters over 30 points" in out
    assert "covers other worlds of the same kind, not luck" in out


def test_a_narrow_terminal_gets_fewer_columns(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    command("sweep", "small.yaml", "--at-defaults", "--no-figures", "--quiet")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "80")
    _, out, _ = command("sweep", "small.yaml", "--at-defaults", "--no-figures", "--quiet")
    table = out[out.index("Ranking by") :].splitlines()[1:8]
    assert "Regret" not in table[0]
    assert "Best in" in table[0]
    assert all(len(line) <= 80 for line in table)


def test_figures_are_drawn_and_noted(command: Command) -> None:
    code, _, _ = command("sweep", "small.yaml", "--at-defaults", "--quiet")
    assert code == 0
    noted = json.loads((FOLDER / "manifest.json").read_text())["figures"]
    assert [Path(name).stem for name in noted[::2]] == ["ranking", "associations", "spread"]
    assert all((FOLDER / name).stat().st_size > 1000 for name in noted)


def test_the_same_command_again_shows_the_same(command: Command) -> None:
    first = command("sweep", "small.yaml", "--at-defaults", "--no-figures", "--quiet")
    again = command("sweep", "small.yaml", "--at-defaults", "--no-figures", "--quiet", fake=sweep_fakes.fail_always)
    assert first == again


@pytest.mark.slow
def test_a_small_sweep_with_the_real_simulation(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from sim.__main__ import main

    options = ["--set", "organization.employees=40", "--weeks", "3", "--samples", "4", "--jobs", "1"]
    assert main(["sweep", "small.yaml", "--at-defaults", *options, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert len(found["strategies"]) == 6
    assert all(0 <= each["outcomes"]["monthly_posters"]["mean"] <= 1 for each in found["strategies"])
    assert main(["results", "results/small"]) == 0
    assert "Ranking by monthly posters" in capsys.readouterr().out
