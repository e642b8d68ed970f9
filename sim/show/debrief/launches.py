"""The launches of a class: which cards have the same one, what sets it apart, and how it is called."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from sim.answer.card import Launch
from sim.scenario.library import plain_values
from sim.scenario.registry import PRESETS, SHARES
from sim.texts import catalog, short_number, text

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
    return json.dumps(settings_in(resolved), sort_keys=True)


def is_of_organization(path: str) -> bool:
    """Say whether a setting is one of the organization, which a card has for both launches."""
    return path.split(".", maxsplit=1)[0] in OF_ORGANIZATION


def organization_key(resolved: Mapping[str, Any]) -> str:
    """Return a text that is the same for the same organization only."""
    settings = settings_in(resolved)
    return json.dumps({path: value for path, value in settings.items() if is_of_organization(path)}, sort_keys=True)


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
