"""Rows of dumps in no platform's own format: JSON lines, a JSON array, CSV or TSV, Parquet.

In: the bytes of the dump (Parquet: its path).  Out: ``Row`` records in the order of the file.
Rows are lines of a JSON lines file, records of every other kind (a CSV header is no record);
blank lines are no rows.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import orjson

from injunction_screen.batch.readers.opened import MAX_RECORD, text_lines
from injunction_screen.batch.rows import Dump, Row, kind
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
        try:  # the standard library also takes lone surrogates and NaN
            value = json.loads(record)
        except json.JSONDecodeError as error:
            what = error.msg.removesuffix(" at").rstrip(": ")
            return Row(row.number, None, f"not JSON: {what} at column {error.colno}")
        except UnicodeDecodeError:
            return Row(row.number, None, "not UTF-8")
        except (RecursionError, ValueError) as error:
            return Row(row.number, None, f"not JSON that can be read: {type(error).__name__}")
    except (RecursionError, ValueError) as error:
        return Row(row.number, None, f"not JSON that can be read: {type(error).__name__}")
    return _record(row.number, value)


def _record(number: int, value: Any) -> Row:
    if isinstance(value, dict):
        return Row(number, value)
    return Row(number, None, f"not an object but {kind(value)}")


def json_array(dump: Dump) -> Iterator[Row]:
    """The elements of one array, read bit by bit: memory holds the longest element."""
    with decoded(dump.file) as source:
        yield from _elements(dump.path, source)


def _elements(path: Path, source: TextIOWrapper) -> Iterator[Row]:
    decoder = json.JSONDecoder()
    buffer = source.read(1 << 20)
    at = buffer.find("[") + 1
    if not at:
        raise InputError(f"{path}: is no JSON array")
    number = 0
    while True:
        at = _after(buffer, at, " \t\r\n")
        if at < len(buffer) and buffer[at] == "]":
            return
        try:
            value, end = decoder.raw_decode(buffer, at)
            # A number could go on behind the end of the buffer, so the comma must be in sight.
            end = _after(buffer, end, " \t\r\n")
            whole = end < len(buffer) and buffer[end] in ",]"
        except (json.JSONDecodeError, RecursionError, ValueError):
            whole = False
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
            raise InputError(
                f"{path}: the JSON array breaks after {number} elements, and nothing behind that "
                "can be read; write one object a line (JSON lines) to lose only the broken one"
            )
        buffer = buffer[at:] + more
        at = 0


@contextmanager
def decoded(file: BinaryIO) -> Iterator[TextIOWrapper]:
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
    """The records below the header; cells end at a tab in ``.tsv`` files, else as in the header."""
    with decoded(dump.file) as source:
        yield from _csv(dump.path, source)


def _csv(path: Path, source: TextIOWrapper) -> Iterator[Row]:
    csv.field_size_limit(MAX_RECORD)  # the default stops at 131,072 characters
    lines = iter(lambda: source.readline(MAX_RECORD), "")
    first = next(lines, "")
    delimiter = "\t" if ".tsv" in path.suffixes else max(",;\t", key=first.count)
    rows = csv.reader(chain([first], lines), delimiter=delimiter, strict=True)
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
            number += 1
            yield Row(number, None, f"not CSV: {error}")
            continue
        if not cells:
            continue
        number += 1
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
    """The rows, only these ``columns`` where given, with the share of the file read so far."""
    import pyarrow
    import pyarrow.parquet

    try:
        file = pyarrow.parquet.ParquetFile(path)
        total = file.metadata.num_rows or 1
        number = 0
        for batch in file.iter_batches(batch_size=1000, columns=columns):
            for row in arrow_rows(batch, number + 1):
                number = row.number
                yield row, number / total
    except (pyarrow.ArrowException, OSError) as error:
        reason = str(error).splitlines()[0] if isinstance(error, pyarrow.ArrowInvalid) else "broken"
        raise InputError(f"{path}: is not Parquet that can be read: {reason}") from None


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
