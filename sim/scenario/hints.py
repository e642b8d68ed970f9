"""The words of messages about keys and values: what is allowed, what was given, what was probably meant."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.catalog.registry import CHANGEABLE, MERGED, PARAMETER_BY_PATH, SHARES, Parameter, keys_of
from sim.words import said

if TYPE_CHECKING:
    from sim.scenario.places import KeyPath

_SHOWN_LENGTH = 40
_NOT_FINITE = {"inf": ".inf", "-inf": "-.inf", "nan": ".nan"}
_THOUSANDS = re.compile(r"\d{1,3}([ .,']\d{3})+")
_NUMBER_IN_TEXT = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")


def number(value: float) -> str:
    """Return a limit without needless decimals.

    Examples
    --------
    >>> number(1.0), number(0.05), number(2000000)
    ('1', '0.05', '2000000')
    """
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(value)


def shown(value: Any) -> str:
    """Return a value as it would be written in YAML, shortened, safe to print on one line.

    Examples
    --------
    >>> shown(True), shown(None), shown("opne"), shown([1, 2])
    ('true', 'empty', "'opne'", 'a list')
    """
    if value is None:
        return said("refusal.value.empty")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if abs(value) < 10**_SHOWN_LENGTH else said("refusal.value.large")
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else _NOT_FINITE[str(value)]
    if isinstance(value, str):
        return repr(value if len(value) <= _SHOWN_LENGTH else value[: _SHOWN_LENGTH - 3] + "...")
    if isinstance(value, (list, tuple)):
        return said("refusal.value.list") if value else said("refusal.value.empty_list")
    if isinstance(value, dict):
        return said("refusal.value.group") if value else said("refusal.value.empty_group")
    return said("refusal.value.object", type=type(value).__name__)


def did_you_mean(given: Any, allowed: Iterable[str], shown_as: Mapping[str, str] | None = None) -> str:
    """Return ``; did you mean ...?`` for the nearest of `allowed`, or nothing.

    Where `shown_as` is given, it tells how to show each of them.

    Examples
    --------
    >>> did_you_mean("restrictoin", ["restriction", "guidance"])
    '; did you mean restriction?'
    """
    if not isinstance(given, str) or len(given) > 10 * _SHOWN_LENGTH:
        return ""
    by_folded = {_folded(name): name if shown_as is None else shown_as[name] for name in allowed}
    near = difflib.get_close_matches(_folded(given), by_folded, n=1, cutoff=0.6)
    return said("refusal.did_you_mean", name=by_folded[near[0]]) if near else ""


def _folded(name: str) -> str:
    return name.lower().replace("-", "_").replace(" ", "_")


def either(names: Sequence[str]) -> str:
    """Return some names of which one is meant.

    Examples
    --------
    >>> either(["a"]), either(["a", "b", "c"])
    ('a', 'a or b or c')
    """
    *others, last = names
    return said("refusal.or", names=either(others), last=last) if others else last


def allowed(parameter: Parameter, is_needed: bool = False) -> str:
    """Return what a value of this parameter may be, to follow the words "must be".

    With `is_needed`, nothing is said of leaving it empty.
    """
    if parameter.kind == "bool":
        return said("refusal.allowed.bool")
    if parameter.kind == "choice" and len(parameter.choices) > 1:
        return said("refusal.allowed.choice", names=", ".join(parameter.choices))
    if parameter.kind == "choice":
        return parameter.choices[0]
    if parameter.kind == "text":
        return said("refusal.allowed.text")
    if parameter.kind == "date":
        return said("refusal.allowed.day")
    if parameter.kind == "columns":
        return said("refusal.allowed.columns")
    key = "refusal.allowed.whole" if parameter.kind == "int" else "refusal.allowed.number"
    is_optional = parameter.default is None and not is_needed
    return said(key, limits=_limits(parameter), or_empty=said("refusal.allowed.or_empty") if is_optional else "")


def _limits(parameter: Parameter) -> str:
    if parameter.low is None:
        return ""
    if parameter.high is None:
        return said("refusal.allowed.at_least", low=number(parameter.low))
    return said("refusal.allowed.between", low=number(parameter.low), high=number(parameter.high))


def must_be(parameter: Parameter, value: Any, is_needed: bool = False) -> str:
    """Return the whole message for a value that the parameter does not allow."""
    wanted, hint = allowed(parameter, is_needed), _hint(parameter, value)
    return said("refusal.must_be_hint", allowed=wanted, value=shown(value), hint=hint)


def _hint(parameter: Parameter, value: Any) -> str:
    """Return advice for slips that are made often."""
    if parameter.kind == "choice":
        return did_you_mean(value, parameter.choices)
    if parameter.kind == "bool" and isinstance(value, str) and value.lower() in _SWITCHES:
        return said("refusal.hint.write", value=_SWITCHES[value.lower()])
    if parameter.kind in ("float", "int") and isinstance(value, str):
        return _hint_for_number(parameter, value.strip())
    return ""


_SWITCHES = {"on": "true", "yes": "true", "off": "false", "no": "false", "true": "true", "false": "false"}


def _hint_for_number(parameter: Parameter, text: str) -> str:
    """Return how a number in a text is written, where the parameter allows what it would then be."""
    with_point = text.replace(",", ".", 1)
    if _is_allowed(parameter, text):
        return said("refusal.hint.quotes")
    if _is_allowed(parameter, with_point):
        return said("refusal.hint.point", value=with_point)
    if _THOUSANDS.fullmatch(text) and _is_allowed(parameter, whole := re.sub(r"\D", "", text)):
        return said("refusal.hint.write", value=whole)
    share = with_point.removesuffix("%").strip()
    if with_point.endswith("%") and _NUMBER_IN_TEXT.fullmatch(share):
        value = number(round(float(share) / 100, 10))
        return said("refusal.hint.write", value=value) if _is_allowed(parameter, value) else ""
    return ""


def _is_allowed(parameter: Parameter, text: str) -> bool:
    """Return whether a text is a number that a parameter takes, written as in YAML."""
    if not _NUMBER_IN_TEXT.fullmatch(text) or (parameter.kind == "int" and not text.lstrip("+-").isdigit()):
        return False
    low = -math.inf if parameter.low is None else parameter.low
    high = math.inf if parameter.high is None else parameter.high
    return low <= (int(text) if parameter.kind == "int" else float(text)) <= high


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
    """Return the message for a key that does not exist where it stands: in `group`, as the registry calls it.

    In a file (`is_in_file`) keys stand in groups.
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
