"""Wheel and sdist outside the checkout: each Python at hand, with the oldest and the newest allowed dependencies.

    python .ci/matrix.py                      # all that is at hand
    python .ci/matrix.py --python 3.13 --dependencies newest

For each it installs into an environment of its own and checks there, in an empty folder: that the commands start and do
a small comparison with its report, that the package is the installed one, and that the golden runs give the same bytes.
The oldest versions are in ``.ci/lowest``, a file for each Python, made by ``python tasks.py lowest``.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYTHONS = ("3.11", "3.12", "3.13")
GOLDEN = """
import json, sys
sys.path.insert(0, sys.argv[1])
import sim
from golden_runs import RUNS, golden_file, numbers_of
assert not sim.__file__.startswith(sys.argv[2]), sim.__file__
import intranet_sim
other = [name for name in RUNS
         if json.dumps(numbers_of(name), indent=1) + chr(10) != golden_file(name).read_text(encoding="utf-8")]
print(json.dumps(other))
"""


def interpreter(version: str) -> str | None:
    """Return a Python of this version on this machine, None if there is none."""
    candidates = [shutil.which(f"python{version}"), shutil.which("py")]
    candidates += sorted(map(str, (Path.home() / ".pyenv" / "versions").glob(f"{version}.*/bin/python")))
    for found in filter(None, candidates):
        command = [found, f"-{version}"] if Path(found).stem == "py" else [found]
        asked = [*command, "-c", "import sys; print(sys.executable, *sys.version_info[:2])"]
        done = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=60)
        if done.returncode == 0 and done.stdout.split()[-2:] == version.split("."):
            return done.stdout.rsplit(maxsplit=2)[0]
    return None


def call(*command: str, cwd: Path) -> str:
    """Run a command and return what it printed; on failure print all of it and raise."""
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=3600)
    if done.returncode:
        print(done.stdout, done.stderr, sep="\n", file=sys.stderr)
        raise SystemExit(f"failed: {' '.join(command)}")
    return done.stdout


def built(folder: Path, python: str) -> dict[str, Path]:
    """Build wheel and sdist and return their files."""
    code = (
        "import sys; from hatchling.builders.wheel import WheelBuilder;"
        "from hatchling.builders.sdist import SdistBuilder;"
        "[print(each) for kind in (WheelBuilder, SdistBuilder)"
        " for each in kind(sys.argv[1]).build(directory=sys.argv[2], versions=['standard'])]"
    )
    wheel, sdist = call(python, "-c", code, str(ROOT), str(folder), cwd=ROOT).split("\n")[:2]
    return {"wheel": Path(wheel), "sdist": Path(sdist)}


def checked(python: str, version: str, dependencies: str, package: Path, folder: Path) -> dict[str, object]:
    """Install a package into an environment of its own, use it, and return what came of it."""
    folder.mkdir()
    start = time.monotonic()
    call(python, "-m", "venv", str(folder / "venv"), cwd=folder)
    scripts = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
    own, program = str(scripts / "python"), str(scripts / "intranet-sim")
    constraints = ["--constraint", str(ROOT / ".ci" / "lowest" / f"{version}.txt")] if dependencies == "lowest" else []
    call(own, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *constraints, str(package), cwd=folder)
    place = folder / "empty"
    place.mkdir()
    call(program, "--version", cwd=place)
    assert "collaboration" in call(program, "scenarios", cwd=place)
    small = ["--at-defaults", "--replications", "2", "--weeks", "4", "--set", "organization.employees=60"]
    call(program, "compare", "like-facebook", "collaboration", *small, "--out", "out", "--quiet", "--report", cwd=place)
    assert (place / "out" / "report.html").stat().st_size > 50_000
    other = json.loads(
        call(own, "-c", GOLDEN, str(ROOT / "tests" / "golden"), str(ROOT / "sim"), cwd=place).splitlines()[-1]
    )
    names = ("numpy", "numba", "pandas", "pyarrow", "mesa", "matplotlib", "scipy")
    asking = "import sys; from importlib.metadata import version; print(*(f'{n} {version(n)}' for n in sys.argv[1:]))"
    versions = call(own, "-c", asking, *names, cwd=place).strip()
    return {
        "python": version,
        "dependencies": dependencies,
        "package": package.suffix.lstrip("."),
        "versions": versions,
        "other_golden": other,
        "minutes": round((time.monotonic() - start) / 60, 1),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Check what was asked for; 1 if anything is other than it should be."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--python", action="append", choices=PYTHONS, help="only this one; can be repeated")
    parser.add_argument("--dependencies", choices=("lowest", "newest"), action="append")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="also keep wheel and sdist there")
    parser.add_argument("--results", type=Path, help="also write what came of it to this file, as JSON")
    asked = parser.parse_args(arguments)
    rows: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory(prefix="matrix-") as temporary:
        packages = built(Path(temporary), sys.executable)
        for package in packages.values() if asked.keep is not None else ():
            shutil.copy(package, asked.keep)
        for version in asked.python or PYTHONS:
            python = interpreter(version)
            if python is None:
                print(f"python {version}: not on this machine", flush=True)
                continue
            for dependencies in asked.dependencies or ("lowest", "newest"):
                # The sdist once: a wheel is made of it first, so what is installed is the same.
                package = packages["sdist" if (version, dependencies) == ("3.12", "newest") else "wheel"]
                row = checked(python, version, dependencies, package, Path(temporary) / f"{version}-{dependencies}")
                rows.append(row)
                golden = (
                    f"OTHER NUMBERS: {row['other_golden']}" if row["other_golden"] else "golden runs the same bytes"
                )
                print(
                    f"python {version}, {dependencies}: {golden}; {row['versions']} ({row['minutes']} min)", flush=True
                )
    if asked.results is not None:
        asked.results.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    n_other = sum(bool(row["other_golden"]) for row in rows)
    print(f"{len(rows) - n_other} passed, {n_other} failed")
    return int(bool(n_other) or not rows)


if __name__ == "__main__":
    sys.exit(main())
