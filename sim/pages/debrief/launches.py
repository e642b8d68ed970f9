"""The launches of a class: which cards have the same one, what sets it apart, and how it is called."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import pandas as pd

from sim.analysis.wording import OUTCOME_BY_NAME
from sim.catalog.registry import PRESETS, SHARES
from sim.figures.layout import Words, figure_words
from sim.pages.debrief.cards import KEPT, Checked, Collected
from sim.pages.report.basis import quoted
from sim.scenario.library import plain_values
from sim.web.answer.card import SIDES, Launch
from sim.words import catalog, short_number, text

FRAMING, WAVES, CHANGES = "launch.framing", "launch.waves", "changes"
WHOLE = (FRAMING, WAVES)
NO_SETTINGS = ("name", "description", "run.seed", "run.replications")
OF_ORGANIZATION = ("organization", "behavior", "constants", "run")
MIXED = "mixed"
DOMINATES = 0.5  # share of the message; no meaning has more than half of a mixed one
MOST_NAMED = 3  # settings in the name of a launch

Settings = Mapping[str, Any]


class LaunchName(NamedTuple):
    """A launch as it is called: its scenario, and what is set otherwise."""

    title: str
    rest: str

    def __str__(self) -> str:
        return f"{self.title}, {self.rest}" if self.rest else self.title


def settings_in(resolved: Mapping[str, Any], start: str = "") -> dict[str, Any]:
    """Return everything that is set, by dotted key; a framing, waves and changes are one value each."""
    found: dict[str, Any] = {}
    for key, value in resolved.items():
        path = start + key
        if path in NO_SETTINGS:
            continue
        if isinstance(value, Mapping) and path not in WHOLE:
            found.update(settings_in(value, f"{path}."))
        else:
            found[path] = value
    return found


def launch_key(resolved: Mapping[str, Any]) -> str:
    """Return a text that is the same for the same launch in the same organization only."""
    return _key(settings_in(resolved))


def is_of_organization(path: str) -> bool:
    """Say whether a setting is one of the organization, which a card has for both launches."""
    return path.split(".", maxsplit=1)[0] in OF_ORGANIZATION


def is_asked(path: str) -> bool:
    """Say whether a setting of the organization belongs to what a class was asked, as trust does."""
    return path.startswith("organization.") and path != "organization.employees"


def organization_key(resolved: Mapping[str, Any]) -> str:
    """Return a text that is the same for the same organization only."""
    return _key({path: value for path, value in settings_in(resolved).items() if is_of_organization(path)})


def launch_without_organization(settings: Settings) -> str:
    """Return a text that is the same for the same launch, wherever it is."""
    return _key({path: value for path, value in settings.items() if not is_of_organization(path)})


def _key(settings: Settings) -> str:
    return json.dumps(settings, sort_keys=True)


def differing(one: Settings, other: Settings) -> list[str]:
    """Return the settings in which two launches differ."""
    return [path for path in one if one[path] != other.get(path)]


def meaning_of(framing: Mapping[str, float]) -> str:
    """Return what a message is mostly about: one of `SHARES`, or `MIXED`."""
    name = max(SHARES, key=lambda share: framing[share])
    return name if framing[name] > DOMINATES else MIXED


def preset_of(framing: Mapping[str, float]) -> str | None:
    """Return the preset whose numbers these are."""
    for name, numbers in PRESETS.items():
        if all(abs(framing[key] - value) < 1e-6 for key, value in numbers._asdict().items()):
            return name
    return None


# --- words ------------------------------------------------------------------------------------------------------------


def setting_name(path: str, language: str) -> str:
    """Return how the page calls a setting; its key where the page has no name."""
    if path == CHANGES:
        return text(language, "debrief.changes")
    return catalog(language).get(f"page.control.{path}", path)


def value_words(path: str, value: Any, language: str) -> str:
    """Return a value of a setting for a reader."""
    if path == FRAMING:
        return choice_words(path, preset_of(value), language)
    if path == WAVES:
        return choice_words(path, "all_at_once" if isinstance(value, str) else "in_turn", language)
    if path == CHANGES:
        return str(len(value))
    if value is None:
        return text(language, "number.missing")
    if isinstance(value, bool):
        return text(language, "page.choice.yes" if value else "page.choice.no")
    if isinstance(value, int | float):
        return short_number(value, language, 4)
    return choice_words(path, str(value), language)


def choice_words(path: str, choice: str | None, language: str) -> str:
    """Return how the page calls one of the choices of a setting; None: numbers of one's own."""
    if choice is None:
        return text(language, "debrief.own_numbers")
    return catalog(language).get(f"page.choice.{path}.{choice}", choice.replace("_", " "))


def setting_words(path: str, value: Any, language: str) -> str:
    """Return a setting with its value, as part of a name; a message speaks for itself."""
    said = value_words(path, value, language)
    if path == FRAMING:
        return said
    name = setting_name(path, language)
    return f"{name[:1].lower()}{name[1:]} {said}"


def launch_name(launch: Launch, resolved: Mapping[str, Any], language: str) -> LaunchName:
    """Return how a launch is called: its scenario, and what it sets otherwise, without the organization."""
    scenario = launch.scenario or "own"
    title = catalog(language).get(f"page.scenario.{scenario}", scenario)
    shipped = settings_in(plain_values(launch.scenario))
    own = settings_in(resolved)
    paths = [path for path in differing(own, shipped) if not is_of_organization(path)]
    named = [setting_words(path, own[path], language) for path in paths[:MOST_NAMED]]
    if len(paths) > MOST_NAMED:
        named.append(text(language, "debrief.n_more", n=len(paths) - MOST_NAMED))
    return LaunchName(title.strip("“”"), "; ".join(named))


# What a debrief rests on: the cards that count, their launches, and tables of runs.


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

    @cached_property
    def asked(self) -> dict[str, list[Checked]]:
        """The cards that count, by the two launches that were asked about, the most frequent first.

        What a class sets for the organization of a question belongs to it; in which plausible world a student is, and
        how many people work there, does not.
        """
        found: dict[str, list[Checked]] = {}
        for one in self.cards:
            names = [
                quoted(str(launch_name(one.card.launches[side], one.resolved[side], self.language))) for side in SIDES
            ]
            own = settings_in(one.resolved["a"])
            paths = sorted(path for path in one.card.both if path in own and is_asked(path))
            words = "; ".join(setting_words(path, own[path], self.language) for path in paths)
            key = text(self.language, "debrief.or", a=names[0], b=names[1])
            found.setdefault(f"{key} ({words})" if words else key, []).append(one)
        return dict(sorted(found.items(), key=lambda item: (-len(item[1]), item[0])))

    @property
    def better(self) -> int:
        """Whether more of the outcome is better (+1) or less (-1); what is neither counts as more."""
        return -1 if OUTCOME_BY_NAME[self.outcome].better < 0 else 1


def organization_letter(number: int) -> str:
    """Return how an organization is called: A, B, ..., Z, 27, ..."""
    return chr(ord("A") + number) if number < 26 else str(number + 1)
