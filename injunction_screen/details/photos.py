"""Find details of the category ``photo``: words or a link that present a picture of a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from injunction_screen.details.formats import Candidate
from injunction_screen.details.photo_mentions import photo_mentions
from injunction_screen.details.ties import (
    Cover,
    Sight,
    beside,
    rule_of,
    sentences,
    starts_within,
    tied_formats,
)
from injunction_screen.scan import Reading

__all__ = ["find"]

PEOPLE = ("name", "identity_number", "social_account")
BESIDE = 3  # characters between such words and a name
ENDS = frozenset("。!?\n")
BRACKETS = "【[(「"
NEAR, FAR = 16, 40  # characters in which somebody is pointed at, out of and in the sentence


def find(reading: Reading, found: Sequence[Candidate]) -> Iterator[Candidate]:
    """Candidates of this category; most records need a person in sight.

    >>> from injunction_screen import screen
    >>> [d.text for d in screen("Who is he? Pic attached, the one on the left.").details]
    ['Pic attached']
    """
    sight = Sight(found)
    mentions = list(photo_mentions(reading, sight))
    mentions += [
        candidate
        for candidate in tied_formats(reading, "photo", sight)
        if not _loose(reading, candidate) or _of_somebody(reading, sight, candidate)
    ]
    mentions.sort(key=lambda m: m.start - m.end)
    cover = Cover(len(reading.folded.text))
    for mention in mentions:  # the longest first
        if cover.free(mention.start, mention.end):
            cover.take(mention.start, mention.end)
            yield mention


def _loose(reading: Reading, photo: Candidate) -> bool:
    """Whether the words are those for any picture: 見附圖, 有圖有真相."""
    rule = rule_of(reading.book, "photo_loose")
    return rule.fullmatch(reading.folded.lower, photo.start, photo.end) is not None


def _of_somebody(reading: Reading, sight: Sight, photo: Candidate) -> bool:
    """Whether a person is named straight beside such words, or pointed at in their sentence.

    >>> from injunction_screen import screen
    >>> [d.text for d in screen("陳大文批准咗嘅集會（見附圖），大家小心").details
    ...  if d.category == "photo"]
    []
    """
    span = photo.start, photo.end
    person = beside(reading, span, sight.of(*PEOPLE))
    if person is not None:
        between = slice(min(span[1], person[1]), max(span[0], person[0]))
        gap = reading.folded.text[between]
        if len(gap) <= BESIDE and not set(gap) & ENDS:
            return True
    size = len(reading.folded.text)
    first, last = sentences(reading, span, 0)
    if reading.folded.text[span[0]] in BRACKETS and starts_within(
        sight.of("name"), span[1], min(last, span[1] + FAR)
    ):
        return True  # the heading of a post about somebody
    first, last = max(0, min(first, span[0] - NEAR)), min(size, max(last, span[1] + NEAR))
    return reading.within(("photo_pointed",), max(first, span[0] - FAR), min(last, span[1] + FAR))
