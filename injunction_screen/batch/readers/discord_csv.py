"""DiscordChatExporter's CSV: ``AuthorID,Author,Date,Content,Attachments,Reactions``.

It has no ids of messages, so they are ``row-1``, ``row-2`` and so on.
Source: DiscordChatExporter, ``CsvMessageWriter.cs``.
"""

from __future__ import annotations

from injunction_screen.batch.readers.generic import csv_rows
from injunction_screen.batch.rows import Message, NoPost, Row, message, own_id, string, when

__all__ = ["TITLE", "post", "recognises", "rows"]

TITLE = "DiscordChatExporter CSV"
_HEADER = ("AuthorID", "Author", "Date", "Content", "Attachments")
rows = csv_rows


def recognises(name: str, head: bytes, places: frozenset[str]) -> bool:
    """Whether a dump that begins so is one of these."""
    first = head.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0].decode("utf-8", "replace")
    return tuple(cell.strip(' \r"') for cell in first.split(","))[:5] == _HEADER


def post(row: Row) -> Message:
    """The message in a row; the attachments are links.

    Raises:
        NoPost: there is no text column.
    """
    record = row.mapping
    if "Content" not in record:
        raise NoPost("no text: 'Content' is not there")
    return message(
        [("text", string(record, "Content")), ("file", string(record, "Attachments"))],
        id=own_id(row),
        author=string(record, "Author") or string(record, "AuthorID"),
        created_at=when(record.get("Date")),
        platform="discord",
    )
