"""Keyed random streams: a draw is named by (seed, purpose, day), with the employee as its position.

Two runs with one seed therefore share workforce, network and luck (common random numbers), and adding a draw for
a new purpose changes no other draw. The generator is NumPy's Philox, whose key is made of `seed` and `purpose` and
whose counter can jump to any place, so any day can be reached directly.
"""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any

import numpy as np
from numpy.random import Generator, Philox, SeedSequence

PIECE = 1 << 14  # words drawn at once where there are many: 128 KiB, which stay in the cache until they are copied


def _words(number: int) -> list[int]:
    """Return a number of 0 or more as words of 32 bits, lowest first: the way `SeedSequence` takes numbers apart."""
    words = [number & 0xFFFFFFFF]
    while number := number >> 32:
        words.append(number & 0xFFFFFFFF)
    return words


@cache
def _purpose_code(purpose: str) -> list[int]:
    """Return the words of a stable 64-bit number for the name of a purpose."""
    return _words(int.from_bytes(hashlib.sha256(purpose.encode()).digest()[:8], "little"))


def _philox(seed: int, purpose: str, day: int) -> Philox:
    # The same as SeedSequence([seed, code of the purpose]), which takes twice as long to find the words itself; a run
    # has some thirty streams.
    bits = Philox(SeedSequence(np.array(_words(seed) + _purpose_code(purpose), dtype=np.uint32)))
    if day > 0:
        bits.advance(day << 128)  # days are two words of the counter apart
    return bits


def uniforms(seed: int, purpose: str, shape: int | tuple[int, ...], day: int = 0) -> np.ndarray:
    """Return uniform draws in [0, 1), float64 of `shape`, for one purpose on one day."""
    return Generator(_philox(seed, purpose, day)).random(shape)


def normals(seed: int, purpose: str, shape: int | tuple[int, ...], day: int = 0) -> np.ndarray:
    """Return standard normal draws, float64 of `shape`, for one purpose on one day."""
    return Generator(_philox(seed, purpose, day)).standard_normal(shape)


def generator(seed: int, purpose: str, day: int = 0) -> Generator:
    """Return a generator for one purpose on one day, for whoever does not know beforehand how much is to be drawn."""
    return Generator(_philox(seed, purpose, day))


class DailyStream:
    """Draws of one purpose, `n_employees` a row and a row a day, quick for consecutive days.

    The stream of a purpose is laid out day after day, so that the draw of an employee on a day has a fixed place,
    whatever was drawn before. A draw has 32 bits: decisions need no more, and drawing takes half as long.
    """

    def __init__(self, seed: int, purpose: str, n_employees: int) -> None:
        self._bits = _philox(seed, purpose, 0)
        # Eight draws are one step of the counter: a day takes whole steps, so that it can be reached by a jump.
        self._steps_a_day = -(-n_employees // 8)
        self._n_employees = n_employees
        self._next_day = 0
        self._kept = np.empty(0, dtype=np.uint64)

    def bits(self, first_day: int, n_days: int) -> np.ndarray:
        """Return the draws of some days as 32 random bits each, uint32 (n_days, n_employees)."""
        return self.whole_steps(first_day, n_days)[:, : self._n_employees].copy()

    def whole_steps(self, first_day: int, n_days: int) -> np.ndarray:
        """Return `bits` with what the last step of each day leaves over, so that the rows are one piece of memory.

        Compiled code is made for arrays in one piece; for any other it would have to be made once more. The array holds
        until the next call.
        """
        if first_day != self._next_day:
            self._bits.advance((first_day - self._next_day) * self._steps_a_day % 2**256)
        self._next_day = first_day + n_days
        words: Any = self._raw(n_days * self._steps_a_day * 4)
        draws: np.ndarray = words.astype("<u8", copy=False).view("<u4").reshape(n_days, self._steps_a_day * 8)
        return draws

    def _raw(self, n_words: int) -> np.ndarray:
        """Return the next words of 64 bits, many of them in memory that is used again.

        Fresh memory for millions of draws costs more than drawing them: the system hands it out page by page.
        """
        if n_words <= PIECE:
            return self._bits.random_raw(n_words)
        if len(self._kept) < n_words:
            self._kept = np.empty(n_words, dtype=np.uint64)
        for start in range(0, n_words, PIECE):
            piece = min(PIECE, n_words - start)
            self._kept[start : start + piece] = self._bits.random_raw(piece)
        return self._kept[:n_words]


def keyed_generator(*key: object) -> np.random.Generator:
    """Return a random generator that depends on `key` only, so that output can be reproduced."""
    digest = hashlib.sha256("\n".join(map(str, key)).encode()).digest()
    return np.random.Generator(np.random.Philox(key=np.frombuffer(digest[:16], dtype="<u8")))
