"""The outbox of a Mastodon account (``outbox.json``): ``orderedItems`` of what it did.

Text is the HTML in ``content``, the warning in ``summary``, captions of attachments and the
options of polls.  A boost is only the address of somebody else's post.
Source: Mastodon, ``backup_service.rb``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from injunction_screen.batch.readers.markup import read_html
from injunction_screen.batch.readers.walk import Keys, walk
from injunction_screen.batch.rows import (
    Dump,
    Message,
    NoPost,
    Row,
    listed,
    mapping,
    message,
    own_id,
    string,
    when,
)

__all__ = ["TITLE", "post", "recognises", "rows"]

TITLE = "Mastodon outbox"


def recognises(name: str, head: bytes, places: frozenset[str]) -> bool:
    """Whether a dump that begins so is one of these."""
    return "orderedItems" in places


def rows(dump: Dump) -> Iterator[Row]:
    """Every activity."""
    return walk(dump, records=_is_activity, title=TITLE)


def _is_activity(where: Keys) -> bool:
    return where == ("orderedItems", "item")


def post(row: Row) -> Message:
    """The message in a row.

    Raises:
        NoPost: a text is none.
    """
    record = row.mapping
    note = record.get("object")
    if isinstance(note, str):
        return message(
            [("boost", note)],
            id=own_id(row, "id"),
            author=string(record, "actor"),
            created_at=when(record.get("published")),
            platform="mastodon",
        )
    if not isinstance(note, dict):
        raise NoPost("no text: 'object' is not there")
    return message(
        _parts(note),
        id=string(note, "id") or own_id(row, "id"),
        author=string(note, "attributedTo") or string(record, "actor"),
        created_at=when(note.get("published")) or when(record.get("published")),
        url=string(note, "url"),
        platform="mastodon",
        parent=string(note, "inReplyTo"),
    )


def _parts(note: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield "summary", string(note, "summary")
    versions = mapping(note, "contentMap")
    sources = [string(note, "content"), *(string(versions, key) for key in versions)]
    for source in dict.fromkeys(sources):  # the same in every language, as a rule
        page = read_html(source)
        yield "text", page.text
        yield "quote", page.quote  # markdown's: nobody knows whose words
        for link in page.links:
            yield "link", link
    for attachment in listed(note, "attachment"):
        yield "caption", string(attachment, "name")
    for key in ("oneOf", "anyOf"):
        for option in listed(note, key):
            yield "poll", string(option, "name")
