r"""WhatsApp's export of a chat as text (``_chat.txt``, ``與X的 WhatsApp 對話.txt``).

A message begins with ``1/5/2024, 20:15 - Name: `` (Android) or ``[1/5/2024, 8:15:30 PM] Name: ``
(iOS), on either clock, the half of the day in English or Chinese, before or behind the time; it
goes on over any lines that do not begin so.  Times have no zone.  The file does not say whether
the day or the month comes first: a number above 12 tells, else the order in which fewer messages
go back in time, else the day is first, as in Hong Kong.  There are no ids, so they are ``row-1``,
``row-2`` and so on.

A name ends at the first ``": "``, since nothing in the file says where one that has such in it
ends, and what might tell (words that a sender begins every message with) is in that sender's
hands: words could be passed off as a name, and would not be screened.  The rest of such a name
is read as text, so nothing is lost.

Source: chat-miner; WhatsApp-Chat-Exporter, ``exported_handler.py``; ChatLab, ``whatsapp.ts``.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from injunction_screen.batch.readers.opened import MAX_RECORD, text_lines
from injunction_screen.batch.rows import (
    CUT_OFF,
    BreaksOff,
    Dump,
    Message,
    Row,
    message,
    own_id,
    string,
)

__all__ = ["TITLE", "post", "recognises", "rows"]

TITLE = "WhatsApp chat as text"
_MARKS = (
    "\N{ZERO WIDTH NO-BREAK SPACE}\N{LEFT-TO-RIGHT MARK}\N{RIGHT-TO-LEFT MARK}"
    "\N{LEFT-TO-RIGHT EMBEDDING}\N{POP DIRECTIONAL FORMATTING}"
)
_BEGIN = re.compile(
    rf"""
    [{_MARKS}]* (?P<bracket>\[)? (?P<a>[0-9]{{1,4}}) [/.-] (?P<b>[0-9]{{1,2}}) [/.-]
    (?P<c>[0-9]{{1,4}}) ,? \s{{1,2}}
    (?P<half>凌晨|清晨|早上|上午|中午|下午|傍晚|晚上|am\s?|pm\s?)? \s?
    (?P<hour>[0-9]{{1,2}}) [:.] (?P<minute>[0-9]{{2}}) (?:[:.] (?P<second>[0-9]{{2}}))?
    \s? (?P<later>[ap]\.?\s?m\.?)? (?(bracket)\]|\s-)\s
    """,
    re.X | re.I,
)
_NAME = 100  # characters; what is longer is no name
_EVENING = ("下午", "傍晚", "晚上", "中午")


class _Begin(NamedTuple):
    """The head of a message: the three numbers of its date, its time, and where its name begins."""

    date: tuple[int, int, int]
    time: datetime.time
    end: int


def recognises(name: str, head: bytes, places: frozenset[str]) -> bool:
    """Whether a dump that begins so is one of these."""
    lines = head[:8192].decode("utf-8", "replace").split("\n")[:20]
    return any(_begin(line) for line in lines)


def rows(dump: Dump) -> Iterator[Row]:
    """Every message, also those that WhatsApp itself wrote.

    Raises:
        BreaksOff: the file ends within a character.
    """
    order = _order(dump)
    number = size = 0
    date, lines = None, list[str]()
    raw: bytes | None = b""
    for raw in text_lines(dump.file):
        line = "" if raw is None else raw.decode("utf-8", "surrogateescape").rstrip("\r\n")
        begin = _begin(line)
        day = begin and _day(begin.date, order)
        if begin and day:
            if lines:
                yield _row(number := number + 1, date, lines, size)
            date = datetime.datetime.combine(day, begin.time).isoformat()
            lines, size = [line[begin.end :]], len(line)
            continue
        size += MAX_RECORD if raw is None else len(line) + 1
        if size < MAX_RECORD:
            lines.append(line)
    if raw and _ends_within_a_character(raw):
        raise BreaksOff(CUT_OFF)
    if lines or size:
        yield _row(number + 1, date, lines, size)


def _ends_within_a_character(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError as error:
        return error.end == len(line) and error.reason == "unexpected end of data"
    return False


def _row(number: int, date: str | None, lines: list[str], size: int) -> Row:
    if date is None:
        return Row(number, None, "has no date: it stands before the first message")
    if size >= MAX_RECORD:
        return Row(number, None, f"longer than {MAX_RECORD >> 20} MiB")
    content = "\n".join(lines)
    if any("\udc80" <= char <= "\udcff" for char in content):
        return Row(number, None, "not UTF-8")
    name, colon, text = content.partition(": ")
    if not colon and lines[0].endswith(":"):  # the first line of the text is empty
        name, colon, text = content.partition(":")
    if not colon or len(name) > _NAME or "\n" in name:
        return Row(number, {"date": date, "system": content})
    return Row(number, {"date": date, "author": name.strip(_MARKS), "text": text})


def post(row: Row) -> Message:
    """The message in a row."""
    record = row.mapping
    return message(
        [("text", string(record, "text")), ("system", string(record, "system"))],
        id=own_id(row),
        author=string(record, "author"),
        created_at=string(record, "date"),
        platform="whatsapp",
    )


def _begin(line: str) -> _Begin | None:
    found = _BEGIN.match(line)
    if not found:
        return None
    hour = int(found["hour"])
    half = (found["half"] or found["later"] or "").lower()
    if half.startswith("p") or half in _EVENING:
        hour = hour % 12 + 12 if hour <= 12 and not (half == "中午" and hour == 11) else hour
    elif half:
        hour %= 12
    try:
        time = datetime.time(hour, int(found["minute"]), int(found["second"] or 0))
    except ValueError:
        return None
    return _Begin((int(found["a"]), int(found["b"]), int(found["c"])), time, found.end())


def _order(dump: Dump) -> str:
    """How the file writes its dates: ``dmy`` or ``mdy``; a year of four digits is seen anyway."""
    back = {"dmy": 0, "mdy": 0}
    last: dict[str, datetime.date] = {}
    with dump.again() as (file, _), suppress(BreaksOff):  # reading the rows says so
        for raw in text_lines(file):
            begin = _begin(raw[:200].decode("utf-8", "replace")) if raw else None
            if begin is None:
                continue
            if begin.date[0] <= 31 and max(begin.date[:2]) > 12:
                return "dmy" if begin.date[0] > 12 else "mdy"
            for order in back:
                if day := _day(begin.date, order):
                    back[order] += day < last.get(order, day)
                    last[order] = day
    return min(back, key=lambda order: back[order])


def _day(date: tuple[int, int, int], order: str) -> datetime.date | None:
    first, second, year = date
    day, month = (first, second) if order == "dmy" else (second, first)
    if first > 31:  # 2024/5/1
        year, month, day = date
    try:
        return datetime.date(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        return None
