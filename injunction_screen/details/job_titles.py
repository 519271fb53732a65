"""Find details of the category ``job_title``: rank, post, unit or occupation of one person.

The scan and the label records of ``patterns/formats/job_title.toml`` say where ranks, units,
judges' titles, offices and occupations stand.  Neighbours make one title (PTU B連; SGT, EU NTS).
A title alone is nobody's; it counts when it is tied to a person: a name or a service number
beside it, a label before it, a verb of working or a pointing word with a person in sight, or an
office that only one person holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from injunction_screen.details.formats import Candidate
from injunction_screen.details.ties import (
    Span,
    beside,
    found_spans,
    rule_of,
    sentences,
    tied_formats,
)
from injunction_screen.scan import Reading

__all__ = ["find"]

# Slots of the scan whose words are parts of a title, and labels of records, with their kind.
_SLOTS = (
    ("gazetteers/police_ranks", "rank"),
    ("job_rank", "rank"),
    ("gazetteers/police_units", "unit"),
    ("job_unit", "unit"),
    ("gazetteers/judicial_titles", "judge"),
    ("job_judge", "judge"),
    ("job_place", "place"),
)
_LABELS = (
    ("job_unit_zh", "unit"),
    ("job_court", "court"),
    ("job_office", "office"),
    ("job_post_zh", "post"),
    ("job_department", "department"),
)
_CASE_LABELS = (("job_unit_en", "unit"), ("job_post_en", "post"))
_SERVICE = frozenset({"rank", "unit", "judge"})
_LEANING = frozenset({"place", "court"})  # no title by themselves
REACH = 24  # characters between a title and the name that it belongs to


class _Part(NamedTuple):
    start: int
    end: int
    kind: str


class _Title(NamedTuple):
    """Neighbouring parts read as one; ``weak`` when all of them are ordinary words."""

    start: int
    end: int
    kinds: frozenset[str]
    weak: bool
    plain: bool


def find(reading: Reading, found: Sequence[Candidate]) -> Iterator[Candidate]:
    """Candidates of this category.

    >>> from injunction_screen import screen
    >>> [d.text for d in screen("Name: Chan Tai Man\\nRank/Unit: SGT, EU NTS").details
    ...  if d.category == "job_title"]
    ['SGT, EU NTS']
    """
    yield from tied_formats(reading, "job_title", found)
    people = found_spans(found, "name")
    numbers = found_spans(found, "identity_number")
    if not found:
        return
    for title in _titles(reading, found):
        score = _score(reading, title, found, people, numbers)
        if score:
            start, end = _with_company(reading, title)
            text = reading.folded.text[start:end]
            yield Candidate("job_title", start, end, text, score, _why(title))


def _why(title: _Title) -> str:
    for kind, why in (
        ("office", "job_title.office"),
        ("judge", "job_title.court"),
        ("rank", "job_title.unit_zh"),
        ("unit", "job_title.unit_zh"),
        ("department", "job_title.department"),
    ):
        if kind in title.kinds:
            return why
    return "job_title.post_zh"


# -- titles -----------------------------------------------------------------------------------


def _titles(reading: Reading, found: Sequence[Candidate]) -> Iterator[_Title]:
    taken = found_spans(
        found, "name", "identity_number", "email", "social_account", "plate", "school", "address"
    )
    weak = {hit[:2] for hit in reading.of("job_weak")}
    never = {hit[:2] for hit in reading.of("job_never")}
    plain = {hit.end for hit in reading.of("job_person_post")}
    parts = _longest(
        part
        for part in _parts(reading)
        if (part.start, part.end) not in never
        and not any(a < part.end and part.start < b for a, b in taken)
    )
    rule = rule_of(reading.book, "job_between")
    run: list[_Part] = []
    for part in parts:
        if run and not _joins(reading, rule, run[-1], part):
            yield from _title(run, weak, plain)
            run = []
        run.append(part)
    yield from _title(run, weak, plain)


def _joins(reading: Reading, rule: object, left: _Part, right: _Part) -> bool:
    gap = reading.folded.lower[left.end : right.start]
    if len(gap) > 8 or not rule.fullmatch(gap):  # type: ignore[attr-defined]
        return False
    kinds = {left.kind, right.kind}
    if "place" in kinds:
        other = (kinds - {"place"}) or {"place"}
        return other <= {"unit", "rank"} and len(gap.strip()) <= 3
    if "department" in kinds or "office" in kinds:
        return False
    return True


def _title(run: list[_Part], weak: set[Span], plain: set[int]) -> Iterator[_Title]:
    while run and run[0].kind == "court" and len(run) == 1:
        return
    kinds = frozenset(part.kind for part in run)
    if not kinds - _LEANING:
        return
    yield _Title(
        run[0].start,
        run[-1].end,
        kinds,
        all(part[:2] in weak or part.kind in _LEANING for part in run),
        len(run) == 1 and run[0].end in plain and run[0].kind == "post",
    )


def _parts(reading: Reading) -> Iterator[_Part]:
    low, text, book = reading.folded.lower, reading.folded.text, reading.book
    for slot, kind in _SLOTS:
        yield from (_Part(hit.start, hit.end, kind) for hit in reading.of(slot))
    for labels, source in ((_LABELS, low), (_CASE_LABELS, text)):
        for label, kind in labels:
            rule = rule_of(book, label)
            yield from (_Part(*m.span("value"), kind) for m in rule.finditer(source))


def _longest(parts: Iterator[_Part]) -> list[_Part]:
    """The longest part at each place; ranks and units before occupations of the same length."""
    rank = {"judge": 0, "rank": 1, "office": 2, "unit": 3, "post": 4, "department": 5}
    kept: list[_Part] = []
    order = sorted(parts, key=lambda p: (p.start - p.end, rank.get(p.kind, 6)))
    for part in order:
        if all(part.end <= other.start or other.end <= part.start for other in kept):
            kept.append(part)
    return sorted(kept)


def _with_company(reading: Reading, title: _Title) -> Span:
    """The title with the firm that a card names behind it."""
    low = reading.folded.lower
    if title.kinds <= {"post"}:
        tail = rule_of(reading.book, "job_company").match(low, title.end)
        if tail is not None:
            return title.start, tail.end()
    return title.start, title.end


# -- what ties a title to a person --------------------------------------------------------------


def _score(
    reading: Reading,
    title: _Title,
    found: Sequence[Candidate],
    people: Sequence[Span],
    numbers: Sequence[Span],
) -> float:
    span = title.start, title.end
    if _labelled(reading, span):
        return 0.9 if people or numbers else 0.0
    gap = _name_gap(reading, title, people, found)
    if gap is not None:
        if title.weak and not title.kinds & {"rank", "judge"} and gap > 3:
            return 0.0
        return 0.0 if title.plain else 0.88
    if title.kinds & _SERVICE and beside(reading, span, numbers) is not None:
        return 0.85
    first, last = sentences(reading, span, 1)
    person_near = any(first <= a < last for a, _ in people)
    before = max(first, title.start - 12), title.start
    if person_near and _straight(reading, "job_work_before", title.start, before=True):
        return 0.8
    if person_near and title.kinds & _SERVICE:
        if _straight(reading, "job_work_after", title.end, before=False):
            return 0.75
    if title.kinds & {"rank", "judge"} and found and _points(reading, before):
        return 0.7
    if "office" in title.kinds and title.end - title.start >= 4:
        return 0.55
    return 0.0


def _labelled(reading: Reading, span: Span) -> bool:
    """Whether a label and nothing else stands before a title in its line."""
    start = span[0]
    text = reading.folded.text
    return any(
        start - 4 <= hit.end <= start and text[hit.end : start].strip(" ") in (":", "-", "=")
        for hit in reading.of("job_label")
    )


def _name_gap(
    reading: Reading, title: _Title, people: Sequence[Span], found: Sequence[Candidate]
) -> int | None:
    """How far the name is that a title belongs to, ``None`` when there is none."""
    low = reading.folded.lower
    to_name = rule_of(reading.book, "job_to_name")
    from_name = rule_of(reading.book, "job_from_name")
    for a, b in people:
        if title.end <= a <= title.end + REACH and to_name.fullmatch(low[title.end : a]):
            return a - title.end
        if b <= title.start <= b + REACH:
            gap = _without_ages(low, b, title.start, found)
            if from_name.fullmatch(gap):
                return len(gap)
    return None


def _without_ages(text: str, start: int, end: int, found: Sequence[Candidate]) -> str:
    """The text between, ages and other details left out: (41, yoga instructor)."""
    inside = [(c.start, c.end) for c in found if start <= c.start and c.end <= end]
    kept, at = [], start
    for a, b in sorted(inside):
        kept.append(text[at:a])
        at = max(at, b)
    kept.append(text[at:end])
    return "".join(kept)


def _straight(reading: Reading, slot: str, at: int, *, before: bool) -> bool:
    """Whether a word of a slot stands straight before (or behind) a place, one blank between."""
    text = reading.folded.text
    for hit in reading.of(slot):
        gap = text[hit.end : at] if before else text[at : hit.start]
        if (hit.end <= at if before else hit.start >= at) and len(gap) <= 2 and not gap.strip():
            return True
    return False


def _points(reading: Reading, before: Span) -> bool:
    return any(before[0] <= hit.start < before[1] for hit in reading.of("job_pointing"))
