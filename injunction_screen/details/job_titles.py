"""Find details of the category ``job_title``: rank, post, unit or occupation of one person.

The scan and the label records of ``patterns/formats/job_title.toml`` say where ranks, units,
judges' titles, offices and occupations stand.  Neighbours make one title (PTU B連; SGT, EU NTS).
A title alone is nobody's; it counts when it is tied to a person: a name or a service number
beside it, a label before it, a verb of working or a pointing word with a person in sight, or an
office that only one person holds.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from injunction_screen.details.formats import Candidate
from injunction_screen.details.ties import (
    Cover,
    Sight,
    Span,
    behind_person,
    beside,
    in_reach,
    neighbours,
    rule_of,
    sentences,
    stands_at,
    starts_within,
    tied_formats,
    windows,
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
# Parts that a record reads around the words of a slot: (slot, label, kind).
_RECORDS = (
    ("job_unit_sign", "job_unit_zh", "unit"),
    ("job_unit_sign_en", "job_unit_en", "unit"),
    ("job_court_sign", "job_court", "court"),
    ("job_office_sign", "job_office", "office"),
    ("job_head_zh", "job_post_zh", "post"),
    ("job_head_en", "job_post_en", "post"),
    ("job_department_word", "job_department", "department"),
)
_IN_CAPITALS = frozenset({"job_unit_en", "job_post_en"})
LEAD, TAIL = 40, 64  # characters read before and behind the last word of an occupation
_TAKEN = ("name", "identity_number", "email", "social_account", "plate", "school", "address")
_SERVICE = frozenset({"rank", "unit", "judge"})
_LEANING = frozenset({"place", "court"})  # no title by themselves
# Details that say that a post is about somebody in particular.
_PERSONAL = (
    "name", "social_account", "phone", "identity_number", "plate", "birthday", "email", "photo"
)  # fmt: skip
_COMMAS = ",;|/(\n\N{IDEOGRAPHIC COMMA}\N{IDEOGRAPHIC FULL STOP}"
_ENDS_ENTRY = frozenset({"", *_COMMAS, ".", " ", ")"})
_PEOPLE = ("name", "social_account")
SUBJECT = 40  # characters before a verb of working in which the name stands
NEXT = 8  # characters between an entry of a row and the detail before it
POINTING = 12  # characters in which a pointing word speaks for a rank
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
    r"""Candidates of this category.

    >>> from injunction_screen import screen
    >>> [d.text for d in screen("Name: Chan Tai Man\nRank/Unit: SGT, EU NTS").details
    ...  if d.category == "job_title"]
    ['SGT, EU NTS']
    """
    sight = Sight(found)
    yield from tied_formats(reading, "job_title", sight)
    if sight.of(*_PERSONAL):
        yield from _tied_titles(reading, sight)
    if reading.of("job_one_holder_sign"):
        for match in rule_of(reading.book, "job_one_holder").finditer(reading.folded.lower):
            start, end = match.span()
            text = reading.folded.text[start:end]
            yield Candidate("job_title", start, end, text, 0.6, "job_title.one_holder")


def _tied_titles(reading: Reading, sight: Sight) -> Iterator[Candidate]:
    for title in _titles(reading, sight):
        score = _score(reading, title, sight)
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


def _titles(reading: Reading, sight: Sight) -> Iterator[_Title]:
    taken = Cover(len(reading.folded.text), sight.of(*_TAKEN))
    weak = {hit[:2] for hit in reading.of("job_weak")}
    never = {hit[:2] for hit in reading.of("job_never")}
    people = sight.of("name")
    starts = {a for a, _ in people}
    plain = {hit.end for hit in reading.of("job_person_post")}
    number_words = rule_of(reading.book, "job_number_word")
    parts = _longest(
        reading,
        (
            part
            for part in _parts(reading, people)
            if (part[:2] not in never or (part.kind == "rank" and part.end + 1 in starts))
            and taken.free(part.start, part.end)
            and not number_words.match(reading.folded.lower, part.end)
        ),
    )
    rule = rule_of(reading.book, "job_between")
    run: list[_Part] = []
    for part in parts:
        if run and not _joins(reading, rule, run[-1], part):
            yield from _title(run, weak, plain)
            run = []
        run.append(part)
    yield from _title(run, weak, plain)


def _joins(reading: Reading, rule: Any, left: _Part, right: _Part) -> bool:
    gap = reading.folded.lower[left.end : right.start]
    if len(gap) > 8 or not rule.fullmatch(gap):
        return False
    kinds = {left.kind, right.kind}
    if "place" in kinds:
        other = (kinds - {"place"}) or {"place"}
        return other <= {"unit", "rank"} and len(gap.strip()) <= 3
    return not kinds & {"department", "office"}


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


def _parts(reading: Reading, people: Sequence[Span]) -> Iterator[_Part]:
    """All parts of titles: words of the scan, and what records read around such words."""
    low, text = reading.folded.lower, reading.folded.text
    for slot, kind in _SLOTS:
        yield from (_Part(hit.start, hit.end, kind) for hit in reading.of(slot))
    for slot, label, kind in _RECORDS:
        hits = reading.of(slot)
        if hits:
            rule = rule_of(reading.book, label)
            source = text if label in _IN_CAPITALS else low
            for start, end in windows(hits, len(text), LEAD, TAIL):
                for match in rule.finditer(source, start, end):
                    first = behind_person(reading, match.span("value"), people)
                    if first < match.end("value"):
                        yield _Part(first, match.end("value"), kind)


def _longest(reading: Reading, parts: Iterator[_Part]) -> list[_Part]:
    """The longest part at each place; ranks and units before occupations of the same length."""
    rank = {"judge": 0, "rank": 1, "office": 2, "unit": 3, "post": 4, "department": 5}
    cover = Cover(len(reading.folded.text))
    kept: list[_Part] = []
    for part in sorted(parts, key=lambda p: (p.start - p.end, rank.get(p.kind, 6))):
        if cover.free(part.start, part.end):
            cover.take(part.start, part.end)
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


def _score(reading: Reading, title: _Title, sight: Sight) -> float:
    span, text = (title.start, title.end), reading.folded.text
    people, numbers = sight.of(*_PEOPLE), sight.of("identity_number")
    if _labelled(reading, span):
        return 0.9 if people or numbers else 0.0
    gap = _name_gap(reading, span, sight)
    if gap is not None:
        if title.weak and not title.kinds & {"rank", "judge"} and gap > 3:
            return 0.0
        if title.plain and starts_within(people, title.end, title.end + REACH):
            return 0.0
        return 0.0 if gap == 0 and _as_address(reading, span, people) else 0.88
    capital = title.kinds & {"rank", "judge"} and text[title.start].isupper()
    if capital and rule_of(reading.book, "job_somebody").match(text, title.end):
        return 0.75
    if not title.weak and title.kinds & _SERVICE and beside(reading, span, numbers):
        return 0.85
    return max(
        _worked(reading, title, people),
        _listed(reading, title, sight),
        _pointed_at(reading, title, sight),
        _told_of(reading, title),
    )


def _labelled(reading: Reading, span: Span) -> bool:
    """Whether a label and nothing else stands before a title in its line."""
    label = stands_at(reading, "job_label", span[0], slack=4)
    if label is None:
        return False
    return reading.folded.text[label[1] : span[0]].strip(" ") in (":", "-", "=")


def _name_gap(reading: Reading, span: Span, sight: Sight) -> int | None:
    """How far the name is that a title belongs to, ``None`` when there is none."""
    low = reading.folded.lower
    start, end = span
    for a, b in neighbours(span, sight.of(*_PEOPLE)):
        if end <= a <= end + REACH:
            if rule_of(reading.book, "job_to_name").fullmatch(low[end:a]):
                return a - end
        elif b <= start <= b + 2 * REACH:
            gap = _without_details(low, b, start, sight)
            if len(gap) <= REACH and rule_of(reading.book, "job_from_name").fullmatch(gap):
                return len(gap)
    return None


def _without_details(text: str, start: int, end: int, sight: Sight) -> str:
    """The text between, ages and other details left out: (41, yoga instructor)."""
    spans = sight.of()
    kept, at = [], start
    for a, b in spans[bisect_left(spans, (start,)) : bisect_left(spans, (end,))]:
        if b <= end:
            kept.append(text[at:a])
            at = max(at, b)
    return "".join([*kept, text[at:end]])


def _as_address(reading: Reading, span: Span, people: Sequence[Span]) -> bool:
    """Whether an occupation only addresses somebody by the surname before it."""
    before = any(b == span[0] for _, b in neighbours(span, people))
    return before and any(hit[:2] == span for hit in reading.of("job_as_address"))


def _worked(reading: Reading, title: _Title, people: Sequence[Span]) -> float:
    """What a verb of working says, with a name in the neighbourhood."""
    span, text = (title.start, title.end), reading.folded.text
    if not starts_within(people, *sentences(reading, span, 1)):
        return 0.0
    verb = stands_at(reading, "job_work_before", title.start)
    if verb is not None and not text[verb[1] : title.start].strip():
        first = max(sentences(reading, span, 0)[0], title.start - SUBJECT)
        lead = text[max(0, verb[0] - 2) : verb[0]].rstrip(" ")[-1:]
        # A name before it in the sentence, or an entry of its own in a list of details.
        if title.kinds & _SERVICE or lead in _COMMAS or starts_within(people, first, title.start):
            return 0.8
    if title.kinds & _SERVICE and _straight_behind(reading, "job_work_after", title.end):
        return 0.75
    return 0.0


def _told_of(reading: Reading, title: _Title) -> float:
    """What "her brother is a ..." says, in a post that has a detail of somebody."""
    verb = stands_at(reading, "job_is", title.start)
    if verb is None:
        return 0.0
    first = max(sentences(reading, (title.start, title.end), 0)[0], verb[0] - POINTING)
    return 0.7 if reading.within(("job_of_somebody",), first, verb[0]) else 0.0


def _listed(reading: Reading, title: _Title, sight: Sight) -> float:
    """What the row says: a title straight behind a class or an age, or an entry of its own."""
    span, text = (title.start, title.end), reading.folded.text
    if any(b <= title.start <= b + 2 for _, b in neighbours(span, sight.of("school"))):
        return 0.8
    ages = neighbours(span, sight.of("birthday")) if "post" in title.kinds else ()
    if any(text[b : title.start] == " " for _, b in ages):
        return 0.7
    entry = title.start
    while entry > max(0, title.start - REACH) and not _parts_entries(text, entry):
        entry -= 1
    leads = rule_of(reading.book, "job_organisation")
    if text[title.end : title.end + 1] not in _ENDS_ENTRY or not leads.fullmatch(
        reading.folded.lower, entry, title.start
    ):
        return 0.0
    if title.kinds & {"rank", "unit"} and not title.weak:
        near = starts_within(sight.of(*_PERSONAL), *sentences(reading, span, 1))
        return 0.7 if near else 0.0
    before = [b for _, b in neighbours((entry, entry), sight.of()) if b < entry <= b + NEXT]
    return 0.7 if before and not title.plain else 0.0


def _parts_entries(text: str, at: int) -> bool:
    return text[at - 1] in _COMMAS or text[at - 2 : at] == ". "


def _pointed_at(reading: Reading, title: _Title, sight: Sight) -> float:
    """What a pointing word says, in a post that has something of a person."""
    if title.weak and "rank" not in title.kinds:
        return 0.0
    first = max(sentences(reading, (title.start, title.end), 0)[0], title.start - POINTING)
    if not in_reach(reading, ("job_pointing",), first, title.start):
        return 0.0
    if title.kinds & {"rank", "judge"}:
        return 0.7
    pictured = sight.sorts & {"photo", "social_account"}
    return 0.6 if pictured and "post" in title.kinds else 0.0


def _straight_behind(reading: Reading, slot: str, at: int) -> bool:
    """Whether a word of a slot stands straight behind a place, one blank between at most."""
    text = reading.folded.text
    start = at + 1 if text[at : at + 1] == " " else at
    return starts_within(reading.of(slot), start, start + 1)
