"""Find the parts of addresses: places, streets, buildings, and numbers of houses, floors and flats.

In: a ``Reading`` and where words of floors and flats stand.  Out: ``Part`` records without
overlaps, in order.  Names that a gazetteer has are parts as the scan found them; numbers are found
by the element records near their words; other names are read leftwards from their last word
(``Mansion``, ``Road``) up to a word or a part that cannot belong to them.

Linear: each element record runs only around its own words, and a name is at most a few words long.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import islice
from typing import Any, NamedTuple

from injunction_screen.details.address_words import Words
from injunction_screen.scan import Hit, Reading

__all__ = [
    "BUILDINGS",
    "CJK",
    "MOST_WORDS",
    "PLACES",
    "UNITS",
    "Part",
    "Span",
    "find_parts",
    "is_numbered",
    "meets",
    "words_at",
]

Span = tuple[int, int]

# Kinds of parts.  "house" is a named block of an estate, "mall" a listed place of work or trade,
# "group" quarters that are named for who lives there, "facility" premises that nobody lives in,
# "note" a remark in brackets.
UNITS = frozenset({"phase", "block", "floor", "flat"})
PLACES = frozenset({"region", "district"})
BUILDINGS = frozenset({"estate", "house", "group", "mall"})

# Slots whose words are parts as they stand.
_WHOLE = (
    ("address_mall", "mall"),
    ("gazetteers/streets", "street"),
    ("address_street", "street"),
    ("gazetteers/estates", "estate"),
    ("address_estate", "estate"),
    ("gazetteers/blocks", "house"),
    ("gazetteers/quarters", "estate"),
    ("gazetteers/villages", "estate"),
    ("address_place", "district"),
)
# Slots whose words are only the last of a name.
_ENDS = (
    ("address_group_home", "group"),
    ("address_building_end", "estate"),
    ("address_street_end", "street"),
    ("address_facility_end", "facility"),
)
# Characters of a Chinese name before its last word, at most.
_NAME_CHARS = {"street": 4, "close": 4, "estate": 8, "district": 4, "facility": 8, "group": 6}
_NAME_WORDS = 5  # the same in English words
# Characters before and behind the word of an element in which its record looks: a Chinese word
# stands behind its number, an English one before it, and a long list may follow "Shops".
_AROUND = {
    "number": ((32, 6), (8, 16)),
    "lot": ((32, 40), (32, 48)),
    "block": ((26, 12), (10, 32)),
    "phase": ((14, 8), (6, 16)),
    "floor": ((30, 16), (30, 30)),
    "flat": ((56, 32), (10, 90)),
}
_NEAR = ((26, 6), (26, 6))  # the same for the last character of a name
MOST_WORDS = 10_000  # words of one slot that are looked at; more than that is no post
_BEFORE = 26  # characters that a house number may take

CJK = re.compile("[\u3400-\u9fff]")
_ESTATE_HOUSE = re.compile(
    "([\u3400-\u9fff]{2,4}[\u90a8\u82d1\u6751])[\u3400-\u9fff]{2,3}[\u697c\u9601\u8f69\u53f0]"
)
_YEAR = re.compile(r"(?:19|20)\d\d")  # the 1989 Square protests
_HOUSE = " house"
_HOUSE_ENDS = frozenset("\u697c\u9601\u8f69\u53f0\u5c45")
_BRACKET = re.compile(r"\([^()\n]{1,11}\)")
_WORD = re.compile(r"\S+")
_LATIN_NAME = re.compile(
    rf"(?<![\w-])(?:(?:[A-Za-z][\w'`&.-]*|\(\w{{1,5}}\)|\d) ){{1,{_NAME_WORDS}}}$"
)


class Part(NamedTuple):
    """One element at canonical ``start:end``.

    ``sure`` when it does not rest on a guess, ``listed`` when a gazetteer has it.
    """

    start: int
    end: int
    kind: str
    sure: bool = True
    via: str = ""
    listed: bool = False


Cover = dict[int, Part]  # which part stands on each character


def find_parts(
    reading: Reading, words: Words, units: Sequence[Span], taken: Sequence[Span]
) -> list[Part]:
    """All parts in order; ``units`` are words of floors and flats, ``taken`` other details."""
    cover = _longest(_listed(reading, words) + _elements(reading, words, taken))
    _add_names(reading, words, _windows(reading.folded.lower, units, _NEAR), cover)
    _add_numbers(reading, words, cover, taken)
    parts = _with_houses(reading.folded.lower, words, sorted(set(cover.values())))
    return _with_bare_flats(reading, words, parts, taken)


# -- listed names, and numbers with their words ------------------------------------------------


def words_at(reading: Reading, slot: str) -> Sequence[Hit]:
    """The words of a slot, as many as are looked at; the reading notes when there are more."""
    hits = reading.of(slot)
    if len(hits) <= MOST_WORDS:
        return hits
    reading.cut("addresses")
    return hits[:MOST_WORDS]


def _listed(reading: Reading, words: Words) -> list[Part]:
    """The names that a gazetteer has, but not inside the name of a school."""
    low = reading.folded.lower
    groups = {hit.end for hit in reading.of("address_group_home")}
    schools = [(hit.start, hit.end) for hit in reading.of("gazetteers/schools")]
    found: list[Part] = []
    for slot, kind in _WHOLE:
        for start, end, via in words_at(reading, slot):
            narrower = "group" if end in groups else kind
            if kind == "district" and low[start:end] in words.regions:
                narrower = "region"
            if not _inside(schools, start, end):
                # A village is as much a place as a home.
                listed = slot != "gazetteers/villages"
                found.append(Part(start, end, narrower, True, via, listed))
    last_words = [hit[:2] for slot, _ in _ENDS for hit in words_at(reading, slot)]
    return _without_straddlers(found, last_words)


def _without_straddlers(found: list[Part], last_words: list[Span]) -> list[Part]:
    """Names without those that two others cut better: 新界 西貢, not 新界西."""
    reach: dict[int, int] = {}
    ends: dict[int, set[int]] = {}
    for start, end in last_words:
        reach[start] = max(end, reach.get(start, 0))
    for part in found:
        reach[part.start] = max(part.end, reach.get(part.start, 0))
        ends.setdefault(part.start, set()).add(part.end)
    return [
        part
        for part in found
        if not any(part.start < end < part.end < reach.get(end, 0) for end in ends[part.start])
        and not (part.kind == "street" and reach.get(part.end - 1, 0) > part.end)
    ]


def _elements(reading: Reading, words: Words, taken: Sequence[Span]) -> list[Part]:
    """What the element records find around their own words."""
    low = reading.folded.lower
    found: list[Part] = []
    for kind, rule in words.elements:
        near = [
            (start, end)
            for start, end, _ in words_at(reading, f"address_{kind}_word")
            if is_numbered(words, low, start, end)
            or kind == "lot"
            or (kind == "floor" and end - start > 1)
        ]
        if kind == "block" and "(" in low:
            near.extend(m.span() for m in islice(_BRACKET.finditer(low), MOST_WORDS))
        for a, b in _windows(low, near, _AROUND[kind]):
            for m in rule.finditer(low, a, b):
                start, end = m.span("value")
                if not meets(taken, start, end):
                    found.append(Part(start, end, kind))
    if "(" in low:
        for m in islice(words.rule["address_note"].finditer(low), MOST_WORDS):
            if words.rule["address_note_word"].search(m.group()):
                found.append(Part(m.start(), m.end(), "note"))
    return found


def _windows(low: str, near: Sequence[Span], around: tuple[Span, Span]) -> list[Span]:
    """The stretches around these words, joined where they meet."""
    chinese, latin = around
    windows: list[Span] = []
    for start, end in sorted(near):
        before, after = latin if low[start] < "\x80" else chinese
        a, b = max(0, start - before), min(len(low), end + after)
        if windows and a <= windows[-1][1]:
            windows[-1] = (min(a, windows[-1][0]), max(b, windows[-1][1]))
        else:
            windows.append((a, b))
    return windows


def _longest(found: list[Part]) -> Cover:
    """The longest parts first."""
    cover: Cover = {}
    for part in sorted(found, key=lambda p: (p.start - p.end, p.start)):
        if part.start not in cover and part.end - 1 not in cover:
            _put(part, cover)
    return cover


def _put(part: Part, cover: Cover) -> None:
    for at in range(part.start, part.end):
        cover[at] = part


# -- names outside the gazetteers --------------------------------------------------------------


def _add_names(reading: Reading, words: Words, windows: list[Span], cover: Cover) -> None:
    """Names read leftwards from their last words, the last name of the post first."""
    ends = _name_ends(reading, words, windows)
    borders = sorted(end.end for end in ends if end.end - end.start > 1)
    for end in sorted(ends, key=lambda part: -part.end):
        if end.start in cover or end.end - 1 in cover:
            continue
        if CJK.match(reading.folded.lower, end.start):
            part = _chinese_name(reading.folded.lower, words, end, cover, borders)
        else:
            part = _latin_name(reading, words, end, cover)
        if part is None:
            continue
        for piece in _estate_and_house(reading.folded.lower, part):
            _put(piece, cover)


def _estate_and_house(low: str, part: Part) -> list[Part]:
    """The name of a block with its estate before it (錦濤苑錦安閣) as two parts."""
    if part.kind == "estate" and (m := _ESTATE_HOUSE.fullmatch(low, part.start, part.end)):
        return [part._replace(end=m.end(1)), part._replace(start=m.end(1), kind="house")]
    return [part]


def _name_ends(reading: Reading, words: Words, windows: list[Span]) -> list[Part]:
    """Where names end, with the longest last word for each: 工業大廈 rather than 大廈."""
    low = reading.folded.lower
    ends: dict[int, Part] = {}

    def note(start: int, end: int, kind: str, via: str = "") -> None:
        known = ends.get(end)
        if known is None or known.start > start:
            ends[end] = Part(start, end, kind, True, via)

    for slot, kind in _ENDS:
        for hit in words_at(reading, slot):
            note(hit.start, hit.end, kind, hit.via)
    for kind, rule in words.tails:
        for a, b in windows:
            for m in rule.finditer(low, a, b):
                note(m.start("value"), m.end("value"), kind)
    if reading.of("address_hint"):
        for place in words_at(reading, "address_place"):
            m = words.rule["address_street_close"].search(low, place.end, place.end + 6)
            if m is not None:
                note(m.start("value"), m.end("value"), "close")
    return list(ends.values())


def _chinese_name(
    low: str, words: Words, end: Part, cover: Cover, borders: list[int]
) -> Part | None:
    """The name that ends with this last word, ``None`` when it is the word only."""
    at, bounded = _chinese_start(low, words, end, cover, borders)
    before = cover.get(at - 1)
    placed = before is not None and before.kind in PLACES
    if end.kind == "close" and not placed:
        return None
    kind = "street" if end.kind == "close" else end.kind
    if at == end.start:
        return _named_before(low, words, end, kind, before, cover)
    if low[at : end.end] in words.bare_ends:
        if before is None or before.kind not in ("number", "estate", "house", "street"):
            return None
        kind = "facility"
    return Part(at, end.end, kind, bounded and (placed or end.start - at > 1), end.via)


def _chinese_start(
    low: str, words: Words, end: Part, cover: Cover, borders: list[int]
) -> tuple[int, bool]:
    """Where a name begins, and whether anything but its length says so."""
    most, at = _NAME_CHARS[end.kind], end.start
    while at and end.start - at < most and at - 1 not in cover and CJK.match(low, at - 1):
        at -= 1
    bounded = end.start - at < most
    before = cover.get(at - 1)
    numbered = before is not None and before.kind == "number"
    for stop in words.stop_chars.finditer(low, at, end.start):
        # Right behind a house number a name begins, whatever its characters: 1號時代廣場.
        if not numbered or stop.end() - stop.start() > 1:
            at, bounded = stop.end(), True
    nearest = bisect_right(borders, end.start) - 1
    if nearest >= 0 and at < borders[nearest] < end.start:
        at, bounded = borders[nearest], True
    return (at, True) if bounded else (end.start - min(most, 2), False)


def _named_before(
    low: str, words: Words, end: Part, kind: str, before: Part | None, cover: Cover
) -> Part | None:
    """A last word right behind a part: the part may be its name."""
    if before is None:
        return None
    if before.kind == "street" and kind == "estate":
        first = cover.get(before.start - 1)
        if first is not None and first.kind == "number":
            # 基隆街333號 北河街市政大廈: a building that is named after another street.
            return Part(before.start, end.end, kind, True, end.via)
    if before.kind in PLACES and kind != "facility":
        if words.rule["address_generic_end"].match(low, end.start, end.end):
            return Part(end.start, end.end, "facility", True, end.via)
        # 荔枝角 + 道, 荃灣 + 中心: the place is the name.
        return Part(before.start, end.end, kind, True, end.via)
    if before.kind == "estate" and kind == "street" and before.end == end.start:
        return Part(before.start, end.end, kind, True, end.via)  # a road named after a village
    if kind in ("estate", "facility"):
        return Part(end.start, end.end, "facility", True, end.via)
    return None


def _latin_name(reading: Reading, words: Words, end: Part, cover: Cover) -> Part | None:
    """The name that ends with this last word, ``None`` when it is the word only."""
    text, low = reading.folded.text, reading.folded.lower
    last, kind = low[end.start : end.end], end.kind
    lowered = text[end.start].islower()
    at = _latin_start(text, words, end, cover, lowered)
    if at == end.start and kind == "street" and len(last) > 7 and last.isalpha() and not lowered:
        pass  # Broadway, Kingsway: the last word is the name
    elif at == end.start and (
        kind == "group"
        or (kind == "facility" and " " in last and text[end.end : end.end + 1] == ",")
    ):
        return Part(end.start, end.end, kind, False, end.via)
    elif at == end.start or text[at] == "(":
        # Kowloon + Plaza, Wah Fu + (1) Estate: the place is the name.
        place = cover.get(at - 2)
        if place is None or place.kind not in PLACES | BUILDINGS:
            return None
        if kind == "facility" and place.kind in BUILDINGS:
            return Part(end.start, end.end, kind, True, end.via)
        at = place.start
    if low[at : end.end] in words.bare_ends or text[end.end : end.end + 1] == ":":
        return None
    if last in words.unit_ends:
        before = cover.get(at - 1) or cover.get(at - 2)
        if before is None or before.kind not in UNITS or " " not in low[at : end.start].strip():
            return None
    part = Part(at, end.end, kind, not lowered, end.via)
    return _short_ended(low, words, part, last) if last in words.short_ends else part


def _short_ended(low: str, words: Words, part: Part, last: str) -> Part | None:
    """A name that ends like ``St`` or ``Walk``: a street where a number or a list says so."""
    if part.kind == "street" and not part.sure and len(last) > 3:
        return None  # a 60 minute drive
    before = words.rule["address_number_before"]
    number = before.search(low, max(0, part.start - _BEFORE), part.start)
    if number is not None and not (last == "square" and _YEAR.fullmatch(number.group("value"))):
        return part._replace(kind="street" if part.kind == "estate" else part.kind)
    if part.kind != "street":
        return part
    if low[part.start : part.end - len(last)] + words.short_ends[last] in words.english_streets:
        return part._replace(sure=True, listed=True)
    behind = words.rule["address_number_behind"].match(low, part.end)
    return part if behind is not None else None


def _latin_start(text: str, words: Words, end: Part, cover: Cover, lowered: bool) -> int:
    before = _LATIN_NAME.search(text, max(0, end.start - 64), end.start)
    at = end.start
    if before is None:
        return at
    for word in reversed(list(_WORD.finditer(before.group()))):
        a, name = before.start() + word.start(), word.group()
        if a in cover or a + len(name) - 1 in cover or words.stops(name):
            break
        # Capitals make a name; small letters only a short one that is all in small letters.
        if name[0].islower() and (not lowered or end.start - a > 24) and text[a - 1 : a] != ",":
            break
        at = a
        if name.endswith("."):
            break
    return at


# -- numbers without their words ---------------------------------------------------------------


def _add_numbers(reading: Reading, words: Words, cover: Cover, taken: Sequence[Span]) -> None:
    """House numbers beside street names, flats before blocks, named blocks behind estates."""
    low = reading.folded.lower

    def put(m: Any, kind: str) -> bool:
        if m is None or not kind:
            return False
        start, end = m.span("value")
        if start in cover or end - 1 in cover or meets(taken, start, end):
            return False
        _put(Part(start, end, kind), cover)
        return True

    for part in sorted(set(cover.values())):
        free = part.start
        while free and part.start - free < _BEFORE and free - 1 not in cover:
            free -= 1
        free = max(free, _last_end(taken, part.start))
        if part.kind == "block":
            put(words.rule["address_flat_before"].search(low, free, part.start), "flat")
        if part.kind == "estate" and part.listed:
            m = words.rule["address_house_after"].match(low, part.end)
            if m is not None and _is_name(words, m.group("value")):
                put(m, "house")
        if part.kind in ("street", "house", "estate") and low[part.start] < "\x80":
            m = words.rule["address_number_before"].search(low, free, part.start)
            if put(
                m, _number_kind(part, m, cover) or _house_of_village(low, words, part, m, cover)
            ):
                continue
        if part.kind == "street":
            put(words.rule["address_number_after"].match(low, part.end), "number")


def _is_name(words: Words, name: str) -> bool:
    return words.stop_chars.search(name) is None and words.not_name.search(name) is None


def _number_kind(part: Part, m: Any, cover: Cover) -> str:
    """What a number before a name is: of a house, or of a flat behind a floor or in a range."""
    if part.kind == "street" or m is None:
        return "number"
    number = m.group("value")
    if number.startswith("n"):
        return "number"
    before = cover.get(m.start() - 1) or cover.get(m.start() - 2)
    if "-" in number or (before is not None and before.kind in UNITS):
        return "flat"
    lettered = number[-1] > "9" and number[:-1].isdecimal() and part.sure
    coded = len(number) in (3, 4) or number[-1] > "9"
    return "flat" if lettered or (coded and m.group().rstrip().endswith(",")) else ""


def _house_of_village(low: str, words: Words, part: Part, m: Any, cover: Cover) -> str:
    """What a number before a village is, or before a name with its town behind: 46 Tai Kei Leng."""
    if m is None or not part.sure or not m.group("value").isdecimal() or len(m.group("value")) > 3:
        return ""
    dotted = "." in low[part.start : part.end]  # 30 Nov. Ho Chi Wai
    if dotted or m.group().rstrip().endswith(",") or _is_mall_name(low, words, part):
        return ""
    if words.rule["address_village_end"].search(low, part.start, part.end):
        return "number"
    town = cover.get(part.end + 2)
    return "number" if low[part.end : part.end + 2] == ", " and town and town.kind in PLACES else ""


def _is_mall_name(low: str, words: Words, part: Part) -> bool:
    return words.rule["address_mall_end"].search(low, part.start, part.end) is not None


def _with_houses(low: str, words: Words, parts: list[Part]) -> list[Part]:
    """The parts with the named blocks that stand beside their estates (Wu Shui House)."""
    out: list[Part] = []
    told = words.rule["address_house_told"]
    for part in parts:
        if (
            out
            and part.kind == out[-1].kind == "estate"
            and low[out[-1].end : part.start].strip() == ","
            and told.fullmatch(low, out[-1].start, out[-1].end)
        ):
            out[-1] = out[-1]._replace(kind="house")
        elif out and part.kind == out[-1].kind == "estate" and part.listed != out[-1].listed:
            gap = low[out[-1].end : part.start]
            if part.listed:
                if gap.strip(" ") in ("", ",") and low[out[-1].start : out[-1].end].endswith(
                    _HOUSE
                ):
                    out[-1] = out[-1]._replace(kind="house")
            elif (
                not gap.strip(" ")
                and part.end - part.start < 5
                and low[part.end - 1] in _HOUSE_ENDS
            ) or (gap.strip(" ") in ("", ",") and low[part.start : part.end].endswith(_HOUSE)):
                part = part._replace(kind="house")
        out.append(part)
    return out


def _with_bare_flats(
    reading: Reading, words: Words, parts: list[Part], taken: Sequence[Span]
) -> list[Part]:
    """The parts with the flat numbers that stand without their word (第4座18樓E)."""
    low, rule = reading.folded.lower, words.rule["address_bare"]
    out: list[Part] = []
    for i, part in enumerate(parts):
        out.append(part)
        if part.kind not in ("floor", "block", "phase", "house", "estate"):
            continue
        m = rule.match(low, part.end)
        if m is None:
            continue
        start, end = m.span("value")
        if meets(taken, start, end) or (i + 1 < len(parts) and parts[i + 1].start < end):
            continue
        plain, long = "," not in m.group() and "  " not in m.group(), end - start > 2
        coded = long or (end - start == 2 and low[start].isdecimal() and low[end - 1].isalpha())
        if part.kind in ("estate", "phase") and not (part.sure and plain and coded):
            continue
        # Without a building it may be any number, but for the 1804 of 7栋1804.
        out.append(Part(start, end, "flat", plain and long and part.kind == "block"))
    return out


def is_numbered(words: Words, low: str, start: int, end: int) -> bool:
    """Whether a number stands with the word of a floor, flat or house at ``start:end``."""
    if low[start] < "\x80" and low[start] != "/":
        return (
            words.rule["address_numbered_after"].match(low, end) is not None
            or low[start:end] == "floor"
        )
    before = words.rule["address_numbered"].search(low, max(0, start - 3), start)
    return before is not None or (low[end : end + 1].isascii() and low[end : end + 1].isalnum())


# -- spans -------------------------------------------------------------------------------------


def meets(spans: Sequence[Span], start: int, end: int) -> bool:
    """Whether one of these spans, in order and without overlaps, meets ``start:end``.

    >>> meets([(2, 4), (8, 9)], 3, 5), meets([(2, 4)], 4, 5)
    (True, False)
    """
    at = bisect_left(spans, (end,))
    return at > 0 and spans[at - 1][1] > start


def _last_end(spans: Sequence[Span], at: int) -> int:
    """Where the last of these spans that ends before ``at`` does, 0 without one.

    >>> _last_end([(2, 4), (8, 9)], 8), _last_end([(2, 4)], 1)
    (4, 0)
    """
    nearest = bisect_left(spans, (at,)) - 1
    return spans[nearest][1] if nearest >= 0 else 0


def _inside(spans: Sequence[Span], start: int, end: int) -> bool:
    at = bisect_left(spans, (start + 1,)) - 1
    return at >= 0 and spans[at][1] >= end and spans[at][1] - spans[at][0] > end - start
