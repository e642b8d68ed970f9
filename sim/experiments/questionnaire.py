"""Ten questions about what no file tells of an organization, and answers as ranges of keys of a scenario.

An answers file is YAML with `answers` (what was chosen) and `ranges` (what counts: the range of each key, which a
person may edit). The text of a file is made of pieces, so that the page of the questionnaire writes the very same one.
"""

from __future__ import annotations

import hashlib
import math
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

from sim.catalog.registry import PARAMETER_BY_PATH
from sim.scenario.hints import number, shown
from sim.scenario.places import Keys, Listing, Node, Place, Problem, ScenarioError, Source, place_of, plain
from sim.scenario.yaml_files import UnreadableFileError, read_text
from sim.words import said, text

DONT_KNOW = "dont_know"
SECTIONS = ("answers", "ranges")
ENDS = ("low", "high")

Ends = tuple[float, float]


class Question(NamedTuple):
    """One question.

    Attributes
    ----------
    name : str
        Key of its words.
    key : str
        The key of a scenario that it is about.
    scale : str
        Whose words its answers have.
    anchor : str
        Where the ends of ranges come from: ``counted`` or ``reading``.
    ranges : mapping of str to pair of float
        For each answer the range of the key, that of not knowing last.
    """

    name: str
    key: str
    scale: str
    anchor: str
    ranges: Mapping[str, Ends]

    def asked(self, language: str) -> str:
        """Return the question in words."""
        return text(language, f"ask.question.{self.name}")

    def short(self, language: str) -> str:
        """Return what it is about, in a few words."""
        return text(language, f"ask.short.{self.name}")

    def option(self, answer: str, language: str) -> str:
        """Return an answer in words."""
        return text(language, "ask.dont_know" if answer == DONT_KNOW else f"ask.answer.{self.scale}.{answer}")


class Answers(NamedTuple):
    """What is known of an organization: ranges of keys, and the name and SHA-256 of the file that says so."""

    ranges: Mapping[str, Ends]
    file: str
    digest: str


@cache
def questions() -> tuple[Question, ...]:
    """Return the questions, in order."""
    content = resources.files("sim.experiments").joinpath("data", "questions.toml").read_text(encoding="utf-8")
    return tuple(_question(row) for row in tomllib.loads(content)["question"])


def _question(row: Mapping[str, Any]) -> Question:
    unknown = row.get("unknown", PARAMETER_BY_PATH[row["key"]].plausible)
    ranges = {**row["ranges"], DONT_KNOW: unknown}
    ends = {answer: (float(low), float(high)) for answer, (low, high) in ranges.items()}
    return Question(row["name"], row["key"], row["scale"], row["anchor"], ends)


# --- writing ----------------------------------------------------------------------------------------------------------


def head(language: str) -> str:
    """Return how an answers file begins."""
    return "".join(f"# {line}\n" for line in text(language, "ask.file_head").splitlines())


def lines_of(question: Question, answer: str, language: str) -> tuple[str, str]:
    """Return the line of an answer and that of its range."""
    low, high = question.ranges[answer]
    comment = f"{question.short(language)}: {question.option(answer, language)}"
    return (
        f"  {question.name}: {answer}\n",
        f"  {question.key}: {{low: {number(low)}, high: {number(high)}}}  # {comment}\n",
    )


def answers_text(chosen: Mapping[str, str], language: str) -> str:
    """Return the text of an answers file; who is not asked does not know."""
    pairs = [lines_of(each, chosen.get(each.name, DONT_KNOW), language) for each in questions()]
    said_lines, ranges = ("".join(pair[place] for pair in pairs) for place in (0, 1))
    return f"{head(language)}answers:\n{said_lines}ranges:\n{ranges}"


# --- reading ----------------------------------------------------------------------------------------------------------


def load_answers(file: str | Path) -> Answers:
    """Return the ranges of an answers file.

    Raises
    ------
    ScenarioError
        With everything that is wrong with it.
    """
    from sim.scenario.yaml_files import parse

    path = Path(file)
    try:
        content = read_text(path)
    except UnreadableFileError as error:
        raise ScenarioError([Problem(str(file), None, None, "", error.reason)]) from None

    node, problems = parse(content, Source(str(file), path.parent))
    if not problems and not isinstance(node, Keys):
        problems = [Problem(str(file), None, None, "", said("refusal.answers.empty", names=", ".join(SECTIONS)))]
    if problems or not isinstance(node, Keys):
        raise ScenarioError(problems)
    problems = [
        entry.place.problem((key,), said("refusal.answers.section", names=", ".join(SECTIONS)))
        for key, entry in node.entries.items()
        if key not in SECTIONS
    ]
    ranges: dict[str, Ends] = {}
    for question, answer in _chosen(node, problems):
        ranges[question.key] = question.ranges[answer]
    ranges.update(_given(node, problems))
    if not problems and not ranges:
        problems = [Problem(str(file), None, None, "", said("refusal.answers.empty", names=", ".join(SECTIONS)))]
    if problems:
        raise ScenarioError(problems)
    in_order = {each.key: ranges[each.key] for each in questions() if each.key in ranges}
    return Answers(in_order, path.name, hashlib.sha256(content.encode()).hexdigest())


def _section(node: Keys, name: str, problems: list[Problem]) -> Keys | None:
    entry = node.entries.get(name)
    if entry is None or (not isinstance(entry.value, Keys | Listing) and plain(entry.value) is None):
        return None
    if isinstance(entry.value, Keys):
        return entry.value
    problems.append(entry.place.problem((name,), said("refusal.answers.group", key=name)))
    return None


def _chosen(node: Keys, problems: list[Problem]) -> list[tuple[Question, str]]:
    by_name = {question.name: question for question in questions()}
    found = []
    for name, entry in _entries(node, "answers", problems):
        place: Place = entry.place
        if name not in by_name:
            problems.append(
                place.problem(("answers", name), said("refusal.answers.question", names=", ".join(by_name)))
            )
            continue
        answer, allowed = plain(entry.value), by_name[name].ranges
        if not isinstance(answer, str) or answer not in allowed:
            message = said("refusal.answers.answer", names=", ".join(allowed), value=shown(answer))
            problems.append(place_of(entry.value, ()).problem(("answers", name), message))
            continue
        found.append((by_name[name], answer))
    return found


def _entries(node: Keys, name: str, problems: list[Problem]) -> Sequence[tuple[str, Any]]:
    section = _section(node, name, problems)
    return () if section is None else tuple(section.entries.items())


def _given(node: Keys, problems: list[Problem]) -> dict[str, Ends]:
    keys = [question.key for question in questions()]
    found: dict[str, Ends] = {}
    for key, entry in _entries(node, "ranges", problems):
        if key not in keys:
            problems.append(entry.place.problem(("ranges", key), said("refusal.answers.key", names=", ".join(keys))))
            continue
        ends = _ends(key, entry.value, problems)
        if ends is not None:
            found[key] = ends
    return found


def _ends(key: str, node: Node, problems: list[Problem]) -> Ends | None:
    value, parameter = plain(node), PARAMETER_BY_PATH[key]
    ends = [value.get(name) for name in ENDS] if isinstance(value, dict) else []
    if not ends or set(value) != set(ENDS) or not all(_is_number(end) for end in ends):
        problems.append(place_of(node, ()).problem(("ranges", key), said("refusal.answers.ends", value=shown(value))))
        return None
    low, high = float(value["low"]), float(value["high"])
    limits = float(parameter.low or 0.0), float(parameter.high or 0.0)
    if not limits[0] <= low <= high <= limits[1]:
        message = said("refusal.answers.order", low=number(limits[0]), high=number(limits[1]), value=shown(value))
        problems.append(place_of(node, ()).problem(("ranges", key), message))
        return None
    return low, high


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
