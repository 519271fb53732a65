"""Match the forms of pattern files against a reading.

A form is a row of slots with gaps (see ``patternbook``).  Matching walks the row once: for every
word of the next slot it takes the nearest partial match before it, so the work is linear in the
number of words found, whatever the text.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import NamedTuple

from injunction_screen.patternbook import Element, Form, Pattern
from injunction_screen.scan import Hit, Reading

__all__ = ["Match", "awake", "match_form", "matches"]


class Match(NamedTuple):
    """A form found at canonical ``start:end``."""

    start: int
    end: int
    via: str


_Place = Hit | Match


def awake(reading: Reading, target: str) -> Iterator[tuple[Pattern, Sequence[Form]]]:
    """The records of a target that can match at all, in file order, each with such forms.

    A form is left asleep when an element that it must have finds no word in the post; a regex
    never is.
    """
    book = reading.book
    wakers = book.wakers[target]
    present = reading.present
    woken: dict[int, set[int]] = {record: set() for record in book.restless[target]}
    for slot in book.slots_of(present & wakers.bits):
        for record, form, needed in wakers.forms.get(slot, ()):
            for bits in needed:
                if not bits & present:
                    break
            else:
                woken.setdefault(record, set()).add(form)
    patterns = book.of(target)
    for record in sorted(woken):
        pattern = patterns[record]
        yield pattern, [pattern.forms[form] for form in sorted(woken[record])]


def matches(reading: Reading, pattern: Pattern, forms: Sequence[Form] | None = None) -> list[Match]:
    """All places where a record's regex or forms match, longest first at each start, no overlaps.

    ``forms`` limits the work to those of the record's forms that are ``awake``.
    """
    found: list[Match] = []
    if pattern.regex is not None:
        text = reading.folded.text if pattern.options.get("case") else reading.folded.lower
        for hit in pattern.regex.finditer(text):
            group = "value" if "value" in pattern.regex.groupindex else 0
            start, end = hit.span(group)
            if end > start:
                found.append(Match(start, end, ""))
    for form in pattern.forms if forms is None else forms:
        found.extend(match_form(reading, form))
    return _without_overlaps(found)


def match_form(reading: Reading, form: Form) -> Iterator[Match]:
    """All places where one form matches, one for each end."""
    for element in form.elements:
        if not element.optional and not reading.has(element.slots):
            return
    partial: Sequence[_Place] = reading.of(*form.elements[0].slots)
    if form.opens:
        partial = [hit for hit in partial if _opens_sentence(reading, hit.start)]
    if form.begins:
        partial = [hit for hit in partial if _begins_clause(reading, hit.start)]
    for element in form.elements[1:]:
        if not partial:
            return
        longer = list(_extend(reading, partial, element))
        partial = _by_end([*partial, *longer]) if element.optional else longer
    for start, end, via in partial:
        if not form.closes or _closes_sentence(reading, end):
            yield Match(start, end, via)


def _extend(reading: Reading, partial: Sequence[_Place], element: Element) -> Iterator[Match]:
    partial = _by_end(partial)
    ends = [match.end for match in partial]
    word_starts, sentence_starts = reading.folded.word_starts, reading.folded.sentence_starts
    for start, end, via in reading.of(*element.slots):
        at = bisect_right(ends, start) - 1
        if at < 0:
            continue
        first, last, via_before = partial[at]
        if bisect_left(word_starts, start) - bisect_left(word_starts, last) > element.gap:
            continue
        if element.tied and reading.breaks_between(last, start):
            continue
        if not element.crosses and bisect_right(sentence_starts, max(last - 1, 0)) != bisect_right(
            sentence_starts, start
        ):
            continue
        yield Match(first, end, _both(via_before, via))


def _by_end(found: Sequence[_Place]) -> list[_Place]:
    return sorted(found, key=_END_AND_START)


_END_AND_START = itemgetter(1, 0)


def _both(a: str, b: str) -> str:
    return (
        a
        if a == b or not b
        else b
        if not a
        else "+".join(dict.fromkeys([*a.split("+"), *b.split("+")]))
    )


def _opens_sentence(reading: Reading, at: int) -> bool:
    start, _ = reading.sentence_span(at)
    return reading.words_between(start, at) == 0


def _begins_clause(reading: Reading, at: int) -> bool:
    """Whether a clause begins at ``at``: a sentence, or behind punctuation or a ``lead`` word."""
    if _opens_sentence(reading, at):
        return True
    low = reading.folded.lower
    while at and low[at - 1] == " ":
        at -= 1
    before = low[at - 1] if at else "."
    if not before.isalnum() and before not in "'@#_&/%$":
        return True
    return at in reading.lead_ends


def _closes_sentence(reading: Reading, at: int) -> bool:
    _, end = reading.sentence_span(max(at - 1, 0))
    return reading.words_between(at, end) == 0


def _without_overlaps(found: list[Match]) -> list[Match]:
    kept: list[Match] = []
    for match in sorted(found, key=lambda m: (m.start, -m.end)):
        if kept and match.start < kept[-1].end:
            if match.end > kept[-1].end:
                kept[-1] = Match(kept[-1].start, match.end, _both(kept[-1].via, match.via))
            continue
        kept.append(match)
    return kept
