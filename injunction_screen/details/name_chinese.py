"""Windows of Chinese text that may be a person's name, each with its features.

In: canonical text and a ``Lexicon``.  Out: ``Window`` records for the linear model.  A window's
kind says what makes it a candidate: ``F`` surname and given name, ``T`` surname before a title,
``X`` surname after 姓, ``G`` given name alone, ``A`` nickname, ``L`` what follows a label, ``M``
English given name and Chinese surname, ``N`` a given name of another language in Chinese script.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from itertools import islice
from typing import NamedTuple

from injunction_screen.details.name_lexicon import Lexicon, Segments
from injunction_screen.details.name_looks import (
    CJK,
    CONTACT_HEADS,
    GIVEN_COST,
    LEAST_FULL,
    LEAST_GIVEN,
    MASKS,
    NAME_COST,
    ODD_TITLES,
    PAIR_COST,
    TOLD,
    TWICE_COST,
    UNKNOWN_COST,
    USUAL,
    is_cjk,
)
from injunction_screen.details.ties import Spans

__all__ = ["Window", "chinese_windows", "contact_behind"]

AROUND = 6  # characters of context that the segmentation sees on either side
# A window that costs so much more than the words it is made of is no name, by its kind.
LEAST_MARGIN = {
    "F": LEAST_FULL,
    "G": -3.0,
    "T": -9.0,
    "A": -5.0,
    "B": -5.0,
    "X": -99.0,
    "L": -99.0,
    "M": -99.0,
    "K": -99.0,
    "P": -8.0,
    "N": -6.0,
}
MOST_DRAFTS = 20_000  # candidates looked at in one post; a post of more is a list or an attack
# Affixes of nicknames that mostly make words: big, small, old, fat, few, mad, blind.
EVERYDAY = frozenset("大细小老肥少癫盲跛丧B")
RARE_IN_NAMES = 9.0  # characters of more cost are seldom in given names
COMMON = 9.5  # two characters of less cost are a word that no name is worth looking for in
NEVER = 99.0  # of what is no word
PLAIN = 8.5  # a surname of less cost as a word may begin one of more characters
LINKING = 6.8  # a surname of less cost as a word is mostly that word beside a Latin name
FOREIGN_COST = 12.0  # of a given name of another language
FAR = 250  # characters within which a scene is told
# The least rooms of full names and of given names alone that something beside them tells.
ALONE_COST = NAME_COST + GIVEN_COST
LEAST_TOLD, LEAST_TOLD_GIVEN = TOLD * LEAST_FULL, TOLD * LEAST_MARGIN["G"]
MOST_BETWEEN = 5  # characters between a title or label and a name
SIFTED = "FG"  # kinds whose drafts are weighed before they are made
NICKNAME_WORD = 14.0  # what costs less than this is a word, no nickname


class Window(NamedTuple):
    """A candidate at canonical ``start:end``."""

    start: int
    end: int
    kind: str
    features: list[str]
    doubtful: bool = False  # it may well be a part of a word, or of the name of a shop


class _Draft(NamedTuple):
    start: int
    end: int
    kind: str
    cost: float  # as a name; segmentation sees this span as one word
    surname: str
    given: str


_RUN = re.compile(f"[{CJK}]+")
_IN_NUMBERS = frozenset("0123456789.,%:/-")
_TITLE_MARKS = re.compile(
    "\N{LEFT DOUBLE ANGLE BRACKET}"
    "[^\N{RIGHT DOUBLE ANGLE BRACKET}\n]{1,40}\N{RIGHT DOUBLE ANGLE BRACKET}"
)
_QUOTES = "\N{LEFT CORNER BRACKET}\N{LEFT WHITE CORNER BRACKET}\N{LEFT DOUBLE QUOTATION MARK}\"'(["
_COLON = re.compile(
    r"(?:[:是为系做佢]|都系)?"
    r"[\s:\"'(\[\N{LEFT CORNER BRACKET}\N{LEFT WHITE CORNER BRACKET}"
    r"\N{LEFT DOUBLE QUOTATION MARK}]*$"
)


def chinese_windows(
    text: str,
    known: Lexicon,
    settings: Sequence[tuple[int, str]],
    cut: Callable[[str], None] | None = None,
) -> list[Window]:
    """Every Chinese candidate of a text.

    ``settings`` are the places of words that set a scene of pets, fiction or brands, in order;
    ``cut`` is called when a text has more candidates than are looked at.
    """
    made = list(islice(_drafts(text, known), MOST_DRAFTS))
    if not made:
        return []
    if cut is not None and len(made) == MOST_DRAFTS:
        cut("names")
    drafts = sorted(
        draft
        for draft in set(made)
        if draft.kind in SIFTED
        or _in_words(_letters(text, draft), known) - draft.cost >= LEAST_MARGIN[draft.kind]
    )
    if not drafts:
        return []
    titled = "\N{LEFT DOUBLE ANGLE BRACKET}" in text
    titles = Spans(found.span() for found in _TITLE_MARKS.finditer(text) if titled)
    out: list[Window] = []
    here = 0
    while here < len(drafts):
        group = [drafts[here]]
        start, end = group[0].start, group[0].end
        here += 1
        # One reading of the words serves all drafts that stand near each other.
        while here < len(drafts) and drafts[here].start < end + AROUND:
            group.append(drafts[here])
            end = max(end, drafts[here].end)
            here += 1
        low, high = start, end
        while low and start - low < AROUND and is_cjk(text[low - 1]):
            low -= 1
        while high < len(text) and high - end < AROUND and is_cjk(text[high]):
            high += 1
        words = Segments(text[low:high], known)
        for draft in group:
            start, end, kind, cost, _, given = draft
            if kind == "P":
                margin = _in_words(_letters(text, draft), known) - cost
            else:
                margin = words.margin(start - low, end - low, cost)
            if not _keeps(text, start, end, kind, given, margin, known):
                continue
            beside = _word_before(text, words, low, start), _word_behind(text, words, low, end)
            features = _features(text, known, draft, margin, beside)
            if settings or titled:
                features += _scene(draft, settings, titles)
            out.append(Window(start, end, kind, features, _is_doubtful(text, draft, known)))
    return out


def _letters(text: str, draft: _Draft) -> str:
    """The characters of a draft without the signs between them."""
    return draft.surname + draft.given if draft.kind == "P" else text[draft.start : draft.end]


def _keeps(
    text: str, start: int, end: int, kind: str, given: str, room: float, known: Lexicon
) -> bool:
    """Whether a margin is enough; an odd name is known by what stands beside it."""
    least = LEAST_MARGIN[kind]
    if room < least and not (
        (kind == "G" and room >= LEAST_GIVEN and given in known.given_names)
        or (kind in SIFTED and room >= TOLD * least and _is_told(text, start, end, known))
    ):
        return False
    return end - start < 2 or not _is_title(text[start:end], known)


def _is_told(text: str, start: int, end: int, known: Lexicon) -> bool:
    """Whether a title, a label or a number beside a place tells that a name stands there."""
    return bool(
        _title_before(text, start, known)
        or _label_before(text, start, known)
        or ((title := _title_after(text, end, known)) and title[1] in ODD_TITLES)
        or contact_behind(text, end)
    )


def _is_title(word: str, known: Lexicon) -> bool:
    """Whether a word is a title or a word of kin itself: 孫女, 師傅."""
    return word in known.before or word in known.after


def _in_words(name: str, known: Lexicon) -> float:
    """The least that the characters of a window cost as words.

    No margin can be larger than this allows, whatever stands around, so most windows need no
    reading of their surroundings.
    """
    get = known.words.get
    size = len(name)
    first = get(name[0], UNKNOWN_COST)
    if size == 1:
        return first
    if size == 2:
        return min(first + get(name[1], UNKNOWN_COST), get(name, NEVER))
    if size == 3:
        last = get(name[2], UNKNOWN_COST)
        rest = min(get(name[1], UNKNOWN_COST) + last, get(name[1:], NEVER))
        return min(first + rest, get(name[:2], NEVER) + last, get(name, NEVER))
    best = min(
        first + _in_words(name[1:], known), get(name[:2], NEVER) + _in_words(name[2:], known)
    )
    return min(best, get(name, NEVER))


# -- candidates -------------------------------------------------------------------------------


def _drafts(text: str, known: Lexicon) -> Iterator[_Draft]:
    looks = known.looks
    sorts = text.translate(looks.sorts)
    places = looks.signs.places(text)
    capital = looks.rules["capital"].search(sorts) is not None
    told = _told_places(text, places) if places else _NOWHERE
    if "double" in places:
        for found in known.anchors["full_double"].finditer(text):
            yield from _full(text, found.start(), found.group(1), known)
    else:
        yield from _fulls(text, sorts, known, told)
    yield from _surnames(text, sorts, known, places, capital=capital)
    yield from _givens(text, sorts, known, told)
    if places:
        yield from _beside_signs(text, known, places)
    if capital:
        yield from _mixed(text, known)


_Places = Mapping[str, Sequence[tuple[int, int]]]
_NOWHERE: frozenset[int] = frozenset()


def _told_places(text: str, places: _Places) -> Set[int]:
    """Where a name can begin that a title or a label before it tells."""
    told: set[int] = set()
    for sign in ("headed", "labelled", "reached"):
        for _, end in places.get(sign, ()):
            told.add(end)
            for at in range(end, end + MOST_BETWEEN):
                if text[at : at + 1] not in _BETWEEN:
                    break
                told.add(at + 1)
    return told


def _beside_signs(text: str, known: Lexicon, places: _Places) -> Iterator[_Draft]:
    """Names of other languages, nicknames, and what stands behind titles and labels."""
    for _, _, rest in _signed("headed", text, known, places):
        if draft := _given(text, rest.start(1), known, told=True):
            yield draft
    for start, end, _ in _signed("foreign", text, known, places):
        yield _Draft(start, end, "N", FOREIGN_COST, "", text[start:end])
    if "front" in places or "back" in places:
        yield from _nicknames(text, known, places)
    for _, _, rest in _signed("labelled", text, known, places):
        yield from _labelled(text, rest.end(), known)
    for _, _, rest in _signed("reached", text, known, places):
        start, end = rest.span(1)
        if contact_behind(text, end):
            yield _Draft(start, end, "L", NAME_COST + 7.0 * (end - start), "", "")


def _signed(
    anchor: str, text: str, known: Lexicon, places: _Places
) -> Iterator[tuple[int, int, re.Match[str]]]:
    """Where a sign of an anchor begins and ends, and the rest of the anchor behind it."""
    if anchor not in places:
        return
    rule = known.anchors[anchor]
    behind = 0
    for start, end in places[anchor]:
        if start >= behind and (rest := rule.match(text, end)):
            yield start, end, rest
            behind = rest.end()


def _surnames(
    text: str, sorts: str, known: Lexicon, places: _Places, *, capital: bool
) -> Iterator[_Draft]:
    """Surnames that a title or the word surname tells, and names written in some special way."""
    anchors = known.anchors
    if "double" in places:
        spans = [found.span(1) for found in anchors["titled_double"].finditer(text)]
    else:
        spans = [found.span() for found in known.looks.rules["titled"].finditer(sorts)]
    for start, end in spans:
        if _title_after(text, end, known):
            yield _surname(text, start, end, "T", known)
    if capital:
        for found in anchors["latin_titled"].finditer(text):
            yield _surname(text, *found.span(1), "T", known)
    if "surnamed" in places:
        for _, _, rest in _signed("surnamed", text, known, places):
            yield _surname(text, *rest.span(1), "X", known)
    if "house" in places:
        for found in anchors["house"].finditer(text):
            second, given = found.groups()
            start = found.start() - 2
            cost = NAME_COST + known.surnames[second] + known.given_cost(given)
            yield _Draft(start, found.end(), "P", cost, text[start] + second, given)
    if "of_name" in places:
        for at, _, _ in _signed("of_name", text, known, places):
            yield _surname(text, at - 1, at, "X", known)
    if known.looks.rules["parted"].search(sorts):
        for found in anchors["parted"].finditer(text):
            yield from _parted(text, found, known)


def _surname(text: str, start: int, end: int, kind: str, known: Lexicon) -> _Draft:
    surname = text[start:end]
    return _Draft(start, end, kind, NAME_COST - 2 + known.surnames[surname], surname, "")


def _parted(text: str, found: re.Match[str], known: Lexicon) -> Iterator[_Draft]:
    sign, one, two = found.groups()
    end = found.start()
    for size in (2, 1):
        surname = text[max(0, end - size) : end]
        start = end - size
        if start < 0 or surname not in known.surnames:
            continue
        before = text[max(0, start - len(sign)) : start]
        if before == sign and is_cjk(text[start - len(sign) - 1 : start - len(sign)]):
            continue  # a whole sentence is written so
        cost = NAME_COST + known.surnames[surname] + known.given_cost(one + two)
        yield _Draft(start, found.end(), "P", cost, surname, one + two)
        return


def _labelled(text: str, at: int, known: Lexicon) -> Iterator[_Draft]:
    """What stands behind a label, which ends at a place."""
    run = _RUN.match(text, at)
    if run is None:
        return
    start, end = run.span()
    for size in sorted({min(end - start, 6), 1, 2, 3}):
        if size < end - start and (size == 1 or (end - start > 5 and text[at - 1] in "叫名")):
            continue
        if any(char in known.particles for char in text[start : start + size]):
            break
        if size <= end - start and size <= 5:
            yield _Draft(start, start + size, "L", NAME_COST + 7.0 * size, "", "")


def _mixed(text: str, known: Lexicon) -> Iterator[_Draft]:
    for found in known.anchors["mixed"].finditer(text):
        surname = found.group(2)
        most = known.words.get(surname, NEVER)
        # "Kelvin话佢": what goes on after the surname may be a word that begins with it.
        if most < LINKING or (most < PLAIN and _RUN.match(text, found.end())):
            continue
        if "e" in known.latin.get(found.group(1).lower(), ""):
            cost = NAME_COST + known.surnames[surname]
            yield _Draft(found.start(), found.end(), "M", cost, surname, "")
    for found in known.anchors["mixed_back"].finditer(text):
        surname = text[found.start() - 1]
        if known.words.get(surname, NEVER) < LINKING:
            continue
        if "e" in known.latin.get(found.group(1).lower(), ""):
            cost = NAME_COST + known.surnames[surname]
            yield _Draft(found.start() - 1, found.end(), "M", cost, surname, "")


def _fulls(text: str, sorts: str, known: Lexicon, told: Set[int]) -> Iterator[_Draft]:
    """Surnames of one character with given names behind them."""
    looks, costs, telling = known.looks, known.looks.costs, known.looks.telling
    word_cost = known.words.get
    for start in looks.begins("full", sorts, told):
        surname, one, last = text[start], text[start + 1], text[start + 2 : start + 3]
        if one in looks.odd_next or last in MASKS:
            yield from _full(text, start, surname, known)
            continue
        a, named = looks.surnames[surname]
        b, lone, first, _ = costs[one]
        c, _, _, second = costs[last]
        is_told = start in told
        # Margins as ``_in_words`` makes them, with a look at the costs of words only where the
        # characters alone leave room.
        cost = named + lone
        least = LEAST_TOLD if is_told or last in telling else LEAST_FULL
        if a + b - cost >= least:
            room = min(a + b, word_cost(surname + one, NEVER)) - cost
            if room >= least and _keeps(text, start, start + 2, "F", one, room, known):
                yield _Draft(start, start + 2, "F", cost, surname, one)
        cost = named + (first + TWICE_COST if one == last else first + second + PAIR_COST)
        least = LEAST_TOLD if is_told or text[start + 3 : start + 4] in telling else LEAST_FULL
        if a + (b + c) - cost >= least:
            given = one + last
            room = min(
                a + min(b + c, word_cost(given, NEVER)),
                word_cost(surname + one, NEVER) + c,
                word_cost(surname + given, NEVER),
            )
            room -= cost
            if room >= least and _keeps(text, start, start + 3, "F", given, room, known):
                yield _Draft(start, start + 3, "F", cost, surname, given)


def _full(text: str, start: int, surname: str, known: Lexicon) -> Iterator[_Draft]:
    choices = (surname,) if len(surname) == 1 else (surname, surname[0])
    for name in choices:
        if name not in known.surnames:
            continue
        at = start + len(name)
        if not MASKS.isdisjoint(text[at : at + 2]):
            yield from _masked(text, start, name, known)
            continue
        for given in _givens_behind(text, at, known, married=len(name) == 1):
            if draft := _weighed(text, start, at + len(given), name, known):
                yield draft


def _weighed(text: str, start: int, end: int, surname: str, known: Lexicon) -> _Draft | None:
    """The full name at a place, if it costs little more than its characters as words."""
    name = text[start:end]
    given = name[len(surname) :]
    cost = NAME_COST + known.surnames[surname] + known.given_cost(given[-2:])
    if len(given) == 3:
        cost += 4 + known.surnames[given[0]]
    if _keeps(text, start, end, "F", given, _in_words(name, known) - cost, known):
        return _Draft(start, end, "F", cost, surname, given)
    return None


def _givens_behind(text: str, at: int, known: Lexicon, *, married: bool) -> list[str]:
    """What can be the given name behind a surname; with ``married`` a second surname before it."""
    two = text[at : at + 2]
    one, last = two[:1], two[1:]
    if not one or not is_cjk(one):
        return []
    givens = [one] if _in_names(one, known) else []
    if last and is_cjk(last) and _in_names(last, known):
        if givens:
            givens.append(two)
        # A married woman may put her husband's surname before her own.
        third = text[at + 2 : at + 3]
        if (
            married
            and one in known.looks.married
            and third
            and is_cjk(third)
            and _in_names(third, known)
        ):
            givens.append(two + third)
    return givens


def _givens(text: str, sorts: str, known: Lexicon, told: Set[int]) -> Iterator[_Draft]:
    """Two characters that may be a given name by themselves."""
    looks = known.looks
    for start in looks.begins("given", sorts, told):
        is_told = start in told or text[start + 2 : start + 3] in looks.telling
        one = text[start]
        if one not in looks.usual_first and one != text[start + 1]:
            continue
        if draft := _given(text, start, known, told=is_told):
            yield draft


def _given(text: str, start: int, known: Lexicon, *, told: bool) -> _Draft | None:
    """Two characters as a given name; ``told`` where something beside them may tell so."""
    one, two = text[start], text[start + 1]
    a, _, first, _ = known.looks.costs[one]
    b, _, _, second = known.looks.costs[two]
    cost = ALONE_COST + (first + TWICE_COST if one == two else first + second + PAIR_COST)
    least = LEAST_TOLD_GIVEN if told else LEAST_GIVEN
    if a + b - cost < least:
        return None
    given = one + two
    word = known.words.get(given, NEVER)
    room = min(a + b, word) - cost
    if word < COMMON or room < least or not _keeps(text, start, start + 2, "G", given, room, known):
        return None
    return _Draft(start, start + 2, "G", cost, "", given)


def _masked(text: str, start: int, surname: str, known: Lexicon) -> Iterator[_Draft]:
    at = start + len(surname)
    cost = NAME_COST + known.surnames[surname]
    one, two = text[at : at + 1], text[at : at + 2]
    # A digit masks a character only where the name ends with it; else it counts things.
    digits = sum(char.isdigit() for char in two)
    behind = text[at + 2 : at + 3]
    counts = two[:1].isdigit() or is_cjk(behind or " ") or behind in _IN_NUMBERS
    if len(two) < 2 or digits > 1 or (digits and counts):
        return
    masked = [char in MASKS for char in two]
    if (masked[0] and (masked[1] or is_cjk(two[1]))) or (masked[1] and is_cjk(one)):
        yield _Draft(start, at + 2, "K", cost + 8, surname, two)
    if not masked[0] and is_cjk(one):
        yield _Draft(start, at + 1, "F", cost + known.given_cost(one), surname, one)


def _in_names(char: str, known: Lexicon) -> bool:
    """Whether a character stands in given names, or is too rare to be an everyday word."""
    if char in known.no_given:
        return False
    return char in known.first or known.words.get(char, UNKNOWN_COST) > USUAL


def _nicknames(text: str, known: Lexicon, places: _Places) -> Iterator[_Draft]:
    """Affixes of nicknames with what stands behind or before them."""
    behind = 0
    for start, end in places.get("front", ()):
        if start >= behind and (rest := known.anchors["front"].match(text, end)):
            yield from _nickname(text, start, text[start : rest.end()], "front", known)
            behind = start + 1
    if "back" not in places:
        return
    ends: dict[int, int] = {}  # of nicknames, by where they start
    affix = -1
    for at, end in places["back"]:
        if at == affix or _LATIN.match(text, end):
            continue
        affix = at
        core = known.anchors["back"].search(text, max(0, at - 2), at)
        if core is not None:
            ends.setdefault(at - 1, end)
            if core.start() == at - 2:
                ends[at - 2] = end  # of two that start together the one with more before its affix
    for start in sorted(ends):
        yield from _nickname(text, start, text[start : ends[start]], "back", known)


_LATIN = re.compile("[A-Za-z]")


def _nickname(text: str, start: int, word: str, side: str, known: Lexicon) -> Iterator[_Draft]:
    if side == "front" and not word[1].isascii() and not _is_core(word[1], word[0], known):
        return
    # The look-ahead took as much as there was; shorter names begin or end at the same place.
    lengths = range(2, len(word) + 1) if side == "front" and not word[-1].isascii() else [len(word)]
    for length in lengths:
        name = word[:length]
        core = name[1:] if side == "front" else name[:-1]
        if not _is_core(core, name[0] if side == "front" else name[-1], known):
            continue
        if name in known.not_nicknames or (
            name[0] != "\u963f" and known.words.get(name, 99.0) < NICKNAME_WORD
        ):
            continue
        if length > 2 and name[:2] in known.not_nicknames and name[:2] not in known.nickname_fronts:
            continue
        yield _Draft(
            start,
            start + length,
            "A" if side == "front" else "B",
            NAME_COST + 4 + 5.0 * (length - 1),
            "",
            name,
        )
    if (
        side == "back"
        and len(word) == 3
        and word[1:] not in known.not_nicknames
        and _is_core(word[1], word[2], known)
        and known.words.get(word[1:], 99.0) >= NICKNAME_WORD
    ):
        yield _Draft(start + 1, start + 3, "B", NAME_COST + 9, "", word[1:])


def _is_core(core: str, affix: str, known: Lexicon) -> bool:
    """Whether characters of a nickname can be those of a name, beside an affix of every day."""
    if affix not in EVERYDAY:
        return True
    return core.isascii() or all(
        char in known.surnames or known.second.get(char, 99.0) < RARE_IN_NAMES for char in core
    )


# -- features ---------------------------------------------------------------------------------


_LATIN_BEFORE = re.compile(r"[A-Za-z]{1,12}[ .]{0,2}$")
_LATIN_BEHIND = re.compile(r" ?[A-Za-z]{1,12}")


def _word_before(text: str, words: Segments, low: int, at: int) -> str:
    """The word that ends where a window begins."""
    if at > low:
        return text[low + words.before[at - low] : at]
    found = _LATIN_BEFORE.search(text, max(0, at - 14), at)
    return found.group().strip(" .").lower() if found else text[at - 1 : at]


def _word_behind(text: str, words: Segments, low: int, at: int) -> str:
    """The word that begins where a window ends."""
    here = at - low
    if here < len(words.ahead) - 1:
        return text[at : low + words.after[here]]
    found = _LATIN_BEHIND.match(text, at)
    return found.group().strip().lower() if found else text[at : at + 1]


def _features(
    text: str, known: Lexicon, draft: _Draft, margin: float, beside: tuple[str, str]
) -> list[str]:
    start, end, kind, _, surname, given = draft
    size = end - start
    word = text[start:end]
    latin = kind in "ABM" and not word.isascii() and (word[0].isascii() or word[-1].isascii())
    key = f"{kind}{'a' if latin else size}"
    bucket = int(margin + 100) - 100
    bucket = -8 if bucket < -8 else min(bucket, 12)
    left, right = text[start - 1 : start], text[end : end + 1]
    left2, right2 = text[max(0, start - 2) : start], text[end : end + 2]
    on_left, on_right = _side(left), _side(right)
    coarse = "abcdef"[(margin > -3) + (margin > -1) + (margin > 1) + (margin > 4) + (margin > 8)]
    before, behind = beside
    out = [
        key,
        f"{key}m{bucket}",
        f"{key}{coarse}l{on_left}r{on_right}",
        f"{key}{coarse}l{on_left}",
        f"{key}{coarse}r{on_right}",
        f"l1{left}",
        f"r1{right}",
        f"l2{left2}",
        f"r2{right2}",
        f"lw{before}",
        f"rw{behind}",
        f"{kind}lw{before}",
        f"{kind}rw{behind}",
        f"{kind}l1{left}",
        f"{kind}r1{right}",
        f"{key}l{on_left}r{on_right}",
        f"{kind}l{on_left}",
        f"{kind}r{on_right}",
    ]
    if kind == "P":
        out.append(f"P_{text[start + 1]}")
    if surname:
        if kind != "F" or size == 2:
            out.append(f"{kind}s{surname}")
        out.append(f"{kind}s{int(known.surnames.get(surname, 12))}")
        if kind == "F" and known.words.get(surname, NEVER) < PLAIN:
            out.append(f"FS{surname}{on_left}")
    if given and kind in "FGP":
        out.append(f"{kind}g{int(known.given_cost(given[-2:]))}")
        if size > 1 and given in known.given_names:
            out.append(f"{kind}gl")
        if kind == "F":
            out.append(f"F{len(given)}e{given[-1]}")
        elif kind == "G" and known.words.get(given, 99) < 14:
            out.append("Gw")
    elif kind in "AB":
        out.append(f"{kind}f{word[0]}")
        out.append(f"{kind}b{word[-1]}")
        core = word[-1] if kind == "A" else word[0]
        if latin:
            types = known.latin.get(word.strip(word[0] if kind == "A" else word[-1]).lower(), "")
            out.append(f"{kind}y{types}")
        else:
            out.append(f"{kind}c{int(min(known.second.get(core, 12), 12))}")
    cost = known.words.get(word)
    if cost is not None:
        out.append(f"{kind}w{int(cost)}")
    out += _told(text, known, draft, f"{key}{coarse}", behind)
    return out


def _told(text: str, known: Lexicon, draft: _Draft, shape: str, behind: str) -> list[str]:
    """Features of the titles, labels and tails next to a window."""
    kind, out = draft.kind, []
    if title := _title_after(text, draft.end, known):
        word, sort = title
        out += [f"{kind}t{sort}", f"t{word}", f"{kind}t", f"{shape}t{sort}", f"{kind}t{word}"]
        if len(behind) > len(word):
            out.append(f"{kind}cut")  # the title is the beginning of another word
    if title := _title_before(text, draft.start, known):
        out += [f"{kind}T{title[1]}", f"T{title[0]}", f"{shape}T{title[1]}"]
    if label := _label_before(text, draft.start, known):
        word, sort = label
        out += [f"{kind}n{sort}", f"n{word}", f"{shape}n{sort}", f"{kind}n{word}"]
    if tail := _tail(text, draft.end, known):
        out += [f"{kind}a", f"a{tail}"]
    if contact := contact_behind(text, draft.end):
        out += [f"{kind}@{contact}", f"@{contact}", f"{shape}@{contact}"]
    return out


_CONTACT = re.compile(
    r"[ ,:;(/|-]{0,3}(?:"
    r"(?P<tel>(?:\+?852[ -]?)?[2-9][0-9]{3}[ -]?[0-9]{4}(?![0-9])|1[3-9][0-9]{9}(?![0-9]))"
    r"|(?P<age>[1-9][0-9](?:岁|[ ,)])|[二三四五六七八九]?十[一二三四五六七八九]?岁)"
    r"|(?P<handle>@[A-Za-z0-9_.]{3}|(?:wa|t)\.me/)"
    r"|(?P<way>(?:whats ?app|ig|tg|tele?|telegram|signal|wechat|微信|电话|手机)"
    r"[ :@]{1,2}[@+0-9A-Za-z]))",
    re.IGNORECASE,
)


# What ``_title_before`` and ``_label_before`` pass over.
_BETWEEN = frozenset(f" \n\t,:是为系做佢都{_QUOTES}")


def contact_behind(text: str, at: int) -> str:
    """What sort of number or handle stands right behind a place: tel, age, handle, way, or none."""
    if text[at : at + 1] not in CONTACT_HEADS:
        return ""
    found = _CONTACT.match(text, at)
    return found.lastgroup or "" if found else ""


def _side(char: str) -> str:
    if not char or char == "\n":
        return "^"
    if "\u3400" <= char <= "\u9fff":
        return "z"
    if char.isdigit():
        return "9"
    if char.isalpha():
        return "a"
    if char == " ":
        return "_"
    if char in _QUOTES:
        return "q"
    return "." if char in ",.!?;:\N{IDEOGRAPHIC FULL STOP}\N{IDEOGRAPHIC COMMA}" else "o"


def _title_after(text: str, at: int, known: Lexicon) -> tuple[str, str] | None:
    if text[at : at + 1] == " ":
        at += 1
    for size in known.looks.titles.get(text[at : at + 2].lower(), (1,)):
        word = text[at : at + size]
        kind = known.after.get(word) or known.after_latin.get(word.lower())
        if kind and len(word) == size:
            # sir in "sirius" is no title
            if (
                word.isascii()
                and text[at + size : at + size + 1].isalpha()
                and text[at + size].isascii()
            ):
                continue
            return word, kind
    return None


def _title_before(text: str, at: int, known: Lexicon) -> tuple[str, str] | None:
    if text[at - 1 : at] in (" ", ":", ","):
        at -= 1
    if text[at - 1 : at] not in known.looks.title_ends:
        return None
    for size in (6, 5, 4, 3, 2):
        if size <= at and (kind := known.before.get(word := text[at - size : at])):
            return word, kind
    return None


def _label_before(text: str, at: int, known: Lexicon) -> tuple[str, str] | None:
    if text[at - 1 : at] not in known.label_ends:
        return None
    cut = _COLON.search(text, max(0, at - 5), at)
    stop = cut.start() if cut else at
    for place in dict.fromkeys((at, stop)):
        for size in (4, 3, 2, 1):
            if size <= place and (kind := known.labels.get(word := text[place - size : place])):
                return word, kind
    return None


def _is_doubtful(text: str, draft: _Draft, known: Lexicon) -> bool:
    """Whether a family name is an everyday word, or a word of a shop stands behind the name."""
    if draft.kind == "F":
        return known.words.get(draft.surname, NEVER) < PLAIN
    return draft.kind in "ABG" and len(_tail(text, draft.end, known) or "") > 1


def _tail(text: str, at: int, known: Lexicon) -> str | None:
    if text[at : at + 1] not in known.looks.tails:
        return None
    for size in (4, 3, 2, 1):
        word = text[at : at + size]
        if word in known.tails:
            return word
    return None


def _scene(draft: _Draft, settings: Sequence[tuple[int, str]], titles: Spans) -> list[str]:
    """What sorts of setting stand near, and further off; ``settings`` are in order."""
    start, end, draft_kind = draft.start, draft.end, draft.kind
    out = []
    if settings:
        around = settings[
            bisect_left(settings, (start - FAR, "")) : bisect_right(settings, (end + FAR, "~"))
        ]
        near = {kind for at, kind in around if start - 24 <= at <= end + 12 and at != start}
        far = sorted({kind for at, kind in around if at != start})
        out += [f"scene{kind}" for kind in sorted(near)]
        out += [f"far{kind}" for kind in far] + [f"{draft_kind}far{kind}" for kind in far]
    if titles.hold(start - 1, end + 1):
        out.append("booktitle")
    return out
