"""What can be seen at a glance where a Chinese name may begin.

In: the lists and costs of a ``Lexicon``.  Out: ``Looks``.  A text is first put into *sorts* of
characters: every character gives way to one that tells what it can be in a name.  There are some
hundreds of sorts where there are tens of thousands of characters, so that the rules that look for
the beginnings of names are small and quick, and whatever they pass over costs nothing more.

No answer hangs on this, only how soon it comes: each rule finds all that the finder would keep,
and more.  To that end a sort tells the *room* of a character: how much cheaper it is in a name than
as a word.  No margin of a name (``Segments``) can be larger than the rooms of its characters.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

__all__ = ["Looks", "look"]

UNKNOWN_COST = 16.0  # of a character that no list has
USUAL = 11.5  # a character of less cost is an everyday word by itself
NAME_COST = 6.0  # that the next word is a person's name at all
UNLISTED_COST = 9.5  # of a character of a given name that stands in none of the list
LONE_COST = 1.6  # that a given name has one character
PAIR_COST = 0.2  # that it has two
TWICE_COST = 4.5  # of writing the first character of a given name again
GIVEN_COST = 2.5  # that a given name stands alone
LEAST_FULL = -5.5  # the least margin of a full name
LEAST_GIVEN = -5.0  # of a given name alone, if a list has it
TOLD = 2.5  # times the least margin: that of a name that what stands beside it tells
MARRIED = 6.5  # surnames of less cost are common enough to stand before another
USUAL_GIVEN = 900  # characters of which given names that stand alone are made
LONGEST_TITLE = 5  # characters of an occupation in Chinese
ODD_TITLES = frozenset(["sign", "work", "sir", "rank"])  # sorts of titles that show an odd name
STEP = 1.5  # of the rooms that a sort tells: what costs a smaller one is the number of sorts
CJK = "\u3400-\u9fff\U00020000-\U0003ffff"
MASKS = frozenset(
    "XxOo0123456789*\N{WHITE CIRCLE}\N{BLACK CIRCLE}\N{WHITE SQUARE}\N{BLACK SQUARE}_\u67d0"
)
# First characters of what ``contact_behind`` finds.
CONTACT_HEADS = frozenset(" ,:;(/|-+@0123456789二三四五六七八九十wtisWTIS微电手")
Place = tuple[int, int]


def is_cjk(char: str) -> bool:
    """Whether a character is Chinese, or from the planes where rare ones are."""
    return "\u3400" <= char <= "\u9fff" or char > "\U0001ffff"


class Signs:
    """Words that the anchors begin with, all found in one native pass over a text.

    Most texts have no word of most anchors, which are not tried at all then; where there is one,
    the rest of the anchor is tried behind it.
    """

    __slots__ = ("_anchors", "_automaton")

    def __init__(self, words: Mapping[str, Iterable[str]]) -> None:
        anchors: dict[str, list[str]] = {}
        for anchor, own in words.items():
            for word in own:
                anchors.setdefault(word, []).append(anchor)
        self._automaton = AhoCorasick(list(anchors), matchkind=MatchKind.Standard)
        self._anchors = list(anchors.values())

    def places(self, text: str) -> dict[str, list[Place]]:
        """By anchor that has a word in a text, where its words begin and end.

        They come in order; of those that begin together the longer comes first.
        """
        found = self._automaton.find_matches_as_indexes(text, overlapping=True)
        places: dict[str, list[Place]] = {}
        if len(found) > 1:
            found.sort(key=lambda place: (place[1], -place[2]))
        for number, start, end in found:
            for anchor in self._anchors[number]:
                if anchor in places:
                    places[anchor].append((start, end))
                else:
                    places[anchor] = [(start, end)]
        return places


class Costs(NamedTuple):
    """What a character costs as a word, and as the whole, first or second of a given name."""

    word: float
    lone: float
    first: float
    second: float


UNLISTED = Costs(UNKNOWN_COST, UNLISTED_COST + LONE_COST, UNLISTED_COST, UNLISTED_COST)
NO_NAME = Costs(UNKNOWN_COST, math.inf, math.inf, math.inf)  # of a character that is in no name


class CostsOf(dict[str, Costs]):
    """The costs of every character, whether a list has it or not."""

    def __missing__(self, char: str) -> Costs:
        return UNLISTED if is_cjk(char) else NO_NAME


@dataclass(frozen=True, slots=True)
class Looks:
    """What tells at a glance; all words folded."""

    sorts: str = field(repr=False)  # for every code point the sort of that character
    rules: Mapping[str, re.Pattern[str]] = field(repr=False)  # over sorts
    signs: Signs = field(repr=False)
    costs: CostsOf = field(repr=False)
    surnames: dict[str, tuple[float, float]] = field(repr=False)  # cost as word, as surname
    married: frozenset[str] = field(repr=False)  # surnames that stand before another
    odd_next: frozenset[str] = field(repr=False)  # these, and signs in place of characters
    usual_first: frozenset[str] = field(repr=False)  # first characters of given names
    titles: dict[str, tuple[int, ...]] = field(repr=False)  # first two characters -> lengths
    title_ends: frozenset[str] = field(repr=False)  # last characters of titles before a name
    title_words: frozenset[str] = field(repr=False)  # last words of Latin ones
    label_ends: frozenset[str] = field(repr=False)  # last characters of labels
    told_words: frozenset[str] = field(repr=False)  # last words of Latin titles and labels
    tails: frozenset[str] = field(repr=False)  # first characters of tails
    telling: frozenset[str] = field(repr=False)  # what a contact or an odd title begins with

    def begins(self, rule: str, sorts: str, told: Set[int]) -> list[int]:
        """Where a rule finds something, or may find it in one of the places ``told``.

        There a title or a label before the name tells, so that it needs less room.
        """
        starts = [found.start() for found in self.rules[rule].finditer(sorts)]
        if told:
            match = self.rules[f"{rule}_told"].match
            starts = sorted({*starts, *(at for at in told if match(sorts, at))})
        return starts


def look(
    surnames: Mapping[str, float],
    first: Mapping[str, float],
    second: Mapping[str, float],
    no_given: Iterable[str],
    words: Mapping[str, float],
    before: Mapping[str, str],
    after: Mapping[str, str],
    labels: Mapping[str, str],
    tails: Iterable[str],
    signs: Mapping[str, Iterable[str]],
) -> Looks:
    """What a lexicon of these lists shows at a glance.

    ``before`` and ``after`` are titles, ``signs`` the words that anchors begin with, by anchor.
    """
    named = {
        name: (words.get(name, UNKNOWN_COST), NAME_COST + cost)
        for name, cost in surnames.items()
        if len(name) == 1
    }
    given = _costs(first, second, frozenset(no_given), words)
    married = frozenset(name for name, cost in surnames.items() if cost < MARRIED)
    odd = {word[0] for word, kind in after.items() if kind in ODD_TITLES}
    telling = CONTACT_HEADS.union(odd, *((c.lower(), c.upper()) for c in odd))
    usual = _most_usual(first), _most_usual(second)
    # Usual characters that stand in no given name: particles, pronouns, verbs of every day.
    never = frozenset(
        c
        for c in words
        if len(c) == 1 and words[c] < USUAL and c not in first and c not in surnames
    )
    titles: dict[str, set[int]] = {}
    for word in after:
        sizes = titles.setdefault(word[:2].lower(), {1})
        if len(word) <= LONGEST_TITLE:
            sizes.add(len(word))
    sort = _sort_by(named, given, married, telling, usual, never, after)
    listed = {*map(chr, range(0x80)), *named, *given, *telling, *MASKS}
    listed |= {char for word in after for char in _cases(word[:2])}
    table, sorts = _table(sort, listed)
    return Looks(
        sorts=table,
        rules=_rules(sorts),
        signs=Signs(signs),
        costs=given,
        surnames=named,
        married=married,
        odd_next=married | MASKS,
        usual_first=usual[0],
        titles={head: tuple(sorted(sizes, reverse=True)) for head, sizes in titles.items()},
        title_ends=frozenset(word[-1] for word in before if not word.isascii()),
        title_words=frozenset(_last_word(word) for word in before if word.isascii()),
        told_words=frozenset(_last_letters(word) for word in (*before, *labels) if word.isascii()),
        label_ends=frozenset(word[-1] for word in labels if not word.isascii()),
        tails=frozenset(tail[0] for tail in tails),
        telling=telling,
    )


def _costs(
    first: Mapping[str, float],
    second: Mapping[str, float],
    no_given: frozenset[str],
    words: Mapping[str, float],
) -> CostsOf:
    costs = CostsOf()
    for char in {*first, *second, *no_given, *(word for word in words if len(word) == 1)}:
        word = words.get(char, UNKNOWN_COST)
        one, two = first.get(char, UNLISTED_COST), second.get(char, UNLISTED_COST)
        if char in no_given or (char not in first and word <= USUAL):
            one = two = math.inf  # it is too everyday to stand in a name
        costs[char] = Costs(word, min(two, one) + LONE_COST, one, two)
    return costs


def _most_usual(costs: Mapping[str, float]) -> frozenset[str]:
    return frozenset(sorted(costs, key=lambda char: costs[char])[:USUAL_GIVEN])


def _cases(word: str) -> tuple[str, ...]:
    return (*word, *word.lower(), *word.upper())


def _last_word(words: str) -> str:
    return words.lower().rpartition(" ")[2]


def _last_letters(words: str) -> str:
    return [*re.finditer("[a-z]+", words.lower())][-1].group()


# -- sorts ------------------------------------------------------------------------------------


class _Sort(NamedTuple):
    """What a character can be in a name; the rooms in steps, ``None`` where it cannot be that."""

    script: str  # c Chinese, A and a Latin, blank, or . for others
    surname: int | None
    first: int | None  # as first character of a given name, or its only one
    second: int | None
    follows: bool  # can stand behind a surname
    usual_first: bool
    usual_second: bool
    married: bool
    mask: bool
    telling: bool
    title: bool  # is a title behind a name by itself
    title_head: bool
    title_next: bool


def _steps(room: float) -> int | None:
    return None if room == -math.inf else math.ceil(room / STEP)


def _sort_by(
    surnames: Mapping[str, tuple[float, float]],
    given: CostsOf,
    married: frozenset[str],
    telling: frozenset[str],
    usual: tuple[frozenset[str], frozenset[str]],
    never: frozenset[str],
    after: Iterable[str],
) -> Callable[[str], _Sort]:
    """The sort of a character."""
    titles = {*after}
    title_heads = {word[0] for word in titles}
    title_next = {char for word in titles for char in _cases(word[1:2])}
    chinese = re.compile(f"[{CJK}]")

    def sort(char: str) -> _Sort:
        costs = given[char]
        as_word, named = surnames.get(char, (0.0, math.inf))
        in_class = chinese.match(char) is not None
        return _Sort(
            script=_script(char, in_class),
            surname=_steps(as_word - named),
            first=_steps(costs.word - costs.first) if in_class else None,
            second=_steps(costs.word - costs.second),
            follows=char not in never and (in_class or char in MASKS),
            usual_first=char in usual[0],
            usual_second=char in usual[1],
            married=char in married,
            mask=char in MASKS,
            telling=char in telling,
            title=char in titles,
            title_head=char in title_heads,
            title_next=char in title_next,
        )

    return sort


def _script(char: str, chinese: bool) -> str:
    if chinese:
        return "c"
    if char.isascii() and char.isalpha():
        return "A" if char.isupper() else "a"
    return " " if char == " " else "."


# Where blocks of characters begin that are all alike if no list has them.
_BLOCKS = (0x0, 0x3400, 0xA000, 0x20000, 0x40000, 0x110000)


def _table(sort: Callable[[str], _Sort], listed: Set[str]) -> tuple[str, dict[_Sort, str]]:
    """For every code point the sort of its character; the sorts, each with its own character."""
    sorts: dict[_Sort, str] = {}

    def written(char: str) -> str:
        return sorts.setdefault(sort(char), chr(0x100 + len(sorts)))

    table: list[str] = []
    for start, end in pairwise(_BLOCKS):
        plain = next(char for char in map(chr, range(start, end)) if char not in listed)
        table += [written(plain)] * (end - start)
    for char in sorted(listed):
        table[ord(char)] = written(char)
    return "".join(table), sorts


# -- rules ------------------------------------------------------------------------------------


def _rules(sorts: Mapping[_Sort, str]) -> dict[str, re.Pattern[str]]:
    """The rules over sorts, each of which takes one character and looks at what stands behind.

    They begin with one set of characters, which the engine looks for much faster than for
    anything else: what must stand before is asked for behind it.
    """

    def some(test: Callable[[_Sort], object]) -> str:
        return _set(char for sort, char in sorts.items() if test(sort))

    surname = some(lambda s: s.surname is not None)
    telling, mask = some(lambda s: s.telling), some(lambda s: s.mask)
    one, two = some(lambda s: s.first is not None), some(lambda s: s.second is not None)
    usual = some(lambda s: s.usual_first or s.usual_second)
    usual_one, usual_two = some(lambda s: s.usual_first), some(lambda s: s.usual_second)
    title, title_head = some(lambda s: s.title), some(lambda s: s.title_head)
    cjk, blank = some(lambda s: s.script == "c"), some(lambda s: s.script == " ")
    between = some(lambda s: s.script in " .")
    full = f"{surname}(?={some(lambda s: s.follows)})"
    given = f"({usual})(?={usual_two})"
    rules = {
        "full": full
        + _any_of(
            f"(?={mask}|.{mask}|{some(lambda s: s.married)})",
            f"(?={one}{telling}|{one}{two}{telling})",
            rf"(?=(.)\1)(?={one})",
            *_rooms_for_full(sorts),
        ),
        "full_told": full,
        "given": given
        + _any_of(r"(?=\1)", f"(?<={usual_one})(?=.{telling})", *_rooms_for_given(sorts)),
        "given_told": given + _any_of(r"(?=\1)", f"(?<={usual_one})"),
        "titled": f"{surname}(?={blank}?(?:{title}|{title_head}{some(lambda s: s.title_next)}))",
        "parted": f"{surname}{between}{{1,2}}{cjk}{between}{{1,2}}{cjk}",
        "capital": some(lambda s: s.script == "A") + some(lambda s: s.script == "a"),
    }
    return {name: re.compile(rule) for name, rule in rules.items()}


def _set(sorts: Iterable[str]) -> str:
    """The set of some sorts, "" for none."""
    chars = "".join(sorts)
    return f"[{chars}]" if chars else ""


def _any_of(*rules: str) -> str:
    return f"(?:{'|'.join(rules)})"


def _rooms_for_full(sorts: Mapping[_Sort, str]) -> list[str]:
    """What can stand behind a surname of so much room that a full name has enough."""
    rules = []
    firsts = sorted({s.first for s in sorts if s.first is not None})
    for room in sorted({s.surname for s in sorts if s.surname is not None}):
        behind = [_set(char for s, char in sorts.items() if _has_room_alone(s, room))]
        for first in firsts:
            least = (LEAST_FULL + PAIR_COST) / STEP - room - first
            if seconds := _set(c for s, c in sorts.items() if _has_room(s.second, least)):
                behind.append(_set(c for s, c in sorts.items() if s.first == first) + seconds)
        if any(behind):
            here = _set(char for s, char in sorts.items() if s.surname == room)
            rules.append(f"(?<={here})(?={'|'.join(filter(None, behind))})")
    return rules


def _has_room_alone(sort: _Sort, surname: int) -> bool:
    """Whether a surname of so much room and one character behind it have enough."""
    if sort.first is None or sort.second is None:
        return False
    most = max(sort.first, sort.second) * STEP - LONE_COST
    return surname * STEP + most >= LEAST_FULL


def _has_room(room: int | None, least: float) -> bool:
    return room is not None and room >= least


def _rooms_for_given(sorts: Mapping[_Sort, str]) -> list[str]:
    """Pairs of characters that have room enough for a given name alone."""
    rules = []
    for first in sorted({s.first for s in sorts if s.usual_first and s.first is not None}):
        least = (LEAST_GIVEN + NAME_COST + GIVEN_COST + PAIR_COST) / STEP - first
        seconds = _set(c for s, c in sorts.items() if s.usual_second and _has_room(s.second, least))
        if seconds:
            here = _set(c for s, c in sorts.items() if s.usual_first and s.first == first)
            rules.append(f"(?<={here})(?={seconds})")
    return rules
