"""What holds for every rule: ranges, compiled equals plain, coefficients that are read and can be switched off."""

from __future__ import annotations

import ast
import json
import math
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rule_inputs import all_values, cases, exact, fields_of, plain, rules
from time_limits import PROGRAM_SECONDS

import sim
from sim.catalog.registry import BEHAVIOR
from sim.kernel.compiled import CORE_PARTS
from sim.kernel.tables import as_record
from sim.model.rules.coefficients import DEFAULTS, NAMES, coefficients_from

RULES = rules()
SOURCE = Path(sim.__file__).parent
HERE = Path(__file__).resolve().parent


def core_files() -> list[Path]:
    """Return every source file that rules are compiled from."""
    parts = [SOURCE / part for part in CORE_PARTS]
    return [file for part in parts for file in (part.rglob("*.py") if part.is_dir() else [part])]


def test_there_are_rules() -> None:
    assert len(RULES) > 30
    assert {"transfer_share", "read_probability", "post_probabilities", "update_frame"} <= set(RULES)


@pytest.mark.parametrize("name", RULES)
def test_values_are_finite(name: str) -> None:
    for inputs in cases(RULES[name], 150):
        value = RULES[name](*inputs)
        assert all(math.isfinite(part) for part in (value if isinstance(value, tuple) else (value,))), inputs


def promised_range(name: str) -> tuple[float, float] | None:
    """Return the range in the first line of a rule's docstring; probabilities lie in [0, 1]."""
    if name.endswith("probability"):
        return 0.0, 1.0
    found = re.search(r"\[(-?\d+)-(\d+)\]", (plain(RULES[name]).__doc__ or "").splitlines()[0])
    return (float(found[1]), float(found[2])) if found else None


@pytest.mark.parametrize("name", [name for name in RULES if promised_range(name)])
def test_values_lie_in_the_range_that_is_promised(name: str) -> None:
    low, high = promised_range(name) or (0.0, 0.0)
    for inputs in cases(RULES[name], 400):
        assert low <= RULES[name](*inputs) <= high, inputs


def test_compiled_equals_plain() -> None:
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(SOURCE.parent)}
    done = subprocess.run(
        [sys.executable, HERE / "rule_inputs.py"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=PROGRAM_SECONDS,
    )
    uncompiled = json.loads(done.stdout)
    compiled = all_values(60)
    assert compiled.keys() == uncompiled.keys() == RULES.keys()
    for name, values in compiled.items():
        assert values == uncompiled[name], name


def test_exact_text_keeps_every_bit() -> None:
    assert exact(0.1) != exact(0.1 + 2**-56)
    assert exact((0.5, True)) == ["0x1.0000000000000p-1", "0x1.0000000000000p+0"]


class TestCoefficients:
    """Every coefficient has a name in the registry, is read by some rule, and is written once."""

    def read_in_source(self) -> set[str]:
        """Return every name read as ``c.<name>`` or ``world.c.<name>`` in the science core."""
        found = set()
        for file in (each for each in core_files() if each.suffix == ".py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Attribute) and ast.unparse(node.value) in ("c", "world.c"):
                    found.add(node.attr)
        return found

    def test_every_coefficient_is_read(self) -> None:
        assert self.read_in_source() == set(NAMES)

    def test_defaults_are_those_of_the_registry(self) -> None:
        assert dict(zip(NAMES, DEFAULTS, strict=True)) == {entry.name: entry.default for entry in BEHAVIOR}
        assert len(set(NAMES)) == len(NAMES)

    def test_values_replace_defaults(self) -> None:
        c = coefficients_from({"read_base": -1})
        assert c.read_base == -1.0
        assert isinstance(c.read_base, float)
        assert c._replace(read_base=DEFAULTS.read_base) == DEFAULTS

    def test_unknown_names_are_refused(self) -> None:
        with pytest.raises(ValueError, match="unknown coefficients: raed_base, x"):
            coefficients_from({"x": 1.0, "raed_base": 1.0, "read_base": 1.0})


def call(name: str, **changes: float) -> object:
    """Return what a rule gives in the middle of all ranges, but for `changes` of inputs and coefficients."""
    middle = {
        "contact_activity": 0.3, "is_open": 0.0, "kind": 0, "topic": 1, "expertise_topic": 1,
        "level": 2, "days_since_read": 3, "days_since_post": 3, "own_position": 1, "n_replies": 1, "n_reactions": 1,
        "bits": 7, "p_work": 0.2, "p_question": 0.2, "p_social": 0.2, "amount": 4.0, "tenure": 6.0, "inclination": 0.7,
        "reading_inclination": 0.7,
        "work_only": 0.0, "share_active": 0.2, "same_team": True, "is_in_audience": True, "may_be_social": True,
        "is_contact": True, "is_social": True,
    }  # fmt: skip
    coefficients = {key: value for key, value in changes.items() if key in NAMES}
    # What is 0 or 1 by default says nothing about its mechanism: every share is set inside its range first.
    inside = {entry.name: 0.5 for entry in BEHAVIOR if (entry.low, entry.high) == (0.0, 1.0)}
    c = as_record(coefficients_from({**inside, **coefficients}))
    code = plain(RULES[name]).__code__
    inputs = []
    for parameter in code.co_varnames[: code.co_argcount]:
        if parameter == "c":
            inputs.append(c)
        elif parameter == "s":
            kind = fields_of(RULES[name], "s")
            inputs.append(kind(*(float(changes.get(field, middle.get(field, 0.4))) for field in kind._fields)))
        else:
            inputs.append(changes.get(parameter, middle.get(parameter, 0.4)))
    return RULES[name](*inputs)


# Coefficient, the rule that reads it, the input that drives its mechanism, and two values of that input.
MECHANISMS = [
    ("frame_outside", "initial_frame", "leisure", (0.1, 0.9)),
    ("frame_outside", "initial_frame", "professional", (0.1, 0.9)),
    ("frame_outside", "initial_frame", "tenure", (1.0, 20.0)),
    ("frame_work_tools", "initial_frame", "tenure", (1.0, 20.0)),
    ("worth", "read_terms", "expected_work", (0.0, 0.9)),
    ("worth", "read_terms", "expected_fun", (0.0, 0.9)),
    ("worth", "read_terms", "expected_news", (0.0, 0.9)),
    ("worth_learning", "learned_worth", "found", (0.0, 9.0)),
    ("leaders", "read_terms", "participation", (0.0, 1.0)),
    ("leaders", "post_terms", "participation", (0.0, 1.0)),
    ("leaders", "post_terms", "manager_posts", (0.0, 1.0)),
    ("leaders", "post_terms", "support", (0.0, 1.0)),
    ("leaders", "post_terms", "champion", (0.0, 1.0)),
    ("reactance", "read_terms", "resistance", (0.0, 1.0)),
    ("reactance", "post_terms", "resistance", (0.0, 1.0)),
    ("peers", "read_terms", "contact_activity", (0.1, 0.4)),
    ("peers", "post_terms", "contact_activity", (0.1, 0.4)),
    ("post_expertise", "post_terms", "expertise", (0.1, 0.9)),
    ("post_expertise", "post_terms", "trust", (0.0, 1.0)),
    ("post_expertise", "answer_probability", "match", (0.0, 1.0)),
    ("post_expertise", "answer_probability", "trust", (0.0, 1.0)),
    ("ease", "read_terms", "trained", (0.0, 1.0)),
    ("ease", "post_terms", "trained", (0.0, 1.0)),
    ("post_mix", "kind_fit", "share_of_kind", (0.0, 1.0)),
    ("frame_strength", "kind_fit", "share_of_kind", (0.0, 1.0)),
    ("post_risk", "respond_probability", "risk", (0.0, 1.0)),
    ("respond_exposure", "respond_probability", "risk", (0.0, 1.0)),
    ("respond_exposure", "respond_probability", "segmentation", (0.1, 0.9)),
    ("post_boundary", "respond_probability", "segmentation", (0.1, 0.9)),
    ("post_risk", "answer_probability", "risk", (0.0, 1.0)),
    ("risk_moderation", "visibility_risk", "moderation", (0.0, 1.0)),
    ("acquaintance", "belonging_today", "acquainted", (0.0, 9.0)),
    ("talk", "talk_counts", None, ()),
    ("mandate_threat", "reactance", "mandate", (0.1, 0.9)),
    ("group_attraction", "item_counts", "same_team", (False, True)),
    ("label_cost", "commitment", "share_social", (0.1, 0.9)),
    ("read_habit", "read_terms", "habit", (0.1, 0.9)),
    ("read_remote", "read_terms", "remote_share", (0.0, 1.0)),
    ("read_integration", "read_terms", "integration", (0.0, 1.0)),
    ("read_mandate", "read_terms", "mandate", (0.0, 1.0)),
    ("read_inappropriate", "read_terms", "segmentation", (0.0, 1.0)),
    ("read_segmentation", "read_terms", "segmentation", (0.0, 1.0)),
    ("read_inclination", "read_terms", "reading_inclination", (-1.0, 1.0)),
    ("ease", "read_terms", "skill", (-1.0, 1.0)),
    ("ease", "post_terms", "skill", (-1.0, 1.0)),
    ("skill_leisure", "skill_with_platforms", "familiarity", (0.0, 1.0)),
    ("post_mix", "mix_level", "share_social", (0.0, 1.0)),
    ("frame_strength", "mix_level", "share_social", (0.0, 1.0)),
    ("unease_post", "unease_of_writing", "share_social", (0.0, 1.0)),
    ("frame_strength", "unease_of_writing", "share_social", (0.0, 1.0)),
    ("frame_strength", "read_terms", "share_collaboration", (0.0, 1.0)),
    ("frame_strength", "read_terms", "share_broadcast", (0.0, 1.0)),
    ("frame_strength", "read_terms", "share_social", (0.0, 1.0)),
    ("frame_strength", "post_terms", "share_broadcast", (0.0, 1.0)),
    ("frame_strength", "post_terms", "share_social", (0.0, 1.0)),
    ("frame_strength", "commitment", "share_social", (0.1, 0.9)),
    ("frame_strength", "visibility_risk", "share_social", (0.1, 0.9)),
    ("unawareness", "presence", "aware", (0.0, 1.0)),
    ("campaign_prompt", "prompt_probability", "reached", (0.0, 1.0)),
    ("word_of_mouth", "prompt_probability", "share_visible", (0.0, 1.0)),
    ("remote_thinning", "casual_belonging", "remote_share", (0.0, 1.0)),
    ("post_feedback", "post_terms", "feedback", (0.0, 1.0)),
    ("post_inclination", "post_terms", "inclination", (-1.0, 1.0)),
    ("post_risk", "post_terms", "restriction", (0.0, 1.0)),
    ("post_risk", "post_terms", "trust", (0.0, 1.0)),
    ("post_risk", "post_terms", "guidance", (0.0, 1.0)),
    ("leaders", "post_terms", "resistance", (0.0, 1.0)),
    ("leaders", "read_terms", "resistance", (0.0, 1.0)),
    ("post_broadcast", "post_terms", "share_broadcast", (0.0, 1.0)),
    ("post_guidance", "post_terms", "guidance", (0.0, 1.0)),
    ("post_appraisal", "post_terms", "appraisal", (-1.0, 1.0)),
    ("reward_crowding", "post_terms", "appraisal", (0.0, 1.0)),
    ("answer_bystanders", "answer_probability", "others", (0.0, 50.0)),
    ("post_boundary", "post_terms", "segmentation", (0.0, 1.0)),
    ("risk_restriction", "visibility_risk", "restriction", (0.0, 1.0)),
    ("risk_guidance", "visibility_risk", "guidance", (0.0, 1.0)),
    ("respond_contact", "respond_probability", "is_contact", (False, True)),
    ("respond_inclination", "respond_probability", "inclination", (-1.0, 1.0)),
    ("post_appraisal", "answer_probability", "reward_now", (-1.0, 1.0)),
    ("acceptance_trust", "acceptance_probability", "trust", (0.0, 1.0)),
    ("acceptance_segmentation", "acceptance_probability", "segmentation", (0.0, 1.0)),
    ("acceptance", "acceptance_probability", None, ()),
    ("follow", "follow_probability", None, ()),
    ("feedback_gain", "remember_feedback", "n_replies", (0, 2)),
    ("knowledge_quality", "knowledge_added", "match", (0.0, 1.0)),
    ("cohesion_newcomer", "casual_belonging", "tenure", (0.1, 9.0)),
    ("conformity", "read_terms", "contact_activity", (0.1, 0.4)),
    ("conformity", "post_terms", "contact_activity", (0.1, 0.4)),
    ("learning", "item_counts", None, ()),
    ("reaction_worth", "remember_feedback", None, ()),
]


@pytest.mark.parametrize(
    ("coefficient", "rule", "driver", "values"), MECHANISMS, ids=[f"{m[0]} in {m[1]}" for m in MECHANISMS]
)
def test_zero_switches_the_mechanism_off(coefficient: str, rule: str, driver: str | None, values: tuple) -> None:
    if driver is None:  # the mechanism is the whole rule
        alone = {"association": 0.0, "feedback": 0.0, "n_replies": 0}
        assert call(rule, **alone, **{coefficient: 0.0}) == 0.0
        assert call(rule, **alone, **{coefficient: 0.5}) != 0.0
        return
    # Neighbors in the same rule that answer to the same input are off in both.
    others = {name: 0.0 for name, other, by, _ in MECHANISMS if other == rule and by == driver and name != coefficient}
    if coefficient == "frame_strength":  # it multiplies the others, which are on
        others = {"post_mix": 0.5, "unease_post": 0.5}
    others.pop("frame_strength", None)
    if "post_mix" in others and rule == "kind_fit":
        others["post_mix"] = 0.5
    for together in (("respond_exposure", "post_risk", "post_boundary"), ("reward_crowding", "post_expertise")):
        if coefficient in together:  # one multiplies the other, which is on
            others = {name: value for name, value in others.items() if name not in together}
    if coefficient == "post_boundary":  # unease grows with segmentation, too
        others["unease_post"] = 0.0
    if coefficient == "read_segmentation":
        others.pop("read_inappropriate")
    if coefficient == "read_inappropriate":
        others.pop("read_segmentation")
    off = [call(rule, **{**others, coefficient: 0.0, driver: value}) for value in values]
    on = [call(rule, **{**others, coefficient: 0.5, driver: value}) for value in values]
    assert off[0] == off[1]
    assert on[0] != on[1]


def test_zero_weights_leave_nothing_of_reading_and_posting() -> None:
    nothing = {entry.name: 0.0 for entry in BEHAVIOR if entry.unit == "logit"}
    for rule in ("read_terms", "post_terms"):
        for inputs in cases(RULES[rule], 50):
            inputs[-1] = as_record(coefficients_from(nothing))
            assert all(term == 0.0 for term in RULES[rule](*inputs))
