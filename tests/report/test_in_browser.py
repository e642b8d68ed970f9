"""Reports in a browser: no error on the console, nothing asked for, nothing serious found by axe, fit for a telephone.

Needs node, Chromium and ``npm ci --prefix tests/page``; on a continuous integration machine (where ``CI`` is set) a
missing tool is a failure, elsewhere the tests are skipped and say what is missing.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from time_limits import BROWSER_SECONDS

from sim.pages.report.report import write_report

pytestmark = pytest.mark.slow

HERE = Path(__file__).resolve().parent
KINDS = ("compared", "alone", "three", "over_worlds", "swept", "sensitive")


def chromium() -> str:
    """Return the browser's program; skip, or fail where everything should be there, without one of the tools."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    missing = [name for name, found in {"chromium": program, "node": shutil.which("node")}.items() if not found]
    for package in ("playwright-core", "axe-core"):
        if not (HERE.parent / "page" / "node_modules" / package).is_dir():
            missing.append(f"{package} (npm ci --prefix tests/page)")
    if missing:
        message = f"missing: {'; '.join(missing)}"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    return str(program)


@pytest.fixture(scope="module")
def opened(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return what the browser found in each report."""
    program = chromium()
    folder = tmp_path_factory.mktemp("reports")
    files = [
        write_report(request.getfixturevalue(kind), "nl" if kind == "three" else "en", file=folder / f"{kind}.html")
        for kind in KINDS
    ]
    done = subprocess.run(
        ["node", str(HERE / "open.mjs"), program, *map(str, files)],
        capture_output=True, text=True, timeout=BROWSER_SECONDS, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return dict(zip(KINDS, json.loads(done.stdout), strict=True))


@pytest.mark.parametrize("kind", KINDS)
def test_it_opens_quietly_and_asks_for_nothing(opened: dict[str, Any], kind: str) -> None:
    assert opened[kind]["errors"] == []
    assert [address for address in opened[kind]["requests"] if not address.endswith(f"{kind}.html")] == []


@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing_serious(opened: dict[str, Any], kind: str) -> None:
    serious = [one for one in opened[kind]["violations"] if one["impact"] in ("serious", "critical")]
    assert serious == []


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_sticks_out_on_a_telephone(opened: dict[str, Any], kind: str) -> None:
    assert opened[kind]["phone"] <= 360
