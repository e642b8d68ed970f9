"""Figures as files: the same bytes for the same figure, and a whole file or none."""

from __future__ import annotations

import io
from pathlib import Path

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from sim.show.style import drawing
from sim.study.files import written_whole

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
