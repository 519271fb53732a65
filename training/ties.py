"""Train what ties an age or a title to somebody: ``injunction_screen/details/learned_ties.txt``.

    python training/ties.py DATA_FOLDER [--ordinary 10000] [--dry]

Needs scikit-learn beside the library's own dependencies.  Candidates are the numbers and titles of
``learned_ages.chances`` and ``learned_titles.chances`` in the marked posts of ``posts/*.jsonl`` and
in a draw of ordinary ones.  In a marked post the candidate that fits a marked detail best is right,
others are wrong; in an ordinary one all are wrong that no rule speaks for.  Titles there that one
speaks for count as right, as nearly all are that ``benchmarks/false_details.tsv`` judges, lest the
model unlearn the titles of the news; ages that one speaks for are left out.  A logistic regression is fitted over what is seen ``SEEN`` times
at least, features of little weight are dropped, and what is left is fitted again.

Printed first: what it is worth on files of posts that it has not seen (``FOLDS`` deals of the
files), beside the rules alone, by how far the line is raised; and how many spans it adds to the
ordinary posts.  The same data gives the same weights; some three minutes.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
from outcome_posts import FORUMS, ORDINARY, folds, rows, texts
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from injunction_screen import details
from injunction_screen.details import birthdays, job_titles, learned_ages, learned_titles
from injunction_screen.details.formats import Candidate
from injunction_screen.details.learned_ties import Chance
from injunction_screen.details.ties import Sight, Span
from injunction_screen.patternbook import default_book
from injunction_screen.scan import Reading, Scanner
from injunction_screen.text import fold

HERE = Path(__file__).resolve().parent
OUT = Path(details.__file__).with_name("learned_ties.txt")
HEAD = "# Weights of what stands around ages and titles, in hundredths: training/ties.py.\n"
SEED = 5
FOLDS = 6
SEEN = 3  # candidates around which a feature has to stand
C = 0.5  # inverse strength of the prior
PRUNED = 0.1  # weight below which a feature is dropped after the first fit
LINES = {"birthday": 0.3, "job_title": 1.2}  # log odds from which a candidate is somebody's
RAISED = (-0.5, 0.0, 0.5, 1.0, 1.5)
HIT = 0.5  # overlap of a candidate and a marked detail from which it is right
# What the rules find whatever the weights say, by category.
FIRM = {"birthday": lambda c: True, "job_title": lambda c: c.pattern.split(".")[1] not in TITLES}
TITLES = ("office", "judge", "service", "post")
BACKED = {"birthday": 0.0, "job_title": learned_titles.BACKED}


class Post(NamedTuple):
    """The candidates of a post, which of them are right, what rules find, and what is marked."""

    origin: str
    chances: tuple[Chance, ...]
    right: tuple[bool, ...]
    ruled: tuple[tuple[Span, bool], ...]  # and whether it stands whatever the weights say
    marked: tuple[Span, ...]

    @property
    def ordinary(self) -> bool:
        """Whether it is no marked post."""
        return self.origin == ORDINARY


def read(scanner: Scanner, text: str) -> dict[str, tuple[Reading, list[Chance], list[Candidate]]]:
    """Of each category: the reading, the candidates, and what rules find."""
    reading = scanner.read(fold(text, scanner.book.folder))
    found: list[Candidate] = []
    out = {}
    for finder in details.FINDERS.values():
        if finder is birthdays:
            sight = Sight(birthdays.of_real_people(reading, found))
            fresh = list(birthdays.by_rule(reading, sight))
            out["birthday"] = (reading, list(learned_ages.chances(reading, sight)), fresh)
        elif finder is job_titles:
            sight = Sight(found)
            titles = job_titles.read_titles(reading, sight)
            extent = partial(job_titles.extent, reading, sight)
            chances = list(learned_titles.chances(reading, titles, extent, sight))
            fresh = list(job_titles.by_form(reading, sight))
            fresh += job_titles.by_rule(reading, titles, sight)
            out["job_title"] = (reading, chances, fresh)
        else:
            fresh = list(finder.find(reading, found))
        found.extend(c for c in fresh if c.score >= details.KEEP)
    return out


def posts(data: Path, ordinary: int) -> dict[str, list[Post]]:
    """The marked posts and a draw of ordinary ones, by category."""
    scanner = Scanner(default_book())
    out: dict[str, list[Post]] = {category: [] for category in LINES}
    for path in sorted((HERE / "posts").glob("*.jsonl")):
        for row in rows(path):
            _add(out, scanner, row["text"], row["details"], path.stem)
    found = [text for name in FORUMS[:3] for text in texts(data, name)]
    for text in random.Random(SEED).sample(found, min(ordinary, len(found))):
        _add(out, scanner, text, [], ORDINARY)
    return out


def _add(
    out: dict[str, list[Post]], scanner: Scanner, text: str, marks: list[dict], origin: str
) -> None:
    for category, (reading, chances, ruled) in read(scanner, text).items():
        at = reading.folded.canonical
        marked = tuple((at(d["start"]), at(d["end"])) for d in marks if d["category"] == category)
        best = {
            max(range(len(chances)), key=lambda i: _overlap(chances[i][:2], m))
            for m in marked
            if chances
        }
        right = tuple(
            i in best and any(_overlap(chance[:2], m) >= HIT for m in marked)
            for i, chance in enumerate(chances)
        )
        spans = tuple(
            ((c.start, c.end), FIRM[category](c)) for c in details.without_overlaps(ruled)
        )
        if chances or spans or marked:
            out[category].append(Post(origin, tuple(chances), right, spans, marked))


def _overlap(one: Sequence[int], other: Sequence[int]) -> float:
    both = min(one[1], other[1]) - max(one[0], other[0])
    return both / (max(one[1], other[1]) - min(one[0], other[0]))


class Model:
    """A regression over the features of candidates."""

    def __init__(self, category: str, train: Sequence[Post]) -> None:
        rows: list[frozenset[str]] = []
        right: list[bool] = []
        for post in train:
            for chance, is_right in zip(post.chances, post.right, strict=True):
                backed = post.ordinary and chance[:2] in dict(post.ruled)
                over = post.ordinary and any(_overlap(chance[:2], s) > 0 for s, _ in post.ruled)
                if over and not (backed and BACKED[category]):
                    continue
                rows.append(chance.features)
                right.append(is_right or backed)
        seen = Counter(feature for row in rows for feature in row)
        self._fit(rows, right, [feature for feature in sorted(seen) if seen[feature] >= SEEN])
        weights = np.abs(self.fit.coef_[0])
        kept = [feature for feature, i in self.place.items() if weights[i] >= PRUNED]
        self._fit(rows, right, kept)

    def _fit(self, rows: Sequence[frozenset[str]], right: list[bool], kept: list[str]) -> None:
        self.place = {feature: i for i, feature in enumerate(kept)}
        model = LogisticRegression(C=C, max_iter=400, solver="liblinear", random_state=SEED)
        self.fit = model.fit(self._matrix(rows), right)

    def _matrix(self, rows: Sequence[frozenset[str]]) -> csr_matrix:
        ends, places = [0], []
        for row in rows:
            places += sorted(self.place[feature] for feature in row if feature in self.place)
            ends.append(len(places))
        return csr_matrix((np.ones(len(places)), places, ends), shape=(len(rows), len(self.place)))

    def weigh(self, post: Post) -> list[float]:
        """The log odds of each candidate of a post."""
        if not post.chances:
            return []
        rows = [chance.features for chance in post.chances]
        return list(self.fit.decision_function(self._matrix(rows)))

    def lines(self, category: str) -> Iterator[str]:
        """The lines of the file, the bias without a name."""
        bias = float(self.fit.intercept_[0]) - LINES[category]
        yield f"{category}\t\t{round(100 * bias)}"
        for feature, i in self.place.items():
            weight = round(100 * float(self.fit.coef_[0][i]))
            if weight:
                written = feature.replace("\n", "\\n").replace("\t", "\\t")
                yield f"{category}\t{written}\t{weight}"


def decide(category: str, post: Post, weights: Sequence[float], line: float) -> list[Span]:
    """The spans that are somebody's, as ``details`` decides."""
    by_rule = dict(post.ruled)
    if not post.chances:
        return list(by_rule)
    taken = [span for span, firm in post.ruled if firm]
    backed = [
        (weight + BACKED[category] * (chance[:2] in by_rule), chance[:2])
        for weight, chance in zip(weights, post.chances, strict=True)
        if chance[:2] in by_rule or not any(_overlap(chance[:2], span) > 0 for span in by_rule)
    ]
    for weight, span in sorted(backed, key=lambda one: (-one[0], one[1])):
        if weight > line and not any(_overlap(span, other) > 0 for other in taken):
            taken.append(span)
    return taken


def figures(found: Sequence[tuple[list[Span], Post]]) -> str:
    """Precision, recall and F1 of spans on posts."""
    hits = sum(any(_overlap(s, m) >= HIT for s in spans) for spans, p in found for m in p.marked)
    said = sum(len(spans) for spans, _ in found)
    meant = sum(len(post.marked) for _, post in found)
    return f"P {hits / said:.2f} R {hits / meant:.2f} F1 {2 * hits / (said + meant):.3f}"


def table(category: str, found: Sequence[Post]) -> Iterator[str]:
    """What the model is worth on files that it has not seen."""
    of = folds([post.origin for post in found], FOLDS, SEED)
    weighed: list[tuple[Post, list[float]]] = []
    for k in range(FOLDS):
        model = Model(category, [post for post, own in zip(found, of, strict=True) if own != k])
        weighed += [(p, model.weigh(p)) for p, own in zip(found, of, strict=True) if own == k]
    marked = [(post, weights) for post, weights in weighed if not post.ordinary]
    by_rule = figures([([span for span, _ in post.ruled], post) for post, _ in marked])
    yield f"{category:10} rules       {by_rule}"
    for line in RAISED:
        spans = [(decide(category, post, weights, line), post) for post, weights in marked]
        added = sum(
            span not in dict(post.ruled)
            for post, weights in weighed
            if post.ordinary
            for span in decide(category, post, weights, line)
        )
        dropped = sum(
            span not in decide(category, post, weights, line)
            for post, weights in weighed
            if post.ordinary
            for span, _ in post.ruled
        )
        yield f"{category:10} line {line:4.1f}   {figures(spans)}   added to ordinary posts {added}, dropped {dropped}"


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("data", type=Path)
    options.add_argument("--ordinary", type=int, default=10_000)
    options.add_argument("--dry", action="store_true", help="print the table and write nothing")
    asked = options.parse_args()
    written = []
    for category, found in posts(asked.data, asked.ordinary).items():
        for line in table(category, found):
            print(line)
        written += list(Model(category, found).lines(category))
        print(f"{category}: {len(found)} posts", file=sys.stderr)
    if not asked.dry:
        OUT.write_text(HEAD + "\n".join(written) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
