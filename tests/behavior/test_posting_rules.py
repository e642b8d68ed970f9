"""Whether and what to post."""

from __future__ import annotations

import math

import numpy as np
import pytest
from coefficient_sets import coefficients
from hypothesis import given
from hypothesis import strategies as st

from sim.model.rules.posting import (
    NOTHING,
    QUESTION,
    SOCIAL_POST,
    WORK,
    PostingSituation,
    PostTerms,
    backing,
    choose_post,
    is_visible,
    is_watching,
    luck_after_choice,
    peer_signal,
    post_chances,
    post_probabilities,
    post_terms,
    post_utilities,
    reward,
    social_allowed,
    topic_position,
    visibility_risk,
)

share = st.floats(0.0, 1.0)
utility = st.floats(-60.0, 60.0)
ALL_ONE = dict.fromkeys(
    [
        "post_base", "peers", "leaders", "post_feedback", "post_inclination", "post_expertise", "post_guidance",
        "post_appraisal", "post_risk", "post_boundary", "post_broadcast", "reactance", "conformity", "ease", "post_mix",
    ],
    1.0,
)  # fmt: skip


SITUATION = PostingSituation(
    share_social=0.5,
    share_collaboration=0.3,
    share_broadcast=0.2,
    contact_activity=0.1,
    feedback=0.6,
    inclination=-1.2,
    champion=1.0,
    skill=0.4,
    trained=1.0,
    resistance=0.35,
    segmentation=0.7,
    trust=0.25,
    expertise=0.65,
    compliance=0.5,
    level=2.0,
    has_manager=1.0,
    manager_posts=1.0,
    manager_looks=0.5,
    manager_commitment=0.5,
    participation=0.15,
    support=0.9,
    work_only=0.0,
    restriction=0.2,
    guidance=0.55,
    moderation=0.0,
    appraisal=-0.5,
    weeks_of_appraisal=3.0,
)


def test_each_term() -> None:
    kinds = {"risk_social": 1.5, "read_inappropriate": 1.0, "read_segmentation": 1.0, "post_question": -0.5}
    felt = {"risk_guidance": 0.5, "risk_restriction": 0.4, "label_cost": 0.0, "reward_half": 0.0}
    mechanisms = {**felt, "unease_post": 2.0, "peer_exponent": 2.0, "peer_reference": 1.0, "reward_crowding": 0.0}
    c = coefficients(**ALL_ONE, **kinds, **mechanisms)
    level = math.log((2.0 * math.exp(0.3) + math.exp(0.5)) / 3.0)
    terms = PostTerms(*post_terms(SITUATION, c))
    risk = 0.5 * 0.75 * 0.5 * (1.0 - 0.5 * 0.55) + 0.4 * 0.2
    expected = PostTerms(
        peers=0.01,
        leader=1.0,
        support=0.9 * 0.5,
        role=0.15 * 0.65,
        feedback=0.6,
        inclination=-1.2,
        champion=1.0,
        risk=-risk,
        broadcast=-0.2,
        conformity=-0.8,
        reactance=-0.35,
        ease=1.4,
        unease=-2.0 * 0.5 * 1.7,
        work_base=1.0,
        work_guidance=0.55,
        work_recognition=0.65,
        work_appraisal=-0.5,
        work_mix=0.3 - level,
        question_base=0.5,
        question_guidance=0.55,
        question_need=0.35 * 0.25,
        question_appraisal=-0.5,
        question_mix=0.3 - level,
        social_base=1.0,
        social_boundary=-0.7,
        social_mix=0.5 - level,
        social_exposure=-risk * 1.5,
    )
    assert terms._asdict() == pytest.approx(expected._asdict())


def test_a_reward_crowds_recognition_out() -> None:
    c = coefficients(**{**ALL_ONE, "reward_crowding": 0.5})
    recognized = [
        PostTerms(*post_terms(SITUATION._replace(appraisal=appraisal), c)).work_recognition
        for appraisal in (-1.0, 0.0, 1.0)
    ]
    assert recognized == pytest.approx([0.65, 0.65, 0.325])


def test_at_the_top_one_looks_to_oneself() -> None:
    c = coefficients(**{**ALL_ONE, "label_cost": 0.5, "frame_strength": 1.0})
    assert backing(SITUATION, c) == pytest.approx(0.9 * 0.5)
    assert backing(SITUATION._replace(has_manager=0.0), c) == pytest.approx(0.9 * (1.0 - 0.5 * 0.5) * 0.65)


def test_chances_are_those_of_the_terms_and_a_ban_binds_those_who_comply() -> None:
    c = coefficients(**ALL_ONE, compliance=0.6)
    work, question, social = post_utilities(PostTerms(*post_terms(SITUATION, c)))
    assert tuple(post_chances(SITUATION, c)) == tuple(post_probabilities(work, question, social, True))
    banned = SITUATION._replace(work_only=1.0)
    assert tuple(post_chances(banned, c)) == tuple(post_probabilities(work, question, social, False))
    assert tuple(post_chances(banned._replace(compliance=0.7), c)) == tuple(post_chances(SITUATION, c))


def test_utilities_are_sums_of_their_terms() -> None:
    values = np.random.default_rng(3).normal(size=len(PostTerms._fields)).tolist()
    terms = PostTerms(*values)._asdict()
    shared = sum(value for name, value in terms.items() if not name.startswith(("work_", "question_", "social_")))
    utilities = post_utilities(PostTerms(*values))
    for kind, found in zip(("work_", "question_", "social_"), utilities, strict=True):
        assert found == pytest.approx(shared + sum(value for name, value in terms.items() if name.startswith(kind)))


class TestRewards:
    """Rewards wear off and saturate."""

    def test_as_it_is_where_it_neither_saturates_nor_wears_off(self) -> None:
        for appraisal in (-1.0, -0.3, 0.0, 0.3, 1.0):
            assert reward(appraisal, 30.0, coefficients(reward_half=0.0, reward_floor=1.0)) == appraisal

    def test_they_wear_off_to_the_floor_and_penalties_do_not(self) -> None:
        c = coefficients(reward_floor=0.2, reward_half_life=4.0, reward_half=0.0)
        assert [reward(1.0, weeks, c) for weeks in (0.0, 4.0, 8.0)] == pytest.approx([1.0, 0.6, 0.4])
        assert reward(1.0, 4000.0, c) == pytest.approx(0.2)
        assert reward(-1.0, 40.0, c) == -1.0

    def test_more_brings_less_and_less(self) -> None:
        c = coefficients(reward_half=0.5, reward_floor=1.0)
        assert reward(0.5, 0.0, c) == pytest.approx(0.5)
        assert reward(1.0, 0.0, c) == pytest.approx(1.0 / 1.5)
        assert reward(-1.0, 0.0, c) == pytest.approx(-1.0 / 1.5)


class TestPeers:
    """Increasing or decreasing returns of active contacts."""

    @given(share, st.floats(0.1, 10.0))
    def test_ends_do_not_move(self, active: float, exponent: float) -> None:
        c = coefficients(peer_exponent=exponent, peer_reference=1.0)
        assert peer_signal(0.0, c) == 0.0
        assert peer_signal(1.0, c) == 1.0
        assert 0.0 <= peer_signal(active, c) <= 1.0

    def test_the_reference_does_not_move(self) -> None:
        for exponent in (0.5, 1.0, 2.0):
            assert peer_signal(0.1, coefficients(peer_exponent=exponent, peer_reference=0.1)) == pytest.approx(0.1)
        increasing = coefficients(peer_exponent=2.0, peer_reference=0.1)
        assert peer_signal(0.05, increasing) == pytest.approx(0.025)
        assert peer_signal(0.2, increasing) == pytest.approx(0.4)

    def test_shape(self) -> None:
        assert peer_signal(0.25, coefficients(peer_exponent=1.0, peer_reference=1.0)) == 0.25
        assert peer_signal(0.25, coefficients(peer_exponent=2.0, peer_reference=1.0)) == 0.0625
        assert peer_signal(0.25, coefficients(peer_exponent=0.5, peer_reference=1.0)) == 0.5


class TestBeingSeen:
    """Who looks on, who counts as active, and what risk is felt."""

    def test_watching(self) -> None:
        c = coefficients(watch_days=5.0, imagined_audience=0.0)
        assert [is_watching(days, True, c) for days in (0, 4, 5, 10**9)] == [1.0, 1.0, 0.0, 0.0]
        assert is_watching(0, False, c) == 0.0

    def test_an_imagined_audience_counts_in_part_before_anybody_was_seen(self) -> None:
        c = coefficients(watch_days=5.0, imagined_audience=0.3)
        assert [is_watching(days, True, c) for days in (0, 4, 5, 10**9)] == [1.0, 1.0, 0.3, 0.3]
        assert is_watching(10**9, False, c) == 0.0

    def test_visible(self) -> None:
        c = coefficients(visible_days=20.0)
        assert [bool(is_visible(days, c)) for days in (0, 19, 20, 10**9)] == [True, True, False, False]

    def test_risk(self) -> None:
        c = coefficients(risk_guidance=0.5, risk_restriction=0.25)
        assert visibility_risk(0.0, 0.0, 1.0, 0.0, 0.0, 0.0, c) == 0.0  # nobody looks
        assert visibility_risk(1.0, 1.0, 1.0, 0.0, 0.0, 0.0, c) == 0.0  # full trust
        assert visibility_risk(1.0, 0.0, 0.0, 0.0, 0.0, 0.0, c) == 0.0  # nothing personal
        assert visibility_risk(1.0, 0.0, 1.0, 0.0, 0.0, 0.0, c) == 1.0
        assert visibility_risk(1.0, 0.0, 1.0, 0.0, 1.0, 0.0, c) == 0.5
        assert visibility_risk(0.0, 0.0, 1.0, 1.0, 1.0, 0.0, c) == 0.25  # restriction is felt whoever looks
        assert visibility_risk(0.0, 1.0, 0.0, 0.0, 0.0, 1.0, coefficients(risk_moderation=0.1)) == 0.1

    def test_ban_binds_those_who_comply(self) -> None:
        c = coefficients(compliance=0.9)
        assert social_allowed(0.0, 0.0, c)
        assert not social_allowed(1.0, 0.89, c)
        assert social_allowed(1.0, 0.9, c)
        assert social_allowed(1.0, 0.0, coefficients(compliance=0.0))


class TestChoice:
    """A multinomial logit over nothing, work post, question and social post."""

    def test_closed_form(self) -> None:
        odds = math.exp(1.0), math.exp(-1.0), math.exp(0.5)
        expected = tuple(one / (1.0 + sum(odds)) for one in odds)
        assert post_probabilities(1.0, -1.0, 0.5, True) == pytest.approx(expected)

    @given(utility, utility, utility)
    def test_what_is_banned_turns_into_nothing(self, work: float, question: float, social: float) -> None:
        free, banned = (post_probabilities(work, question, social, allowed) for allowed in (True, False))
        assert banned == (free[0], free[1], 0.0)

    @given(utility, utility, utility, st.booleans())
    def test_probabilities(self, work: float, question: float, social: float, allowed: bool) -> None:
        p = post_probabilities(work, question, social, allowed)
        assert all(0.0 <= one <= 1.0 for one in p)
        assert sum(p) <= 1.0 + 1e-15
        assert allowed or p[2] == 0.0

    @given(utility, utility, utility, st.floats(0.0, 20.0))
    def test_more_utility_of_a_kind_gives_more_of_it(self, work, question, social, more: float) -> None:
        p, q = (post_probabilities(work + one, question, social, True) for one in (0.0, more))
        assert q[0] >= p[0] - 1e-15
        assert q[1] <= p[1] + 1e-15
        assert q[2] <= p[2] + 1e-15

    @pytest.mark.parametrize("size", [1e3, 1e6, 1e300])
    def test_no_overflow(self, size: float) -> None:
        assert post_probabilities(size, -size, -size, True) == (1.0, 0.0, 0.0)
        assert post_probabilities(-size, -size, -size, True) == (0.0, 0.0, 0.0)
        assert post_probabilities(-size, size, size, True) == (0.0, 0.5, 0.5)

    def test_draw_decides(self) -> None:
        p = (0.2, 0.1, 0.3)
        kinds = [choose_post(draw, *p) for draw in (0.0, 0.19, 0.21, 0.29, 0.31, 0.59, 0.61, 0.99)]
        assert kinds == [WORK, WORK, QUESTION, QUESTION, SOCIAL_POST, SOCIAL_POST, NOTHING, NOTHING]
        assert choose_post(0.0, 0.0, 0.0, 0.0) == NOTHING

    def test_luck_after_choice_is_uniform(self) -> None:
        p = (0.2, 0.1, 0.3)
        left: dict[int, list[float]] = {WORK: [], QUESTION: [], SOCIAL_POST: []}
        for draw in ((np.arange(6000) + 0.5) / 10_000).tolist():
            kind = choose_post(draw, *p)
            left[kind].append(luck_after_choice(draw, *p, kind))
        for values in left.values():
            np.testing.assert_allclose(np.sort(values), (np.arange(len(values)) + 0.5) / len(values), atol=1e-3)


class TestTopics:
    """Work posts are mostly about one's own field, questions about the other two topics."""

    draws = ((np.arange(3000) + 0.5) / 3000).tolist()

    def shares(self, kind: int, own: int, c) -> list[float]:
        positions = [topic_position(kind, draw, own, c) for draw in self.draws]
        return (np.bincount(positions, minlength=3) / len(positions)).tolist()

    @pytest.mark.parametrize("own", [0, 1, 2])
    def test_shares(self, own: int) -> None:
        c = coefficients(post_expert_topic=0.7)
        work = self.shares(WORK, own, c)
        assert work[own] == pytest.approx(0.7 + 0.1, abs=1e-3)
        assert work[(own + 1) % 3] == pytest.approx(0.1, abs=1e-3)
        question = self.shares(QUESTION, own, c)
        assert question[own] == 0.0
        assert question[(own + 1) % 3] == pytest.approx(0.5, abs=1e-3)
        assert self.shares(SOCIAL_POST, own, c) == pytest.approx([1 / 3] * 3, abs=1e-3)

    @pytest.mark.parametrize("draw", [0.0, 1.0 - 2**-53])
    @pytest.mark.parametrize("kind", [WORK, QUESTION, SOCIAL_POST])
    @pytest.mark.parametrize("expert", [0.0, 0.3, 1.0])
    def test_ends(self, draw: float, kind: int, expert: float) -> None:
        assert topic_position(kind, draw, 2, coefficients(post_expert_topic=expert)) in (0, 1, 2)

    def test_a_draw_on_the_border_is_not_of_the_own_field(self) -> None:
        c = coefficients(post_expert_topic=0.25)
        assert [topic_position(WORK, draw, 2, c) for draw in (0.2499, 0.25, 0.51)] == [2, 0, 1]

    def test_experts_only(self) -> None:
        assert self.shares(WORK, 1, coefficients(post_expert_topic=1.0)) == [0.0, 1.0, 0.0]
