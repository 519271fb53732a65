"""Say which details and which cues concern one and the same person.

In: a ``Reading``, the details, cues, subjects and purposes.  Out: ``Linked``: the links, and for
each detail whose it is (``third``, ``author``, ``contact``, ``thanked``).

The rules, in the order they are tried:

1. *Ownership.*  Details that the writer gives of themself (``我 ...``, ``my number``), and contact
   details of a shop, office, helpline or organiser, belong to nobody that a cue could mean;
   nor do those of somebody who is thanked in a sentence without hostile words.
2. *Blocks.*  A text is cut where it plainly turns to somebody else (``另外``, ``anyway``,
   ``至於``, a dividing line); cards and paragraphs about one person are not cut.
3. *Bare names* reach only as far as the talk about them: a cue more than a few sentences away
   from every name is about somebody else.  A card, a post or a number reaches through its block.
4. *Within a block* every third-party detail and every cue concern one person, unless the words
   say otherwise.  The reason given is the closest tie there is: same sentence, second person,
   pronoun, or the only person in sight.

Sorted walks only: linear in the number of details and cues.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from injunction_screen.records import Cue, Detail, Link, Purpose, Subject
from injunction_screen.scan import Reading

__all__ = ["Linked", "link"]


FAR = 3  # sentences between a bare name and words aimed at it


@dataclass(frozen=True, slots=True)
class Linked:
    """The links of a post, and whose each detail is, by its position."""

    links: tuple[Link, ...]
    owners: tuple[str, ...]


def link(
    reading: Reading,
    details: Sequence[Detail],
    cues: Sequence[Cue],
    subjects: Sequence[Subject],
    purposes: Sequence[Purpose],
) -> Linked:
    """Link a post's details and cues."""
    cuts = _cuts(reading)
    hostile_sentences = {
        reading.sentence(reading.folded.canonical(cue.start)) for cue in cues if cue.strong
    }
    owners = tuple(_owner(reading, detail, purposes, hostile_sentences) for detail in details)
    blocks: dict[int, tuple[list[int], list[int], list[int]]] = {}

    def block(at: int) -> tuple[list[int], list[int], list[int]]:
        number = bisect_right(cuts, reading.folded.canonical(at))
        return blocks.setdefault(number, ([], [], []))

    for i, detail in enumerate(details):
        if owners[i] == "third":
            block(detail.start)[0].append(i)
    for i, cue in enumerate(cues):
        block(cue.start)[1].append(i)
    for i, subject in enumerate(subjects):
        block(subject.start)[2].append(i)
    links = []
    for number in sorted(blocks):
        mine, hostile, about = blocks[number]
        if {details[i].category for i in mine} == {"name"}:
            near = _near_names(reading, [details[i] for i in mine])
            hostile = [i for i in hostile if near(cues[i])]
        if mine and hostile:
            reason, score = _tie(reading, [details[i] for i in mine], [cues[i] for i in hostile])
            links.append(Link(tuple(mine), tuple(hostile), tuple(about), reason, score))
    return Linked(tuple(links), owners)


def _near_names(reading: Reading, names: Sequence[Detail]) -> Callable[[Cue], bool]:
    """Whether a cue stands within ``FAR`` sentences of one of these names."""
    held = sorted(reading.sentence(reading.folded.canonical(name.start)) for name in names)

    def near(cue: Cue) -> bool:
        at = reading.sentence(reading.folded.canonical(cue.start))
        first = bisect_left(held, at - FAR)
        return first < len(held) and held[first] <= at + FAR

    return near


def _cuts(reading: Reading) -> list[int]:
    """Canonical offsets at which the post turns to somebody else."""
    return [hit.start for hit in reading.of("turn")]


def _owner(reading: Reading, detail: Detail, purposes: Sequence[Purpose], hostile: set[int]) -> str:
    at = reading.folded.canonical(detail.start)
    start, end = reading.sentence_span(at)
    if reading.sentence(at) not in hostile and reading.within(("thank_label",), start, end):
        return "thanked"
    if reading.within(("own_label",), max(start, at - 14), at):
        return "author"
    contact = detail.category in ("phone", "email", "address", "social_account")
    if contact and reading.within(("contact_label",), max(start, at - 16), at):
        return "contact"
    if any(purpose.name in ("own_details", "advert") for purpose in purposes):
        return "author" if detail.category != "name" else "third"
    return "third"


def _tie(reading: Reading, details: Sequence[Detail], cues: Sequence[Cue]) -> tuple[str, float]:
    def sentence(at: int) -> int:
        return reading.sentence(reading.folded.canonical(at))

    held = {sentence(detail.start) for detail in details}
    said = {sentence(cue.start) for cue in cues}
    if held & said:
        return "same_sentence", 0.95
    if held & ({at + 1 for at in said} | {at - 1 for at in said}):
        return "next_sentence", 0.9
    if reading.of("you"):
        return "second_person", 0.85
    if reading.of("him"):
        return "pronoun", 0.85
    return "only_person", 0.75
