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

LEAST = -0.4  # the log odds from which a window is a name
ECHO = 2.5  # what a window gains that repeats a name found for sure, or part of one
SURE = 1.0
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
    """Persons' names, each with how likely it is one."""
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
        yield Candidate("name", w.start, w.end, text[w.start : w.end], score, f"name.{_KINDS[w.kind]}")


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
    """The model's log odds that a window of these features is a name."""
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
    for total, window in sorted(weighed, key=lambda pair: (-pair[0], pair[1].start - pair[1].end)):
        if total < LEAST:
            break
        at = bisect_right(taken, (window.start, window.end))
        if (at and taken[at - 1][1] > window.start) or (
            at < len(taken) and taken[at][0] < window.end
        ):
            continue
        taken.insert(at, (window.start, window.end))
        kept.append((total, window))
    return sorted(kept, key=lambda pair: pair[1].start)


def _echoes(
    weighed: list[Weighed], best: list[Weighed], text: str
) -> dict[tuple[int, int], float]:
    """What windows gain by repeating a name, or the parts of a name, that stands elsewhere."""
    parts: set[str] = set()
    for total, window in best:
        name = text[window.start : window.end]
        if total < SURE or len(name) < 2:
            continue
        parts.add(name)
        if window.kind == "F" and len(name) >= 3:
            parts.add(name[-2:])
        elif window.kind == "R":
            words = re.split("[ ,-]+", name)
            parts.update(word for word in words if len(word) > 2)
            parts.update(" ".join(words[i:]) for i in range(1, len(words)))
    held = {(w.start, w.end) for _, w in best}
    return {
        (w.start, w.end): ECHO
        for _, w in weighed
        if (w.start, w.end) not in held and text[w.start : w.end] in parts
    }


def _with_english_name(best: list[Weighed], weighed: list[Weighed], text: str) -> list[Weighed]:
    """``CHAN Tai Man`` and ``Peter`` after a comma are one name, unless a list goes on."""
    spans = {(w.start, w.end): (total, w) for total, w in weighed}
    out: list[Weighed] = []
    for total, window in best:
        last = out[-1] if out else None
        if last and window.kind == "E" and last[1].kind == "R":
            whole = spans.get((last[1].start, window.end))
            between = text[last[1].end : window.start]
            goes_on = _LIST.match(text, window.end)
            if whole and between in (", ", ",") and not goes_on and whole[0] > LEAST - 3:
                out[-1] = (max(total, last[0]), whole[1])
                continue
        out.append((total, window))
    return out


_LIST = re.compile(r" ?(?:,|&|and\b|or\b) ?[A-Z]?")


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
