"""Find details of the category ``school``: where a person attends or teaches, with the class.

The scan and the label records of ``patterns/formats/school.toml`` say where names of schools,
courses and classes stand.  Neighbours are joined to one mention (school + department + class).
A school with a class of its own (4C, K2B) is a person's; a school alone only with a verb of
attending or teaching and a person near; a class alone only beside a name or its owners.
"""

from __future__ import annotations

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
    rule_of,
    sentences,
    stands_at,
    starts_within,
    tied_formats,
    windows,
)
from injunction_screen.scan import Reading

__all__ = ["find"]

NAMES = frozenset({"known", "name"})
SHORT = 2  # characters of a Chinese short name (港大) that needs its verb right beside it
SHORT_LATIN = 5  # the same of an abbreviation (DBS)
GAZETTEERS = ("gazetteers/schools", "gazetteers/school_short")
NEAR_VERB = 5
VERB_BEFORE, VERB_AFTER = 26, 12  # characters in which a verb of attending speaks for a school
NAME_SENTENCES = 3  # sentences around a school in which a name ties it to somebody
MOST_PARTS = 6  # of one mention
BETWEEN = 16  # characters between two parts of one mention
NAME_LEAD, NAME_TAIL = 60, 40  # characters read around the last word of a school's name
COURSE_REACH = 60  # characters around a name in which its course may stand
TAKEN = ("address", "plate", "identity_number", "phone", "email", "social_account")


class _Part(NamedTuple):
    """A piece of a mention.

    ``known`` is a name of a gazetteer, ``name`` one that grammar reads, ``class`` one with its
    letter, ``grade`` one without, ``course`` a department or subject.
    """

    start: int
    end: int
    kind: str


def find(reading: Reading, found: Sequence[Candidate]) -> Iterator[Candidate]:
    """Candidates of this category.

    >>> from injunction_screen import screen
    >>> [d.text for d in screen("My name is Hailey and I study at Good Hope School 4C.").details
    ...  if d.category == "school"]
    ['Good Hope School 4C']
    """
    sight = Sight(found)
    yield from tied_formats(reading, "school", sight)
    parts = _parts(reading, sight)
    if not parts:
        return
    inside = Cover(len(reading.folded.text), (part[:2] for part in parts))
    names = [span for span in sight.of("name", "birthday", "identity_number") if inside.free(*span)]
    for mention in _mentions(reading, parts):
        start, end = mention[0].start, mention[-1].end
        score, why = _score(reading, mention, names)
        if score:
            text = reading.folded.text[start:end]
            yield Candidate("school", start, end, text, score, why)


# -- parts and mentions -----------------------------------------------------------------------


def _parts(reading: Reading, sight: Sight) -> list[_Part]:
    """All pieces, longest first at each place, none inside another."""
    low, text, book = reading.folded.lower, reading.folded.text, reading.book
    masks = reading.of("school_short_mask")
    parts = [
        _Part(hit.start, hit.end, "known")
        for hit in reading.of(*GAZETTEERS)
        if hit.end - hit.start > SHORT
        or not any(m.start <= hit.start and hit.end <= m.end for m in masks)
    ]
    for slot, label, source in (
        ("school_word", "school_name_zh", low),
        ("school_word_en", "school_name_en", text),
    ):
        hits = reading.of(slot)
        if hits:
            rule = rule_of(book, label)
            for start, end in windows(hits, len(low), NAME_LEAD, NAME_TAIL):
                parts += _read(rule, source, "name", start, end)
    if not parts and not sight.found and not reading.of("class_owner"):
        return []  # a class without school, person and owner is nobody's
    spans = [part[:2] for part in parts]
    for label, kind in (("school_class", "class"), ("school_grade", "grade")):
        parts += _read(rule_of(book, label), low, kind, 0, len(low))
    if spans:
        rule = rule_of(book, "school_course")
        for start, end in windows(sorted(spans), len(low), COURSE_REACH, COURSE_REACH):
            parts += _read(rule, low, "course", start, end)
    if not parts:
        return []
    taken = Cover(len(low), sight.of(*TAKEN))
    people = sight.of("name")
    kept = []
    for part in parts:
        if taken.free(part.start, part.end):
            start = part.start
            if part.kind == "name":  # one that grammar read back into a person's name
                start = behind_person(reading, part[:2], people)
            if start < part.end:
                kept.append(part._replace(start=start))
    return _longest(reading, kept)


def _read(rule: Any, source: str, kind: str, start: int, end: int) -> list[_Part]:
    return [
        _Part(m.start("value"), m.end("value"), kind) for m in rule.finditer(source, start, end)
    ]


def _longest(reading: Reading, parts: Sequence[_Part]) -> list[_Part]:
    """Known names first; a name that grammar reads longer counts when a place stands before it."""
    rank = {"known": 0, "class": 1, "course": 2, "name": 3, "grade": 4}
    places = {hit[:2] for hit in reading.of("gazetteers/places")}
    cover = Cover(len(reading.folded.text))
    ends: dict[int, _Part] = {}
    for part in sorted(parts, key=lambda p: (rank[p.kind], p.start - p.end)):
        known = ends.get(part.end)
        if known is None:
            if not cover.free(part.start, part.end):
                continue
        elif (
            part.kind != "name"
            or part.start >= known.start
            or not cover.free(part.start, known.start)
            or (known.kind == "known" and (part.start, known.start) not in places)
        ):
            continue
        cover.take(part.start, part.end)
        ends[part.end] = part if known is None else part._replace(kind=known.kind)
    return sorted(ends.values())


def _mentions(reading: Reading, parts: Sequence[_Part]) -> Iterator[list[_Part]]:
    """Runs of neighbouring parts, each kind at most once but for courses."""
    rule = rule_of(reading.book, "school_between")
    run: list[_Part] = []
    for part in parts:
        if 0 < len(run) < MOST_PARTS:
            gap = reading.folded.lower[run[-1].end : part.start]
            kinds = [p.kind for p in run]
            second = part.kind in NAMES and bool(NAMES & set(kinds))
            fits = part.kind == "course" or (not gap if second else part.kind not in kinds)
            if len(gap) <= BETWEEN and fits and rule.fullmatch(gap):
                run.append(part)
                continue
        if run:
            yield run
        run = [part]
    if run:
        yield run


# -- what makes a mention personal --------------------------------------------------------------


def _score(reading: Reading, mention: list[_Part], names: Sequence[Span]) -> tuple[float, str]:
    kinds = {part.kind for part in mention}
    span = start, end = mention[0].start, mention[-1].end
    if not kinds & NAMES:
        return _class_alone(reading, mention, names)
    if in_reach(reading, ("school_general",), end, end + 5):
        return 0.0, ""
    if "class" in kinds:
        return 0.96, "school.class_lettered"
    if _of_post(reading, span):
        return 0.0, ""
    latin = reading.folded.text[start].isascii()
    near = end - start <= (SHORT_LATIN if latin else SHORT)
    verb, tied = _verb(reading, span, near=near), _has_person(reading, span, names)
    if "grade" in kinds and (tied or verb):
        return 0.96, "school.class_grade"
    if (tied and verb) or _role(reading, span, names):
        return (0.96 if "known" in kinds else 0.85), "school.name_zh"
    if (latin or not near) and beside(reading, span, names) is not None:
        return 0.6, "school.name_zh"
    return 0.0, ""


def _class_alone(
    reading: Reading, mention: list[_Part], names: Sequence[Span]
) -> tuple[float, str]:
    start, end = mention[0].start, mention[-1].end
    if any(part.kind == "course" for part in mention):
        return 0.0, ""
    lettered = any(part.kind == "class" for part in mention)
    if beside(reading, (start, end), names) is not None:
        return (0.85 if lettered else 0.6), "school.class_lettered"
    owned = in_reach(reading, ("class_owner",), end, end + 3)
    dated = reading.folded.text[start : start + 4].isdecimal()
    if lettered and (owned or dated):
        return 0.7, "school.class_lettered"
    return 0.0, ""


def _of_post(reading: Reading, span: Span) -> bool:
    """Whether a post stands straight beside a school: the two are one job title."""
    low, book = reading.folded.lower, reading.book
    before = low[max(0, span[0] - 24) : span[0]]
    behind = rule_of(book, "school_with_post").match(low, span[1])
    return behind is not None or rule_of(book, "school_of_post").search(before) is not None


def _verb(reading: Reading, span: Span, *, near: bool) -> bool:
    """Whether a verb of attending or teaching stands before or behind, in the same sentence."""
    start, end = span
    first, last = sentences(reading, span, 0)
    before = max(first, start - (NEAR_VERB if near else VERB_BEFORE))
    behind = min(last, end + (NEAR_VERB if near else VERB_AFTER))
    return (
        reading.within(("school_verb",), before, start)
        or stands_at(reading, "school_verb", start) is not None
        or reading.within(("school_verb_zh_short",), max(first, start - 2), start)
        or reading.within(("school_after",), end, behind)
    )


def _role(reading: Reading, span: Span, names: Sequence[Span]) -> bool:
    """Whether a word like student or professor stands behind, and a name close by."""
    first, last = sentences(reading, span, 0)
    behind = min(last, span[1] + NEAR_VERB + 1)
    if not reading.within(("school_role",), span[1], behind):
        return False
    return starts_within(names, max(first, span[0] - VERB_BEFORE), min(last, span[1] + VERB_BEFORE))


def _has_person(reading: Reading, span: Span, names: Sequence[Span]) -> bool:
    """Whether a person stands close by in the sentence, or a name within a few sentences."""
    start, end = span
    first, last = sentences(reading, span, 0)
    before, behind = max(first, start - VERB_BEFORE), min(last, end + VERB_AFTER)
    if reading.within(("school_person",), before, behind):
        return True
    first, last = sentences(reading, span, NAME_SENTENCES)
    return starts_within(names, first, last)
