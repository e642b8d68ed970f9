"""What ends every report: assumptions and limits, and how to do it again."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sim.show.report.blocks import Block, Bullets, Code, Facts, Paragraph, Row, Rows, Table
from sim.show.report.known import drawn_in, quoted
from sim.study.calibration.worlds import SETS
from sim.study.world_sets import OWN
from sim.texts import text

LIMITS = ("ranks", "calibration", "luck", "worlds", "model", "single", "groups")


def limits(language: str, manifest: Mapping[str, Any]) -> Iterator[Block]:
    """Yield what the results rest on and what they cannot say."""
    items = []
    source = (manifest.get("experiment") or {}).get("source")
    drawn = drawn_in(manifest)
    for name in LIMITS:
        key = f"report.limit.{name}"
        if name == "calibration" and source in ("calibrated", *SETS):
            key = "report.limit.calibrated"
        if name == "calibration" and source == OWN:
            key = "report.limit.own_worlds"
        if name == "single" and drawn is not None:
            names = ", ".join(text(language, f"staff.column.{column}") for column in drawn) or "-"
            items.append((text(language, "report.limit_title.single"), text(language, "report.limit.own", drawn=names)))
            continue
        items.append((text(language, f"report.limit_title.{name}"), text(language, key)))
    yield Bullets(items)


def unfinished(language: str, manifest: Mapping[str, Any], n_done: int, n_failed: int) -> Iterator[Block]:
    """Yield a warning where runs are missing or failed."""
    planned = int(manifest["runs"]["planned"]) if "runs" in manifest else n_done
    if n_done < planned or n_failed:
        yield Paragraph(text(language, "report.partial", n=n_done, total=planned, failed=n_failed), "alert")


def repeat(language: str, manifest: Mapping[str, Any]) -> Iterator[Block]:
    """Yield how to do it again: the command, versions, seed and hashes."""
    yield Paragraph(text(language, "report.repeat_intro"))
    yield Code(shlex.join(manifest["command"]))
    versions = manifest["versions"]
    names = ", ".join(f"{name} {versions[name]}" for name in versions if name not in ("intranet-sim", "python"))
    end = manifest.get("end")
    facts = {
        "report.repeat.version": f"intranet-sim {versions['intranet-sim']}, {manifest['code_version']}",
        "report.repeat.python": f"Python {versions['python']}, {manifest['platform']}",
        "report.repeat.libraries": names,
        "report.repeat.seed": str(manifest["seed"]),
        "report.repeat.replications": str(manifest["replications"]),
        "report.repeat.plan": str(manifest["plan_hash"]),
        "report.repeat.when": _moment(manifest["start"]) + (f" – {_moment(end)}" if end else ""),
    }
    yield Facts([(text(language, key), value) for key, value in facts.items()])
    rows = [Row(quoted(str(each["name"])), [str(each["hash"])]) for each in manifest["scenarios"]]
    headers = [text(language, "report.column.scenario"), text(language, "report.column.hash")]
    yield Table(text(language, "report.hashes_caption"), headers, [Rows("", rows)])


def _moment(iso: str) -> str:
    return datetime.fromisoformat(iso).strftime("%Y-%m-%d %H:%M UTC")
