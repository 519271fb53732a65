"""Find details of the category ``identity_number``.

How the numbers are written, and which words announce them, is in
``patterns/formats/identity_number.toml``.  Here is only what a record cannot say: that a number of
the right shape with a wrong check character or a hidden part, nothing announcing it, counts where
it stands on somebody's card or straight behind a name, and that a part of a code is no number of
its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from injunction_screen.details.cards import follows_name, links, on_card
from injunction_screen.details.formats import Candidate, match_formats
from injunction_screen.details.ties import Spans
from injunction_screen.scan import Reading

__all__ = ["find"]

SHAPES = ("identity_number.hkid_shape", "identity_number.hkid_masked_shape")
CODE = "identity_number.code"
ON_CARD = 0.6


def find(reading: Reading, found: Sequence[Candidate]) -> Iterator[Candidate]:
    """Identity numbers, each with its value written in the usual way where a check knows it."""
    away = Spans(links(reading.folded.lower))
    others = sorted((other.start, other.end) for other in found)
    matched = list(match_formats(reading, "identity_number"))
    codes = {c.start: c.end for c in matched if c.pattern == CODE}
    for candidate in matched:
        if away.hold(candidate.start, candidate.start + 1):
            continue
        if codes.get(candidate.start, 0) > candidate.end:
            continue  # 2309 of 2309 4471D
        if candidate.pattern in SHAPES and candidate.score < ON_CARD:
            if follows_name(reading, candidate.start) or on_card(reading, candidate, others):
                yield replace(candidate, score=ON_CARD)
            continue
        yield candidate
