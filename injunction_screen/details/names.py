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

__all__ = ["find", "windows"]

LEAST = 0.5  # the likelihood from which a window is a name
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
    weighed = [
        (likelihood(window.features, weights()), window) for window in windows(reading, known, taken)
    ]
    places = [(c.start, c.end) for c in found if c.category in _INSIDE]
    best = [
        (p, w)
        for p, w in _without_overlaps(weighed)
        if p >= LEAST and not any(a <= w.start and w.end <= b for a, b in places)
    ]
    for p, w in best:
        yield Candidate(
            "name", w.start, w.end, text[w.start : w.end], 0.5 + 0.45 * (p - LEAST) / (1 - LEAST), f"name.{_KINDS[w.kind]}"
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


def likelihood(features: Iterable[str], weight: Mapping[str, float]) -> float:
    """The model's answer for one window: from 0 (no name) to 1."""
    total = weight.get("", 0.0)
    for feature in set(features):
        total += weight.get(feature, 0.0)
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def _without_overlaps(weighed: list[tuple[float, Window]]) -> list[tuple[float, Window]]:
    taken: list[tuple[int, int]] = []
    kept = []
    for p, window in sorted(weighed, key=lambda pair: (-pair[0], pair[1].start - pair[1].end)):
        if p < 0.2:
            break
        at = bisect_right(taken, (window.start, window.end))
        if (at and taken[at - 1][1] > window.start) or (at < len(taken) and taken[at][0] < window.end):
            continue
        taken.insert(at, (window.start, window.end))
        kept.append((p, window))
    return sorted(kept, key=lambda pair: pair[1].start)


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
