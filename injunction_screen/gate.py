"""The gate: whether a frame stands in a post, told without looking for its details.

In: a folded post.  Out: whether a strong frame stands there, details taken for granted.  Where none
does, and the ``first_look`` sees nothing, a post is clear by definition (``Screener``, which also
says when the gate need not be asked), so that finders, links and the second reader need not run.

Two steps.  Most posts end with the first: a quick scan for the words of strong frames alone.  What
it leaves is read in full, but for details: a form's elements that a detail may fill, and needs
that one may answer, may be missing; guards and purposes cancel as ever.  Wide records
(``exposed = true``) mean nothing in a post that the first look has not raised.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from injunction_screen.cues import standing
from injunction_screen.forms import match_form
from injunction_screen.patternbook import DETAIL_SLOTS, Element, Form, Pattern, PatternBook
from injunction_screen.purposes import find_purposes
from injunction_screen.records import STRONG_KINDS
from injunction_screen.scan import Scanner
from injunction_screen.text import Folded

__all__ = ["Gate"]

ANYWHERE = 1_000_000  # words between two elements between which a detail may stand
NAME = 24  # the same where it is a name: none is longer


class _Bare(NamedTuple):
    """A form without what details may fill, and the bits of the slots of each of its elements."""

    record: int  # of ``Gate._records``
    whole: Form
    form: Form
    needed: tuple[int, ...]


class Gate:
    """The strong frames of a pattern book, by the words that wake them.  Immutable once built."""

    def __init__(self, scanner: Scanner) -> None:
        book = scanner.book
        self._records: list[Pattern] = []
        self._always = False
        woken: dict[str, list[_Bare]] = {}
        slots: set[str] = set()
        for pattern in book.of("kind"):
            if pattern.name not in STRONG_KINDS or pattern.options.get("exposed"):
                continue
            record = len(self._records)
            self._records.append(_without_detail_needs(pattern, book))
            for form in pattern.forms:
                bare = _without_details(form, book)
                must = [element for element in bare.elements if not element.optional]
                if not must:
                    self._always = True  # a detail alone would do
                    continue
                row = _Bare(record, form, bare, tuple(book.bits_of(one.slots) for one in must))
                slots.update(slot for element in must for slot in element.slots)
                for slot in book.rarest(must).slots:
                    for leaf in book.composites.get(slot, (slot,)):
                        woken.setdefault(leaf, []).append(row)
        # What is no row of words has to be tried.
        self._patterns = [i for i, one in enumerate(self._records) if one.regex is not None]
        self._woken = {slot: tuple(rows) for slot, rows in woken.items()}
        self._bits = book.bits_of(self._woken)
        self._scanner = scanner
        self._quick = scanner.only(slots)

    def opens(self, folded: Folded) -> bool:
        """Whether a strong frame stands, if any detail that it asks for is there."""
        if self._always:
            return True
        present = self._quick.present(folded)
        if present is None:
            return True
        found: dict[int, list[Form]] = {
            record: [] for record in self._patterns if _finds(self._records[record], folded)
        }
        if awake := list(self._awake(present)):
            quick = self._quick.read(folded)
            for row in awake:
                if next(match_form(quick, row.form), None) is not None:
                    found.setdefault(row.record, []).extend((row.form, row.whole))
        if not found:
            return False
        reading = self._scanner.read(folded)
        records = [(self._records[record], forms) for record, forms in sorted(found.items())]
        standing_ones = standing(reading, find_purposes(reading), records)
        return reading.incomplete or next(standing_ones, None) is not None

    def _awake(self, present: int) -> Iterator[_Bare]:
        """The forms of which every element has a word among these slots."""
        for slot in self._scanner.book.slots_of(present & self._bits):
            for row in self._woken[slot]:
                for bits in row.needed:
                    if not bits & present:
                        break
                else:
                    yield row


def _without_detail_needs(pattern: Pattern, book: PatternBook) -> Pattern:
    """The record without the needs that a detail may answer."""
    needs = pattern.options.get("needs", ())
    kept = [
        need
        for need in needs
        if not any(_may_be_detail(slot, book) for slot in need.rpartition(":")[2].split("|"))
    ]
    return replace(pattern, options={**pattern.options, "needs": kept}) if needs else pattern


def _may_be_detail(slot: str, book: PatternBook) -> bool:
    return not DETAIL_SLOTS.isdisjoint(book.composites.get(slot, (slot,)))


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
