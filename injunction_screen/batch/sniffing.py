"""What ``injunction-screen sniff`` says about a dump.

In: a path.  Out: lines that name its format and count what its first rows hold, so that a wrong
guess or a wrong field is seen before a long run.  No line repeats what a row says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path

from injunction_screen.batch.dumps import (
    Fields,
    Member,
    Message,
    Row,
    chunks,
    first_rows,
    kinds,
    members,
    message_of,
    settled,
    sniff,
    title_of,
)
from injunction_screen.batch.readers.fields import NAMES

__all__ = ["findings"]

ROWS = 1000
SHOWN = 5  # rows that cannot be read, files that are not


def findings(path: Path, format: str = "auto") -> Iterator[str]:  # noqa: A002
    """What the dump is, line by line.

    Raises:
        InputError: it cannot be read, or is in no known format.
    """
    name, fields = settled(path, format, None)
    listed = members(path, format=name)
    found = sniff(path) if listed else name
    yield f"{path.name}: {found} ({title_of(found)})"
    if listed:
        yield from _within(path, name, listed)
        return
    yield from _named(fields)
    rows = chain.from_iterable(group for group, _ in chunks(path, ROWS, format=name))
    yield from _rows([message_of(row, name, fields) for row in islice(rows, ROWS)])


def _within(path: Path, name: str, listed: Sequence[Member]) -> Iterator[str]:
    """The files of an archive: what those hold that are read, and why the others are not."""
    read = [member for member in listed if member.format]
    yield f"  {kinds(listed)}, of which {len(read):,} are read"
    for member, rows in first_rows(path, read):
        yield f"  {member.number}  {member.name}: {member.format} ({title_of(member.format)})"
        found = [message_of(row, name) for row in rows]
        yield from (f"  {line}" for line in chain(_named(member.fields), _rows(found)))
    others: dict[str, list[Member]] = {}
    for member in listed:
        if not member.format:
            others.setdefault(member.why, []).append(member)
    for why, those in others.items():
        yield f"  not read: {kinds(those)}: {why}"
        yield from (f"    {member.number}  {member.name}" for member in those[:SHOWN])
        if len(those) > SHOWN:
            yield f"    and {len(those) - SHOWN:,} more"


def _named(fields: Fields | None) -> Iterator[str]:
    if fields:
        known = [f"{part}={found}" for part in NAMES if (found := getattr(fields, part))]
        yield f"  fields: {', '.join(known + [f'also={one}' for one in fields.also])}"


def _rows(found: Sequence[Message | Row]) -> Iterator[str]:
    messages = [one for one in found if isinstance(one, Message)]
    faults = [one for one in found if isinstance(one, Row)]
    yield f"  first rows: {len(messages)} read, {len(faults)} that cannot be read"
    for row in faults[:SHOWN]:
        yield f"    {row.fault}" if row.ends or row.member else f"    row {row.number}: {row.fault}"
    parts = Counter(field for one in messages if one.post.text for _, field in one.parts)
    parts["quote"] = sum(bool(one.quote) for one in messages)
    counted = [f"{field} {count}" for field, count in parts.most_common() if count]
    yield f"  text in: {', '.join(counted) or 'none'}"
    times = [one.post.created_at for one in messages if one.post.created_at]
    if times:
        yield f"  times: {times[0]} to {times[-1]}"
    replies = sum(one.post.parent is not None for one in messages)
    yield f"  replies that name what they answer: {replies}"
