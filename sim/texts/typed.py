"""Commands in messages, as they can be typed: a name with a space, a quote or a ``$`` stays one name."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import PurePath


def typed(*words: str | PurePath) -> str:
    """Return a command, or a part of one, as the shell of this system takes it.

    Parameters
    ----------
    words : str or Path
        What is to arrive as one argument each. A path that begins with a dash is written so that it is no option.

    Examples
    --------
    >>> typed("intranet-sim", "results", "my runs")  # doctest: +SKIP
    "intranet-sim results 'my runs'"
    """
    given = [str(word) for word in words]
    for place, word in enumerate(words):
        if isinstance(word, PurePath) and given[place].startswith("-"):
            given[place] = f".{os.sep}{word}"
    return subprocess.list2cmdline(given) if os.name == "nt" else shlex.join(given)
