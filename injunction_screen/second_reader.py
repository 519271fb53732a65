"""A statistical second reader for language that no frame has words for.

In: a ``Reading`` that knows the details.  Out: for each window of two sentences, how likely each
strong cue kind is.  A sparse linear model over the words of the window (characters and their
pairs and triples in Chinese, words and their pairs in Latin script), over the slots of the
pattern files that it has words of, and over the records whose slots are all there, whatever their
order.  Details are masked before it reads, so that it cannot learn names or numbers.

It never decides alone: it confirms a record whose words are there in another order than its
forms foresee, or asks for a ``review``.  ``training/second_reader.py`` makes the weights.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import NamedTuple

from injunction_screen.forms import awake, loosely
from injunction_screen.records import CATEGORIES, CUE_KINDS, STRONG_KINDS
from injunction_screen.scan import Reading

__all__ = ["KINDS", "Window", "features", "likely", "windows"]

KINDS = tuple(kind for kind in CUE_KINDS if kind in STRONG_KINDS)
WIDEST = 400  # characters of a window; longer sentences are cut
MOST = 200  # windows of a post that are read
_PRIVATE = 0xE000  # masked details stand as one private-use character for each category
_RUN = re.compile(
    "[\u3400-\u9fff\ue000-\ue0ff]+|[a-z0-9']+|[!?~]+|[\U0001f300-\U0001faff\u2600-\u27bf]"
)


class Window(NamedTuple):
    """Some canonical text and what the reader makes of it."""

    start: int
    end: int
    chances: Mapping[str, float]


def likely(reading: Reading) -> Iterator[Window]:
    """What the model thinks of each window of a post."""
    weights = _weights()
    for start, end in windows(reading):
        totals = list(weights[""])
        for feature in features(reading, start, end):
            row = weights.get(feature)
            if row is not None:
                for i, weight in enumerate(row):
                    totals[i] += weight
        yield Window(
            start, end, {kind: _sigmoid(total) for kind, total in zip(KINDS, totals, strict=True)}
        )


def windows(reading: Reading) -> Iterator[tuple[int, int]]:
    """Canonical spans of two neighbouring sentences each, blank ones passed over."""
    starts = [*reading.sentence_starts, len(reading.folded.text)]
    spans = [
        (a, b) for a, b in pairwise(starts) if reading.words_between(a, b) > 0
    ]
    if len(spans) == 1:
        yield spans[0][0], min(spans[0][1], spans[0][0] + WIDEST)
    for (a, _), (_, b) in list(pairwise(spans))[:MOST]:
        yield a, min(b, a + WIDEST)


def features(reading: Reading, start: int, end: int) -> set[str]:
    """The names of what is in a window."""
    out = set(_grams(_masked(reading, start, end)))
    out.update(
        f"slot:{slot}"
        for slot in reading.hits
        if slot not in CATEGORIES and reading.within((slot,), start, end)
    )
    for pattern, forms in awake(reading, "kind"):
        if any(loosely(reading, form, start, end) for form in forms):
            out.add(f"kind:{pattern.name}")
            out.add(f"record:{pattern.id}")
    return out


def _masked(reading: Reading, start: int, end: int) -> str:
    text = reading.folded.lower
    pieces, at = [], start
    held = ((hit, name) for name in CATEGORIES for hit in reading.hits.get(name, ()))
    for hit, category in sorted(held):
        if hit.start < at or hit.end > end:
            continue
        pieces += [text[at : hit.start], chr(_PRIVATE + CATEGORIES.index(category))]
        at = hit.end
    return "".join([*pieces, text[at:end]])


def _grams(text: str) -> Iterator[str]:
    words: list[str] = []
    for run in _RUN.findall(text):
        if run[0] < "\u3400":
            words.append("#" if run.isdigit() else run)
            continue
        for size in (1, 2, 3):
            for i in range(len(run) - size + 1):
                yield run[i : i + size]
        words.append("\N{HORIZONTAL ELLIPSIS}")
    for word in words:
        yield f"w:{word}"
    for pair in pairwise(words):
        yield "w:" + " ".join(pair)
    for one, _, three in zip(words, words[1:], words[2:], strict=False):
        yield f"w:{one} _ {three}"


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, x))))


@cache
def _weights() -> Mapping[str, Sequence[float]]:
    """The weights by feature, one number a kind, in hundredths in the file."""
    text = (resources.files("injunction_screen") / "second_reader.txt").read_text(encoding="utf-8")
    table = {"": tuple(0.0 for _ in KINDS)}
    for line in text.splitlines():
        if line.startswith("# "):
            continue
        feature, _, numbers = line.rpartition("\t")
        table[feature] = tuple(int(number) / 100 for number in numbers.split(","))
    return table
