"""LIHKG threads as its interface gives them: pages with ``response.item_data``, or the items alone.

A page is one JSON document; lists of pages and one page a line are read too.  ``msg`` is HTML:
what stands in a ``blockquote`` is somebody else's words and is kept apart.  The title goes with
the first message of each page.  Source: 4CAT, ``SearchLIHKG.map_item``; lihkg-scraper.
"""

from __future__ import annotations

from collections.abc import Iterator

from injunction_screen.batch.readers.markup import read_html
from injunction_screen.batch.readers.walk import Keys, walk
from injunction_screen.batch.rows import (
    Dump,
    Message,
    NoPost,
    Row,
    mapping,
    message,
    own_id,
    string,
    when,
)

__all__ = ["TITLE", "post", "recognises", "rows"]

TITLE = "LIHKG thread"
_PAGES = ((), ("response",), ("item",), ("item", "response"))
_PLACES = {(*page, "item_data", "item") for page in _PAGES}
_CONTEXT = frozenset((*page, key) for page in _PAGES for key in ("thread_id", "title", "page"))


def recognises(name: str, head: bytes, places: frozenset[str]) -> bool:
    """Whether a dump that begins so is one of these."""
    if any(place == "item_data" or place.endswith(".item_data") for place in places):
        return True
    return {"item.msg", "item.post_id"} <= places or {"msg", "post_id", "reply_time"} <= places


def rows(dump: Dump) -> Iterator[Row]:
    """Every message of every page."""
    start = dump.head.removeprefix(b"\xef\xbb\xbf").lstrip()
    alone = b'"item_data"' not in dump.head

    def is_message(where: Keys) -> bool:
        return where in _PLACES or (alone and where == (("item",) if start[:1] == b"[" else ()))

    page: object = None
    for row in walk(dump, records=is_message, title=TITLE, context=_CONTEXT, many=True):
        first = row.context is not page
        page = row.context
        yield row if first else row._replace(context=_untitled(row))


def _untitled(row: Row) -> dict[str, object]:
    return {key: value for key, value in row.context.items() if not key.endswith("title")}


def post(row: Row) -> Message:
    """The message in a row.

    Raises:
        NoPost: a text is none.
    """
    record = row.mapping
    if "msg" not in record:
        raise NoPost("no text: 'msg' is not there")
    context = {key.rpartition(".")[2]: value for key, value in row.context.items()}
    page = read_html(string(record, "msg"))
    thread = string(record, "thread_id") or string(context, "thread_id")
    number = string(record, "page") or string(context, "page") or "1"
    nickname = string(record, "user_nickname") or string(mapping(record, "user"), "nickname")
    return message(
        [("title", string(context, "title")), ("text", page.text)]
        + [("link", link) for link in page.links],
        quote=page.quote,
        id=own_id(row, "post_id"),
        author=nickname or string(record, "user_id"),
        created_at=when(record.get("reply_time")),
        url=f"https://lihkg.com/thread/{thread}/page/{number}" if thread else None,
        platform="lihkg",
        parent=string(record, "quote_post_id"),
    )
