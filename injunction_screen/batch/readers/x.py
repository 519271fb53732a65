"""The archive of an X (Twitter) account: ``tweets.js``, ``direct-messages.js``, ``note-tweet.js``.

The files are JSON behind ``window.YTD.tweets.part0 =``.  ``full_text`` is escaped as HTML, and its
links are shortened: their targets are parts of their own.  A post longer than 280 characters is
cut off in ``tweets.js`` and whole in ``note-tweet.js``.
Source: twitter-archive-parser, ``parser.py``.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

from injunction_screen.batch.readers.walk import Keys, outline, walk
from injunction_screen.batch.rows import (
    Dump,
    Message,
    NoPost,
    Row,
    listed,
    mapping,
    message,
    string,
    when,
)
from injunction_screen.errors import InputError

__all__ = ["TITLE", "is_part", "post", "recognises", "rows"]

TITLE = "X (Twitter) archive"
_PREFIX = re.compile(rb"(?:\xef\xbb\xbf)?\s*window\.YTD\.(\w+)\.part\d+\s*=\s*")
_POSTS = re.compile(rb"(?:deleted_|community_|note_)*tweets?|direct_messages?(?:_group)?")
_RECORDS = {"item.tweet", "item.noteTweet", "item.dmConversation", "item.full_text"}
_TARGETS = ("expanded_url", "expandedUrl", "expanded")
_EVENTS = {"joinConversation", "participantsJoin", "participantsLeave", "conversationNameUpdate"}
_DIRECT = ("item", "dmConversation", "messages", "item")


def recognises(name: str, head: bytes, places: frozenset[str]) -> bool:
    """Whether a dump that begins so is one of these; most files of an archive hold no posts."""
    prefix = _PREFIX.match(head)
    if prefix is None or b"headers" in prefix[1]:
        return False
    return bool(_POSTS.fullmatch(prefix[1]) or _RECORDS & outline(head[prefix.end() :]))


def is_part(head: bytes) -> bool:
    """Whether it is a file of an archive, with posts or without."""
    return _PREFIX.match(head) is not None


def rows(dump: Dump) -> Iterator[Row]:
    """Every post, or every message of every conversation."""
    prefix = _PREFIX.match(dump.head)
    if prefix is None:
        raise InputError(f"{dump.path}: is not {TITLE}: 'window.YTD' is not at its beginning")
    dump.file.read(prefix.end())
    place = _DIRECT if prefix[1].startswith(b"direct_message") else ("item",)

    def is_record(where: Keys) -> bool:
        return where == place

    yield from walk(dump, records=is_record)


def post(row: Row) -> Message:
    """The message in a row.

    Raises:
        NoPost: a text is none, or the record is of another sort.
    """
    record = row.mapping
    for key, read in (("messageCreate", _direct), ("noteTweet", _note), ("tweet", _tweet)):
        if key in record:
            return read(mapping(record, key), row)
    if "full_text" in record:  # before 2019 without the wrapper
        return _tweet(record, row)
    if _EVENTS & set(record):
        return message(
            [("title", string(_inner(record), "name"))], id=f"row-{row.number}", platform="x"
        )
    raise NoPost("neither a post nor a direct message")


def _inner(record: dict[str, Any]) -> dict[str, Any]:
    return next((value for value in record.values() if isinstance(value, dict)), {})


def _tweet(tweet: dict[str, Any], row: Row) -> Message:
    if "full_text" not in tweet and "text" not in tweet:
        raise NoPost("no text: 'full_text' is not there")
    text = html.unescape(string(tweet, "full_text") or string(tweet, "text"))
    entities = [mapping(tweet, "entities"), mapping(tweet, "extended_entities")]
    own = string(tweet, "id_str") or string(tweet, "id")
    return message(
        [("text", text), *_links(entities, text), *_captions(entities)],
        id=own or f"row-{row.number}",
        created_at=when(tweet.get("created_at")),
        url=f"https://x.com/i/web/status/{own}" if own else None,
        platform="x",
        parent=string(tweet, "in_reply_to_status_id_str"),
    )


def _note(note: dict[str, Any], row: Row) -> Message:
    core = mapping(note, "core")
    text = html.unescape(string(core, "text"))
    return message(
        [("text", text), *_links([core], text)],
        id=string(note, "noteTweetId") or f"row-{row.number}",
        created_at=when(note.get("createdAt")),
        platform="x",
    )


def _direct(direct: dict[str, Any], row: Row) -> Message:
    text = html.unescape(string(direct, "text"))
    return message(
        [("text", text), *_links([direct], text)],
        id=string(direct, "id") or f"row-{row.number}",
        author=string(direct, "senderId"),
        created_at=when(direct.get("createdAt")),
        platform="x",
    )


def _links(places: list[dict[str, Any]], text: str) -> Iterator[tuple[str, str]]:
    """The targets of shortened links; archives write them in two ways."""
    for place in places:
        for url in listed(place, "urls"):
            target = next((u for key in _TARGETS if (u := string(url, key))), "")
            if target not in text:
                yield "link", target


def _captions(entities: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for place in entities:
        for media in listed(place, "media"):
            yield "caption", string(media, "ext_alt_text")
