"""One message in, one answer out: what the page, the native engine and the engine in a browser share.

The answer to a request is the same wherever it is computed; its hash says so. Nothing but NumPy is needed (and numba,
where it is installed, for speed).
"""

from __future__ import annotations

from sim.web.answer.answering import answer, reply_to
from sim.web.answer.reasons import why

__all__ = ["answer", "reply_to", "why"]
