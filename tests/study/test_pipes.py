"""A named pipe in the place of a file never makes a command wait: it is told as no file, in a line."""

from __future__ import annotations

import ast
import os
from pathlib import Path

import pytest

import sim.kernel.files
from sim.__main__ import main
from sim.kernel.files import NoRegularFileError, open_regular, regular_content

Capture = pytest.CaptureFixture[str]
FILES = ("manifest.json", "runs.parquet", "plan.parquet", "series/part-00000.parquet", "groups.parquet")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a results folder of two short runs."""
    folder = tmp_path_factory.mktemp("made") / "r"
    small = ("--set", "organization.employees=20", "--weeks", "2", "--replications", "2", "--jobs", "1")
    assert main(["run", "--at-defaults", "baseline", *small, "--no-figures", "--quiet", "--out", str(folder)]) == 0
    return folder


@pytest.fixture
def piped(made: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """Return a copy of the results folder in which one file is a pipe."""
    for file in made.rglob("*"):
        if file.is_file():
            copy = tmp_path / file.relative_to(made)
            copy.parent.mkdir(exist_ok=True)
            copy.write_bytes(file.read_bytes())
    (tmp_path / request.param).unlink()
    os.mkfifo(tmp_path / request.param)
    return tmp_path


@pytest.mark.parametrize("piped", FILES, indirect=True)
def test_a_pipe_in_a_results_folder_is_named(piped: Path, capsys: Capture) -> None:
    (name,) = [file.name for file in piped.rglob("*") if file.is_fifo()]
    codes = []
    for command in (["report", str(piped)], ["results", str(piped), "--export", "csv", str(piped / "x")]):
        codes.append(main(command))
        said = capsys.readouterr().err
        assert codes[-1] == 0 or (name in said and "pipe" in said and "Traceback" not in said)
    assert 2 in codes


def test_a_pipe_among_the_cards_of_a_class_is_named(tmp_path: Path, capsys: Capture) -> None:
    os.mkfifo(tmp_path / "card.json")
    assert main(["class", "collect", str(tmp_path / "card.json"), "--out", str(tmp_path / "x.html")]) != 0
    assert "pipe" in capsys.readouterr().err


def test_only_regular_files_are_opened(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"12345")
    os.mkfifo(tmp_path / "pipe")
    assert regular_content(tmp_path / "file", 2) == b"123"
    assert regular_content(tmp_path / "file") == b"12345"
    for name in ("pipe", "/dev/zero"):
        with pytest.raises(NoRegularFileError):
            open_regular(tmp_path / name)
    with pytest.raises(IsADirectoryError):
        open_regular(tmp_path)


# What is read there is no file that anybody names: it ships with the program, is the system's, or was seen to be a
# regular file one line before.
OWN_FILES = {
    "kernel/processors.py", "kernel/compiled.py", "exports/usage/reading.py", "experiments/questionnaire.py",
    "catalog/registry.py",
    "scenario/library.py", "exports/staff/cells.py", "kernel/files.py", "model/extension/parts.py",
    "words/__init__.py", "web/page/arc.py",
    "web/page/files.py", "web/classroom/parts.py", "web/classroom/folder.py", "pages/questionnaire_page.py",
    "organization/profiles.py", "runs/records.py", "evidence/scorecard/claims.py",
    "evidence/scorecard/verdicts.py", "evidence/scorecard/plan.py", "evidence/calibration/targets.py",
    "evidence/calibration/folder.py", "runs/code_version.py", "runs/folder.py", "cli/options.py",
    "documents/output.py", "pages/report/board.py",
}  # fmt: skip
READS = {"read_text", "read_bytes", "open"}


def test_files_that_people_name_are_opened_in_one_way() -> None:
    """A pipe in the place of a file makes whoever opens it wait: only `sim.kernel.files` opens what people name."""
    package = Path(str(sim.kernel.files.__file__)).parents[1]
    direct = {
        file.relative_to(package).as_posix()
        for file in package.rglob("*.py")
        for call in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(call, ast.Call)
        if (
            isinstance(call.func, ast.Attribute)
            and call.func.attr in READS
            and ast.unparse(call.func)
            not in ("webbrowser.open", "archive.open")  # no path: an address, a part of a file
        )
        or (isinstance(call.func, ast.Name) and call.func.id == "open")
    }
    assert direct - OWN_FILES == set()


def test_a_table_of_costs_is_no_pipe(made: Path, tmp_path: Path, capsys: Capture) -> None:
    os.mkfifo(tmp_path / "costs.toml")
    assert main(["report", str(made), "--costs", str(tmp_path / "costs.toml"), "--out", str(tmp_path / "r.html")]) == 2
    assert "costs.toml" in capsys.readouterr().err
