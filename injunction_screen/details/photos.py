"""Find details of the category ``photo``: words or a link that present a picture of a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from injunction_screen.details.formats import Candidate
from injunction_screen.details.photo_mentions import of_somebody, photo_mentions
from injunction_screen.details.ties import Cover, Sight, rule_of, tied_formats
from injunction_screen.scan import Reading

__all__ = ["find"]


def find(reading: Reading, found: Sequence[Candidate]) -> Iterator[Candidate]:
    """Candidates of this category; most records need a person in sight.

    >>> from injunction_screen import screen
    >>> [d.text for d in screen("Who is he? Pic attached, the one on the left.").details]
    ['Pic attached, the one on the left']
    """
    sight = Sight(found)
    mentions = list(photo_mentions(reading, sight))
    mentions += [
        candidate
        for candidate in tied_formats(reading, "photo", sight)
        if not _loose(reading, candidate)
        or of_somebody(reading, sight, (candidate.start, candidate.end))
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
