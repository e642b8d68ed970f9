"""The debrief in a browser: no error on the console, nothing asked for, nothing serious found by axe, fit for a phone.

Needs what the browser tests of the report need.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim.pages.debrief.launches import Known
from sim.pages.debrief.writing import write_debrief
from sim.words import LANGUAGES

sys.path.insert(0, str(Path(__file__).parents[1] / "page"))
import tools
from time_limits import BROWSER_SECONDS

pytestmark = pytest.mark.slow

OPEN = Path(__file__).parents[1] / "report" / "open.mjs"


@pytest.fixture(scope="module")
def opened(
    class_folder: Path, know: Callable[..., Known], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, Any]]:
    """Return what the browser found in the debrief of each language."""
    program, folder = tools.chromium(), tmp_path_factory.mktemp("debriefs")
    files = [folder / f"{language}.html" for language in LANGUAGES]
    for language, file in zip(LANGUAGES, files, strict=True):
        write_debrief(know(class_folder, language), file)
    done = subprocess.run(
        ["node", str(OPEN), program, *map(str, files)],
        capture_output=True,
        text=True,
        timeout=BROWSER_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return dict(zip(LANGUAGES, json.loads(done.stdout), strict=True))


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_opens_quietly_and_asks_for_nothing(opened: dict[str, dict[str, Any]], language: str) -> None:
    assert opened[language]["errors"] == []
    assert [one for one in opened[language]["requests"] if not one.endswith(f"{language}.html")] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_serious(opened: dict[str, dict[str, Any]], language: str) -> None:
    assert [one for one in opened[language]["violations"] if one["impact"] in ("serious", "critical")] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_sticks_out_on_a_telephone(opened: dict[str, dict[str, Any]], language: str) -> None:
    assert opened[language]["phone"] <= 360
