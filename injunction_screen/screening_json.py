"""A screening as plain values for JSON, and back.

In and out: a ``Screening`` and a ``dict`` of the form that ``screening.schema.json`` describes
(JSON Schema 2020-12, shipped in the package; ``schema()`` reads it).  Reading is strict about the
fields that it knows, and leaves alone those that it does not: a later version may have more.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields
from functools import cache
from importlib import resources
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from injunction_screen.errors import InputError
from injunction_screen.offsets import UNITS, Offsets, Unit
from injunction_screen.records import Cue, Detail, Limb, Link, Purpose, Screening, Subject

__all__ = ["from_plain", "schema", "to_plain"]

_LISTS: Mapping[str, type] = {
    "details": Detail, "cues": Cue, "subjects": Subject, "links": Link, "limbs": Limb,
    "purposes": Purpose,
}  # fmt: skip
_PERSONAL = ("text", "value")
_Record = TypeVar("_Record")


@cache
def schema() -> Mapping[str, Any]:
    """The JSON Schema of a screening, the same for every unit and with or without text."""
    source = resources.files("injunction_screen") / "screening.schema.json"
    return json.loads(source.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


# -- out ---------------------------------------------------------------------------------------


def to_plain(
    screening: Screening, text: str, *, personal: bool = False, unit: Unit = "code_point"
) -> dict[str, Any]:
    """The screening of ``text`` as plain values; ``personal`` adds the details themselves.

    Raises:
        InputError: for another unit, or one that cannot be told without the text.
    """
    if unit != "code_point" and not text and any(_spans(screening)):
        raise InputError(f"offsets in {unit} need the text of the post")
    offsets = Offsets(text, unit)
    out: dict[str, Any] = {
        "id": screening.id,
        "outcome": screening.outcome,
        "flagged": screening.flagged,
        "score": screening.score,
        "incomplete": screening.incomplete,
        "ruleset": screening.ruleset,
        "related": list(screening.related),
        "read": screening.read,
        "offsets": unit,
    }
    for name in _LISTS:
        records = getattr(screening, name)
        out[name] = [_plain(record, offsets, personal=personal) for record in records]
    out["categories"] = screening.categories
    out["category_scores"] = screening.category_scores
    return out


def _spans(screening: Screening) -> Iterable[Any]:
    return (*screening.details, *screening.cues, *screening.subjects, *screening.purposes)


def _plain(record: Any, offsets: Offsets, *, personal: bool) -> dict[str, Any]:
    out = {
        field.name: list(value)
        if isinstance(value := getattr(record, field.name), tuple)
        else value
        for field in fields(record)
        if personal or field.name not in _PERSONAL
    }
    if "start" in out:
        out["start"], out["end"] = offsets.of(record.start, record.end)
    return out


# -- and back ----------------------------------------------------------------------------------


def from_plain(data: Mapping[str, Any], text: str = "") -> Screening:
    """The screening that ``to_plain`` wrote.

    With the ``text`` of the post its spans are checked and its details have their texts again;
    without it, what was written without them comes back without them.

    Raises:
        InputError: something is missing or is not of its kind; the message says where.
    """
    if not isinstance(data, Mapping):
        raise InputError(f"a screening is a mapping, not {type(data).__name__}")
    unit = data.get("offsets", "code_point")
    if unit not in UNITS:
        raise InputError(f"offsets: is one of {', '.join(UNITS)}")
    if unit != "code_point" and not text and any(data.get(name) for name in _LISTS):
        raise InputError(f"offsets: in {unit} cannot be read without the text of the post")
    offsets = Offsets(text, unit)
    found = {name: data.get(name, []) for name in _LISTS}
    for name, records in found.items():
        if not isinstance(records, (list, tuple)):
            raise InputError(f"{name}: is no list")
    whole = {**data, "_text": text} | {
        name: tuple(
            _of(kind, _placed(item, text, offsets, f"{name}[{i}]"), f"{name}[{i}].")
            for i, item in enumerate(found[name])
        )
        for name, kind in _LISTS.items()
    }
    screening = _of(Screening, whole, "")
    _check_links(screening)
    return screening


def _placed(item: Any, text: str, offsets: Offsets, where: str) -> Mapping[str, Any]:
    """A record with its span in code points and, where the post is at hand, its text."""
    if not isinstance(item, Mapping):
        raise InputError(f"{where}: is no mapping")
    if "start" not in item:
        return item
    start = _value(int, item["start"], f"{where}.start")
    end = _value(int, item.get("end"), f"{where}.end")
    if not 0 <= start < end:
        raise InputError(f"{where}: {start}:{end} is no span")
    if text:
        try:
            start, end = offsets.back(start, end)
        except InputError as error:
            raise InputError(f"{where}: {error}") from None
    return {"text": text[start:end], "value": "", **item, "start": start, "end": end}


def _of(kind: type[_Record], data: Mapping[str, Any], where: str) -> _Record:
    kinds = _kinds(kind)  # type: ignore[arg-type]
    values = {}
    for field in fields(kind):  # type: ignore[arg-type]
        if field.name in data:
            values[field.name] = _value(kinds[field.name], data[field.name], where + field.name)
        elif field.default is MISSING:
            raise InputError(f"{where}{field.name}: is not there")
    return kind(**values)


@cache
def _kinds(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _value(kind: Any, value: Any, where: str) -> Any:
    """A value of the kind that a record's annotation names, lists as tuples."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        if value is None and NoneType in inner:
            return None
        (kind,) = (one for one in inner if one is not NoneType)
        return _value(kind, value, where)
    if origin is Literal:
        if value not in inner:
            raise InputError(f"{where}: is none of {', '.join(map(str, inner))}")
        return value
    if origin is tuple:
        if not isinstance(value, (list, tuple)):
            raise InputError(f"{where}: is no list")
        return tuple(_value(inner[0], one, f"{where}[{i}]") for i, one in enumerate(value))
    wanted: tuple[type, ...] = (int, float) if kind is float else (kind,)
    if not isinstance(value, wanted) or (isinstance(value, bool) and kind is not bool):
        raise InputError(f"{where}: is {type(value).__name__}, not {kind.__name__}")
    return float(cast(float, value)) if kind is float else value


def _check_links(screening: Screening) -> None:
    for number, one in enumerate(screening.links):
        for name in ("details", "cues", "subjects"):
            there = len(getattr(screening, name))
            if not all(0 <= at < there for at in getattr(one, name)):
                raise InputError(f"links[{number}].{name}: there are only {there} of them")
