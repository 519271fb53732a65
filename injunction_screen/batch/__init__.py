"""Screen whole dumps of posts: readers, writers and a run that survives ``kill -9``.

>>> from injunction_screen.batch import FORMATS
>>> sorted(FORMATS)
['.csv', '.jsonl', '.parquet']
"""

from __future__ import annotations

from injunction_screen.batch.dumps import (
    Fields,
    Member,
    Message,
    Row,
    find_fields,
    members,
    read_messages,
    read_rows,
    sniff,
)
from injunction_screen.batch.results import FORMATS, result_row
from injunction_screen.batch.run import Run, Summary, score_dump

__all__ = [
    "FORMATS",
    "Fields",
    "Member",
    "Message",
    "Row",
    "Run",
    "Summary",
    "find_fields",
    "members",
    "read_messages",
    "read_rows",
    "result_row",
    "score_dump",
    "sniff",
]
