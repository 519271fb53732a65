"""Read numbers that were spelt out, spaced out or half written in letters.

In: a ``Folded`` text.  Out: a further view of it in which such numbers stand in plain digits, or
``None`` where there are none.  ``九一二三 四五六七``, ``nine one two three ...``, ``6.1.2.3 . 9.9.8.8``,
``9 1 2 3 / 6 6 7 8`` and ``6oo9 l23o`` all become two groups of four digits; plain numbers and all other
text stay as they are.

Only numerals that are read digit by digit count: ``二十三`` and ``twenty-three`` are amounts, not
telephone numbers.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from injunction_screen.text import Folded

__all__ = ["digits"]

# In folded (simplified) characters: everyday, formal, and those of radio and barracks talk.
_NUMERALS = {
    "零○\N{LARGE CIRCLE}\N{HEAVY LARGE CIRCLE}洞": "0",
    "一壹弌么幺": "1",
    "二贰弍两": "2",
    "三叁参弎": "3",
    "四肆": "4",
    "五伍": "5",
    "六陆": "6",
    "七柒拐": "7",
    "八捌": "8",
    "九玖勾": "9",
}
_DIGIT_OF = {char: digit for chars, digit in _NUMERALS.items() for char in chars}
# English, and Cantonese as it is spelt in Latin letters.
_WORDS = {
    "zero": "0", "oh": "0", "nil": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5",
    "six": "6", "seven": "7", "eight": "8", "nine": "9", "niner": "9", "ling": "0", "yat": "1", "jat": "1",
    "yi": "2", "yee": "2", "ng": "5", "sam": "3", "saam": "3", "sei": "4", "luk": "6", "chat": "7", "tsat": "7", "cat": "7",
    "baat": "8", "bat": "8", "pat": "8", "gau": "9", "kau": "9",
}  # fmt: skip
_TIMES = {"double": 2, "triple": 3, "treble": 3, "孖": 2, "双": 2}
_LETTERS = {"o": "0", "l": "1", "i": "1"}
_WORD = "|".join(sorted(_WORDS, key=len, reverse=True))
_H = "".join(_DIGIT_OF)
_TOKEN = (
    rf"(?: [0-9{_H}] | (?: [孖双] | (?<![a-z])(?:double|triple|treble)[ \-]? ) [0-9{_H}]"
    rf" | (?:(?<![a-z])(?:double|triple|treble)[ \-]?|[孖双])? (?<![a-z])(?:{_WORD}){{1,9}}(?![a-z]) | (?<![a-z])[oli]{{1,4}}(?![a-z]) )"
)
# A symbol may be an emoji, but a telephone begins a number.
_SEPARATOR = (
    r"(?: [^\w\s\N{IDEOGRAPHIC COMMA}\N{IDEOGRAPHIC FULL STOP};:?!$%\"'@\#&<>"
    r"\N{BLACK TELEPHONE}\N{WHITE TELEPHONE}\N{TELEPHONE RECEIVER}\N{MOBILE PHONE}"
    r"\N{MOBILE PHONE WITH RIGHTWARDS ARROW AT LEFT}\N{AUTOMOBILE}\N{E-MAIL SYMBOL}] | [ _] )"
)
# No possessive repeats are needed: a letter or a word is a token whole or not at all, so there is
# one way to read a run.
_RUN = re.compile(rf"{_TOKEN} (?: (?:{_SEPARATOR}){{0,3}} {_TOKEN} ){{3,60}}", re.VERBOSE)
# A cheap test that every disguised run passes: a numeral with two tokens beside it, a letter, word or
# multiplier next to another token, or a single digit set apart on both sides.
_S = r"(?:[^\w\s]|[ _]){0,3}"
_ANY, _FEW = f"[0-9a-z孖双{_H}]", "(?<![a-z])[oli]{1,4}(?![a-z])"
_HINT = re.compile(
    rf"[{_H}]{_S}{_ANY}{_S}{_ANY}|{_ANY}{_S}[{_H}]{_S}{_ANY}|{_ANY}{_S}{_ANY}{_S}[{_H}]"
    rf"|[0-9]{_S}(?:{_FEW}|{_WORD})|{_FEW}{_S}[0-9]|(?:{_WORD}){_S}(?:[0-9]|{_FEW}|{_WORD})"
    rf"|[0-9](?=[\W_]){_S}[0-9](?=[\W_]){_S}[0-9]"
    rf"|(?:[孖双]|(?:double|triple|treble)[ \-]?)(?:[0-9{_H}]|{_WORD})"
)
_PART = re.compile(
    rf"""(?P<times>[孖双]|(?:double|triple|treble)[ \-]?)?
    (?: (?P<plain>[0-9]) | (?P<numeral>[{_H}]) | (?P<word>{_WORD}) | (?P<letter>[oli]) )""",
    re.VERBOSE,
)
LEAST = 4  # shorter numbers are not worth a disguise


class _Token(NamedTuple):
    digits: str
    start: int
    end: int
    kind: str


def digits(folded: Folded) -> Folded | None:
    """The text with its disguised numbers in plain digits, ``None`` without any.

    >>> digits(Folded("6.1.2.3 . 9.9.8.8", "6.1.2.3 . 9.9.8.8")).text
    '6123 9988'
    >>> digits(Folded("call nine one two three", "call nine one two three")).text
    'call 9123'
    >>> digits(Folded("tel 6123 4567", "tel 6123 4567")) is None
    True
    """
    low = folded.lower
    pieces: list[tuple[str, int, int]] = []
    at = 0
    for run in _runs(low):
        tokens = _from_first_digit(list(_tokens(low, *run.span())))
        if not _is_disguised(low, tokens):
            continue
        pieces.append((folded.text[at : tokens[0].start], at, tokens[0].start))
        pieces.extend(_plainly(low, tokens))
        at = tokens[-1].end
    if not pieces:
        return None
    pieces.append((folded.text[at:], at, len(low)))
    return folded.view(pieces)


def _runs(low: str) -> Iterator[re.Match[str]]:
    """The runs of four tokens and more, on the lines on which the cheap test finds anything."""
    at = 0
    while hint := _HINT.search(low, at):
        start = low.rfind("\n", at, hint.start()) + 1 or at
        at = low.find("\n", hint.end())
        at = len(low) if at < 0 else at
        yield from _RUN.finditer(low, start, at)


def _tokens(low: str, start: int, end: int) -> Iterator[_Token]:
    for part in _PART.finditer(low, start, end):
        kind = part.lastgroup or ""
        written = part.group(kind)
        digit = {
            "plain": lambda w: w,
            "numeral": _DIGIT_OF.__getitem__,
            "word": _WORDS.__getitem__,
            "letter": _LETTERS.__getitem__,
        }[kind](written)
        if times := part.group("times"):
            yield _Token(digit * _TIMES[times.strip(" -")], *part.span(), "word")
        else:
            yield _Token(digit, *part.span(), kind)


def _from_first_digit(tokens: list[_Token]) -> list[_Token]:
    """Without letters in front: ``c-e-l-l 9 1 2 3`` begins with the nine."""
    first = 0
    while first < len(tokens) and tokens[first].kind == "letter":
        first += 1
    return tokens[first:]


def _gap(low: str, before: _Token, after: _Token) -> str:
    """What separates two digits, in a few sorts: nothing, blank, a sign with or without blanks."""
    between = low[before.end : after.start]
    sign = between.strip()
    if sign and not sign.isascii() and sign != "\N{MIDDLE DOT}":
        sign = "symbol"
    return " " * (len(between) - len(between.strip())) + sign


def _is_disguised(low: str, tokens: list[_Token]) -> bool:
    kinds = Counter(token.kind for token in tokens)
    sure = kinds["plain"] + kinds["numeral"] + kinds["word"]
    if len(tokens) < LEAST or kinds["letter"] > sure:
        return False
    gaps = [_gap(low, a, b) for a, b in zip(tokens, tokens[1:], strict=False)]
    if any("," in gap for gap in gaps) and (kinds["plain"] or kinds["letter"]):
        return False
    if kinds["plain"] < len(tokens):
        return True
    return sum(1 for gap in gaps if gap) * 3 > len(gaps) * 2


def _plainly(low: str, tokens: list[_Token]) -> Iterator[tuple[str, int, int]]:
    """The digits, with a blank where the number is grouped."""
    gaps = [_gap(low, a, b) for a, b in zip(tokens, tokens[1:], strict=False)]
    filled = Counter(gap for gap in gaps if gap)
    spaced = sum(filled.values()) * 3 > len(gaps) * 2
    usual = filled.most_common(1)[0][0] if spaced else ""
    for token, gap, after in zip(tokens, [*gaps, ""], [*tokens[1:], tokens[-1]], strict=True):
        yield token.digits, token.start, token.end
        if gap and gap != usual:
            yield " (" if "(" in gap else " ", token.end, after.start
