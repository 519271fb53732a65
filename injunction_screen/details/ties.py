"""What ties a word to a person: a name or another detail beside it, or in its neighbourhood.

An age, a post, a class or a picture is personal only when it is somebody's.  The records of those
categories say under ``needs`` what must be in sight, and this module looks for it among the
details ``found`` so far:

* ``name``: a name in the same sentence, the one before or the one after;
* ``post:name``: a name anywhere in the post (other categories likewise, joined by ``|``);
* ``beside:name|phone``: one of these with nothing but marks between;
* ``after:name``: the same, before the candidate only;
* ``sentence:SLOT``: a word of that slot in the same sentence.

One need that is met is enough.  What counts as "nothing but marks" is the label record
``between`` of ``patterns/formats/ties.toml``.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Any

from injunction_screen.details.formats import Candidate, match_pattern, worth_trying
from injunction_screen.patternbook import PatternBook
from injunction_screen.records import CATEGORIES, Category
from injunction_screen.scan import Reading

__all__ = [
    "TIED",
    "Cover",
    "Sight",
    "Span",
    "Spans",
    "behind_person",
    "beside",
    "in_reach",
    "is_tied",
    "is_word",
    "neighbours",
    "rule_of",
    "sentences",
    "stands_at",
    "starts_within",
    "tied_formats",
    "windows",
]

Span = tuple[int, int]

LONGEST_WORD = 40  # characters of a slot's word, at most
TIED = 0.7  # the least score of a candidate whose need is met
NEAR = 8  # characters that may lie between two things that stand beside each other


_RULES: dict[tuple[str, str], Any] = {}


def rule_of(book: PatternBook, label: str) -> Any:
    """The regex of the one record that a label names, kept by the rule set it comes from.

    >>> from injunction_screen.patternbook import default_book
    >>> bool(rule_of(default_book(), "between").fullmatch(", "))
    True
    """
    key = book.ruleset, label
    if key not in _RULES:
        _RULES[key] = book.of("label", label)[0].regex
    return _RULES[key]


def neighbours(span: Span, others: Sequence[Span]) -> Sequence[Span]:
    """The few of ``others`` (in order) that stand next to ``span``, before and behind.

    >>> neighbours((10, 12), [(0, 2), (3, 5), (6, 8), (14, 15), (20, 22)])
    [(6, 8), (14, 15)]
    """
    at = bisect_left(others, span)
    return others[max(0, at - 1) : at + 1]


def starts_within(others: Sequence[tuple[Any, ...]], start: int, end: int) -> bool:
    """Whether one of ``others`` (in order) begins inside ``start:end``.

    >>> starts_within([(3, 5), (20, 22)], 6, 20), starts_within([(3, 5)], 0, 4)
    (False, True)
    """
    at = bisect_left(others, (start,))
    return at < len(others) and others[at][0] < end


class Spans:
    """Spans in any order, asked what lies in one of them.

    >>> spans = Spans([(8, 9), (2, 6), (3, 4)])
    >>> spans.hold(3, 5), spans.hold(5, 7)
    (True, False)
    """

    __slots__ = ("_ends", "_starts")

    def __init__(self, spans: Iterable[Span]) -> None:
        ordered = sorted(spans)
        self._starts = [start for start, _ in ordered]
        self._ends = [*accumulate((end for _, end in ordered), max)]  # the furthest so far

    def hold(self, start: int, end: int) -> bool:
        """Whether ``start:end`` lies inside one of them."""
        at = bisect_right(self._starts, start) - 1
        return at >= 0 and end <= self._ends[at]


class Cover:
    """Which characters of a text are taken.

    >>> cover = Cover(10, [(2, 4)])
    >>> cover.free(4, 6), cover.free(3, 5)
    (True, False)
    """

    __slots__ = ("_taken",)

    def __init__(self, size: int, spans: Iterable[Span] = ()) -> None:
        self._taken = bytearray(size)
        for start, end in spans:
            self.take(start, end)

    def take(self, start: int, end: int) -> None:
        """Take ``start:end``."""
        self._taken[start:end] = b"\1" * (end - start)

    def free(self, start: int, end: int) -> bool:
        """Whether nothing inside ``start:end`` is taken."""
        return self._taken.find(1, start, end) < 0

    def last_before(self, at: int, reach: int) -> int:
        """Where the last taken stretch ends that ends at or before ``at``, ``reach`` at most off.

        >>> Cover(10, [(2, 4)]).last_before(8, 6), Cover(10).last_before(8, 6)
        (4, 2)
        """
        first = max(0, at - reach)
        last = self._taken.rfind(1, first, at)
        return last + 1 if last >= 0 else first


def behind_person(reading: Reading, span: Span, people: Sequence[Span]) -> int:
    """Where ``span`` begins once a person's name that it begins with is left out.

    The end of ``span`` when nothing is left.
    """
    start, end = span
    at = bisect_right(people, (start, len(reading.folded.text))) - 1
    if at < 0 or people[at][1] <= start:
        return start
    start = people[at][1]
    while start < end and not reading.folded.text[start].isalnum():
        start += 1
    return min(start, end)


def beside(
    reading: Reading, span: Span, others: Sequence[Span], *, only_before: bool = False
) -> Span | None:
    """The one of ``others`` with nothing but marks between it and ``span``, ``None`` if none."""
    text = reading.folded.lower
    rule = rule_of(reading.book, "between")
    start, end = span
    for a, b in neighbours(span, others):
        if b <= start:
            gap = text[b:start] if start - b <= NEAR else None
        elif a >= end and not only_before:
            gap = text[end:a] if a - end <= NEAR else None
        else:
            gap = None
        if gap is not None and (not gap or rule.fullmatch(gap)):
            return a, b
    return None


class Sight:
    """The details found so far, by category and in order, each list made once.

    >>> Sight([Candidate("name", 4, 7, "", 0.9, "name.x")]).of("name", "phone")
    [(4, 7)]
    """

    __slots__ = ("_lists", "found", "sorts")

    def __init__(self, found: Sequence[Candidate]) -> None:
        self.found = found
        self.sorts = frozenset(c.category for c in found)
        self._lists: dict[tuple[str, ...], list[Span]] = {}

    def of(self, *categories: str) -> list[Span]:
        """Where details of these categories stand, in order; of any where none is given."""
        if categories not in self._lists:
            self._lists[categories] = sorted(
                (c.start, c.end) for c in self.found if not categories or c.category in categories
            )
        return self._lists[categories]


def is_tied(reading: Reading, span: Span, needs: Sequence[str], sight: Sight) -> bool:
    """Whether one of a record's ``needs`` is met at ``span``."""
    return any(_met(reading, span, need, sight) for need in needs)


def _met(reading: Reading, span: Span, need: str, sight: Sight) -> bool:
    where, _, names = need.rpartition(":")
    wanted = names.split("|")
    if where == "post":
        return any(
            name in sight.sorts if name in CATEGORIES else bool(reading.of(name)) for name in wanted
        )
    if where == "sentence":
        return reading.within(wanted, *sentences(reading, span, 0))
    others = sight.of(*wanted)
    if where in ("beside", "after"):
        return beside(reading, span, others, only_before=where == "after") is not None
    return starts_within(others, *sentences(reading, span, 1))


def in_reach(reading: Reading, slots: Sequence[str], start: int, end: int) -> bool:
    """Whether a word of these slots begins inside canonical ``start:end``."""
    return any(starts_within(reading.of(slot), start, end) for slot in slots)


def windows(spans: Sequence[Sequence[Any]], size: int, lead: int, tail: int) -> Iterator[Span]:
    """The stretches of a text of ``size`` around spans (in order), overlapping ones made one.

    >>> list(windows([(10, 12), (13, 15), (40, 41)], 42, 5, 5))
    [(5, 20), (35, 42)]
    """
    start = end = -1
    for span in spans:
        if end < 0 or span[0] - lead > end:
            if end >= 0:
                yield start, end
            start = max(0, span[0] - lead)
        end = max(end, min(size, span[1] + tail))
    if end >= 0:
        yield start, end


def stands_at(reading: Reading, slot: str, at: int, *, slack: int = 2) -> Span | None:
    """The word of a slot that ends at ``at``, or up to ``slack`` characters before it."""
    hits = reading.of(slot)
    for hit in hits[bisect_left(hits, (at - LONGEST_WORD,)) : bisect_left(hits, (at,))]:
        if at - slack <= hit.end <= at:
            return hit[:2]
    return None


def is_word(reading: Reading, slot: str, span: Span) -> bool:
    """Whether a word of a slot stands on exactly ``span``."""
    hits = reading.of(slot)
    at = bisect_left(hits, span)
    return at < len(hits) and hits[at][:2] == span


def sentences(reading: Reading, span: Span, around: int) -> Span:
    """The canonical span of the sentences of ``span`` and of ``around`` more on either side."""
    starts = reading.folded.sentence_starts
    first = max(0, reading.sentence(span[0]) - around)
    last = reading.sentence(max(span[1] - 1, span[0])) + around + 1
    return starts[first], starts[last] if last < len(starts) else len(reading.folded.text)


def tied_formats(reading: Reading, category: Category, sight: Sight) -> Iterator[Candidate]:
    """Every supported match of a category's records whose ``needs`` are met.

    A label (``with_label``) makes up for a need; a need that is met makes up for a low score.
    """
    book = reading.book
    present = reading.present | book.bits_of(sight.sorts)
    for pattern in worth_trying(reading, category):
        needs = pattern.options.get("needs", ())
        # The cheap look, before a record is tried: can a need be met at all in this post?
        if needs and not book.needs[pattern.id] & present:
            continue
        enough = float(pattern.options.get("with_label", 2.0))
        for candidate in match_pattern(reading, pattern):
            span = candidate.start, candidate.end
            if not needs or candidate.score >= enough:
                yield candidate
            elif is_tied(reading, span, needs, sight):
                yield replace(candidate, score=max(candidate.score, TIED))
