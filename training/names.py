"""Train the weights of the name finder: ``injunction_screen/details/name_weights_*.txt``.

    python training/names.py DATA_FOLDER [--only chinese|latin] [--posts 26000] [--work FOLDER]

Needs numpy, which the library itself does not.  The model of Chinese windows and that of Latin
windows are two, trained apart into files of their own.  Training posts are of four sorts: invented
carrier sentences (``name_templates*.txt``) with names of the gazetteers put in, alone or between
ordinary sentences; whole invented posts (``posts/*.jsonl``) whose names give way to others;
ordinary sentences in which a pronoun gives way to a name; and the labelled sets
that DATA.md allows for shipped weights.  Ordinary posts stand as they are for what is no name;
windows of theirs that a first model takes for names are left out, for nobody has labelled them.
Every seed is fixed: the same data gives the same weights.  With ``--work`` the windows and every
fiftieth step are kept in that folder, and a run that was broken off goes on from there.
"""

from __future__ import annotations

import argparse
import hashlib
import pickle
import random
import re
import sys
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
from name_lists import BOOK, CLOSE, HERE, KNOWN, OPEN, SCANNER
from name_posts import TEXTS, Posts, carriers, chatter, ordinary_rows, rows
from name_sets import hkcancor, tweets

from injunction_screen.details import names
from injunction_screen.details.name_lexicon import Lexicon
from injunction_screen.text import fold

OUT = HERE.parent / "injunction_screen" / "details"
SIDES = ("chinese", "latin")


# -- examples ---------------------------------------------------------------------------------


JUDGED = frozenset(
    fold(word.replace("_", " "), BOOK.folder).text
    for word in (HERE / "compiled" / "name_judged.txt").read_text(encoding="utf-8").split()
)
_MARGIN = re.compile(r"[FT]\dm(-?\d+)$")


_TITLED = frozenset(f"t{w}" for w in (*KNOWN.after, *KNOWN.after_latin) if len(w) > 1)


def text_of(text: str, window) -> str:
    return text[window.start : window.end]


def likely(window) -> bool:
    """Whether a window has the make of a full name, whatever stands around it."""
    if window.kind in "XM":
        return True
    if window.kind == "A" and window.features[0] in ("A2", "Aa") and "Af\u963f" in window.features:
        return True
    if window.kind in "FT":
        margins = [int(m.group(1)) for f in window.features if (m := _MARGIN.match(f))]
        if window.kind == "T" and any(f in _TITLED for f in window.features):
            return margins[0] >= 0
        return margins[0] >= (3 if window.kind == "F" else 2)
    if window.kind == "R" and not any(f.startswith("Rplace") for f in window.features):
        return bool(re.fullmatch(r"k(?:[eb][eb]?[szbw]{1,2}|[szb][szyb]{2})", window.features[0]))
    return False


FORGOTTEN = 0.35  # of the posts are read with a lexicon that lacks some names


def forgetful(rng: random.Random, number: int = 6, share: float = 0.3) -> list[Lexicon]:
    """Lexicons without some of the given names and foreign family names.

    So that the model sees how names look that no list has, in words of unknown kind.
    """
    rare = [w for w, types in KNOWN.latin.items() if not set(types) & set("sy+")]
    out = []
    for _ in range(number):
        gone = {w for w in rare if rng.random() < share}
        out.append(replace(KNOWN, latin={w: t for w, t in KNOWN.latin.items() if w not in gone}))
    return out


class Table:
    """Windows as rows of feature numbers, with label, weight and whether their post is labelled."""

    def __init__(self, side: str) -> None:
        self.side = side
        self.numbers: dict[str, int] = {"": 0}
        self.rows: list[list[int]] = []
        self.labels: list[int] = []
        self.weights: list[float] = []
        self.open: list[bool] = []
        self.likely: list[bool] = []  # in an unlabelled post, and of the make of a full name
        self.places: list[tuple[int, int, int]] = []  # post, start and end
        self.plain: list[bool] = []  # in an unlabelled post of a sort that names hardly anybody
        self.posts = 0
        self.words: list[str] = []
        self.origins: list[str] = []  # the file of posts that a window is from, "" for others
        self.lexicons = forgetful(random.Random(5)) if side == "latin" else []
        self.rng = random.Random(6)

    def add(
        self,
        text: str,
        spans,
        skip,
        weight: float,
        *,
        unlabelled: bool = False,
        plain: bool = False,
        origin: str = "",
    ) -> None:
        folded = fold(text, BOOK.folder)
        self.posts += 1
        gold = {(folded.canonical(a), folded.canonical(b)) for a, b in spans}
        known = KNOWN
        if self.lexicons and self.rng.random() < FORGOTTEN:
            known = self.rng.choice(self.lexicons)
        for w in names.windows(SCANNER.read(folded), known, side=self.side):
            a, b = folded.span(w.start, w.end)
            if any(a < y and x < b for x, y in skip):
                continue
            hit = (w.start, w.end) in gold
            near = any(w.start < y and x < w.end for x, y in gold)
            # Nobody has labelled these, and most that look so much like a name are one.
            judged = text_of(folded.text, w) in JUDGED
            self.likely.append(unlabelled and not near and not judged and likely(w))
            self.places.append((self.posts, w.start, w.end))
            self.plain.append(plain)
            row = [0]
            for feature in dict.fromkeys(w.features):
                row.append(self.numbers.setdefault(feature, len(self.numbers)))
            self.rows.append(row)
            self.labels.append(int(hit))
            self.weights.append(weight * BESIDE if near and not hit else weight)
            around = folded.text[max(0, w.start - 6) : w.end + 6]
            self.words.append(f"{w.kind}\t{text_of(folded.text, w)}\t{around!r}")
            self.origins.append(origin)
            self.open.append(unlabelled and not hit and not near)


def unmark(text: str) -> tuple[str, list[tuple[int, int]]]:
    out, spans, at, start = [], [], 0, 0
    for char in text:
        if char == OPEN:
            start = at
        elif char == CLOSE:
            spans.append((start, at))
        else:
            out.append(char)
            at += 1
    return "".join(out), spans


CARRIER = 2.0
# The weight of a window that overlaps a name and is none: the likelier one of both is taken anyway.
BESIDE = 0.6
L2 = {"chinese": 6e-5, "latin": 1e-5}


def examples(data: Path, number: int, side: str, without: str = "") -> Table:
    table = Table(side)
    posts = Posts(data, seed=7, chinese=0.55 if side == "chinese" else 0.4)
    for _ in range(number):
        table.add(*unmark(posts.post()), [], 1.0, unlabelled=True)
    for _ in range(number // 3):
        post = posts.pronoun_post()
        if post:
            table.add(*unmark(post), [], 0.7, unlabelled=True)
    for _ in range(number // 2 if side == "chinese" else number // 8):
        post = posts.real_post()
        if post:
            table.add(*unmark(post), [], 0.7, unlabelled=True)
    for post, written, origin in carriers(posts, 12, without):
        # As written it stands alone for a name that a draw may not know; the others are its copies.
        table.add(*unmark(post), [], CARRIER if written else 0.33 * CARRIER, origin=origin)
    print("made", len(table.rows), sum(table.labels), file=sys.stderr)
    for text in chatter(data, posts, 700 if side == "chinese" else 1800):
        table.add(text, [], [], 1.0)
    for text, spans, skip in hkcancor(data):
        table.add(text, spans, skip, 1.0)
    for name in ("btc", "wnut17"):
        for text, spans, skip in tweets(data, name):
            table.add(text, spans, skip, 0.4)
    print("labelled", len(table.rows), sum(table.labels), file=sys.stderr)
    _ordinary(table, data)
    print("all", len(table.rows), sum(table.labels), len(table.numbers), file=sys.stderr)
    return table


def _ordinary(table: Table, data: Path) -> None:
    """Posts that nobody has labelled, for what is no name."""
    for name in TEXTS:
        for row in ordinary_rows(data, name):
            if name != "hkcancor":
                plain = name == "openrice_senti"
                table.add(row["text"][:1500], [], [], 1.0, unlabelled=True, plain=plain)
    for row in rows(data / "hostile" / "en_edos.jsonl")[12000:18000]:
        table.add(row["text"], [], [], 0.7, unlabelled=True)


# -- training ---------------------------------------------------------------------------------


def fit(
    rows, labels, weights, size: int, *, rounds: int, l1: float, l2: float, kept: Path | None = None
) -> np.ndarray:
    """Logistic regression by full-batch Adam with a proximal step for L1."""
    lengths = np.array([len(r) for r in rows])
    index = np.fromiter((i for r in rows for i in r), dtype=np.int64, count=int(lengths.sum()))
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    y, s = np.asarray(labels, float), np.asarray(weights, float)
    total = s.sum()
    w, m, v = np.zeros(size), np.zeros(size), np.zeros(size)
    first = 1
    if kept is not None and kept.exists():
        with np.load(kept) as state:
            w, m, v, first = state["w"], state["m"], state["v"], int(state["step"]) + 1
    for step in range(first, rounds + 1):
        z = np.add.reduceat(w[index], starts)
        p = 1 / (1 + np.exp(-np.clip(z, -30, 30)))
        g = (
            np.bincount(index, weights=np.repeat((p - y) * s, lengths), minlength=size) / total
            + l2 * w
        )
        m = 0.9 * m + 0.1 * g
        v = 0.99 * v + 0.01 * g * g
        rate = 0.15 * (1 - step / rounds) + 0.002
        scale = rate / (np.sqrt(v / (1 - 0.99**step)) + 1e-7)
        w -= scale * m / (1 - 0.9**step)
        shrink = np.minimum(scale, 50.0) * l1
        shrink[0] = 0
        w = np.sign(w) * np.maximum(np.abs(w) - shrink, 0)
        if step % 50 == 0:
            loss = -(s * (y * np.log(p + 1e-9) + (1 - y) * np.log(1 - p + 1e-9))).sum() / total
            print(step, round(loss, 5), int((np.abs(w) > 0.02).sum()), file=sys.stderr)
            if kept is not None:
                _save(kept, w=w, m=m, v=v, step=np.array(step))
    return w


def _save(path: Path, **arrays: np.ndarray) -> None:
    part = path.with_name("part.npz")
    np.savez(part, **arrays)
    part.replace(path)  # a broken run leaves the old state or the new one


# An unlabelled window that a first model finds likelier than this is left out, by its kind.
DOUBTFUL = {
    "F": -2.5,
    "T": -2.0,
    "X": -4.0,
    "R": -2.5,
    "M": -2.0,
    "K": -1.0,
    "E": -1.5,
    "G": 0.0,
    "A": -1.5,
    "B": -1.5,
    "L": 1.0,
}


# What a window of an unlabelled post counts that a first model is sure of, and how sure it must be.
FOUND = 0.7
SURE = {"chinese": 1.8, "latin": 1.2}


def found_by_first(
    table: Table, use: np.ndarray, z: np.ndarray, doubtful: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Windows of unlabelled posts that a first model is sure of, and those that overlap one."""
    taken: dict[int, list[tuple[int, int]]] = {}
    found, beside = np.zeros(len(z), bool), np.zeros(len(z), bool)
    order = np.flatnonzero(doubtful)
    for i in order[np.argsort(-z[order], kind="stable")]:
        post, start, end = table.places[use[i]]
        spans = taken.setdefault(post, [])
        if any(a < end and start < b for a, b in spans):
            beside[i] = True
        elif z[i] >= SURE[table.side]:
            found[i] = True
            spans.append((start, end))
    return found, beside


DOUBTFUL_PLAIN = 2.5  # the same in reviews of restaurants, where two finds in three are none


def train(table: Table, work: Path | None = None) -> dict[str, float]:
    counts = Counter(i for row in table.rows for i in row)
    kept = {i for i, n in counts.items() if n >= 4} | {0}
    rows = [[i for i in row if i in kept] for row in table.rows]
    size = len(table.numbers)
    everything = np.arange(len(rows))
    state = [work / f"{table.side}-round{i}.npz" if work else None for i in (1, 2)]
    w = fit(
        rows, table.labels, first_weights(table, everything), size,
        rounds=150, l1=1.5e-6, l2=L2[table.side], kept=state[0],
    )  # fmt: skip
    z = np.array([w[row].sum() for row in rows])
    sure, labels, weights = second_round(table, everything, z)
    if work:
        left = np.setdiff1d(everything, sure)
        lines = [f"{z[i]:.1f}\t{table.words[i]}" for i in left]
        (work / f"{table.side}-doubtful.tsv").write_text("\n".join(lines), encoding="utf-8")
    w = fit(
        [rows[i] for i in sure], labels, weights, size,
        rounds=300, l1=1.5e-6, l2=L2[table.side], kept=state[1],
    )  # fmt: skip
    feature = {i: name for name, i in table.numbers.items()}
    return {feature[i]: float(w[i]) for i in range(size) if abs(w[i]) >= 0.05 or i == 0}


def first_weights(table: Table, use: np.ndarray) -> np.ndarray:
    """What the windows ``use`` count in the first round: unlabelled ones less."""
    weights = np.array(table.weights)[use]
    unlabelled = np.array(table.open)[use]
    return np.where(np.array(table.likely)[use], 0.0, np.where(unlabelled, 0.3, 1.0) * weights)


def second_round(
    table: Table, use: np.ndarray, z: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What a second round learns from, after a first gave the windows ``use`` the log odds ``z``.

    Out: their numbers in ``use``, their labels and what they count.  Of the windows of unlabelled
    posts, those that the first round is sure of are names; of the others the likely ones are left
    out, unless a reader judged the word to be no name.
    """
    labels, weights = np.array(table.labels)[use], np.array(table.weights)[use]
    unlabelled = np.array(table.open)[use]
    kinds, words = zip(*(table.words[i].split("\t")[:2] for i in use), strict=True)
    limits = np.array([DOUBTFUL.get(kind, 0.0) for kind in kinds])
    judged = np.array([word in JUDGED for word in words])
    doubtful = unlabelled & ((z > limits) | np.array(table.likely)[use]) & ~judged
    doubtful &= ~np.array(table.plain)[use] | (z > DOUBTFUL_PLAIN)
    weights = np.where(unlabelled & judged, 2 * weights, weights)
    found, beside = found_by_first(table, use, z, doubtful)
    print("taken for names:", int(found.sum()), file=sys.stderr)
    labels = np.where(found, 1, labels)
    weights = np.where(found, FOUND * weights, weights)
    weights = np.where(beside, FOUND * BESIDE * weights, weights)
    left = doubtful & ~found & ~beside
    print("left out of the second round:", int(left.sum()), file=sys.stderr)
    sure = np.flatnonzero(~left)
    return sure, labels[sure], weights[sure]


# What is added to the bias: names are commoner in posts that matter than in those of training.
LEAN = {"chinese": 0.5, "latin": 0.0}


def write(side: str, weights: dict[str, float], folder: Path = OUT) -> None:
    weights = weights | {"": weights[""] + LEAN[side]}
    head = f"# Weights of the {side} name model, in hundredths, by feature: training/names.py."
    lines = [head]
    for feature, value in sorted(weights.items()):
        name = feature.replace("\n", "\\n")
        lines.append(f"{name}\t{round(value * 100)}")
    path = folder / f"name_weights_{side}.txt"
    part = path.with_suffix(".part")
    part.write_text("\n".join(lines) + "\n", encoding="utf-8")
    part.replace(path)


def _table(data: Path, number: int, side: str, work: Path | None, without: str) -> Table:
    """The windows, from ``work`` when a broken run left them there."""
    if work is None:
        return examples(data, number, side, without)
    parts = [*sorted(HERE.glob("name*")), *sorted((HERE / "posts").glob("*")),
             *sorted(OUT.glob("name*.py"))]  # fmt: skip
    stamp = hashlib.sha256(f"{BOOK.ruleset} {number} {without}".encode())
    for part in parts:
        stamp.update(part.read_bytes())
    path = work / f"{side}-{stamp.hexdigest()[:12]}.pickle"
    if path.exists():
        return pickle.loads(path.read_bytes())
    for old in work.glob(f"{side}-*"):
        old.unlink()
    table = examples(data, number, side, without)
    table.lexicons = []  # they cannot be written, and no window is added any more
    path.write_bytes(pickle.dumps(table))
    return table


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("data", type=Path)
    options.add_argument("--only", choices=SIDES)
    options.add_argument("--posts", type=int, default=26000)
    options.add_argument("--work", type=Path)
    options.add_argument(
        "--without", default="", help="files of posts/ to leave out, to measure: c9,c10"
    )
    options.add_argument("--out", type=Path, default=OUT)
    chosen = options.parse_args()
    if chosen.work:
        chosen.work.mkdir(parents=True, exist_ok=True)
    for side in (chosen.only,) if chosen.only else SIDES:
        began = time.time()
        table = _table(chosen.data, chosen.posts, side, chosen.work, chosen.without)
        write(side, train(table, chosen.work), chosen.out)
        print(side, "trained in", round(time.time() - began), "s", file=sys.stderr)


if __name__ == "__main__":
    main()
