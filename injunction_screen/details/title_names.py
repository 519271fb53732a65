"""Tell whether what stands beside a title looks like a name, where no name was found.

A rank or an institution's post says much by itself: what follows 高級督察 is somebody, even when
his name is split (屈/国/豪), rare or cut short, and ``nurse Gurmeet Sandhu`` needs no list.
"""

from __future__ import annotations

import re

from injunction_screen.details.ties import is_word, rule_of
from injunction_screen.details.title_spans import SERVICE, Title
from injunction_screen.patternbook import PatternBook
from injunction_screen.scan import Reading
from injunction_screen.text import fold

__all__ = ["is_doubtful", "may_name", "names_somebody", "surname_before"]

# Words of ranks and courts: a post that has one is read though it has no detail.
_STRONG = ("gazetteers/judicial_titles", "job_judge", "gazetteers/service_ranks")
BEFORE = 80  # characters before a title in which a name that nobody found may stand
LEADING = 16  # the same in Chinese
OPENING = 30  # characters before an English occupation in which a name may end
OFTEN = 6  # times a character stands in the list of given names before it is taken for one
_DIGITS = "一二三四五六七八九十"  # behind 周 they make a day of the week
_BEFORE_SURNAME = frozenset("个位条只嗰呢由是系叫揾找同和跟与及向对请问到见")
_CAMPS = frozenset("黄蓝")
_ADDRESS = frozenset("s生太小姑先女氏某家叔伯姐哥师m 老大")
_OPENS = re.compile(r"[A-Z][a-z.]*\)?(?:, | \(|, \d\d, )[A-Za-z -]{0,24}\Z")


def may_name(reading: Reading) -> bool:
    """Whether a title may name somebody in a post without any detail: the cheap look."""
    if any(reading.of(slot) for slot in _STRONG):
        return True
    text, low = reading.folded.text, reading.folded.lower
    surnames, given = _characters(reading.book)
    picture = bool(reading.of("job_picture") and reading.of("job_pointing", "job_work_before"))
    for hit in reading.of("gazetteers/occupations_zh"):
        after = low[hit.end : hit.end + 2]
        if picture or text[hit.end : hit.end + 1].isupper():
            return True
        if after[:1] in surnames and (after[1:] in given or not _han(after[1:])):
            return True
    for hit in reading.of("gazetteers/occupations_en"):
        after = text[hit.end : hit.end + 2]
        if picture or (after[:1] == " " and after[1:].isupper()):
            return True
        if _OPENS.search(text, max(0, hit.start - OPENING), hit.start):
            return True
    return False


def names_somebody(reading: Reading, title: Title) -> bool:
    """Whether what stands beside a title looks like a name."""
    if title.kinds <= {"function"} or (title.weak and not title.kinds & {"rank", "judge"}):
        return False
    if reading.folded.text[title.end - 1].isascii():
        return _latin_name(reading, title)
    return _chinese_name(reading, title)


def _latin_name(reading: Reading, title: Title) -> bool:
    """Capitalised words behind an English title, or before it with a comma or a bracket."""
    text = reading.folded.text
    capital = text[title.head[0]].isupper()
    alone = capital and (
        title.kinds & {"rank", "judge"} or is_word(reading, "job_before_name", title.head)
    )
    if alone:
        behind = rule_of(reading.book, "job_somebody").match(text, title.end)
    elif text[title.end - 1].islower():
        behind = rule_of(reading.book, "job_two_names").match(text, title.end)
    else:
        behind = None
    if behind is not None:
        return True
    rule = rule_of(reading.book, "job_apposition")
    first = max(0, title.start - BEFORE)
    return any(found.end() == title.start for found in rule.finditer(text, first, title.start))


def _chinese_name(reading: Reading, title: Title) -> bool:
    """A surname and what makes it a name behind a title in Chinese, or a whole name before it."""
    text, low = reading.folded.text, reading.folded.lower
    surnames, given = _characters(reading.book)
    short = title.end - title.start < 3
    if short and low[title.end - 1 : title.end + 1] in _common(reading.book):
        return False  # a word lies across: 土木工程
    if not title.plain and rule_of(reading.book, "job_somebody_latin").match(text, title.end):
        return True
    found = rule_of(reading.book, "job_somebody_zh").match(low, title.end)
    if found is not None and not title.weak:
        name = found.group().strip()
        if found["surname"] is None:
            return bool(title.kinds & SERVICE) or name[:1] not in "\"'「『"
        if found["surname"] in surnames and not _common(reading.book) & {name, name[:2]}:
            return True
    if title.plain or (title.weak and not title.kinds & {"judge"}):
        return False
    return _full_name(reading, title.end, surnames, given) or _leading_name(
        reading, title.start, surnames, given
    )


def surname_before(reading: Reading, title: Title) -> bool:
    """Whether a lone surname stands before a title: 嗰個鍾管工, 戚議員."""
    low, at = reading.folded.lower, title.start - 1
    if at < 0 or title.led or low[at] not in _characters(reading.book)[0]:
        return False
    if _is_camp(reading, title, low[at]):
        return False
    if at and _han(low[at - 1]) and low[at - 1] not in _BEFORE_SURNAME:
        return False
    return not is_word(reading, "job_as_address", title.head)


def is_doubtful(reading: Reading, title: Title, name: tuple[int, int]) -> bool:
    """Whether a found name beside an occupation may be a common word: 叫連經理都幫手.

    Behind an occupation a lone surname needs a form of address behind it.
    """
    low = reading.folded.lower
    start, end = name
    if end - start > 2 or not _han(low[start]) or title.kinds & SERVICE:
        return False
    written = low[start:end]
    if written in _common(reading.book) and written not in _characters(reading.book)[0]:
        return True
    if end == title.start and end - start == 1:
        return low[start] in _no_surnames(reading.book) or _is_camp(reading, title, low[start])
    if start == title.end:
        if end - start == 1:
            return low[end : end + 1] not in _ADDRESS
        return low[start] in _no_surnames(reading.book) and not title.led
    return False


def _is_camp(reading: Reading, title: Title, char: str) -> bool:
    """Whether a colour says on which side one is, whom nobody calls by surname so: 黃歌手."""
    return char in _CAMPS and is_word(reading, "job_no_address", title.head)


_NO_SURNAMES: dict[str, frozenset[str]] = {}


def _no_surnames(book: PatternBook) -> frozenset[str]:
    """Surnames that are common words too, folded."""
    if book.ruleset not in _NO_SURNAMES:
        words = book.words("job_no_surname")
        _NO_SURNAMES[book.ruleset] = frozenset(fold(word, book.folder).text for word in words)
    return _NO_SURNAMES[book.ruleset]


def _full_name(reading: Reading, at: int, surnames: frozenset[str], given: frozenset[str]) -> bool:
    """Whether a surname and two characters of given names stand at ``at``."""
    low, words = reading.folded.lower, _common(reading.book)
    at += low[at : at + 1] == " "
    for size in (2, 1):
        name = low[at : at + size + 2]
        family, own = name[:size], name[size:]
        if own[:1] in _DIGITS:
            continue
        if family in surnames and len(own) == 2 and given.issuperset(own):
            return not words & {name[:2], name[1:3], own, low[at + size + 1 : at + 4]}
    return False


def _leading_name(
    reading: Reading, at: int, surnames: frozenset[str], given: frozenset[str]
) -> bool:
    """Whether a name stands before ``at``, with a comma, a bracket or a verb of being between."""
    low, words = reading.folded.lower, _common(reading.book)
    between = rule_of(reading.book, "job_leads_to")
    for found in between.finditer(low, max(0, at - LEADING), at):
        if found.end() != at:
            continue
        end = found.start()
        for start in range(max(0, end - 4), end - 1):
            name = low[start:end]
            family = name[:2] if len(name) == 4 else name[:1]
            if start and _han(low[start - 1]):
                continue
            if family in surnames and given.issuperset(name[len(family) :]):
                return not words & {name, name[:2], name[-2:]}
    return False


def _han(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff"


_NAMES: dict[str, tuple[frozenset[str], frozenset[str]]] = {}
_COMMON: dict[str, frozenset[str]] = {}


def _characters(book: PatternBook) -> tuple[frozenset[str], frozenset[str]]:
    """Surnames and the characters of given names, folded."""
    if book.ruleset not in _NAMES:
        _NAMES[book.ruleset] = (
            frozenset(fold(row[0], book.folder).text for row in book.lists["gazetteers/surnames"])
            - _no_surnames(book),
            frozenset(
                fold(row[0], book.folder).text
                for row in book.lists["gazetteers/given_chars"]
                if int(row[1]) >= OFTEN
            ),
        )
    return _NAMES[book.ruleset]


def _common(book: PatternBook) -> frozenset[str]:
    """Common words of two characters and more, folded."""
    if book.ruleset not in _COMMON:
        rows = book.lists["gazetteers/common_words"]
        _COMMON[book.ruleset] = frozenset(fold(row[0], book.folder).lower for row in rows)
    return _COMMON[book.ruleset]
