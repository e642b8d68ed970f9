"""What ``sensitivity`` prints: what decides, how sure that is, and what the numbers do not say."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import Any

from sim.commands.progress import duration
from sim.commands.tables import Table, print_table, print_text
from sim.study.sensitivity.results import Row, SensitivityResults, SubjectResult
from sim.study.sensitivity.sampling import FEWEST_TO_JUDGE
from sim.study.sensitivity.values import lasting_share
from sim.study.wording import (
    MISSING,
    difference_text,
    index_text,
    is_share,
    label,
    value_text,
)
from sim.texts import counted, interval, percent, text, whole

DUMMY = "dummy"
MOST_NAMED = 4
MOST_ROWS = 15
# A sign that turns at fewer than this share of the points turns seldom.
SELDOM = 0.05
# Measures in the unit of the outcome; the others are pure numbers.
SHOWN_AS = {"mu_star": "mu*"}


def sensitivity_json(results: SensitivityResults) -> dict[str, Any]:
    """Return what ``sensitivity --json`` prints."""
    key = ("scenario", "minus", "outcome")
    return {
        "experiment": results.name,
        "method": results.method,
        "samples": results.samples,
        "points": results.points,
        "replications": results.replications,
        "runs": results.runs,
        "seed": results.seed,
        "seconds": results.seconds,
        "outcomes": [
            {
                **each.noise,
                "indices": [{name: row[name] for name in row if name not in key} for row in each.indices],
                "convergence": [{name: row[name] for name in row if name not in key} for row in each.convergence],
            }
            for each in results.subjects
        ],
        "results_dir": str(results.folder),
    }


class SensitivityPrinter:
    """Prints the results of sensitivity analysis in one language.

    Parameters
    ----------
    results : SensitivityResults
        What was found.
    language : str
        ``en`` or ``nl``.
    """

    def __init__(self, results: SensitivityResults, language: str) -> None:
        self.results = results
        self.language = language
        self.text = partial(text, language)
        # PAWN takes its dummy from shuffled columns, so it needs no replications.
        self.knows_luck = results.replications > 1 or results.method == "pawn"

    def print(self) -> None:
        """Print everything: answers first, then a table for each subject of the main outcome, then the rest."""
        self._print_size()
        for each in self.results.main:
            print_text(self._answer(each), is_strong=True)
            self._print_turns(each)
        for each in self.results.main:
            if each.indices:
                self._print_subject(each)
        self._print_others()
        self._print_not_analyzed()
        print_text()
        unit = self.text("sensitivity.points_unit") if is_share(self.results.outcomes[0]) else ""
        print_text(self.text(f"sensitivity.about.{self.results.method}", unit=unit))
        print_text(self.text("sensitivity.results", folder=self.results.folder))

    def _print_size(self) -> None:
        results = self.results
        factors = self.text("sensitivity.groups" if results.is_by_group else "sensitivity.factors", n=results.n_movers)
        print_text(
            self.text(
                f"sensitivity.title.{results.method}",
                name=results.name,
                samples=self._count(results.samples),
                factors=factors,
            )
        )
        size = {name: self._count(getattr(results, name)) for name in ("points", "runs")}
        size["replications"] = counted(self.language, "count.replications", results.replications)
        took = self.text("sensitivity.took", duration=duration(results.seconds, self.language))
        print_text(f"{self.text('sensitivity.size', seed=results.seed, **size)}. {took}")

    def _count(self, n: int) -> str:
        return whole(n, self.language)

    def _subject(self, each: SubjectResult) -> str:
        scenario, minus, outcome = each.subject
        name = label(outcome, self.language)
        name = name[:1].upper() + name[1:]
        return self.text(
            "sensitivity.contrast" if minus else "sensitivity.subject", outcome=name, scenario=scenario, minus=minus
        )

    def _value(self, row: Row, outcome: str, part: str = "value") -> str:
        """Return a number of an index as it is read."""
        value = math.nan if row[part] is None else row[part]
        return index_text(row["measure"], outcome, value, self.language)

    def _interval(self, row: Row, outcome: str) -> str:
        if row["low"] is None:
            return MISSING
        ends = [self._value(row, outcome, part) for part in ("low", "high")]
        return interval(ends[0], ends[1], self.language)

    def _listed(self, names: Sequence[str]) -> str:
        return self.text("sensitivity.list_and").join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)

    def _answer(self, each: SubjectResult) -> str:
        """Say in one line which factors decide."""
        measure, subject = self.results.measure, self._subject(each)
        if not each.indices:
            return self.text("sensitivity.not_analyzed", subject=subject, reason=each.noise["reason"]).removeprefix(
                "– "
            )
        ranked = each.of(measure)
        standing = [row for row in ranked if row["status"] == "resolved"]
        facts = {"subject": subject, "measure": SHOWN_AS.get(measure, measure)}
        if not standing:
            if self.results.samples < FEWEST_TO_JUDGE[self.results.method]:
                named = self._named(ranked, each.subject.outcome)
                return self.text("sensitivity.too_few", named=named, n=self._count(self.results.samples), **facts)
            unknown = [row for row in ranked if row["status"] == "luck unknown"]
            if not unknown:
                return self.text("sensitivity.decides_nothing", **facts)
            first = unknown[0]
            value = self._value(first, each.subject.outcome)
            return self.text("sensitivity.decides_unknown", first=first["factor"], value=value, **facts)
        # An order is told only as far as intervals are apart.
        leaders = [row for row in standing if row["high"] >= standing[0]["low"]]
        behind = standing[len(leaders) :]
        unsettled = [row for row in ranked if row["status"] != "resolved" and row["high"] >= standing[0]["low"]]
        if unsettled:
            named = self._named(standing, each.subject.outcome)
            key = "sensitivity.stand_out" if len(standing) > 1 else "sensitivity.stands_out_alone"
            return self.text(key, named=named, n=len(unsettled), **facts)
        facts["leaders"] = self._named(leaders, each.subject.outcome)
        answer = self.text("sensitivity.decides" if len(leaders) == 1 else "sensitivity.decide", **facts)
        if behind:
            answer += self.text("sensitivity.then", others=self._named(behind, each.subject.outcome))
        return f"{answer}."

    def _named(self, rows: Sequence[Row], outcome: str) -> str:
        """Return factors with their index, the first few by name."""
        named = [f"{row['factor']} ({self._value(row, outcome)})" for row in rows[:MOST_NAMED]]
        if len(rows) > MOST_NAMED:
            named.append(self.text("sensitivity.more", n=len(rows) - MOST_NAMED))
        return self._listed(named)

    def _print_turns(self, each: SubjectResult) -> None:
        """Say how the outcome is spread, and of a contrast how often its sign turns."""
        scenario, minus, outcome = each.subject
        noise = each.noise
        if noise["mean"] is None:
            return
        written = difference_text if minus else value_text
        facts = {name: written(outcome, noise[name], self.language) for name in ("mean", "low", "high")}
        print_text(self.text("sensitivity.spread", **facts))
        if not minus:
            return
        above, below = noise["share_above_zero"], noise["share_below_zero"]
        least = min(above, below)
        kind = "never" if least == 0 else "seldom" if least < SELDOM else "often"
        print_text(
            self.text(
                "sensitivity.turns",
                scenario=scenario, minus=minus, verdict=self.text(f"sensitivity.turns.{kind}"),
                above=self._percent(above), below=self._percent(below),
            )
        )  # fmt: skip

    def _percent(self, share: float | None) -> str:
        return MISSING if share is None else percent(share, 0, self.language)

    def _print_subject(self, each: SubjectResult) -> None:
        print_text()
        print_text(self._subject(each), is_strong=True)
        print_table(self._table(each))
        self._print_cut(each)
        if self.results.method == "sobol":
            self._print_together(each)
        if self.results.method == "sobol" and self.knows_luck:
            self._print_pairs(each)
        noise = each.noise
        if noise["luck_share_of_run"] is None:
            print_text(self.text("sensitivity.luck_unknown_text"))
        else:
            run, mean = (self._percent(noise[f"luck_share_of_{what}"]) for what in ("run", "mean"))
            lasting = self._percent(lasting_share(noise["luck_share_of_mean"]))
            print_text(self.text("sensitivity.luck", run=run, mean=mean, lasting=lasting, n=noise["replications"]))
        self._print_convergence(each)

    def _print_cut(self, each: SubjectResult) -> None:
        """Say how many factors the table leaves out, and how many of them stand out."""
        left = each.of(self.results.measure)[MOST_ROWS:]
        if left:
            n_resolved = sum(row["status"] == "resolved" for row in left)
            print_text(self.text("sensitivity.cut", n=len(left), resolved=n_resolved))

    def _table(self, each: SubjectResult) -> Table:
        outcome, measure = each.subject.outcome, self.results.measure
        further = {"sobol": ["S1"], "morris": ["mu", "sigma"], "pawn": []}[self.results.method]
        further = [name for name in further if each.of(name)]
        has_replications = self.results.replications > 1
        headers = [
            self.text("sensitivity.group" if self.results.is_by_group else "sensitivity.factor"),
            f">{SHOWN_AS.get(measure, measure)}",
            f">{self.text('sensitivity.interval')}",
            *([f">{self.text('sensitivity.by_replication')}"] if has_replications else []),
            self.text("sensitivity.verdict"),
        ]
        for name in further:
            headers += (
                [f">{self.text('sensitivity.alone')} (S1)", f">{self.text('sensitivity.interval')}", ""]
                if name == "S1"
                else [f">{self.text(f'sensitivity.measure.{name}')}"]
            )
        table = Table(headers)
        dummy = each.get(measure, DUMMY)
        for row in [*each.of(measure)[:MOST_ROWS], *([dummy] if dummy else [])]:
            cells = [
                self.text("sensitivity.dummy") if row is dummy else row["factor"],
                self._value(row, outcome),
                self._interval(row, outcome),
            ]
            if has_replications:
                cells.append(self._replications(row, outcome))
            cells.append(self._status(row))
            for name in further:
                other = each.get(name, row["factor"])
                assert other is not None
                cells.append(self._value(other, outcome))
                if name == "S1":
                    cells += [self._interval(other, outcome), self._status(other)]
            table.add(*cells)
        return table

    def _status(self, row: Row) -> str:
        """Return what to know of an index; nothing where it stands out."""
        status = row["status"]
        return self.text(f"sensitivity.status.{status.replace(' ', '_')}") if status not in ("", "resolved") else ""

    def _replications(self, row: Row, outcome: str) -> str:
        if row["replication_low"] is None:
            return ""
        ends = [self._value(row, outcome, f"replication_{end}") for end in ("low", "high")]
        return "–".join(ends)

    def _print_together(self, each: SubjectResult) -> None:
        """Say what the factors make on their own."""
        outcome = each.subject.outcome
        total = each.get("S1_sum", "all")
        if total is not None:
            facts = {part: self._value(total, outcome, part) for part in ("value", "low", "high")}
            print_text(self.text("sensitivity.together", **facts))

    def _print_pairs(self, each: SubjectResult) -> None:
        """Say which factors do more together with others, and in which pairs."""
        outcome = each.subject.outcome
        wider = [row for row in each.of("interaction") if row["status"] == "resolved"][:MOST_NAMED]
        named = [f"{row['factor']} ({self._value(row, outcome)} {self._interval(row, outcome)})" for row in wider]
        print_text(
            self.text("sensitivity.interacts", factors=", ".join(named))
            if named
            else self.text("sensitivity.interacts_none")
        )
        pairs = [row for row in each.of("S2") if row["status"] == "resolved"][:MOST_NAMED]
        named = [
            f"{row['factor']} x {row['other']} ({self._value(row, outcome)} {self._interval(row, outcome)})"
            for row in pairs
        ]
        print_text(
            self.text("sensitivity.pairs", pairs=", ".join(named)) if named else self.text("sensitivity.pairs_none")
        )

    def _print_convergence(self, each: SubjectResult) -> None:
        """Print how far indices still move, and how wide their intervals are, as the sample grows."""
        measure, outcome = self.results.measure, each.subject.outcome
        own = [row for row in each.convergence if row["measure"] == measure]
        sizes = sorted({row["samples"] for row in own})
        if len(sizes) < 2:
            return
        samples = f"sensitivity.samples.{self.results.method}"
        columns = (samples, "sensitivity.points", "sensitivity.moved", "sensitivity.widest", "sensitivity.stands_out")
        headers = [f">{self.text(key)}" for key in columns]
        if self.results.method == "pawn":
            del headers[1]
        if not self.knows_luck:
            del headers[-1]
        table = Table(headers)
        before: dict[str, float] = {}
        for size in sizes:
            here = {row["factor"]: row for row in own if row["samples"] == size}
            reach = max(0.0, here[DUMMY]["high"])
            factors = {name: row for name, row in here.items() if name != DUMMY}
            moved = max(
                (abs(row["value"] - before[name]) for name, row in factors.items() if name in before), default=None
            )
            widest = max(row["high"] - row["low"] for row in factors.values())
            n_standing = sum(row["low"] > reach for row in factors.values())
            cells = [self._count(size), self._count(here[DUMMY]["points"])]
            if self.results.method == "pawn":
                del cells[1]
            cells += [self._value({"measure": measure, "value": value}, outcome) for value in (moved, widest)]
            if self.knows_luck:
                cells.append(self.text("sensitivity.k_of_n", k=n_standing, n=len(factors)))
            table.add(*cells)
            before = {name: row["value"] for name, row in factors.items()}
        print_text()
        print_table(table)

    def _print_others(self) -> None:
        """Print, for every other outcome, the factors that stand out."""
        main = self.results.outcomes[0]
        others = [each for each in self.results.subjects if each.subject.outcome != main and each.indices]
        if not others:
            return
        measure = self.results.measure
        table = Table(
            [self.text("sensitivity.outcome"), self.text("sensitivity.largest", measure=SHOWN_AS.get(measure, measure))]
        )
        for each in others:
            standing = [row for row in each.of(measure) if row["status"] == "resolved"][:MOST_NAMED]
            named = [f"{row['factor']} {self._value(row, each.subject.outcome)}" for row in standing]
            nothing = self.text("sensitivity.none_stands_out" if self.knows_luck else "sensitivity.status.luck_unknown")
            table.add(self._subject(each), ", ".join(named) or nothing)
        print_text()
        print_text(self.text("sensitivity.others"), is_strong=True)
        print_table(table)

    def _print_not_analyzed(self) -> None:
        main = self.results.outcomes[0]
        missing = [each for each in self.results.subjects if each.noise["reason"] and each.subject.outcome != main]
        if missing:
            print_text()
        for each in missing:
            print_text(self.text("sensitivity.not_analyzed", subject=self._subject(each), reason=each.noise["reason"]))
