"""Read a post once for every word that any pattern knows.

In: a ``Folded`` text.  Out: a ``Reading``: the text, where each slot's words stand, and how many
words and sentences lie between two places.  One native multi-pattern pass (Aho-Corasick, on
strings, so offsets are code points) does it for all slots and gazetteers together; disguised
spellings are read from further views of the text, made only when it looks disguised.

Linear in the length of the text: the automaton, the views and the counters each pass over it
once; the number of words reported is capped by ``LIMIT`` and the reading then says so.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from injunction_screen.numerals import digits, numerals
from injunction_screen.patternbook import PatternBook, folded_words
from injunction_screen.text import Folded, joined, leet, squeezed

__all__ = ["Hit", "Reading", "Scanner"]

LIMIT = 60_000  # words reported for one post; more than that is no post


class Hit(NamedTuple):
    """A word of a slot at canonical ``start:end``; ``via`` names the view that showed it."""

    start: int
    end: int
    via: str = ""


@dataclass(frozen=True)
class Reading:
    """A post as read: its folded text and the words found in it, by slot."""

    folded: Folded
    hits: dict[str, list[Hit]] = field(repr=False)
    book: PatternBook = field(repr=False)
    incomplete: bool = False
    merged: dict[str, list[Hit]] = field(default_factory=dict, repr=False)
    cuts: set[str] = field(default_factory=set)  # finders that stopped at a limit of theirs
    again: Callable[[Folded], Reading] | None = field(default=None, repr=False)  # reads a view

    def cut(self, finder: str) -> None:
        """Note that a finder left a part of the post unread: the screening is ``incomplete``."""
        self.cuts.add(finder)

    def of(self, *slots: str) -> list[Hit]:
        """The hits of these slots together, and of the slots they include, in order of start."""
        if len(slots) == 1:
            return self._of(slots[0])
        name = "|".join(slots)
        merged = self.merged.get(name)
        if merged is None:
            merged = sorted({hit for slot in slots for hit in self._of(slot)})
            self.merged[name] = merged
        return merged

    def _of(self, slot: str) -> list[Hit]:
        parts = self.book.composites.get(slot)
        if parts is None:
            return self.hits.get(slot, [])
        merged = self.merged.get(slot)
        if merged is None:
            merged = sorted({hit for part in parts for hit in self.hits.get(part, ())})
            self.merged[slot] = merged
        return merged

    def knowing(self, more: dict[str, list[Hit]]) -> Reading:
        """The same reading with further hits, such as the details found in it."""
        hits = dict(self.hits)
        for slot, found in more.items():
            hits[slot] = _tidy([*hits.get(slot, ()), *found])
        return Reading(self.folded, hits, self.book, self.incomplete, cuts=self.cuts)

    def without_cues_inside(self, spans: list[Hit]) -> Reading:
        """The same reading without words of cue slots that lie inside these canonical spans.

        ``spans`` are in order and do not overlap.
        """
        if not spans:
            return self
        starts = [span.start for span in spans]

        def outside(hit: Hit) -> bool:
            at = bisect_right(starts, hit.start) - 1
            return at < 0 or hit.end > spans[at].end

        hits = {
            slot: [hit for hit in found if outside(hit)]
            if slot in self.book.slots and self.book.slots[slot].file.startswith("cues/")
            else found
            for slot, found in self.hits.items()
        }
        return Reading(self.folded, hits, self.book, self.incomplete, cuts=self.cuts)

    def within(self, slots: Iterable[str], start: int, end: int) -> bool:
        """Whether a word of these slots lies inside canonical ``start:end``."""
        for slot in slots:
            hits = self._of(slot)
            if not hits:
                continue
            at = bisect_left(hits, (start,))
            while at < len(hits) and hits[at].start < end:
                if hits[at].end <= end:
                    return True
                at += 1
        return False

    @cached_property
    def word_count(self) -> array[int]:
        """``word_count[i]``: how many words begin before canonical offset ``i``."""
        return _count_starts(_WORD, self.folded.lower)

    @cached_property
    def break_count(self) -> array[int]:
        """``break_count[i]``: how many marks that end a clause stand before offset ``i``."""
        return _count_starts(_CLAUSE_BREAK, self.folded.lower)

    @cached_property
    def lead_ends(self) -> frozenset[int]:
        """Where words of the slot ``lead`` end: a clause may begin behind them."""
        return frozenset(hit.end for hit in self._of("lead"))

    @cached_property
    def sentence_starts(self) -> list[int]:
        """Canonical offsets at which sentences begin, the first always 0."""
        starts = [0]
        starts.extend(end.end() for end in _SENTENCE_END.finditer(self.folded.text))
        return starts

    @cached_property
    def digits(self) -> Folded | None:
        """The text with disguised numbers in plain digits, ``None`` without any."""
        return digits(self.folded, numerals(self.book))

    def sentence(self, at: int) -> int:
        """The number of the sentence that offset ``at`` lies in."""
        return bisect_right(self.sentence_starts, at) - 1

    def sentence_span(self, at: int) -> tuple[int, int]:
        """The canonical span of the sentence that offset ``at`` lies in."""
        number = self.sentence(at)
        starts = self.sentence_starts
        end = starts[number + 1] if number + 1 < len(starts) else len(self.folded.text)
        return starts[number], end

    def words_between(self, a: int, b: int) -> int:
        """How many words begin between canonical offsets ``a`` and ``b``."""
        counts = self.word_count
        return counts[b] - counts[a]

    def breaks_between(self, a: int, b: int) -> int:
        """How many clauses end between canonical offsets ``a`` and ``b``."""
        counts = self.break_count
        return counts[b] - counts[a]


_WORD = re.compile(r"[a-z0-9']+|[\u3400-\u9fff\U00020000-\U0003ffff]")
# Quotation marks are no break: 同佢「裝修」 is one clause.
_CLAUSE_BREAK = re.compile(
    r"[,;:!?()\n\N{IDEOGRAPHIC COMMA}\N{IDEOGRAPHIC FULL STOP}\N{HORIZONTAL ELLIPSIS}]"
)
_SENTENCE_END = re.compile(
    r"[\n!?\N{IDEOGRAPHIC FULL STOP}\N{HALFWIDTH IDEOGRAPHIC FULL STOP}]+|;"
    r"|(?<![A-Z])(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)\.(?=\s|$)"
)


def _count_starts(rule: re.Pattern[str], text: str) -> array[int]:
    counts: array[int] = array("l")
    words = at = 0
    for word in rule.finditer(text):
        start = word.start()
        counts.extend([words] * (start + 1 - at))
        words += 1
        at = start + 1
    counts.extend([words] * (len(text) + 1 - at))
    return counts


class _Entry(NamedTuple):
    slots: tuple[str, ...]
    capitals: str  # how it must be written, "" when case does not matter
    via: str
    firm: tuple[str, ...] = ()  # those of the slots that no compound hides
    masks: bool = False


class _Found(NamedTuple):
    start: int
    end: int
    via: str
    entry: _Entry


class Scanner:
    """The multi-pattern pass over every word of a pattern book.

    Immutable once built; ``read`` may be called from many threads.
    """

    def __init__(self, book: PatternBook) -> None:
        self.book = book
        table: dict[str, list[_Entry]] = {}
        for slot in book.slots.values():
            for word in folded_words(slot, book.folder):
                low = word.lower()
                capitals = word if _is_abbreviation(word) else ""
                _enter(table, low, slot.name, capitals, "")
                if slot.homophones:
                    for same in _sound_alikes(low, book.homophones):
                        _enter(table, same, slot.name, "", "homophone")
        self._words = sorted(table)
        self._entries = [tuple(map(self._placed, table[word])) for word in self._words]
        self._bound = [(_is_word_char(word[0]), _is_word_char(word[-1])) for word in self._words]
        self._automaton = (
            AhoCorasick(self._words, matchkind=MatchKind.Standard) if self._words else None
        )

    def _placed(self, entry: _Entry) -> _Entry:
        """The entry with what compounds do to it."""
        firm = tuple(
            slot
            for slot in entry.slots
            if slot == "mask" or not self.book.slots[slot].file.startswith(("cues/", "context/"))
        )
        return entry._replace(firm=firm, masks="mask" in entry.slots)

    def read(self, folded: Folded) -> Reading:
        """Read one post."""
        raw: list[_Found] = []
        incomplete = self._collect(raw, folded, folded, "")
        squeeze = squeezed(folded)
        if squeeze is not None:
            incomplete |= self._collect(raw, squeeze, folded, "spaced")
        for view, via in (
            (leet(squeeze or folded), "leet"),
            (joined(folded, self.book.split_chars), "split"),
        ):
            if view is not None:
                incomplete |= self._collect(raw, view, folded, via)
        raw.sort(key=_place)
        return Reading(folded, _by_slot(raw), self.book, incomplete, again=self.read_plainly)

    def read_plainly(self, folded: Folded) -> Reading:
        """Read one text as it stands, such as a view in which disguises are undone."""
        raw: list[_Found] = []
        incomplete = self._collect(raw, folded, folded, "")
        raw.sort(key=_place)
        return Reading(folded, _by_slot(raw), self.book, incomplete)

    def _collect(self, raw: list[_Found], view: Folded, folded: Folded, via: str) -> bool:
        if self._automaton is None:
            return False
        low, text = view.lower, view.text
        size = len(low)
        found = self._automaton.find_matches_as_indexes(low, overlapping=True)
        for index, start, end in found[:LIMIT]:
            left, right = self._bound[index]
            if (left and start and _is_word_char(low[start - 1])) or (
                right and end < size and _is_word_char(low[end])
            ):
                continue
            for entry in self._entries[index]:
                if entry.capitals and text[start:end] != entry.capitals:
                    continue
                if via:
                    a, b = view.span(start, end)
                    raw.append(_Found(folded.canonical(a), folded.canonical(b), via, entry))
                else:
                    raw.append(_Found(start, end, entry.via, entry))
        return len(found) > LIMIT


def _enter(table: dict[str, list[_Entry]], word: str, slot: str, capitals: str, via: str) -> None:
    if not word:
        return
    entries = table.setdefault(word, [])
    for i, entry in enumerate(entries):
        if entry.capitals == capitals and (entry.via == via or not entry.via):
            if slot not in entry.slots:
                entries[i] = entry._replace(slots=(*entry.slots, slot))
            return
    entries.append(_Entry((slot,), capitals, via))


def _is_abbreviation(word: str) -> bool:
    """Short words written all in capitals (EU, PTU, IP) are only those words in capitals."""
    return len(word) <= 5 and word.isascii() and word.isalpha() and word.isupper()


def _is_word_char(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _sound_alikes(word: str, same: dict[str, str] | object) -> Iterator[str]:
    """Spellings of a word of two to four characters with same-sounding ones, the word left out."""
    if not isinstance(same, dict) or not 2 <= len(word) <= 4 or word.isascii():
        return
    choices = [char + same.get(char, "") for char in word]
    total = 1
    for choice in choices:
        total *= len(choice)
    if total > 4000:
        # Too many to write out: change one character at a time.
        for i, choice in enumerate(choices):
            for other in choice[1:]:
                yield word[:i] + other + word[i + 1 :]
        return
    for spelling in product(*choices):
        if (written := "".join(spelling)) != word:
            yield written


def _place(found: _Found) -> tuple[int, int, str]:
    return found.start, found.end, found.via


def _tidy(found: list[Hit]) -> list[Hit]:
    """In order of start, one hit a span, a plain reading before a disguised one."""
    kept: list[Hit] = []
    for hit in sorted(found):
        if not kept or kept[-1][:2] != hit[:2]:
            kept.append(hit)
    return kept


def _by_slot(raw: list[_Found]) -> dict[str, list[Hit]]:
    """Words in order of their place as hits of their slots, one a span.

    A word inside a harmless compound (the slot ``mask``) counts only for slots that no compound
    can hide: the gazetteers.
    """
    masks = [(found.start, found.end) for found in raw if found.entry.masks]
    starts = [start for start, _ in masks]
    reach = max((end - start for start, end in masks), default=0)
    hits: dict[str, list[Hit]] = {}
    for start, end, via, entry in raw:
        slots = entry.slots
        if masks and _hidden(masks, starts, reach, start, end):
            slots = entry.firm
        hit = Hit(start, end, via)
        for slot in slots:
            known = hits.get(slot)
            if known is None:
                hits[slot] = [hit]
            elif known[-1].start != start or known[-1].end != end:
                known.append(hit)
    return hits


def _hidden(
    masks: list[tuple[int, int]], starts: list[int], reach: int, start: int, end: int
) -> bool:
    """Whether a longer compound covers ``start:end``; looks only as far back as one can reach."""
    at = bisect_left(starts, start - reach)
    while at < len(masks) and masks[at][0] <= start:
        first, last = masks[at]
        if last >= end and last - first > end - start:
            return True
        at += 1
    return False
