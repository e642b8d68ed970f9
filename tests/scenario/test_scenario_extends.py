"""Parents, merging, and where problems in a parent are reported."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.catalog.registry import PRESETS
from sim.scenario import Scenario, ScenarioError, load_scenario, scenario_from_mapping

Write = Callable[..., None]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Return a function that writes files (``name=text``, ``__`` for a slash) into the current folder."""
    monkeypatch.chdir(tmp_path)

    def write_files(**texts: str) -> None:
        for name, text in texts.items():
            file = tmp_path / f"{name.replace('__', '/')}.yaml"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)

    return write_files


def lines_of(name: str, *overrides: str) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        load_scenario(name, overrides)
    return list(caught.value.lines)


def test_child_says_only_what_differs(write: Write) -> None:
    write(
        parent="name: parent\ndescription: of the parent\nrules: {restriction: 0.7, guidance: 0.1}\nrun: {weeks: 30}\n",
        child="extends: parent.yaml\nrules: {guidance: 0.9}\n",
    )
    child = load_scenario("child.yaml")
    assert (child.rules.restriction, child.rules.guidance, child.run.weeks) == (0.7, 0.9, 30)


def test_name_and_description_are_not_inherited(write: Write) -> None:
    write(parent="name: parent\ndescription: of the parent\n", child="extends: parent.yaml\n")
    child = load_scenario("child.yaml")
    assert (child.name, child.description) == ("child", "")


def test_order_of_keys_does_not_matter(write: Write) -> None:
    write(parent="rules: {restriction: 0.7}\n", child="rules: {guidance: 0.9}\nextends: parent.yaml\n")
    assert load_scenario("child.yaml").rules.restriction == 0.7


def test_parent_is_found_relative_to_its_child(write: Write) -> None:
    write(
        common__base="rules: {restriction: 0.7}\n",
        common__middle="extends: base.yaml\n",
        mine__child="extends: ../common/middle.yaml\n",
    )
    assert load_scenario("mine/child.yaml").rules.restriction == 0.7


SECRET = "root:x:0:0: top secret\n"
OUTSIDE = (
    "lies neither below the folder of this file nor below the current folder; "
    "copy it there, or type the command in a folder that holds both"
)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder to work in, with a file beside it that has nothing to do with it."""
    (tmp_path / "secret.yaml").write_text(SECRET)
    (tmp_path / "parent.yaml").write_text("rules: {restriction: 0.7}\n")
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize(
    "form", ["../secret.yaml", "{folder}/secret.yaml", "a/../../secret.yaml", "link.yaml", "l/secret.yaml"]
)
def test_a_parent_out_of_reach_is_neither_followed_nor_shown(project: Path, form: str) -> None:
    (project / "link.yaml").symlink_to("../secret.yaml")
    (project / "l").symlink_to("..")
    (project / "a").mkdir()
    Path("child.yaml").write_text(f"name: a\nextends: {form.format(folder=project.parent)}\n")
    (line,) = lines_of("child.yaml")
    assert line.startswith("child.yaml:2:10: extends: the file ")
    assert line.endswith(OUTSIDE)
    assert "top" not in line


def test_whether_a_file_out_of_reach_is_there_is_not_told(project: Path) -> None:
    lines = []
    for name in ("secret", "nothing"):
        Path("child.yaml").write_text(f"extends: ../{name}.yaml\n")
        lines += lines_of("child.yaml")
    assert lines[0].replace("secret", "nothing") == lines[1]


def test_parents_of_parents_stay_within_reach(project: Path) -> None:
    (project / "common").mkdir()
    Path("common/inner.yaml").write_text("extends: ../base.yaml\n")
    Path("base.yaml").write_text("rules: {restriction: 0.7}\n")
    Path("child.yaml").write_text("extends: common/inner.yaml\n")
    os.chdir("common")  # then the folder of the first file still counts for all of them
    assert load_scenario("../child.yaml").rules.restriction == 0.7
    os.chdir("..")
    Path("base.yaml").write_text("extends: ../secret.yaml\n")
    (line,) = lines_of("child.yaml")
    assert line.startswith("base.yaml:1:10: extends: the file ../secret.yaml lies neither")


def test_what_the_refusal_asks_for_is_accepted(project: Path) -> None:
    Path("child.yaml").write_text("extends: ../parent.yaml\n")
    assert lines_of("child.yaml")[0].endswith(OUTSIDE)
    os.chdir("..")  # a folder that holds both
    assert load_scenario("project/child.yaml").rules.restriction == 0.7


def test_what_is_named_in_python_may_lie_anywhere(project: Path) -> None:
    assert scenario_from_mapping({"extends": "../parent.yaml"}).rules.restriction == 0.7


def test_shipped_scenario_as_a_parent(write: Write) -> None:
    write(child="extends: like-facebook\n")
    assert load_scenario("child.yaml").launch == load_scenario("like-facebook").launch


def test_own_file_goes_before_a_shipped_scenario(write: Write) -> None:
    write(child="extends: baseline.yaml\n", baseline="rules: {restriction: 0.77}\n")
    assert load_scenario("child.yaml").rules.restriction == 0.77


def test_lists_are_replaced(write: Write) -> None:
    write(
        parent="launch: {waves: {pilot: [0, 1, 2], every_weeks: 3}}\nchanges: [{week: 5, set: {rules.guidance: 1}}]\n",
        child="extends: parent.yaml\nlaunch: {waves: {pilot: [4]}}\n"
        "changes: [{week: 6, set: {rules.restriction: 1}}]\n",
        calm="extends: parent.yaml\nchanges: []\n",
        same="extends: parent.yaml\nchanges:\n",
    )
    child = load_scenario("child.yaml").resolved()
    assert child["launch"]["waves"] == {"pilot": [4], "every_weeks": 3}
    assert child["changes"] == [{"week": 6, "set": {"rules.restriction": 1.0}}]
    assert load_scenario("calm.yaml").changes == ()
    assert load_scenario("same.yaml").changes == load_scenario("parent.yaml").changes


def test_preset_and_numbers_replace_each_other(write: Write) -> None:
    write(
        preset="launch: {framing: like_facebook}\n",
        numbers="launch: {framing: {social: 0.5, collaboration: 0.5, broadcast: 0, association: 0.9}}\n",
        preset_to_numbers="extends: preset.yaml\nlaunch: {framing: {social: 0, collaboration: 1, broadcast: 0}}\n",
        numbers_to_preset="extends: numbers.yaml\nlaunch: {framing: news}\n",
        numbers_to_numbers="extends: numbers.yaml\nlaunch: {framing: {clarity: 1}}\n",
        preset_to_some="extends: preset.yaml\nlaunch: {framing: {clarity: 1}}\n",
    )
    framing = load_scenario("preset_to_numbers.yaml").launch.framing
    assert (framing.collaboration, framing.association) == (1.0, 1.0)  # what is not given stays that of the parent
    assert load_scenario("numbers_to_preset.yaml").launch.framing.broadcast == 0.8
    framing = load_scenario("numbers_to_numbers.yaml").launch.framing
    assert (framing.association, framing.clarity) == (0.9, 1.0)
    framing = load_scenario("preset_to_some.yaml").launch.framing
    assert (framing.social, framing.association, framing.clarity) == (0.8, 1.0, 1.0)


OVER_A_FRAMING = {
    "shares": {"social": 0.6, "collaboration": 0.3, "broadcast": 0.1},
    "clarity": {"clarity": 0.9},
    "association": {"association": 0.2},
    "shares and clarity": {"social": 0.0, "collaboration": 1.0, "broadcast": 0.0, "clarity": 0.1},
}


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("given", OVER_A_FRAMING.values(), ids=OVER_A_FRAMING)
def test_equal_parents_have_equal_children(write: Write, preset: str, given: dict[str, float]) -> None:
    numbers = PRESETS[preset]._asdict()
    write(
        by_name=f"launch: {{framing: {preset}}}\n",
        by_numbers=f"launch: {{framing: {numbers}}}\n",
        child_of_name=f"extends: by_name.yaml\nlaunch: {{framing: {given}}}\n",
        child_of_numbers=f"extends: by_numbers.yaml\nlaunch: {{framing: {given}}}\n",
    )
    expected = {**numbers, **given}
    dotted = {f"launch.framing.{name}": value for name, value in given.items()}
    for name in ("name", "numbers"):
        child = load_scenario(f"child_of_{name}.yaml")
        assert child.launch.framing.as_dict() == expected
        for over in (dotted, {"launch": {"framing": given}}):
            assert load_scenario(f"by_{name}.yaml", over).launch.framing.as_dict() == expected
        grandchild = load_scenario(f"child_of_{name}.yaml", {"launch.framing.clarity": 0.25})
        assert grandchild.launch.framing.as_dict() == {**expected, "clarity": 0.25}


def test_a_parent_that_says_nothing_of_the_framing_is_one_with_the_default(write: Write) -> None:
    write(
        silent="rules: {restriction: 0.1}\n",
        spoken="rules: {restriction: 0.1}\nlaunch: {framing: mixed}\n",
        a="extends: silent.yaml\nlaunch: {framing: {social: 0, collaboration: 1, broadcast: 0}}\n",
        b="extends: spoken.yaml\nlaunch: {framing: {social: 0, collaboration: 1, broadcast: 0}}\n",
    )
    assert load_scenario("silent.yaml").launch == load_scenario("spoken.yaml").launch
    assert load_scenario("a.yaml").launch == load_scenario("b.yaml").launch


def test_waves_and_all_at_once_replace_each_other(write: Write) -> None:
    write(
        waves="launch: {waves: {pilot: [2]}}\n",
        back="extends: waves.yaml\nlaunch: {waves: all_at_once}\n",
        again="extends: back.yaml\nlaunch: {waves: {every_weeks: 9}}\n",
    )
    assert load_scenario("back.yaml").launch.waves == "all_at_once"
    assert load_scenario("again.yaml").resolved()["launch"]["waves"] == {"pilot": [0], "every_weeks": 9}


def test_problem_in_a_parent_has_the_name_of_the_parent(write: Write) -> None:
    write(
        common__base="rules: {restriction: 7}\n",
        child="extends: common/base.yaml\nrun: {weeks: 0}\n",
    )
    assert [line.split(": must")[0] for line in lines_of("child.yaml")] == [
        "common/base.yaml:1:22: rules.restriction",
        "child.yaml:2:14: run.weeks",
    ]


def test_problem_in_a_parent_is_not_hidden_by_the_child(write: Write) -> None:
    write(parent="rules: {restriction: 7}\n", child="extends: parent.yaml\nrules: {restriction: 0.5}\n")
    assert lines_of("child.yaml") == ["parent.yaml:1:22: rules.restriction: must be a number from 0 to 1, is 7"]


def test_duplicate_key_and_bad_syntax_in_parents(write: Write) -> None:
    write(
        parent="extends: grand.yaml\nrules: {guidance: 1, guidance: 0}\n",
        grand="rules: {restriction: [}\n",
        child="extends: parent.yaml\nrules: {guidence: 1}\n",
    )
    lines = lines_of("child.yaml")
    assert [line.split(": ")[0] for line in lines] == ["grand.yaml:1:23", "parent.yaml:2:22", "child.yaml:2:9"]


def test_contradiction_across_files_names_both(write: Write) -> None:
    write(
        parent="changes:\n  - {week: 26, set: {rules.restriction: 1}}\n",
        child="extends: parent.yaml\nrun: {weeks: 20}\n",
    )
    assert lines_of("child.yaml") == [
        "parent.yaml:2:12: changes[0].week: week 26 never comes, run.weeks is 20; must be from 1 to 19 "
        "(run.weeks is set in child.yaml:2:14)"
    ]


def test_circles_of_any_length(write: Write) -> None:
    write(a="extends: b.yaml\n", b="extends: ./c.yaml\n", c="extends: ../{here}/a.yaml\n")
    here = Path.cwd().name
    Path("c.yaml").write_text(f"extends: ../{here}/a.yaml\n")
    (line,) = lines_of("a.yaml")
    assert line.startswith("c.yaml:1:10: extends: goes round in a circle: a.yaml -> b.yaml -> c.yaml -> ")


def test_a_link_does_not_hide_a_circle(write: Write) -> None:
    write(a="extends: link.yaml\n")
    Path("link.yaml").symlink_to("a.yaml")
    (line,) = lines_of("a.yaml")
    assert "circle" in line


def test_line_of_parents_is_bounded(write: Write) -> None:
    write(**{f"s{number}": f"extends: s{number + 1}.yaml\n" for number in range(12)}, s12="name: last\n")
    (line,) = lines_of("s0.yaml")
    assert line.startswith("s9.yaml:1:10: extends: makes a line of more than 10 files")
    assert isinstance(load_scenario("s3.yaml"), Scenario)


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"\x00\x01\xff", "UTF-8"), (b"# " + b"x" * 2_000_000, "larger than 1 MB"), (b"", "is empty")],
)
def test_unusable_parent(content: bytes, words: str, write: Write) -> None:
    write(child="name: a\nextends: parent.yaml\n")
    Path("parent.yaml").write_bytes(content)
    (line,) = lines_of("child.yaml")
    assert words in line
    assert "parent.yaml" in line


def test_workforce_file_is_relative_to_the_file_that_names_it(write: Write) -> None:
    write(common__base="organization: {workforce: staff.csv}\n", child="extends: common/base.yaml\n")
    staff = Path("common/staff.csv")
    staff.write_text("age\n30\n")
    assert load_scenario("child.yaml").organization.workforce == str(staff.absolute())
    staff.unlink()
    (line,) = lines_of("child.yaml")
    assert line.startswith("common/base.yaml:1:27: organization.workforce: ")
    assert str(staff.absolute()) in line


def test_checks_on_synthetic_staff_do_not_hold_for_a_file(write: Write) -> None:
    """How many people and departments a file has, only the file knows."""
    write(
        parent="organization: {employees: 9000}\n",
        child="extends: parent.yaml\norganization: {workforce: staff.csv, contacts: {everyone: true}}\n"
        "launch: {waves: {pilot: [50]}}\n",
    )
    Path("staff.csv").write_text("age\n30\n")
    assert load_scenario("child.yaml").organization.contacts.everyone
