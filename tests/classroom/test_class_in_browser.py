"""A student opens each edition in headless Chromium, new and offline, and goes through the lesson to a result.

Needs node, Chromium, ``npm ci --prefix tests/page`` and, for the model in the browser, ``python tests/page/parts.py``.
"""

from __future__ import annotations

import gzip
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import serving
from time_limits import BROWSER_SECONDS
from tools import chromium

from sim.web.answer import answer
from sim.web.classroom.folder import DEFAULTS, single_file

pytestmark = pytest.mark.slow

HERE = Path(__file__).resolve().parent
MOST_RAW, MOST_COMPRESSED = 20e6, 12e6  # bytes of the folder
MOST_RECORDED = 1.0  # seconds from opening to the first result, on a quiet machine
MOST_BROWSER = 12.0
BESIDE = "/courses/2024/intranet/"  # a page of a host that has others


def attend(address: str, folder: Path) -> dict[str, Any]:
    """Return what a student saw; no other host was asked, nothing went wrong, axe-core finds nothing serious."""
    done = subprocess.run(
        ["node", str(HERE / "attend.mjs"), chromium(), address, str(folder)],
        capture_output=True, text=True, timeout=BROWSER_SECONDS, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    seen: dict[str, Any] = json.loads(done.stdout)
    assert seen["elsewhere"] == []
    assert seen["errors"] == []
    assert seen["violations"] == []
    assert seen["weeks"] == str(DEFAULTS["weeks"])
    first, seeds = int(seen["seed"]), range(seen["n_runs"])
    overrides = {"organization.employees": DEFAULTS["employees"], "run.weeks": DEFAULTS["weeks"]}
    for shown, scenario in zip(seen["hashes"].split(" · "), ("like-facebook", "collaboration"), strict=True):
        native = answer({"scenario": scenario, "overrides": overrides, "seeds": [first + seed for seed in seeds]})
        assert shown.split()[1] == native["hash"][:16]
    assert "Luck" in seen["reasons"]
    return seen


def attend_folder(files: dict[str, bytes], folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Attend a folder on a plain host, below other pages; the host knows few types of files."""
    monkeypatch.setattr(serving, "TYPES", {".html": "text/html", ".js": "text/javascript", ".css": "text/css"})
    placed = {BESIDE + name: content for name, content in files.items()}
    with serving.server({**placed, BESIDE: files["index.html"]}) as address:
        seen = attend(address.rstrip("/") + BESIDE, folder)
    assert all(one.startswith(address.rstrip("/") + BESIDE) for one in seen["loaded"])
    return seen


def attend_file(files: dict[str, bytes], folder: Path) -> dict[str, Any]:
    """Attend the one file, opened by double-click."""
    file = folder / "class page.html"
    file.write_bytes(single_file(files))
    seen = attend(file.as_uri(), folder)
    assert {one.partition("?")[0] for one in seen["loaded"]} == {file.as_uri()}
    return seen


def check_recorded(seen: dict[str, Any]) -> None:
    seconds = seen["ready_seconds"] + seen["run_seconds"]
    print(f"recorded: ready after {seen['ready_seconds']:.2f} s, result after another {seen['run_seconds']:.2f} s")
    assert seen["settings"] == 2  # number of runs and luck number
    assert seen["runs"] == ["10"]
    assert seen["scenarios"] == 18
    assert seen["suggested"] > 0
    assert seconds < 10 * MOST_RECORDED


def test_recorded_folder(recorded_edition: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check_recorded(attend_folder(recorded_edition, tmp_path, monkeypatch))


def test_recorded_file(recorded_edition: dict[str, bytes], tmp_path: Path) -> None:
    check_recorded(attend_file(recorded_edition, tmp_path))


def check_browser(seen: dict[str, Any]) -> None:
    print(f"browser: ready after {seen['ready_seconds']:.1f} s, result after another {seen['run_seconds']:.1f} s")
    assert seen["scenarios"] > 20
    assert seen["settings"] > 8
    assert "Luck" in seen["asked"]


def test_folder_with_the_model(
    browser_edition: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_browser(attend_folder(browser_edition, tmp_path, monkeypatch))


def test_file_with_the_model(browser_edition: dict[str, bytes], tmp_path: Path) -> None:
    check_browser(attend_file(browser_edition, tmp_path))


def test_the_folder_is_small_enough(browser_edition: dict[str, bytes]) -> None:
    raw = sum(map(len, browser_edition.values()))
    compressed = sum(min(len(one), len(gzip.compress(one, 6))) for one in browser_edition.values())
    print(f"{raw / 1e6:.1f} MB, compressed {compressed / 1e6:.1f} MB")
    assert raw <= MOST_RAW
    assert compressed <= MOST_COMPRESSED
