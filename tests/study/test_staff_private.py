"""Nothing that tells of single people of a staff file is written or said: no id, name, folder or small group."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from sim.__main__ import main

FOLDER, ID, NAME, SMALL = "Zqxfolder", "Zqxid", "Zqxname", "Zqxsmall"
SECRETS = (FOLDER, ID, NAME, SMALL)
RUN = ("--weeks", "4", "--replications", "2", "--jobs", "1", "--at-defaults")


@pytest.fixture
def scenario(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Write a staff file in a folder of its own and a scenario elsewhere, and go there."""
    staff = tmp_path / FOLDER / "staff.csv"
    staff.parent.mkdir()
    rows = ["employee,full name,e-mail,age,department,manager"]
    for row in range(60):
        department = SMALL if row < 3 else ("Care", "Sales")[row % 2]
        manager = f"{ID}{row // 8}" if row else ""
        rows.append(f"{ID}{row},{NAME}{row},{NAME}{row}@x.nl,{20 + row % 40},{department},{manager}")
    staff.write_text("\n".join(rows) + "\n", encoding="utf-8")
    contacts = ["from,to", *(f"{ID}{row},{ID}{(7 * row + 1) % 61}" for row in range(60))]
    contacts_file = staff.parent / "contacts.csv"
    contacts_file.write_text("\n".join(contacts) + "\n", encoding="utf-8")
    work = tmp_path / "work"
    work.mkdir()
    (work / "own.yaml").write_text(
        f"name: own\norganization:\n  staff: {{file: {staff}, date: 2026-01-31, contacts: {contacts_file}}}\n"
        "launch: {waves: {pilot: [1], every_weeks: 1}}\n",
        encoding="utf-8",
    )
    (work / "other.yaml").write_text("extends: own.yaml\nname: other\nlaunch: {framing: news}\n", encoding="utf-8")
    (work / "answers.yaml").write_text("answers: {trust: few, training: half}\n", encoding="utf-8")
    monkeypatch.chdir(work)
    return str(staff)


def written(folder: Path) -> str:
    """Return every byte of every file as text, that of Parquet unpacked, too, and what pages hold in other letters."""
    parts = []
    for file in sorted(folder.rglob("*")):
        if file.is_dir() or file.name in ("own.yaml", "other.yaml"):
            continue
        parts += [str(file.relative_to(folder)), file.read_bytes().decode("latin-1")]
        if file.suffix == ".parquet":
            table = pq.read_table(file)
            parts += [str(table.to_pydict()), str(table.schema.metadata)]
        for found in re.findall(rb"base64,([A-Za-z0-9+/=]{16,})", file.read_bytes()):
            parts.append(base64.b64decode(found).decode("latin-1"))
    return "\n".join(parts)


@pytest.mark.slow
def test_no_written_byte_tells_of_a_person(scenario: str, capsys: pytest.CaptureFixture[str]) -> None:
    commands = [
        ("validate", "own.yaml"),
        ("staff", scenario, "--date", "2026-01-31", "--json"),
        ("run", "own.yaml", *RUN, "--report", "--out", "out"),
        ("run", "baseline", *RUN, "--set", f"organization.workforce={scenario}", "--out", "by-option", "--no-figures"),
        ("run", "own.yaml", *RUN, "--dry-run"),
        (
            "compare",
            "own.yaml",
            "other.yaml",
            "--weeks",
            "3",
            "--worlds",
            "3",
            "--answers",
            "answers.yaml",
            "--report",
            "--jobs",
            "2",
            "--out",
            "answered",
        ),
        ("staff", scenario, "--contacts", str(Path(scenario).parent / "contacts.csv"), "--date", "2026-01-31"),
        ("report", "out", "--lang", "nl", "--out", "nl.html"),
        ("results", "out"),
        ("explain", "own.yaml", "--employee", "silent", "--week", "2"),
        ("explain", "own.yaml", "--employee", "silent", "--week", "2", "--json"),
    ]
    for command in commands:
        assert main(list(command)) == 0, command
        said = capsys.readouterr()
        for secret in SECRETS:
            if not (command[0] == "staff" and secret == FOLDER):  # what was typed is shown as what to put into a file
                assert secret not in said.out + said.err, (command, secret)
    everything = written(Path())
    assert "Care" in everything  # the search finds what is there: departments that are large enough have their names
    for secret in SECRETS:
        place = everything.find(secret)
        assert place < 0, everything[max(0, place - 200) : place + 50]


@pytest.mark.slow
def test_a_person_is_explained_only_if_asked_for(scenario: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "own.yaml", "--employee", f"{ID}7", "--week", "1"]) == 2
    assert "--identify" in capsys.readouterr().err
    assert main(["explain", "own.yaml", "--employee", f"{ID}7", "--week", "1", "--identify"]) == 0
    assert "drawn by chance" in capsys.readouterr().out
    assert main(["explain", "own.yaml", "--employee", "nobody", "--week", "1", "--identify"]) == 2
    assert ID not in capsys.readouterr().err


def test_messages_about_wrong_rows_say_no_id_and_no_name(scenario: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = Path(scenario).read_text(encoding="utf-8")
    lines = text.splitlines()
    slipped = lines[5].split(",", 1)[1] + ","  # the cells of a row stand one place too far to the left
    double = lines[7].replace(f"{ID}6", f"{ID}5")
    lost = re.sub(rf"{ID}\d$", f"{ID}99", lines[9])
    circle = re.sub(r",$", f",{ID}1", lines[1])
    Path(scenario).write_text("\n".join([lines[0], circle, *lines[2:5], slipped, lines[6], double, lines[8], lost]))
    assert main(["validate", "own.yaml"]) == 2
    said = capsys.readouterr()
    for secret in SECRETS:
        assert secret not in said.out + said.err
    assert "staff.csv:6:age" in said.err


def test_who_replied_to_whom_is_not_kept_of_own_staff(scenario: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "own.yaml", *RUN, "--keep", "replies", "--out", "out"]) == 2
    assert "is a table of single persons" in capsys.readouterr().err
    assert not Path("out").exists()


def test_no_byte_of_a_fit_tells_of_a_person(scenario: str, monkeypatch: pytest.MonkeyPatch) -> None:
    who = [f"{NAME}{row}@x.nl,{NAME} {row}" for row in range(60)]
    rows = [f"2025-02-09,{one},Active,,2025-02-06,{row % 3},{row % 5},0,E3,7" for row, one in enumerate(who)]
    header = "Report Refresh Date,User Principal Name,Display Name,User State,State Change Date,Last Activity Date,"
    header += "Posted Count,Read Count,Liked Count,Assigned Products,Report Period"
    usage = Path(scenario).with_name("usage.csv")
    usage.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    words = ("fit", "own.yaml", "--usage", str(usage), "--runs", "120", "--set", "run.weeks=4", "--jobs", "1")
    words = (*words, "--quiet", "--out", "out")
    monkeypatch.setattr("sys.argv", ["intranet-sim", *words])
    assert main(list(words)) == 0
    everything = written(Path("out"))
    assert "weekly_readers" in everything
    assert [secret for secret in SECRETS if secret.lower() in everything.lower()] == []
