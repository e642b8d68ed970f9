"""What takes too long for every change: all of it, or some steps, with what came of it in docs/nightly.md.

    python tasks.py nightly                      # all steps, two hours or so on two processors
    .venv/bin/python .ci/nightly.py --only fuzz  # one step; the others keep what was found last

Exit code 1 if a step failed. A step that cannot be done here says why, and is no success.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
FOUND = ROOT / "docs" / "nightly.json"
PAGE = ROOT / "docs" / "nightly.md"
TOOLS = ROOT / ".nightly-tools"
LONGEST = 4 * 3600.0

HEAD = """# What runs by night

Every change is tried by `.ci/run`, in less than 15 minutes. What takes longer is here: `make nightly`, or
`python tasks.py nightly`, does all of it and writes this page. A row says when its step was last done, and what came of
it; a step that was left out keeps its older row.

"""
TAIL = """
* **matrix**: wheel and sdist outside the checkout, on each Python at hand, with the oldest and the newest allowed
  dependencies; the golden runs must give the same bytes.
* **tests**: all tests, with those that are marked nightly.
* **fuzz**: 20,000 examples of scenarios, experiments, staff files, run cards, messages of the page, manifests and
  results folders, each with a part broken: taken or refused in lines (`tests/fuzz`; 500 of them by day).
* **coverage**: branch coverage of `sim/` by the tests, compiled code run plain so that it is seen.
* **mutation**: rules, statistics and intervals with a mistake put in, one at a time: is it noticed?
* **site**: the documentation as a site, built strictly.
"""


class Step(NamedTuple):
    """One thing to do: the command, what more it finds in its environment, and which line of what it prints counts."""

    command: list[str]
    environment: dict[str, str]
    telling: str
    needs: Callable[[], str] = lambda: ""


def tools_for_coverage() -> str:
    """Get what measures coverage, beside the environment; return why it cannot be had, if so."""
    if (TOOLS / "pytest_cov").is_dir():
        return ""
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target", str(TOOLS)]
    done = subprocess.run([*pip, "--no-deps", "pytest-cov>=6", "coverage>=7.6"], check=False, cwd=ROOT)
    return "" if done.returncode == 0 else "pytest-cov cannot be installed"


def mutation_is_there() -> str:
    """Return why mutation testing cannot be done; empty if it can."""
    return "" if (ROOT / "tests" / "mutation" / "__main__.py").is_file() else "tests/mutation is not there"


PYTEST = [sys.executable, "-m", "pytest", "-q", "-n", "auto"]
STEPS: dict[str, Step] = {
    "matrix": Step([sys.executable, ".ci/matrix.py"], {}, r"^\d+ passed, \d+ failed$"),
    "tests": Step(PYTEST, {"INTRANET_SIM_NIGHTLY": "1"}, r"\d+ passed.* in .*"),
    "fuzz": Step(
        [*PYTEST, "--hypothesis-show-statistics", "tests/fuzz"],
        {"INTRANET_SIM_FUZZ": "20000"},
        r"\d+ (passed|failed).* in .*",
    ),
    "coverage": Step(
        [*PYTEST, "--cov=sim", "--cov-branch", "--cov-report=term", "-p", "pytest_cov"],
        {"NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(TOOLS)},
        r"^TOTAL .*",
        tools_for_coverage,
    ),
    "mutation": Step([sys.executable, "-m", "tests.mutation"], {}, r".*\d.*", mutation_is_there),
    "site": Step(["make", "site"], {}, r"^(?!)"),
}


def done(name: str) -> dict[str, object]:
    """Do a step and return its row."""
    step = STEPS[name]
    start, when = time.monotonic(), datetime.now(UTC).date().isoformat()
    row: dict[str, object] = {
        "date": when,
        "python": platform.python_version(),
        "machine": platform.platform(terse=True),
    }
    if reason := step.needs():
        return {**row, "result": "not done", "told": reason, "minutes": 0.0}
    print(f"== {name}: {' '.join(step.command)}", flush=True)
    environment = {**os.environ, **step.environment}
    log = ROOT / ".nightly-tools" / f"{name}.log"
    log.parent.mkdir(exist_ok=True)
    with log.open("w", encoding="utf-8") as out:
        try:
            code = subprocess.run(
                step.command,
                cwd=ROOT,
                env=environment,
                stdout=out,
                stderr=subprocess.STDOUT,
                check=False,
                timeout=LONGEST,
            ).returncode
        except subprocess.TimeoutExpired:
            code = -1
    text = log.read_text(encoding="utf-8", errors="replace")
    telling = re.findall(rf"(?:{step.telling})", text, flags=re.M) and [
        line for line in text.splitlines() if re.search(step.telling, line)
    ]
    told = re.sub(r"[=|]+", "", telling[-1]).strip() if telling else ""
    minutes = round((time.monotonic() - start) / 60, 1)
    print(f"   {'passed' if code == 0 else 'FAILED'} in {minutes} min: {told}", flush=True)
    return {**row, "result": "passed" if code == 0 else "failed", "told": " ".join(told.split()), "minutes": minutes}


def page(rows: dict[str, dict[str, object]]) -> str:
    """Return the page about what was found."""
    lines = ["| step | last done | result | told | minutes |", "|---|---|---|---|---|"]
    for name in STEPS:
        row = rows.get(name, {"date": "never", "result": "not done", "told": "", "minutes": ""})
        lines.append(f"| {name} | {row['date']} | {row['result']} | {row['told']} | {row['minutes']} |")
    return HEAD + "\n".join(lines) + "\n" + TAIL


def main(arguments: Sequence[str] | None = None) -> int:
    """Do the steps that are asked for and write the page."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", action="append", choices=STEPS, metavar="STEP", help=", ".join(STEPS))
    asked = parser.parse_args(arguments).only or list(STEPS)
    rows = json.loads(FOUND.read_text(encoding="utf-8")) if FOUND.exists() else {}
    results = []
    for name in asked:
        rows[name] = done(name)
        results.append(rows[name]["result"])
        FOUND.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
        PAGE.write_text(page(rows), encoding="utf-8")
    n_failed = sum(result != "passed" for result in results)
    print(f"{len(results) - n_failed} passed, {n_failed} failed")
    return int(n_failed > 0)


if __name__ == "__main__":
    sys.exit(main())
