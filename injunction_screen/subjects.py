"""Say who the post is about: protected people, their relatives, other persons, the writer.

In: a ``Reading`` that knows the details.  Out: ``Subject`` records.

Roles come from records in ``patterns/context/`` (``role = "police_officer"`` ...), whose words
are ranks, units, titles and slang.  A relative is a kin word; its relation is the role it hangs
on: the nearest protected role before it (``佢老婆`` after an officer), or ``person``.
"""

from __future__ import annotations

from injunction_screen.forms import matches
from injunction_screen.records import Subject
from injunction_screen.scan import Reading

__all__ = ["PROTECTED", "find_subjects"]

PROTECTED = ("police_officer", "special_constable", "judge")
KIN = "kin"


def find_subjects(reading: Reading) -> tuple[Subject, ...]:
    """The subjects of a post, in order of their start."""
    found: list[tuple[int, int, str]] = []
    for pattern in reading.book.of("role"):
        found.extend((m.start, m.end, pattern.name) for m in matches(reading, pattern))
    found = _longest(found)
    protected = [(start, role) for start, _, role in found if role in PROTECTED]
    roles = {(start, end) for start, end, _ in found}
    out = [(start, end, role, None) for start, end, role in found]
    for kin in reading.of(KIN):
        if any(a <= kin.start and kin.end <= b for a, b in roles):
            continue
        out.append((kin.start, kin.end, "relative", _whose(protected, kin.start)))
    for name in reading.of("name"):
        out.append((name.start, name.end, "person", None))
    subjects = []
    for start, end, role, relation in sorted(out, key=lambda s: (s[0], s[1], s[2])):
        a, b = reading.folded.span(start, end)
        subjects.append(Subject(role, a, b, relation))
    return tuple(subjects)


def _whose(protected: list[tuple[int, str]], at: int) -> str:
    before = [role for start, role in protected if start < at]
    if before:
        return before[-1]
    return protected[0][1] if protected else "person"


def _longest(found: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    kept: list[tuple[int, int, str]] = []
    for start, end, role in sorted(found, key=lambda f: (f[0], -f[1])):
        if kept and end <= kept[-1][1]:
            continue
        kept.append((start, end, role))
    return kept
