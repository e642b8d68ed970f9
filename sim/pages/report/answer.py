"""The first page: the question, the answer with its uncertainty, and in how many of a hundred runs it holds."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sim.analysis.comparison import NOT_RANKED, Difference, Rank
from sim.analysis.statistics import FEWEST_PAIRS, wilson
from sim.analysis.verdict import about, run_sentence
from sim.analysis.wording import (
    MISSING,
    OUTCOME_BY_NAME,
    difference_number,
    label,
    phrase_for,
    smallest_interesting,
    unit_text,
)
from sim.experiments.points import DEFAULTS, INTERVIEWS
from sim.figures.summary import means_by
from sim.pages.report.basis import (
    Known,
    capital,
    cell_text,
    difference_cell,
    ends_text,
    interval_words,
    listed,
    peak_week,
    quoted,
    value_with_unit,
)
from sim.words import number, per_hundred, percent, text
from sim.words.blocks import Block, Counts, Facts, Paragraph, Row, Rows, Table

MOST_NAMED = 4
"""More scenarios than this are counted, not named, in a sentence."""

LOUD = ("differs", "differs slightly")


def question(known: Known) -> list[Block]:
    """Return what was asked, and what each scenario is in its own words."""
    language = known.language
    if len(known.names) == 1:
        asked = text(language, "report.question_one", name=quoted(known.names[0]))
    else:
        phrase = phrase_for(known.outcome, language)
        wanted = phrase.less if OUTCOME_BY_NAME[known.outcome].better < 0 else phrase.more
        if len(known.names) > MOST_NAMED:
            n = len(known.names) - 1
            asked = text(language, "report.question_many", phrase=wanted, name=quoted(known.names[0]), n=n)
        else:
            names = ", ".join(map(quoted, known.names[:-1]))
            asked = text(language, "report.question", phrase=wanted, names=names, last=quoted(known.names[-1]))
    blocks: list[Block] = [Paragraph(asked, "lead")]
    described = [(quoted(arm.name), str(arm.resolved.get("description") or "")) for arm in known.study.plan.arms]
    told = [(name, said) for name, said in described if said]
    if told and len(known.names) <= MOST_NAMED:
        blocks.append(Facts(told))
    return blocks


def answer(known: Known) -> str:
    """Return the answer: what came out."""
    if len(known.names) == 1:
        return _answer_one(known)
    if len(known.names) == 2:
        return _answer_two(known, known.main[0])
    return _answer_many(known)


def covers(known: Known) -> str:
    """Say what the numbers are on average where the answer is about worlds, and what intervals cover."""
    if len(known.names) == 2 and _is_told_in_worlds(known, known.main[0]):
        return f"{_average(known, known.main[0])} {_covers(known)}"
    return _covers(known)


def _answer_one(known: Known) -> str:
    language, name = known.language, known.names[0]
    if known.is_over_worlds:
        sentence = run_sentence(known.study, known.outcome, language, quoted(name))
        alive = known.intervals[name, "alive"]
        share = percent(alive.mean, 0, language)
        return f"{sentence} {text(language, 'report.answer_alive_worlds', share=share, n=alive.n)}"
    main, readers, alive = (known.intervals[name, which] for which in (known.outcome, "monthly_readers", "alive"))
    first = text(
        language, "report.answer_one", weeks=known.n_weeks, outcome=label(known.outcome, language),
        mean=interval_words(known.outcome, main, language),
        readers=interval_words("monthly_readers", readers, language),
    )  # fmt: skip
    second = text(language, "report.answer_alive", k=round(alive.mean * alive.n), n=alive.n)
    return f"{first} {second if main.n > 1 else text(language, 'report.one_run')}"


def _covers(known: Known) -> str:
    """Say what intervals cover."""
    return text(known.language, "report.covers_worlds" if known.is_over_worlds else "report.covers_luck")


def _is_told_in_worlds(known: Known, row: Difference) -> bool:
    return known.is_over_worlds and row.paired.is_enough and not row.paired.is_same_run


def _answer_worlds(known: Known, row: Difference) -> str:
    """Say what the first line of the comparison says."""
    return capital(row._replace(a=quoted(row.a), b=quoted(row.b)).verdict(known.language).text) + "."


def _average(known: Known, row: Difference) -> str:
    """Say what the two are on average over the worlds."""
    language, outcome = known.language, row.outcome
    means = {
        name: interval_words(outcome, known.intervals[which, outcome], language)
        for name, which in (("value_a", row.a), ("value_b", row.b))
    }
    return text(language, "report.answer_average", a=quoted(row.a), b=quoted(row.b), **means)


def _answer_two(known: Known, row: Difference) -> str:
    """Say which of two is ahead and by how much, or that it cannot be told."""
    if _is_told_in_worlds(known, row):
        return _answer_worlds(known, row)
    language, outcome, paired = known.language, row.outcome, row.paired
    a, b = quoted(row.a), quoted(row.b)
    kind = row.verdict(language).kind
    values = {name: interval_words(outcome, known.intervals[which, outcome], language)
              for name, which in (("value_a", row.a), ("value_b", row.b))}  # fmt: skip
    facts = {"outcome": label(outcome, language), "a": a, "b": b, **values}
    if paired.n == 0:
        return text(language, "report.answer_no_pair", **facts)
    unit = unit_text(outcome, language, is_difference=True)
    facts["size"] = f"{difference_number(outcome, abs(paired.mean), language)} {unit}".strip()
    if kind == "same":
        return text(language, "report.answer_same", n=paired.n, **facts)
    if paired.n == 1:
        return text(language, "report.answer_one_pair", **facts)
    facts["ends"] = ends_text(outcome, paired.low, paired.high, language)
    if kind in LOUD:
        low, high = sorted((abs(paired.low), abs(paired.high)))
        facts["ends"] = ends_text(outcome, low, high, language)
        first = text(language, "report.answer_a_more" if paired.mean > 0 else "report.answer_b_more", **facts)
        small = text(language, "report.answer_small") if kind == "differs slightly" else ""
        return f"{first}{small}"
    if kind == "alike":
        limit = smallest_interesting(outcome)
        size = f"{difference_number(outcome, limit, language)} {unit}".strip()
        return text(language, "report.answer_alike", **{**facts, "size": size})
    return f"{text(language, 'report.answer_unsure', **facts)} {_needed(known, row)}".strip()


def _needed(known: Known, row: Difference) -> str:
    """Say how many more runs or worlds it would take."""
    needed, language = row.paired.replications_needed, known.language
    if math.isnan(needed):
        return ""
    if math.isinf(needed):
        return text(language, "report.needed_never")
    units = text(language, "report.worlds" if known.is_over_worlds else "report.replications")
    return text(language, "report.needed", n=about(max(needed, row.paired.n + 1)), units=units)


def _answer_many(known: Known) -> str:
    language, outcome = known.language, known.outcome
    values = {name: interval_words(outcome, known.intervals[name, outcome], language) for name in known.names}
    ranking = next((each for each in known.study.rankings if each.outcome == outcome), None)
    if ranking is None:
        return text(language, "report.answer_not_ranked", outcome=label(outcome, language))
    first = min(
        known.names, key=lambda name: math.inf if math.isnan(ranking.ranks[name].rank) else ranking.ranks[name].rank
    )
    facts = {"outcome": label(outcome, language), "name": quoted(first), "value": values[first],
             "n": len(known.names)}  # fmt: skip
    beside = _beside_many(known, first)
    if len(known.leaders) == 1:
        share = percent(ranking.ranks[first].share_first, 0, language)
        units = text(language, "report.units_worlds" if known.is_over_worlds else "report.units_replications")
        counted_units = f"{ranking.n_units} {units}"
        told = text(language, "report.answer_first", share=share, units=counted_units, **facts)
        return f"{told} {beside}".strip()
    names = known.names_listed(known.leaders)
    return f"{text(language, 'report.answer_tied', names=names, **facts)} {beside}".strip()


def _beside_many(known: Known, first: str) -> str:
    """Say what the worlds that fit the interviews, and the default values alone, say of the one that comes first."""
    language, told = known.language, ""
    for name, found in known.study.found.beside.items():
        ranking = next((each for each in found.rankings if each.outcome == known.outcome), None)
        if ranking is None or math.isnan(ranking.ranks[first].rank):
            continue
        rank = ranking.ranks[first]
        if name == INTERVIEWS and ranking.n_units >= FEWEST_PAIRS:
            share = percent(rank.share_first, 0, language)
            told += text(language, "report.answer_interviews", name=quoted(first), share=share) + " "
        if name == DEFAULTS and rank.low > 1.0:
            best = min(known.names, key=lambda other: _place(ranking.ranks[other]))
            told += text(language, "report.answer_defaults", name=quoted(first), best=quoted(best)) + " "
    return told


def counts(known: Known) -> Iterator[Block]:
    """Yield in how many of a hundred pairs of runs, and of plausible worlds, the first scenario is ahead of another."""
    language = known.language
    if len(known.names) == 1:
        return
    if len(known.names) == 2:
        items = [_count(known, known.main[0]), _alive_count(known)]
        yield Counts(items if known.is_over_worlds else [*items, _no_worlds(known)])
        return
    yield _order(known)
    if not known.is_over_worlds:
        yield Paragraph(text(language, "report.no_worlds"), "note")


def _count(known: Known, row: Difference) -> tuple[str, str]:
    """Return how often the scenario that is ahead is so, of the units there are."""
    language, paired = known.language, row.paired
    if paired.n == 0:
        return "–", text(language, "report.count_none", a=quoted(row.a), b=quoted(row.b))
    is_less = OUTCOME_BY_NAME[row.outcome].better < 0  # then the first line is about less, too
    is_a = paired.shares[0] <= paired.shares[1] if is_less else paired.shares[0] >= paired.shares[1]
    first, other = (row.a, row.b) if is_a else (row.b, row.a)
    counts = sorted((paired.n_a_greater, paired.n_b_greater))
    reverse, share = min(paired.shares), max(paired.shares)
    low, high = wilson(share, paired.n if paired.spread is None else paired.spread.effective)
    units = "worlds" if known.is_over_worlds else "pairs"
    phrase = phrase_for(row.outcome, language).less if is_less else phrase_for(row.outcome, language).more
    big = text(language, "report.count", n=per_hundred(share, language))
    rest = text(
        language, f"report.count_{units}", first=quoted(first), other=quoted(other), phrase=phrase, k=counts[1],
        n=paired.n, k_other=counts[0], reverse=per_hundred(reverse, language), low=per_hundred(low, language),
        high=per_hundred(high, language),
    )  # fmt: skip
    return big, rest


def _order(known: Known) -> Table:
    """Return the scenarios from best to worst, with how often each is ahead of the first."""
    language, first = known.language, known.names[0]
    ranking = next((each for each in known.study.rankings if each.outcome == known.outcome), None)
    ranks = {} if ranking is None else dict(ranking.ranks)
    pairs = {row.b: row.paired for row in known.main}
    rows = []
    for name in sorted(known.names, key=lambda name: _place(ranks.get(name, NOT_RANKED))):
        rank = ranks.get(name, NOT_RANKED)
        ends = [number(end, 0, language) for end in (rank.low, rank.high)]
        ahead = ""
        if name in pairs and pairs[name].n:
            paired = pairs[name]
            of = text(language, "report.k_of_n", k=paired.n_b_greater, n=paired.n)
            ahead = per_hundred(paired.shares[1], language) + ("" if known.is_over_worlds else f" ({of})")
        cells = [
            cell_text(known.outcome, known.intervals[name, known.outcome], language),
            number(rank.rank, 0, language),
            MISSING if math.isnan(rank.low) else "–".join(ends),
            percent(rank.share_first, 0, language),
            ahead,
            per_hundred(known.mean(name, "alive"), language),
        ]
        rows.append(Row(quoted(name), cells))
    columns = ("mean", "place", "places", "best_with")
    units = "worlds" if known.is_over_worlds else "pairs"
    headers = [
        text(language, "report.column.scenario"),
        *(f">{text(language, f'report.column.{column}')}" for column in columns),
        f">{text(language, f'report.column.ahead_{units}', name=quoted(first))}",
        f">{text(language, 'report.column.alive')}",
    ]
    outcome = label(known.outcome, language)
    return Table(text(language, "report.order_caption", outcome=outcome), headers, [Rows("", rows)])


def _place(rank: Rank) -> float:
    return math.inf if math.isnan(rank.rank) else rank.rank


def _alive_count(known: Known) -> tuple[str, str]:
    language = known.language
    shares = [f"{quoted(name)} {per_hundred(known.mean(name, 'alive'), language)}" for name in known.names]
    numbers = [per_hundred(known.mean(name, "alive"), language) for name in known.names]
    return listed(numbers, known.words), text(language, "report.count_alive", shares=", ".join(shares))


def _no_worlds(known: Known) -> tuple[str, str]:
    return "–", text(known.language, "report.count_no_worlds")


def curves_alt(known: Known) -> str:
    """Say what the curves show, for readers who cannot see them."""
    language, outcome = known.language, known.outcome
    series = known.tables["series"]
    parts = []
    for name in known.drawn:
        weekly = means_by(series[series["scenario"] == name], ["week"], [outcome])[outcome].dropna()
        if weekly.empty:
            parts.append(text(language, "report.alt_curve_none", name=quoted(name)))
            continue
        parts.append(
            text(
                language, "report.alt_curve", name=quoted(name), week=peak_week(weekly),
                top=value_with_unit(outcome, float(weekly.max()), language),
                end=value_with_unit(outcome, float(weekly.iloc[-1]), language),
            )
        )  # fmt: skip
    text_of_curves = text(language, "report.alt_curves", outcome=capital(label(outcome, language)))
    if known.main and len(known.names) == 2:
        paired = known.main[0].paired
        shown = difference_cell(outcome, paired.mean, paired.low, paired.high, language)
        difference = text(language, "report.alt_difference", a=quoted(known.names[0]), b=quoted(known.names[1]),
                          difference=shown)  # fmt: skip
        parts.append(difference)
    return f"{text_of_curves} {' '.join(parts)}"
