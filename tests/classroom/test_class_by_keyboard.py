"""The lesson by keyboard alone, from the first day to what came out of the first prediction, in headless Chromium."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from class_server import served
from time_limits import BROWSER_SECONDS
from tools import chromium, node

pytestmark = pytest.mark.slow


def test_from_the_first_day_to_the_first_result(tmp_path: Path) -> None:
    script = Path(__file__).with_name("keyboard.mjs")
    with served("--native") as (app, _):
        done = subprocess.run(
            [node(), str(script), chromium(), app.address, str(tmp_path)],
            capture_output=True, text=True, timeout=BROWSER_SECONDS, check=False, encoding="utf-8",
        )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    seen = json.loads(done.stdout)
    assert (seen["errors"], seen["unseen"]) == ([], [])
    assert "A " in seen["hashes"]
    # The steps of the lesson come first, once; from then on each screen begins where one goes on.
    first, *others = seen["tabs"].values()
    assert first <= 12
    assert max(others) <= 3, seen["tabs"]
