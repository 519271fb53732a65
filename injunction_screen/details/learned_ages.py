"""Ages and years of birth that no rule knows, weighed by what stands around them.

In: a ``Reading``, the details found so far and the spans that rules have found.  Out: candidates
for every number that may be an age (42, 五十八歲, sixty-eight, 1958, 八三年) and that marked posts
say is somebody's (``learned_ties``).  A post that tells of nobody has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from injunction_screen.details.formats import Candidate
from injunction_screen.details.learned_ties import LEARNED, LIMIT, Chance, leaning, surroundings
from injunction_screen.details.ties import Cover, Sight, Span, rule_of
from injunction_screen.scan import Reading

__all__ = ["BEFORE", "BEHIND", "chances", "is_beasts_or_played", "learned_ages"]

_TAKEN = ("address", "phone", "identity_number", "plate", "email", "social_account")
BEFORE, BEHIND = 16, 48  # characters around a number that say whose age it is
_DIGITS = re.compile(r"\d+")
_NUMERALS = re.compile("[一二三四五六七八九十〇零]+")
_UNIT = re.compile("[岁y]")
# The kinds of numbers: up to, and what they are called.
_SORTS = (
    (5, "small"), (9, "6"), (12, "10"), (17, "13"), (29, "18"), (49, "30"), (69, "50"),
    (99, "70"), (999, "100"), (9999, "year"),
)  # fmt: skip


def learned_ages(reading: Reading, sight: Sight, known: Iterable[Span]) -> Iterator[Candidate]:
    """Candidates for the ages beside those ``known``, the likeliest of overlapping ones.

    >>> from injunction_screen import screen
    >>> [d.text for d in screen("Landlord Lau Chi Keung is fifty-eight, tel 6123 4567").details
    ...  if d.category == "birthday"]
    ['fifty-eight']
    """
    cover = Cover(len(reading.folded.text), known)
    weighed = ((leaning("birthday", chance.features), chance) for chance in chances(reading, sight))
    likely = [(weight, chance) for weight, chance in weighed if weight > 0]
    for _, (start, end, _) in sorted(likely, key=lambda one: (-one[0], one[1][:2])):
        if cover.free(start, end):
            cover.take(start, end)
            text = reading.folded.text[start:end]
            yield Candidate("birthday", start, end, text, LEARNED, "birthday.learned")


def chances(reading: Reading, sight: Sight) -> Iterator[Chance]:
    """Every number that may be an age, in order, with what its weight hangs on."""
    if not sight.sorts and not reading.of("birthday_surnamed"):
        return
    taken = Cover(len(reading.folded.text), sight.of(*_TAKEN))
    number = 0
    for match in rule_of(reading.book, "birthday_any_age").finditer(reading.folded.lower):
        start, end = match.span()
        for at in sorted({start, match.start("number")}):
            if not taken.free(at, end) or _is_nobodys(reading, at, end):
                continue
            number += 1
            if number > LIMIT:
                reading.cut("learned_ages")
                return
            features = surroundings(reading, (at, end), sight)
            features.update(_own(reading.folded.lower[at:end], features))
            yield Chance(at, end, frozenset(features))


def _is_nobodys(reading: Reading, start: int, end: int) -> bool:
    """Whether a number is the age of an animal, a part in a play, any man or woman, or a limit."""
    low, book = reading.folded.lower, reading.book
    before = max(0, start - BEFORE)
    if not low[end - 1].isascii() and rule_of(book, "birthday_unnamed").search(low, before, start):
        return True
    if rule_of(book, "birthday_limit").search(low, before, start):
        return True
    return is_beasts_or_played(reading, start, end)


def is_beasts_or_played(reading: Reading, start: int, end: int) -> bool:
    """Whether a number is the age of an animal or of a part in a play."""
    low, book = reading.folded.lower, reading.book
    return (
        rule_of(book, "birthday_part").match(low, end, min(len(low), end + BEHIND)) is not None
        or rule_of(book, "birthday_beast").search(low, max(0, start - BEFORE), start) is not None
    )


def _own(text: str, around: set[str]) -> set[str]:
    """What the number itself says, alone and with the token on either side of it."""
    digits = _DIGITS.search(text)
    if digits is not None:
        value = int(digits.group())
        shape = _DIGITS.sub(lambda m: "#" * len(m.group()), text)
        sort = next(name for most, name in _SORTS if value <= most)
        out = {f"sort:{sort}", f"unit:{text[digits.end() :].strip()}"}
        script = "digits"
    else:
        shape = _NUMERALS.sub("N", text)
        out = {f"number:{text}"}
        script = "latin" if text[0].isascii() else "chinese"
    out |= {f"shape:{shape}", f"script:{script} {_UNIT.search(text) is not None}"}
    beside = (feature for feature in around if feature.startswith(("l1:", "r1:")))
    return out | {f"shape:{shape} {feature}" for feature in beside}
