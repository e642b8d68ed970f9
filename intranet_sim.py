"""The package ``sim`` under a name that no file of one's own takes by accident: ``import intranet_sim as sim``.

A file called ``sim.py`` beside a script hides the package from it. Nothing can be done about that from within the
package, which is not even looked at; here it is noticed, and said.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sim

if not hasattr(sim, "__path__") or not (Path(sim.__path__[0]) / "program.py").is_file():
    raise ImportError(
        f"{sim.__file__} hides the package sim of intranet-sim, since Python finds it first: call that file something"
        " else (and delete __pycache__ beside it)"
    )

__all__ = list(sim.__all__)


def __getattr__(name: str) -> Any:
    return getattr(sim, name)


def __dir__() -> list[str]:
    return dir(sim)
