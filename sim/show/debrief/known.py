"""What a debrief rests on: the cards that count, their launches, and tables of runs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import pandas as pd

from sim.answer.card import SIDES
from sim.show.debrief.collecting import Collected
from sim.show.debrief.launches import (
    launch_key,
    launch_name,
    meaning_of,
    organization_key,
    settings_in,
)
from sim.show.debrief.rerunning import KEPT, Checked
from sim.show.layout import Words, figure_words
from sim.study.wording import OUTCOME_BY_NAME


class Place(NamedTuple):
    """A launch in its organization, as some card of the class has it.

    Attributes
    ----------
    name : str
        How it is called.
    settings : dict
        Everything that is set, by dotted key.
    organization : int
        Number of the organization, from 0.
    meaning : str
        What the message is mostly about.
    """

    name: str
    settings: dict[str, Any]
    organization: int
    meaning: str


@dataclass(frozen=True)
class Known:
    """The cards of a class, checked, as a debrief needs them.

    Attributes
    ----------
    collected : Collected
        What was read.
    checked : sequence of Checked
        How the check of each card ended.
    outcome : str
        What the debrief is about.
    language : str
        ``en`` or ``nl``.
    """

    collected: Collected
    checked: Sequence[Checked]
    outcome: str
    language: str

    @cached_property
    def words(self) -> Words:
        """The words in figures."""
        return figure_words(self.language)

    @cached_property
    def cards(self) -> list[Checked]:
        """The cards that count."""
        return [one for one in self.checked if one.state in KEPT]

    @cached_property
    def left_out(self) -> list[Checked]:
        """The cards that do not count."""
        return [one for one in self.checked if one.state not in KEPT]

    @property
    def n_checked(self) -> int:
        """Cards that were run again, whatever came of it."""
        return sum(one.state in ("agrees", "differs", "altered") for one in self.checked)

    @cached_property
    def about_outcome(self) -> list[Checked]:
        """The cards that count and tell of the outcome: run again, or about it."""
        return [one for one in self.cards if one.runs or one.card.outcome == self.outcome]

    @cached_property
    def places(self) -> list[Place]:
        """The launches of the class, each once, in the order of the cards."""
        organizations: dict[str, int] = {}
        found: dict[str, Place] = {}
        for one in self.about_outcome:
            for side in SIDES:
                resolved = one.resolved[side]
                number = organizations.setdefault(organization_key(resolved), len(organizations))
                name = str(launch_name(one.card.launches[side], resolved, self.language))
                meaning = meaning_of(resolved["launch"]["framing"])
                found.setdefault(launch_key(resolved), Place(name, settings_in(resolved), number, meaning))
        return self._told_apart(list(found.values()), len(organizations))

    @staticmethod
    def _told_apart(places: list[Place], n_organizations: int) -> list[Place]:
        """Return the launches with the letter of their organization where there are several."""
        if n_organizations < 2:
            return places
        return [place._replace(name=f"{place.name} ({organization_letter(place.organization)})") for place in places]

    @property
    def n_organizations(self) -> int:
        """Organizations of the class."""
        return len({place.organization for place in self.places})

    @cached_property
    def _numbers(self) -> dict[str, int]:
        keys: dict[str, int] = {}
        for one in self.about_outcome:
            for side in SIDES:
                keys.setdefault(launch_key(one.resolved[side]), len(keys))
        return keys

    def number(self, one: Checked, side: str) -> int:
        """Return the place of a card's launch in `places`."""
        return self._numbers[launch_key(one.resolved[side])]

    def result(self, one: Checked, side: str) -> float:
        """Return the mean of the outcome over the runs of a card's launch."""
        if not one.runs:
            return one.mean(side)
        values = [value for value in one.runs[side].outcomes[self.outcome] if not math.isnan(value)]
        return sum(values) / len(values) if values else math.nan

    @cached_property
    def runs(self) -> pd.DataFrame:
        """Each run of each launch once: launch, seed, value; of cards that were run again."""
        found: dict[tuple[int, int], float] = {}
        for one in self.about_outcome:
            for side in SIDES if one.runs else ():
                values = one.runs[side].outcomes[self.outcome]
                found.update(
                    {(self.number(one, side), seed): v for seed, v in zip(one.card.seeds, values, strict=True)}
                )
        rows = [(launch, seed, value) for (launch, seed), value in sorted(found.items())]
        return pd.DataFrame(rows, columns=["launch", "seed", "value"]).astype({"value": float})

    @cached_property
    def means(self) -> pd.DataFrame:
        """What each card tells of each launch: card, launch, seeds (a text), value, is_checked."""
        rows = [
            (card, self.number(one, side), str(one.card.seeds), self.result(one, side), bool(one.runs))
            for card, one in enumerate(self.about_outcome)
            for side in SIDES
        ]
        return pd.DataFrame(rows, columns=["card", "launch", "seeds", "value", "is_checked"]).astype({"value": float})

    @cached_property
    def series(self) -> pd.DataFrame:
        """Each run of each launch week by week: run_id, launch, meaning, week, value."""
        seen: set[tuple[int, int]] = set()
        rows: list[tuple[str, int, str, int, float]] = []
        for one in self.about_outcome:
            for side in SIDES if one.runs else ():
                launch = self.number(one, side)
                for seed, curve in zip(one.card.seeds, one.runs[side].curves, strict=True):
                    if (launch, seed) in seen:
                        continue
                    seen.add((launch, seed))
                    meaning = self.places[launch].meaning
                    name = f"{launch}/{seed}"
                    rows += [(name, launch, meaning, week, value) for week, value in enumerate(curve, start=1)]
        table = pd.DataFrame(rows, columns=["run_id", "launch", "meaning", "week", "value"])
        return table.astype({"value": float})

    @property
    def better(self) -> int:
        """Whether more of the outcome is better (+1) or less (-1); what is neither counts as more."""
        return -1 if OUTCOME_BY_NAME[self.outcome].better < 0 else 1


def organization_letter(number: int) -> str:
    """Return how an organization is called: A, B, ..., Z, 27, ..."""
    return chr(ord("A") + number) if number < 26 else str(number + 1)
