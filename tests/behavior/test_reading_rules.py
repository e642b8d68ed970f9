"""Whether to open the platform."""

from __future__ import annotations

import math

import pytest
from coefficient_sets import coefficients
from hypothesis import given
from hypothesis import strategies as st

from sim.model.rules.reading import (
    ReadingSituation,
    ReadTerms,
    ease_of_use,
    heeded_probability,
    learned_worth,
    majority_pressure,
    presence,
    prompt_probability,
    read_probability,
    read_probability_at_most,
    read_terms,
    read_utility,
    skill_with_platforms,
    standardized,
    visit_probability,
    willingness,
)

share = st.floats(0.0, 1.0)
ALL_ONE = dict.fromkeys(
    [
        "read_base", "read_habit", "peers", "worth", "read_remote", "read_integration", "read_mandate", "leaders",
        "read_inappropriate", "read_segmentation", "reactance", "read_inclination", "conformity", "ease",
    ],
    1.0,
)  # fmt: skip


SITUATION = ReadingSituation(
    share_social=0.5,
    share_collaboration=0.3,
    share_broadcast=0.2,
    habit=0.6,
    contact_activity=0.1,
    share_visible=0.3,
    remote_share=0.4,
    working_share=0.8,
    segmentation=0.7,
    resistance=0.35,
    level=2.0,
    reading_inclination=-1.2,
    skill=0.6,
    trained=1.0,
    expected_work=0.25,
    expected_fun=0.5,
    expected_news=0.75,
    reached=1.0,
    aware=0.0,
    participation=0.15,
    integration=0.45,
    mandate=0.55,
    work_only=0.0,
)


def test_each_term() -> None:
    c = coefficients(**ALL_ONE, label_cost=0.0)
    terms = ReadTerms(*read_terms(SITUATION, c))
    expected = ReadTerms(
        base=1.0,
        habit=0.6,
        connective=0.1,
        communal=0.3 * 0.25,
        news=0.2 * 0.75,
        fun=0.5 * 0.5,
        remote=0.4,
        integration=0.45,
        mandate=0.55,
        role=0.15 * 0.65,
        inclination=-1.2,
        inappropriate=-0.5 * 1.7,
        conformity=-0.8,
        reactance=-0.35,
        ease=1.6,
    )
    assert terms._asdict() == pytest.approx(expected._asdict())
    assert read_utility(terms) == pytest.approx(sum(expected))


def test_a_ban_on_leisure_talk_takes_the_expectation_of_fun() -> None:
    c = coefficients(**ALL_ONE)
    banned, free = (read_terms(SITUATION._replace(work_only=work_only), c) for work_only in (1.0, 0.0))
    assert ReadTerms(*banned).fun == 0.0
    assert ReadTerms(*free).fun == 0.25


def test_a_prompt_is_followed_as_far_as_one_thinks_well_of_the_platform() -> None:
    everybody = coefficients(prompt_push=1000.0)
    assert heeded_probability(-50.0, 0.3, everybody) == 0.3
    some = coefficients(prompt_push=2.0)
    assert heeded_probability(-2.0, 0.3, some) == pytest.approx(0.15)
    assert heeded_probability(-4.0, 0.3, some) < heeded_probability(-2.0, 0.3, some) < 0.3


def test_a_visit_is_for_those_at_work_who_think_of_it_or_are_prompted() -> None:
    c = coefficients(campaign_prompt=0.4, word_of_mouth=0.5, prompt_push=1000.0, unawareness=1.0)
    p_prompt = 1.0 - (1.0 - 0.4) * (1.0 - 0.5 * 0.3)
    present = 1.0 - (1.0 - 0.45) * (1.0 - 0.55)
    expected = 0.8 * (1.0 - (1.0 - present * 0.5) * (1.0 - p_prompt))
    assert visit_probability(SITUATION, 0.0, c) == pytest.approx(expected)
    assert visit_probability(SITUATION._replace(aware=1.0, reached=0.0, share_visible=0.0), 0.0, c) == 0.4


def test_willingness_is_the_chance_of_one_day_in_twenty() -> None:
    assert willingness(0.0) == 1.0 - 0.5**20
    assert willingness(-4.0) == pytest.approx(1.0 - (1.0 - 1.0 / (1.0 + math.exp(4.0))) ** 20)


def test_skill_is_partly_outside_experience() -> None:
    assert standardized(0.7, 0.5, 0.1) == pytest.approx(2.0)
    assert standardized(0.7, 0.7, 0.0) == 0.0
    assert skill_with_platforms(2.0, -1.0, coefficients(skill_leisure=0.0)) == -1.0
    assert skill_with_platforms(2.0, -1.0, coefficients(skill_leisure=1.0)) == 2.0
    assert skill_with_platforms(2.0, -1.0, coefficients(skill_leisure=0.36)) == pytest.approx(0.6 * 2.0 - 0.8)


def test_worth_is_learned_down_as_well_as_up() -> None:
    c = coefficients(worth_learning=0.5, value_half=5.0)
    assert learned_worth(0.4, 0.0, c) == pytest.approx(0.2)
    assert learned_worth(0.4, 15.0, c) == pytest.approx(0.575)
    assert learned_worth(0.4, 15.0, coefficients(worth_learning=0.0)) == 0.4


def test_training_is_worth_one_standard_deviation_of_skill() -> None:
    c = coefficients(ease=0.3)
    assert ease_of_use(1.0, 0.0, c) == ease_of_use(0.0, 1.0, c) == 0.3
    assert ease_of_use(-2.0, 1.0, coefficients(ease=0.0)) == 0.0


@given(share, share)
def test_pressure_of_the_majority(active: float, other: float) -> None:
    low, high = sorted((active, other))
    assert majority_pressure(low) >= majority_pressure(high)
    assert majority_pressure(0.0) == 1.0
    assert majority_pressure(0.25) == 0.5
    assert majority_pressure(0.5 + active / 2.0) == 0.0


class TestPrompts:
    """Campaign and word of mouth: innovation and imitation."""

    c = coefficients(campaign_prompt=0.3, word_of_mouth=0.1)

    def test_alone_and_together(self) -> None:
        assert prompt_probability(0.0, 0.0, self.c) == 0.0
        assert prompt_probability(1.0, 0.0, self.c) == pytest.approx(0.3)
        assert prompt_probability(0.0, 0.5, self.c) == pytest.approx(0.05)
        assert prompt_probability(1.0, 1.0, self.c) == pytest.approx(1.0 - 0.7 * 0.9)

    @given(st.floats(-30.0, 30.0), share)
    def test_either_way_leads_to_the_platform(self, utility: float, p_prompt: float) -> None:
        p = read_probability(utility, 1.0, p_prompt)
        assert p_prompt - 1e-15 <= p <= 1.0
        assert p >= read_probability(utility, 1.0, 0.0) - 1e-15
        assert read_probability(utility, 1.0, 1.0) == 1.0
        assert read_probability(0.0, 1.0, 0.0) == 0.5

    def test_what_is_not_on_the_mind_takes_a_prompt(self) -> None:
        assert read_probability(0.0, 0.2, 0.0) == pytest.approx(0.1)
        assert read_probability(50.0, 0.0, 0.0) == 0.0
        assert read_probability(50.0, 0.0, 0.3) == pytest.approx(0.3)


class TestPresence:
    """How far the platform is on someone's mind."""

    def test_visit_or_message_or_tools_or_order_bring_it_to_mind(self) -> None:
        c = coefficients(unawareness=0.8)
        assert presence(0.0, 0.0, 0.0, c) == pytest.approx(0.2)
        assert presence(1.0, 0.0, 0.0, c) == 1.0
        assert presence(0.0, 1.0, 0.0, c) == 1.0
        assert presence(0.0, 0.0, 1.0, c) == 1.0
        assert presence(0.0, 0.5, 0.0, c) == pytest.approx(0.6)

    @given(share, share, share)
    def test_without_unawareness_it_is_always_there(self, aware: float, integration: float, mandate: float) -> None:
        assert presence(aware, integration, mandate, coefficients(unawareness=0.0)) == 1.0


@pytest.mark.parametrize("utility", [-1e6, 1e6, -1e300, 1e300])
def test_no_overflow(utility: float) -> None:
    assert read_probability(utility, 1.0, 0.0) in (0.0, 1.0)


@given(st.floats(allow_nan=False), share, share)
def test_nobody_who_reads_is_ruled_out(utility: float, present: float, p_prompt: float) -> None:
    assert read_probability_at_most(utility, p_prompt) >= read_probability(utility, present, p_prompt)


@given(st.floats(-30.0, 30.0), share)
def test_few_others_are_let_through(utility: float, p_prompt: float) -> None:
    p = read_probability(utility, 1.0, p_prompt)
    assert read_probability_at_most(utility, p_prompt) <= 1.8 * p + 1e-6
