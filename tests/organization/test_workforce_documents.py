"""The documentation holds what the code draws."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

from sim.exports.staff.cells import known_columns
from sim.organization import PROFILE_NAMES
from sim.organization.profiles import read_table

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "workforce.md").read_text(encoding="utf-8")


def test_tables_of_the_document_are_what_is_drawn():
    tables = runpy.run_path(str(ROOT / "docs" / "programs" / "workforce_tables.py"))["describe_all"]()
    assert tables.count("| all |") == len(PROFILE_NAMES)
    assert tables in DOCUMENT, "run `python docs/programs/workforce_tables.py` and copy its tables to docs/workforce.md"


def test_evidence_that_the_document_names_is_in_the_tables():
    folder = ROOT / "sim" / "organization" / "data"
    known = {
        row["id"].split("_")[0]
        for path in folder.glob("*.csv")
        for row in read_table(path.stem)
        if row.get("id", "assumption") != "assumption"
    }
    named = set(re.findall(r"T\d\.\d\d", DOCUMENT))
    assert len(named) > 15
    assert named <= known


def test_every_column_of_a_staff_file_is_described():
    section = DOCUMENT.split("## Your own staff file")[1].split("## Check")[0]
    assert all(f"`{column}`" in section for column in known_columns())


def test_every_table_is_described():
    folder = ROOT / "sim" / "organization" / "data"
    readme = (folder / "README.md").read_text(encoding="utf-8")
    for path in folder.glob("*.csv"):
        assert f"`{path.name}`" in readme
