"""The server of ``intranet-sim app``: for this machine alone, one message, nothing kept, a clean end."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest
from app import App, running_app
from time_limits import PROGRAM_SECONDS, SOON_SECONDS

from sim.web.answer import answer, why
from sim.web.page.files import BUILT, NATIVE, page_files
from sim.web.page.workers import Limits

pytestmark = pytest.mark.slow

SMALL = {"scenario": "collaboration", "overrides": {"organization.employees": 60, "run.weeks": 4}, "seeds": [1, 2]}
LONG = {"scenario": "baseline", "overrides": {"organization.employees": 3000, "run.weeks": 300}, "seeds": [1, 2, 3]}
JSON = {"Content_Type": "application/json"}


@pytest.fixture(scope="module")
def app() -> Iterator[App]:
    with running_app() as started:
        print(f"usable after {started.seconds_to_ready:.1f} s")
        yield started


def test_every_file_is_served_with_a_strict_policy(app: App) -> None:
    for name in ("", *page_files([NATIVE])):
        status, headers, content = app.ask(f"/{name}")
        assert status == 200
        assert content
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe-inline" not in policy
        assert "http" not in policy
    assert app.ask("/../server.py")[0] == app.ask("/%2e%2e/server.py")[0] == app.ask("/nothing")[0] == 404


def test_the_reply_is_that_of_the_engine(app: App) -> None:
    reply, news = app.reply({"ask": "answer", "request": SMALL})
    assert reply == json.loads(json.dumps(answer(SMALL)))
    assert news[0]["kind"] == "network"
    told, _ = app.reply({"ask": "why", "request": SMALL, "seed": 2, "employee": 5, "week": 3})
    assert told == json.loads(json.dumps(why(SMALL, 2, 5, 3)))


def test_many_at_once_get_their_own_answers(app: App) -> None:
    replies: dict[int, str] = {}

    def ask(seed: int) -> None:
        replies[seed] = app.reply({"ask": "answer", "request": {**SMALL, "seeds": [seed]}})[0]["hash"]

    threads = [threading.Thread(target=ask, args=(seed,)) for seed in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert replies == {seed: answer({**SMALL, "seeds": [seed]})["hash"] for seed in range(12)}


@pytest.mark.parametrize(
    ("message", "part"),
    [
        ({"ask": "answer", "request": {**SMALL, "overrides": {"rules.restriction": 7}}}, "rules.restriction"),
        ({"ask": "answer", "request": {**SMALL, "overrides": {"organization.employees": 10**6}}}, "at most 20,000"),
        ({"ask": "answer", "request": {**LONG, "seeds": list(range(100))}}, f"at most {Limits().work:,}"),
        ({"ask": "why", "request": {**SMALL, "overrides": {"organization.employees": 10**6}}}, "at most 20,000"),
        ({"ask": "everything"}, "ask: must be"),
        ([], "ask: must be"),
        ({"ask": "answer", "request": {"overrides": 5}}, "overrides"),
    ],
)
def test_what_is_wrong_or_too_much_is_refused_in_words(app: App, message: object, part: str) -> None:
    reply, _ = app.reply(message)
    assert any(part in line for line in reply["error"]), reply


def test_no_json_is_refused(app: App) -> None:
    _, _, text = app.ask("/api/ask", "{", **JSON)
    assert "no JSON" in text
    assert app.ask("/api/ask", "x" * 300_000, **JSON)[0] == 413
    assert app.ask("/api/ask", "{}", Content_Type="text/plain")[0] == 415


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "example.org"}, 400),
        ({"Host": "example.org:80"}, 400),
        ({"Host": ""}, 400),
        ({"Origin": "http://example.org"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://localhost:1"}, 403),  # another program on this computer
    ],
)
def test_other_names_and_other_sites_are_refused(app: App, headers: dict[str, str], status: int) -> None:
    for path, message in (("/", None), ("/api/ready", None), ("/api/ask", "{}")):
        assert app.ask(path, message, **JSON, **headers)[0] == status


def test_its_own_name_is_allowed(app: App) -> None:
    port = app.host.split(":")[1]
    assert app.ask("/", Host=f"localhost:{port}", Origin=f"http://localhost:{port}")[0] == 200


def test_who_goes_away_stops_the_run(app: App) -> None:
    for _ in range(6):  # more than there are processes
        connection = http.client.HTTPConnection(app.host, timeout=PROGRAM_SECONDS)
        connection.request(
            "POST", "/api/ask", json.dumps({"ask": "answer", "request": LONG}), {"Content-Type": "application/json"}
        )
        connection.getresponse().read(100)
        connection.close()
    assert "hash" in app.reply({"ask": "answer", "request": SMALL})[0]


def test_only_this_machine_is_listened_to(app: App) -> None:
    port = int(app.host.split(":")[1])
    with socket.socket() as other:
        other.settimeout(2)
        assert other.connect_ex(("127.0.0.2", port)) != 0


@pytest.mark.skipif(os.name == "nt", reason="no SIGINT to a process")
def test_ctrl_c_ends_it_and_its_processes_cleanly() -> None:
    with running_app() as app:
        children = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(app.process.pid)],
            capture_output=True,
            text=True,
            check=False,
            timeout=PROGRAM_SECONDS,
        )
        pids = [int(pid) for pid in children.stdout.split()]
        assert len(pids) >= 2  # a worker and multiprocessing's own tracker
        app.process.send_signal(signal.SIGINT)
        _, errors = app.process.communicate(timeout=SOON_SECONDS)
        assert app.process.returncode == 130
        assert "Traceback" not in errors
        deadline = time.monotonic() + SOON_SECONDS
        while any(_is_alive(pid) for pid in pids) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert [pid for pid in pids if _is_alive(pid)] == []


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_taken_port_is_said_so() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-m", "sim", "app", "--no-browser", "--port", port],
            capture_output=True,
            text=True,
            check=False,
            timeout=PROGRAM_SECONDS,
        )
    assert done.returncode == 2
    assert f"--port {port}: " in done.stderr
    assert "Traceback" not in done.stderr


def test_what_was_built_is_there_and_small() -> None:
    files = page_files([NATIVE])
    assert set(BUILT) <= files.keys()
    assert sum(map(len, files.values())) < 1e6
    assert b"d3-scale" in files["LICENSES.txt"]
