"""The ODD page and the code say the same: every equation is compared with its rule, and nothing is left out."""

from __future__ import annotations

import ast
import inspect
import itertools
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.catalog.outcomes import OUTCOME_NAMES
from sim.catalog.registry import COEFFICIENTS, CONSTANTS, GROUPS, PARAMETER_BY_PATH
from sim.model import engine, outcomes, simulation, state, steps
from sim.model.rules import frame, numbers, posting, reading, remembering, responding
from sim.model.rules.coefficients import DEFAULTS, NAMES
from sim.organization import Workforce
from sim.scenario.library import shipped_names

ROOT = Path(__file__).parents[2]
STUDIES = ("experiments", "runs", "analysis", "evidence")
PAGE = (ROOT / "docs" / "odd.md").read_text(encoding="utf-8")
PROSE = re.sub(r"^```.*?^```", "", PAGE, flags=re.M | re.S)
MODULES = (frame, numbers, posting, reading, remembering, responding)
N_TRIALS = 25

ELEMENTS = (
    "Purpose and patterns", "Entities, state variables and scales", "Process overview and scheduling",
    "Design concepts", "Initialization", "Input data", "Submodels",
)  # fmt: skip
CONCEPTS = (
    "Basic principles", "Emergence", "Adaptation", "Objectives", "Learning", "Prediction", "Sensing", "Interaction",
    "Stochasticity", "Collectives", "Observation",
)  # fmt: skip


def plain(rule: Any) -> Callable[..., Any]:
    """Return the Python function behind a rule, compiled or not."""
    return getattr(rule, "py_func", rule)


def rules() -> dict[str, Any]:
    """Return every rule of ``sim.model.rules`` by name."""
    found = {}
    for module in MODULES:
        for name, value in vars(module).items():
            function = plain(value)
            if inspect.isfunction(function) and function.__module__ == module.__name__:
                found[name] = value
    return found


RULES = rules()


def equations() -> dict[str, tuple[list[str], str]]:
    """Return what the page says of each rule: its arguments, and the lines that compute it."""
    found = {}
    for block in re.findall(r"^```python\n(.*?)^```", PAGE, flags=re.M | re.S):
        lines = block.splitlines()
        head = list(itertools.takewhile(lambda line: line.startswith("#"), lines))
        signature = " ".join(line.removeprefix("#").strip() for line in head)
        name, arguments = re.fullmatch(r"(\w+)\((.*)\)", signature).groups()
        assert name not in found, f"two equations for {name}"
        found[name] = (re.split(r",\s*", arguments), "\n".join(lines[len(head) :]))
    return found


EQUATIONS = equations()

WHOLE_NUMBERS = {
    "kind": 3, "topic": 3, "expertise_topic": 3, "own_position": 3, "level": 4, "n_replies": 3, "n_reactions": 3,
    "days_since_read": 12, "days_since_post": 40, "bits": 2**32,
}  # fmt: skip
SWITCHES = ("same_team", "is_contact", "is_social", "is_in_audience", "may_be_social")
AMOUNTS = {
    "weeks": 30.0,
    "others": 50.0,
    "found": 10.0,
    "acquainted": 40.0,
    "amount": 20.0,
    "half": 10.0,
    "tenure": 30.0,
}


def arguments_of(name: str, luck: np.random.Generator, c: Any) -> dict[str, Any]:
    """Return random arguments for a rule, in the ranges that its docstring gives."""
    if name == "read_utility":
        return {"terms": reading.ReadTerms(*luck.normal(size=len(reading.ReadTerms._fields)))}
    if name == "post_utilities":
        return {"terms": posting.PostTerms(*luck.normal(size=len(posting.PostTerms._fields)))}
    values: dict[str, Any] = {}
    for argument in inspect.signature(plain(RULES[name])).parameters:
        if argument == "c":
            values["c"] = c
        elif argument == "s":
            kind = {"read": reading.ReadingSituation, "visit": reading.ReadingSituation}.get(
                name.split("_", maxsplit=1)[0], posting.PostingSituation
            )
            values["s"] = kind(*luck.uniform(0.001, 0.999, len(kind._fields)))
        elif argument in WHOLE_NUMBERS:
            values[argument] = int(luck.integers(WHOLE_NUMBERS[argument]))
        elif argument in SWITCHES:
            values[argument] = bool(luck.integers(2))
        elif argument in ("utility", "work", "question", "social", "inclination", "appraisal", "reward_now"):
            values[argument] = float(luck.normal())
        elif argument in ("is_open", "work_only"):
            values[argument] = float(luck.integers(2))
        else:
            values[argument] = float(luck.uniform(0.001, 0.999)) * AMOUNTS.get(argument, 1.0)
    if {"p_work", "p_question", "p_social"} <= values.keys():
        for key, share in zip(("p_work", "p_question", "p_social"), luck.dirichlet([1.0] * 4), strict=False):
            values[key] = float(share)
    if name == "luck_after_choice":
        values["draw"] *= values["p_work"] + values["p_question"] + values["p_social"]
        values["kind"] = plain(posting.choose_post)(
            values["draw"], values["p_work"], values["p_question"], values["p_social"]
        )
    return values


def random_coefficients(luck: np.random.Generator) -> Any:
    """Return coefficients and constants that all differ, so that no equation is right by accident."""
    coefficients = [float(luck.uniform(*(entry.when_on or entry.plausible))) for entry in COEFFICIENTS]
    constants = [
        min(max(float(entry.default + luck.uniform(-0.5, 0.5) * (abs(entry.default) or 1.0)), entry.low), entry.high)
        for entry in CONSTANTS
    ]
    return DEFAULTS._make(coefficients + constants)


def as_numbers(value: Any) -> list[float]:
    return [float(one) for one in value] if isinstance(value, tuple) else [float(value)]


@pytest.mark.parametrize("name", sorted(RULES))
def test_equation_is_what_the_rule_computes(name: str) -> None:
    assert name in EQUATIONS, f"docs/odd.md has no equation for the rule {name}"
    names, text = EQUATIONS[name]
    assert names == list(inspect.signature(plain(RULES[name])).parameters)
    luck = np.random.default_rng(sum(map(ord, name)))
    for _ in range(N_TRIALS):
        c = random_coefficients(luck)
        given = arguments_of(name, luck, c)
        scope = {rule: plain(function) for rule, function in RULES.items()} | {"exp": math.exp, "log": math.log} | given
        exec(text, scope)
        expected = plain(RULES[name])(**given)
        if hasattr(expected, "_fields"):
            found = [float(scope[field]) for field in expected._fields]
        else:
            found = as_numbers(scope[name])
        assert found == pytest.approx(as_numbers(expected), rel=1e-12, abs=1e-15)


def test_every_equation_is_of_a_rule() -> None:
    assert set(EQUATIONS) <= set(RULES)


def is_named(name: str) -> bool:
    return re.search(rf"(?<![\w]){re.escape(name)}(?![\w])", PAGE) is not None


def test_every_coefficient_is_named() -> None:
    in_use = [name for name in NAMES if f"c.{name}" not in PAGE]
    assert in_use == []


def test_every_state_variable_is_named() -> None:
    columns = [name for name, _ in (*state.PERSON, *state.POST)]
    assert [name for name in (*columns, *state.Policy._fields) if not is_named(name)] == []


def test_every_random_stream_is_named() -> None:
    purposes = set(state.Draws._fields)
    studies = {
        file for shelf in STUDIES for file in (ROOT / "sim" / shelf).rglob("*.py")
    }  # what these draw is not of the model
    for file in {*(ROOT / "sim").rglob("*.py")} - studies:
        text = file.read_text(encoding="utf-8")
        purposes |= set(re.findall(r'(?:uniforms|normals)\([\w.]+, "([a-z ]+)"', text))
        purposes |= set(re.findall(r'purpose="([a-z ]+)"', text))
    assert len(purposes) > 25
    assert [purpose for purpose in sorted(purposes) if f"`{purpose}`" not in " ".join(PAGE.split())] == []


def test_all_elements_and_concepts_are_there_in_order() -> None:
    places = [PAGE.index(f"\n## {number}. {element}") for number, element in enumerate(ELEMENTS, start=1)]
    assert places == sorted(places)
    places = [PAGE.index(f"\n**{concept}.**") for concept in CONCEPTS]
    assert places == sorted(places)
    assert re.findall(r"^### 7\.(\d) ", PAGE, flags=re.M) == list("12345")


def names_in_code() -> set[str]:
    """Return every name that the page may use in backticks."""
    found = {*RULES, *NAMES, *OUTCOME_NAMES, *PARAMETER_BY_PATH, *GROUPS, *shipped_names(), *Workforce._fields}
    found |= {f"c.{name}" for name in NAMES} | {"changes"}
    found |= {name for name, _ in (*state.PERSON, *state.POST)} | {*state.Policy._fields, *state.World._fields}
    found |= {*state.Draws._fields, *reading.ReadingSituation._fields, *posting.PostingSituation._fields}
    files = [Path(module.__file__) for module in (*MODULES, engine, outcomes, simulation, state)]
    files += Path(steps.__file__).parent.glob("*.py")
    for file in files:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                found |= {node.name, *(argument.arg for argument in node.args.args)}
    return found


def test_every_identifier_exists() -> None:
    """A coefficient, rule, outcome or key that was renamed in the code must be renamed here."""
    known = names_in_code()
    named = {name for name in re.findall(r"`([a-z]\w*(?:[._]\w+)+)`", PROSE) if not name.endswith(".yaml")}
    assert len(named) > 100
    assert sorted(named - known) == []
    with_hyphen = set(re.findall(r"`([a-z]+(?:-[a-z]+)+)`", PROSE))
    assert sorted(with_hyphen - set(shipped_names())) == []


def test_coefficients_in_equations_exist() -> None:
    assert sorted(set(re.findall(r"\bc\.(\w+)", PAGE)) - set(NAMES)) == []
