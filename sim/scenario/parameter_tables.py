"""The registry as people read it: rows of a table, records for JSON, and the page ``docs/parameters.md``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.scenario.framing import PRESETS, FramingNumbers
from sim.scenario.parameter_words import meaning_of, unit_of
from sim.scenario.registry import Parameter
from sim.scenario.structure import CHANGEABLE, TOP_LEVEL
from sim.scenario.wording import number, shown
from sim.texts import DEFAULT_LANGUAGE, text

HEADER = ("key", "default", "range", "unit", "meaning", "source")

_SECTION_TITLES = {
    "organization": "Organization: who works there",
    "platform": "Platform: what the product lets people do",
    "launch": "Launch: how it is introduced",
    "rules": "Rules of use",
    "leadership": "Leadership",
    "behavior": "Behavior: the coefficients",
    "constants": "Constants: numbers of behavior that are fixed, with the reason",
    "run": "Run: how long, how often, with what luck",
}


def written(value: Any) -> str:
    """Return a default as it is written in a scenario file.

    Examples
    --------
    >>> written(None), written(False), written((0,)), written(1e-9), written("nl-2014")
    ('null', 'false', '[0]', '1e-09', 'nl-2014')
    """
    if value is None:
        return "null"
    if isinstance(value, tuple):
        return f"[{', '.join(map(written, value))}]"
    return value if isinstance(value, str) else shown(value)


def allowed_range(entry: Parameter, language: str = DEFAULT_LANGUAGE) -> str:
    """Return the values that a parameter may have, as they are written in a file."""
    choices = ", ".join(entry.choices)
    if entry.kind == "bool":
        return "true, false"
    if entry.kind == "text":
        key = "parameter.range.or_file" if choices else "parameter.range.text"
        return text(language, key, choices=choices)
    if choices:
        return choices
    if entry.low is None:
        return text(language, "parameter.range.any")
    if entry.high is None:
        return text(language, "parameter.range.from", low=number(entry.low))
    return text(language, "parameter.range.between", low=number(entry.low), high=number(entry.high))


def plausible_range(entry: Parameter) -> str:
    """Return the range that the evidence leaves open, empty where none is given; or where a mechanism is off and on."""
    if entry.when_on is not None:
        off = "" if entry.off_at is None else f"off at {number(entry.off_at)}; "
        return f"{off}{number(entry.when_on[0])} to {number(entry.when_on[1])} when on"
    return "" if entry.plausible is None else f"{number(entry.plausible[0])} to {number(entry.plausible[1])}"


def header(language: str = DEFAULT_LANGUAGE) -> list[str]:
    """Return the names of the columns of `table_rows`."""
    return [text(language, f"parameter.header.{name}") for name in HEADER]


def table_rows(entries: Sequence[Parameter], language: str = DEFAULT_LANGUAGE) -> list[list[str]]:
    """Return one row under `header` for each parameter."""
    return [
        [
            entry.path,
            written(entry.default),
            allowed_range(entry, language),
            unit_of(entry, language),
            meaning_of(entry, language),
            entry.source,
        ]
        for entry in entries
    ]


def as_records(entries: Sequence[Parameter], language: str = DEFAULT_LANGUAGE) -> list[dict[str, Any]]:
    """Return each parameter as a dict that JSON can hold; unit and meaning in the language of the reader."""
    changeable = {entry.path for entry in CHANGEABLE}
    return [
        {
            "path": entry.path,
            "default": entry.default,
            "kind": entry.kind,
            "low": entry.low,
            "high": entry.high,
            "choices": list(entry.choices),
            "plausible": entry.plausible,
            "off_at": entry.off_at,
            "when_on": entry.when_on,
            "unit": unit_of(entry, language),
            "meaning": meaning_of(entry, language),
            "source": entry.source,
            "group": entry.group,
            "is_lever": entry.is_lever,
            "can_change": entry.path in changeable,
        }
        for entry in entries
    ]


def markdown_page(entries: Sequence[Parameter]) -> str:
    """Return the page that documents the parameters, one table a section."""
    lines = [
        "# Parameters",
        "",
        "Every key of a scenario file, made from the registry by `intranet-sim parameters --markdown`.",
        "Do not edit this page: change `sim/scenario/data/parameters.json` or `sim/scenario/coefficients.py` instead.",
        "",
        "*Range* is what is allowed. *Plausible* is what the evidence leaves open, for sweeps and sensitivity",
        "analysis; a mechanism that is off by default says at which value, and what range it has when on: sweeps over",
        "all of behavior leave it off. A lever (L) is chosen by the organization; the rest is how the world is. A key",
        "marked C can",
        "change during the run (`changes`). *Source* names an evidence id (T3.17) with a short reference, a",
        "claim of the source articles (claim 3.5, see [sources](sources.md)), or an assumption.",
        "",
        "## Keys that are no parameters",
        "",
        "| key | meaning |",
        "|---|---|",
        *(f"| `{key}` | {_cell(meaning)} |" for key, meaning in TOP_LEVEL.items()),
    ]
    for section in dict.fromkeys(entry.section for entry in entries):
        lines += ["", f"## {_SECTION_TITLES[section]}", "", *_markdown_table(entries, section)]
        if section == "launch":
            lines += ["", *_preset_table()]
    return "\n".join(lines) + "\n"


def _markdown_table(entries: Sequence[Parameter], section: str) -> list[str]:
    changeable = {entry.path for entry in CHANGEABLE}
    lines = [
        "| key | default | range | plausible | unit | | meaning | source |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for entry in entries:
        if entry.section != section:
            continue
        marks = " ".join(["L"] * entry.is_lever + ["C"] * (entry.path in changeable))
        cells = [
            f"`{entry.path}`",
            f"`{written(entry.default)}`",
            allowed_range(entry),
            plausible_range(entry),
            entry.unit,
            marks,
            entry.meaning,
            entry.source,
        ]
        lines.append(f"| {' | '.join(map(_cell, cells))} |")
    return lines


def _preset_table() -> list[str]:
    """Return the numbers behind each framing preset."""
    lines = [
        "### Framing presets",
        "",
        "`launch.framing` is one of these names, or the numbers themselves. In numbers, `association` and",
        "`clarity` may be left out; the defaults in the table above then hold.",
        "",
        f"| preset | {' | '.join(FramingNumbers._fields)} |",
        f"|---{'|---' * len(FramingNumbers._fields)}|",
    ]
    for name, numbers in PRESETS.items():
        lines.append(f"| `{name}` | {' | '.join(f'{value:.3g}' for value in numbers)} |")
    return lines


def _cell(text: str) -> str:
    """Return text that cannot break a table."""
    return text.replace("|", "\\|")
