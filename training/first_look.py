"""Train the first look: ``first_look.npz``.

    python training/first_look.py DATA_FOLDER

Needs scikit-learn beside the library's own dependencies.  What is learned is whether a post is to
be raised, from

* invented posts: ``posts/*.jsonl``, ``kinds/*.jsonl`` and the one-liners of
  ``tests/posts/bank_*.jsonl``; those that are ``clear`` weigh little, for they were written to
  look hostile;
* ordinary posts of DATA_FOLDER (``text/``: hkcancor, lihkg_posts, openrice_senti, hk_longtexts;
  ``ner/``: btc, and wnut17 without its test split; all CC BY 4.0), which nobody needs to look at;
* rude and hateful ones (``hostile/``: en_edos, CC0; en_implicit_hate, MIT; zh_cold, Apache 2.0), as
  the frames of the pattern files judge them.

A logistic regression over the hashed runs of ``injunction_screen.first_look`` is fitted.  Its bias
is set by what regressions say of invented posts in files that they have not seen: ``KEPT`` of those
that are to be raised lie above 0.  Printed at the end: the share of posts above 0 in two sorts of
ordinary text that are not trained on (``lihkg_blankvote``, ``ud_hk``).

The same data gives the same weights; some ten minutes, most of them for the frames.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_matrix, vstack
from sklearn.linear_model import LogisticRegression

from injunction_screen import Screener, first_look
from injunction_screen.patternbook import default_book

HERE = Path(__file__).resolve().parent
OUT = HERE.parent / "injunction_screen" / "first_look.npz"
ORDINARY = ("hkcancor", "lihkg_posts", "openrice_senti", "hk_longtexts")
TWEETS = ("btc", "wnut17")
RUDE = ("en_edos", "en_implicit_hate", "zh_cold")
UNSEEN = ("lihkg_blankvote", "ud_hk")
KEPT = 0.985  # of the invented posts that are to be raised
HARD_WEIGHT = 0.1  # of an invented post that is clear
RUDE_WEIGHT = 0.3
TWEET_WEIGHT = 0.5
C = 10.0  # inverse strength of the prior
FOLDS = 4
SEED = 3
MOST = 127  # of a weight as it is written


class Example(NamedTuple):
    """A post to learn from; ``origin`` is its file where it is an invented one."""

    text: str
    raised: bool
    weight: float
    origin: str = ""


def invented() -> Iterator[Example]:
    """The training posts."""
    banks = HERE.parent.glob("tests/posts/bank_*.jsonl")
    for path in sorted([*HERE.glob("posts/*.jsonl"), *HERE.glob("kinds/*.jsonl"), *banks]):
        for post in _rows(path):
            told = post["kinds"] if "kinds" in post else [cue["kind"] for cue in post["cues"]]
            raised = post.get("outcome", "review" if told else "clear") != "clear"
            yield Example(post["text"], raised, 1.0 if raised else HARD_WEIGHT, path.stem)


def others(data: Path) -> Iterator[Example]:
    """The ordinary posts and the rude ones."""
    for name in ORDINARY:
        for post in _rows(data / "text" / f"{name}.jsonl"):
            yield Example(post["text"], False, 1.0)
    for name in TWEETS:
        for post in _rows(data / "ner" / f"{name}.jsonl"):
            if post.get("split") != "test":
                yield Example(post["text"], False, TWEET_WEIGHT)
    screener = Screener(second_reader=False)
    for name in RUDE:
        for post in _rows(data / "hostile" / f"{name}.jsonl"):
            raised = screener.screen(post["text"]).outcome != "clear"
            yield Example(post["text"], raised, RUDE_WEIGHT)


def _rows(path: Path) -> Iterator[dict[str, object]]:
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line:
            yield json.loads(line)


def matrix(texts: Sequence[str]) -> csr_matrix:
    """Each text's runs by hash, over the root of their number."""
    folder = default_book().folder
    rows = [np.concatenate(first_look.runs([text], folder)) for text in texts]
    ends = np.cumsum([0, *(len(row) for row in rows)])
    values = np.concatenate(
        [np.full(len(row), 1 / np.sqrt(max(len(row), first_look.FEWEST))) for row in rows]
    )
    shape = (len(rows), 1 << first_look.BITS)
    whole = csr_matrix((values, np.concatenate(rows).astype(np.int64), ends), shape=shape)
    whole.sum_duplicates()
    return whole


def fitted(found: csr_matrix, posts: Sequence[Example]) -> np.ndarray:
    """The weights, in whole numbers of at most ``MOST``."""
    model = LogisticRegression(C=C, max_iter=300, solver="liblinear", random_state=SEED)
    weights = [post.weight for post in posts]
    model.fit(found, [post.raised for post in posts], sample_weight=weights)
    return np.round(model.coef_[0] * MOST / np.abs(model.coef_).max())


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("data", type=Path)
    asked = options.parse_args()
    own, rest = list(invented()), list(others(asked.data))
    print(f"{len(own)} invented posts, {len(rest)} others", file=sys.stderr)
    seen, found = matrix([post.text for post in own]), matrix([post.text for post in rest])
    origins = sorted({post.origin for post in own})
    random.Random(SEED).shuffle(origins)
    fold = {origin: i % FOLDS for i, origin in enumerate(origins)}
    floors = []
    for k in range(FOLDS):
        kept = np.array([fold[post.origin] != k for post in own])
        train = [post for post, keep in zip(own, kept, strict=True) if keep]
        weights = fitted(vstack([seen[kept], found]), [*train, *rest])
        held = ~kept & np.array([post.raised for post in own])
        floors.append(float(np.quantile(seen[held] @ weights, 1 - KEPT)))
        print(f"fold {k + 1} of {FOLDS}: {floors[-1]:.1f}", file=sys.stderr)
    weights = fitted(vstack([seen, found]), [*own, *rest])
    bias = -float(np.median(floors))
    np.savez_compressed(OUT, weights=weights.astype(np.int8), bias=bias)
    for name in UNSEEN:
        texts = [str(post["text"]) for post in _rows(asked.data / "text" / f"{name}.jsonl")]
        print(f"{name}: {np.mean(matrix(texts) @ weights + bias >= 0):.3f} above 0")


if __name__ == "__main__":
    main()
