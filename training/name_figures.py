"""Measure the name finder: the figures of ``NAMES.md``.

    python training/name_figures.py [--weights FOLDER] [--data DATA_FOLDER] FILES

FILES are labelled posts: precision, recall and F1 of ``name`` for each and for all together.  With
``--data``, ordinary posts of that folder are read too: names found in 1,000 of them, and what
finding them costs.  ``--weights`` takes the weights of another folder, such as one that
``names.py --without ... --out FOLDER`` has written.
"""

from __future__ import annotations

import argparse
import random
import re
import time
from collections.abc import Iterable
from pathlib import Path

from name_lists import BOOK, KNOWN, SCANNER
from name_posts import rows

from injunction_screen import Screener
from injunction_screen.details import names
from injunction_screen.evaluate import read_gold
from injunction_screen.text import fold

ORDINARY = ("hkcancor", "lihkg_posts", "openrice_senti")
ROWS, SEED = 2_000, 3
LEAST_SHARE = 0.5  # of two spans together that they must have in common
SCRIPTS = {"Chinese": re.compile("[\u3400-\u9fff]"), "Latin": re.compile("[A-Za-z]")}
Span = tuple[int, int]
Counts = list[int]  # right, wrong, missed


def pairs(found: list[Span], gold: list[Span]) -> tuple[list[Span], list[Span], list[Span]]:
    """Gold spans that were found, spans found that are none, gold spans that were missed."""
    left = list(gold)
    right, wrong = [], []
    for a, b in found:
        same = [
            (x, y)
            for x, y in left
            if (min(b, y) - max(a, x)) / (max(b, y) - min(a, x)) >= LEAST_SHARE
        ]
        if same:
            left.remove(same[0])
            right.append(same[0])
        else:
            wrong.append((a, b))
    return right, wrong, left


def script(text: str) -> str:
    return "Chinese" if SCRIPTS["Chinese"].search(text) else "Latin"


def shown(counts: Iterable[int]) -> str:
    right, wrong, missed = counts
    p, r = right / max(1, right + wrong), right / max(1, right + missed)
    f1 = 2 * right / max(1, 2 * right + wrong + missed)
    return f"{right + missed:>5} names  P {p:.3f}  R {r:.3f}  F1 {f1:.3f}"


def labelled(screener: Screener, files: list[Path]) -> None:
    total: dict[str, Counts] = {"Chinese": [0, 0, 0], "Latin": [0, 0, 0]}
    for path in files:
        here: Counts = [0, 0, 0]
        for row in read_gold(path):
            text = row["text"]
            found = [
                (d.start, d.end) for d in screener.screen(text).details if d.category == "name"
            ]
            gold = [(d["start"], d["end"]) for d in row["details"] if d["category"] == "name"]
            for sort, spans in enumerate(pairs(found, gold)):
                here[sort] += len(spans)
                for a, b in spans:
                    total[script(text[a:b])][sort] += 1
        print(f"{path.name:<16}", shown(here))
    for name, counts in total.items():
        print(f"{name:<16}", shown(counts))
    print(f"{'all':<16}", shown(map(sum, zip(*total.values(), strict=True))))


def ordinary(screener: Screener, data: Path) -> None:
    texts = [row["text"] for name in ORDINARY for row in rows(data / "text" / f"{name}.jsonl")]
    texts = random.Random(SEED).sample(texts, ROWS)
    details = [d for text in texts for d in screener.screen(text).details]
    found = sum(d.category == "name" for d in details)
    print(f"names in 1,000 ordinary posts: {1000 * found / len(texts):.0f}")
    readings = [SCANNER.read(fold(text, BOOK.folder)) for text in texts]
    for side in ("chinese", "latin"):
        weight = names.weights(side)
        began = time.process_time()
        windows = [w for reading in readings for w in names.windows(reading, KNOWN, side=side)]
        for w in windows:
            names.weigh(w.features, weight)
        spent = time.process_time() - began
        print(f"{side}: {1e6 * spent / len(windows):.0f} µs a window, {len(windows)} windows")
    began = time.process_time()
    for reading in readings:
        list(names.find(reading, ()))
    spent = time.process_time() - began
    size = sum(len(text) for text in texts) / len(texts)
    print(f"{1e6 * spent / len(texts):.0f} µs a post of {size:.0f} characters on average")


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("files", type=Path, nargs="*")
    options.add_argument("--weights", type=Path)
    options.add_argument("--data", type=Path)
    chosen = options.parse_args()
    if chosen.weights:
        paths = {side: chosen.weights / f"name_weights_{side}.txt" for side in SIDES}
        tables = {s: names.read_weights(p.read_text(encoding="utf-8")) for s, p in paths.items()}
        names.weights = tables.__getitem__
    screener = Screener()
    if chosen.files:
        labelled(screener, chosen.files)
    if chosen.data:
        ordinary(screener, chosen.data)


SIDES = ("chinese", "latin")


if __name__ == "__main__":
    main()
