"""The catalog of texts: the same keys and places in every language, nothing missing, nothing left over."""

from __future__ import annotations

import ast
import csv
import json
import math
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from string import Formatter

import numpy as np
import pytest

import sim
from sim.catalog.outcomes import NO_WEEK, OUTCOMES, reason_of_run
from sim.catalog.registry import PARAMETER_BY_PATH, PARAMETERS, meaning_of, unit_of
from sim.model.simulation import simulate
from sim.scenario import load_scenario
from sim.scenario.library import shipped_names
from sim.words import LANGUAGES, catalog, counted, in_language, interval, number, percent, short_number, text, whole

SOURCE = Path(sim.__file__).resolve().parent
CLAIMS = SOURCE / "evidence" / "scorecard" / "data" / "claims.json"
FOLDER = SOURCE / "words"
PAGE = SOURCE / "web" / "page" / "src"
AREAS = tuple(sorted(file.stem for file in (FOLDER / LANGUAGES[0]).glob("*.json")))
WAITING = (
    "page.save_card",
    "page.check_card",
    "page.card.",
    "page.engine.recorded",
)  # to come
REGISTRY = (
    "parameter.meaning.",
    "parameter.unit.",
    "parameter.short.",
)  # in English these are in the registry of parameters alone
KEY = re.compile(rf"(?:{'|'.join(AREAS)})\.[\w.-]*")
FILES = (".html", ".j2", ".css", ".js", ".parquet", ".json")  # names of files, not of texts
ANYTHING = "\0"  # what is filled into a key when the code runs


def files(language: str) -> dict[str, dict[str, str]]:
    """Return the texts of a language, file by file."""
    return {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in (FOLDER / language).glob("*.json")}


def english() -> dict[str, str]:
    """Return all English texts by key: those of the catalog, and those of the registry."""
    meanings = {f"parameter.meaning.{path}": one.meaning for path, one in PARAMETER_BY_PATH.items()}
    # In English the key itself is the short name.
    short = {key: key.rpartition(".")[2] for key in catalog("nl") if key.startswith("parameter.short.")}
    return {**catalog("en"), **meanings, **short, **{f"parameter.unit.{one.unit}": one.unit for one in PARAMETERS}}


def places(message: str) -> list[str]:
    return sorted({name.partition("|")[0] for _, name, _, _ in Formatter().parse(message) if name is not None})


@pytest.mark.parametrize("language", LANGUAGES)
def test_languages_have_the_same_keys_and_places(language: str) -> None:
    ours, theirs = files(language), files(LANGUAGES[0])
    in_catalog = {area: [key for key in texts if not key.startswith(REGISTRY)] for area, texts in ours.items()}
    assert in_catalog == {area: list(texts) for area, texts in theirs.items()}
    other = [key for key, message in catalog(language).items() if places(message) != places(english()[key])]
    assert other == []


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_each_parameter_has_its_meaning_and_unit_in_each_language(language: str) -> None:
    """English is what the registry says; who adds a parameter adds its meaning to ``nl/parameter.json``."""
    expected = {key for key in english() if key.startswith(REGISTRY)}
    given = {key for key in catalog(language) if key.startswith(REGISTRY)}
    assert sorted(expected - given) == []  # without a text in this language
    assert sorted(given - expected) == []  # no longer in the registry


def test_each_lever_has_a_short_name_in_dutch() -> None:
    levers = [one.path for one in PARAMETERS if one.path.startswith(("platform.", "launch.", "rules.", "leadership."))]
    assert [path for path in levers if f"parameter.short.{path}" not in catalog("nl")] == []


def test_meanings_and_units_in_words() -> None:
    one = PARAMETER_BY_PATH["organization.trust"]
    assert (meaning_of(one), unit_of(one)) == (one.meaning, one.unit)
    assert meaning_of(one, "nl") == "Gemiddeld vertrouwen van medewerkers in collega's en leiding."
    assert unit_of(one, "nl") == "deel van vol vertrouwen"
    new = replace(one, path="behavior.new", unit="furlongs")
    assert (meaning_of(new, "nl"), unit_of(new, "nl")) == (new.meaning, "furlongs")


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_key_stands_once_in_the_file_of_its_area(language: str) -> None:
    for area, texts in files(language).items():
        assert [key for key in texts if not key.startswith(f"{area}.")] == []
        pairs = json.loads((FOLDER / language / f"{area}.json").read_text(encoding="utf-8"), object_pairs_hook=list)
        assert len(pairs) == len(texts)
        assert all(texts.values())


def test_outcomes_and_reasons_have_their_words_in_each_language() -> None:
    source = (FOLDER / "outcomes.json").read_text(encoding="utf-8")
    facts = json.loads(source, object_pairs_hook=once)
    for name, outcome in facts["outcomes"].items():
        words = [outcome[language] for language in LANGUAGES]
        assert all(list(one) == list(words[0]) and all(one.values()) for one in words), name
        assert list(words[0])[:5] == ["label", "more", "less", "meaning", "unit"], name
        assert outcome["formula"], name
    assert all(list(reason) == list(LANGUAGES) and all(reason.values()) for reason in facts["reasons"].values())


NO_WORDS = re.compile(r"\{[^{}]*\}|`[^`]*`|[\w-]*[._][\w.-]+|--[a-z-]+(?: \w+)?|\w+:")  # places, code, keys, options


def test_terms_are_the_same_words_everywhere() -> None:
    ours, dutch = dict(english()), dict(catalog("nl"))
    for claim in json.loads(CLAIMS.read_text(encoding="utf-8"))["claims"]:
        ours[claim["id"]], dutch[claim["id"]] = claim["claim"], claim["claim_nl"]
    with (FOLDER / "terms.csv").open(encoding="utf-8", newline="") as table:
        terms = {row["english"]: row["dutch"] for row in csv.DictReader(table)}
    for term, word in terms.items():
        named = re.compile(rf"\b(?:{term})(?:s|es)?\b", re.IGNORECASE)
        texts = [key for key in dutch if key in ours and named.search(NO_WORDS.sub("", spoken(ours[key])))]
        assert texts, f"{term} is in no text"
        assert [key for key in texts if not re.search(word, dutch[key], re.IGNORECASE)] == [], (term, word)


def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    assert len(dict(pairs)) == len(pairs), [key for key, _ in pairs]
    return dict(pairs)


def test_each_reason_why_an_outcome_can_be_missing_is_said_in_dutch() -> None:
    silent = {"organization.employees": 60, "run.weeks": 4, "behavior.read_base": -50.0, "launch.campaign.reach": 0.0}
    of_runs = set(simulate(load_scenario("baseline", silent).resolved(), 1).reasons.values())
    reasons = {outcome.when_undefined for outcome in OUTCOMES if outcome.when_undefined} | of_runs | {NO_WEEK}
    assert len(reasons) > 10
    assert [one for one in sorted(reasons) if in_language(reason_of_run(one), "nl") == one] == []


def test_dutch_is_not_english() -> None:
    """Texts may agree (names, abbreviations), but few of many words do."""
    ours, dutch = english(), catalog("nl")
    alike = [key for key in dutch if ours[key] == dutch[key] and len(re.findall(r"[a-z]{3,}", ours[key])) > 3]
    assert [key for key in alike if "{" not in ours[key]] == []


# --- every key that is used is there, and every key is used ---------------------------------------------------------


def uses_in_python(file: Path) -> Iterator[str]:
    """Yield the keys in a file that uses the catalog; what is filled in at run time stands as `ANYTHING`."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    f_strings = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    pieces = {id(part) for f_string in f_strings for part in f_string.values}  # no keys by themselves
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else ANYTHING for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in pieces:
            yield node.value


def uses_in_page(file: Path) -> Iterator[str]:
    """Yield the keys in a file of the page: quoted, or in a template with parts that are filled in."""
    for quoted in re.findall(r"""["'`]([^"'`\n]+)["'`]""", file.read_text(encoding="utf-8")):
        yield re.sub(r"\$\{[^}]*\}", ANYTHING, quoted)


def used() -> dict[str, str]:
    """Return the keys that code uses, each with the file that does."""
    found: dict[str, str] = {}
    for file in sorted(SOURCE.rglob("*.py")):
        source = file.read_text(encoding="utf-8")
        names_keys = "sim.words" in source or '"refusal.' in source  # plain data names a refusal without the catalog
        if names_keys or file.parent.name in ("answer", "report"):
            found.update(dict.fromkeys(uses_in_python(file), file.name))
    for file in sorted(SOURCE.rglob("*.j2")):
        found.update(dict.fromkeys(uses_in_page(file), file.name))
    for file in sorted(PAGE.rglob("*")):
        if file.suffix in (".js", ".mjs", ".html"):
            found.update(dict.fromkeys(uses_in_page(file), file.name))
    keys = {key: file for key, file in found.items() if KEY.fullmatch(key.replace(ANYTHING, "x"))}
    return {key: file for key, file in keys.items() if not key.endswith(FILES)}


def pattern(key: str) -> re.Pattern[str]:
    """Return what the keys look like that a use stands for.

    One that ends with a point is a beginning of keys; `counted` adds ``.one`` or ``.many`` to the key it is given.
    """
    if key.endswith("."):
        key += ANYTHING
    return re.compile(".+".join(map(re.escape, key.split(ANYTHING))) + r"(\.one|\.many)?")


def test_every_key_in_the_code_is_in_the_catalog() -> None:
    found = used()
    assert len(found) > 80
    keys = english()
    missing = [f"{file}: {key}" for key, file in found.items() if not any(map(pattern(key).fullmatch, keys))]
    assert missing == []


def test_every_key_of_the_catalog_is_used() -> None:
    patterns = [pattern(key) for key in used()]
    unused = [
        key for key in english() if not key.startswith(WAITING) and not any(one.fullmatch(key) for one in patterns)
    ]
    assert unused == []


def test_the_page_has_a_name_for_all_that_it_shows() -> None:
    keys = catalog("en")
    assert [name for name in shipped_names() if f"page.scenario.{name}" not in keys] == []
    for outcome in OUTCOMES:
        assert {f"outcome.{kind}.{outcome.name}" for kind in ("label", "more", "less", "meaning")} <= keys.keys()
        assert keys[f"outcome.meaning.{outcome.name}"] == outcome.meaning
    controls = [key.removeprefix("page.control.") for key in keys if key.startswith("page.control.")]
    assert len(controls) > 15
    assert set(controls) <= PARAMETER_BY_PATH.keys()
    for path in controls:
        assert f"page.help.{path}" in keys
        for choice in PARAMETER_BY_PATH[path].choices:
            assert f"page.choice.{path}.{choice}" in keys


# --- the functions ----------------------------------------------------------------------------------------------------


def test_places_are_filled() -> None:
    assert text("en", "page.week_of", week=3, weeks=52) == "Week 3 of 52"
    with pytest.raises(KeyError, match="weeks"):
        text("en", "page.week_of", week=3)
    with pytest.raises(KeyError, match="week"):
        text("en", "page.week_of")


def spoken(message: str) -> str:
    """Return a text with the words that go with many, ``{n|week|weeks}``, said."""
    return re.sub(r"\{\w+\|[^|}]*\|([^|}]*)\}", r"\1", message)


@pytest.mark.parametrize(("n", "words"), [(0, "0 worlds that fit"), (1, "1 world that fits"), (2, "2 worlds that fit")])
def test_words_go_with_their_number(n: int, words: str) -> None:
    assert words in text("en", "study.beside.interviews", n=n, shared=0)
    assert text("nl", "discover.no_partner", n="1") == "1 punt heeft geen partner en is weggelaten."
    with pytest.raises(KeyError, match="shared"):
        text("nl", "study.beside.interviews", n=n)


PLURALS = ["pairs", "worlds", "runs", "points", "factors", "replications", "weeks", "rows", "groups", "shards"]
PLURAL_AREAS = ["verdict", "study", "sweep", "sensitivity", "discover", "experiment", "report"]


def test_no_text_says_one_runs() -> None:
    """A number of which there can be one takes its word with it; the page's own filling knows no such places."""
    said = re.compile(rf"\{{(?!fewest|high)\w+\}} (?:plausible |different )?(?:{'|'.join(PLURALS)})\b")
    wrong = {
        key
        for area in PLURAL_AREAS
        for key, message in files("en")[area].items()
        if said.search(message) and not key.endswith(".many")
    }
    assert wrong == set()
    assert [
        key for key, message in catalog("en").items() if "|" in message and key.startswith(("page.", "lesson."))
    ] == []


def test_counted() -> None:
    assert counted("en", "count.replications", 1) == "1 replication"
    assert counted("nl", "count.scenarios", 2) == "2 scenario's"
    assert counted("en", "count.weeks", 2, n="4/8") == "4/8 weeks"
    assert whole(12345) == "12,345"
    assert whole(12345, "nl") == "12.345"
    assert interval("1", "2") == "[1, 2]"
    assert interval("1", "2", "nl") == "[1; 2]"


def test_what_is_not_there_is_refused() -> None:
    with pytest.raises(KeyError, match=r"page\.nothing"):
        text("en", "page.nothing")
    with pytest.raises(KeyError, match="there are en, nl"):
        text("fr", "page.play")


def test_short_numbers() -> None:
    assert [short_number(value) for value in (0.1, 100 * 0.07, 12345.678, 1e6, 1234567.8, 0.00001, -0.5, 0.0)] == [
        "0.1", "7", "12,345.7", "1,000,000", "1,234,568", "0.00001", "−0.5", "0",
    ]  # fmt: skip
    assert short_number(2 / 3, "nl", 3) == "0,667"
    assert short_number(12345.6, digits=3) == "12,346", "what stands before the sign is never cut"
    assert short_number(math.nan) == "–"


def test_numbers() -> None:
    assert number(-1.25, 1) == "−1.2"
    assert number(1234.5, 2, "nl") == "1.234,50"
    assert number(-0.001, 2, is_signed=True) == "0.00"
    assert number(0.5, 1, "nl", is_signed=True) == "+0,5"
    assert number(math.nan, 1) == percent(math.nan) == "–"
    assert [percent(share, 1, "nl") for share in (0.0, 0.0001, 0.5, 0.99999, 1.0)] == [
        "0,0%", "<0,1%", "50,0%", ">99,9%", "100,0%",
    ]  # fmt: skip


def test_a_number_is_written_alike_whoever_holds_it() -> None:
    for value in (0.175, 2.675, 1.005, -0.175):
        assert number(np.float64(value), 2) == number(value, 2)
