"""Match the format records of one category, and weigh what speaks for and against each match.

A record in ``patterns/formats/*.toml`` says how a detail is written (``regex`` with a group
``value``, or ``forms``), how sure the bare form is (``score``), and what makes it surer:

* ``near`` lists label slots (``phone_label`` ...); one within ``reach`` characters before the
  match, or ``reach_after`` behind it, lifts the score to ``with_label``;
* ``check`` names a function of ``checks.py``: ``False`` drops the match unless a label stands
  near, ``True`` lifts the score to ``with_check``;
* ``unless`` lists slots that, within ``reach`` before the match, drop it (order numbers, prices);
  when there is a label too, the nearer of the two counts, and one that adjoins a word of the
  slot ``number_word`` ("order number", 單號號碼) makes that label its own;
* ``not_if`` lists slots that drop it when they stand in the same sentence;
* ``gate`` lists slots of which the post must have a word, or the record is not tried at all;
* ``holds`` is a short, quick regex that finds something in every text that the regex matches, so
  that most texts are never tried;
* ``on = "digits"`` also tries the record on the post with its disguised numbers in plain digits.

A regex may capture ``value`` several times (a row of numbers: each is a detail), or ``part``
(one number in several places: each place is a detail, and all have the whole number as value).

Several numbers in a row share one label: a match that follows another of the same record closely
inherits its label.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from injunction_screen.details.checks import CHECKS, Verdict
from injunction_screen.errors import PatternFileError
from injunction_screen.forms import match_form
from injunction_screen.patternbook import Pattern
from injunction_screen.records import Category
from injunction_screen.scan import Hit, Reading
from injunction_screen.text import Folded

__all__ = [
    "Candidate",
    "label_before",
    "label_near",
    "match_formats",
    "match_pattern",
    "worth_trying",
]

REACH = 14  # characters in which a label before a number still speaks for it
REACH_AFTER = 6
FURTHER = 14  # as far again may begin a word against that makes a label its own
ADJOINS = 2  # characters between "order" and "number" in "order number"
NUMBER_WORD = "number_word"  # labels that say "number" and not of what


@dataclass(frozen=True, slots=True)
class Candidate:
    """A detail on the canonical text, before overlaps are settled."""

    category: Category
    start: int
    end: int
    value: str = field(repr=False)
    score: float
    pattern: str
    via: str = ""


def match_formats(reading: Reading, category: Category) -> Iterator[Candidate]:
    """Every match of every record of a category that its score, label or check supports."""
    for pattern in worth_trying(reading, category):
        yield from match_pattern(reading, pattern)


def worth_trying(reading: Reading, category: Category) -> Sequence[Pattern]:
    """The records of a category that can match in this post at all."""
    return reading.book.worth_trying(category, reading.present, reading.shapes)


def match_pattern(reading: Reading, pattern: Pattern) -> Iterator[Candidate]:
    """Every supported match of one record."""
    options = pattern.options
    gate = reading.book.gates.get(pattern.id)
    if gate is not None and not gate & reading.present:
        return
    labels: tuple[str, ...] = tuple(options.get("near", ()))
    against: tuple[str, ...] = tuple(options.get("unless", ()))
    undone_by: tuple[str, ...] = tuple(options.get("not_if", ()))
    reach = options.get("reach", REACH)
    after = options.get("reach_after", REACH_AFTER)
    last_labelled = -1
    for start, end, text, outer in _raw(reading, pattern):
        if undone_by and reading.within(undone_by, *reading.sentence_span(start)):
            continue
        verdict = _check(pattern, text)
        labelled = False
        if labels:
            labelled = label_near(reading, labels, outer, end, reach, after)
            if labelled and against and _overruled(reading, labels, against, outer, reach):
                continue
            if not labelled and last_labelled >= 0 and outer - last_labelled <= 4:
                labelled = True
        if labelled:
            last_labelled = end
        score = float(options.get("score", 0.8))
        if verdict.ok is False:
            if not labelled:
                continue
            score = min(score, 0.4)
        if verdict.ok:
            score = max(score, float(options.get("with_check", 0.0)))
        if labelled:
            score = max(score, float(options.get("with_label", 0.0)))
        if not labelled and against and label_before(reading, against, outer, reach):
            continue
        yield Candidate(
            category=pattern.name,  # type: ignore[arg-type]
            start=start,
            end=end,
            value=verdict.value or text,
            score=score,
            pattern=pattern.id,
        )


def label_before(reading: Reading, slots: tuple[str, ...], at: int, reach: int) -> bool:
    """Whether a word of these slots stands within ``reach`` characters before ``at``."""
    return reading.within(slots, max(0, at - reach), at)


def label_near(
    reading: Reading, slots: tuple[str, ...], start: int, end: int, reach: int, after: int
) -> bool:
    """The same, before ``start`` or within ``after`` characters behind ``end``."""
    return label_before(reading, slots, start, reach) or reading.within(
        slots, end, min(len(reading.folded.text), end + after)
    )


def _overruled(
    reading: Reading, labels: tuple[str, ...], against: tuple[str, ...], at: int, reach: int
) -> bool:
    """Whether a word against stands nearer before ``at`` than any label, or makes it its own."""
    # "tracking number: 6123..." may begin out of reach of a word that reads on into "number".
    contrary = _nearest(reading, against, at, reach + FURTHER)
    if contrary is None:
        return False
    label = _nearest(reading, labels, at, reach)
    if contrary.start >= at - reach and (label is None or contrary.end >= label.end):
        return True
    if label is None:
        return False
    return label in reading.of(NUMBER_WORD) and contrary.end >= label.start - ADJOINS


def _nearest(reading: Reading, slots: tuple[str, ...], at: int, reach: int) -> Hit | None:
    """The word of these slots that ends nearest before ``at``."""
    nearest: Hit | None = None
    for slot in slots:
        hits = reading.of(slot)
        i = bisect_left(hits, (max(0, at - reach),))
        while i < len(hits) and hits[i].start < at:
            hit = hits[i]
            if hit.end <= at and (nearest is None or hit.end > nearest.end):
                nearest = hit
            i += 1
    return nearest


class _Raw(NamedTuple):
    """A match on the canonical text: the span, what a check reads, where its context starts."""

    start: int
    end: int
    text: str
    outer: int


def _raw(reading: Reading, pattern: Pattern) -> Iterator[_Raw]:
    if pattern.regex is not None:
        seen: set[tuple[int, int]] = set()
        views = (reading.folded, reading.digits if pattern.options.get("on") == "digits" else None)
        for view in views:
            if view is None:
                continue
            for found in _on_view(reading, pattern, view):
                if found[:2] not in seen:
                    seen.add(found[:2])
                    yield found
    for form in pattern.forms:
        for match in match_form(reading, form):
            text = reading.folded.text[match.start : match.end]
            yield _Raw(match.start, match.end, text, match.start)


def _on_view(reading: Reading, pattern: Pattern, view: Folded) -> Iterator[_Raw]:
    text = view.text if pattern.options.get("case") else view.lower
    groups = pattern.regex.groupindex
    for found in pattern.regex.finditer(text):
        if "part" in groups and (parts := found.spans("part")):
            whole = "".join(view.text[start:end] for start, end in parts)
            for start, end in parts:
                yield _placed(reading, view, start, end, whole, found.start())
            continue
        before = found.start()
        for start, end in found.spans("value" if "value" in groups else 0):
            if end > start:
                yield _placed(reading, view, start, end, view.text[start:end], before)
                before = end  # the next of a row has its own context


def _placed(reading: Reading, view: Folded, start: int, end: int, text: str, outer: int) -> _Raw:
    if view is reading.folded:
        return _Raw(start, end, text, outer)
    canonical = reading.folded.canonical
    first, last = view.span(start, end)
    return _Raw(canonical(first), canonical(last), text, canonical(view.span(outer, end)[0]))


def _check(pattern: Pattern, text: str) -> Verdict:
    name = pattern.options.get("check")
    if name is None:
        return Verdict(None, "")
    check = CHECKS.get(name)
    if check is None:
        raise PatternFileError(pattern.file, pattern.id, f"there is no check '{name}'")
    return check(text)
