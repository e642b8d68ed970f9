"""The task runner does what make does, and says what it leaves out."""

from __future__ import annotations

import importlib.util
import re
import runpy
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from time_limits import PROGRAM_SECONDS

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def tasks() -> ModuleType:
    spec = importlib.util.spec_from_file_location("tasks", ROOT / "tasks.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_it_knows_the_targets_of_make(tasks: ModuleType) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.M))
    assert targets - {"site", "next-numba"} <= set(tasks.TASKS)
    done = subprocess.run(
        [sys.executable, "tasks.py", "--help"],
        cwd=ROOT, capture_output=True, text=True, check=True, timeout=PROGRAM_SECONDS,
    )  # fmt: skip
    for name in tasks.TASKS:
        assert f"\n  {name} " in done.stdout
    done = subprocess.run(
        [sys.executable, "tasks.py", "tset"],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=PROGRAM_SECONDS,
    )  # fmt: skip
    assert done.returncode == 2


@pytest.mark.parametrize(("there", "words"), [((), "node and npm and chromium"), (("npm",), "want of chromium.")])
def test_what_is_left_out_is_said_in_one_line(
    tasks: ModuleType, monkeypatch: pytest.MonkeyPatch, there: tuple[str, ...], words: str
) -> None:
    monkeypatch.setattr(tasks.shutil, "which", lambda name, path=None: name if name in there else None)
    line = tasks.browser_tests_ready()
    assert words in line
    assert "\n" not in line


def test_npm_packages_are_prepared_where_a_browser_is_there(tasks: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[tuple[str, ...]] = []
    monkeypatch.setattr(tasks.shutil, "which", lambda name, path=None: name)
    monkeypatch.setattr(tasks, "ROOT", ROOT / "nowhere")
    monkeypatch.setattr(tasks, "run", lambda *words, check: called.append(tuple(map(str, words))) or 0)
    assert tasks.browser_tests_ready() == ""
    assert [words[1:4] for words in called[:2]] == [
        ("ci", "--prefix", "tests/page"),
        ("ci", "--prefix", "sim/web/page"),
    ]
    monkeypatch.setattr(tasks, "run", lambda *words, check: 1)
    assert "npm ci --prefix tests/page" in tasks.browser_tests_ready()


def test_the_oldest_dependencies_are_those_that_the_project_allows() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    least = dict(re.match(r"([\w.-]+)>=([\d.]+)", each).groups() for each in project["dependencies"])  # type: ignore[union-attr]
    pinned = dict(
        line.split("==") for line in (ROOT / ".ci" / "lowest" / "3.11.txt").read_text().splitlines() if "==" in line
    )
    for name, version in least.items():
        found = pinned[re.sub(r"[-_.]+", "-", name).lower()]
        assert [*map(int, found.split(".")[:2])] >= [*map(int, version.split(".")[:2])], name
    assert sum(pinned[re.sub(r"[-_.]+", "-", name).lower()].startswith(v) for name, v in least.items()) > len(least) - 3


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ("# Changelog\n\n## Unreleased\n\n- New.\n", "has no section"),
        ("# Changelog\n\n## Unreleased\n\n- New.\n\n## 1.2.0 - 2026-01-01\n\n- Old.\n", "that are unreleased"),
        ("# Changelog\n\n## Unreleased\n\n## 1.2.0 - 2026-01-01\n\n- Old.\n", ""),
        ("# Changelog\n\n## 1.2.0 - 2026-01-01\n\n- Old.\n\n## 1.1.0\n", ""),
    ],
)
def test_a_release_tells_of_all_its_changes(
    tasks: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, changes: str, words: str
) -> None:
    monkeypatch.setattr(tasks, "ROOT", tmp_path)
    (tmp_path / "sim").mkdir()
    (tmp_path / "sim" / "version.py").write_text('__version__ = "1.2.0"\n', encoding="utf-8")
    (tmp_path / "CHANGELOG.md").write_text(changes, encoding="utf-8")
    if not words:
        assert tasks.released() == "1.2.0"
        return
    with pytest.raises(SystemExit, match=words):
        tasks.released()


def test_what_mutation_testing_tries_is_there() -> None:
    tried = runpy.run_path(str(ROOT / "tests" / "mutation" / "__main__.py"))["TRIED"]
    files = {*tried, *(test for tests in tried.values() for test in tests)}
    assert [file for file in sorted(files) if not (ROOT / file).is_file()] == []
