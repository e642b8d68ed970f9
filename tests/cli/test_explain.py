"""``explain``: what it says is what happened, adds up, and refuses what does not exist."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.__main__ import main
from sim.model.rules.posting import PostTerms
from sim.model.rules.reading import ReadTerms
from sim.model.simulation import Simulation
from sim.model.why.facts import rounded_to_sum
from sim.runs.plan import Arm, make_plan
from sim.scenario import load_scenario
from sim.words import catalog

Capture = pytest.CaptureFixture[str]

N_EMPLOYEES, N_WEEKS = 60, 6
SMALL = ("--set", f"organization.employees={N_EMPLOYEES}", "--set", f"run.weeks={N_WEEKS}")
EAGER = (
    "--set", "behavior.read_base=-1", "--set", "behavior.post_base=-2", "--set", "constants.unawareness=0",
    "--set", "launch.mandate=0.5",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def explain(capsys: Capture, *arguments: str, scenario: str = "collaboration") -> str:
    """Return what the command prints; it must succeed and say nothing else."""
    small = SMALL[2:] if scenario.endswith(".yaml") else SMALL  # a staff file decides who is there
    code = main(["explain", scenario, *small, *arguments])
    printed = capsys.readouterr()
    assert (code, printed.err) == (0, "")
    return printed.out


def explain_json(capsys: Capture, *arguments: str, scenario: str = "collaboration") -> dict[str, Any]:
    return json.loads(explain(capsys, "--json", *arguments, scenario=scenario))


def refused(capsys: Capture, *arguments: str) -> str:
    """Return what a refused command says on stderr."""
    code = main(["explain", "collaboration", *SMALL, *arguments])
    printed = capsys.readouterr()
    assert (code, printed.out) == (2, "")
    return printed.err


def numbers_below(text: str, header: str, n_columns: int) -> tuple[list[list[str]], list[str]]:
    """Return the cells of the terms and of the sum in the table that begins with `header`, by column position."""
    lines = text.splitlines()
    start = next(place for place, line in enumerate(lines) if line.startswith(header))
    ends = [match.end() for match in re.finditer(r"\S+", lines[start])][-n_columns:]
    rows = []
    for line in lines[start + 1 :]:
        cells = [line[:end].split()[-1] if line[end - 1 : end].strip() else "" for end in ends]
        if line.startswith("Sum"):
            return rows, cells
        rows.append([cell if re.fullmatch(r"[+−]?\d+\.\d\d", cell) else "" for cell in cells])
    raise AssertionError("the table has no sum")


def hundredths(cell: str) -> int:
    return round(100 * float(cell.replace("−", "-") or 0))


@pytest.mark.parametrize("employee", ["top", "silent", "7", "31"])
@pytest.mark.parametrize("extra", [(), EAGER])
def test_printed_terms_add_up_to_the_printed_utilities(capsys: Capture, employee: str, extra: tuple[str, ...]) -> None:
    arguments = ("--employee", employee, "--week", "3", *extra)
    text = explain(capsys, *arguments)
    found = explain_json(capsys, *arguments)
    day = next(day for day in found["days"] if day["day"] == found["telling_day"])
    rows, total = numbers_below(text, "Reading  ", 1)
    assert len(rows) >= 5
    assert sum(hundredths(row[0]) for row in rows) == hundredths(total[0])
    assert hundredths(total[0]) == pytest.approx(100 * day["reading"]["utility"], abs=0.51)
    assert sum(day["reading"]["terms"].values()) == pytest.approx(day["reading"]["utility"])
    if day["posting"] is None:
        assert "Posting  " not in text
        return
    rows, total = numbers_below(text, "Posting  ", 3)
    for column, kind in enumerate(("work", "question", "social")):
        assert sum(hundredths(row[column]) for row in rows) == hundredths(total[column])
        assert hundredths(total[column]) == pytest.approx(100 * day["posting"]["utilities"][kind], abs=1.01)


@pytest.mark.parametrize("again", [0.0, 0.5])
@pytest.mark.parametrize("scenario", ["collaboration", "like-facebook", "appraisal-rewards"])
def test_what_is_explained_is_what_happens(capsys: Capture, scenario: str, again: float) -> None:
    week, settings = 4, (*EAGER, "--set", f"behavior.post_again={again}")
    resolved = load_scenario(
        scenario, [f"organization.employees={N_EMPLOYEES}", f"run.weeks={N_WEEKS}", *(settings[1::2])]
    ).resolved()
    seed = make_plan([Arm("a", resolved)], 1, 1, "v").runs[0].seed
    simulation = Simulation(resolved, seed)
    simulation.run(until_week=week - 1)
    read, posts = [], []
    for _ in range(5):
        before = _posts(simulation)
        simulation.step()
        read.append(simulation.table["last_read"] == simulation.day - 1)
        posts.append(_posts(simulation) - before)
    assert np.array(posts).sum() > 10
    for employee in range(0, N_EMPLOYEES, 7):
        found = explain_json(capsys, *settings, "--employee", str(employee), "--week", str(week), scenario=scenario)
        assert found["run_seed"] == seed
        assert [day["reading"]["did_read"] for day in found["days"]] == [bool(day[employee]) for day in read]
        chosen = [day["posting"]["chosen"] if day["posting"] else "nothing" for day in found["days"]]
        assert [kind != "nothing" for kind in chosen] == [bool(day[employee].any()) for day in posts]
        kinds = ["work post", "question", "social post"]
        told, written = (
            np.array([chosen.count(kind) for kind in kinds]),
            np.sum([day[employee] for day in posts], axis=0),
        )
        # Who has just posted may write again on that day; it is the first post that is explained.
        assert (told <= written).all() if again else (told == written).all()


def _posts(simulation: Simulation) -> np.ndarray:
    return np.stack([simulation.table[name] for name in ("n_work_posts", "n_questions", "n_social_posts")], axis=1)


def test_the_run_is_the_first_replication_of_run(capsys: Capture) -> None:
    found = explain_json(capsys, "--employee", "3", "--week", "2", "--seed", "9")
    scenario = load_scenario("collaboration", [f"run.weeks={N_WEEKS}", f"organization.employees={N_EMPLOYEES}"])
    first = make_plan([Arm("a", scenario.resolved())], 2, 9, "v").runs[0]
    assert (found["seed"], found["replication"], found["run_seed"]) == (9, first.replication, first.seed)
    age = Simulation(scenario.resolved(), first.seed).table["age"][3]
    assert found["person"]["age"] == age


def test_decisions_are_told_in_words(capsys: Capture) -> None:
    never = explain(capsys, "--employee", "5", "--week", "2", "--set", "behavior.read_base=-50")
    assert "when they came nearest to reading" in never
    assert "Posting  " not in never
    assert re.search(r"Luck [\d.]+%: does not read; [\d.]+ more utility would have been enough\.", never)
    always = explain(
        capsys, "--employee", "5", "--week", "2",
        "--set", "behavior.read_base=50", "--set", "constants.post_question=40",
    )  # fmt: skip
    assert "Monday, when they posted a question" in always
    assert always.count(" yes ") == 5
    assert re.search(r"reads; [\d.]+ less utility would have prevented it\.", always)
    assert re.search(r"posts a question; [\d.]+ less utility of every kind would have prevented it\.", always)


def test_a_ban_is_shown_as_one(capsys: Capture) -> None:
    text = explain(
        capsys, "--employee", "5", "--week", "2", "--set", "behavior.read_base=50", "--set", "constants.compliance=1",
        "--set", "rules.work_only=true", "--set", "constants.post_social=30",
    )  # fmt: skip
    (total,) = [line for line in text.splitlines() if line.startswith("Sum ") and "banned" in line]
    assert total.split()[-1] == "banned"
    assert "posts nothing; however much the utility, it would have been a social post, and these are banned." in text
    assert re.search(r"^Chance .* 0\.0%$", text, re.MULTILINE)
    assert re.search(r"social talk allowed +100\.0% +would have posted|social talk allowed +>99\.9% +would have", text)


def test_certainty_without_chance(capsys: Capture) -> None:
    text = explain(
        capsys, *EAGER, "--employee", "top", "--week", "3",
        "--set", "behavior.read_base=50", "--set", "behavior.post_base=50",
    )  # fmt: skip
    assert "100.0%" in text
    assert "nan" not in text
    assert "inf" not in text


def test_whoever_would_have_been_brought_there_anyway(capsys: Capture) -> None:
    prompted = (
        "--set", "behavior.campaign_prompt=1", "--set", "launch.campaign.reach=1", "--set", "behavior.prompt_push=1000",
    )  # fmt: skip
    arguments = ("--employee", "5", "--week", "1", *prompted, "--set", "behavior.read_base=-50")
    text = explain(capsys, *arguments)
    assert "brought there by word of mouth or a message, whatever the utility" in text
    monday = explain_json(capsys, *arguments)["days"][0]["reading"]
    assert (monday["p"], monday["lacking"], monday["did_read"]) == (1.0, None, True)


def test_no_access_yet(capsys: Capture) -> None:
    waves = ("--set", "launch.waves={pilot: [0], every_weeks: 2}", "--set", "launch.champions.share=0")
    last = str(N_EMPLOYEES - 1)
    text = explain(capsys, *waves, "--employee", last, "--week", "1", "--set", "organization.departments=3")
    assert "No access in this week: it opens for this employee in week 5." in text
    assert "Utility" not in text
    found = explain_json(capsys, *waves, "--employee", last, "--week", "1", "--set", "organization.departments=3")
    assert found["telling_day"] is None
    assert all(day["reading"] is None and not day["has_access"] for day in found["days"])
    text = explain(capsys, *waves, "--employee", last, "--week", "1", "--set", "organization.departments=20")
    assert "No access in this run: it would open for this employee in week " in text
    open_now = explain(capsys, *waves, "--employee", last, "--week", "5", "--set", "organization.departments=3")
    assert "no access yet" not in open_now


def _write_own_staff() -> list[str]:
    """Write the staff file of five and one, and a scenario that names it; return the ids."""
    ids = ["ann", "bob", "top", "dee", "eve", "fay"]
    rows = [f"{name},{31 + place},{'Care' if place else 'Sales'}" for place, name in enumerate(ids)]
    Path("staff.csv").write_text("employee,age,department\n" + "\n".join(rows) + "\n")
    Path("own.yaml").write_text("name: own\norganization: {workforce: staff.csv}\n")
    return ids


def test_own_staff_by_their_own_ids_if_a_person_is_asked_for(capsys: Capture) -> None:
    for place, name in enumerate(_write_own_staff()):
        found = explain_json(capsys, "--employee", name, "--week", "1", "--identify", scenario="own.yaml")
        assert (found["employee"], found["person"]["age"]) == (name, 31 + place)
    text = explain(capsys, "--employee", "bob", "--week", "1", "--identify", scenario="own.yaml")
    assert text.startswith("Employee bob in week 1 of 6, own (seed 1, first run)")
    assert "department Care" in text
    assert "Trust and character are drawn by chance" in text
    alone = explain(capsys, "--employee", "ann", "--week", "1", "--identify", scenario="own.yaml")
    assert "Sales" not in alone
    for wrong in ("anna", "0"):
        assert main(["explain", "own.yaml", "--employee", wrong, "--week", "1", "--identify"]) == 2
        assert capsys.readouterr().err == "there is nobody with this id in the staff file\n"


def test_without_being_asked_own_staff_are_a_type(capsys: Capture) -> None:
    _write_own_staff()
    assert main(["explain", "own.yaml", "--employee", "bob", "--week", "1"]) == 2
    assert "with --identify one person is explained" in capsys.readouterr().err
    Path("own.yaml").write_text("name: own\norganization: {workforce: staff.csv}\nlaunch: {mandate: 1.0}\n")
    found = explain_json(capsys, "--employee", "silent", "--week", "2", *EAGER, scenario="own.yaml")
    assert (found["employee"], found["row"], found["person"]["age"] % 10) == ("silent", None, 0)
    assert "is a type and no person" in found["about"]


@pytest.mark.parametrize("employee", ["60", "-1", "1.5", "ann", ""])
def test_a_bad_employee_is_refused(capsys: Capture, employee: str) -> None:
    message = refused(capsys, "--employee", employee, "--week", "1")
    assert message.startswith(f"employee {employee}: there is none; allowed are 0 to 59, or top")


@pytest.mark.parametrize("week", ["0", "-3", "7", "1000000000000"])
def test_a_bad_week_is_refused(capsys: Capture, week: str) -> None:
    assert refused(capsys, "--employee", "1", "--week", week) == f"week {week}: allowed are 1 to 6 (run.weeks)\n"


def test_a_week_that_is_no_number_is_refused(capsys: Capture) -> None:
    assert "not a valid integer" in refused(capsys, "--employee", "1", "--week", "two")


def test_nobody_in_that_role(capsys: Capture) -> None:
    nobody = ("--set", "behavior.read_base=-50", "--set", "launch.campaign.reach=0")
    assert refused(capsys, *nobody, "--employee", "top", "--week", "2") == "by week 2 nobody has posted\n"
    message = refused(capsys, *nobody, "--employee", "silent", "--week", "2")
    assert message == "by week 2 nobody has read without ever posting\n"


def test_top_and_silent(capsys: Capture) -> None:
    resolved = load_scenario(
        "collaboration", [f"organization.employees={N_EMPLOYEES}", f"run.weeks={N_WEEKS}", *EAGER[1::2]]
    ).resolved()
    simulation = Simulation(resolved, make_plan([Arm("a", resolved)], 1, 1, "v").runs[0].seed)
    simulation.run(until_week=3)
    n_posts = _posts(simulation).sum(axis=1)
    top = explain_json(capsys, *EAGER, "--employee", "top", "--week", "3")
    assert n_posts[top["row"]] == n_posts.max()
    silent = explain_json(capsys, *EAGER, "--employee", "silent", "--week", "3")
    assert n_posts[silent["row"]] == 0
    assert silent["person"]["habit"] == simulation.table["habit"][n_posts == 0].max()


def test_one_employee_for_one_week(capsys: Capture) -> None:
    code = main(["explain", "baseline", "--employee", "0", "--week", "1", "--set", "organization.employees=1",
                 "--set", "run.weeks=1", "--set", "behavior.read_base=9"])  # fmt: skip
    assert code == 0
    assert "Risk: no manager" in capsys.readouterr().out


def test_every_term_and_case_has_a_text_in_every_language(capsys: Capture) -> None:
    own = [term.partition("_")[2] if term.startswith(("work_", "question_", "social_")) else term
           for term in PostTerms._fields]  # fmt: skip
    cases: set[str] = set()
    for employee in ("top", "silent", "1"):
        for day in explain_json(capsys, *EAGER, "--employee", employee, "--week", "3")["days"]:
            cases |= {case["change"] for part in ("reading", "posting") if day[part] for case in day[part]["what_if"]}
    assert len(cases) > 20
    texts = catalog("en").keys()
    assert {
        f"explain.{kind}.{term}" for kind in ("reading_term", "reading_name") for term in ReadTerms._fields
    } <= texts
    assert {f"explain.{kind}.{term}" for kind in ("posting_term", "posting_name") for term in own} <= texts
    assert {f"explain.case.{case}" for case in cases} <= texts


def test_dutch(capsys: Capture) -> None:
    text = explain(capsys, *EAGER, "--employee", "top", "--week", "3", "--lang", "nl")
    assert text.startswith("Medewerker ")
    assert re.search(r"^Som +[+−]\d,\d\d", text, re.MULTILINE)
    assert main(["explain", "collaboration", *SMALL, "--employee", "1", "--week", "9", "--lang", "nl"]) == 2
    assert capsys.readouterr().err == "week 9: toegestaan zijn 1 tot en met 6 (run.weeks)\n"


@given(st.lists(st.floats(-9, 9), min_size=1, max_size=30))
def test_rounding_keeps_the_sum(values: list[float]) -> None:
    rounded = rounded_to_sum(values)
    assert round(100 * sum(rounded)) == round(round(100 * sum(values), 4))
    assert all(abs(one - value) < 0.01 + 1e-6 for one, value in zip(rounded, values, strict=True))
    assert all(one == pytest.approx(round(one, 2), abs=1e-12) for one in rounded)
