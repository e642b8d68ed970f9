"""Keyed streams: a draw has a fixed place, whatever else is drawn."""

from __future__ import annotations

import ast
import hashlib
import itertools
import re
from pathlib import Path

import numpy as np
import pytest
from numpy.random import Generator, Philox, SeedSequence

import sim
from sim.kernel.streams import DailyStream, _purpose_code, normals, uniforms
from sim.model.state import Draws

SOURCE = Path(sim.__file__).parent


class TestOneOff:
    """Draws made once, such as those of the workforce."""

    def test_same_key_same_draws(self) -> None:
        np.testing.assert_array_equal(uniforms(3, "training", 50), uniforms(3, "training", 50))
        np.testing.assert_array_equal(normals(3, "training", (5, 2)), normals(3, "training", (5, 2)))

    @pytest.mark.parametrize("seed", [0, 1, 2**32 - 1, 2**32, 2**63 - 1, 2**64, 2**96 + 5])
    def test_words_of_the_key_are_those_of_numpy(self, seed: int) -> None:
        purpose = int.from_bytes(hashlib.sha256(b"training").digest()[:8], "little")
        expected = Generator(Philox(SeedSequence([seed, purpose]))).random(9)
        np.testing.assert_array_equal(uniforms(seed, "training", 9), expected)

    def test_any_other_key_gives_other_draws(self) -> None:
        keys = itertools.product((0, 1, 2**63 - 1), ("training", "trainings"), (0, 1))
        drawn = [tuple(uniforms(seed, purpose, 4, day).tolist()) for seed, purpose, day in keys]
        assert len(set(drawn)) == 12

    def test_a_longer_draw_begins_with_the_shorter(self) -> None:
        np.testing.assert_array_equal(uniforms(3, "training", 70)[:50], uniforms(3, "training", 50))

    def test_days_are_two_words_of_the_counter_apart(self) -> None:
        day = 3
        key = Philox(SeedSequence([5, _purpose_code("read")])).state["state"]["key"]
        expected = Generator(Philox(key=key, counter=[0, 0, day, 0])).random(9)
        np.testing.assert_array_equal(uniforms(5, "read", 9, day), expected)

    def test_fixed_values(self) -> None:
        # Written down once: another generator, key or platform would show here.
        assert uniforms(1, "read", 3).tolist() == [0.664271999297314, 0.2909621351745061, 0.6324016798578945]
        assert DailyStream(1, "read", 3).bits(4, 1).tolist() == [[1627776058, 2331790346, 3162800741]]

    def test_uniform_and_normal(self) -> None:
        draws = uniforms(1, "a", 100_000)
        assert draws.min() >= 0.0
        assert draws.max() < 1.0
        assert draws.mean() == pytest.approx(0.5, abs=0.004)
        draws = normals(1, "a", 100_000)
        assert draws.mean() == pytest.approx(0.0, abs=0.015)
        assert draws.std() == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize("n_employees", [1, 7, 8, 9, 100])
class TestDaily:
    """A row a day."""

    def test_days_at_once_are_days_one_by_one(self, n_employees: int) -> None:
        at_once = DailyStream(5, "read", n_employees).bits(0, 30)
        stream = DailyStream(5, "read", n_employees)
        np.testing.assert_array_equal(at_once, np.concatenate([stream.bits(day, 1) for day in range(30)]))
        assert at_once.shape == (30, n_employees)
        assert at_once.dtype == np.uint32

    def test_whole_steps_begin_with_the_draws(self, n_employees: int) -> None:
        draws = DailyStream(5, "read", n_employees).whole_steps(2, 3)
        assert draws.flags.c_contiguous
        assert draws.shape == (3, -(-n_employees // 8) * 8)
        np.testing.assert_array_equal(draws[:, :n_employees], DailyStream(5, "read", n_employees).bits(2, 3))

    def test_any_day_can_be_reached_directly(self, n_employees: int) -> None:
        in_order = DailyStream(5, "read", n_employees).bits(0, 30)
        stream = DailyStream(5, "read", n_employees)
        for first, n_days in ((17, 3), (2, 5), (2, 5), (7, 1), (29, 1), (0, 30)):
            np.testing.assert_array_equal(stream.bits(first, n_days), in_order[first : first + n_days])


def test_purposes_and_seeds_are_independent() -> None:
    days, n = 20, 5000
    drawn = [
        DailyStream(seed, purpose, n).bits(0, days).ravel() / 2.0**32
        for seed, purpose in itertools.product((1, 2), Draws._fields)
    ]
    correlations = np.corrcoef(drawn)[np.triu_indices(len(drawn), 1)]
    assert np.abs(correlations).max() < 4.5 / np.sqrt(days * n)
    # Nor does any day repeat another, or follow from it.
    rows = drawn[0].reshape(days, n)
    assert np.abs(np.corrcoef(rows)[np.triu_indices(days, 1)]).max() < 4.5 / np.sqrt(n)
    assert len({tuple(row[:5]) for row in rows}) == days


def test_all_bits_are_fair() -> None:
    bits = DailyStream(9, "post", 4000).bits(0, 5).ravel()
    for place in range(32):
        share = ((bits >> np.uint32(place)) & np.uint32(1)).mean()
        assert share == pytest.approx(0.5, abs=4.5 * 0.5 / np.sqrt(len(bits))), place


def test_no_purpose_is_drawn_in_two_files() -> None:
    # In one file alternatives may share a purpose: of the two tables of tenure a run uses one.
    homes: dict[str, set[str]] = {purpose: {"sim/model/simulation.py"} for purpose in Draws._fields}
    for file in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("uniforms", "normals"):
                purpose = node.args[1]
                if isinstance(purpose, ast.Constant):
                    homes.setdefault(str(purpose.value), set()).add(file.as_posix())
    assert len(homes) > 20
    assert {purpose: files for purpose, files in homes.items() if len(files) > 1} == {}


def test_no_other_generator_is_used() -> None:
    for file in SOURCE.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        makes = re.search(r"np\.random\.(?!Generator\b(?!\())", text)  # naming the type makes none
        assert not makes or file.relative_to(SOURCE).as_posix().startswith(
            ("kernel/streams.py", "analysis", "evidence")
        ), file
        # Examples of files have draws of their own, from a seed of their own; they are no part of the simulation.
        if file.relative_to(SOURCE).parts != ("exports", "examples.py"):
            assert "import random" not in text, file
            assert "from random import" not in text, file
