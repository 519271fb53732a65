"""Compare designs of the name models: quality on posts not trained on, cost, size.

    python training/name_designs.py DATA_FOLDER [--side latin] [--posts 26000] [--half]

Out: a table of ``NAMES.md``.  All designs weigh the same windows and are trained on the same
examples.  Each file of ``posts/`` has another writer.  The writers are parted into two halves; each
half is read with a model that was trained without it, and both together are "held out".  With
``--half`` one half is left out, and every figure is of that one model: a third of the time.
"""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from name_lists import BOOK, HERE, KNOWN, SCANNER
from name_posts import rows
from name_sets import tweets
from names import L2, LEAN, Table, examples, first_weights, fit, second_round

from injunction_screen.details import names
from injunction_screen.text import fold

TESTS = HERE.parent / "tests"
GOLD = [TESTS / "gold" / "dev_zh.jsonl", TESTS / "gold" / "dev_en.jsonl"]
SEEN = [
    TESTS / "posts" / "varied.jsonl",
    TESTS / "fresh" / "first.jsonl",
    TESTS / "fresh" / "second.jsonl",
]
CHINESE = re.compile("[\u3400-\u9fff]")

ROUNDS = [100, 150]  # fewer than the shipped model takes; the order of the designs is the same
Scorer = Callable[[Sequence[str]], float]


@dataclass
class Design:
    """How a model is made of a table: which features it sees, and what it makes of them."""

    name: str
    sees: Callable[[str], bool] = bool
    l2: float = L2["chinese"]
    crosses: bool = False
    side: str = "chinese"
    rule: Scorer | None = None  # a design that is not trained at all
    grown: Callable[[Table, list[list[int]], np.ndarray, np.ndarray, np.ndarray], Scorer] | None = (
        None
    )


def crossed(features: Sequence[str]) -> list[str]:
    """The features and the pairs of the shape of a window with the words beside it."""
    shape = [
        f
        for f in features
        if re.fullmatch(r"[A-Z]\w?m-?\d+|[A-Z]s\d+|[A-Z]g\d+|[A-Z]\w?[a-f]l.r.", f)
    ]
    beside = [f for f in features if f[:2] in ("lw", "rw") or f[1:2] in ("t", "T", "n")]
    return [*features, *(f"{a}&{b}" for a in shape for b in beside)]


_FITTED: dict[tuple, tuple] = {}  # designs on top of another share its weights


def trained(table: Table, design: Design, without: frozenset[str]) -> tuple[Scorer, int]:
    """A scorer trained on all rows but those of some files, and the number of its weights."""
    if design.rule is not None:
        return design.rule, 0
    key = (design.sees, design.l2, design.crosses, without)
    if key not in _FITTED:
        _FITTED[key] = _fitted(table, design, without)
    data, labels, weights, w, numbers = _FITTED[key]
    by_name = {name: float(w[i]) for name, i in numbers.items() if abs(w[i]) >= 0.05 or i == 0}
    bias = by_name.get("", 0.0) + LEAN[design.side]

    def linear(features: Sequence[str]) -> float:
        seen = crossed(list(dict.fromkeys(features))) if design.crosses else set(features)
        return bias + sum(by_name.get(f, 0.0) for f in seen)

    if design.grown is not None:
        return design.grown(table, data, w, labels, weights), len(by_name)
    return linear, len(by_name)


def _fitted(table: Table, design: Design, without: frozenset[str]) -> tuple:
    named = {i: name for name, i in table.numbers.items()}
    use = np.flatnonzero([o not in without for o in table.origins])
    numbers = dict(table.numbers)
    kept = {i for i, name in named.items() if i == 0 or design.sees(name)}
    data = [[i for i in table.rows[k] if i in kept] for k in use]
    if design.crosses:
        for row, k in zip(data, use, strict=True):
            plain = [named[i] for i in table.rows[k][1:]]
            row += [numbers.setdefault(f, len(numbers)) for f in crossed(plain)[len(plain) :]]
    size = len(numbers)
    counts = np.bincount(np.fromiter((i for r in data for i in r), dtype=np.int64), minlength=size)
    data = [[i for i in row if counts[i] >= 4 or i == 0] for row in data]
    labels = np.array(table.labels)[use]
    first = first_weights(table, use)
    w = fit(data, labels, first, size, rounds=ROUNDS[0], l1=1.5e-6, l2=design.l2)
    z = np.array([w[row].sum() for row in data])
    sure, labels, weights = second_round(table, use, z)
    data = [data[i] for i in sure]
    w = fit(data, labels, weights, size, rounds=ROUNDS[1], l1=1.5e-6, l2=design.l2)
    return data, labels, weights, w, numbers


# -- designs beyond a sum of weights --------------------------------------------------------------


def factors(table: Table, data, w, labels, weights, *, width: int = 8, rounds: int = 6) -> Scorer:
    """The linear model and a small network over sums of learned vectors of the features."""
    rng = np.random.default_rng(3)
    size = len(w)
    vectors = rng.normal(0, 0.05, (size, width))
    out = rng.normal(0, 0.3, width)
    base = np.array([w[row].sum() for row in data])
    order = np.arange(len(data))
    square = np.full((size, width), 1e-2)
    for turn in range(rounds):
        rng.shuffle(order)
        rate = 0.05 * (1 - turn / rounds) + 0.005
        for at in range(0, len(order), 256):
            batch = order[at : at + 256]
            index = np.concatenate([data[i] for i in batch])
            lengths = np.array([len(data[i]) for i in batch])
            starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
            hidden = np.tanh(np.add.reduceat(vectors[index], starts))
            z = base[batch] + hidden @ out
            p = 1 / (1 + np.exp(-np.clip(z, -30, 30)))
            error = (p - labels[batch]) * weights[batch]
            back = (error[:, None] * out) * (1 - hidden**2)
            out -= rate * (hidden * error[:, None]).mean(0)
            step = np.repeat(back, lengths, axis=0)
            square[index] += step**2
            np.add.at(vectors, index, -rate * step / np.sqrt(square[index]))
    number = table.numbers
    bias = LEAN["chinese"]
    weight, vector, top = w.tolist(), vectors.tolist(), out.tolist()

    def score(features: Sequence[str]) -> float:
        ids = [0, *(i for f in set(features) if (i := number.get(f)) is not None)]
        sums = [0.0] * width
        total = bias
        for i in ids:
            total += weight[i]
            for k, value in enumerate(vector[i]):
                sums[k] += value
        return total + sum(a * np.tanh(b) for a, b in zip(top, sums, strict=True))

    return score


_NUMBER = re.compile(r"[A-Z](\w?m|s|g|c|w)(-?\d+)$")


def _numeric(features: Iterable[str], z: float) -> list[float]:
    """What trees grow on: the linear score, the numbers behind the features, the shape."""
    values = {"m": 0.0, "s": 12.0, "g": 0.0, "c": 0.0, "w": 0.0}
    flags = [0.0] * 8
    kind = 0.0
    for f in features:
        if found := _NUMBER.match(f):
            values[found.group(1)[-1]] = float(found.group(2))
        for k, mark in enumerate(("t", "T", "n", "a")):
            if f[1:2] == mark and len(f) > 2:
                flags[k] = 1.0
        if len(f) == 2 and f[0].isupper() and f[1].isdigit():
            kind = float("FTXGABLMKP".find(f[0]) * 10 + int(f[1]))
        if len(f) == 3 and f[0].isupper() and f[1] in "lr":
            flags[4 + (f[1] == "r")] = float("z^_.9aqo".find(f[2]))
    return [z, kind, *values.values(), *flags]


def trees(table: Table, data, w, labels, weights, *, number: int = 60, depth: int = 4) -> Scorer:
    """Boosted trees over the linear score and the numbers behind the features."""
    named = {i: name for name, i in table.numbers.items()}
    z = np.array([w[row].sum() for row in data])
    x = np.array([_numeric((named[i] for i in row[1:]), s) for row, s in zip(data, z, strict=True)])
    cuts = [np.unique(np.quantile(x[:, k], np.linspace(0.02, 0.98, 32))) for k in range(x.shape[1])]
    binned = np.stack([np.searchsorted(c, x[:, k]) for k, c in enumerate(cuts)], 1)
    total = z.copy()
    forest = []
    for _ in range(number):
        p = 1 / (1 + np.exp(-np.clip(total, -30, 30)))
        g, h = (p - labels) * weights, np.maximum(p * (1 - p), 1e-6) * weights
        forest.append(_grow(binned, cuts, g, h, np.arange(len(g)), depth))
        total += np.array([0.0]) + _apply(forest[-1], x)
    bias = LEAN["chinese"]
    number_of, weight = table.numbers, w.tolist()

    def score(features: Sequence[str]) -> float:
        seen = set(features)
        base = weight[0] + sum(weight[i] for f in seen if (i := number_of.get(f)) is not None)
        row = _numeric(seen, base)
        total = base + bias
        for tree in forest:
            node = tree
            while isinstance(node, tuple):
                node = node[2] if row[node[0]] <= node[1] else node[3]
            total += node
        return total

    return score


def _grow(binned, cuts, g, h, rows_here, depth):
    leaf = -0.15 * g[rows_here].sum() / (h[rows_here].sum() + 5)
    if depth == 0 or len(rows_here) < 200:
        return float(leaf)
    best, found = 1e-3, None
    whole = g[rows_here].sum() ** 2 / (h[rows_here].sum() + 5)
    for k, cut in enumerate(cuts):
        size = len(cut) + 1
        b = binned[rows_here, k]
        gs = np.cumsum(np.bincount(b, g[rows_here], size))[:-1]
        hs = np.cumsum(np.bincount(b, h[rows_here], size))[:-1]
        gain = (
            gs**2 / (hs + 5)
            + (g[rows_here].sum() - gs) ** 2 / (h[rows_here].sum() - hs + 5)
            - whole
        )
        if len(gain) and gain.max() > best:
            best, found = gain.max(), (k, int(gain.argmax()))
    if found is None:
        return float(leaf)
    k, at = found
    left = binned[rows_here, k] <= at
    return (
        k,
        float(cuts[k][at]),
        _grow(binned, cuts, g, h, rows_here[left], depth - 1),
        _grow(binned, cuts, g, h, rows_here[~left], depth - 1),
    )


def _apply(tree, x):
    if not isinstance(tree, tuple):
        return np.full(len(x), tree)
    k, cut, low, high = tree
    out = np.empty(len(x))
    left = x[:, k] <= cut
    out[left], out[~left] = _apply(low, x[left]), _apply(high, x[~left])
    return out


# -- measures -------------------------------------------------------------------------------------


LETTERS = {"chinese": CHINESE, "latin": re.compile("[A-Za-z]")}


def found_in(reading, scorer: Scorer, side: str) -> set[tuple[int, int]]:
    own = names.weights(side)
    plain = names.weigh

    def weigh(features, weight):
        return scorer(features) if weight is own else plain(features, weight)

    names.weigh = weigh
    try:
        spans = {reading.folded.span(c.start, c.end) for c in names.find(reading, [])}
    finally:
        names.weigh = plain
    return {s for s in spans if of_side(reading.folded.source[s[0] : s[1]], side)}


def of_side(name: str, side: str) -> bool:
    """Whether a name is in the script of a side; a mixed one is Chinese."""
    return bool(LETTERS[side].search(name)) and (side == "chinese" or not CHINESE.search(name))


def counts(paths: Iterable[Path], scorer: Scorer, side: str) -> np.ndarray:
    out = np.zeros(3)
    for path in paths:
        for row in rows(path):
            text = row["text"]
            want = [(d["start"], d["end"]) for d in row["details"] if d["category"] == "name"]
            want = [s for s in want if of_side(text[s[0] : s[1]], side)]
            reading = SCANNER.read(fold(text, BOOK.folder))
            out += matched(found_in(reading, scorer, side), want)
    return out


def matched(got: Iterable[tuple[int, int]], want: Iterable[tuple[int, int]]) -> np.ndarray:
    """How many spans were found rightly, wrongly, and missed."""
    out, free = np.zeros(3), list(want)
    for a, b in got:
        near = [s for s in free if 2 * (min(b, s[1]) - max(a, s[0])) >= max(b, s[1]) - min(a, s[0])]
        if near:
            free.remove(near[0])
        out[0 if near else 1] += 1
    out[2] = len(free)
    return out


def false_names(labelled: Iterable[tuple], scorer: Scorer) -> float:
    """Names found in 1,000 ordinary English posts that their labels do not have."""
    wrong = posts = 0.0
    for text, spans, skip in labelled:
        got = found_in(SCANNER.read(fold(text, BOOK.folder)), scorer, "latin")
        got = {s for s in got if not any(s[0] < b and a < s[1] for a, b in skip)}
        wrong += matched(got, spans)[1]
        posts += 1
    return 1000 * wrong / posts


def shown(c: np.ndarray) -> str:
    p, r = c[0] / max(1, c[0] + c[1]), c[0] / max(1, c[0] + c[2])
    return f"{p:.3f} / {r:.3f} / {2 * p * r / max(1e-9, p + r):.3f}"


DESIGNS = {
    "chinese": [
        Design(
            "segmentation margin and kind alone",
            lambda f: bool(re.fullmatch(r"[A-Z]\w?(m-?\d+)?|", f)),
        ),
        Design(
            "linear, characters beside the window",
            lambda f: not re.match(r"[A-Z]?[lr]w", f),
            l2=1e-6,
        ),
        Design("the same, stronger prior", lambda f: not re.match(r"[A-Z]?[lr]w", f)),
        Design("linear, characters and words beside"),
        Design("the same, weak prior", l2=1e-6),
        Design("and crosses of shape and words", crosses=True),
        Design("and boosted trees on top", grown=trees),
        Design("and a small network on top", grown=factors),
    ],
}
_SHAPE = re.compile(r"k([a-z]+)([A-Z]+)$")
_NAMED = re.compile(r"[eb][szbw]{1,2}|[szb][yzs]{1,2}|[eb]|[eb][szb][yz]{1,2}|[szb]{1,2}d")


def by_lists(features: Sequence[str]) -> float:
    """What the lists alone tell: words of given names and surnames in capitals, no place.

    One word is a name when it is a given name and no ordinary word.
    """
    shape = next((m for f in features if (m := _SHAPE.fullmatch(f))), None)
    if shape is None or shape.group(2) not in ("C", "U", "UC") or not _NAMED.fullmatch(shape[1]):
        return -9.0
    word = any(f.startswith(("E+1", "Eplace", "Rplace=")) for f in features)
    return -9.0 if word else 2.0 + len(shape.group(1))


# Features of the words and signs beside a window, of titles and labels, of the scene of a post.
_CONTEXT = re.compile(
    r"[ER][LRpqTntac@].*|[ER]pp.*|[ER]qq.*|[ER]row\d+|[ER][CUlm]+[lr].*|L(?:scene|far).*|[ER]'s.*"
    r"|[ER](?:age|low).*|[ER](?:[a-z]{1,2}|n)(?:[pqcCTnt@lr'].*|age|line|whole|sent)|[ER]z\(|[ER]a.*"
)
DESIGNS["latin"] = [
    Design("lists alone, a rule without weights", side="latin", rule=by_lists),
    Design(
        "linear, the words of the window alone",
        lambda f: not _CONTEXT.fullmatch(f),
        l2=L2["latin"],
        side="latin",
    ),
    Design("linear, the words beside it too", l2=L2["latin"], side="latin"),
    Design("the same, stronger prior", l2=6e-5, side="latin"),
    Design("the same, weak prior", l2=1e-6, side="latin"),
]


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("data", type=Path)
    options.add_argument("--side", choices=list(DESIGNS), default="chinese")
    options.add_argument("--posts", type=int, default=26000)
    options.add_argument("--half", action="store_true")
    options.add_argument("--rounds", type=int, nargs=2, default=ROUNDS)
    chosen = options.parse_args()
    side = chosen.side
    ROUNDS[:] = chosen.rounds
    table = examples(chosen.data, chosen.posts, side)
    writers = sorted(
        p for p in (HERE / "posts").glob("*.jsonl")
        if any(of_side(r["text"][d["start"] : d["end"]], side) for r in rows(p) for d in r["details"] if d["category"] == "name")
    )  # fmt: skip
    ordinary = [r["text"][:1500] for r in rows(chosen.data / "text" / "lihkg_posts.jsonl")[4::20]]
    readings = [SCANNER.read(fold(t, BOOK.folder)) for t in ordinary]
    posts = tweets(chosen.data, "wnut17", test=True) if side == "latin" else []
    more = " false names per 1,000 English posts |" if posts else ""
    print(
        f"| design | held-out writers P / R / F1 | gold P / R / F1 | seen before P / R / F1 | names per 1,000 ordinary posts |{more} µs a window | ms a post | weights | KB |"
    )
    print("| --- |" + " --- |" * (9 if posts else 8))
    for design in DESIGNS[side]:
        held = np.zeros(3)
        for half in (writers[::2],) if chosen.half else (writers[::2], writers[1::2]):
            scorer, size = trained(table, design, frozenset(path.stem for path in half))
            held += counts(half, scorer, side)
        if not chosen.half:
            scorer, size = trained(table, design, frozenset())
        fired = sum(len(found_in(r, scorer, side)) for r in readings)
        wrong = f" {false_names(posts, scorer):.0f} |" if posts else ""
        windows = [w.features for r in readings[:150] for w in names.windows(r, KNOWN, side=side)]
        began = time.process_time()
        for features in windows:
            scorer(features)
        cost = (time.process_time() - began) / len(windows) * 1e6
        began = time.process_time()
        for reading in readings[:150]:
            for w in names.windows(reading, KNOWN, side=side):
                scorer(w.features)
        whole = (time.process_time() - began) / 150 * 1e3
        print(
            f"| {design.name} | {shown(held)} | {shown(counts(GOLD, scorer, side))} | {shown(counts(SEEN, scorer, side))} "
            f"| {1000 * fired / len(readings):.0f} |{wrong} {cost:.0f} | {whole:.2f} | {size} | {size * BYTES / 1000:.0f} |",
            flush=True,
        )


BYTES = 11.0  # of a weight in its file, with its name


if __name__ == "__main__":
    main()
