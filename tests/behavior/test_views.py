"""Type checkers see what the rules see: a coefficient, column or field that does not exist is refused."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from time_limits import PROGRAM_SECONDS

import sim

ROOT = Path(sim.__file__).resolve().parents[1]
# file, what stands in it, what is planted instead, and who has no such attribute
PLANTED = (
    ("sim/model/steps/remembering.py", "person.habit,", "person.habbit,", '"Person" has no attribute "habbit"'),
    ("sim/model/steps/inputs.py", "policy.mandate,", "policy.mandat,", '"Policy" has no attribute "mandat"'),
    ("sim/model/rules/reading.py", "c.read_habit ", "c.read_habbit ", '"Coefficients" has no attribute "read_habbit"'),
    ("sim/model/steps/learning.py", "posts[slot].author", "posts[slot].autor", '"Post" has no attribute "autor"'),
    ("sim/model/steps/posting.py", "world.people,", "world.poeple,", '"World" has no attribute "poeple"'),
    ("sim/model/state.py", "person.remote_share, person.tenure", "person.remote_share, person.tenur", '"tenur"'),
)


@pytest.mark.slow
def test_a_misspelled_attribute_is_refused(tmp_path: Path) -> None:
    options = []
    for number, (file, right, wrong, _) in enumerate(PLANTED):
        source = (ROOT / file).read_text(encoding="utf-8")
        assert right in source, (file, right)
        copy = tmp_path / f"planted_{number}.py"
        copy.write_text(source.replace(right, wrong), encoding="utf-8")
        options += ["--shadow-file", file, str(copy)]
    files = [file for file, *_ in PLANTED]
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "mypy",
            "--config-file",
            "pyproject.toml",
            "--cache-dir",
            str(tmp_path),
            *options,
            *files,
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=PROGRAM_SECONDS,
    )
    for file, _, _, refusal in PLANTED:
        assert any(line.startswith(file) and refusal in line for line in done.stdout.splitlines()), done.stdout
    # And nothing else: what is written right passes.
    assert all(any(refusal in line for *_, refusal in PLANTED) for line in done.stdout.splitlines()[:-1]), done.stdout
