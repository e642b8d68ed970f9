"""The folder of a calibration: what is damaged, missing or foreign in it is named, by every reader, and never used."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from test_waves import ENGINE, found_of, waves

from sim.__main__ import main
from sim.errors import InputError
from sim.evidence.calibration.folder import SUMMARY_NAME, write_calibration
from sim.evidence.calibration.targets import load_targets
from sim.runs.executors import Execution
from sim.runs.progress import Silent
from sim.runs.store import Mode

DOCS = Path(__file__).resolve().parents[2] / "docs"


def flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(bytes(content))


def truncate(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def make_a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def change_a_number(file: Path) -> None:
    """Give another JSON where it is one, another file where it is not."""
    is_summary = file.name == SUMMARY_NAME
    file.write_text(json.dumps({**json.loads(file.read_text()), "effective_size": 999}) if is_summary else "{}")


DAMAGES: dict[str, Callable[[Path], None]] = {
    "flipped": flip, "truncated": truncate, "emptied": lambda file: file.write_bytes(b"") and None,
    "missing": Path.unlink, "a folder": make_a_folder, "changed": change_a_number,
}  # fmt: skip
FOREIGN = [
    "{",
    "null",
    "[]",
    "{}",
    "[" * 100_000,
    '{"project": "intranet-sim"}',
    '{"files": {}, "checksum": "x"}',
    "\xff",
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "calibration"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.runs.plan.code_version", lambda: "test")
        run = waves(folder, n=1)
        banks = run.conduct(Execution(jobs=1), "new", Silent(), engine=ENGINE)
        findings = found_of(run, banks, 2)
    write_calibration(run, load_targets(), banks[-1], findings, "intranet-sim calibrate")
    return folder


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Return what makes the page on calibration from a folder."""
    monkeypatch.syspath_prepend(str(DOCS / "programs"))
    import calibration_page

    copy = tmp_path / "calibration.md"
    shutil.copy(DOCS / "calibration.md", copy)
    monkeypatch.setattr(calibration_page, "PAGE", copy)
    make: Callable[[Path], None] = calibration_page.main
    return make


def told(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main([*arguments])
    found = capfd.readouterr()
    assert "Traceback" not in found.err
    return code, found.out, found.err


def test_results_say_what_calibrate_said(made: Path, capfd: pytest.CaptureFixture[str]) -> None:
    code, out, _ = told(capfd, "results", str(made))
    assert code == 0
    assert str(made) in out
    code, out, _ = told(capfd, "results", str(made), "--json")
    assert code == 0
    assert json.loads(out)["effective_size"] == json.loads((made / SUMMARY_NAME).read_text())["effective_size"]
    for option in (("--export", "csv", "x"), ("--outcome", "alive")):
        code, _, err = told(capfd, "results", str(made), *option)
        assert code == 2
        assert "calibration" in err
    code, _, err = told(capfd, "report", str(made))
    assert code == 2
    assert "have no report" in err


def test_whatever_befalls_a_file_is_named(
    made: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], page: Callable[[Path], None]
) -> None:
    names = [SUMMARY_NAME, *json.loads((made / SUMMARY_NAME).read_text())["files"]]
    assert {"targets.parquet", "left_out.parquet", "worlds/worlds.csv", "worlds/worlds.json"} < set(names)
    for name in names:
        for what, spoil in DAMAGES.items():
            folder = tmp_path / "spoiled"
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(made, folder)
            spoil(folder / name)
            for command in (["results"], ["results", "--json"], ["report"]):
                code, out, err = told(capfd, *command, str(folder))
                is_gone = what == "missing" and name == SUMMARY_NAME  # then it is no calibration any more
                assert (code, out) == (2, ""), (name, what, command)
                assert is_gone or Path(name).name in err, (name, what, command)
            with pytest.raises(InputError, match=re.escape(Path(name).name)):
                page(folder)


def test_a_wave_goes_on_whatever_befell_its_files_or_names_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The points of a wave follow from what was run before, and its runs from the points: both are made anew."""
    monkeypatch.setattr("sim.runs.plan.code_version", lambda: "test")

    def conducted(mode: Mode) -> np.ndarray:
        run = waves(tmp_path / "spoiled", n=2, samples=32)
        bank = run.conduct(Execution(jobs=1), mode, Silent(), engine=ENGINE)[-1]
        return np.column_stack([bank.unit, bank.simulated])

    expected = conducted("new")
    shutil.move(tmp_path / "spoiled", tmp_path / "whole")
    made_anew = 0
    for name in ("wave-2-design.npz", "wave-2/points.parquet", "wave-2/runs.parquet", "wave-2/manifest.json"):
        for what, spoil in DAMAGES.items():
            shutil.rmtree(tmp_path / "spoiled", ignore_errors=True)
            shutil.copytree(tmp_path / "whole", tmp_path / "spoiled")
            spoil(tmp_path / "spoiled" / name)
            told, found = "", expected
            try:
                found = conducted("resume")
                made_anew += 1
            except (InputError, OSError) as error:  # either of which is a line on the command line
                told = str(error)
            assert np.array_equal(found, expected, equal_nan=True), (name, what)
            assert not told or Path(name).name in told, (name, what)
    assert made_anew >= 10


@pytest.mark.parametrize("content", FOREIGN, ids=range(len(FOREIGN)))
def test_a_foreign_summary_is_refused(
    made: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], content: str
) -> None:
    shutil.copytree(made, tmp_path / "foreign")
    (tmp_path / "foreign" / SUMMARY_NAME).write_bytes(content.encode("latin-1"))
    for command in ("results", "report"):
        code, _, err = told(capfd, command, str(tmp_path / "foreign"))
        assert code == 2
        assert SUMMARY_NAME in err
        assert len(err.splitlines()) < 5
