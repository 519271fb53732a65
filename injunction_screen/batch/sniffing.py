"""What ``injunction-screen sniff`` says about a dump.

In: a path.  Out: lines that name its format and count what its first rows hold, so that a wrong
guess or a wrong field is seen before a long run.  No line repeats what a row says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from injunction_screen.batch.dumps import Message, message_of, read_rows, settled, title_of
from injunction_screen.batch.readers.fields import NAMES

__all__ = ["findings"]

ROWS = 1000


def findings(path: Path, format: str = "auto") -> Iterator[str]:  # noqa: A002
    """What the dump is, line by line.

    Raises:
        InputError: it cannot be read, or is in no known format.
    """
    name, fields = settled(path, format, None)
    yield f"{path.name}: {name} ({title_of(name)})"
    if fields:
        known = [f"{part}={found}" for part in NAMES if (found := getattr(fields, part))]
        yield f"  fields: {', '.join(known + [f'also={one}' for one in fields.also])}"
    messages, faults = [], []
    for row in islice(read_rows(path, format=name), ROWS):
        found = message_of(row, name, fields)
        if isinstance(found, Message):
            messages.append(found)
        else:
            faults.append(found)
    yield f"  first rows: {len(messages)} read, {len(faults)} that cannot be read"
    yield from (f"    row {row.number}: {row.fault}" for row in faults[:5])
    parts = Counter(field for one in messages if one.post.text for _, field in one.parts)
    parts["quote"] = sum(bool(one.quote) for one in messages)
    counted = [f"{field} {count}" for field, count in parts.most_common() if count]
    yield f"  text in: {', '.join(counted) or 'none'}"
    times = [one.post.created_at for one in messages if one.post.created_at]
    if times:
        yield f"  times: {times[0]} to {times[-1]}"
    replies = sum(one.post.parent is not None for one in messages)
    yield f"  replies that name what they answer: {replies}"
