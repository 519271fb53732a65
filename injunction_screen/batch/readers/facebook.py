"""The archive of a Facebook or Instagram account: posts, comments, Messenger and direct messages.

Each file is a list of records, alone or under a name that changes from version to version
(``comments_v2``), so every text is taken wherever it stands in its record.  The files hold UTF-8
read as Latin-1, which is undone string by string where that can be.  Posts have no ids: they are
``row-1``, ``row-2`` and so on.  Source: Waultar, ``content_examples.md``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from injunction_screen.batch.readers.walk import Keys, walk
from injunction_screen.batch.rows import Dump, Message, Row, message, own_id, string, when

__all__ = ["TITLE", "post", "recognises", "rows", "unmangled"]

TITLE = "Facebook or Instagram archive"
_PEOPLE = ("participants", "magic_words")
_FIELDS = {  # keys under which text stands, and what it is
    "post": "text",
    "comment": "text",
    "content": "text",
    "text": "text",
    "value": "text",
    "title": "title",
    "name": "title",
    "question": "poll",
    "option": "poll",
    "description": "caption",
    "caption": "caption",
    "address": "place",
    "url": "link",
    "link": "link",
    "href": "link",
    "share_text": "forwarded",
}
_TIMES = ("timestamp_ms", "timestamp", "creation_timestamp", "taken_at")
_MARKS = ("string_map_data", "string_list_data", "media.item.creation_timestamp")


def recognises(name: str, head: bytes, places: frozenset[str]) -> bool:
    """Whether a dump that begins so is one of these."""
    if {"participants", "messages"} <= places or "messages.item.sender_name" in places:
        return True
    if any(place.endswith(_MARKS) for place in places):
        return True
    for place in places:
        above = place.removesuffix(".timestamp")
        beside = {f"{above}.data", f"{above}.attachments"} & places
        if above != place and above.split(".")[-1] == "item" and beside:
            return True
    return False


def rows(dump: Dump) -> Iterator[Row]:
    """Every record of the list."""
    return walk(dump, records=_is_record, title=TITLE)


def _is_record(where: Keys) -> bool:
    listed = len(where) == 2 and where[1] == "item" and where[0] not in (*_PEOPLE, "item")
    return listed or where == ("item",)


def post(row: Row) -> Message:
    """The message in a row.

    Raises:
        NoPost: a text is none.
    """
    record = row.mapping
    found: dict[tuple[str, str], None] = {}
    _texts(record, found)
    moment = next((value for key in _TIMES if (value := _first(record, key))), None)
    return message(
        found,
        id=own_id(row, "id"),
        author=unmangled(string(record, "sender_name") or str(_first(record, "author") or "")),
        created_at=when(moment),
        platform="facebook",
    )


def _texts(value: Any, found: dict[tuple[str, str], None]) -> None:
    """Every text in a record, once, in the order of the record."""
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(inner, (dict, list)):
            _texts(inner, found)
        elif isinstance(inner, str) and key in _FIELDS and inner:
            found[_FIELDS[str(key)], unmangled(inner)] = None


def _first(record: Any, key: str) -> Any:
    """The first value under a key, however deep it stands: comments keep time and author there."""
    if isinstance(record, dict) and isinstance(record.get(key), (str, int)):
        return record[key]
    inner = record.values() if isinstance(record, dict) else record
    for value in inner:
        if isinstance(value, (dict, list)) and (found := _first(value, key)):
            return found
    return None


def unmangled(text: str) -> str:
    r"""Text whose UTF-8 was read as Latin-1, read rightly; other text as it is.

    >>> unmangled("\xe8\xad\xa6"), unmangled("caf\xe9"), unmangled("警")
    ('警', 'café', '警')
    """
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text
