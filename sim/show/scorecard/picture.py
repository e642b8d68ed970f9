"""A small picture for each pattern: its value and interval in every arm, against zero and the predicted side.

Plain SVG, written by hand: no script, no fonts to load, colors for light and dark in its own style sheet. What a color
says a shape says too: a filled dot holds, a cross does not hold, an open dot cannot be told.
"""

from __future__ import annotations

import math
from html import escape

from sim.show.scorecard.wording import estimate_text, scaled, unit_text
from sim.study.scorecard.conducting import Score
from sim.study.scorecard.forward import PROFILES, ForwardRow
from sim.study.scorecard.judging import DOES_NOT_HOLD, HOLDS, Result, VerdictWord
from sim.study.scorecard.switches import SWITCHES

WIDTH = 700
LEFT, RIGHT = 150, 450  # of the drawing; names stand left of it, numbers right
ROW = 24
TOP = 10
BOTTOM = 26

STYLE = """\
.sc{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
.sc text{fill:#1a1a1a}.sc .quiet{fill:#595959}
.sc .side{fill:#dbe9f4}.sc .margin{fill:#8a8a8a;fill-opacity:.22}
.sc .zero{stroke:#595959;stroke-width:1}.sc .tick{stroke:#8a8a8a;stroke-width:1}
.sc .holds{stroke:#00568c;fill:#00568c}.sc .fails{stroke:#a8340b;fill:none}.sc .open{stroke:#595959;fill:#fff}
.sc .bar{stroke-width:2.4;stroke-linecap:round}.sc .mark{stroke-width:2}
@media (prefers-color-scheme:dark){.sc text{fill:#ececec}.sc .quiet{fill:#b4b4b4}
.sc .side{fill:#1d3a52}.sc .margin{fill:#9a9a9a}.sc .zero,.sc .tick{stroke:#b4b4b4}
.sc .holds{stroke:#7cc0ee;fill:#7cc0ee}.sc .fails{stroke:#f2a07a;fill:none}.sc .open{stroke:#c4c4c4;fill:#16191d}}
"""


class Scale:
    """Where a value lies on the drawing.

    Parameters
    ----------
    low, high : float
        Ends of what has to be seen; zero is always among it.
    """

    def __init__(self, low: float, high: float) -> None:
        low, high = min(low, 0.0), max(high, 0.0)
        room = 0.06 * (high - low) or 1.0
        self.low, self.high = low - room, high + room

    def x(self, value: float) -> float:
        """Return the place of a value, cut off at the ends of the drawing."""
        share = (value - self.low) / (self.high - self.low)
        return LEFT + (RIGHT - LEFT) * min(max(share, 0.0), 1.0)

    def ticks(self) -> list[float]:
        """Return three to six round numbers on the scale, zero among them."""
        step = 10.0 ** math.floor(math.log10((self.high - self.low) / 2.0))
        for factor in (1, 2, 5, 10):
            if (self.high - self.low) / (factor * step) <= 5:
                step *= factor
                break
        return [step * k for k in range(math.ceil(self.low / step), math.floor(self.high / step) + 1)]


def _class_of(verdict: VerdictWord) -> str:
    return "holds" if verdict == HOLDS else "fails" if verdict == DOES_NOT_HOLD else "open"


def _mark(x: float, y: float, verdict: VerdictWord) -> str:
    name = _class_of(verdict)
    if verdict == DOES_NOT_HOLD:
        return f'<path class="mark {name}" d="M{x - 4:.1f} {y - 4:.1f}l8 8m0 -8l-8 8"/>'
    return f'<circle class="mark {name}" cx="{x:.1f}" cy="{y:.1f}" r="4.2"/>'


def _text(x: float, y: float, text: str, anchor: str = "start", name: str = "") -> str:
    of_class = f' class="{name}"' if name else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{of_class}>{escape(text)}</text>'


def _band(scale: Scale, low: float, high: float, bottom: float, name: str) -> str:
    left, right = scale.x(low), scale.x(high)
    return f'<rect class="{name}" x="{left:.1f}" y="{TOP}" width="{right - left:.1f}" height="{bottom - TOP:.1f}"/>'


def predicted_sides(shape: str, margin: float) -> list[tuple[float, float]]:
    """Return the stretches of the scale on which the claim puts the statistic."""
    return {
        "more": [(0.0, math.inf)],
        "at least": [(-margin, math.inf)],
        "alike": [(-margin, margin)],
        "differ": [(-math.inf, -margin), (margin, math.inf)],
    }[shape]


def pattern_svg(score: Score, is_alone: bool) -> str:
    """Return the picture of one pattern.

    Parameters
    ----------
    score : Score
        The pattern in all arms.
    is_alone : bool
        Whether it is a file of its own, which needs its style inside.
    """
    pattern = score.pattern
    unit, margin = pattern.statistic.unit, pattern.margin
    ends = [end for result in score.results.values() for end in result.estimate[:3] if not math.isnan(end)]
    scale = Scale(min([*ends, -1.5 * margin]), max([*ends, 1.5 * margin]))
    bottom = TOP + ROW * len(SWITCHES)
    parts = [_band(scale, low, high, bottom, "side") for low, high in predicted_sides(pattern.shape, margin)]
    if pattern.shape != "alike":
        parts.append(_band(scale, -margin, margin, bottom, "margin"))
    parts.append(f'<path class="zero" d="M{scale.x(0.0):.1f} {TOP}V{bottom}"/>')
    parts += _axis(scale, unit, bottom)
    for place, switch in enumerate(SWITCHES):
        y = TOP + ROW * (place + 0.5)
        parts += _arm(scale, unit, y, switch.title, score.results[switch.name])
    return _svg(parts, bottom + BOTTOM, f"{pattern.id}: {pattern.claim}", is_alone)


def _arm(scale: Scale, unit: str, y: float, title: str, result: Result) -> list[str]:
    found, verdict = result
    parts = [_text(LEFT - 10, y + 4, title, "end"), _text(RIGHT + 12, y + 4, estimate_text(unit, found))]
    parts.append(_text(WIDTH - 4, y + 4, verdict, "end", "quiet"))
    if not math.isnan(found.low):
        left, right = scale.x(found.low), scale.x(found.high)
        parts.append(f'<path class="bar {_class_of(verdict)}" d="M{left:.1f} {y:.1f}H{right:.1f}"/>')
        parts.append(_mark(scale.x(found.value), y, verdict))
    return parts


def _axis(scale: Scale, unit: str, bottom: float) -> list[str]:
    parts = []
    for tick in scale.ticks():
        x = scale.x(tick)
        label = f"{scaled(unit, tick):.6g}".replace("-", "−")
        parts.append(f'<path class="tick" d="M{x:.1f} {bottom}v4"/>')
        parts.append(_text(x, bottom + 17, label, "middle", "quiet"))
    parts.append(_text(LEFT - 10, bottom + 17, unit_text(unit), "end", "quiet"))
    return parts


def forward_svg(rows: list[ForwardRow], title: str, is_alone: bool) -> str:
    """Return the picture of a gap of the forward test: a row a profile, each with its interval."""
    row = rows[0]
    ends = [end for found in row.at for end in found[:3] if not math.isnan(end)]
    scale = Scale(min([*ends, -0.01]), max([*ends, 0.01]))
    bottom = TOP + ROW * len(PROFILES)
    parts = [f'<path class="zero" d="M{scale.x(0.0):.1f} {TOP}V{bottom}"/>', *_axis(scale, "points", bottom)]
    for place, (profile, found) in enumerate(zip(PROFILES, row.at, strict=True)):
        y = TOP + ROW * (place + 0.5)
        parts.append(_text(LEFT - 10, y + 4, profile, "end"))
        parts.append(_text(RIGHT + 12, y + 4, estimate_text("points", found)))
        if not math.isnan(found.low):
            left, right = scale.x(found.low), scale.x(found.high)
            parts.append(f'<path class="bar holds" d="M{left:.1f} {y:.1f}H{right:.1f}"/>')
            parts.append(f'<circle class="mark holds" cx="{scale.x(found.value):.1f}" cy="{y:.1f}" r="4.2"/>')
    return _svg(parts, bottom + BOTTOM, title, is_alone)


def _svg(parts: list[str], height: float, title: str, is_alone: bool) -> str:
    style = f"<style>{STYLE}</style>" if is_alone else ""
    head = f'<svg xmlns="http://www.w3.org/2000/svg" class="sc" viewBox="0 0 {WIDTH} {height:.0f}" role="img"'
    size = f' width="{WIDTH}" height="{height:.0f}"'
    return f"{head}{size}><title>{escape(title)}</title>{style}{''.join(parts)}</svg>"
