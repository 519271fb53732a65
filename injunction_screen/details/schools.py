"""Find details of the category ``school``: where a person attends or teaches, with the class.

``school_parts.py`` reads mentions (school + department + class).  A school with a class of its
own (4C, K2B) is a person's; one with a year or a course when somebody is in sight; a school
alone with a verb of attending or teaching, a child, or a name in its sentence; a class alone only
beside a name or its owners.  A school that a post adjoins (聖德書院校長) is a job title.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from injunction_screen.details.formats import Candidate
from injunction_screen.details.school_parts import NAMES, Part, mentions, parts_of
from injunction_screen.details.ties import (
    Cover,
    Sight,
    Span,
    beside,
    in_reach,
    neighbours,
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
NEAR_GRADE = 2  # characters between a name and a year without its class
NEAR_TITLE = 6  # characters between a name and its school: a title and a mark
NEAR_IS = 10  # characters between a name and its school: a verb and an adverb
NEAR_NAME = 4  # characters between a word for a pupil and the pupil's name
VERB_BEFORE, VERB_AFTER = 26, 12  # characters in which a verb of attending speaks for a school
NAME_SENTENCES = 3  # sentences around a school in which a name ties it to somebody
CHILD = 30  # characters before a school in which a child speaks for it
MARKS = frozenset(",;|/\n。!?")  # what parts a school from words that are not about it
CHOICE = 12  # characters in which talk of choosing schools reaches a school
OVER_PLACE = 0.985  # the score of a school whose name begins with an address
LEAD = 24  # characters before a mention in which a post or an owner is sought

CLASS, GRADE, NAME = "school.class_lettered", "school.class_grade", "school.name_zh"
TOLD_BY_VERB = "school.named_by_verb"
OWN_NAMES = NAMES - {"told"}
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
            if starts_within(sight.of("address"), start, end):
                score = OVER_PLACE  # the place is a part of the school's name
            yield Candidate("school", start, end, text, score, why)


def _score(reading: Reading, mention: list[Part], names: Sequence[Span], sight: Sight) -> Verdict:
    kinds = {part.kind for part in mention}
    span = start, end = mention[0].start, mention[-1].end
    if not kinds & NAMES:
        return _class_alone(reading, span, kinds, names)
    apart = end + 1 if reading.folded.text[end : end + 1] in MARKS else end + 2
    gate = rule_of(reading.book, "school_gate").match(reading.folded.lower, end)
    if gate is None and in_reach(reading, ("school_general",), end, apart):
        return NOBODY
    if "class" in kinds:
        return 0.975, CLASS
    if _of_many(reading, span) or _of_event(reading, span):
        return NOBODY
    sentence = sentences(reading, span, 0)
    named = starts_within(names, *sentence)
    child = reading.within(("school_child",), *sentence)
    chosen = reading.within(("school_admission",), start - CHOICE, end + CHOICE)
    if _of_post(reading, span) or (chosen and not named):
        return NOBODY
    if "told" in kinds and not kinds & OWN_NAMES:
        return (0.65, TOLD_BY_VERB) if _has_person(reading, span, names) else NOBODY
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
    return _by_neighbours(reading, span, names, short=short, child=child)


def _by_neighbours(
    reading: Reading, span: Span, names: Sequence[Span], *, short: bool, child: bool
) -> Verdict:
    """What a name or a child close by says of a school without a verb of attending.

    A name in the sentence is not enough: news and talk name schools as places, too.
    """
    text, low, (start, end) = reading.folded.text, reading.folded.lower, span
    latin = text[start].isascii() and text[start].isupper()
    person = beside(reading, span, names)
    ended = rule_of(reading.book, "school_class_end").match(low, end) is not None
    if person is not None and short and not (latin or ended or person[0] >= end):
        return NOBODY  # 某人中大拍片 says where: a short form behind a name must end its entry
    if person is not None or _behind_title(reading, span, names):
        return 0.6, NAME
    if _said_of(reading, span, names):
        return 0.65, NAME
    first, last = sentences(reading, span, 0)
    dressed = reading.within(("school_uniform",), first, last)
    waited = rule_of(reading.book, "school_gate").match(low, end) is not None
    named = not latin and starts_within(names, first, last)
    if waited and not short and (child or named or dressed):
        return 0.65, NAME
    if _boy_of(reading, span) or (
        rule_of(reading.book, "school_old_pupil_end").match(low, end) is not None
        and starts_within(names, first, last)
    ):
        return 0.7, NAME
    if short and not latin:
        return NOBODY  # Chinese short forms have too many other meanings
    near = child or starts_within(names, first, last)
    held = rule_of(reading.book, "school_held").match(low, end) is not None
    lead = latin and rule_of(reading.book, "school_lead").search(low, max(0, start - LEAD), start)
    if lead and lead["place"] and short and not child:
        lead = None  # what happens near a university is nobody's school
    if near and (held or lead):
        # A gazetteer's short form may look like a person's name: Ying Wa, Lam Woo.
        return (0.97 if short else 0.75), NAME
    if reading.within(("school_child",), max(first, start - CHILD), start):
        return 0.75, NAME
    if not (held or lead or (not short and _own_line(reading, span))):
        return NOBODY
    return (0.6, NAME) if starts_within(names, *sentences(reading, span, 1)) else NOBODY


def _boy_of(reading: Reading, span: Span) -> bool:
    """Whether somebody is called a boy or girl of a school: 佢係皇仁仔."""
    low, (start, end) = reading.folded.lower, span
    lead = rule_of(reading.book, "school_boy_lead").search(low, max(0, start - NEAR_VERB), start)
    return lead is not None and rule_of(reading.book, "school_boy_of").match(low, end) is not None


def _behind_title(reading: Reading, span: Span, names: Sequence[Span]) -> bool:
    """Whether a title and a mark stand between a name and a school: 戎sir, X中學."""
    rule = rule_of(reading.book, "school_titled")
    return any(
        0 <= span[0] - b <= NEAR_TITLE and rule.fullmatch(reading.folded.lower, b, span[0])
        for _, b in neighbours(span, names)
    )


def _said_of(reading: Reading, span: Span, names: Sequence[Span]) -> bool:
    """Whether a verb before a school and what ends the two make it somebody's: 梁某係港大嘅."""
    low, (start, end) = reading.folded.lower, span
    if _verb_between(reading, span, names):
        return rule_of(reading.book, "school_is_behind").match(low, end) is not None
    first = sentences(reading, span, 0)[0]
    return (
        rule_of(reading.book, "school_whose_lead").search(low, first, start) is not None
        and rule_of(reading.book, "school_whose").match(low, end) is not None
        and reading.within(("school_person",), first, start)
    )


def _verb_between(reading: Reading, span: Span, names: Sequence[Span]) -> bool:
    """Whether nothing but a verb of belonging stands between a name and a school or class."""
    rule = rule_of(reading.book, "school_is")
    return any(
        0 < span[0] - b <= NEAR_IS and rule.fullmatch(reading.folded.lower, b, span[0])
        for _, b in neighbours(span, names)
    )


def _own_line(reading: Reading, span: Span) -> bool:
    """Whether a school is a line of its own in somebody's card, but for marks."""
    low, (start, end) = reading.folded.lower, span
    first = low.rfind("\n", max(0, start - NEAR_VERB), start) + 1
    last = low.find("\n", end, end + NEAR_VERB)
    if (not first and start > NEAR_VERB) or (last < 0 and len(low) > end + NEAR_VERB):
        return False
    rest = low[first:start] + low[end : len(low) if last < 0 else last]
    return "\n" in low[max(0, start - NEAR_VERB) : end + NEAR_VERB] and not any(
        c.isalnum() for c in rest
    )


def _class_alone(reading: Reading, span: Span, kinds: set[str], names: Sequence[Span]) -> Verdict:
    """What speaks for a class without a school."""
    if "course" in kinds or _of_teacher(reading, span):
        return NOBODY
    low, (start, end) = reading.folded.lower, span
    lettered = "class" in kinds
    person = beside(reading, span, names)
    if person is not None and (lettered or max(start - person[1], person[0] - end) <= NEAR_GRADE):
        return (0.85 if lettered else 0.6), CLASS
    plain = rule_of(reading.book, "school_class_plain")  # 7B may be a flat, F.4 and 3B班 are none
    said = plain.fullmatch(low, start, end) or not lettered
    if said and _verb_between(reading, span, names):
        return (0.75 if lettered else 0.6), CLASS
    if rule_of(reading.book, "school_class_of").search(low, max(0, start - LEAD), start):
        return 0.75, CLASS
    sentence = sentences(reading, span, 0)
    near = starts_within(names, *sentence)
    if near and rule_of(reading.book, "school_class_pupil").match(low, end):
        return 0.75, CLASS
    if not lettered:
        return NOBODY
    around = sentences(reading, span, NAME_SENTENCES)
    if plain.fullmatch(low, start, end) and starts_within(names, *around):
        return 0.75, CLASS
    if (near or reading.within(("school_child",), *sentence)) and _entry(reading, span):
        return 0.75, CLASS
    owned = in_reach(reading, ("class_owner",), end, end + 3)
    return (0.7, CLASS) if owned else NOBODY


def _of_teacher(reading: Reading, span: Span) -> bool:
    """Whether a year is what a teacher teaches: Form 2 homeroom teacher."""
    rule = rule_of(reading.book, "school_teacher_behind")
    return rule.match(reading.folded.lower, span[1]) is not None


def _entry(reading: Reading, span: Span) -> bool:
    """Whether a class is an entry of its own (mum, 2D) or follows a word like "of"."""
    low, (start, end) = reading.folded.lower, span
    before = rule_of(reading.book, "school_class_lead").search(low, max(0, start - LEAD), start)
    return before is not None and bool(
        before["of"] or rule_of(reading.book, "school_class_end").match(low, end)
    )


def _of_many(reading: Reading, span: Span) -> bool:
    """Whether a school is one of a list (A、B等大學), or its pupils are spoken of as a crowd."""
    low, (start, end) = reading.folded.lower, span
    before = rule_of(reading.book, "school_crowd").search(low, max(0, start - LEAD), start)
    return before is not None or rule_of(reading.book, "school_listed").match(low, end) is not None


def _of_event(reading: Reading, span: Span) -> bool:
    """Whether a school is where something is held: a talk at ..."""
    low, start = reading.folded.lower, span[0]
    return (
        rule_of(reading.book, "school_event").search(low, max(0, start - LEAD), start) is not None
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
    """Whether a word like student stands behind, and a name straight before or behind the two."""
    last = sentences(reading, span, 0)[1]
    behind = min(last, span[1] + NEAR_VERB + 1)
    first, low = span[1], reading.folded.lower
    roles = reading.of("school_role")
    at = bisect_left(roles, (first,))
    if at == len(roles) or roles[at].start >= behind:
        return False
    hit = roles[at]
    if low[hit.end : hit.end + 1] == "會":
        return False  # an association of pupils
    near = starts_within(names, hit.end, min(last, hit.end + NEAR_NAME))
    return near or (
        hit.start == first
        and any(0 <= span[0] - b <= NEAR_TITLE for _, b in neighbours(span, names))
    )


def _has_person(reading: Reading, span: Span, names: Sequence[Span]) -> bool:
    """Whether a person stands close by in the sentence, or a name within a few sentences."""
    start, end = span
    first, last = sentences(reading, span, 0)
    before, behind = max(first, start - VERB_BEFORE), min(last, end + VERB_AFTER)
    if reading.within(("school_person",), before, behind):
        return True
    first, last = sentences(reading, span, NAME_SENTENCES)
    return starts_within(names, first, last)
