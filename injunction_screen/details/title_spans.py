"""Read where titles stand: the last word of a post, rank or unit, and what leads and follows it.

The scan says where the words stand that end a title (``patterns/gazetteers/occupations_*.txt``,
``service_*.txt``, ``police_*.txt``, ``judicial_titles.txt``).  What leads such a word is read
backwards, piece by piece: places, institutions, departments and modifiers in Chinese (葵青醫院 +
內科 + 病房 + 護士長), modifiers and capitalised words in English (Kite Bank + senior + HR +
manager).  The name of an institution is whatever stands between the last stop word and its
ending (書院, 公司).  Nothing here says whether a title is anybody's.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, NamedTuple

import regex

from injunction_screen.details.ties import Cover, Span, rule_of, windows
from injunction_screen.patternbook import PatternBook
from injunction_screen.scan import Reading
from injunction_screen.text import fold

__all__ = ["SERVICE", "WORDS", "Title", "leads", "titles"]

SERVICE = frozenset({"rank", "unit", "judge"})
# Slots of the scan whose words end a title, with their kind.
_SLOTS = (
    ("gazetteers/police_ranks", "rank"),
    ("gazetteers/service_ranks", "rank"),
    ("job_rank", "rank"),
    ("gazetteers/police_units", "unit"),
    ("gazetteers/service_units", "unit"),
    ("job_unit", "unit"),
    ("gazetteers/judicial_titles", "judge"),
    ("job_judge", "judge"),
    ("gazetteers/occupations_zh", "post"),
    ("gazetteers/occupations_en", "post"),
    ("job_post", "post"),
    ("job_function", "function"),
)
# Parts that a record reads around the words of a slot: slot, label, kind, and how many characters
# before and behind the word it reads.
_RECORDS = (
    ("job_unit_sign", "job_unit_zh", "unit", 14, 8),
    ("job_unit_sign_en", "job_unit_en", "unit", 40, 6),
    ("job_office_sign", "job_office", "office", 26, 48),
    ("job_suffix_sign", "job_suffix", "guess", 5, 5),
)
_MARK = regex.compile(r"[《》「」〔〕【】()\[\]:,\n]")  # no disguise goes across these
_COUNTED = regex.compile(r"第?[一二三四五六七八九十\d]{1,3}(?:小?队|组|连)|[a-z]\d?队")
_IN_CAPITALS = frozenset({"job_unit_en"})
LEAD = 40  # characters in which what leads a title stands
INSTITUTION = 10  # Chinese characters of an institution's own name before its ending
TOKENS = 7  # English words that lead a title


class _Part(NamedTuple):
    """A piece of a title; ``led`` when something known leads or follows its word."""

    start: int
    end: int
    kind: str
    head: Span
    led: bool = False


class Title(NamedTuple):
    """Neighbouring parts read as one.

    ``weak`` when all of them are ordinary words, ``plain`` when it is one bare word for ordinary
    service work, ``led`` when an institution, place or modifier belongs to it.
    """

    start: int
    end: int
    kinds: frozenset[str]
    weak: bool
    plain: bool
    led: bool
    head: Span


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """The pieces that lead a title, folded and in lower case."""

    pieces: frozenset[str]
    endings: frozenset[str]  # of institutions: any name may stand before them
    modifiers: frozenset[str]  # English
    leading: frozenset[str]  # posts in English that another post may follow
    stops: frozenset[str]  # English words that lead nothing
    surnames: frozenset[str]
    longest: int


_LEXICONS: dict[str, _Lexicon] = {}


def _lexicon(book: PatternBook) -> _Lexicon:
    if book.ruleset not in _LEXICONS:

        def words(*slots: str) -> frozenset[str]:
            return frozenset(
                fold(word, book.folder).lower.strip() for slot in slots for word in book.words(slot)
            )

        endings = words("job_institution", "gazetteers/schools", "gazetteers/school_short")
        pieces = endings | words(
            "job_modifier_zh",
            "job_place",
            "gazetteers/places",
            "gazetteers/police_units",
            "gazetteers/service_units",
            "job_unit",
            "job_function",
        )
        pieces = frozenset(piece for piece in pieces if not _latin(piece) or " " not in piece)
        _LEXICONS[book.ruleset] = _Lexicon(
            pieces=pieces,
            endings=endings & pieces,
            modifiers=words("job_modifier_en"),
            leading=words("job_leading_en"),
            stops=words("job_stop_en"),
            surnames=frozenset(
                fold(row[0], book.folder).text for row in book.lists["gazetteers/surnames"]
            ),
            longest=max(map(len, pieces)),
        )
    return _LEXICONS[book.ruleset]


def _latin(text: str) -> bool:
    return text.isascii()


WORDS = frozenset(name for name, *_ in (*_SLOTS, *_RECORDS))  # slots that show a title


def titles(reading: Reading, taken: Sequence[Span], inside: Sequence[Span]) -> Iterator[Title]:
    """The titles of a post, in order.

    No title's word stands on ``taken`` spans (names, numbers), and none begins before the end of
    one; ``inside`` spans (addresses, schools) may stand whole inside what leads a title.
    """
    size = len(reading.folded.text)
    cover, soft = Cover(size, taken), Cover(size, inside)
    weak = {hit[:2] for hit in reading.of("job_weak")}
    never = {hit[:2] for hit in reading.of("job_never")}
    plain = {hit[:2] for hit in reading.of("job_person_post")}
    starts, ends = {start for start, _ in taken}, {end for _, end in taken}
    not_behind = rule_of(reading.book, "job_not_behind")
    part_of = rule_of(reading.book, "job_part_of")
    low = reading.folded.lower
    heads = _longest(
        size,
        (
            part
            for part in _heads(reading)
            if (part.head not in never or " " not in low[part.start : part.end])
            and cover.free(part.start, part.end)
            and (
                soft.free(part.start, part.end)
                or part.kind in SERVICE
                or _room(low, inside, part.start) is not None
            )
            and not not_behind.match(low, part.end)
            and not part_of.match(low, part.start)
            and not (part.kind in ("post", "function") and _owns(low, part.end))
        ),
    )
    for start, end in inside:
        if _HAS_CLASS.search(low, start, end):
            cover.take(start, end)
    heads = [
        head
        for head, after in zip_longest(heads, heads[1:])
        # "audit" of "audit senior" is a part of the next word's lead
        if head.kind != "function" or after is None or low[head.end : after.start] != " "
    ]
    heads = _without_modifiers(reading, heads)
    needs_lead = {hit[:2] for hit in reading.of("job_needs_lead")}
    rule = rule_of(reading.book, "job_between")
    run: list[_Part] = []
    edge = 0
    for head in heads:
        named = head.end in starts or (
            low[head.end : head.end + 1] == " " and head.end + 1 in starts
        )
        guess = head.head not in needs_lead
        part = _whole(reading, head, edge, cover, guess=guess, named=named and guess)
        room = _room(low, inside, part.start)
        part = part if room is None else part._replace(start=room)
        if part.head in needs_lead and not _is_led(reading, part, starts):
            continue
        if part.head in never and not (
            part.start < part.head[0]
            or (run and run[-1].end == part.start)
            or (part.kind == "rank" and part.end + 1 in starts)
        ):
            continue
        edge = part.end
        # What stands behind a name ends with its word: 鄭國泰教授 大學校長段崇禮
        apart = run and run[-1].start in ends and part.led and low[run[-1].end] == " "
        if run and (apart or not _joins(reading, rule, run[-1], part)):
            if not _bare_number(low, run):
                yield _title(run, weak, plain)
            run = []
        run.append(part)
    if run and not _bare_number(low, run):
        yield _title(run, weak, plain)


def _without_modifiers(reading: Reading, heads: Sequence[_Part]) -> list[_Part]:
    """The words without those that lead the next one: Assistant VP, consultant surgeon."""
    low, lexicon = reading.folded.lower, _lexicon(reading.book)
    kept: list[_Part] = []
    for i, head in enumerate(heads):
        following = heads[i + 1] if i + 1 < len(heads) else None
        if (
            following is not None
            and head.kind in ("post", "office", "rank")
            and low[head.start : head.end] in lexicon.leading
            and following.start - head.end <= LEAD
        ):
            between = low[head.end : following.start]
            words = between.split()
            if (
                between[:1] == " " == between[-1:]
                and len(words) < 3
                and lexicon.modifiers.issuperset(words)
            ):
                continue
        kept.append(head)
    return kept


def leads(reading: Reading, at: int) -> bool:
    """Whether a capitalised word that only leads titles stands before ``at``: Senior."""
    found = _TOKEN.search(reading.folded.text, max(0, at - 26), at)
    if found is None or not found.group()[0].isupper():
        return False
    word = found.group().strip().lower()
    lexicon = _lexicon(reading.book)
    return word in lexicon.leading or word in lexicon.modifiers


def _room(low: str, inside: Sequence[Span], at: int) -> int | None:
    """Where the class begins whose last character begins a title too: 4A班主任."""
    if low[at] != "班":
        return None
    found = bisect_left(inside, (at,))
    before = inside[max(0, found - 1) : found]
    return next((a for a, b in before if b == at + 1 and _ROOM.fullmatch(low, a, at)), None)


def _is_led(reading: Reading, part: _Part, starts: set[int]) -> bool:
    """Whether a word that is no title alone is one here: class head, Head of Music."""
    text, (start, end) = reading.folded.text, part.head
    if part.start < start:
        return True
    of_house = text.startswith((" of the ", " at "), end)
    return (part.end > end and (text[start].isupper() or of_house)) or (
        part.kind in SERVICE and text[start].isupper() and part.end + 1 in starts
    )


def _owns(low: str, at: int) -> bool:
    """Whether what stands at ``at`` makes the word before it an owner: the captain's armband."""
    return low.startswith("'s ", at) and not low.startswith("'s name", at)


def _bare_number(low: str, run: list[_Part]) -> bool:
    """Whether a run is only a counted team, which is anybody's: 第一組."""
    return len(run) == 1 and _COUNTED.fullmatch(low, run[0].start, run[0].end) is not None


def _heads(reading: Reading) -> Iterator[_Part]:
    """The words that end titles, and what records read around signs."""
    low, text = reading.folded.lower, reading.folded.text
    for slot, kind in _SLOTS:
        for hit in reading.of(slot):
            if hit.end - hit.start == 2 and _is_flag(reading, hit.start, hit.end):
                continue
            if not hit.via or _MARK.search(low, hit.start, hit.end) is None:
                yield _Part(hit.start, hit.end, kind, (hit.start, hit.end))
    for slot, label, kind, lead, tail in _RECORDS:
        hits = reading.of(slot)
        if hits:
            rule = rule_of(reading.book, label)
            source = text if label in _IN_CAPITALS else low
            for start, end in windows(hits, len(text), lead, tail):
                for match in rule.finditer(source, start, end):
                    span = match.span("value")
                    yield _Part(span[0], span[1], kind, span)


def _is_flag(reading: Reading, start: int, end: int) -> bool:
    """Whether two letters are the flag of a country: HR of Croatia."""
    first, last = reading.folded.span(start, end)
    return (
        "\N{REGIONAL INDICATOR SYMBOL LETTER A}"
        <= reading.folded.source[first:last][:1]
        <= ("\N{REGIONAL INDICATOR SYMBOL LETTER Z}")
    )


def _longest(size: int, parts: Iterable[_Part]) -> list[_Part]:
    """The longest part at each place; judges, ranks and units before occupations of its length."""
    order = {"judge": 0, "rank": 1, "office": 2, "unit": 3, "post": 4}
    cover = Cover(size)
    kept: list[_Part] = []
    ranked = sorted(
        parts,
        key=lambda p: (p.kind == "guess", p.start - p.end, order.get(p.kind, 6), p.start),
    )
    for part in ranked:
        if cover.free(part.start, part.end):
            cover.take(part.start, part.end)
            kept.append(part._replace(kind="post") if part.kind == "guess" else part)
    return sorted(kept)


def _joins(reading: Reading, rule: Any, left: _Part, right: _Part) -> bool:
    gap = reading.folded.lower[left.end : right.start]
    if len(gap) > 8 or not rule.fullmatch(gap):
        return False
    if {left.kind, right.kind} <= SERVICE:
        return True
    if gap == "兼":
        return True
    return "office" not in (left.kind, right.kind) and not gap.strip(" 的嘅之")


def _title(run: list[_Part], weak: set[Span], plain: set[Span]) -> Title:
    """One title of a run of parts."""
    led = any(part.led for part in run)
    bare = len(run) == 1 and not led
    return Title(
        run[0].start,
        run[-1].end,
        frozenset(part.kind for part in run),
        not led and all(part.head in weak or part.kind == "function" for part in run),
        bare and run[0].head in plain,
        led,
        run[-1].head,
    )


# -- what leads and follows ----------------------------------------------------------------------


def _whole(
    reading: Reading, part: _Part, edge: int, cover: Cover, *, guess: bool, named: bool
) -> _Part:
    """A part with what leads and follows it; a word that no list has may lead it if ``guess``.

    ``named`` when a name stands straight behind it: then all that its clause begins with leads it.
    """
    edge = max(edge, cover.last_before(part.start, LEAD))
    text = reading.folded.text
    start = part.start
    if text[part.head[0]].isascii():
        # Lam VP: the word before a judge's abbreviation is a name.
        if part.kind != "judge" or not text[part.head[0] : part.head[1]].isupper():
            start = _english_lead(reading, start, edge, guess=guess)
        before = text[max(edge, start - 2) : start].rstrip(" ")[-1:]
        if before and not before.isascii():
            start = _chinese_lead(reading, start, edge, guess=False)
    else:
        guess = guess and part.kind != "function"
        clause = CLAUSE if named and part.kind in ("post", "office") else 0
        start = _chinese_lead(reading, start, edge, guess=guess, clause=clause)
        if part.kind in SERVICE and text[start] == "「":
            start = text.index("」", start) + 1  # a nickname: 「大隻佬」沙展
    end = part.end
    if text[part.end - 1].isascii():
        end = _tail(reading, part, cover)
    if part.kind == "unit" and end == part.end:
        place = rule_of(reading.book, "job_place_tail").match(text, end)
        end = place.end() if place else end
    return part._replace(start=start, end=end, led=start < part.start or end > part.end)


def _chinese_lead(reading: Reading, at: int, edge: int, *, guess: bool, clause: int = 0) -> int:
    """Where the Chinese words begin that lead what begins at ``at``, not before ``edge``.

    Up to ``clause`` unknown characters lead it when a clause begins with them.
    """
    lexicon, low = _lexicon(reading.book), reading.folded.lower
    first = max(edge, at - LEAD)
    for stop in rule_of(reading.book, "job_lead_stop").finditer(low, first, at):
        first = max(first, stop.end())
    where, ending, owner = _pieces(low, first, at, lexicon)
    if owner < at and "某" in low[min(first, where) : owner]:
        return _trimmed(low, owner, at)  # 某補習名店的數學科導師: nobody is named by 某
    if owner < at and _POINTED.search(low, max(edge, first - 3), first):
        return _trimmed(low, owner, at)
    name = low[first:where]
    cut = max(name.rfind(particle) for particle in _PARTICLES) + 1
    for blank in _BLANK.finditer(name):
        cut = max(cut, blank.end())
    first, name = first + cut, name[cut:]
    bare = name.strip()
    if ending:
        if bare and len(name) <= INSTITUTION:
            where = first
    elif (
        guess
        and 0 < len(name) <= (WORK if low[max(0, first - 1) : first] in _WORKING else 2)
        and name not in lexicon.surnames
        and not bare.isascii()
        and _begins_entry(low, first)
    ):
        where = first  # one unknown word before the last: 狗狗訓練師
    elif clause and _is_own_name(low, first, where, clause, lexicon):
        where = first  # 阿仙奴領隊 before his name
    if low[where] == "「":
        return where
    if where < at or clause:
        brand = _BRAND.search(reading.folded.text, max(edge, where - BRAND), where)
        if brand is not None and brand.group().split()[0].lower() not in lexicon.stops:
            where = max(brand.start(), min(first, where))
    return _trimmed(low, where, at)


def _pieces(low: str, first: int, at: int, lexicon: _Lexicon) -> tuple[int, bool, int]:
    """The pieces that lead what begins at ``at``, read backwards.

    Returns where the first of them begins, whether it is the ending of an institution's name, and
    the place behind the particle that makes an institution own the rest (餅店嘅收銀).
    """
    where = here = owner = at
    ending = False
    while here > first:
        gap = here
        apart = False
        if low[gap - 1] in _JOINTS:
            gap -= 1
            apart = _is_han(low[gap - 1]) and _is_han(low[gap + 1 : gap + 2])
        if low[gap - 1] in _PARTICLES and gap - 1 > first:
            size = _piece(low, first, gap - 1, lexicon)
            owning = low[gap - 1 - size : gap - 1]
            if not size or (owning not in lexicon.endings and owning[0] != "《"):
                break
            gap -= 1
            owner = min(owner, gap + 1)
        size = _piece(low, first, gap, lexicon)
        piece = low[gap - size : gap]
        if not size or (apart and piece not in lexicon.endings):
            break
        where = here = gap - size
        ending = piece in lexicon.endings or (ending and piece in "某间")
    return where, ending, owner


BRAND = 30  # characters in which the capitalised words of a brand stand
WORK = 6  # unknown characters that lead a word behind a verb of working: 做飛機維修學徒
_WORKING = frozenset("做当任职紧")
CLAUSE = 8  # characters of such a name where a clause begins with it and a name follows the title
_CLAUSE_STARTS = frozenset(",;:\n()[]|/!? ")
_OWN_NAME = regex.compile(r"[\p{Han}a-z&]+")
_BLANK = regex.compile(r"(?<=\p{Han}) (?=\p{Han})|\p{Han} \Z")
_JOINTS = " \N{MIDDLE DOT}"
_PARTICLES = "嘅的之"
_LINKS = _JOINTS + _PARTICLES + "及与和"
_QUOTES = {"》": "《", "」": "「"}
_POINTED = regex.compile(r"[嗰呢这那][间家所]\Z")
_BRAND = regex.compile(
    r"(?<![A-Za-z0-9_.@/-])(?:[A-Z][A-Za-z0-9&'’.-]*[ ]){0,3}[A-Z][A-Za-z0-9&'’.-]+[ ]?\Z"
)


def _is_own_name(low: str, first: int, end: int, longest: int, lexicon: _Lexicon) -> bool:
    """Whether the unknown characters that begin a clause may be an institution's own name."""
    if not 2 <= end - first <= longest or (first and low[first - 1] not in _CLAUSE_STARTS):
        return False
    name = low[first:end]
    return _OWN_NAME.fullmatch(name) is not None and not (
        len(name) <= 3 and name[0] in lexicon.surnames
    )


def _trimmed(low: str, start: int, end: int) -> int:
    while start < end and low[start] in _LINKS:
        start += 1
    return start


def _begins_entry(low: str, at: int) -> bool:
    """Whether a stop particle or mark stands straight before ``at``."""
    return at == 0 or low[at - 1] in "嘅的系是做当为个位名,;:\n(" or not low[at - 1].isalnum()


def _piece(low: str, first: int, end: int, lexicon: _Lexicon) -> int:
    """The length of the longest piece that ends at ``end`` and does not begin before ``first``."""
    if low[end - 1] in _QUOTES:
        opened = low.rfind(_QUOTES[low[end - 1]], first, end)
        return end - opened if opened >= 0 else 0
    for size in range(min(lexicon.longest, end - first), 0, -1):
        piece = low[end - size : end]
        if piece in lexicon.pieces and not (
            piece[0].isascii() and end - size > 0 and _is_latin_letter(low[end - size - 1])
        ):
            return size
    found = _CLASS.search(low, max(first, end - 6), end)
    return end - found.start() if found else 0


_ROOM = regex.compile(r"\d ?[a-h] ?")
_HAS_CLASS = regex.compile(r"\d\s?[a-h](?![a-z])|[a-h]班")
_CLASS = regex.compile(
    r"(?:第[一二三四五六七八九十\d]{1,3}[届任期代]|(?<![a-z0-9])\d{1,3}[a-z]?[路线号]?|[1-6一二三四五六]\s?[a-h]班?|[小中高初][一二三四五六1-6]|[一二三四五六]年级|\d[a-h]?病房)\Z"
)


def _is_han(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff"


def _is_latin_letter(char: str) -> bool:
    return char.isascii() and char.isalnum()


_TOKEN = regex.compile(
    r"(?<![A-Za-z0-9À-ÿ_&'’.+@#\-])[A-Za-z0-9À-ÿ][A-Za-z0-9À-ÿ_&'’.+/\-]{0,24}[ ]\Z"
)


def _english_lead(reading: Reading, at: int, edge: int, *, guess: bool) -> int:
    """Where the English words begin that lead what begins at ``at``, not before ``edge``."""
    lexicon, text = _lexicon(reading.book), reading.folded.text
    unknown = False
    for _ in range(TOKENS):
        found = _TOKEN.search(text, max(edge, at - 26), at)
        if found is None:
            break
        word = found.group().strip()
        low = word.lower()
        in_capitals = len(word) > 1 and word.isupper() and low in lexicon.modifiers
        if not in_capitals and (low in lexicon.stops or low.rstrip(".") in lexicon.stops):
            break
        if low in lexicon.modifiers or any(part in lexicon.modifiers for part in low.split("-")):
            at = found.start()
            continue
        if word[0].isupper() and word[-1] != ".":
            at = found.start()
            continue
        if unknown or not guess or not word.replace("-", "").isalpha() or len(word) < 3:
            break
        if not _determined(text, found.start(), edge):
            break
        unknown, at = True, found.start()
    return at


_DETERMINER = regex.compile(
    r"(?:\A|[,(:;/|\n\"]|\p{Han}|\b(?:an?|the|our|my|your|his|her|their|former|ex|is|as))[ ]?\Z",
    regex.IGNORECASE,
)


def _determined(text: str, at: int, edge: int) -> bool:
    """Whether an unknown word at ``at`` can only belong to the noun behind it."""
    return at <= edge or _DETERMINER.search(text, max(0, at - 8), at) is not None


def _tail(reading: Reading, part: _Part, cover: Cover) -> int:
    """The end of an English title with the institution that follows it."""
    text, end = reading.folded.text, part.end
    for label in ("job_tail_en", "job_tail_en", "job_tail_firm"):
        tail = rule_of(reading.book, label).match(text, end)
        if tail is not None and (cover.free(end, tail.end()) or "&" in tail.group()):
            end = tail.end()
            if tail.group().startswith((" at a ", " at an ", " at that ")):
                break
    return end
