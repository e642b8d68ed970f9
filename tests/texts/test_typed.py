"""Commands in messages can be typed as they stand."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from time_limits import PROGRAM_SECONDS

from sim.words import LANGUAGES, catalog, typed

NAMES = ["my runs", "it's", 'say "x"', "$HOME", "a;b", "*", "back`tick`", "é", "a\\b"]


@pytest.mark.skipif(os.name != "posix", reason="how POSIX shells read words")
@pytest.mark.parametrize("name", NAMES)
def test_a_name_arrives_as_one_word(name: str) -> None:
    assert shlex.split(typed("intranet-sim", "results", name)) == ["intranet-sim", "results", name]
    show = [sys.executable, "-c", "import sys; print(sys.argv[1])"]
    found = subprocess.run(
        ["sh", "-c", typed(*show, name)], capture_output=True, text=True, check=True, timeout=PROGRAM_SECONDS
    ).stdout
    assert found == f"{name}\n"


def test_a_folder_with_a_dash_is_no_option() -> None:
    assert typed("results", Path("-x")) == f"results .{os.sep}-x"
    assert typed("results", "--all") == "results --all"


@pytest.mark.skipif(os.name == "nt", reason="quotes as POSIX does")
def test_new_says_what_to_type(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> None:
    from sim.__main__ import main

    monkeypatch.chdir(tmp_path)
    assert main(["new", "my own.yaml"]) == 0
    said = capsys.readouterr().out.strip().partition("next: intranet-sim ")[2]
    assert shlex.split(said) == ["run", "my own.yaml"]
    assert main([*shlex.split(said), "--dry-run", "--quiet"]) == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_have_no_commands_of_names_that_come_later(language: str) -> None:
    """A name in a command may hold a space: the command comes as a whole, from `typed`."""
    spoken = {key: words for key, words in catalog(language).items() if re.search(r"intranet-sim [^.;:)]*\{", words)}
    assert {key for key in spoken if key != "results.versions"} == set()


@pytest.mark.skipif(os.name == "nt", reason="quotes as POSIX does")
def test_the_other_command_can_be_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    from sim.__main__ import main

    monkeypatch.chdir(tmp_path)
    Path("two words.yaml").write_text("base: baseline\ndesign: grid\nlevers: {rules.restriction: [0, 1]}\n")
    assert main(["sensitivity", "two words.yaml"]) == 2
    said = capsys.readouterr().err.strip().partition(": intranet-sim ")[2]
    assert shlex.split(said) == ["sweep", "two words.yaml"]
