"""Check the records of pattern packs: every example, counter-example and known miss.

``check`` is what ``injunction-screen patterns check`` and the tests both call, so a platform's
own pack is held to the same rules as the shipped one.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from injunction_screen.cues import has_needs
from injunction_screen.details import find_details
from injunction_screen.details.formats import match_pattern
from injunction_screen.forms import matches
from injunction_screen.patternbook import Example, Pattern, PatternBook
from injunction_screen.scan import Reading, Scanner
from injunction_screen.screener import knowing_details
from injunction_screen.text import fold

__all__ = ["Fault", "check"]

LEAST_EXAMPLES = 2
SLOW = 0.5  # seconds that one record may take over the hostile texts below
_HOSTILE = ("a." * 20_000, "9" * 40_000, "我" * 40_000, "a " * 20_000, "(" * 40_000, "@a" * 20_000)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one record."""

    file: str
    record: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}: {self.record}: {self.reason}"


def check(book: PatternBook, *, only: Sequence[str] = (), timed: bool = True) -> Iterator[Fault]:
    """The faults of a pattern book's records; of ``only`` these ids where given."""
    scanner = Scanner(book)
    hostile = [scanner.read(fold(text, book.folder)) for text in _HOSTILE] if timed else []
    known = [knowing_details(reading, find_details(reading)) for reading in hostile]
    for pattern in book.patterns:
        if only and pattern.id not in only:
            continue
        yield from (Fault(pattern.file, pattern.id, why) for why in _faults(scanner, pattern))
        for reading in hostile if pattern.target == "category" else known:
            began = time.process_time()
            _alone(reading, pattern)
            if time.process_time() - began > SLOW:
                yield Fault(pattern.file, pattern.id, "is too slow on a long hostile text")
                break


def _faults(scanner: Scanner, pattern: Pattern) -> Iterator[str]:
    if len(pattern.examples) < LEAST_EXAMPLES:
        yield f"needs at least {LEAST_EXAMPLES} examples"
    if not pattern.counter_examples and pattern.target in ("category", "kind"):
        yield "needs at least one counter-example"
    for example in pattern.examples:
        if not example.spans:
            yield f"example {example.text!r} marks no span"
        elif not _as_marked(pattern, found := _found(scanner, pattern, example), example):
            yield f"example {example.text!r} should mark {list(example.spans)}, found {found}"
    for example in pattern.counter_examples:
        # What a cue record needs (a person, a detail ...) is part of what keeps it off a text.
        if found := _found(scanner, pattern, example, needs=pattern.target == "kind"):
            yield f"counter-example {example.text!r} was found at {found}"
    for example in pattern.known_misses:
        if _found(scanner, pattern, example) == list(example.spans):
            yield f"known miss {example.text!r} is found now: move it to the examples"


def _as_marked(pattern: Pattern, found: list[tuple[int, int]], example: Example) -> bool:
    """Details and cues must be found exactly where marked; context words need only touch it."""
    if pattern.target in ("category", "kind"):
        return found == list(example.spans)
    return all(any(a < end and start < b for a, b in found) for start, end in example.spans)


def _found(
    scanner: Scanner, pattern: Pattern, example: Example, *, needs: bool = False
) -> list[tuple[int, int]]:
    reading = scanner.read(fold(example.text, scanner.book.folder))
    return spans(reading, pattern, needs=needs)


def spans(reading: Reading, pattern: Pattern, *, needs: bool = False) -> list[tuple[int, int]]:
    """The source spans that one record alone finds; only where its ``needs`` are met, if asked."""
    if pattern.target == "category":
        return sorted(set(_alone(reading, pattern)))
    reading = knowing_details(reading, find_details(reading))
    return _alone(reading, pattern, needs=needs)


def _alone(reading: Reading, pattern: Pattern, *, needs: bool = False) -> list[tuple[int, int]]:
    """The same in a reading that knows its details already."""
    if pattern.target == "category":
        found = (c for c in match_pattern(reading, pattern) if c.score >= 0.5)
        return [reading.folded.span(c.start, c.end) for c in found]
    return [
        reading.folded.span(m.start, m.end)
        for m in matches(reading, pattern)
        if not needs or has_needs(reading, pattern, m)
    ]
