"""Output that its encoding, its disk or its reader cannot take: said in a line, and nothing computed is lost for it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from time_limits import PROGRAM_SECONDS

from sim.__main__ import main
from sim.documents.output import IN_ASCII
from sim.kernel.files import utf8

REPOSITORY = Path(__file__).resolve().parents[2]
SMALL = ["--weeks", "2", "--replications", "2", "--set", "organization.employees=40", "--jobs", "1", "--quiet"]
FULL = Path("/dev/full")
needs_shell = pytest.mark.skipif(os.name != "posix", reason="redirections of a POSIX shell")
needs_full = pytest.mark.skipif(not FULL.exists(), reason="no device that is always full")


def in_shell(arguments: list[str], redirection: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run the program by a shell that closes or redirects its streams."""
    return subprocess.run(
        ["sh", "-c", f'"$@" {redirection}', "sh", sys.executable, "-m", "sim", *arguments],
        capture_output=True, env={**os.environ, **environment}, cwd=REPOSITORY, check=False,
        timeout=PROGRAM_SECONDS,
    )  # fmt: skip


@needs_shell
@pytest.mark.parametrize("redirection", [">&-", pytest.param(">/dev/full", marks=needs_full)])
@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["validate", "baseline"], ["parameters"], ["schema"]])
def test_output_that_cannot_be_written_is_one_line(arguments: list[str], redirection: str) -> None:
    done = in_shell(arguments, redirection)
    assert done.returncode == 1
    assert re.fullmatch(r"The output cannot be written: [^\n]+\n", done.stderr.decode())


@needs_shell
@pytest.mark.parametrize("redirection", ["2>&-", pytest.param("2>/dev/full", marks=needs_full), "<&- 2>&-"])
def test_messages_that_cannot_be_written_cost_nothing(redirection: str, tmp_path: Path) -> None:
    done = in_shell(
        ["run", "--at-defaults", "baseline", *SMALL[:-1], "--json", "--out", str(tmp_path / "o")], redirection
    )
    assert done.returncode == 0
    assert json.loads(done.stdout)["replications"] == 2
    assert in_shell(["validate", "no-such-file"], redirection).returncode == 2


@needs_shell
@pytest.mark.parametrize("redirection", [">&-", ">&- 2>&-", pytest.param(">/dev/full", marks=needs_full)])
def test_what_was_computed_is_kept(redirection: str, tmp_path: Path) -> None:
    folder = tmp_path / "o"
    done = in_shell(
        ["compare", "--at-defaults", "baseline", "strict-rules", *SMALL, "--report", "--out", str(folder)], redirection
    )
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    assert json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["status"] == "finished"
    assert (folder / "report.html").stat().st_size > 0
    again = in_shell(["results", str(folder)], "")
    assert again.returncode == 0
    assert b"strict-rules" in again.stdout


@needs_shell
def test_a_language_that_was_asked_for_is_that_of_the_line(tmp_path: Path) -> None:
    done = in_shell(
        ["run", "--at-defaults", "baseline", *SMALL, "--lang", "nl", "--no-figures", "--out", str(tmp_path / "o")],
        ">&-",
    )
    assert done.stderr.decode().startswith("De uitvoer kan niet geschreven worden: ")


@needs_shell
def test_a_file_keeps_its_bytes_when_streams_are_closed(tmp_path: Path) -> None:
    """The first file to be opened would else be taken for stdout, by this process or by a worker."""
    folder = tmp_path / "o"
    arguments = ["compare", "--at-defaults", "baseline", "strict-rules", *SMALL, "--no-figures", "--out"]
    in_shell([*arguments, str(folder)], "<&- >&- 2>&-")
    in_shell([*arguments, str(tmp_path / "p")], "")
    for name in ("runs.parquet", "summary.parquet", "differences.parquet"):
        assert (folder / name).read_bytes() == (tmp_path / "p" / name).read_bytes()


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "cp437"])
def test_numbers_keep_their_sign(encoding: str, tmp_path: Path) -> None:
    folder = str(tmp_path / "o")
    arguments = [
        "compare",
        "--at-defaults",
        "baseline",
        "strict-rules",
        *SMALL,
        "--no-figures",
        "--all",
        "--out",
        folder,
    ]
    as_utf_8 = in_shell(arguments, "", PYTHONIOENCODING="utf-8").stdout.decode("utf-8").splitlines()
    here = in_shell(["results", folder, "--all"], "", PYTHONIOENCODING="utf-8").stdout.decode("utf-8").splitlines()
    told = in_shell(["results", folder, "--all"], "", PYTHONIOENCODING=encoding).stdout.decode(encoding).splitlines()
    assert any("−" in line for line in as_utf_8)
    assert len(told) == len(here)
    for line, plain in zip(here, told, strict=True):
        assert plain.count("?") == line.count("?")
        numbers = re.findall(r"-?\d+(?:\.\d+)?", line.replace("−", "-").replace("–", "-"))
        assert re.findall(r"-?\d+(?:\.\d+)?", plain.replace("–", "-")) == numbers


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("[−1.1, 1.8]", "[-1.1, 1.8]"),
        ("0.3 ± 0.1 × 2 ≥ 1 – or not…", "0.3 +/- 0.1 x 2 >= 1 - or not..."),
        ("“like Facebook” ‘so’ l’été «oui»", '"like Facebook" \'so\' l\'ete "oui"'),
        ("Schöndienst, Łukasz Øye, Müßig, Ça, ĳs", "Schondienst, Lukasz Oye, Mussig, Ca, ijs"),
        ("█▇▒ ━─ │┃ ┌┼╯ ⠋", "### -- || +++ *"),
        ("a\u00a0b\u2009c\u00add", "a b cd"),
        ("Жук 名 \udcff", "\\u0416\\u0443\\u043a \\u540d \\udcff"),
    ],
)
def test_letters_are_written_as_near_as_can_be(text: str, plain: str) -> None:
    assert text.encode("ascii", IN_ASCII).decode("ascii") == plain


def test_letters_that_there_are_stay(tmp_path: Path) -> None:
    assert "é ± …".encode("cp1252", IN_ASCII).decode("cp1252") == "é ± …"
    done = in_shell(["parameters", "rules"], "", PYTHONIOENCODING="latin-1")
    assert "Schöndienst".encode("latin-1") in done.stdout


def test_json_is_json_in_any_encoding(tmp_path: Path) -> None:
    (tmp_path / "o.yaml").write_text('extends: baseline\nname: "“é” − 名"\n', encoding="utf-8")
    arguments = [
        "run",
        "--at-defaults",
        str(tmp_path / "o.yaml"),
        *SMALL,
        "--no-figures",
        "--json",
        "--out",
        str(tmp_path / "o"),
    ]
    done = in_shell(arguments, "", PYTHONIOENCODING="ascii")
    assert json.loads(done.stdout)["scenario"] == "“é” − 名", done.stderr


def test_columns_are_aligned_by_what_is_seen(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from sim.documents.terminal import print_blocks
    from sim.words.blocks import table

    class Plain:
        encoding = "ascii"

        def __init__(self, stream: object) -> None:
            self._stream = stream

        def __getattr__(self, name: str) -> object:
            return getattr(self._stream, name)

    monkeypatch.setattr(sys, "stdout", Plain(sys.stdout))
    print_blocks([table(["name", ">n"], [["so…", "1"], ["even so", "2"], ["≥ a", "3 ± 1"]])])
    assert capsys.readouterr().out.splitlines() == [
        "name           n", "so...          1", "even so        2", ">= a     3 +/- 1",
    ]  # fmt: skip


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no names that are no text")
def test_names_that_are_no_text_are_kept_and_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file of a disk of another system: its name has bytes that are no UTF-8, and so has the command in a report."""
    monkeypatch.chdir(tmp_path)
    name = os.fsdecode(b"na\xefve.yaml")
    Path(name).write_text("run: {weeks: 2, replications: 2}\norganization: {employees: 20}\n")
    options = ["--at-defaults", "--jobs", "1", "--quiet", "--no-figures", "--report"]
    monkeypatch.setattr(sys, "argv", ["intranet-sim", "run", name, *options])
    assert main(["run", name, *options, "--out", "o"]) == 0
    assert "na\ufffdve.yaml" in Path("o/report.html").read_text(encoding="utf-8")
    assert main(["results", "o"]) == 0
    assert r"na\udcefve.yaml" in capsys.readouterr().out


def test_what_was_typed_as_utf_8_is_written_as_that() -> None:
    assert utf8("naïve") == "naïve".encode()
    assert utf8("naïve".encode().decode("ascii", "surrogateescape")) == "naïve".encode()
    assert utf8("a\ud800b") == b"a?b"
