"""A statistical second reader: does a post read like menace, whatever its words?

In: the ``Evidence`` of the other stages.  Out: an ``Opinion``: how likely it is that the post
threatens, incites or asks for somebody's identity, the kinds, and the outcome that all this speaks
for.  Two small models, both made by ``training/second_reader.py`` from invented posts:

1. What a post reads like: sparse linear models over its words (runs of one to four Chinese
   characters, one to three Latin words), with every detail masked by its category, over the words
   of each clause with the persons that the clause speaks of, over how clauses begin and end, and
   over what the frames, purposes and owners say.
2. What follows: a linear model over a dozen ``signs`` and pairs of them: what the first says, which
   details of third persons there are, what the frames found and whether it is linked to them.  It
   is fitted to what the first says of posts by writers it has not seen, so its chances are honest.

``settle`` lets the opinion count:

* It is never the only reason for a flag.  Where no frame fires, the opinion becomes a cue; that
  cue is linked, and so may flag, only beside details of a third person and a word that the file
  ``patterns/cues/second_reader.toml`` lists; else it asks for a review at most.
* Where it speaks for more than ``clear``, a purpose in sight excuses no third person's details.
* Where a firm frame is linked to more than a name and a post held, it stands, unless menace is
  out of the question.
* Where frames fire and the opinion is ``review``, their cues stay but are not linked; where it is
  ``clear``, the post is taken for talk: strong cues are dropped and details are excused.
* Talk is full of names: where no more than those and posts held stand there, it has to be sure,
  and the first look must have seen something too.
* Without a third person's details nothing is dropped, and only a sure opinion becomes a cue.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from importlib import resources
from itertools import pairwise
from typing import Any, NamedTuple

from injunction_screen.purposes import SHORT
from injunction_screen.records import (
    CATEGORIES,
    CONTACT,
    CUE_KINDS,
    OFFICE,
    OUTCOMES,
    STRONG_KINDS,
    Cue,
    CueKind,
    Detail,
    Link,
    Outcome,
    Purpose,
    Subject,
)
from injunction_screen.scan import Hit, Reading

__all__ = [
    "KINDS",
    "Evidence",
    "Opinion",
    "Settled",
    "consider",
    "features",
    "settle",
    "signs",
    "strongest",
    "with_chances",
]

KINDS: tuple[CueKind, ...] = tuple(kind for kind in CUE_KINDS if kind in STRONG_KINDS)
BELIEF = 0.5  # chance from which the opinion can become a cue
ALONE = 0.7  # the same in a post without a third person's details
SURE = 0.6  # chance from which a post with no more than names and posts held may be flagged
LIKELY = 0.4  # the same where a firm frame fires
PLAIN = 0.06  # chance from which a firm frame that is linked to more than a name stands as it is
FIRM = 0.8  # the score of a cue from which its frame is firm
SECOND_KIND = 0.4  # chance of a kind from which it is named beside the likeliest
WIDEST = 3_000  # characters that are read; a longer post is judged by its beginning
NAME = "second_reader"
WORDS = "reader_words"
_PRIVATE = 0xE000  # masked details stand as one private-use character for each category
_SCALE = 100  # of the numbers in the weights files
_FLOOR = 1e-3  # keeps log odds finite
_RUN = re.compile(
    "[\u3400-\u9fff\ue000-\ue0ff]+|[a-z0-9']+|[!?~]+|[\U0001f300-\U0001faff\u2600-\u27bf]"
)

_CLAUSE = re.compile(
    r"[^\n!?;,.:\N{IDEOGRAPHIC COMMA}\N{IDEOGRAPHIC FULL STOP}\N{HORIZONTAL ELLIPSIS}]+"
)
_WORDS_RUN = re.compile("[\u3400-\u9fff\ue000-\ue0ff]+|[a-z0-9']+")
_LATIN_WORD = re.compile("[a-z']+")
_PERSONS = ("i", "you", "him")  # the slots of the first, second and third person


class Evidence(NamedTuple):
    """What the stages before the second reader found in a post.

    The reading with its details, the details, whose each is (``third``, ``author`` ...), the cues
    of the frames, the links, the purposes and the subjects.
    """

    reading: Reading
    details: tuple[Detail, ...]
    owners: tuple[str, ...]
    cues: tuple[Cue, ...]
    links: tuple[Link, ...]
    purposes: tuple[Purpose, ...]
    subjects: tuple[Subject, ...]


class Opinion(NamedTuple):
    """What the reader makes of a post.

    ``chance`` that it is menace, from 0 to 1; ``exposing`` that it exposes somebody if it is none;
    the kinds of menace and where they seem to be (canonical offsets); the outcome it speaks for.
    """

    chance: float
    exposing: float
    kinds: tuple[CueKind, ...]
    start: int
    end: int
    outcome: Outcome


class Settled(NamedTuple):
    """What follows from an opinion.

    The cues that stand, positions among them of those that may not be linked, links it adds, and
    whether details are excused (``None``: as the purposes in sight say).
    """

    cues: tuple[Cue, ...]
    unlinked: frozenset[int] = frozenset()
    further: tuple[Link, ...] = ()
    excused: bool | None = None


class _Weights:
    """The weights of the file, in whole hundredths, so that sums do not hang on their order.

    ``place`` tells a feature's row in ``scales`` and in ``table``, whose columns are its weights
    for any menace, exposing and each kind.
    """

    __slots__ = ("bias", "place", "scales", "table")

    def __init__(self, held: Mapping[str, Any]) -> None:
        names = held["features"].tobytes().decode("utf-8").split("\n")
        self.place = {name: row for row, name in enumerate(names)}
        self.scales, self.table = held["scales"].astype("int64"), held["weights"]
        self.bias: list[int] = held["bias"].tolist()

    def rows(self, features: Iterable[str]) -> list[int]:
        """Those of the features that have weights."""
        known = self.place.get
        return [row for feature in features if (row := known(feature)) is not None]

    def menace(self, grams: Iterable[str]) -> int:
        """The sum of the features' weights for any menace."""
        return int(self.table[self.rows(grams), 0].sum(dtype="int64"))


def consider(evidence: Evidence) -> Opinion | None:
    """The reader's opinion; ``None`` where nothing of a person or of menace is in sight."""
    reading = evidence.reading
    if not evidence.details and not evidence.cues and not reading.of(WORDS):
        return None
    weights = _weights()
    rows = weights.rows(features(evidence))
    length = math.sqrt(int((weights.scales[rows] ** 2).sum())) or 1.0
    sums = weights.table[rows].sum(axis=0, dtype="int64").tolist()
    totals = [
        bias / _SCALE + total / length for bias, total in zip(weights.bias, sums, strict=True)
    ]
    chance, exposing = _sigmoid(totals[0]), _sigmoid(totals[1])
    by_kind = [_sigmoid(total) for total in totals[2:]]
    likely = max(by_kind)
    kinds = tuple(
        kind
        for kind, share in zip(KINDS, by_kind, strict=True)
        if share >= min(likely, SECOND_KIND)
    )
    start, end = _place(reading, weights) if chance >= BELIEF else (0, 0)
    return Opinion(chance, exposing, kinds, start, end, _outcome(evidence, chance, exposing))


def settle(evidence: Evidence, opinion: Opinion | None, *, look: float = 0.0) -> Settled:
    """What the opinion leaves of the cues, and what it adds.

    ``look`` is the score of the ``first_look``: where it is below 0, names alone raise no flag.
    """
    cues = evidence.cues
    if opinion is None:
        return Settled(cues)
    framed = any(cue.strong for cue in cues)
    third = _third(evidence)
    if third and opinion.chance >= PLAIN and _is_plain(evidence):
        return Settled(cues, excused=False)
    if third and opinion.outcome == "clear":
        return Settled(tuple(cue for cue in cues if not cue.strong), excused=True)
    excused = False if third else None  # a purpose in sight excuses nobody's details here
    if not framed and opinion.chance < (BELIEF if third else ALONE):
        return Settled(cues, excused=excused)
    if not framed:
        cues = tuple(sorted([*cues, *_heard(evidence.reading, opinion)], key=_order))
    hostile = tuple(i for i, cue in enumerate(cues) if cue.strong)
    bare = {evidence.details[i].category for i in third} <= OFFICE
    firm = any(cue.strong and cue.score >= FIRM for cue in evidence.cues)
    if third and bare and (look < 0 or opinion.chance < (LIKELY if firm else SURE)):
        return Settled(cues, frozenset(hostile), excused=excused)
    if opinion.outcome == "flag" and framed:
        return Settled(cues, excused=excused)
    if opinion.outcome == "flag" and third and evidence.reading.of(WORDS):
        link = Link(third, hostile, (), NAME, round(opinion.chance, 3))
        return Settled(cues, further=(link,), excused=excused)
    return Settled(cues, frozenset(hostile), excused=excused)


def _is_plain(evidence: Evidence) -> bool:
    """Whether a firm frame is linked to more of a person than a name and a post held."""
    return any(
        any(evidence.cues[i].strong and evidence.cues[i].score >= FIRM for i in one.cues)
        and not {evidence.details[i].category for i in one.details} <= OFFICE
        for one in evidence.links
    )


def _third(evidence: Evidence) -> tuple[int, ...]:
    """The positions of the details of third persons."""
    return tuple(i for i, owner in enumerate(evidence.owners) if owner == "third")


def signs(evidence: Evidence) -> dict[str, float]:
    """What the second model weighs beside what the first says, each from 0 to 1.

    Details count where they are a third person's.
    """
    third = [evidence.details[i].category for i in _third(evidence)]
    strong = sum(cue.strong for cue in evidence.cues)
    contact = sum(category in CONTACT for category in third)
    return {
        "details": float(bool(third)),
        "names_only": float(bool(third) and set(third) <= {"name"}),
        "contact": min(2, contact) / 2,
        "name": float("name" in third),
        "strong": min(2, strong) / 2,
        "weak": float(len(evidence.cues) > strong),
        "linked": float(any(evidence.cues[i].strong for one in evidence.links for i in one.cues)),
        "purpose": float(bool(evidence.purposes)),
        "long": float(len(evidence.reading.folded.source) > SHORT),
    }


def with_chances(found: Mapping[str, float], chance: float, exposing: float) -> dict[str, float]:
    """All signs by name: those found, the two chances as log odds, and the pairs of them."""
    single = {"menace": _log_odds(chance) / 3, "exposing": _log_odds(exposing) / 3, **found}
    names = sorted(single)
    pairs = {
        f"{one} & {other}": single[one] * single[other]
        for i, one in enumerate(names)
        for other in names[i + 1 :]
    }
    return single | pairs


def _outcome(evidence: Evidence, chance: float, exposing: float) -> Outcome:
    weighed = with_chances(signs(evidence), chance, exposing)
    rows = _decision()
    totals = [
        bias + math.fsum(rows[name][i] * value for name, value in weighed.items())
        for i, bias in enumerate(rows[""])
    ]
    return OUTCOMES[totals.index(max(totals))]


def _log_odds(chance: float) -> float:
    return math.log((chance + _FLOOR) / (1 - chance + _FLOOR))


@cache
def _decision() -> Mapping[str, tuple[float, ...]]:
    """The weights of the second model by sign, one for each outcome; "" is the bias."""
    text = (resources.files("injunction_screen") / "second_reader_outcome.txt").read_text(
        encoding="utf-8"
    )
    rows = {}
    for line in text.splitlines():
        if not line.startswith("# "):
            sign, *numbers = line.split("\t")
            rows[sign] = tuple(int(number) / _SCALE for number in numbers)
    return rows


def _heard(reading: Reading, opinion: Opinion) -> Iterator[Cue]:
    """The opinion as cues, one for each kind, on the words that speak most for it."""
    start, end = reading.folded.span(opinion.start, opinion.end)
    source = reading.folded.source[start:end]
    for kind in opinion.kinds:
        yield Cue(kind, start, end, source, round(opinion.chance, 3), NAME, True, "")


def _order(cue: Cue) -> tuple[int, int, str]:
    return cue.start, cue.end, cue.kind


# -- what the reader sees -----------------------------------------------------------------------


def features(evidence: Evidence) -> set[str]:
    """The names of what is in a post."""
    reading = evidence.reading
    size = min(len(reading.folded.lower), WIDEST)
    text = _masked(reading, _held(reading), 0, size)
    out = set(_grams(text))
    out.update(_of_clauses(text, _persons(*(reading.book.slots[name].words for name in _PERSONS))))
    for detail, owner in zip(evidence.details, evidence.owners, strict=True):
        out.update((f"d:{detail.category}", f"o:{owner}", f"do:{detail.category}:{owner}"))
    out.update(f"k:{cue.kind}" for cue in evidence.cues)
    out.update(f"p:{purpose.name}" for purpose in evidence.purposes)
    out.update(f"s:{subject.role}" for subject in evidence.subjects)
    out.add(f"len:{min(9, len(reading.folded.source) // 40)}")
    book = reading.book
    out.update(f"slot:{slot}" for slot in book.slots_of(reading.present & book.said))
    return out


def strongest(text: str, number: int = 5) -> list[str]:
    """The words of a folded text that speak most for menace, the strongest first."""
    weights = _weights()
    weighed = {gram: weights.menace([gram]) for gram in set(_grams(text))}
    best = sorted(weighed, key=lambda gram: (-weighed[gram], gram))[:number]
    return [gram.removeprefix("w:") for gram in best if weighed[gram] > 0]


_Held = Sequence[tuple[Hit, str]]


def _held(reading: Reading) -> _Held:
    """The details, in order, each with its category."""
    return sorted((hit, name) for name in CATEGORIES for hit in reading.hits.get(name, ()))


def _masked(reading: Reading, held: _Held, start: int, end: int) -> str:
    """The text between, each detail one private-use character."""
    text = reading.folded.lower
    pieces, at = [], start
    for i in range(bisect_left(held, ((start,),)), bisect_left(held, ((end,),))):
        hit, category = held[i]
        if hit.start < at or hit.end > end:
            continue
        pieces += [text[at : hit.start], chr(_PRIVATE + CATEGORIES.index(category))]
        at = hit.end
    return "".join([*pieces, text[at:end]])


def _grams(text: str) -> Iterator[str]:
    words: list[str] = []
    for run in _RUN.findall(text):
        if run[0] < "\u3400":
            words.append("#" if run.isdigit() else run)
            continue
        if run[0] >= "\U0001f300":
            words.append(run)
            continue
        for size in (1, 2, 3, 4):
            for i in range(len(run) - size + 1):
                yield run[i : i + size]
        words.append("\N{HORIZONTAL ELLIPSIS}")
    for word in words:
        yield f"w:{word}"
    for pair in pairwise(words):
        yield "w:" + " ".join(pair)
    for one, two, three in zip(words, words[1:], words[2:], strict=False):
        yield f"w:{one} {two} {three}"
        yield f"w:{one} _ {three}"


def _of_clauses(text: str, persons: Sequence[frozenset[str]]) -> Iterator[str]:
    """Each word of a clause with the persons in the clause, and the words at its ends.

    Who does a thing to whom turns a report into a threat; words of the first and the last clause,
    where posts say what they are about and what they want, count once more.
    """
    clauses = [words for clause in _CLAUSE.findall(text) if (words := _words(clause))]
    for words in clauses:
        parts = {part for word in words for part in (word if word[0] >= "\u3400" else (word,))}
        marks = [str(number) for number, person in enumerate(persons, 1) if parts & person]
        in_sight = f"q{''.join(marks)}:"
        for word in words:
            yield in_sight + word
        yield f"b:{words[0]}"
        yield f"e:{words[-1]}"
        if len(words) > 1:
            yield f"b:{words[0]} {words[1]}"
    if clauses:
        for word in clauses[0]:
            yield f"a:{word}"
        for word in clauses[-1]:
            yield f"z:{word}"


def _words(clause: str) -> list[str]:
    """Latin words, numbers as ``#``, and pairs of neighbouring Chinese characters."""
    out: list[str] = []
    for run in _WORDS_RUN.findall(clause):
        if run[0] < "\u3400":
            out.append("#" if run.isdigit() else run)
        elif len(run) == 1:
            out.append(run)
        else:
            out.extend(run[i : i + 2] for i in range(len(run) - 1))
    return out


@lru_cache(maxsize=8)
def _persons(*slots: tuple[str, ...]) -> tuple[frozenset[str], ...]:
    """The single Latin words and single Chinese characters of each slot."""
    return tuple(
        frozenset(word for word in words if len(word) == 1 or _LATIN_WORD.fullmatch(word))
        for words in slots
    )


def _place(reading: Reading, weights: _Weights) -> tuple[int, int]:
    """The sentence whose words speak most for menace, without the blanks around it."""
    text = reading.folded.lower
    size = min(len(text), WIDEST)
    held = _held(reading)
    best, place = -math.inf, (0, size)
    for start, end in pairwise([*reading.folded.sentence_starts, len(text)]):
        if start >= size:
            break
        if reading.words_between(start, end) < 1:
            continue
        total = weights.menace(set(_grams(_masked(reading, held, start, min(end, size)))))
        if total > best:
            best, place = total, (start, min(end, size))
    start, end = place
    while end > start + 1 and text[end - 1].isspace():
        end -= 1
    while start < end - 1 and text[start].isspace():
        start += 1
    return start, end


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, x))))


@cache
def _weights() -> _Weights:
    import numpy as np

    file = resources.files("injunction_screen") / "second_reader.npz"
    with file.open("rb") as opened, np.load(opened, allow_pickle=False) as held:
        return _Weights(held)
