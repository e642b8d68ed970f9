"""What was found, in words: sentences in English and Dutch, numbers in the unit a reader expects."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from sim.scenario.parameters import PARAMETER_BY_PATH
from sim.study import wording
from sim.study.discovery.checks import Interval
from sim.study.discovery.condition import Condition
from sim.study.discovery.discovering import FEWEST_CASES, LARGEST_P, Discovery, Found
from sim.study.discovery.limits import Limit
from sim.study.discovery.pairing import Sides
from sim.study.discovery.space import Factor

TEXTS: dict[str, dict[str, str]] = {
    "en": {
        "worlds": "worlds", "strategies": "strategies", "points": "points",
        "and": " and ", "or": " or ", "on": "on", "off": "off",
        "op <": "below {bound}", "op <=": "at most {bound}", "op >": "above {bound}", "op >=": "at least {bound}",
        "minus": "{a} minus {b}", "condition": "{outcome} {bound}", "condition of": "{outcome}, {sides}, {bound}",
        "is": "{factor} is {value}", "is not": "{factor} is not {value}",
        "below": "{factor} is below {high}", "above": "{factor} is above {low}",
        "between": "{factor} is between {low} and {high}",
        "at most": "{factor} is at most {high}", "at least": "{factor} is at least {low}",
        "from to": "{factor} is from {low} to {high}",
        "found": (
            "{condition}: mainly where {box}. It holds in {density} of such {unit} ({k} of {n}; 95% interval"
            " {interval}), which is {coverage} of all cases ({k} of {n_cases}); elsewhere in {elsewhere}."
            " On held-out {unit}: {held_out}."
        ),
        "found next": (
            "Of the other {unit}, mainly where {box}: {density} ({k} of {n}; 95% interval {interval}), which is"
            " {coverage} of all cases; in the rest {elsewhere}. On held-out {unit}: {held_out}."
        ),
        "cannot tell": (
            "{condition}: cannot tell where. It holds in {base_rate} of the {unit} ({n_cases} of {n}), and no box is"
            " surely better than chance."
        ),
        "no candidate": "No box of a few limits is any fuller of cases than the whole.",
        "rejected": (
            "The best candidate (where {box}) holds {density} ({k} of {n}) among the {unit} it was found with, but"
            " {held_out} on held-out ones, with {base_rate} over all; shuffled designs give as good a one {chance}."
        ),
        "rejected next": (
            "No further box is surely better than chance: the next candidate (where {box}) holds {density} ({k} of {n})"
            " among the {unit} it was found with, but {held_out} on held-out ones, with {base_rate} over all that are"
            " left; shuffled designs give as good a one {chance}."
        ),
        "rejected weak": (
            "No further box is worth a limit: the next candidate (where {box}) holds {density} ({k} of {n})"
            " among the {unit} it was found with and {held_out} on held-out ones, no more than all {unit} together"
            " ({all_rate})."
        ),
        "held out none": "no box found without them held any",
        "chance often": "in {share} of the tries", "chance rare": "in at most {share} of the tries",
        "never": "{condition}: never. It holds in none of the {n} {unit}, so there is nothing to find.",
        "always": "{condition}: always. It holds in all {n} {unit}, so there is nothing to find.",
        "too few": (
            "{condition}: cannot tell where. It holds in {n_cases} of {n} {unit}; at least {fewest} must meet the"
            " condition, and {fewest} not."
        ),
        "nothing varies": "{condition}: cannot tell where. No factor varies over these {unit}.",
        "no value": "{condition}: cannot tell where. No point has a value of {outcome}.",
    },
    "nl": {
        "worlds": "werelden", "strategies": "strategieën", "points": "punten",
        "and": " en ", "or": " of ", "on": "aan", "off": "uit",
        "op <": "onder {bound}", "op <=": "hoogstens {bound}", "op >": "boven {bound}", "op >=": "minstens {bound}",
        "minus": "{a} min {b}", "condition": "{outcome} {bound}", "condition of": "{outcome}, {sides}, {bound}",
        "is": "{factor} {value} is", "is not": "{factor} niet {value} is",
        "below": "{factor} onder {high} ligt", "above": "{factor} boven {low} ligt",
        "between": "{factor} tussen {low} en {high} ligt",
        "at most": "{factor} hoogstens {high} is", "at least": "{factor} minstens {low} is",
        "from to": "{factor} {low} tot en met {high} is",
        "found": (
            "{condition}: vooral waar {box}. Het geldt in {density} van zulke {unit} ({k} van {n}; 95%-interval"
            " {interval}), dat is {coverage} van alle gevallen ({k} van {n_cases}); elders in {elsewhere}."
            " Op achtergehouden {unit}: {held_out}."
        ),
        "found next": (
            "Van de andere {unit} vooral waar {box}: {density} ({k} van {n}; 95%-interval {interval}), dat is"
            " {coverage} van alle gevallen; in de rest {elsewhere}. Op achtergehouden {unit}: {held_out}."
        ),
        "cannot tell": (
            "{condition}: niet te zeggen waar. Het geldt in {base_rate} van de {unit} ({n_cases} van {n}), en geen"
            " enkel vak is aantoonbaar beter dan toeval."
        ),
        "no candidate": "Geen vak met een paar grenzen is voller met gevallen dan het geheel.",
        "rejected": (
            "De beste kandidaat (waar {box}) haalt {density} ({k} van {n}) in de {unit} waarmee hij gevonden is, maar"
            " {held_out} op achtergehouden {unit}, met {base_rate} over alles; geschudde ontwerpen geven er {chance}"
            " een die even goed is."
        ),
        "rejected next": (
            "Geen volgend vak is aantoonbaar beter dan toeval: de volgende kandidaat (waar {box}) haalt {density}"
            " ({k} van {n}) in de {unit} waarmee hij gevonden is, maar {held_out} op achtergehouden {unit}, met"
            " {base_rate} over alles wat over is; geschudde ontwerpen geven er {chance} een die even goed is."
        ),
        "rejected weak": (
            "Geen volgend vak is een grens waard: de volgende kandidaat (waar {box}) haalt {density} ({k} van {n}) in"
            " de {unit} waarmee hij gevonden is en {held_out} op achtergehouden {unit}, niet meer dan alle {unit}"
            " samen ({all_rate})."
        ),
        "held out none": "geen enkel vak dat zonder hen gevonden is, bevatte er een",
        "chance often": "in {share} van de pogingen", "chance rare": "in hoogstens {share} van de pogingen",
        "never": "{condition}: nooit. Het geldt in geen van de {n} {unit}, dus er valt niets te vinden.",
        "always": "{condition}: altijd. Het geldt in alle {n} {unit}, dus er valt niets te vinden.",
        "too few": (
            "{condition}: niet te zeggen waar. Het geldt in {n_cases} van {n} {unit}; minstens {fewest} moeten aan de"
            " voorwaarde voldoen, en {fewest} niet."
        ),
        "nothing varies": "{condition}: niet te zeggen waar. Geen enkele factor varieert over deze {unit}.",
        "no value": "{condition}: niet te zeggen waar. Geen enkel punt heeft een waarde van {outcome}.",
    },
}  # fmt: skip


def percent(share: float, language: str = "en") -> str:
    """Return a share in whole percents, with a decimal where it would seem to be none or all.

    Examples
    --------
    >>> percent(0.784), percent(0.996), percent(1.0), percent(0.004)
    ('78%', '99.6%', '100%', '0.4%')
    """
    if math.isnan(share):
        return wording.MISSING
    is_near_end = 0 < share < 0.01 or 0.99 < share < 1
    return wording.number(100 * share, 1 if is_near_end else 0, language) + "%"


def percent_interval(interval: Interval, language: str = "en") -> str:
    """Return the two ends of an interval of a share."""
    low, high = (wording.number(100 * end, 0, language) for end in interval[1:])
    return f"{low}–{high}%"


def plain_number(value: float, language: str = "en") -> str:
    """Return a number with the digits it has, at most six."""
    text = f"{value:.6g}" if abs(value) < 1e6 else f"{value:.0f}"
    text = text.replace("-", wording.MINUS)
    return text.replace(".", ",") if language == "nl" else text


def bound_text(condition: Condition, is_difference: bool, language: str = "en") -> str:
    """Return what the outcome is compared with: ``below 10%``, ``above 0 points``, ``at least 3 days``."""
    is_share = wording.is_share(condition.outcome)
    value = plain_number(100 * condition.bound if is_share else condition.bound, language)
    unit = wording.unit_text(condition.outcome, language, is_difference)
    bound = f"{value}%" if is_share and not is_difference else f"{value} {unit}".strip()
    return TEXTS[language][f"op {condition.operator}"].format(bound=bound)


def sides_text(sides: Sides, language: str = "en") -> str:
    """Return which difference it is: ``collaboration minus like_facebook``."""
    a, b = (name.replace("_", " ") for name in sides.names)
    is_number = isinstance(sides.a, bool | int | float)
    name = f"{factor_label(sides.factor)} " if sides.factor and is_number else ""
    return TEXTS[language]["minus"].format(a=f"{name}{a}", b=b)


def condition_text(condition: Condition, sides: Sides | None, language: str = "en") -> str:
    """Return the condition in words: ``Monthly posters below 10%``."""
    outcome = wording.label(condition.outcome, language)
    outcome = outcome[0].upper() + outcome[1:]
    bound = bound_text(condition, sides is not None, language)
    if sides is None:
        return TEXTS[language]["condition"].format(outcome=outcome, bound=bound)
    return TEXTS[language]["condition of"].format(outcome=outcome, sides=sides_text(sides, language), bound=bound)


def factor_label(name: str, others: Sequence[str] = ()) -> str:
    """Return a factor as words: its key without the section, unless another factor has the same words.

    Examples
    --------
    >>> factor_label("organization.remote_share"), factor_label("rollout")
    ('remote share', 'rollout')
    >>> factor_label("rules.weeks", ["rules.weeks", "run.weeks"])
    'rules weeks'
    """

    def short(key: str) -> str:
        return key.partition(".")[2] or key if key in PARAMETER_BY_PATH or "." in key else key

    is_taken = any(short(other) == short(name) for other in others if other != name)
    return (name if is_taken else short(name)).replace(".", " ").replace("_", " ")


def glossary_entry(name: str) -> str:
    """Return key, meaning and unit of a factor; nothing where the registry does not have it."""
    known = PARAMETER_BY_PATH.get(name)
    return f"{known.meaning} [{known.unit}]" if known else ""


def level_text(factor: Factor, value: Any, language: str = "en") -> str:
    """Return one level of a factor."""
    if factor.kind == "switch":
        return TEXTS[language]["on" if value else "off"]
    if factor.kind == "name":
        return str(value).replace("_", " ")
    # A third of a range has no last digit; four say enough. Whole numbers are said in full.
    return plain_number(value if float(value).is_integer() else float(f"{value:.4g}"), language)


def limit_text(limit: Limit, label: str, language: str = "en") -> str:
    """Return what a box allows of one factor: ``trust is below 0.45``."""
    texts, factor = TEXTS[language], limit.factor
    if not factor.is_ordered:
        others = [level for level in factor.levels if level not in limit.names]
        is_short = len(others) < len(limit.names)
        names = [level_text(factor, level, language) for level in (others if is_short else limit.names)]
        return texts["is not" if is_short else "is"].format(factor=label, value=texts["or"].join(names))
    low, high = ("" if end is None else level_text(factor, end, language) for end in (limit.low, limit.high))
    is_stepped = factor.is_stepped or factor.kind == "whole"
    if limit.low is None:
        form = "at most" if is_stepped else "below"
    elif limit.high is None:
        form = "at least" if is_stepped else "above"
    elif limit.low == limit.high:
        return texts["is"].format(factor=label, value=low)
    else:
        form = "from to" if is_stepped else "between"
    return texts[form].format(factor=label, low=low, high=high)


def box_text(found: Found, discovery: Discovery, language: str = "en") -> str:
    """Return a box in words: ``trust is below 0.45 and restriction is above 0.6``."""
    names = discovery.space.names
    parts = [limit_text(limit, factor_label(limit.factor.name, names), language) for limit in found.limits.values()]
    return TEXTS[language]["and"].join(parts)


def found_sentence(found: Found, discovery: Discovery, is_first: bool, language: str = "en") -> str:
    """Return what a box says, with its numbers."""
    texts, counts = TEXTS[language], found.counts
    return texts["found" if is_first else "found next"].format(
        condition=condition_text(discovery.condition, discovery.sides, language),
        box=box_text(found, discovery, language),
        unit=texts[discovery.unit],
        density=percent(counts.density, language),
        k=counts.n_cases_inside,
        n=counts.n_inside,
        n_cases=found.n_all_cases,
        interval=percent_interval(found.density, language),
        coverage=percent(found.coverage, language),
        elsewhere=percent(found.elsewhere.share, language),
        held_out=_held_out_text(found, language),
    )


def _held_out_text(found: Found, language: str) -> str:
    if not found.held_out.n_inside:
        return TEXTS[language]["held out none"]
    return percent(found.held_out.density.share, language)


def rejected_sentence(found: Found, discovery: Discovery, language: str = "en") -> str:
    """Return why the search ended with this candidate."""
    texts, chance = TEXTS[language], found.chance
    key = "rejected next" if discovery.boxes else "rejected"
    if found.held_out.is_better_than_all and chance.p <= LARGEST_P:
        key = "rejected weak"
    is_rare = chance.p * chance.n_shuffles <= 1.01
    times = texts["chance rare" if is_rare else "chance often"].format(share=percent(chance.p, language))
    return texts[key].format(
        box=box_text(found, discovery, language),
        unit=texts[discovery.unit],
        density=percent(found.counts.density, language),
        k=found.counts.n_cases_inside,
        n=found.counts.n_inside,
        held_out=_held_out_text(found, language),
        base_rate=percent(found.counts.base_rate, language),
        all_rate=percent(discovery.base_rate, language),
        chance=times,
    )


def sentences(discovery: Discovery, language: str = "en") -> list[str]:
    """Return the whole answer, the most important first."""
    texts = TEXTS[language]
    if discovery.boxes:
        found = [found_sentence(box, discovery, place == 0, language) for place, box in enumerate(discovery.boxes)]
        return [*found, rejected_sentence(discovery.rejected, discovery, language)] if discovery.rejected else found
    first = texts[discovery.verdict].format(
        condition=condition_text(discovery.condition, discovery.sides, language),
        unit=texts[discovery.unit],
        n=len(discovery.holds),
        n_cases=int(discovery.holds.sum()),
        base_rate=percent(discovery.base_rate, language),
        fewest=FEWEST_CASES,
        outcome=wording.label(discovery.condition.outcome, language),
    )
    if discovery.verdict != "cannot tell":
        return [first]
    if discovery.rejected is None:
        return [first, texts["no candidate"]]
    return [first, rejected_sentence(discovery.rejected, discovery, language)]
