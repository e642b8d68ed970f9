"""Reading a results folder as pandas tables."""

from __future__ import annotations

import html
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.study.checksums import is_there
from sim.study.manifest import no_results, read_manifest
from sim.study.store import read_parquet, series_files
from sim.study.tables import DERIVED_TABLES, RUN_TABLES

if TYPE_CHECKING:
    import pandas as pd


def in_a_line(tables: Any) -> str:
    """Return what some tables are, for a person who looks at them in Python: their names and sizes, not their rows."""
    parts = [
        f"{name}: {value.shape[0]} x {value.shape[1]}" if hasattr(value, "shape") else f"{name}={value!r}"
        for name, value in tables._asdict().items()
        if value is not None
    ]
    return f"{type(tables).__name__}({', '.join(parts)})"


def in_html(tables: Any) -> str:
    """Return what a notebook shows of some tables: the first one, and the names and sizes of all."""
    first = next((value for value in tables if hasattr(value, "to_html")), None)
    table = "" if first is None else first.head(12).to_html(index=False, float_format="{:.3g}".format)
    return f"<p><code>{html.escape(in_a_line(tables))}</code></p>{table}"


def read_tables(folder: Path) -> dict[str, pd.DataFrame]:
    """Return the tables of a results folder by name; ``series`` has all its parts.

    Parameters
    ----------
    folder : Path
        A results folder of any study.

    Raises
    ------
    InputError
        If it is none.
    """
    import pandas as pd

    if read_manifest(folder) is None:
        raise no_results(folder)
    paths = {name: folder / f"{name}.parquet" for name in ("plan", "points", *RUN_TABLES, *DERIVED_TABLES)}
    tables = {name: read_parquet(path).to_pandas(use_threads=False) for name, path in paths.items() if is_there(path)}
    parts = [read_parquet(path).to_pandas(use_threads=False) for path in series_files(folder)]
    tables["series"] = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    return tables
