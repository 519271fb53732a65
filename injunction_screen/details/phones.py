"""Find details of the category ``phone``.

How numbers are written is in ``patterns/formats/phone.toml``.  Here is only what a record cannot
say: that eight digits in one run, no label near, stand on somebody's card
(``陳大文 91234576 屯門``), and that digits inside a link are no telephone number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from injunction_screen.details.cards import links, on_card
from injunction_screen.details.formats import Candidate, match_formats
from injunction_screen.scan import Reading

__all__ = ["find"]

ON_CARD = 0.65  # the score of a run of digits that only its place on a card speaks for
BARE = 0.4  # the least score of a run that may be on a card; see phone.hk_bare
# Eight digits close together, some hidden perhaps: less is no telephone number.
_MAYBE = re.compile(r"[0-9](?:[^0-9x*]{0,3}[0-9x*]){7}")
HALVES = "half_word"  # of a number in two places these words tell


def find(reading: Reading, found: Sequence[Candidate]) -> Iterator[Candidate]:
    """Telephone numbers, each with its value in the international form where it has one."""
    low = reading.folded.lower
    view = reading.digits
    if not (_MAYBE.search(low) or (view and _MAYBE.search(view.lower)) or reading.of(HALVES)):
        return
    away = links(low)
    for candidate in match_formats(reading, "phone"):
        if any(start <= candidate.start < end for start, end in away):
            continue
        if candidate.pattern == "phone.hk_bare" and candidate.score <= BARE:
            if on_card(reading, candidate, found):
                yield replace(candidate, score=ON_CARD)
            continue
        yield candidate
