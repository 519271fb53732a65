"""Find details of the category ``job_title``: rank, post, unit or occupation of one person.

``title_spans`` says where titles stand.  A title alone is nobody's; it counts when it is tied to
a person: a name or a service number beside it, a label before it, a verb of working or a pointing
word with a person in sight, or an office that only one person holds.  What these rules say and
what marked posts have taught (``learned_titles``) is weighed together.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import partial

from injunction_screen.details.formats import Candidate
from injunction_screen.details.learned_titles import learned_titles
from injunction_screen.details.ties import (
    Cover,
    Sight,
    Span,
    beside,
    is_word,
    neighbours,
    rule_of,
    sentences,
    stands_at,
    starts_within,
    tied_formats,
)
from injunction_screen.details.title_names import (
    is_doubtful,
    may_name,
    names_somebody,
    surname_before,
)
from injunction_screen.details.title_spans import SERVICE, WORDS, Title, leads, titles
from injunction_screen.scan import Reading

__all__ = ["by_form", "by_rule", "extent", "find", "read_titles"]

_TAKEN = ("name", "identity_number", "email", "social_account", "plate", "phone", "birthday")
_INSIDE = ("school", "address")
# Details that say that a post is about somebody in particular.
_PERSONAL = (
    "name", "social_account", "phone", "identity_number", "plate", "birthday", "email", "photo",
    "address", "school",
)  # fmt: skip
_SURE = ("identity_number", "plate", "phone", "email", "social_account")
_COMMAS = frozenset(",;|/(\n\N{IDEOGRAPHIC COMMA}\N{IDEOGRAPHIC FULL STOP}")
_ENDS_ENTRY = frozenset({"", *_COMMAS, ".", " ", ")"})
_ENDS_ROW = frozenset({"", *",.\n\N{IDEOGRAPHIC FULL STOP}"})
_NO_NAMES = ("党", "廉政")  # surnames too, but parts of 公民黨主席 and 廉政主任
_ENDS_CREDIT = frozenset({"", *"《「的嘅既揭主歌)", *",;.!\n", *_COMMAS})
_PEOPLE = ("name", "social_account")
_ROW = ("\N{IDEOGRAPHIC COMMA}", ",")
ROW = 3  # bare titles, one behind the other, that are no one person's
SUBJECT = 40  # characters before a verb of working in which the name stands
NEXT = 8  # characters between an entry of a row and the detail before it
POINTING = 12  # characters in which a pointing word speaks for a rank
LEADING = 24  # characters before the last word of a title in which it may begin
_LAST_WORDS = ("gazetteers/occupations_en", "gazetteers/service_ranks", "job_rank", "job_post")
REACH = 24  # characters between a title and the name that it belongs to
NUMBER = 26  # characters between a rank or unit and its service number


def find(reading: Reading, found: Sequence[Candidate]) -> Iterator[Candidate]:
    r"""Candidates of this category.

    >>> from injunction_screen import screen
    >>> [d.text for d in screen("Name: Chan Tai Man\nRank/Unit: SGT, EU NTS").details
    ...  if d.category == "job_title"]
    ['SGT, EU NTS']
    """
    sight = Sight(found)
    others = list(by_form(reading, sight))
    yield from others
    read = read_titles(reading, sight)
    if read:
        ruled = list(by_rule(reading, read, sight))
        known = [(c.start, c.end) for c in others]
        yield from learned_titles(
            reading, read, partial(extent, reading, sight), sight, ruled, known
        )


def by_form(reading: Reading, sight: Sight) -> Iterator[Candidate]:
    """What is a title by its form alone, whatever word it ends with."""
    if not reading.of("job_vacancy"):
        yield from tied_formats(reading, "job_title", sight)
    if sight.sorts and reading.of("job_at"):
        yield from _workplaces(reading, sight)
    if reading.of("job_one_holder_sign"):
        for match in rule_of(reading.book, "job_one_holder").finditer(reading.folded.lower):
            start, end = match.span()
            text = reading.folded.text[start:end]
            yield Candidate("job_title", start, end, text, 0.6, "job_title.one_holder")


def read_titles(reading: Reading, sight: Sight) -> Sequence[Title]:
    """The titles of a post that may be somebody's."""
    if not reading.has(WORDS) or not (sight.of(*_PERSONAL) or may_name(reading)):
        return ()
    if reading.of("job_fiction") and not sight.sorts & set(_SURE):
        return ()
    whole = reading.folded.text
    taken = [(a, b) for a, b in sight.of(*_TAKEN) if whole[a:b] not in _NO_NAMES]
    taken = [span for span in taken if not _ends_title(reading, span)]
    people = sight.of(*_PEOPLE)
    read = list(titles(reading, taken, sight.of(*_INSIDE)))
    return tuple(
        title
        for title in _without_rows(reading, read, sight)
        if not _is_credit(reading, title, people)
    )


def _ends_title(reading: Reading, name: Span) -> bool:
    """Whether what was taken for a name is the last word of a title: Consultant *Surgeon*."""
    start, end = name
    text = reading.folded.text
    if not text[start:end].isascii() or " " in text[start:end] or text[start - 1 : start] != " ":
        return False
    for slot in _LAST_WORDS:
        hits = reading.of(slot)
        at = bisect_left(hits, (max(0, start - LEADING),))
        while at < len(hits) and hits[at].start <= start:
            if hits[at].end == end and (hits[at].start < start or leads(reading, start)):
                return True
            at += 1
    return False


def extent(reading: Reading, sight: Sight, title: Title) -> Span:
    """The span of a title with the firm that a card names behind it, without an address."""
    return _before_address(title, _with_company(reading, title), sight)


def by_rule(reading: Reading, read: Sequence[Title], sight: Sight) -> Iterator[Candidate]:
    """The titles that a rule ties to somebody."""
    whole = reading.folded.text
    for title in read:
        span = title.start, title.end
        if is_word(reading, "job_everyday", span) and not _with_age(reading, title):
            continue
        if (
            whole[title.start].islower()
            and whole[title.start - 1] == "/" == whole[title.end : title.end + 1]
        ):
            continue  # a piece of a link
        if is_word(reading, "job_ward", title.head) and not rule_of(
            reading.book, "job_doctor"
        ).search(reading.folded.lower, max(0, title.start - SUBJECT), title.start):
            continue
        score = _score(reading, title, sight)
        if score:
            start, end = extent(reading, sight, title)
            text = reading.folded.text[start:end]
            if starts_within(sight.of("name", *_INSIDE), start, end):
                score = max(score, 0.96)  # the school or firm that a post names is part of it
            yield Candidate("job_title", start, end, text, score, _why(title))


def _without_rows(reading: Reading, read: Sequence[Title], sight: Sight) -> Iterator[Title]:
    """The titles without rows of three and more, which are kinds of people: 主播、記者、編導都.

    A row behind a name is somebody's, and so is the one title of a row that stands beside a name.
    """
    text = reading.folded.text
    row: list[Title] = []
    for title in read:
        if row and (title.led or text[row[-1].end : title.start].strip(" ") not in _ROW):
            yield from _row_of_one(reading, row, sight)
            row = []
        if title.led:
            yield title
        else:
            row.append(title)
    yield from _row_of_one(reading, row, sight)


def _row_of_one(reading: Reading, row: Sequence[Title], sight: Sight) -> Sequence[Title]:
    if len(row) < ROW or _name_gap(reading, row[0], sight) is not None:
        return row
    return [title for title in row if _name_gap(reading, title, sight) is not None]


def _with_age(reading: Reading, title: Title) -> bool:
    """Whether a report gives an occupation behind somebody's age: (52, driver)."""
    low, at = reading.folded.lower, title.start
    return rule_of(reading.book, "job_aged").search(low, max(0, at - 12), at) is not None


def _before_address(title: Title, span: Span, sight: Sight) -> Span:
    """The span of a title without the address behind it: reception at Suite 3102, Cosco Tower."""
    start, end = span
    places = sight.of("address")
    at = bisect_left(places, (title.head[1],))
    return (start, title.head[1]) if at < len(places) and places[at][0] < end else span


def _workplaces(reading: Reading, sight: Sight) -> Iterator[Candidate]:
    """Where somebody works, named before the verb: 喺沙田一家安老院做."""
    taken = Cover(len(reading.folded.text), sight.of())
    for match in rule_of(reading.book, "job_workplace").finditer(reading.folded.lower):
        start, end = match.span("value")
        if not taken.free(start, end):
            continue
        first, last = sentences(reading, (start, end), 0)
        known = starts_within(sight.of("name", "social_account"), first, last)
        if known or reading.within(("job_of_somebody",), max(first, start - 8), start):
            text = reading.folded.text[start:end]
            yield Candidate("job_title", start, end, text, 0.7, "job_title.workplace")


def _why(title: Title) -> str:
    for kind, why in (
        ("office", "job_title.office"),
        ("judge", "job_title.judge"),
        ("rank", "job_title.service"),
        ("unit", "job_title.service"),
    ):
        if kind in title.kinds:
            return why
    return "job_title.post"


def _with_company(reading: Reading, title: Title) -> Span:
    """The title with the firm that a card names behind it."""
    low = reading.folded.lower
    if title.kinds <= {"post"}:
        tail = rule_of(reading.book, "job_company").match(low, title.end)
        if tail is not None:
            return title.start, tail.end()
    return title.start, title.end


# -- what ties a title to a person --------------------------------------------------------------


def _score(reading: Reading, title: Title, sight: Sight) -> float:
    span, text = (title.start, title.end), reading.folded.text
    people, numbers = sight.of(*_PEOPLE), sight.of("identity_number")
    if _labelled(reading, span):
        return 0.9 if people or numbers or "phone" in sight.sorts else 0.0
    gap = _name_gap(reading, title, sight)
    if gap is not None:
        near = 8 if title.kinds <= {"function"} else 3
        if title.weak and "rank" not in title.kinds and gap > near:
            return 0.0
        if gap == 0 and _as_address(reading, title, people):
            return 0.0
        return 0.93
    vacant = bool(reading.of("job_vacancy"))
    if not vacant and (names_somebody(reading, title) or surname_before(reading, title)):
        return 0.75
    number = beside(reading, span, numbers) if not title.weak else None
    if number is not None and number[0] >= title.end:
        label = rule_of(reading.book, "job_number_word")
        if title.led or label.search(reading.folded.lower, title.end, number[0]):
            return 0.8
    if title.kinds & SERVICE and (
        (not title.weak and beside(reading, span, numbers))
        or (
            title.kinds & {"unit"}
            and starts_within(numbers, title.end, _clause_end(text, title.end))
        )
    ):
        return 0.85
    if not sight.sorts and not reading.of("job_picture"):
        return 0.0
    if reading.of("job_vacancy") and rule_of(reading.book, "job_wanted").match(text, title.end):
        return 0.0
    if title.kinds & {"rank"} and rule_of(reading.book, "job_who").match(text, title.end):
        return 0.8
    return max(
        _worked(reading, title, people),
        _listed(reading, title, sight),
        _pointed_at(reading, title, sight),
        _told_of(reading, title),
    )


def _clause_end(text: str, at: int) -> int:
    """Where the clause that goes on at ``at`` ends, ``NUMBER`` characters off at most."""
    end = at
    while end < min(len(text), at + NUMBER) and text[end] not in _COMMAS:
        end += 1
    return end


def _labelled(reading: Reading, span: Span) -> bool:
    """Whether a label and nothing else stands before a title in its line."""
    label = stands_at(reading, "job_label", span[0], slack=4)
    if label is None or reading.of("job_vacancy"):
        return False
    text = reading.folded.text
    between = text[label[1] : span[0]]
    if between == " ":  # POST Senior Clerk, a row of its own
        return text[label[0] - 1 : label[0]] in ("", "\n") and not text[span[0]].islower()
    return between.strip(" ") in (":", "-", "=", "|")


def _name_gap(reading: Reading, title: Title, sight: Sight) -> int | None:
    """How far the name is that a title belongs to, ``None`` when there is none.

    A name before the title counts first; ordinary service work right before a name is nobody's
    post (tell the guard Mandy sent you), unless it is somebody's own (my helper Lorna).
    """
    low, text = reading.folded.lower, reading.folded.text
    start, end = title.start, title.end
    people = sight.of("name") if title.kinds <= {"function"} else sight.of(*_PEOPLE)
    beside_it = [
        name for name in neighbours((start, end), people) if not is_doubtful(reading, title, name)
    ]
    for _, b in reversed(beside_it):
        if b <= start <= b + 2 * REACH:
            gap = _without_details(low, b, start, sight)
            if len(gap) <= REACH and rule_of(reading.book, "job_from_name").fullmatch(gap):
                return len(gap)
    for a, _ in beside_it:
        if end <= a <= end + REACH:
            if (
                title.plain
                and text[start].islower()
                and stands_at(reading, "job_my", start) is None
            ):
                continue
            if rule_of(reading.book, "job_to_name").fullmatch(low, end, a):
                return a - end
    return None


def _is_credit(reading: Reading, title: Title, people: Sequence[Span]) -> bool:
    """Whether a name and a word that is a verb too end what is said: 盧永樂監製，方子強導演."""
    span, text = (title.start, title.end), reading.folded.text
    if title.led or not is_word(reading, "job_credit", span):
        return False
    before = any(b == span[0] for _, b in neighbours(span, people))
    return before and text[span[1] : span[1] + 1] in _ENDS_CREDIT


def _without_details(text: str, start: int, end: int, sight: Sight) -> str:
    """The text between, ages and other details left out: (41, yoga instructor)."""
    spans = sight.of()
    kept, at = [], start
    for a, b in spans[bisect_left(spans, (start,)) : bisect_left(spans, (end,))]:
        if b <= end:
            kept.append(text[at:a])
            at = max(at, b)
    return "".join([*kept, text[at:end]])


def _as_address(reading: Reading, title: Title, people: Sequence[Span]) -> bool:
    """Whether an occupation only addresses somebody by the surname before it."""
    span = title.start, title.end
    before = any(b == span[0] for _, b in neighbours(span, people))
    return before and is_word(reading, "job_as_address", span)


def _worked(reading: Reading, title: Title, people: Sequence[Span]) -> float:
    """What a verb of working says, with a name in the neighbourhood."""
    span, text = (title.start, title.end), reading.folded.text
    if not starts_within(people, *sentences(reading, span, 1)) and not reading.of("job_picture"):
        return 0.0
    verb = _straight_before(reading, "job_work_before", title.start)
    if verb is not None and not (
        text[verb[1] : title.start].strip()
        or reading.within(("job_unreal",), max(0, verb[0] - 8), title.start)
    ):
        first = max(sentences(reading, span, 0)[0], title.start - SUBJECT)
        lead = text[max(0, verb[0] - 2) : verb[0]].rstrip(" ")[-1:]
        # A name before it in the sentence, or an entry of its own in a list of details.
        if (
            lead in _COMMAS
            or (title.kinds & SERVICE and (title.led or "unit" in title.kinds))
            or reading.of("job_picture")
            or starts_within(people, first, title.start)
        ):
            return 0.8
    if rule_of(reading.book, "job_for_years").search(
        reading.folded.lower, max(0, title.start - 12), title.start
    ):
        return 0.75
    if rule_of(reading.book, "job_is_behind").match(reading.folded.lower, title.end):
        return 0.7
    if title.kinds & SERVICE and _straight_behind(reading, "job_work_after", title.end):
        return 0.75
    return 0.0


def _told_of(reading: Reading, title: Title) -> float:
    """What "her brother is a ..." says, in a post that has a detail of somebody."""
    span = title.start, title.end
    if rule_of(reading.book, "job_is_behind").match(reading.folded.lower, title.end):
        return 0.7 if _straight_before(reading, "job_of_somebody", title.start) else 0.0
    verb = _straight_before(reading, "job_is", title.start)
    if verb is None:
        return 0.0
    first = max(sentences(reading, span, 0)[0], verb[0] - POINTING)
    if reading.within(("job_unreal",), first, title.start):
        return 0.0
    return 0.7 if reading.within(("job_of_somebody",), first, verb[0]) else 0.0


def _listed(reading: Reading, title: Title, sight: Sight) -> float:
    """What the row says: a title straight behind a class or an age, or an entry of its own."""
    span, text = (title.start, title.end), reading.folded.text
    if any(b <= title.start <= b + 2 for _, b in neighbours(span, sight.of("school"))):
        return 0.8
    ages = neighbours(span, sight.of("birthday")) if "post" in title.kinds else ()
    if any(text[b : title.start] == " " for _, b in ages):
        return 0.7
    entry = title.start
    verb = stands_at(reading, "job_work_before", entry, slack=1)
    if verb is not None:
        entry = verb[0]
    while entry and text[entry - 1] == " ":
        entry -= 1
    if title.kinds <= {"function"} or text[entry - 1 : entry] == "@":
        return 0.0
    if (
        "unit" in title.kinds
        and not title.weak
        and starts_within(sight.of("name"), *sentences(reading, span, 1))
        and rule_of(reading.book, "job_unit_behind").match(reading.folded.lower, title.end)
    ):
        return 0.7
    if text[title.end : title.end + 1] not in _ENDS_ENTRY or not (
        entry == 0 or text[entry - 1] in _COMMAS or not (text[entry - 1].isalnum())
    ):
        return 0.0
    if title.kinds & {"rank", "unit"} and not title.weak:
        if text[entry - 1 : entry] == ":" and not title.kinds & {"rank"}:
            return 0.0  # what another label says: where a passport is made
        near = starts_within(sight.of(*_PERSONAL), *sentences(reading, span, 1))
        return 0.7 if near else 0.0
    first = sentences(reading, span, 0)[0]
    if (title.led or "office" in title.kinds) and starts_within(
        sight.of("name"), first, title.start
    ):
        return 0.7
    if _is_row(reading, title, entry):
        around = 5 if text[title.end : title.end + 1] in ("", "\n") else 2
        if starts_within(sight.of("name"), *sentences(reading, span, around)):
            return 0.65
    behind = sight.of("plate", "identity_number", "social_account")
    if starts_within(behind, title.end, title.end + 4) and not title.plain:
        return 0.65
    before = [b for _, b in neighbours((entry, entry), sight.of()) if b < entry <= b + NEXT]
    return 0.7 if before and not title.plain else 0.0


def _is_row(reading: Reading, title: Title, at: int) -> bool:
    """Whether a title that an institution leads or follows is all that a row or sentence begins."""
    text, lead = reading.folded.text, title.head[0] - title.start
    if not title.led or text[title.end : title.end + 1] not in _ENDS_ROW:
        return False
    if reading.of("job_advert", "job_vacancy") or (lead < 3 and not text[title.start].isascii()):
        return False
    return text[max(0, at - NEXT) : at].rstrip(" ")[-1:] in (
        "",
        "\n",
        ".",
        ":",
        "!",
        "?",
        "\N{IDEOGRAPHIC FULL STOP}",
    )


def _pointed_at(reading: Reading, title: Title, sight: Sight) -> float:
    """What a pointing word says, in a post that has something of a person."""
    text = reading.folded.text
    if title.weak and "rank" not in title.kinds:
        return 0.0
    first = max(sentences(reading, (title.start, title.end), 0)[0], title.start - POINTING)
    pointing = reading.of("job_pointing")
    at = bisect_left(pointing, (first,))
    if at == len(pointing) or pointing[at].start >= title.start:
        return 0.0
    between = text[pointing[at].start : title.start]
    if not _COMMAS.isdisjoint(between) or (between[:1] == "有" and not title.kinds & SERVICE):
        return 0.0
    if title.kinds & {"rank", "judge"}:
        near = starts_within(sight.of(*_PERSONAL), *sentences(reading, (title.start, title.end), 1))
        return 0.8 if near or not title.weak or reading.of("job_picture") else 0.0
    span = title.start, title.end
    if (
        title.led
        and text[title.start].isascii()
        and starts_within(sight.of("name"), *sentences(reading, span, 1))
    ):
        return 0.65
    if rule_of(reading.book, "job_who").match(text, title.end):
        return 0.65
    if not sight.sorts & {"social_account", "identity_number", "plate"} and not reading.of(
        "job_picture"
    ):
        return 0.0
    if text[title.start].isascii() and not title.led and "unit" not in title.kinds:
        return 0.0  # "he slapped the hawker": anybody
    return 0.65 if "unit" in title.kinds or not title.plain else 0.0


def _straight_before(reading: Reading, slot: str, at: int) -> Span | None:
    """The word of a slot that stands straight before a place, one blank between at most."""
    return stands_at(reading, slot, at, slack=0) or (
        stands_at(reading, slot, at - 1, slack=0)
        if reading.folded.text[at - 1 : at] == " "
        else None
    )


def _straight_behind(reading: Reading, slot: str, at: int) -> bool:
    """Whether a word of a slot stands straight behind a place, one blank between at most."""
    text = reading.folded.text
    start = at + 1 if text[at : at + 1] == " " else at
    return starts_within(reading.of(slot), start, start + 1)
