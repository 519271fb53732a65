"""Find details of the category ``identity_number``.

How the numbers are written, and which words announce them, is in
``patterns/formats/identity_number.toml``.  Here is only what a record cannot say: that a number of
the right shape with a wrong check character, nothing announcing it, counts where it stands on
somebody's card.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from injunction_screen.details.cards import links, on_card
from injunction_screen.details.formats import Candidate, match_formats
from injunction_screen.details.ties import Spans
from injunction_screen.scan import Reading

__all__ = ["find"]

SHAPE = "identity_number.hkid_shape"
ON_CARD = 0.6


def find(reading: Reading, found: Sequence[Candidate]) -> Iterator[Candidate]:
    """Identity numbers, each with its value written in the usual way where a check knows it."""
    away = Spans(links(reading.folded.lower))
    others = sorted((other.start, other.end) for other in found)
    for candidate in match_formats(reading, "identity_number"):
        if away.hold(candidate.start, candidate.start + 1):
            continue
        if candidate.pattern == SHAPE and candidate.score < ON_CARD:
            if on_card(reading, candidate, others):
                yield replace(candidate, score=ON_CARD)
            continue
        yield candidate
