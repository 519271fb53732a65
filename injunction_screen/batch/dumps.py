"""Read dumps of posts: JSON lines, a JSON array, CSV or TSV, Parquet.

In: a path.  Out: ``Row`` records in the order of the file, each with a record or with the reason
why there is none.  A row that cannot be read never ends the run and never vanishes: it comes out
with its number and its reason, and the reason never repeats what the row says.

Rows are numbered from 1: lines of a JSON lines file, records of every other kind (a CSV header is
no record).  Blank lines are no rows.
"""

from __future__ import annotations

import csv
import datetime
import json
import re
import sys
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import orjson

from injunction_screen.errors import InputError
from injunction_screen.records import Post

__all__ = ["Fields", "Row", "chunks", "find_fields", "parsed", "post_of", "read_rows", "storable"]

# What other tools call the fields of a post, the likeliest first.
NAMES: Mapping[str, tuple[str, ...]] = {
    "text": ("text", "message", "content", "body", "full_text", "msg"),
    "id": ("id", "post_id", "message_id", "id_str", "tweet_id", "comment_id", "uuid"),
    "author": ("author", "user", "username", "from", "sender", "screen_name", "author_id"),
    "created_at": ("created_at", "date", "timestamp", "time", "created_utc", "createdAt"),
    "url": ("url", "permalink", "link"),
    "platform": ("platform", "source"),
    "parent": ("parent", "parent_id", "reply_to", "in_reply_to", "in_reply_to_id"),
}


HONG_KONG = datetime.timezone(datetime.timedelta(hours=8))
_ESCAPED = re.compile("[\udc80-\udcff]")  # bytes that are no UTF-8, as surrogateescape shows them
_NOT_UTF8 = object()


class Row(NamedTuple):
    """One row of a dump: its number and its record, or the ``fault`` that keeps it out.

    A line of a JSON lines file comes as the ``bytes`` it is: ``parsed`` reads it, in whichever
    process has the time.
    """

    number: int
    record: bytes | dict[str, Any] | None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Fields:
    """Which field of a row is which part of a post; "" for a part that the dump does not have."""

    text: str
    id: str = ""
    author: str = ""
    created_at: str = ""
    url: str = ""
    platform: str = ""
    parent: str = ""


def chunks(
    path: Path, size: int, columns: Sequence[str] | None = None
) -> Iterator[tuple[list[Row], float]]:
    """The rows of a dump, ``size`` at a time, with the share of the file read so far.

    ``columns`` are all that is read of a Parquet file, where that saves time.

    Raises:
        InputError: the file cannot be read, or is none of the kinds named above.
    """
    try:
        with path.open("rb") as file, closing(_read(path, file, columns)) as rows:
            length = path.stat().st_size or 1
            group: list[Row] = []
            for row, done in rows:
                group.append(row)
                if len(group) == size:
                    yield group, file.tell() / length if done is None else done
                    group = []
            if group:
                yield group, 1.0
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from None


def read_rows(path: str | Path) -> Iterator[Row]:
    """Every row of a dump.

    Raises:
        InputError: the file cannot be read, or is none of the kinds named above.
    """
    for group, _ in chunks(Path(path), 1000):
        yield from group


def _read(
    path: Path, file: BinaryIO, columns: Sequence[str] | None
) -> Generator[tuple[Row, float | None], None, None]:
    suffix = path.suffix.lower()
    head = file.read(4096)
    file.seek(0)
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(b"PAR1"):
        yield from _parquet(path, columns)
    elif suffix in (".csv", ".tsv"):
        with _decoded(file) as source:
            for row in _csv(path, source, tab=suffix == ".tsv"):
                yield row, None
    elif start.startswith(b"["):
        with _decoded(file) as source:
            for row in _json_array(path, source):
                yield row, None
    elif suffix in (".jsonl", ".ndjson") or start.startswith(b"{"):
        for row in _json_lines(file):
            yield row, None
    elif start or suffix not in (".json", ".parquet"):
        raise InputError(
            f"{path}: is neither JSON lines, a JSON array, Parquet nor named .csv or .tsv"
        )
    else:
        raise InputError(f"{path}: is empty")


def _json_lines(file: BinaryIO) -> Iterator[Row]:
    # Lines end at \n only: str.splitlines would cut posts at U+2028 and other separators.
    for number, line in enumerate(file, 1):
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
        if isinstance(value, dict) and any(
            isinstance(v, float) and abs(v) >= 2**63 for v in value.values()
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
    return Row(number, None, f"not an object but {_kind(value)}")


def _json_array(path: Path, source: TextIOWrapper) -> Iterator[Row]:
    """The elements of one array, read bit by bit: memory holds the longest element."""
    decoder = json.JSONDecoder()
    buffer = source.read(1 << 20)
    at = buffer.index("[") + 1
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
        more = source.read(max(1 << 20, len(buffer) - at))
        if not more:
            raise InputError(
                f"{path}: the JSON array breaks after {number} elements, and nothing behind that "
                "can be read; write one object a line (JSON lines) to lose only the broken one"
            )
        buffer = buffer[at:] + more
        at = 0


@contextmanager
def _decoded(file: BinaryIO) -> Iterator[TextIOWrapper]:
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


def _csv(path: Path, source: TextIOWrapper, *, tab: bool) -> Iterator[Row]:
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))  # the default stops at 131,072 characters
    first = source.readline()
    source.seek(0)
    delimiter = "\t" if tab else max(",;\t", key=first.count)
    rows = csv.reader(source, delimiter=delimiter, strict=True)
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


def _parquet(path: Path, columns: Sequence[str] | None) -> Iterator[tuple[Row, float]]:
    import pyarrow
    import pyarrow.parquet

    try:
        file = pyarrow.parquet.ParquetFile(path)
        total = file.metadata.num_rows or 1
        number = 0
        for batch in file.iter_batches(batch_size=1000, columns=columns):
            names = batch.schema.names
            for cells in zip(*map(_cells, batch.columns), strict=True):
                number += 1
                bad = _NOT_UTF8 in cells
                record = None if bad else dict(zip(names, cells, strict=True))
                yield Row(number, record, "not UTF-8" if bad else ""), number / total
    except pyarrow.ArrowInvalid as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"{path}: is not Parquet that can be read: {reason}") from None


def _cells(column: Any) -> list[Any]:
    try:
        return column.to_pylist()  # type: ignore[no-any-return]
    except UnicodeDecodeError:
        return [_cell(scalar) for scalar in column]


def _cell(scalar: Any) -> Any:
    try:
        return scalar.as_py()
    except UnicodeDecodeError:
        return _NOT_UTF8


# -- from a record to a post -------------------------------------------------------------------


def find_fields(path: str | Path, *, text_field: str = "", id_field: str = "") -> Fields:
    """Which field is which, by the names that other tools use.

    ``text_field`` and ``id_field`` settle two; the first thousand rows are looked at.

    Raises:
        InputError: no field looks like the text, or a named field is in no row.
    """
    rows = next(chunks(Path(path), 1000), ([], 1.0))[0]
    records = [row.record for row in map(parsed, rows) if isinstance(row.record, dict)]
    present = dict.fromkeys(name for record in records for name in record)
    if not present:
        raise InputError(f"{path}: has no row with fields among the first {len(rows)}")
    for wanted in (text_field, id_field):
        if wanted and wanted not in present:
            raise InputError(f"{path}: has no field '{wanted}'; there are: {_listed(present)}")
    found = {"text": text_field, "id": id_field}
    for part, names in NAMES.items():
        if not found.get(part):
            taken = set(found.values())
            fits = (n for n in names if n in present and n not in taken)
            if part == "text":  # a field of that name may hold a number or a mapping
                fits = (n for n in fits if any(isinstance(r.get(n), str) for r in records))
            found[part] = next(fits, "")
    if not found["text"]:
        raise InputError(
            f"{path}: no field looks like the text; name it with --text-field, "
            f"there are: {_listed(present)}"
        )
    return Fields(**found)


def _listed(names: Mapping[str, Any]) -> str:
    some = list(names)[:12]
    return ", ".join(some) + (" ..." if len(names) > len(some) else "")


def post_of(row: Row, fields: Fields, *, posted_at: str | None = None) -> Post | Row:
    """The post in a row that was ``parsed``, or the row with the reason why there is none.

    ``posted_at`` is the day of posts that have none of their own.

    >>> post_of(Row(1, {"body": "hello", "id": 7}), Fields("body", "id"))
    Post(id='7', created_at=None, platform=None, parent=None)
    >>> post_of(Row(2, {"body": None}), Fields("body", "id")).fault
    "no text: 'body' is null"
    """
    record = row.record
    if not isinstance(record, dict):
        return row
    text = record.get(fields.text)
    if not isinstance(text, str):
        reason = f"is {_kind(text)}" if fields.text in record else "is not there"
        return row._replace(fault=f"no text: '{fields.text}' {reason}")

    def part(name: str) -> str | None:
        value = record.get(name) if name else None
        return None if value is None or value == "" else storable(str(value))

    return Post(
        text,
        id=part(fields.id),
        author=part(fields.author),
        created_at=_when(record.get(fields.created_at)) or posted_at,
        url=part(fields.url),
        platform=part(fields.platform),
        parent=part(fields.parent),
    )


def _when(value: Any) -> str | None:
    """A time as ISO text, in Hong Kong for times that name no zone of their own."""
    if isinstance(value, datetime.date):  # datetimes too
        return value.isoformat()
    if isinstance(value, str) and value.isdecimal() and value.isascii() and 9 <= len(value) <= 14:
        value = int(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        seconds = value / 1000 if abs(value) > 1e11 else value  # later than the year 5138: ms
        try:
            return datetime.datetime.fromtimestamp(seconds, HONG_KONG).isoformat()
        except (OverflowError, ValueError, OSError):
            return None
    if not isinstance(value, str) or not value:
        return None
    try:  # Wed Oct 30 13:00:00 +0000 2019
        when = datetime.datetime.strptime(value, "%a %b %d %H:%M:%S %z %Y")
    except ValueError:
        return storable(value)
    return when.astimezone(HONG_KONG).isoformat()


def storable(text: str) -> str:
    """The text as UTF-8 can hold it: surrogate pairs joined, lone ones replaced.

    >>> storable("a" + chr(0xD800)) == "a" + chr(0xFFFD)
    True
    """
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    for kinds, name in _KINDS:
        if isinstance(value, kinds):
            return name
    return "binary"


_KINDS: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (str, "a string"),
    (bool, "true or false"),
    ((int, float), "a number"),
    (list, "a list"),
    (dict, "a mapping"),
)
