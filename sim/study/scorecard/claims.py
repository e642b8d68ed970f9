"""The form of a pattern: a claim, the statistic that speaks to it, and where that would have to lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sim.study.scorecard.statistic import Statistic

Shape = Literal["more", "at least", "alike", "differ"]
Group = Literal["articles", "literature", "two sides", "development"]
BuiltIn = Literal["no", "partly", "direction"]


@dataclass(frozen=True)
class Range:
    """What the model has to reach for a claim to be about anything that happens in it.

    Where the mean over worlds of a measure stays below that, the claim is *outside the range*: it can neither hold nor
    fail, whatever the statistic is.

    Attributes
    ----------
    measure, setting : str
        What is looked at, and in which setting.
    least : float
        What it has to reach.
    because, because_nl : str
        Why, as a clause.
    """

    measure: str
    setting: str
    least: float
    because: str
    because_nl: str


@dataclass(frozen=True)
class Pattern:
    """One claim, ready to be judged.

    Attributes
    ----------
    id : str
        Row of the source, with a word where a row claims several things: ``0.1-readers``.
    group : str
        ``articles`` (the five source articles), ``literature`` (published orderings), ``two sides`` (claims of the
        theory that a mechanism cuts both ways), ``development`` (findings that structures are chosen by).
    source : str
        Where the claim comes from.
    claim, claim_nl : str
        What is claimed, in our own words, in English and Dutch.
    statistic : Statistic
        What is computed in each world.
    shape : str
        What the claim predicts of the statistic: ``more`` (above zero), ``at least`` (not below zero), ``alike`` (near
        zero), ``differ`` (away from zero, on either side).
    margin : float
        What counts as no difference, in the unit of the statistic.
    settings_because : str
        Why these settings stand for the claim.
    built_in : str
        ``direction``: a rule of the model has the direction in it, so that only the size for a whole organization is
        tested; ``partly``: mechanisms on both sides, or a long way from rule to outcome; ``no``: no rule mentions it.
    if_it_fails : str
        The best explanation we have, shown where the full model does not show the pattern.
    is_about_frames : bool
        Whether the statistic is measured on the frames themselves, so that an arm without frames says nothing.
    before : str
        What the claim was measured by in earlier versions, what that gave, and why it is measured otherwise now.
    reaches : Range, optional
        What has to be reached for the claim to be about anything that happens in the model.
    """

    id: str
    group: Group
    source: str
    claim: str
    claim_nl: str
    statistic: Statistic
    shape: Shape
    margin: float
    settings_because: str
    built_in: BuiltIn
    if_it_fails: str = ""
    is_about_frames: bool = False
    before: str = ""
    reaches: Range | None = None
