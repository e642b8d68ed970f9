"""The files for a browser are enough, and need nothing but NumPy."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

from time_limits import PROGRAM_SECONDS

from sim.web.answer import answer, why
from sim.web.classroom.parts import PACKAGE, core_archive, core_files

REQUEST = {"scenario": "news-channel", "overrides": {"organization.employees": 60, "run.weeks": 4}, "seeds": [2, 9]}
SCRIPT = """
import json, sys

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] not in {"sim", "numpy", *sys.stdlib_module_names} and not name.startswith("_"):
            raise ImportError(name)

sys.meta_path.insert(0, Blocker())
from sim.web.answer import answer, why
request = json.loads(sys.argv[1])
third = {name.split(".")[0] for name in sys.modules} - set(sys.stdlib_module_names) - {"sim", "__main__"}
packages = sorted(name for name in third if not name.startswith("_"))
print(json.dumps([sys.modules["sim"].__file__, packages, answer(request), why(request, 2, 7, 3)]))
"""


def test_an_unpacked_archive_answers_with_numpy_alone(tmp_path: Path) -> None:
    zipfile.ZipFile(io.BytesIO(core_archive())).extractall(tmp_path)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    environment.pop("NUMBA_DISABLE_JIT", None)
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, json.dumps(REQUEST)],
        env=environment, cwd=tmp_path, capture_output=True, text=True, check=False,
        timeout=PROGRAM_SECONDS,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    home, packages, answered, reasons = json.loads(done.stdout)
    assert Path(home).is_relative_to(tmp_path)
    assert set(packages) <= {"numpy", "cython_runtime"}
    assert answered == answer(REQUEST)
    assert reasons == why(REQUEST, 2, 7, 3)


def test_the_archive_is_the_same_each_time_and_small() -> None:
    assert core_archive() == core_archive()
    assert len(core_archive()) < 250_000


def test_it_holds_no_face_no_study_and_no_file_reading() -> None:
    names = {file.relative_to(PACKAGE).as_posix() for file in core_files()}
    assert {
        "__init__.py",
        "web/answer/answering.py",
        "organization/data/age.csv",
        "scenario/data/shipped.json",
    } <= names
    parts = (
        "experiments",
        "runs",
        "analysis",
        "evidence",
        "figures",
        "documents",
        "pages",
        "cli",
        "model/face.py",
        "exports",
    )
    assert [name for name in names if name.startswith(parts)] == []
    texts = {name for name in names if name.endswith(".json") and name.startswith("words")}
    areas = {f"words/{language}/{area}.json" for language in ("en", "nl") for area in ("number", "refusal")}
    assert texts == areas | {"words/outcomes.json"}
