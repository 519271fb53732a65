"""Titles weighed by what they are and what stands around them.

In: a ``Reading``, its titles (``title_spans``), the details found so far and the candidates of the
rules.  Out: the titles that marked posts say are somebody's (``learned_ties``), each in the
likeliest of the extents that it may have: whole, its last word alone, with or without what leads
and what follows it.  A rule that speaks for a title settles its extent, and counts ``BACKED`` in
its favour; where no other detail is in sight, rules alone decide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from injunction_screen.details.formats import Candidate
from injunction_screen.details.learned_ties import LEARNED, LIMIT, Chance, leaning, surroundings
from injunction_screen.details.ties import Cover, Sight, Span, rule_of
from injunction_screen.details.title_spans import Title
from injunction_screen.scan import Reading

__all__ = ["chances", "learned_titles"]

BACKED = 3.0  # log odds that a rule adds
_POSTS = ("job_vacancy", "job_advert", "job_fiction", "job_picture")
_OWNING = "的嘅 》"
_PAIRED = ("name<", "name>", "kinds:", "cl:", "cr:")

Whole = Callable[[Title], Span]


def learned_titles(
    reading: Reading,
    titles: Sequence[Title],
    whole: Whole,
    sight: Sight,
    ruled: Sequence[Candidate],
    known: Sequence[Span],
) -> Iterator[Candidate]:
    """Of titles and ``ruled`` candidates those that are somebody's.

    On a ``known`` span only what a rule says counts; ``whole`` says how far a title goes
    with the firm behind it.

    >>> from injunction_screen import screen
    >>> [d.text for d in screen("張偉文，前電台節目主持，電話 6123 4567").details
    ...  if d.category == "job_title"]
    ['前電台節目主持']
    """
    if not sight.sorts:
        yield from ruled
        return
    by_rule = {(c.start, c.end): c for c in ruled}
    settled = Cover(len(reading.folded.text), [*by_rule, *known])
    weighed = [
        (leaning("job_title", chance.features) + BACKED * (chance[:2] in by_rule), chance[:2])
        for chance in chances(reading, titles, whole, sight)
        if chance[:2] in by_rule or settled.free(*chance[:2])
    ]
    cover = Cover(len(reading.folded.text))
    for weight, (start, end) in sorted(weighed, key=lambda one: (-one[0], one[1])):
        if weight > 0 and cover.free(start, end):
            cover.take(start, end)
            text = reading.folded.text[start:end]
            yield by_rule.get((start, end)) or Candidate(
                "job_title", start, end, text, LEARNED, "job_title.learned"
            )


def chances(
    reading: Reading, titles: Sequence[Title], whole: Whole, sight: Sight
) -> Iterator[Chance]:
    """Every extent of every title, with what its weight hangs on."""
    seen: set[Span] = set()
    for title in titles if sight.sorts else ():
        for (start, end), extent in _extents(reading, title, whole(title)):
            if (start, end) in seen:
                continue
            seen.add((start, end))
            if len(seen) > LIMIT:
                reading.cut("learned_titles")
                return
            features = surroundings(reading, (start, end), sight)
            features.update(_own(reading, title, (start, end), extent))
            features.update(_pairs(reading, title, extent, features))
            yield Chance(start, end, frozenset(features))


def _extents(reading: Reading, title: Title, whole: Span) -> Iterator[tuple[Span, str]]:
    """The extents that a title may have, each with its name."""
    low, (first, last) = reading.folded.lower, title.head
    start, end = whole
    yield whole, "whole"
    yield (title.start, title.end), "whole"
    if (start, end) != title.head:
        yield title.head, "head"
        yield (start, last), "lead"
        yield (first, end), "tail"
        if not low[start].isascii():
            for at in range(start + 1, first):
                if low[at - 1] in _OWNING and low[at] not in _OWNING:
                    yield (at, end), "cut"
    if end == last and low[end - 1].isascii():
        further = rule_of(reading.book, "job_further").match(low, end)
        if further is not None:
            yield (start, further.end()), "further"


def _own(reading: Reading, title: Title, span: Span, extent: str) -> Iterator[str]:
    """What a title itself says."""
    text, low = reading.folded.text, reading.folded.lower
    start, end = span
    written = low[start:end]
    yield f"head:{low[title.head[0] : title.head[1]]}"
    yield f"extent:{extent}"
    for kind in title.kinds:
        yield from (f"kind:{kind}", f"kind:{kind} {extent}")
    for sort, is_so in (("weak", title.weak), ("plain", title.plain), ("led", title.led)):
        if is_so:
            yield from (sort, f"{sort} {extent}")
    yield f"script:{'latin' if low[title.head[1] - 1].isascii() else 'chinese'}"
    yield f"long:{min(12, end - start) // 2}"
    if written[0].isascii():
        yield f"first:{written.split()[0]}"
    else:
        yield from (f"first:{written[:1]}", f"first:{written[:2]}", f"last:{written[-2:]}")
    if text[title.head[0]].isupper():
        yield from ("capital", f"capital {extent}")
    if text[start].isupper():
        yield "capital first"
    yield from (f"post:{slot}" for slot in _POSTS if reading.of(slot))


def _pairs(reading: Reading, title: Title, extent: str, features: set[str]) -> list[str]:
    """What a title says together with what stands beside it."""
    kinds = "+".join(sorted(title.kinds))
    head = reading.folded.lower[title.head[0] : title.head[1]]
    out = []
    for feature in features:
        if feature.startswith(("l1:", "r1:")):
            out += [f"{head} {feature}", f"{kinds} {feature}"]
        if feature.startswith("l1:"):
            out.append(f"{kinds} {extent} {feature}")
        if feature.startswith(_PAIRED):
            out.append(f"{kinds} {feature}")
    return out
