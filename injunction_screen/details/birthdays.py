"""Find details of the category ``birthday``: dates and years of birth, and ages of persons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from injunction_screen.details.formats import Candidate
from injunction_screen.details.ties import (
    TIED,
    Sight,
    Span,
    beside,
    neighbours,
    rule_of,
    tied_formats,
)
from injunction_screen.scan import Reading

__all__ = ["find"]

SHAPE = 48  # characters before a bare age in which the look of a name is sought
ENTRY = 24  # characters between a name and its age: one more entry (Camille, French, 29)
LABELS = ("birth_label", "birth_verb")
PLACES = ("gazetteers/places", "gazetteers/estates", "gazetteers/streets")
BARE = 0.75


def find(reading: Reading, found: Sequence[Candidate]) -> Iterator[Candidate]:
    """Candidates of this category; an age or a bare date needs a person in ``found``.

    >>> from injunction_screen import screen
    >>> [d.text for d in screen("DOB: 3.11.1991").details]
    ['3.11.1991']
    """
    sight = Sight(found)
    recent = rule_of(reading.book, "birthday_recent")
    month = rule_of(reading.book, "birthday_month_only")
    for candidate in tied_formats(reading, "birthday", sight):
        # Dates of events stand beside names too: without a word of birth the year must fit.
        bare = candidate.pattern == "birthday.date" and candidate.score <= TIED
        if bare and (recent.search(candidate.value) or month.search(candidate.value)):
            continue
        # The label of a day stands in its own sentence: "born in 1936. The funeral is on 8 May".
        if candidate.pattern == "birthday.day" and not reading.within(
            LABELS, *reading.sentence_span(candidate.start)
        ):
            continue
        yield candidate
    yield from _bare_ages(reading, sight)


def _bare_ages(reading: Reading, sight: Sight) -> Iterator[Candidate]:
    """Ages between commas or in brackets, straight behind a person.

    >>> from injunction_screen import screen
    >>> [d.text for d in screen("Gurung Bishal, 34, a delivery rider").details
    ...  if d.category == "birthday"]
    ['34']
    """
    text, people = reading.folded.text, sight.of("name")
    rule = rule_of(reading.book, "birthday_age_bare")
    taken = sight.of("address", "phone", "identity_number", "plate")
    for match in rule.finditer(text):
        start, end = match.span("value")
        before = match.start()
        if text[before - 1 : before].isdigit():
            continue  # a number of several parts
        if any(a < end and start < b for a, b in taken):
            continue
        if any(b == before for _, b in neighbours((before, before), people)):
            yield Candidate("birthday", start, end, text[start:end], BARE, "birthday.age_bare")
            continue
        if match["lead"].strip().isalpha():
            continue  # "is" straight behind a name only
        if beside(reading, (start, end), people, only_before=True) is None and not (
            _behind_entry(reading, people, start) or _behind_shape(reading, before, start, end)
        ):
            continue
        yield Candidate("birthday", start, end, text[start:end], BARE, "birthday.age_bare")


def _behind_entry(reading: Reading, people: Sequence[Span], start: int) -> bool:
    """Whether one entry lies between a person and an age: Camille, French, 29."""
    rule = rule_of(reading.book, "birthday_entry")
    return any(
        0 <= start - b <= ENTRY and rule.fullmatch(reading.folded.text, b, start)
        for _, b in neighbours((start, start), people)
    )


def _behind_shape(reading: Reading, before: int, start: int, end: int) -> bool:
    """Whether an age between commas stands behind what looks like a name: Gurung Bishal, 34, a."""
    text = reading.folded.text
    lead, follow = text[before:start].strip(), text[end : end + 2].strip()[:1]
    if lead not in (",", "(", "") or (lead == "(" and follow != ",") or follow == ".":
        return False
    if any(place.end == before for place in reading.of(*PLACES)):
        return False  # Sha Tin, 33, ...
    shape = rule_of(reading.book, "birthday_person_shape")
    return shape.search(text, max(0, before - SHAPE), before) is not None
