"""The way of a post, from text to outcome.

    str -> fold -> read -> details, purposes, cues, subjects -> link -> decide -> Screening
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from injunction_screen.cues import find_cues
from injunction_screen.details import find_details
from injunction_screen.errors import InputError
from injunction_screen.linking import link
from injunction_screen.orders import Facts, decide, read_orders
from injunction_screen.patternbook import default_book, read_book
from injunction_screen.purposes import find_purposes
from injunction_screen.records import Detail, Post, Screening
from injunction_screen.scan import Hit, Reading, Scanner
from injunction_screen.subjects import find_subjects
from injunction_screen.text import fold

__all__ = ["Screener", "knowing_details"]

MAX_CHARS = 1_000_000  # of a post; the rest is not read, and the screening says so


class Screener:
    """Screens posts against orders.

    Args:
        orders: names of the orders to screen for (``injunction-screen orders`` lists them) or
            paths of order files of one's own; ``None`` for all that ship.
        patterns: folders of pattern packs of one's own, read over the shipped pack.

    Immutable, safe to share between threads; pickles as its options.

    Raises:
        PatternFileError: a pattern file is not right.
        OrderError: an order is unknown or its file is not right.
    """

    def __init__(
        self,
        *,
        orders: Sequence[str | Path] | None = None,
        patterns: str | Path | Sequence[str | Path] = (),
        posted_at: datetime.date | None = None,
    ) -> None:
        packs = [patterns] if isinstance(patterns, (str, Path)) else list(patterns)
        self._options: dict[str, Any] = {"orders": orders, "patterns": tuple(packs)}
        self.book = read_book(*packs) if packs else default_book()
        self.orders = read_orders(self.book, orders)
        self._scanner = Scanner(self.book)

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (self._options,)

    @property
    def ruleset(self) -> str:
        """The content hash of every pattern file in use."""
        return self.book.ruleset

    def screen(self, post: Post | str) -> Screening:
        """Screen one post.

        Raises:
            InputError: when ``post`` is neither a ``Post`` nor a ``str``.
        """
        if isinstance(post, str):
            post = Post(post)
        elif not isinstance(post, Post):
            raise InputError(f"a post is a Post or a str, not {type(post).__name__}")
        text = post.text[:MAX_CHARS]
        folded = fold(text, self.book.folder)
        reading = self._scanner.read(folded)
        details = find_details(reading)
        reading = knowing_details(reading, details)
        purposes = find_purposes(reading)
        cues = find_cues(reading, purposes)
        subjects = find_subjects(reading)
        linked = link(reading, details, cues, subjects, purposes)
        incomplete = len(post.text) > MAX_CHARS or reading.incomplete
        facts = Facts(
            details=details,
            cues=cues,
            subjects=subjects,
            links=linked.links,
            owners=linked.owners,
            purposes=purposes,
            posted_at=post.created_at,
            excused=any(self.book.purposes[p.name].excuses for p in purposes),
        )
        outcome, score, limbs = decide(self.orders, facts, incomplete=incomplete)
        return Screening(
            outcome=outcome,
            score=score,
            details=details,
            cues=cues,
            subjects=subjects,
            links=linked.links,
            limbs=limbs,
            purposes=purposes,
            incomplete=incomplete,
            ruleset=self.ruleset,
            id=post.id,
            _text=post.text,
        )

    def screen_many(self, posts: Iterable[Post | str]) -> Iterator[Screening]:
        """Screen posts one after the other, lazily and in order."""
        for post in posts:
            yield self.screen(post)


def _rebuild(options: Mapping[str, Any]) -> Screener:
    return Screener(**options)


def knowing_details(reading: Reading, details: Sequence[Detail]) -> Reading:
    """The reading with its details as hits, so that forms can say ``[phone]`` or ``[name]``."""
    hits: dict[str, list[Hit]] = {}
    for detail in details:
        start = reading.folded.canonical(detail.start)
        end = reading.folded.canonical(detail.end)
        hits.setdefault(detail.category, []).append(Hit(start, end))
    return reading.knowing(hits)
