"""Measured text, wrapping, and labels that keep apart."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.font_manager import FontProperties

from sim.figures.layout import clean_name, spread_out, swarm, text_width, wrap


@pytest.mark.parametrize("weight", ["normal", "bold"])
@pytest.mark.parametrize("text", ["62% collaboration", "Share of staff who posted", "a-long_scenario-name/2"])
def test_text_is_about_as_wide_as_the_renderer_draws_it(text: str, weight: str) -> None:
    font = FontProperties(family="DejaVu Sans", size=9, weight=weight)
    drawn = RendererAgg(1, 1, 150).get_text_width_height_descent(text, font, False)[0] / 150
    assert text_width(text, 9, weight) == pytest.approx(drawn, rel=0.05)


@settings(max_examples=60, deadline=None)
@given(st.text(st.sampled_from("ab wWi-_/é"), max_size=80), st.floats(0.5, 4.0))
def test_wrapped_lines_fit_and_lose_nothing(text: str, width: float) -> None:
    lines = wrap(text, 9, width)
    assert all(text_width(line, 9) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_no_break_spaces_hold() -> None:
    assert wrap("ahead in\u00a019\u00a0of\u00a020", 9, 0.9) == ["ahead", "in\u00a019\u00a0of\u00a020"]


def test_names_are_one_printable_line_and_keep_their_end() -> None:
    assert clean_name("a\nb\x00  c") == "a b c"
    names = [f"launched-as-a-place-for-everyone-in-the-whole-organization-variant-{n}" for n in ("one", "two")]
    short = [clean_name(name) for name in names]
    assert all(len(name) == 48 for name in short)
    assert short[0] != short[1]
    assert short[0].endswith("variant-one")


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 2), st.floats(0.1, 0.4)), min_size=1, max_size=6))
def test_labels_never_overlap_and_keep_their_order(labels: list[tuple[float, float]]) -> None:
    centers, heights = [c for c, _ in labels], [h for _, h in labels]
    places = spread_out(centers, heights, 0.0, 2.5)
    for (i, a), (j, b) in itertools.combinations(enumerate(places), 2):
        assert abs(a - b) >= (heights[i] + heights[j]) / 2 - 1e-9
        if centers[i] < centers[j]:
            assert a < b
    if sum(heights) <= 2.5:
        assert all(h / 2 - 1e-9 <= place <= 2.5 - h / 2 + 1e-9 for place, h in zip(places, heights, strict=True))


def test_labels_with_room_stay_where_they_are() -> None:
    assert spread_out([0.5, 1.5], [0.2, 0.2], 0, 2) == pytest.approx([0.5, 1.5])


def test_equal_labels_put_the_first_on_top() -> None:
    first, second = spread_out([1.0, 1.0], [0.2, 0.2], 0, 2)
    assert first > second


def test_swarm_puts_equal_values_side_by_side() -> None:
    offsets = swarm(np.array([0.5, 0.5, 0.5, 0.9]), span=1.0)
    assert len(set(offsets[:3])) == 3
    assert offsets[3] == 0
    assert np.abs(swarm(np.full(300, 0.1), span=1.0)).max() <= 1
    assert len(swarm(np.empty(0), span=1.0)) == 0
