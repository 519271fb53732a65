"""Reddit's posts and comments as Pushshift and Arctic Shift keep them: JSON lines, often ``.zst``.

A comment has ``body``, a post ``title`` and ``selftext``; text is also in polls, captions of
galleries, flairs and the link of a link post.  ``&amp;``, ``&lt;`` and ``&gt;`` are what a writer
wrote as ``&``, ``<`` and ``>``.  Source: PushshiftDumps; arctic_shift,
``file_content_explanations.md``.
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

TITLE = "Reddit posts or comments"
_TEXTS = {"body", "selftext", "title"}
rows = objects


def recognises(name: str, head: bytes, places: frozenset[str]) -> bool:
    """Whether a dump that begins so is one of these."""
    keys = {place.removeprefix("item.") for place in places}
    return {"id", "created_utc"} <= keys and bool(_TEXTS & keys) and "subreddit" in keys


def post(row: Row) -> Message:
    """The message in a row.

    Raises:
        NoPost: a text is none.
    """
    record = row.mapping
    if not _TEXTS & set(record):
        raise NoPost("no text: neither 'body' nor 'title' is there")
    link = string(record, "permalink")
    return message(
        ((field, _written(text)) for field, text in _parts(record)),
        id=own_id(row, "id"),
        author=string(record, "author"),
        created_at=when(record.get("created_utc")),
        url=f"https://www.reddit.com{link}" if link.startswith("/") else link,
        platform="reddit",
        parent=string(record, "parent_id").removeprefix("t1_").removeprefix("t3_"),
    )


def _parts(record: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield "title", string(record, "title")
    yield "text", string(record, "body")
    yield "text", string(record, "selftext")
    for option in listed(mapping(record, "poll_data"), "options"):
        yield "poll", string(option, "text")
    for item in listed(mapping(record, "gallery_data"), "items"):
        yield "caption", string(item, "caption")
        yield "link", string(item, "outbound_url")
    yield "flair", string(record, "link_flair_text")
    if "title" in record and not record.get("is_self"):
        yield "link", string(record, "url")


def _written(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
