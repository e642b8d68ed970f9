"""Where the parts of the engine in the browser come from, and that none is taken on trust."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from sim.__main__ import main
from sim.errors import InputError
from sim.web.classroom import folder as editions
from sim.web.classroom import parts as taken

WHEEL = b"a wheel"
NAME = "numpy-0-wasm32.whl"


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def core(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a small core that counts as the right one."""
    lock = {"packages": {"numpy": {"file_name": NAME, "sha256": sha256(WHEEL)}}}
    files = {name: name.encode() for name in taken.CORE} | {taken.LOCK: json.dumps(lock).encode()}
    monkeypatch.setattr(taken, "CORE", {name: sha256(content) for name, content in files.items()})
    folder = tmp_path / "pyodide"
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


@contextmanager
def host(content: bytes, status: int = 200) -> Iterator[str]:
    """Serve one content under every address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.server_port}/full/"
    finally:
        listening.shutdown()
        listening.server_close()
        thread.join()


def test_the_core_from_a_folder_and_from_the_archive_of_npm(core: Path, tmp_path: Path) -> None:
    files = taken.pyodide_core(core)
    assert set(files) == set(taken.CORE)
    archive = tmp_path / "pyodide.tgz"
    with tarfile.open(archive, "w:gz") as packed:
        for name, content in {**files, "../stranger": b"x", "README.md": b"y"}.items():
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(content)
            packed.addfile(member, io.BytesIO(content))
    assert taken.pyodide_core(archive) == files


def test_all_that_is_wrong_with_a_core_is_said_at_once(core: Path, tmp_path: Path) -> None:
    (core / "pyodide.js").unlink()
    (core / "pyodide.asm.wasm").write_bytes(b"another")
    with pytest.raises(InputError) as caught:
        taken.pyodide_core(core)
    first, second = caught.value.lines
    assert "pyodide.js is missing" in first
    assert "pyodide.asm.wasm is not that of Pyodide" in second
    for place in (tmp_path / "nothing", tmp_path / "no.tgz"):
        with pytest.raises(InputError, match="there is no such"):
            taken.pyodide_core(place)
    (tmp_path / "no.tgz").write_bytes(b"no archive")
    with pytest.raises(InputError, match="no archive of the npm package"):
        taken.pyodide_core(tmp_path / "no.tgz")


def test_the_wheel_from_a_file_a_folder_and_an_address(core: Path, tmp_path: Path) -> None:
    files = taken.pyodide_core(core)
    (tmp_path / NAME).write_bytes(WHEEL)
    expected = taken.Part(NAME, WHEEL)
    assert taken.numpy_wheel(files, str(tmp_path / NAME)) == expected
    assert taken.numpy_wheel(files, str(tmp_path)) == expected
    with host(WHEEL) as address:
        assert taken.numpy_wheel(files, address) == taken.numpy_wheel(files, address + NAME) == expected
    with pytest.raises(InputError, match="there is no"):
        taken.numpy_wheel(files, str(tmp_path / "other.whl"))


def test_a_wheel_with_another_hash_is_refused_and_nothing_is_written(
    core: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    (tmp_path / NAME).write_bytes(b"another wheel")
    with host(b"another wheel") as address:
        for place in (str(tmp_path / NAME), address):
            arguments = ["class", "build", str(out / "page"), "--single-file", str(out / "page.html")]
            assert main([*arguments, "--pyodide", str(core), "--numpy", place]) == 2
            said = capsys.readouterr()
            assert f"this is not {NAME}" in said.err
            assert sha256(WHEEL) in said.err
            assert "Traceback" not in said.err
            assert said.out == ""
    assert not out.exists()


def test_without_parts_it_says_so_and_shows_recorded_runs(
    core: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(editions, "recorded_files", lambda *_: {"index.html": b"", "config.json": b"{}"})
    with host(b"", 404) as address:
        arguments = ["class", "build", str(tmp_path / "page"), "--pyodide", str(core), "--numpy", address]
        assert main(arguments) == 0
        said = capsys.readouterr()
        assert "so it will show recorded runs" in said.err
        assert address in said.err
        assert "recorded" in said.out
        assert main([*arguments, "--lang", "nl"]) == 0
        assert "opgenomen runs" in capsys.readouterr().err
        assert main([*arguments, "--edition", "browser"]) == 2
        assert "--edition browser: " in capsys.readouterr().err
    monkeypatch.setattr(taken.shutil, "which", lambda name: None)
    assert main(["class", "build", str(tmp_path / "page")]) == 0
    assert "npm is not installed" in capsys.readouterr().err


def test_the_version_is_that_of_the_browser_tests() -> None:
    packages = json.loads((Path(__file__).parents[1] / "page" / "package.json").read_text(encoding="utf-8"))
    assert packages["devDependencies"]["pyodide"] == taken.VERSION


def test_of_numpy_what_the_model_needs_is_kept() -> None:
    needed = {
        "numpy/__init__.py": b"import",
        "numpy/_core/_umath.so": b"machine",
        "numpy-2.dist-info/LICENSE": b"BSD",
    }
    needless = {
        "numpy/f2py/main.py": b"Fortran",
        "numpy/__init__.pyi": b"types",
        "numpy/random/lib/random.a": b"",
    }
    wheel = io.BytesIO()
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, content in {**needed, **needless}.items():
            archive.writestr(name, content)
    slim = taken.without_needless(wheel.getvalue())
    with zipfile.ZipFile(io.BytesIO(slim)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == needed
    assert taken.without_needless(wheel.getvalue()) == slim
