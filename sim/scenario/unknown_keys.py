"""Messages about keys that do not exist: what was probably meant, and what may stand there."""

from __future__ import annotations

from collections.abc import Iterable

from sim.scenario.located import KeyPath
from sim.scenario.parameters import PARAMETER_BY_PATH
from sim.scenario.structure import CHANGEABLE, keys_of
from sim.scenario.wording import did_you_mean

_LISTED = 12  # a longer list of keys helps nobody
_CHANGE_KEYS = ("week", "set")
_PATH_BY_LEAF = {path.rsplit(".", 1)[1]: path for path in PARAMETER_BY_PATH}
_CHANGEABLE_PATHS = tuple(entry.path for entry in CHANGEABLE)


def listed(names: Iterable[str]) -> str:
    """Return names on one line, only the first of very many."""
    names = tuple(names)
    return ", ".join(names) if len(names) <= _LISTED else f"{', '.join(names[:3])} and {len(names) - 3} others"


def unknown_key(path: KeyPath, group: str) -> str:
    """Return the message for a key that does not exist where it stands.

    Parameters
    ----------
    path : tuple
        Path of the key.
    group : str
        Dotted path of the group around it, as the registry calls it.
    """
    if path[:1] == ("changes",) and len(path) == 4:
        return _unchangeable_key(str(path[3]))
    key = str(path[-1])
    siblings = _CHANGE_KEYS if path[:1] == ("changes",) and len(path) == 3 else keys_of(group)
    elsewhere = [known for known in PARAMETER_BY_PATH if known == key or known.endswith(f".{key}")]
    if key in elsewhere and not group:
        return f"unknown key; write it in groups, {_in_groups(key)}"
    if elsewhere:
        return f"unknown key here; did you mean {' or '.join(elsewhere[:3])}?"
    hint = did_you_mean(key, siblings) or did_you_mean(key, _PATH_BY_LEAF, _PATH_BY_LEAF)
    return f"unknown key; allowed: {listed(siblings)}{hint}"


def _in_groups(path: str) -> str:
    """Return a dotted key as it is written in a file.

    Examples
    --------
    >>> _in_groups("rules.restriction")
    'rules: {restriction: ...}'
    """
    group, _, rest = path.partition(".")
    return f"{group}: {{{_in_groups(rest)}}}" if rest else f"{group}: ..."


def _unchangeable_key(key: str) -> str:
    if key in PARAMETER_BY_PATH:
        return f"cannot change during the run; these can: {', '.join(_changeable_summary())}"
    example = next((path for path in _CHANGEABLE_PATHS if path.startswith(f"{key}.")), None)
    if example is not None:
        return f"is a group; set its keys one by one, such as {example}"
    return f"unknown key{did_you_mean(key, _CHANGEABLE_PATHS) or did_you_mean(key, _PATH_BY_LEAF, _PATH_BY_LEAF)}"


def unknown_setting(key: str) -> str:
    """Return the message for a dotted key that no scenario has.

    Examples
    --------
    >>> unknown_setting("rules.restrictoin")
    'unknown key; did you mean rules.restriction?'
    """
    exact = [path for path in PARAMETER_BY_PATH if path.endswith(f".{key}")]
    if exact:
        return f"unknown key; did you mean {' or '.join(exact[:3])}?"
    hint = did_you_mean(key, PARAMETER_BY_PATH) or did_you_mean(key, _PATH_BY_LEAF, _PATH_BY_LEAF)
    return f"unknown key{hint or '; intranet-sim parameters lists all keys'}"


def _changeable_summary() -> list[str]:
    sections = [f"{section}.*" for section in ("rules", "leadership")]
    covered = ("rules.", "leadership.", "launch.framing.")
    return sections + [path for path in _CHANGEABLE_PATHS if not path.startswith(covered)]
