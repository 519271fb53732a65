"""Find details of the category ``school``: where a person attends or teaches, with the class.

``school_parts.py`` reads mentions (school + department + class).  A school with a class of its
own (4C, K2B) is a person's; one with a year or a course when somebody is in sight; a school
alone with a verb of attending or teaching, a child, or a name in its sentence; a class alone only
beside a name or its owners.  A school that a post adjoins (聖德書院校長) is a job title.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from injunction_screen.details.formats import Candidate
from injunction_screen.details.school_parts import NAMES, Part, mentions, parts_of
from injunction_screen.details.ties import (
    Cover,
    Sight,
    Span,
    beside,
    in_reach,
    rule_of,
    sentences,
    stands_at,
    starts_within,
    tied_formats,
)
from injunction_screen.scan import Reading

__all__ = ["find"]

PEOPLE = ("name", "birthday", "identity_number", "social_account")  # what a person is told by
NEAR_VERB = 5
VERB_BEFORE, VERB_AFTER = 26, 12  # characters in which a verb of attending speaks for a school
NAME_SENTENCES = 3  # sentences around a school in which a name ties it to somebody
CHOICE = 12  # characters in which talk of choosing schools reaches a school
LEAD = 24  # characters before a mention in which a post or an owner is sought

CLASS, GRADE, NAME = "school.class_lettered", "school.class_grade", "school.name_zh"
Verdict = tuple[float, str]
NOBODY: Verdict = (0.0, "")


def find(reading: Reading, found: Sequence[Candidate]) -> Iterator[Candidate]:
    """Candidates of this category.

    >>> from injunction_screen import screen
    >>> [d.text for d in screen("My name is Hailey and I study at Good Hope School 4C.").details
    ...  if d.category == "school"]
    ['Good Hope School 4C']
    """
    sight = Sight(found)
    yield from tied_formats(reading, "school", sight)
    parts = parts_of(reading, sight)
    if not parts:
        return
    inside = Cover(len(reading.folded.text), (part[:2] for part in parts))
    names = [span for span in sight.of(*PEOPLE) if inside.free(*span)]
    for mention in mentions(reading, parts):
        start, end = mention[0].start, mention[-1].end
        score, why = _score(reading, mention, names, sight)
        if score:
            text = reading.folded.text[start:end]
            yield Candidate("school", start, end, text, score, why)


def _score(reading: Reading, mention: list[Part], names: Sequence[Span], sight: Sight) -> Verdict:
    kinds = {part.kind for part in mention}
    span = start, end = mention[0].start, mention[-1].end
    if not kinds & NAMES:
        return _class_alone(reading, span, kinds, names)
    if in_reach(reading, ("school_general",), end, end + 2):
        return NOBODY
    if "class" in kinds:
        return 0.96, CLASS
    sentence = sentences(reading, span, 0)
    named = starts_within(names, *sentence)
    child = reading.within(("school_child",), *sentence)
    chosen = reading.within(("school_admission",), start - CHOICE, end + CHOICE)
    if _of_post(reading, span) or (chosen and not named):
        return NOBODY
    saint = rule_of(reading.book, "school_saint").fullmatch(reading.folded.text, start, end)
    short = saint is not None or not kinds & {"known", "name"}
    verb = _verb(reading, span, near=short)
    if kinds & {"grade", "course"}:
        around = sentences(reading, span, NAME_SENTENCES)
        somebody = child or verb or starts_within(sight.of(), *around)
        if somebody or (not short and "grade" in kinds):
            return 0.96, GRADE
        if "grade" in kinds or _has_person(reading, span, names):
            return 0.75, GRADE
    if _role(reading, span, names) or (verb and _has_person(reading, span, names)):
        return (0.96 if "known" in kinds else 0.85), NAME
    loose = rule_of(reading.book, "school_weak").search(reading.folded.lower, start, end)
    if not child and (saint is not None or (loose is not None and "known" not in kinds)):
        return NOBODY  # a church, too; or no school's name at all
    return _by_neighbours(reading, span, names, short=short, near=named or child)


def _by_neighbours(
    reading: Reading, span: Span, names: Sequence[Span], *, short: bool, near: bool
) -> Verdict:
    """What a name or a child in the sentence says of a school without a verb."""
    if beside(reading, span, names) is not None:
        return 0.6, NAME
    text, (start, end) = reading.folded.text, span
    if short and not (text[start].isascii() and text[start].isupper()):
        return NOBODY  # Chinese short forms have too many other meanings
    if short and text[start:end].isupper():
        lead = rule_of(reading.book, "school_initials_lead")
        if not lead.search(reading.folded.lower, max(0, start - LEAD), start):
            return NOBODY  # beaten by DGS, BU's canteen
    if near:
        # A gazetteer's short form may look like a person's name: Ying Wa, Lam Woo.
        return (0.97 if short else 0.75), NAME
    if starts_within(names, *sentences(reading, span, 1)):
        return 0.6, NAME
    return NOBODY


def _class_alone(reading: Reading, span: Span, kinds: set[str], names: Sequence[Span]) -> Verdict:
    """What speaks for a class without a school."""
    if "course" in kinds:
        return NOBODY
    low, (start, end) = reading.folded.lower, span
    lettered = "class" in kinds
    if beside(reading, span, names) is not None:
        return (0.85 if lettered else 0.6), CLASS
    if rule_of(reading.book, "school_class_of").search(low, max(0, start - LEAD), start):
        return 0.75, CLASS
    sentence = sentences(reading, span, 0)
    near = starts_within(names, *sentence)
    if near and rule_of(reading.book, "school_class_pupil").match(low, end):
        return 0.75, CLASS
    if not lettered:
        return NOBODY
    plain = rule_of(reading.book, "school_class_plain")
    if names and plain.fullmatch(low, start, end):
        return 0.75, CLASS
    if (near or reading.within(("school_child",), *sentence)) and _entry(reading, span):
        return 0.75, CLASS
    owned = in_reach(reading, ("class_owner",), end, end + 3)
    return (0.7, CLASS) if owned else NOBODY


def _entry(reading: Reading, span: Span) -> bool:
    """Whether a class is an entry of its own (mum, 2D) or follows a word like "of"."""
    low, (start, end) = reading.folded.lower, span
    before = rule_of(reading.book, "school_class_lead").search(low, max(0, start - LEAD), start)
    return before is not None and bool(
        before["of"] or rule_of(reading.book, "school_class_end").match(low, end)
    )


def _of_post(reading: Reading, span: Span) -> bool:
    """Whether a post stands straight beside a school: the two are one job title."""
    low, book = reading.folded.lower, reading.book
    before = low[max(0, span[0] - LEAD) : span[0]]
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
