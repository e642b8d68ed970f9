"""Run what a request asks for, and put everything that a page shows into one answer."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from sim.errors import InputError
from sim.model.groups import total_posts
from sim.model.simulation import Simulation
from sim.scenario.acting import idle_keys, values_of
from sim.scenario.plain import message_in
from sim.version import __version__
from sim.web.answer.reasons import why
from sim.web.answer.recording import Recorder
from sim.web.answer.requests import PROTOCOL, Request, checked_request
from sim.words import LANGUAGES, in_language, said

Progress = Callable[[dict[str, Any]], None]

CURVE_DECIMALS = 6
WEEKS_BETWEEN_NEWS = 13


def answer(request: Mapping[str, Any], progress: Progress | None = None) -> dict[str, Any]:
    """Run a scenario with each seed and return what came out, in a form that JSON can hold.

    Parameters
    ----------
    request : mapping
        See ``sim.web.answer.requests.checked_request``.
    progress : callable, optional
        Is told what is known so far: once ``{"kind": "network", ...}``, if a network is asked for, and after each week
        of the first run and each quarter of the others ``{"kind": "week", "run": 0, "n_runs": 1, "week": 1, "n_weeks":
        52, "values": {outcome: value}}``, for the first run with the ``"picture"`` of that week.

    Returns
    -------
    dict
        ``version``, ``model`` (its version), ``request`` (complete), ``scenario`` (all values), ``n_employees``,
        ``weeks``, ``curves`` and ``outcomes`` (a list for each run), ``network``, ``people`` and ``groups`` (where
        asked for), ``ages`` (with people: of each run, how many are younger or older and how many of these have
        posted), ``notes`` (what was set and does nothing, if anything) and ``hash``.
        Where a value is undefined there is None.

    Raises
    ------
    sim.errors.InputError
        If the request is wrong.
    """
    asked = checked_request(request)
    tell = progress or _nobody
    resolved = asked.resolved
    series, outcomes, groups, ages = [], [], [], []
    shown: dict[str, Any] = {}
    for run, seed in enumerate(asked.seeds):
        simulation = Simulation(resolved, seed)
        if run == 0 and (asked.network or asked.people):
            shown = _run_watched(simulation, asked, tell)
        else:
            _run(simulation, run, len(asked.seeds), tell)
        series.append(simulation.series)
        outcomes.append(simulation.outcomes())
        groups.append(simulation.groups() if asked.groups else [])
        ages.append(_ages(simulation))
    return {
        "version": PROTOCOL,
        "model": __version__,
        "request": asked.as_mapping(),
        "scenario": resolved,
        "n_employees": simulation.n_employees,
        "weeks": simulation.n_weeks,
        "curves": {name: [_known(run[name].tolist()) for run in series] for name in series[0]},
        "outcomes": {name: _known(run[name] for run in outcomes) for name in outcomes[0]},
        **shown,
        **({"ages": ages} if asked.people else {}),
        **({"groups": _pooled(groups)} if asked.groups else {}),
        **_notes(asked),
        "hash": fingerprint(resolved, asked.seeds, series),
    }


YOUNGER_BELOW, OLDER_FROM = 30, 50  # years of age


def _ages(simulation: Simulation) -> dict[str, list[int]]:
    """Return, for the younger and the older, how many they are and how many of them have posted by now."""
    age, has_posted = simulation.table["age"], total_posts(simulation.table) > 0
    bands = {"younger": age < YOUNGER_BELOW, "older": age >= OLDER_FROM}
    return {band: [int(members.sum()), int((members & has_posted).sum())] for band, members in bands.items()}


def _notes(asked: Request) -> dict[str, list[dict[str, str]]]:
    """Return what is set and does nothing, with the reason in each language; no entry if all acts."""
    found = idle_keys(asked.overrides, values_of(asked.resolved))
    lines = {one.key: said("acting.no_effect", reason=one.reason) for one in found}
    notes = [{"key": key} | {name: in_language(line, name) for name in LANGUAGES} for key, line in lines.items()]
    return {"notes": notes} if notes else {}


def _nobody(_: dict[str, Any]) -> None:
    """Tell nobody."""


def _run(simulation: Simulation, run: int, n_runs: int, tell: Progress) -> None:
    """Run another seed than the first; of these nobody sees single weeks, so little is told."""
    while simulation.week < simulation.n_weeks:
        simulation.run(until_week=min(simulation.week + WEEKS_BETWEEN_NEWS, simulation.n_weeks))
        tell(_week_done(simulation, run, n_runs))


def _run_watched(simulation: Simulation, asked: Request, tell: Progress) -> dict[str, Any]:
    """Run the first seed and return its network and people, as far as they are asked for."""
    recorder = Recorder(simulation)
    picture = recorder.picture() if asked.network else {}
    states = [recorder.week()]
    if asked.network:
        tell({"kind": "network", **picture, "start": states[0]})
    for week in range(1, simulation.n_weeks + 1):
        simulation.run(until_week=week)
        state = recorder.week()
        if week % asked.weeks == 0 or week == simulation.n_weeks:
            states.append(state)
        tell({**_week_done(simulation, 0, len(asked.seeds)), "picture": state})
    shown: dict[str, Any] = {}
    if asked.network:
        shown["network"] = {**picture, "weeks": {key: [state[key] for state in states] for key in states[0]}}
    if asked.people:
        shown["people"] = recorder.people()
    return shown


def _week_done(simulation: Simulation, run: int, n_runs: int) -> dict[str, Any]:
    week = simulation.week
    values = (values[week - 1] for values in simulation.series.values())
    return {
        "kind": "week",
        "run": run,
        "n_runs": n_runs,
        "week": week,
        "n_weeks": simulation.n_weeks,
        "values": dict(zip(simulation.series, _known(values), strict=True)),
    }


def _known(values: Iterable[float]) -> list[float | None]:
    """Return values as JSON has them: rounded, None where undefined."""
    return [None if math.isnan(value) else round(float(value), CURVE_DECIMALS) for value in values]


def _pooled(runs: list[list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Return the groups of all runs together: members of a group in any run count alike."""
    found: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for row in (row for rows in runs for row in rows):
        found.setdefault((row["grouping"], row["order"]), []).append(row)
    pooled = []
    for rows in found.values():
        sizes = np.array([row["n_employees"] for row in rows])
        rates = {
            name: round(float(np.average([row[name] for row in rows], weights=sizes)), CURVE_DECIMALS)
            for name, value in rows[0].items()
            if isinstance(value, float)
        }
        names = {name: rows[0][name] for name in ("grouping", "group", "order")}
        pooled.append({**names, "n_employees": int(sizes.sum()), **rates})
    order = {grouping: place for place, grouping in enumerate(dict.fromkeys(row["grouping"] for row in pooled))}
    return sorted(pooled, key=lambda row: (order[row["grouping"]], row["order"]))


def as_text(reply: Mapping[str, Any]) -> str:
    """Return an answer as JSON text without needless spaces."""
    return json.dumps(reply, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def reply_to(message: str, progress: Callable[[str], None] | None = None) -> str:
    """Answer a message given as JSON text, in JSON text: what a server and a worker in a browser call.

    Parameters
    ----------
    message : str
        ``{"ask": "answer", "request": {...}}``, ``{"ask": "why", "request": {...}, "seed": 1, "employee": 0,
        "week": 1}``, or ``{"ask": "check", "request": {...}}``, which runs nothing.
    progress : callable, optional
        Is told the same as the one of `answer`, each time as JSON text.

    Returns
    -------
    str
        The answer, the reasons, ``{"ok": true}`` for a request that can be run, or what
        `sim.errors.ReportedError.as_reply` gives where the message is wrong.
    """
    try:
        asked = message_in(message)
        if not isinstance(asked, dict) or asked.get("ask") not in ("answer", "why", "check"):
            raise InputError(said("refusal.ask"))
        if asked["ask"] == "answer":
            tell = None if progress is None else lambda known: progress(as_text(known))
            return as_text(answer(asked.get("request", {}), tell))
        if asked["ask"] == "check":
            checked_request(asked.get("request", {}))
            return as_text({"ok": True})
        seed, employee, week = (asked.get(key) for key in ("seed", "employee", "week"))
        return as_text(why(asked.get("request", {}), seed, employee, week))
    except InputError as error:
        return as_text(error.as_reply())


# One short text for what was run and what came out, the same on every machine: the seal of a run card.


_WORDS = ("name", "description")  # they change nothing, and may be put better some day


def canonical(value: Any) -> str:
    """Return a value as JSON in the one form in which it is hashed: keys in order, no spaces, plain ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def fingerprint(resolved: Mapping[str, Any], seeds: Sequence[int], series: Sequence[Mapping[str, np.ndarray]]) -> str:
    """Return the SHA-256 of scenario, seeds and all weekly outcomes, 64 hexadecimal digits.

    Parameters
    ----------
    resolved : mapping
        The scenario with all values filled in; name and description do not count.
    seeds : sequence of int
        Seeds of the runs.
    series : sequence of mapping
        For each run, outcome name to float64 (weeks,); every bit counts.
    """
    content = {
        "scenario": {key: value for key, value in resolved.items() if key not in _WORDS},
        "seeds": list(seeds),
        "series": [{name: [value.hex() for value in run[name].tolist()] for name in run} for run in series],
    }
    return hashlib.sha256(canonical(content).encode()).hexdigest()
