"""What every reader of dumps gives: rows, and the message in a row, part by part.

A ``Row`` is one record of a dump, numbered from 1, or the reason why there is none.  A
``Message`` is the post in a row: its text-bearing parts joined into one text, with the name of
the field that each part came from, and quoted words of somebody else apart.
"""

from __future__ import annotations

import datetime
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from decimal import Decimal
from io import BufferedReader
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from injunction_screen.errors import InputError
from injunction_screen.records import Post
from injunction_screen.threads import BETWEEN

if TYPE_CHECKING:
    from injunction_screen.batch.readers.fields import Fields

__all__ = [
    "CUT_OFF",
    "BreaksOff",
    "Dump",
    "Member",
    "Message",
    "NoPost",
    "Row",
    "kind",
    "listed",
    "mapping",
    "message",
    "own_id",
    "storable",
    "string",
    "when",
]

HONG_KONG = datetime.timezone(datetime.timedelta(hours=8))


CUT_OFF = "is cut off: the file ends too early; get it again"


class Dump(NamedTuple):
    """A dump that is open: its path, its content from the beginning, and how that begins.

    ``again`` opens it once more.
    """

    path: Path
    file: BufferedReader
    head: bytes
    again: Callable[[], AbstractContextManager[tuple[BufferedReader, object]]]


class Member(NamedTuple):
    """A file in an archive: its number among the files there by name, and its name.

    ``place`` is where the archive lists it, ``size`` what it unpacks to.  ``format`` is "" for one
    that is not read, with the reason ``why``; ``broken`` is one that may hold posts, but cannot be
    read.  ``before`` is the number of the last row before it.
    """

    number: int
    name: str
    place: int
    size: int
    format: str = ""
    fields: Fields | None = None
    why: str = ""
    broken: bool = False
    before: int = 0


class Row(NamedTuple):
    """One row of a dump: its number and its record, or the ``fault`` that keeps it out.

    A line of a JSON lines file comes as the ``bytes`` it is: it is parsed in whichever process
    has the time.  ``context`` is what the dump says above the row: its chat, its thread.
    ``member`` is the file of an archive that it stands in; ``ends`` is true where the dump, or
    that file, breaks off, so that nothing behind the row can be read.
    """

    number: int
    record: bytes | dict[str, Any] | None
    fault: str = ""
    context: Mapping[str, Any] = {}
    member: Member | None = None
    ends: bool = False

    @property
    def mapping(self) -> dict[str, Any]:
        """The record where it is a mapping, else an empty one."""
        return self.record if isinstance(self.record, dict) else {}


class NoPost(Exception):  # noqa: N818 - no error: it says why a row is put aside
    """A row has no post that can be read; the reason never repeats what the row says."""


class BreaksOff(InputError):  # noqa: N818 - it says why a row is the last
    """A dump breaks off behind its last row; what is said is what befell the row after that."""


@dataclass(frozen=True, slots=True)
class Message:
    """A post of a dump.

    ``post.text`` is all its parts, an empty line between them; ``parts`` says where each begins
    and from which field it came; ``quote`` is what it quotes of others.
    """

    post: Post
    parts: tuple[tuple[int, str], ...] = ((0, "text"),)
    quote: str = field(default="", repr=False)

    def place(self, start: int, end: int) -> tuple[str, int, int]:
        """The field of a span, and the span as offsets into that field.

        >>> one = message([("text", "hello"), ("poll", "yes or no")])
        >>> one.place(7, 10)
        ('poll', 0, 3)
        """
        at = bisect_right(self.parts, (start, "\N{REPLACEMENT CHARACTER}")) - 1
        begin, name = self.parts[max(0, at)]
        if at + 1 < len(self.parts):  # a span that runs on ends with its part
            end = min(end, max(start, self.parts[at + 1][0] - len(BETWEEN)))
        return name, start - begin, end - begin


def message(
    parts: Iterable[tuple[str, str]],
    *,
    quote: str = "",
    id: str | None = None,  # noqa: A002
    author: str | None = None,
    created_at: str | None = None,
    url: str | None = None,
    platform: str | None = None,
    parent: str | None = None,
) -> Message:
    """The message that these parts make; parts without text are left out."""
    begins, texts, at = [], [], 0
    for name, text in parts:
        if text:
            begins.append((at, name))
            texts.append(text)
            at += len(text) + len(BETWEEN)
    post = Post(
        BETWEEN.join(texts),
        storable(id) if id else None,
        storable(author) if author else None,
        storable(created_at) if created_at else None,
        storable(url) if url else None,
        storable(platform) if platform else None,
        storable(parent) if parent else None,
    )
    return Message(post, tuple(begins) or ((0, "text"),), quote)


# -- fields of a record ------------------------------------------------------------------------


def string(record: Mapping[str, Any], key: str) -> str:
    """The text in a field, "" where there is none.

    Raises:
        NoPost: there is something else.
    """
    value = record.get(key)
    if isinstance(value, str):
        return value
    if value is None or value is False:
        return ""
    if isinstance(value, (int, float, Decimal)) and value is not True:
        return str(value)
    raise NoPost(f"no text: '{key}' is {kind(value)}")


def mapping(record: Mapping[str, Any], key: str) -> dict[str, Any]:
    """The mapping in a field, empty where there is none.

    Raises:
        NoPost: there is something else.
    """
    value = record.get(key)
    if isinstance(value, dict):
        return value
    if value is None or value is False or value == []:  # PHP writes an empty mapping as a list
        return {}
    raise NoPost(f"'{key}' is no mapping but {kind(value)}")


def listed(record: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """The mappings that a field lists, empty where there are none.

    Raises:
        NoPost: there is something else.
    """
    value = record.get(key)
    if value is None or value is False:
        return []
    if isinstance(value, list) and all(isinstance(item, dict) for item in value):
        return value
    raise NoPost(f"'{key}' is no list of mappings")


def own_id(row: Row, *keys: str) -> str:
    """The id of a record under the first key that it has, else one made of the row's number."""
    record = row.mapping
    return next((found for key in keys if (found := string(record, key))), f"row-{row.number}")


def when(value: Any) -> str | None:
    """A time as ISO text, in Hong Kong for times that name no zone of their own.

    >>> when("1572454800"), when("2019-10-31T01:00:00"), when("Wed Oct 30 17:00:00 +0000 2019")
    ('2019-10-31T01:00:00+08:00', '2019-10-31T01:00:00', '2019-10-31T01:00:00+08:00')
    """
    if isinstance(value, str):
        if value[-5:-4].isspace() and value[-4:].isdecimal():  # else strptime would be in vain
            return _when_written(value)
        if not (value.isdecimal() and value.isascii() and 9 <= len(value) <= 14):
            return storable(value) if value else None
        value = int(value)
    if isinstance(value, datetime.date):  # datetimes too
        return value.isoformat()
    if not isinstance(value, (int, float, Decimal)) or isinstance(value, bool):
        return None
    try:
        seconds = float(value)
        if abs(seconds) > 1e11:  # later than the year 5138: milliseconds
            seconds /= 1000
        return datetime.datetime.fromtimestamp(seconds, HONG_KONG).isoformat()
    except (ArithmeticError, ValueError, OSError):
        return None


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_TWEETED = re.compile(
    rf"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) ({'|'.join(_MONTHS)}) ([0-9]{{2}}) "
    r"((?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}) \+0000 ([0-9]{4})"
)


def _when_written(text: str) -> str:
    """What ends like a time in words, as ISO text where it is one."""
    try:  # Wed Oct 30 13:00:00 +0000 2019
        if found := _TWEETED.fullmatch(text):
            month, day, time, year = found.groups()
            number = _MONTHS.index(month) + 1
            moment = datetime.datetime.fromisoformat(f"{year}-{number:02}-{day}T{time}+00:00")
        else:
            moment = datetime.datetime.strptime(text, "%a %b %d %H:%M:%S %z %Y")
        return moment.astimezone(HONG_KONG).isoformat()
    except (ValueError, OverflowError):
        return storable(text)


def storable(text: str) -> str:
    """The text as UTF-8 can hold it: surrogate pairs joined, lone ones replaced.

    >>> storable("a" + chr(0xD800)) == "a" + chr(0xFFFD)
    True
    """
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def kind(value: Any) -> str:
    """What sort of value this is, for a reason: "a list".

    >>> kind(None), kind(True), kind([])
    ('null', 'true or false', 'a list')
    """
    if value is None:
        return "null"
    for kinds, name in _KINDS:
        if isinstance(value, kinds):
            return name
    return "binary"


_KINDS: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (str, "a string"),
    (bool, "true or false"),
    ((int, float, Decimal), "a number"),
    (list, "a list"),
    (dict, "a mapping"),
)
