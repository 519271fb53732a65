"""Find details of the category ``name``: persons, in Chinese, romanised and other Latin letters.

In: a ``Reading`` and what other finders took.  Out: ``Candidate`` records.

Windows that could be a name (``name_chinese``, ``name_latin``) are weighed by a linear model over
a few dozen named features each; its weights (``name_weights.txt``) come from ``training/names.py``.
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

from injunction_screen.details.formats import Candidate, match_formats
from injunction_screen.details.name_chinese import Window, chinese_windows
from injunction_screen.details.name_latin import latin_windows
from injunction_screen.details.name_lexicon import CJK, Lexicon, lexicon
from injunction_screen.scan import Reading

__all__ = ["find", "weigh", "weights", "windows"]

LEAST = 0.0  # the log odds from which a window is a name
WORD_IN_NAME = 3.0
SURE = 1.0  # log odds of a name that is sure enough to look for again
# What a window gains that repeats a name found for sure, or a part of one.
ECHO, ECHO_GIVEN, ECHO_WORD = 6.0, 3.0, 9.0
_CJK = re.compile(f"[{CJK}]")
_LETTER = re.compile("[A-Za-z]")
# Links, e-mail addresses, handles and hashtags; names inside them are no names of their own.
_ADDRESS = re.compile(
    r"https?://\S+|www\.\S+|(?<![a-zA-Z0-9_.+-])[a-zA-Z0-9_.+-]{1,64}@[a-zA-Z0-9-]{1,64}\.[a-zA-Z0-9.-]+"
    r"|(?<![A-Za-z])[@#][\w.]+|(?<![a-zA-Z0-9-])[a-zA-Z0-9-]{1,64}\.(?:com|hk|org|net|io|me)\b\S*"
)
_APART = ("email", "social_account", "identity_number", "plate")
_INSIDE = ("address", "school")


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
    weighed = [(weigh(w.features, weights()), w) for w in windows(reading, known, taken)]
    if not weighed:
        return
    best = _best(weighed)
    again = _echoes(weighed, best, text)
    if again:
        best = _best([(total + again.get((w.start, w.end), 0.0), w) for total, w in weighed])
    best = _with_english_name(best, weighed, text)
    places = [(c.start, c.end) for c in found if c.category in _INSIDE]
    for total, w in best:
        if any(a <= w.start and w.end <= b for a, b in places):
            continue
        score = 0.5 + 0.45 * (_share(total) - _share(LEAST)) / (1 - _share(LEAST))
        yield Candidate(
            "name", w.start, w.end, text[w.start : w.end], score, f"name.{_KINDS[w.kind]}"
        )


_KINDS = {
    "F": "chinese", "T": "titled", "X": "surnamed", "G": "given", "A": "nickname", "B": "nickname",
    "L": "labelled", "M": "mixed", "K": "masked", "E": "latin_word", "R": "latin",
}  # fmt: skip


def windows(
    reading: Reading, known: Lexicon, taken: Iterable[tuple[int, int]] = ()
) -> list[Window]:
    """Every window of a reading that could be a name, with its features."""
    text = reading.folded.text
    out: list[Window] = []
    scenes = [(hit.start, kind) for kind in _SCENES for hit in reading.of(f"name_scene_{kind}")]
    if _CJK.search(text):
        out += chinese_windows(text, known, scenes)
    if _LETTER.search(text):
        apart = sorted([*taken, *(found.span() for found in _ADDRESS.finditer(text))])
        out += latin_windows(text, known, scenes, apart)
    return out


_SCENES = ("pet", "work", "brand")


def weigh(features: Iterable[str], weight: Mapping[str, float]) -> float:
    """The model's log odds that a window of these features is a name.

    >>> weigh(["surname", "title", "title"], {"": -1.0, "title": 2.5})
    1.5
    """
    total = weight.get("", 0.0)
    for feature in set(features):
        total += weight.get(feature, 0.0)
    return total


def _share(log_odds: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, log_odds))))


Weighed = tuple[float, Window]


def _best(weighed: list[Weighed]) -> list[Weighed]:
    """The likeliest windows that do not overlap, in order."""
    taken: list[tuple[int, int]] = []
    kept: list[Weighed] = []
    longer: set[int] = set()
    for total, w in weighed:
        if w.kind == "R" and total >= SURE:
            longer.update(range(w.start, w.end))

    def rank(pair: Weighed) -> tuple[float, int]:
        total, window = pair
        # One word of a good longer name waits until that one has had its turn.
        inside = window.kind == "E" and window.start in longer and window.end - 1 in longer
        return (WORD_IN_NAME - total if inside else -total, window.start - window.end)

    for total, window in sorted(weighed, key=rank):
        if total < LEAST:
            continue
        at = bisect_right(taken, (window.start, window.end))
        if (at and taken[at - 1][1] > window.start) or (
            at < len(taken) and taken[at][0] < window.end
        ):
            continue
        taken.insert(at, (window.start, window.end))
        kept.append((total, window))
    return sorted(kept, key=lambda pair: pair[1].start)


def _echoes(weighed: list[Weighed], best: list[Weighed], text: str) -> dict[tuple[int, int], float]:
    """What windows gain by repeating a name, or the parts of a name, that stands elsewhere."""
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
    held = {(w.start, w.end) for _, w in best}
    gains: dict[tuple[int, int], float] = {}
    for _, w in weighed:
        gain = parts.get(text[w.start : w.end])
        if gain is None or (w.start, w.end) in held:
            continue
        # A word beside another capitalised word is part of something else, such as a street.
        if w.kind == "E" and (
            _CAPITAL_BEFORE.search(text, max(0, w.start - 24), w.start)
            or _CAPITAL_BEHIND.match(text, w.end)
            or "Eplace=" in w.features
        ):
            continue
        gains[(w.start, w.end)] = gain
    return gains


_WORD = re.compile("[A-Za-z']+")
_CAPITAL_BEFORE = re.compile(r"[A-Z][A-Za-z]{0,20}[ -]$")
_CAPITAL_BEHIND = re.compile(r"[ -][A-Z]")


def _with_english_name(best: list[Weighed], weighed: list[Weighed], text: str) -> list[Weighed]:
    """``CHAN Tai Man`` and ``Peter`` after a comma are one name, unless a list goes on."""
    wholes = {
        w.end: w
        for total, w in weighed
        if w.kind == "R"
        and total > COMMA_LEAST
        and _WITH_COMMA.fullmatch(w.features[0])
        and "," in text[w.start : w.end]
        and text[max(0, w.start - 2) : w.start].rstrip()[-1:] != ","
        and not _LIST.match(text, w.end)
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
_LIST = re.compile(r" ?(?:[,&]|and\b|or\b)")


@cache
def weights() -> Mapping[str, float]:
    """The weights of the model by feature; "" is the bias."""
    source = resources.files("injunction_screen.details") / "name_weights.txt"
    out: dict[str, float] = {}
    for line in source.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            continue
        feature, _, value = line.rpartition("\t")
        out[feature.replace("\\n", "\n")] = int(value) / 100
    return out
