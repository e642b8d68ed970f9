"""A long day of the page's server: good and bad messages by turns, and it is as it was in the morning."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from app import App, running_app

pytestmark = [pytest.mark.nightly, pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc")]

ROUNDS, AT_ONCE = 60, 6
SMALL = {"scenario": "baseline", "overrides": {"organization.employees": 30, "run.weeks": 2}}
BAD = (b"", b"{", b"[1]", b'{"ask": "nothing"}', b"\xff", b'{"ask": "answer", "request": {"seeds": [-1]}}', b"[" * 9000)


def resident(process: int) -> int:
    """Return the memory that a process holds [KB]."""
    status = Path(f"/proc/{process}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:"))


def children(process: int) -> set[int]:
    return {int(each) for each in Path(f"/proc/{process}/task/{process}/children").read_text().split()}


def files_open(process: int) -> int:
    return len(list(Path(f"/proc/{process}/fd").iterdir()))


def a_round(app: App, number: int) -> None:
    message = {"ask": "answer", "request": {**SMALL, "seeds": [1 + number % 5]}}

    def good(_: int) -> None:
        reply, _ = app.reply(message)
        assert "error" not in reply

    def bad(place: int) -> None:
        body = BAD[place % len(BAD)]
        status, _, text = app.ask("/api/ask", body.decode("latin-1"), Content_Type="application/json")
        assert status in (200, 400, 413, 422), text
        assert "Traceback" not in text

    with ThreadPoolExecutor(AT_ONCE) as team:
        for _ in team.map(lambda place: bad(place) if place % 3 else good(place), range(2 * AT_ONCE)):
            pass


def test_a_long_day_leaves_the_server_as_it_was() -> None:
    with running_app() as app:
        server = app.process.pid
        for number in range(5):  # everything is loaded
            a_round(app, number)
        workers, files, memory = children(server), files_open(server), resident(server)
        for number in range(ROUNDS):
            a_round(app, number)
        assert children(server) == workers
        assert files_open(server) <= files + AT_ONCE
        assert resident(server) < 1.3 * memory + 20_000
        status, _, text = app.ask("/api/ask", json.dumps({"ask": "answer", "request": {**SMALL, "seeds": [1]}}))
        assert status in (200, 415), text
