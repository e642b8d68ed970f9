"""What an explained day shows, as numbers and names of texts: terms that add up, facts, the strongest "what if".

Command line and page fill the same sentences with it, each in its own way.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import NormalDist
from typing import TYPE_CHECKING, NamedTuple

from sim.model.rules.frame import commitment, leader_role
from sim.model.rules.posting import PostingSituation, backing
from sim.model.why.explanation import OPTIONS, PostingExplained, ReadingExplained, Situation, WhatIf

if TYPE_CHECKING:
    from sim.views import Coefficients

DECIMALS = 2
MEANINGS = ("social", "collaboration", "broadcast")
N_WHAT_IF = 5
N_WHAT_IF_BESIDE = 2  # of reading, where posting was decided too


class Fact(NamedTuple):
    """One thing that the sentence of a term mentions.

    Attributes
    ----------
    value : float or str
        A number, or the key of a text.
    form : str
        ``percent`` (of a share), ``number``, ``signed`` (a number with its sign) or ``text``.
    decimals : int
        Decimals of a number.
    """

    value: float | str
    form: str
    decimals: int = 0


class PostingRow(NamedTuple):
    """One term of posting; None where it plays no part in a kind of post."""

    name: str
    work: float | None
    question: float | None
    social: float | None


def rounded_to_sum(values: Sequence[float], decimals: int = DECIMALS) -> list[float]:
    """Round values so that they add up to their rounded sum, each up or down to a neighboring value.

    The method of largest remainders: whoever adds up the printed numbers gets the printed sum.

    Examples
    --------
    >>> rounded_to_sum([0.333, 0.333, 0.334])
    [0.33, 0.33, 0.34]
    """
    unit = 10**decimals
    scaled = [round(value * unit, 6) for value in values]
    floors = [math.floor(value) for value in scaled]
    n_up = round(sum(scaled)) - sum(floors)
    largest = sorted(range(len(values)), key=lambda place: floors[place] - scaled[place])[:n_up]
    return [(floor + (place in largest)) / unit for place, floor in enumerate(floors)]


def by_size(values: Mapping[str, float]) -> list[str]:
    """Return the names of values, the farthest from zero first."""
    return sorted(values, key=lambda name: -abs(values[name]))


def shares_of(counts: Mapping[str, float]) -> dict[str, float]:
    """Return the shares of a frame, given as its three counts, rounded to whole percents that add up."""
    total = sum(counts[name] for name in MEANINGS)
    shares = rounded_to_sum([counts[name] / total for name in MEANINGS])
    return dict(zip(MEANINGS, shares, strict=True))


def frame_counts(person: Mapping[str, float]) -> dict[str, float]:
    """Return the counts of someone's frame by meaning."""
    return {name: person[f"frame_{name}"] for name in MEANINGS}


def more_willing_than(inclination: float) -> float:
    """Return the share of people who write, or read, less readily than someone of this inclination."""
    return NormalDist().cdf(inclination)


def trained_key(trained: float) -> str:
    """Return the key of the text that says whether someone is trained."""
    return "explain.is_trained" if trained else "explain.is_untrained"


def facts_of(situation: Situation, c: Coefficients) -> dict[str, Fact]:
    """Return what the texts of terms mention, by the name of the place in the text; `c` are the coefficients."""
    reading, s = situation
    manager = "none" if not s.has_manager else _watching(s.manager_looks)
    shares = shares_of(dict(zip(MEANINGS, (s.share_social, s.share_collaboration, s.share_broadcast), strict=True)))
    return {
        **{name: Fact(share, "percent") for name, share in shares.items()},
        "habit": Fact(reading.habit, "percent"),
        "contacts": Fact(s.contact_activity, "percent"),
        "expected_work": Fact(reading.expected_work, "percent"),
        "expected_fun": Fact(reading.expected_fun, "percent"),
        "expected_news": Fact(reading.expected_news, "percent"),
        "remote": Fact(reading.remote_share, "percent"),
        "integration": Fact(reading.integration, "percent"),
        "mandate": Fact(reading.mandate, "number", DECIMALS),
        "role": Fact(_role(s, c), "number", DECIMALS),
        "apart": Fact(s.segmentation, "number", DECIMALS),
        "trained": Fact(trained_key(s.trained), "text"),
        "resistance": Fact(s.resistance, "number", DECIMALS),
        "support": Fact(float(backing(s, c)), "number", DECIMALS),
        "feedback": Fact(s.feedback, "number", DECIMALS),
        "more_than": Fact(more_willing_than(s.inclination), "percent"),
        "reads_more_than": Fact(more_willing_than(reading.reading_inclination), "percent"),
        "skilled_than": Fact(more_willing_than(s.skill), "percent"),
        "manager": Fact(f"explain.manager.{manager}", "text"),
        "trust": Fact(s.trust, "number", DECIMALS),
        "restriction": Fact(s.restriction, "number", 1),
        "expertise": Fact(s.expertise, "number", DECIMALS),
        "guidance": Fact(s.guidance, "number", 1),
        "appraisal": Fact(s.appraisal, "signed", 1),
    }


def _role(s: PostingSituation, c: Coefficients) -> float:
    """Return how strongly one feels expected to take part as a leader [0-1]."""
    return float(leader_role(s.level, s.participation, commitment(s.share_social, s.resistance, c)))


def _watching(looks: float) -> str:
    """Return the name of how far the manager counts as looking on."""
    if looks >= 1.0:
        return "looks"
    return "imagined" if looks > 0.0 else "away"


# --- terms ------------------------------------------------------------------------------------------------------------


def reading_rows(reading: ReadingExplained) -> dict[str, float]:
    """Return the terms that play a part, rounded so that they add up: the starting point, then the largest first."""
    shown = {name: value for name, value in reading.terms.items() if value != 0.0 or name == "base"}
    numbers = dict(zip(shown, rounded_to_sum(list(shown.values())), strict=True))
    return {name: numbers[name] for name in ["base", *(name for name in by_size(shown) if name != "base")]}


def silent_reading_terms(reading: ReadingExplained) -> list[str]:
    """Return the terms that play no part."""
    return [name for name, value in reading.terms.items() if value == 0.0]


def posting_rows(posting: PostingExplained) -> list[PostingRow]:
    """Return the terms that play a part, rounded so that each kind of post adds up.

    First the starting point, then the terms that all kinds share, the largest first, then those of single kinds.
    """
    shared, own = split_terms(posting.terms)
    shared = {name: value for name, value in shared.items() if value != 0.0}
    shared_numbers = dict(zip(shared, rounded_to_sum(list(shared.values())), strict=True))
    own_numbers = _rounded_by_kind(own)

    def row(name: str, values: Mapping[str, float | None]) -> PostingRow:
        work, question, social = (values.get(kind) for kind in OPTIONS)
        return PostingRow(name, work, question, social if posting.may_be_social else None)

    def own_row(name: str) -> PostingRow:
        given, numbers = own[name], own_numbers[name]
        return row(name, {kind: numbers[kind] for kind in given if given[kind] != 0.0 or name == "base"})

    rows = [own_row("base")]
    rows += [row(name, dict.fromkeys(OPTIONS, shared_numbers[name])) for name in by_size(shared)]
    rows += [own_row(name) for name, values in own.items() if name != "base" and any(values.values())]
    return rows


def posting_sums(rows: Sequence[PostingRow]) -> dict[str, float]:
    """Return the sum of each kind of post as the rows show it."""
    return {kind: round(sum(getattr(row, kind) or 0.0 for row in rows), DECIMALS) for kind in OPTIONS}


def silent_posting_terms(posting: PostingExplained) -> list[str]:
    """Return the terms that play no part in any kind of post that is allowed."""
    shared, own = split_terms(posting.terms)
    kinds = [kind for kind in OPTIONS if kind != "social" or posting.may_be_social]
    silent = [name for name, value in shared.items() if value == 0.0]
    return silent + [name for name, values in own.items() if not any(values.get(kind) for kind in kinds)]


def split_terms(terms: Mapping[str, float]) -> tuple[dict[str, float], dict[str, dict[str, float]]]:
    """Return the terms of any post, and those of the kinds: name to kind to value."""
    shared: dict[str, float] = {}
    own: dict[str, dict[str, float]] = {}
    for term, value in terms.items():
        kind, _, name = term.partition("_")
        if kind in OPTIONS and name:
            own.setdefault(name, {})[kind] = value
        else:
            shared[term] = value
    return shared, own


def _rounded_by_kind(own: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, float]]:
    """Return the own terms of each kind rounded so that each kind adds up."""
    rounded: dict[str, dict[str, float]] = {name: {} for name in own}
    for kind in OPTIONS:
        names = [name for name in own if kind in own[name]]
        for name, value in zip(names, rounded_to_sum([own[name][kind] for name in names]), strict=True):
            rounded[name][kind] = value
    return rounded


# --- outcomes and "what if" -----------------------------------------------------------------------------------------


def own_chance(reading: ReadingExplained) -> float:
    """Return the chance of reading of one's own accord."""
    return reading.present / (1.0 + math.exp(-reading.utility))


def reading_outcome(reading: ReadingExplained) -> str:
    """Return what happened: ``did_not_read``, ``did_not_think_of_it``, ``did_read`` or ``did_read_anyway``."""
    if not reading.did_read:
        return "did_not_think_of_it" if math.isinf(reading.lacking) else "did_not_read"
    return "did_read_anyway" if math.isinf(reading.lacking) else "did_read"


def posting_outcome(posting: PostingExplained) -> str:
    """Return what happened: ``did_not_post``, ``did_not_post_banned``, ``did_post`` or ``did_post_anyway``."""
    if not posting.did_post:
        return "did_not_post_banned" if math.isinf(posting.lacking) else "did_not_post"
    return "did_post_anyway" if math.isinf(posting.lacking) else "did_post"


def strongest_cases(cases: Sequence[WhatIf], p: float, happened: bool, most: int) -> list[WhatIf]:
    """Return the cases that work against what happened: those that flip it first, then by how far they go."""
    against = [case for case in cases if (case.p < p if happened else case.p > p)]
    against.sort(key=lambda case: (case.would_have == happened, -abs(case.p - p)))
    return against[:most]


def case_outcome(case: WhatIf, verb: str, happened: bool) -> str:
    """Return the name of what would have happened, such as ``reads_still_not``; `verb` is ``reads`` or ``posts``."""
    if case.would_have == happened:
        return f"{verb}_still" if happened else f"{verb}_still_not"
    return verb if case.would_have else f"{verb}_not"
