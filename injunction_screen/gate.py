"""The gate: which posts can be anything but clear, told without reading them in full.

In: a folded post.  Out: whether a strong frame may match in it.  A post of which this does not
hold, and in which the ``first_look`` sees nothing, is clear by definition (``Screener``, which
also says when the gate need not be asked), so that finders, purposes and links need not run.

The answer errs on one side only: every form of a strong kind is tried without the elements that a
detail may fill, and without needs, guards and purposes, all of which take matches away.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from injunction_screen.forms import match_form
from injunction_screen.patternbook import DETAIL_SLOTS, Element, Form, Pattern, PatternBook
from injunction_screen.records import STRONG_KINDS
from injunction_screen.scan import Scanner
from injunction_screen.text import Folded

__all__ = ["Gate"]

ANYWHERE = 1_000_000  # words between two elements between which a detail may stand
NAME = 24  # the same where it is a name: none is longer


class _Bare(NamedTuple):
    """A form without what details may fill, and the bits of the slots of each of its elements."""

    form: Form
    needed: tuple[int, ...]


class Gate:
    """The strong frames of a pattern book, by the words that wake them.  Immutable once built."""

    def __init__(self, scanner: Scanner) -> None:
        book = scanner.book
        self._patterns: list[Pattern] = []  # what is no row of words has to be tried
        self._always = False
        woken: dict[str, list[_Bare]] = {}
        slots: set[str] = set()
        for pattern in book.of("kind"):
            if pattern.name not in STRONG_KINDS:
                continue
            if pattern.regex is not None:
                self._patterns.append(pattern)
            for form in pattern.forms:
                bare = _without_details(form, book)
                must = [element for element in bare.elements if not element.optional]
                if not must:
                    self._always = True  # a detail alone would do
                    continue
                row = _Bare(bare, tuple(book.bits_of(element.slots) for element in must))
                slots.update(slot for element in must for slot in element.slots)
                for slot in book.rarest(must).slots:
                    for leaf in book.composites.get(slot, (slot,)):
                        woken.setdefault(leaf, []).append(row)
        self._woken = {slot: tuple(rows) for slot, rows in woken.items()}
        self._bits = book.bits_of(self._woken)
        self._scanner = scanner.only(slots)

    def opens(self, folded: Folded) -> bool:
        """Whether a strong frame may match."""
        if self._always or any(_finds(pattern, folded) for pattern in self._patterns):
            return True
        reading = self._scanner.read(folded)
        return reading.incomplete or any(
            next(match_form(reading, bare), None) is not None
            for bare in self._awake(reading.present)
        )

    def _awake(self, present: int) -> Iterator[Form]:
        """The forms of which every element has a word among these slots."""
        for slot in self._scanner.book.slots_of(present & self._bits):
            for bare, needed in self._woken[slot]:
                for bits in needed:
                    if not bits & present:
                        break
                else:
                    yield bare


def _finds(pattern: Pattern, folded: Folded) -> bool:
    text = folded.text if pattern.options.get("case") else folded.lower
    return pattern.regex.search(text) is not None


def _without_details(form: Form, book: PatternBook) -> Form:
    """The form without the elements that a detail may fill; what stood around them may be apart."""
    kept: list[Element] = []
    apart = 0  # words that what is left out may take here
    for element in form.elements:
        leaves = {leaf for slot in element.slots for leaf in book.composites.get(slot, (slot,))}
        if details := leaves & DETAIL_SLOTS:
            apart += element.gap + (NAME if details == {"name"} else ANYWHERE)
            continue
        if apart:
            element = replace(element, gap=element.gap + apart, tied=False, crosses=True)
        if not element.optional:
            apart = 0
        if kept or not element.optional:  # a row begins with what it must have
            kept.append(element)
    return replace(
        form,
        elements=tuple(kept),
        opens=form.opens and kept[:1] == list(form.elements[:1]),
        begins=form.begins and kept[:1] == list(form.elements[:1]),
        closes=form.closes and kept[-1:] == list(form.elements[-1:]),
    )
