"""The teaching kit: both languages say the same, its answers are those of the kept runs, and its commands work."""

from __future__ import annotations

import copy
import importlib
import json
import os
import re
import shlex
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from string import Formatter
from types import ModuleType
from typing import Any

import pytest
from time_limits import PROGRAM_SECONDS

from sim.__main__ import main
from sim.pages.debrief.findings import LUCK, sign_test
from sim.scenario import load_scenario
from sim.web.page import arc
from sim.words import catalog

ROOT = Path(__file__).resolve().parents[2]
KIT = ROOT / "docs" / "class"
LANGUAGES = ("en", "nl")
SHEETS = (
    "1-framing", "2-rules", "3-leaders", "4-digital-natives", "5-patience", "6-your-organization",
)  # fmt: skip
MARKED = re.compile(r"<!-- (\w+) -->\n(.*?)<!-- end \1 -->", re.DOTALL)
ON_THE_PAGE = re.compile(r"^## (?:In the page|Op de pagina)\n(.*?)^## ", re.DOTALL | re.MULTILINE)
PLAN = ROOT / "sim" / "web" / "page" / "src" / "lesson" / "plan.js"
SMALL = ["--set", "organization.employees=120", "--set", "run.weeks=6"]
SMALL_STUDY = [*SMALL, "--replications", "2", "--weeks", "28", "--no-figures", "--quiet", "--jobs", "1"]


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "docs" / "programs"))
    return importlib.import_module("class_pages")


def page(language: str, name: str) -> str:
    return (KIT / language / name).read_text(encoding="utf-8")


def numbers(text: str) -> Counter[str]:
    """Return all numbers in a text, with a decimal point."""
    return Counter(found.replace(",", ".") for found in re.findall(r"[−+]?\d+(?:[.,]\d+)?", text))


def commands(language: str, sheet: str) -> list[str]:
    """Return the commands of a worksheet as they are typed."""
    blocks = re.findall(r"^```sh\n(.*?)^```", page(language, f"{sheet}.md"), flags=re.DOTALL | re.MULTILINE)
    return [line for block in blocks for line in block.splitlines()]


ALL_COMMANDS = [(language, line) for language in LANGUAGES for sheet in SHEETS for line in commands(language, sheet)]


# --- the pages -------------------------------------------------------------------------------------------------------


def test_both_languages_have_the_same_pages_of_the_same_shape() -> None:
    names = [sorted(path.name for path in (KIT / language).iterdir()) for language in LANGUAGES]
    assert names[0] == names[1] == sorted([*(f"{sheet}.md" for sheet in SHEETS), "guide.md", "debrief-sheet.html"])
    for name in names[0]:
        shapes = []
        for language in LANGUAGES:
            text = page(language, name)
            heads = [len(marks) for marks in re.findall(r"^(#+) ", text, flags=re.MULTILINE)]
            links = [link for link in re.findall(r"\]\(([^)]+)\)", text) if not link.startswith(("../nl", "../en"))]
            shapes.append((heads, links, text.count("\n| "), len(re.findall(r"^(?:\d\.|\*) ", text, re.MULTILINE))))
        assert shapes[0] == shapes[1], name
        assert page("en", name) != page("nl", name)


@pytest.mark.parametrize("sheet", SHEETS)
def test_worksheets_are_whole(sheet: str) -> None:
    heads = {"en": ("question", "In the page", "Or with commands", "What to look for", "Discuss", "Model answer"),
             "nl": ("vraag", "Op de pagina", "Of met opdrachten", "Waar je op let", "Om te bespreken", "Modelantwoord"),
             }  # fmt: skip
    for language in LANGUAGES:
        found = re.findall(r"^## (.*)$", page(language, f"{sheet}.md"), flags=re.MULTILINE)
        places = [next(n for n, head in enumerate(found) if word in head) for word in heads[language]]
        assert places == sorted(places)


@pytest.mark.parametrize("sheet", SHEETS)
def test_answers_have_the_same_numbers_in_both_languages(sheet: str) -> None:
    marked = [dict(MARKED.findall(page(language, f"{sheet}.md"))) for language in LANGUAGES]
    assert marked[0].keys() == marked[1].keys() == {"answers", "made"}
    for name in marked[0]:
        assert marked[0][name].strip()
        assert numbers(marked[0][name]) == numbers(marked[1][name])
    assert len(numbers(marked[0]["answers"])) > 20
    assert not re.search(r"[−+]?\d\.\d%|\[−?\d+\.", marked[1]["answers"]), "numbers in Dutch have a comma"


def test_pages_say_what_the_kept_runs_say(program: ModuleType) -> None:
    stale = [path.name for path, text in program.filled(program.kept_runs()).items() if path.read_text() != text]
    assert stale == [], "run python docs/programs/class_pages.py --words"


def test_the_record_says_what_was_run(program: ModuleType) -> None:
    runs = program.kept_runs()
    studies = [study for sheet in program.SHEETS.values() for study in sheet]
    assert list(runs["studies"]) == [study.name for study in studies]
    assert {"version", "code", "date", "versions", "worlds", "made_by"} <= runs.keys()
    for study in studies:
        kept = runs["studies"][study.name]
        assert (kept["command"], kept["failed"]) == (study.command, 0)
        assert kept["seed"] >= 0
        assert kept["weeks"] > 0
        assert all(row["n"] > 1 for row in kept["means"])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sheet", SHEETS)
def test_steps_use_the_words_of_the_page(sheet: str, language: str) -> None:
    found = ON_THE_PAGE.search(page(language, f"{sheet}.md"))
    assert found
    labels = re.findall(r"\*\*(.+?)\*\*", found[1])
    assert len(labels) > 3
    known = {message.casefold() for message in catalog(language).values()}
    assert [label for label in labels if label.casefold() not in known] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("length", [90, 45])
def test_the_guide_has_the_minutes_of_the_lesson(language: str, length: int) -> None:
    if not PLAN.exists():
        pytest.skip("the page has no lesson")
    found = re.search(rf"^ *{length}: \{{(.*)\}}", PLAN.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert found
    steps = [int(minutes) for minutes in re.findall(r": (\d+)", found[1])]
    ends = [sum(steps[: n + 1]) for n in range(len(steps))]
    expected = [f"{start}–{end}" for start, end in zip([0, *ends], ends, strict=False)]
    (part,) = re.findall(rf"^## [^\n]*: {length} \w+\n(.*?)^(?:##|\Z)", page(language, "guide.md"), re.M | re.S)
    rows = re.findall(r"^\| (\d+–\d+) \| ([^|]+) \|", part, flags=re.MULTILINE)
    assert [minutes for minutes, _ in rows] == expected
    names = re.findall(r"(\w+): \d+", found[1])
    assert [name for _, name in rows] == [catalog(language)[f"lesson.step.{step}"] for step in names]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_guide_says_how_clear_the_first_round_is(language: str) -> None:
    clear = [row for row in arc.worked_out()["results"]["first"] if sign_test(max(row[2:]), sum(row[2:])) <= LUCK]
    assert all(row[3] > row[2] for row in clear)
    said = {"en": "{} of the {} luck numbers", "nl": "{} van de {} toevalsgetallen"}[language]
    assert said.format(len(clear), arc.N_LUCK) in page(language, "guide.md")


def test_the_guide_retells_the_claims_as_the_sources_do() -> None:
    sources = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
    claim = re.compile(r"^\| (\d\.\d) \| ([^|]+) \|", flags=re.MULTILINE)
    known = dict(claim.findall(sources))
    told = dict(claim.findall(page("en", "guide.md")))
    assert len(told) > 10
    assert told.items() <= known.items()
    assert list(told) == list(dict(claim.findall(page("nl", "guide.md"))))
    for sheet in SHEETS:
        for language in LANGUAGES:
            head = page(language, f"{sheet}.md").split("\n\n")[1]
            named = re.findall(r"\b\d\.\d\b", head)
            assert named
            assert set(named) <= known.keys()


# --- the words that the program chooses ------------------------------------------------------------------------------


def test_words_are_whole_in_both_languages(program: ModuleType) -> None:
    english, dutch = (importlib.import_module("class_words").words(language) for language in LANGUAGES)
    assert english.keys() == dutch.keys()
    for key in english:
        places = [sorted(str(name) for _, name, _, _ in Formatter().parse(words[key])) for words in (english, dutch)]
        assert places[0] == places[1], key
        assert numbers(english[key]) == numbers(dutch[key]), key
    for study in (study for sheet in program.SHEETS.values() for study in sheet):
        kinds = ("question",) if len(study.scenarios) > 2 else ("question", "ahead", "behind", "level")
        assert all(english[f"{study.name}.{kind}"] for kind in kinds)
    source = "".join((ROOT / "docs" / "programs" / f"class_{name}.py").read_text() for name in ("pages", "words"))
    used = [key for key in english if key.startswith("word.") and not key.startswith("word.age.")]
    assert [key for key in used if f'"{key.removeprefix("word.")}"' not in source] == []


def turned(study: dict[str, Any]) -> dict[str, Any]:
    """Return a comparison with the difference of each outcome on the other side of zero."""
    other = copy.deepcopy(study)
    for row in other["differences"]:
        low, high = row["low"], row["high"]
        row.update(mean=-row["mean"], low=-high, high=-low)
        row.update(n_a_greater=row["n_b_greater"], n_b_greater=row["n_a_greater"])
    return other


def test_the_answer_follows_the_difference(program: ModuleType) -> None:
    runs = program.kept_runs()
    for study in (study for sheet in program.SHEETS.values() for study in sheet):
        if len(study.scenarios) != 2:
            continue
        kept = runs["studies"][study.name]
        sides = {}
        for kind, low, high in (("ahead", 0.02, 0.04), ("level", -0.02, 0.04)):
            given = copy.deepcopy(kept)
            given["differences"][0].update(mean=0.03, low=low, high=high, n_a_greater=15, n_b_greater=5, n=20)
            sides[kind] = given
        sides["behind"] = turned(sides["ahead"])
        for language in LANGUAGES:
            for kind, given in sides.items():
                said = program.comparison(study.name, given, language)
                for other in sides:
                    is_there = program.answer(study.name, other, language) in said
                    assert is_there == (other == kind), (study.name, kind, other)


def test_an_interval_of_a_mean_is_judged(program: ModuleType) -> None:
    def kind(low: float, high: float) -> str:
        return str(program.kind_of_mean("age_gap", program.MeanInterval((low + high) / 2, low, high, 20, "")))

    assert kind(0.02, 0.05) == "ahead"
    assert kind(-0.05, -0.02) == "behind"
    assert kind(-0.05, 0.02) == "unsure"
    assert kind(-0.005, 0.005) == "none"
    assert kind(0.001, 0.005) == "slight"


# --- the commands ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sheet", SHEETS)
def test_every_answer_belongs_to_a_command_of_its_worksheet(program: ModuleType, sheet: str, language: str) -> None:
    typed = [line.removesuffix(" --lang nl") for line in commands(language, sheet)]
    shown = [study.command for study in program.SHEETS[sheet]]
    assert [line for line in typed if line in shown] == shown


@pytest.mark.slow
@pytest.mark.parametrize(("language", "line"), ALL_COMMANDS, ids=lambda value: str(value)[:60])
def test_commands_run(
    language: str, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    name, verb, *arguments = shlex.split(re.sub(r"--worlds \d+", "--worlds 2", line))
    assert name == "intranet-sim"
    if verb in ("run", "compare"):
        arguments += [*SMALL_STUDY, "--out", str(tmp_path / "results")]
        if not {"--worlds", "--at-defaults"} & set(arguments):
            arguments += ["--worlds", "3"]
    elif verb == "explain":
        arguments = [*" ".join(arguments).replace("--week 20", "--week 6").split(), *SMALL]
    elif verb == "new":
        arguments += ["--out", str(tmp_path)]
    else:
        assert verb == "validate"
    code = main([verb, *arguments])
    printed = capsys.readouterr()
    assert code == 0, printed.err
    assert printed.out if verb != "new" else list(tmp_path.iterdir())


def test_commands_have_nothing_strange() -> None:
    """What is typed is for this program alone, and asks for Dutch where it can."""
    for language, line in ALL_COMMANDS:
        assert line.startswith("intranet-sim ")
        verb = line.split()[1]
        assert line.endswith("--lang nl") == (language == "nl" and verb in ("run", "compare", "explain"))


@pytest.mark.slow
def test_a_study_gives_what_its_command_prints(
    program: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    usual = program.SHEETS["1-framing"][1]
    study = usual._replace(settings={**usual.settings, "organization.employees": 60, "run.weeks": 4})
    kept = json.loads(json.dumps(program.conducted(study, replications=3, jobs=1)))
    assert main([*shlex.split(study.command)[1:], "--replications", "3", "--jobs", "1", "--json", "--quiet"]) == 0
    printed = json.loads(capsys.readouterr().out)["differences"]
    by_outcome = {row["outcome"]: row for row in printed}
    for row in kept["differences"]:
        assert {key: row[key] for key in ("mean", "low", "high", "n")} == {
            key: by_outcome[row["outcome"]][key] for key in ("mean", "low", "high", "n")
        }
    for language in LANGUAGES:
        assert study.command in program.comparison(usual.name, kept, language)


@pytest.mark.slow
def test_rankings_and_runs_can_be_told_whatever_is_missing(program: ModuleType) -> None:
    small = {"organization.employees": 30, "run.weeks": 2}
    for sheet, place in (("4-digital-natives", 0), ("6-your-organization", 0), ("6-your-organization", 1)):
        study = program.SHEETS[sheet][place]
        if study.n_worlds:
            study = study._replace(n_worlds=3)
        kept = program.conducted(study._replace(settings=small), replications=2, jobs=1)
        for language in LANGUAGES:
            assert "|" in program.answers(study, json.loads(json.dumps(kept)), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_scenario_on_the_last_worksheet_is_one(language: str, tmp_path: Path) -> None:
    (text,) = re.findall(r"^```yaml\n(.*?)^```", page(language, "6-your-organization.md"), flags=re.M | re.S)
    file = tmp_path / "plan.yaml"
    file.write_text(text, encoding="utf-8")
    given = load_scenario(file).resolved()
    ours = load_scenario(KIT / "town-hall" / "guidance.yaml").resolved()
    assert given["organization"] == ours["organization"]
    assert given["rules"] == ours["rules"]


# --- the sheet to print ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_debrief_sheet_needs_nothing(language: str) -> None:
    sheet = page(language, "debrief-sheet.html")
    assert f'<html lang="{language}">' in sheet
    assert "@page { size: A4" in sheet
    assert not re.search(r"<script|https?:|src=|href=|url\(", sheet)


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_debrief_sheet_prints_on_one_page(language: str, tmp_path: Path) -> None:
    browser = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not browser:
        pytest.fail("missing: chromium") if os.environ.get("CI") else pytest.skip("missing: chromium")
    printed = tmp_path / "sheet.pdf"
    sheet = (KIT / language / "debrief-sheet.html").as_uri()
    command = [str(browser), "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}",
               "--no-pdf-header-footer", f"--print-to-pdf={printed}", sheet]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=PROGRAM_SECONDS)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", printed.read_bytes())) == 1
