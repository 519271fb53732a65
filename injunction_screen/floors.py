"""Floors under the figures of an evaluation: they only ever rise.

A floors file is TOML with one table, ``[floors]``: the name of a figure and the least it may be.

>>> below({"flag_recall": 0.91}, {"flag_recall": 0.95})
['flag_recall is 0.9100, its floor is 0.9500']
>>> raised({"flag_recall": 0.91, "flag_precision": 0.99}, {"flag_recall": 0.95})
{'flag_precision': 0.99, 'flag_recall': 0.95}
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from injunction_screen.errors import InputError

if sys.version_info >= (3, 11):
    import tomllib
else:  # pragma: no cover
    import tomli as tomllib

__all__ = ["below", "raised", "read_floors", "write_floors"]


def read_floors(path: str | Path) -> dict[str, float]:
    """The floors of a file.

    Raises:
        InputError: the file cannot be read or is not a floors file.
    """
    try:
        data = tomllib.loads(Path(path).read_text(encoding="utf-8"))
        return {name: float(value) for name, value in data["floors"].items()}
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: is not TOML: {error}") from None
    except (KeyError, AttributeError, TypeError, ValueError):
        raise InputError(f"{path}: needs a table [floors] of figures") from None


def below(figures: Mapping[str, float], floors: Mapping[str, float]) -> list[str]:
    """What fell below its floor, or is not measured any more."""
    faults = []
    for name, floor in floors.items():
        if name not in figures:
            faults.append(f"{name} is not measured any more, its floor is {floor:.4f}")
        elif figures[name] < floor:
            faults.append(f"{name} is {figures[name]:.4f}, its floor is {floor:.4f}")
    return faults


def raised(figures: Mapping[str, float], floors: Mapping[str, float]) -> dict[str, float]:
    """The floors lifted to the figures; none is lowered or dropped."""
    names = sorted({*figures, *floors})
    return {name: max(figures.get(name, 0.0), floors.get(name, 0.0)) for name in names}


def write_floors(path: str | Path, floors: Mapping[str, float]) -> None:
    """Write a floors file, its opening comment kept."""
    file = Path(path)
    before = file.read_text(encoding="utf-8") if file.exists() else ""
    head = before.partition("[floors]")[0]
    lines = [f"{name} = {value:.4f}" for name, value in floors.items()]
    file.write_text(head + "\n".join(["[floors]", *lines, ""]), encoding="utf-8")
