"""Find details of the category ``address``.

A grammar over elements: ``address_parts`` finds places, streets, buildings, house numbers, floors
and flats, ``address_chains`` puts neighbours together, and this module says what a chain adds up
to.  A street with a number or a building with a flat is an address by itself; a lone building or
street only where the text says that somebody lives, works or receives things there
(``patterns/formats/address_home.toml``), or in a row with other details of a person.  Where words
are disguised, the grammar reads the post a second time with the disguises undone.

The ``value`` of an address is its parse: elements in the order of ``KEYS``, ``key=text`` with
semicolons between, names in simplified small letters and in the first form of their gazetteer
row, numbers of houses, floors and flats as bare digits and letters, so that the same home has
one value in both languages::

    region=九龙;district=深水埗;street=南昌街;number=23;floor=18;flat=b;use=home

``use`` is there where the words nearby tell: ``home``, ``office`` or ``school``.

Most posts leave at the first look: no name of a place, or none of the words and numbers that make
one an address.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from injunction_screen.details.address_chains import find_chains
from injunction_screen.details.address_parts import (
    BUILDINGS,
    PLACES,
    UNITS,
    Part,
    Span,
    find_parts,
    is_numbered,
    meets,
    words_at,
)
from injunction_screen.details.address_views import UNIT_SLOTS, back, forth, plain_reading
from injunction_screen.details.address_words import (
    GAZETTEERS,
    HOMES,
    NEED_PERSON,
    USES,
    Words,
    words_of,
)
from injunction_screen.details.formats import Candidate, match_formats
from injunction_screen.scan import Hit, Reading
from injunction_screen.text import fold

__all__ = ["find"]

# Slots that make an address only together with a word of living or working.
_HINTED = ("address_building_end", "address_street_end", "address_mall")
_FLAT = re.compile(r"\d|[a-h](?![a-z\d])")
_FLOOR = "address_floor_word"
_SOFT = ("address_phase_word", _FLOOR)  # words that make an address only with a name
_MARKS = "#n"  # a mark before a number (#3, no. 3) is too common to tell anything
_TOWNS = ("gazetteers/places", "address_district")
_ITEM_STARTS = frozenset(",;/|\n\N{IDEOGRAPHIC COMMA}")  # what stands before an item of a list
_NO_HOME = frozenset({"floor", "phase"})  # what a mall has too
BEFORE, AFTER = 48, 24  # characters beside a place in which words of living are looked for
HOME_KINDS = frozenset({"estate", "house", "group"})
MOST_CHAINS = 1_000  # of one post; more addresses than that are no post
ABOUT = 80  # characters beside it in which the person is looked for

_DISGUISES = frozenset({"spaced", "split", "leet"})

_DIGIT = re.compile(r"\d")
_CLAUSE_END = re.compile("[,;!?\n\N{IDEOGRAPHIC FULL STOP}\N{IDEOGRAPHIC COMMA}]")
_CLAUSE = re.compile(_CLAUSE_END.pattern + r"|: |\. ")
_ROW = re.compile(
    r"[\s,/|:;@()\N{MIDDLE DOT}\N{IDEOGRAPHIC COMMA}-]{1,5}"
    r"(?:(?:[a-z]{2,9}|[\u3400-\u9fff]{2,4})\ ?[:@]\ ?)?"
)


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
    yield from match_formats(reading, "address")
    units = _first_look(reading, words, found)
    if units is not None:
        taken = sorted((c.start, c.end) for c in found)
        yield from _read(reading, words, units, taken)
    if reading.has(words.names):
        plain = plain_reading(reading, words.names, words.slots)
        if plain is not None:
            yield from _disguised(reading, plain, words, found)


def _read(
    reading: Reading, words: Words, units: list[Span], taken: Sequence[Span]
) -> Iterator[Candidate]:
    weighed = 0
    for chain in find_chains(reading, words, find_parts(reading, words, units, taken)):
        if all(part.kind in PLACES for part in chain) and len(chain) < 3:
            continue  # a town is no address
        weighed += 1
        if weighed > MOST_CHAINS:
            reading.cut("addresses")
            return
        candidate = _candidate(reading, words, chain, taken)
        if candidate is not None:
            yield candidate


def _disguised(
    reading: Reading, plain: Reading, words: Words, found: Sequence[Candidate]
) -> Iterator[Candidate]:
    """What the grammar reads once disguises are undone, on the canonical text."""
    units = _first_look(plain, words, found)
    if units is None:
        return
    folded, undone = reading.folded, plain.folded
    taken = sorted(forth(folded, undone, c.start, c.end) for c in found)
    for candidate in _read(plain, words, units, taken):
        start, end = back(folded, undone, candidate.start, candidate.end)
        if folded.lower[start:end] != undone.lower[candidate.start : candidate.end]:
            via = candidate.via or "spaced"
            yield replace(candidate, start=start, end=end, via=via)


# -- the first look ---------------------------------------------------------------------------


def _first_look(reading: Reading, words: Words, found: Sequence[Candidate]) -> list[Span] | None:
    """Where words of floors, flats and houses stand; ``None`` when no address can be here."""
    hits, low = reading.hits, reading.folded.lower
    units: list[Span] = []
    numbered = False
    # A floor alone is no address, but for a flat behind it.
    named = reading.has(words.names)
    for slot in UNIT_SLOTS:
        if slot not in hits:
            continue
        for start, end, _ in words_at(reading, slot):
            units.append((start, end))
            if not numbered and (named or slot not in _SOFT) and low[start] not in _MARKS:
                numbered = is_numbered(words, low, start, end)
            elif not numbered and slot == _FLOOR:
                numbered = _FLAT.match(low, end) is not None
    if numbered:
        return units
    if "address_group_home" in hits:
        return units
    if reading.has(HOMES):
        return units
    if reading.has(GAZETTEERS):
        return units if units or found or "address_hint" in hits or _DIGIT.search(low) else None
    if "address_hint" in hits and (
        reading.has(_HINTED)
        or ("address_region" in hits and _is_nested(hits))
        or ("address_facility_end" in hits and reading.has(_TOWNS))
    ):
        return []
    ended = "address_street_end" in hits or "address_building_end" in hits
    return [] if ended and _DIGIT.search(low) else None


def _is_nested(hits: Mapping[str, list[Hit]]) -> bool:
    """Whether a region stands beside a town, and that beside another place, as in an address."""
    towns = [hit for slot in _TOWNS for hit in hits.get(slot, ())]
    ends = {hit.end for hit in towns}
    starts = {hit.start for hit in towns}
    wide = hits["address_region"]
    return (any(hit.end in starts for hit in wide) and not ends.isdisjoint(starts)) or any(
        hit.start - 1 in ends for hit in wide
    )


# -- what a chain adds up to ------------------------------------------------------------------


def _candidate(
    reading: Reading, words: Words, chain: list[Part], taken: Sequence[Span]
) -> Candidate | None:
    if not chain:
        return None
    shape = _complete(reading, words, chain)
    if shape is None and not _may_be_lone(chain):
        return None
    end = _end(reading, words, chain)
    chain = _with_lead(reading, words, chain, taken)
    start = chain[0].start
    said = _said(reading, words, start, end)
    if shape is None:
        shape = _lone(reading, words, chain, (start, end), taken, said)
    if shape is None:
        return None
    pattern, score = shape
    if pattern == "address.unit" and said is None and _is_floor_of_anybody(reading, words, chain):
        return None
    if pattern == "address.unit" and said is None and _is_stall(reading, words, chain):
        return None
    if pattern == "address.unit" and _is_scene(reading, words, chain, said):
        return None
    via = "+".join(dict.fromkeys(part.via for part in chain if part.via))
    value = _value(reading, words, chain, said or "")
    return Candidate("address", start, end, value, score, pattern, via)


def _complete(reading: Reading, words: Words, chain: list[Part]) -> tuple[str, float] | None:
    """The shape of a chain that is an address by itself, and how sure."""
    kinds = [part.kind for part in chain]
    pairs = {frozenset(pair) for pair in zip(kinds, kinds[1:], strict=False)}  # noqa: RUF007 (3.10)
    units = UNITS.intersection(kinds) - {"phase"}
    if "lot" in kinds and len(kinds) > 1:
        return "address.registered_lot", 0.85
    if frozenset(("street", "number")) in pairs:
        if _is_race(reading, words, chain):
            return None
        sure = next(part.sure for part in chain if part.kind == "street")
        if sure or len(kinds) > 2:
            return "address.street_number", 0.92 if sure or len(kinds) > 3 else 0.7
    buildings = [part for part in chain if part.kind in BUILDINGS]
    if buildings and (shape := _building(reading, words, buildings, chain, units)):
        return shape
    if any(part.listed and _DISGUISES & set(part.via.split("+")) for part in buildings):
        return "address.lived_in", 0.75  # whoever spaces out a name has something to hide
    if "street" in kinds and units:
        around = max(0, chain[0].start - ABOUT), chain[-1].end + ABOUT
        news = words.rule["address_outing"].search(reading.folded.lower, *around)
        return None if news else ("address.unit", 0.75)
    if (
        "region" in kinds
        and "district" in kinds
        and any(p.kind in HOME_KINDS and p.listed for p in chain)
    ):
        return "address.unit", 0.7  # as on an envelope
    if kinds[-2:] == ["district", "block"] and _is_named_block(reading, chain):
        return "address.unit", 0.7
    if "facility" in kinds and "flat" in units and not PLACES.isdisjoint(kinds):
        return "address.unit", 0.75
    if len(units) > 1 and any(part.kind == "flat" and part.sure for part in chain):
        return "address.units_only", 0.6
    return None


def _is_named_block(reading: Reading, chain: list[Part]) -> bool:
    """Whether a numbered block stands right behind a place that names its estate.

    So in Lei Muk Shue Block 5.
    """
    place, block = chain[-2:]
    text = reading.folded.text
    return text[place.end : block.start] == " " and text[block.start : block.end][-1:].isdigit()


def _is_race(reading: Reading, words: Words, chain: list[Part]) -> bool:
    """Whether a road and a number are a horse's, in talk of bets."""
    if any(part.listed for part in chain):
        return False
    first, last = max(0, chain[0].start - ABOUT), chain[-1].end + ABOUT
    return words.rule["address_racing"].search(reading.folded.lower, first, last) is not None


def _is_floor_of_anybody(reading: Reading, words: Words, chain: list[Part]) -> bool:
    """Whether a floor, without flat, block and street, stands in talk of sales or outings."""
    if any(part.kind in ("number", "flat", "block", "house") for part in chain):
        return False
    first, last = max(0, chain[0].start - ABOUT // 2), chain[-1].end + ABOUT // 2
    low, rule = reading.folded.lower, words.rule
    if rule["address_market"].search(low, first, last) is not None:
        return True
    if rule["address_someone"].search(low, first, last) is not None:
        return False
    return rule["address_outing"].search(low, first, last) is not None


def _is_stall(reading: Reading, words: Words, chain: list[Part]) -> bool:
    """Whether all that is named is a mall and a shop in it: 新蒲崗廣場B07."""
    kinds = {part.kind for part in chain}
    buildings = [part for part in chain if part.kind in BUILDINGS]
    if not kinds <= {*BUILDINGS, "flat"} or not buildings:
        return False
    low, rule = reading.folded.lower, words.rule
    first, last = max(0, chain[0].start - ABOUT // 2), chain[-1].end + ABOUT // 2
    return all(_is_mall(words, low, part) for part in buildings) and (
        rule["address_someone"].search(low, first, last) is None
        or rule["address_outing"].search(low, first, chain[0].start) is not None
        or rule["address_outing"].search(low, chain[-1].end, last) is not None
    )


def _is_scene(reading: Reading, words: Words, chain: list[Part], said: str | None) -> bool:
    """Whether a place without flat and number is where a car of anybody stands, or news is made."""
    if not {"number", "flat"}.isdisjoint(part.kind for part in chain):
        return False
    low, rule = reading.folded.lower, words.rule
    if said != "home" and _is_noticed(words, low, chain[0].start, chain[-1].end):
        return True
    first, last = max(0, chain[0].start - ABOUT), chain[-1].end + ABOUT
    return said is None and rule["address_scene"].search(low, first, last) is not None


def _is_noticed(words: Words, low: str, start: int, end: int) -> bool:
    """Whether a notice about a car that is open or lit stands around a place."""
    first, last = max(0, start - 2 * ABOUT), end + 2 * ABOUT
    return words.rule["address_car_notice"].search(low, first, last) is not None


def _building(
    reading: Reading,
    words: Words,
    buildings: list[Part],
    chain: list[Part],
    units: frozenset[str],
) -> tuple[str, float] | None:
    low, kinds = reading.folded.lower, [part.kind for part in chain]
    sure = any(part.sure for part in buildings)
    if "group" in kinds and (sure or len(kinds) > 1):
        return "address.group_home", 0.8
    if "flat" in units or len(units) > 1:
        return "address.unit", 0.92 if sure else 0.75
    if "number" in kinds:
        return ("address.unit", 0.85) if sure else None
    told = units - {"floor"} or any(
        part.kind == "floor" and words.rule["address_floor_told"].search(low, part.start, part.end)
        for part in chain
    )
    if told and not all(_is_mall(words, low, part) for part in buildings if part.sure):
        return ("address.unit", 0.85) if sure else None
    if told and sure and kinds[0] == "floor" and kinds[-1] in PLACES:
        return "address.unit", 0.75  # written out as on an envelope: 7/F, X Plaza, Yuen Long
    if "house" in kinds and "estate" in kinds:
        return "address.unit", 0.85
    return None


def _is_mall(words: Words, low: str, part: Part) -> bool:
    """Whether a floor of this building is where people shop or meet, not where somebody lives."""
    if part.kind == "mall":
        return True
    return words.rule["address_mall_end"].search(low, part.start, part.end) is not None


def _may_be_lone(chain: list[Part]) -> bool:
    """Whether there is anything in a chain of which a home or place of work could be said."""
    kinds = {part.kind for part in chain}
    if any(part.sure and part.kind in {*BUILDINGS, "street", "facility"} for part in chain):
        return True
    units = kinds & UNITS
    return "flat" in units or (bool(units) and len(units) < len(kinds)) or len(chain) > 2


def _lone(
    reading: Reading,
    words: Words,
    chain: list[Part],
    span: Span,
    taken: Sequence[Span],
    said: str | None,
) -> tuple[str, float] | None:
    """The shape of a chain that is an address only by what is said around it."""
    low, kinds = reading.folded.lower, {part.kind for part in chain}
    if words.rule["address_not_after"].match(low, span[1]):
        return None
    if _is_passed(words, low, span):
        return None
    named = [part for part in chain if part.kind in BUILDINGS or part.kind == "street"]
    if not named and said is not None and _is_facility_of_someone(reading, words, chain, span):
        return "address.lived_in", 0.65
    if not named:
        return _unnamed(reading, words, chain, span, said)
    if not any(part.sure for part in named) and (said is None or kinds.isdisjoint(UNITS)):
        return None
    if said == "home" and _is_home_of_anybody(reading, words, span):
        return None
    if said == "home" and _is_street_of_a_label(reading, words, chain, span):
        return None
    if said is not None and not _is_institution(words, low, named):
        return "address.lived_in", 0.8
    listed = any(
        part.listed
        and (part.kind in HOME_KINDS or (part.kind == "mall" and kinds & UNITS - _NO_HOME))
        for part in named
    )
    if listed and _is_someones(reading, words, span[0]):
        return "address.lived_in", 0.75
    if listed and kinds & {*PLACES, "house"} and _is_item_about_someone(reading, words, span):
        return "address.on_card", 0.65
    if _is_nested_place(low, words, chain) and _is_about_someone(reading, words, *span):
        return "address.lived_in", 0.65
    clause = None if "street" in kinds else _clause(low, *span)
    if listed and _is_about_someone(reading, words, *span, clause):
        return "address.lived_in", 0.65
    placed = not kinds.isdisjoint(PLACES) and any(p.kind in HOME_KINDS and p.sure for p in named)
    if (listed or placed) and _in_row(low, *span, taken):
        return "address.on_card", 0.7
    return None


def _is_nested_place(low: str, words: Words, chain: list[Part]) -> bool:
    """Whether a chain goes down as far as an address: a building and its street, or its phase.

    Only a house number is missing then; people in talk name so much of a place for nobody's sake
    but somebody's.
    """
    kinds = {part.kind for part in chain}
    homes = [p for p in chain if p.kind in HOME_KINDS and p.sure]
    ends = words.rule["address_public_end"]
    if not homes or ends.search(low, homes[0].start, homes[0].end) is not None:
        return False
    return "street" in kinds or (not kinds.isdisjoint(PLACES) and "phase" in kinds)


def _is_home_of_anybody(reading: Reading, words: Words, span: Span) -> bool:
    """Whether the writer asks or speaks to all who may live at a place: 有冇人住御龍山."""
    low = reading.folded.lower
    before = max(0, span[0] - BEFORE)
    return words.rule["address_anybody"].search(low, before, span[0]) is not None and (
        words.rule["address_someone"].search(low, span[1], span[1] + AFTER) is None
    )


def _is_street_of_a_label(reading: Reading, words: Words, chain: list[Part], span: Span) -> bool:
    """Whether a street without number stands behind a mere label, and nobody is in sight."""
    if not {part.kind for part in chain} <= {*PLACES, "street"}:
        return False
    low = reading.folded.lower
    if low[max(0, span[0] - 4) : span[0]].rstrip(" ")[-1:] != ":":
        return False
    first, last = max(0, span[0] - ABOUT), span[1] + ABOUT
    return words.rule["address_someone"].search(low, first, last) is None


def _is_someones(reading: Reading, words: Words, start: int) -> bool:
    """Whether a person's name and *of* stand right before: Jasper Fok of Laguna City."""
    first = max(0, start - BEFORE)
    return words.rule["address_named_of"].search(reading.folded.text, first, start) is not None


def _is_item_about_someone(reading: Reading, words: Words, span: Span) -> bool:
    """Whether a place is an item by itself, in a sentence that sketches somebody."""
    low = reading.folded.lower
    if low[max(0, span[0] - 3) : span[0]].rstrip(" ")[-1:] not in _ITEM_STARTS:
        return False
    if words.rule["address_item"].match(low, span[1]) is None:
        return False
    if _is_about_someone(reading, words, *span):
        return True
    first = max(reading.sentence_span(span[0])[0], span[0] - ABOUT)
    return words.rule["address_card_word"].search(low, first, span[0]) is not None


def _is_passed(words: Words, low: str, span: Span) -> bool:
    """Whether a place is one that a way leads along, on to another."""
    on = words.rule["address_route_on"].match(low, span[1]) is not None
    return on and words.rule["address_route"].search(low, max(0, span[0] - 6), span[0]) is not None


def _is_facility_of_someone(reading: Reading, words: Words, chain: list[Part], span: Span) -> bool:
    """Whether this is a named facility of a town, in a sentence about another person."""
    sure = [part for part in chain if part.kind == "facility" and part.sure]
    if not sure or _is_institution(words, reading.folded.lower, sure):
        return False
    return any(part.kind in PLACES for part in chain) and _is_about_someone(reading, words, *span)


def _unnamed(
    reading: Reading, words: Words, chain: list[Part], span: Span, said: str | None
) -> tuple[str, float] | None:
    """A flat without its building, or a numbered zone, where somebody is said to live or work."""
    kinds = {part.kind for part in chain}
    units = kinds & UNITS
    if said is None:
        alone = words.rule["address_neighbour"].fullmatch(reading.folded.lower, *span)
        lead = words.rule["address_neighbour_lead"]
        neighbour = alone is not None and (
            lead.search(reading.folded.lower, max(0, span[0] - BEFORE), span[0]) is not None
            or _is_about_someone(reading, words, *span)
        )
        return ("address.units_only", 0.6) if neighbour else None
    if "flat" in units and len(units) > 1:
        return "address.units_only", 0.7
    if units and not kinds.isdisjoint(PLACES):
        return "address.lived_in", 0.7
    if "region" in kinds and len({(p.start, p.end) for p in chain if p.kind == "district"}) > 1:
        return "address.lived_in", 0.6
    return None


def _is_institution(words: Words, low: str, named: Sequence[Part]) -> bool:
    """Whether all that is named is a service or office: where one works, but nobody's address."""
    rule = words.rule["address_institution"]
    return all(
        not part.listed and rule.search(low, part.start, part.end) is not None for part in named
    )


# -- what is said beside a place --------------------------------------------------------------


def _said(reading: Reading, words: Words, start: int, end: int) -> str | None:
    """The use that the words beside a place give it, ``""`` for some use or other.

    ``None`` when nothing says that somebody lives, works, is found or gets things there.
    """
    low = reading.folded.lower

    def near(a: int, b: int, reach: int) -> bool:
        # A label may stand on the line above its place.
        return not low[a:b].strip() or (
            not _CLAUSE_END.search(low, a, b) and reading.words_between(a, b) <= reach
        )

    noticed = _is_noticed(words, low, start, end)
    first = reading.sentence_span(start)[0]
    for pattern in words.before:
        if noticed and pattern.name in ("address_parked", "address_seek"):
            continue
        for m in pattern.regex.finditer(low, max(0, start - BEFORE), start):
            if pattern.name == "address_habit" and words.rule["address_once"].search(
                low, max(first, m.start() - 6), m.end()
            ):
                continue  # what happened once is no habit
            if near(m.end(), start, pattern.options.get("reach", 3)) and (
                pattern.name not in NEED_PERSON or _is_about_someone(reading, words, start, end)
            ):
                return USES[pattern.name]
    at = words.rule["address_at"].search(low, max(0, start - 4), start)
    owned = words.rule["address_owner"].search(low, max(0, start - 4), start) is not None
    for pattern in words.after:
        if at is None and pattern.name not in NEED_PERSON:
            continue
        for m in pattern.regex.finditer(low, end, min(len(low), end + AFTER)):
            if (
                near(end, m.start(), pattern.options.get("reach", 3))
                and ". " not in low[end : m.start() + 1]
                and (
                    pattern.name not in NEED_PERSON
                    or (owned and pattern.name == "address_owned_home")
                    or _is_about_someone(reading, words, start, end)
                )
            ):
                return USES[pattern.name]
    return None


def _is_about_someone(
    reading: Reading, words: Words, start: int, end: int, clause: Span | None = None
) -> bool:
    """Whether the sentence is about another person, and not about an outing or a piece of news.

    With a ``clause`` the person must be in it.
    """
    low = reading.folded.lower
    first, last = reading.sentence_span(start)
    if first > 1 and low[first - 1] == "\n" != low[first - 2]:
        first = reading.sentence_span(first - 2)[0]  # a line of a verse or a card
    first, last = max(first, start - ABOUT), min(max(last, end), end + ABOUT)
    if words.rule["address_someone"].search(low, *(clause or (first, last))) is None:
        return False
    if clause is not None:  # a pronoun says little: the sentences beside count too
        first, last = max(0, start - ABOUT // 2), end + ABOUT // 2
    return words.rule["address_outing"].search(low, first, last) is None


def _clause(low: str, start: int, end: int) -> Span:
    """The clause around a place, as far as it is looked at."""
    first = max(0, start - ABOUT)
    for m in _CLAUSE.finditer(low, first, start):
        first = m.end()
    after = _CLAUSE.search(low, end, end + ABOUT)
    return first, after.start() if after else min(len(low), end + ABOUT)


def _in_row(low: str, start: int, end: int, taken: Sequence[Span]) -> bool:
    """Whether another detail of the post stands right beside, with only separators between.

    >>> _in_row("6123 4567 / mei foo", 12, 19, [(0, 9)])
    True
    """
    at = bisect_left(taken, (start,))
    before = low[taken[at - 1][1] : start] if at else ""
    after = low[end : taken[at][0]] if at < len(taken) else ""
    return any(len(gap) < 18 and _ROW.fullmatch(gap) for gap in (before, after))


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
    if text[max(0, start - 2) : start].strip() in ("-", ","):
        low = reading.folded.lower
        m = words.rule["address_office_lead"].search(low, max(0, start - BEFORE), start)
        if m is not None and not meets(taken, *m.span("value")):
            at = m.start("value")
            for stop in words.stop_chars.finditer(low, at, m.end("value")):
                at = stop.end()
            return [Part(at, m.end("value"), "facility", False), *chain]
    if chain[0].kind not in ("number", "estate") or text[start] > "\x7f":
        return chain
    m = words.rule["address_lead"].search(text, max(0, start - BEFORE), start)
    if m is None or meets(taken, *m.span("value")):
        return chain
    return [Part(m.start("value"), m.end("value"), "estate", False), *chain]


# -- one way to write it ----------------------------------------------------------------------

KEYS = ("region", "district", "street", "number", "estate", "block", "floor", "flat")
_KEY_OF = {
    "facility": "estate",
    "group": "estate",
    "mall": "estate",
    "house": "block",
    "lot": "number",
    "phase": "block",
}
_NUMBERED = ("number", "lot", "phase", "block", "floor", "flat")


def _value(reading: Reading, words: Words, chain: list[Part], use: str) -> str:
    """The parts under their keys: names in their first form, numbers as digits and letters.

    >>> from injunction_screen import screen
    >>> post = "He lives at Flat D, 14/F, No. 12 Oak Road, Sale."
    >>> [detail.value for detail in screen(post).details if detail.category == "address"]
    ['district=sale;street=oak road;number=12;floor=14;flat=d;use=home']
    """
    low = reading.folded.lower
    said: dict[str, dict[str, None]] = {}
    for part in chain:
        if part.kind == "note":
            continue
        written = low[part.start : part.end].strip(" ,.")
        if part.kind in _NUMBERED:
            written = _bare(words, written)
        elif first := words.first_forms.get(written):
            written = fold(first, reading.book.folder).lower
        said.setdefault(_KEY_OF.get(part.kind, part.kind), {})[written] = None
        if part.kind == "group":
            use = use or "home"
    parsed = [f"{key}={' '.join(said[key])}" for key in KEYS if key in said]
    return ";".join([*parsed, f"use={use}"] if use else parsed)


def _bare(words: Words, written: str) -> str:
    """The number of a house, floor or flat without its words.

    Digits and letters, with ``-`` between the ends of a range and a comma between numbers.
    """
    if named := words.floor_names.get(written):
        return named
    digits = _NUMERAL.sub(lambda m: _as_digits(m.group()), written)
    found = words.rule["address_number_core"].findall(digits)
    if not found:
        return words.floor_names.get(digits.split(" ")[-1], digits)
    return ",".join(_RANGE.sub("-", number) for number in found)


_DIGIT_OF = {"\N{IDEOGRAPHIC NUMBER ZERO}": 0}
for _numerals in ("零一二三四五六七八九", "零壹贰叁肆伍陆柒捌玖"):
    _DIGIT_OF |= {char: value for value, char in enumerate(_numerals)}
_TENS_OF = {"十": 10, "拾": 10, "廿": 20, "卅": 30}
_HUNDRED = "百"
_RANGE = re.compile(r"\s*(?:-|~|to|\u81f3)\s*")
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
