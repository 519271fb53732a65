"""Read posts with the posts above them: details in one, the call to arms in a reply.

In: posts in order, each with its own facts and outcome.  Out: for each post the facts to decide
on.  The post that completes a combination takes the outcome; earlier posts and bystanders keep
what they have alone.

A post is joined to what stands above it when it has hostile words and no details of its own to
link them to, or details that an earlier post called for; what stands above is its chain of
parents where ids are given, else the posts before it in the list, nearest first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from injunction_screen.orders import Facts
from injunction_screen.records import Link, Post

__all__ = ["Joined", "above", "join"]

REACH = 30  # posts further up than this are another talk
CALLS = frozenset({"call_to_identify", "bounty", "incite_harassment", "incite_violence", "threat"})


@dataclass(frozen=True, slots=True)
class Joined:
    """A post's facts together with those of the post above that it completes."""

    facts: Facts
    with_post: int


def above(posts: Sequence[Post], number: int) -> Iterator[int]:
    """The positions of the posts that stand above one, nearest first."""
    known = {post.id: i for i, post in enumerate(posts[:number]) if post.id is not None}
    parent = posts[number].parent
    if parent is None:
        yield from range(number - 1, max(-1, number - 1 - REACH), -1)
        return
    seen: set[int] = set()
    while parent is not None and (at := known.get(parent)) is not None and at not in seen:
        seen.add(at)
        yield at
        parent = posts[at].parent


def join(number: int, facts: Sequence[Facts], higher: Iterator[int]) -> Joined | None:
    """Join a post to the nearest post above that it completes, ``None`` when there is none."""
    mine = facts[number]
    strong = tuple(i for i, cue in enumerate(mine.cues) if cue.strong)
    third = tuple(i for i, owner in enumerate(mine.owners) if owner == "third")
    for at in higher:
        theirs = facts[at]
        if strong and not third:
            held = tuple(i for i, owner in enumerate(theirs.owners) if owner == "third")
            if held and not theirs.excused and not _names_another(mine, theirs):
                return Joined(_with_their_details(mine, theirs, held, strong), at)
        if third and not strong and not mine.excused:
            called = tuple(i for i, cue in enumerate(theirs.cues) if cue.kind in CALLS)
            if called and not any(owner == "third" for owner in theirs.owners):
                return Joined(_with_their_cues(mine, theirs, called, third), at)
    return None


def _names_another(mine: Facts, theirs: Facts) -> bool:
    """Whether a post names somebody whom the post above does not."""
    named = {d.value.casefold() for d in mine.details if d.category == "name"}
    known = {d.value.casefold() for d in theirs.details if d.category == "name"}
    return bool(named) and bool(known) and named.isdisjoint(known)


def _with_their_details(
    mine: Facts, theirs: Facts, held: tuple[int, ...], strong: tuple[int, ...]
) -> Facts:
    first = len(mine.details)
    link = Link(tuple(first + i for i in held), strong, (), "thread", 0.8)
    return replace(
        mine,
        details=(*mine.details, *theirs.details),
        owners=(*mine.owners, *theirs.owners),
        subjects=(*mine.subjects, *theirs.subjects),
        links=(*mine.links, link),
    )


def _with_their_cues(
    mine: Facts, theirs: Facts, called: tuple[int, ...], third: tuple[int, ...]
) -> Facts:
    first = len(mine.cues)
    link = Link(third, tuple(first + i for i in called), (), "thread", 0.8)
    return replace(
        mine,
        cues=(*mine.cues, *theirs.cues),
        subjects=(*mine.subjects, *theirs.subjects),
        links=(*mine.links, link),
    )


def own_elements(elements: Sequence[str], sizes: Mapping[str, int], other: str) -> tuple[str, ...]:
    """Elements with those beyond a post's own records named as the other post's.

    >>> own_elements(["detail:0", "detail:2"], {"detail": 1}, "p1")
    ('detail:0', 'p1/detail:1')
    """
    out = []
    for element in elements:
        kind, _, number = element.partition(":")
        beyond = int(number) - sizes.get(kind, int(number) + 1)
        out.append(element if beyond < 0 else f"{other}/{kind}:{beyond}")
    return tuple(out)
