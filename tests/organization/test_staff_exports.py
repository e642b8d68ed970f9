"""Staff files as HR systems and spreadsheets export them: what is made of each."""

from __future__ import annotations

import csv
import datetime
import io
import random
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim.catalog.registry import default_values
from sim.errors import InputError
from sim.exports.examples import DIALECTS, example_staff
from sim.exports.staff import Reading, StaffFile, read_staff
from sim.exports.staff.cells import column_of
from sim.exports.staff.people import staff_in
from sim.organization import build_workforce
from sim.organization.own_staff import fitted_to_staff
from sim.scenario import ScenarioError, load_scenario

DAY = Reading(date="2026-01-31")
Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a function that writes a staff file and returns its path."""

    def written(text: str) -> Path:
        file = tmp_path / "staff.csv"
        file.write_text(text, encoding="utf-8")
        return file

    return written


def people(staff: StaffFile, name: str) -> dict[int, Any]:
    """Return the values of a column by the line of each person."""
    return dict(sorted(zip(staff.lines, staff.numbers[name], strict=True)))


@pytest.mark.parametrize("n", [12, 1000])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_example_of_each_dialect_is_read_as_it_is(tmp_path: Path, dialect: str, n: int) -> None:
    file = tmp_path / "export.csv"
    file.write_bytes(example_staff(n, dialect))
    staff = read_staff(file, DAY)
    assert staff.dialect == dialect
    assert len(staff) + sum(staff.left_out.values()) == n
    assert {"age", "tenure", "department", "team", "manager", "level"} & set(staff.drawn) == set()
    assert staff.manager is not None
    assert staff.manager.count(-1) == 1
    if n == 1000:
        assert staff.left_out["leavers"] > 5
        assert ("starters" in staff.left_out) == (dialect != "workday" or "starters" in staff.left_out)
        share = [value for value in staff.numbers["working_share"] if value is not None]
        assert 0.8 < sum(share) / len(share) < 1.0


def test_the_dialects_tell_of_the_same_people(tmp_path: Path) -> None:
    found = []
    for dialect in DIALECTS:
        file = tmp_path / f"{dialect}.csv"
        file.write_bytes(example_staff(300, dialect))
        found.append(read_staff(file, DAY))
    first, *others = found
    for other in others:
        assert other.numbers["age"] == first.numbers["age"]
        assert other.numbers["working_share"] == first.numbers["working_share"]
        assert (other.department_names, other.team_sizes) == (first.department_names, first.team_sizes)
        assert other.manager == first.manager


def test_a_workbook_is_read_like_its_csv(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    content = example_staff(200, "afas")
    (tmp_path / "export.csv").write_bytes(content)
    book = openpyxl.Workbook()
    book.active.append(["nothing to see here"])
    sheet = book.create_sheet("people")
    for row in csv.reader(io.StringIO(content.decode("cp1252")), delimiter=";"):
        cells: list[Any] = []
        for cell in row:
            try:
                cells.append(datetime.datetime.strptime(cell, "%d-%m-%Y"))
            except ValueError:
                cells.append(int(cell) if cell.isdecimal() else cell)
        sheet.append(cells)
    book.save(tmp_path / "export.xlsx")
    assert read_staff(tmp_path / "export.xlsx", DAY) == read_staff(tmp_path / "export.csv", DAY)


def test_an_entra_download_has_no_managers_and_no_guests(write: Write) -> None:
    staff = read_staff(
        write(
            "userPrincipalName,displayName,id,userType,jobTitle,department,accountEnabled\n"
            "a@x.nl,A,1f-1,Member,Team Lead,Care,True\nb@x.nl,B,1f-2,Member,Nurse,Care,True\n"
            "c@y.nl,C,1f-3,Guest,,Care,True\nd@x.nl,D,1f-4,Member,Nurse,Care,False\n"
        )
    )
    assert staff.dialect == "entra"
    assert staff.left_out == {"guests": 1, "leavers": 1}
    assert people(staff, "level") == {2: 1.0, 3: None}
    assert "tenure" in staff.drawn


def test_viva_data_have_levels_and_lines(write: Write) -> None:
    staff = read_staff(
        write(
            "PersonId,ManagerId,Organization,LevelDesignation,HireDate\n"
            "p1,,Board,Executive,2001-02-03\np2,p1,Care,Manager,2011-02-03\np3,p2,Care,IC,2021-02-03\n"
        ),
        DAY,
    )
    assert staff.dialect == "viva"
    assert people(staff, "level") == {2: 3.0, 3: 2.0, 4: 0.0}
    assert people(staff, "tenure") == {2: 25.0, 3: 15.0, 4: 5.0}


@pytest.mark.parametrize(
    ("written", "age"),
    [
        ("1990-01-31", 36.0), ("31-01-1990", 36.0), ("31.1.1990", 36.0), ("31/01/1990 00:00:00", 36.0),
        ("19900131", 36.0), ("31 jan 1990", 36.0), ("31-mrt-1990", 35.8), ("Jan 31, 1990", 36.0),
        ("32904", 36.0), ("31-01-90", 36.0),
        ("1990-01-31T00:00:00Z", 36.0), ("1990", 35.6), ("01-01-1900", None), ("0000-00-00", None), ("", None),
    ],
)  # fmt: skip
def test_dates_of_birth(write: Write, written: str, age: float | None) -> None:
    staff = read_staff(write(f"personeelsnummer;geboortedatum\n1;{written}\n2;2-12-1980\n"), DAY)
    assert people(staff, "age")[2] == age


def test_months_come_first_where_the_column_tells(write: Write) -> None:
    staff = read_staff(write("employee;date of birth\n1;1/2/1990\n2;12/31/1980\n"), DAY)
    assert people(staff, "age") == {2: 36.1, 3: 45.1}


@pytest.mark.parametrize(
    ("header", "cell", "column", "value"),
    [
        ("Tenure (months)", "30", "tenure", 2.5), ("dienstjaren", "2,5", "tenure", 2.5),
        ("Geboortejaar", "1990", "age", 35.6), ("Leeftijd", "34 jaar", "age", 34.0),
        ("thuiswerkdagen", "2,0", "remote_share", 0.4),
        ("kantoordagen", "3", "remote_share", 0.4), ("thuiswerkpercentage", "40%", "remote_share", 0.4),
        ("Deeltijd %", "80,0", "working_share", 0.8), ("FTE", "0.8", "working_share", 0.8),
        ("Contracturen", "18", "working_share", 0.5), ("deeltijd", "0", "working_share", 0.2),
    ],
)  # fmt: skip
def test_units(write: Write, header: str, cell: str, column: str, value: float) -> None:
    staff = read_staff(write(f"personeelsnummer;{header}\n1;{cell}\n"), DAY)
    assert staff.numbers[column] == (value,)


@pytest.mark.parametrize(
    ("header", "cells", "share"),
    [("Deeltijd %", ("0,8", "1"), 0.8), ("Deeltijd %", ("1", "1"), 1.0), ("Deeltijd %", ("80", "100"), 0.8)],
)
def test_a_sign_in_a_header_does_not_tell_of_percentages(
    write: Write, header: str, cells: tuple[str, ...], share: float
) -> None:
    """A spreadsheet hands on what it shows as 80% as 0.8."""
    staff = read_staff(write(f"id;{header}\n1;{cells[0]}\n2;{cells[1]}\n"), DAY)
    assert people(staff, "working_share") == {2: share, 3: 1.0}
    assert any(header in note for note in staff.notes)


def test_a_separator_that_a_file_names_wrongly_is_not_believed(write: Write) -> None:
    assert people(read_staff(write("sep=,\nid;age\n1;40\n"), DAY), "age") == {3: 40.0}


def _lines(*cells: str, header: str = "department") -> str:
    return f"id;{header}\n" + "".join(f"{number};{cell}\n" for number, cell in enumerate(cells, start=1))


@pytest.mark.parametrize(
    ("text", "key", "place"),
    [
        (_lines("Zorg", "#N/B"), "sheet_error", "3:department"),
        (_lines("#REF!", "#REF!"), "all_alike", "1:department"),
        (_lines("########", "01-02-1980", header="birth_date"), "sheet_error", "2:birth_date"),
        (_lines("Zorg", "-"), "empty", "3:department"), (_lines("n.v.t.", "NA"), "empty", "2:department"),
        (_lines("3", "5", header="trust"), "share_scale", "1:trust"),
        (_lines("1", "2", header="manager"), "all_alike", "1:manager"), (_lines("x" * 200_000), "quotes", "2"),
    ],
)  # fmt: skip
def test_odd_cells_are_told_of_and_never_taken_for_values(write: Write, text: str, key: str, place: str) -> None:
    with pytest.raises(InputError) as refused:
        read_staff(write(text), DAY)
    (message,) = refused.value.lines
    assert message.values["message"].key == f"staff.{key}"
    assert message.values["where"] == f"staff.csv:{place}"


def test_a_cell_far_from_all_others_is_named_before_memory_runs_out(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["id", "age"])
    book.active.append([1, 40])
    book.active.cell(1_048_576, 16_384).fill = openpyxl.styles.PatternFill("solid", fgColor="FFFF00")
    book.save(tmp_path / "colored.xlsx")
    assert len(read_staff(tmp_path / "colored.xlsx", DAY)) == 1
    book.active.cell(1_048_576, 16_384).value = "x"
    book.save(tmp_path / "far.xlsx")
    with pytest.raises(InputError, match=r"far from all others \(column XFD, row 1,048,576\)"):
        read_staff(tmp_path / "far.xlsx", DAY)


def test_days_at_home_count_by_the_days_one_works(write: Write) -> None:
    staff = read_staff(write("employee;fte;home_days\n1;0,6;3\n2;1;1\n"))
    assert people(staff, "remote_share") == {2: 1.0, 3: 0.2}


def test_ids_that_a_spreadsheet_turned_into_numbers(write: Write) -> None:
    staff = read_staff(write("personeelsnummer;leidinggevende\n00017;\n00018;17.0\n19,0;0018\n"))
    assert staff.manager is not None
    by_line = dict(zip(staff.lines, staff.manager, strict=True))
    assert {line: staff.lines[boss] if boss >= 0 else None for line, boss in by_line.items()} == {2: None, 3: 2, 4: 3}


def test_managers_by_name(write: Write) -> None:
    staff = read_staff(write("nummer medewerker;naam;leidinggevende\n1;De Wit, A.;\n2;Bos, B.;de wit,  a.\n"))
    assert staff.manager in ((-1, 0), (1, -1))
    assert "Wit" not in repr(staff)


def test_who_reports_to_somebody_who_left_reports_to_the_manager_above(write: Write) -> None:
    rows = "1;;\n2;1;2020-01-01\n3;2;\n4;99;\n"
    staff = read_staff(write("employee;manager;leave_date\n" + rows), DAY)
    assert staff.manager is not None
    by_line = {
        line: staff.lines[boss] if boss >= 0 else None for line, boss in zip(staff.lines, staff.manager, strict=True)
    }
    assert by_line == {2: None, 4: 2, 5: None}
    assert people(staff, "level")[5] == 0.0
    assert any("outside" in note.key for note in staff.notes)


def test_reporting_lines_make_the_teams(write: Write) -> None:
    rows = ["1;;Board", "2;1;Care", "3;1;Care", *(f"{n};2;Care" for n in range(4, 7)), *(f"{n};3;Care" for n in (7, 8))]
    staff = read_staff(write("employee;manager;department\n" + "\n".join(rows) + "\n"))
    assert staff.department_names == ("Board", "Care")
    assert staff.team_sizes == (1, 4, 3)
    assert "team" not in staff.drawn


def test_names_that_look_alike_are_one(write: Write) -> None:
    composed, other = "Café", unicodedata.normalize("NFD", "CAFÉ")
    staff = read_staff(
        write(f"age,department\n30,{composed}\n31,{other}\n32, {composed.lower()} \n33,{composed}\n34,Bar\n")
    )
    assert staff.department_names == ("Bar", composed)
    assert staff.department_sizes == (1, 4)
    assert any(note.key == "staff.note.alike" for note in staff.notes)


def test_people_without_a_desk_are_kept_or_left_out_by_rule(write: Write) -> None:
    file = write("age;werkplek\n30;ja\n31;nee\n32;nee\n")
    kept, left_out = read_staff(file), read_staff(file, Reading(leaves_deskless_out=True))
    assert (len(kept), kept.kept, kept.left_out) == (3, {"deskless": 2}, {})
    assert (len(left_out), left_out.kept, left_out.left_out) == (1, {}, {"deskless": 2})


def test_a_scenario_says_what_columns_are_called(tmp_path: Path) -> None:
    (tmp_path / "hr.csv").write_text("Nr;Leeftijd 1-1;Afdeling\n1;30;A\n2;40;B\n", encoding="utf-8")
    scenario = tmp_path / "own.yaml"
    scenario.write_text(
        "organization:\n  workforce: nl-2016\n"
        "  staff: {file: hr.csv, columns: {employee: Nr, age: Leeftijd 1-1, department: null}, date: 2026-01-31}\n",
        encoding="utf-8",
    )
    resolved = load_scenario(scenario).resolved()
    assert resolved["organization"]["staff"]["profile"] == "nl-2016"
    staff = read_staff(tmp_path / "hr.csv", Reading.of(resolved["organization"]))
    assert staff.numbers["age"] == (30.0, 40.0)
    assert staff.department_sizes is None
    scenario.write_text(
        "organization:\n  staff: {file: hr.csv, columns: {agee: Nr, tenure: 3}, date: 31 January}\n", encoding="utf-8"
    )
    with pytest.raises(ScenarioError) as caught:
        load_scenario(scenario)
    assert [problem.path for problem in caught.value.problems] == [
        "organization.staff.columns.agee", "organization.staff.columns.tenure", "organization.staff.date",
    ]  # fmt: skip


def test_a_column_that_is_asked_for_and_not_there_is_named(write: Write) -> None:
    with pytest.raises(InputError, match=r"columns\.age: there is no column Leeftijdd .*did you mean 'Leeftijd'"):
        read_staff(write("nr;Leeftijd\n1;30\n"), Reading(columns=(("age", "Leeftijdd"),)))


def test_the_day_of_reading_is_recorded_and_gives_the_same_people_tomorrow(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = default_values()
    values["organization"]["workforce"] = str(write("employee,birth_date\n1,1990-06-01\n"))
    monkeypatch.setattr("sim.exports.staff.files.today", lambda: datetime.date(2026, 1, 31))
    fitted = fitted_to_staff(values)
    assert fitted["organization"]["staff"]["date"] == "2026-01-31"
    monkeypatch.setattr("sim.exports.staff.files.today", lambda: datetime.date(2030, 1, 31))
    assert build_workforce(fitted["organization"], 20, 1).age[0] == 35.7


def test_a_scenario_and_its_workforce_read_a_file_once(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """The day that a scenario records must not make another reading of it: a large file takes seconds."""
    read = []
    monkeypatch.setattr("sim.exports.staff.files.staff_in", lambda *given: read.append(given) or staff_in(*given))
    values = default_values()
    values["organization"]["workforce"] = str(write("employee,birth_date\n1,1990-06-01\n"))
    organization = fitted_to_staff(values)["organization"]
    build_workforce(organization, 20, 1)
    told = [str(note) for note in read_staff(organization["workforce"]).notes]
    assert len(read) == 1
    assert any(organization["staff"]["date"] in note for note in told)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_order_of_rows_makes_no_difference(tmp_path: Path, dialect: str) -> None:
    encoding = {"afas": "cp1252", "workday": "utf-8-sig", "sap": "utf-16"}[dialect]
    lines = example_staff(150, dialect).decode(encoding).splitlines()
    n_above = {"afas": 3, "workday": 1, "sap": 1}[dialect]
    head, rows = lines[:n_above], lines[n_above:]
    shuffled = head + random.Random(3).sample(rows, len(rows))
    found = []
    for name, text in (("a", lines), ("b", shuffled)):
        file = tmp_path / f"{name}.csv"
        file.write_bytes("\r\n".join(text).encode(encoding))
        found.append(read_staff(file, DAY))
    assert found[0] == found[1]


def test_every_name_of_a_column_leads_to_one_column() -> None:
    import tomllib
    from importlib import resources

    facts = tomllib.loads(resources.files("sim.exports.staff").joinpath("columns.toml").read_text(encoding="utf-8"))
    del facts["words"]
    for column, names in facts.items():
        for name in (each for group in names.values() for each in group):
            found = column_of(name)
            assert found is not None
            assert found[0] == column, name


def test_levels_of_which_most_are_understood_and_of_which_few_are(write: Write) -> None:
    rows = "age,Job Level\n30,Team Lead\n31,Manager\n32,Grade 7\n"
    found = read_staff(write(rows), DAY)
    assert people(found, "level") == {2: 1.0, 3: 2.0, 4: None}
    assert any("Job Level" in str(note) for note in found.notes)
    few = read_staff(write(rows.replace("Team Lead", "Grade 5").replace("Manager", "Grade 6")), DAY)
    assert "level" in few.drawn
    assert any("Job Level" in str(note) for note in few.notes)


def test_years_of_hire_who_is_yet_to_start_and_who_leads_all(write: Write) -> None:
    found = read_staff(write("age,hire_year,status\n30,2020,active\n31,2025,pending\n32,2026,active\n"), DAY)
    assert people(found, "tenure") == {2: 5.6, 4: 0.0}  # from the middle of the year, to a tenth
    assert found.left_out == {"starters": 1}
    own = read_staff(write("employee,age,manager\n1,50,1\n2,30,1\n"), DAY)
    assert own.manager == (-1, 0)
    assert any("2" in str(note) for note in own.notes)


def test_what_a_filled_column_takes_the_place_of(write: Write) -> None:
    found = read_staff(write("age,trust,remote_share\n30,0.5,0\n31,0.7,0.4\n32,0.9,0\n"), DAY)
    assert found.recorded() == {"trust": 0.7, "remote_share": 0.3333}
