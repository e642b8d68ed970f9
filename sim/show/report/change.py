"""What would change the answer: what the scenarios differ in, what the runs say about it, and what was not tried."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sim.show.report.blocks import Block, Bullets, Row, Rows, Table
from sim.show.report.known import Known, quoted
from sim.study.analysis import Difference
from sim.study.columns import Value, flatten
from sim.study.wording import OUTCOME_BY_NAME, label
from sim.study.world_sets import OWN, PRIOR
from sim.texts import per_hundred, percent, short_number, text, typed

NOT_SETTINGS = ("name", "description", "run.replications", "run.seed")
MOST_NAMED = 5
LOUD = ("differs", "differs slightly")


def what_would_change(known: Known) -> list[Block]:
    """Return what would change the answer, as far as the results say it."""
    items = list(_items(known))
    return [Bullets(items)]


def _items(known: Known) -> Iterator[tuple[str, str]]:
    language = known.language
    command = compare_command(known)
    if len(known.names) == 1:
        yield text(language, "report.change.alone_title"), text(language, "report.change.alone")
    if known.is_over_worlds:
        yield from _luck_or_world(known)
        yield from _other_sign(known)
    if known.is_over_worlds:
        source = known.study.world_source
        key = source if source in (PRIOR, OWN) else "calibrated"
        yield text(language, "report.change.source_title"), text(language, f"report.change.source_{key}")
    elif len(known.names) > 1:
        yield (
            text(language, "report.change.people_title"),
            text(language, "report.change.people", command=command),
        )
    yield from _other_outcomes(known)
    yield from _more_runs(known)
    yield text(language, "report.change.organization_title"), text(language, _organization_key(known))
    yield text(language, "report.change.levers_title"), text(language, "report.change.levers")


def _organization_key(known: Known) -> str:
    return "report.change.own_organization" if known.is_own_staff else "report.change.organization"


def compare_command(known: Known) -> str:
    """Return the comparison as one would type it, without its options."""
    words = list(known.stored.manifest["command"][2:])
    options = [place for place, part in enumerate(words) if part.startswith("-")]
    given = words[: options[0]] if options else words
    return typed("intranet-sim", "compare", *(given if len(given) == len(known.names) else known.names))


def _luck_or_world(known: Known) -> Iterator[tuple[str, str]]:
    """Yield what luck and what ignorance do: for one pair of scenarios, or for each of several in one sentence."""
    language = known.language
    rows = [row for row in known.main if row.over_worlds is not None and not row.over_worlds.reason]
    if not rows:
        return
    luck = [percent(row.over_worlds.luck, 0, language) for row in rows if row.over_worlds is not None]
    if len(known.names) == 2:
        (row,) = rows
        assert row.over_worlds is not None
        worlds = percent(row.over_worlds.worlds, 0, language)
        told = text(language, "report.change.split", luck=luck[0], worlds=worlds, a=quoted(row.a), b=quoted(row.b))
    else:
        shares = ", ".join(f"{quoted(row.b)} {share}" for row, share in zip(rows, luck, strict=True))
        told = text(language, "report.change.split_many", a=quoted(rows[0].a), shares=shares)
    yield text(language, "report.change.split_title"), told


def _other_sign(known: Known) -> Iterator[tuple[str, str]]:
    """Yield in how many worlds a difference has the other sign than on average, and how to look for these."""
    language = known.language
    rows = [row for row in known.main if row.paired.n and _other_share(row)]
    if not rows:
        return
    shares = [per_hundred(_other_share(row), language) for row in rows]
    asked = next((row for row in rows if row.b in known.leaders), rows[0])
    sign = "<" if asked.paired.mean > 0 else ">"
    question = ("--when", f"{asked.outcome} {sign} 0", "--difference", asked.a, asked.b)
    command = typed("intranet-sim", "discover", Path(known.stored.folder.name), *question)
    if len(known.names) == 2:
        names = {"a": quoted(asked.a), "b": quoted(asked.b)}
        told = text(language, "report.change.reverse", n=shares[0], command=command, **names)
    else:
        listed = ", ".join(f"{quoted(row.b)} {share}" for row, share in zip(rows, shares, strict=True))
        told = text(language, "report.change.reverse_many", a=quoted(asked.a), shares=listed, command=command)
    yield text(language, "report.change.reverse_title"), told


def _other_share(row: Difference) -> float:
    """Return the share of the worlds in which the difference has not the sign of the mean."""
    return row.paired.shares[1 if row.paired.mean > 0 else 0]


def _other_outcomes(known: Known) -> Iterator[tuple[str, str]]:
    """Yield the outcomes in which another scenario is better than the one that is ahead."""
    if len(known.names) != 2 or len(known.leaders) != 1:
        return
    language, leader = known.language, known.leaders[0]
    judged = [row for row in known.study.differences if OUTCOME_BY_NAME[row.outcome].better != 0]
    against = []
    for row in judged:
        if row.verdict().kind not in LOUD:
            continue
        better = row.a if (row.paired.mean > 0) == (OUTCOME_BY_NAME[row.outcome].better > 0) else row.b
        if better != leader:
            against.append(label(row.outcome, language))
    title = text(language, "report.change.other_title")
    n = len(judged)
    other = next(name for name in known.names if name != leader)
    if not against:
        yield title, text(language, "report.change.other_none", name=quoted(leader), other=quoted(other), n=n)
        return
    named = ", ".join(against[:MOST_NAMED]) + (", …" if len(against) > MOST_NAMED else "")
    yield title, text(language, "report.change.other", other=quoted(other), k=len(against), n=n, outcomes=named)


def _more_runs(known: Known) -> Iterator[tuple[str, str]]:
    """Yield whether more runs could change the answer."""
    language = known.language
    if len(known.names) == 1:
        return
    title = text(language, "report.change.luck_title")
    if len(known.names) > 2 and len(known.leaders) > 1:
        yield title, text(language, "report.change.luck_unsure_many", names=known.names_listed(known.leaders))
        return
    unsure = [row for row in known.main if row.verdict().kind == "cannot tell"] if len(known.names) == 2 else []
    key = "unsure" if unsure else "settled"
    names = known.names_listed([row.b for row in unsure]) if unsure else ""
    units = "worlds" if known.is_over_worlds else "runs"
    yield title, text(language, f"report.change.luck_{key}_{units}", names=names, a=quoted(known.names[0]))


def settings_table(known: Known) -> Iterator[Block]:
    """Yield what the scenarios differ in; nothing for one scenario."""
    if len(known.names) == 1:
        return
    language = known.language
    flats = {arm.name: flatten(arm.resolved) for arm in known.study.plan.arms}
    keys = dict.fromkeys(key for flat in flats.values() for key in flat if key not in NOT_SETTINGS)
    differing = [key for key in keys if len({str(flat.get(key)) for flat in flats.values()}) > 1]
    if len(known.names) <= 4:
        rows = [Row(key, [_setting(flat.get(key), language) for flat in flats.values()]) for key in differing]
        headers = [text(language, "report.column.setting"), *(f">{quoted(name)}" for name in flats)]
        groups = [Rows("", rows)]
    else:
        headers = [text(language, "report.column.scenario"), f">{text(language, 'report.column.value')}"]
        groups = [
            Rows(key, [Row(quoted(name), [_setting(flat.get(key), language)]) for name, flat in flats.items()])
            for key in differing
        ]
    if differing:
        yield Table(text(language, "report.settings_caption"), headers, groups)


def _setting(value: Value, language: str) -> str:
    if value is None:
        return text(language, "number.missing")
    if isinstance(value, bool):
        return text(language, "explain.yes" if value else "explain.no")
    if isinstance(value, int | float):
        return short_number(value, language)
    return str(value)
