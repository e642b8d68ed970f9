"""The words in figures, by short keys, in one language.

The figure functions take such a catalog as an argument. The texts are in ``sim/texts``, in the files ``figure.json``.
"""

from __future__ import annotations

from collections.abc import Mapping

from sim.study.wording import OUTCOME_BY_NAME, is_gap, is_share, label
from sim.texts import DEFAULT_LANGUAGE, catalog

Words = Mapping[str, str]

LANGUAGE = "language"
"""The key under which a catalog says which language it is, for the functions that write numbers."""

SHARES = frozenset(name for name in OUTCOME_BY_NAME if is_share(name) and not is_gap(name))
"""Outcomes shown in percent, differences of them in points. The mean of `alive` is a share of runs."""

GAPS = frozenset(name for name in OUTCOME_BY_NAME if is_gap(name))
"""Outcomes that are themselves a difference of shares: shown in percentage points, with a sign."""


WORLDS = "worlds."
"""Begins the keys of texts that are other ones where each value is the mean of a plausible world, not a run."""


OTHER_STAFF = "other_staff."
"""Begins the keys of texts that are other ones where the scenarios have organizations of their own."""


def _all_texts(language: str) -> Words:
    """Return the texts of the area ``figure``, by keys without it, and the names that outcomes have everywhere.

    ``noun.reach`` is the name as it stands in a sentence, ``outcome.reach`` with a capital.
    """
    found = catalog(language)
    names = [key.removeprefix("figure.") for key in found if key.startswith("figure.")]
    texts = {LANGUAGE: language, **{name: found[f"figure.{name}"] for name in names}}
    for outcome in OUTCOME_BY_NAME:
        noun = label(outcome, language)
        texts |= {f"noun.{outcome}": noun, f"outcome.{outcome}": noun[:1].upper() + noun[1:]}
    return texts


def figure_words(language: str = DEFAULT_LANGUAGE, is_over_worlds: bool = False, has_same_staff: bool = True) -> Words:
    """Return the words in figures.

    Parameters
    ----------
    language : str
        ``en`` or ``nl``.
    is_over_worlds : bool
        Whether the figures are about plausible worlds.
    has_same_staff : bool
        Whether runs with one seed have the same staff in all scenarios.
    """
    found = dict(_all_texts(language))
    others = {name.removeprefix(OTHER_STAFF): found.pop(name) for name in list(found) if name.startswith(OTHER_STAFF)}
    if not has_same_staff:
        found |= others
    words = {name: message for name, message in found.items() if not name.startswith(WORLDS)}
    return words | _over_worlds(found) if is_over_worlds else words


def _over_worlds(found: Words) -> dict[str, str]:
    return {name.removeprefix(WORLDS): message for name, message in found.items() if name.startswith(WORLDS)}


ENGLISH: Words = figure_words()

OVER_WORLDS: Words = _over_worlds(_all_texts(DEFAULT_LANGUAGE))
"""Replaces texts of `ENGLISH` in figures of a comparison over plausible worlds."""
