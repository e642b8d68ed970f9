"""Work out the tables and the figure of ``docs/framing-effect.md``: ``python docs/programs/framing_effect.py``.

Takes a few minutes. The text of the page is written by hand; each table stands between two marks and is replaced.
Nothing here is fitted: coefficients are the defaults of the registry, or drawn from its plausible ranges.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from framing_experience import experience_table
from framing_figure import turnaround_figure
from framing_runs import COLLABORATION, LAUNCHES, LIKE_FACEBOOK, Pairs, Settings, run_pairs, workers
from framing_worlds import (
    PUBLISHED,
    Space,
    column,
    has_published_levels,
    push_of_familiarity,
    rank_correlations,
    sample,
    settings_of,
    space,
)

from sim.analysis.statistics import mean_interval
from sim.analysis.wording import (
    MAIN_OUTCOMES,
    OUTCOME_BY_NAME,
    difference_number,
    interval_text,
    label,
    number,
    value_text,
)
from sim.catalog.registry import PARAMETER_BY_PATH, PATH_OF
from sim.figures.style import save_figure
from sim.kernel.files import write_text

DOCS = Path(__file__).resolve().parents[1]
PAGE = DOCS / "framing-effect.md"
FIGURES = DOCS / "figures"

READERS, POSTERS = "monthly_readers", "monthly_posters"
PEOPLE = ("intention_gap", "age_gap", "experience_gradient", "intention_use_correlation")
N_PAIRS = 20
N_MECHANISM_PAIRS = 10
N_WORLDS, N_SETTINGS_WORLDS, N_WORLD_PAIRS = 600, 150, 3
N_CONFIRMED, N_CONFIRM_PAIRS = 20, 10
SMALL_WORLD = {"organization.employees": 300, "run.weeks": 26}
POINT = 0.01

# Each mechanism, and the numbers that switch it off. The first group is how a framing acts on what people do.
FRAME_MECHANISMS = {
    "not for work: something social feels out of place, in reading and in writing": ("read_inappropriate",),
    "work, fun and news are worth a visit to those who take it to be for them": ("worth",),
    "people post, and respond to, what they take it to be for": ("post_mix",),
    "broadcast is not for me to post on": ("post_broadcast",),
    "risk of being seen, larger where it is personal": ("post_risk",),
    "leaders back what looks social less": ("label_cost",),
    "outside experience makes skilled": ("skill_leisure",),
}
OTHER_MECHANISMS = {
    "all that a frame does": ("frame_strength",),
    "what feels out of place is not written on either": ("unease_post",),
    "a manager who might look is imagined to": ("imagined_audience",),
    "keeping work and private life apart": ("read_segmentation", "post_boundary"),
    "the launch's own messages change frames": ("message_weight",),
    "what is known from outside is carried over into frames": ("frame_outside",),
    "older tools of work are carried over into frames": ("frame_work_tools",),
    "frames learn from what is read": ("learning",),
    "frames move by talk": ("talk",),
    "worth is learned from visits": ("worth_learning",),
    "a prompt is seen through the frame": ("prompt_push",),
    "contacts draw and push each other": ("peers", "conformity", "word_of_mouth"),
    "reading becomes a habit": ("read_habit",),
}

INTEGRATORS = {"behavior.read_segmentation": 0.0, "constants.post_boundary": 0.0}
TO_GAIN = {"behavior.ease": 1.0, "behavior.skill_leisure": 0.5, "launch.training": 0.0}
FITTING = {"behavior.read_inappropriate": 0.0}
TRUST = {"organization.trust": 0.9}
LEADERS = {"leadership.participation": 1.0, "leadership.support": 0.9}
UNHEARD = {"behavior.message_weight": 0.0}
NAMED_WORLDS: dict[str, Settings] = {
    "high trust": TRUST,
    "strong leaders": LEADERS,
    "integrators: nobody minds mixing": INTEGRATORS,
    "much experience outside": {"organization.workforce": "us-2021"},
    "much skill from outside": TO_GAIN,
    "much skill from outside, readier readers": {**TO_GAIN, "behavior.read_base": -2.0},
    "all four: much skill, high trust, strong leaders, integrators": {**TO_GAIN, **TRUST, **LEADERS, **INTEGRATORS},
    "social is fine at work": FITTING,
    "social is fine at work, integrators": {**FITTING, **INTEGRATORS},
    "social is fine at work, worth draws strongly": {**FITTING, "behavior.worth": 8.0},
    "the launch convinces nobody": UNHEARD,
    "the launch convinces nobody, high trust": {**UNHEARD, **TRUST},
}


def markdown(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table, all columns but the first aligned to the right."""
    rule = ["---", *["---:"] * (len(headers) - 1)]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [list(headers), rule, *rows])


def difference_cell(pairs: Pairs, outcome: str) -> str:
    """Return collaboration minus like-facebook with its interval."""
    found = pairs.difference(outcome)
    if not found.n:
        return "–"
    mean = difference_number(outcome, found.mean, is_signed=True)
    return f"{mean} {interval_text(outcome, found.low, found.high)}"


def winner(pairs: Pairs, outcome: str) -> str:
    """Return which launch has more, or that one cannot tell."""
    found = pairs.difference(outcome)
    if found.low > 0:
        return COLLABORATION
    return LIKE_FACEBOOK if found.high < 0 else "cannot tell"


def mean_cells(pairs: Pairs, outcome: str) -> list[str]:
    """Return the means of both launches."""
    return [value_text(outcome, mean_of(each[outcome])) for each in (pairs.collaboration, pairs.like_facebook)]


def mean_of(values: np.ndarray) -> float:
    """Return the mean of the values there are, NaN without any."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")


def defaults_table(pairs: Pairs) -> str:
    """Return the comparison at the defaults."""
    rows = [
        [label(name), *mean_cells(pairs, name), difference_cell(pairs, name), winner(pairs, name)]
        for name in MAIN_OUTCOMES
    ]
    return markdown(["outcome", *LAUNCHES, "difference", "more"], rows)


def mechanism_tables(pool: Executor, usual: Pairs) -> tuple[str, str]:
    """Return what switching off each mechanism does, and what each way in which a frame acts does alone."""
    mechanisms = {**FRAME_MECHANISMS, **OTHER_MECHANISMS}
    off = run_pairs(pool, [switched_off(names) for names in mechanisms.values()], N_MECHANISM_PAIRS)
    every = [name for names in FRAME_MECHANISMS.values() for name in names]
    alone = [switched_off([name for name in every if name not in names]) for names in FRAME_MECHANISMS.values()]
    ways = run_pairs(pool, [*alone, switched_off(every)], N_MECHANISM_PAIRS)
    heads = ["collaboration, readers", "difference in readers", "difference in posters"]
    rows = [["(nothing)", *effect_cells(usual)]]
    rows += [[f"{name} (`{'`, `'.join(coefficients)}`)", *effect_cells(pairs)]
             for (name, coefficients), pairs in zip(mechanisms.items(), off, strict=True)]  # fmt: skip
    alone_rows = [[name, *effect_cells(pairs)]
                  for name, pairs in zip([*FRAME_MECHANISMS, "(none)"], ways, strict=True)]  # fmt: skip
    return markdown(["switched off", *heads], rows), markdown(["alone", *heads], alone_rows)


def switched_off(coefficients: Sequence[str]) -> Settings:
    """Return settings that switch coefficients off: at 0, unless the registry names another value."""
    return {PATH_OF[name]: PARAMETER_BY_PATH[PATH_OF[name]].off_at or 0.0 for name in coefficients}


def effect_cells(pairs: Pairs) -> list[str]:
    """Return the level of readers, and the differences in readers and posters."""
    return [mean_cells(pairs, READERS)[0], difference_cell(pairs, READERS), difference_cell(pairs, POSTERS)]


def share_cell(happens: np.ndarray) -> str:
    """Return in what share of worlds something happens, with its interval."""
    found = mean_interval(happens.astype(float), 0.0, 1.0, is_yes_or_no=True)
    if not found.n:
        return "–"
    low, high = (number(100 * end, 0) for end in (found.low, found.high))
    return f"{number(100 * found.mean, 0)}% [{low}, {high}]"


class Worlds:
    """A sample of worlds and what the framing does in each."""

    def __init__(self, pool: Executor, where: Space, n_worlds: int, seed: int) -> None:
        self.where = where
        self.values = sample(where, n_worlds, seed)
        worlds = [{**settings_of(where, row), **SMALL_WORLD} for row in self.values]
        self.pairs = run_pairs(pool, worlds, N_WORLD_PAIRS)
        self.effect = {name: np.array([pairs.mean_difference(name) for pairs in self.pairs])
                       for name in (READERS, POSTERS)}  # fmt: skip
        self.means = [{launch: {name: float(np.mean(values[name])) for name in PUBLISHED}
                       for launch, values in zip(LAUNCHES, (each.collaboration, each.like_facebook), strict=True)}
                      for each in self.pairs]  # fmt: skip

    def most_readers(self) -> np.ndarray:
        """Monthly readers of the launch that has more of them, (n_worlds,)."""
        return np.array([max(mean[launch][READERS] for launch in LAUNCHES) for mean in self.means])

    def is_alive(self) -> np.ndarray:
        """Whether the framing can matter: the platform is neither dead nor read by all, (n_worlds,)."""
        most = self.most_readers()
        return (most >= 0.10) & (most <= 0.95)

    def is_published(self) -> np.ndarray:
        """Whether a launch has the levels of published platforms, (n_worlds,)."""
        either = [has_published_levels([mean[launch] for mean in self.means]) for launch in LAUNCHES]
        return either[0] | either[1]

    def column(self, name: str) -> np.ndarray:
        """Values of one input, (n_worlds,)."""
        return column(self.where, self.values, name)


def shares_table(settings: Worlds, everything: Worlds) -> str:
    """Return in what share of worlds like-facebook gets more."""
    rows = [("settings drawn, coefficients at their defaults", settings, np.ones(len(settings.pairs), dtype=bool))]
    rows += [
        ("settings and coefficients drawn", everything, np.ones(len(everything.pairs), dtype=bool)),
        ("… of these, neither dead nor read by all", everything, everything.is_alive()),
        ("… of these, with the levels of published platforms", everything, everything.is_published()),
    ]
    cells = []
    for name, worlds, chosen in rows:
        readers, posters = worlds.effect[READERS][chosen], worlds.effect[POSTERS][chosen]
        cells.append(
            [name, str(int(chosen.sum())), share_cell(readers < 0), share_cell(readers < -POINT),
             share_cell(posters < 0), share_cell(posters < -POINT)]
        )  # fmt: skip
    heads = ["worlds", "n", "more readers", "by over a point", "more posters", "by over a point"]
    return markdown(heads, cells)


def correlations_table(worlds: Worlds) -> str:
    """Return the inputs that move the effect most."""
    found = {name: rank_correlations(worlds.where, worlds.values, worlds.effect[name]) for name in (READERS, POSTERS)}
    strongest = dict.fromkeys([*list(found[READERS])[:10], *list(found[POSTERS])[:6]])
    rows = []
    for name in strongest:
        meaning = PARAMETER_BY_PATH[name].meaning
        rows.append([f"`{name}`: {meaning}", *(number(found[each][name], 2, is_signed=True) for each in found)])
    return markdown(["input", "readers", "posters"], rows)


def regions_table(worlds: Worlds) -> str:
    """Return where in the two inputs that matter most like-facebook gets more readers."""
    unease, push = worlds.column("behavior.read_inappropriate"), push_of_familiarity(worlds.where, worlds.values)
    effect = worlds.effect[READERS]
    edges = (0.0, 0.001, 0.3, 0.8)
    rows = []
    for low, high in ((0.0, 0.5), (0.5, 1.0), (1.0, 1.5), (1.5, 2.5)):
        cells = []
        for start, end in pairwise(edges):
            inside = (unease >= low) & (unease < high) & (push >= start) & (push < end)
            cells.append(f"{share_cell(effect[inside] < 0)} of {inside.sum()}")
        rows.append([f"{low:g} to {high:g}", *cells])
    heads = ["none", "up to 0.3", "0.3 to 0.7"]
    return markdown(["unease \\ push of familiarity [logit]", *heads], rows)


def confirmation(pool: Executor, worlds: Worlds) -> str:
    """Run some of the turned-around worlds again, larger, longer and with fresh luck, and say what comes of it."""
    turned = np.flatnonzero(worlds.effect[READERS] < -POINT)
    chosen = np.random.Generator(np.random.Philox(5)).permutation(turned)[:N_CONFIRMED]
    again = run_pairs(
        pool, [settings_of(worlds.where, worlds.values[row]) for row in chosen], N_CONFIRM_PAIRS, first=1000
    )
    verdicts = [winner(pairs, READERS) for pairs in again]
    posters = [winner(pairs, POSTERS) for pairs in again]
    return (
        f"{len(chosen)} of the {len(turned)} worlds in which like-facebook had more readers by over a point, picked at "
        f"random, were run again: 1,000 staff, 52 weeks, {N_CONFIRM_PAIRS} pairs with fresh luck. Like-facebook has "
        f"more readers in {verdicts.count(LIKE_FACEBOOK)} (interval without zero), collaboration in "
        f"{verdicts.count(COLLABORATION)}, one cannot tell in {verdicts.count('cannot tell')}. In posters: "
        f"{posters.count(LIKE_FACEBOOK)}, {posters.count(COLLABORATION)} and {posters.count('cannot tell')}."
    )


def named_table(pool: Executor) -> str:
    """Return the effect in worlds with a name, with the settings that make them."""
    rows = []
    for (name, settings), pairs in zip(
        NAMED_WORLDS.items(), run_pairs(pool, list(NAMED_WORLDS.values()), N_PAIRS), strict=True
    ):
        keys = ", ".join(f"`{key}={value:g}`" if isinstance(value, float) else f"`{key}={value}`"
                         for key, value in settings.items())  # fmt: skip
        readers, posters = mean_cells(pairs, READERS), mean_cells(pairs, POSTERS)
        rows.append(
            [f"**{name}**: {keys}", " / ".join(readers), difference_cell(pairs, READERS), " / ".join(posters),
             difference_cell(pairs, POSTERS)]
        )  # fmt: skip
    return markdown(["world", "readers", "difference", "posters", "difference"], rows)


def people_table(pairs: Pairs) -> str:
    """Return age and experience at the defaults."""
    rows = []
    for name in PEOPLE:
        outcome = OUTCOME_BY_NAME[name]
        cells = []
        for values in (pairs.collaboration, pairs.like_facebook):
            found = mean_interval(values[name], outcome.low, outcome.high)
            mean = difference_number(name, found.mean, is_signed=True)
            cells.append(f"{mean} {interval_text(name, found.low, found.high)}")
        rows.append([f"`{name}`", *cells, difference_cell(pairs, name)])
    return markdown(["outcome", *LAUNCHES, "difference"], rows)


# The published pattern (claims 1.3 to 1.5): experience and youth go with less willingness and less use.
PATTERNS = {"intention_gap": 1.0, "age_gap": 1.0, "experience_gradient": -1.0}


def patterns_table(worlds: Worlds) -> str:
    """Return in what share of worlds the published patterns of age and experience show up."""
    chosen = worlds.is_alive()
    rows = []
    for name, sign in PATTERNS.items():
        cells = []
        for launch in (each.collaboration for each in worlds.pairs), (each.like_facebook for each in worlds.pairs):
            means = np.array([float(np.mean(values[name])) for values in launch])[chosen]
            cells.append(share_cell(sign * means[~np.isnan(means)] > 0))
        rows.append([f"`{name}` {'above' if sign > 0 else 'below'} 0", *cells])
    return markdown(["pattern", *LAUNCHES], rows)


def replaced(page: str, name: str, block: str) -> str:
    """Return the page with another block between the marks of `name`.

    Raises
    ------
    ValueError
        If the page has no such marks.
    """
    start, end = f"<!-- {name} -->\n", f"<!-- end {name} -->"
    before, mark, rest = page.partition(start)
    _, end_mark, after = rest.partition(end)
    if not mark or not end_mark:
        raise ValueError(f"{PAGE.name} has no block {name}")
    return f"{before}{start}{block}\n{end_mark}{after}"


def blocks() -> dict[str, str]:
    """Work everything out and return the blocks of the page; the figure is drawn on the way."""
    found: dict[str, str] = {}
    started = time.monotonic()

    def told(name: str, make: Callable[[], Any]) -> Any:
        result = make()
        print(f"{name}: {time.monotonic() - started:.0f} s", file=sys.stderr)
        return result

    with workers() as pool:
        (usual,) = told("defaults", lambda: run_pairs(pool, [{}], N_PAIRS))
        found["defaults"], found["people"] = defaults_table(usual), people_table(usual)
        found["mechanisms"], found["alone"] = told("mechanisms", lambda: mechanism_tables(pool, usual))
        settings = told("settings", lambda: Worlds(pool, space(False), N_SETTINGS_WORLDS, 1))
        everything = told("worlds", lambda: Worlds(pool, space(True), N_WORLDS, 2))
        found["shares"] = shares_table(settings, everything)
        found["correlations"], found["regions"] = correlations_table(everything), regions_table(everything)
        found["patterns"] = patterns_table(everything)
        found["confirmed"] = told("confirmation", lambda: confirmation(pool, everything))
        found["named"] = told("named worlds", lambda: named_table(pool))
    found["experience"] = told("experience", experience_table)
    figure = turnaround_figure(
        everything.column("behavior.read_inappropriate"),
        push_of_familiarity(everything.where, everything.values),
        everything.effect[READERS],
    )
    FIGURES.mkdir(exist_ok=True)
    save_figure(figure, FIGURES, "framing-effect")
    return found


def main() -> None:
    """Replace the tables of the page and draw its figure."""
    page = PAGE.read_text(encoding="utf-8")
    for name, block in blocks().items():
        page = replaced(page, name, block)
    write_text(PAGE, page)


if __name__ == "__main__":
    main()
