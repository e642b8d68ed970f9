"""What a class predicted, and what became of it: bars of cards, an answer a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from sim.show.layout import MARGIN, Page, Panel, line_height, text_width, wrap
from sim.show.marks import heading
from sim.show.numbers import nice_step
from sim.show.style import INK, QUIET_INK, RULE, TEXT_SIZE, drawing
from sim.show.words import Words

WIDTH = 8.5
ROW = 0.42
BAR = 0.27
GAP = 0.85  # inches between panels, with the axis and the heading
HEAD = 0.32
COUNT_ROOM = 0.55  # inches right of a panel
KEY = 0.13  # inches, side of the squares in the key

# From "it came true" to "it did not": blue against orange, dark where it is sure, so that it survives a gray printer.
COLORS: Mapping[str, tuple[str, str]] = {
    "true": ("#004488", "#FFFFFF"),
    "perhaps": ("#9DB8D6", INK),
    "hardly": ("#F0CDB0", INK),
    "false": ("#B54A00", "#FFFFFF"),
}


class Question(NamedTuple):
    """One thing that was predicted.

    Attributes
    ----------
    title : str
        The question.
    labels : sequence of str
        The answers, as rows from top to bottom.
    table : DataFrame
        A row for each answer; columns ``true``, ``perhaps``, ``hardly``, ``false``: numbers of cards.
    """

    title: str
    labels: Sequence[str]
    table: pd.DataFrame


@drawing()
def class_predictions_figure(questions: Sequence[Question], words: Words, width: float = WIDTH) -> Figure:
    """Draw how many cards gave each answer, and what became of it.

    Parameters
    ----------
    questions : sequence of Question
        One panel each.
    words : mapping
        Catalog of texts.
    width : float
        Width of the figure [inches]; less than usual for a telephone.
    """
    kinds = [kind for kind in COLORS if any(each.table[kind].sum() for each in questions)]
    room = min(2.6, 0.36 * width)
    labels = [[wrap(label, TEXT_SIZE, room - 0.1) for label in each.labels] for each in questions]
    rows = [max(ROW, max(map(len, each)) * line_height(TEXT_SIZE) + 0.1) for each in labels]
    key_lines = _key_lines(kinds, words, width - 2 * MARGIN)
    key = len(key_lines) * 0.2 + 0.12
    heights = [len(each.labels) * row for each, row in zip(questions, rows, strict=True)]
    titles = [wrap(each.title, TEXT_SIZE + 1, width - 2 * MARGIN, "bold") for each in questions]
    body = key + sum(heights) + sum(GAP + (len(title) - 1) * 0.17 for title in titles)
    page = Page(width, body, words["class_predictions.title"], caption=words["class_predictions.caption"])
    _draw_key(page, key_lines, words)
    top = page.top + key
    most = max(int(each.table[list(COLORS)].sum(axis=1).max()) for each in questions)
    for question, title, lines, row, height in zip(questions, titles, labels, rows, heights, strict=True):
        top += HEAD + (len(title) - 1) * 0.17
        panel = page.panel(MARGIN + room, top, width - 2 * MARGIN - room - COUNT_ROOM, height)
        heading(panel, "\n".join(title), left=-room)
        _draw_bars(panel, question.table, lines, row, most, words)
        top += height + GAP - HEAD
    return page.figure


def _key_lines(kinds: Sequence[str], words: Words, room: float) -> list[list[str]]:
    """Return the entries of the key, as many to a line as fit."""
    lines: list[list[str]] = [[]]
    used = 0.0
    for kind in kinds:
        need = KEY + 0.25 + text_width(words[f"class_predictions.{kind}"], TEXT_SIZE)
        if lines[-1] and used + need > room:
            lines.append([])
            used = 0.0
        lines[-1].append(kind)
        used += need
    return lines


def _draw_key(page: Page, lines: Sequence[Sequence[str]], words: Words) -> None:
    for number, kinds in enumerate(lines):
        left, top = MARGIN, page.top + number * 0.2
        for kind in kinds:
            box = Rectangle(
                (left / page.width, 1 - (top + KEY) / page.height), KEY / page.width, KEY / page.height,
                facecolor=COLORS[kind][0], edgecolor=QUIET_INK, linewidth=0.5, transform=page.figure.transFigure,
            )  # fmt: skip
            page.figure.add_artist(box)
            said = words[f"class_predictions.{kind}"]
            page.write(left + KEY + 0.07, top - 0.015, said)
            left += KEY + 0.25 + text_width(said, TEXT_SIZE)


def _draw_bars(
    panel: Panel, table: pd.DataFrame, labels: Sequence[Sequence[str]], row: float, most: int, words: Words
) -> None:
    axes = panel.axes
    for side in ("top", "right", "bottom"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0, pad=4)
    axes.set_xlim(0, max(most, 1))
    step = max(1, round(nice_step(max(most, 1), 6)))
    axes.set_xticks(np.arange(0, most + 1, step))
    axes.xaxis.grid(True, color=RULE, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.set_xlabel(words["class_predictions.unit"])
    axes.set_ylim(panel.height, 0)
    middles = [(place + 0.5) * row for place in range(len(labels))]
    axes.set_yticks(middles, ["\n".join(lines) for lines in labels])
    for label in axes.get_yticklabels():
        label.set_color(INK)
    for middle, counts in zip(middles, table.itertuples(), strict=True):
        start = 0
        for kind, (color, ink) in COLORS.items():
            n = int(getattr(counts, kind))
            if not n:
                continue
            axes.barh(middle, n, height=BAR, left=start, color=color, edgecolor="white", linewidth=0.8, zorder=2)
            if n / max(most, 1) * panel.width > 0.16:
                axes.text(
                    start + n / 2, middle, str(n), color=ink, horizontalalignment="center",
                    verticalalignment="center_baseline",
                )  # fmt: skip
            start += n
        total = words["class_predictions.total"].format(n=start)
        axes.text(start + 0.07 / panel.width * max(most, 1), middle, total, color=QUIET_INK,
                  verticalalignment="center_baseline")  # fmt: skip
