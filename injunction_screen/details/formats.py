"""Match the format records of one category, and weigh what speaks for and against each match.

A record in ``patterns/formats/*.toml`` says how a detail is written (``regex`` with a group
``value``, or ``forms``), how sure the bare form is (``score``), and what makes it surer:

* ``near`` lists label slots (``phone_label`` ...); one within ``reach`` characters before the
  match, or ``reach_after`` behind it, lifts the score to ``with_label``;
* ``check`` names a function of ``checks.py``: ``False`` drops the match unless a label stands
  near, ``True`` lifts the score to ``with_check``;
* ``unless`` lists slots that, within ``reach`` before the match, drop it (order numbers, prices);
* ``gate`` lists slots of which the post must have a word, or the record is not tried at all.

Several numbers in a row share one label: a match that follows another of the same record closely
inherits its label.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from injunction_screen.details.checks import CHECKS, Verdict
from injunction_screen.errors import PatternFileError
from injunction_screen.forms import match_form
from injunction_screen.patternbook import Pattern
from injunction_screen.records import Category
from injunction_screen.scan import Reading

__all__ = ["Candidate", "label_before", "label_near", "match_formats", "match_pattern"]

REACH = 14  # characters in which a label before a number still speaks for it
REACH_AFTER = 6


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
    for pattern in reading.book.of("category", category):
        yield from match_pattern(reading, pattern)


def match_pattern(reading: Reading, pattern: Pattern) -> Iterator[Candidate]:
    """Every supported match of one record."""
    options = pattern.options
    gate: tuple[str, ...] = tuple(options.get("gate", ()))
    if gate and not any(reading.of(slot) for slot in gate):
        return
    labels: tuple[str, ...] = tuple(options.get("near", ()))
    against: tuple[str, ...] = tuple(options.get("unless", ()))
    reach = options.get("reach", REACH)
    after = options.get("reach_after", REACH_AFTER)
    last_labelled = -1
    for start, end, outer in _raw(reading, pattern):
        text = reading.folded.text[start:end]
        verdict = _check(pattern, text)
        labelled = bool(labels) and label_near(reading, labels, outer, end, reach, after)
        if labels and not labelled and 0 <= last_labelled and outer - last_labelled <= 4:
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


def _raw(reading: Reading, pattern: Pattern) -> Iterator[tuple[int, int, int]]:
    """Matches as (start, end, start of the whole match with its context)."""
    if pattern.regex is not None:
        text = reading.folded.text if pattern.options.get("case") else reading.folded.lower
        group = "value" if "value" in pattern.regex.groupindex else 0
        for found in pattern.regex.finditer(text):
            start, end = found.span(group)
            if end > start:
                yield start, end, found.start()
    for form in pattern.forms:
        for match in match_form(reading, form):
            yield match.start, match.end, match.start


def _check(pattern: Pattern, text: str) -> Verdict:
    name = pattern.options.get("check")
    if name is None:
        return Verdict(None, "")
    check = CHECKS.get(name)
    if check is None:
        raise PatternFileError(pattern.file, pattern.id, f"there is no check '{name}'")
    return check(text)
