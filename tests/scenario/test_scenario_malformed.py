"""Everything that can be wrong with a scenario file: one clear line each, at the right place, with exit code 2."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from sim.__main__ import main
from sim.scenario import ScenarioError, load_scenario

FILE = "case.yaml"


class Case(NamedTuple):
    """A malformed file and the start of the message it must give, with words that the message must hold."""

    name: str
    text: str | bytes
    where: str  # what follows the name of the file, up to the message
    words: tuple[str, ...]


CASES = (
    # --- not YAML, or YAML that a scenario never needs
    Case("tab as indentation", "rules:\n\trestriction: 0.5\n", ":2:1: ", ("spaces", "tabs")),
    Case("list not closed", "launch:\n  waves: {pilot: [0, 1\n", ":3:1: ", ("not valid YAML", "[", "closed")),
    Case("group not closed", "rules: {restriction: 0.5\n", ":2:1: ", ("not valid YAML", "{", "closed")),
    Case("quote not closed", "name: 'abc\n", ":2:1: ", ("not valid YAML", "quotes")),
    Case("two colons", "name: a: b\n", ":1:8: ", ("not valid YAML", "':'", "quote")),
    Case("keys out of line", "rules:\n  restriction: 0.5\n guidance: 0.5\n", ":3:2: ", ("not valid YAML", "line up")),
    Case("reserved sign", "name: @home\n", ":1:7: ", ("not valid YAML", "quotes")),
    Case("missing colon", "rules:\n  restriction 0.5\n  guidance: 1\n", ":3:11: ", ("not valid YAML",)),
    Case("bad escape", 'name: "\\q"\n', ":1:9: ", ("not valid YAML",)),
    Case("impossible character code", 'name: "\\U7fffffff"\n', ":1:1: ", ("not valid YAML",)),
    Case("half a character", 'description: "\\ud800"\n', ":1:14: description: ", ("half a character",)),
    Case("control character", "name: a\nrules: \x07\n", ":2:8: ", ("control character U+0007",)),
    Case("zero byte", b"name: a\x00b\n", ":1:8: ", ("control character U+0000",)),
    Case(
        "duplicate key",
        "rules: {restriction: 0.1, restriction: 0.2}\n",
        ":1:27: rules.restriction: ",
        ("twice", "line 1"),
    ),
    Case("duplicate section", "run: {weeks: 5}\nrules: {}\nrun: {seed: 3}\n", ":3:1: run: ", ("twice", "line 1")),
    Case("anchor", "rules: &mine {restriction: 0.1}\n", ":1:8: rules: ", ("anchor &mine", "not allowed")),
    Case("alias", "rules: &a {restriction: 0.1}\nlaunch: *a\n", ":2:9: launch: ", ("alias *a", "not allowed")),
    Case(
        "alias bomb",
        "a: &a [x, x]\n"
        + "".join(f"{chr(98 + i)}: &{chr(98 + i)} [*{chr(97 + i)}, *{chr(97 + i)}]\n" for i in range(20)),
        ":2:8: b[0]: ",
        ("alias *a", "not allowed"),
    ),
    Case("alias of itself", "rules: &a [*a]\n", ":1:12: rules[0]: ", ("alias *a", "not allowed")),
    Case("merge key", "rules: {<<: {restriction: 0.1}}\n", ":1:9: rules.<<: ", ("unknown key",)),
    Case("Python tag", "name: !!python/object/apply:os.system [ls]\n", ":1:7: name: ", ("!!python", "not allowed")),
    Case("type tag", "run: {weeks: !!str 5}\n", ":1:14: run.weeks: ", ("!!str", "not allowed")),
    Case("own tag", "run: !mine {weeks: 5}\n", ":1:6: run: ", ("!mine", "not allowed")),
    Case("two documents", "name: a\n---\nname: b\n", ":2:1: ", ("second document",)),
    Case("number as key", "1: a\n", ":1:1: ", ("key must be text", "1")),
    Case("empty key", "~: a\n", ":1:1: ", ("key must be text", "empty")),
    Case("list as key", "? [a, b]\n: c\n", ":1:3: ", ("key must be text", "list")),
    Case("true as key", "true: a\n", ":1:1: ", ("key must be text", "true")),
    Case("list at the top", "- name: a\n", ":1:1: ", ("keys with values", "list")),
    Case("text at the top", "collaboration\n", ":1:1: ", ("keys with values", "'collaboration'")),
    Case("deep nesting", "rules: " + "[" * 5000, ":1:28: ", ("20 levels",)),
    Case("deep nesting of keys", "? " * 5000, ":1:43: ", ("20 levels",)),
    Case("deep groups", "rules: " + "{a: " * 5000, ":1:8", ("levels",)),
    Case("many values", "name: a\nchanges:\n" + "- 1\n" * 30_000, "", ("20,000 values",)),
    # --- not a text file
    Case("empty", "", ":1:1: ", ("is empty", "name")),
    Case("only comments", "# nothing yet\n\n", ":1:1: ", ("is empty",)),
    Case("binary", bytes(range(256)) * 8, ": ", ("UTF-8",)),
    Case("Latin-1", "name: caf\u00e9\n".encode("latin-1"), ": ", ("UTF-8", "line 1")),
    Case("UTF-16", "name: a\n".encode("utf-16"), ": ", ("UTF-8",)),
    Case("10 MB", b"# " + b"x" * 10_000_000, ": ", ("larger than 1 MB",)),
    # --- wrong types
    Case(
        "text for a number",
        "rules: {restriction: high}\n",
        ":1:22: rules.restriction: ",
        ("number from 0 to 1", "'high'"),
    ),
    Case(
        "number in quotes", "rules: {restriction: '0.5'}\n", ":1:22: rules.restriction: ", ("number", "without quotes")
    ),
    Case(
        "1e-3 in quotes", "rules: {restriction: '1e-3'}\n", ":1:22: rules.restriction: ", ("number", "without quotes")
    ),
    Case("decimal comma", "rules:\n  restriction: 0,5\n", ":2:16: rules.restriction: ", ("number", "write 0.5")),
    Case("percent", "rules: {restriction: 50%}\n", ":1:22: rules.restriction: ", ("number", "write 0.5")),
    Case("switch for a number", "rules: {restriction: true}\n", ":1:22: rules.restriction: ", ("number", "true")),
    Case("number for a switch", "rules: {work_only: 1}\n", ":1:20: rules.work_only: ", ("true or false", "1")),
    Case("off for a switch", "rules: {work_only: off}\n", ":1:20: rules.work_only: ", ("true or false", "write false")),
    Case(
        "decimals for a whole number",
        "run: {weeks: 5.5}\n",
        ":1:14: run.weeks: ",
        ("whole number from 1 to 1040", "5.5"),
    ),
    Case("list for a number", "run: {weeks: [5]}\n", ":1:14: run.weeks: ", ("whole number", "list")),
    Case("number for a group", "rules: 0.5\n", ":1:8: rules: ", ("group of keys", "restriction", "0.5")),
    Case(
        "list for a group",
        "launch:\n  campaign: [6, 0.4]\n",
        ":2:13: launch.campaign: ",
        ("group of keys", "weeks", "list"),
    ),
    Case("nothing for a number", "run: {weeks: }\n", ":1:7: run.weeks: ", ("whole number", "empty")),
    Case("date for a name", "name: [2014-01-01]\n", ":1:7: name: ", ("text", "list")),
    Case("number for a name", "name: 2014\n", ":1:7: name: ", ("text", "2014")),
    Case("name with a slash", "name: ../results\n", ":1:7: name: ", ("folder", "'../results'")),
    Case("empty name", "name: ''\n", ":1:7: name: ", ("folder",)),
    # --- out of range
    Case(
        "not a number", "organization: {trust: .nan}\n", ":1:23: organization.trust: ", ("number from 0 to 1", ".nan")
    ),
    Case("infinite", "leadership: {announcements: .inf}\n", ":1:29: leadership.announcements: ", ("0 to 50", ".inf")),
    Case("too large for a number", "behavior: {post_risk: 1e999}\n", ":1:23: behavior.post_risk: ", (".inf",)),
    Case("5,000 digits", "run: {seed: " + "9" * 5000 + "}\n", ":1:13: run.seed: ", ("very large number",)),
    Case("above the range", "rules: {restriction: 1.01}\n", ":1:22: rules.restriction: ", ("from 0 to 1", "1.01")),
    Case(
        "below the range", "leadership: {appraisal: -1.5}\n", ":1:25: leadership.appraisal: ", ("from -1 to 1", "-1.5")
    ),
    Case("negative weeks", "run: {weeks: -3}\n", ":1:14: run.weeks: ", ("from 1 to 1040", "-3")),
    Case("no weeks", "run: {weeks: 0}\n", ":1:14: run.weeks: ", ("from 1 to 1040", "0")),
    Case(
        "no employees", "organization: {employees: 0}\n", ":1:27: organization.employees: ", ("from 1 to 2000000", "0")
    ),
    Case(
        "too many employees", "organization: {employees: 2000001}\n", ":1:27: organization.employees: ", ("from 1 to",)
    ),
    Case("negative seed", "run: {seed: -1}\n", ":1:13: run.seed: ", ("from 0", "-1")),
    Case(
        "seed beyond 63 bits",
        "run: {seed: 9223372036854775808}\n",
        ":1:13: run.seed: ",
        ("from 0 to 9223372036854775807",),
    ),
    Case(
        "unknown choice",
        "launch: {wording: adition}\n",
        ":1:19: launch.wording: ",
        ("addition, catalyst", "did you mean addition?"),
    ),
    Case(
        "choice with a line end",
        'platform: {following: "open\\n"}\n',
        ":1:23: platform.following: ",
        ("one of open, approval",),
    ),
    # --- unknown keys
    Case("unknown section", "ruls: {restriction: 1}\n", ":1:1: ruls: ", ("unknown key", "did you mean rules?")),
    Case(
        "unknown key",
        "rules: {restrictoin: 1}\n",
        ":1:9: rules.restrictoin: ",
        ("unknown key", "did you mean restriction?"),
    ),
    Case(
        "unknown coefficient",
        "behavior: {read_habbit: 1}\n",
        ":1:12: behavior.read_habbit: ",
        ("did you mean read_habit?",),
    ),
    Case("key without its section", "restriction: 0.5\n", ":1:1: restriction: ", ("did you mean rules.restriction?",)),
    Case("key in another section", "run: {guidance: 0.5}\n", ":1:7: run.guidance: ", ("did you mean rules.guidance?",)),
    Case("dotted key", "rules.guidance: 0.5\n", ":1:1: rules.guidance: ", ("unknown key", "rules: {guidance: ...}")),
    Case("key in brackets", "<in waves>: 1\n", ":1:1: <in waves>: ", ("unknown key",)),
    Case(
        "unknown key in waves",
        "launch:\n  waves: {pilots: [0]}\n",
        ":2:11: launch.waves.pilots: ",
        ("did you mean pilot?",),
    ),
    # --- framing and waves
    Case(
        "unknown preset",
        "launch: {framing: like-facebok}\n",
        ":1:19: launch.framing: ",
        ("did you mean like_facebook?",),
    ),
    Case(
        "framing as a list",
        "launch: {framing: [0.8, 0.1, 0.1]}\n",
        ":1:19: launch.framing: ",
        ("mixed", "social: ...", "list"),
    ),
    Case("empty framing", "launch:\n  framing:\n", ":2:3: launch.framing: ", ("mixed", "empty")),
    Case(
        "shares that do not sum to 1",
        "launch: {framing: {social: 0.5, collaboration: 0.4, broadcast: 0.2}}\n",
        ":1:19: launch.framing: ",
        ("sum to 1", "1.1"),
    ),
    Case(
        "share missing",
        "launch: {framing: {social: 1.0, broadcast: 0.0}}\n",
        ":1:19: launch.framing.collaboration: ",
        ("missing",),
    ),
    Case(
        "share out of range",
        "launch: {framing: {social: 2, collaboration: -1, broadcast: 0}}\n",
        ":1:28: launch.framing.social: ",
        ("from 0 to 1",),
    ),
    Case(
        "unknown form of waves",
        "launch: {waves: all_at_onec}\n",
        ":1:17: launch.waves: ",
        ("all_at_once", "pilot", "did you mean"),
    ),
    Case("pilot as a number", "launch: {waves: {pilot: 0}}\n", ":1:25: launch.waves.pilot: ", ("list", "[0, 3]")),
    Case(
        "pilot by name",
        "launch: {waves: {pilot: [sales]}}\n",
        ":1:26: launch.waves.pilot[0]: ",
        ("number of a department", "'sales'"),
    ),
    Case("no pilot", "launch: {waves: {pilot: []}}\n", ":1:25: launch.waves.pilot: ", ("one or more",)),
    Case("negative pilot", "launch: {waves: {pilot: [0, -1]}}\n", ":1:29: launch.waves.pilot[1]: ", ("from 0", "-1")),
    # --- contradictions
    Case(
        "pilot that does not exist",
        "launch: {waves: {pilot: [0, 8]}}\n",
        ":1:29: launch.waves.pilot[1]: ",
        ("department 8 does not exist", "0 to 7"),
    ),
    Case(
        "pilot beyond the employees",
        "organization: {employees: 3}\nlaunch: {waves: {pilot: [3]}}\n",
        ":2:26: launch.waves.pilot[0]: ",
        ("does not exist", "0 to 2"),
    ),
    Case(
        "pilot twice", "launch: {waves: {pilot: [1, 1]}}\n", ":1:29: launch.waves.pilot[1]: ", ("department 1 twice",)
    ),
    Case(
        "everyone in a large organization",
        "organization:\n  employees: 5001\n  contacts: {everyone: true}\n",
        ":3:24: organization.contacts.everyone: ",
        ("5000", "5001"),
    ),
    Case(
        "workforce that does not exist",
        "organization: {workforce: nl-2015}\n",
        ":1:27: organization.workforce: ",
        ("nl-2014", "no file", "did you mean nl-201"),
    ),
    Case(
        "workforce that is a folder",
        "organization: {workforce: .}\n",
        ":1:27: organization.workforce: ",
        ("is a folder",),
    ),
    Case(
        "sector without a table",
        "organization: {workforce: us-2021, sector: public}\n",
        ":1:44: organization.sector: ",
        ("must be all", "us-2021"),
    ),
    # --- changes
    Case("changes as a group", "changes: {week: 3}\n", ":1:10: changes: ", ("list of {week",)),
    Case("change as text", "changes: [later]\n", ":1:11: changes[0]: ", ("{week", "'later'")),
    Case("change without set", "changes:\n  - {week: 3}\n", ":2:5: changes[0].set: ", ("missing", "week: 26")),
    Case("change without week", "changes:\n  - {set: {rules.guidance: 1}}\n", ":2:5: changes[0].week: ", ("missing",)),
    Case("change of nothing", "changes:\n  - {week: 3, set: {}}\n", ":2:20: changes[0].set: ", ("at least one key",)),
    Case(
        "unknown key of a change",
        "changes:\n  - {weeks: 3, week: 3, set: {rules.guidance: 1}}\n",
        ":2:6: changes[0].weeks: ",
        ("did you mean",),
    ),
    Case(
        "change in week 0",
        "changes: [{week: 0, set: {rules.guidance: 1}}]\n",
        ":1:18: changes[0].week: ",
        ("at least 1", "0"),
    ),
    Case(
        "change in half a week",
        "changes: [{week: 1.5, set: {rules.guidance: 1}}]\n",
        ":1:18: changes[0].week: ",
        ("whole number", "1.5"),
    ),
    Case(
        "change after the end",
        "run: {weeks: 10}\nchanges: [{week: 10, set: {rules.guidance: 1}}]\n",
        ":2:18: changes[0].week: ",
        ("never comes", "run.weeks is 10", "1 to 9"),
    ),
    Case(
        "change in a run of one week",
        "run: {weeks: 1}\nchanges: [{week: 1, set: {rules.guidance: 1}}]\n",
        ":2:18: changes[0].week: ",
        ("never comes", "no room"),
    ),
    Case(
        "change of a fixed key",
        "changes: [{week: 3, set: {organization.trust: 1}}]\n",
        ":1:27: changes[0].set.organization.trust: ",
        ("cannot change", "rules.*", "launch.framing"),
    ),
    Case(
        "change for a department that is no list",
        "changes: [{week: 3, departments: 2, set: {rules.guidance: 1}}]\n",
        ":1:34: changes[0].departments: ",
        ("list of one or more", "2"),
    ),
    Case(
        "change for no department",
        "changes: [{week: 3, departments: [], set: {rules.guidance: 1}}]\n",
        ":1:34: changes[0].departments: ",
        ("one or more", "empty"),
    ),
    Case(
        "change for half a department",
        "changes: [{week: 3, departments: [0, 1.5], set: {rules.guidance: 1}}]\n",
        ":1:38: changes[0].departments[1]: ",
        ("number of a department", "1.5"),
    ),
    Case(
        "change for a department that is not there",
        "organization: {departments: 3}\nchanges: [{week: 3, departments: [0, 3], set: {rules.guidance: 1}}]\n",
        ":2:38: changes[0].departments[1]: ",
        ("department 3 does not exist", "0 to 2"),
    ),
    Case(
        "change for a department by name, without a staff file",
        "changes: [{week: 3, departments: [sales], set: {rules.guidance: 1}}]\n",
        ":1:35: changes[0].departments[0]: ",
        ("staff file", "sales"),
    ),
    Case(
        "change for the same department twice",
        "changes: [{week: 3, departments: [1, 1], set: {rules.guidance: 1}}]\n",
        ":1:38: changes[0].departments[1]: ",
        ("twice",),
    ),
    Case(
        "two changes of a key for one department in one week",
        "changes:\n  - {week: 3, departments: [1, 2], set: {rules.guidance: 1}}\n"
        "  - {week: 3, departments: [2], set: {rules.guidance: 0}}\n",
        ":3:39: changes[1].set.rules.guidance: ",
        ("changed twice in week 3",),
    ),
    Case(
        "change for a department of what all share",
        "changes: [{week: 3, departments: [1], set: {platform.following: approval}}]\n",
        ":1:45: changes[0].set.platform.following: ",
        ("cannot differ between departments", "leave departments out"),
    ),
    Case(
        "change of the framing of a department that does not sum to 1",
        "changes:\n  - {week: 3, set: {launch.framing: news}}\n"
        "  - {week: 4, departments: [1], set: {launch.framing.social: 0.9}}\n",
        ":3:39: changes[1].set.launch.framing.social: ",
        ("must sum to 1", "week 4"),
    ),
    Case(
        "change of a group",
        "changes: [{week: 3, set: {rules: {guidance: 1}}}]\n",
        ":1:27: changes[0].set.rules: ",
        ("one by one", "rules.restriction"),
    ),
    Case(
        "change of an unknown key",
        "changes: [{week: 3, set: {rules.guidence: 1}}]\n",
        ":1:27: changes[0].set.rules.guidence: ",
        ("did you mean rules.guidance?",),
    ),
    Case(
        "change to a wrong value",
        "changes: [{week: 3, set: {rules.guidance: 2}}]\n",
        ":1:43: changes[0].set.rules.guidance: ",
        ("from 0 to 1", "2"),
    ),
    Case(
        "change to nothing",
        "changes: [{week: 3, set: {rules.guidance: }}]\n",
        ":1:27: changes[0].set.rules.guidance: ",
        ("from 0 to 1", "empty"),
    ),
    Case(
        "change to an unknown preset",
        "changes: [{week: 3, set: {launch.framing: new}}]\n",
        ":1:43: changes[0].set.launch.framing: ",
        ("did you mean news?",),
    ),
    Case(
        "two changes of one key",
        "changes:\n  - {week: 3, set: {rules.guidance: 1}}\n  - {week: 3, set: {rules.guidance: 0}}\n",
        ":3:21: changes[1].set.rules.guidance: ",
        ("twice in week 3",),
    ),
    Case(
        "a framing and one of its numbers",
        "changes: [{week: 3, set: {launch.framing: news, launch.framing.clarity: 1}}]\n",
        ":1:49: changes[0].set.launch.framing.clarity: ",
        ("launch.framing", "week 3"),
    ),
    Case(
        "changed shares that do not sum to 1",
        "changes: [{week: 3, set: {launch.framing.social: 0.9}}]\n",
        ":1:27: changes[0].set.launch.framing.social: ",
        ("sum to 1", "1.6", "week 3"),
    ),
    # --- extends
    Case(
        "parent missing",
        "name: a\nextends: basline.yaml\n",
        ":2:10: extends: ",
        ("basline.yaml does not exist", "did you mean baseline?"),
    ),
    Case("parent is itself", "extends: case.yaml\n", ":1:10: extends: ", ("circle", "case.yaml -> case.yaml")),
    Case("parent empty", "extends: ''\n", ":1:10: extends: ", ("one parent", "empty")),
    Case("parent left out", "extends:\nname: a\n", ":1:1: extends: ", ("one parent", "empty")),
    Case("two parents", "extends: [a.yaml, b.yaml]\n", ":1:10: extends: ", ("one parent", "list")),
    Case("parent is a folder", "extends: .\n", ":1:10: extends: ", ("folder",)),
    Case(
        "nothing for a share that changes",
        "changes: [{week: 3, set: {organization.remote_share: null}}]\n",
        ":1:27: changes[0].set.organization.remote_share: ",
        ("must be a number from 0 to 1, is empty",),
    ),
    Case("parent with a zero byte", 'extends: "a\\0b"\n', ":1:10: extends: ", ("does not exist",)),
    Case("parent with a long name", f"extends: {'a' * 5000}\n", ":1:10: extends: ", ("does not exist", "too long")),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name.replace(" ", "-"))
def test_malformed_file(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    content = case.text if isinstance(case.text, bytes) else case.text.encode()
    (tmp_path / FILE).write_bytes(content)
    monkeypatch.chdir(tmp_path)

    assert main(["validate", FILE]) == 2

    error = capsys.readouterr().err
    assert "Traceback" not in error
    lines = [line for line in error.splitlines() if line.startswith(FILE + case.where)]
    assert lines, f"no line starts with {FILE + case.where!r}:\n{error}"
    message = lines[0][len(FILE + case.where) :]
    assert all(word in message for word in case.words), message
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
    assert (tmp_path / FILE).read_bytes() == content


def test_table_is_large_and_its_names_differ() -> None:
    assert len(CASES) >= 45
    assert len({case.name for case in CASES}) == len(CASES)


def _missing(folder: Path) -> str:
    return "nowhere.yaml"


def _folder(folder: Path) -> str:
    (folder / "scenarios.yaml").mkdir()
    return "scenarios.yaml"


def _circular_link(folder: Path) -> str:
    (folder / "loop.yaml").symlink_to("loop.yaml")
    return "loop.yaml"


def _dangling_link(folder: Path) -> str:
    (folder / "gone.yaml").symlink_to("nowhere")
    return "gone.yaml"


def _long_name(folder: Path) -> str:
    return "a" * 5000


def _zero_byte(folder: Path) -> str:
    return "a\0b"


def _empty_name(folder: Path) -> str:
    return ""


def _file_as_folder(folder: Path) -> str:
    (folder / "file.yaml").write_text("name: a\n")
    return "file.yaml/x.yaml"


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (_missing, "no such file"),
        (_folder, "is a folder"),
        (_circular_link, "leads back to itself"),
        (_dangling_link, "does not exist"),
        (_long_name, "name is too long"),
        (_zero_byte, "no such file"),
        (_empty_name, "must be a file"),
        (_file_as_folder, "no such file"),
    ],
)
def test_unreadable_file(
    make: Callable[[Path], str],
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    name = make(tmp_path)

    assert main(["validate", name]) == 2

    error = capsys.readouterr().err
    assert words in error
    assert len(error.splitlines()) == 1


def test_file_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / FILE
    file.write_text("name: a\n")

    def refuse(*arguments: object, **options: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)  # what every opener comes down to; root may read all, so no mode will do
    with pytest.raises(ScenarioError, match="permission denied"):
        load_scenario(file)


def test_near_miss_of_a_shipped_scenario(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ScenarioError, match="did you mean collaboration"):
        load_scenario("colaboration")


def test_all_problems_at_once_in_the_order_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path(FILE).write_text(
        "run: {weeks: 10, weaks: 3}\n"
        "organization: {employees: 0}\n"
        "changes: [{week: 12, set: {rules.guidance: 5}}, {week: 11, set: {rules.guidance: 1}}]\n"
        "launch: {waves: {pilot: [0, 0]}, training: x}\n"
    )
    with pytest.raises(ScenarioError) as caught:
        load_scenario(FILE)
    assert [(problem.line, problem.column, problem.path) for problem in caught.value.problems] == [
        (1, 18, "run.weaks"),
        (2, 27, "organization.employees"),
        (3, 44, "changes[0].set.rules.guidance"),
        (3, 56, "changes[1].week"),
        (4, 29, "launch.waves.pilot[1]"),
        (4, 44, "launch.training"),
    ]


def test_a_contradiction_with_a_wrong_value_is_not_guessed_at(tmp_path: Path) -> None:
    file = tmp_path / FILE
    file.write_text("run: {weeks: '104'}\nchanges: [{week: 80, set: {rules.guidance: 1}}]\n")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(file)
    assert [problem.path for problem in caught.value.problems] == ["run.weeks"]


def test_very_many_problems_are_counted_not_listed(tmp_path: Path) -> None:
    file = tmp_path / FILE
    file.write_text("".join(f"key{number}: 1\n" for number in range(500)))
    with pytest.raises(ScenarioError) as caught:
        load_scenario(file)
    assert len(caught.value.problems) == 500
    assert len(caught.value.lines) == 51
    assert caught.value.lines[-1] == "... and 450 more problems"


def test_messages_stay_short(tmp_path: Path) -> None:
    file = tmp_path / FILE
    long = "x" * 50_000
    file.write_text(f"{long[:900]}: 1\nname: &{long} a\ndescription: !{long} b\nrules: {{restriction: {long}}}\n")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(file)
    assert len(caught.value.lines) == 4
    assert max(len(line) for line in caught.value.lines) < 600


def test_messages_stay_on_one_line_and_printable(tmp_path: Path) -> None:
    file = tmp_path / FILE
    file.write_text('"a\\nb\\e": 1\nname: "x\\ny"\n')
    with pytest.raises(ScenarioError) as caught:
        load_scenario(file)
    assert len(caught.value.lines) == 2
    assert all(line.isprintable() for line in caught.value.lines)


@pytest.mark.parametrize(
    "text",
    [
        "organization: {employees: 1}\n",
        "run: {weeks: 1}\n",
        "organization: {employees: 1, departments: 10000}\nrun: {weeks: 1}\nlaunch: {waves: {pilot: [0]}}\n",
        "\ufeffname: with-a-byte-order-mark\n",
        "name: windows\r\nrun: {weeks: 3}\r\n",
        "%YAML 1.1\n---\nname: a\n",
        "name: a\nrules:\nlaunch:\n  campaign:\nchanges:\nbehavior:\ndescription:\n",
        "{}",
        "rules: {restriction: 1}\norganization: {trust: 1e-3, remote_share: null, contacts: {everyone: true}}\n",
        "description: Één café, naïef\n",
    ],
)
def test_unusual_but_right(text: str, tmp_path: Path) -> None:
    file = tmp_path / FILE
    file.write_text(text, encoding="utf-8", newline="")
    assert load_scenario(file).resolved()["run"]["weeks"] >= 1
