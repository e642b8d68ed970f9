"""From what exports count in some days to weeks since the launch."""

from __future__ import annotations

import datetime
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sim.errors import InputError
from sim.exports.usage.log_lines import Act
from sim.exports.usage.reading import Count, UsageFile
from sim.words import Said, said

WEEK, MONTH, EVER = "week", "month", "ever"
"""How many days a figure is about."""
_ORDER = {name: place for place, name in enumerate(("readers", "posters", "active", "members", "posts"))}
_SPANS = {7: WEEK, 28: MONTH, 30: MONTH}
FEWEST_DAYS = 5
"""Days of a week that must be there: those on which people work."""


class Figure(NamedTuple):
    """One number about one week."""

    name: str  # ``readers``, ``posters``, ``active``, ``members`` or ``posts``
    span: str  # what the number is about: the `WEEK`, the `MONTH` that ends with it, or all time so far (`EVER`)
    week: int  # week since the launch, from 1
    value: float  # people or posts; a share of staff where `is_share`
    is_share: bool
    kind: str  # which export it is from, as `UsageFile.kind`
    slack: float  # as `Count.slack`
    where: str  # file and line, for messages


class Usage(NamedTuple):
    """What an organization's platform showed."""

    figures: tuple[Figure, ...]  # by name, span and week; a week without a figure is not known
    files: tuple[str, ...]
    kinds: tuple[str, ...]  # which exports they are
    launch: datetime.date | None  # first day of week 1; None where the files count in weeks
    notes: tuple[Said, ...]  # what was done to read it

    @property
    def last_week(self) -> int:
        """The last week that something is known of."""
        return max(figure.week for figure in self.figures)


def in_weeks(files: Sequence[UsageFile], launch: datetime.date | None = None, n_weeks: int | None = None) -> Usage:
    """Return what several files say about each week since the launch, of which their weeks may overlap.

    The launch, if left out, is the first day of the files, with a note; `n_weeks` are all.

    Raises
    ------
    InputError
        If nothing is about a week after the launch, or files contradict each other.
    """
    notes = [said("staff.at", where=file.name, message=note) for file in files for note in file.notes]
    is_dated = any(file.days or any(count.end is not None for count in file.counts) for file in files)
    if launch is None and is_dated:
        launch = _first_day(files)
        notes.append(said("usage.note.launch", date=launch.isoformat()))
    found: dict[tuple[str, str, int], Figure] = {}
    wrong: list[Said] = []
    for file in _merged(files):
        for figure in _figures(file, launch, notes):
            if figure.week < 1 or (n_weeks is not None and figure.week > n_weeks):
                continue
            key = figure.name, figure.span, figure.week
            before = found.get(key)
            if before is not None and before.slack == figure.slack and before.value != figure.value:
                other = said("usage.contradicts", figure=figure.name, week=figure.week, where=before.where)
                wrong.append(said("staff.at", where=figure.where, message=other))
            elif before is None or figure.slack < before.slack:
                found[key] = figure
    if wrong:
        raise InputError(wrong)
    if not found:
        names = ", ".join(file.name for file in files)
        raise InputError(said("staff.at", where=names, message=said("usage.no_weeks")))
    figures = tuple(
        sorted(found.values(), key=lambda one: (_ORDER[one.name], (WEEK, MONTH, EVER).index(one.span), one.week))
    )
    if min(figure.week for figure in figures) > LATE:
        notes.append(said("usage.note.late", week=min(figure.week for figure in figures)))
    kinds = tuple(dict.fromkeys(file.kind for file in files))
    return Usage(figures, tuple(file.name for file in files), kinds, launch, tuple(dict.fromkeys(notes)))


LATE = 12
"""A first week later than this is probably one of the calendar."""


def _first_day(files: Sequence[UsageFile]) -> datetime.date:
    days = [act.day for file in files for act in file.days]
    for file in files:
        for count in file.counts:
            if count.end is not None and count.days <= 30:
                days.append(count.end - datetime.timedelta(days=max(count.days, 1) - 1))
    if not days:
        days = [count.end for file in files for count in file.counts if count.end is not None]
    return min(days)


def _merged(files: Sequence[UsageFile]) -> list[UsageFile]:
    """Return the files, those of one kind with a line a day as one, since the days of a week may lie in several."""
    merged: dict[str, UsageFile] = {}
    found = []
    for file in files:
        if file.kind not in ("slack", "mattermost", "daily"):
            found.append(file)
        elif file.kind in merged:
            before = merged[file.kind]
            merged[file.kind] = before._replace(counts=before.counts + file.counts, days=before.days + file.days)
        else:
            merged[file.kind] = file
    return found + list(merged.values())


def _week_of(day: datetime.date, launch: datetime.date | None) -> int:
    """Return the week of a day, from 1; below that before the launch."""
    return (day - (launch or day)).days // 7 + 1


def _figures(file: UsageFile, launch: datetime.date | None, notes: list[Said]) -> Iterable[Figure]:
    if file.days:
        yield from _of_acts(file, launch, notes)
    by_day: dict[str, dict[datetime.date, Count]] = defaultdict(dict)
    for count in file.counts:
        if count.week is not None:
            yield _figure(count, WEEK if count.figure != "members" else EVER, count.week, file.kind)
        elif count.end is not None and count.days == 1:
            before = by_day[count.figure].get(count.end)
            if before is not None and before.value != count.value:
                message = said("usage.contradicts_day", date=count.end.isoformat(), where=before.where)
                raise InputError(said("staff.at", where=count.where, message=message))
            by_day[count.figure][count.end] = count
        elif count.end is not None and count.days > 1:
            yield from _of_period(count, launch, file.kind, notes)
    yield from _of_members(
        [count for count in file.counts if count.days == 0 and count.week is None], launch, file.kind
    )
    for figure, found in by_day.items():
        yield from _of_days(figure, found, launch, file.kind, notes)


def _figure(count: Count, span: str, week: int, kind: str, value: float | None = None, slack: float = 0.0) -> Figure:
    value = count.value if value is None else value
    return Figure(count.figure, span, week, value, count.is_share, kind, max(slack, count.slack), count.where)


def _of_period(count: Count, launch: datetime.date | None, kind: str, notes: list[Said]) -> Iterable[Figure]:
    """Yield what a report on the last 7, 30, 90 or 180 days says: of the week that it covers most of, or all time."""
    assert count.end is not None
    n_days = (count.end - (launch or count.end)).days + 1
    week = math.floor(n_days / 7 + 0.5)
    span = _SPANS.get(count.days, EVER)
    if span == EVER and count.days < n_days:
        notes.append(said("usage.note.too_long", days=count.days, date=count.end.isoformat()))
        return
    if count.figure == "posts" and span != WEEK:
        return
    if span == EVER and count.figure == "active":
        return
    if n_days % 7 and week >= 1 and span == WEEK:
        notes.append(said("usage.note.shifted", date=count.end.isoformat(), week=week))
    yield _figure(count, span, week, kind)


def _of_members(counts: Sequence[Count], launch: datetime.date | None, kind: str) -> Iterable[Figure]:
    """Yield how many were members at the end of each week, until the last day that is known."""
    dated = sorted((count for count in counts if count.end is not None), key=lambda count: str(count.end))
    if not dated or launch is None:
        return
    last = dated[-1].end
    assert last is not None
    for week in range(1, _week_of(last, launch) + 1):
        end = launch + datetime.timedelta(days=7 * week - 1)
        # A weekend without anybody who joins is no reason to leave its week out.
        if end <= last + datetime.timedelta(days=2):
            so_far = [count for count in dated if count.end is not None and count.end <= end]
            if so_far:
                yield _figure(so_far[-1], EVER, week, kind)


def _of_days(
    figure: str, found: dict[datetime.date, Count], launch: datetime.date | None, kind: str, notes: list[Said]
) -> Iterable[Figure]:
    """Yield the weeks of counts of days: posts add up; people who came on several days would be counted several times.

    Those of a week are at least as many as on its fullest day, and at most the sum of its days. The middle of the two,
    on a logarithmic scale, stands for them, and a quarter of the distance is what is not known.
    """
    by_week: dict[int, list[Count]] = defaultdict(list)
    for day, count in found.items():
        by_week[_week_of(day, launch)].append(count)
    for week, counts in sorted(by_week.items()):
        if len(counts) < FEWEST_DAYS:
            notes.append(
                said("usage.note.days_missing", figure=said(f"usage.figure.{figure}"), week=week, n=len(counts))
            )
            continue
        values = [count.value for count in counts]
        total, most = sum(values), max(values)
        if figure == "posts" or total == 0.0:
            yield _figure(counts[0], WEEK, week, kind, total)
        else:
            yield _figure(counts[0], WEEK, week, kind, math.sqrt(total * most), math.log(total / most) / 4.0)


def _of_acts(file: UsageFile, launch: datetime.date | None, notes: list[Said]) -> Iterable[Figure]:
    """Yield the weeks and months of an export with a line a person and day."""
    by_week: dict[int, list[Act]] = defaultdict(list)
    for act in file.days:
        by_week[_week_of(act.day, launch)].append(act)
    days = {week: len({act.day for act in acts}) for week, acts in by_week.items()}
    for week in sorted(by_week):
        if week >= 1 and days[week] < FEWEST_DAYS:
            notes.append(said("usage.note.days_missing", figure=said("usage.figure.all"), week=week, n=days[week]))
    for week, acts in sorted(by_week.items()):
        if days[week] < FEWEST_DAYS or week < 1:
            continue
        month = [week - back for back in range(4)]
        spans = [(WEEK, acts)]
        if all(one < 1 or days.get(one, 0) >= FEWEST_DAYS for one in month):
            spans.append((MONTH, [act for one in month if one >= 1 for act in by_week[one]]))
        for span, within in spans:
            readers = {act.who for act in within if act.has_read}
            posters = {act.who for act in within if act.n_posts}
            active = posters | {act.who for act in within if act.n_reactions}
            for name, people in (("readers", readers), ("posters", posters), ("active", active)):
                yield Figure(name, span, week, float(len(people)), False, file.kind, 0.0, file.name)
