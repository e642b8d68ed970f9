"""Verdicts in words."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.analysis.statistics import PairedDifference, paired_difference
from sim.analysis.verdict import about, verdict
from sim.analysis.wording import number, phrase_for, value_text
from sim.catalog.outcomes import OUTCOME_NAMES
from sim.words import LANGUAGES, text

NAN = math.nan


def difference(
    mean: float, low: float, high: float, *, n: int = 20, a: int = 19, needed: float = NAN
) -> PairedDifference:
    return PairedDifference(mean, low, high, a / n, n, a, n - a, "bootstrap", needed, "")


def test_a_clear_difference_names_who_has_more() -> None:
    found = verdict("collaboration", "like-facebook", "monthly_posters", difference(0.06, 0.04, 0.08))
    assert found == (
        "differs", "collaboration has more monthly posters in 19 of 20 pairs, +6.0 points [4.0, 8.0]",
    )  # fmt: skip


def test_a_negative_difference_names_the_other_with_turned_signs() -> None:
    found = verdict("like-facebook", "collaboration", "monthly_posters", difference(-0.06, -0.08, -0.04, a=1))
    assert found.text == "collaboration has more monthly posters in 19 of 20 pairs, +6.0 points [4.0, 8.0]"


def test_where_less_is_better_the_one_with_less_is_named() -> None:
    found = verdict("a", "b", "days_to_answer", difference(1.5, 1.0, 2.0, a=18))
    assert found.text == "b has faster answers in 18 of 20 pairs, −1.5 days [−2.0, −1.0]"


def test_an_interval_that_spans_zero_cannot_tell() -> None:
    found = verdict("a", "b", "monthly_posters", difference(0.02, -0.01, 0.05, a=12, needed=57.0))
    assert found.kind == "cannot tell"
    assert found.text == (
        "cannot tell: +2.0 points, the interval [−1.0, 5.0] spans zero;"
        " about 60 replications would settle a difference of this size"
    )
    many = verdict("a", "b", "monthly_posters", difference(0.0001, -0.02, 0.02, needed=math.inf))
    assert many.text.endswith("no practical number of replications would settle a difference of this size")


def test_no_difference_at_all() -> None:
    found = verdict("a", "b", "knowledge", paired_difference(np.ones(20), np.ones(20)))
    assert found == ("same", "no difference at all in 20 of 20 pairs")


def test_a_difference_below_a_point_hardly_matters() -> None:
    assert verdict("a", "b", "reach", difference(0.001, -0.002, 0.004)).kind == "alike"
    small = verdict("a", "b", "reach", difference(0.004, 0.002, 0.006))
    assert small.kind == "differs slightly"
    assert small.text.endswith("that is less than 1.0 points, so it hardly matters")
    assert verdict("a", "b", "reach", difference(0.001, -0.002, 0.004), smallest=0.0).kind == "cannot tell"


def test_one_pair_none_and_dropped_ones() -> None:
    one = verdict("a", "b", "reach", paired_difference([0.5], [0.4]))
    assert one == ("cannot tell", "cannot tell from one pair (+10.0 points); use more replications")
    none = verdict("a", "b", "reach", paired_difference([NAN, NAN], [0.4, 0.4]), n_dropped=2)
    assert none.text == "cannot tell: in no pair both have a value (2 pairs without a value left out)"


def test_dutch() -> None:
    found = verdict("a", "b", "monthly_posters", difference(0.06, 0.04, 0.08), language="nl")
    assert found.text == "a heeft meer maandelijkse schrijvers in 19 van 20 paren, +6,0 punten [4,0; 8,0]"


@pytest.mark.parametrize(("n", "said"), [(7.2, 8), (20, 20), (57, 60), (101, 110), (1234, 1300)])
def test_numbers_as_one_says_them(n: float, said: int) -> None:
    assert about(n) == said


def test_every_outcome_has_words_in_both_languages() -> None:
    for language in LANGUAGES:
        phrases = {phrase_for(name, language) for name in OUTCOME_NAMES}
        assert len({phrase.label for phrase in phrases}) == len(OUTCOME_NAMES)
        assert all(phrase.more != phrase.less for phrase in phrases)
    own = (text("en", f"outcome.unknown_{which}", name="own one") for which in ("more", "less"))
    assert phrase_for("own_one") == ("own one", *own)


def test_numbers_are_written_well() -> None:
    assert number(-0.001, 1) == "0.0"
    assert number(-2.5, 1, "nl") == "−2,5"
    assert value_text("reach", 0.123) == "12.3%"
    assert value_text("days_to_answer", 2.25) == "2.2"
    assert value_text("reach", NAN) == "–"


def test_without_an_interval_nothing_is_decided() -> None:
    difference = PairedDifference(0.3, NAN, NAN, 1.0, 8, 8, 0, "", NAN, "no interval")
    assert verdict("a", "b", "reach", difference).kind == "cannot tell"


@pytest.mark.parametrize("is_yes_or_no", [True, False])
def test_fewer_than_five_pairs_decide_nothing(is_yes_or_no: bool) -> None:
    a, b = ([1.0] * 4, [0.0] * 4) if is_yes_or_no else ([0.50, 0.51, 0.50, 0.51], [0.1, 0.1, 0.1, 0.1])
    few = verdict("a", "b", "alive", paired_difference(a, b, 1.0, is_yes_or_no))
    assert few.kind == "cannot tell"
    assert few.text.startswith("cannot tell: 4 pairs are too few, it takes 5 at least")
    enough = verdict("a", "b", "alive", paired_difference([*a, 0.98], [*b, 0.0], 1.0, is_yes_or_no))
    assert enough.kind == "differs"
