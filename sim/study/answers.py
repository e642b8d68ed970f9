"""Answers about one's own organization in a study: ranges drawn over together with the worlds, and which matter most.

Each world gets a value of every range, the same for all launches, evenly spread over the range (one value in each of
as many equal parts as there are worlds, in an order keyed by the seed). A key that a launch sets otherwise than usual
stays as that launch sets it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.scenario.registry import PARAMETER_BY_PATH
from sim.scenario.staffing import decided_by, is_staff_file
from sim.staff import Reading
from sim.study.statistics import keyed_generator
from sim.texts import number, text

if TYPE_CHECKING:
    from sim.scenario.experiment import Experiment
    from sim.scenario.questionnaire import Answers
    from sim.study.plan import Arm

ANSWERS = "answers"
"""How the manifest marks factors that come from answers."""
_DIGITS = 12  # significant; products differ in their last bits between platforms


def drawn(answers: Answers, n: int, seed: int) -> dict[str, list[float]]:
    """Return a value of each range for each of `n` worlds.

    A draw depends on its key, the seed and the number of worlds only, so another range moves no other draw.
    """
    found = {}
    for key, (low, high) in answers.ranges.items():
        generator = keyed_generator(ANSWERS, key, seed, n)
        shares = (generator.permutation(n) + generator.random(n)) / max(n, 1)
        found[key] = [float(f"{low + share * (high - low):.{_DIGITS}g}") for share in shares]
    return found


def middle(answers: Answers, key: str) -> float:
    """Return the middle of a range, which runs at the default values have."""
    low, high = answers.ranges[key]
    return (low + high) / 2.0


def own_value(resolved: Mapping[str, Any], key: str) -> Any:
    """Return what a resolved scenario has for a dotted key."""
    value: Any = resolved
    for name in key.split("."):
        value = value[name]
    return value


def kept_in(resolved: Mapping[str, Any], keys: Sequence[str]) -> tuple[str, ...]:
    """Return the keys that a scenario keeps: those that it sets otherwise than usual, or that its own files decide."""
    organization = resolved["organization"]
    decided: set[str] = set()
    if is_staff_file(organization["workforce"]):
        decided |= set(decided_by(organization["workforce"], Reading.of(organization)))
        if (organization.get("staff") or {}).get("contacts"):
            decided.add("organization.contacts.across")
    return tuple(key for key in keys if key in decided or own_value(resolved, key) != PARAMETER_BY_PATH[key].default)


def kept_lines(answers: Answers, arms: Sequence[Arm], language: str) -> list[str]:
    """Say which answers some launch does not take, since it sets the key itself."""
    return [
        text(
            language, "study.answers.kept", file=answers.file, key=key, name=arm.name,
            value=_shown(own_value(arm.resolved, key), language),
        )
        for arm in arms
        for key in kept_in(arm.resolved, list(answers.ranges))
    ]  # fmt: skip


def _shown(value: Any, language: str) -> str:
    return (
        number(value, 2, language) if isinstance(value, int | float) else text(language, "study.answers.by_department")
    )


def facts_of_answers(answers: Answers) -> dict[str, Any]:
    """Return what the manifest says of answers: the name and hash of the file, and the ranges."""
    ranges = {key: list(ends) for key, ends in answers.ranges.items()}
    return {ANSWERS: {"file": answers.file, "sha256": answers.digest, "ranges": ranges}}


def factor_facts(keys: Sequence[str]) -> list[dict[str, Any]]:
    """Return what the manifest says of the keys that answers set, as factors."""
    return [
        {"name": key, "is_lever": False, "group": ANSWERS, "kind": "float", "keys": [key], "levels": None,
         "registry": ANSWERS}
        for key in keys
    ]  # fmt: skip


def with_answers(experiment: Experiment, answers: Answers) -> tuple[Experiment, list[str]]:
    """Return an experiment with the ranges of answers among its uncertainties, and the keys that it sets itself.

    A lever or an uncertainty of the experiment, and what a base scenario sets otherwise than usual, stay.
    """
    import dataclasses

    from sim.scenario.experiment.factors import Factor, Range

    there = {key for factor in experiment.factors for key in factor.keys}
    there |= {key for base in experiment.bases for key in kept_in(base.resolved(), list(answers.ranges))}
    added = tuple(
        Factor(key, False, PARAMETER_BY_PATH[key].group, "range", (key,), Range(low, high))
        for key, (low, high) in answers.ranges.items()
        if key not in there
    )
    kept = [key for key in answers.ranges if key in there]
    return dataclasses.replace(experiment, uncertainties=(*experiment.uncertainties, *added)), kept


def answered_keys(factors: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return the keys that answers set in a study, from what its manifest says of factors."""
    return tuple(str(each["name"]) for each in factors if each.get("group") == ANSWERS)


def short_name(key: str, language: str) -> str:
    """Return what a key of the questionnaire is about, in a few words."""
    from sim.scenario.questionnaire import questions  # brings a reader of YAML, which not every study needs

    return next(question for question in questions() if question.key == key).short(language)
