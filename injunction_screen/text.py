"""Fold a post into one canonical text, and map every offset back to the text as it was given.

In: any ``str``.  Out: a ``Folded``.  Folding undoes what hides words from a reader's eye but not
from a reader: widths and compatibility forms, invisible and bidi characters, look-alike letters,
keycap, circled and other digits, variant characters, traditional and simplified.  What it does
*not* touch is meaning: Chinese numerals stay words here; finders that want them as digits ask
for a ``view``.

Canonical text is for matching only.  Spans are always reported on the source.

Every stage here is linear: one table look-up a character, and one pass over the few characters
that vanish or grow.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

__all__ = ["Folded", "Folder", "utf8_range", "utf16_range"]

_GROWS = "\x00"  # stands for "not one for one" between the two passes of a fold

# NFKC turns these into several characters or into something less useful for matching.
_AS_THEY_ARE = {
    "\N{HORIZONTAL ELLIPSIS}": "\N{HORIZONTAL ELLIPSIS}",
    "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    "\N{LEFT SINGLE QUOTATION MARK}": "'",
    "\N{PRIME}": "'",
    "\N{ACUTE ACCENT}": "'",
    "\N{EN DASH}": "-",
    "\N{EM DASH}": "-",
    "\N{HORIZONTAL BAR}": "-",
    "\N{HYPHEN}": "-",
    "\N{NON-BREAKING HYPHEN}": "-",
    "\N{FIGURE DASH}": "-",
    "\N{MINUS SIGN}": "-",
    "\N{KATAKANA MIDDLE DOT}": "\N{MIDDLE DOT}",
    "\N{HALFWIDTH KATAKANA MIDDLE DOT}": "\N{MIDDLE DOT}",
    "\N{BULLET}": "\N{MIDDLE DOT}",
    "\N{BULLET OPERATOR}": "\N{MIDDLE DOT}",
    "\N{HYPHENATION POINT}": "\N{MIDDLE DOT}",
    # Crosses and stars that people hide digits and letters with.
    "\N{MULTIPLICATION SIGN}": "x",
    "\N{MULTIPLICATION X}": "x",
    "\N{HEAVY MULTIPLICATION X}": "x",
    "\N{BOX DRAWINGS LIGHT DIAGONAL CROSS}": "x",
    "\N{VECTOR OR CROSS PRODUCT}": "x",
    "\N{ASTERISK OPERATOR}": "*",
    "\N{LOW ASTERISK}": "*",
    "\N{HEAVY ASTERISK}": "*",
    "\N{OPEN CENTRE ASTERISK}": "*",
    "\N{LINE SEPARATOR}": "\n",
    "\N{PARAGRAPH SEPARATOR}": "\n",
    "\r": " ",
    "\t": " ",
    "\n": "\n",
}
_FILLERS = frozenset(
    "\N{HANGUL FILLER}\N{HANGUL CHOSEONG FILLER}\N{HANGUL JUNGSEONG FILLER}"
    "\N{HALFWIDTH HANGUL FILLER}\N{MONGOLIAN VOWEL SEPARATOR}\N{BRAILLE PATTERN BLANK}"
)
_BASE_SCRIPTS = ("LATIN", "GREEK", "CYRILLIC")


class Folder(dict[int, str]):
    """The fold of single characters, worked out the first time that each is met.

    A ``dict`` only so that ``str.translate`` can use it; ``of`` gives one character's fold and
    ``mechanism`` says what kind of disguise it undid.

    ``tables`` maps a mechanism's name to characters and what they stand for.

    >>> folder = Folder({"confusable": {"\N{CYRILLIC SMALL LETTER O}": "o"}})
    >>> folder.of("\N{FULLWIDTH DIGIT NINE}"), folder.of("\N{ZERO WIDTH SPACE}")
    ('9', '')
    >>> folder.mechanism("\N{CYRILLIC SMALL LETTER O}")
    'confusable'
    """

    __slots__ = ("_full", "_kinds", "_tables")

    def __init__(self, tables: Mapping[str, Mapping[str, str]]) -> None:
        super().__init__()
        self._full: dict[str, str] = {}
        self._kinds: dict[str, str] = {}
        self._tables = {name: dict(table) for name, table in tables.items()}

    def __missing__(self, codepoint: int) -> str:
        full = self.of(chr(codepoint))
        one = full if len(full) == 1 else _GROWS
        self[codepoint] = one
        return one

    def of(self, char: str) -> str:
        """The canonical form of one character: none, one or several characters."""
        full = self._full.get(char)
        if full is None:
            full, kind = self._work_out(char)
            self._full[char] = full
            self._kinds[char] = kind
        return full

    def mechanism(self, char: str) -> str:
        """The kind of disguise that folding this character undoes, "" for none."""
        self.of(char)
        return self._kinds[char]

    def _work_out(self, char: str) -> tuple[str, str]:
        if "\ud800" <= char <= "\udfff":
            return "\N{REPLACEMENT CHARACTER}", ""
        if (known := _AS_THEY_ARE.get(char)) is not None:
            return known, ""
        for kind, table in self._tables.items():
            if (known := table.get(char)) is not None:
                return known, "" if kind == "variant" else kind
        category = unicodedata.category(char)
        if category in ("Cf", "Mn", "Me", "Cc") or char in _FILLERS:
            return "", "invisible" if category != "Me" else "keycap"
        if category == "Zs":
            return " ", ""
        folded = unicodedata.normalize("NFKC", char)
        if folded == char:
            return self._without_accent(char), ""
        kind = _compatibility_kind(char)
        parts = (self._tables_only(part) for part in folded)
        return "".join(parts), kind

    def _tables_only(self, char: str) -> str:
        for table in self._tables.values():
            if (known := table.get(char)) is not None:
                return known
        return "" if unicodedata.category(char) in ("Mn", "Me", "Cf") else char

    @staticmethod
    def _without_accent(char: str) -> str:
        if char < "\x80" or not unicodedata.name(char, "").startswith(_BASE_SCRIPTS):
            return char
        return unicodedata.normalize("NFD", char)[0]


def _compatibility_kind(char: str) -> str:
    tag = unicodedata.decomposition(char).partition(" ")[0]
    if tag == "<wide>":
        # Chinese punctuation is written wide everywhere: that hides nothing.
        return "fullwidth" if unicodedata.category(char)[0] in "LN" else ""
    if tag in ("<circle>", "<square>"):
        return "circled"
    if tag in ("<super>", "<sub>"):
        return "superscript"
    if tag == "<font>":
        return "mathematical"
    return "compatibility" if tag.startswith("<") else ""


@dataclass(frozen=True)
class Folded:
    """A canonical text with its map to the source.

    ``text`` is canonical, ``source`` as given; ``starts[i]`` and ``ends[i]`` bound the source
    characters that canonical character ``i`` came from, both ``None`` where the two texts run
    one for one.
    """

    source: str = field(repr=False)
    text: str = field(repr=False)
    starts: array[int] | None = field(default=None, repr=False)
    ends: array[int] | None = field(default=None, repr=False)

    @cached_property
    def lower(self) -> str:
        """``text`` in lower case, of the same length."""
        low = self.text.lower()
        if len(low) == len(self.text):
            return low
        return "".join(c if len(small := c.lower()) != 1 else small for c in self.text)

    @cached_property
    def word_starts(self) -> list[int]:
        """The canonical offsets at which words begin."""
        return [word.start() for word in _WORD.finditer(self.lower)]

    @cached_property
    def clause_breaks(self) -> list[int]:
        """The canonical offsets of the marks that end a clause."""
        return [mark.start() for mark in _CLAUSE_BREAK.finditer(self.lower)]

    @cached_property
    def sentence_starts(self) -> list[int]:
        """Canonical offsets at which sentences begin, the first always 0."""
        return [0, *(end.end() for end in _SENTENCE_END.finditer(self.text))]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The source span of a canonical span; empty spans stay empty.

        >>> folded = fold("A\N{ZERO WIDTH SPACE}B", Folder({}))
        >>> folded.text, folded.span(0, 2)
        ('AB', (0, 3))
        """
        if self.starts is None or self.ends is None:
            return start, end
        if start >= end:
            at = self.starts[start] if start < len(self.starts) else len(self.source)
            return at, at
        return self.starts[start], self.ends[end - 1]

    def canonical(self, at: int) -> int:
        """The first canonical offset that comes from source offset ``at`` or later."""
        return at if self.starts is None else bisect_left(self.starts, at)

    def view(self, pieces: Iterable[tuple[str, int, int]]) -> Folded:
        """A further text made of ``(characters, start, end)`` pieces of this one.

        Each piece's characters stand for canonical ``start:end``; the view's map goes straight
        to the source.
        """
        chunks: list[str] = []
        starts: array[int] = array("l")
        ends: array[int] = array("l")
        for characters, start, end in pieces:
            if not characters:
                continue
            chunks.append(characters)
            if len(characters) == end - start:
                if self.starts is None or self.ends is None:
                    starts.extend(range(start, end))
                    ends.extend(range(start + 1, end + 1))
                else:
                    starts.extend(self.starts[start:end])
                    ends.extend(self.ends[start:end])
            else:
                a, b = self.span(start, end)
                starts.extend([a] * len(characters))
                ends.extend([b] * len(characters))
        return Folded(self.source, "".join(chunks), starts, ends)


_WORD = re.compile(r"[a-z0-9']+|[\u3400-\u9fff\U00020000-\U0003ffff]")
# Quotation marks are no break: 同佢「裝修」 is one clause.
_CLAUSE_BREAK = re.compile(
    r"[,;:!?()\n\N{IDEOGRAPHIC COMMA}\N{IDEOGRAPHIC FULL STOP}\N{HORIZONTAL ELLIPSIS}]"
)
_SENTENCE_END = re.compile(
    r"[\n!?\N{IDEOGRAPHIC FULL STOP}\N{HALFWIDTH IDEOGRAPHIC FULL STOP}]+|;"
    r"|(?<![A-Z])(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)\.(?=\s|$)"
)


def fold(text: str, folder: Folder) -> Folded:
    """Fold a post.

    >>> from injunction_screen.patternbook import default_book
    >>> fold("\N{FULLWIDTH DIGIT NINE}\N{CIRCLED DIGIT ONE}", default_book().folder).text
    '91'
    """
    if text.isascii() and not _CONTROL.search(text):
        return Folded(text, text)
    canonical = text.translate(folder)
    if _GROWS not in canonical:
        return Folded(text, canonical)
    chunks: list[str] = []
    starts: array[int] = array("l")
    ends: array[int] = array("l")
    at = 0
    for grown in _GROWN.finditer(canonical):
        a, b = grown.span()
        chunks.append(canonical[at:a])
        starts.extend(range(at, a))
        ends.extend(range(at + 1, a + 1))
        for i in range(a, b):
            full = folder.of(text[i])
            if full:
                chunks.append(full)
                starts.extend([i] * len(full))
                ends.extend([i + 1] * len(full))
            elif ends and ends[-1] == i and unicodedata.category(text[i]) in ("Mn", "Me"):
                ends[-1] = i + 1  # a mark belongs to the character that it stands on
        at = b
    chunks.append(canonical[at:])
    starts.extend(range(at, len(text)))
    ends.extend(range(at + 1, len(text) + 1))
    return Folded(text, "".join(chunks), starts, ends)


_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
_GROWN = re.compile("\x00+")


# -- views: further readings of the same text, made only where a finder asks ------------------

_CJK = "\u3400-\u9fff\U00020000-\U0003ffff"
# One character, one to three separators, one character, again and again.  A row of single
# letters must be three long before it is taken for a spaced word; of Chinese characters too.
# The article in "in a w h e e l ..." is no part of the word behind it.
_SPACED_LETTERS = re.compile(
    r"(?<![a-z0-9])(?!(?<=[a-z]{2} )[ai] (?:[a-z] ){4})"
    r"[a-z](?:[ .\-_*/|~+^=\N{MIDDLE DOT}]{1,3}[a-z]){2,40}(?![a-z0-9])"
)
_SPACED_CJK = re.compile(rf"[{_CJK}](?:[ .\-_*/|~+^=\N{{MIDDLE DOT}}]{{1,3}}[{_CJK}]){{2,40}}")
# What begins either: most texts have none, and this is quicker to see.
_SPACED = re.compile(
    rf"(?<![a-z0-9])[a-z][ .\-_*/|~+^=\N{{MIDDLE DOT}}]{{1,3}}[a-z](?![a-z0-9])"
    rf"|[{_CJK}][ .\-_*/|~+^=\N{{MIDDLE DOT}}]{{1,3}}[{_CJK}][ .\-_*/|~+^=\N{{MIDDLE DOT}}]"
)
_BETWEEN_CJK = re.compile(
    rf"(?<=[{_CJK}])[^\w\s,.!?;:\"'()<>\N{{IDEOGRAPHIC FULL STOP}}\N{{IDEOGRAPHIC COMMA}}"
    r"\N{LEFT CORNER BRACKET}\N{RIGHT CORNER BRACKET}\N{LEFT DOUBLE QUOTATION MARK}"
    rf"\N{{RIGHT DOUBLE QUOTATION MARK}}\N{{HORIZONTAL ELLIPSIS}}]{{1,3}}(?=[{_CJK}])"
)
_LEET_WORD = re.compile(
    r"(?<![\w@$!])(?=[a-z0-9@$!]{0,30}[a-z])(?=[a-z@$!]{0,30}[0-9@$!])[a-z0-9@$!]{3,31}(?![\w@$])"
)
_LEET = str.maketrans("01345780@$!", "oieastboasi")


def squeezed(folded: Folded) -> Folded | None:
    """The text with spaced-out words closed up, ``None`` where nothing is spaced out.

    >>> view = squeezed(Folded("so k i l l him", "so k i l l him"))
    >>> view.text
    'so kill him'
    """
    low = folded.lower
    gaps: list[tuple[int, int]] = []
    for rule in (_SPACED_LETTERS, _SPACED_CJK) if _SPACED.search(low) else ():
        for found in rule.finditer(low):
            a, b = found.span()
            gaps.extend(
                (a + gap.start(), a + gap.end())
                for gap in re.finditer(r"[ .\-_*/|~+^=\N{MIDDLE DOT}]+", low[a:b])
            )
    gaps.extend(found.span() for found in _BETWEEN_CJK.finditer(low))
    if not gaps:
        return None
    return folded.view(_without(low, sorted(set(gaps))))


def _without(text: str, gaps: list[tuple[int, int]]) -> Iterator[tuple[str, int, int]]:
    at = 0
    for a, b in gaps:
        if a < at:
            continue
        yield text[at:a], at, a
        at = b
    yield text[at:], at, len(text)


def leet(folded: Folded) -> Folded | None:
    """The text with digits and signs inside words read as letters, ``None`` without any.

    >>> leet(Folded("d0x h1m", "d0x h1m")).text
    'dox him'
    """
    low = folded.lower
    pieces: list[tuple[str, int, int]] = []
    at = 0
    for word in _LEET_WORD.finditer(low):
        a, b = word.span()
        pieces.append((low[at:a], at, a))
        pieces.append((word.group().translate(_LEET), a, b))
        at = b
    if not pieces:
        return None
    pieces.append((low[at:], at, len(low)))
    return folded.view(pieces)


def joined(folded: Folded, split_chars: Mapping[str, str]) -> Folded | None:
    """The text with what stands for something else written plainly, ``None`` where nothing does.

    ``split_chars`` maps what is written to what it stands for: the two halves of a character to
    that character, a word spelt by its sound to the word.
    """
    if folded.text.isascii():
        return None
    low = folded.lower
    pieces: list[tuple[str, int, int]] = []
    at = 0
    for halves in _halves(tuple(split_chars)).finditer(low):
        a, b = halves.span()
        pieces.append((low[at:a], at, a))
        pieces.append((split_chars[halves.group()], a, b))
        at = b
    if not pieces:
        return None
    pieces.append((low[at:], at, len(low)))
    return folded.view(pieces)


@lru_cache(maxsize=4)
def _halves(pairs: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, pairs)) or "(?!)")


# -- offsets for callers that count differently ----------------------------------------------


def utf8_range(text: str, start: int, end: int) -> tuple[int, int]:
    """The byte offsets in UTF-8 of a code-point span; lone surrogates count three bytes.

    >>> utf8_range("\N{GRINNING FACE}abc", 1, 2)
    (4, 5)
    """
    first = len(text[:start].encode("utf-8", "surrogatepass"))
    return first, first + len(text[start:end].encode("utf-8", "surrogatepass"))


def utf16_range(text: str, start: int, end: int) -> tuple[int, int]:
    """The offsets in UTF-16 code units, as JavaScript counts, of a code-point span.

    >>> utf16_range("\N{GRINNING FACE}abc", 1, 2)
    (2, 3)
    """
    first = len(text[:start].encode("utf-16-le", "surrogatepass")) // 2
    return first, first + len(text[start:end].encode("utf-16-le", "surrogatepass")) // 2


def undone(source: str, folder: Folder) -> str:
    """Name what had to be undone to read ``source``: mechanisms joined by ``+``, "" for none.

    >>> undone("\N{FULLWIDTH DIGIT NINE}1", Folder({}))
    'fullwidth'
    """
    if source.isascii():
        return ""
    kinds: dict[str, Any] = {}
    for char in source:
        if kind := folder.mechanism(char):
            kinds[kind] = None
    return "+".join(kinds)
