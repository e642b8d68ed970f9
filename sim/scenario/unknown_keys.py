"""Messages about keys that do not exist: what was probably meant, and what may stand there."""

from __future__ import annotations

from collections.abc import Iterable

from sim.scenario.coefficients import MERGED
from sim.scenario.framing import SHARES
from sim.scenario.located import KeyPath
from sim.scenario.parameters import PARAMETER_BY_PATH
from sim.scenario.structure import CHANGEABLE, keys_of
from sim.scenario.wording import did_you_mean, either
from sim.texts.said import said

_LISTED = 12  # a longer list of keys helps nobody
CHANGE_KEYS = ("week", "departments", "set")
_PATH_BY_LEAF = {path.rsplit(".", 1)[1]: path for path in PARAMETER_BY_PATH}
_CHANGEABLE_PATHS = tuple(entry.path for entry in CHANGEABLE)


def listed(names: Iterable[str]) -> str:
    """Return names on one line, only the first of very many."""
    names = tuple(names)
    return (
        ", ".join(names)
        if len(names) <= _LISTED
        else said("refusal.listed", names=", ".join(names[:3]), n=len(names) - 3)
    )


def unknown_key(path: KeyPath, group: str, is_in_file: bool = False) -> str:
    """Return the message for a key that does not exist where it stands.

    Parameters
    ----------
    path : tuple
        Path of the key.
    group : str
        Dotted path of the group around it, as the registry calls it.
    is_in_file : bool
        Whether it is written in a file, where keys stand in groups.
    """
    if path[:1] == ("changes",) and len(path) == 4:
        return _unchangeable_key(str(path[3]))
    key = str(path[-1])
    siblings = CHANGE_KEYS if path[:1] == ("changes",) and len(path) == 3 else keys_of(group)
    elsewhere = [known for known in PARAMETER_BY_PATH if known == key or known.endswith(f".{key}")]
    if key in elsewhere and not group:
        return said("refusal.in_groups", written=_in_groups(key))
    if elsewhere and is_in_file:
        written = either([_in_groups(known) for known in elsewhere[:3]])
        return said("refusal.elsewhere_in_groups", names=either(elsewhere[:3]), written=written)
    if elsewhere:
        return said("refusal.elsewhere_key", names=either(elsewhere[:3]))
    if group == "behavior" and key in MERGED:
        return _merged(key)
    hint = did_you_mean(key, siblings) or did_you_mean(key, _PATH_BY_LEAF, _PATH_BY_LEAF)
    return said("refusal.unknown_key", names=listed(siblings), hint=hint)


def _in_groups(path: str) -> str:
    """Return a dotted key as it is written in a file.

    Examples
    --------
    >>> _in_groups("rules.restriction")
    'rules: {restriction: ...}'
    >>> _in_groups("launch.framing.clarity")  # no framing in numbers without the three shares
    'launch: {framing: {social: ..., collaboration: ..., broadcast: ..., clarity: ...}}'
    """
    groups, _, key = path.rpartition(".")
    keys = dict.fromkeys([*SHARES, key] if groups == "launch.framing" else [key])
    written = ", ".join(f"{name}: ..." for name in keys)
    for group in reversed(groups.split(".") if groups else []):
        written = f"{group}: {{{written}}}"
    return written


def _unchangeable_key(key: str) -> str:
    if key in PARAMETER_BY_PATH:
        return said("refusal.cannot_change", names=", ".join(_changeable_summary()))
    example = next((path for path in _CHANGEABLE_PATHS if path.startswith(f"{key}.")), None)
    if example is not None:
        return said("refusal.is_group", example=example)
    return said(
        "refusal.unknown", hint=did_you_mean(key, _CHANGEABLE_PATHS) or did_you_mean(key, _PATH_BY_LEAF, _PATH_BY_LEAF)
    )


def unknown_setting(key: str) -> str:
    """Return the message for a dotted key that no scenario has.

    Examples
    --------
    >>> unknown_setting("rules.restrictoin")
    'unknown key; did you mean rules.restriction?'
    """
    if key.startswith("behavior.") and key.removeprefix("behavior.") in MERGED:
        return _merged(key.removeprefix("behavior."))
    exact = [path for path in PARAMETER_BY_PATH if path.endswith(f".{key.rsplit('.', 1)[-1]}")]
    if exact:
        return said("refusal.unknown_meant", names=either(exact[:3]))
    hint = did_you_mean(key, PARAMETER_BY_PATH) or did_you_mean(key, _PATH_BY_LEAF, _PATH_BY_LEAF)
    return said("refusal.unknown", hint=hint or said("refusal.hint.list"))


def _merged(name: str) -> str:
    """Return the message for a coefficient that earlier versions had."""
    successor, _ = MERGED[name]
    return said("refusal.merged_into", key=successor) if successor else said("refusal.merged_away")


def _changeable_summary() -> list[str]:
    sections = [f"{section}.*" for section in ("rules", "leadership")]
    covered = ("rules.", "leadership.", "launch.framing.")
    return sections + [path for path in _CHANGEABLE_PATHS if not path.startswith(covered)]
