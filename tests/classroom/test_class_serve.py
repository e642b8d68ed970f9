"""``intranet-sim class serve``: a folder or the native engine, for this machine or for a room."""

from __future__ import annotations

import gzip
import http.client
import json
import socket
import statistics
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from app import App
from class_server import served
from time_limits import PROGRAM_SECONDS

from sim.__main__ import main
from sim.web.answer import answer
from sim.web.classroom.folder import CLASS_LIMITS, DEFAULTS, addresses, files_to_serve, write_folder

pytestmark = pytest.mark.slow

N_CLIENTS, N_RUNS = 30, DEFAULTS["runs"]  # what ships
OVERRIDES = {"organization.employees": DEFAULTS["employees"], "run.weeks": DEFAULTS["weeks"]}


@pytest.fixture(scope="module")
def folder(recorded_edition: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A written edition, with a file beside it that is none of it."""
    path = tmp_path_factory.mktemp("class") / "page"
    write_folder(path, recorded_edition)
    (path.parent / "secret.txt").write_text("secret")
    (path / "notes.txt").write_text("mine")
    return path


@pytest.fixture(scope="module")
def native() -> Iterator[App]:
    with served("--native") as (app, _):
        yield app


def fetched(app: App, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and bytes of an answer."""
    connection = http.client.HTTPConnection(app.host, timeout=PROGRAM_SECONDS)
    try:
        connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        reply = connection.getresponse()
        return reply.status, {name.lower(): value for name, value in reply.getheaders()}, reply.read()
    finally:
        connection.close()


def test_a_folder_is_served_as_it_was_built(folder: Path, recorded_edition: dict[str, bytes]) -> None:
    with served(str(folder)) as (app, _):
        for name, content in recorded_edition.items():
            status, headers, found = fetched(app, f"/{name}")
            assert (status, found) == (200, content)
            assert "default-src 'none'" in headers["content-security-policy"]
            assert fetched(app, f"/{name}", If_None_Match=headers["etag"])[::2] == (304, b"")
        _, headers, packed = fetched(app, "/data.json", Accept_Encoding="gzip, br")
        assert (headers["content-encoding"], headers["vary"]) == ("gzip", "Accept-Encoding")
        assert int(headers["content-length"]) == len(packed)  # packed before anybody asked
        assert len(packed) < 0.5 * len(recorded_edition["data.json"])
        assert gzip.decompress(packed) == recorded_edition["data.json"]
        assert fetched(app, "/")[2] == recorded_edition["index.html"]
        for path in ("/notes.txt", "/../secret.txt", "/%2e%2e/secret.txt", "/api/ready"):
            assert fetched(app, path)[0] == 404
        assert fetched(app, "/", Host="example.org")[0] == 400


def test_the_native_engine_answers(native: App) -> None:
    request = {"scenario": "collaboration", "overrides": OVERRIDES, "seeds": [1, 2]}
    reply, _ = native.reply({"ask": "answer", "request": request})
    assert reply["hash"] == answer(request)["hash"]
    config = json.loads(fetched(native, "/config.json")[2])
    assert (config["edition"], config["lesson"], config["defaults"]) == ("native", True, DEFAULTS)
    large = {**request, "overrides": {"organization.employees": 5000}}
    reply, _ = native.reply({"ask": "answer", "request": large})
    assert f"at most {CLASS_LIMITS.employees:,}" in reply["error"][0]


def test_a_class_asks_at_once(native: App) -> None:
    seconds: list[float] = []

    def ask(client: int) -> None:
        seeds = [1 + client * N_RUNS + run for run in range(N_RUNS)]
        started = time.perf_counter()
        reply, _ = native.reply(
            {"ask": "answer", "request": {"scenario": "leaders-post", "overrides": OVERRIDES, "seeds": seeds}}
        )
        seconds.append(time.perf_counter() - started)
        assert reply["request"]["seeds"] == seeds

    clients = [threading.Thread(target=ask, args=(client,)) for client in range(N_CLIENTS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    assert len(seconds) == N_CLIENTS
    median = statistics.median(seconds)
    print(f"{N_CLIENTS} clients with {N_RUNS} runs: median {median:.2f} s, longest {max(seconds):.2f} s")


def test_a_room_is_let_in_on_request_alone() -> None:
    with served("--native", "--host", "0.0.0.0") as (app, said):
        assert "everybody in this network" in said[-1]
        port = app.host.split(":")[1]
        for name in addresses("0.0.0.0"):
            assert any(f"//{name}:{port}/" in line for line in said)
            assert fetched(app, "/", Host=f"{name}:{port}")[0] == 200
        assert fetched(app, "/", Host=f"example.org:{port}")[0] == 400
        assert fetched(app, "/", Host=f"{socket.gethostname().upper()}:{port}")[0] in (200, 400)
    assert addresses("127.0.0.1") == ["127.0.0.1", "localhost"]
    assert addresses("192.168.1.5") == ["192.168.1.5"]


def test_the_engine_of_the_folder_stays_beside_the_native_one(folder: Path) -> None:
    engine = {"kind": "browser", "pyodide": "pyodide/", "numpy": "n.whl", "core": "core.zip"}
    config = json.dumps({"engines": [engine]}).encode()
    path = folder.parent / "other"
    write_folder(path, {"index.html": b"", "config.json": config, "core.zip": b"x"})
    files = files_to_serve(path, is_native=True)
    assert json.loads(files["config.json"])["engines"] == [{"kind": "native"}, engine]
    assert files["core.zip"] == b"x"
    assert json.loads(files_to_serve(folder, is_native=True)["config.json"])["engines"] == [{"kind": "native"}]


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        ([], "--native"),
        (["nowhere"], "intranet-sim class build nowhere"),
        (["--native", "--host", "192.0.2.7"], "--host 192.0.2.7"),
    ],
)
def test_wrong_use_is_told(arguments: list[str], part: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["class", "serve", "--no-browser", *arguments]) == 2
    said = capsys.readouterr().err
    assert part in said
    assert "Traceback" not in said
