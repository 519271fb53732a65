"""Read mentions of a picture of somebody as phrases, by a grammar of their parts.

In: a ``Reading`` and the details found so far.  Out: candidates of the category ``photo``.  The
grammar (``patterns/formats/photo_grammar.toml``) puts a mention together from a word for a
picture, its number, where it is to be seen and who in it is meant.  This module decides whether a
mention is somebody's: the words themselves may point at a person (``person``), be for pictures of
people (``likeness``), or be for any picture (``bare``); the less they say, the nearer somebody
must be pointed at or named.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import Any

from injunction_screen.details.formats import Candidate
from injunction_screen.details.ties import (
    Sight,
    Span,
    beside,
    rule_of,
    sentences,
    starts_within,
    windows,
)
from injunction_screen.scan import Reading

__all__ = ["of_somebody", "photo_mentions"]

GRAMMARS = {"zh": "photo_mention_zh", "en": "photo_mention_en"}  # slot and label of each
LEAD, TAIL = {"zh": 28, "en": 64}, {"zh": 48, "en": 64}  # characters read around a picture's word
PEOPLE = ("name", "identity_number", "social_account", "plate")
NAMED = ("name", "identity_number", "social_account")
THINGS = ("photo_thing", "photo_meal", "photo_goods", "photo_ordinary")
POINTED = ("photo_pointed", "photo_sought")
REACH = 48  # characters from a mention in which somebody is pointed at
BESIDE = 14  # characters from a mention in which a thing is what it shows
KEPT = 0.6  # the least share of a mention that stays when a name ends it
LEAST = 2  # characters of a mention
SURE, FAIR = 0.86, 0.8
LIMIT = 8_000  # characters around words for pictures that are read in one post
GAP = 3  # characters between words for any picture and a name beside them
ENDS = frozenset("。!?\n")
BRACKETS = "【[(「"
NEAR, FAR = 16, 40  # characters in which somebody is pointed at, out of and in the sentence


def photo_mentions(reading: Reading, sight: Sight) -> Iterator[Candidate]:
    """Mentions of a picture that is somebody's.

    >>> from injunction_screen import screen
    >>> [d.text for d in screen("圖中著紫色褲呢位小姐，邊個識佢？").details]
    ['圖中著紫色褲呢位小姐']
    """
    low, size = reading.folded.lower, len(reading.folded.lower)
    for language, label in GRAMMARS.items():
        hits = reading.of(label)
        if not hits:
            continue
        rule, left = rule_of(reading.book, label), LIMIT
        for first, last in windows(hits, size, LEAD[language], TAIL[language]):
            if last - first > left:
                reading.cut("photo")  # a post of nothing but pictures is none that people write
                last = first + left
            left -= last - first
            for match in rule.finditer(low, first, last):
                span = _bounds(reading, sight, match.span("value"))
                if span and _is_somebodys(reading, sight, span, match):
                    yield Candidate(
                        category="photo",
                        start=span[0],
                        end=span[1],
                        value=reading.folded.text[slice(*span)],
                        score=SURE if match["person"] else FAIR,
                        pattern=f"photo.mention_{language}",
                    )


def _bounds(reading: Reading, sight: Sight, span: Span) -> Span | None:
    """The mention without blanks at its ends, cut before another detail that it runs into."""
    text, (start, end) = reading.folded.text, span
    others = sight.of()
    at = bisect_left(others, (start,))
    if at and others[at - 1][1] > start:  # Janice Pun + 's face is in the second photo
        start = others[at - 1][1]
        start += 2 if text.startswith("'s", start) else 0
    if at < len(others) and others[at][0] < end:
        if others[at][0] - start < KEPT * (end - start):
            return None
        end = others[at][0]
    while start < end and text[start].isspace():
        start += 1
    while start < end and (text[end - 1].isspace() or text[end - 1] in ",、"):
        end -= 1
    return (start, end) if end - start >= LEAST else None


def _is_somebodys(reading: Reading, sight: Sight, span: Span, match: Any) -> bool:
    """Whether the words, or those around them, say that a picture shows somebody.

    >>> from injunction_screen import screen
    >>> [d.category for d in screen("附相：張枱八成新，自取").details]
    []
    """
    start, end = span
    sentence = sentences(reading, span, 0)
    if match["person"]:
        return not reading.within(("photo_goods",), start, end)
    around = max(sentence[0], start - BESIDE), min(sentence[1], end + BESIDE)
    if reading.within(THINGS, *around):
        return False
    if match["bare"]:
        return of_somebody(reading, sight, span)
    first, last = sentences(reading, span, 1)
    first, last = max(first, start - REACH), min(last, end + REACH)
    named = starts_within(sight.of(*PEOPLE), first, last)
    if match["likeness"]:
        return named or bool(sight.of(*PEOPLE, "phone")) or reading.within(POINTED, first, last)
    return named or reading.within(POINTED, first, last)


def of_somebody(reading: Reading, sight: Sight, span: Span) -> bool:
    """Whether a person is named straight beside such words, or pointed at in their sentence.

    >>> from injunction_screen import screen
    >>> [d.text for d in screen("陳大文批准咗嘅集會（見附圖），大家小心").details
    ...  if d.category == "photo"]
    []
    """
    person = beside(reading, span, sight.of(*NAMED))
    if person is not None:
        between = slice(min(span[1], person[1]), max(span[0], person[0]))
        gap = reading.folded.text[between]
        if len(gap) <= GAP and not set(gap) & ENDS:
            return True
    size = len(reading.folded.text)
    first, last = sentences(reading, span, 0)
    if reading.folded.text[span[0]] in BRACKETS and starts_within(
        sight.of("name"),
        span[1],
        span[1] + FAR
        if reading.folded.text[span[1] : span[1] + 1] == "\n"
        else min(last, span[1] + FAR),
    ):
        return True  # the heading of a post about somebody
    first, last = max(0, min(first, span[0] - NEAR)), min(size, max(last, span[1] + NEAR))
    return reading.within(POINTED, max(first, span[0] - FAR), min(last, span[1] + FAR))
