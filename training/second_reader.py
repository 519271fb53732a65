"""Train the second reader: ``python training/second_reader.py [--data ../shared/data]``.

In: the labelled invented posts of ``training/posts/`` (text, kinds, and spans where given), and,
where the folder is there, ordinary posts of the data sets whose licence allows it (CC BY 4.0:
hkcancor, lihkg_posts, openrice) as rows without a cue.
Out: ``injunction_screen/second_reader.txt``, and figures on a fifth of the posts held out.

Logistic regression for each kind, full-batch Adam with an L1 step; seeded; minutes on one core.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from injunction_screen.details import find_details
from injunction_screen.patternbook import default_book
from injunction_screen.scan import Scanner
from injunction_screen.screener import knowing_details
from injunction_screen.second_reader import KINDS, features, windows
from injunction_screen.text import fold

HERE = Path(__file__).resolve().parent
TARGET = HERE.parent / "injunction_screen" / "second_reader.txt"
ORDINARY = ("hkcancor", "lihkg_posts", "openrice_senti")
Row = tuple[set[str], frozenset[str], int]  # features, kinds, number of the post


def read_rows(data: Path | None, ordinary: int, seed: int) -> list[Row]:
    """Every window of every training post as features and kinds."""
    scanner = Scanner(default_book())
    rows: list[Row] = []
    posts: list[dict[str, Any]] = []
    for path in sorted((HERE / "posts").glob("*.jsonl")):
        posts += [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    chance = random.Random(seed)
    if data is not None:
        plain: list[str] = []
        for name in ORDINARY:
            path = data / "text" / f"{name}.jsonl"
            if path.exists():
                lines = path.read_text(encoding="utf-8").split("\n")
                plain += [json.loads(line)["text"][:400] for line in lines if line]
        posts += [
            {"text": text, "kinds": []} for text in chance.sample(plain, min(ordinary, len(plain)))
        ]
    for number, post in enumerate(posts):
        rows += rows_of(scanner, post, number)
    return rows


def rows_of(scanner: Scanner, post: dict[str, Any], number: int) -> list[Row]:
    """The windows of one post; a cue with a span belongs to the windows that hold most of it."""
    reading = scanner.read(fold(post["text"], scanner.book.folder))
    reading = knowing_details(reading, find_details(reading))
    out = []
    spans = post.get("cues")
    for start, end in windows(reading):
        if spans is None:
            kinds = frozenset(post["kinds"]) & set(KINDS)
        else:
            kinds = frozenset(
                cue["kind"]
                for cue in spans
                if cue["kind"] in KINDS and _inside(reading, cue, start, end)
            )
        out.append((features(reading, start, end), kinds, number))
    return out


def _inside(reading: Any, cue: dict[str, Any], start: int, end: int) -> bool:
    a, b = reading.folded.canonical(cue["start"]), reading.folded.canonical(cue["end"])
    return min(b, end) - max(a, start) > 0.5 * (b - a)


def fit(rows: list[Row], kind: str, number: dict[str, int], l1: float) -> NDArray[np.float64]:
    """The weights of one kind, the first the bias."""
    index = [[0, *(number[f] for f in found if f in number)] for found, _, _ in rows]
    lengths = np.array([len(row) for row in index])
    flat = np.fromiter((i for row in index for i in row), dtype=np.int64, count=int(lengths.sum()))
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    y = np.array([kind in kinds for _, kinds, _ in rows], float)
    share = np.where(y > 0, 2.0, 1.0)
    total = share.sum()
    size = len(number) + 1
    w, m, v = np.zeros(size), np.zeros(size), np.zeros(size)
    rounds = 200
    for step in range(1, rounds + 1):
        z = np.add.reduceat(w[flat], starts)
        p = 1 / (1 + np.exp(-np.clip(z, -30, 30)))
        g = np.bincount(flat, weights=np.repeat((p - y) * share, lengths), minlength=size) / total
        g += 2e-5 * w
        m = 0.9 * m + 0.1 * g
        v = 0.99 * v + 0.01 * g * g
        rate = 0.08 * (1 - step / rounds) + 0.002
        scale = rate / (np.sqrt(v / (1 - 0.99**step)) + 1e-6)
        w -= scale * m / (1 - 0.9**step)
        shrink = np.minimum(scale, 50.0) * l1
        shrink[0] = 0
        w = np.sign(w) * np.maximum(np.abs(w) - shrink, 0)
    return w


def train(rows: list[Row], l1: float) -> dict[str, list[float]]:
    """Weights by feature, one number for each kind."""
    counts = Counter(f for found, _, _ in rows for f in found)
    number = {f: i for i, f in enumerate(sorted(f for f, n in counts.items() if n >= 2), 1)}
    columns = [fit(rows, kind, number, l1) for kind in KINDS]
    table = {"": [float(column[0]) for column in columns]}
    for feature, i in number.items():
        weights = [float(column[i]) for column in columns]
        if max(map(abs, weights)) >= 0.03:
            table[feature] = weights
    return table


def report(rows: list[Row], table: dict[str, list[float]]) -> None:
    """Precision and recall at several thresholds for any strong kind, and for the likeliest."""
    bias = np.array(table[""])
    scored = []
    for found, kinds, _ in rows:
        total = bias + sum((np.array(table[f]) for f in found if f in table), np.zeros(len(KINDS)))
        p = 1 / (1 + np.exp(-total))
        scored.append((float(p.max()), KINDS[int(p.argmax())], kinds))
    for limit in (0.3, 0.5, 0.7, 0.8, 0.9):
        said = [s for s in scored if s[0] >= limit]
        right = [s for s in said if s[2]]
        same = [s for s in right if s[1] in s[2]]
        there = sum(bool(s[2]) for s in scored)
        print(
            f"limit {limit}: precision {len(right) / max(1, len(said)):.3f} "
            f"recall {len(right) / max(1, there):.3f} right kind {len(same) / max(1, len(right)):.3f}"
        )


def main() -> None:
    """Train, report on the held-out fifth, train on all, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=None)
    parser.add_argument("--ordinary", type=int, default=6000)
    parser.add_argument("--l1", type=float, default=4e-5)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rows = read_rows(options.data, options.ordinary, options.seed)
    posts = sorted({number for _, _, number in rows})
    random.Random(options.seed).shuffle(posts)
    held = set(posts[: len(posts) // 5])
    print(len(rows), "windows", sum(bool(k) for _, k, _ in rows), "with a cue", file=sys.stderr)
    report(
        [r for r in rows if r[2] in held], train([r for r in rows if r[2] not in held], options.l1)
    )
    table = train(rows, options.l1)
    lines = [
        "# Weights of the second reader, in hundredths, one number for each of: " + ", ".join(KINDS)
    ]
    lines += [
        f"{feature}\t{','.join(str(round(100 * w)) for w in weights)}"
        for feature, weights in sorted(table.items())
    ]
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(len(table), "features", TARGET.stat().st_size, "bytes", file=sys.stderr)


if __name__ == "__main__":
    main()
