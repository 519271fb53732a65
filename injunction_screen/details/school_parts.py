"""Read the parts of a school mention: names, branches, courses and classes.

In: a ``Reading`` and the details found so far.  Out: ``Part`` records in order, none inside
another, and the runs of neighbours that are one mention (理大 + 電機工程系 + 三年級).  What a
part looks like is said in ``patterns/formats/school.toml``; whether a mention is somebody's
school is decided in ``schools.py``.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from injunction_screen.details.ties import (
    Cover,
    Sight,
    Span,
    Spans,
    behind_person,
    rule_of,
    windows,
)
from injunction_screen.patternbook import PatternBook, folded_words
from injunction_screen.scan import Reading

__all__ = ["NAMES", "Part", "mentions", "parts_of"]

NAMES = frozenset({"known", "name", "short", "told"})
GAZETTEERS = ("gazetteers/schools", "gazetteers/school_short", "school_short_more")
SHORT = 2  # characters of a Chinese short name (港大) that is often no name
SHORT_NAME = 5  # characters: a Chinese gazetteer name up to this, without a school word, is short
BY_CONTEXT = ("school_by_verb_sign", "school_short_course_sign")
VERB_LEAD, VERB_TAIL = 4, 60  # characters read around a verb that tells a school by itself
INITIALS = 6  # letters of an abbreviation that counts in small letters too (hku, polyu)
MOST_PARTS = 6  # of one mention
BETWEEN = 16  # characters between two parts of one mention
NAME_LEAD, NAME_TAIL = 60, 40  # characters read around the last word of a school's name
CLASS_LEAD, CLASS_TAIL = 10, 16  # characters read around the sign of a class
COURSE_REACH = 60  # characters around a name in which its course may stand
BODY = 5  # characters of a Chinese name without the word for a school
TAKEN = ("plate", "identity_number", "phone", "email", "social_account")
RANK = {
    "known": 0,
    "class": 1,
    "name": 2,
    "short": 3,
    "told": 4,
    "branch": 5,
    "course": 6,
    "grade": 7,
}


class Part(NamedTuple):
    """A piece of a mention.

    ``known`` is a whole name of a gazetteer, ``short`` a short form (港大, DBS, Ying Wa), ``name``
    one that grammar reads, ``told`` one that only the verb before it tells, ``branch`` what
    follows in brackets, ``class`` one with its letter, ``grade`` one without, ``course`` a
    department, subject or degree.
    """

    start: int
    end: int
    kind: str


def parts_of(reading: Reading, sight: Sight) -> list[Part]:
    """All pieces in order, the surest and then longest at each place, none inside another."""
    names = [*_known(reading), *_named(reading)]
    told = sight.found and reading.of(*BY_CONTEXT)
    signs = reading.of("school_class_sign")
    pupils = reading.of("school_role", "school_after") if sight.found else []
    owned = signs and (sight.found or reading.of("class_owner"))
    if not names and not pupils and not owned and not told:
        return []  # a class without school, person and owner is nobody's
    size = len(reading.folded.lower)
    years = list(_years(reading, windows(signs, size, CLASS_LEAD, CLASS_TAIL)))
    names += _named_by_class(reading, years)
    names += _named_before_class(reading, years)
    names += _bodies_before(reading, [*(year.start for year in years), *(h.start for h in pupils)])
    names += _named_by_context(reading, sight)
    if sight.found:
        rule = rule_of(reading.book, "school_abbreviation")
        around = sorted([year[:2] for year in years] + [hit[:2] for hit in pupils])
        for start, end in windows(around, size, CLASS_LEAD, CLASS_TAIL):
            names += _read(rule, reading.folded.text, "short", start, end)
    found = [*names, *years, *_courses(reading, names)]
    return _longest(reading, _free(reading, found, sight))


def mentions(reading: Reading, parts: Sequence[Part]) -> Iterator[list[Part]]:
    """Runs of neighbouring parts, each kind at most once but for courses and branches."""
    rule, house = rule_of(reading.book, "school_between"), rule_of(reading.book, "school_house")
    low = reading.folded.lower
    run: list[Part] = []
    for part in parts:
        if 0 < len(run) < MOST_PARTS:
            gap = low[run[-1].end : part.start]
            kinds = {p.kind for p in run}
            if part.kind in NAMES and NAMES & kinds:
                # two schools, unless the second is a house of the first: CUHK, Shaw College
                second = run[-1].kind == "short" and house.search(low, part.start, part.end)
                fits = not gap or bool(second)
            else:
                fits = part.kind in ("course", "branch") or part.kind not in kinds
            if len(gap) <= BETWEEN and fits and rule.fullmatch(gap):
                run.append(part)
                continue
        if run:
            yield run
        run = [part]
    if run:
        yield run


# -- names ------------------------------------------------------------------------------------


def _known(reading: Reading) -> Iterator[Part]:
    """Names and short forms of the gazetteers."""
    hits = reading.of(*GAZETTEERS)
    if not hits:
        return
    text, masks = reading.folded.text, Spans(hit[:2] for hit in reading.of("school_short_mask"))
    ends = {hit.end for hit in reading.of("school_word")}
    cut = rule_of(reading.book, "school_year_behind")
    dotted = rule_of(reading.book, "school_dotted")
    ranks = {hit[:2] for hit in reading.of("gazetteers/police_ranks")}
    for start, end, _ in hits:
        if (start, end) in ranks:
            continue  # SPC is a senior police constable
        if text[start].isascii():
            if end - start > INITIALS and text[start].islower():
                continue
            if text[start - 1 : start] == "." or dotted.match(text, end):
                continue  # a part of an address: www.x.edu.hk
            whole = reading.within(("school_word_en",), start, end)
        else:
            if end - start == SHORT and (cut.match(text, end) or masks.hold(start, end)):
                continue
            whole = end in ends or end - start > SHORT_NAME
        yield Part(start, end, "known" if whole else "short")


def _named(reading: Reading) -> Iterator[Part]:
    """Names that grammar reads around their last words."""
    low, text = reading.folded.lower, reading.folded.text
    for slot, label, source in (
        ("school_word", "school_name_zh", low),
        ("school_word_en", "school_name_en", text),
    ):
        hits = reading.of(slot)
        if hits:
            rule = rule_of(reading.book, label)
            for start, end in windows(hits, len(low), NAME_LEAD, NAME_TAIL):
                yield from _read(rule, source, "name", start, end)


def _named_by_class(reading: Reading, years: Sequence[Part]) -> Iterator[Part]:
    """Names that only the class before them tells: Year 12 at Fenwick International."""
    places = {hit[:2] for hit in reading.of("gazetteers/places")} if years else set()
    for label in ("school_name_at", "school_name_at_zh"):
        rule = rule_of(reading.book, label)
        for year in years:
            behind = rule.match(reading.folded.text, year.end)
            if behind is not None and behind.span("value") not in places:
                start, end = behind.span("value")
                yield Part(start, end, "name")


def _named_before_class(reading: Reading, years: Sequence[Part]) -> Iterator[Part]:
    """Names that only the class behind them tells: at Quarry Bay Little Lambs K1."""
    rule = rule_of(reading.book, "school_name_before_class")
    body = rule_of(reading.book, "school_body_lead")
    spans = [year[:2] for year in years]
    places = {hit[:2] for hit in reading.of("gazetteers/places")} if years else set()
    for start, end in windows(spans, len(reading.folded.lower), NAME_LEAD, 0):
        for part in _read(rule, reading.folded.text, "name", start, end):
            if part[:2] not in places:
                # a body's name is in the gazetteer: the longer one is to stay
                known = body.match(reading.folded.text, part.start) is not None
                yield part._replace(kind="known") if known else part


def _bodies_before(reading: Reading, places: Sequence[int]) -> Iterator[Part]:
    """Short forms of known schools straight before a class or a verb: 何福堂 2C, 大埔王肇枝讀緊.

    A short form is a name without the word for a school at its end.  It is read only here, since
    many are a person's name or a word besides.
    """
    if not places:
        return
    text, book = reading.folded.text, reading.book
    attending = rule_of(book, "school_attending_before")
    bodies, towns = _bodies(book), frozenset(folded_words(book.slots["school_town"], book.folder))
    town_places = {hit[:2] for hit in reading.of("gazetteers/places")}
    for at in sorted(set(places)):
        end = at - 1 if text[at - 1 : at] == " " else at
        for size in range(BODY, SHORT - 1, -1):
            start = end - size
            if start < 0 or text[start:end] not in bodies or (start, end) in town_places:
                continue
            town = next((n for n in (3, 2) if text[max(0, start - n) : start] in towns), 0)
            before = text[start - 1 : start]
            if (
                town
                or size > SHORT
                or not before.isalnum()
                or attending.match(text, start - 1) is not None
            ):
                yield Part(start - town, end, "short")
            break


_BODIES: dict[str, frozenset[str]] = {}


def _bodies(book: PatternBook) -> frozenset[str]:
    """The gazetteer's Chinese names without the word for a school at their end."""
    if book.ruleset not in _BODIES:
        ends = sorted(folded_words(book.slots["school_name_end"], book.folder), key=len)
        found = set()
        for name in folded_words(book.slots["gazetteers/schools"], book.folder):
            end = next((e for e in reversed(ends) if name.endswith(e)), None)
            if end and SHORT <= len(name) - len(end) <= BODY:
                found.add(name[: -len(end)])
        _BODIES[book.ruleset] = frozenset(found)
    return _BODIES[book.ruleset]


def _named_by_context(reading: Reading, sight: Sight) -> Iterator[Part]:
    """Names that only a verb before or a course behind tells: old girl of King Ling, 嶺南 BBA."""
    if not sight.found:
        return
    low, text, book = reading.folded.lower, reading.folded.text, reading.book
    for slot, label, source, kind in (
        (BY_CONTEXT[0], "school_by_verb", text, "told"),
        (BY_CONTEXT[1], "school_short_by_course", low, "short"),
    ):
        hits = reading.of(slot)
        if hits:
            rule = rule_of(book, label)
            for start, end in windows(hits, len(low), VERB_LEAD, VERB_TAIL):
                yield from _read(rule, source, kind, start, end)


# -- classes and courses ------------------------------------------------------------------------


def _years(reading: Reading, places: Iterator[Span]) -> Iterator[Part]:
    """Classes with and without their letters."""
    for start, end in places:
        for label, kind in (("school_class", "class"), ("school_grade", "grade")):
            yield from _read(rule_of(reading.book, label), reading.folded.lower, kind, start, end)


def _courses(reading: Reading, names: Sequence[Part]) -> Iterator[Part]:
    """Courses and degrees around names of schools, and branches behind them."""
    low, text, book = reading.folded.lower, reading.folded.text, reading.book
    course, branch = rule_of(book, "school_course"), rule_of(book, "school_branch")
    behind = rule_of(book, "school_course_behind")
    at = 0
    for start, end, _ in [*sorted(names), (len(low), len(low), "")] if names else ():
        if at < start:  # between the names only, so that a course does not swallow one
            for first, last in windows([(at, at), (start, start)], start, COURSE_REACH, 0):
                yield from _read(course, low, "course", max(at, first), last)
            if at:
                yield from _read(course, low, "course", at, min(start, at + COURSE_REACH))
        at = max(at, end)
    word, extended = rule_of(book, "school_course_word"), rule_of(book, "school_extended")
    for part in names:
        rules = [(behind, low, "course"), (branch, text, "branch")]
        if part.kind == "short":
            rules.append((word, low, "course"))
        if part.kind in ("short", "known"):
            rules.append((extended, text, "branch"))
        for rule, source, kind in rules:
            match = rule.match(source, part.end, part.end + COURSE_REACH)
            if match is not None:
                start, end = match.span("value")
                yield Part(start, end, kind)


def _read(rule: Any, source: str, kind: str, start: int, end: int) -> list[Part]:
    return [Part(m.start("value"), m.end("value"), kind) for m in rule.finditer(source, start, end)]


# -- which stay ---------------------------------------------------------------------------------


def _free(reading: Reading, parts: Sequence[Part], sight: Sight) -> Iterator[Part]:
    """Parts outside other details, without the person's name that grammar read along."""
    text, people = reading.folded.text, sight.of("name")
    if not parts:
        return
    taken, named = Cover(len(text), sight.of(*TAKEN)), Cover(len(text), people)
    places = sight.of("address")
    whole = rule_of(reading.book, "school_name_zh")
    for part in parts:
        span = part.start, part.end
        if not taken.free(*span) or _inside_address(part, places):
            continue
        if part.kind == "course" and not named.free(*span):
            continue  # Ethan Law reads no law
        start = part.start
        if part.kind == "name":
            start = behind_person(reading, part[:2], people)
            left = text[start : part.end]
            if start > part.start and left.isascii() and " " not in left:
                continue  # nothing but the word for a school
            if start > part.start and not left[:1].isascii():
                again = whole.match(reading.folded.lower, start)
                if again is None or again.end("value") < part.end:
                    continue  # any school, once the name is left out
        if start < part.end:
            yield part._replace(start=start)


def _inside_address(part: Part, places: Sequence[Span]) -> bool:
    """Whether a part touches an address, but for a place that a school's name begins with."""
    at = max(0, bisect_left(places, (part.start,)) - 1)
    for start, end in places[at:]:
        if start >= part.end:
            break
        if end > part.start and not (
            part.kind in ("known", "name") and start == part.start and end < part.end
        ):
            return True
    return False


def _longest(reading: Reading, parts: Iterator[Part]) -> list[Part]:
    """Known names first; a name that grammar reads longer counts when a place stands before it."""
    places = {hit[:2] for hit in reading.of("gazetteers/places")}
    cover = Cover(len(reading.folded.text))
    ends: dict[int, Part] = {}
    for part in sorted(parts, key=lambda p: (RANK[p.kind], p.start - p.end)):
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
