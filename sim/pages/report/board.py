"""The page for the board: what to choose and why, what it takes, what to watch, and what is not known; one A4."""

from __future__ import annotations

import math
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from sim.analysis.comparison import NOT_RANKED, Difference
from sim.analysis.findings import Decisive, decides_lines, find_out_lines, what_turns
from sim.analysis.over_worlds import ANSWERS, WEIGHT_OF_RUN, answered_keys, kept_in, short_name
from sim.analysis.wording import MISSING, OUTCOME_BY_NAME, label, value_text
from sim.catalog.registry import PARAMETER_BY_PATH, meaning_of
from sim.errors import InputError
from sim.evidence.calibration.observables import OBSERVABLES
from sim.evidence.calibration.targets import Target, load_targets
from sim.experiments.points import Overlay
from sim.experiments.questionnaire import questions
from sim.figures.summary import means_by
from sim.kernel.estimates import quantiles, units_of, wilson
from sim.kernel.files import regular_content
from sim.model.outcomes import FINAL_WEEKS
from sim.pages.debrief.launches import differing, setting_words, settings_in
from sim.pages.report.answer import answer
from sim.pages.report.basis import Known, capital, cell_text, quoted, unfinished
from sim.runs.plan import Arm
from sim.words import number, per_hundred, percent, said, short_number, text
from sim.words.blocks import Block, Bullets, Facts, Paragraph, Row, Rows, Table

ONCE = ("training", "campaign")
WEEKLY = ("champions", "leaders", "moderation")
PARTS = (*ONCE, *WEEKLY)
KEYS = ("hours", "source")
MOST_HOURS = 10_000.0


class Cost(NamedTuple):
    """Hours for one unit of something, and where that number is from; empty for an assumption."""

    hours: float
    source: str


class Hours(NamedTuple):
    """What a launch takes: once, and every week; NaN where it cannot be told."""

    once: float
    weekly: float
    leaders: float


Costs = Mapping[str, Cost]


def load_costs(file: Path | None = None) -> Costs:
    """Return the costs that ship, with those of a file in their place.

    Raises
    ------
    InputError
        With a line for everything that is wrong with the file.
    """
    shipped = resources.files("sim.pages.report").joinpath("data", "costs.toml").read_text(encoding="utf-8")
    costs = {name: Cost(float(row["hours"]), str(row["source"])) for name, row in tomllib.loads(shipped).items()}
    if file is None:
        return costs
    try:
        written = regular_content(file).decode("utf-8-sig").replace("\r\n", "\n")
        given = tomllib.loads(written)
    except OSError as error:
        raise InputError(said("refusal.costs.unreadable", file=file, reason=error.strerror or error)) from None
    except UnicodeDecodeError:
        raise InputError(said("refusal.costs.encoding", file=file)) from None
    except tomllib.TOMLDecodeError as error:
        raise InputError(said("refusal.costs.syntax", file=file, reason=error)) from None
    problems = []
    for name, row in given.items():
        at = _place(file, written, name)
        if name not in PARTS:
            problems.append(said("refusal.costs.unknown", at=at, key=name, names=", ".join(PARTS)))
        elif not isinstance(row, dict):
            problems.append(said("refusal.costs.table", at=at, key=name))
        else:
            kept = costs[name]._asdict()
            for key, value in row.items():
                at = _place(file, written, name, key)
                if key not in KEYS:
                    problems.append(said("refusal.costs.unknown", at=at, key=f"{name}.{key}", names=", ".join(KEYS)))
                elif key == "hours" and not _is_hours(value):
                    problems.append(said("refusal.costs.hours", at=at, key=f"{name}.{key}", value=value))
                elif key == "source" and not isinstance(value, str):
                    problems.append(said("refusal.costs.source", at=at, key=f"{name}.{key}"))
                else:
                    kept[key] = float(value) if key == "hours" else " ".join(value.split())
            costs[name] = Cost(**kept)
    if problems:
        raise InputError(problems)
    return costs


def _place(file: Path, written: str, table: str, key: str = "") -> str:
    """Return where a table of a file, or a key of it, stands: ``FILE:LINE:COLUMN``."""
    lines = written.splitlines()
    header = re.compile(rf"""\s*(?:\[\s*)?["']?{re.escape(table)}["']?\s*[\].=]""")
    start = next((place for place, line in enumerate(lines) if header.match(line)), 0)
    name = re.compile(rf"""["']?{re.escape(key)}["']?\s*=""")
    for place in range(start, len(lines)) if key else ():
        found = name.search(lines[place])
        if found:
            return f"{file}:{place + 1}:{found.start() + 1}"
    column = len(lines[start]) - len(lines[start].lstrip()) if lines else 0
    return f"{file}:{start + 1}:{column + 1}"


def _is_hours(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= MOST_HOURS


def hours_of(resolved: Mapping[str, Any], costs: Costs, n_leaders: float) -> Hours:
    """Return what a launch takes.

    Parameters
    ----------
    resolved : mapping
        The resolved scenario.
    costs : mapping
        Hours by what they are for.
    n_leaders : float
        How many lead others.
    """
    n, launch = float(resolved["organization"]["employees"]), resolved["launch"]
    leaders = costs["leaders"].hours * n_leaders * float(_at_the_end(resolved, "leadership.participation"))
    once = costs["training"].hours * n * float(launch["training"])
    once += costs["campaign"].hours * float(launch["campaign"]["weeks"])
    weekly = costs["champions"].hours * n * float(launch["champions"]["share"])
    weekly += costs["moderation"].hours * float(bool(_at_the_end(resolved, "rules.moderation")))
    return Hours(once, weekly + leaders, leaders)


def _at_the_end(resolved: Mapping[str, Any], path: str) -> Any:
    """Return what is set in the end, after all changes that are for everybody."""
    section, key = path.split(".")
    for change in reversed(resolved.get("changes") or []):
        if path in change["set"] and not change.get("departments"):
            return change["set"][path]
    return resolved[section][key]


# The page for the board: what to choose and why, what it takes, what to watch, and what is not known; one A4.
#
# What it says is what the tables say: it has no numbers of its own but hours, which come from the table of costs.

CHANGES = "changes"
MOST_SETTINGS = 4
"""Settings of a launch that are told; of more, their number is."""
WATCHED = ("weekly_readers", "weekly_posters", "monthly_active")
WATCH_WEEKS = (1, 2, 4, 6, 8)
LOWEST = 0.1
"""Below what this share of the worlds stays under it is time to worry."""
FEWEST_FOR_LOWEST = 20
"""With fewer worlds (or runs) the lowest tenth is one or two of them, and no value to worry at."""
FAR_OFF = 2.0
"""From so many tolerances on (see `Target.tolerance`) a number is called far off a published one."""
SAME_IN_RUNS = ("readers", "active", "top_share")
"""Observables that are an outcome as it is, and that any organization can be compared in."""
NOTHING = 1e-12
HARDLY_MATTERS = ("differs slightly", "alike", "same")


def board_page(known: Known, costs: Costs) -> Iterator[Block]:
    """Yield what a board needs, and no more than a page has room for."""
    language = known.language
    yield from unfinished(language, known.stored.manifest, len(known.stored.runs), len(known.stored.failures))
    yield Paragraph(_recommended(known), "alert")
    decisive = _decisive(known)
    yield Bullets([*_how_sure(known), *_what_would_change(known, decisive)])
    yield _launches(known, costs)
    yield Paragraph(_what_it_takes(costs, language), "note")
    yield from _watch(known)
    yield from _benchmarks(known)
    yield Facts([(text(language, "board.alive_title"), _alive(known)), *_unknown(known)])


def picked(known: Known) -> str:
    """Return the launch that the page is about: the one that is ahead, or else the one with the best mean."""
    if len(known.leaders) == 1:
        return known.leaders[0]
    return in_order(known)[0]


def in_order(known: Known) -> list[str]:
    """Return the launches, the best mean first; as given where neither more nor less is better."""
    better = OUTCOME_BY_NAME[known.outcome].better
    if not better:
        return known.names
    means = {name: better * known.mean(name, known.outcome) for name in known.names}
    return sorted(known.names, key=lambda name: math.inf if math.isnan(means[name]) else -means[name])


# --- what to choose ---------------------------------------------------------------------------------------------------


def _recommended(known: Known) -> str:
    """Say which launch to choose and why, or that none is clearly the one."""
    language, reason = known.language, answer(known)
    if len(known.names) == 1:
        return f"{text(language, 'board.alone')} {reason}"
    if not OUTCOME_BY_NAME[known.outcome].better:
        return f"{text(language, 'board.no_direction')} {reason}"
    if len(known.names) == 2 and _hardly_matters(known.main[0]):
        return f"{text(language, 'board.alike')} {reason}"
    if len(known.leaders) == 1:
        return text(language, "board.choose", name=quoted(known.leaders[0]), reason=reason[:1].lower() + reason[1:])
    if len(known.leaders) < len(known.names):
        return f"{text(language, 'board.open_among', names=known.names_listed(known.leaders))} {reason}"
    return f"{text(language, 'board.open')} {reason}"


def _hardly_matters(row: Difference) -> bool:
    """Say whether it hardly matters which of two is chosen: the difference is small, or typically none at all."""
    spread = row.paired.spread
    is_typically_none = row.verdict().kind == "differs" and spread is not None and abs(spread.median) < NOTHING
    return row.verdict().kind in HARDLY_MATTERS or is_typically_none


def _how_sure(known: Known) -> Iterator[tuple[str, str]]:
    """Yield in how many worlds (or runs) the launch that the page is about is the best one."""
    language = known.language
    if len(known.names) == 1 or not OUTCOME_BY_NAME[known.outcome].better:
        return
    name = picked(known)
    if len(known.names) == 2:
        paired = known.main[0].paired
        share, n = _share_ahead(known, name), paired.n
        effective = paired.n if paired.spread is None else paired.spread.effective
    else:
        ranking = next(each for each in known.study.rankings if each.outcome == known.outcome)
        share, n = ranking.ranks[name].share_first, ranking.n_units
        effective = n
    if math.isnan(share) or not n:
        return
    low, high = (per_hundred(end, language) for end in wilson(share, effective))
    facts = {"name": quoted(name), "share": per_hundred(share, language), "n": n, "low": low, "high": high}
    key = "board.sure_worlds" if known.is_over_worlds else "board.sure_runs"
    yield text(language, "board.sure_title"), text(language, key, **facts)


def _pair(known: Known) -> tuple[str, str] | None:
    """Return the launch that the page is about and the one that comes next."""
    if len(known.names) == 1:
        return None
    first = picked(known)
    return first, next(name for name in in_order(known) if name != first)


def _decisive(known: Known) -> Decisive | None:
    """Return what decides between the first launch and the next; None where there are no worlds."""
    pair, worlds = _pair(known), known.study.found.worlds
    return None if pair is None or worlds is None else worlds.decisive(*pair, known.outcome)


def _what_would_change(known: Known, decisive: Decisive | None) -> Iterator[tuple[str, str]]:
    language, title = known.language, text(known.language, "board.change_title")
    pair = _pair(known)
    if pair is None:
        yield title, text(language, "board.change_alone")
        return
    if decisive is None:
        yield title, text(language, "board.change_defaults")
        return
    worlds, keys = known.study.found.worlds, _answered(known)
    if worlds is not None and keys and what_turns(worlds, keys, *pair, known.outcome)[0].deciders:
        yield title, " ".join(line.removeprefix("- ") for line in _find_out(known, keys)[:2])
        return
    lines = decides_lines(
        quoted(pair[0]), quoted(pair[1]), known.outcome, decisive, language, has_keys=False,
        name_of=lambda key: in_plain_words(key, language),
    )  # fmt: skip
    if not lines:
        yield title, text(language, "board.change_nothing", a=quoted(pair[0]), b=quoted(pair[1]))
        return
    yield title, " ".join(line.removeprefix("- ") for line in lines[:2])


def in_plain_words(key: str, language: str) -> str:
    """Return what an unknown is about, as a board speaks of it; in the registry's words what no set varies."""
    if key in {question.key for question in questions()}:
        return short_name(key, language)
    section, _, name = key.partition(".")
    if section == "behavior":
        return text(language, f"board.people.{name}")
    return meaning_of(PARAMETER_BY_PATH[key], language).rstrip(".")


# --- the launches -----------------------------------------------------------------------------------------------------


def _launches(known: Known, costs: Costs) -> Table:
    """Return what differs between the launches: settings, results, hours."""
    language = known.language
    ranking = next((each for each in known.study.rankings if each.outcome == known.outcome), None)
    pair = known.main[0] if len(known.names) == 2 else None
    told = _settings(known)
    rows = []
    for name in in_order(known):
        arm = next(arm for arm in known.study.plan.arms if arm.name == name)
        rank = NOT_RANKED if ranking is None else ranking.ranks[name]
        first = rank.share_first if pair is None else _share_ahead(known, name)
        hours = [hours_of(each, costs, n_leaders(known, name)) for each in _ends_of_answers(known, arm)]
        cells = [cell_text(known.outcome, known.intervals[name, known.outcome], language)]
        if len(known.names) > 1:
            cells.append(MISSING if math.isnan(first) else percent(first, 0, language))
        if len(known.names) > 2:
            ends = [number(end, 0, language) for end in (rank.low, rank.high)]
            cells.append(MISSING if math.isnan(rank.low) else "–".join(dict.fromkeys(ends)))
        cells += [
            cell_text("monthly_readers", known.intervals[name, "monthly_readers"], language),
            per_hundred(known.mean(name, "alive"), language),
            *(_from_to(each, language) for each in zip(*hours, strict=True)),
        ]
        rows.append(Row(quoted(name), cells, told[name]))
    headers = [text(language, "board.column.launch"), f">{capital(label(known.outcome, language))}"]
    if len(known.names) > 1:
        headers.append(f">{text(language, 'report.column.best_with')}")
    if len(known.names) > 2:
        headers.append(f">{text(language, 'report.column.places')}")
    headers += [
        f">{capital(label('monthly_readers', language))}",
        *(f">{text(language, f'board.column.{name}')}" for name in ("alive", "once", "weekly", "leaders")),
    ]
    units = "worlds" if known.is_over_worlds else "runs"
    caption = text(language, f"board.launches_{units}", weeks=known.n_weeks)
    return Table(caption, headers, [Rows("", rows)], is_compact=True)


def _ends_of_answers(known: Known, arm: Arm) -> list[Mapping[str, Any]]:
    """Return a launch with all answers at their low, and all at their high end: itself where none are drawn over."""
    ranges = (known.stored.manifest.get("experiment") or {}).get(ANSWERS, {}).get("ranges", {})
    kept = kept_in(arm, list(ranges))
    drawn = {key: ends for key, ends in ranges.items() if key not in kept and key in _answered(known)}
    return [Overlay(arm.resolved, {key: [ends[side]] for key, ends in drawn.items()}).at(0) for side in (0, 1)]


def _from_to(ends: Sequence[float], language: str) -> str:
    """Return whole numbers from the one end to the other, or the one number that both are."""
    return "–".join(dict.fromkeys(number(end, 0, language) for end in ends))


def _share_ahead(known: Known, name: str) -> float:
    """Return the share of worlds (or pairs) in which one of two launches is the better one."""
    (row,) = known.main
    a, b = row.paired.shares
    better = OUTCOME_BY_NAME[known.outcome].better
    return math.nan if not better else a if (name == row.a) == (better > 0) else b


def _settings(known: Known) -> dict[str, str]:
    """Return what sets each launch apart, in words: of two all that differs, of more what most of them do not do."""
    language = known.language
    each = {arm.name: settings_in(arm.resolved) for arm in known.study.plan.arms}
    first = next(iter(each.values()))
    paths = list(dict.fromkeys(path for other in each.values() for path in differing(first, other)))
    usual = {path: Counter(str(settings.get(path)) for settings in each.values()).most_common(1)[0] for path in paths}
    told = {}
    for name, settings in each.items():
        own = [
            path
            for path in paths
            if path in settings and not (usual[path][1] > 1 and str(settings[path]) == usual[path][0])
        ]
        words = [word for path in own for word in _words_of(path, settings[path], language)]
        more = len(words) - MOST_SETTINGS
        if more > 0:
            words = [*words[:MOST_SETTINGS], text(language, "board.more_settings", n=more)]
        told[name] = "; ".join(words) or (text(language, "board.usual_settings") if paths else "")
    return told


def _words_of(path: str, value: Any, language: str) -> list[str]:
    """Return what is set, in words; of changes on the way what changes, and from which week on."""
    if path != CHANGES:
        return [setting_words(path, value, language)]
    if not value:
        return [text(language, "board.nothing_changes")]
    told = []
    for change in value:
        new = {key: each for key, each in change["set"].items() if not isinstance(each, Mapping)}
        whole = {key: each for key, each in change["set"].items() if isinstance(each, Mapping)}
        words = [setting_words(key, each, language) for key, each in (*whole.items(), *new.items())]
        told.append(text(language, "board.from_week", week=change["week"] + 1, words=", ".join(words)))
    return told


def first_change(known: Known) -> int:
    """Return after how many weeks launches begin to differ, if they differ in nothing but changes on the way; or 0."""
    settings = [settings_in(arm.resolved) for arm in known.study.plan.arms]
    first, *others = settings
    if not others or any(differing(first, other) not in ([], [CHANGES]) for other in others):
        return 0
    changes = [each.get(CHANGES) or [] for each in settings]
    own = [change["week"] for each in changes for change in each if any(change not in other for other in changes)]
    return min(own, default=0)


def n_leaders(known: Known, name: str) -> float:
    """Return how many lead others, the mean over the runs; NaN where the results do not tell."""
    groups = known.tables["groups"]
    arm = next(arm for arm in known.study.plan.arms if arm.name == name)
    if groups.empty:
        return math.nan
    staff = groups[(groups["scenario"] == name) & (groups["grouping"] == "level") & (groups["group"] == "staff")]
    if staff.empty:
        return math.nan
    of_staff = float(means_by(staff, ["group"], ["n_employees"])["n_employees"].iloc[0])
    return max(0.0, float(arm.resolved["organization"]["employees"]) - of_staff)


def _what_it_takes(costs: Costs, language: str) -> str:
    """Say what hours are made of, and where the numbers are from."""

    def parts(names: Sequence[str]) -> str:
        shown = {name: short_number(costs[name].hours, language, 3) for name in names}
        return "; ".join(text(language, f"board.cost.{name}", hours=hours) for name, hours in shown.items())

    sources = [
        text(language, f"board.cost_source.{name}", source=costs[name].source) for name in PARTS if costs[name].source
    ]
    assumed = (
        ""
        if len(sources) == len(PARTS)
        else text(language, "board.assumptions" if sources else "board.all_assumptions")
    )
    told = text(language, "board.takes", once=parts(ONCE), weekly=parts(WEEKLY))
    return " ".join([told, *sources, assumed]).strip()


# --- what to watch ----------------------------------------------------------------------------------------------------


def _watch(known: Known) -> Iterator[Block]:
    """Yield what use is like in the first weeks, and from which value on it is time to worry."""
    language, name = known.language, picked(known)
    series = known.tables["series"]
    series = series[series["scenario"] == name]
    start = first_change(known)
    weeks = [start + week for week in WATCH_WEEKS if start + week <= int(series["week"].max())]
    outcomes = [outcome for outcome in WATCHED if outcome in series]
    if not outcomes or not weeks:
        return
    rows, n_units = [], int(series.groupby("week").size().max())
    for outcome in outcomes:
        cells = []
        for week in weeks:
            of_week = series[series["week"] == week]
            weights = of_week[WEIGHT_OF_RUN].to_numpy() if WEIGHT_OF_RUN in of_week else np.ones(len(of_week))
            units = units_of(of_week[outcome].to_numpy(dtype=float), None, weights)
            lowest, middle = quantiles(units, LOWEST, 0.5)
            shown = value_text(outcome, middle, language)
            if units.n >= FEWEST_FOR_LOWEST:
                shown += f" ({value_text(outcome, lowest, language) if lowest > 0 else MISSING})"
            cells.append(shown)
        rows.append(Row(capital(label(outcome, language)), cells))
    headers = [text(language, "board.column.share_of_staff")]
    headers += [f">{text(language, 'board.column.week', week=week)}" for week in weeks]
    units_name = "worlds" if known.is_over_worlds else "runs"
    key = f"board.watch_{units_name}" if n_units >= FEWEST_FOR_LOWEST else "board.watch_few"
    yield Table(text(language, key, name=quoted(name), n=n_units), headers, [Rows("", rows)], is_compact=True)


# --- beside what is published -----------------------------------------------------------------------------------------


def benchmarks() -> list[tuple[str, Target]]:
    """Return the published levels that any organization can be compared with, each with the outcome it is about."""
    found = [target for target in load_targets() if target.observable in SAME_IN_RUNS and target.read == "read"]
    return [(OBSERVABLES[target.observable].outcomes[0], target) for target in found if target.is_used]


def _benchmarks(known: Known) -> Iterator[Block]:
    """Yield published numbers beside those of the launch, with a remark where these are far off."""
    language, name = known.language, picked(known)
    rows = []
    for outcome in dict.fromkeys(outcome for outcome, _ in benchmarks()):
        if outcome not in known.stored.outcomes:
            continue
        ours = known.mean(name, outcome)
        told, remarks = [], []
        for target in (target for each, target in benchmarks() if each == outcome):
            published = percent(target.value, 0, language)
            source = text(language, f"board.source.{target.row}")
            told.append(text(language, "board.published", value=published, source=source))
            remarks.append(_remark(ours, target, published, language))
        remark = "; ".join(filter(None, remarks)) or _in_line(ours, language)
        rows.append(
            Row(capital(label(outcome, language)), [value_text(outcome, ours, language), "; ".join(told), remark])
        )
    if rows:
        headers = [text(language, "board.column.at_the_end"), f">{quoted(name)}"]
        headers += [text(language, f"board.column.{column}") for column in ("published", "remark")]
        yield Table(text(language, "board.benchmarks"), headers, [Rows("", rows)], is_compact=True)


def is_far_off(ours: float, target: Target) -> int:
    """Say whether a number is far below (-1) or above (1) a published one, or not (0)."""
    if math.isnan(ours):
        return 0
    error = ours - target.value
    return 0 if abs(error) <= FAR_OFF * target.tolerance else 1 if error > 0 else -1


def _remark(ours: float, target: Target, published: str, language: str) -> str:
    side = is_far_off(ours, target)
    return text(language, "board.far_above" if side > 0 else "board.far_below", value=published) if side else ""


def _in_line(ours: float, language: str) -> str:
    return MISSING if math.isnan(ours) else text(language, "board.in_line")


# --- words and what is not known --------------------------------------------------------------------------------------


def _alive(known: Known) -> str:
    language = known.language
    shares = dict.fromkeys(float(arm.resolved["run"]["critical_share"]) for arm in known.study.plan.arms)
    critical = "/".join(percent(share, 1, language) for share in shares)
    return text(language, "board.alive", weeks=FINAL_WEEKS, critical=critical)


def _unknown(known: Known) -> Iterator[tuple[str, str]]:
    """Yield what the organization does not know about itself, what would change the advice most first."""
    language, title = known.language, text(known.language, "board.unknown_title")
    keys = _answered(known)
    if known.study.found.worlds is None or not keys:
        yield title, text(language, "board.unknown_not_asked")
    elif _pair(known) is None:
        yield title, text(language, "board.unknown_alone")
    else:
        yield title, " ".join(line.removeprefix("- ") for line in _find_out(known, keys))


def _answered(known: Known) -> tuple[str, ...]:
    """Return the keys that answers to the questionnaire set."""
    return answered_keys(known.stored.manifest.get("factors", ()))


def _find_out(known: Known, keys: Sequence[str]) -> list[str]:
    """Return what to find out first, in words; there are two launches, and worlds."""
    pair, worlds = _pair(known), known.study.found.worlds
    assert pair is not None
    assert worlds is not None
    a, b = ((name, quoted(name)) for name in pair)
    return find_out_lines(worlds, keys, a, b, known.outcome, known.language)
