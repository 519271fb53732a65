"""Find details of the category ``name``: persons, in Chinese, romanised and other Latin letters.

In: a ``Reading`` and what other finders took.  Out: ``Candidate`` records.

Windows that could be a name (``name_chinese``, ``name_latin``) are weighed by a linear model over
a few dozen named features each, one model for each script; their weights
(``name_weights_chinese.txt``, ``name_weights_latin.txt``) come from ``training/names.py``.
Where windows overlap the likelier stays.  Other occurrences of a name once found, and its parts,
are names too.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from itertools import pairwise

from injunction_screen.details.formats import Candidate, match_formats
from injunction_screen.details.name_chinese import Window, chinese_windows
from injunction_screen.details.name_latin import latin_windows
from injunction_screen.details.name_lexicon import SCENES, Lexicon, lexicon
from injunction_screen.details.name_looks import CJK, UNKNOWN_COST, USUAL
from injunction_screen.details.ties import Cover, Spans
from injunction_screen.scan import Reading

__all__ = ["find", "weigh", "weights", "windows"]

LATIN = "ER"  # kinds of windows that the model of Latin words weighs
LEAST = 0.6  # the log odds from which a window is a name, if its kind has no bar of its own
# Full names are seldom something else; given names alone and nicknames often are.
LEAST_OF = {"F": 0.4, "R": 0.0, "E": 0.3, "G": 0.9}
WORD_IN_NAME = 3.0
OF_SHOP = 1.5  # what a given name or nickname must have more before a word of a shop or a firm
OF_WORD = 0.6  # the same of a full name whose family name is an everyday word
SURE = 1.0  # log odds of a name that is sure enough to look for again
# What a window gains that repeats a name found for sure, or a part of one.
ECHO, ECHO_GIVEN, ECHO_WORD = 6.0, 3.0, 9.0
ECHO_FAMILY = 13.0  # a capitalised Latin word that is no ordinary word
_PLAIN_NAME = "E+0/1C"  # the feature that tells so
_SMALL = "El"  # the feature of a word in small letters
LISTED, LISTED_LEAST = 1.5, -3.0  # what a window gains beside a sure name in a list
FAMILY_AGAIN = 10.5  # a family name of more cost as a word is hardly a word by itself
FAMILY_ALONE = -2.0  # log odds of a family name alone
GIVEN_AGAIN = -2.5  # log odds of a given name that is no window by itself
_CJK = re.compile(f"[{CJK}]")
_LETTER = re.compile("[A-Za-z]")
# Links, e-mail addresses, handles and hashtags; names inside them are no names of their own.
# Each begins with its first character; what must not stand before that is asked for behind it.
_ADDRESS = re.compile(
    r"[a-zA-Z0-9_.+@#-](?:(?<=h)ttps?://\S+|(?<=w)ww\.\S+"
    r"|(?<=[a-zA-Z0-9_.+-])(?<![a-zA-Z0-9_.+-].)[a-zA-Z0-9_.+-]{0,63}"
    r"@[a-zA-Z0-9-]{1,64}\.[a-zA-Z0-9.-]+"
    r"|(?<=[@#])(?<![A-Za-z].)[\w.]+"
    r"|(?<=[a-zA-Z0-9-])(?<![a-zA-Z0-9-].)[a-zA-Z0-9-]{0,63}\.(?:com|hk|org|net|io|me)\b\S*)"
)
_ADDRESS_SIGN = re.compile(r"@|#|://|www\.|\.(?:com|hk|org|net|io|me)\b")  # all have one
_APART = ("email", "social_account", "identity_number", "plate")
_INSIDE = ("address", "school")
# Somebody plays what stands before: a character. This is to play a part, folded.
_PLAYED = "\u9970"
_ROLE = re.compile(rf"[A-Za-z]{{0,12}} ?\([^()\n]{{2,12}}{_PLAYED}(?:\u6f14)?\)")


def find(reading: Reading, found: Sequence[Candidate]) -> Iterator[Candidate]:
    """Persons' names, each with how likely it is one.

    >>> from injunction_screen import screen
    >>> [d.text for d in screen("被告陳大文，29歲").details if d.category == "name"]
    ['陳大文']
    """
    yield from match_formats(reading, "name")
    text = reading.folded.text
    known = lexicon(reading.book)
    taken = [(c.start, c.end) for c in found if c.category in _APART]
    played = _PLAYED in text
    weighed = [
        (weigh(w.features, weights("latin" if w.kind in LATIN else "chinese")), w)
        for w in windows(reading, known, taken)
        if not (played and _ROLE.match(text, w.end))
    ]
    best = _best(weighed)
    if not best:
        return  # whatever follows starts from a name
    again = _echoes(weighed, best, text, known)
    if again:
        best = _best([(total + again.get((w.start, w.end), 0.0), w) for total, w in weighed])
    best = _with_english_name(best, weighed, text)
    best = sorted([*best, *_between(best, text, known)], key=lambda pair: pair[1].start)
    places = Spans((c.start, c.end) for c in found if c.category in _INSIDE)
    for total, w in best:
        if places.hold(w.start, w.end):
            continue
        least = _share(_least(w))
        score = 0.5 + 0.45 * (_share(total) - least) / (1 - least)
        yield Candidate(
            "name", w.start, w.end, text[w.start : w.end], score, f"name.{_KINDS[w.kind]}"
        )


_KINDS = {
    "F": "chinese", "T": "titled", "X": "surnamed", "G": "given", "A": "nickname", "B": "nickname",
    "L": "labelled", "P": "parted", "M": "mixed", "K": "masked", "E": "latin_word", "R": "latin",
    "N": "given",
}  # fmt: skip


def windows(
    reading: Reading,
    known: Lexicon,
    taken: Iterable[tuple[int, int]] = (),
    side: str | None = None,
) -> list[Window]:
    """Every window of a reading that could be a name, with its features.

    ``side`` asks for those of one model only: ``chinese`` or ``latin``.
    """
    text = reading.folded.text
    out: list[Window] = []
    scenes: list[tuple[int, str]] = []
    if reading.present & known.scenes:
        scenes = sorted(
            (hit.start, kind) for kind in SCENES for hit in reading.of(f"name_scene_{kind}")
        )
    if side != "latin" and _CJK.search(text):
        out += chinese_windows(text, known, scenes, reading.cut)
    if side != "chinese" and _LETTER.search(text):
        apart = list(taken)
        if _ADDRESS_SIGN.search(text):
            apart += (found.span() for found in _ADDRESS.finditer(text))
            apart.sort()
        out += latin_windows(text, known, scenes, apart, reading.cut)
    return out


def weigh(features: Iterable[str], weight: Mapping[str, float]) -> float:
    """The model's log odds that a window of these features is a name.

    >>> weigh(["surname", "title", "title"], {"": -1.0, "title": 2.5})
    1.5
    """
    # Exact sums: the order in which a set is walked must not move a window over the bar.
    return math.fsum(map(weight.__getitem__, weight.keys() & ["", *features]))


def _least(window: Window) -> float:
    least = LEAST_OF.get(window.kind, LEAST)
    if window.doubtful:
        least += OF_WORD if window.kind == "F" else OF_SHOP
    return least


def _share(log_odds: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, log_odds))))


Weighed = tuple[float, Window]


def _best(weighed: list[Weighed]) -> list[Weighed]:
    """The likeliest windows that do not overlap, in order."""
    weighed = [pair for pair in weighed if pair[0] >= LEAST_OF.get(pair[1].kind, LEAST)]
    kept: list[Weighed] = []
    longer: set[int] = set()
    surnamed: set[int] = set()  # where good Chinese full names end
    for total, w in weighed:
        if w.kind in "RM" and total >= SURE:
            longer.update(range(w.start, w.end))
        elif w.kind == "F" and total >= SURE and w.end - w.start > 2:
            surnamed.add(w.end)

    def rank(pair: Weighed) -> tuple[float, int]:
        total, window = pair
        # One word of a good longer name waits until that one has had its turn.
        inside = (window.kind == "E" and window.start in longer and window.end - 1 in longer) or (
            window.kind == "G" and window.end in surnamed
        )
        return (WORD_IN_NAME - total if inside else -total, window.start - window.end)

    cover = Cover(max((w.end for _, w in weighed), default=0))
    for total, window in sorted(weighed, key=rank):
        if total < _least(window):
            continue
        if cover.free(window.start, window.end):
            cover.take(window.start, window.end)
            kept.append((total, window))
    return sorted(kept, key=lambda pair: pair[1].start)


def _echoes(
    weighed: list[Weighed], best: list[Weighed], text: str, known: Lexicon
) -> dict[tuple[int, int], float]:
    """What windows gain by repeating a name, or the parts of a name, that stands elsewhere."""
    if not any(total >= SURE for total, _ in best):
        return {}
    parts = _parts(best, text)
    weighed += _givens(weighed, best, text, parts)
    weighed += _families(best, text, parts, known)
    sure = (
        {w.start for total, w in best if total >= SURE},
        {w.end for total, w in best if total >= SURE},
    )
    held = [(w.start, w.end) for _, w in best]
    whole = {w.end: w.start for _, w in weighed if w.kind == "F" and text[w.start : w.end] in parts}
    gains: dict[tuple[int, int], float] = {}
    for _, w in weighed:
        gain = parts.get(text[w.start : w.end])
        if gain is None or _within(held, w):
            continue
        if w.kind == "G" and whole.get(w.end, w.start) < w.start:
            continue  # the surname stands before it here too
        if w.kind == "E":
            gain = _gain_of_word(w, gain, text)
            if not gain:
                continue
        gains[(w.start, w.end)] = gain
    for total, w in weighed:
        # A list of names: one that stands beside a sure one needs less of its own.
        if LISTED_LEAST < total < _least(w) and _beside_name(text, w, sure):
            place = (w.start, w.end)
            gains[place] = gains.get(place, 0.0) + LISTED
    return gains


def _parts(best: list[Weighed], text: str) -> dict[str, float]:
    """The sure names and their parts, each with what a window gains that repeats it."""
    parts: dict[str, float] = {}
    for total, window in best:
        name = text[window.start : window.end]
        if total < SURE or len(name) < 2:
            continue
        parts[name] = ECHO
        if window.kind == "F" and len(name) >= 3:
            parts.setdefault(name[-2:], ECHO_GIVEN)
        elif window.kind == "R":
            words = _WORD.findall(name)
            for word in words:
                parts.setdefault(word, ECHO_WORD if len(word) > 2 else ECHO_GIVEN)
            for i in range(1, len(words)):
                parts.setdefault(" ".join(words[i:]), ECHO)
    return parts


def _gain_of_word(w: Window, gain: float, text: str) -> float:
    """What one Latin word gains by being a part of a name found, 0 where it is something else."""
    # A word beside another capitalised word is part of something else, such as a street.
    if (
        _CAPITAL_BEFORE.search(text, max(0, w.start - 24), w.start)
        or _CAPITAL_BEHIND.match(text, w.end)
        or "Eplace=" in w.features
    ):
        return 0.0
    if gain == ECHO_WORD and _PLAIN_NAME in w.features:
        return ECHO_FAMILY
    if gain == ECHO_WORD and _SMALL in w.features:
        return ECHO_GIVEN
    return gain


def _within(spans: Sequence[tuple[int, int]], w: Window) -> bool:
    """Whether a window lies in one of these spans, which are in order and do not overlap."""
    at = bisect_right(spans, (w.start, math.inf)) - 1
    return at >= 0 and w.end <= spans[at][1]


def _beside_name(text: str, w: Window, sure: tuple[set[int], set[int]]) -> bool:
    """Whether a name begins or ends on the other side of a comma or an "and"."""
    starts, ends = sure
    behind = _AND.match(text, w.end)
    if behind is not None and behind.end() in starts:
        return True
    first = max(0, w.start - len(", and "))
    return any(
        found.start() in ends and found.end() == w.start
        for found in _AND.finditer(text, first, w.start)
    )


_AND = re.compile(" ?[\u3001,/&] ?(?:and )?|[\u540c\u548c\u4e0e\u53ca]\u57cb?| and ")


def _between(best: list[Weighed], text: str, known: Lexicon) -> Iterator[Weighed]:
    """What stands between two sure names of a list, as one word of a nickname's length."""
    for (one, before), (two, behind) in pairwise(best):
        if min(one, two) < SURE or behind.start - before.end > MOST_BETWEEN:
            continue
        found = _IN_LIST.fullmatch(text, before.end, behind.start)
        if found is not None and not known.particles & set(found.group(1)):
            yield SURE, Window(*found.span(1), "L", [])


MOST_BETWEEN = 20  # characters between two names of a list that have one more between them
_IN_LIST = re.compile(
    f" ?[\u3001,/] ?([{CJK}]{{2,3}}|[A-Z][a-z]{{1,11}}) ?(?:[\u3001,/\u540c\u548c\u53ca&]|and) ?"
)


def _givens(
    weighed: list[Weighed], best: list[Weighed], text: str, parts: Mapping[str, float]
) -> list[Weighed]:
    """Other places of the given name of a full name, where nothing was a window by itself."""
    out: list[Weighed] = []
    places = {(w.start, w.end) for _, w in weighed}
    again: dict[str, list[int]] = {
        name: [] for name in parts if len(name) == 2 and not name.isascii()
    }
    if not again:
        return out
    for at in range(len(text) - 1):
        starts = again.get(text[at : at + 2])
        if starts is not None and not (starts and at < starts[-1] + 2):
            starts.append(at)
    for starts in again.values():
        if len(starts) > 1:
            out += (
                (GIVEN_AGAIN, Window(at, at + 2, "G", []))
                for at in starts
                if (at, at + 2) not in places
            )
    return out


def _families(
    best: list[Weighed], text: str, parts: dict[str, float], known: Lexicon
) -> list[Weighed]:
    """The family name of a full name where it stands alone, as in court reports."""
    out: list[Weighed] = []
    spans = [(w.start, w.end) for _, w in best]
    for total, window in best:
        family = text[window.start]
        if (
            window.kind != "F"
            or total < SURE
            or window.end - window.start != 3
            or known.words.get(family, UNKNOWN_COST) < FAMILY_AGAIN
            or family in parts
        ):
            continue
        parts[family] = ECHO_GIVEN
        at = text.find(family)
        while at >= 0:
            lone = Window(at, at + 1, "T", [])
            words = known.words
            in_word = text[at - 1 : at + 1] in words or text[at : at + 2] in words
            # A rare character behind it is the given name of somebody else of the family.
            behind = text[at + 1 : at + 2]
            other = (
                bool(_CJK.match(behind))
                and words.get(behind, UNKNOWN_COST) > USUAL
                and text[at + 1 : at + 3] not in words
            )
            if not in_word and not other and not _within(spans, lone):
                out.append((FAMILY_ALONE, lone))
            at = text.find(family, at + 1)
    return out


_WORD = re.compile("[A-Za-z']+")
_CAPITAL_BEFORE = re.compile(r"[A-Z][A-Za-z]{0,20}[ -]$")
_CAPITAL_BEHIND = re.compile(r"[ -][A-Z]")


def _with_english_name(best: list[Weighed], weighed: list[Weighed], text: str) -> list[Weighed]:
    """``CHAN Tai Man`` and ``Peter`` after a comma are one name, unless a list goes on."""
    begun = {window.start for _, window in best}
    wholes = {
        w.end: w
        for total, w in weighed
        if w.kind == "R"
        and total > COMMA_LEAST
        and _WITH_COMMA.fullmatch(w.features[0])
        and "," in text[w.start : w.end]
        and text[max(0, w.start - 2) : w.start].rstrip()[-1:] != ","
        and not _LIST.match(text, w.end)
        and not ((comma := _COMMA.match(text, w.end)) and comma.end() in begun)
    }
    out: list[Weighed] = []
    for total, window in best:
        whole = wholes.get(window.end) if window.kind == "E" else None
        if whole is not None:
            while out and out[-1][1].end > whole.start:
                out.pop()
            window = whole
        out.append((total, window))
    return out


COMMA_LEAST = -4.0
_WITH_COMMA = re.compile("k[szb][yzsb]{2}[eb]")
_LIST = re.compile(r" ?(?:&|,? ?and\b|,? ?or\b)")
_COMMA = re.compile(" ?, ?")


@cache
def weights(side: str) -> Mapping[str, float]:
    """The weights of the ``chinese`` or ``latin`` model by feature; "" is the bias."""
    source = resources.files("injunction_screen.details") / f"name_weights_{side}.txt"
    return read_weights(source.read_text(encoding="utf-8"))


def read_weights(text: str) -> Mapping[str, float]:
    """The weights that a file holds."""
    out: dict[str, float] = {}
    same: dict[str, float] = {}  # few different ones, so that they stay near at hand
    for line in text.splitlines():
        if line.startswith("# "):
            continue
        feature, _, value = line.rpartition("\t")
        if value not in same:
            same[value] = int(value) / 100
        out[feature.replace("\\n", "\n")] = same[value]
    return out
