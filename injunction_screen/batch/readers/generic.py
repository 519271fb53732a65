"""Rows of dumps in no platform's own format: JSON lines, a JSON array, CSV or TSV, Parquet.

In: the bytes of the dump (Parquet: its path).  Out: ``Row`` records in the order of the file.
Rows are lines of a JSON lines file, records of every other kind (a CSV header is no record);
blank lines are no rows.
"""

from __future__ import annotations

import codecs
import csv
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BufferedReader, TextIOWrapper
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from injunction_screen.batch.readers.opened import MAX_RECORD, text_lines
from injunction_screen.batch.rows import CUT_OFF, BreaksOff, Dump, Row, kind
from injunction_screen.errors import InputError

if TYPE_CHECKING:
    import pyarrow

__all__ = [
    "arrow_rows",
    "csv_rows",
    "decoded",
    "json_array",
    "json_lines",
    "objects",
    "parquet_rows",
    "parsed",
]

_ESCAPED = re.compile("[\udc80-\udcff]")  # bytes that are no UTF-8, as surrogateescape shows them
_NOT_UTF8 = object()


# -- JSON --------------------------------------------------------------------------------------


def objects(dump: Dump) -> Iterator[Row]:
    """The objects of JSON lines or of one JSON array."""
    start = dump.head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return json_array(dump) if start.startswith(b"[") else json_lines(dump)


def json_lines(dump: Dump) -> Iterator[Row]:
    """The lines, unparsed."""
    for number, line in enumerate(text_lines(dump.file), 1):
        if line is None:
            yield Row(number, None, f"longer than {MAX_RECORD >> 20} MiB")
            continue
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if not line.isspace():
            yield Row(number, line)


def parsed(row: Row) -> Row:
    """The row with its record as a mapping, or with a fault."""
    record = row.record
    if not isinstance(record, bytes):
        return row
    try:
        value = orjson.loads(record)
        if (
            isinstance(value, dict)
            and float in map(type, value.values())
            and any(isinstance(v, float) and abs(v) >= 2**63 for v in value.values())
        ):
            value = json.loads(record)  # orjson makes floats of integers beyond 64 bits
    except orjson.JSONDecodeError:
        last = not record.endswith(b"\n")
        try:  # the standard library also takes lone surrogates and NaN
            value = json.loads(record)
        except json.JSONDecodeError as error:
            if last and _ends_early(error):
                return Row(row.number, None, f"record {row.number} {CUT_OFF}", ends=True)
            what = error.msg.removesuffix(" at").rstrip(": ")
            return Row(row.number, None, f"not JSON: {what} at column {error.colno}")
        except UnicodeDecodeError as error:
            if last and error.end == len(record) and error.reason == "unexpected end of data":
                return Row(row.number, None, f"record {row.number} {CUT_OFF}", ends=True)
            return Row(row.number, None, "not UTF-8")
        except (RecursionError, ValueError) as error:
            return Row(row.number, None, f"not JSON that can be read: {type(error).__name__}")
    except (RecursionError, ValueError) as error:
        return Row(row.number, None, f"not JSON that can be read: {type(error).__name__}")
    return _record(row.number, value)


def _ends_early(error: json.JSONDecodeError) -> bool:
    """Whether what was read is the beginning of JSON and not more."""
    rest = error.doc[error.pos :].rstrip()
    if error.msg.startswith("Invalid \\"):
        return len(rest) <= 12  # a pair of surrogates is that long
    return error.msg.startswith("Unterminated string") or any(
        word.startswith(rest) for word in ("true", "false", "null", "NaN", "-Infinity")
    )


def _record(number: int, value: Any) -> Row:
    if isinstance(value, dict):
        return Row(number, value)
    return Row(number, None, f"not an object but {kind(value)}")


def json_array(dump: Dump) -> Iterator[Row]:
    """The elements of one array, read bit by bit: memory holds the longest element.

    Raises:
        BreaksOff: the array is cut off or broken.
        InputError: it is no array.
    """
    decoder = json.JSONDecoder()
    source = _Text(dump.file)
    buffer = source.read(1 << 20)
    at = buffer.find("[") + 1
    if not at:
        raise InputError(f"{dump.path}: is no JSON array")
    number = 0
    while True:
        at = _after(buffer, at, " \t\r\n")
        if at < len(buffer) and buffer[at] == "]":
            return
        early = True  # whether more could make an element of this
        try:
            value, end = decoder.raw_decode(buffer, at)
            # A number could go on behind the end of the buffer, so the comma must be in sight.
            end = _after(buffer, end, " \t\r\n")
            whole = end < len(buffer) and buffer[end] in ",]"
            early = end == len(buffer)
        except json.JSONDecodeError as error:
            whole, early = False, _ends_early(error)
        except (RecursionError, ValueError):
            whole = early = False
        if whole:
            number += 1
            broken = _ESCAPED.search(buffer, at, end)
            yield Row(number, None, "not UTF-8") if broken else _record(number, value)
            at = end + 1 if buffer[end] == "," else end
            continue
        # Read as much again as is waiting, so that a long element is not tried too often.
        waiting = len(buffer) - at
        more = source.read(max(1 << 20, waiting)) if waiting < MAX_RECORD else ""
        if not more:
            if source.broken:
                raise source.broken
            if waiting >= MAX_RECORD:
                raise BreaksOff(f"is garbled, or longer than {MAX_RECORD >> 20} MiB; {_LINES}")
            raise BreaksOff(CUT_OFF if early else f"is garbled; {_LINES}")
        buffer = buffer[at:] + more
        at = 0


_LINES = "get the file again, or write one object a line (JSON lines) to lose only this one"


class _Text:
    """A file as text, its bytes that are no UTF-8 escaped; what stands before a break is read."""

    def __init__(self, file: BufferedReader) -> None:
        self._file = file
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")("surrogateescape")
        self.broken: BreaksOff | None = None

    def read(self, size: int) -> str:
        """So many characters or some more; fewer at the end."""
        pieces: list[str] = []
        while size > 0 and self.broken is None:
            try:
                piece = self._file.read1(1 << 16)
            except BreaksOff as error:
                self.broken = error
                break
            pieces.append(self._decoder.decode(piece, not piece))
            size -= len(pieces[-1])
            if not piece:
                break
        return "".join(pieces)


@contextmanager
def decoded(file: BufferedReader) -> Iterator[TextIOWrapper]:
    """The file as text, its bytes that are no UTF-8 escaped; who opened the file closes it."""
    source = TextIOWrapper(file, encoding="utf-8-sig", errors="surrogateescape", newline="")
    try:
        yield source
    finally:
        source.detach()


def _after(text: str, at: int, skip: str) -> int:
    while at < len(text) and text[at] in skip:
        at += 1
    return at


# -- CSV ---------------------------------------------------------------------------------------


def csv_rows(dump: Dump) -> Iterator[Row]:
    """The records below the header; cells end at a tab in ``.tsv`` files, else as in the header.

    Raises:
        BreaksOff: the file ends within a record.
        InputError: the header is none.
    """
    with decoded(dump.file) as source:
        yield from _csv(dump.path, source)


def _csv(path: Path, source: TextIOWrapper) -> Iterator[Row]:
    csv.field_size_limit(MAX_RECORD)  # the default stops at 131,072 characters
    last = ""

    def lines() -> Iterator[str]:
        nonlocal last
        while line := source.readline(MAX_RECORD):
            last = line
            yield line

    every = lines()
    first = next(every, "")
    delimiter = "\t" if ".tsv" in path.suffixes else max(",;\t", key=first.count)
    rows = csv.reader(chain([first], every), delimiter=delimiter, strict=True)
    try:
        header = next(rows)
    except StopIteration:
        raise InputError(f"{path}: is empty") from None
    except csv.Error as error:
        raise InputError(f"{path}: the header is not CSV: {error}") from None
    number = 0
    while True:
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            if str(error) == "unexpected end of data":
                raise BreaksOff(f"{CUT_OFF}, or close the quotes around its last cell") from None
            number += 1
            yield Row(number, None, f"not CSV: {error}")
            continue
        if not cells:
            continue
        number += 1
        if len(cells) < len(header) and not last.endswith(("\n", "\r")):
            raise BreaksOff(CUT_OFF)
        if len(cells) != len(header):
            # A comma in an unquoted text: what looks like the text is only its beginning.
            fault = f"has {len(cells)} fields where the header has {len(header)}"
            yield Row(number, None, fault)
        elif any(_ESCAPED.search(cell) for cell in cells):
            yield Row(number, None, "not UTF-8")
        else:
            yield Row(number, dict(zip(header, cells, strict=True)))


# -- Parquet -----------------------------------------------------------------------------------


def parquet_rows(path: Path, columns: Sequence[str] | None) -> Iterator[tuple[Row, float]]:
    """The rows, only these ``columns`` where given, with the share of the file read so far.

    Raises:
        BreaksOff: rows at some place cannot be read.
        InputError: none can.
    """
    import pyarrow
    import pyarrow.parquet

    errors = (pyarrow.ArrowException, OSError)
    try:
        file = pyarrow.parquet.ParquetFile(path)
    except errors as error:
        reason = str(error).splitlines()[0] if isinstance(error, pyarrow.ArrowInvalid) else "broken"
        if "not found in footer" in reason:
            reason = "its end is missing, so it is cut off; get it again"
        raise InputError(f"{path}: is not Parquet that can be read: {reason}") from None
    total = file.metadata.num_rows or 1
    number = 0
    batches = file.iter_batches(batch_size=1000, columns=columns)
    while True:
        try:
            batch = next(batches)
            rows = list(arrow_rows(batch, number + 1))
        except StopIteration:
            return
        except errors:
            raise BreaksOff("is garbled, or one soon behind it is; get the file again") from None
        for row in rows:
            number = row.number
            yield row, number / total


def arrow_rows(batch: pyarrow.RecordBatch, first: int) -> Iterator[Row]:
    """The rows of an Arrow batch, numbered from ``first``."""
    names = batch.schema.names
    for number, cells in enumerate(zip(*map(_cells, batch.columns), strict=True), first):
        bad = _NOT_UTF8 in cells
        record = None if bad else dict(zip(names, cells, strict=True))
        yield Row(number, record, "not UTF-8" if bad else "")


def _cells(column: Any) -> list[Any]:
    try:
        return column.to_pylist()  # type: ignore[no-any-return]
    except (UnicodeDecodeError, OverflowError):
        return [_cell(scalar) for scalar in column]


def _cell(scalar: Any) -> Any:
    try:
        return scalar.as_py()
    except UnicodeDecodeError:
        return _NOT_UTF8
    except OverflowError:  # a time beyond the calendar is none, as in rows.when
        return None
