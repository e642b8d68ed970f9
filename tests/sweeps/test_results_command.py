"""``results`` on every kind of folder, whole and broken, and its export."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
import sweep_fakes
from sweep_fakes import Command

from sim.analysis.results import read_stored, write_csv
from sim.runs.records import Failed, Finished, Journal, encode

SWEEP = Path("results/small")


def body(text: str) -> str:
    """Return what `results` prints below its facts."""
    return text.split("\n\n", 1)[1]


def test_a_run(command: Command) -> None:
    _, shown, _ = command("run", "--at-defaults", "base.yaml", "--no-figures", "--quiet", "--replications", "3")
    code, out, err = command("results", "results/base-at-defaults")
    assert (code, err) == (0, "")
    assert out.startswith("results/base-at-defaults: run of base\nCommand: intranet-sim")
    assert "\nStatus: finished\nRuns: 3 of 3 done, 0 failed, 0 missing\n" in out
    assert body(out) == shown


def test_a_comparison(command: Command) -> None:
    _, shown, _ = command(
        "compare", "--at-defaults", "base.yaml", "other.yaml", "--no-figures", "--quiet", "--replications", "9"
    )
    _, out, _ = command("results", "results/base-vs-other-at-defaults")
    assert body(out) == shown
    _, out, _ = command("results", "results/base-vs-other-at-defaults", "--outcome", "reach", "--lang", "nl")
    assert body(out).splitlines()[0] == "base heeft een groter bereik in 9 van 9 paren, +4,0 punten [4,0; 4,0]."
    _, json_shown, _ = command(
        "compare", "--at-defaults", "base.yaml", "other.yaml", "--no-figures", "--replications", "9", "--json"
    )
    _, out, _ = command("results", "results/base-vs-other-at-defaults", "--json")
    assert json.loads(out)["results"] == json.loads(json_shown)


def test_a_sweep(command: Command) -> None:
    _, shown, _ = command("sweep", "--at-defaults", "small.yaml", "--no-figures", "--quiet")
    _, out, _ = command("results", str(SWEEP))
    assert out.startswith("results/small: sweep small\n")
    assert body(out) == shown
    _, out, _ = command("results", str(SWEEP), "--top", "2", "--outcome", "alive")
    assert "Ranking by alive at the end" in out
    _, out, _ = command("results", str(SWEEP), "--json")
    found = json.loads(out)
    assert list(found) == [
        "kind", "name", "command", "status", "start", "end", "code_version", "versions", "runs", "failures", "results",
        "results_dir",
    ]  # fmt: skip
    assert found["runs"] == {"planned": 144, "finished": 144, "failed": 0, "missing": 0}
    assert found["results"]["strategies"][0]["rank"]["mean"] == 1.0


def test_failures_are_grouped_with_an_example(command: Command) -> None:
    command("sweep", "--at-defaults", "small.yaml", "--no-figures", fake=sweep_fakes.fail_when_strict)
    code, out, _ = command("results", str(SWEEP))
    assert code == 0
    assert "Status: finished, some runs failed\nRuns: 96 of 144 done, 48 failed, 0 missing" in out
    assert "48 times ValueError: too strict, says the test" in out
    assert "rules.restriction=1, pace=slow, organization.trust=0." in out
    assert "sweep_fakes.py" in out
    assert "in fail_when_strict" in out
    _, out, _ = command("results", str(SWEEP), "--json")
    (failure,) = json.loads(out)["failures"]
    assert failure["n"] == 48
    assert failure["parameters"]["rules"]["restriction"] == 1.0


def test_nothing_done(command: Command) -> None:
    command("sweep", "--at-defaults", "small.yaml", "--no-figures", fake=sweep_fakes.fail_always)
    code, out, _ = command("results", str(SWEEP))
    assert code == 0
    assert "144 times RuntimeError: always" in out
    assert "No run is done" in out
    _, out, _ = command("results", str(SWEEP), "--json")
    assert json.loads(out)["results"] is None


def test_an_interrupted_sweep(command: Command) -> None:
    sweep_fakes.interrupt_at_the_end.first_seed = None  # type: ignore[attr-defined]
    code, _, _ = command(
        "sweep", "--at-defaults", "small.yaml", "--no-figures", "--jobs", "1", fake=sweep_fakes.interrupt_at_the_end
    )
    assert code == 130
    code, out, _ = command("results", str(SWEEP))
    assert code == 0
    assert "Status: interrupted\nRuns: 72 of 144 done, 0 failed, 72 missing" in out
    assert "Partial results: what follows is from the runs that are done." in out
    assert "Partial results: 72 of 144 runs are done." in out
    assert "Ranking by monthly posters" in out


def test_a_killed_sweep_is_read_from_its_journal(command: Command) -> None:
    """No table of runs, and a journal with some, one of them failed."""
    command("sweep", "--at-defaults", "small.yaml", "--no-figures")
    runs = pd.read_parquet(SWEEP / "runs.parquet")
    outcomes = ["monthly_posters", "alive", "answer_rate", "work_share"]
    for path in [*SWEEP.glob("*.parquet")]:
        if path.stem not in ("plan", "points"):
            path.unlink()
    records = [
        Finished(int(row["run_id"]), {name: row[name] for name in outcomes}, {}, {}, [], 0.1)
        for row in runs.iloc[:100].to_dict("records")
    ]
    parts = SWEEP / ".finished-runs"
    parts.mkdir()
    journal = Journal(parts / "journal")
    journal.append([encode(record) for record in [*records, Failed(100, "ValueError: no", "", 0.1)]])
    journal.close()
    stored = read_stored(SWEEP)
    pd.testing.assert_series_equal(stored.runs["monthly_posters"], runs["monthly_posters"].iloc[:100])
    assert stored.runs["strategy"].tolist() == runs["strategy"].iloc[:100].tolist()
    before = sorted(path.name for path in SWEEP.rglob("*"))
    _, out, _ = command("results", str(SWEEP))
    assert "Runs: 100 of 144 done, 1 failed, 43 missing" in out
    assert "1 times ValueError: no" in out
    assert "Ranking by" in out
    assert sorted(path.name for path in SWEEP.rglob("*")) == before
    _, out, _ = command("results", str(SWEEP), "--export", "csv", "runs.csv")
    assert out.startswith("runs.csv: 100 rows")


def test_other_folders_are_refused(command: Command, here: Path) -> None:
    for name, message in (("nowhere", "There is no folder nowhere."), ("small.yaml", "small.yaml is not a folder.")):
        code, out, err = command("results", name)
        assert (code, out) == (2, "")
        assert message in err
    code, _, err = command("results", ".")
    assert code == 2
    assert "is no results folder: it has no manifest.json of intranet-sim" in err
    (here / "manifest.json").write_text('{"project": "something else"}')
    assert command("results", ".")[0] == 2


def test_damaged_files_are_told(command: Command) -> None:
    command("sweep", "--at-defaults", "small.yaml", "--no-figures")
    shutil.copy(SWEEP / "runs.parquet", "kept.parquet")
    (SWEEP / "runs.parquet").write_bytes(b"PAR1 nonsense")
    code, out, err = command("results", str(SWEEP))
    assert (code, out) == (2, "")
    assert "results/small cannot be read" in err
    assert "Traceback" not in err
    shutil.copy("kept.parquet", SWEEP / "runs.parquet")
    (SWEEP / "points.parquet").unlink()
    code, out, err = command("results", str(SWEEP))
    assert code == 0
    assert "There is no summary: results/small/points.parquet is missing or damaged" in out
    (SWEEP / "plan.parquet").unlink()
    assert command("results", str(SWEEP))[0] == 2


def test_an_outcome_that_was_not_kept(command: Command) -> None:
    command("sweep", "--at-defaults", "small.yaml", "--no-figures")
    code, _, err = command("results", str(SWEEP), "--outcome", "reach")
    assert code == 2
    assert "keeps monthly_posters, alive, answer_rate, work_share" in err


def test_csv_round_trip(command: Command) -> None:
    """Every table as it was: numbers to the last bit, texts with quotes and commas, missing values empty."""
    command(
        "sweep", "--at-defaults", "small.yaml", "--no-figures", "--set", "series=2", fake=sweep_fakes.fail_when_strict
    )
    code, out, _ = command("results", str(SWEEP), "--export", "csv", "out/csv")
    assert code == 0
    written = {path.stem for path in Path("out/csv").iterdir()}
    assert written == {path.stem for path in SWEEP.glob("*.parquet")} | {"series"}
    assert out.count(" rows") == len(written)
    for name in sorted(written):
        source = SWEEP / f"{name}.parquet" if name != "series" else SWEEP / "series" / "part-00000.parquet"
        table = pd.read_parquet(source)
        kinds = {column: table[column].dtype for column in table if table[column].dtype != bool}
        again = pd.read_csv(f"out/csv/{name}.csv", dtype=kinds, keep_default_na=False, na_values=[""])
        table = table.replace("", None)  # an empty text is an empty cell too
        pd.testing.assert_frame_equal(again, table, check_dtype=False, check_exact=True, obj=name)
    raw = Path("out/csv/reasons.csv").read_bytes()
    assert raw.startswith(b"run_id,scenario,point,replication,outcome,reason\r\n")
    assert b'"nobody asked, or ""nobody"" answered"\r\n' in raw


@pytest.mark.parametrize(("language", "sign", "decimal"), [("en", ",", "."), ("nl", ";", ",")])
def test_a_spreadsheet_opens_what_is_written_for_it(command: Command, language: str, sign: str, decimal: str) -> None:
    """A byte order mark, by which it knows UTF-8, and the signs of the language; the same numbers."""
    command("sweep", "small.yaml", "--at-defaults", "--no-figures", "--quiet")
    code, _, err = command("results", "results/small", "--lang", language, "--export", "spreadsheet", "out/runs.csv")
    assert code == 0, err
    assert Path("out/runs.csv").read_bytes().startswith(b"\xef\xbb\xbfrun_id" + sign.encode())
    found = pd.read_csv("out/runs.csv", sep=sign, decimal=decimal, encoding="utf-8-sig")
    runs = pd.read_parquet("results/small/runs.parquet")
    assert found["monthly_posters"].tolist() == runs["monthly_posters"].tolist()
    assert found["scenario"].tolist() == runs["scenario"].tolist()


def test_csv_of_the_runs_alone(command: Command) -> None:
    command("run", "--at-defaults", "base.yaml", "--no-figures", "--replications", "3")
    code, out, _ = command("results", "results/base-at-defaults", "--export", "csv", "mine.csv", "--json")
    assert code == 0
    assert json.loads(out) == {"exported": [{"file": "mine.csv", "rows": 3}, {"file": "mine-reasons.csv", "rows": 3}]}
    with open("mine.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["answer_rate"] for row in rows] == ["", "", ""]
    assert rows[0]["rules.work_only"] == "false"
    assert command("results", "results/base-at-defaults", "--export", "csv", "mine.csv")[0] == 2


FORMULAS = ["=1+1", "+1+1", "-1+1", "-x", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1+1"]
HARMLESS = ["baseline", "a=1", "{pilot: [0]}", "0.5", ""]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_in_a_cell_becomes_a_text(tmp_path: Path, text: str) -> None:
    write_csv(tmp_path / "x.csv", [pa.RecordBatch.from_pydict({"scenario": [text], "reach": [-0.5]})])
    with open(tmp_path / "x.csv", encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [["scenario", "reach"], [f"'{text}", "-0.5"]]


def test_other_texts_and_numbers_are_exported_as_they_are(tmp_path: Path) -> None:
    write_csv(tmp_path / "x.csv", [pa.RecordBatch.from_pydict({"scenario": HARMLESS, "appraisal": [-1.5] * 5})])
    with open(tmp_path / "x.csv", encoding="utf-8", newline="") as file:
        assert list(csv.reader(file))[1:] == [[text, "-1.5"] for text in HARMLESS]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@sum"])
def test_no_text_reaches_a_spreadsheet_as_a_formula(command: Command, here: Path, name: str) -> None:
    (here / "formula.yaml").write_text(f"name: '{name}'\nrun: {{weeks: 4, replications: 2}}\n")
    assert command("run", "--at-defaults", "formula.yaml", "--no-figures", "--out", "made")[0] == 0
    assert command("results", "made", "--export", "csv", "made.csv")[0] == 0
    header, *rows = csv.reader((here / "made.csv").read_text(encoding="utf-8").splitlines())
    assert {row[header.index("scenario")] for row in rows} == {f"'{name}"}
    numbers = [row[header.index("monthly_posters")] for row in rows]
    assert all(0.0 <= float(number) <= 1.0 for number in numbers)


def test_export_elsewhere_fails_in_words(command: Command, here: Path) -> None:
    command("run", "--at-defaults", "base.yaml", "--no-figures", "--replications", "3")
    code, _, err = command("results", "results/base-at-defaults", "--export", "csv", "base.yaml/x")
    assert code == 2
    assert "cannot be written" in err
    assert "Traceback" not in err
