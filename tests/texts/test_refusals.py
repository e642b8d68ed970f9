"""What is wrong with a file or request is said in every language, wherever it is found."""

from __future__ import annotations

import ast
import json
import pickle
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import sim
from sim.__main__ import main
from sim.errors import InputError
from sim.experiments import load_experiment
from sim.scenario import ScenarioError, load_scenario
from sim.scenario.plain import resolve
from sim.web.answer import reply_to
from sim.words import Said, Whole, in_language, said, text

TESTS = Path(__file__).resolve().parents[1]
SOURCE = Path(sim.__file__).resolve().parent
# What a mistake in a program meets, not a reader.
FOR_PROGRAMMERS = (
    "ValueError", "TypeError", "KeyError", "IndexError", "LookupError", "AttributeError", "NotImplementedError",
    "RuntimeError", "OverflowError", "FrozenInstanceError", "OSError", "NoRegularFileError",
)  # fmt: skip
NOT_OURS = ("refusal.yaml.other", "refusal.file.unreadable")  # with words of a library or of the system


def malformed() -> Iterator[tuple[str, str | bytes]]:
    """Yield the kind and text of each file in the tables of malformed scenarios and experiments."""
    for folder, module in (("scenario", "test_scenario_malformed"), ("experiments", "test_experiment_malformed")):
        sys.path.insert(0, str(TESTS / folder))
        try:
            cases = __import__(module).CASES
        finally:
            sys.path.remove(str(TESTS / folder))
        yield from ((folder, case.text) for case in cases)


MALFORMED = list(malformed())


def pieces(message: str) -> Iterator[str]:
    """Yield every text that a message is made of."""
    if isinstance(message, Said):
        for value in message.values.values():
            if isinstance(value, str):
                yield from pieces(value)
    yield message


@pytest.mark.parametrize("position", range(len(MALFORMED)))
def test_every_refusal_of_a_file_is_said_in_dutch(
    position: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, written = MALFORMED[position]
    monkeypatch.chdir(tmp_path)
    content = written if isinstance(written, bytes) else written.encode("utf-8", "surrogatepass")
    Path("x.yaml").write_bytes(content)
    with pytest.raises(ScenarioError) as caught:
        load_scenario("x.yaml") if folder == "scenario" else load_experiment("x.yaml")
    english, dutch = caught.value.lines, caught.value.lines_in("nl")
    assert caught.value.lines_in("en") == english
    assert len(dutch) == len(english)
    for problem in caught.value.problems:
        assert isinstance(problem.message, Said), problem.message
        assert in_language(problem.message, "nl") != problem.message
        if problem.message.key not in NOT_OURS:
            # No English is left inside: what is no message is a key, a value or an example of a file.
            inner = [piece for piece in pieces(problem.message) if not isinstance(piece, Said)]
            assert [piece for piece in inner if {"must", "the", "is", "of", "with"} & set(piece.split())] == []


def raised_texts() -> Iterator[str]:
    """Yield each place where the code refuses something to a reader with words that are not from the catalog.

    An error may be made in one place and raised in another; what click raises for an option is one, too.
    """
    for file in sorted(SOURCE.rglob("*.py")):
        name = file.relative_to(SOURCE).as_posix()
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                refuses = ast.unparse(node.func).rpartition(".")[2]
                is_for_readers = refuses.endswith(("Error", "BadParameter", "Problem", "problem", "fail", "refuse"))
                given = [*node.args, *(keyword.value for keyword in node.keywords)]
                if is_for_readers and refuses not in FOR_PROGRAMMERS and any(map(has_words, given)):
                    yield f"{name}:{node.lineno}: {ast.unparse(node)}"


def has_words(node: ast.expr) -> bool:
    """Return whether words stand in an expression itself: what is handed to the catalog fills its places."""
    if isinstance(node, ast.Call) and ast.unparse(node.func) in ("said", "text", "counted"):
        return False
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return bool(re.search(r"\w \w|\w: ", node.value))
    return isinstance(node, ast.JoinedStr) or any(
        has_words(child) for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)
    )


def test_no_text_stands_in_a_raise() -> None:
    assert list(raised_texts()) == []


def test_the_lint_sees_words() -> None:
    for wrong in ("f'{file}: no'", "'not there'", "[said('x'), f'{x}']", "'; '.join(names) + ' is no name'"):
        assert has_words(ast.parse(wrong, mode="eval").body), wrong
    for right in ("said('refusal.x', names=', '.join(names))", "problems", "'key'", "[said('x', y=f'{z}')]"):
        assert not has_words(ast.parse(right, mode="eval").body), right


def test_refusals_survive_a_process(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        resolve(None, {"rules.restriction": "0,5", "run.weeks": 0})
    again = pickle.loads(pickle.dumps(caught.value))
    assert again.lines == caught.value.lines
    assert again.lines_in("nl") == caught.value.lines_in("nl")
    assert any(
        "moet een getal van 0 tot 1 zijn, is '0,5'; schrijf 0.5, met een punt" in one for one in again.lines_in("nl")
    )


def test_the_command_line_refuses_in_the_language_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("x.yaml").write_text("rules: {restriction: 2}\n")
    assert main(["validate", "x.yaml", "--lang", "nl"]) == 2
    shown = capsys.readouterr()
    assert shown.out == "x.yaml: 1 probleem\n"
    assert shown.err == "x.yaml:1:22: rules.restriction: moet een getal van 0 tot 1 zijn, is 2\n"
    assert main(["validate", "x.yaml", "--lang", "nl", "--json"]) == 2
    found = json.loads(capsys.readouterr().out)
    assert found[0]["problems"][0]["message"] == "moet een getal van 0 tot 1 zijn, is 2"
    for command in ("run", "compare", "explain"):
        extra = {"explain": ["--employee", "0", "--week", "1"], "compare": ["baseline"]}.get(command, [])
        assert main([command, "x.yaml", *extra, "--lang", "nl"]) == 2
        assert "moet een getal van 0 tot 1 zijn" in capsys.readouterr().err
    assert main(["run", "x.yaml"]) == 2
    assert "must be a number from 0 to 1" in capsys.readouterr().err


def test_the_page_is_told_in_all_languages() -> None:
    reply = json.loads(
        reply_to(json.dumps({"ask": "answer", "request": {"overrides": {"rules.mood": 1}, "seeds": [1]}}))
    )
    assert reply["error"][0].startswith("overrides: rules.mood: unknown key; allowed: restriction,")
    assert reply["errors"]["nl"][0].startswith("overrides: rules.mood: onbekende sleutel; toegestaan: restriction,")


def test_said() -> None:
    one = said("refusal.text", value=said("refusal.value.empty"))
    assert one == "must be text, is empty" == text("en", "refusal.text", value="empty")
    assert in_language(one, "nl") == "moet tekst zijn, is leeg"
    assert in_language(one, "en") is one
    assert in_language("anything else", "nl") == "anything else"
    assert pickle.loads(pickle.dumps(one)).values == one.values
    many = said("refusal.too_many_values", limit=Whole(20000))
    assert "20,000" in many
    assert "20.000" in in_language(many, "nl")
    # What a person typed is never taken for a place to fill.
    assert in_language(said("refusal.text", value="'{names}'"), "nl") == "moet tekst zijn, is '{names}'"
    assert InputError([one, "plain"]).lines_in("nl") == ("moet tekst zijn, is leeg", "plain")
