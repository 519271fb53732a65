"""What the name finder knows: surnames, given names, words and their costs, titles, labels.

In: the lists of a ``PatternBook`` (``patterns/gazetteers``, ``patterns/names``).  Out: one
``Lexicon``, built once for each set of pattern files.  Costs are minus the natural logarithm of a
share, so that a run of words and names costs what its parts cost together.
"""

from __future__ import annotations

import math
import re
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from injunction_screen.details.name_looks import (
    CJK,
    LONE_COST,
    LONGEST_TITLE,
    PAIR_COST,
    TWICE_COST,
    UNLISTED_COST,
    USUAL,
    Looks,
    look,
)
from injunction_screen.patternbook import PatternBook
from injunction_screen.text import Folder, fold

__all__ = ["Lexicon", "Segments", "lexicon"]

PLACE_COST = 13.0  # of a street, estate, school or place as one word
NOT_NAME_COST = 8.0  # of a listed brand, work or phrase
CAPITAL_WORD_COST = 10
RARE_SURNAME_COST = 11.5
MORE_GIVEN_COST = 8.4  # of a character of given names that nobody has counted
LONGEST = 6
LONGEST_PHRASE = 6  # words of a listed place or brand
FIGURES = ("name_scene_character", "name_scene_history")  # slots of names that are none
SCENES = ("pet", "work", "brand", "character", "history", "game", "food")  # of name_scene_...
KEPT = 4  # lexicons of as many rule sets stay in memory


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything that candidates and features ask for; all words folded."""

    surnames: dict[str, float] = field(repr=False)  # cost
    first: dict[str, float] = field(repr=False)  # cost of a character as first of a given name
    second: dict[str, float] = field(repr=False)
    given_names: frozenset[str] = field(repr=False)
    transliterated: frozenset[str] = field(repr=False)  # given names of other languages
    words: dict[str, float] = field(repr=False)
    # Of two characters: their cost as a word, and the length of the longest word they begin.
    heads: dict[str, tuple[float, int]] = field(repr=False)
    before: dict[str, str] = field(repr=False)  # Chinese titles, kin words -> class
    after: dict[str, str] = field(repr=False)
    labels: dict[str, str] = field(repr=False)
    label_ends: frozenset[str] = field(repr=False)  # what can stand between a label and a name
    tails: frozenset[str] = field(repr=False)
    not_nicknames: frozenset[str] = field(repr=False)
    particles: frozenset[str] = field(repr=False)
    no_given: frozenset[str] = field(repr=False)
    nickname_fronts: frozenset[str] = field(repr=False)
    not_names: frozenset[str] = field(repr=False)
    latin: dict[str, str] = field(repr=False)  # lower-case token -> its types, see name_latin
    before_latin: dict[str, str] = field(repr=False)
    after_latin: dict[str, str] = field(repr=False)
    labels_latin: dict[str, str] = field(repr=False)
    contexts: dict[str, str] = field(repr=False)  # English words that stand beside names -> class
    english: dict[str, int] = field(repr=False)  # cost of lower-case English words
    phrases: dict[str, frozenset[str]] = field(repr=False)  # places, by their first word
    not_phrases: dict[str, frozenset[str]] = field(repr=False)  # brands, works
    syllables: frozenset[str] = field(repr=False)
    anchors: Mapping[str, re.Pattern[str]] = field(repr=False)
    looks: Looks = field(repr=False)
    scenes: int  # the bits of the slots that set a scene
    plain: frozenset[str] = field(init=False, repr=False)  # English words that are no part of names

    def __post_init__(self) -> None:
        # Most words of a text end here, so that one look must do.
        plain = (
            word
            for word in self.english.keys() - self.latin.keys() - self.contexts.keys()
            if len(word) > 1
        )
        object.__setattr__(self, "plain", frozenset(plain))

    def given_cost(self, given: str) -> float:
        """The cost of a given name of one or two characters."""
        first, second, one = self.first, self.second, given[0]
        if len(given) == 1:
            return min(second.get(one, UNLISTED_COST), first.get(one, UNLISTED_COST)) + LONE_COST
        if one == given[1]:
            return first.get(one, UNLISTED_COST) + TWICE_COST
        return first.get(one, UNLISTED_COST) + second.get(given[1], UNLISTED_COST) + PAIR_COST


_LEXICONS: OrderedDict[str, Lexicon] = OrderedDict()


def lexicon(book: PatternBook) -> Lexicon:
    """The lexicon of a pattern book; books of the same content share one."""
    known = _LEXICONS.get(book.ruleset)
    if known is None:
        known = _LEXICONS[book.ruleset] = _build(book)
        while len(_LEXICONS) > KEPT:
            _LEXICONS.popitem(last=False)
    return known


def _build(book: PatternBook) -> Lexicon:
    folder = book.folder

    def rows(name: str) -> Iterable[tuple[str, ...]]:
        for row in book.lists.get(name, ()):
            yield tuple(_fold(part, folder) for part in row)

    def entries(name: str) -> Iterable[str]:
        for row in rows(name):
            yield from (part for part in row if part)

    surnames = {row[0]: -math.log(float(row[1])) for row in rows("gazetteers/surnames")}
    for row in entries("names/rare_surnames"):
        for name in row.split():
            surnames.setdefault(name, RARE_SURNAME_COST)
    first, second = _given_costs(rows("gazetteers/given_chars"))
    for char in (c for row in entries("names/given_more") for c in row.split()):
        first.setdefault(char, MORE_GIVEN_COST)
        second.setdefault(char, MORE_GIVEN_COST)
    transliterated = frozenset(w for row in entries("names/transliterated") for w in row.split())
    figures = [word for slot in FIGURES for word in book.words(slot)]
    not_names = frozenset(entries("names/not_names")) | {_fold(word, folder) for word in figures}
    words = _words(rows("names/words"), entries, not_names)
    before, after = _sides(rows("names/titles"))
    for job in entries("gazetteers/occupations_zh"):
        if 2 <= len(job) <= LONGEST_TITLE:
            before.setdefault(job, "job")
            after.setdefault(job, "job")
    for job in entries("gazetteers/occupations_en"):
        if " " not in job:
            before.setdefault(job.lower(), "job")
    labels = {word: kind for word, kind, *_ in rows("names/labels")}
    nicknames = _by_side(rows("names/nicknames"))
    no_given = frozenset(c for row in entries("names/no_given") for c in row.split())
    english = _english(rows("names/english_words"), entries("names/capital_words"))
    tails = frozenset(t.lower() if t.isascii() else t for t in entries("names/tails"))
    return Lexicon(
        surnames=surnames,
        first=first,
        second=second,
        given_names=frozenset(entries("gazetteers/given_names_zh")),
        transliterated=transliterated,
        words=words,
        heads=_heads(words),
        before=_chinese(before),
        after=_chinese(after),
        labels=_chinese(labels),
        label_ends=frozenset({*(word[-1] for word in _chinese(labels)), *_AFTER_LABEL}),
        tails=tails,
        not_nicknames=frozenset(w for row in entries("names/not_nicknames") for w in row.split()),
        particles=frozenset(c for row in entries("names/particles") for c in row.split()),
        no_given=no_given,
        nickname_fronts=frozenset(nicknames["front"]),
        not_names=frozenset(word for word in not_names if not word.isascii()),
        latin=_latin_types(book, english),
        before_latin={word.lower(): kind for word, kind in before.items() if word.isascii()},
        after_latin={word.lower(): kind for word, kind in after.items() if word.isascii()},
        labels_latin={word.lower(): kind for word, kind in labels.items() if word.isascii()},
        contexts={word: row[0] for row in rows("names/contexts") for word in row[1].split()},
        english=english,
        phrases=_phrases(book, "gazetteers/places", "gazetteers/streets", "gazetteers/estates"),
        not_phrases=_phrases(book, "names/not_names", "names/not_names_latin", more=figures),
        syllables=frozenset(
            row[0].lower()
            for name in ("roman", "given")
            for row in rows(f"gazetteers/{name}_syllables")
        ),
        anchors=_anchors(surnames, first, after, words),
        looks=look(
            surnames,
            first,
            second,
            no_given,
            words,
            before,
            after,
            labels,
            tails,
            _signs(surnames, before, labels, nicknames, transliterated),
        ),
        scenes=book.bits_of(f"name_scene_{kind}" for kind in SCENES),
    )


def _words(
    costs: Iterable[tuple[str, ...]],
    entries: Callable[[str], Iterable[str]],
    not_names: frozenset[str],
) -> dict[str, float]:
    """The cost of every Chinese word; places and brands are words too."""
    words: dict[str, float] = {}
    for cost, row in costs:
        words.update(dict.fromkeys(row.split(), float(cost)))
    for name in ("places", "streets", "estates", "schools", "school_short", "blocks"):
        for entry in entries(f"gazetteers/{name}"):
            if 2 <= len(entry) <= LONGEST and not entry.isascii():
                words.setdefault(entry, PLACE_COST)
    for word in not_names:
        if not word.isascii():
            words[word] = min(words.get(word, NOT_NAME_COST), NOT_NAME_COST)
    return words


def _heads(words: Mapping[str, float]) -> dict[str, tuple[float, int]]:
    longest: dict[str, int] = {}
    for word in words:
        if len(word) > 1 and longest.get(word[:2], 0) < len(word):
            longest[word[:2]] = len(word)
    # Few different ones, so that they stay near at hand.
    same: dict[tuple[float, int], tuple[float, int]] = {}
    heads = {}
    for head, length in longest.items():
        row = words.get(head, math.inf), length
        heads[head] = same.setdefault(row, row)
    return heads


def _english(costs: Iterable[tuple[str, ...]], capital: Iterable[str]) -> dict[str, int]:
    english: dict[str, int] = {}
    for cost, row in costs:
        english.update(dict.fromkeys(row.split(), int(cost)))
    for row in capital:
        for word in row.split():
            english.setdefault(word.lower(), CAPITAL_WORD_COST)
    return english


def _fold(text: str, folder: Folder) -> str:
    return text if text.isascii() else fold(text, folder).text


def _chinese(words: Mapping[str, str]) -> dict[str, str]:
    return {word: kind for word, kind in words.items() if not word.isascii()}


def _given_costs(rows: Iterable[tuple[str, ...]]) -> tuple[dict[str, float], dict[str, float]]:
    table = [(char, float(a), float(b)) for char, _, a, b, *_ in rows]
    totals = [sum(row[1] for row in table), sum(row[2] for row in table)]
    # Most characters stand in either place; the other place lends a tenth of its count.
    first = {c: -math.log((a + 0.1 * b + 0.1) / totals[0]) for c, a, b in table}
    second = {c: -math.log((b + 0.1 * a + 0.1) / totals[1]) for c, a, b in table}
    return first, second


def _by_side(rows: Iterable[tuple[str, ...]]) -> dict[str, list[str]]:
    """Affixes of nicknames, those before a name and those behind it, longer ones first."""
    sides: dict[str, list[str]] = {"front": [], "back": []}
    for word, side in rows:
        sides[side].append(word)
    return {side: sorted(words, key=len, reverse=True) for side, words in sides.items()}


def _sides(rows: Iterable[tuple[str, ...]]) -> tuple[dict[str, str], dict[str, str]]:
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    for word, side, kind in rows:
        if side != "after":
            before[word] = kind
        if side != "before":
            after[word] = kind
    return before, after


def _latin_types(book: PatternBook, english: Mapping[str, int]) -> dict[str, str]:
    """Lower-case token -> its letters.

    ``e`` English given name, ``w`` foreign family name, ``s`` surname, ``y`` syllable, ``+`` also
    an ordinary word, ``=`` a given name that is none, however often it is written small.
    """
    types: dict[str, str] = {}

    def add(word: str, kind: str) -> None:
        known = types.get(word, "")
        if kind not in known:
            types[word] = known + kind

    for row in book.lists.get("gazetteers/english_given_names", ()):
        add(row[0].lower(), "e")
        add(row[0].lower(), "+" if row[1:] == ("word",) else "=")
    for name, kind in (("foreign_given_names", "e"), ("foreign_surnames", "w")):
        for row in book.lists.get(f"names/{name}", ()):
            for word in row[0].split():
                add(word.lower(), kind)
    for row in book.lists.get("gazetteers/surnames_roman", ()):
        for word in row[0].lower().replace("-", " ").split():
            add(word, "s")
        add(row[0].lower(), "s")
    for row in book.lists.get("gazetteers/given_syllables", ()):
        add(row[0].lower(), "y")
    for row in book.lists.get("gazetteers/roman_syllables", ()):
        add(row[0].lower(), "y")
    for word, kinds in types.items():
        if set(kinds) & set("sy"):
            kinds = kinds.replace("=", "")
        if not set(kinds) & set("+=") and english.get(word, 99) <= 12:
            kinds += "+"
        types[word] = kinds
    return types


def _phrases(book: PatternBook, *names: str, more: Iterable[str] = ()) -> dict[str, frozenset[str]]:
    """The entries of lists, and ``more``, that have two and more Latin words, by the first."""
    phrases: dict[str, set[str]] = {}
    listed = (entry for name in names for row in book.lists.get(name, ()) for entry in row)
    for entry in (*listed, *more):
        parts = re.findall(r"[a-z']+", entry.lower()) if entry.isascii() else []
        if 1 < len(parts) <= LONGEST_PHRASE:
            phrases.setdefault(parts[0], set()).add(" ".join(parts))
    return {key: frozenset(rows) for key, rows in phrases.items()}


MASK = r"[XxOo0-9*\N{WHITE CIRCLE}\N{BLACK CIRCLE}\N{WHITE SQUARE}\N{BLACK SQUARE}_\u67d0]"


# Characters that can stand between a label and the name it announces.
_AFTER_LABEL = (
    " \n\t:是为系做佢\"'(["
    "\N{LEFT CORNER BRACKET}\N{LEFT WHITE CORNER BRACKET}\N{LEFT DOUBLE QUOTATION MARK}"
)
# Signs that part phrases rather than the characters of one name.
_MARKS = r",;:!?()\[\]'\"<>@#\u3001\u3002\u300c\u300d\u300e\u300f\u300a\u300b\u2026\u3010\u3011"


def _anchors(
    surnames: Mapping[str, float],
    first: Mapping[str, float],
    after: Mapping[str, str],
    words: Mapping[str, float],
) -> dict[str, re.Pattern[str]]:
    """The regular expressions that find candidates, where ``Looks`` shows that there may be one."""
    single = "".join(sorted(name for name in surnames if len(name) == 1))
    double = "|".join(sorted(name for name in surnames if len(name) == 2))
    surname = f"(?:{double}|[{single}])"
    title = "".join(sorted({re.escape(word[0]) for word in after}))
    # Usual characters that stand in no given name: particles, pronouns, verbs of every day.
    no_given = "".join(
        sorted(
            c
            for c in words
            if len(c) == 1 and words[c] < USUAL and c not in first and c not in surnames
        )
    )
    forms = "|".join(("Miss", "Mr", "Mrs", "Ms", "Dr", "Coach", "Madam", "Uncle", "Auntie", "Prof"))
    quotes = (
        "\N{LEFT CORNER BRACKET}\N{LEFT WHITE CORNER BRACKET}\N{LEFT DOUBLE QUOTATION MARK}\"'(\\["
    )
    behind = f"(?![{no_given}])(?=[{CJK}]|{MASK})"
    sign = rf"[^\w\n{_MARKS}](?<=[{single}].)(?:(?<=\ )\ )?"  # one sign, or one or two blanks
    rules = {
        # For the few texts with a surname of two characters.
        "full_double": rf"(?=((?:{double})(?=[{CJK}])|[{single}]{behind}))[{CJK}]",
        "titled_double": rf"({surname})(?=\ ?[{title}])",
        "latin_titled": rf"(?:{forms})\.?\ ?({surname})",
        "parted": rf"({sign})([{CJK}])\1([{CJK}])(?!\1[{CJK}])",
        "house": rf"(?<=[{single}]门)({surname})氏([{CJK}]{{2}})",
        "mixed": rf"([A-Z](?<![A-Za-z][A-Z])[a-z]+)\ ?({surname})",
        "mixed_back": rf"([A-Z](?<=[{single}][A-Z])[a-z]+)(?![A-Za-z])",
        "back": rf"[{CJK}]{{1,2}}\Z",  # of what stands before the affix
        # What stands behind one of the signs (``_signs``).
        "headed": rf":?(?=([{CJK}]{{2}}))",
        "of_name": rf"(?<=[{single}]姓)(?=[{CJK}])",
        "surnamed": rf"(?:[:是为]|做)?({surname})",
        "foreign": "",
        "front": rf"(?:[{CJK}]{{1,2}}|[A-Z][a-z]+)",
        "labelled": rf"\ ?(?:[:是为系]|都系)?\ ?[{quotes}]?(?=[{CJK}])",
        "reached": rf"\ ?[:]?(?=([{CJK}]{{2,3}})[ ,:@+0-9])",
    }
    return {name: re.compile(rule) for name, rule in rules.items()}


def _signs(
    surnames: Iterable[str],
    before: Iterable[str],
    labels: Mapping[str, str],
    nicknames: Mapping[str, Sequence[str]],
    transliterated: Iterable[str],
) -> dict[str, Iterable[str]]:
    """The words without which an anchor finds nothing, by the anchor's name."""
    return {
        "double": [name for name in surnames if len(name) == 2],
        "headed": [word for word in before if len(word) > 1 and not word.isascii()],
        "foreign": transliterated,
        "labelled": [w for w, kind in labels.items() if kind != "contact" and not w.isascii()],
        "reached": [word for word, kind in labels.items() if kind == "contact"],
        "surnamed": ["姓"],
        "of_name": ["姓"],
        "house": ["氏"],
        **nicknames,
    }


class Segments:
    """The cheapest way to read a run of Chinese characters as words, from both ends.

    ``ahead[i]`` is the cost of everything before character ``i``, ``behind[i]`` of everything
    from it on.
    """

    __slots__ = ("after", "ahead", "before", "behind", "total")

    def __init__(self, run: str, known: Lexicon) -> None:
        word_cost, heads, single = known.words.get, known.heads.get, known.looks.costs
        size = len(run)
        costs = [single[char][0] for char in run]
        ahead = [0.0] + [math.inf] * size
        before = list(range(-1, size))
        after = list(range(1, size + 2))
        longer: dict[int, list[tuple[int, float]]] = {}  # words of several characters
        for i, cost in enumerate(costs):
            here = ahead[i]
            if here + cost < ahead[i + 1]:
                ahead[i + 1] = here + cost
                before[i + 1] = i
            head = heads(run[i : i + 2])
            if head is None:
                continue
            whole, most = head
            ends = longer[i] = []
            if whole < math.inf:
                ends.append((i + 2, whole))
                if here + whole < ahead[i + 2]:
                    ahead[i + 2] = here + whole
                    before[i + 2] = i
            for end in range(i + 3, min(i + most, size) + 1):
                cost_of = word_cost(run[i:end])
                if cost_of is not None:
                    ends.append((end, cost_of))
                    if here + cost_of < ahead[end]:
                        ahead[end] = here + cost_of
                        before[end] = i
        behind = [0.0] * (size + 1)
        for i in range(size - 1, -1, -1):
            best = costs[i] + behind[i + 1]
            for end, whole in longer.get(i, ()):
                if whole + behind[end] < best:
                    best = whole + behind[end]
                    after[i] = end
            behind[i] = best
        self.ahead = ahead
        self.behind = behind
        self.total = ahead[size]
        self.before = before  # where the word that ends at a place begins
        self.after = after  # where the word that begins at a place ends

    def margin(self, start: int, end: int, cost: float) -> float:
        """How much cheaper the run is with ``start:end`` as one name of that cost."""
        return self.total - (self.ahead[start] + cost + self.behind[end])
