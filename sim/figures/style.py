"""One look for every figure: colors, line styles, sizes, and the matplotlib settings they are drawn with.

Any two scenario colors stay apart for readers with normal, deuteranopic or protanopic vision (at least 30
units in CIELAB, simulated as in Machado, Oliveira and Fernandes 2009, doi:10.1109/TVCG.2009.113) and differ
in lightness, so they survive a gray printer. Line style and marker repeat what the color says.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from sim.kernel.files import written_whole


class Look(NamedTuple):
    """How one line is drawn: color, darker color for its text, dash pattern and marker."""

    color: str
    ink: str
    dashes: Any
    marker: str


SOLID = "-"

SCENARIO_LOOKS: tuple[Look, ...] = (
    Look("#004488", "#004488", SOLID, "o"),
    Look("#C85200", "#A84300", (0, (6, 1.6)), "s"),
    Look("#419467", "#20704C", (0, (5, 1.5, 1, 1.5)), "^"),
    Look("#222222", "#222222", (0, (1.2, 1.2)), "D"),
    Look("#C17EBE", "#A2359A", (0, (9, 1.5, 1, 1.5, 1, 1.5)), "v"),
    Look("#7B3FE4", "#6A2FD0", (0, (3, 1.5)), "P"),
)

FRAME_LOOKS: dict[str, Look] = {
    "frame_social": Look("#D0507F", "#B23366", (0, (6, 1.6)), "s"),
    "frame_collaboration": Look("#00695C", "#00695C", SOLID, "o"),
    "frame_broadcast": Look("#333333", "#333333", (0, (1.2, 1.2)), "^"),
}

INK = "#1A1A1A"
QUIET_INK = "#555555"
RULE = "#DDDDDD"
ZERO = "#666666"
DOT = "#9A9A9A"

TITLE_SIZE = 13.0
HEADING_SIZE = 10.0
TEXT_SIZE = 9.0
NOTE_SIZE = 8.0

NEUTRAL_LOOK = Look(ZERO, QUIET_INK, SOLID, "o")
"""For a difference that cannot be told from none: neither side's color."""

DPI = 150

SETTINGS: dict[str, Any] = {
    # DejaVu Sans comes with matplotlib; the others are named for whoever opens the SVG without it.
    "font.family": ["sans-serif"],
    "font.sans-serif": ["DejaVu Sans", "Verdana", "Helvetica", "Arial", "sans-serif"],
    "font.size": TEXT_SIZE,
    # A scenario may be called "$5 a month": text is text, never mathematics.
    "text.parse_math": False,
    "text.color": INK,
    "axes.unicode_minus": True,
    "axes.edgecolor": QUIET_INK,
    "axes.labelcolor": QUIET_INK,
    "axes.labelsize": TEXT_SIZE,
    "axes.linewidth": 0.8,
    "xtick.color": QUIET_INK,
    "ytick.color": QUIET_INK,
    "xtick.labelsize": TEXT_SIZE,
    "ytick.labelsize": TEXT_SIZE,
    "lines.solid_capstyle": "round",
    "lines.dash_capstyle": "butt",
    "lines.scale_dashes": True,
    "svg.fonttype": "none",
    "svg.hashsalt": "intranet-sim",
    "savefig.facecolor": "white",
}


def scenario_look(position: int) -> Look:
    """Return the look of the scenario at this place in the order of the command (0 is the first)."""
    return SCENARIO_LOOKS[position % len(SCENARIO_LOOKS)]


def look_of(name: str, names: Sequence[str]) -> Look:
    """Return the look of one of some scenarios: the same in every figure about these."""
    return scenario_look(list(names).index(name))


@contextmanager
def drawing() -> Iterator[None]:
    """Draw with this project's settings and nobody else's, then put back what was there.

    The reader's own matplotlibrc must not change the figures, so matplotlib's defaults come first. The
    backend is left alone: figures are written through explicit canvases.
    """
    settings: dict[Any, Any] = {
        key: value for key, value in matplotlib.rcParamsDefault.items() if not key.startswith("backend")
    }
    with matplotlib.rc_context(settings | SETTINGS), warnings.catch_warnings():
        # A name in a script the font lacks shows boxes in the PNG; the SVG keeps the text as it is.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        yield


# Figures as files: the same bytes for the same figure, and a whole file or none.


FORMATS = ("png", "svg")


@drawing()
def png_bytes(figure: Figure) -> bytes:
    """Return the figure as PNG at its own resolution; no date, no version: repeating it gives equal bytes."""
    target = io.BytesIO()
    metadata = {"Software": None, "Title": str(figure.get_label())}
    FigureCanvasAgg(figure).print_figure(
        target, format="png", dpi=figure.dpi, metadata=metadata, pil_kwargs={"compress_level": 4}
    )
    return target.getvalue()


@drawing()
def svg_bytes(figure: Figure) -> bytes:
    """Return the figure as SVG with text as text; without date or version, so repeating gives equal bytes."""
    target = io.BytesIO()
    metadata = {"Date": None, "Creator": None, "Title": str(figure.get_label())}
    FigureCanvasSVG(figure).print_figure(target, format="svg", metadata=metadata)
    return target.getvalue()


def save_figure(figure: Figure, folder: Path, name: str) -> list[Path]:
    """Write a figure as ``name.png`` and ``name.svg``, each whole or not at all, and return both paths.

    Raises
    ------
    OSError
        If the folder cannot be written or is full.
    """
    paths = [folder / f"{name}.{suffix}" for suffix in FORMATS]
    for path, data in zip(paths, (png_bytes(figure), svg_bytes(figure)), strict=True):
        with written_whole(path) as file:
            file.write(data)
    return paths
