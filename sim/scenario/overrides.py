"""Settings given beside a scenario file: ``--set rules.restriction=0.5`` and its short forms."""

from __future__ import annotations

from typing import NamedTuple


class Override(NamedTuple):
    """One setting that takes the place of what the scenario file says.

    Attributes
    ----------
    text : str
        ``key=value``, the key dotted as in ``rules.restriction``, the value written as in YAML.
    origin : str
        How the person wrote it, which is how an error message calls it, such as ``--weeks 0``.
    """

    text: str
    origin: str

    @classmethod
    def from_option(cls, text: str) -> Override:
        """Return the override for the text behind one ``--set``."""
        return cls(text=text, origin=f"--set {text}")
