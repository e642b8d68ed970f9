"""The targets: published numbers, how far off a true model may be, and what in a simulation speaks about them.

``data/targets.csv`` has a row for each number, used or not. Only published rows are there; none was made up to steer
the model.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.errors import InputError
from sim.evidence.calibration.observables import OBSERVABLES
from sim.scenario.hints import shown
from sim.words import Said, said

TARGETS_FILE = Path(__file__).with_name("data") / "targets.csv"
COLUMNS = (
    "id", "row", "reading", "source", "read", "scenario", "observable", "week", "value", "kind", "scale", "tolerance",
    "tolerance_why", "together", "about", "organizations", "organizations_why", "use", "use_why",
)  # fmt: skip
CHOICES: Mapping[str, tuple[str, ...]] = {
    "kind": ("equal", "at least"),
    "scale": ("linear", "log"),
    "use": ("used", "check", "unused"),
    "read": ("read", "second-hand", "derived"),
}
NEEDED = ("id", "row", "reading", "source", "scenario", "tolerance_why")


@dataclass(frozen=True, slots=True)
class Target:
    """One published number.

    Attributes
    ----------
    id : str
        Unique name; that of the published row, with a word behind it where a row holds two numbers.
    row : str
        Id of the published row.
    reading : str
        What the source says, in one sentence.
    source, read : str
        Where it is from; ``read`` in the source, ``second-hand`` or ``derived``.
    scenario : str
        Name of the scenario that stands for the organization.
    observable : str
        What of a simulation is compared, see `OBSERVABLES`; empty where nothing can be.
    week : int or None
        At the end of which week; None for the outcome of the run.
    value : float
        The number, in the unit of the observable.
    kind : str
        ``equal``, or ``at least`` for a lower bound.
    scale : str
        ``linear`` or ``log``: where differences are measured.
    tolerance : float
        Standard deviation, on that scale, of what the right model of this organization would show around the
        number: error of measurement, another definition, and what the model leaves out.
    tolerance_why : str
        The argument for its size.
    together : str
        Name of the targets that err together with it, see `sim.evidence.calibration.weighing.COMMON`; empty if none
        does.
    about : str
        Whom the number is about. Numbers about the same have the same luck.
    organizations : int
        Over how many organizations of the size that is simulated it is a mean: one organization has all of its luck, in
        a mean over many there is next to none. A very large firm is as many as the times that it is larger, where its
        parts have no common history.
    organizations_why : str
        The argument for that count.
    use : str
        ``used`` in weights, ``check`` (compared only) or ``unused``.
    use_why : str
        Why it is not used.
    """

    id: str
    row: str
    reading: str
    source: str
    read: str
    scenario: str
    observable: str
    week: int | None
    value: float
    kind: str
    scale: str
    tolerance: float
    tolerance_why: str
    together: str
    about: str
    organizations: int
    organizations_why: str
    use: str
    use_why: str

    @property
    def is_used(self) -> bool:
        """Whether it decides over weights."""
        return self.use == "used"

    @property
    def is_compared(self) -> bool:
        """Whether simulations are compared with it at all."""
        return self.use != "unused"


def load_targets(file: Path = TARGETS_FILE) -> tuple[Target, ...]:
    """Return the targets of a file, in its order.

    Raises
    ------
    InputError
        With a line for everything that is wrong.
    """
    with open(file, encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise InputError(said("refusal.target.columns", file=file, names=", ".join(COLUMNS)))
        read = [(number, row) for number, row in enumerate(reader, start=2)]
    problems: list[Said] = []
    targets: list[Target] = []
    seen: set[str] = set()
    for number, row in read:
        wrong = list(_problems(row))
        if row["id"] in seen:
            wrong.append(said("refusal.target.twice", id=row["id"]))
        seen.add(row["id"])
        problems += [said("refusal.target.row", file=file, row=number, message=one) for one in wrong]
        if not wrong:
            targets.append(_target(row))
    if problems:
        raise InputError(problems)
    return tuple(targets)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _problems(row: Mapping[str, str]) -> Iterable[Said]:
    """Yield what is wrong with a row."""
    if None in row or None in row.values():
        yield said("refusal.target.cells", n=len(COLUMNS))
        return
    for name in NEEDED:
        if not row[name].strip():
            yield said("refusal.target.empty", name=name)
    for name, allowed in CHOICES.items():
        if row[name] not in allowed:
            yield _wrong(name, "refusal.allowed.choice", row, names=", ".join(allowed))
    value, tolerance = _number(row["value"]), _number(row["tolerance"])
    if not math.isfinite(value):
        yield _wrong("value", "refusal.target.number", row)
    if not (math.isfinite(tolerance) and tolerance > 0):
        yield _wrong("tolerance", "refusal.target.above_zero", row)
    if row["scale"] == "log" and not value > 0:
        yield _wrong("value", "refusal.target.on_log", row)
    if row["week"] and not (row["week"].isdecimal() and int(row["week"]) > 0):
        yield _wrong("week", "refusal.target.week", row)
    if not (row["organizations"].isdecimal() and int(row["organizations"]) > 0):
        yield _wrong("organizations", "refusal.target.count", row)
    for name in ("about", "organizations_why"):
        if row["use"] != "unused" and not row[name].strip():
            yield said("refusal.target.empty", name=name)
    if row["use"] != "unused" and row["observable"] not in OBSERVABLES:
        yield _wrong("observable", "refusal.allowed.choice", row, names=", ".join(OBSERVABLES))
    if row["use"] != "used" and not row["use_why"].strip():
        yield said("refusal.target.unused")


def _wrong(name: str, allowed: str, row: Mapping[str, str], **more: object) -> Said:
    return said("refusal.target.must_be", name=name, allowed=said(allowed, **more), value=shown(row[name]))


def _target(row: Mapping[str, str]) -> Target:
    return Target(
        id=row["id"],
        row=row["row"],
        reading=row["reading"],
        source=row["source"],
        read=row["read"],
        scenario=row["scenario"],
        observable=row["observable"],
        week=int(row["week"]) if row["week"] else None,
        value=float(row["value"]),
        kind=row["kind"],
        scale=row["scale"],
        tolerance=float(row["tolerance"]),
        tolerance_why=row["tolerance_why"],
        together=row["together"],
        about=row["about"],
        organizations=int(row["organizations"]),
        organizations_why=row["organizations_why"],
        use=row["use"],
        use_why=row["use_why"],
    )


def compared(targets: Sequence[Target]) -> tuple[Target, ...]:
    """Return the targets that simulations are compared with."""
    return tuple(target for target in targets if target.is_compared)


def check_scenarios(targets: Sequence[Target], names: Collection[str], file: str) -> None:
    """Check that an experiment has the scenario of each target.

    Raises
    ------
    InputError
        Naming those that are missing.
    """
    missing = sorted({target.scenario for target in targets} - set(names))
    if missing:
        raise InputError(said("refusal.calibration.scenarios", file=file, names=", ".join(missing)))
