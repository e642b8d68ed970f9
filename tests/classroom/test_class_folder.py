"""The folder and the one file: whole or not at all, and never over somebody's work."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from sim.__main__ import main
from sim.errors import InputError
from sim.web.classroom import folder as folders
from sim.web.classroom.folder import refuse_foreign_file, single_file
from sim.web.page.files import NATIVE, page_files

FILES = {"index.html": b"page", "pyodide/core.js": b"core", "config.json": b"{}"}


def inside(folder: Path) -> dict[str, bytes]:
    return {one.relative_to(folder).as_posix(): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


def test_the_folder_has_the_files_and_their_sums(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "page"
    folders.write_folder(folder, FILES)
    written = inside(folder)
    sums = written.pop("SHA256SUMS").decode().splitlines()
    assert written == FILES
    assert sums == [f"{hashlib.sha256(FILES[name]).hexdigest()}  {name}" for name in sorted(FILES)]
    assert os.listdir(folder.parent) == ["page"]


def test_an_edition_takes_the_place_of_another(tmp_path: Path) -> None:
    folder = tmp_path / "page"
    folder.mkdir()
    folders.write_folder(folder, FILES)
    folders.write_folder(folder, {"index.html": b"newer"})
    assert set(inside(folder)) == {"index.html", "SHA256SUMS"}
    assert os.listdir(tmp_path) == ["page"]


def test_other_files_are_never_touched(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "page"
    folders.write_folder(folder, FILES)
    (folder / "notes.txt").write_text("mine")
    before = inside(folder)
    with pytest.raises(InputError, match="other files"):
        folders.write_folder(folder, {"index.html": b"newer"})
    assert inside(folder) == before
    file = tmp_path / "file"
    file.write_text("mine")
    with pytest.raises(InputError, match="not a folder"):
        folders.refuse_foreign(file)
    # The command says so before it works.
    assert main(["class", "build", str(folder), "--edition", "recorded"]) == 2
    assert "other files" in capsys.readouterr().err
    assert main(["class", "build", "--single-file", str(file), "--edition", "recorded"]) == 2
    assert "something else" in capsys.readouterr().err
    assert file.read_text() == "mine"
    assert main(["class", "build", str(tmp_path / "a"), "--single-file", str(tmp_path / "a" / "b.html")]) == 2
    assert "outside the folder" in capsys.readouterr().err
    assert main(["class", "build"]) == 2
    assert "--single-file" in capsys.readouterr().err


def test_nothing_is_left_of_a_folder_that_could_not_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "page"
    folders.write_folder(folder, FILES)
    before = inside(folder)
    real = Path.write_bytes

    def full(path: Path, content: bytes) -> int:
        if path.name == "last":
            raise OSError(28, "No space left on device")
        return real(path, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(InputError, match="No space left"):
        folders.write_folder(folder, {"index.html": b"newer", "last": b""})
    assert inside(folder) == before
    assert os.listdir(tmp_path) == ["page"]


def test_the_one_file_holds_everything_and_names_no_other_place(tmp_path: Path) -> None:
    files = page_files([NATIVE], has_lesson=True) | {"pyodide/pyodide.js": b"</script>", "core.zip": b"\0\1"}
    page = single_file(files).decode()
    assert 'src="main.js"' not in page
    assert "connect-src" not in page
    assert "default-src 'none'" in page
    assert 'data-file="pyodide/pyodide.js"' in page
    assert page.count("<script") == page.count("</script>")
    assert single_file(files) == page.encode()
    file = tmp_path / "page.html"
    file.write_text(page, encoding="utf-8")
    refuse_foreign_file(file)
