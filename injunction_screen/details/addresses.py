"""Find details of the category ``address``.

A grammar over elements: ``address_parts`` finds places, streets, buildings, house numbers, floors
and flats, ``address_chains`` puts neighbours together, and this module says what a chain adds up
to.  A street with a number or a building with a flat is an address by itself; a lone building or
street only where the text says that somebody lives, works or receives things there
(``patterns/formats/address_home.toml``), or in a row with other details of a person.

Most posts leave at the first look: no name of a place, or none of the words and numbers that make
one an address.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from injunction_screen.details.address_chains import find_chains
from injunction_screen.details.address_parts import (
    BUILDINGS,
    MOST_WORDS,
    UNITS,
    Part,
    Span,
    find_parts,
    is_numbered,
    meets,
)
from injunction_screen.details.address_words import GAZETTEERS, Words, words_of
from injunction_screen.details.formats import Candidate, match_pattern
from injunction_screen.scan import Reading
from injunction_screen.text import fold

__all__ = ["find"]

_UNIT_WORDS = tuple(
    f"address_{kind}_word" for kind in ("number", "lot", "block", "phase", "floor", "flat")
)
# Slots that make an address only together with a word of living or working.
_HINTED = ("address_building_end", "address_street_end", "address_place")
BEFORE, AFTER = 48, 24  # characters beside a place in which words of living are looked for

_DIGIT = re.compile(r"\d")
_CLAUSE_END = re.compile("[,;!?\n\N{IDEOGRAPHIC FULL STOP}\N{IDEOGRAPHIC COMMA}]")
_ROW = re.compile(r"[\s,/|:;@()\N{MIDDLE DOT}\N{IDEOGRAPHIC COMMA}-]{1,5}")


def find(reading: Reading, found: Sequence[Candidate]) -> Iterator[Candidate]:
    """Candidates of this category.

    In: a reading, and the details that stand in the post already: numbers that are taken, and
    neighbours in a row of details.  Out: one candidate for each address, whole.

    >>> from injunction_screen import screen
    >>> post = "He lives at Flat D, 14/F, Tower 6, Laguna City, Lam Tin."
    >>> [detail.text for detail in screen(post).details if detail.category == "address"]
    ['Flat D, 14/F, Tower 6, Laguna City, Lam Tin']
    """
    words = words_of(reading.book)
    for pattern in words.formats:
        yield from match_pattern(reading, pattern)
    units = _first_look(reading, words, found)
    if units is None:
        return
    taken = sorted((c.start, c.end) for c in found)
    for chain in find_chains(reading, words, find_parts(reading, words, units, taken)):
        candidate = _candidate(reading, words, chain, taken)
        if candidate is not None:
            yield candidate


# -- the first look ---------------------------------------------------------------------------


def _first_look(reading: Reading, words: Words, found: Sequence[Candidate]) -> list[Span] | None:
    """Where words of floors, flats and houses stand; ``None`` when no address can be here."""
    hits, low = reading.hits, reading.folded.lower
    units = [
        (hit.start, hit.end) for slot in _UNIT_WORDS for hit in hits.get(slot, ())[:MOST_WORDS]
    ]
    if any(is_numbered(words, low, start, end) for start, end in units):
        return units
    if "address_group_home" in hits:
        return units
    if not hits.keys().isdisjoint(GAZETTEERS):
        return units if units or found or "address_hint" in hits or _DIGIT.search(low) else None
    if "address_hint" in hits and not hits.keys().isdisjoint(_HINTED):
        return []
    return [] if "address_street_end" in hits and _DIGIT.search(low) else None


# -- what a chain adds up to ------------------------------------------------------------------


def _candidate(
    reading: Reading, words: Words, chain: list[Part], taken: Sequence[Span]
) -> Candidate | None:
    if not chain:
        return None
    end = _end(reading, words, chain)
    chain = _with_lead(reading, words, chain, taken)
    start = chain[0].start
    shape = _complete(chain) or _lone(reading, words, chain, (start, end), taken)
    if shape is None:
        return None
    pattern, score = shape
    via = "+".join(dict.fromkeys(part.via for part in chain if part.via))
    return Candidate("address", start, end, _value(reading, words, chain), score, pattern, via)


def _complete(chain: list[Part]) -> tuple[str, float] | None:
    """The shape of a chain that is an address by itself, and how sure."""
    kinds = [part.kind for part in chain]
    pairs = {frozenset(pair) for pair in zip(kinds, kinds[1:], strict=False)}  # noqa: RUF007 (3.10)
    units = UNITS.intersection(kinds) - {"phase"}
    if "lot" in kinds:
        return "address.registered_lot", 0.85
    if frozenset(("street", "number")) in pairs:
        sure = next(part.sure for part in chain if part.kind == "street")
        if sure or len(kinds) > 2:
            return "address.street_number", 0.92 if sure or len(kinds) > 3 else 0.7
    buildings = [part for part in chain if part.kind in BUILDINGS]
    if buildings and (shape := _building(buildings, kinds, units)):
        return shape
    if "street" in kinds and units:
        return "address.unit", 0.75
    if len(units) > 1 and any(part.kind == "flat" and part.sure for part in chain):
        return "address.units_only", 0.6
    return None


def _building(
    buildings: list[Part], kinds: list[str], units: frozenset[str]
) -> tuple[str, float] | None:
    sure = any(part.sure for part in buildings)
    if "flat" in units or len(units) > 1:
        return "address.unit", 0.92 if sure else 0.75
    if units or "number" in kinds:
        return ("address.unit", 0.85) if sure else None
    if "house" in kinds and "estate" in kinds:
        return "address.unit", 0.85
    return ("address.group_home", 0.8) if "group" in kinds else None


def _lone(
    reading: Reading, words: Words, chain: list[Part], span: Span, taken: Sequence[Span]
) -> tuple[str, float] | None:
    """The shape of a chain that is an address only by what is said around it."""
    named = [part for part in chain if part.kind in BUILDINGS or part.kind == "street"]
    if not any(part.sure for part in named):
        return None
    if words.rule["address_not_after"].match(reading.folded.lower, span[1]):
        return None
    if _is_home(reading, words, *span):
        return "address.lived_in", 0.8
    listed = any(part.listed and part.kind != "street" for part in named)
    if listed and _in_row(reading.folded.lower, *span, taken):
        return "address.on_card", 0.7
    return None


def _is_home(reading: Reading, words: Words, start: int, end: int) -> bool:
    """Whether the words beside a place say that somebody lives, works or gets things there."""
    low = reading.folded.lower

    def near(a: int, b: int, reach: int) -> bool:
        # A label may stand on the line above its place.
        return not low[a:b].strip() or (
            not _CLAUSE_END.search(low, a, b) and reading.words_between(a, b) <= reach
        )

    for pattern in words.homes:
        for m in pattern.regex.finditer(low, max(0, start - BEFORE), start):
            if near(m.end(), start, pattern.options.get("reach", 3)):
                return True
    if words.rule["address_at"].search(low, max(0, start - 4), start) is None:
        return False
    for pattern in words.afters:
        for m in pattern.regex.finditer(low, end, min(len(low), end + AFTER)):
            if near(end, m.start(), pattern.options.get("reach", 3)):
                return True
    return False


def _in_row(low: str, start: int, end: int, taken: Sequence[Span]) -> bool:
    """Whether another detail of the post stands right beside, with only separators between.

    >>> _in_row("6123 4567 / mei foo", 12, 19, [(0, 9)])
    True
    """
    at = bisect_left(taken, (start,))
    before = low[taken[at - 1][1] : start] if at else ""
    after = low[end : taken[at][0]] if at < len(taken) else ""
    return any(len(gap) < 6 and _ROW.fullmatch(gap) for gap in (before, after))


# -- the ends of an address -------------------------------------------------------------------


def _end(reading: Reading, words: Words, chain: list[Part]) -> int:
    """The end of an address, with the words that go on with it and the postcode of one abroad."""
    low, tail = reading.folded.lower, words.rule["address_tail"]
    end = chain[-1].end
    if m := tail.match(low, end):
        end = m.end()
    bracket = low.rfind("(", chain[0].start, end)
    if low[end : end + 1] == ")" and bracket >= 0 and ")" not in low[bracket:end]:
        end += 1
        if m := tail.match(low, end):
            end = m.end()
    if chain[-1].kind in ("street", "district", "region", "estate"):
        m = words.rule["address_postcode"].match(reading.folded.text, end)
        end = m.end() if m else end
    return end


def _with_lead(
    reading: Reading, words: Words, chain: list[Part], taken: Sequence[Span]
) -> list[Part]:
    """The chain with the name before it that only its place shows to be a building's."""
    text, start = reading.folded.text, chain[0].start
    if chain[0].kind not in ("number", "estate") or text[start] > "\x7f":
        return chain
    m = words.rule["address_lead"].search(text, max(0, start - BEFORE), start)
    if m is None or meets(taken, *m.span("value")):
        return chain
    return [Part(m.start("value"), m.end("value"), "estate", False), *chain]


# -- one way to write it ----------------------------------------------------------------------

_KEYS = ("region", "district", "street", "number", "estate", "block", "floor", "flat")
_KEY_OF = {
    "facility": "estate",
    "group": "estate",
    "house": "block",
    "lot": "number",
    "phase": "block",
}
_NUMBERED = ("number", "lot", "phase", "block", "floor", "flat")


def _value(reading: Reading, words: Words, chain: list[Part]) -> str:
    """The parts under their keys: names in their first form, numerals as digits."""
    low = reading.folded.lower
    said: dict[str, dict[str, None]] = {}
    for part in chain:
        written = low[part.start : part.end].strip(" ,.")
        if part.kind in _NUMBERED:
            written = _NUMERAL.sub(lambda m: _as_digits(m.group()), written)
        elif first := words.first_forms.get(written):
            written = fold(first, reading.book.folder).lower
        said.setdefault(_KEY_OF.get(part.kind, part.kind), {})[written] = None
    return ";".join(f"{key}={' '.join(said[key])}" for key in _KEYS if key in said)


_DIGIT_OF = {"\N{IDEOGRAPHIC NUMBER ZERO}": 0}
for _numerals in ("零一二三四五六七八九", "零壹贰叁肆伍陆柒捌玖"):
    _DIGIT_OF |= {char: value for value, char in enumerate(_numerals)}
_TENS_OF = {"十": 10, "拾": 10, "廿": 20, "卅": 30}
_HUNDRED = "百"
_NUMERAL = re.compile(f"[{''.join(_DIGIT_OF)}{''.join(_TENS_OF)}{_HUNDRED}]+")


def _as_digits(numeral: str) -> str:
    """A Chinese numeral in digits, read as a number or digit by digit.

    >>> _as_digits("二十三"), _as_digits("一八三二"), _as_digits("廿三"), _as_digits("一百零五")
    ('23', '1832', '23', '105')
    """
    if not any(char in _TENS_OF or char == _HUNDRED for char in numeral):
        return "".join(str(_DIGIT_OF[char]) for char in numeral)
    total = last = 0
    for char in numeral:
        if char == _HUNDRED:
            total, last = total + (last or 1) * 100, 0
        elif _TENS_OF.get(char) == 10:
            total, last = total + (last or 1) * 10, 0
        elif char in _TENS_OF:
            total, last = total + _TENS_OF[char], 0
        else:
            last = _DIGIT_OF[char]
    return str(total + last)
