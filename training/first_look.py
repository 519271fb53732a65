"""Train the first look: ``first_look.npz``.

    python training/first_look.py DATA_FOLDER

Needs scikit-learn beside the library's own dependencies.  What is learned is whether a post is to
be raised, from

* invented posts (``outcome_posts.py``); those that are ``clear`` weigh little, for they were
  written to look hostile;
* ordinary posts of DATA_FOLDER (``outcome_posts.py``), which nobody needs to look at;
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
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from outcome_posts import FORUMS, TWEETS, folds, invented, texts
from scipy.sparse import csr_matrix, vstack
from sklearn.linear_model import LogisticRegression

from injunction_screen import Screener, first_look
from injunction_screen.patternbook import default_book

HERE = Path(__file__).resolve().parent
OUT = HERE.parent / "injunction_screen" / "first_look.npz"
RUDE = ("hostile/en_edos", "hostile/en_implicit_hate", "hostile/zh_cold")
UNSEEN = ("text/lihkg_blankvote", "text/ud_hk")
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


def own_posts() -> Iterator[Example]:
    """The invented posts."""
    for post in invented():
        raised = post.outcome != "clear"
        yield Example(post.text, raised, 1.0 if raised else HARD_WEIGHT, post.origin)


def others(data: Path) -> Iterator[Example]:
    """The ordinary posts and the rude ones."""
    for names, weight in ((FORUMS, 1.0), (TWEETS, TWEET_WEIGHT)):
        for name in names:
            for text in texts(data, name):
                yield Example(text, False, weight)
    screener = Screener(second_reader=False)
    for name in RUDE:
        for text in texts(data, name):
            yield Example(text, screener.screen(text).outcome != "clear", RUDE_WEIGHT)


def matrix(posts: Sequence[str]) -> csr_matrix:
    """Each text's runs by hash, over the root of their number."""
    folder = default_book().folder
    rows = [np.concatenate(first_look.runs([text], folder)) for text in posts]
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
    own, rest = list(own_posts()), list(others(asked.data))
    print(f"{len(own)} invented posts, {len(rest)} others", file=sys.stderr)
    seen, found = matrix([post.text for post in own]), matrix([post.text for post in rest])
    fold = np.array(folds([post.origin for post in own], FOLDS, SEED))
    floors = []
    for k in range(FOLDS):
        kept = fold != k
        train = [post for post, keep in zip(own, kept, strict=True) if keep]
        weights = fitted(vstack([seen[kept], found]), [*train, *rest])
        held = ~kept & np.array([post.raised for post in own])
        floors.append(float(np.quantile(seen[held] @ weights, 1 - KEPT)))
        print(f"fold {k + 1} of {FOLDS}: {floors[-1]:.1f}", file=sys.stderr)
    weights = fitted(vstack([seen, found]), [*own, *rest])
    bias = -float(np.median(floors))
    np.savez_compressed(OUT, weights=weights.astype(np.int8), bias=bias)
    for name in UNSEEN:
        above = matrix(texts(asked.data, name)) @ weights + bias >= 0
        print(f"{name}: {np.mean(above):.3f} above 0")


if __name__ == "__main__":
    main()
