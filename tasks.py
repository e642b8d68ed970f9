"""What make does, for machines without make: ``python tasks.py compare``, ``python tasks.py test``.

Needs Python 3.11 to 3.13 and nothing else; the environment ``.venv`` is made from the lock file first.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / os.environ.get("VENV", ".venv")
SCRIPTS = VENV / ("Scripts" if os.name == "nt" else "bin")
STAMP = VENV / ".set-up"
LOCK = ROOT / "requirements.lock"
DIST = ROOT / "dist"


def run(*command: str | Path, check: bool = True, **more: str) -> int:
    """Run a command of the environment in the project's folder."""
    words = [str(word) for word in command]
    program = shutil.which(words[0], path=str(SCRIPTS)) or words[0]
    done = subprocess.run([program, *words[1:]], cwd=ROOT, env={**os.environ, **more}, check=False)
    if check and done.returncode:
        sys.exit(done.returncode)
    return done.returncode


def set_up() -> None:
    """Make the environment, if it is not there or older than what it is made from."""
    made_of = [LOCK, ROOT / "pyproject.toml"]
    if STAMP.exists() and all(STAMP.stat().st_mtime >= file.stat().st_mtime for file in made_of):
        return
    venv.create(VENV, with_pip=True)
    pip = ["python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run(*pip, "--require-hashes", "-r", LOCK)
    run(*pip, "--no-deps", "--no-build-isolation", "-e", ROOT)
    STAMP.touch()


def compare() -> None:
    """Compare "like Facebook" with "a way to work together": the main job."""
    run("intranet-sim", "compare", "like-facebook", "collaboration", "--overwrite")


def test() -> None:
    """Run all tests, those of pages in a browser too where there is one, and say what was left out."""
    missing = browser_tests_ready()
    code = run("python", "-m", "pytest", "-q", "-n", "auto", check=False)
    if missing:
        print(missing)
    sys.exit(code)


def browser_tests_ready() -> str:
    """Get npm packages for the tests of pages where node and a browser are there; else say what is left out and why."""
    has_browser = any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome")))
    lacking = [
        name for name, is_there in (("node and npm", shutil.which("npm")), ("chromium", has_browser)) if not is_there
    ]
    if lacking:
        names = " and ".join(lacking)
        return f"Left out: the tests of pages in a browser, for want of {names}. Install that and type this once more."
    for folder in ("tests/page", "sim/web/page"):
        lock, installed = ROOT / folder / "package-lock.json", ROOT / folder / "node_modules" / ".package-lock.json"
        if installed.exists() and installed.stat().st_mtime >= lock.stat().st_mtime:
            continue
        options = ["--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        if run(shutil.which("npm") or "npm", "ci", "--prefix", folder, *options, check=False):
            return f"Left out: the tests of pages in a browser: npm gave no packages. Type: npm ci --prefix {folder}"
    if run("python", "tests/page/parts.py", check=False):
        return "Left out: tests of the page in a browser: its parts are not there. Type: python tests/page/parts.py"
    return ""


def quick() -> None:
    """Run the tests that take seconds."""
    run("python", "-m", "pytest", "-q", "-n", "auto", "-m", "not slow")


def lint() -> None:
    """Check style and form."""
    run("ruff", "check", ".")
    run("ruff", "format", "--check", ".")


def types() -> None:
    """Check types."""
    run("python", "-m", "mypy")


def check() -> None:
    """Lint, types, tests."""
    lint()
    types()
    test()


def docs() -> None:
    """Make the pages that are made from the registry."""
    run("python", "docs/make_pages.py")


def bench() -> None:
    """Measure speed against a plain Mesa model."""
    run("python", "-m", "benchmarks")


def matrix() -> None:
    """Try wheel and sdist outside the checkout, on each Python at hand, with oldest and newest dependencies."""
    run("python", ".ci/matrix.py")


def lowest() -> None:
    """Work out the oldest allowed dependencies anew, for `matrix`; needs uv."""
    for version in ("3.11", "3.12", "3.13"):
        run(
            "uv", "pip", "compile", "--quiet", "--python-version", version, "--resolution", "lowest-direct",
            "--only-binary", ":all:", "--no-header", "--no-annotate", "pyproject.toml",
            "-o", f".ci/lowest/{version}.txt",
        )  # fmt: skip


def nightly() -> None:
    """Run what is too long for every change; results go to docs/nightly.md."""
    run("python", ".ci/nightly.py")


def coverage() -> None:
    """Measure the branch coverage of sim/ by the tests; takes an hour or more."""
    run("python", ".ci/nightly.py", "--only", "coverage")


def release() -> None:
    """Make everything that a release has, in dist/: tests, wheel and sdist, class editions, the site, checksums.

    The version is that of sim/version.py; the changelog must have a section of it, and CITATION.cff, codemeta.json and
    .zenodo.json must say the same (tests/docs/test_metadata.py). Nothing is uploaded and no tag is set.
    """
    version = released()
    if subprocess.run(["git", "status", "--porcelain"], cwd=ROOT, capture_output=True, text=True, check=True).stdout:
        sys.exit("there are changes that are not committed")
    lint()
    types()
    if missing := browser_tests_ready():
        sys.exit(missing)  # nothing is left out of a release
    run("python", "-m", "pytest", "-q", "-n", "auto")
    shutil.rmtree(DIST, ignore_errors=True)
    DIST.mkdir()
    run("python", ".ci/matrix.py", "--keep", DIST, "--results", DIST / "matrix.json")
    artifacts()
    print(f"version {version} is in {DIST}")


def released() -> str:
    """Return the version that is to be released; leave where the changelog does not tell of it."""
    found = re.search(r'__version__ = "([^"]+)"', (ROOT / "sim" / "version.py").read_text(encoding="utf-8"))
    version = found[1] if found else sys.exit("sim/version.py names no version")
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"^## (\S+)[^\n]*\n(.*?)(?=^## |\Z)", changes, flags=re.M | re.S))
    if version not in sections:
        sys.exit(f"CHANGELOG.md has no section “## {version}”: give what is under Unreleased that name")
    if "- " in sections.get("Unreleased", ""):
        sys.exit(f"CHANGELOG.md tells of changes that are unreleased: {version} would have them without saying so")
    return version


def artifacts() -> None:
    """Make what is handed out beside wheel and sdist, in dist/: class editions, the site, checksums of all."""
    DIST.mkdir(exist_ok=True)
    pages = ["--pyodide", "tests/page/node_modules/pyodide", "--numpy", "tests/page/parts"]
    editions = {"class-browser.html": ["browser", *pages], "class-recorded.html": ["recorded"]}
    for name, (edition, *more) in editions.items():
        folder = DIST / Path(name).stem
        shutil.rmtree(folder, ignore_errors=True)
        options = ["--single-file", DIST / name, "--edition", edition, *more]
        run("intranet-sim", "class", "build", folder, *options)
        shutil.make_archive(str(folder), "zip", folder)
        shutil.rmtree(folder)
    if shutil.which("make"):
        run("make", "site")
        shutil.make_archive(str(DIST / "site"), "zip", ROOT / "site")
    for name in ("CITATION.cff", "codemeta.json", ".zenodo.json", "requirements.lock"):
        shutil.copy(ROOT / name, DIST / name)
    files = sorted(file for file in DIST.iterdir() if file.is_file() and file.name != "SHA256SUMS")
    sums = "".join(f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files)
    (DIST / "SHA256SUMS").write_text(sums, encoding="utf-8")
    print(json.dumps({"files": [file.name for file in files]}, indent=1))


def clean() -> None:
    """Remove the environment and what tools keep."""
    for name in (VENV.name, ".venv-next", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis", "dist"):
        shutil.rmtree(ROOT / name, ignore_errors=True)


TASKS: dict[str, Callable[[], None]] = {
    task.__name__: task
    for task in (
        compare,
        test,
        quick,
        lint,
        types,
        check,
        docs,
        bench,
        matrix,
        lowest,
        nightly,
        coverage,
        artifacts,
        release,
        clean,
    )
}
WITHOUT_ENVIRONMENT = (lowest, clean)


def main(arguments: Sequence[str] | None = None) -> int:
    """Do the tasks that are named, one after the other."""
    listed = "\n".join(f"  {name:<8} {(task.__doc__ or '').splitlines()[0]}" for name, task in TASKS.items())
    parser = argparse.ArgumentParser(
        description=(__doc__ or "").splitlines()[0],
        epilog=f"tasks:\n{listed}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("tasks", nargs="+", choices=TASKS, metavar="TASK")
    for name in parser.parse_args(arguments).tasks:
        if TASKS[name] not in WITHOUT_ENVIRONMENT:
            set_up()
        TASKS[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main())
