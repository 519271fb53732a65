"""Find details of the category ``birthday``: dates and years of birth, and ages of persons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from injunction_screen.details.formats import Candidate
from injunction_screen.details.ties import TIED, Sight, rule_of, tied_formats
from injunction_screen.scan import Reading

__all__ = ["find"]


def find(reading: Reading, found: Sequence[Candidate]) -> Iterator[Candidate]:
    """Candidates of this category; an age or a bare date needs a person in ``found``.

    >>> from injunction_screen import screen
    >>> [d.text for d in screen("DOB: 3.11.1991").details]
    ['3.11.1991']
    """
    recent = rule_of(reading.book, "birthday_recent")
    for candidate in tied_formats(reading, "birthday", Sight(found)):
        # Dates of events stand beside names too: without a word of birth the year must fit.
        bare = candidate.pattern == "birthday.date" and candidate.score <= TIED
        if not (bare and recent.search(candidate.value)):
            yield candidate
