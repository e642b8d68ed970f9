"""The page on Python runs as it stands, and a file that hides the package is named."""

from __future__ import annotations

import re
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
from time_limits import PROGRAM_SECONDS

import sim

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "use-from-python.md"


def test_its_examples_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), flags=re.M | re.S)
    blocks = [block for block in blocks if "ema_workbench" not in block]  # see tests/engine/test_plain_parameters.py
    assert len(blocks) == 3
    names: dict[str, object] = {}
    for block in blocks:
        smaller = re.sub(r"(employees\"?)(=|: )200", r"\1\g<2>40", block).replace("[1, 2, 3]", "[1]")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", category=Warning)  # of tqdm without a notebook
            exec(smaller, names)
    assert len(names["found"].differences) > 20
    assert names["model"].day == 15


def test_it_names_only_what_there_is() -> None:
    named = set(re.findall(r"`sim\.(\w+)", PAGE.read_text(encoding="utf-8")))
    assert len(named) > 15
    assert named - {"errors", "py"} <= set(dir(sim))


def test_a_file_that_hides_the_package_is_named(tmp_path: Path) -> None:
    (tmp_path / "sim.py").write_text("")
    for script, words in (
        ("import intranet_sim", "hides the package sim"),
        ("from sim import run", "cannot import name"),
    ):
        (tmp_path / "mine.py").write_text(script)
        done = subprocess.run(
            [sys.executable, "mine.py"],
            cwd=tmp_path, capture_output=True, text=True, check=False, timeout=PROGRAM_SECONDS,
        )  # fmt: skip
        assert done.returncode == 1
        assert words in done.stderr
    done = subprocess.run(
        [sys.executable, "-c", "import intranet_sim as sim; print(sim.run.__name__, 'merge' in dir(sim))"],
        capture_output=True, text=True, check=True, timeout=PROGRAM_SECONDS,
    )  # fmt: skip
    assert done.stdout.split() == ["run", "True"]
