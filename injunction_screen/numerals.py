"""Read numbers that were spelt out, spaced out or half written in letters.

In: a ``Folded`` text.  Out: a further view of it in which such numbers stand in plain digits, or
``None`` where there are none.  ``九一二三 四五六七``, ``nine one two three``, ``9 1 2 3 / 6 6 7``,
``6.1.2.3 . 9.9.8.8`` and ``6oo9 l23o`` all become groups of four digits; plain numbers and all
other text stay as they are.

Only numerals that are read digit by digit count: ``二十三`` and ``twenty-three`` are amounts, not
telephone numbers.  Which words stand for which digit is in ``patterns/fold/numerals.txt``.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from injunction_screen.patternbook import PatternBook
from injunction_screen.text import Folded, fold

__all__ = ["Numerals", "digits", "numerals"]

LEAST = 4  # tokens; shorter numbers are not worth a disguise
LONG, SURE = 7, 2  # tokens of a number mostly in slang, and how many of them must be digits
WHOLE = 8  # digits of a telephone number
KEPT = 4  # tables of as many rule sets stay in memory


@dataclass(frozen=True, slots=True)
class Numerals:
    """What stands for which digit, and the rules that find it; made by ``numerals``.

    ``hint`` is a cheap test that every run in disguise passes; ``run`` finds rows of tokens,
    ``listed`` eight digits with a comma after each, ``part`` takes one apart.
    """

    digit: Mapping[str, str] = field(repr=False)
    times: Mapping[str, int] = field(repr=False)
    hint: re.Pattern[str] = field(repr=False)
    run: re.Pattern[str] = field(repr=False)
    listed: re.Pattern[str] = field(repr=False)
    part: re.Pattern[str] = field(repr=False)


class _Token(NamedTuple):
    digits: str
    start: int
    end: int
    kind: str


_TABLES: OrderedDict[str, Numerals] = OrderedDict()


def numerals(book: PatternBook) -> Numerals:
    """The table of a pattern book; books of the same content share one.

    >>> from injunction_screen.patternbook import default_book
    >>> numerals(default_book()).digit["nine"]
    '9'
    """
    known = _TABLES.get(book.ruleset)
    if known is None:
        known = _TABLES[book.ruleset] = _build(book)
        while len(_TABLES) > KEPT:
            _TABLES.popitem(last=False)
    return known


def digits(folded: Folded, table: Numerals) -> Folded | None:
    """The text with its disguised numbers in plain digits, ``None`` without any.

    >>> from injunction_screen.patternbook import default_book
    >>> table = numerals(default_book())
    >>> digits(Folded("6.1.2.3 . 9.9.8.8", "6.1.2.3 . 9.9.8.8"), table).text
    '6123 9988'
    >>> digits(Folded("call nine one two three", "call nine one two three"), table).text
    'call 9123'
    >>> digits(Folded("tel 6123 4567", "tel 6123 4567"), table) is None
    True
    """
    low = folded.lower
    pieces: list[tuple[str, int, int]] = []
    at = 0
    for run in _runs(low, table):
        tokens = list(_tokens(low, run.span(), table))
        for row in [tokens] if run.re is table.listed else _rows(low, tokens):
            pieces.append((folded.text[at : row[0].start], at, row[0].start))
            pieces.extend(_plainly(low, row))
            at = row[-1].end
    if not pieces:
        return None
    pieces.append((folded.text[at:], at, len(low)))
    return folded.view(pieces)


# -- finding runs ------------------------------------------------------------------------------

# A symbol may be an emoji, but a telephone begins a number, and so does a car.
_SEPARATOR = (
    r"(?: [^\w\s\N{IDEOGRAPHIC COMMA}\N{IDEOGRAPHIC FULL STOP};:?!$%\"'@\#&<>"
    r"\N{BLACK TELEPHONE}\N{WHITE TELEPHONE}\N{TELEPHONE RECEIVER}\N{MOBILE PHONE}"
    r"\N{MOBILE PHONE WITH RIGHTWARDS ARROW AT LEFT}\N{AUTOMOBILE}\N{E-MAIL SYMBOL}] | [ _] )"
)


def _build(book: PatternBook) -> Numerals:
    sorts: dict[str, dict[str, str]] = {
        sort: {} for sort in ("numeral", "word", "letter", "inner", "slang", "times")
    }
    for word, digit, sort in book.lists["fold/numerals"]:
        if (written := fold(word, book.folder).lower) != digit:  # the fold knows some already
            sorts[sort][written] = digit
    chars, letters = "".join(sorts["numeral"]), "".join(sorts["letter"])
    longest = sorted(sorts["word"], key=len, reverse=True)
    whole, words = "|".join(longest), "|".join(map(_broken, longest))
    signs = "".join(word for word in sorts["times"] if not word.isascii())
    spoken = "|".join(word for word in sorts["times"] if word.isascii())
    inner, slang = "".join(sorts["inner"]), "".join(sorts["slang"])
    digit, few = f"[0-9{chars}]", f"(?<![a-z])[{letters}]{{1,4}}(?![a-z])"
    # Between two digits, or such letters, more letters are digits: 9l23 4S76.
    among = rf"(?<=[0-9{letters}])[{inner}](?=[0-9{letters}])"
    times = rf"(?: [{signs}] | (?<![a-z])(?:{spoken})[ \-]? )"
    # A letter or a word is a token whole or not at all: there is one way to read a run.
    beside = rf"(?<=[0-9{inner}])[{letters}]{{1,3}}(?=[0-9{inner}])"
    ending = rf"(?<=[{inner}])[{letters}](?![a-z0-9])"
    spelt = rf"(?<![a-z])(?:{words}){{1,9}}(?![a-z])"
    few_of = f"{among} | {beside} | {ending} | {few}"
    token = rf"(?: {times}? {digit} | {times}? {spelt} | [{slang}] | {few_of} )"
    gap, other = r"(?:[^\w\s]|[ _]){0,3}", f"[0-9a-z{signs}{chars}{slang}]"
    # A numeral with two tokens beside it; a letter, a word or a multiplier next to another token;
    # a single digit set apart on both sides.
    hint = (
        rf"[{chars}]{gap}{other}{gap}{other}|{other}{gap}[{chars}]{gap}{other}"
        rf"|{other}{gap}{other}{gap}[{chars}]|[0-9]{gap}(?:{few}|{whole})|{few}{gap}[0-9]"
        rf"|(?:{whole}){gap}(?:[0-9]|{few}|{whole})|[0-9](?=[\W_]){gap}[0-9](?=[\W_]){gap}[0-9]"
        rf"|(?:[{signs}]|(?:{spoken})[ \-]?)(?:{digit}|{whole})|[0-9][{slang}]{{1,3}}[0-9]"
        r"|[a-z0-9]-[a-z]{1,3}[ /][a-z0-9]{1,3}-[a-z0-9]|[a-z][0-9][a-z]{0,4}[ \-][a-z]{0,2}[0-9]"
    )
    part = (
        rf"(?P<times>{times})? (?: (?P<word>{words}) | (?P<plain>[0-9]) | (?P<numeral>[{chars}])"
        rf" | (?P<letter>[{letters}{inner}]) | (?P<slang>[{slang}]) )"
    )
    return Numerals(
        digit=sorts["numeral"] | sorts["word"] | sorts["letter"] | sorts["inner"] | sorts["slang"],
        times={word: int(count) for word, count in sorts["times"].items()},
        hint=re.compile(hint),
        run=re.compile(rf"{token} (?: {_SEPARATOR}{{0,3}} {token} ){{3,60}}", re.VERBOSE),
        listed=re.compile(
            rf"(?<![0-9{chars}])[0-9{chars}](?:[,\N{{IDEOGRAPHIC COMMA}}] ?[0-9{chars}]){{7}}"
            rf"(?![,\N{{IDEOGRAPHIC COMMA}}]? ?[0-9{chars}])"
        ),
        part=re.compile(part, re.VERBOSE),
    )


_AS_LETTER = str.maketrans("01357", "oiest")
_AS_DIGIT = {"o": "[o0]", "i": "[i1]", "e": "[e3]", "s": "[s5]", "v": "v", "t": "[t7]"}


def _broken(word: str) -> str:
    """A word as a pattern: a hyphen may stand between its letters, digits for some of them.

    A word that is short, or that no letter is left of, stays as it is.
    """
    if len(word) < 3:
        return word
    return "-?".join(_AS_DIGIT.get(letter, letter) for letter in word)


def _runs(low: str, table: Numerals) -> Iterator[re.Match[str]]:
    """The runs of four tokens and more, on the lines on which the cheap test finds anything."""
    at = 0
    while hint := table.hint.search(low, at):
        start = low.rfind("\n", at, hint.start()) + 1 or at
        at = low.find("\n", hint.end())
        at = len(low) if at < 0 else at
        listed = list(table.listed.finditer(low, start, at))
        runs = list(table.run.finditer(low, start, at))
        if listed:
            inside = [run.span() for run in listed]
            runs = [run for run in runs if not _overlaps(inside, *run.span())]
            runs = sorted([*listed, *runs], key=lambda run: run.start())
        yield from runs


def _overlaps(spans: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    """Whether one of these spans, in order and apart, has a part of ``start:end``."""
    at = bisect_left(spans, (end,))
    return at > 0 and spans[at - 1][1] > start


def _tokens(low: str, span: tuple[int, int], table: Numerals) -> Iterator[_Token]:
    for part in table.part.finditer(low, *span):
        kind = part.lastgroup or ""
        written = part.group(kind)
        if kind == "word" and written not in table.digit:
            written = written.replace("-", "").translate(_AS_LETTER)
        digit = table.digit.get(written, written)
        if times := part.group("times"):
            yield _Token(digit * table.times[times.strip(" -")], *part.span(), "word")
        else:
            yield _Token(digit, *part.span(), kind)


def _rows(low: str, tokens: list[_Token]) -> Iterator[list[_Token]]:
    """The disguised numbers in a run; figures with commas between are several."""
    rows = [tokens]
    if any(token.kind in ("plain", "letter") for token in tokens):
        cuts = [i + 1 for i, gap in enumerate(_gaps(low, tokens)) if "," in gap]
        rows = [tokens[a:b] for a, b in pairwise([0, *cuts, len(tokens)])]
    for row in rows:
        left = _without_words(row)
        if _is_disguised(low, left):
            yield left


def _without_words(tokens: list[_Token]) -> list[_Token]:
    """Without what belongs to the words around.

    Letters before a number (``c-e-l-l 9 1 2 3``) and behind a whole one (``4567 lol``), numerals
    beside a whole one in figures (``6123 4567 兩個``).
    """
    plain = [i for i, token in enumerate(tokens) if token.kind == "plain"]
    if len(plain) >= WHOLE and plain[-1] - plain[0] == len(plain) - 1:
        return tokens[plain[0] : plain[-1] + 1]
    first, last = 0, len(tokens)
    while first < last and tokens[first].kind == "letter":
        first += 1
    while last > first and tokens[last - 1].kind == "letter":
        last -= 1
    # Slang for digits is ordinary words too: beside a whole number it is no part of it.
    inside, end = first, last
    while inside < end and tokens[inside].kind == "slang":
        inside += 1
    while end > inside and tokens[end - 1].kind == "slang":
        end -= 1
    if sum(len(token.digits) for token in tokens[inside:end]) >= WHOLE:
        return tokens[inside:end]
    whole = sum(len(token.digits) for token in tokens[first:last]) >= WHOLE
    return tokens[first : last if whole else len(tokens)]


# -- writing them plainly ----------------------------------------------------------------------


def _gap(low: str, before: _Token, after: _Token) -> str:
    """What separates two digits, in a few sorts: nothing, blanks, a sign with or without them."""
    between = low[before.end : after.start]
    sign = between.strip()
    blanks = " " * (len(between) - len(sign))
    if sign and not sign.isascii() and sign != "\N{MIDDLE DOT}":
        sign = "symbol"
    return blanks + sign


def _gaps(low: str, tokens: list[_Token]) -> list[str]:
    return [_gap(low, tokens[i], tokens[i + 1]) for i in range(len(tokens) - 1)]


def _spaced(gaps: list[str]) -> bool:
    """Whether every digit is set apart, or nearly."""
    return sum(1 for gap in gaps if gap) * 3 > len(gaps) * 2


def _is_disguised(low: str, tokens: list[_Token]) -> bool:
    kinds = Counter(token.kind for token in tokens)
    sure = kinds["plain"] + kinds["numeral"] + kinds["word"]
    if len(tokens) < LEAST or kinds["letter"] > sure:
        return False
    if kinds["slang"] > sure + 1 and (len(tokens) < LONG or sure < SURE):
        return False
    return kinds["plain"] < len(tokens) or _spaced(_gaps(low, tokens))


def _plainly(low: str, tokens: list[_Token]) -> Iterator[tuple[str, int, int]]:
    """The digits, with a blank where the number is grouped."""
    gaps = _gaps(low, tokens)
    filled = Counter(gap for gap in gaps if gap)
    usual = filled.most_common(1)[0][0] if _spaced(gaps) else ""
    for i, token in enumerate(tokens):
        yield token.digits, token.start, token.end
        if i < len(gaps) and gaps[i] and gaps[i] != usual:
            yield " (" if "(" in gaps[i] else " ", token.end, tokens[i + 1].start
