"""Exports of one JSON object a line, or one list of them: Slack's member analytics, Mattermost's counts of days."""

from __future__ import annotations

import datetime
import gzip
import hashlib
import io
import json
import secrets
import zlib
from collections.abc import Mapping
from typing import Any, NamedTuple

from sim.errors import InputError
from sim.exports.staff.table import MOST_UNPACKED, Problems
from sim.words import Said, said

_IN_CHANNELS = "channel_messages_posted_count"
_NOT_PEOPLE = ("is_guest", "is_bot", "is_app")


class Act(NamedTuple):
    """What one person did on one day; `who` is a number that only this reading knows."""

    day: datetime.date
    who: int
    has_read: bool
    n_posts: int
    n_reactions: int


def unpacked(content: bytes, problems: Problems) -> bytes:
    """Return the content of a file that may be packed by gzip, as Slack sends it."""
    if content[:2] != b"\x1f\x8b":
        return content
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
            found = packed.read(MOST_UNPACKED + 1)
    except (OSError, EOFError, zlib.error):
        found = b""
    if not found or len(found) > MOST_UNPACKED:
        raise InputError(said("staff.at", where=problems.file, message=said("usage.packed")))
    return found


def is_log(content: bytes) -> bool:
    """Return whether a file holds JSON."""
    return content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")


def read(
    content: bytes, name: str, problems: Problems
) -> tuple[str, list[tuple[Any, ...]], tuple[Act, ...], tuple[Said, ...]]:
    """Return kind, counts (as `Count` takes them), acts and notes of such a file."""
    rows = _rows(content, problems)
    problems.stop_if_any()
    keys: set[str] = set()
    for _, row in rows:
        keys.update(row)
    if {"date", "user_id"} <= keys:
        acts, notes = _slack(rows, problems)
        return "slack", [], acts, notes
    if {"name", "value"} <= keys:
        return "mattermost", _mattermost(rows, name, problems), (), ()
    problems.add(1, 0, "", said("usage.no_json_kind", names=", ".join(sorted(keys)[:8])))
    return "", [], (), ()


def _rows(content: bytes, problems: Problems) -> list[tuple[int, Mapping[str, Any]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problems.add(content.count(b"\n", 0, error.start) + 1, 0, "", said("usage.not_utf8"))
        return []
    if text.lstrip().startswith("["):
        return [(place, row) for place, row in enumerate(_parsed(text, 1, problems, list) or [], start=1)]
    rows = []
    for line, each in enumerate(text.splitlines(), start=1):
        if each.strip():
            row = _parsed(each, line, problems, dict)
            if row is not None:
                rows.append((line, row))
    return rows


def _parsed(text: str, line: int, problems: Problems, form: type[Any]) -> Any:
    found: Any
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, form) or (form is list and not all(isinstance(row, dict) for row in found)):
        problems.add(line, 0, "", said("usage.not_json"))
        return None
    return found


def _day(value: Any) -> datetime.date | None:
    try:
        found = datetime.date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
    return found if 2005 <= found.year <= datetime.date.today().year + 1 else None


def _count(row: Mapping[str, Any], key: str) -> int | None:
    """Return a count, 0 where there is none; None where it is something else."""
    value = row.get(key, 0)
    value = 0 if value is None else value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


_KEY = secrets.token_bytes(16)  # of this process alone: nobody can go back from a number to an id


def _number_of(who: str) -> int:
    """Return a number for an id, the same in all files that are read together."""
    return int.from_bytes(hashlib.blake2b(who.encode(), key=_KEY, digest_size=8).digest(), "big")


def _slack(rows: list[tuple[int, Mapping[str, Any]]], problems: Problems) -> tuple[tuple[Act, ...], tuple[Said, ...]]:
    seen: dict[tuple[datetime.date, int], int] = {}
    acts = []
    n_guests = 0
    for line, row in rows:
        if any(row.get(key) is True for key in _NOT_PEOPLE):
            n_guests += 1
            continue
        day, who = _day(row.get("date")), row.get("user_id")
        if day is None:
            problems.add(line, 0, "date", said("usage.json_day"))
        if not isinstance(who, str) or not who:
            problems.add(line, 1, "user_id", said("usage.json_user"))
        is_active = row.get("is_active", False)
        if not isinstance(is_active, bool):
            problems.add(line, 2, "is_active", said("usage.json_yes_no"))
        # Messages in channels are what others find; those between two people are no posts.
        posts_key = (
            "channel_messages_posted_count" if "channel_messages_posted_count" in row else "messages_posted_count"
        )
        n = {key: _count(row, key) for key in (posts_key, "reactions_added_count")}
        for place, (key, value) in enumerate(n.items()):
            if value is None:
                problems.add(line, 3 + place, key, said("usage.json_count"))
        if day is None or not isinstance(who, str) or None in n.values():
            continue
        n_posts, n_reactions = int(n[posts_key] or 0), int(n["reactions_added_count"] or 0)
        someone = _number_of(who)
        if (day, someone) in seen:
            problems.add(line, 1, "user_id", said("usage.person_twice", line=seen[day, someone]))
        seen[day, someone] = line
        acts.append(Act(day, someone, bool(is_active) or n_posts > 0 or n_reactions > 0, n_posts, n_reactions))
    notes = (said("usage.note.guests", n=n_guests),) if n_guests else ()
    return tuple(acts), notes


def _mattermost(rows: list[tuple[int, Mapping[str, Any]]], name: str, problems: Problems) -> list[tuple[Any, ...]]:
    from sim.exports.staff.cells import letters

    told = letters(name)
    figure = "posters" if "user" in told else "posts" if "post" in told else ""
    if not figure:
        problems.add(1, 0, "", said("usage.mattermost_name"))
        return []
    found: dict[datetime.date, tuple[Any, ...]] = {}
    for line, row in rows:
        day, value = _day(row.get("name")), _count(row, "value")
        if day is None:
            problems.add(line, 0, "name", said("usage.json_day"))
        if value is None:
            problems.add(line, 1, "value", said("usage.json_count"))
        if day is not None and day in found:
            problems.add(line, 0, "name", said("usage.day_twice", line=found[day][-1].rpartition(":")[2]))
        if day is not None and value is not None:
            found[day] = (figure, float(value), 1, day, None, False, 0.0, f"{name}:{line}")
    return list(found.values())
