"""The worked examples fit the present code: what they say stands there does stand there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sim.scenario import load_scenario

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs" / "how-to").glob("add-*.md"))
DIFF = re.compile(r"^(`{3,})diff\n--- (?P<file>\S+)\n(?P<lines>.*?)^\1$", flags=re.M | re.S)
EDITS = [
    pytest.param(match["file"], match["lines"], id=f"{page.stem}: {match['file']} {position}")
    for page in PAGES
    for position, match in enumerate(DIFF.finditer(page.read_text(encoding="utf-8")))
]


def test_all_pages_have_edits() -> None:
    assert {page.stem for page in PAGES} == {
        "add-a-rule", "add-an-outcome", "add-a-scenario", "add-a-launch-strategy", "add-a-design", "add-a-workforce",
        "add-a-command", "add-a-figure", "add-a-term",
    }  # fmt: skip
    assert len(EDITS) > 15


@pytest.mark.parametrize(("file", "lines"), EDITS)
def test_edit_fits(file: str, lines: str) -> None:
    """The lines that the edit leaves or removes stand together in the file, once."""
    before = [line[1:] for line in lines.splitlines() if not line.startswith("+")]
    assert before
    text = (ROOT / file).read_text(encoding="utf-8")
    assert text.count("\n".join(before)) == 1
    added = [line[1:] for line in lines.splitlines() if line.startswith("+")]
    assert "\n".join(added) not in text, "the example has been built in"


def test_examples_of_scenarios_load(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "how-to" / "add-a-scenario.md").read_text(encoding="utf-8")
    mine, shipped, *changes = re.findall(r"^```yaml\n(.*?)^```", text, flags=re.M | re.S)
    (tmp_path / "mine.yaml").write_text(mine, encoding="utf-8")
    assert load_scenario(tmp_path / "mine.yaml").launch.campaign.weeks == 13
    assert len(changes) == 2
    for block in changes:
        (tmp_path / "changes.yaml").write_text(f"extends: mine.yaml\n{block}", encoding="utf-8")
        assert len(load_scenario(tmp_path / "changes.yaml").changes) == 2
    (tmp_path / "shipped.yaml").write_text(shipped.replace("baseline.yaml", "baseline"), encoding="utf-8")
    assert load_scenario(tmp_path / "shipped.yaml").launch.training == 1.0
