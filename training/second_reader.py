"""Train the second reader: ``second_reader.npz`` and ``second_reader_outcome.txt``.

    python training/second_reader.py DATA_FOLDER [--ordinary 18000] [--without NAME]

Needs scikit-learn beside the library's own dependencies.  Training posts are the invented ones of
``outcome_posts.py``; a draw of its ordinary ones that no frame raises stands for what is no menace,
at a lower weight, for a few of them are.  ``--without`` leaves a file of posts out and prints what
the model makes of it: nothing is written then.

1. Each feature is scaled by how differently often it stands in hostile and harmless posts (as in
   naive Bayes), each post's vector is brought to unit length, and logistic regressions are fitted:
   for menace of any kind, for each kind, and, on posts without menace, for exposing somebody all
   the same (outcome ``review``).  Features that tell next to nothing are dropped after a first
   fit, and what is left is fitted again.
2. The files of posts are dealt into folds, each is judged by regressions that have not seen it, and
   a regression over the signs of a post, with what those say, is fitted to the outcomes.  Ordinary
   posts count double here, so that what is rare in life stays rare; where no frame is linked to
   details, a flag has to be likelier than its neighbours by ``FLAG_MARGIN``; where one is, it is
   given ``LINKED_LEAD``.

The same data gives the same weights; half an hour on two cores.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from outcome_posts import FORUMS, ORDINARY, TWEETS, folds, invented, texts
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from injunction_screen import Screener, second_reader
from injunction_screen.records import OUTCOMES
from injunction_screen.second_reader import KINDS

HERE = Path(__file__).resolve().parent
OUT = HERE.parent / "injunction_screen" / "second_reader.npz"
OUTCOME_OUT = HERE.parent / "injunction_screen" / "second_reader_outcome.txt"
OUTCOME_HEAD = (
    "# What signs speak for: clear, review, flag, in hundredths: training/second_reader.py.\n"
)
SEED = 11
ORDINARY_WEIGHT = 0.5
BANK_WEIGHT = 0.5  # of a one-liner without anybody's details
C = 20.0  # inverse strength of the prior of the regressions
SEEN = 3  # posts in which a feature has to stand
LEAST = 0.2  # log odds from which a feature tells anything
PRUNED = 0.02  # weight times scale below which a feature is dropped after the first fit
FOLDS = 5
OUTCOME_C = 1.0
OUTCOME_ORDINARY = 2.0  # weight of an ordinary post when outcomes are fitted
FLAG_MARGIN = 0.25  # log odds by which a flag must lead where no frame is linked to details
LINKED_LEAD = 0.4  # log odds that are given to a flag where one is


class Example(NamedTuple):
    """A post as the model sees it."""

    features: frozenset[str]
    signs: dict[str, float]
    kinds: frozenset[str]
    outcome: str
    weight: float
    origin: str


def examples(data: Path, ordinary: int) -> list[Example]:
    """The training posts and a draw of ordinary ones, read on every core."""
    own = list(invented())
    found = [text for name in (*FORUMS, *TWEETS) for text in texts(data, name)]
    drawn = random.Random(SEED).sample(found, min(ordinary, len(found)))
    out = []
    with multiprocessing.get_context("spawn").Pool(initializer=_begin) as pool:
        read = pool.imap(_read, (post.text for post in own), chunksize=50)
        for post, seen in zip(own, read, strict=True):
            weight = BANK_WEIGHT if post.origin.startswith("bank") else 1.0
            out.append(Example(*seen, post.kinds, post.outcome, weight, post.origin))
        for calm in pool.imap(_read_calm, drawn, chunksize=50):
            if calm is not None:
                out.append(Example(*calm, frozenset(), "clear", ORDINARY_WEIGHT, ORDINARY))
    return out


_screeners: list[Screener] = []  # of this process
Seen = tuple[frozenset[str], dict[str, float]]
Chances = tuple[float, float]  # of menace, and of exposing somebody if it is none


def _begin() -> None:
    _screeners.append(Screener(second_reader=False))


def _read(text: str) -> Seen:
    """The features and signs of a text."""
    evidence = _screeners[0].evidence(text)
    return frozenset(second_reader.features(evidence)), second_reader.signs(evidence)


def _read_calm(text: str) -> Seen | None:
    """The same of a text that no frame raises."""
    return _read(text) if _screeners[0].screen(text).outcome == "clear" else None


class Model:
    """Scales of the features and a regression for menace, for exposing and for each kind."""

    def __init__(self, train: Sequence[Example], *, kinds: bool = True) -> None:
        self.scale = _scales(train)
        self.place = {feature: i for i, feature in enumerate(self.scale)}
        self._fit(train, kinds=False)
        told = [
            max(abs(fit.coef_[0][i] * scale) for fit in (self.any, self.exposing))
            for i, scale in enumerate(self.scale.values())
        ]
        kept = [feature for feature, most in zip(self.scale, told, strict=True) if most >= PRUNED]
        self.scale = {feature: self.scale[feature] for feature in kept}
        self.place = {feature: i for i, feature in enumerate(self.scale)}
        self._fit(train, kinds=kinds)

    def _fit(self, train: Sequence[Example], *, kinds: bool) -> None:
        weights = [example.weight for example in train]
        self.any = _regression(self.matrix(train), [bool(e.kinds) for e in train], weights)
        own = [example for example in train if example.origin != ORDINARY]
        matrix = self.matrix(own)
        wanted = KINDS if kinds else ()
        self.kinds = [_regression(matrix, [k in e.kinds for e in own], None) for k in wanted]
        calm = [example for example in train if not example.kinds]
        weights = [example.weight for example in calm]
        self.exposing = _regression(
            self.matrix(calm), [e.outcome != "clear" for e in calm], weights
        )

    def chances(self, posts: Sequence[Example]) -> Iterator[tuple[float, float]]:
        """Of each post: that it is menace, and that it exposes somebody if it is none."""
        matrix = self.matrix(posts)
        menace = self.any.predict_proba(matrix)[:, 1]
        exposing = self.exposing.predict_proba(matrix)[:, 1]
        return zip(menace.tolist(), exposing.tolist(), strict=True)

    def matrix(self, posts: Sequence[Example]) -> csr_matrix:
        ends, places, values = [0], [], []
        for post in posts:
            known = [feature for feature in sorted(post.features) if feature in self.place]
            length = np.sqrt(sum(self.scale[feature] ** 2 for feature in known)) or 1.0
            places += [self.place[feature] for feature in known]
            values += [self.scale[feature] / length for feature in known]
            ends.append(len(places))
        return csr_matrix((values, places, ends), shape=(len(posts), len(self.place)))

    def write(self, path: Path) -> None:
        """Each feature's scale, and its weight times its scale for each regression."""
        fits = [self.any, self.exposing, *self.kinds]
        scales = np.array(list(self.scale.values()))
        weights = np.stack([fit.coef_[0][list(self.place.values())] * scales for fit in fits], 1)
        np.savez_compressed(
            path,
            features=np.frombuffer("\n".join(self.place).encode(), np.uint8),
            scales=_hundredths(scales).astype(np.int16),
            weights=_hundredths(weights).astype(np.int16),
            bias=_hundredths(np.array([fit.intercept_[0] for fit in fits])),
        )


def _hundredths(numbers: np.ndarray) -> np.ndarray:
    return np.round(100 * numbers).astype(np.int64)


def _scales(train: Sequence[Example]) -> dict[str, float]:
    """The features that are kept, each with how much it tells."""
    seen: Counter[str] = Counter()
    hostile: Counter[str] = Counter()
    harmless: Counter[str] = Counter()
    for example in train:
        seen.update(example.features)
        if example.origin != ORDINARY:
            (hostile if example.kinds else harmless).update(example.features)
    bad = hostile.total() + len(seen)
    good = harmless.total() + len(seen)
    out: dict[str, float] = {}
    for feature, count in sorted(seen.items()):
        told = np.log(((hostile[feature] + 1) / bad) / ((harmless[feature] + 1) / good))
        if count >= SEEN and abs(told) + 0.1 >= LEAST:
            out[feature] = float(abs(told)) + 0.1
    return out


def _regression(
    matrix: csr_matrix, labels: list[bool], weights: list[float] | None
) -> LogisticRegression:
    model = LogisticRegression(C=C, max_iter=300, solver="liblinear", random_state=SEED)
    return model.fit(matrix, labels, sample_weight=weights)


class Outcomes:
    """The regression over signs, fitted to what regressions say of posts they have not seen."""

    def __init__(self, train: Sequence[Example], chances: Sequence[Chances]) -> None:
        rows: list[dict[str, float]] = []
        outcomes: list[str] = []
        weights: list[float] = []
        for example, said in zip(train, chances, strict=True):
            if not example.origin.startswith("bank"):
                rows.append(second_reader.with_chances(example.signs, *said))
                outcomes.append(example.outcome)
                weights.append(OUTCOME_ORDINARY if example.origin == ORDINARY else 1.0)
        self.names = sorted(rows[0])
        model = LogisticRegression(C=OUTCOME_C, max_iter=5000)
        self.fit = model.fit(self.matrix(rows), outcomes, sample_weight=weights)

    def matrix(self, rows: Sequence[dict[str, float]]) -> np.ndarray:
        return np.array([[row[name] for name in self.names] for row in rows])

    def write(self, path: Path) -> None:
        """One line a sign: its weight for each outcome."""
        order = [list(self.fit.classes_).index(outcome) for outcome in OUTCOMES]
        bias = [self.fit.intercept_[i] for i in order]
        flag = OUTCOMES.index("flag")
        bias[flag] -= FLAG_MARGIN
        lines = ["\t" + "\t".join(str(round(100 * number)) for number in bias)]
        for at, name in enumerate(self.names):
            row = [self.fit.coef_[i][at] for i in order]
            row[flag] += (FLAG_MARGIN + LINKED_LEAD) * (name == "linked")
            lines.append("\t".join([name, *(str(round(100 * number)) for number in row)]))
        path.write_text(OUTCOME_HEAD + "\n".join(lines) + "\n", encoding="utf-8")


_train: list[Example] = []  # shared with the processes that fit


def _folds() -> list[int]:
    return folds([example.origin for example in _train], FOLDS, SEED)


def _judged(k: int) -> list[Chances]:
    """What a model that has not seen a fold says of its posts, in order."""
    dealt = _folds()
    rest = [example for example, fold in zip(_train, dealt, strict=True) if fold != k]
    held = [example for example, fold in zip(_train, dealt, strict=True) if fold == k]
    return list(Model(rest, kinds=False).chances(held))


def _whole(_: int) -> Model:
    return Model(_train)


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("data", type=Path)
    options.add_argument("--ordinary", type=int, default=18_000)
    options.add_argument("--without", default="", help="a file of posts to leave out, to measure")
    asked = options.parse_args()
    found = examples(asked.data, asked.ordinary)
    _train.extend(example for example in found if example.origin != asked.without)
    print(f"{len(_train)} posts, {sum(bool(e.kinds) for e in _train)} hostile", file=sys.stderr)
    if asked.without:
        held = [example for example in found if example.origin == asked.without]
        chances = [menace for menace, _ in Model(_train).chances(held)]
        area = roc_auc_score([bool(e.kinds) for e in held], chances)
        print(f"{asked.without}: {len(held)} posts, area under the curve {area:.3f}")
        return
    # Forked, so that the posts are there without being sent.
    with multiprocessing.get_context("fork").Pool() as pool:
        model = pool.map_async(_whole, [0], chunksize=1)
        said = [iter(judged) for judged in pool.map(_judged, range(FOLDS), chunksize=1)]
        Outcomes(_train, [next(said[fold]) for fold in _folds()]).write(OUTCOME_OUT)
        (whole,) = model.get()
    whole.write(OUT)
    print(f"{len(whole.place)} features", file=sys.stderr)


if __name__ == "__main__":
    main()
