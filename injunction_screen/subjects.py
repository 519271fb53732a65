"""Say who the post is about: protected people, their relatives, other persons, the writer.

In: a ``Reading`` that knows the details.  Out: ``Subject`` records.

Roles come from records in ``patterns/context/`` (``role = "police_officer"`` ...), whose words
are ranks, units, titles and slang.  A relative is a kin word; its relation is the role it hangs
on: the nearest protected role before it (``佢老婆`` after an officer), or ``person``.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from injunction_screen.forms import awake, matches
from injunction_screen.records import Subject
from injunction_screen.scan import Reading

__all__ = ["PROTECTED", "find_subjects"]

PROTECTED = ("police_officer", "special_constable", "judge")
KIN = "kin"


def find_subjects(reading: Reading) -> tuple[Subject, ...]:
    """The subjects of a post, in order of their start."""
    found: list[tuple[int, int, str]] = []
    for pattern, forms in awake(reading, "role"):
        found.extend((m.start, m.end, pattern.name) for m in matches(reading, pattern, forms))
    found = _longest(found)
    out: list[tuple[int, int, str, str | None]] = [(a, b, role, None) for a, b, role in found]
    out.extend(_relatives(reading, found))
    out.extend((name.start, name.end, "person", None) for name in reading.of("name"))
    subjects = []
    for start, end, role, relation in sorted(out, key=lambda s: (s[0], s[1], s[2])):
        a, b = reading.folded.span(start, end)
        subjects.append(Subject(role, a, b, relation))
    return tuple(subjects)


def _relatives(
    reading: Reading, roles: list[tuple[int, int, str]]
) -> Iterator[tuple[int, int, str, str]]:
    """Kin words outside role words, each with whose kin it is.

    That is the last protected role before it, else the first one after it, else a person's.
    """
    starts = [start for start, _, _ in roles]
    protected = [(start, role) for start, _, role in roles if role in PROTECTED]
    places = [start for start, _ in protected]
    for kin in reading.of(KIN):
        at = bisect_right(starts, kin.start) - 1
        if at >= 0 and kin.end <= roles[at][1]:
            continue
        before = bisect_left(places, kin.start) - 1
        relation = protected[max(before, 0)][1] if protected else "person"
        yield kin.start, kin.end, "relative", relation


def _longest(found: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    kept: list[tuple[int, int, str]] = []
    for start, end, role in sorted(found, key=lambda f: (f[0], -f[1])):
        if kept and end <= kept[-1][1]:
            continue
        kept.append((start, end, role))
    return kept
