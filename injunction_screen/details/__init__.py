"""Find the personal details in a post: one module a category.

In: a ``Reading``.  Out: ``Detail`` records on the source text, in order, without overlaps.

Each category's module has ``find(reading, found)``, which yields ``Candidate`` records on the
canonical text; ``found`` holds what the modules before it found, so that a name finder can leave
e-mail addresses alone.  Where two candidates overlap, the one with the higher raw score stays, and
of two equal ones the longer, then the earlier category in ``FINDERS``.  What stays gets its score
as a probability (``confidence``); a user's own finders are taken at their word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from types import ModuleType

from injunction_screen.details import (
    addresses,
    birthdays,
    emails,
    identity_numbers,
    job_titles,
    names,
    phones,
    photos,
    plates,
    schools,
    social_accounts,
)
from injunction_screen.details.confidence import confidence
from injunction_screen.details.formats import Candidate
from injunction_screen.details.hidden import find_hidden
from injunction_screen.details.ways import ways
from injunction_screen.errors import InputError
from injunction_screen.records import CATEGORIES, Category, Detail
from injunction_screen.scan import Reading
from injunction_screen.text import undone

__all__ = ["Candidate", "Finder", "find_details"]

# A finder of one's own: text -> (category, start, end, score, label).
Finder = Callable[[str], Iterable[tuple[Category, int, int, float, str]]]

KEEP = 0.5  # candidates below this are no details
FINDERS: Mapping[Category, ModuleType] = {
    "email": emails,
    "social_account": social_accounts,
    "identity_number": identity_numbers,
    "phone": phones,
    "plate": plates,
    "address": addresses,
    "name": names,
    "birthday": birthdays,  # from here on: what is personal only when it is somebody's
    "school": schools,
    "job_title": job_titles,
    "photo": photos,
}


def find_details(reading: Reading, finders: Sequence[Finder] = ()) -> tuple[Detail, ...]:
    """The details of a post, those of a user's own ``finders`` too, in order of their start.

    >>> from injunction_screen import screen
    >>> [d.category for d in screen("Tel: 6123 4567").details]
    ['phone']
    """
    found = _found(reading)
    found = _with_hidden(found, list(find_hidden(reading, _found)))
    own = len(found)
    for finder in finders:
        found.extend(c for c in _foreign(reading, finder) if c.score >= KEEP)
    foreign = {id(candidate) for candidate in found[own:]}
    return tuple(
        _detail(reading, c, c.score if id(c) in foreign else _probability(c))
        for c in without_overlaps(found)
    )


def _found(reading: Reading, wanted: Set[str] = frozenset()) -> list[Candidate]:
    """What the categories' own finders see, as far as the last of those ``wanted``, if any are."""
    found: list[Candidate] = []
    left = set(wanted)
    for category, finder in FINDERS.items():
        fresh = [c for c in finder.find(reading, found) if c.score >= KEEP]
        found.extend(fresh)
        left.discard(category)
        if wanted and not left:
            break
    return found


def _with_hidden(found: list[Candidate], hidden: list[Candidate]) -> list[Candidate]:
    """Both, without what is a part of a hidden detail of the same category, or the same."""
    if not hidden:
        return found
    hidden = _without_joins(found, hidden)
    over: dict[tuple[str, int], Candidate] = {}  # the longest hidden detail over each place
    for h in sorted(hidden, key=lambda h: (h.end - h.start, h.score)):
        over.update(((h.category, place), h) for place in range(h.start, h.end))

    def is_part(c: Candidate) -> bool:
        h = over.get((c.category, c.start))
        if h is None or not (h.start <= c.start and c.end <= h.end):
            return False
        return h.score >= c.score or h.end - h.start > c.end - c.start

    return [*(c for c in found if not is_part(c)), *hidden]


def _without_joins(found: list[Candidate], hidden: list[Candidate]) -> list[Candidate]:
    """Without what runs over the end of a line into something that is a detail by itself."""
    if not any("lines" in h.via for h in hidden):
        return hidden
    own: dict[int, str] = {}
    for c in found:
        own.update((place, c.category) for place in range(c.start, c.end))
    return [
        h
        for h in hidden
        if "lines" not in h.via
        or {own.get(place) for place in range(h.start, h.end)} <= {None, h.category} - {"email"}
    ]


def _probability(candidate: Candidate) -> float:
    return confidence(candidate.category, candidate.pattern, candidate.score)


def _foreign(reading: Reading, finder: Finder) -> Iterator[Candidate]:
    """What a user's own finder says, on the canonical text.

    Raises:
        InputError: it names an unknown category, or a span that the text does not have.
    """
    name = getattr(finder, "__name__", type(finder).__name__)
    source = reading.folded.source
    for category, start, end, score, label in finder(source):
        if category not in CATEGORIES:
            raise InputError(f"finder {name}: there is no category '{category}'")
        if not 0 <= start < end <= len(source):
            raise InputError(f"finder {name}: {start}:{end} is no span of the text")
        a, b = reading.folded.canonical(start), reading.folded.canonical(end)
        if a < b:  # otherwise the span holds invisible characters only
            yield Candidate(category, a, b, source[start:end], float(score), label)


def without_overlaps(found: Sequence[Candidate]) -> list[Candidate]:
    """The one rule for overlaps: higher score, then longer, then earlier found."""
    taken: list[Candidate] = []
    covered: set[int] = set()
    ranked = sorted(
        enumerate(found), key=lambda pair: (-pair[1].score, pair[1].start - pair[1].end, pair[0])
    )
    for _, candidate in ranked:
        places = range(candidate.start, candidate.end)
        if covered.isdisjoint(places):
            covered.update(places)
            taken.append(candidate)
    return sorted(taken, key=lambda c: (c.start, c.end))


def _detail(reading: Reading, candidate: Candidate, score: float) -> Detail:
    start, end = reading.folded.span(candidate.start, candidate.end)
    source = reading.folded.source[start:end]
    told = [
        *undone(source, reading.book.folder).split("+"),
        *candidate.via.split("+"),
        *ways(candidate.category, reading.folded.lower[candidate.start : candidate.end]),
    ]
    return Detail(
        category=candidate.category,
        start=start,
        end=end,
        text=source,
        value=candidate.value,
        score=round(min(score, 1.0), 3),
        pattern=candidate.pattern,
        via="+".join(dict.fromkeys(way for way in told if way)),
    )
