"""Find details of the category ``phone``.

How numbers are written is in ``patterns/formats/phone.toml``.  Here is only what a record cannot
say: that eight digits in one run, no label near, stand on somebody's card
(``陳大文 91234576 屯門``) or are written in disguise, and that digits inside a link are no number
to call.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from injunction_screen.details.cards import links, on_card
from injunction_screen.details.formats import Candidate, match_formats
from injunction_screen.details.ties import Spans
from injunction_screen.details.ways import SPELT, ways
from injunction_screen.scan import Reading
from injunction_screen.text import undone

__all__ = ["find"]

ON_CARD = 0.65  # the score of a run of digits that only its place on a card speaks for
BARE = 0.4  # the least score of a run that may be on a card; see phone.hk_bare
# Eight digits close together, some hidden perhaps: less is no telephone number.
_MAYBE = re.compile(r"[0-9](?:[^0-9x*]{0,3}[0-9x*]){7}")
DISGUISED = 0.7  # the score of one that nobody would write so if it were an order
MANY = 3  # digits in words that a number in figures does not happen to stand beside
_UNLABELLED = frozenset({"phone.hk_bare", "phone.hk_loose"})
_ODD = frozenset({"keycap", "circled", "mathematical", "superscript", "digit", "confusable"})
REVERSED = "phone.reversed"
# The same with letters for some digits: one digit at least in each half.
_HALF = r"(?=[a-z]{0,3}[0-9])[0-9olisbzg]{4}"
_LETTERS = re.compile(rf"(?<![a-z0-9]){_HALF}[ \-]?{_HALF}(?![a-z0-9])")
HALVES = ("half_word", "half_tail")  # of a number in two places these words tell


def find(reading: Reading, found: Sequence[Candidate]) -> Iterator[Candidate]:
    """Telephone numbers, each with its value in the international form where it has one."""
    low = reading.folded.lower
    view = reading.digits
    if not (
        _MAYBE.search(low)
        or (view and _MAYBE.search(view.lower))
        or reading.of(*HALVES)
        or _LETTERS.search(low)
    ):
        return
    away = Spans(links(low))
    others = sorted((other.start, other.end) for other in found)
    for candidate in match_formats(reading, "phone"):
        if away.hold(candidate.start, candidate.start + 1):
            continue
        if candidate.pattern in _UNLABELLED and candidate.score <= BARE:
            if candidate.pattern == "phone.hk_bare" and on_card(reading, candidate, others):
                yield replace(candidate, score=ON_CARD)
            elif _in_disguise(reading, candidate):
                yield replace(candidate, score=DISGUISED)
            continue
        if candidate.pattern == REVERSED:
            candidate = replace(candidate, via=REVERSED.partition(".")[2])
        yield candidate


def _in_disguise(reading: Reading, candidate: Candidate) -> bool:
    """Whether its digits are written as only what is to be hidden is written."""
    start, end = reading.folded.span(candidate.start, candidate.end)
    text = reading.folded.lower[candidate.start : candidate.end]
    if not _ODD.isdisjoint(
        undone(reading.folded.source[start:end], reading.book.folder).split("+")
    ):
        return True
    told = ways("phone", text)
    spelt = len(SPELT.findall(text)) >= MANY and "homophone" not in told
    if "numerals" in told and "spaced" in told:
        return True
    return spelt or ("spaced" in told and "leet" in told)
