"""Find details of the category ``birthday``: dates and years of birth, and ages of persons.

Rules say of dates and of the usual ways to give an age whose they are; of the numbers that they
leave, ``learned_ages`` says which are somebody's age or year of birth.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

from injunction_screen.details.formats import Candidate
from injunction_screen.details.learned_ages import (
    BEFORE,
    BEHIND,
    is_beasts_or_played,
    learned_ages,
)
from injunction_screen.details.ties import (
    TIED,
    Cover,
    Sight,
    Span,
    beside,
    neighbours,
    rule_of,
    sentences,
    starts_within,
    tied_formats,
)
from injunction_screen.scan import Reading

__all__ = ["by_rule", "find", "of_real_people"]

SHAPE = 48  # characters before a bare age in which the look of a name is sought
ENTRY = 24  # characters between a name and its age: one more entry (Camille, French, 29)
LABELS = ("birth_label", "birth_verb")
PLACES = ("gazetteers/places", "gazetteers/estates", "gazetteers/streets")
BARE = 0.75
CHILDREN = ("school_child", "birthday_child")
AGES = frozenset(f"birthday.age_{sort}" for sort in ("zh", "zh_noun", "en", "en_noun"))
DAYS = frozenset(f"birthday.{sort}" for sort in ("day", "year", "age_birthday"))
TOLD = ("name", "identity_number", "social_account", "phone", "email")  # what tells a person
CARD = 50  # characters of a card in which somebody's day stands
CLOSE = 4  # characters between a name and an age that is an entry behind it
NAME_BEFORE, NAME_BEHIND, SURNAME = 16, 14, 12  # characters in which a name speaks for an age
LATIN = 3  # times as far in a script with longer words


def find(reading: Reading, found: Sequence[Candidate]) -> Iterator[Candidate]:
    """Candidates of this category; an age or a bare date needs a person in ``found``.

    >>> from injunction_screen import screen
    >>> [d.text for d in screen("DOB: 3.11.1991").details]
    ['3.11.1991']
    """
    sight = Sight(of_real_people(reading, found))
    told = list(by_rule(reading, sight))
    yield from told
    yield from learned_ages(reading, sight, ((c.start, c.end) for c in told))


def by_rule(reading: Reading, sight: Sight) -> Iterator[Candidate]:
    """The dates and ages that a rule ties to somebody."""
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
        if candidate.pattern in DAYS and not _of_known(reading, sight, candidate):
            continue
        if candidate.pattern in AGES and not _of_somebody(reading, sight, candidate):
            continue
        yield candidate
    yield from _bare_ages(reading, sight)


def of_real_people(reading: Reading, found: Sequence[Candidate]) -> list[Candidate]:
    """``found`` without the stock figures of stories (小明, 小紅): their ages are nobody's."""
    nobody, text = rule_of(reading.book, "birthday_nobody"), reading.folded.text
    return [c for c in found if c.category != "name" or not nobody.fullmatch(text, c.start, c.end)]


def _of_known(reading: Reading, sight: Sight, day: Candidate) -> bool:
    """Whether a day, a year or a birthday is that of somebody told, not of any friend or daughter.

    >>> from injunction_screen import screen
    >>> [d.text for d in screen("7月17日家姐生日去食飯").details if d.category == "birthday"]
    []
    """
    low, (start, end) = reading.folded.lower, (day.start, day.end)
    before = max(0, start - BEFORE)
    if rule_of(reading.book, "birthday_played").search(low, before, start):
        return False
    if rule_of(reading.book, "birthday_hers").search(low, before, start):
        return True
    first, last = sentences(reading, (start, end), 1)
    return starts_within(sight.of(*TOLD), min(first, max(0, start - CARD)), max(last, end + CARD))


def _of_somebody(reading: Reading, sight: Sight, age: Candidate) -> bool:
    """Whether an age is said of a person who is told, not of any boy, man or animal.

    >>> from injunction_screen import screen
    >>> [d.text for d in screen("一名33歲的士哥退休，陳大文，58歲，話好羨慕").details
    ...  if d.category == "birthday"]
    ['58歲']
    """
    text, low, book = reading.folded.text, reading.folded.lower, reading.book
    start, end = age.start, age.end
    before, behind = max(0, start - BEFORE), min(len(text), end + BEHIND)
    if is_beasts_or_played(reading, start, end):
        return False
    width = LATIN if text[end - 1].isascii() else 1
    people = sight.of("name")
    first, last = sentences(reading, (start, end), 0)
    stop = rule_of(book, "birthday_stop")
    around = neighbours((start, end), people)
    after = any(
        end <= a < min(last, end + NAME_BEHIND * width) and not stop.search(low, end, a)
        for a, _ in around
    )
    if after or reading.within(
        ("birthday_surnamed",), max(first, start - SURNAME), min(last, end + SURNAME * width)
    ):
        return True
    gap = min((start - b for _, b in around if b <= start), default=len(text) + 1)
    if gap <= CLOSE:
        return True
    if rule_of(book, "birthday_kin_behind").match(low, end, behind):
        return True
    noun = rule_of(book, "birthday_noun_behind").match(low, end, behind)
    if noun is not None and noun["court"]:
        return True
    if noun is not None or rule_of(book, "birthday_unnamed").search(low, before, start):
        return False
    told = rule_of(book, "birthday_told").search(low, before, start)
    return gap <= NAME_BEFORE * width or told is not None


def _bare_ages(reading: Reading, sight: Sight) -> Iterator[Candidate]:
    """Ages between commas or in brackets, straight behind a person.

    >>> from injunction_screen import screen
    >>> [d.text for d in screen("Gurung Bishal, 34, a delivery rider").details
    ...  if d.category == "birthday"]
    ['34']
    """
    text, people = reading.folded.text, sight.of("name")
    told = sight.of("name", "social_account")
    rule = rule_of(reading.book, "birthday_age_bare")
    taken = Cover(len(text), sight.of("address", "phone", "identity_number", "plate"))
    places = {place.end for place in reading.of(*PLACES)}
    for match in rule.finditer(text):
        start, end = match.span("value")
        before = match.start()
        if text[before - 1 : before].isdigit():
            continue  # a number of several parts
        if not taken.free(start, end):
            continue
        if end - start == 1 and not reading.within(CHILDREN, *sentences(reading, (start, end), 0)):
            continue  # (3) may number an entry of a list
        if any(b == before for _, b in neighbours((before, before), people)):
            yield Candidate("birthday", start, end, text[start:end], BARE, "birthday.age_bare")
            continue
        if match["lead"].strip().isalpha():
            continue  # "is" straight behind a name only
        if beside(reading, (start, end), told, only_before=True) is None and not (
            _behind_entry(reading, people, start)
            or _behind_shape(reading, places, before, start, end)
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


def _behind_shape(reading: Reading, places: Set[int], before: int, start: int, end: int) -> bool:
    """Whether an age between commas stands behind what looks like a name: Gurung Bishal, 34, a.

    ``places`` are where the names of places end.
    """
    text = reading.folded.text
    lead, follow = text[before:start].strip(), text[end : end + 2].strip()[:1]
    if lead not in (",", "(", "") or (lead == "(" and follow != ",") or follow == ".":
        return False
    if before in places:
        return False  # Sha Tin, 33, ...
    shape = rule_of(reading.book, "birthday_person_shape")
    return shape.search(text, max(0, before - SHAPE), before) is not None
