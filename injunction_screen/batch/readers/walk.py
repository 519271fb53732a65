r"""Walk through one JSON document of any size and give the records that it lists.

In: the bytes of the document.  Out: ``Row`` records; memory holds the longest one.  What exports
get wrong is put right on the way: ``\xHH`` for control characters, file names without quotes
after ``"document_id":`` (both Telegram Desktop), and halves of surrogate pairs, which become
U+FFFD.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from io import BufferedReader
from typing import Any

from injunction_screen.batch.readers.opened import MAX_RECORD, needs
from injunction_screen.batch.rows import BreaksOff, Dump, Row, kind
from injunction_screen.errors import InputError

__all__ = ["Keys", "outline", "walk"]

Keys = tuple[str, ...]  # the way to a value: keys, and "item" for each list
MAX_DEPTH = 100
_CHUNK = 1 << 16
_UNREADABLE = (ValueError, ArithmeticError)  # strings that are no UTF-8, numbers out of bounds
_LINE = 4096  # longest line that is kept whole for its repair


def walk(
    dump: Dump,
    *,
    records: Callable[[Keys], bool],
    title: str = "",
    context: frozenset[Keys] = frozenset(),
    many: bool = False,
) -> Iterator[Row]:
    """The records at the places that ``records`` accepts, with the ``context`` met above them.

    A file without such a place is not the ``title`` that it should be; with ``many``, documents
    may follow one another.

    Raises:
        BreaksOff: the document is cut off or broken.
        InputError: it lists no records at such a place.
    """
    state = _State(records, context)
    for events in _events(dump, state, many=many):
        for event, value in events:
            if not state.take(event, value):
                continue
            whole = state.element
            if isinstance(whole, dict):
                yield Row(state.number, whole, "", state.context)
            else:
                fault = f"not an object but {kind(whole)}"
                yield Row(state.number, None, fault, state.context)
    if title and not state.listed:
        raise InputError(f"{dump.path}: is not {title}: the list of messages is not there")


def _events(dump: Dump, state: _State, *, many: bool) -> Iterator[list[tuple[str, Any]]]:
    try:
        import ijson
    except ImportError:
        raise needs(dump.path, "ijson") from None
    # Not ijson.items: its paths of keys grow with the depth, 100 kB of "[" took 20 GB.  With
    # use_float numbers stay within 64 bits: one of 5,000 digits crashed the interpreter.
    events = ijson.sendable_list()
    parser = ijson.basic_parse_coro(events, multiple_values=many, use_float=True)
    waiting = offset = 0
    reason = ""
    for chunk in _mended(dump.file):
        try:
            parser.send(chunk)
        except (ijson.JSONError, *_UNREADABLE):
            reason = f"is garbled near byte {offset:,}"
        offset += len(chunk)
        before = state.number
        yield events
        moved = state.number > before or (events and not state.within)
        waiting = 0 if moved else waiting + len(chunk)
        events.clear()
        if waiting > MAX_RECORD:
            reason = f"is longer than {MAX_RECORD >> 20} MiB"
        elif state.too_deep:
            reason = f"nests deeper than {MAX_DEPTH} levels"
        if reason:
            break
    else:
        try:
            parser.close()
        except (ijson.JSONError, *_UNREADABLE):
            reason = "is cut off: the file ends too early"
        yield events
    if reason:
        raise BreaksOff(f"{reason}; export the file again")


class _State:
    """Where the walk is: above the records, or within one that it builds."""

    __slots__ = (
        "_keep", "_records", "_stack", "_where",
        "context", "element", "listed", "number", "too_deep",
    )  # fmt: skip

    def __init__(self, records: Callable[[Keys], bool], keep: frozenset[Keys]) -> None:
        self._records = records
        self._keep = keep
        self._where: list[str] = []
        self._stack: list[Any] = []  # containers of the record, and keys of mappings
        self.context: Mapping[str, Any] = {}
        self.element: Any = None
        self.listed = False
        self.number = 0
        self.too_deep = False

    @property
    def within(self) -> bool:
        """Whether the walk is within a record."""
        return bool(self._stack)

    def take(self, event: str, value: Any) -> bool:
        """Go on by one event; true when ``element`` is a whole record."""
        if self.too_deep:
            return False
        if event.startswith("start"):
            self.too_deep = len(self._where) + len(self._stack) // 2 > MAX_DEPTH
        if self._stack:
            return self._build(event, value)
        where = self._where
        if event == "map_key":
            where[-1] = value
        elif event in ("end_map", "end_array"):
            where.pop()
            self._forget()
        elif self._records(tuple(where)):
            self.number += 1
            self.listed = True
            return self._build(event, value)
        elif event == "start_map":
            self._forget()
            where.append("")
        elif event == "start_array":
            where.append("item")
            self.listed = self.listed or self._records(tuple(where))
        elif (here := tuple(where)) in self._keep:
            self.context = {**self.context, ".".join(here): value}
        return False

    def _forget(self) -> None:
        """What was met in a mapping says nothing about the next."""
        here = "".join(f"{key}." for key in self._where)
        if any(key.startswith(here) for key in self.context):
            self.context = {k: v for k, v in self.context.items() if not k.startswith(here)}

    def _build(self, event: str, value: Any) -> bool:
        stack = self._stack
        if event == "map_key":
            stack[-1] = value
            return False
        if event == "start_map":
            stack += ({}, "")
            return False
        if event == "start_array":
            stack += ([], "")
            return False
        if event in ("end_map", "end_array"):
            stack.pop()
            value = stack.pop()
        if not stack:
            self.element = value
            return True
        holder, key = stack[-2:]
        if isinstance(holder, list):
            holder.append(value)
        elif value or key not in holder:  # a key that comes twice, once empty: a gift's text
            holder[key] = value
        return False


# -- repairs -----------------------------------------------------------------------------------

_SUSPECT = re.compile(rb"\\x|\\u[dD][89a-fA-F]")
_ESCAPE = re.compile(
    rb"\\(?:x([0-9a-fA-F]{2})"
    rb"|u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"  # a pair
    rb"|(u[dD][89a-fA-F][0-9a-fA-F]{2})"  # half a pair
    rb"|.)",
    re.DOTALL,
)
_HIGH = re.compile(rb"\\u[dD][89abAB][0-9a-fA-F]{2}")
_UNQUOTED = re.compile(
    rb'("document_id": )(?!["\[{]|(?:-?[0-9]+|null|true|false)\s*[,}\n])([^\n]+)'
)


def _mended(file: BufferedReader) -> Iterator[bytes]:
    rest = b""
    first = True
    while chunk := file.read1(_CHUNK):  # read would lose what stands before a break
        if first:
            chunk = chunk.removeprefix(b"\xef\xbb\xbf")
            first = False
        chunk = rest + chunk
        cut = _cut(chunk)
        chunk, rest = chunk[:cut], chunk[cut:]
        if chunk:
            yield _mend(chunk)
    if rest:
        yield _mend(rest)


def _cut(chunk: bytes) -> int:
    """Where a chunk can be cut: at the end of a line, else not within an escape."""
    if line := chunk.rfind(b"\n", max(0, len(chunk) - _LINE)) + 1:
        return line
    at = chunk.find(b"\\", max(0, len(chunk) - 12))  # a pair of surrogates is 12 long
    if at < 0:
        return len(chunk)
    if _HIGH.fullmatch(chunk, max(0, at - 6), at):
        at -= 6
    before = at - len(chunk[:at].rstrip(b"\\"))
    return at - before % 2


def _mend(chunk: bytes) -> bytes:
    if _SUSPECT.search(chunk):
        chunk = _ESCAPE.sub(_escape, chunk)
    if b'"document_id": ' in chunk:
        chunk = _UNQUOTED.sub(_quoted, chunk)
    return chunk


def _escape(found: re.Match[bytes]) -> bytes:
    if found[1]:
        return rb"\u00" + found[1]
    return rb"\ufffd" if found[2] else found[0]


def _quoted(found: re.Match[bytes]) -> bytes:
    value = found[2].rstrip(b" \r")
    bare = value.removesuffix(b",")
    comma = value[len(bare) :]
    return found[1] + b'"' + bare.replace(b"\\", b"\\\\").replace(b'"', rb"\"") + b'"' + comma


# -- recognising -------------------------------------------------------------------------------


def outline(start: bytes) -> frozenset[str]:
    """The places in the beginning of a JSON document, dotted, to five levels: ``messages.item.id``.

    >>> sorted(outline(b'{"a": [{"b": 1}, {"c": '))
    ['', 'a', 'a.item', 'a.item.b', 'a.item.c']
    """
    import ijson

    events = ijson.sendable_list()
    parser = ijson.basic_parse_coro(events, use_float=True)
    with suppress(ijson.JSONError, *_UNREADABLE):  # where the beginning ends, or lines follow
        parser.send(_mend(start))
    found = set()
    where: list[str] = []
    for event, value in events:
        if event == "map_key":
            where[-1] = value
            found.add(".".join(where[:5]))
            continue
        if event in ("end_map", "end_array"):
            where.pop()
            if not where:
                break
            continue
        if len(where) < 6:
            found.add(".".join(where[:5]))
        if event in ("start_map", "start_array"):
            where.append("item" if event == "start_array" else "")
    return frozenset(found)
