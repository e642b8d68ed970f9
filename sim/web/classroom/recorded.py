"""Runs recorded beforehand, packed small: what the page shows where no engine can compute, and at once everywhere.

The same requests, asked of any engine, give the same hashes. A recording holds some launches, each with some lists
of seeds: weekly curves of the main outcomes, the picture of the first run of each luck number, what the employees drawn
did, and why for some of them. `src/engines/recorded.js` unpacks it. There is one for each round of the lesson, and one
of many launches for worksheets.
"""

from __future__ import annotations

import base64
import json
import struct
import zlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from sim.version import __version__
from sim.web.answer import answer, why
from sim.web.page import arc

FORMAT = 3
LAUNCHES = (
    "baseline", "like-facebook", "collaboration", "knowledge", "news-channel", "unframed", "strict-rules", "no-rules",
    "rules-arrive-late", "clear-guidance", "leaders-post", "leaders-announce-only", "mandated", "imposed-migration",
    "champions-central", "champions-digital-natives", "big-bang", "patient-rollout",
)  # fmt: skip
"""Launches of the worksheets that need no other setting."""
FIRST_SEEDS = (1, 11)
OUTCOMES = (
    "monthly_posters", "adoption", "monthly_readers", "posts_per_employee_month", "frame_social",
    "frame_collaboration",
)  # fmt: skip
PER_MONTH = 4  # a count of the week, scaled to a month
YOUNG, OLD = 30, 50  # years of age, as the lesson has it
READ = 2  # state of a week, see sim/web/answer/recording.py: this and above
MOST_EXPLAINED = 6

EARLY_WEEKS = 12  # in which frames change most
MISSING = 255
MOST_STEPS = 254
LEAST_FRAME = 4  # parts of 255
MOST_ACTIVITY = 15
REASON_DECIMALS = 4
PLACE_DECIMALS = 3
_NOT_OF_REASONS = ("version", "person", "person_after", "days")  # the page shows none of these
_DERIVED = ("employee", "frame_start", "frame_end", "first_read", "first_post")  # the page finds them in the weeks


class Recorded(NamedTuple):
    """What a recording is to hold.

    Attributes
    ----------
    file : str
        Name of its file.
    launches : tuple of str
    lists : tuple of tuple of int
        Lists of seeds; those with one first seed are parts of the longest.
    overrides : mapping
        What is laid over every launch.
    extra : mapping
        By first seed, what is laid over as well: its plausible world. All have the same keys.
    n_explained : int
        Employees of each luck number whose reasons are kept.
    """

    file: str
    launches: tuple[str, ...]
    lists: tuple[tuple[int, ...], ...]
    overrides: Mapping[str, Any]
    extra: Mapping[int, Mapping[str, Any]] = {}
    n_explained: int = MOST_EXPLAINED

    @property
    def longest(self) -> tuple[int, ...]:
        """Places of the lists that have every run once: the longest for each first seed."""
        best: dict[int, int] = {}
        for place, seeds in enumerate(self.lists):
            if seeds[0] not in best or len(seeds) > len(self.lists[best[seeds[0]]]):
                best[seeds[0]] = place
        return tuple(best.values())

    @property
    def firsts(self) -> tuple[int, ...]:
        """First seeds: luck numbers."""
        return tuple(self.lists[place][0] for place in self.longest)

    def overrides_of(self, first: int) -> dict[str, Any]:
        """Return all that is laid over a launch for a luck number."""
        return {**self.overrides, **self.extra.get(first, {})}

    def known(self) -> dict[str, Any]:
        """Return what tells which requests it answers, for the page."""
        return {
            "file": self.file, "launches": list(self.launches), "overrides": dict(self.overrides),
            "firsts": list(self.firsts), "runs": sorted({len(seeds) for seeds in self.lists}),
            "has_world": bool(self.extra),
        }  # fmt: skip


def of_rounds(n_luck: int, n_explained: int = 3) -> list[Recorded]:
    """Return the recordings of the rounds of the lesson, with so many luck numbers."""
    lists = tuple(tuple(arc.seeds_of(luck)) for luck in arc.luck_numbers(n_luck))
    return [
        Recorded(
            f"round-{one.name}.bin", (one.a, one.b), lists, arc.overrides_of(one._replace(in_world=False), 1),
            {seeds[0]: arc.world_of(seeds[0]) for seeds in lists} if one.in_world else {}, n_explained,
        )
        for one in arc.ROUNDS
    ]  # fmt: skip


def of_worksheets(employees: int, weeks: int) -> Recorded:
    """Return the recording of many launches."""
    lists = tuple(tuple(arc.seeds_of(first)) for first in FIRST_SEEDS)
    return Recorded("recording.bin", LAUNCHES, lists, {"organization.employees": employees, "run.weeks": weeks})


def of_pair(pair: tuple[str, str], employees: int, weeks: int, runs: int, n_luck: int) -> Recorded:
    """Return the recording of the two launches that a lecturer has chosen; no two luck numbers share a run."""
    lists = tuple(tuple(range(1 + runs * place, 1 + runs * (place + 1))) for place in range(n_luck))
    size = {"organization.employees": employees, "run.weeks": weeks}
    return Recorded("recording.bin", pair, lists, size, n_explained=3)


def recording(what: Recorded, tell: Callable[[], None] = lambda: None) -> bytes:
    """Run everything and return it packed.

    Parameters
    ----------
    what : Recorded
        Of few enough employees that all are drawn.
    tell : callable, optional
        Called after each launch with each list of seeds.

    Returns
    -------
    bytes
        Raw deflate of: length of the head (4 bytes, little-endian), head (JSON), and numbers of one byte.
    """

    def answered(launch: str, seeds: Sequence[int]) -> dict[str, Any]:
        found = answer({"scenario": launch, "overrides": what.overrides_of(seeds[0]), "seeds": list(seeds)})
        tell()
        return found

    answers = {launch: [answered(launch, seeds) for seeds in what.lists] for launch in what.launches}
    kept = {launch: [found[place] for place in what.longest] for launch, found in answers.items()}
    employees, weeks = int(what.overrides["organization.employees"]), int(what.overrides["run.weeks"])
    frame_weeks = _frame_weeks(weeks)
    staff, changing = _staff(kept)
    curves = _runs(kept, "curves")
    scales = {name: _scale(curves[name], employees) for name in OUTCOMES}
    head = {
        "format": FORMAT,
        "model": __version__,
        "employees": employees,
        "weeks": weeks,
        "overrides": dict(what.overrides),
        "extra": [dict(what.extra.get(first, {})) for first in what.firsts],
        "launches": list(what.launches),
        "lists": [list(seeds) for seeds in what.lists],
        "hashes": {launch: [one["hash"] for one in found] for launch, found in answers.items()},
        "ages": {launch: [one["ages"] for one in found] for launch, found in answers.items()},
        "scenarios": {launch: found[0]["scenario"] for launch, found in kept.items()},
        "seeds": [seed for place in what.longest for seed in what.lists[place]],
        "outcomes": {name: values.tolist() for name, values in _runs(kept, "outcomes").items()},
        "curves": [{"name": name, **scale} for name, scale in scales.items()],
        "firsts": list(what.firsts),
        "staff": staff,
        "changing": changing,
        "frame_weeks": frame_weeks,
        "reasons": _reasons(what, kept),
    }
    parts = [
        *(_less_first(_stepped(_in_steps(curves[name], **scales[name]))) for name in OUTCOMES),
        _less_first(np.array([[_states(one) for one in found] for found in kept.values()])),
        _less_first(np.array([[_frames(one, frame_weeks) for one in found] for found in kept.values()])),
        _in_two_bytes([one["people"][name] for name in changing for found in kept.values() for one in found]),
    ]
    text = json.dumps(head, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()
    content = struct.pack("<I", len(text)) + text + b"".join(_bytes(part) for part in parts)
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS, 9)
    return packer.compress(content) + packer.flush()


def known_of(what: Recorded) -> dict[str, Any]:
    """Return what the page must know of a recording before it has loaded it, so that it offers nothing else."""
    return {
        "launches": list(what.launches),
        "lists": [list(seeds) for seeds in what.lists],
        "outcomes": list(OUTCOMES),
        "employees": what.overrides["organization.employees"],
        "weeks": what.overrides["run.weeks"],
    }


def _frame_weeks(weeks: int) -> list[int]:
    """Return the weeks of which frames are kept: more at first, when they change most."""
    found = [0, 1, 2, 4]
    while found[-1] + 4 < weeks:
        found.append(found[-1] + (4 if found[-1] < EARLY_WEEKS else 8))
    return sorted({week for week in found if week < weeks} | {weeks})


def _runs(kept: Mapping[str, Sequence[Mapping[str, Any]]], kind: str) -> dict[str, np.ndarray]:
    """Return the values of each main outcome by launch, run and perhaps week; NaN where undefined."""
    return {
        name: np.array([[run for one in found for run in one[kind][name]] for found in kept.values()], dtype=float)
        for name in OUTCOMES
    }


def _scale(values: np.ndarray, employees: int) -> dict[str, float]:
    """Return how values become whole steps: exactly, where they are counts of employees or posts."""
    known = values[~np.isnan(values)]
    for step in (1 / employees, PER_MONTH / employees):
        steps = known / step
        if known.min() >= 0 and np.abs(steps - np.rint(steps)).max() < 1e-3 and steps.max() <= MOST_STEPS:
            return {"low": 0.0, "step": step}
    low = float(known.min())
    return {"low": low, "step": max(float(known.max()) - low, 1e-9) / MOST_STEPS}


def _in_steps(values: np.ndarray, low: float, step: float) -> np.ndarray:
    """Return values as steps, `MISSING` where undefined."""
    return np.where(np.isnan(values), MISSING, np.rint((np.nan_to_num(values) - low) / step)).astype(np.int64)


def _stepped(values: np.ndarray) -> np.ndarray:
    """Return the difference of each number to the one before it along the last axis, modulo 256."""
    return np.diff(values, axis=-1, prepend=0) % 256


def _less_first(values: np.ndarray) -> np.ndarray:
    """Return what each launch (the first axis) has more than the first one, modulo 256: often the same people do it."""
    whole = values.astype(np.int64)
    return np.concatenate([whole[:1], (whole[1:] - whole[:1]) % 256])


def _weeks(one: Mapping[str, Any], name: str) -> np.ndarray:
    return np.array([np.frombuffer(base64.b64decode(week), np.uint8) for week in one["network"]["weeks"][name]])


def _states(one: Mapping[str, Any]) -> np.ndarray:
    """Return state and activity of each employee in each week, in one byte."""
    return (16 * _weeks(one, "state") + np.minimum(_weeks(one, "activity"), MOST_ACTIVITY)).T


def _frames(one: Mapping[str, Any], weeks: Sequence[int]) -> np.ndarray:
    """Return the first two shares of frames, coarsely, of some weeks less the ones before: (share, week, person)."""
    frames = _weeks(one, "frames").reshape(len(one["network"]["weeks"]["week"]), -1, 3)
    coarse = np.rint(frames[list(weeks), :, :2] / LEAST_FRAME).astype(np.int64)
    return _stepped(np.moveaxis(coarse, 0, -1)).transpose(1, 2, 0)


def _staff(kept: Mapping[str, Sequence[Mapping[str, Any]]]) -> tuple[list[dict[str, Any]], list[str]]:
    """Return what is the same for all launches, for each first seed, and the columns of people that are not."""
    all_people = [[one["people"] for one in found] for found in kept.values()]
    columns = [name for name in all_people[0][0] if name not in _DERIVED]
    pairs = [pair for found in all_people for pair in zip(found, all_people[0], strict=True)]
    same = [name for name in columns if all(one[name] == first[name] for one, first in pairs)]
    staff = []
    for one in next(iter(kept.values())):
        network = {name: value for name, value in one["network"].items() if name != "weeks"}
        places = {name: [round(place, PLACE_DECIMALS) for place in network[name]] for name in ("x", "y")}
        # Sorted pairs, as the step from each to the next: first those of who comes first, then of who comes second.
        places["edges"] = np.diff(np.reshape(network["edges"], (-1, 2)), axis=0, prepend=0).T.ravel().tolist()
        staff.append({"network": {**network, **places}, "people": {name: one["people"][name] for name in same}})
    return staff, [name for name in columns if name not in same]


def _reasons(what: Recorded, kept: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, Any]:
    """Return why a few employees did what they did, for each first seed, employee and launch: of one week each."""
    chosen = [
        dict(list(_explained([found[place] for found in kept.values()]).items())[: what.n_explained])
        for place in range(len(what.firsts))
    ]
    replies = [
        _short(
            why({"scenario": launch, "overrides": what.overrides_of(first), "seeds": [first]}, first, employee, week)
        )
        for first, weeks in zip(what.firsts, chosen, strict=True)
        for employee, week in weeks.items()
        for launch in what.launches
    ]
    return {"employees": [list(weeks) for weeks in chosen], "replies": replies}


def _explained(answers: Sequence[Mapping[str, Any]]) -> dict[int, int]:
    """Return who is explained, and the week: first the silent reader, and who writes in some launches alone.

    Parameters
    ----------
    answers : sequence of mapping
        Of the same people in each launch.

    Returns
    -------
    dict
        Week by employee: the one in which they most often post for the first time, or else the last one in which they
        were there, or the middle one.
    """
    launches = [one["people"] for one in answers]
    people = launches[0]
    places = range(len(people["age"]))
    firsts = [[one["first_post"][place] for one in launches if one["first_post"][place]] for place in places]
    often = [len(weeks) for weeks in firsts]
    there = np.stack([_weeks(one, "state") >= READ for one in answers])[:, 1:]  # launch, week, person
    reads = there.sum(axis=(0, 1))
    young = [place for place in places if people["age"][place] < YOUNG]
    old = [place for place in places if people["age"][place] >= OLD]
    led = Counter(people["manager"])
    half = len(launches) / 2
    chosen = dict.fromkeys((
        max(places, key=lambda place: (-often[place], int(reads[place]))),
        min(places, key=lambda place: (abs(often[place] - half), -int(reads[place]))),
        max(places, key=lambda place: (often[place], int(reads[place]))),
        min(young or places, key=lambda place: often[place]),
        max(old or places, key=lambda place: often[place]),
        max(places, key=lambda place: led[people["employee"][place]]),
    ))  # fmt: skip

    def week_of(place: int) -> int:
        if firsts[place]:
            return int(Counter(firsts[place]).most_common(1)[0][0])
        weeks = np.flatnonzero(there[:, :, place].any(axis=0))
        return int(weeks[-1]) + 1 if len(weeks) else max(1, there.shape[1] // 2)

    return {people["employee"][place]: week_of(place) for place in chosen}


def _short(value: Any) -> Any:
    """Return a reply without what the page does not show, with fewer decimals."""
    if isinstance(value, dict):
        return {name: _short(part) for name, part in value.items() if name not in _NOT_OF_REASONS}
    if isinstance(value, list):
        return [_short(part) for part in value]
    return round(value, REASON_DECIMALS) if isinstance(value, float) else value


def _in_two_bytes(rows: Sequence[Sequence[int]]) -> np.ndarray:
    """Return counts with their low bytes and then their high ones, row by row; nothing of no rows."""
    values = np.array(rows, dtype=np.int64)
    return np.concatenate([values % 256, values // 256], axis=-1)


def _bytes(values: np.ndarray) -> bytes:
    assert values.min(initial=0) >= 0
    assert values.max(initial=0) <= 255
    return values.astype(np.uint8).tobytes()
