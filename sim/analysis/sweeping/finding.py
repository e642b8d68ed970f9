"""What a sweep found: who is best and how sure that is, in words, a table, and as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.sweeping.cells import setting_text, settings_text
from sim.analysis.sweeping.levers import LeverEffect, effect_rows, lever_lines, never_bad, never_bad_line
from sim.analysis.sweeping.spread import STANDS_OUT
from sim.analysis.sweeping.sweep import ALL_CANDIDATES, BESIDE_COLUMNS, QUANTILES, Sweep, SweepFacts, rows_of
from sim.analysis.verdict import beside_sentence
from sim.analysis.wording import (
    MAIN_OUTCOMES,
    MISSING,
    OUTCOME_BY_NAME,
    difference_number,
    interval_text,
    label,
    mean_text,
    short_names,
    unit_text,
    value_text,
)
from sim.catalog.outcomes import YES_OR_NO
from sim.experiments.points import DEFAULTS, INTERVIEWS
from sim.runs.plan import kept_coefficients
from sim.words import catalog, counted, in_language, interval, number, percent, text
from sim.words.blocks import Block, Gap, Paragraph, Table, table

if TYPE_CHECKING:
    import pandas as pd

TOP = 10
MOST_ASSOCIATIONS = 10
MOST_SPREAD_ROWS = 6


def sweep_json(sweep: Sweep, facts: SweepFacts, outcome: str, effects: Sequence[LeverEffect] = ()) -> dict[str, Any]:
    """Return what ``sweep --json`` prints."""
    _, n_worlds, n_replications = sweep.cells.shape
    kept = kept_coefficients(facts.arms, facts.factors)
    tables = {name: table.to_pylist() for name, table in sweep.arrow().items()}
    return {
        "experiment": facts.name,
        "points": sweep.cells.n_points,
        "worlds": n_worlds if sweep.cells.is_crossed else None,
        "replications": n_replications,
        "seed": facts.seed,
        "outcome": outcome,
        "strategies": _strategies_json(sweep, outcome, tables),
        "levers": effect_rows(effects),
        "distribution": tables["distribution"],
        "associations": [row for row in tables["associations"] if row["outcome"] == outcome],
        **({"world_source": facts.worlds["source"]} if facts.worlds else {}),
        **({"world_sets": facts.worlds["world_sets"]} if "world_sets" in facts.worlds else {}),
        **({"kept_coefficients": kept} if kept else {}),
        "results_dir": str(facts.folder),
    }


def _strategies_json(sweep: Sweep, outcome: str, tables: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    outcomes: dict[tuple[str, int | None], dict[str, Any]] = {candidate: {} for candidate in sweep.cells.candidates}
    for row in tables["summary"]:
        outcomes[row["scenario"], row["strategy"]][row["outcome"]] = {
            name: row[name] for name in ("mean", "low", "high", "n")
        }
    places = {(row["scenario"], row["strategy"]): row for row in tables["strategies"] if row["outcome"] == outcome}
    return [
        {
            "scenario": candidate.scenario,
            "strategy": candidate.strategy,
            "settings": plain_settings(settings_of(sweep, candidate.strategy)),
            "outcomes": outcomes[candidate],
            **_place_json(places.get(candidate)),
        }
        for candidate in sweep.cells.candidates
    ]


def _place_json(row: dict[str, Any] | None) -> dict[str, Any]:
    """Return place and regret of one strategy; null where the outcome has no better and worse."""
    shares = ("is_tied_with_first", "share_worlds_best", "share_worlds_alive")
    if row is None:
        return {"rank": None, "regret": None, **dict.fromkeys(shares)}
    return {
        "rank": {"mean": row["rank"], "low": row["low"], "high": row["high"], "share_first": row["share_first"]},
        "regret": {"mean": row["regret_mean"], "p90": row["regret_p90"]},
        **{name: row[name] for name in shares},
        **{name: row[name] for name in BESIDE_COLUMNS if name in row},
    }


def plain_settings(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings as JSON can hold them."""
    return {name: value.item() if isinstance(value, np.generic) else value for name, value in settings.items()}


def settings_of(sweep: Sweep, strategy: Any) -> Mapping[str, Any]:
    """Return what sets a strategy apart; nothing where there are no separate ones."""
    return sweep.settings.get(int(strategy), {}) if sweep.cells.is_crossed else {}


class SweepFinding:
    """What a sweep found, in one language.

    Parameters
    ----------
    sweep : Sweep
        What was found.
    facts : SweepFacts
        What it was.
    language : str
        ``en`` or ``nl``.
    outcome : str
        What strategies are ranked by; one that was kept.
    top : int
        How many of the best to show.
    effects : sequence of LeverEffect
        What each lever does by itself.
    """

    def __init__(
        self,
        sweep: Sweep,
        facts: SweepFacts,
        language: str,
        outcome: str,
        top: int = TOP,
        effects: Sequence[LeverEffect] = (),
    ) -> None:
        self.effects = effects
        self.sweep = sweep
        self.facts = facts
        self.language = language
        self.outcome = outcome
        self.top = top
        self.text = partial(text, language)
        scenarios = {candidate.scenario for candidate in sweep.cells.candidates}
        self._has_scenarios = len(scenarios) > 1
        self._levers = list(next(iter(sweep.settings.values()), {}))

    def as_json(self) -> dict[str, Any]:
        """Return what ``sweep --json`` prints."""
        return sweep_json(self.sweep, self.facts, self.outcome, self.effects)

    def blocks(self) -> Iterator[Block]:
        """Yield the answer, the strategies from best to worst, and what goes with what."""
        yield from self._title()
        if self.sweep.has_ranks:
            yield from self._strategies()
            yield from self._other_outcomes()
        else:
            yield from self._notes()
        if len(self.sweep.cells.worlds) > 1 and len(self.sweep.cells.candidates) <= MOST_SPREAD_ROWS:
            yield from self._distribution()
        yield from self._associations()
        yield from self._missing()
        yield from self._end()

    def _first(self, table: pd.DataFrame) -> Iterator[Block]:
        """Yield which strategy is best; where that cannot be told, what is clear about single levers comes first."""
        clear, rest = lever_lines(self.effects, self.language)
        title = self.text("sweep.levers_title", outcome=label(self.outcome, self.language))
        levers = [title, *(f"- {each}" for each in clear)] if clear else []
        is_told = "rank" not in table or int(table["is_tied_with_first"].eq(True).sum()) == 1
        answer = self._answer(table)
        for line in [answer, *levers] if is_told else [*levers, answer]:
            yield Paragraph(line, "lead" if line in (answer, title) else "")
        if rest:
            yield Paragraph(rest)
        safest = never_bad(self.sweep, self.outcome)
        if safest is not None:
            yield Paragraph(never_bad_line(self._name(safest[0]), safest[1], self.outcome, self.language))

    def _count(self, what: str, n: int) -> str:
        return counted(self.language, f"count.{what}", n)

    def _title(self) -> Iterator[Block]:
        n_candidates, n_worlds, n_replications = self.sweep.cells.shape
        is_crossed = self.sweep.cells.is_crossed
        units = "plausible_worlds" if self.facts.worlds else "worlds" if is_crossed else "points"
        subjects = self._count("strategies" if is_crossed and self._levers else "scenarios", n_candidates)
        title = self.text(
            "sweep.title",
            name=self.facts.name, subjects=subjects, worlds=self._count(units, n_worlds),
            replications=self._count("replications", n_replications), runs=self._count("runs", self.facts.n_planned),
            seed=self.facts.seed,
        )  # fmt: skip
        yield Paragraph(title, "lead")
        if self.facts.n_done < self.facts.n_planned:
            yield Paragraph(self.text("sweep.partial", n=self.facts.n_done, total=self.facts.n_planned))

    def _notes(self) -> Iterator[Block]:
        if self.facts.worlds:
            source = str(self.facts.worlds["source"])
            told = catalog(self.language).get(f"study.source.{source}", source)
            yield Paragraph(self.text("sweep.source", source=told))
            yield from self._run_beside()
        for note in self.facts.notes(self.language, self._name):
            yield Paragraph(note)

    def _run_beside(self) -> Iterator[Block]:
        """Yield what was run beside the worlds of the answer."""
        beside = self.facts.beside
        if INTERVIEWS in beside:
            yield Paragraph(self.text("study.beside.interviews", n=beside[INTERVIEWS], shared=beside["shared"]))
        if DEFAULTS in beside:
            own = any(arm.own_coefficients for arm in self.facts.arms)
            said = self.text(f"study.coefficients.{'own' if own else 'defaults'}")
            runs = self._count("runs", beside[DEFAULTS])
            yield Paragraph(self.text("study.beside.defaults", n=runs, coefficients=said))

    def _ranked(self) -> pd.DataFrame:
        """Return mean, place and regret of each strategy in the outcome, best first."""
        sweep, outcome = self.sweep, self.outcome
        means = sweep.summary[sweep.summary["outcome"] == outcome].reset_index(drop=True)
        means = means.rename(columns={"low": "mean_low", "high": "mean_high", "reason": "mean_reason"})
        places = sweep.strategies[sweep.strategies["outcome"] == outcome].reset_index(drop=True)
        if places.empty:
            return means.sort_values("mean", ascending=False, kind="stable", na_position="last", ignore_index=True)
        joined = means.drop(columns="n_worlds").join(places.drop(columns=["scenario", "strategy", "outcome"]))
        return joined.sort_values("rank", kind="stable", na_position="last", ignore_index=True)

    def _name(self, row: Any) -> str:
        parts = [row.scenario] if self._has_scenarios or not self._levers else []
        if self._levers:
            settings = dict(settings_of(self.sweep, row.strategy))
            parts.append(settings_text(settings, self.language))
        return ": ".join(parts)

    def _strategies(self) -> Iterator[Block]:
        ranked = self._ranked()
        yield from self._first(ranked)
        widest, *narrower = (self._strategy_table(ranked, *layout) for layout in self._layouts(ranked))
        yield replace(widest, narrower=narrower)
        yield from self._notes()

    def _answer(self, table: pd.DataFrame) -> str:
        outcome = label(self.outcome, self.language)
        if "rank" not in table:
            return self.text("sweep.neither", outcome=outcome)
        first = next(rows_of(table))
        if np.isnan(first.rank):
            return self.text("sweep.not_ranked", outcome=outcome, reason=in_language(first.reason, self.language))
        n_tied = int(table["is_tied_with_first"].sum())
        several = "sweep.cannot_tell_one" if first.n_cells == 1 else "sweep.cannot_tell"
        ends = interval_text(self.outcome, first.mean_low, first.mean_high, self.language)
        return self.text(
            "sweep.first" if n_tied == 1 else several,
            outcome=outcome, name=self._name(first), n=n_tied, total=len(table),
            units=self._units_ahead(first) + self._beside(table, first),
            mean=mean_text(self.outcome, first.mean, first.n_not_reached, self.language),
            interval="" if ends == MISSING else f" {ends}",
        )  # fmt: skip

    def _beside(self, table: pd.DataFrame, first: Any) -> str:
        """Say what other worlds, and the default values alone, say of the strategy that comes first."""
        if "defaults_rank" not in table:
            return beside_sentence(first, "", self.language)
        best = next(rows_of(table.sort_values("defaults_rank", kind="stable", na_position="last")))
        return beside_sentence(first, self._name(best), self.language)

    def _units_ahead(self, row: Any) -> str:
        """Say in how many worlds, or replications of the one world, a strategy is ahead of all others."""
        n = int(row.n_units)
        if row.n_worlds > 1:
            return self.text("sweep.ahead_in", share=self._share(row.share_first), units=self._count("worlds", n))
        shown = number(row.share_first * n, 0, self.language)
        return self.text("sweep.ahead_in", share=shown, units=self._count("replications", n))

    def _layouts(self, table: pd.DataFrame) -> list[tuple[list[str], bool]]:
        """Return the columns to try, the most first, and whether the settings share one column."""
        ranks = ["rank", "rank_interval", "best_in"] if "rank" in table else []
        losses = ["regret", "regret_p90"] if "rank" in table else []
        shares = ["alive_in"] if "rank" in table and len(self.sweep.cells.worlds) > 1 else []
        tied = ["tied"] if ranks else []
        means = ["mean", "interval"]
        every = [*ranks, *means, *losses, *shares, *tied]
        return [
            (every, False),
            ([*ranks, *means, *losses, *tied], False),
            ([*ranks, *means, *tied], False),
            ([*ranks, "mean", *tied], True),
        ]

    def _strategy_table(self, ranked: pd.DataFrame, columns: Sequence[str], is_joined: bool) -> Table:
        names = self._names_joined() if is_joined else self._names_apart()
        numbers = [f">{self._heading(name)}" if name != "tied" else "" for name in columns]
        lines: list[Sequence[str] | str] = [
            [*(cell(row) for _, cell in names), *(self._cell(row, name) for name in columns)] for row in rows_of(ranked)
        ]
        n_between = len(lines) - self.top - 1
        if n_between > 0:
            lines[self.top : -1] = [self.text("sweep.between", n=n_between)]
        caption = self.text("sweep.ranking", outcome=label(self.outcome, self.language))
        return table([*(heading for heading, _ in names), *numbers], lines, caption)

    def _heading(self, column: str) -> str:
        unit = unit_text(self.outcome, self.language, is_difference=True) if column == "regret" else ""
        heading = self.text(f"sweep.column.{column}")
        return f"{heading} ({unit})" if unit else heading

    def _names_joined(self) -> list[tuple[str, Callable[[Any], str]]]:
        return [(self.text("sweep.strategy" if self._levers else "sweep.scenario"), self._name)]

    def _names_apart(self) -> list[tuple[str, Callable[[Any], str]]]:
        """Return the columns that tell strategies apart: heading, and what a row has there."""
        found: list[tuple[str, Callable[[Any], str]]] = []
        if self._has_scenarios or not self._levers:
            found.append((self.text("sweep.scenario"), lambda row: str(row.scenario)))
        for name, short in short_names(self._levers, self.language).items():
            found.append((short, lambda row, name=name: self._setting(row.strategy, name)))  # type: ignore[misc]
        return found

    def _setting(self, strategy: Any, name: str) -> str:
        return setting_text(settings_of(self.sweep, strategy)[name], self.language)

    def _cell(self, row: Any, column: str) -> str:
        outcome, language = self.outcome, self.language
        match column:
            case "rank":
                return self._place(row.rank)
            case "rank_interval":
                return MISSING if np.isnan(row.low) else f"{self._place(row.low)}–{self._place(row.high)}"
            case "mean":
                return mean_text(outcome, row.mean, row.n_not_reached, language)
            case "interval":
                return interval_text(outcome, row.mean_low, row.mean_high, language)
            case "regret":
                return difference_number(outcome, row.regret_mean, language)
            case "regret_p90":
                return difference_number(outcome, row.regret_p90, language)
            case "best_in":
                return self._share(row.share_first)
            case "alive_in":
                return self._share(row.share_worlds_alive)
            case _:
                return self.text("sweep.column.tied") if row.is_tied_with_first and row.Index > 0 else ""

    def _place(self, place: float) -> str:
        return MISSING if np.isnan(place) else number(place, 0, self.language)

    def _share(self, share: float) -> str:
        return MISSING if np.isnan(share) else percent(share, 0, self.language)

    def _other_outcomes(self) -> Iterator[Block]:
        """Yield which strategy is best by each other main outcome."""
        main = self.outcome
        rows = []
        for outcome in MAIN_OUTCOMES:
            if outcome == main or outcome not in self.sweep.outcomes or not OUTCOME_BY_NAME[outcome].better:
                continue
            self.outcome = outcome
            ranked = self._ranked()
            first = next(rows_of(ranked))
            if np.isnan(first.rank):
                continue
            n_tied = int(ranked["is_tied_with_first"].sum())
            tied = self.text("sweep.tied_with", n=n_tied, total=len(ranked))
            cells = (self._cell(first, "mean"), self._cell(first, "interval"), unit_text(outcome, self.language))
            best = self._name(first)
            if n_tied > 1:
                best = self.text(
                    "sweep.best_and_others" if n_tied > 2 else "sweep.best_and_other", name=best, n=n_tied - 1
                )
            rows.append([label(outcome, self.language), *cells, tied, best])
        self.outcome = main
        if rows:
            headers = [
                self.text("sweep.outcome"),
                f">{self.text('sweep.column.mean')}",
                f">{self.text('sweep.column.interval')}",
                "",
                f">{self.text('sweep.ties')}",
            ]
            yield table([*headers, self.text("sweep.best")], rows, self.text("sweep.other_outcomes"))

    def _distribution(self) -> Iterator[Block]:
        one = len(self.sweep.cells.candidates) == 1
        wanted = dict.fromkeys([self.outcome, *(MAIN_OUTCOMES if one else ())])
        names = [name for name in wanted if name in self.sweep.outcomes and name not in YES_OR_NO]
        if not names:
            return
        kind = "worlds" if self.sweep.cells.is_crossed else "points"
        of = "" if one else self.text("sweep.of", outcome=label(self.outcome, self.language))
        caption = self.text(f"sweep.distribution.{kind}", n=len(self.sweep.cells.worlds), of=of)
        subject = "sweep.outcome" if one else "sweep.strategy" if self._levers else "sweep.scenario"
        headers = [
            self.text(subject),
            f">{self.text('sweep.column.mean')}",
            *(f">{self.text(f'sweep.quantile.{name}')}" for name in QUANTILES),
            "",
        ]
        lines = []
        for position, candidate in enumerate(self.sweep.cells.candidates):
            rows = self.sweep.distribution.iloc[position :: len(self.sweep.cells.candidates)]
            by_outcome = {row.outcome: row for row in rows_of(rows)}
            for name in names:
                row = by_outcome[name]
                cells = [value_text(name, getattr(row, part), self.language) for part in ("mean", *QUANTILES)]
                named = label(name, self.language) if one else self._name(candidate)
                lines.append([named, *cells, unit_text(name, self.language)])
        yield table(headers, lines, caption)

    def _associations(self) -> Iterator[Block]:
        found = self.sweep.associations[self.sweep.associations["outcome"] == self.outcome]
        outcome = label(self.outcome, self.language)
        for subject, rows in found.groupby("subject", sort=False):
            name = self.text("sweep.all") if subject == ALL_CANDIDATES else str(subject)
            caption = self.text("sweep.associations", outcome=outcome, subject=name)
            headers = [
                self.text("sweep.factor"),
                f">{self.text('sweep.rho')}",
                f">{self.text('sweep.column.interval')}",
            ]
            lines = []
            for row in rows_of(rows.head(MOST_ASSOCIATIONS)):
                named = f"{row.factor} = {row.level}" if isinstance(row.level, str) else str(row.factor)
                ends = [number(end, 2, self.language, is_signed=True) for end in (row.low, row.high)]
                rho = number(row.rho, 2, self.language, is_signed=True)
                verdict = self.text("sweep.stands_out" if row.q <= STANDS_OUT else "sweep.unclear")
                lines.append([named, rho, interval(ends[0], ends[1], self.language), verdict])
            yield table([*headers, ""], lines, caption)
            n, n_clear = len(rows), int((rows["q"] <= STANDS_OUT).sum())
            yield Paragraph(self.text("sweep.strongest", shown=min(n, MOST_ASSOCIATIONS), n=n, clear=n_clear))

    def _missing(self) -> Iterator[Block]:
        """Yield why strategies have no value or no place in the outcome."""
        rows = self.sweep.summary[self.sweep.summary["outcome"] == self.outcome]
        lacking = [row for row in rows_of(rows) if row.reason]
        if not lacking or self.facts.n_done < self.facts.n_planned:
            return
        yield Gap()
        if len(lacking) > 3:
            yield Paragraph(
                self.text(
                    "sweep.missing_some",
                    n=len(lacking),
                    total=len(rows),
                    reason=in_language(lacking[0].reason, self.language),
                )
            )
            return
        for row in lacking:
            yield Paragraph(
                self.text("sweep.missing", subject=self._name(row), reason=in_language(row.reason, self.language))
            )

    def _end(self) -> Iterator[Block]:
        rows = self.sweep.summary[self.sweep.summary["outcome"] == self.outcome]
        covers = next(iter(rows["covers"]), "")
        yield Gap()
        yield Paragraph(self.text(f"sweep.covers.{covers.replace(' ', '_') or 'nothing'}"))
        has_places = (self.sweep.strategies["outcome"] == self.outcome).any()
        if has_places and covers:
            yield Paragraph(self.text("sweep.about_places"))
            yield Paragraph(self.text("sweep.about_regret"))
        if (self.sweep.associations["outcome"] == self.outcome).any():
            yield Paragraph(self.text("sweep.about_associations"))
        yield Paragraph(self.text("sweep.results", folder=self.facts.folder))
