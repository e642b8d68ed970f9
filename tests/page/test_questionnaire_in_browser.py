"""The page of ``ask``: its buttons save and copy the very answers that were chosen, and the file can be read."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import parts
import pytest
from time_limits import BROWSER_SECONDS
from tools import chromium, node

from sim.__main__ import main
from sim.experiments.questionnaire import answers_text, load_answers
from sim.words import text

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("language", ["en", "nl"])
def test_what_is_chosen_is_saved_and_copied(language: str, tmp_path: Path) -> None:
    program, page = chromium(), tmp_path / "ask.html"
    assert main(["ask", "--page", str(page), "--lang", language]) == 0
    done = subprocess.run(
        [node(), str(parts.HERE / "ask.mjs"), str(page), program, str(tmp_path)],
        capture_output=True, text=True, timeout=BROWSER_SECONDS, check=False, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    seen = json.loads(done.stdout)
    assert seen["errors"] == []
    assert len(set(seen["chosen"].values())) > 2
    saved = (tmp_path / "answers.yaml").read_text(encoding="utf-8")
    assert saved == seen["shown"] == answers_text(seen["chosen"], language)
    assert load_answers(tmp_path / "answers.yaml")
    # Where a browser lets no page write to the clipboard, the answers are selected instead.
    assert seen["said"] == text(language, "ask.copied") or seen["selected"].strip() == saved.strip()
