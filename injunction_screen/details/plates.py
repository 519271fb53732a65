"""Find details of the category ``plate``.

How marks are written, and which words of the road they need, is in
``patterns/formats/plate.toml``.  Here is only what a record cannot say: that a mark with no such
word about, but an entry of its own, counts where it stands on somebody's card.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from injunction_screen.details.cards import links, on_card
from injunction_screen.details.formats import Candidate, match_formats
from injunction_screen.details.ties import Spans
from injunction_screen.scan import Reading

__all__ = ["find"]

ENTRY = "plate.on_card"


def find(reading: Reading, found: Sequence[Candidate]) -> Iterator[Candidate]:
    """Vehicle registration marks."""
    away = Spans(links(reading.folded.lower))
    others = sorted((other.start, other.end) for other in found)
    for candidate in match_formats(reading, "plate"):
        if away.hold(candidate.start, candidate.start + 1):
            continue
        if candidate.pattern == ENTRY and not on_card(reading, candidate, others):
            continue
        yield candidate
