"""A run or comparison over plausible worlds: what of a difference is luck, and what is that nobody knows the world.

The unit is a world: all scenarios run in it, each time with luck of its own that they share. Intervals over worlds
therefore cover luck *and* ignorance, as far as the set of worlds covers what is not known. Beside the worlds a
comparison has runs at the default values of all coefficients, to say whether these alone would answer otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.analysis.comparison import Difference, OverWorlds, compared
from sim.analysis.statistics import mean_of_given
from sim.catalog.outcomes import outcomes_named, reason
from sim.catalog.registry import PARAMETER_BY_PATH
from sim.errors import InputError
from sim.experiments.points import DEFAULTS, WEIGHT, Points
from sim.experiments.world_sets import GROUP, USUAL_WORLDS, ChosenWorlds, InWorlds, chosen_worlds, own_worlds
from sim.exports.staff import Reading
from sim.kernel.streams import keyed_generator
from sim.runs.plan import About, Arm, Plan, make_plan
from sim.scenario.staffing import decided_by, is_staff_file
from sim.words import number, said, text

if TYPE_CHECKING:
    import pandas as pd

    from sim.analysis.conduct import UntilWidth
    from sim.experiments import Experiment
    from sim.experiments.questionnaire import Answers
    from sim.runs.plan import Arm
    from sim.scenario import Scenario


REPLICATIONS_PER_WORLD = 1
"""Runs of each scenario in each world, if nothing else is asked for: another world tells more than other luck."""
RUNS_AT_DEFAULTS = 20
"""Runs of each scenario at the default values, beside the worlds of a comparison."""

FIRST_BATCH = 10
"""Replications to begin with where more are added until an interval is narrow enough."""
MOST_OWN_WORLDS = 400
"""Worlds of a folder that are taken, at most."""

WORLDS_TABLE = "worlds"
WEIGHT_OF_RUN = "weight"
"""The column of tables for figures that says what each row counts; left out where all count the same."""
NO_SPLIT, NO_SPREAD, FEW_WORLDS = map(reason, ("no_split", "no_variance", "few_worlds"))

# Scenario -> outcome -> (n_worlds, n_replications), NaN where there is no value.
Blocks = Mapping[str, Mapping[str, np.ndarray]]


class VarianceShare(NamedTuple):
    """Parts of the variance of one paired difference in one world drawn at random; they add up to 1."""

    luck: float  # part of the variance within worlds; NaN where `reason` says why
    worlds: float  # part of the variance between worlds
    reason: str  # why there are no parts; empty if there are


def plan_over_worlds(
    arms: list[Arm],
    found: ChosenWorlds,
    n_replications: int,
    seed: int,
    n_at_defaults: int = 0,
    answers: Answers | None = None,
) -> Plan:
    """Return the plan of a run or comparison in which every world has all arms, paired, and luck of its own.

    Parameters
    ----------
    arms : list of Arm
        The scenarios.
    found : ChosenWorlds
        The worlds.
    n_replications : int
        Runs of each scenario in each world.
    seed : int
        Seed of the study.
    n_at_defaults : int
        Runs of each scenario at the default values: the first of those of a study without worlds.
    answers : Answers, optional
        Ranges of other keys, of which each world has a value; at the default values they are in the middle.
    """
    n_worlds, n_rows = len(found.settings), math.ceil(n_at_defaults / n_replications)
    keys = varied_keys([arm.own_coefficients for arm in arms], found.keys)
    columns = {
        key: [world[key] for world in found.settings] + [float(PARAMETER_BY_PATH[key].default)] * n_rows for key in keys
    }
    kept = [() if answers is None else kept_in(arm, list(answers.ranges)) for arm in arms]
    if answers is not None:
        asked = {
            key: values + [middle(answers, key)] * n_rows
            for key, values in drawn(answers, n_worlds, seed).items()
            if not all(key in each for each in kept)
        }
        columns |= asked
    weights = {name: [*each.tolist(), *[0.0] * n_rows] for name, each in found.weights.items()}
    if n_rows:
        weights[DEFAULTS] = [0.0] * n_worlds + [1.0 / n_rows] * n_rows
    points = Points(
        factors=columns,
        is_lever=dict.fromkeys(columns, False),
        leaves=tuple(without(columns, (*arm.own_coefficients, *own)) for arm, own in zip(arms, kept, strict=True)),
        strategy=[0] * (n_worlds + n_rows),
        world=[*range(n_worlds), *[n_worlds] * n_rows],
        luck=[*range(n_worlds), *(-1 - row for row in range(n_rows))],
        weights=weights,
    )
    facts = factor_facts(keys, GROUP)
    told = facts_of(found)
    if answers is not None:
        facts += factor_facts([key for key in columns if key not in keys], ANSWERS)
        told |= facts_of_answers(answers)
    name = " vs ".join(arm.name for arm in arms)
    about = About("run" if len(arms) == 1 else "compare", {"name": name, **told}, facts)
    return make_plan(arms, n_replications, seed, points=points, about=about)


def unique_names(names: Sequence[str]) -> list[str]:
    """Return the names with a number behind each that was there before: a, a -> a, a-2."""
    unique: list[str] = []
    for name in names:
        candidate, n = name, 2
        while candidate in unique:
            candidate, n = f"{name}-{n}", n + 1
        unique.append(candidate)
    return unique


def arms_of(scenarios: Sequence[Scenario], answers: Answers | None = None) -> list[Arm]:
    """Return the scenarios as arms with unique names."""
    names = unique_names([each.name for each in scenarios])
    asked = () if answers is None else answers.ranges
    return [
        Arm(name, scenario.resolved(), scenario.own_coefficients(), scenario.own_settings(asked))
        for name, scenario in zip(names, scenarios, strict=True)
    ]


def plan_for(
    scenarios: Sequence[Scenario], replications: int | None, seed: int | None, until: UntilWidth | None = None
) -> Plan:
    """Return the plan of a study of some scenarios.

    All share seed and replications, so that they are paired: what is given here, or what the first scenario
    says (with `until`: a first batch).
    """
    first = scenarios[0].run
    if replications is None:
        replications = min(FIRST_BATCH, until.most) if until else first.replications
    return make_plan(arms_of(scenarios), replications, first.seed if seed is None else seed)


def plan_of(
    scenarios: Sequence[Scenario],
    where: InWorlds,
    replications: int | None = None,
    seed: int | None = None,
    until: UntilWidth | None = None,
    answers: Answers | None = None,
) -> Plan:
    """Return the plan of a ``run`` or ``compare``: over plausible worlds, or at the default values.

    Parameters
    ----------
    scenarios : sequence of Scenario
        One or more.
    where : InWorlds
        In which worlds. Scenarios that set every coefficient themselves leave worlds nothing to say, and are run as
        set unless worlds are asked for.
    replications : int, optional
        Runs of each scenario in each world, 1 if left out; at the default values what the first scenario says.
    seed : int, optional
        Seed of the study; that of the first scenario if left out.
    until : UntilWidth, optional
        Add replications until an interval is narrow enough: at the default values.
    answers : Answers, optional
        What is known of the organization, drawn over together with the worlds.

    Raises
    ------
    InputError
        If two of these contradict each other.
    """
    if answers is not None and (where.at_defaults or until is not None):
        raise InputError(said("refusal.cli.answers"))
    if where.is_asked_for and (where.at_defaults or until is not None):
        raise InputError(said("refusal.cli.at_defaults" if where.at_defaults else "refusal.cli.until_width"))
    if where.at_defaults or until is not None:
        return plan_for(scenarios, replications, seed, until)
    first = scenarios[0].run
    study_seed = first.seed if seed is None else seed
    n_worlds = USUAL_WORLDS if where.n is None else where.n
    if where.folder is None:
        found = chosen_worlds(n_worlds, study_seed, where.named)
    else:
        found = own_worlds(where.folder, MOST_OWN_WORLDS, study_seed)
    arms = arms_of(scenarios, answers)
    if not where.is_asked_for and answers is None:
        try:
            varied_keys([arm.own_coefficients for arm in arms], found.keys)
        except InputError:
            return plan_for(scenarios, replications, seed)
    # The defaults are no answer beside worlds that know the organization.
    n_at_defaults = RUNS_AT_DEFAULTS if len(arms) > 1 and where.folder is None else 0
    per_world = REPLICATIONS_PER_WORLD if replications is None else replications
    return plan_over_worlds(arms, found, per_world, study_seed, n_at_defaults, answers)


def facts_of(found: ChosenWorlds) -> dict[str, Any]:
    """Return what the manifest says about the worlds: which sets, how many of each, and the hash of its file."""
    return {
        "worlds": found.n,
        "source": found.source,
        "world_sets": {
            name: {"worlds": int((weights > 0).sum()), "of": found.sizes[name], "sha256": found.digests[name]}
            for name, weights in found.weights.items()
        },
    }


def varied_keys(own: Sequence[Sequence[str]], of_worlds: Sequence[str]) -> tuple[str, ...]:
    """Return the coefficients that worlds set in at least one of some scenarios, which set the `own` ones themselves.

    Raises InputError if there are none: each scenario sets every coefficient.
    """
    kept = set(own[0]).intersection(*own[1:]) if own else set()
    keys = tuple(key for key in of_worlds if key not in kept)
    if not keys:
        raise InputError(said("refusal.worlds_nothing"))
    return keys


def without(columns: Mapping[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    """Return the columns but for some."""
    return {key: column for key, column in columns.items() if key not in set(keys)}


def world_means(block: np.ndarray) -> np.ndarray:
    """Return the mean of each world over the runs that have a value, (n_worlds,); NaN where none has."""
    return mean_of_given(block, 1)


def variance_share(a: np.ndarray, b: np.ndarray) -> VarianceShare:
    """Split the variance of the paired difference of two scenarios into luck and worlds.

    One-way random effects with unequal numbers of pairs (Searle, Casella & McCulloch 1992, ch. 3): the mean square
    within worlds estimates luck; the mean square between them, less luck, estimates worlds, cut off at zero.

    Parameters
    ----------
    a, b : ndarray
        float64 (n_worlds, n_replications), paired by position.
    """
    difference = a - b
    known = ~np.isnan(difference)
    counts = known.sum(axis=1)
    difference, known, counts = difference[counts > 0], known[counts > 0], counts[counts > 0]
    n_worlds, n = len(counts), int(counts.sum())
    if n_worlds < 2:
        return VarianceShare(np.nan, np.nan, FEW_WORLDS)
    if n == n_worlds:
        return VarianceShare(np.nan, np.nan, NO_SPLIT)
    means = world_means(difference)
    within = float(np.where(known, (difference - means[:, None]) ** 2, 0.0).sum() / (n - n_worlds))
    grand = float((counts * means).sum() / n)
    between = float((counts * (means - grand) ** 2).sum() / (n_worlds - 1))
    typical_count = (n - float((counts**2).sum()) / n) / (n_worlds - 1)
    worlds = max(0.0, (between - within) / typical_count)
    total = within + worlds
    if total <= 0:
        return VarianceShare(np.nan, np.nan, NO_SPREAD)
    return VarianceShare(within / total, worlds / total, "")


def differences_over_worlds(
    blocks: Blocks, n_weeks: int, alike: np.ndarray | None = None, weights: np.ndarray | None = None
) -> list[Difference]:
    """Return every outcome of the first scenario minus that of each other one, with worlds as the units.

    The interval is that of the mean over worlds (see `paired_difference`). Each world has luck of its own, so the
    spread of the means of worlds holds both.

    `blocks`: outcomes by scenario, from `outcome_blocks`; `n_weeks`: length of the runs; `alike`: int64 (n_worlds,),
    the same number for worlds with the same settings (`Points.alike`); `weights`: float64 (n_worlds,), what each world
    counts; all the same if left out.
    """
    first, *others = blocks
    rows = []
    for other in others:
        for outcome in outcomes_named(blocks[first]):
            a, b = blocks[first][outcome.name], blocks[other][outcome.name]
            n_worlds = len(a) if alike is None else len(np.unique(alike))
            even = np.ones(len(a)) if weights is None else weights
            paired = compared(blocks, other, outcome, n_weeks, alike, even if alike is None else None)
            split = variance_share(a, b)
            by_world = OverWorlds(share_greater(a, b, even), split.luck, split.worlds, split.reason)
            rows.append(Difference(first, other, outcome.name, paired, n_worlds - paired.n, by_world))
    return rows


def share_greater(a: np.ndarray, b: np.ndarray, weights: np.ndarray | None = None) -> float:
    """Return the share of single pairs in which `a` is greater, ties counted half; NaN without a pair.

    `a`, `b`: float64 (n_worlds, n_replications), paired by position; `weights`: float64 (n_worlds,), what a pair of
    each world counts.
    """
    difference = a - b
    known = ~np.isnan(difference)
    if not known.any():
        return float("nan")
    counts = np.broadcast_to(np.ones(len(a))[:, None] if weights is None else weights[:, None], a.shape)[known]
    above = (difference[known] > 0) + 0.5 * (difference[known] == 0)
    return float((counts * above).sum() / counts.sum())


def by_world(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the tables of a study over worlds with one row where each world has one, for the figures.

    They have the worlds that the answer rests on, and what each counts as the column `WEIGHT_OF_RUN`. The runs as they
    are, those beside these worlds too, are the table `WORLDS_TABLE`.
    """
    found = dict(tables)
    if any(str(name).startswith(WEIGHT) for name in tables["runs"].columns):
        found[WORLDS_TABLE] = tables["runs"]
    weights = headline_weights(tables["points"]) if "points" in tables else None
    for name, by in {"runs": [], "series": ["week"], "groups": ["grouping", "group", "order"]}.items():
        if not found[name].empty:
            found[name] = one_row_a_world(found[name], by, weights)
    return found


def headline_weights(points: pd.DataFrame) -> pd.Series | None:
    """Return the weight of each point in the set that the answer rests on, by point; None where there is none."""
    columns = [name for name in points.columns if str(name).startswith(WEIGHT)]
    return points.set_index("point")[columns[0]] if columns else None


def one_row_a_world(table: pd.DataFrame, by: list[str], weights: pd.Series | None = None) -> pd.DataFrame:
    """Return a table of runs as one of worlds: the mean over the runs of each world, numbered as replications.

    `table`: one row a run (or a run and week, or a run and group), with the columns ``scenario`` and ``point``; `by`:
    other columns that tell rows of one run apart, such as ``week``; `weights`: weight of each point (see
    `headline_weights`); those of weight 0 are left out.
    """
    if weights is not None:
        table = table[table["point"].map(weights) > 0]
    keys = ["scenario", "point", *by]
    not_measured = {*keys, "run_id", "replication", "seed", "world", "strategy"}
    numbers = [name for name in table.columns if name not in not_measured and table[name].dtype.kind in "fiub"]
    means = table.groupby(keys, sort=False, dropna=False)[numbers].mean().reset_index()
    if weights is not None and weights[weights > 0].nunique() > 1:
        means[WEIGHT_OF_RUN] = means["point"].map(weights)
    means = means.rename(columns={"point": "replication"})
    order = {name: place for place, name in enumerate(dict.fromkeys(table["scenario"]))}
    run_id = means["replication"] * len(order) + means["scenario"].map(order)
    means.insert(0, "run_id", run_id.astype("int64"))
    return means


# Answers about one's own organization in a study: ranges drawn over together with the worlds, and which matter most.
#
# Each world gets a value of every range, the same for all launches, evenly spread over the range (one value in each
# of as many equal parts as there are worlds, in an order keyed by the seed). A key that a launch keeps (`kept_in`)
# stays as that launch has it.


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


def kept_in(arm: Arm, keys: Sequence[str]) -> tuple[str, ...]:
    """Return the keys that a scenario keeps: set otherwise than usual, or by files of one's own, staff files included.

    What ships says what is usual, and is no knowledge of anybody's organization.
    """
    resolved, decided = arm.resolved, set(arm.own_settings)
    organization = resolved["organization"]
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
        for key in kept_in(arm, list(answers.ranges))
    ]  # fmt: skip


def _shown(value: Any, language: str) -> str:
    return (
        number(value, 2, language) if isinstance(value, int | float) else text(language, "study.answers.by_department")
    )


def facts_of_answers(answers: Answers) -> dict[str, Any]:
    """Return what the manifest says of answers: the name and hash of the file, and the ranges."""
    ranges = {key: list(ends) for key, ends in answers.ranges.items()}
    return {ANSWERS: {"file": answers.file, "sha256": answers.digest, "ranges": ranges}}


def factor_facts(keys: Sequence[str], group: str) -> list[dict[str, Any]]:
    """Return what the manifest says of keys as factors, which worlds or answers set."""
    return [
        {"name": key, "is_lever": False, "group": group, "kind": "float", "keys": [key], "levels": None,
         "registry": group}
        for key in keys
    ]  # fmt: skip


def with_answers(experiment: Experiment, answers: Answers) -> tuple[Experiment, list[str]]:
    """Return an experiment with the ranges of answers among its uncertainties, and the keys that it sets itself.

    A lever or an uncertainty of the experiment, and what a base scenario sets otherwise than usual, stay.
    """
    import dataclasses

    from sim.experiments.factors import Factor, Range

    there = {key for factor in experiment.factors for key in factor.keys}
    there |= {key for arm in arms_of(experiment.bases, answers) for key in kept_in(arm, list(answers.ranges))}
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
    from sim.experiments.questionnaire import questions  # brings a reader of YAML, which not every study needs

    return next(question for question in questions() if question.key == key).short(language)
