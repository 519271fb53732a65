"""The result of one post as a row, and files of such rows: JSON lines, CSV, Parquet.

A row holds no personal data unless ``text`` is asked for: places, scores and pattern ids only.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import orjson

from injunction_screen.batch.rows import Message, storable
from injunction_screen.records import Screening
from injunction_screen.spreadsheet import harmless, json_cell

if TYPE_CHECKING:
    import pyarrow

__all__ = ["FORMATS", "join", "result_row"]

_PLAIN = ("row", "id", "created_at", "parent", "outcome", "score", "incomplete", "read", "ruleset")
_LISTS: Mapping[str, Mapping[str, str]] = {
    "details": {
        "field": "string", "category": "string", "start": "int32", "end": "int32",
        "score": "float64", "pattern": "string", "via": "string",
    },
    "cues": {
        "field": "string", "kind": "string", "start": "int32", "end": "int32", "score": "float64",
        "pattern": "string", "strong": "bool_", "via": "string",
    },
    "limbs": {
        "order": "string", "limb": "string", "clause": "string", "outcome": "string",
        "elements": "list_", "reason": "string",
    },
    "purposes": {
        "field": "string", "name": "string", "start": "int32", "end": "int32", "pattern": "string",
    },
}  # fmt: skip
_TEXTS: Mapping[str, tuple[str, ...]] = {"details": ("text", "value"), "cues": ("text",)}
ROW_GROUP = 50_000


def result_row(
    screening: Screening,
    number: int,
    *,
    text: bool = False,
    message: Message | None = None,
    quoted: Screening | None = None,
) -> dict[str, Any]:
    """One result as plain values, in the order of the columns; ``number`` is the dump's row.

    The spans are offsets into the ``field`` of the ``message`` that they stand in; what was
    ``quoted`` in it comes behind what it says itself, with ``quote`` as its field.

    >>> from injunction_screen import screen
    >>> row = result_row(screen("Nice weather today"), 1)
    >>> row["outcome"], row["details"]
    ('clear', [])
    """
    row: dict[str, Any] = {
        "row": number,
        "id": screening.id,
        "created_at": message.post.created_at if message else None,
        "parent": message.post.parent if message else None,
        "outcome": screening.outcome,
        "score": screening.score,
        "incomplete": screening.incomplete,
        "read": screening.read,
        "ruleset": screening.ruleset,
    }
    behind = result_row(quoted, number, text=text) if quoted else {}
    for name, fields in _LISTS.items():
        found = getattr(screening, name)
        row[name] = _plain(name, found, message, text=text) if found else []
        if behind and "field" in fields:
            row[name] += [found | {"field": "quote"} for found in behind[name]]
    return row


def _plain(
    name: str, records: Sequence[Any], message: Message | None, *, text: bool
) -> list[dict[str, Any]]:
    """The records of one of the lists as plain values."""
    texts = _TEXTS.get(name, ()) if text else ()
    return [
        _placed(
            {field: _listed(getattr(record, field)) for field in _LISTS[name] if field != "field"}
            | {field: storable(getattr(record, field)) for field in texts},
            message,
        )
        for record in records
    ]


def _placed(found: dict[str, Any], message: Message | None) -> dict[str, Any]:
    """What was found, with its field and its offsets in that."""
    if "start" not in found:
        return found
    start, end = found["start"], found["end"]
    field, start, end = message.place(start, end) if message else ("text", start, end)
    return {"field": field, **found, "start": start, "end": end}


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


# -- a part of the results as the bytes of a file ---------------------------------------------


def json_lines(rows: Sequence[Mapping[str, Any]], *, text: bool) -> bytes:
    """One JSON object a line."""
    return b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows)


def csv_lines(rows: Sequence[Mapping[str, Any]], *, text: bool) -> bytes:
    """CSV without its header; lists are cells of JSON.

    No spreadsheet runs a cell of it as a formula (``spreadsheet.py``).
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for row in rows:
        writer.writerow(
            [
                (json_cell(cell) if cell else "[]") if isinstance(cell, list) else harmless(cell)
                for cell in row.values()
            ]
        )
    return out.getvalue().encode()


def arrow(rows: Sequence[Mapping[str, Any]], *, text: bool) -> bytes:
    """What becomes Parquet: a typed column for each field, in a form that is quickly read again."""
    import pyarrow

    out = pyarrow.BufferOutputStream()
    kinds = schema(text=text)
    columns = zip(*(row.values() for row in rows), strict=True) if rows else ((),) * len(kinds)
    arrays = [pyarrow.array(cells, one.type) for cells, one in zip(columns, kinds, strict=True)]
    options = pyarrow.ipc.IpcWriteOptions(compression="lz4")
    with pyarrow.ipc.new_file(out, kinds, options=options) as file:
        file.write_table(pyarrow.Table.from_arrays(arrays, schema=kinds))
    return out.getvalue().to_pybytes()  # type: ignore[no-any-return]


def schema(*, text: bool) -> pyarrow.Schema:
    """The Arrow schema of the results."""
    import pyarrow

    def kind(name: str) -> pyarrow.DataType:
        return pyarrow.list_(pyarrow.string()) if name == "list_" else getattr(pyarrow, name)()

    columns = [
        ("row", pyarrow.int64()),
        ("id", pyarrow.string()),
        ("created_at", pyarrow.string()),
        ("parent", pyarrow.string()),
        ("outcome", pyarrow.string()),
        ("score", pyarrow.float64()),
        ("incomplete", pyarrow.bool_()),
        ("read", pyarrow.bool_()),
        ("ruleset", pyarrow.string()),
    ]
    for name, fields in _LISTS.items():
        every = dict(fields) | (dict.fromkeys(_TEXTS.get(name, ()), "string") if text else {})
        struct = pyarrow.struct([(field, kind(of)) for field, of in every.items()])
        columns.append((name, pyarrow.list_(struct)))
    return pyarrow.schema(columns)


Write = Callable[..., bytes]
FORMATS: Mapping[str, Write] = {".jsonl": json_lines, ".csv": csv_lines, ".parquet": arrow}


# -- the parts put together -------------------------------------------------------------------


def join(parts: Iterator[Path], out: IO[bytes], suffix: str, *, text: bool) -> int:
    """Write the parts to ``out`` as one file, and say how many rows it has."""
    if suffix == ".parquet":
        return _join_parquet(parts, out, text=text)
    if suffix == ".csv":
        out.write(",".join((*_PLAIN, *_LISTS)).encode() + b"\n")
        csv.field_size_limit(2**31 - 1)  # a long hostile post has long lists
    rows = 0
    for part in parts:
        content = part.read_bytes()
        out.write(content)
        if suffix == ".jsonl":
            rows += content.count(b"\n")
        else:
            rows += sum(1 for _ in csv.reader(io.StringIO(content.decode(), newline="")))
    return rows


def _join_parquet(parts: Iterator[Path], out: IO[bytes], *, text: bool) -> int:
    import pyarrow
    import pyarrow.parquet

    rows = 0
    waiting: list[Any] = []
    with pyarrow.parquet.ParquetWriter(out, schema(text=text), compression="zstd") as writer:

        def flush() -> None:
            if waiting:
                writer.write_table(pyarrow.concat_tables(waiting))
                waiting.clear()

        for part in parts:
            table = pyarrow.ipc.open_file(part.read_bytes()).read_all()
            rows += table.num_rows
            waiting.append(table)
            if sum(t.num_rows for t in waiting) >= ROW_GROUP:
                flush()
        flush()
    return rows
