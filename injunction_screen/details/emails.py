"""Find details of the category ``email``: plain addresses and those with their signs spelt out.

How they are written is in ``patterns/formats/email.toml``; the value is the plain address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from injunction_screen.details.formats import Candidate, match_formats
from injunction_screen.numerals import numerals
from injunction_screen.patternbook import PatternBook
from injunction_screen.scan import Reading
from injunction_screen.text import fold

__all__ = ["find", "plain"]

# What is left of a bare "at" or "dot" once blanks and brackets vary.
_AT = re.compile(r"\W*(?<![a-z0-9])a ?t(?![a-z0-9])\W*|#")
_AROUND = re.compile(r"[^\w.+\-*]*@\W*")
_DOT = re.compile(r"[^\w@]*(?<![a-z0-9])d[o0]t(?![a-z0-9])[^\w@]*")


def find(reading: Reading, found: Sequence[Candidate]) -> Iterator[Candidate]:
    """E-mail addresses, each with the plain address as its value."""
    for candidate in match_formats(reading, "email"):
        yield replace(candidate, value=plain(candidate.value, reading.book))


def plain(written: str, book: PatternBook) -> str:
    """An address as a mail program would take it.

    >>> from injunction_screen.patternbook import default_book
    >>> plain("Wilson Mak 88 (at) g m a i l (dot) com", default_book())
    'wilsonmak88@gmail.com'
    >>> plain("kay at example dot hk", default_book())
    'kay@example.hk'
    """
    digit = numerals(book).digit
    low = "".join(char if char.isascii() else digit.get(char, char) for char in written.lower())
    if "@" not in low:
        low = _first(low, book, "mail_sign", "@")
    if "@" not in low:
        low = _AT.sub("@", low, count=1)
    low = _AROUND.sub("@", low)
    for word in _words(book, "mail_dot"):
        low = low.replace(word, ".")
    return _DOT.sub(".", low).replace(" ", "")


def _first(low: str, book: PatternBook, slot: str, sign: str) -> str:
    for word in _words(book, slot):
        if word in low:
            return low.replace(word, sign, 1)
    return low


def _words(book: PatternBook, slot: str) -> list[str]:
    """The folded words of a slot, the longest first."""
    return sorted(
        (fold(word, book.folder).lower for word in book.words(slot)), key=len, reverse=True
    )
