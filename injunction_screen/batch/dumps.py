"""Dumps of posts: what format one is in, its rows, and the messages in them.

In: a path.  Out: ``Row`` records in the order of the file, each with a record or with the reason
why there is none, and ``Message`` records made of them.  A row that cannot be read never ends the
run and never vanishes: it comes out with its number and its reason, and the reason never repeats
what the row says.  A dump that is cut off or garbled gives its rows before that, then the one at
which it breaks, whose ``ends`` is true, then an ``InputError``.

Formats are known by their content: the modules of ``readers/``, and JSON lines, JSON arrays, CSV
and Parquet with any fields.  A ZIP archive is read member by member, each in its own format; rows
are numbered through, and ids begin with the number of the member.  A member that is broken ends
no more than itself.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from io import BufferedReader
from itertools import islice
from pathlib import Path, PurePath

import orjson

from injunction_screen.batch.readers import GENERIC, READERS
from injunction_screen.batch.readers.archive import (
    ARCHIVE,
    MAX_RATIO,
    TITLE,
    Archive,
    archive,
    is_archive,
)
from injunction_screen.batch.readers.fields import NAMES, Fields, fields_among, mapped
from injunction_screen.batch.readers.generic import parquet_rows, parsed
from injunction_screen.batch.readers.opened import opened
from injunction_screen.batch.readers.walk import outline
from injunction_screen.batch.readers.x import is_part
from injunction_screen.batch.rows import (
    BreaksOff,
    Dump,
    Member,
    Message,
    NoPost,
    Row,
    storable,
)
from injunction_screen.errors import InputError

__all__ = [
    "NAMES",
    "Fields",
    "Member",
    "Message",
    "Row",
    "chunks",
    "find_fields",
    "first_rows",
    "kinds",
    "members",
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
FIRST = 1024  # bytes that tell text from pictures
LOOKED_AT = 1000  # rows that fields are known by
AUTO, ANY_FIELDS = "auto", "generic"


def sniff(path: str | Path) -> str:
    """The format of a dump: a name of ``readers.READERS`` or ``readers.GENERIC``, or ``zip``.

    Raises:
        InputError: the file cannot be read, or is in no known format.
    """
    return _recognised(Path(path), AUTO)[0]


def title_of(name: str) -> str:
    """What a format is, in words."""
    if name == ARCHIVE:
        return TITLE
    return READERS[name].TITLE if name in READERS else GENERIC[name][0]


def _recognised(path: Path, wanted: str) -> tuple[str, bytes]:
    """The format of a dump and how its content begins.

    ``wanted`` is what the user says it is; ``generic`` for any that has fields of its own.  Of an
    archive it says what its members are.
    """
    if wanted not in (AUTO, ANY_FIELDS, ARCHIVE, *READERS, *GENERIC):
        known = ", ".join([*READERS, *GENERIC, ARCHIVE])
        raise InputError(f"there is no format '{wanted}'; there are: auto, {known}")
    with opened(path) as (file, _):
        try:
            head = _beginning(file)
        except BreaksOff as reason:
            raise InputError(f"{path}: {reason}") from None
    if is_archive(head):
        return ARCHIVE, head
    return _found(path, head, wanted), head


def _beginning(file: BufferedReader, size: int = HEAD) -> bytes:
    pieces: list[bytes] = []
    try:
        while size > 0 and (piece := file.read1(size)):
            pieces.append(piece)
            size -= len(piece)
    except BreaksOff:
        if not pieces:  # else reading the rows says so
            raise
    return b"".join(pieces)


def _found(path: PurePath, head: bytes, wanted: str) -> str:
    if not head.strip():
        raise InputError(f"{path}: is empty")
    found = _generic(path, head) if wanted in (ANY_FIELDS, *GENERIC) else _known(path, head)
    if wanted not in (AUTO, ANY_FIELDS, found):
        raise InputError(
            f"{path}: is not {title_of(wanted)} but looks like {title_of(found)}: "
            "leave --format away, or name the fields with --text-field"
        )
    return found


def _known(path: PurePath, head: bytes) -> str:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    places = outline(start) if start.startswith((b"{", b"[")) else frozenset()
    for name, reader in READERS.items():
        if reader.recognises(path.name, head, places):
            return name
    return _generic(path, head)


def _generic(path: PurePath, head: bytes) -> str:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    suffixes = {suffix.lower() for suffix in path.suffixes[-2:]}  # .csv.zst too
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"\x1f\x8b"):
        raise InputError(f"{path}: is packed with gzip; unpack it first")
    if is_part(head):
        raise InputError(f"{path}: is a part of an X (Twitter) archive that holds no posts")
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
        "a JSON array, Parquet, a ZIP archive of such nor named .csv or .tsv"
    )


def _is_json(line: bytes) -> bool:
    try:
        orjson.loads(line)
    except orjson.JSONDecodeError:
        return False
    return True


# -- the members of an archive -----------------------------------------------------------------


def members(
    path: str | Path,
    *,
    format: str = AUTO,  # noqa: A002
    fields: Fields | None = None,
) -> list[Member]:
    """Every file in an archive, in the order of the names, read or not; none of any other dump.

    ``format`` is that of the members which are wanted, ``fields`` theirs.

    Raises:
        InputError: it cannot be read, or nothing in it can.
    """
    path = Path(path)
    wanted = ANY_FIELDS if fields and format == AUTO else format
    if _recognised(path, wanted)[0] != ARCHIVE:
        return []
    with archive(path) as packed:
        return _listed(packed, AUTO if wanted == ARCHIVE else wanted, fields)


def _listed(packed: Archive, wanted: str, fields: Fields | None) -> list[Member]:
    found = []
    left = packed.most
    for bare in packed.members():
        member = _looked_at(packed, bare, wanted, fields)
        if member.format and member.size > left:
            reason = f"would make {MAX_RATIO} times the archive's size of it; taken for a bomb"
            member = member._replace(format="", why=reason, broken=True)
        elif member.format:
            left -= member.size
        found.append(member)
    if not any(member.format for member in found):
        broken = [f"{member.name} {member.why}" for member in found if member.broken]
        more = f", and {len(broken) - 1} more like it" if len(broken) > 1 else ""
        why = f"; {broken[0]}{more}" if broken else ""
        what = title_of(wanted) if wanted in (*READERS, *GENERIC) else "posts in a known format"
        raise InputError(f"{packed.path}: holds no {what}: {kinds(found)}{why}")
    return found


def kinds(found: Sequence[Member]) -> str:
    """How many files there are, and of which kinds by their names.

    >>> kinds([Member(1, "a/b.jpg", 0, 9), Member(2, "c.JPG", 1, 9), Member(3, "d", 2, 9)])
    '3 files (2 .jpg, 1 other)'
    """
    counts = Counter(PurePath(member.name).suffix.lower() for member in found)
    del counts[""]
    told = [f"{count:,} {suffix}" for suffix, count in counts.most_common(8) if len(suffix) < 10]
    other = len(found) - sum(counts[one.split(" ")[1]] for one in told)
    told += [f"{other:,} other"] if other else []
    return f"{len(found):,} file{'s'[len(found) == 1 :]} ({', '.join(told) or 'none'})"


def _looked_at(packed: Archive, member: Member, wanted: str, fields: Fields | None) -> Member:
    """A member with its format and fields, or with the reason why it is not read."""
    if refusal := packed.refusal(member):
        return member._replace(why=refusal, broken=True)
    label = packed.label(member)
    try:
        with packed.opened(member) as (file, _):
            head = _beginning(file, FIRST)
            if b"\0" in head or head.startswith(_NO_STREAMS):
                return member._replace(why=_not_read(head))
            name = _found(label, head + _beginning(file), wanted)
        if name in GENERIC:
            fields = fields or fields_among(label, _first_records(packed, member, name), {})
        return member._replace(format=name, fields=fields if name in GENERIC else None)
    except InputError as error:
        why = str(error).removeprefix(f"{label}: ")
        return member._replace(why=why, broken=isinstance(error, BreaksOff))


_NO_STREAMS = (b"PAR1", b"PK\x03\x04", b"\x28\xb5\x2f\xfd")


def _not_read(head: bytes) -> str:
    if head.startswith(b"PAR1"):
        return "is Parquet, which is not read within an archive; unpack it first"
    if head.startswith(_NO_STREAMS):
        return "is packed itself; unpack it first"
    return "is no text"


def first_rows(path: Path, listed: Sequence[Member]) -> Iterator[tuple[Member, list[Row]]]:
    """The first thousand rows of each of these members, each numbered from 1.

    Raises:
        InputError: the archive cannot be read.
    """
    with archive(path) as packed:
        for member in listed:
            with closing(_member_rows(packed, member, _Share())) as rows:
                yield member, [row._replace(member=member) for row in islice(rows, LOOKED_AT)]


def _first_records(packed: Archive, member: Member, name: str) -> list[Mapping[str, object]]:
    with closing(_member_rows(packed, member._replace(format=name), _Share())) as rows:
        found = [parsed(row) for row in islice(rows, LOOKED_AT)]
    if len(found) == 1 and found[0].ends:
        raise BreaksOff(found[0].fault)
    return [row.mapping for row in found if row.mapping]


# -- rows --------------------------------------------------------------------------------------


def read_rows(path: str | Path, *, format: str = AUTO) -> Iterator[Row]:  # noqa: A002
    """Every row of a dump.

    Raises:
        InputError: the file cannot be read or is in no known format; or it breaks off, behind its
            last row.
    """
    path = Path(path)
    ends = []
    for group, _ in chunks(path, LOOKED_AT, format=format):
        yield from group
        ends += [row for row in group if row.ends]
    _complain(path, [message_of(row, format) for row in ends])


def _complain(path: Path, ends: Sequence[Message | Row]) -> None:
    for first in ends:
        assert isinstance(first, Row)
        more = f"; {len(ends) - 1:,} more of its files cannot be read" if len(ends) > 1 else ""
        raise InputError(f"{path}: {first.fault}{more}")


def chunks(
    path: Path,
    size: int,
    fields: Fields | None = None,
    *,
    format: str = AUTO,  # noqa: A002
    listed: Sequence[Member] = (),
) -> Iterator[tuple[list[Row], float]]:
    """The rows of a dump, ``size`` at a time, with the share of the file read so far.

    Where it breaks off, the row at which it does is the last, and its ``ends`` is true.
    ``fields`` are those of the posts, where they are known: no other column of a Parquet file is
    read, and members of an archive have no others.  ``listed`` are these, where they are known.

    Raises:
        InputError: the file cannot be read, or is in no known format.
    """
    name, head = _recognised(path, format)
    share = _Share()
    if name == ARCHIVE:
        listed = listed or members(path, format=format, fields=fields)
        reading = _archive_rows(path, listed, share)
    else:
        reading = _plain_rows(name, path, head, fields, share)
    with closing(reading) as rows:
        group: list[Row] = []
        for row in rows:
            group.append(row)
            if len(group) == size:
                yield group, share.now()
                group = []
        if group:
            yield group, 1.0


class _Share:
    """How much of a dump is read; whoever reads it says how that is known."""

    def __init__(self) -> None:
        self.now: Callable[[], float] = lambda: 0.0


_Rows = Generator[Row, None, None]


def _plain_rows(name: str, path: Path, head: bytes, fields: Fields | None, share: _Share) -> _Rows:
    number, done = 0, 0.0
    try:
        if name == "parquet":
            share.now = lambda: done
            columns = fields.columns if fields else None
            for row, done in parquet_rows(path, columns):  # noqa: B007
                number = row.number
                yield row
            return
        with opened(path) as (file, raw):
            length = path.stat().st_size or 1
            share.now = lambda: raw.tell() / length
            for row in _read(name, Dump(path, file, head, lambda: opened(path))):
                number = row.number
                yield row
    except BreaksOff as reason:
        share.now = lambda: 1.0
        yield _end(number + 1, reason)


def _archive_rows(path: Path, listed: Sequence[Member], share: _Share) -> _Rows:
    whole = sum(member.size for member in listed if member.format) or 1
    done = last = 0
    inner = _Share()
    share.now = lambda: (done + inner.now()) / whole
    with archive(path) as packed:
        for member in listed:
            here = member._replace(before=last)
            if member.broken:
                last += 1
                yield Row(last, None, member.why, member=here, ends=True)
            if member.format:
                for row in _member_rows(packed, member, inner):
                    last = here.before + row.number
                    yield row._replace(number=last, member=here)
                inner.now = lambda: 0.0
                done += member.size


def _member_rows(packed: Archive, member: Member, share: _Share) -> _Rows:
    """The rows of one member, numbered from 1; its share is told in bytes."""
    label = packed.label(member)
    number = 0
    try:
        with packed.opened(member) as (file, _):
            head = _beginning(file)
        with packed.opened(member) as (file, read):
            share.now = read.tell
            dump = Dump(label, file, head, lambda: packed.opened(member))
            for row in _read(member.format, dump):
                number = row.number
                yield row
    except InputError as error:
        yield _end(number + 1, str(error).removeprefix(f"{label}: "))


def _read(name: str, dump: Dump) -> Iterator[Row]:
    read = READERS[name].rows if name in READERS else GENERIC[name][1]
    assert read is not None
    return read(dump)


def _end(number: int, reason: object) -> Row:
    return Row(number, None, f"record {number} {reason}", ends=True)


# -- messages ----------------------------------------------------------------------------------


def read_messages(
    path: str | Path,
    *,
    format: str = AUTO,  # noqa: A002
    fields: Fields | None = None,
) -> Iterator[Message | Row]:
    """The message of every row of a dump, or the row with the reason why it has none.

    Raises:
        InputError: the file cannot be read or is in no known format; or it breaks off, behind its
            last row.
    """
    path = Path(path)
    name, fields = settled(path, format, fields)
    ends: list[Message | Row] = []
    for group, _ in chunks(path, LOOKED_AT, fields, format=name):
        for row in group:
            found = message_of(row, name, fields)
            if isinstance(found, Row) and found.ends:
                ends.append(found)
            yield found
    _complain(path, ends)


def settled(path: Path, format: str, fields: Fields | None) -> tuple[str, Fields | None]:  # noqa: A002
    """The format of a dump, and its fields where the format does not say them.

    The format of an archive is what is wanted of its members.

    Raises:
        InputError: it cannot be read, or is in no known format.
    """
    wanted = ANY_FIELDS if fields and format == AUTO else format
    name, _ = _recognised(path, wanted)
    if name == ARCHIVE:
        open_to_all = ANY_FIELDS if fields else ARCHIVE
        return open_to_all if wanted in (AUTO, ARCHIVE) else wanted, fields
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
    member = row.member
    if member:
        own = row._replace(number=row.number - member.before)
        found = _within(member, _message(own, member.format, member.fields))
    else:
        found = _message(row, format, fields)
    if posted_at and isinstance(found, Message) and found.post.created_at is None:
        return dataclasses.replace(
            found, post=dataclasses.replace(found.post, created_at=posted_at)
        )
    return found


def _message(row: Row, name: str, fields: Fields | None) -> Message | Row:
    row = parsed(row)
    if not isinstance(row.record, dict):
        return row
    try:
        return mapped(row, fields) if fields else READERS[name].post(row)
    except NoPost as reason:
        return row._replace(record=None, fault=str(reason))


def _within(member: Member, found: Message | Row) -> Message | Row:
    """What was found in a member, as the archive has it: ids and reasons say which it is."""
    if isinstance(found, Row):
        before = "" if found.ends else f"row {found.number}: "
        fault = f"{member.name}: {before}{found.fault}"
        return found._replace(number=member.before + found.number, fault=fault, member=member)
    post = found.post
    return dataclasses.replace(
        found,
        post=dataclasses.replace(
            post,
            id=post.id and f"{member.number}/{post.id}",
            parent=post.parent and f"{member.number}/{post.parent}",
        ),
    )


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
    rows are looked at, of an archive those of each member.

    Raises:
        InputError: no field looks like the text, or a named field is in no row.
    """
    path = Path(path)
    wanted = {"text": text_field, "id": id_field, **(named or {})}
    if _recognised(path, format)[0] == ARCHIVE:
        return fields_among(path, _records_within(path, format), wanted)
    rows = [*map(parsed, next(chunks(path, LOOKED_AT, format=format), ([], 1.0))[0])]
    if len(rows) == 1:
        _complain(path, [row for row in rows if row.ends])
    return fields_among(path, [row.mapping for row in rows if row.mapping], wanted)


def _records_within(path: Path, wanted: str) -> list[Mapping[str, object]]:
    """The first records of every member that has fields of its own."""
    with archive(path) as packed:
        listed = _listed(packed, ANY_FIELDS if wanted == ARCHIVE else wanted, Fields(""))
        return [
            record
            for member in listed
            if member.format in GENERIC
            for record in _first_records(packed, member, member.format)
        ]
