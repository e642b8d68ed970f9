"""What is drawn for each employee: age, experience outside work, boundaries, remote days, trust.

Age sets experience (by band of the tables), the bound on tenure (see `tenure`) and, weakly, segmentation.
It sets nothing else. Each quantity has its own random stream, named for what it is.
"""

from __future__ import annotations

import numpy as np

from sim.kernel.streams import normals, uniforms
from sim.organization.profiles import Profile, assumptions, segmenter_threshold

SHARE_DECIMALS = 4  # rounding hides the last bit of exp and log, in which C libraries differ
YOUNGEST = 16.0  # years; nobody has a tenure from before this age
_SQRT_12 = 12.0**0.5  # turns a uniform rank into a number with variance 1


def share_rounded(values: np.ndarray) -> np.ndarray:
    """Return shares [0-1] rounded to four decimals."""
    return np.round(values, SHARE_DECIMALS)


def draw_ages(profile: Profile, seed: int, n: int, tenure: np.ndarray | None = None) -> np.ndarray:
    """Return ages [years, to 0.1], float64 (n,): uniform within the bands of the profile.

    Where a `tenure` is known (not NaN), such an employee is old enough for it.
    """
    ranks = uniforms(seed, "age", n)
    if tenure is None:
        return np.floor(10.0 * np.interp(ranks, profile.age_shares_below, profile.age_edges)) / 10.0
    least = np.where(np.isnan(tenure), YOUNGEST, YOUNGEST + tenure)
    younger = np.interp(least, profile.age_edges, profile.age_shares_below)
    ranks = younger + (1.0 - younger) * ranks
    ages = np.floor(10.0 * np.interp(ranks, profile.age_shares_below, profile.age_edges)) / 10.0
    return np.maximum(ages, np.round(least, 1))


def draw_leisure_experience(profile: Profile, age: np.ndarray, seed: int) -> np.ndarray:
    """Return experience with social media outside work [0-1), float64 (N,).

    A user (the published share of the age band) gets minutes / (minutes + half), with minutes a day that
    fall with age and differ between users of one age; someone who does not use social media gets 0.

    Source: T7.07, T7.09, T7.10, T7.11 (use); T7.13, T7.14 (minutes); the spread is an assumption.
    """
    assumed = assumptions()
    band = np.searchsorted(profile.use_edges, age, side="right") - 1
    band = np.clip(band, 0, len(profile.use_shares) - 1)
    is_user = uniforms(seed, "leisure user", len(age)) < profile.use_shares[band]
    spread = assumed.minutes_spread
    personal = np.exp(spread * normals(seed, "leisure minutes", len(age)) - 0.5 * spread**2)  # mean 1
    minutes = np.interp(age, profile.minutes_ages, profile.minutes) * personal
    return np.where(is_user, share_rounded(minutes / (minutes + assumed.minutes_half)), 0.0)


def draw_professional_experience(profile: Profile, seed: int, n: int) -> np.ndarray:
    """Return experience with professional networks [0-1], float64 (n,); the same at every age.

    Source: T7.08 (share of users); no table has ages or intensity, so those of users are uniform.
    """
    assumed = assumptions()
    is_user = uniforms(seed, "professional user", n) < profile.professional_share
    width = assumed.professional_high - assumed.professional_low
    intensity = assumed.professional_low + width * uniforms(seed, "professional intensity", n)
    return np.where(is_user, share_rounded(intensity), 0.0)


def draw_segmentation(profile: Profile, age: np.ndarray, seed: int) -> np.ndarray:
    """Return the preference to keep work and private life apart [0-1], float64 (N,).

    Logit-normal, with the published share of segmenters above one half (T5.20) and a weak rise with age
    (T5.22 and T5.23: direction only).
    """
    assumed = assumptions()
    by_age = assumed.segmentation_age
    age_score = _SQRT_12 * (np.interp(age, profile.age_edges, profile.age_shares_below) - 0.5)
    own_score = normals(seed, "segmentation", len(age))
    score = by_age * age_score + (1.0 - by_age**2) ** 0.5 * own_score
    logit = assumed.segmentation_spread * (score - segmenter_threshold())
    return share_rounded(1.0 / (1.0 + np.exp(-logit)))


def draw_remote_shares(share_remote: float, seed: int, n: int) -> np.ndarray:
    """Return each employee's share of remote days [0-1], float64 (n,).

    `share_remote` of staff works remotely sometimes; the others have 0. Source: T7.16; days assumed.
    """
    assumed = assumptions()
    is_remote = uniforms(seed, "remote worker", n) < share_remote
    width = assumed.remote_high - assumed.remote_low
    days = assumed.remote_low + width * uniforms(seed, "remote days", n)
    return np.where(is_remote, share_rounded(days), 0.0)


def draw_trust(mean: float, seed: int, n: int) -> np.ndarray:
    """Return trust in colleagues and management [0-1], float64 (n,), with exactly `mean` as expectation.

    The spread is triangular and narrows near 0 and 1, so nothing has to be cut off; everyone's trust rises
    when `mean` rises.
    """
    half_width = min(assumptions().trust_spread, mean, 1.0 - mean)
    luck = uniforms(seed, "trust", (n, 2))
    deviation = luck[:, 0] + luck[:, 1] - 1.0
    return share_rounded(np.clip(mean + half_width * deviation, 0.0, 1.0))


def draw_inclination(seed: int, n: int) -> np.ndarray:
    """Return the inclination to write, standard normal, float64 (n,)."""
    return np.round(normals(seed, "inclination", n), 4)


def draw_reading_inclination(seed: int, n: int) -> np.ndarray:
    """Return the inclination to read, standard normal, independent of that to write, float64 (n,)."""
    return np.round(normals(seed, "reading inclination", n), 4)


def draw_compliance(seed: int, n: int) -> np.ndarray:
    """Return who complies with a rule first, uniform [0, 1), float64 (n,)."""
    return np.floor(1e6 * uniforms(seed, "compliance", n)) / 1e6
