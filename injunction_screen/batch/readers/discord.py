"""DiscordChatExporter's JSON: ``{guild, channel, messages}``.

Text is in ``content``, and in embeds, names of attachments and stickers, and the message that was
forwarded.  Ids are strings.  Source: DiscordChatExporter, ``JsonMessageWriter.cs``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from injunction_screen.batch.readers.walk import Keys, walk
from injunction_screen.batch.rows import (
    Dump,
    Message,
    Row,
    listed,
    mapping,
    message,
    own_id,
    string,
    when,
)

__all__ = ["TITLE", "post", "recognises", "rows"]

TITLE = "DiscordChatExporter JSON"
_CONTEXT = frozenset((("guild", "id"), ("channel", "id")))


def recognises(name: str, head: bytes, places: frozenset[str]) -> bool:
    """Whether a dump that begins so is one of these."""
    return {"guild", "channel"} <= places


def rows(dump: Dump) -> Iterator[Row]:
    """Every message of the channel."""
    return walk(dump, records=_is_message, title=TITLE, context=_CONTEXT)


def _is_message(where: Keys) -> bool:
    return where == ("messages", "item")


def post(row: Row) -> Message:
    """The message in a row.

    Raises:
        NoPost: a text is none.
    """
    record = row.mapping
    author = mapping(record, "author")
    number = own_id(row, "id")
    guild, channel = string(row.context, "guild.id"), string(row.context, "channel.id")
    place = f"{'@me' if guild == '0' else guild}/{channel}"
    return message(
        _parts(record),
        id=number,
        author=string(author, "name") or string(author, "id"),
        created_at=when(record.get("timestamp")),
        url=f"https://discord.com/channels/{place}/{number}" if guild and channel else None,
        platform="discord",
        parent=string(mapping(record, "reference"), "messageId"),
    )


def _parts(record: dict[str, Any], text: str = "text") -> Iterator[tuple[str, str]]:
    yield text, string(record, "content")
    for embed in listed(record, "embeds"):
        yield "embed", "\n".join(filter(None, _embed(embed)))
    for attachment in listed(record, "attachments"):
        yield "file", string(attachment, "fileName")
    for sticker in listed(record, "stickers"):
        yield "sticker", string(sticker, "name")
    forwarded = mapping(record, "forwardedMessage")
    if forwarded:
        yield from _parts({**forwarded, "forwardedMessage": None}, "forwarded")


def _embed(embed: dict[str, Any]) -> Iterator[str]:
    yield string(mapping(embed, "author"), "name")
    for key in ("title", "url", "description"):
        yield string(embed, key)
    for field in listed(embed, "fields"):
        yield string(field, "name")
        yield string(field, "value")
    yield string(mapping(embed, "footer"), "text")
