"""A user's own staff file: what is read, what is drawn, and what is said when it is wrong."""

from __future__ import annotations

import codecs
import dataclasses
import datetime
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.catalog.registry import default_values
from sim.errors import InputError
from sim.exports.staff import read_staff
from sim.model.simulation import simulate
from sim.organization import build_contacts, build_workforce
from sim.organization.own_staff import fitted_to_staff
from sim.runs.plan import Arm, make_plan

FULL = """\
employee,age,tenure,department,team,manager,level,leisure_experience,professional_experience,segmentation,remote_share,trust
ann,52.5,20,Sales,North,,executive,0.1,0.5,0.7,0,0.8
bob,34,3.5,Sales,North,ann,team lead,0.6,0.2,0.3,0.4,0.5
cas,23,0.5,Care,Home,eve,staff,0.9,0,0.2,0.6,0.4
dee,41,8,Sales,South,ann,staff,0.3,0.1,0.4,0,0.6
eve,47,12,Care,Home,ann,middle manager,0.2,0.9,0.8,0.2,0.7
"""


@pytest.fixture
def staff_file(tmp_path):
    """Return a function that writes a staff file and returns its path."""

    def write(content, name="staff.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.fixture
def imported(section):
    """Return a function that builds the workforce of a file."""
    return lambda path, **changes: build_workforce(section(workforce=str(path), **changes), 20, 1)


def messages(path):
    with pytest.raises(InputError) as caught:
        read_staff(path)
    return [line.replace(path.name, "F", 1) for line in caught.value.lines]


def test_everything_given_is_taken_over(staff_file, imported):
    path = staff_file(FULL)
    staff = read_staff(path)
    assert staff.lines == (4, 6, 2, 3, 5)  # Care Home, Sales North, Sales South
    assert [staff.place_of(employee) for employee in ("cas", "eve", "ann", "bob", "dee", "fay")] == [
        0,
        1,
        2,
        3,
        4,
        None,
    ]
    assert staff.department_names == ("Care", "Sales")
    assert staff.team_names == ("Home", "North", "South")
    workforce = imported(path, employees=1)
    assert workforce.age.tolist() == [23.0, 47.0, 52.5, 34.0, 41.0]
    assert workforce.tenure.tolist() == [0.5, 12.0, 20.0, 3.5, 8.0]
    assert workforce.department.tolist() == [0, 0, 1, 1, 1]
    assert workforce.team.tolist() == [0, 0, 1, 1, 2]
    assert workforce.manager.tolist() == [1, 2, -1, 2, 2]
    assert workforce.level.tolist() == [0, 2, 3, 1, 0]
    assert workforce.leisure_experience.tolist() == [0.9, 0.2, 0.1, 0.6, 0.3]
    assert workforce.professional_experience.tolist() == [0.0, 0.9, 0.5, 0.2, 0.1]
    assert workforce.segmentation.tolist() == [0.2, 0.8, 0.7, 0.3, 0.4]
    assert workforce.remote_share.tolist() == [0.6, 0.2, 0.0, 0.4, 0.0]
    assert workforce.trust.tolist() == [0.4, 0.7, 0.8, 0.5, 0.6]
    contacts = build_contacts(workforce, {"department": 6.0, "across": 2.0, "everyone": False}, 1)
    assert contacts.offsets[-1] == len(contacts.neighbors)


@pytest.mark.parametrize(
    "form",
    [
        lambda text: codecs.BOM_UTF8 + text.encode(),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.replace(",", ";").replace(".", ",").encode(),
        lambda text: ("sep=;\n" + text.replace(",", ";").replace(".", ",")).encode(),
        lambda text: ("\n\n" + text.replace("\n", "\n\n")).encode(),
        lambda text: text.replace("staff", "Medewerker").replace("team lead", "TEAM-LEAD").encode(),
        lambda text: text.replace("leisure_experience", " Leisure experience ").encode(),
        lambda text: text.replace("executive", " directie ").encode(),
        lambda text: text.replace(",", "\t").encode("utf-16"),
        lambda text: text.replace(",", "\t").encode("utf-16-le"),
        lambda text: text.replace(",", ";").encode("cp1252"),
        lambda text: ("Staff list\n\nmade on 1-1-2026\n" + text).encode(),
        lambda text: (text + "Total: 5\n").encode(),
        lambda text: text.replace("\n", ",\n").encode(),
        lambda text: text.replace("ann", '"=""ann"""').encode(),
    ],
    ids=[
        "bom",
        "crlf",
        "semicolons",
        "sep line",
        "blank lines",
        "dutch words",
        "column spelling",
        "spaces",
        "utf-16 and tabs",
        "utf-16 without mark",
        "windows",
        "titles",
        "total",
        "cells too many, all empty",
        "formulas",
    ],
)
def test_forms_that_spreadsheets_write(staff_file, form):
    plain = read_staff(staff_file(FULL))
    found = read_staff(staff_file(form(FULL), "other.csv"))
    assert dataclasses.replace(found, columns={}) == dataclasses.replace(plain, columns={})


def test_quoted_cells_with_line_breaks_keep_line_numbers(staff_file):
    path = staff_file('age,department\n30,"A\nB"\n31,C\n200,C\n')
    assert messages(path) == ["F:5:age: '200' is out of range, must be from 14 to 99, or empty"]


@pytest.mark.parametrize("n", [1, 2, 3, 7, 300])
def test_ages_alone_are_enough(staff_file, imported, n):
    path = staff_file("age\n" + "\n".join(str(20 + i % 45) for i in range(n)))
    workforce = imported(path)
    assert sorted(workforce.age.tolist()) == sorted(20.0 + i % 45 for i in range(n))
    assert (workforce.tenure <= workforce.age - 16.0).all()
    assert len(np.unique(workforce.department)) == min(n, 8)
    assert (workforce.level == 3).any()


def test_names_alone_are_enough(staff_file, imported, assert_share):
    path = staff_file("employee\n" + "\n".join(f"e{i}" for i in range(5000)))
    workforce = imported(path)
    assert_share(workforce.age < 25.0, 0.155)
    assert_share(workforce.tenure < 1.0, 0.147)
    assert_share(workforce.segmentation > 0.5, 0.31)


def test_missing_cells_are_drawn(staff_file, imported):
    rows = ["employee,age,tenure,trust"]
    rows += [f"{row:03},{('30,,0.25', ',25,', '60,1,')[row % 3]}" for row in range(600)]
    workforce = imported(staff_file("\n".join(rows)))
    assert (workforce.age[::3] == 30.0).all()
    assert (workforce.tenure[::3] <= 14.0).all()
    assert len(np.unique(workforce.tenure[::3])) > 20
    assert (workforce.age[1::3] >= 41.0).all()  # old enough for 25 years
    assert len(np.unique(workforce.age[1::3])) > 50
    assert (workforce.trust[::3] == 0.25).all()
    assert workforce.trust[1::3].mean() == pytest.approx(0.6, abs=0.05)


def test_scenario_settings_apply_to_what_is_drawn(staff_file, imported):
    path = staff_file("age\n" + "40\n" * 400)
    workforce = imported(path, remote_share=1.0, trust=0.2, departments=3, sector="public")
    assert (workforce.remote_share > 0.0).all()
    assert workforce.trust.mean() == pytest.approx(0.2, abs=0.03)
    assert workforce.department.max() == 2


def test_departments_without_teams_get_teams(staff_file, imported):
    path = staff_file("age,department\n" + "40,A\n50,B\n30,A\n" * 100)
    workforce = imported(path)
    assert np.bincount(workforce.department).tolist() == [200, 100]
    assert 10 < len(np.unique(workforce.team)) < 120
    assert (workforce.age[:200] != 50.0).all()


def test_levels_without_managers_lead(staff_file, imported):
    rows = ["employee,department,team,level"]
    rows += ["1,Shop,A,", "2,Shop,A,team lead", "3,Shop,B,", "4,Shop,B,middle manager", "5,Board,X,executive"]
    workforce = imported(staff_file("\n".join(rows)))
    assert workforce.level.tolist() == [3, 0, 1, 0, 2]  # Board comes before Shop
    assert workforce.manager.tolist() == [-1, 2, 4, 4, 0]


def test_managers_without_levels_give_levels(staff_file, imported):
    rows = ["employee,manager", "a,", "b,a", "c,b", "d,c", "e,c", "f,", "g,a"]
    workforce = imported(staff_file("\n".join(rows)))
    staff = read_staff(staff_file("\n".join(rows)))
    levels = {name: int(workforce.level[staff.place_of(name)]) for name in "abcdefg"}
    assert levels == {"a": 3, "b": 2, "c": 1, "d": 0, "e": 0, "f": 0, "g": 0}


def test_teams_of_one_name_in_two_departments_are_two(staff_file):
    staff = read_staff(staff_file("age,department,team\n30,A,x\n30,B,x\n30,A,x\n30,A,\n31,A,\n"))
    assert staff.department_sizes == (4, 1)
    assert staff.team_sizes == (1, 1, 2, 1)  # who is in no team is in no team with others who are in none
    assert staff.team_names == ("", "", "x", "x")


def _shuffled(text: str, seed: int) -> str:
    """Return a staff file with its lines, and its columns, in another order."""
    header, *lines = [line.split(",") for line in text.splitlines()]
    luck = random.Random(seed)
    columns = luck.sample(range(len(header)), len(header))
    rows = [header, *luck.sample(lines, len(lines))]
    return "\n".join(",".join(row[column] for column in columns) for row in rows) + "\n"


def _people(has_ids: bool) -> str:
    """Return a staff file of 60 people, some cells of it empty; without ids some of them are alike."""
    luck = random.Random(5)
    rows = ["employee,age,department,team,level,trust,tenure"]
    for number in range(60):
        age, trust = luck.choice(["", str(luck.randint(20, 60))]), luck.choice(["", "0.5", "0.50", "0.7"])
        level = "team lead" if number % 9 == 0 else ""
        tenure = luck.choice(["", "2"])
        cells = [f"e{number}", age, f"d{luck.randrange(4)}", f"t{luck.randrange(3)}", level, trust, tenure]
        rows.append(",".join(cells))
    return "\n".join(row if has_ids else row.split(",", 1)[1] for row in rows) + "\n"


@pytest.mark.parametrize("text", [FULL, _people(has_ids=True)], ids=["full", "gaps"])
@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_lines_and_columns_decides_nothing(staff_file, text, seed):
    assert read_staff(staff_file(_shuffled(text, seed), f"{seed}.csv")) == read_staff(staff_file(text))


@pytest.mark.parametrize("seed", range(5))
def test_nor_does_it_where_nobody_has_an_id(staff_file, seed):
    text = _people(has_ids=False)
    one, other = read_staff(staff_file(text)), read_staff(staff_file(_shuffled(text, seed), f"{seed}.csv"))
    assert one == other
    assert sorted(one.lines) == list(range(2, 62))


def test_teams_that_the_file_leaves_open_are_not_of_one_age(staff_file, imported):
    rows = [str(20 + row // 10) for row in range(400)]  # sorted by age
    workforce = imported(staff_file("age\n" + "\n".join(rows)))
    within = [workforce.age[workforce.team == team].std() for team in np.unique(workforce.team)]
    assert np.mean(within) > 0.5 * workforce.age.std()


@pytest.mark.parametrize("has_ids", [True, False], ids=["ids", "no ids"])
def test_a_run_is_the_same_to_the_last_bit_whatever_the_order(staff_file, has_ids):
    results = []
    for seed in (None, 1, 2):
        text = _people(has_ids)
        values = default_values()
        file = staff_file(text if seed is None else _shuffled(text, seed), f"{seed}.csv")
        values["organization"]["workforce"] = str(file)
        values["launch"]["waves"] = {"pilot": [2], "every_weeks": 2}
        values["run"]["weeks"] = 8
        results.append(simulate(values, 1))
    first, *others = results
    assert first.outcomes["reach"] > 0
    for other in others:
        assert repr(other.outcomes) == repr(first.outcomes)
        assert other.groups == first.groups


def test_empty_columns_count_as_missing(staff_file, imported):
    workforce = imported(staff_file("age,department,manager,tenure\n30,,,\n40,,,\n"))
    assert len(workforce.age) == 2


def test_a_changed_file_is_read_again(staff_file):
    path = staff_file("age\n30\n")
    assert len(read_staff(path)) == 1
    staff_file("age\n30\n40\n")
    assert len(read_staff(path)) == 2


SHARE = "must be from 0 to 1, a percentage up to 100%, or empty"
NOTHING = (
    "no column that tells of people, must have one of employee, age, birth_date, department (by these or the usual "
    "names of them){there}; organization.staff.columns says what columns are called"
)
LEVEL = "not a level, must be a word such as staff, medewerker, employee, ic, or empty"
BAD_FILES = {
    "empty": ("", ["F: empty, must have a row of column names and a row for each employee"]),
    "blank": ("\n \n", ["F: empty, must have a row of column names and a row for each employee"]),
    "header only": ("age\n", ["F:1: no employees below the column names, must be at least one"]),
    "sep only": ("sep=;\n", ["F:1: no row of column names below it"]),
    "binary": (b"age\n\x00\x01", ["F:1: binary data, must be a CSV file or a workbook (.xlsx)"]),
    "web page": (
        "<html><table><tr><td>age</td></tr></table></html>",
        [
            "F:1: a web page or XML under the name of a table, must be CSV or a workbook; open it in a spreadsheet and "
            "save it as .xlsx"
        ],
    ),
    "half a workbook": (
        b"PK\x03\x04half",
        ["F: the workbook is damaged, or of a kind that cannot be read; save it as .xlsx"],
    ),
    "half an old workbook": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1half",
        ["F: the workbook is damaged, or of a kind that cannot be read; save it as .xlsx"],
    ),
    "cut within a sign": (
        "age,department\n30,Caf\u00e9".encode()[:-1],
        ["F:2: the file ends in the middle of a sign, part of it is missing; export it again"],
    ),
    "cut within a sign of UTF-16": (
        "age\n30\n".encode("utf-16")[:-1],
        ["F: the file ends in the middle of a sign, part of it is missing; export it again"],
    ),
    "neither UTF-8 nor Windows": (
        b"age,department\n30,Caf\x81\n31,B\n",
        ["F:2: byte 0x81 is neither UTF-8 nor Windows text; save the sheet as .xlsx or 'CSV UTF-8'"],
    ),
    "open quote": (
        'age,department\n30,A\n31,"B\n32,C\n',
        ["F:3: cannot be split into cells (unexpected end of data); check the quotation marks"],
    ),
    "cells missing": ("age,tenure\n30,2\n31\n", ["F:3: 1 cells, must be 2, one for each column name"]),
    "cells too many": ("age,tenure\n30,2,1\n", ["F:2: 3 cells, must be 2, one for each column name"]),
    "separators in all names": (
        "employee,name,age\n1,Jansen, A.,30\n2,Bakker, B.,31\n",
        [
            "F:1: all 2 rows have 4 cells, but there are 3 column names; is there a separator within a name, without "
            "quotation marks?"
        ],
    ),
    "nothing to go by": ("trust\n0.5\n", ["F:1: " + NOTHING.format(there="")]),
    "no column that is known": ("Jansen,Ede\nBakker,Urk\n", ["F:1: " + NOTHING.format(there="")]),
    "twice": ("age,Age\n30,30\n", ["F:1:Age: column given twice, must be given once"]),
    "word for age": ("age\nold\n", ["F:2:age: a text is not a number, must be from 14 to 99, or empty"]),
    "infinite": ("age\ninf\n", ["F:2:age: a text is not a number, must be from 14 to 99, or empty"]),
    "exponent": ("age\n3e1\n", ["F:2:age: a text is not a number, must be from 14 to 99, or empty"]),
    "age as a band": ("age\n25-34\n", ["F:2:age: '25-34' is not a number, must be from 14 to 99, or empty"]),
    "spreadsheet error": (
        "age\n#REF!\n30\n",
        [
            "F:2:age: '#REF!' stands where a spreadsheet found a mistake, or had too narrow a column; "
            "mend it there and export again"
        ],
    ),
    "thousands": (
        "age;trust\n30;1.000,5\n",
        ["F:2:trust: '1.000,5' is not a share, must be a number from 0 to 1, a percentage, or empty"],
    ),
    "percent above all": ("age,trust\n30,137%\n", [f"F:2:trust: '137%' is out of range, {SHARE}"]),
    "out of range": ("age,trust\n30,1.2\n", [f"F:2:trust: '1.2' is out of range, {SHARE}"]),
    "share among percentages": (
        "age,deeltijd\n30,80\n31,0.5\n",
        ["F:3:deeltijd: '0.5' among percentages, must be from 0 to 100, or all shares from 0 to 1"],
    ),
    "negative": ("age,tenure\n30,-1\n", ["F:2:tenure: '-1' is out of range, must be from 0 to 85, or empty"]),
    "too young": ("age\n3\n", ["F:2:age: '3' is out of range, must be from 14 to 99, or empty"]),
    "born in the future": (
        "geboortedatum\n1-2-1980\n1-2-2040\n",
        [
            "F:3:geboortedatum: '1-2-2040' makes an age of -14 years, must be from 14 to 99; "
            "is the day of reading right?"
        ],
    ),
    "no such date": ("geboortedatum\n31-2-1980\n", ["F:2:geboortedatum: '31-2-1980' is no date that there is"]),
    "words for a date": (
        "geboortedatum\n1-2-1980\nunborn\n",
        ["F:3:geboortedatum: a text is not a date, must be as 2026-01-31, 31-1-2026 or 31 Jan 2026, or empty"],
    ),
    "days and months both ways": (
        "geboortedatum\n31/1/1980\n1/31/1980\n",
        ["F:3:geboortedatum: '1/31/1980' is no date that there is"],
    ),
    "six days at home": (
        "age,thuiswerkdagen\n30,8\n",
        ["F:2:thuiswerkdagen: '8' is out of range, must be from 0 to 7, or empty"],
    ),
    "tenure too long": (
        "age,tenure\n30,25\n",
        ["F:2:tenure: 25 years here is too long at age 30, at most age minus 13 is allowed"],
    ),
    "hired as a child": (
        "age,datum in dienst\n30,1-1-2000\n",
        ["F:2:datum in dienst: 26.1 years here is too long at age 30, at most age minus 13 is allowed"],
    ),
    "level": ("age,level\n30,exectuive\n", [f"F:2:level: {LEVEL}; did you mean 'executive'?"]),
    "department empty": (
        "age,department\n30,A\n31,\n",
        ["F:3:department: empty, must be filled in every row or in none"],
    ),
    "id empty in a row": ("employee,age\na,30\n,31\n", ["F:3:employee: empty, must be filled in every row or in none"]),
    "id twice": ("employee\na\nb\na\n", ["F:4:employee: the same as in row 2, must differ for each employee"]),
    "ids rounded": (
        "employee,age\n1.23457E+11,30\n1.23457E+11,31\n",
        [
            "F:1:employee: a spreadsheet has rounded the ids (1.2E+11), so that people cannot be told apart; export "
            "them again as text"
        ],
    ),
    "team alone": ("age,team\n30,A\n", ["F:1:team: must have the column department beside it"]),
    "manager alone": ("age,manager\n30,a\n", ["F:1:manager: must have the column employee beside it"]),
    "unknown manager": (
        "employee,manager\na,\nb,z\n",
        [
            "F:3:manager: not the id, e-mail address or name of an employee in this file, must be another employee, or "
            "empty for who reports to nobody"
        ],
    ),
    "own manager": (
        "employee,manager\na,\nb,b\n",
        ["F:3:manager: the employee's own id, must be another employee, or empty for who reports to nobody"],
    ),
    "circle": (
        "employee,manager\na,\nb,d\nc,b\nd,c\ne,d\n",
        ["F:3:manager: reports to itself (rows 3 > 5 > 4 > 3), must lead to somebody who reports to nobody"],
    ),
    "all have left": (
        "age,status\n30,terminated\n31,uit dienst\n",
        [
            "F:1: nobody of the 2 people is left: all have left, are yet to start, are no staff or, if so asked, have "
            "no desk"
        ],
    ),
    "all wrong alike": (
        "age,tenure\nx,1\ny,2\nz,3\n",
        [
            "F:1:age: in all 3 filled rows the same is wrong, as in row 2: a text is not a number, must be from 14 to "
            "99, or empty"
        ],
    ),
    "some wrong alike": (
        "age\n30\n" + "x\n" * 9,
        [
            *(f"F:{line}:age: a text is not a number, must be from 14 to 99, or empty" for line in range(3, 8)),
            "F:8:age: the same in 4 more rows (8, 9, 10, 11)",
        ],
    ),
}


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    """Let ages be those of one day."""

    monkeypatch.setattr("sim.exports.staff.files.today", lambda: datetime.date(2026, 1, 31))


@pytest.mark.parametrize("name", list(BAD_FILES))
def test_bad_files_say_what_is_wrong(staff_file, name):
    content, expected = BAD_FILES[name]
    assert messages(staff_file(content)) == expected


@pytest.mark.parametrize("name", list(BAD_FILES))
def test_bad_files_are_refused_in_dutch_too(staff_file, name):
    path = staff_file(BAD_FILES[name][0])
    with pytest.raises(InputError) as caught:
        read_staff(path)
    for english, dutch in zip(caught.value.lines, caught.value.lines_in("nl"), strict=True):
        assert dutch != english
        assert "must" not in dutch


def test_at_least_forty_kinds_of_damage_are_told():
    assert len(BAD_FILES) >= 40


def test_other_columns_are_named_and_not_read(staff_file):
    staff = read_staff(staff_file("age,tenur,shoe size,full name\n30,2,41,Ann\n"))
    assert staff.ignored == ("tenur", "shoe size")
    assert [str(note) for note in staff.notes] == [
        "column tenur is not read; if it is tenure, say so: organization.staff.columns"
    ]
    assert "Ann" not in repr(staff)


def test_two_circles_are_two_messages(staff_file):
    rows = ["employee,manager", "a,b", "b,a", "c,d", "d,c", "e,a", "f,"]
    found = messages(staff_file("\n".join(rows)))
    assert [line.split(":")[1] for line in found] == ["2", "4"]


def test_all_mistakes_at_once_in_the_order_of_the_file(staff_file):
    rows = ["employee,age,trust,level", "a,old,2,boss", "b,30,0.5,staff", "a,10,,staff"]
    found = messages(staff_file("\n".join(rows)))
    assert [":".join(line.split(":")[1:3]) for line in found] == [
        "2:age", "2:trust", "2:level", "4:employee", "4:age",
    ]  # fmt: skip


def test_many_mistakes_are_counted(staff_file):
    header = "employee,age,tenure,trust,segmentation,leisure_experience,professional_experience"
    rows = [f"{row},x,x,x,x,x,x" for row in range(50)]
    found = messages(staff_file("\n".join([header, "a,30,1,1,1,1,1", *rows])))
    assert len(found) == 21
    assert found[-1] == "F: and 16 more"


def test_missing_file_and_folder(tmp_path):
    kinds = "must be a CSV file or a workbook (.xlsx)"
    assert messages(tmp_path / "none.csv") == [
        f"F: cannot read the staff file (No such file or directory), {kinds}",
    ]
    assert messages(tmp_path) == [f"F: cannot read the staff file (Is a directory), {kinds}"]


def test_the_error_reaches_who_builds_the_workforce(staff_file, imported):
    with pytest.raises(InputError, match=r"staff\.csv:2:age"):
        imported(staff_file("age\nx\n"))


def _scenario_with_staff(tmp_path: Path, **launch: object) -> dict[str, Any]:
    file = tmp_path / "staff.csv"
    file.write_text("employee,age,department\na,30,Sales\nb,40,Sales\nc,50,IT\n", encoding="utf-8")
    values = default_values()
    values["organization"]["workforce"] = str(file)
    values["launch"].update(launch)
    return values


def test_a_scenario_takes_its_numbers_of_people_and_departments_from_the_file(tmp_path: Path) -> None:
    organization = fitted_to_staff(_scenario_with_staff(tmp_path))["organization"]
    assert (organization["employees"], organization["departments"]) == (3, 2)


def test_a_pilot_department_that_the_file_does_not_have_is_refused(tmp_path: Path) -> None:
    values = _scenario_with_staff(tmp_path, waves={"pilot": [0, 7], "every_weeks": 4})
    with pytest.raises(InputError, match=r"launch\.waves\.pilot: there is no department 7, allowed are 0 to 1"):
        fitted_to_staff(values)
    with pytest.raises(InputError, match="no department 7"):
        make_plan([Arm("own", values)], 1, seed=1)
