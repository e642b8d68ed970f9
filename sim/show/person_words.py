"""Who an employee is, and what the reasons of a day mention, in words: for ``explain`` and for the report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sim.answer.facts import DECIMALS, Fact, facts_of, more_willing_than, trained_key
from sim.situation import Situation
from sim.state import DAYS_PER_WEEK, NEVER
from sim.texts import number, percent, text

if TYPE_CHECKING:
    from sim.views import Coefficients

N_DEGREES = 4  # words on an even scale

Person = Mapping[str, float]


def person_lines(
    person: Person, week: int, department: int | str, sees: str, language: str, has_numbers: bool
) -> dict[str, str]:
    """Return what there is to say about somebody at the start of a week: label to line.

    Parameters
    ----------
    person : mapping
        The employee's row.
    week : int
        The week that begins, from 1.
    department : int or str
        As the reader knows it.
    sees : str
        What he or she takes the platform to be for, in words.
    language : str
        ``en`` or ``nl``.
    has_numbers : bool
        Whether words for degrees have their number beside them.
    """
    return {
        text(language, "explain.who"): _who(person, department, language),
        text(language, "explain.outside"): _outside(person, language, has_numbers),
        text(language, "explain.at_work"): _at_work(person, language, has_numbers),
        text(language, "explain.sees"): sees,
        text(language, "explain.so_far"): _so_far(person, week, language),
    }


def _who(person: Person, department: int | str, language: str) -> str:
    return text(
        language, "explain.person", age=number(person["age"], 0, language),
        level=text(language, f"explain.level.{int(person['level'])}"),
        tenure=number(person["tenure"], 1, language), department=department,
        trained=text(language, trained_key(person["trained"])),
        champion=text(language, "explain.is_champion") if person["champion"] else "",
    )  # fmt: skip


def _outside(person: Person, language: str, has_numbers: bool) -> str:
    experience = {
        name: _experience(person[f"{name}_experience"], language, has_numbers) for name in ("leisure", "professional")
    }
    apart = _degree("apart", person["segmentation"], language, has_numbers)
    return text(language, "explain.experience", apart=apart, **experience)


def _at_work(person: Person, language: str, has_numbers: bool) -> str:
    share = person["remote_share"]
    remote = text(language, "explain.is_not_remote")
    if share:
        remote = text(language, "explain.is_remote", remote=percent(share, 0, language))
    return text(
        language, "explain.attitude", trust=_degree("trust", person["trust"], language, has_numbers), remote=remote,
        more_than=percent(more_willing_than(person["inclination"]), 0, language),
    )  # fmt: skip


def _so_far(person: Person, week: int, language: str) -> str:
    counts = {
        "work": int(person["n_work_posts"]),
        "questions": int(person["n_questions"]),
        "social": int(person["n_social_posts"]),
    }
    read = text(language, "explain.never_read")
    if person["last_read"] > NEVER:
        n_days = (week - 1) * DAYS_PER_WEEK - int(person["last_read"])
        days = text(language, "explain.one_day") if n_days == 1 else text(language, "explain.n_days", n=n_days)
        read = text(language, "explain.last_read", days=days)
    n_posts = sum(counts.values())
    posts = text(language, "explain.posts", n=n_posts, **counts) if n_posts else text(language, "explain.no_posts")
    n_contacts, n_active = int(person["n_contacts"]), int(person["n_active_contacts"])
    contacts = text(language, "explain.contacts", n=n_contacts, active=n_active)
    return text(language, "explain.history", read=read, posts=posts, contacts=contacts)


def _experience(value: float, language: str, has_numbers: bool) -> str:
    if value == 0.0:
        return text(language, "explain.degree.0")
    return _numbered(text(language, f"explain.degree.{1 + _place(value)}"), value, language, has_numbers)


def _degree(kind: str, value: float, language: str, has_numbers: bool) -> str:
    return _numbered(text(language, f"explain.{kind}.{_place(value)}"), value, language, has_numbers)


def _numbered(word: str, value: float, language: str, has_numbers: bool) -> str:
    return f"{word} ({number(value, DECIMALS, language)})" if has_numbers else word


def _place(value: float) -> int:
    """Return the place of a value in [0, 1] on an even scale of `N_DEGREES` words."""
    return min(int(value * N_DEGREES), N_DEGREES - 1)


def fact_words(situation: Situation, coefficients: Coefficients, language: str) -> dict[str, str]:
    """Return what the texts of terms mention, in words, by the name of the place in the text."""
    return {name: _fact(fact, language) for name, fact in facts_of(situation, coefficients).items()}


def _fact(fact: Fact, language: str) -> str:
    if isinstance(fact.value, str):
        return text(language, fact.value)
    if fact.form == "percent":
        return percent(fact.value, fact.decimals, language)
    return number(fact.value, fact.decimals, language, is_signed=fact.form == "signed")
