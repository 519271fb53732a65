"""Turn the raw score of a candidate into how likely it is right.

In: a category, the id of the pattern that found the candidate, and its raw score.
Out: a probability from 0 to 1.

Raw scores come from the records and models of the finders; they rank candidates of one place and
say nothing of how often such a candidate is right.  ``confidence.txt`` says that: made by
``training/confidence.py`` from labelled posts, it holds for each category a rising line through a
few points (raw score, share right), and the same for each pattern that was seen often enough to
differ from its category.  Between two points the line is straight, beyond the outer ones flat.

The figures hold for posts like the labelled ones, which are rich in details; among ordinary talk
the same score is right less often.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources

__all__ = ["confidence", "curves", "read_off"]

Points = Sequence[tuple[float, float]]


def confidence(category: str, pattern: str, raw: float) -> float:
    """The share of candidates like this one that were right in labelled posts.

    >>> 0.5 < confidence("phone", "phone.of_a_pack_of_my_own", 0.9) <= 1.0
    True
    """
    known = curves()
    points = known.get(pattern) or known.get(category)
    return read_off(points, raw) if points else raw


def read_off(points: Points, raw: float) -> float:
    """The height of a line through ``points`` (in rising order) at ``raw``.

    >>> read_off([(0.5, 0.6), (0.9, 1.0)], 0.7)
    0.8
    """
    at = bisect_left(points, (raw,))
    if at == 0:
        return points[0][1]
    if at == len(points):
        return points[-1][1]
    (x0, y0), (x1, y1) = points[at - 1], points[at]
    return round(y0 + (y1 - y0) * (raw - x0) / (x1 - x0), 4)


@cache
def curves() -> Mapping[str, Points]:
    """The lines of ``confidence.txt`` by category and pattern id."""
    source = resources.files("injunction_screen.details") / "confidence.txt"
    out: dict[str, Points] = {}
    for line in source.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        name, *points = line.split()
        pairs = [point.split(":") for point in points]
        out[name] = [(float(raw), float(share)) for raw, share in pairs]
    return out
