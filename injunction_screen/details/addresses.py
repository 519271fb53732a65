"""Find details of the category ``address``.

A grammar over elements.  The scan and the records of ``patterns/formats/address.toml`` say where
the *parts* of addresses stand: places, streets, estates, house numbers, blocks, floors, flats.
Neighbouring parts with nothing but commas and the like between them make a *chain*, large to
small as Chinese writes it, small to large as English does, or mixed.  What a chain adds up to
decides: a street with a number or a building with a flat is an address by itself; a lone
building or street only where the text says that somebody lives, works or receives things there
(``address_home.toml``), or in a row with other details of a person.

Names that no gazetteer has are read leftwards from their last word (``Mansion``, ``Road``).

Most posts leave at the first look: no name of a place, or none of the words and numbers that
make one an address.  The rest is linear: every part is looked at once, with its neighbours.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from injunction_screen.details.formats import Candidate, match_formats
from injunction_screen.patternbook import Pattern, PatternBook
from injunction_screen.scan import Reading
from injunction_screen.text import fold

__all__ = ["find"]

# Kinds of parts.  "house" is a named block (a House of an estate), "facility" premises that
# nobody lives in, "group" quarters that are named for who lives there.
UNITS = frozenset({"block", "floor", "flat"})
PLACES = frozenset({"region", "district"})
BUILDINGS = frozenset({"estate", "house", "group"})

# Slots of the scan whose words are parts as they stand.
_SLOT_KINDS = (
    ("gazetteers/streets", "street"),
    ("address_street", "street"),
    ("gazetteers/estates", "estate"),
    ("gazetteers/blocks", "house"),
    ("gazetteers/quarters", "estate"),
    ("address_place", "district"),
)
# Slots of the scan, and labels of records, that find only the last word of a name.
_END_KINDS = (
    ("address_group_home", "group"),
    ("address_building_end", "estate"),
    ("address_street_end", "street"),
    ("address_facility_end", "facility"),
)
_TAIL_LABELS = {
    "address_street_close": "close",
    "address_street_tail": "street",
    "address_building_tail": "estate",
    "address_area": "district",
}
_ELEMENT_LABELS = {
    "address_number": "number",
    "address_lot": "lot",
    "address_block": "block",
    "address_floor": "floor",
    "address_flat": "flat",
    "address_note": "note",
}
_STARTS = ("gazetteers/streets", "address_street", "gazetteers/estates", "gazetteers/blocks", "gazetteers/quarters")
WINDOW = 80  # characters around a sign of an address in which the element records look
NAME_CHARS = {"street": 4, "close": 4, "estate": 8, "district": 3, "facility": 8, "group": 6}
NAME_WORDS = 5
GAP = 44  # characters of an unnamed stretch between two parts, at most
_BEFORE = 48  # characters before a place in which words of living are looked for

_DIGIT = re.compile(r"\d")
_CJK_CHAR = re.compile("[\u3400-\u9fff]")
_LATIN_NAME = re.compile(rf"(?<![\w-])(?:(?:[A-Za-z][\w'&.\-]*|\(\w{{1,5}}\)|\d)[ ]){{1,{NAME_WORDS}}}$")
_GAP_CJK = re.compile(r"[ ,]{0,2}([\u3400-\u9fff][\u3400-\u9fffA-Za-z0-9]{0,8})[ ,(]{0,2}")
_GAP_LATIN = re.compile(r"[ ,]{0,3}([A-Z0-9][\w'&.\-]*(?: (?:[A-Z0-9&][\w'&.\-]*|of|the|de)){0,4})[ ,]{0,3}")
_HARD_STOP = re.compile("[,;!?\n\N{IDEOGRAPHIC FULL STOP}\N{IDEOGRAPHIC COMMA}]")
_LISTING = re.compile("[,;\N{IDEOGRAPHIC COMMA}]")
_ROW = re.compile(r"[\s,/|:;@()\N{MIDDLE DOT}\N{IDEOGRAPHIC COMMA}-]{1,5}")
_NUMERAL = re.compile("[\N{IDEOGRAPHIC NUMBER ZERO}\u96f6\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341\u5eff\u5345\u767e]+")


class _Part(NamedTuple):
    """One element at canonical ``start:end``; ``sure`` when it does not rest on a guess."""

    start: int
    end: int
    kind: str
    sure: bool = True
    via: str = ""
    listed: bool = False  # in a gazetteer


@dataclass(frozen=True)
class _Grammar:
    """The address records of one pattern book, sorted by what they are for."""

    elements: tuple[tuple[str, Any], ...] = field(repr=False)
    tails: tuple[tuple[str, Any], ...] = field(repr=False)
    one: Mapping[str, Any] = field(repr=False)
    homes: tuple[Pattern, ...] = field(repr=False)
    afters: tuple[Pattern, ...] = field(repr=False)
    stop_chars: Any = field(repr=False)
    stop_words: frozenset[str] = field(repr=False)
    syllables: frozenset[str] = field(repr=False)
    not_name: Any = field(repr=False)
    bare_ends: frozenset[str] = field(repr=False)
    short_ends: frozenset[str] = field(repr=False)
    regions: frozenset[str] = field(repr=False)
    names: Mapping[str, str] = field(repr=False)


_GRAMMARS: dict[str, _Grammar] = {}


def find(reading: Reading, found: Sequence[Candidate]) -> Iterator[Candidate]:
    """Candidates of this category.

    In: a reading, and the details that stand in the post already (numbers that are taken, and
    neighbours in a row of details).  Out: one candidate for each address, whole.

    >>> from injunction_screen import screen
    >>> [d.text for d in screen("He lives at Flat B, 11/F, Block 3, Sceneway Garden, Lam Tin.").details
    ...  if d.category == "address"]
    ['Flat B, 11/F, Block 3, Sceneway Garden, Lam Tin']
    """
    yield from match_formats(reading, "address")
    grammar = _grammar(reading.book)
    signs = _signs(reading, grammar, found)
    if not signs:
        return
    taken = sorted((c.start, c.end) for c in found)
    parts = _parts(reading, grammar, _windows(signs, len(reading.folded.text)), taken)
    for chain in _chains(reading, grammar, parts):
        candidate = _candidate(reading, grammar, _trimmed(chain), taken)
        if candidate is not None:
            yield candidate


# -- the first look ---------------------------------------------------------------------------


def _signs(
    reading: Reading, grammar: _Grammar, found: Sequence[Candidate]
) -> list[tuple[int, int]]:
    """Where to look further: names of streets and buildings, and numbers of floors and flats."""
    low = reading.folded.lower
    names = [hit for slot in _STARTS for hit in reading.of(slot)]
    ends = [hit for slot, _ in _END_KINDS for hit in reading.of(slot)]
    signs = [m.span() for m in grammar.one["address_sign"].finditer(low)]
    if not signs:
        if not names and not ends:
            return []
        if not found and not reading.of("address_hint") and not _DIGIT.search(low):
            return []
    return sorted({*signs, *((h.start, h.end) for h in names), *((h.start, h.end) for h in ends)})


def _windows(signs: list[tuple[int, int]], size: int) -> list[tuple[int, int]]:
    windows: list[tuple[int, int]] = []
    for start, end in signs:
        a, b = max(0, start - WINDOW), min(size, end + WINDOW)
        if windows and a <= windows[-1][1]:
            windows[-1] = (windows[-1][0], max(b, windows[-1][1]))
        else:
            windows.append((a, b))
    return windows


# -- parts ------------------------------------------------------------------------------------


def _parts(
    reading: Reading,
    grammar: _Grammar,
    windows: list[tuple[int, int]],
    taken: Sequence[tuple[int, int]],
) -> list[_Part]:
    """All parts, without overlaps, in order."""
    low = reading.folded.lower
    raw: list[_Part] = []
    for slot, kind in _SLOT_KINDS:
        raw.extend(_Part(h.start, h.end, kind, True, h.via, True) for h in reading.of(slot))
    raw = _without_straddlers(raw)
    for kind, rule in grammar.elements:
        for a, b in windows:
            for m in rule.finditer(low, a, b):
                span = m.span("value")
                if not _meets(taken, *span):
                    raw.append(_Part(*span, kind))
    schools = [(h.start, h.end) for h in reading.of("gazetteers/schools")]
    raw = [p for p in raw if not _inside(schools, p.start, p.end)]
    parts, covered = _longest(raw)
    _add_named(reading, grammar, windows, parts, covered)
    _add_numbers(reading, grammar, parts, covered, taken)
    parts.sort()
    return _with_bare_flats(reading, grammar, parts, taken)


def _without_straddlers(raw: list[_Part]) -> list[_Part]:
    """Names without those that two others cut better: 新界 西貢, not 新界西 and 貢."""
    reach: dict[int, int] = {}
    ends: dict[int, list[int]] = {}
    for part in raw:
        reach[part.start] = max(part.end, reach.get(part.start, 0))
        ends.setdefault(part.start, []).append(part.end)
    return [
        part
        for part in raw
        if not any(part.start < end < part.end < reach.get(end, 0) for end in ends[part.start])
    ]


def _longest(raw: list[_Part]) -> tuple[list[_Part], dict[int, _Part]]:
    """The longest parts first, and which part covers each character."""
    kept: list[_Part] = []
    covered: dict[int, _Part] = {}
    for part in sorted(raw, key=lambda p: (p.start - p.end, p.start)):
        if part.start in covered or part.end - 1 in covered:
            continue
        for at in range(part.start, part.end):
            covered[at] = part
        kept.append(part)
    return kept, covered


def _add_named(
    reading: Reading,
    grammar: _Grammar,
    windows: list[tuple[int, int]],
    parts: list[_Part],
    covered: dict[int, _Part],
) -> None:
    """Names outside the gazetteers, read leftwards from their last words, last name first."""
    low = reading.folded.lower
    ends: dict[int, _Part] = {}
    for slot, kind in _END_KINDS:
        for hit in reading.of(slot):
            _longer(ends, _Part(hit.start, hit.end, kind, True, hit.via))
    for label, rule in grammar.tails:
        for a, b in windows:
            for m in rule.finditer(low, a, b):
                _longer(ends, _Part(*m.span("value"), _TAIL_LABELS[label]))
    borders = sorted(end.end for end in ends.values() if end.end - end.start > 1)
    for end in sorted(ends.values(), key=lambda p: -p.end):
        if end.start in covered or end.end - 1 in covered:
            continue
        if _CJK_CHAR.match(low[end.start]):
            part = _chinese_name(low, grammar, end, covered, borders)
        else:
            part = _latin_name(reading, grammar, end, covered)
        if part is None:
            continue
        whole = covered.get(part.start)
        if whole is not None:
            # A place and a last word make one name: 荃灣 + 中心.
            parts.remove(whole)
        for at in range(part.start, part.end):
            covered[at] = part
        parts.append(part)


def _longer(ends: dict[int, _Part], end: _Part) -> None:
    known = ends.get(end.end)
    if known is None or known.start > end.start:
        ends[end.end] = end


def _chinese_name(
    low: str, grammar: _Grammar, end: _Part, covered: dict[int, _Part], borders: list[int]
) -> _Part | None:
    most = NAME_CHARS[end.kind]
    at = end.start
    while at and end.start - at < most and at - 1 not in covered and _CJK_CHAR.match(low[at - 1]):
        at -= 1
    bounded = end.start - at < most
    for stop in grammar.stop_chars.finditer(low, at, end.start):
        at, bounded = stop.end(), True
    nearest = bisect_right(borders, end.start) - 1
    if nearest >= 0 and at < borders[nearest] < end.start:
        at, bounded = borders[nearest], True
    if not bounded:
        at = end.start - min(most, 2)
    before = covered.get(at - 1)
    if end.kind == "close" and (before is None or before.kind not in PLACES):
        return None
    kind = "street" if end.kind == "close" else end.kind
    if at == end.start:
        if before is None:
            return None
        if before.kind == "street" and kind == "estate" and _after_number(covered, before):
            # 基隆街333號 北河街市政大廈: a building named after another street.
            return _Part(before.start, end.end, kind, True, end.via)
        if before.kind in PLACES and kind != "facility":
            # 荔枝角 + 道, 荃灣 + 中心: the place is the name.
            return _Part(before.start, end.end, kind, True, end.via)
        return _Part(at, end.end, "facility", True, end.via) if kind in ("estate", "facility") else None
    if low[at : end.end] in grammar.bare_ends:
        if before is None or before.kind not in ("number", "estate", "house", "street"):
            return None
        kind = "facility"
    return _Part(at, end.end, kind, bounded and end.start - at > 1, end.via)


def _after_number(covered: dict[int, _Part], part: _Part) -> bool:
    before = covered.get(part.start - 1)
    return before is not None and before.kind == "number"


def _latin_name(
    reading: Reading, grammar: _Grammar, end: _Part, covered: dict[int, _Part]
) -> _Part | None:
    text, low = reading.folded.text, reading.folded.lower
    lowered = text[end.start].islower()
    before = _LATIN_NAME.search(text, max(0, end.start - 64), end.start)
    at = end.start
    if before is not None:
        for word in reversed(list(re.finditer(r"\S+", before.group()))):
            a = before.start() + word.start()
            name = word.group()
            if a in covered or a + len(name) - 1 in covered or _stops(name, grammar):
                break
            if name[0].islower() and (not lowered or end.start - a > 24) and text[a - 1 : a] != ",":
                break
            at = a
            if name.endswith("."):
                break
    if at == end.start or text[at] == "(":
        # Kowloon + Plaza, Wah Fu + (1) Estate: the place is the name.
        place = covered.get(at - 2) if at > 1 else None
        if place is None or place.kind not in PLACES | BUILDINGS:
            return None
        at = place.start
    if low[at : end.end] in grammar.bare_ends:
        return None
    kind = end.kind
    if low[end.start : end.end] in grammar.short_ends or kind == "estate":
        numbered = grammar.one["address_number_before"].search(low, max(0, at - 26), at)
        if kind == "street" and numbered is None:
            return None
        if kind == "estate" and numbered is not None and low[end.start : end.end] in grammar.short_ends:
            kind = "street"
    return _Part(at, end.end, kind, not lowered, end.via)


def _stops(word: str, grammar: _Grammar) -> bool:
    """Whether no name contains the word; On and To in capitals are Cantonese syllables."""
    low = word.lower()
    return low in grammar.stop_words and (word == low or low not in grammar.syllables)


def _add_numbers(
    reading: Reading,
    grammar: _Grammar,
    parts: list[_Part],
    covered: dict[int, _Part],
    taken: Sequence[tuple[int, int]],
) -> None:
    """House numbers before English streets, and bare ones behind any street."""
    low = reading.folded.lower
    for part in list(parts):
        if part.kind not in ("street", "house", "estate"):
            continue
        latin = low[part.start] < "\x80"
        if latin and part.start and (part.start - 1) not in covered:
            lo = part.start
            while lo and part.start - lo < 26 and lo - 1 not in covered:
                lo -= 1
            m = grammar.one["address_number_before"].search(low, lo, part.start)
            if m is not None and not _blocked(m.span("value"), covered, taken):
                kind = "number" if part.kind == "street" else _flat_before(low, parts, m, covered)
                if kind:
                    _put(_Part(*m.span("value"), kind), parts, covered)
                    continue
        if part.kind == "street" and part.end not in covered:
            m = grammar.one["address_number_after"].match(low, part.end)
            if m is not None and not _blocked(m.span("value"), covered, taken):
                _put(_Part(*m.span("value"), "number"), parts, covered)


def _flat_before(low: str, parts: list[_Part], m: Any, covered: dict[int, _Part]) -> str:
    """What a number before a building is: a flat behind a floor or in a range, a house by "No."."""
    number = m.group("value")
    if number.startswith("n"):
        return "number"
    before = covered.get(m.start() - 1) or covered.get(m.start() - 2)
    if before is not None and before.kind in UNITS:
        return "flat"
    return "flat" if "-" in number or len(number) in (3, 4) and m.group().rstrip().endswith(",") else ""


def _put(part: _Part, parts: list[_Part], covered: dict[int, _Part]) -> None:
    parts.append(part)
    for at in range(part.start, part.end):
        covered[at] = part


def _with_bare_flats(
    reading: Reading, grammar: _Grammar, parts: list[_Part], taken: Sequence[tuple[int, int]]
) -> list[_Part]:
    """The parts with flat numbers added that stand without their word (第9座21樓B)."""
    low = reading.folded.lower
    rule = grammar.one["address_bare"]
    out: list[_Part] = []
    for i, part in enumerate(parts):
        out.append(part)
        if part.kind not in ("floor", "block", "house", "estate"):
            continue
        m = rule.match(low, part.end)
        if m is None:
            continue
        span = m.span("value")
        if i + 1 < len(parts) and parts[i + 1].start < span[1] or _meets(taken, *span):
            continue
        plain = "," not in m.group()
        if part.kind == "estate" and (not part.sure or not plain or span[1] - span[0] < 3):
            continue
        out.append(_Part(*span, "flat"))
    return out


def _blocked(
    span: tuple[int, int], covered: dict[int, _Part], taken: Sequence[tuple[int, int]]
) -> bool:
    return span[0] in covered or span[1] - 1 in covered or _meets(taken, *span)


def _meets(spans: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    at = bisect_left(spans, (end,))
    return at > 0 and spans[at - 1][1] > start


def _inside(spans: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    at = bisect_left(spans, (start + 1,)) - 1
    return at >= 0 and spans[at][1] >= end and spans[at][1] - spans[at][0] > end - start


# -- chains -----------------------------------------------------------------------------------


def _chains(reading: Reading, grammar: _Grammar, parts: list[_Part]) -> Iterator[list[_Part]]:
    """Parts that belong together, in order."""
    chain: list[_Part] = []
    low = reading.folded.lower
    for i, part in enumerate(parts):
        if chain:
            between = _bridge(reading, grammar, chain, part)
            english = part.kind == "number" and low[part.end - 1] < "\x80"
            if english and i + 1 < len(parts) and parts[i + 1].kind == "street":
                # A number goes with the street behind it, or begins another address with it.
                street = parts[i + 1]
                gap = low[part.end : street.start]
                if gap.strip(" ,") == "" and not _follows([*chain, part], street, gap, low):
                    between = None
            if between is None:
                yield chain
                chain = []
            else:
                chain.extend(between)
        chain.append(part)
    if chain:
        yield chain


def _bridge(
    reading: Reading, grammar: _Grammar, chain: list[_Part], part: _Part
) -> list[_Part] | None:
    """What stands between a chain and the next part: nothing, a name, or ``None`` for a break."""
    last = chain[-1]
    gap = reading.folded.text[last.end : part.start]
    if len(gap) > GAP or not _follows(chain, part, gap, reading.folded.lower):
        return None
    if grammar.one["address_joiner"].match(gap.lower()):
        return []
    named = None
    if part.kind in UNITS and last.kind not in ("floor", "flat", "region", "facility"):
        named = _GAP_CJK.fullmatch(gap) or _GAP_LATIN.fullmatch(gap)
    elif part.kind in ("number", "street", "estate", "house", "district") and (
        last.kind in UNITS or last.kind in BUILDINGS
    ):
        named = _GAP_LATIN.fullmatch(gap)
    elif part.kind in PLACES and last.kind in ("street", "estate", "house") and gap[0] == ",":
        # A hamlet between the street and the town: 12 X Street, Kiu Tau Wai, Ping Shan.
        named = _GAP_LATIN.fullmatch(gap) if gap.rstrip()[-1] == "," else None
    if named is None and part.kind in ("street", "estate", "house", "block"):
        # A hamlet or the like that no gazetteer has: 香港奇力灣華貴邨.
        named = _GAP_CJK.fullmatch(gap) if len(gap) < 5 else None
        if named is not None and last.kind not in ("region", "district", "street", "number"):
            return None
    if named is None:
        return None
    low = named.group(1).lower().removeprefix("the ")
    not_name = grammar.not_name.search(low)
    if not_name and (len(not_name.group()) > 1 or last.kind in ("district", "street")):
        return None
    if grammar.stop_chars.search(low) or any(_stops(w, grammar) for w in named.group(1).split()[1:]):
        return None
    sure = last.kind != "district"
    hamlet = part.kind in PLACES or last.kind in PLACES and part.kind not in UNITS
    kind = "district" if hamlet else "estate"
    return [_Part(last.end + named.start(1), last.end + named.end(1), kind, sure)]


def _follows(chain: list[_Part], part: _Part, gap: str, low: str) -> bool:
    """Whether a part of this kind can come next; where not, another address begins."""
    last = chain[-1]
    kinds = [p.kind for p in chain]
    listed = bool(_LISTING.search(gap))
    chinese = bool(_CJK_CHAR.match(low[part.start]))
    downward = kinds[0] not in UNITS and kinds[0] != "number"
    kind = part.kind
    if kind == "number":
        if last.kind == "number":
            return False
        if low[part.start] < "\x80" and not chinese and not _CJK_CHAR.search(low, part.start, part.end):
            # In the English way, before its street.
            return "number" not in kinds or last.kind in ("house", "estate", "floor")
        return last.kind != "region"
    if kind == "note":
        return not gap.strip()
    if kind == "street":
        if "street" in kinds:
            first = chain[kinds.index("street")]
            again = low[first.start : first.end] == low[part.start : part.end]
            return again or last.kind == "street" and not listed
        return True
    if kind in PLACES:
        if sum(k in PLACES for k in kinds) >= 4:
            return False
        if last.kind in PLACES and all(k in PLACES for k in kinds):
            return not listed or "region" in (kind, last.kind)
        if chinese and downward and gap:
            return kinds[-1] in ("estate", "house") and gap == " "
        return True
    if kind in BUILDINGS or kind == "facility":
        if chinese and downward and listed and not UNITS.isdisjoint(kinds):
            return False
        return kinds.count("estate") < 3
    if kind == "lot":
        return "lot" not in kinds
    if kind in kinds and last.kind not in UNITS and last.kind != "note":
        return kind == "block" and last.kind in BUILDINGS and not (chinese and listed)
    return not (listed and kind in kinds and kind != last.kind and "\N{IDEOGRAPHIC COMMA}" in gap)


def _trimmed(chain: list[_Part]) -> list[_Part]:
    """The chain without what cannot begin or end an address."""
    first, last = 0, len(chain)
    while first < last and (
        chain[first].kind == "facility"
        and first + 1 < last
        and chain[first + 1].kind not in ("number", "street")
        or chain[first].kind == "number"
        and (first + 1 == last or chain[first + 1].kind not in ("street", "house", "estate"))
    ):
        first += 1
    while first < last and chain[first].kind == "note":
        first += 1
    return chain[first:last]


# -- what a chain adds up to ------------------------------------------------------------------


def _candidate(
    reading: Reading, grammar: _Grammar, chain: list[_Part], taken: Sequence[tuple[int, int]]
) -> Candidate | None:
    if not chain:
        return None
    start, end = chain[0].start, _tail(reading, grammar, chain)
    shape = _complete(chain) or _lone(reading, grammar, chain, end, taken)
    if shape is None:
        return None
    via = "+".join(dict.fromkeys(p.via for p in chain if p.via))
    return Candidate(
        "address", start, end, _value(reading, grammar, chain), shape[1], shape[0], via
    )


def _complete(chain: list[_Part]) -> tuple[str, float] | None:
    """The shape of a chain that is an address by itself, and how sure."""
    kinds = [part.kind for part in chain]
    pairs = set(zip(kinds, kinds[1:], strict=False))
    units = UNITS.intersection(kinds)
    if "lot" in kinds:
        return "address.registered_lot", 0.85
    if ("street", "number") in pairs or ("number", "street") in pairs:
        streets = [part for part in chain if part.kind == "street"]
        return "address.street_number", 0.92 if streets[0].sure or len(kinds) > 3 else 0.7
    buildings = [part for part in chain if part.kind in BUILDINGS]
    if buildings:
        sure = any(part.sure for part in buildings)
        if "flat" in units or len(units) > 1:
            return "address.unit", 0.92 if sure else 0.75
        if units or "number" in kinds:
            return "address.unit", 0.85 if sure else 0.55
        if "house" in kinds and "estate" in kinds:
            return "address.unit", 0.85
        if any(part.kind == "group" for part in buildings):
            return "address.group_home", 0.8
    if "street" in kinds and units:
        return "address.unit", 0.75
    if "flat" in units and len(units) > 1:
        return "address.units_only", 0.6
    return None


def _lone(
    reading: Reading,
    grammar: _Grammar,
    chain: list[_Part],
    end: int,
    taken: Sequence[tuple[int, int]],
) -> tuple[str, float] | None:
    """The shape of a chain that is an address only by what is said around it."""
    low, start = reading.folded.lower, chain[0].start
    named = [p for p in chain if p.kind in BUILDINGS or p.kind == "street"]
    if not any(p.sure for p in named):
        return None
    if grammar.one["address_not_after"].match(low, end):
        return None
    if _lived_in(reading, grammar, start, end):
        return "address.lived_in", 0.8
    if any(p.listed and p.kind != "street" for p in named) and _in_row(low, start, end, taken):
        return "address.on_card", 0.7
    return None


def _lived_in(reading: Reading, grammar: _Grammar, start: int, end: int) -> bool:
    low = reading.folded.lower
    for pattern in grammar.homes:
        reach = int(pattern.options.get("reach", 3))
        for m in pattern.regex.finditer(low, max(0, start - _BEFORE), start):
            if not _HARD_STOP.search(low, m.end(), start) and (
                reading.words_between(m.end(), start) <= reach
            ):
                return True
    if grammar.one["address_at"].search(low, max(0, start - 4), start) is None:
        return False
    for pattern in grammar.afters:
        reach = int(pattern.options.get("reach", 3))
        for m in pattern.regex.finditer(low, end, min(len(low), end + 24)):
            if not _HARD_STOP.search(low, end, m.start()) and (
                reading.words_between(end, m.start()) <= reach
            ):
                return True
    return False


def _in_row(low: str, start: int, end: int, taken: Sequence[tuple[int, int]]) -> bool:
    """Whether another detail of the post stands right beside, with only separators between."""
    at = bisect_left(taken, (start,))
    before = low[taken[at - 1][1] : start] if at else ""
    after = low[end : taken[at][0]] if at < len(taken) else ""
    return any(gap and len(gap) < 6 and _ROW.fullmatch(gap) for gap in (before, after))


def _tail(reading: Reading, grammar: _Grammar, chain: list[_Part]) -> int:
    low, end = reading.folded.lower, chain[-1].end
    m = grammar.one["address_tail"].match(low, end)
    if m is not None:
        end = m.end()
    if low[end : end + 1] == ")" and "(" in low[chain[0].start : end]:
        opened = low.rfind("(", chain[0].start, end)
        end += ")" not in low[opened:end]
    m = grammar.one["address_tail"].match(low, end) if end > chain[-1].end else None
    if m is not None:
        end = m.end()
    if chain[-1].kind in ("street", "district", "estate"):
        m = grammar.one["address_postcode"].match(reading.folded.text, end)
        if m is not None:
            end = m.end()
    return end


_KEYS = ("region", "district", "street", "number", "estate", "block", "floor", "flat")
_KEY_OF = {"house": "block", "facility": "estate", "group": "estate", "lot": "number"}


def _value(reading: Reading, grammar: _Grammar, chain: list[_Part]) -> str:
    """The parts under their keys, names in their first form, numerals as digits."""
    low = reading.folded.lower
    said: dict[str, list[str]] = {}
    for part in chain:
        words = low[part.start : part.end].strip(" ,.")
        key = _KEY_OF.get(part.kind, part.kind)
        if key in ("number", "block", "floor", "flat") and part.kind != "house":
            words = _NUMERAL.sub(lambda m: _as_digits(m.group()), words)
        else:
            if key == "district" and words in grammar.regions:
                key = "region"
            words = grammar.names.get(words, words)
        if words not in said.setdefault(key, []):
            said[key].append(words)
    return ";".join(f"{key}={' '.join(said[key])}" for key in _KEYS if key in said)


_UNITS_OF = {c: i for i, c in enumerate("\u96f6\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d")}
_UNITS_OF["\N{IDEOGRAPHIC NUMBER ZERO}"] = 0
_TENS_OF = {"\u5341": 10, "\u5eff": 20, "\u5345": 30}
_HUNDRED = "\u767e"


def _as_digits(numeral: str) -> str:
    """A Chinese numeral in digits, read as a number or digit by digit.

    >>> _as_digits("\u4e8c\u5341\u4e09"), _as_digits("\u4e00\u516b\u4e09\u4e8c"), _as_digits("\u5eff\u4e09")
    ('23', '1832', '23')
    """
    if not any(char in _TENS_OF or char == _HUNDRED for char in numeral):
        return "".join(str(_UNITS_OF[char]) for char in numeral)
    total = last = 0
    for char in numeral:
        if char == _HUNDRED:
            total, last = total + (last or 1) * 100, 0
        elif char == "\u5341":
            total, last = total + (last or 1) * 10, 0
        elif char in _TENS_OF:
            total, last = total + _TENS_OF[char], 0
        else:
            last = _UNITS_OF[char]
    return str(total + last)


# -- the records of a book --------------------------------------------------------------------


def _grammar(book: PatternBook) -> _Grammar:
    """The grammar of a book, put together the first time that it is needed."""
    known = _GRAMMARS.get(book.ruleset)
    if known is None:
        known = _GRAMMARS.setdefault(book.ruleset, _build(book))
    return known


def _build(book: PatternBook) -> _Grammar:
    def folded(words: Sequence[str]) -> list[str]:
        return [fold(word, book.folder).lower for word in words]

    def listed(name: str) -> list[str]:
        return folded([row[0] for row in book.lists.get(name, ())])

    def either(words: Sequence[str]) -> Any:
        chosen = sorted((w for w in words if w), key=len, reverse=True)
        return re.compile("|".join(re.escape(w) for w in chosen) or r"(?!)")

    stops = listed("formats/address_name_stop")
    labels = {p.name: p for p in book.of("label") if p.regex is not None}
    return _Grammar(
        elements=tuple(
            (_ELEMENT_LABELS[p.name], p.regex)
            for p in book.of("label")
            if p.name in _ELEMENT_LABELS
        ),
        tails=tuple((p.name, p.regex) for p in book.of("label") if p.name in _TAIL_LABELS),
        one={name: p.regex for name, p in labels.items() if name.startswith("address_")},
        homes=book.of("label", "address_home"),
        afters=book.of("label", "address_after"),
        stop_chars=either([w for w in stops if not w.isascii()]),
        stop_words=frozenset(w for w in stops if w.isascii()),
        syllables=frozenset(listed("gazetteers/roman_syllables")),
        not_name=either(listed("formats/address_not_name")),
        bare_ends=frozenset(listed("formats/address_bare_ends")),
        short_ends=frozenset(listed("formats/address_short_ends")),
        regions=frozenset(folded(book.words("address_region"))),
        names=_first_forms(book),
    )


def _first_forms(book: PatternBook) -> dict[str, str]:
    """Every form of a gazetteer name and the first form of its row; doubtful ones left out."""
    first: dict[str, str] = {}
    doubtful: set[str] = set()
    for slot in (*_STARTS, "gazetteers/places"):
        for row in book.lists.get(slot, ()):
            forms = [fold(form, book.folder).lower for form in row if form]
            for form in forms[1:]:
                if first.setdefault(form, forms[0]) != forms[0]:
                    doubtful.add(form)
    return {form: name for form, name in first.items() if form not in doubtful}

