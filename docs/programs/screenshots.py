"""Take the pictures of page, lesson and report in ``docs/figures``: ``python docs/programs/screenshots.py``.

Needs Chromium, node and ``npm ci --prefix tests/page``, as the browser tests do. Takes a minute. The runs have fixed
seeds, so that the pictures change only when the model or the page does.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
FIGURES = ROOT / "docs" / "figures"
LAUNCHES = ("like-facebook", "collaboration")
NAMES = ("page", "lesson-predict", "lesson-debrief", "report")
N_COLORS = 256
MOST_BYTES = 250_000
SECONDS = 600


def small_png(source: Path, target: Path) -> int:
    """Write a picture with few colors, rare ones among them, and return how many bytes it takes.

    Raises
    ------
    ValueError
        If it is larger than a page should carry.
    """
    with Image.open(source) as image:
        few = image.convert("RGB").quantize(N_COLORS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.save(target, optimize=True)
    size = target.stat().st_size
    if size > MOST_BYTES:
        raise ValueError(f"{target.name} takes {size} bytes, more than {MOST_BYTES}")
    return size


def report_in(folder: Path) -> Path:
    """Compare the two launches and return their report."""
    command = [sys.executable, "-m", "sim", "compare", *LAUNCHES, "--report", "--quiet", "--out", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return folder / "report.html"


def chromium() -> str:
    """Return the browser's program.

    Raises
    ------
    FileNotFoundError
        If there is none.
    """
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        raise FileNotFoundError("chromium is not here")
    return program


def main() -> None:
    """Take all pictures."""
    sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "page")]
    from app import running_app

    with tempfile.TemporaryDirectory() as temporary, running_app() as app:
        report = report_in(Path(temporary) / "results")
        program = Path(__file__).with_suffix(".mjs")
        command = ["node", str(program), app.address, str(report), chromium(), temporary]
        subprocess.run(command, check=True, timeout=SECONDS)
        for name in NAMES:
            size = small_png(Path(temporary) / f"{name}.png", FIGURES / f"{name}.png")
            print(f"{name}.png: {size / 1000:.0f} kB", file=sys.stderr)


if __name__ == "__main__":
    main()
