"""Windows of Chinese text that may be a person's name, each with its features.

In: canonical text and a ``Lexicon``.  Out: ``Window`` records for the linear model.  A window's
kind says what makes it a candidate: ``F`` surname and given name, ``T`` surname before a title,
``X`` surname after 姓, ``G`` given name alone, ``A`` nickname, ``L`` what follows a label, ``M``
English given name and Chinese surname, ``N`` a given name of another language in Chinese script.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from injunction_screen.details.name_lexicon import (
    CJK,
    NAME_COST,
    UNKNOWN_COST,
    USUAL,
    Lexicon,
    Segments,
)

__all__ = ["Window", "chinese_windows", "contact_behind"]

AROUND = 6  # characters of context that the segmentation sees on either side
# A window that costs so much more than the words it is made of is no name, by its kind.
LEAST_MARGIN = {
    "F": -5.5,
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
MARRIED = 6.5  # surnames of less cost are common enough to stand before another
# Affixes of nicknames that mostly make words: big, small, old, fat, few, mad, blind.
EVERYDAY = frozenset("大细小老肥少癫盲跛丧B")
RARE_IN_NAMES = 9.0  # characters of more cost are seldom in given names
COMMON = 9.5  # two characters of less cost are a word that no name is worth looking for in
NEVER = 99.0  # of what is no word
PLAIN = 8.5  # a surname of less cost as a word may begin one of more characters
LINKING = 6.8  # a surname of less cost as a word is mostly that word beside a Latin name
LISTED_MARGIN = -5.0  # the least margin of a given name that a list has
FOREIGN_COST = 12.0  # of a given name of another language
FAR = 250  # characters within which a scene is told
SIFTED = "FG"  # kinds whose drafts are weighed before they are made
NICKNAME_WORD = 14.0  # what costs less than this is a word, no nickname


class Window(NamedTuple):
    """A candidate at canonical ``start:end``."""

    start: int
    end: int
    kind: str
    features: list[str]


class _Draft(NamedTuple):
    start: int
    end: int
    kind: str
    cost: float  # as a name; segmentation sees this span as one word
    surname: str
    given: str


ODD_TITLES = frozenset(["sign", "work", "sir", "rank"])
_RUN = re.compile(f"[{CJK}]+")
_IN_NUMBERS = frozenset("0123456789.,%:/-")
_MASK = re.compile(
    r"[XxOo0-9*\N{WHITE CIRCLE}\N{BLACK CIRCLE}\N{WHITE SQUARE}\N{BLACK SQUARE}_\u67d0]"
)
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
    settings: list[tuple[int, str]],
    cut: Callable[[str], None] | None = None,
) -> list[Window]:
    """Every Chinese candidate of a text.

    ``settings`` are the places of words that set a scene of pets, fiction or brands; ``cut`` is
    called when a text has more candidates than are looked at.
    """
    made = list(islice(_drafts(text, known), MOST_DRAFTS))
    if cut is not None and len(made) == MOST_DRAFTS:
        cut("names")
    settings = sorted(settings)
    drafts = sorted(
        draft
        for draft in set(made)
        if draft.kind in SIFTED
        or _in_words(_letters(text, draft), known) - draft.cost >= LEAST_MARGIN[draft.kind]
    )
    if not drafts:
        return []
    titles = (
        [found.span() for found in _TITLE_MARKS.finditer(text)]
        if "\N{LEFT DOUBLE ANGLE BRACKET}" in text
        else []
    )
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
        while low and start - low < AROUND and _is_cjk(text[low - 1]):
            low -= 1
        while high < len(text) and high - end < AROUND and _is_cjk(text[high]):
            high += 1
        words = Segments(text[low:high], known)
        for draft in group:
            if draft.kind == "P":
                margin = _in_words(_letters(text, draft), known) - draft.cost
            else:
                margin = words.margin(draft.start - low, draft.end - low, draft.cost)
            if not _keeps(text, draft, margin, known):
                continue
            beside = (
                _word_before(text, words, low, draft.start),
                _word_behind(text, words, low, draft.end),
            )
            features = _features(text, known, draft, margin, beside)
            features += _scene(draft, settings, titles)
            out.append(Window(draft.start, draft.end, draft.kind, features))
    return out


def _letters(text: str, draft: _Draft) -> str:
    """The characters of a draft without the signs between them."""
    return draft.surname + draft.given if draft.kind == "P" else text[draft.start : draft.end]


def _keeps(text: str, draft: _Draft, room: float, known: Lexicon) -> bool:
    """Whether a margin is enough; an odd name is known by what stands beside it."""
    kind = draft.kind
    if draft.end - draft.start > 1 and _is_title(text[draft.start : draft.end], known):
        return False
    least = LEAST_MARGIN[kind]
    if kind == "G" and draft.given in known.given_names:
        least = LISTED_MARGIN
    if room >= least:
        return True
    if kind not in "FG" or room < 2.5 * LEAST_MARGIN[kind]:
        return False
    return bool(
        _title_before(text, draft.start, known)
        or _label_before(text, draft.start, known)
        or ((title := _title_after(text, draft.end, known)) and title[1] in ODD_TITLES)
        or contact_behind(text, draft.end)
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
    if len(name) == 1:
        return get(name, UNKNOWN_COST)
    if len(name) == 2:
        return min(get(name[0], UNKNOWN_COST) + get(name[1], UNKNOWN_COST), get(name, NEVER))
    best = min(
        get(name[0], UNKNOWN_COST) + _in_words(name[1:], known),
        get(name[:2], NEVER) + _in_words(name[2:], known),
    )
    return min(best, get(name, NEVER))


# -- candidates -------------------------------------------------------------------------------


def _drafts(text: str, known: Lexicon) -> Iterator[_Draft]:
    anchors = known.anchors
    for found in anchors["full"].finditer(text):
        yield from _full(text, found.start(), found.group(1), known)
    yield from _surnames(text, known)
    for rule in ("given", "headed"):
        for found in anchors[rule].finditer(text):
            given = found.group(1)
            if known.words.get(given, NEVER) < COMMON:
                continue
            cost = NAME_COST + 2.5 + known.given_cost(given)
            draft = _Draft(*found.span(1), "G", cost, "", given)
            if _keeps(text, draft, _in_words(given, known) - cost, known) and all(
                _in_names(char, known) for char in given
            ):
                yield draft
    for found in anchors["foreign"].finditer(text):
        yield _Draft(*found.span(1), "N", FOREIGN_COST, "", found.group(1))
    for side in ("front", "back"):
        for found in anchors[side].finditer(text):
            yield from _nickname(text, found, side, known)
    for found in anchors["labelled"].finditer(text):
        yield from _labelled(text, found, known)
    for found in anchors["reached"].finditer(text):
        start, end = found.span(1)
        if contact_behind(text, end):
            yield _Draft(start, end, "L", NAME_COST + 7.0 * (end - start), "", "")
    yield from _mixed(text, known)


def _surnames(text: str, known: Lexicon) -> Iterator[_Draft]:
    """Surnames that a title or the word surname tells, and names written in some special way."""
    anchors = known.anchors
    for found in anchors["titled"].finditer(text):
        if _title_after(text, found.end(), known):
            yield _titled(found, known)
    for rule, kind in (("latin_titled", "T"), ("surnamed", "X")):
        for found in anchors[rule].finditer(text):
            yield _titled(found, known)._replace(kind=kind)
    for found in anchors["house"].finditer(text):
        second, given = found.groups()
        start = found.start() - 2
        cost = NAME_COST + known.surnames[second] + known.given_cost(given)
        yield _Draft(start, found.end(), "P", cost, text[start] + second, given)
    for found in anchors["of_name"].finditer(text):
        at = found.start() - 1
        yield _Draft(at, at + 1, "X", NAME_COST - 2 + known.surnames[text[at]], text[at], "")
    for found in anchors["parted"].finditer(text):
        yield from _parted(text, found, known)


def _titled(found: re.Match[str], known: Lexicon) -> _Draft:
    surname = found.group(1)
    return _Draft(*found.span(1), "T", NAME_COST - 2 + known.surnames[surname], surname, "")


def _parted(text: str, found: re.Match[str], known: Lexicon) -> Iterator[_Draft]:
    sign, one, two = found.groups()
    end = found.start()
    for size in (2, 1):
        surname = text[max(0, end - size) : end]
        start = end - size
        if start < 0 or surname not in known.surnames:
            continue
        before = text[max(0, start - len(sign)) : start]
        if before == sign and _is_cjk(text[start - len(sign) - 1 : start - len(sign)]):
            continue  # a whole sentence is written so
        cost = NAME_COST + known.surnames[surname] + known.given_cost(one + two)
        yield _Draft(start, found.end(), "P", cost, surname, one + two)
        return


def _labelled(text: str, found: re.Match[str], known: Lexicon) -> Iterator[_Draft]:
    run = _RUN.match(text, found.end())
    if run is None:
        return
    start, end = run.span()
    for size in sorted({min(end - start, 6), 1, 2, 3}):
        if size < end - start and (size == 1 or (end - start > 5 and found.group()[-1:] in "叫名")):
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


def _full(text: str, start: int, surname: str, known: Lexicon) -> Iterator[_Draft]:
    choices = (surname,) if len(surname) == 1 else (surname, surname[0])
    for name in choices:
        at = start + len(name)
        cost = known.surnames.get(name)
        if cost is None:
            continue
        two = text[at : at + 2]
        if _MASK.search(two):
            yield from _masked(text, start, name, known)
            continue
        one, last = two[:1], two[1:]
        if not one or not _is_cjk(one):
            continue
        givens = [one] if _in_names(one, known) else []
        if last and _is_cjk(last) and _in_names(last, known):
            if givens:
                givens.append(two)
            # A married woman may put her husband's surname before her own.
            third = text[at + 2 : at + 3]
            if (
                len(name) == 1
                and known.surnames.get(one, NEVER) < MARRIED
                and third
                and _is_cjk(third)
                and _in_names(third, known)
            ):
                givens.append(two + third)
        for given in givens:
            whole = NAME_COST + cost + known.given_cost(given[-2:])
            if len(given) == 3:
                whole += 4 + known.surnames[one]
            draft = _Draft(start, at + len(given), "F", whole, name, given)
            if _keeps(text, draft, _in_words(name + given, known) - whole, known):
                yield draft


def _masked(text: str, start: int, surname: str, known: Lexicon) -> Iterator[_Draft]:
    at = start + len(surname)
    cost = NAME_COST + known.surnames[surname]
    one, two = text[at : at + 1], text[at : at + 2]
    # A digit masks a character only where the name ends with it; else it counts things.
    digits = sum(char.isdigit() for char in two)
    behind = text[at + 2 : at + 3]
    counts = two[:1].isdigit() or _is_cjk(behind or " ") or behind in _IN_NUMBERS
    if len(two) < 2 or digits > 1 or (digits and counts):
        return
    masked = [bool(_MASK.match(char)) for char in two]
    if (masked[0] and (masked[1] or _is_cjk(two[1]))) or (masked[1] and _is_cjk(one)):
        yield _Draft(start, at + 2, "K", cost + 8, surname, two)
    if not masked[0] and _is_cjk(one):
        yield _Draft(start, at + 1, "F", cost + known.given_cost(one), surname, one)


def _in_names(char: str, known: Lexicon) -> bool:
    """Whether a character stands in given names, or is too rare to be an everyday word."""
    if char in known.no_given:
        return False
    return char in known.first or known.words.get(char, UNKNOWN_COST) > USUAL


def _is_cjk(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff" or char > "\U0001ffff"


def _nickname(text: str, found: re.Match[str], side: str, known: Lexicon) -> Iterator[_Draft]:
    start, word = found.start(), found.group(1)
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
    coarse = "abcdef"[(margin > -3) + (margin > -1) + (margin > 1) + (margin > 4) + (margin > 8)]
    out = [
        key,
        f"{key}m{bucket}",
        f"{key}{coarse}l{_side(left)}r{_side(right)}",
        f"{key}{coarse}l{_side(left)}",
        f"{key}{coarse}r{_side(right)}",
        f"l1{left}",
        f"r1{right}",
        f"l2{left2}",
        f"r2{right2}",
        f"lw{beside[0]}",
        f"rw{beside[1]}",
        f"{kind}lw{beside[0]}",
        f"{kind}rw{beside[1]}",
        f"{kind}l1{left}",
        f"{kind}r1{right}",
        f"{key}l{_side(left)}r{_side(right)}",
        f"{kind}l{_side(left)}",
        f"{kind}r{_side(right)}",
    ]
    if kind == "P":
        out.append(f"P_{text[start + 1]}")
    if surname:
        if kind != "F" or size == 2:
            out.append(f"{kind}s{surname}")
        out.append(f"{kind}s{int(known.surnames.get(surname, 12))}")
        if kind == "F" and known.words.get(surname, NEVER) < PLAIN:
            out.append(f"FS{surname}{_side(left)}")
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
    out += _told(text, known, draft, f"{key}{coarse}", beside[1])
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


def contact_behind(text: str, at: int) -> str:
    """What sort of number or handle stands right behind a place: tel, age, handle, way, or none."""
    if text[at : at + 1] not in _CONTACT_HEADS:
        return ""
    found = _CONTACT.match(text, at)
    return found.lastgroup or "" if found else ""


_CONTACT_HEADS = frozenset(" ,:;(/|-+@0123456789二三四五六七八九十wtisWTIS微电手")


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
    for size in (5, 4, 3, 2, 1):
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


def _tail(text: str, at: int, known: Lexicon) -> str | None:
    for size in (4, 3, 2, 1):
        word = text[at : at + size]
        if word in known.tails:
            return word
    return None


def _scene(
    draft: _Draft, settings: Sequence[tuple[int, str]], titles: Sequence[tuple[int, int]]
) -> list[str]:
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
    if titles and any(a < start and end < b for a, b in titles):
        out.append("booktitle")
    return out
