"""Contacts files: who knows whom by the user's own list; what is wrong is told by rows, never by ids."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

import sim
from sim.__main__ import main
from sim.analysis.over_worlds import arms_of
from sim.errors import InputError
from sim.organization import build_contacts, build_workforce
from sim.organization.contacts import contacts_of, own_pairs
from sim.runs.plan import make_plan
from sim.scenario import scenario_from_mapping

PEOPLE = ["employee,age,department"] + [f"Zqx{number:02d},{20 + number},{'AB'[number % 2]}" for number in range(12)]
EDGES = ["from,to,weight", "Zqx00,Zqx01,3", "Zqx01,Zqx00,1", "Zqx02,Zqx05,", "Zqx03,Zqx04,2.5", "Zqx05,Zqx11,1"]


@pytest.fixture
def organization(tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """Return a writer of both files, which returns the organization that they make."""

    def made(edges: list[str] | bytes = EDGES, people: list[str] = PEOPLE, name: str = "edges.csv") -> dict[str, Any]:
        staff, contacts = tmp_path / "staff.csv", tmp_path / name
        staff.write_text("\n".join(people) + "\n", encoding="utf-8")
        contacts.write_bytes(edges if isinstance(edges, bytes) else ("\n".join(edges) + "\n").encode())
        given = {"organization": {"staff": {"file": str(staff), "contacts": str(contacts)}}}
        return dict(scenario_from_mapping(given).resolved()["organization"])

    return made


def known_by(organization: dict[str, Any]) -> dict[float, list[float]]:
    """Return the ages of the contacts of each age, which tells who is who."""
    workforce = build_workforce(organization, 5, 1)
    found = build_contacts(workforce, organization["contacts"], 1, own_pairs(organization))
    ages = workforce.age.tolist()
    return {
        age: sorted(ages[other] for other in found.neighbors[found.offsets[place] : found.offsets[place + 1]])
        for place, age in enumerate(ages)
    }


def test_contacts_are_those_of_the_file_each_pair_once(organization: Callable[..., dict[str, Any]]) -> None:
    known = known_by(organization())
    assert {age: others for age, others in known.items() if others} == {
        20: [21], 21: [20], 22: [25], 23: [24], 24: [23], 25: [22, 31], 31: [25],
    }  # fmt: skip


def test_the_order_of_rows_and_of_people_makes_no_difference(organization: Callable[..., dict[str, Any]]) -> None:
    luck = Random(1)
    first = known_by(organization())
    for _ in range(3):
        edges = [EDGES[0], *luck.sample(EDGES[1:], len(EDGES) - 1)]
        people = [PEOPLE[0], *luck.sample(PEOPLE[1:], len(PEOPLE) - 1)]
        assert known_by(organization(edges, people)) == first


def test_without_one_contacts_are_made_as_before(organization: Callable[..., dict[str, Any]]) -> None:
    given = organization()
    given["staff"] = {**given["staff"], "contacts": None}
    assert own_pairs(given) is None
    assert sum(map(len, known_by(given).values())) > 12


@pytest.mark.parametrize(
    "header", ["Van;Naar;Gewicht", "Source,Target", "sender\treceiver\tcount", "medewerker;contact"]
)
def test_usual_names_and_signs_are_known(organization: Callable[..., dict[str, Any]], header: str) -> None:
    sign = next(sign for sign in ";\t," if sign in header)
    rows = [header, *(sign.join(edge.split(",")[: header.count(sign) + 1]) for edge in EDGES[1:])]
    assert known_by(organization(rows)) == known_by(organization())
    encoded = ("\n".join(rows) + "\n").encode("utf-16")
    assert known_by(organization(encoded)) == known_by(organization())


def test_what_is_left_out_is_told_by_rows_and_never_by_ids(organization: Callable[..., dict[str, Any]]) -> None:
    given = organization([*EDGES, "Zqx01,Zqx99,1", "Zqx02,Zqx02,1", "Zqx06,Zqx07,0"])
    found = contacts_of(given)
    assert found is not None
    notes = [str(note) for note in found.notes]
    assert notes == [
        "contacts: 1 row with an id that is not in the staff file are left out (rows 7)",
        "contacts: 1 row with one id twice are left out (rows 8)",
        "contacts: 1 row name a pair again, which counts once",
        "contacts: 1 row of weight 0 are no contact; other weights make no difference",
    ]
    assert len(found.lower) == 4
    assert found.counts.sum() == 8


def test_every_mistake_is_named_at_once(organization: Callable[..., dict[str, Any]]) -> None:
    given = organization(["from,to,weight", "Zqx00,,1", "Zqx00,Zqx01,much", "Zqx00,Zqx02,-1", "Zqx00,Zqx03,1"])
    with pytest.raises(InputError) as refused:
        contacts_of(given)
    assert [line.split(": ")[0] for line in refused.value.lines] == [
        "edges.csv:2:to", "edges.csv:3:weight", "edges.csv:4:weight",
    ]  # fmt: skip
    assert "Zqx" not in "".join(refused.value.lines)


@pytest.mark.parametrize(
    ("edges", "told"),
    [
        (["a,b", "1,2"], "no column from, to"),
        (["from,who", "Zqx00,Zqx01"], "no column to"),
        (["from,to"], "none of 0 rows"),
        (["from,to", "1,2", "3,4"], "the same ids"),
        (b"", "empty"),
        (b"\x00\x01\x02\xff", ""),
    ],
)
def test_files_that_are_none_are_refused(
    organization: Callable[..., dict[str, Any]], edges: list[str] | bytes, told: str
) -> None:
    with pytest.raises(InputError) as refused:
        contacts_of(organization(edges))
    assert told in "\n".join(refused.value.lines)


def test_staff_without_ids_have_no_contacts_file(organization: Callable[..., dict[str, Any]]) -> None:
    people = [row.partition(",")[2] for row in PEOPLE]
    with pytest.raises(InputError, match="no ids"):
        contacts_of(organization(EDGES, people))


def test_a_run_counts_by_the_content_of_the_file(organization: Callable[..., dict[str, Any]], tmp_path: Path) -> None:
    def plan_hash() -> str:
        given = {
            "organization": {"staff": {"file": str(tmp_path / "staff.csv"), "contacts": str(tmp_path / "edges.csv")}}
        }
        return make_plan(arms_of([scenario_from_mapping(given)]), 1, 1).content_hash

    organization()
    first = plan_hash()
    organization(EDGES[:-1])
    assert plan_hash() != first
    organization()
    assert plan_hash() == first


def test_commands_tell_of_it_and_results_hold_no_id(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An example written by the program, checked, run with two processes, and searched for ids and folders."""
    folder = tmp_path / "Zqxfolder"
    folder.mkdir()
    staff, contacts = folder / "staff.csv", folder / "contacts.csv"
    example = ["new-staff", str(staff), "--people", "120", "--contacts", str(contacts), "--dialect", "sap"]
    assert main(example) == 0
    assert main(example) == 2
    monkeypatch.chdir(tmp_path)
    day = ["--date", "2026-01-31"]
    capsys.readouterr()
    assert main(["staff", str(staff), "--contacts", str(contacts), *day, "--out", "pictures"]) == 0
    said = capsys.readouterr().out
    assert "Contacts: " in said
    assert "not in the staff file" in said
    assert main(["staff", str(staff), "--contacts", str(contacts), *day, "--out", "pictures", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)["contacts"]
    assert f"Contacts: {facts['pairs']} pairs from {facts['rows']} rows" in said
    assert sim.staff(staff, contacts=contacts, date="2026-01-31")["contacts"] == facts
    Path("own.yaml").write_text(
        f"name: own\norganization:\n  staff: {{file: {staff}, contacts: {contacts}, date: 2026-01-31}}\n"
        "  contacts: {department: 9}\nrun: {weeks: 2, replications: 2}\n",
        encoding="utf-8",
    )
    capsys.readouterr()
    assert main(["validate", "own.yaml"]) == 0
    checked = capsys.readouterr()
    assert "Contacts: " in checked.out
    assert "organization.contacts.department" in checked.err
    assert "a contacts file says who knows whom" in checked.err
    outs = []
    for jobs in ("1", "2"):
        out = f"out{jobs}"
        arguments = ["--at-defaults", "--quiet", "--no-figures", "--jobs", jobs, "--out", out]
        assert main(["run", "own.yaml", *arguments]) == 0
        outs.append(pq.read_table(Path(out) / "runs.parquet"))
        everything = "".join(file.read_bytes().decode("latin-1") for file in Path(out).rglob("*") if file.is_file())
        assert "Zqxfolder" not in everything
        assert "00100003" not in everything
        manifest = json.loads((Path(out) / "manifest.json").read_text(encoding="utf-8"))
        assert manifest["scenarios"][0]["resolved"]["organization"]["staff"]["contacts"] == "contacts.csv"
    assert outs[0].equals(outs[1])


def test_many_contacts_are_rows_that_rise(organization: Callable[..., dict[str, Any]]) -> None:
    luck = Random(2)
    people = ["employee,age,department", *(f"{number},{18 + number % 48},{number % 7}" for number in range(3000))]
    edges = ["from,to", *(f"{luck.randrange(3000)},{luck.randrange(3000)}" for _ in range(20_000))]
    given = organization(edges, people)
    workforce = build_workforce(given, 5, 1)
    found = build_contacts(workforce, given["contacts"], 1, own_pairs(given))
    for place in range(0, 3000, 100):
        row = found.neighbors[found.offsets[place] : found.offsets[place + 1]]
        assert (np.diff(row) > 0).all()
        assert place not in row
    ends = np.repeat(np.arange(3000), np.diff(found.offsets))
    pairs = set(zip(ends.tolist(), found.neighbors.tolist(), strict=True))
    assert {(other, one) for one, other in pairs} == pairs
