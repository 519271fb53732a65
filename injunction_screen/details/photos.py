"""Find details of the category ``photo``: words or a link that present a picture of a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from injunction_screen.details.formats import Candidate
from injunction_screen.details.ties import Sight, tied_formats
from injunction_screen.scan import Reading

__all__ = ["find"]


def find(reading: Reading, found: Sequence[Candidate]) -> Iterator[Candidate]:
    """Candidates of this category; most records need a person in sight.

    >>> from injunction_screen import screen
    >>> [d.text for d in screen("Who is he? Pic attached, the one on the left.").details]
    ['Pic attached']
    """
    yield from tied_formats(reading, "photo", Sight(found))
