r"""Telegram Desktop's export as JSON (``result.json``), of one chat or of a whole account.

One chat is ``{name, type, id, messages}``; an account has such chats in ``chats.list`` and
``left_chats.list``, and the ids of their messages are written ``<chat>/<message>`` here.  A text is
a string or a list of strings and marked-up pieces, which belong together without a blank.  Text
also stands in shared contacts, polls, places, games, bills, file names, titles and link targets.
Names of senders, of those whom a message was forwarded from and of members are no text.
Source: tdesktop, ``export_output_json.cpp``; ``walk.py`` mends what it writes wrongly.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from injunction_screen.batch.readers.walk import Keys, walk
from injunction_screen.batch.rows import (
    Dump,
    Message,
    NoPost,
    Row,
    kind,
    listed,
    mapping,
    message,
    own_id,
    string,
    when,
)

__all__ = ["TITLE", "post", "recognises", "rows"]

TITLE = "Telegram Desktop JSON"
_CHATS = ("chats", "list", "item")
_LEFT = ("left_chats", "list", "item")
_PLACES = {(*chat, "messages", "item") for chat in ((), _CHATS, _LEFT)}
_CONTEXT = frozenset((*chat, key) for chat in ((), _CHATS, _LEFT) for key in ("id", "type"))
_SENDERS = ("from", "author", "from_id", "actor", "actor_id")
_MEDIA = ("photo", "file", "media_type")
_TITLES = (  # where text stands besides the text itself
    ("title", "title"),
    ("new_title", "title"),
    ("information_text", "text"),
    ("game_title", "title"),
    ("game_description", "text"),
    ("game_link", "link"),
    ("performer", "title"),
    ("file_name", "file"),
)


def recognises(name: str, head: bytes, places: frozenset[str]) -> bool:
    """Whether a dump that begins so is one of these."""
    if {"about", "personal_information"} <= places or any(
        place.startswith(("chats.list", "left_chats.list")) for place in places
    ):
        return True
    return {"type", "id", "messages"} <= places and "guild" not in places


def rows(dump: Dump) -> Iterator[Row]:
    """Every message of every chat."""
    return walk(dump, records=_is_message, title=TITLE, context=_CONTEXT)


def _is_message(where: Keys) -> bool:
    return where in _PLACES


def post(row: Row) -> Message:
    """The message in a row.

    Raises:
        NoPost: a text is none.
    """
    record = row.mapping
    chat, sort, several = _chat(row.context)
    number = own_id(row, "id")
    reply = "" if string(record, "reply_to_peer_id") else string(record, "reply_to_message_id")
    before = f"{chat}/" if several else ""
    linkable = chat and ("supergroup" in sort or "channel" in sort)
    return message(
        _parts(record),
        id=before + number,
        author=next((name for key in _SENDERS if (name := string(record, key))), ""),
        created_at=when(record.get("date_unixtime")) or when(record.get("date")),
        url=f"https://t.me/c/{chat}/{number}" if linkable else None,
        platform="telegram",
        parent=before + reply if reply else None,
    )


def _chat(context: Mapping[str, Any]) -> tuple[str, str, bool]:
    """The id and the type of a message's chat, and whether the dump may have others."""
    for place in ("chats.list.item.", "left_chats.list.item."):
        if place + "id" in context:
            return string(context, place + "id"), str(context.get(place + "type")), True
    return string(context, "id"), str(context.get("type")), False


def _parts(record: dict[str, Any]) -> Iterator[tuple[str, str]]:
    name = "caption" if any(key in record for key in _MEDIA) else "text"
    if "forwarded_from" in record:
        name = "forwarded"
    text = _text(record, "text") or _text(record, "text_entities")
    yield name, text
    for key, field in _TITLES:
        yield field, string(record, key)
    yield "contact", _contact(mapping(record, "contact_information"))
    poll = mapping(record, "poll")
    answers = [_text(answer, "text") for answer in listed(poll, "answers")]
    yield "poll", "\n".join(filter(None, [_text(poll, "question"), *answers]))
    yield "place", "\n".join(filter(None, [string(record, "place_name"), _address(record)]))
    bill = mapping(record, "invoice_information")
    yield "bill", "\n".join(filter(None, [string(bill, "title"), string(bill, "description")]))
    yield "button", "\n".join(_buttons(record))
    for link in _links(record):
        if link not in text:
            yield "link", link


def _text(record: dict[str, Any], key: str) -> str:
    """A text, or the pieces of one joined without blanks: a number in bold is one number."""
    value = record.get(key)
    if not isinstance(value, list):
        return string(record, key)
    pieces = []
    for piece in value:
        if isinstance(piece, dict):
            pieces.append(string(piece, "text"))
        elif isinstance(piece, str):
            pieces.append(piece)
        else:
            raise NoPost(f"no text: a piece of '{key}' is {kind(piece)}")
    return "".join(pieces)


def _contact(card: dict[str, Any]) -> str:
    first, last = string(card, "first_name"), string(card, "last_name")
    chinese = not (first + last).isascii()
    name = last + first if chinese else f"{first} {last}".strip()
    return " ".join(filter(None, [name, string(card, "phone_number")]))


def _address(record: dict[str, Any]) -> str:
    value = record.get("address")
    if isinstance(value, dict):  # a business's own address
        return "\n".join(string(value, key) for key in value)
    return string(record, "address")


def _buttons(record: dict[str, Any]) -> Iterator[str]:
    lines = record.get("inline_bot_buttons") or []
    for line in lines if isinstance(lines, list) else []:
        for button in line if isinstance(line, list) else []:
            if isinstance(button, dict):
                yield " ".join(filter(None, [string(button, "text"), string(button, "data")]))


def _links(record: dict[str, Any]) -> dict[str, None]:
    """Where the words of the text lead."""
    found: dict[str, None] = {}
    for key in ("text", "text_entities"):
        pieces = record.get(key)
        for piece in pieces if isinstance(pieces, list) else []:
            if isinstance(piece, dict) and (href := string(piece, "href")):
                found[href] = None
    return found
