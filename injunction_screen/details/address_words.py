"""The words and records that addresses are read with, sorted by what they are for.

In: a ``PatternBook``.  Out: one ``Words``, worked out the first time that it is needed.  What the
records say is in ``patterns/formats/address*.toml``; the lists beside them hold words that are
looked up, not scanned for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from injunction_screen.patternbook import Pattern, PatternBook
from injunction_screen.text import fold

__all__ = ["GAZETTEERS", "HOMES", "NEED_PERSON", "USES", "Words", "words_of"]

GAZETTEERS = (
    "gazetteers/streets",
    "gazetteers/estates",
    "gazetteers/blocks",
    "gazetteers/quarters",
    "gazetteers/villages",
    "address_street",
    "address_estate",
)
# Of these the ones whose names are homes: rare in talk about anything else.
HOMES = ("gazetteers/estates", "gazetteers/blocks", "gazetteers/quarters", "gazetteers/villages")
_MORE = ("gazetteers/places", "gazetteers/schools", "address_mall")
_ENDS = ("address_building_end", "address_street_end", "address_group_home")
# Labels of the records that say what goes on at a place, and the use that it has then; those of
# the first group stand before the place, those of the second behind it.
_BEFORE = {
    "address_home": "home",
    "address_study": "school",
    "address_work": "office",
    "address_sent": "",
    "address_seek": "",
    "address_parked": "",
    "address_habit": "",
    "address_trade": "office",
}
_AFTER = {
    "address_home_after": "home",
    "address_study_after": "school",
    "address_work_after": "office",
    "address_seek_after": "",
    "address_trade_after": "office",
    "address_moves_after": "",
    "address_owned_home": "home",
    "address_owned_work": "office",
}
USES = {**_BEFORE, **_AFTER}
# Of these the ones that speak only in a sentence about another person.
NEED_PERSON = frozenset(
    {
        "address_parked",
        "address_habit",
        "address_trade",
        "address_trade_after",
        "address_moves_after",
        "address_owned_home",
        "address_owned_work",
    }
)
# Labels of the records that find one element, and the kind of part that it is.
_ELEMENTS = {
    "address_number": "number",
    "address_lot": "lot",
    "address_block": "block",
    "address_phase": "phase",
    "address_floor": "floor",
    "address_flat": "flat",
}
# Labels of the records that find the last word of a name, and the kind of part that it ends.
_TAILS = {
    "address_street_tail": "street",
    "address_building_tail": "estate",
    "address_area": "district",
}


@dataclass(frozen=True, slots=True)
class Words:
    """The address records of one pattern book.

    ``elements`` and ``tails`` pair a kind of part with the rule that finds it (or its last word);
    ``rule`` holds the rules that are asked for by label; ``before`` and ``after`` say that
    somebody lives, works or is found at the place that follows, or that was just named.

    ``stop_chars`` and ``stop_words`` end a name that is read leftwards, unless they are
    ``syllables`` too; ``not_name`` is no name of a building; ``bare_ends`` are last words that
    name nothing alone, ``short_ends`` such as make a street only behind a number, with what they
    are short for, ``unit_ends`` such as name a building only behind a block or floor;
    ``english_streets`` are the streets of the gazetteer.

    ``first_forms`` maps names to the first form of their gazetteer row, ``floor_names`` words for
    floors to their short form; ``slots`` are all slots of the scan that an address may need, and
    ``names`` those of which a disguised one needs one.
    """

    elements: tuple[tuple[str, Any], ...] = field(repr=False)
    tails: tuple[tuple[str, Any], ...] = field(repr=False)
    rule: Mapping[str, Any] = field(repr=False)
    before: tuple[Pattern, ...] = field(repr=False)
    after: tuple[Pattern, ...] = field(repr=False)
    stop_chars: re.Pattern[str] = field(repr=False)
    stop_words: frozenset[str] = field(repr=False)
    syllables: frozenset[str] = field(repr=False)
    not_name: re.Pattern[str] = field(repr=False)
    bare_ends: frozenset[str] = field(repr=False)
    short_ends: Mapping[str, str] = field(repr=False)
    english_streets: frozenset[str] = field(repr=False)
    unit_ends: frozenset[str] = field(repr=False)
    regions: frozenset[str] = field(repr=False)
    first_forms: Mapping[str, str] = field(repr=False)
    floor_names: Mapping[str, str] = field(repr=False)
    slots: tuple[str, ...] = field(repr=False)
    names: tuple[str, ...] = field(repr=False)

    def stops(self, word: str) -> bool:
        """Whether no name contains this Latin word; On and To in capitals are syllables."""
        low = word.lower()
        return low in self.stop_words and (word == low or low not in self.syllables)


_KNOWN: dict[str, Words] = {}


def words_of(book: PatternBook) -> Words:
    """The words of a book, put together once for each set of pattern files."""
    known = _KNOWN.get(book.ruleset)
    if known is None:
        known = _KNOWN.setdefault(book.ruleset, _put_together(book))
    return known


def _put_together(book: PatternBook) -> Words:
    def listed(name: str) -> list[str]:
        return [fold(row[0], book.folder).lower for row in book.lists.get(name, ())]

    labels = book.of("label")
    stops = listed("formats/address_name_stop")
    return Words(
        elements=tuple((_ELEMENTS[p.name], p.regex) for p in labels if p.name in _ELEMENTS),
        tails=tuple((_TAILS[p.name], p.regex) for p in labels if p.name in _TAILS),
        rule={p.name: p.regex for p in labels if p.name.startswith("address_")},
        before=tuple(p for label in _BEFORE for p in book.of("label", label)),
        after=tuple(p for label in _AFTER for p in book.of("label", label)),
        stop_chars=_either(word for word in stops if not word.isascii()),
        stop_words=frozenset(word for word in stops if word.isascii()),
        syllables=frozenset(listed("gazetteers/roman_syllables")),
        not_name=_either(listed("formats/address_not_name")),
        bare_ends=frozenset(listed("formats/address_bare_ends")),
        short_ends={
            row[0].lower(): row[-1].lower()
            for row in book.lists.get("formats/address_short_ends", ())
        },
        unit_ends=frozenset(listed("formats/address_unit_ends")),
        english_streets=frozenset(
            form.lower()
            for row in book.lists.get("gazetteers/streets", ())
            for form in row
            if form.isascii()
        ),
        regions=frozenset(fold(w, book.folder).lower for w in book.words("address_region")),
        first_forms=_first_forms(book),
        floor_names={
            fold(word, book.folder).lower: row[0]
            for row in book.lists.get("formats/address_floor_names", ())
            for word in row
        },
        slots=tuple(
            name
            for name in book.slots
            if name.startswith("address_") or name in (*GAZETTEERS, *_MORE)
        ),
        names=(*GAZETTEERS, *_MORE, *_ENDS),
    )


def _either(words: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile("|".join(re.escape(word) for word in longest_first) or r"(?!)")


def _first_forms(book: PatternBook) -> dict[str, str]:
    """Other names that stand for one row only: Fu Wah House may be several blocks."""
    first: dict[str, str] = {}
    doubtful: set[str] = set()
    for name in (*GAZETTEERS, "gazetteers/places"):
        for row in book.lists.get(name, ()):
            for form in row[1:]:
                folded = form.lower() if form.isascii() else fold(form, book.folder).lower
                if first.setdefault(folded, row[0]) != row[0]:
                    doubtful.add(folded)
    return {form: name for form, name in first.items() if form not in doubtful}
