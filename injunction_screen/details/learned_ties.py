"""Whether an age or a title is somebody's, as marked posts have taught it.

In: a ``Reading``, a span and the details in ``Sight``.  Out: ``surroundings``, the names of what
stands around the span (words, marks, words of slots, details and how far they are), and
``leaning``, what their weights in ``learned_ties.txt`` add up to: log odds that the span is
somebody's, 0 at the line that ``training/ties.py`` has drawn.  The work for a span is bounded,
whatever the length of the post, and no more than ``LIMIT`` spans of a post are weighed.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import NamedTuple

from injunction_screen.details.ties import Sight, Span, sentences, starts_within
from injunction_screen.scan import Reading

__all__ = ["LEARNED", "LIMIT", "Chance", "leaning", "surroundings"]

LEARNED = 0.7  # the score of a candidate that no rule speaks for
LIMIT = 3_000  # spans of a post that are weighed: a post of as many characters has fewer
REACH = 24  # characters on either side that are read
TOKENS = 4  # tokens on either side of which the place counts
NEAR = 14  # characters on either side in which words of a slot count
FAR = 40  # characters from which everything is far
_STEPS = (0, 1, 2, 3, 5, 8, 14, 24, FAR)
_SCALE = 100  # of the weights in the file
_TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)?|'[a-z]+|\d+|\n|[^\s]")
_WORD_BEFORE = re.compile(r"(?P<word>[A-Za-z][A-Za-z'’.-]{0,15})(?P<mark>\W{0,3})\Z")
_WORD_BEHIND = re.compile(r"(?P<mark>[^\w\n]{0,3})(?P<word>[A-Za-z][A-Za-z'’.-]{0,15})")
_TOLD = (
    "name", "social_account", "phone", "identity_number", "address", "plate", "email", "school",
)  # fmt: skip


class Chance(NamedTuple):
    """A span that may be somebody's, and all that its weight hangs on."""

    start: int
    end: int
    features: frozenset[str]


def leaning(category: str, features: Iterable[str]) -> float:
    """The log odds that features speak for, above the line from which a span is somebody's."""
    weights = _weights()[category]
    total = weights[""] + sum(weights.get(feature, 0) for feature in features)
    return total / _SCALE


def surroundings(reading: Reading, span: Span, sight: Sight) -> set[str]:
    """What stands around a span."""
    return set(_surroundings(reading, span, sight))


def _surroundings(reading: Reading, span: Span, sight: Sight) -> Iterator[str]:
    start, end = span
    left = _tokens(reading, max(0, start - REACH), start, sight)[::-1]
    right = _tokens(reading, end, end + REACH, sight)
    if start <= REACH:
        left.append("^")
    if end + REACH >= len(reading.folded.text):
        right.append("$")
    yield from _beside("l", left)
    yield from _beside("r", right)
    yield f"lr:{left[0] if left else '-'} {right[0] if right else '-'}"
    yield from _capitals(reading, span)
    yield from _slots(reading, span)
    yield from _distances(reading, span, sight)
    yield from _place(reading, span)


def _beside(side: str, tokens: Sequence[str]) -> Iterator[str]:
    """The tokens of one side, the nearest first, by place and without it, and runs of them."""
    yield from (f"{side}{i}:{token}" for i, token in enumerate(tokens[:TOKENS], 1))
    yield from (f"{side}:{token}" for token in tokens[: 2 * TOKENS])
    for size in (2, 3):
        if len(tokens) >= size:
            yield f"{side}{size}-:{' '.join(tokens[:size])}"
    if len(tokens) >= 3:
        yield f"{side}-2:{' '.join(tokens[1:3])}"


def _tokens(reading: Reading, start: int, end: int, sight: Sight) -> list[str]:
    """The tokens that lie in canonical ``start:end``, each detail one of its category."""
    low = reading.folded.lower
    end = min(end, len(low))
    out: list[str] = []
    at = start
    for a, b, category in _details(sight, start, end):
        if b > at:
            out += [_token(m.group()) for m in _TOKEN.finditer(low, at, max(at, a))]
            out.append(f"<{category}>")
            at = min(end, b)
    return out + [_token(m.group()) for m in _TOKEN.finditer(low, at, end)]


def _token(token: str) -> str:
    return "#" * min(5, len(token)) if token[0].isdigit() else token


def _details(sight: Sight, start: int, end: int) -> list[tuple[int, int, str]]:
    """The details that touch ``start:end``, in order."""
    found: list[tuple[int, int, str]] = []
    for category in _TOLD:
        spans = sight.of(category)
        at = max(0, bisect_left(spans, (start,)) - 1)
        while at < len(spans) and spans[at][0] < end:
            if spans[at][1] > start:
                found.append((*spans[at], category))
            at += 1
    return sorted(found)


def _capitals(reading: Reading, span: Span) -> Iterator[str]:
    """How the Latin words beside a span are written."""
    text, (start, end) = reading.folded.text, span
    before = _WORD_BEFORE.search(text, max(0, start - REACH), start)
    behind = _WORD_BEHIND.match(text, end)
    for side, found in (("l", before), ("r", behind)):
        if found is None:
            yield f"c{side}:"
            continue
        mark, word = found["mark"], found["word"]
        sort = "X" if word.isupper() and len(word) > 1 else "Xx" if word[0].isupper() else "x"
        yield f"c{side}:{mark.strip() or mark[:1]}{sort}"


def _slots(reading: Reading, span: Span) -> Iterator[str]:
    """The slots that have a word close before or behind a span in its sentence."""
    start, end = span
    first, last = sentences(reading, span, 0)
    first, last = max(first, start - NEAR), min(last, end + NEAR)
    for slot in reading.book.slots_of(reading.present & _telling(reading)):
        hits = reading.of(slot)
        if starts_within(hits, first, start):
            yield f"sl:{slot}"
        if starts_within(hits, end, last):
            yield f"sr:{slot}"


_TELLING: dict[str, int] = {}


def _telling(reading: Reading) -> int:
    """The bits of the slots that say something of details, those of address parts left out."""
    book = reading.book
    if book.ruleset not in _TELLING:
        _TELLING[book.ruleset] = book.bits_of(
            name
            for name, slot in book.slots.items()
            if slot.file.startswith(("formats/", "gazetteers/"))
            and not slot.file.startswith("formats/address")
        )
    return _TELLING[book.ruleset]


def _distances(reading: Reading, span: Span, sight: Sight) -> Iterator[str]:
    """Which details stand before and behind a span, how far, and whether in its sentence."""
    start, end = span
    first, last = sentences(reading, span, 0)
    nearest = {"before": (FAR, "none"), "behind": (FAR, "none")}
    for category in _TOLD:
        spans = sight.of(category)
        if not spans:
            continue
        yield f"has:{category}"
        at = bisect_left(spans, span)
        if at:
            gap = start - spans[at - 1][1]
            if gap < 0:
                yield f"in:{category}"
            yield f"{category}<{'s' if spans[at - 1][0] >= first else 'p'}{_step(gap)}"
            nearest["before"] = min(nearest["before"], (max(0, gap), category))
        if at < len(spans):
            gap = spans[at][0] - end
            yield f"{category}>{'s' if spans[at][0] < last else 'p'}{_step(gap)}"
            nearest["behind"] = min(nearest["behind"], (gap, category))
    yield f"kinds:{nearest['before'][1]} {nearest['behind'][1]}"
    yield f"names:{min(4, len(sight.of('name')))}"


def _place(reading: Reading, span: Span) -> Iterator[str]:
    """Where a span stands in its line and sentence, and how long the post is."""
    start, end = span
    first, last = sentences(reading, span, 0)
    line = reading.folded.text.rfind("\n", max(0, start - FAR), start)
    yield f"line:{_step(start - line - 1)}"
    yield f"sentence:{_step(start - first)}"
    yield f"rest:{_step(last - end)}"
    yield f"size:{len(reading.folded.text).bit_length()}"


def _step(distance: int) -> int:
    return bisect_left(_STEPS, distance)


@cache
def _weights() -> Mapping[str, Mapping[str, int]]:
    """The weights in whole hundredths, by category and feature; of "" the bias."""
    source = resources.files("injunction_screen.details") / "learned_ties.txt"
    out: dict[str, dict[str, int]] = {}
    for line in source.read_text(encoding="utf-8").splitlines():
        if not line.startswith("# "):
            category, feature, weight = line.split("\t")
            out.setdefault(category, {})[feature.replace("\\n", "\n").replace("\\t", "\t")] = int(
                weight
            )
    return out
