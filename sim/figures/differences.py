"""Paired differences: how far scenarios are apart when staff and luck are the same.

Every scale is symmetric about zero, so that "no difference" is one straight line through all panels, and the
side on which a marker stands says which scenario is higher.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.analysis.wording import difference_number, interval_text
from sim.figures.layout import (
    ENGLISH,
    LANGUAGE,
    MARGIN,
    SHARES,
    Page,
    Panel,
    Words,
    clean_name,
    dress,
    heading,
    line_height,
    text_width,
    tick_texts,
    tick_values,
    wrap,
)
from sim.figures.rows import bar, dot, draw_dots
from sim.figures.style import (
    DOT,
    INK,
    NEUTRAL_LOOK,
    NOTE_SIZE,
    QUIET_INK,
    TEXT_SIZE,
    ZERO,
    Look,
    drawing,
    scenario_look,
)
from sim.figures.summary import scenario_names, weighted_pairs
from sim.words import percent

MOST_DOTS = 200
"""More pairs than this are drawn as an even sample, named in the caption; the interval uses them all."""

EMPTY = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}

SMALLEST_LIMIT = {True: 0.01, False: 0.1}
"""A difference scale covers at least 1 point (shares) or 0.1 (others) on each side of zero."""


HIGHER = ("differs", "differs slightly")
"""The kinds of verdict that say which scenario is higher."""


class Row(NamedTuple):
    """One difference to draw: the pairs, their mean, its interval, the kind of verdict, and how it looks.

    `shares` are the shares of the pairs (of worlds, by what they count) above zero and below it.
    """

    label: str
    pairs: np.ndarray
    mean: float
    low: float
    high: float
    n: int
    verdict: str
    look: Look
    shares: tuple[float, float] = (0.0, 0.0)

    @property
    def cannot_tell(self) -> bool:
        """Whether neither is surely higher, as the tables have it: an interval beside zero is not enough for that."""
        return self.verdict not in HIGHER


def dots_shown(pairs: np.ndarray) -> np.ndarray:
    """Return the pairs to draw as dots: all, or an evenly spread sample of the sorted pairs."""
    if len(pairs) <= MOST_DOTS:
        return pairs
    return np.sort(pairs)[np.linspace(0, len(pairs) - 1, MOST_DOTS).round().astype(int)]


def comparison_looks(runs: pd.DataFrame, differences: pd.DataFrame) -> dict[str, Look]:
    """Return the look of each scenario, in the order of the runs; those without a finished run come last."""
    names = dict.fromkeys([*scenario_names(runs), *differences["a"], *differences["b"]])
    return {name: scenario_look(position) for position, name in enumerate(names)}


def make_row(runs: pd.DataFrame, difference: pd.Series, label: str, looks: dict[str, Look], *, by_side: bool) -> Row:
    """Join one row of the differences table with its pairs of runs.

    `by_side` gives the row the look of the scenario that is higher (a neutral one where that cannot be told);
    otherwise it has the look of `b`.
    """
    a, b = str(difference["a"]), str(difference["b"])
    pairs, weights = weighted_pairs(runs, a, b, str(difference["outcome"]))
    # Over worlds the table has the shares: where runs lack values, means of a world are not those of its pairs.
    told = [float(difference.get(f"share_of_worlds_{side}_greater", np.nan)) for side in "ab"]
    row = Row(
        label=label,
        pairs=pairs,
        mean=float(difference["mean"]),
        low=float(difference["low"]),
        high=float(difference["high"]),
        n=int(difference["n"]),
        verdict=str(difference["verdict"]),
        look=looks[b],
        shares=(float(weights[pairs > 0].sum()), float(weights[pairs < 0].sum()))
        if np.isnan(told).any()
        else (told[0], told[1]),
    )
    if by_side:
        return row._replace(look=NEUTRAL_LOOK if row.cannot_tell else looks[a if row.mean > 0 else b])
    return row


def turned(row: Row) -> Row:
    """Return the same difference seen from the other side: b minus a."""
    return row._replace(pairs=-row.pairs, mean=-row.mean, low=-row.high, high=-row.low, shares=row.shares[::-1])


def symmetric_limit(rows: Sequence[Row], *, is_share: bool) -> float:
    """Return how far the scale reaches on each side of zero."""
    values = np.concatenate([[row.mean, row.low, row.high, *row.pairs] for row in rows])
    known = np.abs(values[np.isfinite(values)])
    return max(1.08 * float(known.max()) if len(known) else 0.0, SMALLEST_LIMIT[is_share])


def difference_scale(panel: Panel, limit: float, unit: str, words: Words, *, is_share: bool) -> None:
    """Run the x axis from -limit to +limit with round ticks, and draw the zero line."""
    axes = panel.axes
    axes.set_xlim(-limit, limit)
    ticks = tick_values(-limit, limit, 6 if panel.width > 2.5 else 4)
    points = [100 * tick for tick in ticks] if is_share else ticks
    axes.set_xticks(ticks, tick_texts(points, words, signed=True))
    axes.set_xlabel(unit)
    axes.axvline(0.0, color=ZERO, linewidth=1.2, zorder=1.5)


def draw_rows(panel: Panel, rows: Sequence[Row], limit: float, words: Words) -> None:
    """Draw each row from top to bottom: the pairs as dots, the mean as a marker, its interval as a bar."""
    axes = panel.axes
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_yticks(range(len(rows)), [row.label for row in rows])
    axes.tick_params(axis="y", labelcolor=INK)
    for position, row in enumerate(rows):
        if not np.isfinite(row.mean):
            axes.text(0, position, words["differences.none"], color=QUIET_INK, ha="center", va="center", bbox=EMPTY)
            continue
        draw_dots(panel, position, dots_shown(row.pairs), 0.3, 2 * limit, DOT, size=3)
        bar(panel, position, row.low, row.high, row.look.color, 2.4)
        dot(panel, position, row.mean, row.look.color, row.look.marker, is_filled=not row.cannot_tell, size=6)


def mean_text(outcome: str, row: Row, words: Words) -> str:
    """Return a difference as text: "+6.1 [4.2, 8.0]", without brackets where there is no interval."""
    if not np.isfinite(row.mean):
        return ""
    mean = difference_number(outcome, row.mean, words[LANGUAGE], is_signed=True)
    if not (np.isfinite(row.low) and np.isfinite(row.high)):
        return mean
    return f"{mean} {interval_text(outcome, row.low, row.high, words[LANGUAGE])}"


def caption(rows: Sequence[Row], words: Words) -> str:
    """Say what markers, bars and dots stand for."""
    most = max(len(row.pairs) for row in rows)
    text = words["differences.caption"] if max(row.n for row in rows) > 1 else words["differences.caption_one"]
    if most > MOST_DOTS:
        text += " " + words["differences.caption_sample"].format(shown=MOST_DOTS, n=most)
    return text


# Paired differences: how far scenarios are apart when staff and luck are the same.

STAFF_OUTCOMES = ("monthly_readers", "monthly_active", "monthly_posters", "adoption")
CONTENT_OUTCOMES = ("work_share", "reply_rate", "answer_rate", "top5_share", "cross_department_share")
OTHER_OUTCOMES = (
    "posts_per_employee_month",
    "interactions_per_employee_month",
    "days_to_answer",
    "weeks_to_critical_mass",
)
GRID_OUTCOMES = (
    "monthly_readers",
    "monthly_active",
    "monthly_posters",
    "work_share",
    "answer_rate",
    "posts_per_employee_month",
)

DRAWN_OUTCOMES = frozenset({*STAFF_OUTCOMES, *CONTENT_OUTCOMES, *OTHER_OUTCOMES})
"""A comparison of none of these has no difference figure."""

WIDTH = 8.5
ROW = 0.33
AXIS_FOOT = 0.72  # inches below a panel for its ticks, its label and some air
LABEL_ROOM = 1.8  # inches for the names of the outcomes
MEAN_ROOM = 1.6  # inches for the column of means
GREATER_ROOM = 0.95  # inches for the column of pairs
COLUMN_GAP = 0.35
HALF = (WIDTH - 2 * MARGIN - LABEL_ROOM - MEAN_ROOM - GREATER_ROOM) / 2
"""Inches on each side of zero."""


class Section(NamedTuple):
    """Outcomes of one unit, which share a panel."""

    outcomes: list[str]
    rows: list[Row]


def unit_text(outcome: str, words: Words) -> str:
    """Return the unit of a difference of this outcome."""
    if outcome not in SHARES:
        return words[f"unit.{outcome}"]
    return words["differences.points_staff" if outcome in STAFF_OUTCOMES else "differences.points"]


@drawing()
def difference_figure(runs: pd.DataFrame, differences: pd.DataFrame, words: Words = ENGLISH) -> Figure:
    """Draw paired differences: by outcome for one pair of scenarios, by scenario for several.

    Against one common first scenario the others are shown as "other minus first", because the reader asks how
    far each is from the first; one pair is shown as the table has it, ``a`` minus ``b``.

    Parameters
    ----------
    runs : DataFrame
        One row a run: scenario, replication and the outcomes; the small dots come from here.
    differences : DataFrame
        a, b, outcome, mean, low, high, p_a_greater, n, verdict; mean is that of `a` minus `b` over the pairs.
    words : mapping
        Catalog of texts.

    Raises
    ------
    ValueError
        If `differences` holds none of the outcomes that are drawn.
    """
    if not DRAWN_OUTCOMES & set(differences["outcome"]):
        raise ValueError(f"differences: none of the outcomes {', '.join(sorted(DRAWN_OUTCOMES))}")
    looks = comparison_looks(runs, differences)
    pairs = list(dict.fromkeys(zip(differences["a"], differences["b"], strict=True)))
    if len(pairs) == 1:
        return _by_outcome(runs, differences, looks, words)
    return _by_scenario(runs, differences, pairs, looks, words)


def _sections(runs: pd.DataFrame, differences: pd.DataFrame, looks: dict[str, Look], words: Words) -> list[Section]:
    """Return the outcomes there are, those of one unit together."""
    by_outcome = {str(row["outcome"]): row for _, row in differences.iterrows()}
    sections = []
    for outcomes in (STAFF_OUTCOMES, CONTENT_OUTCOMES, *((name,) for name in OTHER_OUTCOMES)):
        present = [name for name in outcomes if name in by_outcome]
        labels = ["\n".join(wrap(words[f"outcome.{name}"], TEXT_SIZE, LABEL_ROOM - 0.1)) for name in present]
        rows = [
            make_row(runs, by_outcome[name], label, looks, by_side=True)
            for name, label in zip(present, labels, strict=True)
        ]
        if rows:
            sections.append(Section(present, rows))
    return sections


def _by_outcome(runs: pd.DataFrame, differences: pd.DataFrame, looks: dict[str, Look], words: Words) -> Figure:
    """Draw one scenario against another: outcomes below each other, a panel for each unit."""
    sections = _sections(runs, differences, looks, words)
    a, b = (str(differences[side].iloc[0]) for side in ("a", "b"))
    names = {"a": clean_name(a, 40), "b": clean_name(b, 40)}
    sides = [
        wrap(words[f"differences.higher_{side}"].format(scenario=name), TEXT_SIZE, HALF - 0.1, "bold")
        for side, name in (("left", names["b"]), ("right", names["a"]))
    ]
    greater = words["differences.column_greater"].format(scenario=names["a"])
    greater_lines = wrap(greater, NOTE_SIZE, GREATER_ROOM - 0.05)
    head = max(len(lines) for lines in (*sides, greater_lines)) * line_height(TEXT_SIZE) + 0.08
    page = Page(
        WIDTH,
        head + sum(len(section.rows) * ROW + AXIS_FOOT for section in sections),
        words["differences.title"].format(**names),
        words["differences.subtitle"],
        caption([row for section in sections for row in section.rows], words),
    )
    left = MARGIN + LABEL_ROOM
    top = page.top
    page.write(left + HALF - 0.1, top, "\n".join(sides[0]), color=looks[b].ink, weight="bold", across="right")
    page.write(left + HALF + 0.1, top, "\n".join(sides[1]), color=looks[a].ink, weight="bold")
    columns = left + 2 * HALF + 0.15, left + 2 * HALF + 0.15 + MEAN_ROOM
    page.write(columns[0], top, words["differences.column_mean"], size=NOTE_SIZE, color=QUIET_INK)
    page.write(columns[1], top, "\n".join(greater_lines), size=NOTE_SIZE, color=QUIET_INK)
    top += head
    for section in sections:
        panel = page.panel(left, top, 2 * HALF, len(section.rows) * ROW)
        _draw_panel(panel, section.outcomes[0], section.rows, words)
        _write_columns(panel, section, [column - left for column in columns], words)
        top += panel.height + AXIS_FOOT
    return page.figure


def _draw_panel(panel: Panel, outcome: str, rows: Sequence[Row], words: Words) -> None:
    """Draw rows on one scale; `outcome` tells its unit."""
    limit = symmetric_limit(rows, is_share=outcome in SHARES)
    dress(panel, grid="x")
    difference_scale(panel, limit, unit_text(outcome, words), words, is_share=outcome in SHARES)
    draw_rows(panel, rows, limit, words)


def _write_columns(panel: Panel, section: Section, columns: Sequence[float], words: Words) -> None:
    """Write each row's numbers to the right of its panel, at these distances from its left edge [inches]."""
    for position, (outcome, row) in enumerate(zip(section.outcomes, section.rows, strict=True)):
        n_greater = int((row.pairs > 0).sum())
        share = percent(row.shares[0], 0, words[LANGUAGE])
        greater = words["differences.greater"].format(n_greater=n_greater, n=len(row.pairs), share=share)
        texts = mean_text(outcome, row, words), greater if len(row.pairs) else ""
        for column, text in zip(columns, texts, strict=True):
            panel.axes.text(
                column / panel.width,
                position,
                text,
                transform=panel.axes.get_yaxis_transform(),
                verticalalignment="center_baseline",
            )


def _by_scenario(
    runs: pd.DataFrame,
    differences: pd.DataFrame,
    pairs: Sequence[tuple[str, str]],
    looks: dict[str, Look],
    words: Words,
) -> Figure:
    """Draw several comparisons: a panel for each outcome, a row for each comparison."""
    has_first = len({a for a, _ in pairs}) == 1
    labels = {}
    for a, b in pairs:
        both = words["differences.minus"].format(a=clean_name(a), b=clean_name(b))
        labels[(a, b)] = wrap(clean_name(b) if has_first else both, TEXT_SIZE, LABEL_ROOM - 0.1)
    compared = set(differences["outcome"])
    outcomes = [name for name in GRID_OUTCOMES if name in compared] or sorted(compared & DRAWN_OUTCOMES)
    sections = []
    for outcome in outcomes:
        rows = [
            make_row(runs, row, "\n".join(labels[(row["a"], row["b"])]), looks, by_side=False)
            for _, row in differences[differences["outcome"] == outcome].iterrows()
        ]
        sections.append(Section([outcome], [turned(row) for row in rows] if has_first else rows))
    row_height = max(ROW, max(len(lines) for lines in labels.values()) * line_height(TEXT_SIZE) + 0.06)
    height = max(len(section.rows) for section in sections) * row_height
    step = height + AXIS_FOOT + 0.35
    n_columns = min(2, len(sections))
    first = clean_name(pairs[0][0])
    subtitle = words["differences.subtitle"]
    if has_first:
        subtitle = f"{words['differences.subtitle_many'].format(a=first)} {subtitle}"
    page = Page(
        WIDTH,
        -(-len(sections) // n_columns) * step,
        words["differences.title_many" if has_first else "differences.title_pairs"].format(a=first),
        subtitle,
        caption([row for section in sections for row in section.rows], words),
    )
    room = max(text_width(line, TEXT_SIZE) for lines in labels.values() for line in lines) + 0.12
    width = (WIDTH - 2 * MARGIN - room - COLUMN_GAP * (n_columns - 1)) / n_columns
    for place, section in enumerate(sections):
        line, column = divmod(place, n_columns)
        left = MARGIN + room + column * (width + COLUMN_GAP)
        panel = page.panel(left, page.top + 0.3 + line * step, width, height)
        _draw_panel(panel, section.outcomes[0], section.rows, words)
        if column:
            panel.axes.set_yticklabels([""] * len(section.rows))
        heading(panel, words[f"outcome.{section.outcomes[0]}"])
    return page.figure
