"""What a sensitivity analysis found, in blocks of words and tables: for the terminal and for the report alike."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from sim.analysis.notes import added_notes
from sim.analysis.sensitivity.results import Row as IndexRow
from sim.analysis.sensitivity.results import SensitivityResults, SubjectResult
from sim.analysis.sensitivity.sampling import FEWEST_TO_JUDGE
from sim.analysis.sensitivity.values import DUMMY, lasting_share
from sim.analysis.wording import MISSING, difference_text, index_text, is_share, label, value_text
from sim.words import counted, duration, in_language, interval, percent, text, whole
from sim.words.blocks import Block, Gap, Paragraph, Row, Rows, Table

MOST_NAMED = 4
MOST_ROWS = 15
# A sign that turns at fewer than this share of the points turns seldom.
SELDOM = 0.05
RESOLVED = "resolved"
SHOWN_AS = {"mu_star": "mu*"}


class SensitivityFinding:
    """What a sensitivity analysis found, in one language.

    `results`: the indices and what is known of their luck.
    """

    def __init__(self, results: SensitivityResults, language: str) -> None:
        self.results = results
        self.language = language
        self.text = partial(text, language)
        self.measure = SHOWN_AS.get(results.measure, results.measure)
        # PAWN takes its dummy from shuffled columns, so it needs no replications.
        self.knows_luck = results.replications > 1 or results.method == "pawn"

    def as_json(self) -> dict[str, Any]:
        """Return what ``sensitivity --json`` prints."""
        results = self.results
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

    def blocks(self) -> Iterator[Block]:
        """Yield everything: answers first, then a table for each subject of the main outcome, then the rest."""
        outcome = self.results.outcomes[0]
        subjects = self.main(outcome)
        yield from self._size()
        yield from self.notes()
        for each in subjects:
            yield Paragraph(self.answer(each), "alert")
            yield from self.spread(each)
        for each in subjects:
            if each.indices:
                yield from self.details(each, MOST_ROWS)
                yield from self.convergence(each)
        yield from self.others(outcome)
        yield Gap()
        yield self.about(outcome)
        yield Paragraph(self.text("sensitivity.results", folder=self.results.folder))

    def _size(self) -> Iterator[Paragraph]:
        results = self.results
        factors = self.text("sensitivity.groups" if results.is_by_group else "sensitivity.factors", n=results.n_movers)
        title = f"sensitivity.title.{results.method}"
        yield Paragraph(self.text(title, name=results.name, samples=self._count(results.samples), factors=factors))
        size = {name: self._count(getattr(results, name)) for name in ("points", "runs")}
        size["replications"] = counted(self.language, "count.replications", results.replications)
        took = self.text("sensitivity.took", duration=duration(results.seconds, self.language))
        yield Paragraph(f"{self.text('sensitivity.size', seed=results.seed, **size)}. {took}")

    def notes(self) -> Iterator[Paragraph]:
        """Yield what has to be said before the numbers."""
        for note in added_notes(self.results.added, self.language):
            yield Paragraph(note, "note")

    def main(self, outcome: str) -> list[SubjectResult]:
        """Return what is said of an outcome, contrasts between scenarios first."""
        found = [each for each in self.results.subjects if each.subject.outcome == outcome]
        return sorted(found, key=lambda each: not each.subject.minus)

    def subject(self, each: SubjectResult) -> str:
        """Return what was analyzed, in words."""
        scenario, minus, outcome = each.subject
        name = label(outcome, self.language)
        name = name[:1].upper() + name[1:]
        key = "sensitivity.contrast" if minus else "sensitivity.subject"
        return self.text(key, outcome=name, scenario=scenario, minus=minus)

    def answer(self, each: SubjectResult) -> str:
        """Say which factors decide, as far as their intervals tell."""
        subject = self.subject(each)
        if not each.indices:
            return self.text(
                "sensitivity.not_analyzed", subject=subject, reason=in_language(each.noise["reason"], self.language)
            )
        ranked = each.of(self.results.measure)
        standing = [row for row in ranked if row["status"] == RESOLVED]
        facts = {"subject": subject, "measure": self.measure, "n": len(ranked)}
        if not standing:
            if self.results.samples < FEWEST_TO_JUDGE[self.results.method]:
                samples = self._count(self.results.samples)
                return self.text("sensitivity.too_few", named=self._named(ranked), samples=samples, **facts)
            unknown = [row for row in ranked if row["status"] == "luck unknown"]
            if not unknown:
                return self.text("sensitivity.decides_nothing", **facts)
            return self.text("sensitivity.decides_unknown", first=self._named(unknown[:1]), **facts)
        # An order is told only as far as intervals are apart.
        leaders = [row for row in standing if row["high"] >= standing[0]["low"]]
        unsettled = [row for row in ranked if row["status"] != RESOLVED and row["high"] >= standing[0]["low"]]
        if unsettled:
            key = "sensitivity.stand_out" if len(standing) > 1 else "sensitivity.stands_out_alone"
            return self.text(key, **{**facts, "named": self._named(standing), "n": len(unsettled)})
        key = "sensitivity.decides" if len(leaders) == 1 else "sensitivity.decide"
        answer = self.text(key, leaders=self._named(leaders), **facts)
        behind = standing[len(leaders) :]
        if behind:
            answer += self.text("sensitivity.then", others=self._named(behind))
        n_open = len(ranked) - len(standing)
        return f"{answer}." + (f" {self.text('sensitivity.rest', n=n_open)}" if n_open else "")

    def spread(self, each: SubjectResult) -> Iterator[Paragraph]:
        """Yield how the outcome is spread, and of a contrast how often its sign turns."""
        scenario, minus, outcome = each.subject
        noise = each.noise
        if noise["mean"] is None:
            return
        written = difference_text if minus else value_text
        facts = {name: written(outcome, noise[name], self.language) for name in ("mean", "low", "high")}
        yield Paragraph(self.text("sensitivity.spread", **facts))
        if not minus:
            return
        above, below = noise["share_above_zero"], noise["share_below_zero"]
        least = min(above, below)
        kind = "never" if least == 0 else "seldom" if least < SELDOM else "often"
        shares = {"above": self._percent(above), "below": self._percent(below)}
        verdict = self.text(f"sensitivity.turns.{kind}")
        yield Paragraph(self.text("sensitivity.turns", scenario=scenario, minus=minus, verdict=verdict, **shares))

    def details(self, each: SubjectResult, most_rows: int | None = None) -> Iterator[Block]:
        """Yield the factors of a subject in a table, what they do together, and what luck does."""
        yield self._table(each, most_rows)
        left = each.of(self.results.measure)[most_rows:] if most_rows else []
        if left:
            n_resolved = sum(row["status"] == RESOLVED for row in left)
            yield Paragraph(self.text("sensitivity.cut", n=len(left), resolved=n_resolved), "note")
        if self.results.method == "sobol":
            yield from self._together(each)
        yield Paragraph(self.luck(each), "note")

    def luck(self, each: SubjectResult) -> str:
        """Say which part of the variance is luck."""
        noise = each.noise
        if noise["luck_share_of_run"] is None:
            return self.text("sensitivity.luck_unknown_text")
        run, mean = (self._percent(noise[f"luck_share_of_{what}"]) for what in ("run", "mean"))
        lasting = self._percent(lasting_share(noise["luck_share_of_mean"]))
        return self.text("sensitivity.luck", run=run, mean=mean, lasting=lasting, n=noise["replications"])

    def convergence(self, each: SubjectResult) -> Iterator[Table]:
        """Yield how far indices still move, and how wide their intervals are, as the sample grows."""
        own = [row for row in each.convergence if row["measure"] == self.results.measure]
        sizes = sorted({row["samples"] for row in own})
        if len(sizes) < 2:
            return
        is_pawn = self.results.method == "pawn"  # there a sample is a point
        columns = [f"samples.{self.results.method}", *([] if is_pawn else ["points"]), "moved", "widest"]
        columns += ["stands_out"] if self.knows_luck else []
        rows = []
        before: dict[str, float] = {}
        for size in sizes:
            here = {row["factor"]: row for row in own if row["samples"] == size}
            dummy = here.pop(DUMMY)
            moved = [abs(row["value"] - before[name]) for name, row in here.items() if name in before]
            widest = max(row["high"] - row["low"] for row in here.values())
            cells = [] if is_pawn else [self._count(dummy["points"])]
            for value in (max(moved, default=None), widest):
                cells.append(self._value({**dummy, "value": value}))
            if self.knows_luck:
                n_standing = sum(row["low"] > max(0.0, dummy["high"]) for row in here.values())
                cells.append(self.text("sensitivity.k_of_n", k=n_standing, n=len(here)))
            rows.append(Row(self._count(size), cells))
            before = {name: row["value"] for name, row in here.items()}
        yield Table("", [f">{self.text(f'sensitivity.{key}')}" for key in columns], [Rows("", rows)])

    def others(self, outcome: str) -> Iterator[Table]:
        """Yield the factors that stand out in every other outcome, or why one was not analyzed."""
        rows = [
            Row(self.subject(each), [self._largest(each)])
            for each in self.results.subjects
            if each.subject.outcome != outcome
        ]
        if rows:
            headers = [self.text("sensitivity.outcome"), self.text("sensitivity.largest", measure=self.measure)]
            yield Table(self.text("sensitivity.others"), headers, [Rows("", rows)])

    def about(self, outcome: str) -> Paragraph:
        """Return what the measure means, and when a factor is not resolved."""
        unit = self.text("sensitivity.points_unit") if is_share(outcome) else ""
        return Paragraph(self.text(f"sensitivity.about.{self.results.method}", unit=unit), "note")

    def _largest(self, each: SubjectResult) -> str:
        if not each.indices:
            return f"{MISSING} ({in_language(each.noise['reason'], self.language)})"
        standing = [row for row in each.of(self.results.measure) if row["status"] == RESOLVED]
        if standing:
            return self._named(standing)
        return self.text("sensitivity.none_stands_out" if self.knows_luck else "sensitivity.status.luck_unknown")

    def _table(self, each: SubjectResult, most_rows: int | None) -> Table:
        measure = self.results.measure
        further = {"sobol": ["S1"], "morris": ["mu", "sigma"], "pawn": []}[self.results.method]
        further = [name for name in further if each.of(name)]
        has_replications = self.results.replications > 1
        of_interval = f">{self.text('sensitivity.interval')}"
        headers = [
            self.text("sensitivity.group" if self.results.is_by_group else "sensitivity.factor"),
            f">{self.measure}",
            of_interval,
            *([f">{self.text('sensitivity.by_replication')}"] if has_replications else []),
            self.text("sensitivity.verdict"),
        ]
        for name in further:
            alone = [f">{self.text('sensitivity.alone')} (S1)", of_interval, ""]
            headers += alone if name == "S1" else [f">{self.text(f'sensitivity.measure.{name}')}"]
        dummy = each.get(measure, DUMMY)
        rows = []
        for row in [*each.of(measure)[:most_rows], *([dummy] if dummy else [])]:
            cells = [self._value(row), self._interval(row)]
            if has_replications:
                cells.append(self._replications(row))
            cells.append(self._status(row))
            for name in further:
                other = each.get(name, row["factor"])
                assert other is not None
                cells.append(self._value(other))
                if name == "S1":
                    cells += [self._interval(other), self._status(other)]
            rows.append(Row(self.text("sensitivity.dummy") if row is dummy else row["factor"], cells))
        return Table(self.subject(each), headers, [Rows("", rows)])

    def _together(self, each: SubjectResult) -> Iterator[Paragraph]:
        """Yield what the factors make on their own, and which do more together with others."""
        total = each.get("S1_sum", "all")
        if total is not None:
            facts = {part: self._value(total, part) for part in ("value", "low", "high")}
            yield Paragraph(self.text("sensitivity.together", **facts))
        if not self.knows_luck:
            return
        for key, measure in (("interacts", "interaction"), ("pairs", "S2")):
            rows = [row for row in each.of(measure) if row["status"] == RESOLVED][:MOST_NAMED]
            named = ", ".join(f"{_factors(row)} ({self._value(row)} {self._interval(row)})" for row in rows)
            told = self.text(f"sensitivity.{key}", named=named) if named else self.text(f"sensitivity.{key}_none")
            yield Paragraph(told)

    def _named(self, rows: Sequence[IndexRow]) -> str:
        """Return factors with their index and its interval, the first few by name."""
        named = [f"{row['factor']} ({self._value(row)} {self._interval(row)})" for row in rows[:MOST_NAMED]]
        if len(rows) > MOST_NAMED:
            named.append(self.text("sensitivity.more", n=len(rows) - MOST_NAMED))
        return self.text("sensitivity.list_and").join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)

    def _value(self, row: IndexRow, part: str = "value") -> str:
        """Return a number of an index as it is read."""
        value = math.nan if row[part] is None else float(row[part])
        return index_text(row["measure"], row["outcome"], value, self.language)

    def _interval(self, row: IndexRow) -> str:
        if row["low"] is None:
            return MISSING
        return interval(self._value(row, "low"), self._value(row, "high"), self.language)

    def _replications(self, row: IndexRow) -> str:
        if row["replication_low"] is None:
            return ""
        return "–".join(self._value(row, f"replication_{end}") for end in ("low", "high"))

    def _status(self, row: IndexRow) -> str:
        """Return what to know of an index; the dummy is what the others are held against."""
        status = "yardstick" if row["factor"] == DUMMY else row["status"].replace(" ", "_")
        return self.text(f"sensitivity.status.{status}") if status else ""

    def _percent(self, share: float | None) -> str:
        return MISSING if share is None else percent(share, 0, self.language)

    def _count(self, n: int) -> str:
        return whole(n, self.language)


def _factors(row: IndexRow) -> str:
    return f"{row['factor']} x {row['other']}" if row.get("other") else str(row["factor"])
