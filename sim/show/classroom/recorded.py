"""Runs recorded beforehand, packed small: what the page shows where no engine can compute.

The same requests, asked of any engine, give the same hashes. Kept are the launches of `LAUNCHES`, each with the runs of
`SEED_LISTS`: weekly curves of the main outcomes, the picture of the first run of each list, what the employees drawn
did, and why for some of them. `src/engines/recorded.js` unpacks it.
"""

from __future__ import annotations

import base64
import json
import struct
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sim.answer import answer, why
from sim.version import __version__

FORMAT = 2
FILE = "recording.bin"
LAUNCHES = (
    "baseline", "like-facebook", "collaboration", "knowledge", "news-channel", "unframed", "strict-rules",
    "clear-guidance", "leaders-post", "leaders-announce-only", "champions-digital-natives", "big-bang",
    "patient-rollout",
)  # fmt: skip
FIRST_SEEDS = (1, 11)
N_RUNS = (6, 10)  # a sign test needs six runs to find anything
SEED_LISTS = tuple(tuple(range(first, first + n)) for first in FIRST_SEEDS for n in N_RUNS)
OUTCOMES = (
    "monthly_posters", "adoption", "monthly_readers", "posts_per_employee_month", "frame_social",
    "frame_collaboration",
)  # fmt: skip
PER_MONTH = 4  # a count of the week, scaled to a month
YOUNG, OLD = 30, 50  # years of age, as the lesson has it
EARLY = 4  # week of reasons of those who never post

MISSING = 255
MOST_STEPS = 254
LEAST_FRAME = 4  # parts of 255
MOST_ACTIVITY = 15
REASON_DECIMALS = 4
PLACE_DECIMALS = 3
_NOT_OF_REASONS = ("version", "person", "person_after", "days")  # the page shows none of these
_DERIVED = ("employee", "frame_start", "frame_end", "first_read", "first_post")  # the page finds them in the weeks


def overrides_of(employees: int, weeks: int) -> dict[str, int]:
    """Return what is laid over every launch."""
    return {"organization.employees": employees, "run.weeks": weeks}


def recording(employees: int, weeks: int) -> bytes:
    """Run everything and return it packed.

    Parameters
    ----------
    employees : int
        Employees of the organization; few enough that all are drawn.
    weeks : int
        Weeks of a run.

    Returns
    -------
    bytes
        Raw deflate of: length of the head (4 bytes, little-endian), head (JSON), and numbers of one byte.
    """
    overrides = overrides_of(employees, weeks)
    frame_weeks = _frame_weeks(weeks)
    answers = {
        launch: [answer({"scenario": launch, "overrides": overrides, "seeds": list(seeds)}) for seeds in SEED_LISTS]
        for launch in LAUNCHES
    }
    longest = [place for place, seeds in enumerate(SEED_LISTS) if len(seeds) == max(N_RUNS)]  # each run once
    kept = {launch: [found[place] for place in longest] for launch, found in answers.items()}
    staff, changing = _staff(kept)
    curves = _runs(kept, "curves")
    scales = {name: _scale(curves[name], employees) for name in OUTCOMES}
    head = {
        "format": FORMAT,
        "model": __version__,
        "employees": employees,
        "weeks": weeks,
        "overrides": overrides,
        "launches": list(LAUNCHES),
        "lists": [list(seeds) for seeds in SEED_LISTS],
        "hashes": {launch: [one["hash"] for one in found] for launch, found in answers.items()},
        "scenarios": {launch: found[0]["scenario"] for launch, found in kept.items()},
        "seeds": [seed for place in longest for seed in SEED_LISTS[place]],
        "outcomes": {name: values.tolist() for name, values in _runs(kept, "outcomes").items()},
        "curves": [{"name": name, **scale} for name, scale in scales.items()],
        "firsts": list(FIRST_SEEDS),
        "staff": staff,
        "changing": changing,
        "frame_weeks": frame_weeks,
        "reasons": _reasons(overrides, kept),
    }
    parts = [
        *(_less_first(_stepped(_in_steps(curves[name], **scales[name]))) for name in OUTCOMES),
        _less_first(np.array([[_states(one) for one in found] for found in kept.values()])),
        _less_first(np.array([[_frames(one, frame_weeks) for one in found] for found in kept.values()])),
        np.array([one["people"][name] for name in changing for found in kept.values() for one in found]),
    ]
    text = json.dumps(head, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()
    content = struct.pack("<I", len(text)) + text + b"".join(_bytes(part) for part in parts)
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS, 9)
    return packer.compress(content) + packer.flush()


def known_of(employees: int, weeks: int) -> dict[str, Any]:
    """Return what the page must know of a recording before it has loaded it, so that it offers nothing else."""
    return {
        "launches": list(LAUNCHES),
        "lists": [list(seeds) for seeds in SEED_LISTS],
        "outcomes": list(OUTCOMES),
        "employees": employees,
        "weeks": weeks,
    }


def _frame_weeks(weeks: int) -> list[int]:
    """Return the weeks of which frames are kept: more at first, when they change most."""
    found = [0, 1, 2, 4]
    while found[-1] + 4 < weeks:
        found.append(found[-1] + 4)
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


def _reasons(overrides: Mapping[str, Any], kept: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, Any]:
    """Return why a few employees did what they did, for each first seed, employee and launch: of one week each."""
    weeks = [_explained([found[place]["people"] for found in kept.values()]) for place in range(len(FIRST_SEEDS))]
    replies = [
        _short(why({"scenario": launch, "overrides": overrides, "seeds": [seed]}, seed, employee, week))
        for seed, chosen in zip(FIRST_SEEDS, weeks, strict=True)
        for employee, week in chosen.items()
        for launch in LAUNCHES
    ]
    return {"employees": [list(chosen) for chosen in weeks], "replies": replies}


def _explained(launches: Sequence[Mapping[str, Sequence[Any]]]) -> dict[int, int]:
    """Return who is explained, and the week: the lesson asks for the young who stay silent and the old who post.

    Parameters
    ----------
    launches : sequence of mapping
        The same people in each launch.

    Returns
    -------
    dict
        Week by employee: the one in which they most often post for the first time, or else one early on.
    """
    people = launches[0]
    places = range(len(people["age"]))
    firsts = [[one["first_post"][place] for one in launches if one["first_post"][place]] for place in places]
    often = [len(weeks) for weeks in firsts]
    young = [place for place in places if people["age"][place] < YOUNG]
    old = [place for place in places if people["age"][place] >= OLD]
    led = Counter(people["manager"])
    half = len(launches) / 2
    chosen = {
        min(young or places, key=lambda place: often[place]),
        max(young or places, key=lambda place: often[place]),
        max(old or places, key=lambda place: often[place]),
        min(places, key=lambda place: abs(often[place] - half)),
        max(places, key=lambda place: led[people["employee"][place]]),
    }
    weeks = {place: Counter(firsts[place]).most_common(1)[0][0] if firsts[place] else EARLY for place in sorted(chosen)}
    return {people["employee"][place]: week for place, week in weeks.items()}


def _short(value: Any) -> Any:
    """Return a reply without what the page does not show, with fewer decimals."""
    if isinstance(value, dict):
        return {name: _short(part) for name, part in value.items() if name not in _NOT_OF_REASONS}
    if isinstance(value, list):
        return [_short(part) for part in value]
    return round(value, REASON_DECIMALS) if isinstance(value, float) else value


def _bytes(values: np.ndarray) -> bytes:
    assert values.min() >= 0
    assert values.max() <= 255
    return values.astype(np.uint8).tobytes()
