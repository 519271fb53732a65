"""A first look: can a post matter at all, by its characters alone?

In: texts.  Out: for each, whether the later stages have to judge it.  Most posts have nothing to
do with menace or with exposing anybody, and one linear model over runs of characters tells so, a
hundred times quicker than the other stages, for thousands of posts in one go.

It is part of what an outcome means, not an optimisation beside it: a post that the first look
passes over is ``clear``, whichever way it is screened, unless a strong frame matches in it and the
post is short, or in doubt, or a platform brought patterns of its own.

Each character is folded alone (``text.Folder``; what is written wide, in other letters or in
simplified characters looks alike), digits all become one code, what separates words another, and
what ends a clause a third.  Runs of two, three and five codes are hashed to ``2 ** BITS`` weights;
their sum over the root of their number, plus a bias, is the score.  ``training/
first_look.py`` makes ``first_look.npz``: the bias is set there, so that few posts that a person
would raise fall below 0.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from importlib import resources
from itertools import islice
from typing import TYPE_CHECKING, Any

from injunction_screen.text import Folder

if TYPE_CHECKING:
    import numpy as np

    Codes = np.ndarray[Any, np.dtype[np.uint32]]

__all__ = ["BITS", "FEWEST", "LENGTHS", "runs", "scores"]

BITS = 18  # of the hash: the weights take 256 kB
LENGTHS = (2, 4)  # of the runs, in codes
FEWEST = 60  # runs: shorter texts are judged as if they had as many
PART, STEP = 600, 400  # characters: a longer text is looked at in parts that begin so far apart
MOST = 100_000  # characters in one go: so many stay near the processor
OPEN, CLOSE = "\n", "\n\n\n\n"  # around a text, so that no run holds codes of two
_NOTHING, _BLANK, _STOP, _DIGIT = 32, 1, 2, 3  # codes up to 32 are sorts of characters
_PLANES = 0x110000
_BLANKS = frozenset(" .-_*/|~+^=\N{MIDDLE DOT}")
_SIGNS = {"@": 4, "'": 5}
# Multipliers of usual hashes: the golden ratio's and one of MurmurHash3.
_MIX, _SPREAD = 0x9E3779B1, 0x85EBCA6B


def scores(texts: Sequence[str], folder: Folder) -> list[float]:
    """The score of each text: below 0 where the first look sees nothing in it.

    That of a long text is the highest of its parts, lest a call be lost in a tale.

    >>> from injunction_screen.patternbook import default_book
    >>> one, other = scores(["the soup was hot", "find out where she lives and burn it"],
    ...                     default_book().folder)
    >>> one < 0 < other
    True
    """
    if any(len(text) > PART for text in texts):
        return _in_parts(texts, folder)
    out: list[float] = []
    first = size = 0
    for at, text in enumerate(texts):
        if size and size + len(text) > MOST:
            out += _scores(texts[first:at], folder)
            first, size = at, 0
        size += len(text)
    return out + _scores(texts[first:], folder)


def _in_parts(texts: Sequence[str], folder: Folder) -> list[float]:
    parts = [
        [text[at : at + PART] for at in range(0, max(1, len(text) - PART + STEP), STEP)]
        for text in texts
    ]
    found = iter(scores([part for row in parts for part in row], folder))
    return [max(islice(found, len(row))) for row in parts]


def _scores(texts: Sequence[str], folder: Folder) -> list[float]:
    import numpy as np

    if not texts:
        return []
    weights, bias = _weights()
    found = runs(texts, folder)
    if len(texts) == 1:  # the same without what keeps texts apart, at a third of the time
        whole = sum(int(weights[hashed].sum()) for hashed in found)
        return [whole / math.sqrt(max(FEWEST, len(found) * len(found[0]))) + bias]
    lengths = np.fromiter(map(len, texts), np.int64, len(texts)) + len(OPEN)
    # What begins in the marks between two texts is nobody's: the last number.
    owner = np.full(int(lengths.sum()) + len(CLOSE) * len(texts), len(texts))
    ends = np.cumsum(lengths + len(CLOSE))
    for number, (end, size) in enumerate(zip(ends.tolist(), lengths.tolist(), strict=True)):
        owner[end - len(CLOSE) - size : end - len(CLOSE)] = number
    total = np.zeros(len(texts) + 1)
    for hashed in found:
        total += np.bincount(owner[: len(hashed)], weights[hashed], len(texts) + 1)
    wide = np.maximum(FEWEST, len(found) * lengths)
    result: list[float] = (total[:-1] / np.sqrt(wide) + bias).tolist()
    return result


def runs(texts: Sequence[str], folder: Folder) -> list[Codes]:
    """For each of ``LENGTHS``: the hashes of the runs that begin at each code, in order."""
    import numpy as np

    text = "".join([OPEN + one + CLOSE for one in texts])
    found = _folded(np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32), folder)
    size = len(found) - len(CLOSE)
    mix, spread, shift = np.uint32(_MIX), np.uint32(_SPREAD), np.uint32(32 - BITS)
    out = []
    mixed = found
    for length in range(2, LENGTHS[-1] + 1):
        mixed = mixed[:-1] * mix + found[length - 1 :]
        if length in LENGTHS:
            out.append((mixed[:size] * spread) >> shift)
    return out


_TABLES: dict[int, tuple[Folder, Any]] = {}
_UNMET = 0xFFFFFFFF


def _folded(raw: Codes, folder: Folder) -> Codes:
    """The codes of characters under a fold; a character's is worked out when it is first met."""
    import numpy as np

    known = _TABLES.get(id(folder))
    if known is None or known[0] is not folder:
        known = _TABLES[id(folder)] = (folder, np.full(_PLANES, _UNMET, np.uint32))
    table = known[1]
    found: Codes = table[raw]
    unmet = found == _UNMET
    if unmet.any():
        for point in np.unique(raw[unmet]).tolist():
            table[point] = _code(folder.of(chr(point)).lower(), point)
        found = table[raw]
    return found


def _code(folded: str, point: int) -> int:
    if not folded:
        return _NOTHING
    first = folded[0]
    if first.isdigit():
        return _DIGIT
    if first in _SIGNS:
        return _SIGNS[first]
    if first.isalnum() or point >= 0x1F300 or 0x2600 <= point < 0x27C0:
        return ord(first)
    return _BLANK if first in _BLANKS else _STOP


@cache
def _weights() -> tuple[Any, float]:
    import numpy as np

    file = resources.files("injunction_screen") / "first_look.npz"
    with file.open("rb") as opened, np.load(opened, allow_pickle=False) as held:
        return held["weights"].astype(np.int32), float(held["bias"])
