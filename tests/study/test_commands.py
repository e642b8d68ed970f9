"""``run`` and ``compare`` as a person, a script and a shell see them."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fakes
import pytest

from sim.__main__ import main
from sim.analysis.results import read_tables
from sim.catalog.outcomes import OUTCOME_NAMES
from sim.cli.progress import Lines
from sim.documents.terminal import has_room, table_lines
from sim.request import folder_name
from sim.runs import worker
from sim.scenario.grammar import is_valid_name
from sim.words import duration, text
from sim.words.blocks import table

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(scenario_files: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Return a function that types a command, with a fake simulation, and gives exit code, stdout and stderr."""

    def typed(*arguments: str, fake: Any = fakes.simulate, figures: bool = False) -> tuple[int, str, str]:
        monkeypatch.setattr(worker, "engine", lambda: worker.Engine(fake, fakes.warm_up))
        options = [] if figures else ["--no-figures"]
        code = main([*arguments, *options])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return typed


def test_run_json_has_exactly_the_shape_of_the_design(command: Command) -> None:
    code, out, err = command(
        "run", "--at-defaults", "a.yaml", "--json", "--set", "rules.restriction=1.0", "--seed", "3"
    )
    assert code == 0
    assert err
    found = json.loads(out)
    assert list(found) == ["scenario", "seed", "replications", "outcomes", "results_dir"]
    assert (found["scenario"], found["seed"], found["replications"]) == ("a", 3, 4)
    assert Path(found["results_dir"]) == Path("results/a-at-defaults")
    assert list(found["outcomes"]) == list(OUTCOME_NAMES)
    assert all(list(one) == ["mean", "low", "high", "n"] for one in found["outcomes"].values())
    assert found["outcomes"]["answer_rate"] == {"mean": None, "low": None, "high": None, "n": 0}
    reach = found["outcomes"]["reach"]
    assert reach["low"] < reach["mean"] < reach["high"]
    assert reach["n"] == 4
    assert "NaN" not in out
    runs = read_tables(Path("results/a-at-defaults"))["runs"]
    assert reach["mean"] == pytest.approx(runs["reach"].mean())


def test_compare_json_has_exactly_the_shape_of_the_design(command: Command) -> None:
    code, out, _ = command("compare", "--at-defaults", "a.yaml", "b.yaml", "--json", "--quiet")
    assert code == 0
    found = json.loads(out)
    assert list(found) == ["scenarios", "differences", "results_dir"]
    assert [list(one) for one in found["scenarios"]] == [["name", "outcomes"]] * 2
    assert [one["name"] for one in found["scenarios"]] == ["a", "b"]
    assert list(found["scenarios"][1]["outcomes"]["gini"]) == ["mean", "low", "high", "n"]
    keys = ["a", "b", "outcome", "mean", "low", "high", "p_a_greater", "n"]
    assert all(list(one) == keys for one in found["differences"])
    assert [one["outcome"] for one in found["differences"]] == list(OUTCOME_NAMES)
    reach = found["differences"][0]
    assert (reach["a"], reach["b"], reach["n"]) == ("a", "b", 4)
    means = [one["outcomes"]["reach"]["mean"] for one in found["scenarios"]]
    assert reach["mean"] == pytest.approx(means[0] - means[1])
    assert Path(found["results_dir"]) == Path("results/a-vs-b-at-defaults")


def test_run_prints_a_plain_aligned_table(command: Command) -> None:
    code, out, err = command("run", "--at-defaults", "a.yaml", "--set", "rules.restriction=1.0")
    assert code == 0
    assert out.splitlines()[0] == "a: at the default values of all coefficients, 4 replications, 4 weeks, seed 1"
    assert re.search(r"^  monthly posters +\d+\.\d% +\[\d+\.\d, \d+\.\d\]$", out, re.MULTILINE)
    assert re.search(r"^  answer rate +– +–$", out, re.MULTILINE)
    assert "– answer rate: nobody asked (4 of 4 runs)." in out
    assert "\x1b" not in out + err
    assert out.count("%  [") < 12
    assert "8 runs" not in err
    assert "4 of 4 runs" in err


def test_run_shows_all_outcomes_when_asked(command: Command) -> None:
    _, few, _ = command("run", "--at-defaults", "a.yaml", "--quiet")
    _, many, _ = command("run", "--at-defaults", "a.yaml", "--quiet", "--all")
    assert "Gini" not in few
    assert len(many.splitlines()) - len(few.splitlines()) >= len(OUTCOME_NAMES) - 13


def test_compare_answers_in_its_first_line(command: Command) -> None:
    code, out, _ = command("compare", "--at-defaults", "b.yaml", "a.yaml", "--replications", "9")
    assert code == 0
    lines = out.splitlines()
    assert lines[0] == "a has more monthly posters in 9 of 9 pairs, +10.0 points [10.0, 10.0]."
    assert lines[1].endswith("b in 9 of 9 runs, a in 9 of 9 runs.")
    assert re.search(
        r"^  monthly posters +\d+\.\d% +\d+\.\d% +−10\.0 +\[−10\.0, −10\.0\] +0 of 9 +a higher$", out, re.M
    )


def test_compare_of_a_scenario_with_itself_finds_no_difference(command: Command) -> None:
    code, out, _ = command("compare", "--at-defaults", "a.yaml", "a.yaml")
    assert code == 0
    assert out.startswith("a or a-2: no difference at all in 4 of 4 pairs.")


def test_compare_of_few_pairs_cannot_tell(command: Command) -> None:
    code, out, _ = command("compare", "--at-defaults", "b.yaml", "a.yaml")
    assert code == 0
    assert out.startswith("b or a: cannot tell: 4 pairs are too few (−10.0 points in each); use more replications.")


def test_compare_of_three_ranks_them(command: Command) -> None:
    (Path.cwd() / "c.yaml").write_text("name: c\nextends: a.yaml\nrules: {restriction: 1.0}\n")
    code, out, _ = command("compare", "--at-defaults", "b.yaml", "a.yaml", "c.yaml", "--replications", "5")
    assert code == 0
    assert out.startswith("b or a: a has more monthly posters in 5 of 5 pairs")
    ranking = out[out.index("Ranking by monthly posters") :].splitlines()[2:5]
    assert [line.split()[0] for line in ranking] == ["a", "b", "c"]
    assert ranking[0].endswith("1–1      100%")
    assert (Path("results/b-vs-a-vs-c-at-defaults") / "ranks.parquet").exists()


def test_reasons_are_said_in_the_language_of_the_reader(command: Command) -> None:
    why, full = "report.reason.no_questions", ("--set", "rules.restriction=1.0")

    def silent(*arguments: Any, **named: Any) -> fakes.Result:
        found = fakes.simulate(*arguments, **named)
        return found._replace(reasons={name: text("en", why) for name in found.reasons})

    for language in ("en", "nl"):
        out = command("run", "--at-defaults", "a.yaml", "--all", *full, "--lang", language, fake=silent)[1]
        assert [name for name in ("en", "nl") if f": {text(name, why)} (" in out] == [language]


def test_dutch(command: Command) -> None:
    _, out, _ = command("compare", "--at-defaults", "b.yaml", "a.yaml", "--lang", "nl", "--replications", "5")
    assert out.startswith("a heeft meer maandelijkse schrijvers in 5 van 5 paren, +10,0 punten [10,0; 10,0].")
    assert "Verschillen van percentages zijn in procentpunten." in out
    _, out, _ = command("run", "--at-defaults", "a.yaml", "--lang", "nl")
    assert out.startswith("a: bij de standaardwaarden van alle coëfficiënten, 4 herhalingen, 4 weken, seed 1")


def test_the_same_command_again_shows_what_is_stored(command: Command) -> None:
    first = command("run", "--at-defaults", "a.yaml")
    code, out, err = command("run", "--at-defaults", "a.yaml", fake=fakes.very_slow)
    assert code == 0
    assert "This study was done already; these are the stored results." in out
    assert out.replace("This study was done already; these are the stored results.\n", "") == first[1]
    assert err == ""


def test_another_plan_is_refused_and_overwritten_when_asked(command: Command) -> None:
    command("run", "--at-defaults", "a.yaml")
    code, out, err = command("run", "--at-defaults", "a.yaml", "--set", "rules.restriction=0.9")
    assert (code, out) == (2, "")
    assert "a: rules.restriction is 0.0 there, 0.9 here" in err
    assert "--overwrite" in err
    code, _, _ = command("run", "--at-defaults", "a.yaml", "--set", "rules.restriction=0.9", "--overwrite")
    assert code == 0


def test_resume_adds_replications(command: Command) -> None:
    command("run", "--at-defaults", "a.yaml")
    code, _, err = command("run", "--at-defaults", "a.yaml", "--replications", "6", "--resume")
    assert code == 0
    assert "6 runs to do (4 are done already)" in err
    assert len(read_tables(Path("results/a-at-defaults"))["runs"]) == 6


def test_failing_runs_end_with_1_and_a_summary(command: Command) -> None:
    code, out, err = command("run", "--at-defaults", "a.yaml", "--replications", "9", fake=fakes.fail_sometimes)
    n = len(read_tables(Path("results/a-at-defaults"))["failures"])
    assert code == 1
    assert f"{n} of 9 runs failed:" in err
    assert "1 times ValueError: seed" in err
    assert "failures.parquet" in err
    assert "monthly posters" in out


def fail_always(resolved: Any, seed: int, with_groups: bool = True) -> Any:
    raise RuntimeError("first line\nsecond line")


def test_if_all_runs_fail_there_is_no_table(command: Command) -> None:
    code, out, err = command("run", "--at-defaults", "a.yaml", fake=fail_always, figures=True)
    assert (code, out) == (1, "")
    assert "  4 times RuntimeError: first line\n" in err
    assert "second line" not in err


def test_dry_run_shows_the_plan_and_writes_nothing(command: Command) -> None:
    code, out, _ = command("compare", "--at-defaults", "a.yaml", "b.yaml", "--dry-run")
    assert code == 0
    assert "restriction: 0.5" in out
    assert re.search(r"^Runs: 8 \(a, b; 4 replications each\), about [\d.]+ (s|min)", out, re.MULTILINE)
    code, out, _ = command("compare", "--at-defaults", "a.yaml", "b.yaml", "--dry-run", "--json")
    found = json.loads(out)
    assert found["runs"] == 8
    assert found["scenarios"][1]["resolved"]["rules"]["restriction"] == 0.5
    assert found["estimated_seconds"] >= 0
    assert not Path("results").exists()


@pytest.mark.parametrize("setting", [[], ["--set", "behavior.talk=0.0"]])
def test_without_worlds_it_is_said_at_which_coefficients(command: Command, setting: list[str]) -> None:
    """Nothing asked for but a width: that is an answer at the default values, and says so before and after."""
    said = "with coefficients as the scenarios set them" if setting else "at the default values of all coefficients"
    _, out, err = command("compare", "b.yaml", "a.yaml", "--until-width", "0.5", *setting)
    assert err.startswith("--until-width adds replications")
    assert "4 weeks, seed 1, " + said in out
    assert "plausible worlds" not in out
    _, out, err = command("run", "a.yaml", "--until-width", "0.5", *setting)
    assert err.startswith("--until-width adds replications")
    assert said in out.splitlines()[0]
    _, out, err = command("compare", "b.yaml", "a.yaml", "--at-defaults", "--overwrite", *setting)
    assert said in out
    assert "until-width" not in err


def test_until_width_in_the_command(command: Command) -> None:
    code, out, err = command("run", "--at-defaults", "a.yaml", "--until-width", "0.06", "--json")
    assert code == 0
    found = json.loads(out)
    assert found["replications"] >= 10
    posters = found["outcomes"]["monthly_posters"]
    assert posters["high"] - posters["low"] <= 0.06
    assert "at most 6 points" in err
    again = command("run", "--at-defaults", "a.yaml", "--until-width", "0.06", "--json", fake=fakes.very_slow)
    assert json.loads(again[1]) == found


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["compare", "--at-defaults", "a.yaml"], "compare needs at least two scenarios"),
        (["run", "--at-defaults", "a.yaml", "--resume", "--overwrite"], "give one of them"),
        (["run", "--at-defaults", "a.yaml", "--outcome", "happiness"], "'happiness' is not one of"),
        (["run", "--at-defaults", "a.yaml", "--until-width", "0"], "--until-width"),
        (["run", "--at-defaults", "a.yaml", "--jobs", "0"], "--jobs"),
        (["run", "--at-defaults", "a.yaml", "--out", "a.yaml"], "is a file"),
        (["run", "--at-defaults", "a.yaml", "--costs", "a.yaml"], "--costs is for --report"),
        (["run", "missing.yaml"], "missing.yaml"),
        (["run", "--at-defaults", "a.yaml", "--set", "rules.restriction=7"], "rules.restriction"),
    ],
)
def test_wrong_input_ends_with_2(command: Command, arguments: list[str], message: str) -> None:
    code, out, err = command(*arguments)
    assert (code, out) == (2, "")
    assert message in err
    assert "Traceback" not in err
    assert not Path("results").exists()


def test_scenarios_that_do_not_fit_together_are_told(command: Command) -> None:
    (Path.cwd() / "c.yaml").write_text("name: c\nrun: {weeks: 8, replications: 3, seed: 5}\n")
    _, _, err = command("compare", "--at-defaults", "a.yaml", "c.yaml")
    assert "c has run.seed 5; all use 1" in err
    assert "c has run.replications 3; all get 4" in err
    assert "The scenarios differ in length: a 4, c 8." in err


def test_figures_are_drawn_once_and_noted(command: Command) -> None:
    code, _, err = command("compare", "--at-defaults", "a.yaml", "b.yaml", figures=True)
    assert code == 0
    assert "drawing figures" in err
    folder = Path("results/a-vs-b-at-defaults")
    noted = json.loads((folder / "manifest.json").read_text())["figures"]
    assert noted
    assert all((folder / name).stat().st_size > 1000 for name in noted)
    assert "drawing" not in command("compare", "--at-defaults", "a.yaml", "b.yaml", figures=True)[2]


def test_figures_follow_the_language_that_is_asked_for(command: Command) -> None:
    figure = Path("results/a-vs-b/figures/curves.svg")
    for language in ("en", "nl", "en"):
        code, _, _ = command("compare", "a.yaml", "b.yaml", "--lang", language, figures=True)
        assert code == 0
        assert text(language, "figure.curves.title") in figure.read_text(encoding="utf-8")
        assert json.loads(Path("results/a-vs-b/manifest.json").read_text())["figures_language"] == language
    assert "drawing" not in command("compare", "a.yaml", "b.yaml", figures=True)[2]


def test_results_names_the_report_and_says_if_it_is_older(command: Command) -> None:
    command("compare", "a.yaml", "b.yaml", "--report")
    report = Path("results/a-vs-b/report.html")
    out = command("results", "results/a-vs-b", figures=True)[1]
    assert f"Report: {report}" in out
    assert "before these results" not in out
    os.utime(report, (1, 1))
    out = command("results", "results/a-vs-b", "--lang", "nl", figures=True)[1]
    assert "intranet-sim report results/a-vs-b" in out
    report.unlink()
    report.symlink_to(Path("a.yaml").absolute())
    assert "Report:" not in command("results", "results/a-vs-b", figures=True)[1]


def test_long_lists_of_scenarios_get_a_short_folder() -> None:
    assert folder_name(["a", "b"]) == "a-vs-b"
    names = [f"a-rather-long-name-{i}" for i in range(20)]
    assert folder_name(names).startswith("a-rather-long-name-0-vs-19-others-")
    assert folder_name(names) != folder_name(names[::-1])
    for n in (1, 19, 30, 38, 50):  # characters of four bytes each
        wide = [chr(0x1F600) * n, chr(0x1F601) * n]
        assert is_valid_name(wide[0])
        assert len(f"{folder_name(wide)}-over-worlds".encode()) <= 255


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.04, "0.0 s"), (9.97, "10 s"), (59.6, "1 min"), (200, "3 min 20 s"), (7500, "2 h 5 min"), (3600, "1 h")],
)
def test_durations_as_one_says_them(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_lines_come_every_few_seconds(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 0.0, 0.0, 2.0, 6.0, 6.0, 6.0, 9.0, 10.0, 10.0])
    monkeypatch.setattr("sim.cli.progress.time.monotonic", lambda: next(clock))
    lines = Lines(sys.stderr)
    lines.start(10, 2)
    lines.advance(1, 0)
    lines.advance(1, 1)
    lines.advance(1, 0)
    lines.stop()
    assert capsys.readouterr().err.splitlines() == [
        "10 runs to do (2 are done already)",
        "4 of 10 runs, 1 failed, 2.0 s each, about 10 s left",
        "5 of 10 runs, 1 failed, 2.5 s each, about 10 s left",
    ]


def test_a_table_has_room_or_not(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = table(["name", ">value"], ["a heading", ["one", "1"], ["twenty", "20"]])
    assert table_lines(shown) == ["name    value", "a heading", "one         1", "twenty     20"]
    assert has_room(shown)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "12")
    assert not has_room(shown)
    monkeypatch.setenv("COLUMNS", "13")
    assert has_room(shown)
