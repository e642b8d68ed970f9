"""What strangers send: an answer that says what is wrong, and every process stays in service."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator

import pytest
from app import App, running_app
from time_limits import PROGRAM_SECONDS

pytestmark = pytest.mark.slow

SMALL = {"scenario": None, "overrides": {"organization.employees": 30, "run.weeks": 2}, "seeds": [1]}
QUESTION = json.dumps({"ask": "answer", "request": SMALL})
NO_MESSAGES = {
    "empty": b"",
    "space": b"  ",
    "zero": b"\x00",
    "half a character": b'{"ask": "\\ud800"}',
    "half a character as a key": b'{"\\udfff": 1}',
    "not UTF-8": b'{"ask": "\xff"}',
    "deep lists": b"[" * 90_000,
    "deep lists that close": b"[" * 40_000 + b"]" * 40_000,
    "deep groups": b'{"a":' * 30_000,
    "rather deep": b'{"ask": "answer", "request": {"overrides": {"a": ' + b"[" * 60 + b"]" * 60 + b"}}}",
    "NaN": b'{"ask": NaN}',
    "Infinity": b'{"ask": -Infinity}',
    "a large number": b'{"ask": 1e999}',
    "a long number": b'{"ask": ' + b"1" * 5000 + b"}",
    "no end": QUESTION[:-1].encode(),
    "two": QUESTION.encode() * 2,
    "packed": b"\x1f\x8b\x08\x00",
}


@pytest.fixture(scope="module")
def app() -> Iterator[App]:
    with running_app() as started:
        yield started


def post(app: App, body: bytes, content_type: str = "application/json") -> tuple[int, str]:
    connection = http.client.HTTPConnection(app.host, timeout=PROGRAM_SECONDS)
    try:
        connection.request("POST", "/api/ask", body, {"Content-Type": content_type})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def workers_of(app: App) -> list[int]:
    """Return the processes that do the runs."""
    listed = subprocess.run(
        ["ps", "-o", "pid=,args=", "--ppid", str(app.process.pid)],
        capture_output=True, text=True, check=True, timeout=PROGRAM_SECONDS,
    )  # fmt: skip
    return [int(line.split()[0]) for line in listed.stdout.splitlines() if "spawn_main" in line]


def all_answer(app: App) -> None:
    """Ask more at a time than there are processes."""
    found: list[str] = []
    threads = [
        threading.Thread(target=lambda: found.append(app.reply(json.loads(QUESTION))[0]["hash"])) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


def test_no_message_takes_a_process_out_of_service(app: App) -> None:
    all_answer(app)
    before = sorted(workers_of(app))
    for name, body in NO_MESSAGES.items():
        for _ in range(5):  # more than there are processes
            status, said = post(app, body)
            assert status == 400, name
            assert json.loads(said)["error"][0].startswith("no "), name
    assert post(app, b"x" * 3_000_000)[0] == 413
    for content_type in ("", "text/plain", "multipart/form-data", "application/x-www-form-urlencoded", "\u00e9"):
        assert post(app, QUESTION.encode(), content_type)[0] == 415
    assert post(app, QUESTION.encode(), "Application/JSON; charset=utf-8")[0] == 200
    assert app.ask("/api/ask")[0] == 404
    all_answer(app)
    assert sorted(workers_of(app)) == before


@pytest.mark.parametrize(
    "value", ["x", {}, [[]], -5, None, {"a": {"b": [1]}}, 10**17, 1e300, "\u0000", "\U0001f600" * 99]
)
def test_wrong_values_are_refused_in_words(app: App, value: object) -> None:
    requests = [
        {**SMALL, "scenario": value}, {**SMALL, "overrides": {"organization.employees": value}}, value,
        {**SMALL, "overrides": {"changes": value}}, {**SMALL, "overrides": {str(value): 1}}, {**SMALL, "seeds": value},
        {**SMALL, "detail": value}, {**SMALL, "version": value if value is not None else 2},
    ]  # fmt: skip
    for request in requests:
        reply, _ = app.reply({"ask": "answer", "request": request})
        assert "failed" not in reply, request
    for part in ("seed", "employee", "week"):
        reply, _ = app.reply({"ask": "why", "request": SMALL, "seed": 1, "employee": 1, "week": 1, part: value})
        assert "error" in reply, part


def test_who_sends_slowly_or_goes_away_holds_nobody_up(app: App) -> None:
    host, port = app.host.split(":")
    head = (
        f"POST /api/ask HTTP/1.1\r\nHost: {app.host}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n"
    )
    half = [socket.create_connection((host, int(port)), timeout=PROGRAM_SECONDS) for _ in range(20)]
    for one in half:
        one.sendall(head.encode() + b'{"ask')
    all_answer(app)
    for one in half[:10]:
        one.close()
    all_answer(app)
    for one in half[10:]:
        one.close()


def test_a_process_that_is_killed_is_replaced(app: App) -> None:
    for number in (signal.SIGKILL, signal.SIGTERM):
        for pid in workers_of(app):
            os.kill(pid, number)
        all_answer(app)
    assert app.ask("/api/ready")[::2] == (200, '{"ready":true}')


def test_a_message_that_asks_for_many_small_runs_costs_what_they_cost(app: App) -> None:
    small = {"scenario": None, "overrides": {"organization.employees": 10, "run.weeks": 300}, "seeds": list(range(100))}
    reply, _ = app.reply({"ask": "answer", "request": small})
    assert "to begin each run" in reply["error"][0]
    assert "100" in reply["errors"]["nl"][0]
