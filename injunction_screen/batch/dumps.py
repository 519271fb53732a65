"""Dumps of posts: what format one is in, its rows, and the messages in them.

In: a path.  Out: ``Row`` records in the order of the file, each with a record or with the reason
why there is none, and ``Message`` records made of them.  A row that cannot be read never ends the
run and never vanishes: it comes out with its number and its reason, and the reason never repeats
what the row says.  A file that is cut off, garbled or of another format is an ``InputError``.

Formats are known by their content: the modules of ``readers/``, and JSON lines, JSON arrays, CSV
and Parquet with any fields.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

import orjson

from injunction_screen.batch.readers import GENERIC, READERS
from injunction_screen.batch.readers.fields import NAMES, Fields, fields_among, mapped
from injunction_screen.batch.readers.generic import parquet_rows, parsed
from injunction_screen.batch.readers.opened import opened
from injunction_screen.batch.readers.walk import outline
from injunction_screen.batch.rows import Dump, Message, NoPost, Row, storable
from injunction_screen.errors import InputError

__all__ = [
    "NAMES",
    "Fields",
    "Message",
    "Row",
    "chunks",
    "find_fields",
    "message_of",
    "parsed",
    "read_messages",
    "read_rows",
    "settled",
    "sniff",
    "storable",
    "title_of",
]

HEAD = 1 << 18  # bytes that a format is known by
AUTO, ANY_FIELDS = "auto", "generic"


def sniff(path: str | Path) -> str:
    """The format of a dump: a name of ``readers.READERS`` or ``readers.GENERIC``.

    Raises:
        InputError: the file cannot be read, or is in no known format.
    """
    return _recognised(Path(path), AUTO)[0]


def title_of(name: str) -> str:
    """What a format is, in words."""
    return READERS[name].TITLE if name in READERS else GENERIC[name][0]


def _recognised(path: Path, wanted: str) -> tuple[str, bytes]:
    """The format of a dump and how its content begins.

    ``wanted`` is what the user says it is; ``generic`` for any that has fields of its own.
    """
    if wanted not in (AUTO, ANY_FIELDS, *READERS, *GENERIC):
        known = ", ".join([*READERS, *GENERIC])
        raise InputError(f"there is no format '{wanted}'; there are: auto, {known}")
    with opened(path) as (file, _):
        head = file.read(HEAD)
    if not head.strip():
        raise InputError(f"{path}: is empty")
    found = _generic(path, head) if wanted in (ANY_FIELDS, *GENERIC) else _known(path, head)
    if wanted not in (AUTO, ANY_FIELDS, found):
        raise InputError(
            f"{path}: is not {title_of(wanted)} but looks like {title_of(found)}: "
            "leave --format away, or name the fields with --text-field"
        )
    return found, head


def _known(path: Path, head: bytes) -> str:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    places = outline(start) if start.startswith((b"{", b"[")) else frozenset()
    for name, reader in READERS.items():
        if reader.recognises(path.name, head, places):
            return name
    return _generic(path, head)


def _generic(path: Path, head: bytes) -> str:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    suffixes = {suffix.lower() for suffix in path.suffixes[-2:]}  # .csv.zst too
    if head.startswith(b"PAR1"):
        return "parquet"
    if suffixes & {".csv", ".tsv"}:
        return "csv"
    if start.startswith(b"["):
        return "json"
    if suffixes & {".jsonl", ".ndjson"}:
        return "jsonl"
    if start.startswith(b"{"):
        line, end, _ = start.partition(b"\n")
        if end and not _is_json(line):
            raise InputError(
                f"{path}: is one JSON document of no known format; "
                "make a list of its posts, or write one post a line"
            )
        return "jsonl"
    raise InputError(
        f"{path}: is in no known format: neither an export that is known, JSON lines, "
        "a JSON array, Parquet nor named .csv or .tsv"
    )


def _is_json(line: bytes) -> bool:
    try:
        orjson.loads(line)
    except orjson.JSONDecodeError:
        return False
    return True


# -- rows --------------------------------------------------------------------------------------


def read_rows(path: str | Path, *, format: str = AUTO) -> Iterator[Row]:  # noqa: A002
    """Every row of a dump.

    Raises:
        InputError: the file cannot be read, is in no known format, or breaks off.
    """
    for group, _ in chunks(Path(path), 1000, format=format):
        yield from group


def chunks(
    path: Path,
    size: int,
    columns: Sequence[str] | None = None,
    *,
    format: str = AUTO,  # noqa: A002
) -> Iterator[tuple[list[Row], float]]:
    """The rows of a dump, ``size`` at a time, with the share of the file read so far.

    ``columns`` are all that is read of a Parquet file, where that saves time.

    Raises:
        InputError: the file cannot be read, is in no known format, or breaks off.
    """
    name, head = _recognised(path, format)
    with opened(path) as (file, raw), closing(_rows(name, path, file, head, columns)) as rows:
        length = path.stat().st_size or 1
        group: list[Row] = []
        for row, done in rows:
            group.append(row)
            if len(group) == size:
                yield group, raw.tell() / length if done is None else done
                group = []
        if group:
            yield group, 1.0


def _rows(
    name: str, path: Path, file: BinaryIO, head: bytes, columns: Sequence[str] | None
) -> Generator[tuple[Row, float | None], None, None]:
    if name == "parquet":
        yield from parquet_rows(path, columns)
        return
    read = READERS[name].rows if name in READERS else GENERIC[name][1]
    assert read is not None
    for row in read(Dump(path, file, head)):
        yield row, None


# -- messages ----------------------------------------------------------------------------------


def read_messages(
    path: str | Path,
    *,
    format: str = AUTO,  # noqa: A002
    fields: Fields | None = None,
) -> Iterator[Message | Row]:
    """The message of every row of a dump, or the row with the reason why it has none.

    Raises:
        InputError: the file cannot be read, is in no known format, or breaks off.
    """
    name, fields = settled(Path(path), format, fields)
    for row in read_rows(path, format=name):
        yield message_of(row, name, fields)


def settled(path: Path, format: str, fields: Fields | None) -> tuple[str, Fields | None]:  # noqa: A002
    """The format of a dump, and its fields where the format does not say them.

    Raises:
        InputError: it cannot be read, or is in no known format.
    """
    wanted = ANY_FIELDS if fields and format == AUTO else format
    name, _ = _recognised(path, wanted)
    if name in READERS:
        return name, None
    return name, fields or find_fields(path, format=name)


def message_of(
    row: Row,
    format: str,  # noqa: A002
    fields: Fields | None = None,
    *,
    posted_at: str | None = None,
) -> Message | Row:
    """The message in a row, or the row with the reason why there is none.

    ``posted_at`` is the day of posts that have none of their own.

    >>> message_of(Row(2, {"body": None}), "jsonl", Fields("body", "id")).fault
    "no text: 'body' is null"
    """
    row = parsed(row)
    if not isinstance(row.record, dict):
        return row
    try:
        found = mapped(row, fields) if fields else READERS[format].post(row)
    except NoPost as reason:
        return row._replace(record=None, fault=str(reason))
    if posted_at and found.post.created_at is None:
        return dataclasses.replace(
            found, post=dataclasses.replace(found.post, created_at=posted_at)
        )
    return found


def find_fields(
    path: str | Path,
    *,
    text_field: str = "",
    id_field: str = "",
    named: Mapping[str, str | Sequence[str]] | None = None,
    format: str = ANY_FIELDS,  # noqa: A002
) -> Fields:
    """Which field is which, by the names that other tools use.

    ``text_field``, ``id_field`` and ``named`` (by part of a post) settle some; the first thousand
    rows are looked at.

    Raises:
        InputError: no field looks like the text, or a named field is in no row.
    """
    rows = next(chunks(Path(path), 1000, format=format), ([], 1.0))[0]
    records = [row.record for row in map(parsed, rows) if isinstance(row.record, dict)]
    return fields_among(path, records, {"text": text_field, "id": id_field, **(named or {})})
