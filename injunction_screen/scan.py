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
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, reduce
from itertools import product
from operator import or_
from typing import Any, NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from injunction_screen.numerals import digits, numerals
from injunction_screen.patternbook import PatternBook, folded_words
from injunction_screen.text import Folded, joined, leet, squeezed

__all__ = ["Hit", "Reading", "Scanner"]

_UNBOUND = (False, False)
LIMIT = 60_000  # words reported for one post; more than that is no post


class Hit(NamedTuple):
    """A word of a slot at canonical ``start:end``; ``via`` names the view that showed it."""

    start: int
    end: int
    via: str = ""


_NONE: frozenset[int] = frozenset()
_Place = tuple[int, int, str]  # a hit as the scanner keeps it: most are never looked at


class Words(Mapping[str, list[Hit]]):
    """The words found in a post, by slot: ``words["him"]`` are the places of pronouns.

    A word may belong to hundreds of slots, and a post is asked for few of them, so places are kept
    by entry of the scanner's table and gathered when a slot is asked for.  ``present`` has the bit
    (``PatternBook.bits``) of every slot that has a word here: whether a form can match at all is
    a look at bits.
    """

    __slots__ = ("_at", "_gathered", "_more", "_table", "present")

    def __init__(
        self,
        table: Table,
        at: Mapping[int, list[_Place]],
        more: Mapping[str, list[Hit]] | None = None,
    ) -> None:
        self._table = table
        self._at = at
        self._more = more or {}
        self._gathered: dict[str, list[Hit]] = {}
        present = 0
        for number in at:
            present |= table.bits[number]
        for slot, found in self._more.items():
            if found:
                present |= table.book.bits[slot]
        self.present = present

    def __getitem__(self, slot: str) -> list[Hit]:
        if slot not in self:
            raise KeyError(slot)
        known = self._gathered.get(slot)
        if known is None:
            known = self._gathered[slot] = self._gather(slot)
        return known

    def get(self, slot: str, default: Any = None) -> Any:
        """The places of a slot's words; ``default`` where it has none."""
        return self[slot] if slot in self else default  # noqa: SIM401 (this is `get`)

    def __contains__(self, slot: object) -> bool:
        return bool(self.present & self._table.book.bits.get(slot, 0))  # type: ignore[call-overload]

    def __iter__(self) -> Iterator[str]:
        return iter(self._table.book.slots_of(self.present))

    def __len__(self) -> int:
        return self.present.bit_count()

    def _gather(self, slot: str) -> list[Hit]:
        at = self._at
        lists = [at[number] for number in self._table.entries.get(slot, _NONE) & at.keys()]
        found = lists[0] if len(lists) == 1 else [place for places in lists for place in places]
        found = [*found, *self._more.get(slot, ())]
        return [Hit(*place) for place in (found if len(found) == 1 else _tidy(found))]

    def knowing(self, more: Mapping[str, list[Hit]]) -> Words:
        """These with further hits, such as the details found in the post."""
        both = {
            slot: [Hit(*place) for place in _tidy([*self._more.get(slot, ()), *found])]
            for slot, found in more.items()
        }
        return Words(self._table, self._at, {**self._more, **both})

    def without_cues(self, inside: Callable[[int, int], bool]) -> Words:
        """These without the words of cue slots for which ``inside`` holds."""
        at = _sorted_out(self._at, self._table.without_cues, inside)
        return Words(self._table, at, self._more)


@dataclass(frozen=True)
class Reading:
    """A post as read: its folded text and the words found in it, by slot."""

    folded: Folded
    hits: Mapping[str, list[Hit]] = field(repr=False)
    book: PatternBook = field(repr=False)
    incomplete: bool = False
    merged: dict[str, list[Hit]] = field(default_factory=dict, repr=False)
    cuts: set[str] = field(default_factory=set)  # finders that stopped at a limit of theirs
    again: Callable[[Folded], Reading] | None = field(default=None, repr=False)  # reads a view

    def cut(self, finder: str) -> None:
        """Note that a finder left a part of the post unread: the screening is ``incomplete``."""
        self.cuts.add(finder)

    @property
    def present(self) -> int:
        """The bits of the slots that have a word here."""
        if isinstance(self.hits, Words):
            return self.hits.present
        present = 0
        for slot, found in self.hits.items():
            if found:
                present |= self.book.bits.get(slot, 0)
        return present

    def has(self, slots: tuple[str, ...] | frozenset[str]) -> bool:
        """Whether any of these slots has a word here."""
        return bool(self.book.bits_of_each(slots) & self.present)

    def of(self, *slots: str) -> list[Hit]:
        """The hits of these slots together, and of the slots they include, in order of start."""
        if len(slots) == 1:
            return self._of(slots[0])
        name = "|".join(slots)
        merged = self.merged.get(name)
        if merged is None:
            lists = [found for slot in slots if (found := self._of(slot))]
            if len(lists) == 1:
                merged = lists[0]
            else:
                merged = sorted({hit for found in lists for hit in found})
            self.merged[name] = merged
        return merged

    def _of(self, slot: str) -> list[Hit]:
        parts = self.book.composite_bits.get(slot)
        if parts is None:
            return self.hits.get(slot, [])
        merged = self.merged.get(slot)
        if merged is None:
            lists = [self.hits[part] for part in self.book.slots_of(parts & self.present)]
            merged = lists[0] if len(lists) == 1 else sorted({hit for own in lists for hit in own})
            self.merged[slot] = merged
        return merged

    def knowing(self, more: Mapping[str, list[Hit]]) -> Reading:
        """The same reading with further hits, such as the details found in it."""
        assert isinstance(self.hits, Words)
        return Reading(
            self.folded, self.hits.knowing(more), self.book, self.incomplete, cuts=self.cuts
        )

    def without_cues_inside(self, spans: list[Hit]) -> Reading:
        """The same reading without words of cue slots that lie inside these canonical spans.

        ``spans`` are in order and do not overlap.
        """
        if not spans:
            return self
        starts = [span.start for span in spans]

        def inside(start: int, end: int) -> bool:
            at = bisect_right(starts, start) - 1
            return at >= 0 and end <= spans[at].end

        assert isinstance(self.hits, Words)
        return Reading(
            self.folded,
            self.hits.without_cues(inside),
            self.book,
            self.incomplete,
            cuts=self.cuts,
        )

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
    def lead_ends(self) -> frozenset[int]:
        """Where words of the slot ``lead`` end: a clause may begin behind them."""
        return frozenset(hit.end for hit in self._of("lead"))

    @cached_property
    def digits(self) -> Folded | None:
        """The text with disguised numbers in plain digits, ``None`` without any."""
        return digits(self.folded, numerals(self.book))

    @cached_property
    def shapes(self) -> int:
        """The bits of the book's ``shapes`` that the text, or its numbers in plain digits, has."""
        texts = [self.folded.lower]
        if self.digits is not None:
            texts.append(self.digits.lower)
        found = 0
        for i, look in enumerate(self.book.shapes):
            if any(look.search(text) for text in texts):
                found |= 1 << i
        return found

    def sentence(self, at: int) -> int:
        """The number of the sentence that offset ``at`` lies in."""
        return bisect_right(self.folded.sentence_starts, at) - 1

    def sentence_span(self, at: int) -> tuple[int, int]:
        """The canonical span of the sentence that offset ``at`` lies in."""
        number = self.sentence(at)
        starts = self.folded.sentence_starts
        end = starts[number + 1] if number + 1 < len(starts) else len(self.folded.text)
        return starts[number], end

    def words_between(self, a: int, b: int) -> int:
        """How many words begin between canonical offsets ``a`` and ``b``."""
        starts = self.folded.word_starts
        return bisect_left(starts, b) - bisect_left(starts, a)

    def breaks_between(self, a: int, b: int) -> int:
        """How many clauses end between canonical offsets ``a`` and ``b``."""
        breaks = self.folded.clause_breaks
        return bisect_left(breaks, b) - bisect_left(breaks, a)


class _Entry(NamedTuple):
    capitals: str  # how it must be written, "" when case does not matter
    via: str
    slots: list[str]


class Table:
    """The sets of slots that words belong to, numbered; words of one set share a number.

    ``bits[n]`` are the slots of number ``n`` as ``PatternBook.bits`` counts them, ``entries[slot]``
    the numbers that belong to a slot.  ``firm[n]`` is the number of the same words hidden in a
    harmless compound, which then count for gazetteers only, and ``without_cues[n]`` that of the
    same words in a name or place, where they are no cue; -1 where nothing is left of them.
    """

    def __init__(self, book: PatternBook) -> None:
        self.book = book
        self.bits: list[int] = []
        self.masks: list[bool] = []
        self.firm: list[int] = []
        self.without_cues: list[int] = []
        self.entries: dict[str, set[int]] = {}
        self._numbers: dict[tuple[str, ...], int] = {}

    def number(self, slots: Sequence[str]) -> int:
        """The number of a set of slots, a new one where it has none; -1 for no slots."""
        given = tuple(slots)
        known = self._numbers.get(given)
        if known is not None:
            return known
        key = tuple(sorted(given))
        if not key:
            return -1
        if key in self._numbers:
            number = self._numbers[given] = self._numbers[key]
            return number
        number = self._numbers[given] = self._numbers[key] = len(self.bits)
        bits = 0
        for slot in key:
            bits |= self.book.bits[slot]
            self.entries.setdefault(slot, set()).add(number)
        self.bits.append(bits)
        self.masks.append("mask" in key)
        self.firm.append(number)
        self.without_cues.append(number)
        file = {slot: self.book.slots[slot].file for slot in key}
        self.firm[number] = self.number(
            [s for s in key if s == "mask" or not file[s].startswith(("cues/", "context/"))]
        )
        self.without_cues[number] = self.number([s for s in key if not file[s].startswith("cues/")])
        return number


class Scanner:
    """The multi-pattern pass over every word of a pattern book.

    Immutable once built; ``read`` may be called from many threads.
    """

    def __init__(self, book: PatternBook) -> None:
        self.book = book
        table: dict[str, list[_Entry]] = {}
        usual = {
            word for row in book.lists.get("names/english_words", ()) for word in row[-1].split()
        }
        for slot in book.slots.values():
            for word in folded_words(slot, book.folder):
                low = word.lower()
                capitals = word if _is_abbreviation(word) else ""
                _enter(table, low, slot.name, capitals, "")
                if slot.homophones:
                    for same in _sound_alikes(low, book.homophones):
                        _enter(table, same, slot.name, "", "homophone")
                if slot.misspellings:
                    for wrong in _misspelt(low):
                        if wrong not in usual:
                            _enter(table, wrong, slot.name, "", "misspelt")
        self._table = Table(book)
        # Tuples of plain values all of them: the garbage collector need not look through those.
        words = self._words = tuple(sorted(table))
        self._entries = tuple(
            tuple((self._table.number(e.slots), e.capitals, e.via) for e in table[word])
            for word in words
        )
        # Of a word that begins or ends with a letter or digit the neighbours must be looked at.
        self._bound = tuple((_is_word_char(word[0]), _is_word_char(word[-1])) for word in words)
        # The number of a word of which nothing but its place needs to be looked at, else -1.
        self._plain = tuple(
            own[0][0] if own[0][1:] == ("", "") and not own[1:] and not any(bound) else -1
            for own, bound in zip(self._entries, self._bound, strict=True)
        )
        self._bits = self._of_words()
        self._automaton = _automaton(words)

    def _of_words(self) -> tuple[int, ...]:
        """The bits of the slots of each word."""
        bits = self._table.bits
        return tuple(
            reduce(or_, (bits[number] for number, _, _ in entries)) for entries in self._entries
        )

    def read(self, folded: Folded) -> Reading:
        """Read one post."""
        at, incomplete = self._collect(folded)
        for view, via in self._views(folded):
            incomplete |= self._collect_further(at, view, folded, via)
        return self._reading(folded, at, incomplete, self.read_plainly)

    def _views(self, folded: Folded) -> Iterator[tuple[Folded, str]]:
        """The further views of a text in which something looks disguised."""
        squeeze = squeezed(folded)
        if squeeze is not None:
            yield squeeze, "spaced"
        for view, via in (
            (leet(squeeze or folded), "leet"),
            (joined(folded, self.book.split_chars), "split"),
            (joined(folded, self.book.by_sound), "homophone"),
        ):
            if view is not None:
                yield view, via

    def only(self, slots: Iterable[str]) -> Scanner:
        """A quicker scanner for the words of these slots; none of them is hidden by a compound."""
        wanted = self.book.bits_of(slots)
        kept = [
            place
            for place, entries in enumerate(self._entries)
            if any(self._table.bits[number] & wanted for number, _, _ in entries)
        ]
        other = object.__new__(Scanner)
        other.book, other._table = self.book, self._table
        other._words = tuple(self._words[place] for place in kept)
        other._entries = tuple(self._entries[place] for place in kept)
        other._bound = tuple(self._bound[place] for place in kept)
        other._plain = tuple(self._plain[place] for place in kept)
        other._bits = other._of_words()
        other._automaton = _automaton(other._words)
        return other

    def read_plainly(self, folded: Folded) -> Reading:
        """Read one text as it stands, such as a view in which disguises are undone."""
        at, incomplete = self._collect(folded)
        return self._reading(folded, at, incomplete, None)

    def present(self, folded: Folded) -> int | None:
        """The bits of the slots that may have a word in a post, at a part of the cost of ``read``.

        Places, compounds and capitals are not looked at.  ``None`` where there are more words than
        are looked at.
        """
        found = 0
        for view in (folded, *(view for view, _ in self._views(folded))):
            low, bound, bits = view.lower, self._bound, self._bits
            hits = self._hits(low)
            if len(hits) > LIMIT:
                return None
            for index, start, end in hits:
                if bound[index] == _UNBOUND or _is_whole(bound[index], low, start, end):
                    found |= bits[index]
        return found

    def _hits(self, low: str) -> list[tuple[int, int, int]]:
        """Every word's place in the table, start and end."""
        if self._automaton is None:
            return []
        return self._automaton.find_matches_as_indexes(low, overlapping=True)

    def _reading(
        self,
        folded: Folded,
        at: dict[int, list[_Place]],
        incomplete: bool,
        again: Callable[[Folded], Reading] | None,
    ) -> Reading:
        at = _without_hidden(at, self._table)
        return Reading(folded, Words(self._table, at), self.book, incomplete, again=again)

    def _collect(self, folded: Folded) -> tuple[dict[int, list[_Place]], bool]:
        """The words of the text itself, by number, and whether it has more than are looked at."""
        at: dict[int, list[_Place]] = {}
        low, text, plain = folded.lower, folded.text, self._plain
        found = self._hits(low)
        for index, start, end in found[:LIMIT]:
            number = plain[index]
            if number >= 0:
                if number in at:
                    at[number].append((start, end, ""))
                else:
                    at[number] = [(start, end, "")]
            elif _is_whole(self._bound[index], low, start, end):
                for number, capitals, own in self._entries[index]:
                    if not capitals or text[start:end] == capitals:
                        at.setdefault(number, []).append((start, end, own))
        return at, len(found) > LIMIT

    def _collect_further(
        self, at: dict[int, list[_Place]], view: Folded, folded: Folded, via: str
    ) -> bool:
        """Adds the words that only the view shows; whether it has more than are looked at."""
        low, text, own = view.lower, view.text, folded.lower
        spaced = view.starts if via == "spaced" else None
        found = self._hits(low)
        for index, start, end in found[:LIMIT]:
            if spaced is not None and spaced[end - 1] - spaced[start] == end - 1 - start:
                continue  # nothing was taken out of it
            a, b = view.span(start, end)
            a, b = folded.canonical(a), folded.canonical(b)
            # What the text itself has needs no view: views only take away marks between letters.
            if own[a:b] == low[start:end] or not _is_whole(self._bound[index], low, start, end):
                continue
            for number, capitals, _ in self._entries[index]:
                if not capitals or text[start:end] == capitals:
                    at.setdefault(number, []).append((a, b, via))
        return len(found) > LIMIT


def _automaton(words: Sequence[str]) -> AhoCorasick | None:
    return AhoCorasick(words, matchkind=MatchKind.Standard) if words else None


def _is_whole(bound: tuple[bool, bool], low: str, start: int, end: int) -> bool:
    """Whether a word that begins or ends with a letter or digit is no part of a longer one."""
    left, right = bound
    return not (
        (left and start and _is_word_char(low[start - 1]))
        or (right and end < len(low) and _is_word_char(low[end]))
    )


def _enter(table: dict[str, list[_Entry]], word: str, slot: str, capitals: str, via: str) -> None:
    if not word:
        return
    entries = table.get(word)
    if entries is None:
        table[word] = [_Entry(capitals, via, [slot])]
        return
    for entry in entries:
        if entry.capitals == capitals and (entry.via == via or not entry.via):
            if slot not in entry.slots:
                entry.slots.append(slot)
            return
    entries.append(_Entry(capitals, via, [slot]))


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


def _misspelt(word: str) -> Iterator[str]:
    """English spellings with two letters changed round, or one or a blank left out.

    The first letter stays; of words of up to four letters all do.

    >>> sorted(_misspelt("kill"))
    ['klil']
    >>> sorted(_misspelt("to die"))
    ['to dei', 'todie']
    """
    if not word.isascii() or not word.replace(" ", "").isalpha():
        return
    if " " in word:
        for blank in re.finditer(" ", word):
            yield word[: blank.start()] + word[blank.end() :]
        parts = word.split(" ")
        for i, part in enumerate(parts):
            for wrong in _misspelt(part):
                yield " ".join([*parts[:i], wrong, *parts[i + 1 :]])
        return
    for i in range(1, len(word) - 1):
        if len(word) > 2 and word[i] != word[i + 1]:
            yield word[:i] + word[i + 1] + word[i] + word[i + 2 :]
        if len(word) > 4:
            yield word[:i] + word[i + 1 :]


def _tidy(found: Sequence[_Place]) -> list[_Place]:
    """In order of start, one hit a span, a plain reading before a disguised one."""
    kept: list[_Place] = []
    for place in sorted(found):
        if not kept or kept[-1][:2] != place[:2]:
            kept.append(place)
    return kept


def _without_hidden(at: dict[int, list[_Place]], table: Table) -> dict[int, list[_Place]]:
    """Every number's words.

    A word inside a harmless compound (the slot ``mask``) counts only for slots that no compound
    can hide: the gazetteers.
    """
    masks = sorted({place[:2] for number in at if table.masks[number] for place in at[number]})
    if not masks:
        return at
    starts = [start for start, _ in masks]
    reach = max(end - start for start, end in masks)
    return _sorted_out(at, table.firm, lambda start, end: _hidden(masks, starts, reach, start, end))


def _sorted_out(
    at: Mapping[int, list[_Place]],
    others: Sequence[int],
    leaves: Callable[[int, int], bool],
) -> dict[int, list[_Place]]:
    """Every number's words, those that leave under the other number that their own gives way to."""
    out: dict[int, list[_Place]] = {}
    for number, found in at.items():
        other = others[number]
        if other == number:
            out.setdefault(number, []).extend(found)
            continue
        for place in found:
            to = other if leaves(place[0], place[1]) else number
            if to >= 0:
                out.setdefault(to, []).append(place)
    return out


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
