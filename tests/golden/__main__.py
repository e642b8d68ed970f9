"""Refresh the golden numbers: ``python -m tests.golden``."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from golden_runs import HERE, RUNS, golden_file, numbers_of


def write_whole(target: Path, text: str) -> None:
    """Write a file whole or not at all."""
    handle, temporary = tempfile.mkstemp(dir=HERE, suffix=".tmp")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    Path(temporary).replace(target)


for name in RUNS:
    text = json.dumps(numbers_of(name), indent=1) + "\n"
    old = golden_file(name).read_text(encoding="utf-8") if golden_file(name).exists() else ""
    write_whole(golden_file(name), text)
    print(f"{golden_file(name).name}: {'as it was' if text == old else 'changed'}")
