"""Score screenings against labelled posts, as the labelling guide defines it.

In: a gold file (JSON lines: ``text``, ``details``, ``cues``, ``outcome``) and a ``Screener``.
Out: an ``Evaluation``: counts, precision, recall and F1 with bootstrap intervals, and the errors.

* A predicted detail matches a gold one of its category when the intersection over the union of
  the two spans is at least 0.5; each gold span matches once.
* Cue kinds: the set of kinds in a post against the gold set.
* Outcome: macro F1 over the three, precision and recall of ``flag``, the confusion table.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from injunction_screen.errors import InputError
from injunction_screen.records import CATEGORIES, CUE_KINDS, OUTCOMES, Post, Screening
from injunction_screen.screener import Screener

__all__ = ["Bin", "Evaluation", "Scored", "Tally", "evaluate", "read_gold"]

BINS = (0.0, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 1.01)  # of scores, in the reliability table


@dataclass(frozen=True, slots=True)
class Tally:
    """Right, wrongly found and missed, and what follows from them."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.right + other.right, self.wrong + other.wrong, self.missed + other.missed)

    @property
    def precision(self) -> float:
        """Right among found; 1.0 when nothing was found."""
        found = self.right + self.wrong
        return self.right / found if found else 1.0

    @property
    def recall(self) -> float:
        """Found among what is there; 1.0 when nothing is."""
        there = self.right + self.missed
        return self.right / there if there else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall; 1.0 when all three counts are 0."""
        total = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / total if total else 1.0


@dataclass(frozen=True, slots=True)
class Scored:
    """One gold post with what was found in it."""

    gold: dict[str, Any] = field(repr=False)
    screening: Screening = field(repr=False)
    details: dict[str, Tally]
    kinds: dict[str, Tally]
    missed_details: tuple[tuple[str, int, int], ...]
    wrong_details: tuple[tuple[str, int, int, str], ...]
    judged: tuple[tuple[str, str, float, bool], ...]  # category, pattern, score, whether right


@dataclass(frozen=True, slots=True)
class Bin:
    """Details whose scores lie close together: how sure the finders were, how often right."""

    low: float
    high: float
    count: int
    score: float
    right: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The figures over a gold file."""

    posts: tuple[Scored, ...] = field(repr=False)

    def details(self, category: str | None = None) -> Tally:
        """The tally of one category, or of all together (micro)."""
        wanted = [category] if category else list(CATEGORIES)
        return _sum(post.details.get(name, Tally()) for post in self.posts for name in wanted)

    def kinds(self, kind: str | None = None) -> Tally:
        """The tally of one cue kind, or of all together (micro)."""
        wanted = [kind] if kind else list(CUE_KINDS)
        return _sum(post.kinds.get(name, Tally()) for post in self.posts for name in wanted)

    def outcome(self, outcome: str) -> Tally:
        """The tally of one outcome."""
        return _outcome_tally(self.posts, outcome)

    def reliability(self, category: str | None = None) -> tuple[Bin, ...]:
        """The details found, by score: what share of each bin was right.  Empty bins are left out.

        A score means something when ``right`` stays close to ``score`` in every bin.
        """
        judged = [
            (score, right)
            for post in self.posts
            for name, _, score, right in post.judged
            if category in (None, name)
        ]
        bins = []
        for low, high in pairwise(BINS):
            inside = [(s, r) for s, r in judged if low <= s < high]
            if inside:
                count = len(inside)
                mean = sum(s for s, _ in inside) / count
                bins.append(Bin(low, high, count, mean, sum(r for _, r in inside) / count))
        return tuple(bins)

    def calibration_error(self) -> float:
        """The mean gap between score and share right, over the details found (ECE)."""
        bins = self.reliability()
        total = sum(b.count for b in bins)
        return sum(b.count * abs(b.score - b.right) for b in bins) / total if total else 0.0

    def macro_f1(self) -> float:
        """The mean of the three outcomes' F1."""
        return _macro_f1(self.posts)

    def confusion(self) -> dict[tuple[str, str], int]:
        """How many posts of (gold outcome, predicted outcome)."""
        return Counter((str(p.gold["outcome"]), p.screening.outcome) for p in self.posts)

    def interval(
        self, figure: Callable[[Evaluation], float], *, rounds: int = 400, seed: int = 1
    ) -> tuple[float, float]:
        """The 95 % bootstrap interval of a figure, resampling posts."""
        chance = random.Random(seed)
        size = len(self.posts)
        values = sorted(
            figure(Evaluation(tuple(chance.choices(self.posts, k=size)))) for _ in range(rounds)
        )
        return values[int(rounds * 0.025)], values[int(rounds * 0.975) - 1]

    def figures(self) -> dict[str, float]:
        """The figures that floors are set on, by name."""
        out = {
            "outcome_macro_f1": self.macro_f1(),
            "flag_precision": self.outcome("flag").precision,
            "flag_recall": self.outcome("flag").recall,
            "details_micro_f1": self.details().f1,
            "cue_kinds_micro_f1": self.kinds().f1,
        }
        for category in CATEGORIES:
            tally = self.details(category)
            if tally.right + tally.missed >= 10:
                out[f"details_{category}_f1"] = tally.f1
        return {name: round(value, 4) for name, value in out.items()}


def read_gold(path: str | Path) -> list[dict[str, Any]]:
    """The rows of a gold file.

    Raises:
        InputError: a row is not JSON or lacks a field; the message names file and line.
    """
    rows = []
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise InputError(f"{path}: line {number} is not JSON: {error.msg}") from None
        missing = {"text", "details", "cues", "outcome"} - set(row)
        if missing:
            raise InputError(f"{path}: line {number} has no '{min(missing)}'")
        rows.append(row)
    return rows


def evaluate(rows: Sequence[dict[str, Any]], screener: Screener) -> Evaluation:
    """Screen every row and score it."""
    return Evaluation(tuple(_score(row, screener) for row in rows))


def _score(row: dict[str, Any], screener: Screener) -> Scored:
    screening = screener.screen(Post(row["text"], id=row.get("id")))
    details: dict[str, Tally] = {}
    missed: list[tuple[str, int, int]] = []
    wrong: list[tuple[str, int, int, str]] = []
    judged: list[tuple[str, str, float, bool]] = []
    for category in CATEGORIES:
        gold = [(d["start"], d["end"]) for d in row["details"] if d["category"] == category]
        found = [d for d in screening.details if d.category == category]
        left = list(gold)
        for d in found:
            best = max(left, key=lambda g: _overlap((d.start, d.end), g), default=None)
            right = best is not None and _overlap((d.start, d.end), best) >= 0.5
            if best is not None and right:
                left.remove(best)
            else:
                wrong.append((category, d.start, d.end, d.pattern))
            judged.append((category, d.pattern, d.score, right))
        bad = sum(1 for w in wrong if w[0] == category)
        missed.extend((category, a, b) for a, b in left)
        if gold or found:
            details[category] = Tally(len(gold) - len(left), bad, len(left))
    wanted = {cue["kind"] for cue in row["cues"]}
    said = {cue.kind for cue in screening.cues}
    kinds = {
        kind: Tally(
            int(kind in wanted and kind in said), int(kind not in wanted), int(kind not in said)
        )
        for kind in wanted | said
    }
    return Scored(row, screening, details, kinds, tuple(missed), tuple(wrong), tuple(judged))


def _overlap(a: tuple[int, int], b: tuple[int, int]) -> float:
    shared = min(a[1], b[1]) - max(a[0], b[0])
    if shared <= 0:
        return 0.0
    return shared / (max(a[1], b[1]) - min(a[0], b[0]))


def _sum(tallies: Iterator[Tally]) -> Tally:
    total = Tally()
    for tally in tallies:
        total += tally
    return total


def _outcome_tally(posts: Sequence[Scored], outcome: str) -> Tally:
    right = sum(p.gold["outcome"] == outcome == p.screening.outcome for p in posts)
    said = sum(p.screening.outcome == outcome for p in posts)
    there = sum(p.gold["outcome"] == outcome for p in posts)
    return Tally(right, said - right, there - right)


def _macro_f1(posts: Sequence[Scored]) -> float:
    return sum(_outcome_tally(posts, outcome).f1 for outcome in OUTCOMES) / len(OUTCOMES)


# -- readable tables ---------------------------------------------------------------------------


def table(result: Evaluation, *, intervals: bool = True) -> str:
    """The figures as text."""
    rows = [f"{len(result.posts)} posts"]

    def line(
        name: str, value: float, figure: Callable[[Evaluation], float] | None, more: str
    ) -> None:
        bounds = ""
        if figure and intervals:
            low, high = result.interval(figure)
            bounds = f"  [{low:.3f}, {high:.3f}]"
        rows.append(f"{name:<28} {value:.3f}{bounds}{more}")

    line("outcome macro F1", result.macro_f1(), Evaluation.macro_f1, "")
    flag = result.outcome("flag")
    line("flag precision", flag.precision, lambda e: e.outcome("flag").precision, "")
    line("flag recall", flag.recall, lambda e: e.outcome("flag").recall, "")
    line("details micro F1", result.details().f1, lambda e: e.details().f1, "")
    line("cue kinds micro F1", result.kinds().f1, lambda e: e.kinds().f1, "")
    rows.append("")
    rows.append(f"{'':<18}{'P':>7}{'R':>7}{'F1':>7}{'right':>7}{'wrong':>7}{'missed':>7}")
    for title, names, tally in (
        ("detail", CATEGORIES, result.details),
        ("cue", CUE_KINDS, result.kinds),
        ("outcome", OUTCOMES, result.outcome),
    ):
        for name in names:
            t = tally(name)
            rows.append(
                f"{name:<18}{t.precision:>7.3f}{t.recall:>7.3f}{t.f1:>7.3f}"
                f"{t.right:>7}{t.wrong:>7}{t.missed:>7}"
            )
        rows.append("") if title != "outcome" else None
    rows.append("")
    rows.append(f"{'details by score':<18}{'found':>7}{'score':>7}{'right':>7}")
    for b in result.reliability():
        rows.append(
            f"{b.low:.2f} to {min(b.high, 1.0):.2f}".ljust(18)
            + f"{b.count:>7}{b.score:>7.3f}{b.right:>7.3f}"
        )
    rows.append(f"{'mean gap':<18}{'':>14}{result.calibration_error():>7.3f}")
    rows.append("")
    confusion = result.confusion()
    rows.append(f"{'gold / found':<18}" + "".join(f"{o:>8}" for o in OUTCOMES))
    for gold in OUTCOMES:
        rows.append(f"{gold:<18}" + "".join(f"{confusion.get((gold, o), 0):>8}" for o in OUTCOMES))
    return "\n".join(rows)


def errors(result: Evaluation) -> Iterator[str]:
    """What went wrong, post by post.  Shows the text of the posts: for gold files only."""
    for post in result.posts:
        lines = []
        text = str(post.gold["text"])
        if post.gold["outcome"] != post.screening.outcome:
            lines.append(f"  outcome {post.gold['outcome']} found {post.screening.outcome}")
        for category, start, end in post.missed_details:
            lines.append(f"  missed {category}: {text[start:end]!r}")
        for category, start, end, pattern in post.wrong_details:
            lines.append(f"  wrong {category}: {text[start:end]!r} ({pattern})")
        wanted = {cue["kind"]: text[cue["start"] : cue["end"]] for cue in post.gold["cues"]}
        said = {cue.kind: cue for cue in post.screening.cues}
        for kind in sorted(set(wanted) - set(said)):
            lines.append(f"  missed cue {kind}: {wanted[kind]!r}")
        for kind in sorted(set(said) - set(wanted)):
            lines.append(f"  wrong cue {kind}: {said[kind].text!r} ({said[kind].pattern})")
        if lines:
            body = text.replace("\n", " | ")
            yield "\n".join([f"{post.gold.get('id', '?')}: {body}", *lines])
