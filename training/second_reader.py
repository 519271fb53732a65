"""Train the second reader: ``injunction_screen/second_reader.txt``.

    python training/second_reader.py DATA_FOLDER [--ordinary 16000] [--without NAME]

Needs numpy and scikit-learn, which the library itself does not.  Training posts are invented ones:
``posts/*.jsonl`` with spans, ``kinds/*.jsonl`` with kinds only and the one-liners of
``tests/posts/bank_*.jsonl``.  Ordinary posts of DATA_FOLDER
(``text/``: hkcancor, lihkg_posts, openrice_senti, hk_longtexts, all CC BY 4.0) that no frame flags
stand for what is no menace, at a lower weight, for a few of them are.  ``--without`` leaves a file
of posts out and prints what the model makes of it: nothing is written then.

Each feature is scaled by how differently often it stands in hostile and harmless posts (as in
naive Bayes), each post's vector is brought to unit length, and logistic regressions are fitted: for
menace of any kind, for each kind, and, on posts without menace, for exposing somebody all the same
(outcome ``review``).  The same data gives the same weights; a minute or two.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from injunction_screen import Screener, second_reader
from injunction_screen.records import STRONG_KINDS
from injunction_screen.second_reader import KINDS

HERE = Path(__file__).resolve().parent
OUT = HERE.parent / "injunction_screen" / "second_reader.txt"
HEAD = "# Weights of the second reader, in hundredths, by feature: training/second_reader.py.\n"
ORDINARY = ("hkcancor", "lihkg_posts", "openrice_senti", "hk_longtexts")
SEED = 11
ORDINARY_WEIGHT = 0.5
BANK_WEIGHT = 0.5  # of a one-liner without anybody's details
C = 20.0  # inverse strength of the prior of the regressions
SEEN = 3  # posts in which a feature has to stand
LEAST = 0.2  # log odds from which a feature tells anything


class Example(NamedTuple):
    """A post as the model sees it."""

    features: frozenset[str]
    kinds: frozenset[str]
    clear: bool
    weight: float
    origin: str


def examples(data: Path, ordinary: int) -> list[Example]:
    """The training posts and a draw of ordinary ones."""
    screener = Screener(second_reader=False)
    out = []
    banks = HERE.parent.glob("tests/posts/bank_*.jsonl")
    for path in sorted([*HERE.glob("posts/*.jsonl"), *HERE.glob("kinds/*.jsonl"), *banks]):
        for line in path.read_text(encoding="utf-8").splitlines():
            post = json.loads(line)
            told = post["kinds"] if "kinds" in post else [cue["kind"] for cue in post["cues"]]
            kinds = frozenset(told) & STRONG_KINDS
            clear = post.get("outcome", "review" if told else "clear") == "clear"
            weight = BANK_WEIGHT if path.stem.startswith("bank") else 1.0
            found = _features(screener, post["text"])
            out.append(Example(found, kinds, clear, weight, path.stem))
    rows = [
        json.loads(line)["text"]
        for name in ORDINARY
        for line in (data / "text" / f"{name}.jsonl").open(encoding="utf-8")
    ]
    for text in random.Random(SEED).sample(rows, min(ordinary, len(rows))):
        if screener.screen(text).outcome == "clear":
            found = _features(screener, text)
            out.append(Example(found, frozenset(), True, ORDINARY_WEIGHT, "ordinary"))
    return out


def _features(screener: Screener, text: str) -> frozenset[str]:
    return frozenset(second_reader.features(*screener.evidence(text)))


class Model:
    """Scales of the features and a regression for menace and for each kind."""

    def __init__(self, train: Sequence[Example]) -> None:
        seen: Counter[str] = Counter()
        hostile: Counter[str] = Counter()
        harmless: Counter[str] = Counter()
        for example in train:
            seen.update(example.features)
            if example.origin != "ordinary":
                (hostile if example.kinds else harmless).update(example.features)
        bad = hostile.total() + len(seen)
        good = harmless.total() + len(seen)
        self.scale: dict[str, float] = {}
        for feature, count in sorted(seen.items()):
            told = np.log(((hostile[feature] + 1) / bad) / ((harmless[feature] + 1) / good))
            if count >= SEEN and abs(told) + 0.1 >= LEAST:
                self.scale[feature] = float(abs(told)) + 0.1
        self.place = {feature: i for i, feature in enumerate(self.scale)}
        own = [example for example in train if example.origin != "ordinary"]
        weights = [example.weight for example in train]
        self.any = _fit(self.matrix(train), [bool(e.kinds) for e in train], weights)
        matrix = self.matrix(own)
        self.kinds = [_fit(matrix, [k in e.kinds for e in own], None) for k in KINDS]
        calm = [example for example in train if not example.kinds]
        weights = [example.weight for example in calm]
        self.exposing = _fit(self.matrix(calm), [not e.clear for e in calm], weights)

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
        """One line a feature: scale, then its weight times its scale for each regression."""
        fits = [self.any, self.exposing, *self.kinds]
        lines = ["\t0," + ",".join(_whole(fit.intercept_[0]) for fit in fits)]
        for feature, i in self.place.items():
            scale = self.scale[feature]
            row = [_whole(scale), *(_whole(fit.coef_[0][i] * scale) for fit in fits)]
            while row[-1] == "":
                row.pop()
            lines.append(feature + "\t" + ",".join(row))
        path.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")


def _whole(number: float) -> str:
    whole = round(100 * number)
    return str(whole) if whole else ""


def _fit(matrix: csr_matrix, labels: list[bool], weights: list[float] | None) -> LogisticRegression:
    model = LogisticRegression(C=C, max_iter=300, solver="liblinear", random_state=SEED)
    return model.fit(matrix, labels, sample_weight=weights)


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("data", type=Path)
    options.add_argument("--ordinary", type=int, default=16_000)
    options.add_argument("--without", default="", help="a file of posts to leave out, to measure")
    asked = options.parse_args()
    found = examples(asked.data, asked.ordinary)
    train = [example for example in found if example.origin != asked.without]
    print(f"{len(train)} posts, {sum(bool(e.kinds) for e in train)} hostile", file=sys.stderr)
    model = Model(train)
    if not asked.without:
        model.write(OUT)
        print(f"{len(model.place)} features", file=sys.stderr)
        return
    held = [example for example in found if example.origin == asked.without]
    chances = model.any.predict_proba(model.matrix(held))[:, 1]
    area = roc_auc_score([bool(e.kinds) for e in held], chances)
    print(f"{asked.without}: {len(held)} posts, area under the curve {area:.3f}")


if __name__ == "__main__":
    main()
