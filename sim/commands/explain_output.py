"""What ``explain`` prints: who this is, the days of the week, and the terms of the day that tells most."""

from __future__ import annotations

import math
import shutil
import sys
import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.answer.facts import (
    DECIMALS,
    KINDS,
    N_WHAT_IF,
    N_WHAT_IF_BESIDE,
    case_outcome,
    frame_counts,
    own_chance,
    posting_outcome,
    posting_rows,
    posting_sums,
    reading_outcome,
    reading_rows,
    shares_of,
    silent_posting_terms,
    silent_reading_terms,
    strongest_cases,
)
from sim.commands.tables import Table, print_table, print_text
from sim.explanation import (
    DayExplained,
    PostingExplained,
    ReadingExplained,
    WeekExplained,
    WhatIf,
    telling_day,
)
from sim.show.person_words import fact_words, person_lines
from sim.situation import Situation
from sim.state import DAYS_PER_WEEK
from sim.texts import counted, number, percent, text

if TYPE_CHECKING:
    from sim.views import Coefficients

MOST_DECIMALS = 7  # of a percentage; enough to tell two draws of 32 bits apart


class Context(NamedTuple):
    """What the week alone does not say."""

    employee: str  # id, as the person gave it or the file has it
    department: str
    scenario: str
    seed: int
    n_weeks: int
    c: Coefficients  # coefficients


class Printer:
    """Prints one week of one employee in one language."""

    def __init__(self, week: WeekExplained, context: Context, language: str) -> None:
        self.week = week
        self.context = context
        self.language = language

    def print_all(self) -> None:
        """Print everything."""
        print_text(self._text("explain.title", week=self.week.week, **self.context._asdict()), is_strong=True)
        self._print_person()
        if not any(day.has_access for day in self.week.days):
            print_text()
            print_text(self._no_access())
            return
        print_text()
        print_table(self._days())
        print_text(self._text("explain.luck_rule"))
        day = telling_day(self.week)
        if day is not None:
            self._print_telling_day(day)

    # --- words and numbers ---

    def _text(self, key: str, **values: Any) -> str:
        return text(self.language, key, **values)

    def _number(self, value: float, decimals: int = DECIMALS, is_signed: bool = False) -> str:
        return number(value, decimals, self.language, is_signed)

    def _term(self, value: float | None) -> str:
        return "" if value is None else self._number(value, is_signed=True)

    def _percent(self, share: float, decimals: int = 0) -> str:
        return percent(share, decimals, self.language)

    def _chance_and_luck(self, p: float, draw: float) -> tuple[str, str]:
        """Return both in percent, with as many decimals as it takes to see which is less."""
        for decimals in range(1, MOST_DECIMALS):
            texts = (self._percent(p, decimals), self._percent(draw, decimals))
            if texts[0] != texts[1]:
                return texts
        return texts

    def _facts(self, situation: Situation) -> dict[str, str]:
        """Return what the texts of terms mention."""
        return fact_words(situation, self.context.c, self.language)

    # --- who this is ---

    def _print_person(self) -> None:
        week, department = self.week, self.context.department
        lines = person_lines(week.before, week.week, department, self._frame(), self.language, has_numbers=True)
        width = max(map(len, lines)) + 2
        for label, line in lines.items():
            _print_hanging(label.ljust(width), line)

    def _shares(self, person: Mapping[str, float]) -> dict[str, str]:
        return {name: self._percent(share) for name, share in shares_of(frame_counts(person)).items()}

    def _frame(self) -> str:
        before, after = self._shares(self.week.before), self._shares(self.week.person)
        counts = sum(frame_counts(self.week.before).values())
        frame = self._text("explain.frame", counts=self._number(counts, 1), **before)
        return frame if after == before else frame + self._text("explain.frame_after", **after)

    def _no_access(self) -> str:
        week = int(self.week.person["access_day"]) // DAYS_PER_WEEK + 1
        key = "explain.opens_later" if week <= self.context.n_weeks else "explain.opens_never"
        return self._text(key, week=week)

    # --- the days ---

    def _weekday(self, day: DayExplained) -> str:
        return self._text(f"explain.weekday.{day.day % DAYS_PER_WEEK}")

    def _kind(self, chosen: str) -> str:
        return self._text(f"explain.kind.{chosen.replace(' ', '_')}")

    def _posts(self, day: DayExplained) -> str:
        """Return what was posted on a day of reading, all of it: of a kind there may be several."""
        assert day.posting is not None
        kind = self._kind(day.posting.chosen)
        return kind if day.n_posts < 2 else self._text("explain.several", kind=kind, n=day.n_posts)

    def _days(self) -> Table:
        text = self._text
        right = [f">{text('explain.chance_to_read')}", f">{text('explain.luck')}"]
        posts = [f">{text(key)}" for key in ("explain.items", "explain.chance_to_post", "explain.luck")]
        table = Table([text("explain.day"), *right, text("explain.does_read"), *posts, text("explain.does_post")])
        for day in self.week.days:
            reading, posting = day.reading, day.posting
            cells = ["", "", text("explain.no_access"), "", "", "", ""]
            if reading is not None:
                cells[:2] = self._chance_and_luck(reading.p, reading.draw)
                cells[2] = text("explain.yes" if reading.did_read else "explain.no")
            if posting is not None:
                cells[3] = self._number(day.n_items, 0 if day.n_items.is_integer() else 1)
                cells[4:6] = self._chance_and_luck(posting.p, posting.draw)
                cells[6] = self._posts(day)
            table.add(self._weekday(day), *cells)
        return table

    # --- the day that tells most ---

    def _print_telling_day(self, day: DayExplained) -> None:
        reading, posting = day.reading, day.posting
        assert reading is not None
        print_text()
        print_text(self._telling(day), is_strong=True)
        print_table(self._reading_table(reading))
        self._print_nothing_from([self._text(f"explain.reading_name.{name}") for name in silent_reading_terms(reading)])
        print_text(self._reading_outcome(reading))
        if posting is not None:
            print_text()
            self._print_posting(posting)
            if day.n_posts > 1:
                again = self._percent(self.context.c.post_again)
                print_text(counted(self.language, "explain.and_more", day.n_posts - 1, p=again))
        print_text()
        print_table(self._what_if_table(reading, posting))
        print_text()
        self._print_about()

    def _telling(self, day: DayExplained) -> str:
        weekday, posting = self._weekday(day), day.posting
        if posting is None:
            return self._text("explain.telling.not_read", day=weekday)
        if not posting.did_post:
            return self._text("explain.telling.read", day=weekday)
        return self._text("explain.telling.posted", day=weekday, kind=self._kind(posting.chosen))

    def _print_about(self) -> None:
        text = self._text
        doubles = self._number(math.log(2.0), 1)
        about = text("explain.about", doubles=doubles, minus=text("number.minus"))
        print_text(f"{about} {text('explain.about_what_if')}")

    def _print_nothing_from(self, names: Sequence[str]) -> None:
        if names:
            print_text(self._text("explain.nothing_from", names=", ".join(names)))

    def _reading_table(self, reading: ReadingExplained) -> Table:
        facts, rows = self._facts(reading.situation), reading_rows(reading)
        table = Table([self._text("explain.reading"), f">{self._text('explain.utility')}"])
        for name, value in rows.items():
            table.add(self._text(f"explain.reading_term.{name}", **facts), self._term(value))
        table.add(self._text("explain.sum"), self._term(sum(rows.values())))
        return table

    def _reading_outcome(self, reading: ReadingExplained) -> str:
        text = self._text
        outcome = {
            "did_not_read": lambda: text("explain.did_not_read", lacking=self._number(reading.lacking)),
            "did_not_think_of_it": lambda: text("explain.did_not_think_of_it"),
            "did_read": lambda: text("explain.did_read", spare=self._number(-reading.lacking)),
            "did_read_anyway": lambda: text("explain.did_read_anyway"),
        }[reading_outcome(reading)]()
        p, draw = self._chance_and_luck(reading.p, reading.draw)
        if reading.p_prompt == 0.0:
            return text("explain.read_chance_alone", p=p, draw=draw, outcome=outcome)
        own = self._percent(own_chance(reading), 1)
        return text("explain.read_chance", own=own, p=p, draw=draw, outcome=outcome)

    def _print_posting(self, posting: PostingExplained) -> None:
        text = self._text
        print_table(self._posting_table(posting))
        self._print_nothing_from([text(f"explain.posting_name.{name}") for name in silent_posting_terms(posting)])
        kind = self._kind(posting.chosen)
        outcome = {
            "did_not_post": lambda: text("explain.did_not_post", lacking=self._number(posting.lacking)),
            "did_not_post_banned": lambda: text("explain.did_not_post_banned"),
            "did_post": lambda: text("explain.did_post", kind=kind, spare=self._number(-posting.lacking)),
            "did_post_anyway": lambda: text("explain.did_post_anyway", kind=kind),
        }[posting_outcome(posting)]()
        p, draw = self._chance_and_luck(posting.p, posting.draw)
        print_text(text("explain.post_chance", p=p, draw=draw, outcome=outcome))

    def _posting_table(self, posting: PostingExplained) -> Table:
        """Return the terms with a column for each kind of post; terms for all kinds stand in each."""
        text, facts, rows = self._text, self._facts(posting.situation), posting_rows(posting)
        kinds = (text("explain.work"), text("explain.question"), text("explain.social"))
        table = Table([text("explain.posting"), *(f">{kind}" for kind in kinds)])
        for name, *values in rows:
            table.add(text(f"explain.posting_term.{name}", **facts), *map(self._term, values))
        sums = [self._term(value) for value in posting_sums(rows).values()]
        if not posting.may_be_social:
            sums[2] = text("explain.not_allowed")
        table.add(text("explain.sum"), *sums)
        table.add(text("explain.chance"), *(self._percent(posting.probabilities[kind], 1) for kind in KINDS))
        return table

    # --- what if ---

    def _what_if_table(self, reading: ReadingExplained, posting: PostingExplained | None) -> Table:
        text = self._text
        table = Table([text("explain.what_if"), f">{text('explain.chance')}", ""])
        table.add_heading(text("explain.what_if_reading", p=self._percent(reading.p, 1)))
        most = N_WHAT_IF if posting is None else N_WHAT_IF_BESIDE
        cases = strongest_cases(reading.what_if, reading.p, reading.did_read, most)
        self._add_cases(table, "reads", cases, reading.did_read)
        if posting is not None:
            table.add_heading(text("explain.what_if_posting", p=self._percent(posting.p, 1)))
            cases = strongest_cases(posting.what_if, posting.p, posting.did_post, N_WHAT_IF)
            self._add_cases(table, "posts", cases, posting.did_post)
        return table

    def _add_cases(self, table: Table, verb: str, cases: Sequence[WhatIf], happened: bool) -> None:
        for case in cases:
            outcome = self._text(f"explain.would.{case_outcome(case, verb, happened)}")
            table.add(f"  {self._text(f'explain.case.{case.change}')}", self._percent(case.p, 1), outcome)
        if not cases:
            table.add(f"  {self._text('explain.nothing_helps')}", "", "")


def _print_hanging(label: str, text: str) -> None:
    """Print a text behind its label; on a terminal, further lines begin below the first."""
    if sys.stdout.isatty():
        width = shutil.get_terminal_size().columns
        text = textwrap.fill(label + text, width, subsequent_indent=" " * len(label), break_on_hyphens=False)
        print_text(text)
    else:
        print_text(label + text)
