"""Fit ``injunction_screen/details/confidence.txt``: how often candidates of a raw score are right.

    python training/confidence.py POSTS.jsonl...

POSTS are labelled posts (see the README), best such as no pattern was written from: the shipped file
is of ``tests/posts/varied2.jsonl`` and ``tests/fresh/{first,second,third,fourth}.jsonl``.  For each category the share of right candidates by raw
score is made to rise (pool adjacent violators), each step drawn towards the category's whole share
as if ``PRIOR`` more candidates of that share had been seen.  A pattern seen ``ENOUGH`` times gets
a line of its own, drawn towards its category's.  The same posts give the same file.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from injunction_screen import details
from injunction_screen.details.confidence import Points, read_off
from injunction_screen.evaluate import evaluate, read_gold
from injunction_screen.screener import Screener

OUT = Path(details.__file__).with_name("confidence.txt")
HEAD = "# Share of right candidates by raw score. Made by training/confidence.py.\n"
PRIOR = 8.0
ENOUGH = 25
STEPS = 12  # at most so many candidates' steps in a line, of equal size
MOST = 0.995  # nothing is certain

Seen = Sequence[tuple[float, bool]]


def line(seen: Seen, towards: Points | float) -> Points:
    """A rising line through the shares of right candidates, drawn towards another line or share."""
    ranked = sorted(seen)
    size = max(5, -(-len(ranked) // STEPS))
    steps: list[list[float]] = []  # raw sum, right, count, each with its prior
    for i in range(0, len(ranked), size):
        part = ranked[i : i + size]
        raw = sum(score for score, _ in part) / len(part)
        prior = towards if isinstance(towards, float) else read_off(towards, raw)
        right = sum(ok for _, ok in part) + prior * PRIOR
        steps.append([raw * len(part), right, len(part) + PRIOR, len(part)])
        while len(steps) > 1 and steps[-2][1] / steps[-2][2] >= steps[-1][1] / steps[-1][2]:
            last = steps.pop()
            steps[-1] = [a + b for a, b in zip(steps[-1], last, strict=True)]
    points: dict[float, float] = {}
    for raw_sum, right, count, number in steps:
        points[round(raw_sum / number, 3)] = round(min(MOST, right / count), 3)
    return sorted(points.items())


def fit(seen: Mapping[str, Mapping[str, Seen]]) -> dict[str, Points]:
    """The lines of every category and every pattern seen often, from category -> pattern -> seen."""
    out: dict[str, Points] = {}
    for category, patterns in sorted(seen.items()):
        whole = [pair for pairs in patterns.values() for pair in pairs]
        share = sum(ok for _, ok in whole) / len(whole)
        out[category] = line(whole, share)
        for pattern, pairs in sorted(patterns.items()):
            if len(pairs) >= ENOUGH:
                out[pattern] = line(pairs, out[category])
    return out


def main(files: Sequence[str]) -> None:
    """Screen the posts with raw scores, fit the lines, write them."""
    OUT.write_text(HEAD, encoding="utf-8")  # without lines, scores are the raw ones
    raw = Screener()
    seen: dict[str, dict[str, list[tuple[float, bool]]]] = defaultdict(lambda: defaultdict(list))
    for file in files:
        for post in evaluate(read_gold(file), raw).posts:
            for category, pattern, score, right in post.judged:
                seen[category][pattern].append((score, right))
    rows = []
    for name, points in fit(seen).items():
        rows.append(" ".join([name, *(f"{x:g}:{y:g}" for x, y in points)]))
    OUT.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
