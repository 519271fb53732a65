"""Find the benign purposes of a post: advert, own details, missing person, news, court ...

In: a ``Reading`` that knows the details.  Out: ``Purpose`` records.  A purpose is in sight when
the records that speak for it (``patterns/context/``) weigh two or more together; a record weighs
1 unless it says otherwise, and each counts once.  What a purpose then does (which cues it
cancels, whether it excuses exposed details) is the ``[purpose.NAME]`` table of the same files.
"""

from __future__ import annotations

from collections.abc import Sequence

from injunction_screen.forms import Match, awake, matches
from injunction_screen.patternbook import Pattern, PatternBook
from injunction_screen.records import CONTACT, Detail, Purpose
from injunction_screen.scan import Reading

__all__ = ["find_purposes", "is_excused", "is_exposed"]

ENOUGH = 2
SHORT = 220  # characters


def find_purposes(reading: Reading) -> tuple[Purpose, ...]:
    """The purposes in sight, one record for each, at the words that speak most for it."""
    weights: dict[str, float] = {}
    best: dict[str, tuple[float, Pattern, Match]] = {}
    for pattern, forms in awake(reading, "purpose"):
        found = matches(reading, pattern, forms)
        if not found:
            continue
        weight = float(pattern.options.get("weight", 1))
        weights[pattern.name] = weights.get(pattern.name, 0.0) + weight
        if pattern.name not in best or weight > best[pattern.name][0]:
            best[pattern.name] = (weight, pattern, found[0])
    out = []
    for name, (_, pattern, match) in best.items():
        if weights[name] >= ENOUGH:
            start, end = reading.folded.span(match.start, match.end)
            out.append(Purpose(name, start, end, pattern.id))
    return tuple(sorted(out, key=lambda p: (p.start, p.name)))


def is_exposed(
    book: PatternBook, purposes: Sequence[Purpose], details: Sequence[Detail], size: int
) -> bool:
    """Whether somebody's details stand there and no purpose in sight excuses any.

    A bare name counts in a short post only: long talk is full of people in public life; an
    account counts beside a name.
    """
    if any(book.purposes[purpose.name].excuses for purpose in purposes):
        return False
    held = {detail.category for detail in details}
    if held & CONTACT - {"social_account"}:
        return True
    # A lone @handle opens every other reply.
    return size <= SHORT and bool(held & {"name", "photo"})


def is_excused(
    book: PatternBook,
    purposes: Sequence[Purpose],
    details: Sequence[Detail],
    owners: Sequence[str],
) -> bool:
    """Whether a purpose in sight excuses every third-party detail of the post."""
    held = {d.category for d, owner in zip(details, owners, strict=True) if owner == "third"}
    return any(
        book.purposes[purpose.name].excuses >= held
        for purpose in purposes
        if book.purposes[purpose.name].excuses
    )
