"""Every rule of behavior with inputs drawn from the ranges of its parameters.

Run as a program it prints what the rules return, as exact text: ``NUMBA_DISABLE_JIT=1 python rule_inputs.py``.
"""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

import sim.model.rules
from sim.catalog.registry import BEHAVIOR
from sim.kernel.tables import as_record
from sim.model.rules.coefficients import NAMES, coefficients_from

SHARES = (0.0, 1.0)
ITEMS = (0.0, 500.0)
LOGITS = (-60.0, 60.0)
# Range of each parameter, by its name: it means the same in every rule.
RANGES: dict[str, tuple[float, float]] = {
    **dict.fromkeys(
        [
            "leisure", "professional", "association", "clarity", "trust", "support", "wording_threat",
            "mandate", "belief", "resistance", "participation", "committed", "share_social", "share_collaboration",
            "share_broadcast", "habit", "contact_activity", "remote_share", "segmentation", "role",
            "integration", "work_only", "familiarity", "trained", "share_active", "reached",
            "share_visible", "p_prompt", "boss_watching", "restriction", "guidance", "leader_example", "aware",
            "present", "leader_support", "feedback", "champion", "expertise", "moderation", "compliance_draw",
            "expected_work", "expected_fun", "expected_news", "expected", "working_share", "compliance",
            "has_manager", "manager_posts", "manager_looks", "manager_commitment",
            "share_of_kind", "match", "is_open", "old", "target", "weight", "draw", "casual", "p",
        ],
        SHARES,
    ),
    **dict.fromkeys(["amount", "count"], ITEMS),
    "total": (1e-9, 200.0),
    **dict.fromkeys(["evidence", "n_items", "found", "acquainted", "new_authors"], (0.0, 200.0)),
    **dict.fromkeys(["utility", "work", "question", "social"], LOGITS),
    "tenure": (0.0, 50.0),
    "half": (0.1, 50.0),
    **dict.fromkeys(["inclination", "reading_inclination", "skill", "own_skill"], (-4.0, 4.0)),
    **dict.fromkeys(["mean", "spread"], SHARES),
    "unease": (0.0, 20.0),
    "risk": (0.0, 3.0),
    **dict.fromkeys(["fit", "fit_of_all", "ease"], (-8.0, 8.0)),
    **dict.fromkeys(["appraisal", "reward_now"], (-1.0, 1.0)),
    **dict.fromkeys(["weeks", "weeks_of_appraisal"], (0.0, 208.0)),
    "others": (0.0, 100_000.0),
}  # fmt: skip
WHOLE: dict[str, tuple[int, int]] = {
    "level": (0, 3),
    "days_since_read": (0, 300),
    "days_since_post": (0, 300),
    "own_position": (0, 2),
    "topic": (0, 3),
    "expertise_topic": (0, 3),
    "n_replies": (0, 3),
    "n_reactions": (0, 3),
    "kind": (0, 2),
    "bits": (0, 2**32 - 1),
}
SWITCHES = ("same_team", "is_in_audience", "may_be_social", "is_contact", "is_social")
CHOICE = ("p_work", "p_question", "p_social")


def rules() -> dict[str, Callable[..., Any]]:
    """Return every compiled rule of ``sim.model.rules`` by its name."""
    found: dict[str, Callable[..., Any]] = {}
    for module in pkgutil.iter_modules(sim.model.rules.__path__):
        members = vars(importlib.import_module(f"sim.model.rules.{module.name}"))
        for name, member in members.items():
            code = getattr(member, "py_func", member)
            if inspect.isfunction(code) and code.__module__ == f"sim.model.rules.{module.name}":
                found[name] = member
    found.pop("coefficients_from")
    found.pop("coefficients_of")
    return found


def plain(rule: Callable[..., Any]) -> Callable[..., Any]:
    """Return the Python function behind a rule, for its name, parameters and docstring."""
    return getattr(rule, "py_func", rule)  # type: ignore[no-any-return]


def draw_coefficients(rng: np.random.Generator) -> Any:
    """Return coefficients anywhere within their hard limits; every third at an end."""
    values = {}
    for entry in BEHAVIOR:
        low, high = float(entry.low or 0.0), float(entry.high or 0.0)
        at_end = rng.random() < 1 / 3
        values[entry.name] = rng.choice([low, high]) if at_end else rng.uniform(low, high)
    return as_record(coefficients_from(values))


def fields_of(rule: Callable[..., Any], parameter: str) -> Any:
    """Return the named tuple that a rule takes as a parameter: terms, or the situation of a decision."""
    code = plain(rule)
    return getattr(
        importlib.import_module(code.__module__), str(inspect.signature(code).parameters[parameter].annotation)
    )


def draw_input(name: str, rng: np.random.Generator) -> Any:
    """Return one number for a parameter; shares are often 0 or 1."""
    if name in SWITCHES:
        return bool(rng.random() < 0.5)
    if name in WHOLE:
        return int(rng.integers(WHOLE[name][0], WHOLE[name][1], endpoint=True))
    low, high = RANGES[name]
    at_end = rng.random() < 0.25 and name not in ("draw", "compliance_draw")
    return float(rng.choice([low, high]) if at_end else rng.uniform(low, high))


def draw_inputs(rule: Callable[..., Any], rng: np.random.Generator) -> list[Any]:
    """Return one set of inputs for a rule; shares are often 0 or 1."""
    names = list(inspect.signature(plain(rule)).parameters)
    if names == ["terms"]:
        fields = fields_of(rule, "terms")
        return [fields(*rng.uniform(-20.0, 20.0, len(fields._fields)).tolist())]
    choice = rng.dirichlet([1.0, 1.0, 1.0, 1.0])[:3].tolist()
    inputs: list[Any] = []
    for name in names:
        if name == "c":
            inputs.append(draw_coefficients(rng))
        elif name in CHOICE:
            inputs.append(choice[CHOICE.index(name)])
        elif name == "s":
            kind = fields_of(rule, "s")
            inputs.append(kind(*(float(draw_input(field, rng)) for field in kind._fields)))
        else:
            inputs.append(draw_input(name, rng))
    return inputs


def cases(rule: Callable[..., Any], n: int) -> Iterator[list[Any]]:
    """Yield `n` sets of inputs, the same on every machine."""
    rng = np.random.Generator(np.random.PCG64(len(plain(rule).__name__)))
    for _ in range(n):
        yield draw_inputs(rule, rng)


def exact(value: Any) -> Any:
    """Return a result as text that keeps every bit."""
    if isinstance(value, tuple):
        return [exact(part) for part in value]
    return float(value).hex()


def all_values(n: int) -> dict[str, list[Any]]:
    """Return what each rule gives for `n` sets of inputs."""
    return {name: [exact(rule(*inputs)) for inputs in cases(rule, n)] for name, rule in sorted(rules().items())}


if __name__ == "__main__":
    assert set(NAMES) == {entry.name for entry in BEHAVIOR}
    print(json.dumps(all_values(60)))
