"""Recorded runs: those that the engine gives, packed small, and nothing else."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from time_limits import BROWSER_SECONDS
from tools import _skip_without

from sim.catalog.outcomes import OUTCOMES
from sim.web.answer import answer, why
from sim.web.classroom import recorded
from sim.web.classroom.folder import DEFAULTS
from sim.web.page import arc
from sim.words import catalog

pytestmark = pytest.mark.slow

HERE = Path(__file__).resolve().parent
SHEETS = recorded.of_worksheets(DEFAULTS["employees"], DEFAULTS["weeks"])
OVERRIDES = dict(SHEETS.overrides)
MOST = 400_000  # bytes
REQUESTS = [
    {"scenario": launch, "overrides": OVERRIDES, "seeds": list(seeds)}
    for launch, seeds in [
        ("like-facebook", SHEETS.lists[0]),
        ("rules-arrive-late", SHEETS.lists[1]),
        ("patient-rollout", SHEETS.lists[1]),
    ]
]
REQUESTS.append(arc.request_of(arc.ROUNDS[1], "b", arc.luck_numbers(2)[1]))  # in a world of its own
WRONG = [
    {**REQUESTS[0], "scenario": "remote-first"},
    {**REQUESTS[0], "overrides": {**OVERRIDES, "rules.restriction": 0.9}},
    {**REQUESTS[0], "overrides": {"organization.employees": 150}},
    {**REQUESTS[0], "seeds": [3, 4]},
]


def replies(edition: dict[str, bytes], folder: Path, messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what the recorded engine replies."""
    node = shutil.which("node")
    _skip_without([] if node else ["node"])
    given = {name: content for name, content in edition.items() if name == "config.json" or name.endswith(".bin")}
    given |= {"messages": json.dumps(messages).encode(), "texts": json.dumps(dict(catalog("en"))).encode()}
    for name, content in given.items():
        (folder / name).write_bytes(content)
    done = subprocess.run(
        [str(node), str(HERE / "replay.mjs"), str(folder)],
        capture_output=True, text=True, timeout=BROWSER_SECONDS, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def told(recorded_edition: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What the recorded engine answers to `REQUESTS`, then to `WRONG`."""
    messages = [{"ask": "answer", "request": request} for request in [*REQUESTS, *WRONG]]
    return replies(recorded_edition, tmp_path_factory.mktemp("replies"), messages)


def bytes_of(packed: list[str]) -> np.ndarray:
    return np.array([np.frombuffer(base64.b64decode(week), np.uint8) for week in packed]).astype(int)


@pytest.mark.parametrize("place", range(len(REQUESTS)))
def test_an_answer_is_the_one_of_the_engine(told: list[dict[str, Any]], place: int) -> None:
    found, native = told[place], json.loads(json.dumps(answer(REQUESTS[place])))
    found.pop("explained")
    native.pop("notes", None)  # what of a world does nothing here: of no use to a student
    assert found["hash"] == native["hash"]
    for name in ("version", "model", "request", "scenario", "n_employees", "weeks"):
        assert found[name] == native[name], name
    assert set(found) == set(native)
    for name in recorded.OUTCOMES:
        assert found["outcomes"][name] == native["outcomes"][name]
        ours, theirs = (np.array(one["curves"][name], dtype=float) for one in (found, native))
        assert np.abs(ours - theirs).max() < (2e-6 if not name.startswith("frame_") else 1.5e-3)
    same = ("n_employees", "employee", "department", "departments", "edges")
    assert {name: found["network"][name] for name in same} == {name: native["network"][name] for name in same}
    for name in ("x", "y"):
        assert np.abs(np.subtract(found["network"][name], native["network"][name])).max() < 1e-3
    ours, theirs = found["network"]["weeks"], native["network"]["weeks"]
    assert ours["week"] == theirs["week"]
    assert ours["state"] == theirs["state"]
    assert (bytes_of(ours["activity"]) == np.minimum(bytes_of(theirs["activity"]), 15)).all()
    apart = np.abs(bytes_of(ours["frames"]) - bytes_of(theirs["frames"]))
    assert apart.mean() < 3  # of 255
    assert np.quantile(apart, 0.99) < 20
    assert set(found["people"]) == set(native["people"])
    for name, column in native["people"].items():
        if name.startswith("frame_"):
            assert np.abs(np.subtract(found["people"][name], column)).max() < 0.02
        else:
            assert found["people"][name] == column, name


def test_what_was_not_recorded_is_refused_in_words(told: list[dict[str, Any]]) -> None:
    lines = [one["error"] for one in told[len(REQUESTS) :]]
    assert [len(some) for some in lines] == [1, 1, 1, 1]
    for (line,), part in zip(lines, ("remote-first", "rules.restriction", "run.weeks", "10 runs from"), strict=True):
        assert part in line


def test_reasons_are_those_of_the_engine(
    told: list[dict[str, Any]], recorded_edition: dict[str, bytes], tmp_path: Path
) -> None:
    messages = [
        {"ask": "why", "request": REQUESTS[place], "seed": REQUESTS[place]["seeds"][0], "employee": employee, "week": 9}
        for place in range(len(REQUESTS))
        for employee in json.loads(json.dumps(_explained(recorded_edition, tmp_path, REQUESTS[place])))
    ]
    messages.append({**messages[0], "employee": 149})
    *found, wrong = replies(recorded_edition, tmp_path, messages)
    assert "Reasons were recorded of" in wrong["error"][0]
    kinds = set()
    for message, reply in zip(messages[:-1], found, strict=True):
        native = why(message["request"], message["seed"], message["employee"], reply["week"])
        assert reply == json.loads(json.dumps(recorded._short(native)))
        kinds.add((reply["telling"] or {}).get("kind"))
    assert {"not_read", "posted"} <= kinds


def _explained(edition: dict[str, bytes], folder: Path, request: dict[str, Any]) -> list[int]:
    (reply,) = replies(edition, folder, [{"ask": "answer", "request": request}])
    explained: list[int] = reply["explained"]
    ages = [reply["people"]["age"][employee] for employee in explained]
    if len(explained) > 3:  # of the rounds fewer are explained
        assert min(ages) < 30
        assert max(ages) >= 50
    return explained


def test_it_is_small_and_repeats(recorded_edition: dict[str, bytes]) -> None:
    content = recorded_edition[SHEETS.file]
    first, *_ = rounds = recorded.of_rounds(2)
    print(
        f"{len(content) / 1000:.0f} KB, rounds {sum(len(recorded_edition[one.file]) for one in rounds) / 1000:.0f} KB"
    )
    assert len(content) <= MOST
    assert recorded.recording(first) == recorded_edition[first.file]


def test_the_page_offers_what_was_recorded(recorded_edition: dict[str, bytes]) -> None:
    config, data = (json.loads(recorded_edition[f"{name}.json"]) for name in ("config", "data"))
    assert config["edition"] == "recorded"
    assert config["lesson"] is True
    assert list(data["scenarios"]) == list(recorded.LAUNCHES)
    order = [one.name for one in OUTCOMES]
    assert [one["name"] for one in data["outcomes"]] == sorted(recorded.OUTCOMES, key=order.index)
    assert config["recorded"]["lists"] == [list(seeds) for seeds in SHEETS.lists]
    assert {config["defaults"]["runs"]} == {len(seeds) for seeds in SHEETS.lists}
    assert config["luck"] == arc.luck_numbers(2)
    assert [one["file"] for one in config["recordings"]] == [SHEETS.file, *(one.file for one in recorded.of_rounds(2))]
    assert "worker.js" not in recorded_edition


def test_a_recording_may_have_nothing_that_differs_between_launches() -> None:
    # Few people, few weeks: every column of people can be the same under both launches.
    assert recorded._bytes(recorded._in_two_bytes([])) == b""
    assert recorded._bytes(recorded._in_two_bytes([[1, 513]])) == bytes([1, 1, 0, 2])
