"""What ``run`` and ``compare`` found: an answer in words, a table, and what the table does not say."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from sim.analysis.comparison import Difference, OverWorlds, Ranking, Summary, json_number, json_numbers, spread_facts
from sim.analysis.conduct import Study
from sim.analysis.findings import TOO_FEW, decides_lines, find_out_lines
from sim.analysis.notes import added_notes, drawn_line, late_notes, shares_staff, study_notes
from sim.analysis.over_worlds import answered_keys
from sim.analysis.statistics import CONFIDENCE, MeanInterval, Spread, weeks_of
from sim.analysis.verdict import is_opposite, run_sentence
from sim.analysis.wording import (
    MAIN_OUTCOMES,
    MINUS,
    MISSING,
    difference_number,
    interval_text,
    label,
    mean_text,
    unit_text,
    value_text,
)
from sim.catalog.outcomes import OUTCOME_NAMES, outcomes_named
from sim.experiments.points import DEFAULTS, INTERVIEWS
from sim.organization.own_staff import as_written
from sim.runs.plan import kept_coefficients
from sim.words import catalog, counted, in_language, number, percent, text, typed
from sim.words.blocks import Block, Gap, Paragraph, Table, table

# So many comparisons are still read one after another; more only with --all.
MOST_BLOCKS = 3


def run_json(study: Study) -> dict[str, Any]:
    """Return what ``run --json`` prints."""
    return {
        "scenario": study.plan.arms[0].name,
        "seed": study.plan.seed,
        "replications": study.plan.n_replications,
        "outcomes": _outcomes_json(study.summaries),
        **_worlds_json(study),
        "results_dir": str(study.folder),
    }


def compare_json(study: Study) -> dict[str, Any]:
    """Return what ``compare --json`` prints."""
    return {
        "scenarios": [
            {"name": arm.name, "outcomes": _outcomes_json([row for row in study.summaries if row.scenario == arm.name])}
            for arm in study.plan.arms
        ],
        "differences": [{**_difference_json(row), **_decides_json(study, row)} for row in study.differences],
        **_worlds_json(study),
        **_notes_json(study),
        "results_dir": str(study.folder),
    }


def _worlds_json(study: Study) -> dict[str, Any]:
    """Return which worlds the answer rests on, and what was run beside them; nothing at the default values."""
    if study.plan.points is None or study.plan.about is None:
        return {}
    sets = study.plan.about.experiment.get("world_sets", {})
    found: dict[str, Any] = {"worlds": study.n_worlds, "world_source": study.world_source, "world_sets": sets}
    beside = {
        name: {
            arm.name: _outcomes_json([row for row in found_beside.summaries if row.scenario == arm.name])
            for arm in study.plan.arms
        }
        for name, found_beside in study.found.beside.items()
    }
    return {**found, **({"beside": beside} if beside else {})}


def _notes_json(study: Study) -> dict[str, Any]:
    """Return whether pairs share their staff, what stays as set in every world, and which scenarios are the same."""
    plan = study.plan
    kept = kept_coefficients(plan.arms, [] if plan.about is None else plan.about.factors)
    return {
        **({} if shares_staff(plan.arms) else {"same_staff": False}),
        **({"kept_coefficients": kept} if kept else {}),
        **({"same": [list(group) for group in study.same]} if study.same else {}),
    }


def _outcomes_json(rows: Sequence[Summary]) -> dict[str, dict[str, float | None]]:
    return {
        row.outcome: {
            **json_numbers(row.interval),
            "n": row.interval.n,
            **_spread_json(row.interval.spread),
            **_not_reached(row.interval.n_not_reached),
        }
        for row in rows
    }


def _not_reached(n: int) -> dict[str, int]:
    """Return in how many runs (or pairs) a time was not reached, where there are any."""
    return {"n_not_reached": n} if n else {}


def _difference_json(row: Difference) -> dict[str, Any]:
    paired, over_worlds = row.paired, row.over_worlds
    about_worlds: dict[str, Any] = {}
    if over_worlds is not None:
        about_worlds = {
            "share_of_worlds_a_greater": json_number(paired.shares[0]),
            "variance_share": {"luck": json_number(over_worlds.luck), "worlds": json_number(over_worlds.worlds)},
            "share_of_worlds_b_greater": json_number(paired.shares[1]),
            **_spread_json(paired.spread),
            "verdict": row.verdict().kind,
            "beside": {name: _beside_json(row, name) for name in over_worlds.beside},
        }
    return {
        "a": row.a,
        "b": row.b,
        "outcome": row.outcome,
        **json_numbers(paired),
        "p_a_greater": json_number(paired.p_a_greater if over_worlds is None else over_worlds.p_a_greater),
        "n": paired.n,
        **_not_reached(paired.n_not_reached),
        **about_worlds,
    }


def _decides_json(study: Study, row: Difference) -> dict[str, Any]:
    """Return what decides in a main outcome; an empty list where nothing clearly does."""
    found = study.found.decisive(row) if row.outcome in MAIN_OUTCOMES else None
    if found is None:
        return {}
    deciders = [one._asdict() for one in found.deciders]
    return {"decides": deciders, **({} if found.is_enough else {"decides_reason": TOO_FEW})}


def _beside_json(row: Difference, name: str) -> dict[str, Any]:
    """Return the same difference in another set of worlds, or at the default values."""
    assert row.over_worlds is not None
    paired = row.over_worlds.beside[name]
    share_a, share_b = map(json_number, paired.shares)
    found = json_numbers(paired)
    if name == DEFAULTS:
        return {**found, "n": paired.n, "is_opposite": is_opposite(row.paired, paired)}
    shares = {"share_a_greater": share_a, "share_b_greater": share_b}
    return {**found, "n": paired.n, **shares, **_spread_json(paired.spread)}


def _spread_json(spread: Spread | None) -> dict[str, float | None]:
    return {name: json_number(value) for name, value in spread_facts(spread).items()}


class StudyFinding:
    """What a study found, in one language.

    Parameters
    ----------
    study : Study
        What was found.
    language : str
        ``en`` or ``nl``.
    outcome : str
        What the first lines are about.
    is_all : bool
        Whether every outcome is shown, or the main ones.
    """

    def __init__(self, study: Study, language: str, outcome: str, is_all: bool) -> None:
        self.study = study
        self.language = language
        self.outcome = outcome
        self.is_all = is_all
        self.text = partial(text, language)
        self.is_run = len(study.plan.arms) == 1
        known = outcomes_named(study.plan.kept.outcomes)
        own = {each.name for each in known} - set(OUTCOME_NAMES)  # whoever adds one wants to see it
        self.shown = [each for each in known if is_all or each.name in {*MAIN_OUTCOMES, *own, outcome}]
        self._intervals = {(row.scenario, row.outcome): row.interval for row in study.summaries}

    def as_json(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        return (run_json if self.is_run else compare_json)(self.study)

    def blocks(self) -> Iterator[Block]:
        """Yield everything in words and tables."""
        return self._run() if self.is_run else self._compare()

    def _run(self) -> Iterator[Block]:
        """Yield the table of ``run``."""
        arm = self.study.plan.arms[0].name
        if self.is_over_worlds:
            yield Paragraph(run_sentence(self.study, self.outcome, self.language), "lead")
            yield Paragraph(self.text("study.run_title_worlds", name=arm, **self._facts()))
            yield from self._beside()
        else:
            yield Paragraph(self.text("study.run_title", name=arm, **self._facts()), "lead")
        notes = study_notes(self.study, self.language) if self.is_over_worlds else ()
        for note in notes or [
            *added_notes(self.study.plan.added, self.language),
            *late_notes(self.study.plan.arms, self.language),
        ]:
            yield Paragraph(note)
        yield from self._drawn()
        yield from self._stored()
        headers = [self.text("study.outcome"), f">{self.text('study.mean')}", f">{self.text('study.interval')}"]
        if self.is_over_worlds:
            headers.append(f">{self.text('study.nine_in_ten')}")
        yield self._by_level([*headers, ""], lambda name: self._run_cells(arm, name))
        yield from self._missing([arm])
        yield from self._end(self.text("study.about_run_worlds" if self.is_over_worlds else "study.about_run"))

    def _compare(self) -> Iterator[Block]:
        """Yield the answer, the table and the ranking of ``compare``."""
        for row in self.study.differences:
            if row.outcome == self.outcome:
                yield Paragraph(self._answer(row), "lead")
                if row.over_worlds is not None and not row.over_worlds.reason:
                    yield Paragraph(self._split(row, row.over_worlds))
        for row in self.study.differences:
            found = self.study.found.decisive(row) if row.outcome == self.outcome else None
            if found is not None:
                for line in decides_lines(row.a, row.b, row.outcome, found, self.language):
                    yield Paragraph(line)
                for line in self._find_out(row):
                    yield Paragraph(line)
        yield Paragraph(self._alive())
        yield Paragraph(self._compare_title())
        yield from self._beside()
        for note in study_notes(self.study, self.language):
            yield Paragraph(note)
        yield from self._drawn()
        yield from self._stored()
        for ranking in self.study.rankings:
            if ranking.outcome == self.outcome:
                yield from self._ranking(ranking)
        others = [arm.name for arm in self.study.plan.arms[1:]]
        for other in others if self.is_all or len(others) <= MOST_BLOCKS else ():
            yield self._with(other)
        yield from self._missing([arm.name for arm in self.study.plan.arms])
        n_shown = len(self.shown)
        by_chance = number(n_shown * (1 - CONFIDENCE), 1, self.language)
        for row in self.study.differences:
            if (
                row.outcome == self.outcome
                and row.over_worlds is not None
                and row.paired.n_a_greater * (row.paired.n_b_greater)
            ):
                yield Gap()
                yield Paragraph(self.text("study.where", command=self._discover(row)))
        about = "study.about_worlds" if self.is_over_worlds else "study.about_compare"
        yield from self._end(self.text(about, n=n_shown, by_chance=by_chance))

    def _find_out(self, row: Difference) -> list[str]:
        """Say which answer of the questionnaire would change the advice most; nothing where none were given."""
        worlds, about = self.study.found.worlds, self.study.plan.about
        keys = answered_keys(about.factors) if about is not None else ()
        if worlds is None or not keys:
            return []
        return find_out_lines(worlds, keys, (row.a, row.a), (row.b, row.b), row.outcome, self.language)

    def _compare_title(self) -> str:
        """Say how many pairs there are, and what the two runs of a pair share."""
        facts, has_same_staff = self._facts(), shares_staff(self.study.plan.arms)
        if self.is_over_worlds:
            key = "study.compare_title_worlds" if has_same_staff else "study.compare_title_worlds_other_staff"
        else:
            key = "study.compare_title" if has_same_staff else "study.compare_title_other_staff"
        return self.text(key, **facts)

    @property
    def is_over_worlds(self) -> bool:
        """Whether the units are plausible worlds."""
        return self.study.plan.points is not None

    def _split(self, row: Difference, over_worlds: OverWorlds) -> str:
        """Say how much of the difference is luck, and how much is not knowing the world."""
        luck, worlds = (percent(part, 0, self.language) for part in (over_worlds.luck, over_worlds.worlds))
        return self.text("study.split", outcome=label(row.outcome, self.language), luck=luck, worlds=worlds)

    def _discover(self, row: Difference) -> str:
        """Return the command that looks for the worlds in which the difference has the other sign."""
        sign = "<" if row.paired.mean > 0 else ">"
        question = ("--when", f"{row.outcome} {sign} 0", "--difference", row.a, row.b)
        return typed("intranet-sim", "discover", self.study.folder, *question)

    def _facts(self) -> dict[str, Any]:
        plan = self.study.plan
        weeks = dict.fromkeys(arm.resolved["run"]["weeks"] for arm in plan.arms)
        n_weeks = "/".join(map(str, weeks))
        return {
            "replications": counted(self.language, "count.replications", plan.n_replications),
            "weeks": counted(self.language, "count.weeks", 1 if n_weeks == "1" else 2, n=n_weeks),
            "seed": plan.seed,
            "coefficients": self._coefficients(),
            **self._about_worlds(),
        }

    def _coefficients(self) -> str:
        """Say at which coefficients runs are where no world says them."""
        own = any(arm.own_coefficients for arm in self.study.plan.arms)
        return self.text(f"study.coefficients.{'own' if own else 'defaults'}")

    def _about_worlds(self) -> dict[str, Any]:
        plan = self.study.plan
        if plan.points is None:
            return {}
        source = self.study.world_source
        return {"n": self.study.n_worlds, "source": catalog(self.language).get(f"study.source.{source}", source)}

    def _beside(self) -> Iterator[Block]:
        """Yield what was run beside the worlds of the answer."""
        plan = self.study.plan
        weights = {} if plan.points is None else plan.points.weights
        first = next(iter(weights.values()), ())
        for name, column in weights.items():
            n = sum(weight > 0 for weight in column)
            if name == DEFAULTS:
                runs = counted(self.language, "count.runs", n * plan.n_replications)
                yield Paragraph(self.text("study.beside.defaults", n=runs, coefficients=self._coefficients()))
            elif name == INTERVIEWS and column is not first:
                shared = sum(a > 0 and b > 0 for a, b in zip(first, column, strict=True))
                yield Paragraph(self.text("study.beside.interviews", n=n, shared=shared))

    def _drawn(self) -> Iterator[Block]:
        """Yield what is drawn by chance of each own staff that the scenarios name."""
        lines: dict[str, None] = {}
        for arm in self.study.plan.arms:
            with self.study.plan.as_planned():
                staff = as_written(arm.resolved).get("organization", {}).get("staff")
            if staff and "drawn" in staff:
                lines[drawn_line(staff["drawn"], staff["profile"], self.language)] = None
        for line in lines:
            yield Paragraph(line)

    def _stored(self) -> Iterator[Block]:
        if self.study.is_stored:
            yield Paragraph(self.text("study.stored"))

    def _by_level(self, headers: Sequence[str], cells: Callable[[str], Sequence[str]], caption: str = "") -> Table:
        """Return a table with a row for each shown outcome, under headings for the levels."""
        lines: list[Sequence[str] | str] = []
        for level in dict.fromkeys(each.level for each in self.shown):
            lines.append(self.text(f"study.level.{level}"))
            names = [each.name for each in self.shown if each.level == level]
            lines += [(f"  {label(name, self.language)}", *cells(name)) for name in names]
        return table(headers, lines, caption)

    def _run_cells(self, arm: str, outcome: str) -> tuple[str, ...]:
        interval = self._intervals[arm, outcome]
        spread = interval.spread
        nine_in_ten = []
        if self.is_over_worlds:
            ends = (math.nan, math.nan) if spread is None else (spread.p5, spread.p95)
            nine_in_ten = [interval_text(outcome, *ends, self.language, weeks_of(self.study.plan))]
        return (
            self._mean(outcome, interval),
            self._interval(outcome, interval),
            *nine_in_ten,
            unit_text(outcome, self.language),
        )

    def _mean(self, outcome: str, interval: MeanInterval) -> str:
        return mean_text(outcome, interval.mean, interval.n_not_reached, self.language)

    def _interval(self, outcome: str, interval: MeanInterval) -> str:
        return interval_text(outcome, interval.low, interval.high, self.language)

    def _answer(self, row: Difference) -> str:
        kind, sentence = row.verdict(self.language)
        if kind in {"differs", "differs slightly"} and len(self.study.plan.arms) == 2:
            return f"{sentence}."
        return self.text("study.question", a=row.a, b=row.b, verdict=sentence)

    def _alive(self) -> str:
        found = [(arm.name, self._intervals[arm.name, "alive"]) for arm in self.study.plan.arms]
        if self.is_over_worlds:
            shares = [f"{name} {value_text('alive', one.mean, self.language)}" for name, one in found]
            return self.text("study.alive_worlds", shares=", ".join(shares))
        counts = [(name, round(one.mean * one.n) if one.n else 0, one.n) for name, one in found]
        shares = [self.text("study.alive_share", name=name, k=k, n=n) for name, k, n in counts]
        return self.text("study.alive", shares=", ".join(shares))

    def _ranking(self, ranking: Ranking) -> Iterator[Block]:
        outcome = ranking.outcome
        columns = ("study.mean", "study.interval", "study.rank", "study.rank_interval", "study.first")
        lines = []
        for name, rank in sorted(ranking.ranks.items(), key=lambda item: (math.isnan(item[1].rank), item[1].rank)):
            interval = self._intervals[name, outcome]
            ends = [rank.low, rank.high]
            lines.append(
                (
                    name, self._mean(outcome, interval), self._interval(outcome, interval),
                    MISSING if math.isnan(rank.rank) else number(rank.rank, 0, self.language),
                    MISSING if math.isnan(rank.low) else "–".join(number(end, 0, self.language) for end in ends),
                    MISSING if math.isnan(rank.share_first) else percent(rank.share_first, 0, self.language),
                )
            )  # fmt: skip
        headers = [self.text("study.scenario"), *(f">{self.text(name)}" for name in columns)]
        yield table(headers, lines, self.text("study.ranking", outcome=label(outcome, self.language)))
        about = "study.about_ranks_worlds" if self.is_over_worlds else "study.about_ranks"
        yield Paragraph(self.text(about, n=ranking.n_units))

    def _with(self, other: str) -> Table:
        """Return the comparison with one other scenario: with names if they fit, else with the letters A and B."""
        first = self.study.plan.arms[0].name
        lettered = [self._block(other, ("A", "B"), has_pairs) for has_pairs in (True, False)]
        return replace(self._block(other, (first, other), has_pairs=True), narrower=lettered)

    def _block(self, other: str, names: tuple[str, str], has_pairs: bool) -> Table:
        rows = {row.outcome: row for row in self.study.differences if row.b == other}
        a, b = names
        difference = self.text("study.difference") if a == self.study.plan.arms[0].name else f"{a} {MINUS} {b}"
        numbers = [a, b, difference, self.text("study.interval")]
        if has_pairs:
            numbers.append(self.text("study.in_worlds" if self.is_over_worlds else "study.pairs", a=a))
        headers = [self.text("study.outcome"), *(f">{header}" for header in numbers), self.text("study.verdict")]
        first = self.study.plan.arms[0].name
        title = "study.difference_of" if a == first else "study.difference_of_letters"
        caption = self.text(title, a=first, b=other)
        return self._by_level(headers, lambda name: self._compare_cells(rows[name], names, has_pairs), caption)

    def _compare_cells(self, row: Difference, names: tuple[str, str], has_pairs: bool) -> list[str]:
        paired, outcome, language = row.paired, row.outcome, self.language
        cells = [
            self._mean(outcome, self._intervals[row.a, outcome]),
            self._mean(outcome, self._intervals[row.b, outcome]),
            difference_number(outcome, paired.mean, language, is_signed=True),
            interval_text(outcome, paired.low, paired.high, language),
        ]
        if has_pairs:
            count = self.text("study.k_of_n", k=paired.n_a_greater, n=paired.n)
            if self.is_over_worlds:
                count = percent(paired.shares[0], 0, language)
            cells.append(count if paired.n else MISSING)
        kind = row.verdict(language).kind
        higher = names[0] if paired.mean > 0 else names[1]
        return [*cells, self.text(f"study.short.{kind.replace(' ', '_')}", name=higher)]

    def _missing(self, names: Sequence[str]) -> Iterator[Block]:
        """Yield why a shown value is missing, or over fewer runs than the others."""
        lines = []
        for each in self.shown:
            reasons = {name: self._intervals[name, each.name].reason for name in names}
            outcome = label(each.name, self.language)
            given = {name: reason for name, reason in reasons.items() if reason}
            if len(given) == len(names) and len(set(given.values())) == 1:
                lines.append((outcome, next(iter(given.values()))))
            else:
                lines += [(f"{outcome}, {name}", reason) for name, reason in given.items()]
        if lines:
            yield Gap()
        if any(self._intervals[name, each.name].n_not_reached for each in self.shown for name in names):
            yield Paragraph(self.text("study.not_reached", n=weeks_of(self.study.plan)))
        for reason in dict.fromkeys(reason for _, reason in lines):
            outcomes = [outcome for outcome, its_reason in lines if its_reason == reason]
            everything = len(outcomes) >= len(self.shown) - 1 and len(outcomes) > 3
            subject = self.text("study.everything") if everything else "; ".join(outcomes)
            yield Paragraph(self.text("study.missing", outcome=subject, reason=in_language(reason, self.language)))

    def _end(self, about: str) -> Iterator[Block]:
        yield Gap()
        yield Paragraph(about)
        if not self.is_all:
            yield Paragraph(self.text("study.more_outcomes", n=len(self.study.plan.kept.outcomes)))
        yield Paragraph(self.text("study.results", folder=self.study.folder))
