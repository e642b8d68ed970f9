"""Where the shipped scenarios and experiments are: in the repository, or inside an installed package."""

from __future__ import annotations

from pathlib import Path

SUFFIX = ".yaml"
_PACKAGE = Path(__file__).resolve().parents[1]


def shipped_folder() -> Path:
    """Return the folder of the shipped scenarios.

    A wheel carries them in the package; a checkout, also when installed editable, has them beside it.
    """
    return _folder("scenarios")


def _folder(name: str) -> Path:
    installed = _PACKAGE / "library" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def shipped_names() -> tuple[str, ...]:
    """Return the names of the shipped scenarios, in the order of the alphabet, the baseline first."""
    names = sorted(path.stem for path in shipped_folder().glob(f"*{SUFFIX}"))
    return tuple(sorted(names, key=lambda name: name != "baseline"))


def shipped_file(name: str) -> Path | None:
    """Return the file of a shipped scenario, or None where `name` is not the bare name of one."""
    return shipped_folder() / f"{name}{SUFFIX}" if name in shipped_names() else None


def experiments_folder() -> Path:
    """Return the folder of the shipped experiments, found as that of the scenarios."""
    return _folder("experiments")


def experiment_names() -> tuple[str, ...]:
    """Return the names of the shipped experiments, in the order of the alphabet."""
    return tuple(sorted(path.stem for path in experiments_folder().glob(f"*{SUFFIX}")))


def experiment_file(name: str) -> Path | None:
    """Return the file of a shipped experiment, or None where `name` is not the bare name of one."""
    return experiments_folder() / f"{name}{SUFFIX}" if name in experiment_names() else None
