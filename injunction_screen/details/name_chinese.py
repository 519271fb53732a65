"""Windows of Chinese text that may be a person's name, each with its features.

In: canonical text and a ``Lexicon``.  Out: ``Window`` records for the linear model.  A window's
kind says what makes it a candidate: ``F`` surname and given name, ``T`` surname before a title,
``X`` surname after 姓, ``G`` given name alone, ``A`` nickname, ``L`` what follows a label, ``M``
English given name and Chinese surname.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
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

__all__ = ["Window", "chinese_windows"]

AROUND = 6  # characters of context that the segmentation sees on either side
# A window that costs so much more than the words it is made of is no name, by its kind.
LEAST_MARGIN = {
    "F": -4.5,
    "G": -3.0,
    "T": -5.0,
    "A": -5.0,
    "B": -5.0,
    "X": -99.0,
    "L": -99.0,
    "M": -99.0,
    "K": -99.0,
}
MOST_DRAFTS = 20_000  # candidates looked at in one post; a post of more is a list or an attack
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


_RUN = re.compile(f"[{CJK}]+")
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


def chinese_windows(text: str, known: Lexicon, settings: list[tuple[int, str]]) -> list[Window]:
    """Every Chinese candidate of a text.

    ``settings`` are the places of words that set a scene of pets, fiction or brands.
    """
    drafts = sorted(
        draft
        for draft in set(islice(_drafts(text, known), MOST_DRAFTS))
        if _in_words(text[draft.start : draft.end], known) - draft.cost >= LEAST_MARGIN[draft.kind]
    )
    if not drafts:
        return []
    titles = (
        [found.span() for found in _TITLE_MARKS.finditer(text)]
        if "\N{LEFT DOUBLE ANGLE BRACKET}" in text
        else []
    )
    seen: dict[str, int] = {}
    for draft in drafts:
        word = text[draft.start : draft.end]
        seen[word] = seen.get(word, 0) + 1
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
            margin = words.margin(draft.start - low, draft.end - low, draft.cost)
            if margin < LEAST_MARGIN[draft.kind]:
                continue
            repeated = seen[text[draft.start : draft.end]] > 1
            features = _features(text, known, draft, margin, repeated)
            features += _scene(draft.start, draft.end, settings, titles)
            out.append(Window(draft.start, draft.end, draft.kind, features))
    return out


def _in_words(name: str, known: Lexicon) -> float:
    """The least that the characters of a window cost as words.

    No margin can be larger than this allows, whatever stands around, so most windows need no
    reading of their surroundings.
    """
    words = known.words
    costs = [words.get(char, UNKNOWN_COST) for char in name]
    best = sum(costs)
    for i in range(len(name) - 1):
        two = words.get(name[i : i + 2])
        if two is not None:
            best = min(best, sum(costs[:i]) + two + sum(costs[i + 2 :]))
    whole = words.get(name)
    return best if whole is None else min(best, whole)


# -- candidates -------------------------------------------------------------------------------


def _drafts(text: str, known: Lexicon) -> Iterator[_Draft]:
    anchors = known.anchors
    for found in anchors["full"].finditer(text):
        yield from _full(text, found.start(), found.group(1), known)
    for found in anchors["titled"].finditer(text):
        start, end = found.span(1)
        surname = found.group(1)
        yield _Draft(start, end, "T", NAME_COST - 2 + known.surnames[surname], surname, "")
    for found in anchors["surnamed"].finditer(text):
        surname = found.group(1)
        yield _Draft(*found.span(1), "X", NAME_COST - 2 + known.surnames[surname], surname, "")
    for found in anchors["given"].finditer(text):
        given = found.group(1)
        yield _Draft(
            found.start(),
            found.start() + 2,
            "G",
            NAME_COST + 2.5 + known.given_cost(given),
            "",
            given,
        )
    for side in ("front", "back"):
        for found in anchors[side].finditer(text):
            yield from _nickname(text, found, side, known)
    for found in anchors["labelled"].finditer(text):
        run = _RUN.match(text, found.end())
        if run is None:
            continue
        start, end = run.span()
        for size in sorted({min(end - start, 6), 1, 2, 3}):
            if size < end - start and (
                size == 1 or (end - start > 5 and found.group()[-1:] in "叫名")
            ):
                continue
            if any(char in known.particles for char in text[start : start + size]):
                break
            if size <= end - start and size <= 5:
                yield _Draft(start, start + size, "L", NAME_COST + 7.0 * size, "", "")
    yield from _mixed(text, known)


def _mixed(text: str, known: Lexicon) -> Iterator[_Draft]:
    for rule, given, family in (("mixed", 1, 2), ("mixed_back", 2, 1)):
        for found in known.anchors[rule].finditer(text):
            surname = found.group(family)
            if "e" in known.latin.get(found.group(given).lower(), ""):
                cost = NAME_COST + known.surnames[surname]
                yield _Draft(found.start(), found.end(), "M", cost, surname, "")


def _full(text: str, start: int, surname: str, known: Lexicon) -> Iterator[_Draft]:
    choices = (surname,) if len(surname) == 1 else (surname, surname[0])
    for name in choices:
        at = start + len(name)
        cost = known.surnames.get(name)
        if cost is None:
            continue
        one, two = text[at : at + 1], text[at : at + 2]
        masked = [bool(_MASK.match(char)) for char in two]
        if any(masked):
            # A digit masks a character only where the name ends with it; else it counts things.
            if any(char.isdigit() for char in two) and _RUN.match(text, at + 2):
                continue
            if len(two) == 2 and (masked[0] and (masked[1] or _is_cjk(two[1]))):
                yield _Draft(start, at + 2, "K", NAME_COST + cost + 8, name, two)
            elif len(two) == 2 and masked[1] and _is_cjk(two[0]):
                yield _Draft(start, at + 2, "K", NAME_COST + cost + 8, name, two)
                yield _Draft(
                    start, at + 1, "F", NAME_COST + cost + known.given_cost(one), name, one
                )
            continue
        if not one or not _is_cjk(one) or not _in_names(one, known):
            continue
        yield _Draft(start, at + 1, "F", NAME_COST + cost + known.given_cost(one), name, one)
        if len(two) == 2 and _is_cjk(two[1]) and _in_names(two[1], known):
            yield _Draft(start, at + 2, "F", NAME_COST + cost + known.given_cost(two), name, two)


def _in_names(char: str, known: Lexicon) -> bool:
    """Whether a character stands in given names, or is too rare to be an everyday word."""
    return char in known.first or known.words.get(char, UNKNOWN_COST) > USUAL


def _is_cjk(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff" or char > "\U0001ffff"


def _nickname(text: str, found: re.Match[str], side: str, known: Lexicon) -> Iterator[_Draft]:
    start, word = found.start(), found.group(1)
    # The look-ahead took as much as there was; shorter names begin or end at the same place.
    lengths = range(2, len(word) + 1) if side == "front" and not word[-1].isascii() else [len(word)]
    for length in lengths:
        name = word[:length]
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
        and known.words.get(word[1:], 99.0) >= NICKNAME_WORD
    ):
        yield _Draft(start + 1, start + 3, "B", NAME_COST + 9, "", word[1:])


# -- features ---------------------------------------------------------------------------------


def _features(text: str, known: Lexicon, draft: _Draft, margin: float, repeated: bool) -> list[str]:
    start, end, kind, _, surname, given = draft
    size = end - start
    word = text[start:end]
    key = f"{kind}{size}"
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
        f"{kind}l1{left}",
        f"{kind}r1{right}",
        f"{key}l{_side(left)}r{_side(right)}",
        f"{kind}l{_side(left)}",
        f"{kind}r{_side(right)}",
    ]
    if surname:
        if kind != "F" or size == 2:
            out.append(f"{kind}s{surname}")
        out.append(f"{kind}s{int(known.surnames.get(surname, 12))}")
    if given and kind in "FG":
        out.append(f"{kind}g{int(known.given_cost(given))}")
        if size > 1 and given in known.given_names:
            out.append(f"{kind}gl")
        if kind == "F":
            out.append(f"F{len(given)}e{given[-1]}")
        elif known.words.get(given, 99) < 14:
            out.append("Gw")
    elif kind in "AB":
        out.append(f"{kind}f{word[0]}")
        out.append(f"{kind}b{word[-1]}")
        core = word[-1] if kind == "A" else word[0]
        out.append(f"{kind}c{int(min(known.second.get(core, 12), 12))}")
    cost = known.words.get(word)
    if cost is not None:
        out.append(f"{kind}w{int(cost)}")
    if title := _title_after(text, end, known):
        out += [
            f"{kind}t{title[1]}",
            f"t{title[0]}",
            f"{kind}t",
            f"{key}{coarse}t{title[1]}",
            f"{kind}t{title[0]}",
        ]
    if title := _title_before(text, start, known):
        out += [f"{kind}T{title[1]}", f"T{title[0]}", f"{key}{coarse}T{title[1]}"]
    if label := _label_before(text, start, known):
        out += [
            f"{kind}n{label[1]}",
            f"n{label[0]}",
            f"{key}{coarse}n{label[1]}",
            f"{kind}n{label[0]}",
        ]
    if tail := _tail(text, end, known):
        out += [f"{kind}a", f"a{tail}"]
    if repeated:
        out.append(f"{kind}rep")
    return out


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
    start: int, end: int, settings: list[tuple[int, str]], titles: list[tuple[int, int]]
) -> list[str]:
    out = []
    if settings:
        near = {kind for at, kind in settings if start - 24 <= at <= end + 12}
        out += [f"scene{kind}" for kind in near]
    if titles and any(a < start and end < b for a, b in titles):
        out.append("booktitle")
    return out
