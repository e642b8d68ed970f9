"""What a message proposes is taken up as it stands, and the file then passes."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from sim.catalog.registry import PARAMETER_BY_PATH, PARAMETERS, Parameter
from sim.errors import InputError
from sim.experiments import load_experiment
from sim.exports.staff import read_staff
from sim.scenario import ScenarioError, load_scenario

FILE = "x.yaml"
_WRITE = re.compile(r"write (-?[\w.]+)(?=$|,|;| )")
_MEANT = re.compile(r"did you mean ([^?]+)\?")


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def refusal(text: str) -> str:
    """Return the one line that a scenario file is refused with."""
    Path(FILE).write_text(text)
    with pytest.raises(ScenarioError) as caught:
        load_scenario(FILE)
    return caught.value.lines[0]


def passes(text: str) -> None:
    Path(FILE).write_text(text)
    load_scenario(FILE)


def in_groups(entry: Parameter, value: str) -> str:
    """Return a file that sets one key, with what else has to stand beside it."""
    *groups, key = entry.path.split(".")
    beside = {"launch.framing": "{social: 0.2, collaboration: 0.2, broadcast: 0.6}"}.get(".".join(groups), "{}")
    inner = f"{{{key}: {value}}}" if beside == "{}" else beside.replace("}", f", {key}: {value}}}")
    for group in reversed(groups):
        inner = f"{{{group}: {inner}}}"
    return inner[1:-1] + "\n"


SHARES = {"social": "0.25", "collaboration": "0.25", "broadcast": "0.5"}
NUMBERS = [
    entry
    for entry in PARAMETERS
    if entry.kind in ("float", "int") and entry.path not in [f"launch.framing.{share}" for share in SHARES]
]
FORMS = ("'{}'", "'{},5'", "'0,{}'", "'{}%'", "'{},5%'", "'1.000'", "'1,500'", "'12 000'", "'1e5'", "'+{}'", "'-{}'")


@pytest.mark.parametrize("form", FORMS)
def test_a_number_as_a_message_writes_it(form: str) -> None:
    n_proposed = 0
    for entry in NUMBERS:
        for digits in ("0", "1", "3", "50"):
            value = form.format(digits)
            line = refusal(in_groups(entry, value))
            if "without quotes" in line:
                passes(in_groups(entry, value.strip("'")))
                n_proposed += 1
            elif found := _WRITE.search(line):
                passes(in_groups(entry, found.group(1)))
                n_proposed += 1
    assert n_proposed > 0


@pytest.mark.parametrize(
    ("path", "value", "written"),
    [
        ("rules.restriction", "'37,5%'", "write 0.375"),
        ("organization.employees", "'1,500'", "write 1500"),
        ("organization.employees", "'1.500'", "write 1500"),
        ("organization.employees", "'12 000'", "write 12000"),
        ("organization.contacts.department", "'6,5'", "write 6.5, with a point"),
    ],
)
def test_what_is_meant_is_proposed(path: str, value: str, written: str) -> None:
    assert refusal(in_groups(PARAMETER_BY_PATH[path], value)).endswith(written)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("rules.restriction", "'1,500'"),
        ("rules.restriction", "150%"),
        ("run.weeks", "'52,5'"),
        ("run.weeks", "50%"),
        ("run.seed", "'99999999999999999999'"),
        ("leadership.appraisal", "'1e5'"),
    ],
)
def test_nothing_is_proposed_that_would_be_refused(path: str, value: str) -> None:
    line = refusal(in_groups(PARAMETER_BY_PATH[path], value))
    assert line.endswith(f"is '{value.strip(chr(39))}'")


@pytest.mark.parametrize("number", ["0,5", "0,05", "0,25"])
def test_a_decimal_comma_within_braces_is_recognized(number: str) -> None:
    line = refusal(f"rules: {{restriction: {number}, guidance: 0.5}}\n")
    found = _WRITE.search(line)
    assert found is not None
    assert found.group(1) == number.replace(",", ".")
    passes(f"rules: {{restriction: {found.group(1)}, guidance: 0.5}}\n")


@pytest.mark.parametrize(
    "entry",
    [one for one in PARAMETERS if not one.path.startswith("organization.staff.")],  # these are not numbers or words
    ids=lambda entry: entry.path,
)
@pytest.mark.parametrize("is_dotted", [True, False], ids=["dotted", "last part"])
def test_a_key_as_a_message_writes_it(entry: Parameter, is_dotted: bool) -> None:
    key = entry.path if is_dotted else entry.path.rpartition(".")[2]
    value = "[0]" if entry.kind == "list" else "0.25" if entry.default is None else str(entry.default).lower()
    line = refusal(f"{key}: {value}\n")
    proposals = re.split(r"rite it in groups[,:] ", line)[1].split(" or ")
    own = [written for written in proposals if _groups_of(written) == entry.path.rpartition(".")[0]]
    assert len(own) == 1 or len(proposals) == 3  # no more than three are named
    for written in own:
        filled = written.replace("...", value)
        for share, number in SHARES.items():
            filled = filled.replace(f"{share}: {value}", f"{share}: {number}")
        passes(f"{filled}\n")


def _groups_of(written: str) -> str:
    return ".".join(re.findall(r"(\w+): \{", written))


WORDS = [
    "rules: {work_only: 'Yes'}",
    "rules: {moderation: off}",
    "launch: {wording: Adition}",
    "platform: {following: Open}",
    "organization: {workforce: nl2014}",
    "extends: baseine",
    "launch: {waves: all_at_onc}",
    "launch: {framing: like-facebok}",
    "rulez: {guidance: 1}",
    "behavior: {read_bse: -2}",
]


@pytest.mark.parametrize("text", WORDS)
def test_a_word_as_a_message_writes_it(text: str) -> None:
    line = refusal(text + "\n")
    found = _MEANT.search(line) or _WRITE.search(line)
    assert found is not None
    value = text.strip("}").rpartition(": ")[2]
    wrong = re.findall("rulez|read_bse", text) if "unknown key" in line else [value]
    passes(text.replace(wrong[0], found.group(1)) + "\n")


@pytest.mark.parametrize("kind", ["triangular", "normal"])
@pytest.mark.parametrize(
    "low_high", ["organization.trust 0 1", "organization.employees 100 1000", "leadership.appraisal -1 -0.5"]
)
def test_what_a_distribution_needs(kind: str, low_high: str) -> None:
    key, low, high = low_high.split()
    text = "base: baseline\ndesign: latin_hypercube\nsamples: 4\n"
    text += f"uncertainties: {{{key}: {{low: {low}, high: {high}, distribution: {kind}}}}}\n"
    Path(FILE).write_text(text)
    with pytest.raises(ScenarioError) as caught:
        load_experiment(FILE)
    example = caught.value.lines[0].split(" needs ")[1]
    Path(FILE).write_text(text.replace(kind, f"{kind}, {example}"))
    load_experiment(FILE)


@pytest.mark.parametrize("key", ["organization.departments: {low: 1, high: 2}", "rules.guidance: {low: 0, high: 1}"])
def test_steps_of_a_grid(key: str) -> None:
    text = f"base: baseline\ndesign: grid\nlevers: {{{key}}}\n"
    Path(FILE).write_text(text)
    with pytest.raises(ScenarioError) as caught:
        load_experiment(FILE)
    found = re.search(r"steps: \d+", caught.value.lines[0])
    assert found is not None
    Path(FILE).write_text(text.replace("}}", f", {found.group()}}}}}"))
    load_experiment(FILE)


@pytest.mark.parametrize(
    "text",
    [
        "design: grid\nlevers: {rules.guidance: [0, 1]}\n",
        "design: grid\nlevers: {run.weeks: [8, 9], organization.employees: [50, 60]}\n",
        "design: grid\nsamples: 20\nlevers: {run.weeks: [8, 9]}\nuncertainties: {behavior: registry}\n",
        "method: pawn\nsamples: 100\nuncertainties: {behavior: registry}\n",
        "method: sobol\nsamples: 64\nuncertainties: {organization.employees: {low: 50, high: 90}}\n",
    ],
)
def test_a_small_version_as_a_message_writes_it(text: str) -> None:
    text = f"base: baseline\n{text}"
    Path(FILE).write_text(text)
    with pytest.raises(ScenarioError) as caught:
        load_experiment(FILE, quick=True)
    example = caught.value.lines[-1].split("such as ")[1]
    Path(FILE).write_text(f"{text}{example}\n")
    assert load_experiment(FILE, quick=True).quick


def test_a_percentage_in_a_staff_file_is_a_share() -> None:
    for cell, share in (("37%", 0.37), ("37.5%", 0.375), ("150%", None)):
        Path("staff.csv").write_text(f"age,trust\n30,{cell}\n")
        if share is None:
            with pytest.raises(InputError, match="out of range, must be from 0 to 1, a percentage up to 100%"):
                read_staff("staff.csv")
        else:
            assert read_staff("staff.csv").numbers["trust"] == (share,)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes have names on POSIX alone")
def test_what_is_there_and_no_file_is_said_so_and_not_proposed() -> None:
    os.mkfifo("parent.yaml")
    Path("folder").mkdir()
    said = refusal("name: x\nextends: parent.yaml\n")
    assert "is a pipe or a device" in said
    assert "did you mean" not in said
    for name in ("parent.yaml", "folder"):
        said = refusal(f"name: x\nextends: baseline\norganization: {{workforce: {name}}}\n")
        assert "not a file" in said
        assert "there is no file" not in said
