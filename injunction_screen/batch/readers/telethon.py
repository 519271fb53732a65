"""Telegram messages as Telethon writes them (``Message.to_dict``), one JSON object a line.

4CAT adds ``_sender`` and ``_chat``.  Text is in ``message``; ``media`` holds contacts, polls,
places, web pages and file names, ``entities`` the targets of links.
Source: 4CAT, ``datasources/telegram``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from injunction_screen.batch.readers.generic import objects
from injunction_screen.batch.rows import (
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

TITLE = "Telegram messages by Telethon or 4CAT"
_OWN = {"_sender", "_chat", "peer_id", "fwd_from", "reply_to_msg_id", "grouped_id"}
rows = objects


def recognises(name: str, head: bytes, places: frozenset[str]) -> bool:
    """Whether a dump that begins so is one of these."""
    keys = {place.removeprefix("item.") for place in places}
    return {"id", "message"} <= keys and bool(_OWN & keys)


def post(row: Row) -> Message:
    """The message in a row.

    Raises:
        NoPost: a text is none.
    """
    record = row.mapping
    if not {"message", "action", "media"} & set(record):
        raise NoPost("no text: 'message' is not there")
    sender = mapping(record, "_sender")
    reply = record.get("reply_to")
    names = [string(sender, "first_name"), string(sender, "last_name")]
    return message(
        _parts(record),
        id=own_id(row, "id"),
        author=string(sender, "username") or " ".join(filter(None, names)) or _peer(record),
        created_at=when(record.get("date")),
        platform="telegram",
        parent=string(reply, "reply_to_msg_id")
        if isinstance(reply, dict)
        else string(record, "reply_to_msg_id"),
    )


def _peer(record: dict[str, Any]) -> str:
    peer = record.get("from_id")
    return string(peer, "user_id") if isinstance(peer, dict) else string(record, "from_id")


def _parts(record: dict[str, Any]) -> Iterator[tuple[str, str]]:
    text = string(record, "message")
    media = mapping(record, "media")
    plain = not media or media.get("webpage")
    field = "text" if plain else "caption"
    yield ("forwarded" if record.get("fwd_from") else field), text
    action = mapping(record, "action")
    yield "title", _text(action, "title")
    yield "text", _text(action, "message")
    name = [string(media, key) for key in ("first_name", "last_name", "phone_number")]
    yield "contact", " ".join(filter(None, name))
    yield "contact", string(media, "vcard")
    poll = mapping(media, "poll")
    answers = [_text(answer, "text") for answer in listed(poll, "answers")]
    yield "poll", "\n".join(filter(None, [_text(poll, "question"), *answers]))
    yield "place", "\n".join(filter(None, [string(media, "title"), string(media, "address")]))
    page = mapping(media, "webpage")
    shown = [string(page, key) for key in ("url", "title", "description")]
    yield "link", "\n".join(part for part in shown if part and part not in text)
    for attribute in listed(mapping(media, "document"), "attributes"):
        yield "file", string(attribute, "file_name")
    for entity in record.get("entities") or []:
        if isinstance(entity, dict) and (url := string(entity, "url")) and url not in text:
            yield "link", url


def _text(record: dict[str, Any], key: str) -> str:
    """A text, or one with entities: newer layers wrap questions and answers."""
    value = record.get(key)
    return string(value, "text") if isinstance(value, dict) else string(record, key)
