"""Tell whether a number stands on somebody's card, and where links stand.

A card is a row or a column of entries about one person: ``陳大文 / 91234576 / 屯門良景邨``.  On it
a number needs no label of its own.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from injunction_screen.details.formats import Candidate
from injunction_screen.patternbook import PatternBook
from injunction_screen.scan import Reading
from injunction_screen.text import fold

__all__ = ["follows_name", "links", "on_card", "surnames"]

NEAR = 30  # characters between a card's entries that stand on one line
_LINK = re.compile(r"(?:https?://|www\.)[^\s\u3400-\u9fff]+")


def links(low: str) -> list[tuple[int, int]]:
    """Where links stand in a folded text.

    >>> links("see https://example.hk/t/61234576 now")
    [(4, 33)]
    """
    if "://" not in low and "www." not in low:
        return []
    return [link.span() for link in _LINK.finditer(low)]


def on_card(reading: Reading, candidate: Candidate, others: Sequence[tuple[int, int]]) -> bool:
    """Whether a number stands beside a name, or among other details, as on a card.

    ``others`` are the places of the details known so far, in order.
    """
    text = reading.folded.text
    start = text.rfind("\n", 0, max(0, candidate.start)) + 1
    end = text.find("\n", candidate.end)
    end = len(text) if end < 0 else end
    first = max(start, candidate.start - NEAR)
    last = min(end, candidate.end + NEAR)
    if text[start : candidate.start].strip(" -*.") == "":
        # It begins its line: the line above may be the name or another entry.
        first = max(0, start - NEAR)
    if text[candidate.end : end].strip() == "":
        last = min(len(text), end + NEAR)
    if reading.within(("card_word",), first, last):
        return True
    behind = bisect_left(others, (last,))
    if any(others[i][1] <= last for i in range(bisect_left(others, (first,)), behind)):
        return True
    return _names_somebody(reading.book, text[first : candidate.start]) or _names_somebody(
        reading.book, text[candidate.end : last]
    )


def follows_name(reading: Reading, at: int) -> bool:
    """Whether what looks like a name, or a surname and a form of address, stands right before.

    >>> from injunction_screen.patternbook import default_book
    >>> from injunction_screen.scan import Scanner
    >>> from injunction_screen.text import fold
    >>> book = default_book()
    >>> reading = Scanner(book).read(fold("主席宓國豪（G246810(A)）", book.folder))
    >>> follows_name(reading, 6)
    True
    """
    before = _BESIDE.search(reading.folded.text, max(0, at - 8), at)
    if before is None:
        return False
    chinese, _ = surnames(reading.book)
    return any(before.group(1)[-size:][:1] in chinese for size in (3, 2))


_BESIDE = re.compile(r"([\u3400-\u9fff]{2,})[ (,:/|]{1,3}$")
_CHINESE = re.compile(r"(?<![\u3400-\u9fff])[\u3400-\u9fff]{2,4}(?![\u3400-\u9fff])")
_LATIN = re.compile(r"[A-Z][A-Za-z]+(?:[ -][A-Z][A-Za-z]+){1,3}")
_SURNAMES: dict[str, tuple[frozenset[str], frozenset[str]]] = {}


def surnames(book: PatternBook) -> tuple[frozenset[str], frozenset[str]]:
    """The surnames that a book knows: Chinese ones as folded, romanised ones in small letters."""
    if book.ruleset not in _SURNAMES:
        _SURNAMES[book.ruleset] = (
            frozenset(fold(row[0], book.folder).text for row in book.lists["gazetteers/surnames"]),
            frozenset(row[0].lower() for row in book.lists["gazetteers/surnames_roman"]),
        )
    return _SURNAMES[book.ruleset]


def _names_somebody(book: PatternBook, beside: str) -> bool:
    """Whether a text holds a row of characters or of capitalised words with a surname in it."""
    chinese, latin = surnames(book)
    if any(
        name.group()[:1] in chinese or name.group()[:2] in chinese
        for name in _CHINESE.finditer(beside)
    ):
        return True
    return any(
        not latin.isdisjoint(re.split("[ -]", name.group().lower()))
        for name in _LATIN.finditer(beside)
    )
