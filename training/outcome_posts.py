"""The posts that the second reader and the first look learn from.

Invented ones: ``posts/*.jsonl`` with spans, ``kinds/*.jsonl`` with kinds only and the one-liners of
``tests/posts/bank_*.jsonl``.  Ordinary ones of a data folder (``text/``: hkcancor, lihkg_posts,
openrice_senti, hk_longtexts; ``ner/``: btc, and wnut17 without its test split), all CC BY 4.0.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from injunction_screen.records import STRONG_KINDS

__all__ = ["FORUMS", "ORDINARY", "TWEETS", "Invented", "folds", "invented", "rows", "texts"]

HERE = Path(__file__).resolve().parent
FORUMS = ("text/hkcancor", "text/lihkg_posts", "text/openrice_senti", "text/hk_longtexts")
TWEETS = ("ner/btc", "ner/wnut17")
ORDINARY = "ordinary"  # the origin of what is no invented post


class Invented(NamedTuple):
    """An invented post: its strong kinds, its outcome and the file that it stands in."""

    text: str
    kinds: frozenset[str]
    outcome: str
    origin: str


def invented() -> Iterator[Invented]:
    """The training posts, file by file."""
    banks = HERE.parent.glob("tests/posts/bank_*.jsonl")
    for path in sorted([*HERE.glob("posts/*.jsonl"), *HERE.glob("kinds/*.jsonl"), *banks]):
        for post in rows(path):
            told = post["kinds"] if "kinds" in post else [cue["kind"] for cue in post["cues"]]
            outcome = post.get("outcome", "review" if told else "clear")
            yield Invented(post["text"], frozenset(told) & STRONG_KINDS, outcome, path.stem)


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a file."""
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line:
            yield json.loads(line)


def texts(data: Path, name: str) -> list[str]:
    """The texts of a file of the data folder, without those that are kept for tests."""
    return [row["text"] for row in rows(data / f"{name}.jsonl") if row.get("split") != "test"]


def folds(origins: Sequence[str], number: int, seed: int) -> list[int]:
    """The fold of each post: that of its file, or its turn where it is an ordinary one."""
    files = sorted({*origins} - {ORDINARY})
    random.Random(seed).shuffle(files)
    fold = {origin: i % number for i, origin in enumerate(files)}
    return [fold.get(origin, i % number) for i, origin in enumerate(origins)]
