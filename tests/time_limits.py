"""How long a test waits for something that it started, before that is called a hang.

No bar for speed: what takes a second on a quiet machine may take a minute on one that is eight times busier, and no
test may fail for that. Each limit is shorter than that of the test as a whole (``timeout`` in ``pyproject.toml``), so
that the failure says what hung.
"""

from __future__ import annotations

# A program that runs to its end, or an answer over a connection.
PROGRAM_SECONDS = 600
# A browser that goes through a page; its single steps have limits of their own.
BROWSER_SECONDS = 1800
# A program that was told to stop, or something that another process is about to do.
SOON_SECONDS = 120
# A test that is marked slow, as a whole.
SLOW_TEST_SECONDS = 3600
