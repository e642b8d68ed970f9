"""The technological frame."""

from __future__ import annotations

import pytest
from coefficient_sets import coefficients
from hypothesis import given
from hypothesis import strategies as st

from sim.model.rules.frame import (
    LEAST_CERTAINTY,
    commitment,
    credibility,
    forget,
    initial_frame,
    item_counts,
    leader_role,
    message_counts,
    reactance,
    transfer_share,
    update_frame,
)

share = st.floats(0.0, 1.0)
C = coefficients()


class TestTransfer:
    """What is carried over from outside: association, and projection where goals are left open."""

    @pytest.mark.parametrize(
        ("association", "clarity", "expected"),
        [
            (1.0, 0.5, 1.0),  # likened loudly: all of it, however clear the goals
            (0.0, 1.0, 0.0),  # nothing likened, goals perfectly clear
            (0.0, 0.0, 1.0),  # nobody says anything: all of it
            (0.5, 0.5, 0.75),
        ],
    )
    def test_closed_form(self, association: float, clarity: float, expected: float) -> None:
        assert transfer_share(association, clarity) == pytest.approx(expected)

    @given(share, share, share)
    def test_monotone(self, association: float, clarity: float, other: float) -> None:
        low, high = sorted((association, other))
        assert transfer_share(low, clarity) <= transfer_share(high, clarity) + 1e-15
        low, high = sorted((clarity, other))
        assert transfer_share(association, low) >= transfer_share(association, high) - 1e-15


class TestInitialFrame:
    """Experience outside makes the first frame; age does not enter."""

    def test_closed_form(self) -> None:
        c = coefficients(frame_prior=0.5, frame_outside=6.0, frame_work_tools=4.0, tenure_half=5.0)
        # Half is carried over for lack of clarity; likening to outside media carries over the rest of what they taught.
        assert initial_frame(0.5, 0.25, 5.0, 0.0, 0.5, c) == pytest.approx((0.5 + 1.5, 0.5 + 0.75 + 1.0, 0.5 + 1.5))
        assert initial_frame(0.5, 0.25, 5.0, 1.0, 0.5, c) == pytest.approx((0.5 + 3.0, 0.5 + 1.5 + 1.0, 0.5 + 1.5))

    def test_clear_goals_leave_the_prior(self) -> None:
        assert initial_frame(1.0, 1.0, 30.0, 0.0, 1.0, C) == (0.5, 0.5, 0.5)

    def test_no_experience_leaves_the_prior(self) -> None:
        assert initial_frame(0.0, 0.0, 0.0, 1.0, 0.0, C) == (0.5, 0.5, 0.5)

    def test_association_does_not_bring_back_the_old_intranet(self) -> None:
        assert initial_frame(0.3, 0.3, 9.0, 0.0, 0.5, C)[2] == initial_frame(0.3, 0.3, 9.0, 1.0, 0.5, C)[2]

    @given(share, share, st.floats(0.0, 50.0), share, share)
    def test_counts_are_at_least_the_prior(self, leisure, professional, tenure, association, clarity) -> None:
        assert min(initial_frame(leisure, professional, tenure, association, clarity, C)) >= C.frame_prior


class TestMessages:
    """Messages count as far as they are clear, believed and not resisted."""

    def test_credibility(self) -> None:
        c = coefficients(credibility_base=0.4)
        assert credibility(1.0, 1.0, c) == 1.0
        assert credibility(0.5, 0.0, c) == pytest.approx(0.2)
        assert credibility(0.0, 1.0, c) == 0.0

    def test_reactance(self) -> None:
        c = coefficients(mandate_threat=0.5)
        assert reactance(0.0, 0.0, 0.0, c) == 0.0
        assert reactance(1.0, 0.0, 0.25, c) == 0.75
        assert reactance(0.0, 1.0, 0.0, c) == 0.5
        assert reactance(1.0, 1.0, 0.0, c) == 1.0  # one cannot feel more than wholly forced
        assert reactance(1.0, 1.0, 1.0, c) == 0.0

    def test_message_counts(self) -> None:
        assert message_counts(3.0, 0.5, 0.5, 0.0) == 0.75
        assert message_counts(3.0, 0.5, 0.5, 1.0) == 0.0
        assert message_counts(3.0, 0.0, 1.0, 0.0) == 0.0

    def test_items_of_ones_own_team_weigh_more(self) -> None:
        c = coefficients(learning=0.25, group_attraction=2.0)
        assert item_counts(False, c) == 0.25
        assert item_counts(True, c) == 0.75

    def test_bayes(self) -> None:
        assert update_frame(0.5, 1.25) == 1.75

    @given(st.floats(1e-3, 1e3), st.floats(1e-3, 1e3), share)
    def test_forgetting_keeps_shares(self, first: float, second: float, forgetting: float) -> None:
        c = coefficients(forgetting=forgetting)
        total = first + second
        after = forget(first, total, c), forget(second, total, c)
        assert after[0] * second == pytest.approx(after[1] * first, rel=1e-12)
        assert sum(after) == pytest.approx(max(total * (1.0 - forgetting), LEAST_CERTAINTY), rel=1e-9)

    def test_whoever_forgets_everything_still_has_shares(self) -> None:
        c = coefficients(forgetting=1.0)
        counts = [3.0, 1.0, 0.0]
        for _ in range(5):
            counts = [forget(count, sum(counts), c) for count in counts]
        assert [count / sum(counts) for count in counts] == pytest.approx([0.75, 0.25, 0.0])


class TestLeaders:
    """Leaders have frames too."""

    def test_commitment(self) -> None:
        c = coefficients(label_cost=0.5)
        assert commitment(0.0, 0.0, c) == 1.0
        assert commitment(1.0, 0.0, c) == 0.5
        assert commitment(1.0, 0.5, c) == 0.25
        assert commitment(0.3, 1.0, c) == 0.0

    def test_only_leaders_feel_the_role(self) -> None:
        assert leader_role(0, 1.0, 1.0) == 0.0
        for level in (1, 2, 3):
            assert leader_role(level, 0.5, 0.5) == 0.25
