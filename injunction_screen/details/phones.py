"""Find details of the category ``phone``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from injunction_screen.details.formats import Candidate, match_formats
from injunction_screen.scan import Reading

__all__ = ["find"]


def find(reading: Reading, found: Sequence[Candidate]) -> Iterator[Candidate]:
    """Candidates of this category."""
    yield from match_formats(reading, "phone")
