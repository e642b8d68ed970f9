"""The lesson by keyboard alone, from the first day to the debrief and the screen, in headless Chromium."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from class_server import served
from time_limits import BROWSER_SECONDS
from tools import chromium, node

from sim.words import text

pytestmark = pytest.mark.slow


def test_from_the_first_day_to_the_debrief(tmp_path: Path) -> None:
    script = Path(__file__).with_name("keyboard.mjs")
    with served("--native", "--live") as (app, _):
        done = subprocess.run(
            [node(), str(script), chromium(), app.address.partition("?")[0], str(tmp_path)],
            capture_output=True, text=True, timeout=BROWSER_SECONDS, check=False, encoding="utf-8",
        )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    seen = json.loads(done.stdout)
    assert (seen["errors"], seen["unseen"]) == ([], [])
    assert "A " in seen["hashes"]
    # The steps of the lesson come first, once; from then on each screen begins where one goes on.
    first, *others = seen["tabs"].values()
    assert first <= 12
    assert max(others) <= 12, seen["tabs"]
    assert seen["rounds"] == 4
    assert seen["score"].startswith("It reaches the goal in ")
    # What the class found comes after the rounds, one finding a screen.
    found = [text("en", f"debrief.finding.{name}").rstrip(".") for name in ("winner", "age", "luck", "levers")]
    assert seen["screens"][-4:] == found
    assert seen["pictured"] == 1
    assert seen["lever"]
