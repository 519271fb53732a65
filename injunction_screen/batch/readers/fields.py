"""Posts in dumps of no known format: which field is which part of a post.

In: a row and a ``Fields`` mapping, which is found by the names that other tools use or given by
the user.  Out: its ``Message``, or ``NoPost`` with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from injunction_screen.batch.rows import Message, NoPost, Row, kind, message, string, when
from injunction_screen.errors import InputError

__all__ = ["NAMES", "PARTS", "Fields", "fields_among", "mapped"]

# What other tools call the fields of a post, the likeliest first.
NAMES: Mapping[str, tuple[str, ...]] = {
    "text": ("text", "message", "content", "contents", "body", "full_text", "msg"),
    "id": ("id", "post_id", "message_id", "id_str", "tweet_id", "comment_id", "uuid"),
    "author": ("author", "user", "username", "from", "sender", "screen_name", "author_id"),
    "created_at": ("created_at", "date", "timestamp", "time", "created_utc", "createdAt"),
    "url": ("url", "permalink", "link"),
    "platform": ("platform", "source"),
    "parent": ("parent", "parent_id", "reply_to", "in_reply_to", "in_reply_to_id"),
}
ALSO = ("title", "subject", "caption", "selftext")  # text besides the text
PARTS = (*NAMES, "also")


@dataclass(frozen=True, slots=True)
class Fields:
    """Which field of a row is which part of a post; "" for a part that the dump does not have.

    ``also`` are fields with more text, read before ``text``.  A name like ``user.id`` looks into
    a nested record.
    """

    text: str
    id: str = ""
    author: str = ""
    created_at: str = ""
    url: str = ""
    platform: str = ""
    parent: str = ""
    also: tuple[str, ...] = ()

    @property
    def columns(self) -> list[str]:
        """The names of all fields."""
        return [name for part in NAMES if (name := getattr(self, part))] + list(self.also)


def mapped(row: Row, fields: Fields) -> Message:
    """The message in a row that was parsed.

    >>> mapped(Row(1, {"body": "hello", "id": 7}), Fields("body", "id")).post
    Post(id='7', created_at=None, platform=None, parent=None)

    Raises:
        NoPost: there is no text.
    """
    record = row.mapping
    text = _at(record, fields.text)
    if not isinstance(text, str):
        reason = f"is {kind(text)}" if text is not _ABSENT else "is not there"
        raise NoPost(f"no text: '{fields.text}' {reason}")
    parts = [(fields.text, text)]
    if fields.also:
        there = {n: value for n in fields.also if (value := _at(record, n)) is not _ABSENT}
        parts[:0] = [(name, string(there, name)) for name in fields.also]
    return message(
        parts,
        id=fields.id and _part(record, fields.id),
        author=fields.author and _part(record, fields.author),
        created_at=fields.created_at and when(_at(record, fields.created_at)),
        url=fields.url and _part(record, fields.url),
        platform=fields.platform and _part(record, fields.platform),
        parent=fields.parent and _part(record, fields.parent),
    )


_ABSENT = object()


def _part(record: Mapping[str, Any], name: str) -> str | None:
    value = record.get(name)
    if value is None:
        value = _at(record, name)
    return None if value is None or value is _ABSENT else str(value)


def _at(record: Mapping[str, Any], name: str) -> Any:
    if name in record:
        return record[name]
    value: Any = record
    for key in name.split("."):
        value = value.get(key, _ABSENT) if isinstance(value, dict) else _ABSENT
    return value


def fields_among(
    path: object, records: Sequence[Mapping[str, Any]], named: Mapping[str, str | Sequence[str]]
) -> Fields:
    """Which field is which, by the names that other tools use; ``named`` settles some.

    Raises:
        InputError: no field looks like the text, or a named field is in no row.
    """
    present = dict.fromkeys(name for record in records for name in record)
    if not present:
        raise InputError(f"{path}: has no row with fields among the first ones")
    given = {part: name for part, name in named.items() if name}
    for name in _flat(given.values()):
        if all(_at(record, name) is _ABSENT for record in records):
            raise InputError(f"{path}: has no field '{name}'; there are: {_listed(present)}")
    also = given.pop("also", None)
    found = {part: str(name) for part, name in given.items()}
    spelt = {name.casefold(): name for name in reversed(present)}
    for part, names in NAMES.items():
        if part in found:
            continue
        taken = {*found.values(), *_flat([also or ()])}
        usual = (spelt.get(name.casefold()) for name in names)  # Text and Message in CSV files
        fits = (n for n in usual if n and n not in taken)
        if part == "text":  # a field of that name may hold a number or a mapping
            fits = (n for n in fits if _has_text(records, n))
        found[part] = next(fits, "")
    if not found["text"]:
        raise InputError(
            f"{path}: no field looks like the text; name it with --text-field, "
            f"there are: {_listed(present)}"
        )
    if also is None:
        taken = set(found.values())
        fits = (spelt[name] for name in ALSO if name in spelt)
        also = [n for n in fits if n not in taken and _has_text(records, n)]
    return Fields(**found, also=tuple(_flat([also])))


def _flat(names: Iterable[str | Sequence[str]]) -> list[str]:
    return [one for name in names for one in ([name] if isinstance(name, str) else name)]


def _has_text(records: Sequence[Mapping[str, Any]], name: str) -> bool:
    return any(isinstance(record.get(name), str) for record in records)


def _listed(names: Mapping[str, Any]) -> str:
    some = list(names)[:12]
    return ", ".join(some) + (" ..." if len(names) > len(some) else "")
