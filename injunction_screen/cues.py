"""Find threatening and inciting language.

In: a ``Reading`` that knows the details, and the purposes in sight.  Out: ``Cue`` records.

A cue is a match of a record in ``patterns/cues/`` that

1. has what the record ``needs``: a person, a detail, another cue near it or in the post;
2. is cancelled by no guard (``patterns/context/``): report, quotation, negation, condemnation,
   hyperbole, play ... in the scope that the guard's record gives;
3. is cancelled by no purpose in sight (court news cancels quoted threats).

Negation that is only play-acted ("do NOT send pizzas to ... 😉") is no guard: an ``irony`` word
in the post next to somebody's details turns it back into a cue.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from injunction_screen.forms import Match, awake, matches
from injunction_screen.patternbook import Form, Pattern
from injunction_screen.records import CONTACT, STRONG_KINDS, Cue, CueKind, Purpose
from injunction_screen.scan import Reading
from injunction_screen.text import undone

__all__ = ["find_cues", "has_needs", "standing"]

CLOSE = 14  # words before a match in which a ``before:`` slot cancels it
_QUOTED = re.compile(
    "\N{LEFT CORNER BRACKET}[^\N{RIGHT CORNER BRACKET}\n]{2,300}\N{RIGHT CORNER BRACKET}"
    "|\N{LEFT WHITE CORNER BRACKET}[^\N{RIGHT WHITE CORNER BRACKET}\n]{2,300}"
    "\N{RIGHT WHITE CORNER BRACKET}"
    "|\N{LEFT DOUBLE QUOTATION MARK}[^\N{RIGHT DOUBLE QUOTATION MARK}\n]{2,300}"
    "\N{RIGHT DOUBLE QUOTATION MARK}"
    '|"[^"\n]{2,300}"'
)


def find_cues(
    reading: Reading, purposes: Sequence[Purpose], *, exposed: bool = False
) -> tuple[Cue, ...]:
    """The cues of a post, in order of their start; several kinds may stand on the same words.

    ``exposed`` says that somebody's details are exposed with no benign purpose in sight; wide
    records (``exposed = true``) count only then.
    """
    records = (
        (pattern, forms)
        for pattern, forms in awake(reading, "kind")
        if exposed or not pattern.options.get("exposed")
    )
    cues = [_cue(reading, *one) for one in standing(reading, purposes, records)]
    return tuple(_once_each(cues))


def standing(
    reading: Reading,
    purposes: Sequence[Purpose],
    records: Iterable[tuple[Pattern, Sequence[Form]]],
) -> Iterator[tuple[Pattern, Match]]:
    """The matches of these records that have what they need and that nothing cancels."""
    cancelled = {
        kind for purpose in purposes for kind in reading.book.purposes[purpose.name].cancels
    }
    guards: list[_Guard] | None = None
    for pattern, forms in records:
        if pattern.name in cancelled:
            continue
        found = matches(reading, pattern, forms)
        if not found:
            continue
        if guards is None:
            guards = _guards(reading)
        for match in found:
            if has_needs(reading, pattern, match) and not _guarded(reading, pattern, match, guards):
                yield pattern, match


def _cue(reading: Reading, pattern: Pattern, match: Match) -> Cue:
    start, end = reading.folded.span(match.start, match.end)
    source = reading.folded.source[start:end]
    via = "+".join(v for v in (undone(source, reading.book.folder), match.via) if v)
    score = float(pattern.options.get("score", 0.85))
    if "homophone" in via or "misspelt" in via:
        score -= 0.1
    kind: CueKind = pattern.name  # type: ignore[assignment]
    return Cue(kind, start, end, source, round(score, 3), pattern.id, kind in STRONG_KINDS, via)


def _once_each(cues: list[Cue]) -> list[Cue]:
    """One cue for overlapping words of a kind: the surest, widened to all of them."""
    out: list[Cue] = []
    for cue in sorted(cues, key=lambda c: (c.kind, c.start, -c.end)):
        last = out[-1] if out else None
        if last and last.kind == cue.kind and cue.start < last.end:
            if cue.score > last.score:
                out[-1] = cue
            continue
        out.append(cue)
    return sorted(out, key=lambda c: (c.start, c.end, c.kind))


def has_needs(reading: Reading, pattern: Pattern, match: Match) -> bool:
    """Whether everything a record needs is there.

    ``"person"`` asks for a word of that slot in the same sentence, the two before or the one
    after; ``"post:phone|address"`` for one anywhere in the post; ``"sentence:x"`` in the same.
    ``not_if`` names slots that must not stand in the sentence; ``"before:x"`` only looks at the
    words close before the match.
    """
    for need in pattern.options.get("needs", ()):
        where, _, names = need.rpartition(":")
        slots = names.split("|")
        if where == "post":
            if not any(reading.of(slot) for slot in slots):
                return False
            continue
        first = reading.sentence(match.start)
        last = reading.sentence(max(match.end - 1, match.start))
        if where != "sentence":
            first, last = max(0, first - 2), last + 1
        starts = reading.folded.sentence_starts
        end = starts[last + 1] if last + 1 < len(starts) else len(reading.folded.text)
        if not reading.within(slots, starts[first], end):
            return False
    start, _ = reading.sentence_span(match.start)
    _, end = reading.sentence_span(max(match.end - 1, match.start))
    for slot in pattern.options.get("not_if", ()):
        where, _, name = slot.rpartition(":")
        if where != "before":
            if reading.within((name,), start, end):
                return False
            continue
        # A form may begin with the word itself (``大家 ... 打``), so its inside counts too.
        hits = reading.of(name)
        at = bisect_left(hits, (match.end,)) - 1
        near = at >= 0 and start <= hits[at].start
        if near and reading.words_between(hits[at].end, match.start) <= CLOSE:
            return False
    return True


def _guarded(reading: Reading, pattern: Pattern, match: Match, guards: Sequence[_Guard]) -> bool:
    for guard in guards:
        if pattern.name not in guard.kinds or guard.name in pattern.options.get("immune", ()):
            continue
        if guard.scope == "post":
            return True
        if guard.scope == "quote":
            if _inside_quotes(guard.quotes, match):
                return True
        elif _in_scope(reading, guard, match):
            return True
    return False


def _guards(reading: Reading) -> list[_Guard]:
    """The guards whose words are in the post and whose ``unless`` words are not."""
    quotes: list[tuple[int, int]] | None = None
    ironic = _ironic(reading)
    out = []
    for pattern, forms in awake(reading, "guard"):
        unless = pattern.options.get("unless", ())
        if (pattern.name == "negation" and ironic) or (unless and reading.of(*unless)):
            continue
        found = matches(reading, pattern, forms)
        if not found:
            continue
        scope = pattern.options.get("scope", "before")
        if scope == "quote" and quotes is None:
            quotes = [quote.span() for quote in _QUOTED.finditer(reading.folded.text)]
        out.append(
            _Guard(
                pattern.name,
                scope,
                int(pattern.options.get("reach", 8)),
                frozenset(pattern.options.get("kinds", _ALL_BUT_SPREAD)),
                found,
                [match.start for match in found],
                quotes or [],
            )
        )
    return out


class _Guard(NamedTuple):
    name: str
    scope: str
    reach: int
    kinds: frozenset[str]
    found: list[Match]  # without overlaps, so in order of start and of end
    starts: list[int]
    quotes: list[tuple[int, int]]


_ALL_BUT_SPREAD = frozenset(STRONG_KINDS | {"abuse"})


def _in_scope(reading: Reading, guard: _Guard, match: Match) -> bool:
    """Whether one of a guard's words stands where its scope asks for; one look-up, no walk."""
    end = max(match.end - 1, match.start)
    first, last = reading.sentence_span(match.start)[0], reading.sentence_span(end)[1]
    if guard.scope == "near":
        first = reading.sentence_span(max(first - 1, 0))[0]
        last = reading.sentence_span(min(last, max(len(reading.folded.text) - 1, 0)))[1]
    if guard.scope in ("near", "sentence"):
        at = bisect_left(guard.starts, first)
        return at < len(guard.found) and guard.found[at].end <= last
    if guard.scope == "before":
        # It may stand in the first half of the cue itself: "everyone, do not call him".
        middle = match.start + (match.end - match.start) // 2
        at = bisect_right(guard.starts, middle) - 1
        if at < 0 or guard.starts[at] < first:
            return False
        nearest = guard.found[at]
        return nearest.end > match.start or (
            reading.words_between(nearest.end, match.start) <= guard.reach
        )
    at = bisect_left(guard.starts, match.start)  # "after"
    if at >= len(guard.found) or guard.found[at].end > last:
        return False
    behind = guard.starts[at]
    return behind < match.end or reading.words_between(match.end, behind) <= guard.reach


def _ironic(reading: Reading) -> bool:
    return bool(reading.of("irony")) and bool(reading.of(*CONTACT))


def _inside_quotes(quotes: list[tuple[int, int]], match: Match) -> bool:
    at = bisect_right(quotes, (match.start + 1,)) - 1
    return at >= 0 and match.end <= quotes[at][1]
