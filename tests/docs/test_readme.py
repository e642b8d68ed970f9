"""What the README shows works as shown."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from time_limits import PROGRAM_SECONDS

from sim.scenario import load_scenario

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def example(language: str) -> str:
    """Return the only example in `language`."""
    (found,) = re.findall(rf"^```{language}\n(.*?)^```", README, flags=re.M | re.S)
    return found


def test_the_scenario_works_in_an_empty_folder(tmp_path: Path) -> None:
    file = tmp_path / "our-launch.yaml"
    file.write_text(example("yaml"), encoding="utf-8")
    scenario = load_scenario(file)
    assert scenario.name == "our-launch"
    assert scenario.resolved()["launch"]["framing"] == load_scenario("collaboration").resolved()["launch"]["framing"]
    assert scenario.organization.employees == 850


@pytest.mark.slow
def test_the_python_example_runs() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", example("python")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=PROGRAM_SECONDS,
    )
    assert done.returncode == 0, done.stderr
