"""Find details of the category ``birthday``: dates and years of birth, and ages of persons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from injunction_screen.details.formats import Candidate
from injunction_screen.details.ties import tied_formats
from injunction_screen.scan import Reading

__all__ = ["find"]


def find(reading: Reading, found: Sequence[Candidate]) -> Iterator[Candidate]:
    """Candidates of this category; an age or a bare date needs a person in ``found``.

    >>> from injunction_screen import screen
    >>> [d.text for d in screen("DOB: 3.11.1991").details]
    ['3.11.1991']
    """
    yield from tied_formats(reading, "birthday", found)
