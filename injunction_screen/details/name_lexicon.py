"""What the name finder knows: surnames, given names, words and their costs, titles, labels.

In: the lists of a ``PatternBook`` (``patterns/gazetteers``, ``patterns/names``).  Out: one
``Lexicon``, built once for each set of pattern files.  Costs are minus the natural logarithm of a
share, so that a run of words and names costs what its parts cost together.
"""

from __future__ import annotations

import math
import re
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from injunction_screen.patternbook import PatternBook
from injunction_screen.text import Folder, fold

__all__ = ["UNKNOWN_COST", "USUAL", "Lexicon", "Segments", "lexicon"]

UNKNOWN_COST = 16.0  # of a character that no list has
PLACE_COST = 13.0  # of a street, estate, school or place as one word
NOT_NAME_COST = 8.0  # of a listed brand, work or phrase
CAPITAL_WORD_COST = 10
RARE_SURNAME_COST = 11.5
MORE_GIVEN_COST = 8.4  # of a character of given names that nobody has counted
TWICE_COST = 4.5  # of writing the first character of a given name again
USUAL = 11.5  # a character of less cost is an everyday word by itself
NAME_COST = 6.0  # that the next word is a person's name at all
LONGEST = 6
LONGEST_TITLE = 5  # characters of an occupation in Chinese
LONGEST_PHRASE = 6  # words of a listed place or brand
FIGURES = ("name_scene_character", "name_scene_history")  # slots of names that are none
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
    longest: dict[str, int] = field(repr=False)  # length of the longest word after two characters
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

    def given_cost(self, given: str) -> float:
        """The cost of a given name of one or two characters."""
        if len(given) == 1:
            return min(self.second.get(given, 9.5), self.first.get(given, 9.5)) + 1.6
        if given[0] == given[1]:
            return self.first.get(given[0], 9.5) + TWICE_COST
        return self.first.get(given[0], 9.5) + self.second.get(given[1], 9.5) + 0.2


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
    longest: dict[str, int] = {}
    for word in words:
        if len(word) > 1 and longest.get(word[:2], 0) < len(word):
            longest[word[:2]] = len(word)
    before, after = _sides(rows("names/titles"))
    for job in entries("gazetteers/occupations_zh"):
        if 2 <= len(job) <= LONGEST_TITLE:
            before.setdefault(job, "job")
            after.setdefault(job, "job")
    for job in entries("gazetteers/occupations_en"):
        if " " not in job:
            before.setdefault(job.lower(), "job")
    labels = {word: kind for word, kind, *_ in rows("names/labels")}
    english = _english(rows("names/english_words"), entries("names/capital_words"))
    tails = frozenset(entries("names/tails"))
    return Lexicon(
        surnames=surnames,
        first=first,
        second=second,
        given_names=frozenset(entries("gazetteers/given_names_zh")),
        transliterated=transliterated,
        words=words,
        longest=longest,
        before=_chinese(before),
        after=_chinese(after),
        labels=_chinese(labels),
        label_ends=frozenset({*(word[-1] for word in _chinese(labels)), *_AFTER_LABEL}),
        tails=frozenset(tail if not tail.isascii() else tail.lower() for tail in tails),
        not_nicknames=frozenset(w for row in entries("names/not_nicknames") for w in row.split()),
        particles=frozenset(c for row in entries("names/particles") for c in row.split()),
        no_given=frozenset(c for row in entries("names/no_given") for c in row.split()),
        nickname_fronts=frozenset(row[0] for row in rows("names/nicknames") if row[1] == "front"),
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
        anchors=_anchors(
            surnames,
            first,
            second,
            before,
            after,
            labels,
            words,
            rows("names/nicknames"),
            transliterated,
        ),
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


CJK = "\u3400-\u9fff\U00020000-\U0003ffff"
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
    second: Mapping[str, float],
    before: Mapping[str, str],
    after: Mapping[str, str],
    labels: Mapping[str, str],
    words: Mapping[str, float],
    nicknames: Iterable[tuple[str, ...]],
    transliterated: Iterable[str],
) -> dict[str, re.Pattern[str]]:
    """The regular expressions that find where a candidate may begin."""
    single = "".join(sorted(name for name in surnames if len(name) == 1))
    double = "|".join(sorted(name for name in surnames if len(name) == 2))
    surname = f"(?:{double}|[{single}])"
    title = "".join(sorted({re.escape(word[0]) for word in after}))
    heads = _by_first(w for w in before if len(w) > 1 and not w.isascii())
    shown = [word for word, kind in labels.items() if kind != "contact" and not word.isascii()]
    cues = "|".join(sorted(map(re.escape, shown), key=len, reverse=True))
    ways = [word for word, kind in labels.items() if kind == "contact"]
    reached = "|".join(sorted(map(re.escape, ways), key=len, reverse=True))
    usual = [_most_usual(table) for table in (first, second)]
    # Usual characters that stand in no given name: particles, pronouns, verbs of every day.
    no_given = "".join(
        sorted(
            c
            for c in words
            if len(c) == 1 and words[c] < USUAL and c not in first and c not in surnames
        )
    )
    sides: dict[str, list[str]] = {"front": [], "back": []}
    for word, side in nicknames:
        sides[side].append(word)
    front, back = ("|".join(sorted(words, key=len, reverse=True)) for words in sides.values())
    forms = "|".join(("Miss", "Mr", "Mrs", "Ms", "Dr", "Coach", "Madam", "Uncle", "Auntie", "Prof"))
    fronts = "".join(sorted({word[0] for word in sides["front"]}))
    quotes = (
        "\N{LEFT CORNER BRACKET}\N{LEFT WHITE CORNER BRACKET}\N{LEFT DOUBLE QUOTATION MARK}\"'(\\["
    )
    behind = f"(?![{no_given}])(?=[{CJK}]|{MASK})"
    rules = {
        "full": rf"(?=((?:{double})(?=[{CJK}])|[{single}]{behind}))[{CJK}]",
        "titled": rf"({surname})(?=\ ?[{title}])",
        "latin_titled": rf"(?:{forms})\.?\ ?({surname})",
        "parted": rf"(?<=[{single}])([^\w\s{_MARKS}]|\ {{1,2}})([{CJK}])\1([{CJK}])(?!\1[{CJK}])",
        "house": rf"(?<=[{single}]门)({surname})氏([{CJK}]{{2}})",
        "headed": rf"(?:{heads}):?(?=([{CJK}]{{2}}))",
        "of_name": rf"(?<=[{single}])姓(?=[{CJK}])",
        "surnamed": rf"姓(?:[:是为]|做)?({surname})",
        "given": rf"(?=([{usual[0]}][{usual[1]}]|([{usual[1]}])\2))",
        "foreign": rf"({_by_first(transliterated)})",
        "front": rf"(?=[{fronts}])(?=((?:{front})(?:[{CJK}]{{1,2}}|[A-Z][a-z]+)))",
        "back": rf"(?=([{CJK}]{{1,2}}(?:{back})(?![A-Za-z])))",
        "labelled": rf"(?:{cues})\ ?(?:[:是为系]|都系)?\ ?[{quotes}]?(?=[{CJK}])",
        "reached": rf"(?:{reached})\ ?[:]?(?=([{CJK}]{{2,3}})[ ,:@+0-9])",
        "mixed": rf"(?<![A-Za-z])([A-Z][a-z]+)\ ?({surname})",
        "mixed_back": rf"(?<=[{single}])([A-Z][a-z]+)(?![A-Za-z])",
    }
    return {name: re.compile(rule) for name, rule in rules.items()}


def _by_first(words: Iterable[str]) -> str:
    """Alternatives put together by their first character, which is looked at once."""
    groups: dict[str, list[str]] = {}
    for word in sorted(words, key=len, reverse=True):
        groups.setdefault(word[0], []).append(re.escape(word[1:]))
    return "|".join(f"{first}(?:{'|'.join(rest)})" for first, rest in sorted(groups.items()))


def _most_usual(costs: Mapping[str, float], number: int = 900) -> str:
    return "".join(sorted(sorted(costs, key=lambda char: costs[char])[:number]))


class Segments:
    """The cheapest way to read a run of Chinese characters as words, from both ends.

    ``ahead[i]`` is the cost of everything before character ``i``, ``behind[i]`` of everything
    from it on.
    """

    __slots__ = ("after", "ahead", "before", "behind", "total")

    def __init__(self, run: str, known: Lexicon) -> None:
        words, longest = known.words, known.longest
        size = len(run)
        ahead = [0.0] + [math.inf] * size
        before = list(range(-1, size))
        after = list(range(1, size + 2))
        edges: list[list[tuple[int, float]]] = []
        for i in range(size):
            here = ahead[i]
            cost = words.get(run[i], UNKNOWN_COST)
            out = [(i + 1, cost)]
            if here + cost < ahead[i + 1]:
                ahead[i + 1] = here + cost
                before[i + 1] = i
            for length in range(2, min(longest.get(run[i : i + 2], 0), size - i) + 1):
                whole = words.get(run[i : i + length])
                if whole is not None:
                    out.append((i + length, whole))
                    if here + whole < ahead[i + length]:
                        ahead[i + length] = here + whole
                        before[i + length] = i
            edges.append(out)
        behind = [0.0] * (size + 1)
        for i in range(size - 1, -1, -1):
            best = math.inf
            for j, cost in edges[i]:
                if cost + behind[j] < best:
                    best = cost + behind[j]
                    after[i] = j
            behind[i] = best
        self.ahead = ahead
        self.behind = behind
        self.total = ahead[size]
        self.before = before  # where the word that ends at a place begins
        self.after = after  # where the word that begins at a place ends

    def margin(self, start: int, end: int, cost: float) -> float:
        """How much cheaper the run is with ``start:end`` as one name of that cost."""
        return self.total - (self.ahead[start] + cost + self.behind[end])
