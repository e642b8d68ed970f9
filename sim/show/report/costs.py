"""What a launch takes, in hours: a small table that the user can replace, and what it comes to for one launch."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

from sim.errors import InputError
from sim.files import regular_content
from sim.texts import said

ONCE = ("training", "campaign")
WEEKLY = ("champions", "leaders", "moderation")
PARTS = (*ONCE, *WEEKLY)
KEYS = ("hours", "source")
MOST_HOURS = 10_000.0


class Cost(NamedTuple):
    """Hours for one unit of something, and where that number is from; empty for an assumption."""

    hours: float
    source: str


class Hours(NamedTuple):
    """What a launch takes: once, and every week; NaN where it cannot be told."""

    once: float
    weekly: float
    leaders: float


Costs = Mapping[str, Cost]


def load_costs(file: Path | None = None) -> Costs:
    """Return the costs that ship, with those of a file in their place.

    Raises
    ------
    InputError
        With a line for everything that is wrong with the file.
    """
    shipped = resources.files("sim.show.report").joinpath("data", "costs.toml").read_text(encoding="utf-8")
    costs = {name: Cost(float(row["hours"]), str(row["source"])) for name, row in tomllib.loads(shipped).items()}
    if file is None:
        return costs
    try:
        written = regular_content(file).decode("utf-8-sig").replace("\r\n", "\n")
        given = tomllib.loads(written)
    except OSError as error:
        raise InputError(said("refusal.costs.unreadable", file=file, reason=error.strerror or error)) from None
    except UnicodeDecodeError:
        raise InputError(said("refusal.costs.encoding", file=file)) from None
    except tomllib.TOMLDecodeError as error:
        raise InputError(said("refusal.costs.syntax", file=file, reason=error)) from None
    problems = []
    for name, row in given.items():
        at = _place(file, written, name)
        if name not in PARTS:
            problems.append(said("refusal.costs.unknown", at=at, key=name, names=", ".join(PARTS)))
        elif not isinstance(row, dict):
            problems.append(said("refusal.costs.table", at=at, key=name))
        else:
            kept = costs[name]._asdict()
            for key, value in row.items():
                at = _place(file, written, name, key)
                if key not in KEYS:
                    problems.append(said("refusal.costs.unknown", at=at, key=f"{name}.{key}", names=", ".join(KEYS)))
                elif key == "hours" and not _is_hours(value):
                    problems.append(said("refusal.costs.hours", at=at, key=f"{name}.{key}", value=value))
                elif key == "source" and not isinstance(value, str):
                    problems.append(said("refusal.costs.source", at=at, key=f"{name}.{key}"))
                else:
                    kept[key] = float(value) if key == "hours" else " ".join(value.split())
            costs[name] = Cost(**kept)
    if problems:
        raise InputError(problems)
    return costs


def _place(file: Path, written: str, table: str, key: str = "") -> str:
    """Return where a table of a file, or a key of it, stands: ``FILE:LINE:COLUMN``."""
    lines = written.splitlines()
    header = re.compile(rf"""\s*(?:\[\s*)?["']?{re.escape(table)}["']?\s*[\].=]""")
    start = next((place for place, line in enumerate(lines) if header.match(line)), 0)
    name = re.compile(rf"""["']?{re.escape(key)}["']?\s*=""")
    for place in range(start, len(lines)) if key else ():
        found = name.search(lines[place])
        if found:
            return f"{file}:{place + 1}:{found.start() + 1}"
    column = len(lines[start]) - len(lines[start].lstrip()) if lines else 0
    return f"{file}:{start + 1}:{column + 1}"


def _is_hours(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= MOST_HOURS


def hours_of(resolved: Mapping[str, Any], costs: Costs, n_leaders: float) -> Hours:
    """Return what a launch takes.

    Parameters
    ----------
    resolved : mapping
        The resolved scenario.
    costs : mapping
        Hours by what they are for.
    n_leaders : float
        How many lead others.
    """
    n, launch = float(resolved["organization"]["employees"]), resolved["launch"]
    leaders = costs["leaders"].hours * n_leaders * float(_at_the_end(resolved, "leadership.participation"))
    once = costs["training"].hours * n * float(launch["training"])
    once += costs["campaign"].hours * float(launch["campaign"]["weeks"])
    weekly = costs["champions"].hours * n * float(launch["champions"]["share"])
    weekly += costs["moderation"].hours * float(bool(_at_the_end(resolved, "rules.moderation")))
    return Hours(once, weekly + leaders, leaders)


def _at_the_end(resolved: Mapping[str, Any], path: str) -> Any:
    """Return what is set in the end, after all changes that are for everybody."""
    section, key = path.split(".")
    for change in reversed(resolved.get("changes") or []):
        if path in change["set"] and not change.get("departments"):
            return change["set"][path]
    return resolved[section][key]
