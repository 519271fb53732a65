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

from collections.abc import Iterator, Sequence
from typing import Any

from injunction_screen.details.formats import Candidate, match_pattern
from injunction_screen.patternbook import PatternBook
from injunction_screen.records import CATEGORIES, Category
from injunction_screen.scan import Reading

__all__ = ["Span", "beside", "found_spans", "in_reach", "is_tied", "rule_of", "sentences", "tied_formats"]

Span = tuple[int, int]

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


def found_spans(found: Sequence[Candidate], *categories: str) -> list[Span]:
    """Where details of these categories stand, in order.

    >>> found_spans([Candidate("name", 4, 7, "", 0.9, "name.x")], "name", "phone")
    [(4, 7)]
    """
    return sorted((c.start, c.end) for c in found if c.category in categories)


def beside(
    reading: Reading, span: Span, others: Sequence[Span], *, only_before: bool = False
) -> Span | None:
    """The first of ``others`` with nothing but marks between it and ``span``, ``None`` if none."""
    text = reading.folded.lower
    rule = rule_of(reading.book, "between")
    start, end = span
    for a, b in others:
        if b <= start:
            gap = text[b:start] if start - b <= NEAR else None
        elif a >= end and not only_before:
            gap = text[end:a] if a - end <= NEAR else None
        else:
            gap = None
        if gap is not None and rule.fullmatch(gap):
            return a, b
    return None


def is_tied(
    reading: Reading, span: Span, needs: Sequence[str], found: Sequence[Candidate]
) -> bool:
    """Whether one of a record's ``needs`` is met at ``span``."""
    return any(_met(reading, span, need, found) for need in needs)


def _met(reading: Reading, span: Span, need: str, found: Sequence[Candidate]) -> bool:
    where, _, names = need.rpartition(":")
    wanted = names.split("|")
    if where == "post":
        return bool(found_spans(found, *wanted)) or bool(
            reading.of(*(name for name in wanted if name not in CATEGORIES))
        )
    if where == "sentence":
        return reading.within(wanted, *sentences(reading, span, 0))
    others = found_spans(found, *wanted)
    if where == "beside":
        return beside(reading, span, others) is not None
    if where == "after":
        return beside(reading, span, others, only_before=True) is not None
    first, last = sentences(reading, span, 1)
    return any(first <= a < last for a, _ in others)


def in_reach(reading: Reading, slots: Sequence[str], start: int, end: int) -> bool:
    """Whether a word of these slots begins inside canonical ``start:end``."""
    return any(start <= hit.start < end for slot in slots for hit in reading.of(slot))


def sentences(reading: Reading, span: Span, around: int) -> Span:
    """The canonical span of the sentences of ``span`` and of ``around`` more on either side.

    In: a reading and a canonical span in it.
    """
    starts = reading.sentence_starts
    first = max(0, reading.sentence(span[0]) - around)
    last = reading.sentence(max(span[1] - 1, span[0])) + around + 1
    return starts[first], starts[last] if last < len(starts) else len(reading.folded.text)


def tied_formats(
    reading: Reading, category: Category, found: Sequence[Candidate]
) -> Iterator[Candidate]:
    """Every supported match of a category's records whose ``needs`` are met.

    A label (``with_label``) makes up for a need.
    """
    for pattern in reading.book.of("category", category):
        needs = pattern.options.get("needs", ())
        enough = float(pattern.options.get("with_label", 2.0))
        for candidate in match_pattern(reading, pattern):
            span = candidate.start, candidate.end
            if not needs or candidate.score >= enough or is_tied(reading, span, needs, found):
                yield candidate
