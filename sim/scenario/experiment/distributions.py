"""Ranges with a distribution, drawn by their inverse distribution function."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

_DIGITS = 12  # significant; hides the last bits of exp and log, in which C libraries differ


@dataclass(frozen=True, slots=True)
class Range:
    """A range of numbers with a distribution.

    Attributes
    ----------
    low, high : float
        Ends of the range, both possible; `low` is below `high`.
    is_whole : bool
        Whether only whole numbers are meant; each stands for the half unit on its either side, so that all of a
        uniform range are equally likely.
    distribution : str
        ``uniform``, ``log_uniform`` (evenly spread in the logarithm), ``triangular`` or ``normal`` (cut off at the
        ends).
    mode : float or None
        Most likely value, of ``triangular``.
    mean, sd : float or None
        Mean and standard deviation before it is cut off, of ``normal``.
    off_at : float or None
        Value besides the range at which something is off, drawn with probability `off_share`; the range is what it can
        be where it is on.
    off_share : float
        From 0 to 1, below 1.
    """

    low: float
    high: float
    is_whole: bool = False
    distribution: str = "uniform"
    mode: float | None = None
    mean: float | None = None
    sd: float | None = None
    off_at: float | None = None
    off_share: float = 0.0

    def value(self, u: float) -> float | int:
        """Return the value below which a share `u`, from 0 to 1, of all draws lie; being off comes first.

        Examples
        --------
        >>> Range(0.0, 2.0).value(0.25), Range(1, 3, is_whole=True).value(0.999), Range(1, 100).value(0.0)
        (0.5, 3, 1.0)
        >>> mechanism = Range(0.2, 1.0, off_at=0.0, off_share=0.5)
        >>> mechanism.value(0.49), mechanism.value(0.5), mechanism.value(0.75)
        (0.0, 0.2, 0.6)
        """
        if self.off_at is not None:
            if u < self.off_share:
                return self.off_at
            u = (u - self.off_share) / (1.0 - self.off_share)
        margin = 0.5 if self.is_whole else 0.0
        value = self._inverse(u, self.low - margin, self.high + margin)
        if self.is_whole:
            return int(min(max(math.floor(value + 0.5), self.low), self.high))
        return min(max(float(f"{value:.{_DIGITS}g}"), float(self.low)), float(self.high))

    def _inverse(self, u: float, low: float, high: float) -> float:
        """Return the inverse distribution function between `low` and `high`."""
        if self.distribution == "log_uniform":
            return low * math.exp(u * math.log(high / low))
        if self.distribution == "triangular":
            return _triangular(u, low, float(self.mode or 0.0), high)
        if self.distribution == "normal":
            return _cut_off_normal(u, low, high, NormalDist(float(self.mean or 0.0), float(self.sd or 1.0)))
        return low + u * (high - low)

    def evenly(self, n_steps: int) -> tuple[float | int, ...]:
        """Return `n_steps` values from `low` to `high`, evenly spaced (in the logarithm if ``log_uniform``).

        Examples
        --------
        >>> Range(0, 1).evenly(3), Range(1, 100, distribution="log_uniform").evenly(3)
        ((0.0, 0.5, 1.0), (1.0, 10.0, 100.0))
        """
        values = [self._inverse(step / (n_steps - 1), self.low, self.high) for step in range(n_steps)]
        if self.is_whole:
            return tuple(math.floor(value + 0.5) for value in values)
        return tuple(float(f"{value:.{_DIGITS}g}") for value in values)

    def as_mapping(self) -> dict[str, object]:
        """Return the range as it is written in an experiment file."""
        given = {"low": self.low, "high": self.high, "distribution": self.distribution}
        of_distribution = {"mode": self.mode, "mean": self.mean, "sd": self.sd, "off_at": self.off_at}
        if self.off_at is not None:
            of_distribution["off_share"] = self.off_share
        return {**given, **{key: value for key, value in of_distribution.items() if value is not None}}


def _triangular(u: float, low: float, mode: float, high: float) -> float:
    share_below_mode = (mode - low) / (high - low)
    if u < share_below_mode:
        return low + math.sqrt(u * (high - low) * (mode - low))
    return high - math.sqrt((1 - u) * (high - low) * (high - mode))


def _cut_off_normal(u: float, low: float, high: float, whole: NormalDist) -> float:
    below, above = whole.cdf(low), whole.cdf(high)
    share = below + u * (above - below)
    if share <= 0.0:
        return low
    return whole.inv_cdf(share) if share < 1.0 else high
