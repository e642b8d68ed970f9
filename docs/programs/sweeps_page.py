"""Fill ``docs/sweeps.md`` with the output of its two sweeps, and draw its figure (minutes).

Run as ``python docs/programs/sweeps_page.py [FOLDER]``; sweeps that FOLDER has already are not run again.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

DOCS = Path(__file__).resolve().parents[1]
PAGE = DOCS / "sweeps.md"
FIGURES = DOCS / "figures"
SWEEPS = ("rules", "organizations")
PICTURE = "rules"


def output(name: str, folder: Path) -> str:
    """Return what the sweep called `name` prints, as it would from the folder that a reader is in."""
    command = [sys.executable, "-m", "sim", "sweep", name, "--out", f"results/{name}"]
    return subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE, text=True).stdout


def replaced(page: str, name: str, text: str) -> str:
    """Return the page with the block called `name` holding `text`.

    Raises
    ------
    ValueError
        If the page has no such block.
    """
    block = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end {name} -->)", re.DOTALL)
    if not block.search(page):
        raise ValueError(f"no block {name}")
    return block.sub(lambda match: f"{match[1]}```text\n{text.rstrip()}\n```\n{match[2]}", page)


def main(folder: Path) -> None:
    """Run both sweeps in `folder` and put what they say on the page."""
    page = PAGE.read_text(encoding="utf-8")
    for name in SWEEPS:
        page = replaced(page, name, output(name, folder))
    PAGE.write_text(page, encoding="utf-8")
    for suffix in ("png", "svg"):
        shutil.copy(folder / "results" / PICTURE / "figures" / f"ranking.{suffix}", FIGURES / f"sweep-rules.{suffix}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        main(Path(sys.argv[1] if len(sys.argv) > 1 else temporary))
