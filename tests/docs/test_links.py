"""Links between pages lead somewhere, and files that pages name exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("docs", "sim", "tests", "benchmarks", "scenarios", "experiments", "results", "examples")
PAGES = sorted(
    page
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("[a-z]*/README.md")]
    if page.stat().st_size > 0
)
# What the worked examples write is not there, and results are what a reader makes.
NEW = {
    "scenarios/training-for-all.yaml",
    "scenarios/champions-newcomers.yaml",
    "sim/cli/profiles.py",
    "sim/figures/alive.py",
    "tests/behavior/test_overload.py",
    "tests/cli/test_profiles.py",
    "tests/engine/test_readers_per_poster.py",
    "tests/scenario/test_champions_newcomers.py",
}


def anchors(page: Path) -> set[str]:
    """Return the anchors of the headings of a page, as GitHub makes them, and those set by hand."""
    text = page.read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.+)$", text, flags=re.M)
    made = {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}
    return made | set(re.findall(r'<a id="([^"]+)">', text))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"^(`{3,}).*?^\1$", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_files_named_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for name in re.findall(rf"`((?:{'|'.join(FOLDERS)})/[\w./-]*\w)`", text):
        if name not in NEW and not name.startswith("results/"):
            assert (ROOT / name).exists(), name
