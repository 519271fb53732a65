"""Read posts with the posts above them: details in one, the call to arms in a reply.

The post that completes a combination takes the outcome; earlier posts and bystanders keep what
they have alone.  A post is read once more behind each post above it, nearest first: together
they are one text, in which the call of the one finds the details of the other by the same rules
that hold inside a post.  Where nothing is completed, a post that would be reviewed for its words
alone is clear if the second reader takes the whole talk for harmless: a cat, a leak, a film.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from injunction_screen.orders import Facts
from injunction_screen.records import Limb, Post

__all__ = ["BETWEEN", "CALM", "above", "completes", "own_limbs", "told"]

BETWEEN = "\n\n"  # stands between the two posts when they are read as one
REACH = 30  # posts further up than this are another talk
CALM = 0.2  # chance of menace up to which talk shows a hostile post to be harmless
CALLS = frozenset({"call_to_identify", "bounty", "incite_harassment", "incite_violence", "threat"})


def above(posts: Sequence[Post], number: int) -> Iterator[int]:
    """The positions of the posts that stand above one, nearest first.

    Its chain of parents where it names one, else the posts before it in the list.

    >>> list(above([Post("a"), Post("b"), Post("c")], 2))
    [1, 0]
    """
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


def told(posts: Sequence[Post], number: int) -> str:
    """What a post of a thread is called: its id, else its place.

    >>> told([Post("a", id="first"), Post("b")], 1)
    '#1'
    """
    return posts[number].id or f"#{number}"


def completes(together: Facts, split: int) -> bool:
    """Whether the part from ``split`` on adds what the part before it lacked.

    Hostile words to the details above, or details to a call above.
    """
    owned = [
        detail.start
        for detail, owner in zip(together.details, together.owners, strict=True)
        if owner == "third"
    ]
    said = [cue.start for cue in together.cues if cue.strong]
    called = [cue.start for cue in together.cues if cue.kind in CALLS]
    hostile_here = any(start >= split for start in said)
    exposed_here = any(start >= split for start in owned)
    return (hostile_here and any(start < split for start in owned)) or (
        exposed_here and any(start < split for start in called)
    )


def own_limbs(limbs: Sequence[Limb], together: Facts, split: int, other: str) -> tuple[Limb, ...]:
    """The limbs with each element numbered in the post that it stands in.

    ``other`` names the post above; its elements are written ``other/detail:0``, the post's own
    as usual.  Links run between the two posts and keep their number.
    """
    starts = {
        "detail": [detail.start for detail in together.details],
        "cue": [cue.start for cue in together.cues],
        "subject": [subject.start for subject in together.subjects],
    }
    first = {kind: sum(start < split for start in found) for kind, found in starts.items()}

    def renamed(element: str) -> str:
        kind, _, number = element.partition(":")
        if kind not in first:
            return element
        at = int(number) - first[kind]
        return f"{kind}:{at}" if at >= 0 else f"{other}/{element}"

    return tuple(
        Limb(
            limb.order,
            limb.limb,
            limb.clause,
            limb.outcome,
            tuple(renamed(element) for element in limb.elements),
            limb.reason,
            limb.reason_zh,
        )
        for limb in limbs
    )
