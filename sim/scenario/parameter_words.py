"""Meaning and unit of each parameter in the language of the reader.

English is what the registry says; other languages have it in ``parameter.json`` of `sim.texts`, which a test compares
with the registry.
"""

from __future__ import annotations

from sim.scenario.registry import Parameter
from sim.texts import DEFAULT_LANGUAGE, catalog


def meaning_of(entry: Parameter, language: str = DEFAULT_LANGUAGE) -> str:
    """Return what a parameter stands for; in English where a language has no text for a new one yet.

    Examples
    --------
    >>> from sim.scenario.parameters import parameter
    >>> meaning_of(parameter("launch.mandate"), "nl")
    'Hoezeer het gebruik van het platform verplicht wordt gesteld.'
    """
    return catalog(language).get(f"parameter.meaning.{entry.path}", entry.meaning)


def unit_of(entry: Parameter, language: str = DEFAULT_LANGUAGE) -> str:
    """Return the unit of a parameter; in English where a language has no text for a new one yet."""
    return catalog(language).get(f"parameter.unit.{entry.unit}", entry.unit)
