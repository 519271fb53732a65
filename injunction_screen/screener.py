"""The way of a post, from text to outcome.

str -> fold -> read -> details, purposes, cues, subjects -> first look -> second reader -> link
    -> decide -> Screening

``screen_many`` looks first and reads what may matter only.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, cached_property
from importlib import resources
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from injunction_screen import first_look
from injunction_screen import second_reader as reader
from injunction_screen.cues import find_cues
from injunction_screen.details import Finder, find_details
from injunction_screen.errors import InputError
from injunction_screen.gate import Gate
from injunction_screen.linking import link
from injunction_screen.orders import Facts, decide, read_orders, spelt_out
from injunction_screen.patternbook import default_book, read_book
from injunction_screen.purposes import find_purposes, is_excused, is_exposed
from injunction_screen.records import (
    CATEGORIES,
    CUE_KINDS,
    OUTCOMES,
    STRONG_KINDS,
    Category,
    Cue,
    Detail,
    Link,
    Post,
    Screening,
    Subject,
)
from injunction_screen.registry import Registry
from injunction_screen.scan import Hit, Reading, Scanner
from injunction_screen.subjects import find_subjects
from injunction_screen.text import Folded, fold
from injunction_screen.threads import BETWEEN, CALM, above, completes, own_limbs, told

__all__ = ["Screener", "knowing_details", "weights_digest"]

# A word inside one of these is part of a name or place, not of what is said: Grand Yoho.
_OPAQUE: tuple[Category, ...] = ("address", "school", "email", "social_account", "name", "plate")
_Found = TypeVar("_Found", Detail, Cue)
MAX_CHARS = 40_000  # of a post, as Reddit allows; the rest is not read, and the screening says so
AT_SIGHT = 3_000  # characters of a post in which no finder can meet a limit of its own
DOUBT = -12.0  # the first look's score below which the frames in a longer post are talk
SAID = 100  # characters of a post that has room for no more than what a frame says
_TRAINED = (".npz", ".txt")
CHUNK = 256  # posts that ``screen_many`` looks at in one go


class Screener:
    """Screens posts against orders.

    Args:
        orders: names of the orders to screen for (``injunction-screen orders`` lists them) or
            paths of order files of one's own; ``None`` for all that ship.
        patterns: folders of pattern packs of one's own, read over the shipped pack.
        protected: a ``Registry`` of protected people: a detail found in it gives its person the
            registered role.
        allow: values (a public hotline, an office address) that are nobody's personal detail.
        thresholds: the least score, by detail category or cue kind, that counts.
        finders: further finders of details: each takes a text and yields
            ``(category, start, end, score, label)``, offsets into that text.  What they find
            joins the other details under the same rule for overlaps.
        second_reader: whether the statistical second reader is asked too; without it only the
            frames of the pattern files tell what is hostile.

    Immutable, safe to share between threads; pickles as its options.

    Raises:
        PatternFileError: a pattern file is not right.
        OrderError: an order is unknown or its file is not right.
        InputError: a threshold names no category or kind, or is no score.
    """

    def __init__(
        self,
        *,
        orders: Sequence[str | Path] | None = None,
        patterns: str | Path | Sequence[str | Path] = (),
        protected: Registry | None = None,
        allow: Iterable[str] = (),
        thresholds: Mapping[str, float] | None = None,
        finders: Sequence[Finder] = (),
        second_reader: bool = True,
    ) -> None:
        packs = [patterns] if isinstance(patterns, (str, Path)) else list(patterns)
        limits = dict(thresholds or {})
        for name, least in limits.items():
            if name not in CATEGORIES and name not in CUE_KINDS:
                raise InputError(f"thresholds: '{name}' is no detail category or cue kind")
            if not 0.0 <= least <= 1.0:
                raise InputError(f"thresholds: {name} is a score from 0 to 1, not {least}")
        self._options: dict[str, Any] = {
            "orders": orders,
            "patterns": tuple(packs),
            "protected": protected,
            "allow": tuple(allow),
            "thresholds": limits,
            "finders": tuple(finders),
            "second_reader": second_reader,
        }
        self._finders = tuple(finders)
        self._protected = protected
        self._thresholds = limits
        self._allowed = frozenset(_plain(value) for value in self._options["allow"])
        self.book = read_book(*packs) if packs else default_book()
        self.orders = read_orders(self.book, orders)
        self._scanner = Scanner(self.book)
        self._ruleset = self._hash()

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (self._options,)

    @property
    def ruleset(self) -> str:
        """The content hash of the pattern files, trained weights and options in use.

        Two screeners of one ruleset answer alike, but for finders and a registry of one's own.
        """
        return self._ruleset

    def _hash(self) -> str:
        digest = hashlib.sha256((self.book.ruleset + weights_digest()).encode())
        if self._options["orders"] is not None:
            digest.update(spelt_out(self.orders).encode("utf-8", "replace"))
        read = self._options["second_reader"]
        for part in (sorted(self._thresholds.items()), sorted(self._allowed), read):
            digest.update(repr(part).encode("utf-8", "replace"))
        return digest.hexdigest()[:16]

    def screen(self, post: Post | str, *, posted_at: str | None = None) -> Screening:
        """Screen one post.

        ``posted_at`` (ISO date, or the post's own ``created_at``) picks the orders as they stood
        on that day; without either, as they stand now.

        Raises:
            InputError: when ``post`` is neither a ``Post`` nor a ``str``.
        """
        return self._screen(_as_post(post), posted_at)

    def _screen(
        self, post: Post, posted_at: str | None = None, look: float | None = None
    ) -> Screening:
        facts, incomplete = self._facts(post, posted_at, look=look)
        return self._screening(post, facts, incomplete)

    def screen_thread(self, posts: Iterable[Post | str]) -> list[Screening]:
        """Screen posts that belong together, each with the posts above it.

        The posts come in order; ``Post.parent`` names what a post answers, else the list order
        is read as a flat chat.  The post that completes a combination of details and hostile
        words takes the outcome and names the other in ``Screening.related``.
        """
        thread = [_as_post(post) for post in posts]
        return [self._in_thread(thread, number) for number in range(len(thread))]

    def _in_thread(self, thread: Sequence[Post], number: int) -> Screening:
        post = thread[number]
        read, cut = self._facts(post, None)
        alone = self._screening(post, read, cut)
        if alone.flagged:
            return alone
        places = list(above(thread, number))
        for at in places:
            higher = thread[at].text + BETWEEN
            both = replace(post, text=higher + post.text)
            # Two posts as one look more like menace than either: the reader is asked again only
            # about a post that is hostile by itself and lacks somebody's details.
            hostile = any(cue.strong for cue in alone.cues)
            facts, incomplete = self._facts(both, None, second_reader=hostile)
            if not completes(facts, len(higher)):
                continue
            outcome, score, limbs = decide(self.orders, facts, incomplete=incomplete)
            if OUTCOMES.index(outcome) <= OUTCOMES.index(alone.outcome):
                continue
            other = told(thread, at)
            own = tuple(
                replace(cue, start=cue.start - len(higher), end=cue.end - len(higher))
                for cue in facts.cues
                if cue.start >= len(higher)
            )
            return replace(
                alone,
                outcome=outcome,
                score=score,
                cues=own,
                links=(),
                limbs=own_limbs(limbs, facts, len(higher), other),
                incomplete=alone.incomplete or incomplete,
                related=(other,),
            )
        return self._in_its_talk(thread, places, post, alone, read)

    def _in_its_talk(
        self,
        thread: Sequence[Post],
        places: Sequence[int],
        post: Post,
        alone: Screening,
        read: Facts,
    ) -> Screening:
        """The screening of a post that nothing above completes: the talk may show it harmless."""
        hostile = any(cue.strong for cue in alone.cues)
        if (
            alone.outcome != "review"
            or not hostile
            or not places
            or not self._options["second_reader"]
        ):
            return alone
        text = BETWEEN.join([*(thread[at].text for at in reversed(places)), post.text])
        if len(text) > reader.WIDEST:
            return alone
        found = self.evidence(text)
        opinion = reader.consider(found)
        if opinion is None or opinion.outcome != "clear" or opinion.chance > CALM:
            return alone
        if any(self._registered(found.details)):
            return alone
        weak = tuple(cue for cue in read.cues if not cue.strong)
        calm = replace(read, cues=weak, links=(), excused=True)
        outcome, score, limbs = decide(self.orders, calm, incomplete=alone.incomplete)
        if OUTCOMES.index(outcome) >= OUTCOMES.index(alone.outcome):
            return alone
        related = tuple(told(thread, at) for at in places)
        return replace(alone, outcome=outcome, score=score, limbs=limbs, related=related)

    def _facts(
        self,
        post: Post,
        posted_at: str | None,
        *,
        second_reader: bool = True,
        look: float | None = None,
    ) -> tuple[Facts, bool]:
        found = self.evidence(post.text)
        reading, details, owners, cues, links, purposes, subjects = found
        excused = is_excused(self.book, purposes, details, owners)
        passed_over = False
        if second_reader and self._options["second_reader"]:
            if look is None:
                look = self._look([post])[0]
            strong = any(cue.strong for cue in cues)
            passed_over = look < 0 and not (
                strong and self._may_heed(post.text, look) and self._opens(reading.folded)
            )
            if passed_over:  # nothing that the reader should judge
                weak = tuple(cue for cue in cues if not cue.strong) if strong else cues
                settled = reader.Settled(weak, excused=True)
            else:
                settled = reader.settle(found, reader.consider(found), look=look)
            if settled.cues is not cues:
                cues = self._over(settled.cues)
                links = link(reading, details, cues, subjects, purposes).links
            links = _without(links, settled.unlinked)
            tied = {i for one in links for i in one.cues}
            links += tuple(one for one in settled.further if not tied.issuperset(one.cues))
            # Details of a registered person are nobody's small talk.
            if settled.excused is False or not any(self._registered(details)):
                excused = excused if settled.excused is None else settled.excused
        facts = Facts(
            details=details,
            cues=cues,
            subjects=subjects,
            links=links,
            owners=owners,
            purposes=purposes,
            posted_at=posted_at or post.created_at,
            excused=excused,
            passed_over=passed_over,
        )
        incomplete = len(post.text) > MAX_CHARS or reading.incomplete or bool(reading.cuts)
        return facts, incomplete

    def _look(self, posts: Sequence[Post]) -> list[float]:
        """The first look's score of each post."""
        return first_look.scores([post.text[:MAX_CHARS] for post in posts], self.book.folder)

    @cached_property
    def _gate(self) -> Gate | None:
        """What tells that a post is clear before it is read; ``None`` where nothing can.

        A registry, or an order that asks for a review of excused details, wants every post read.
        """
        conditions = (
            condition
            for order in self.orders
            for clause in order.clauses
            for condition in clause.conditions
        )
        gated = (
            self._options["second_reader"]
            and self._protected is None
            and all(
                condition.no_purpose
                or (condition.cues is not None and condition.cues <= STRONG_KINDS)
                for condition in conditions
            )
        )
        return Gate(self._scanner) if gated else None

    def evidence(self, text: str) -> reader.Evidence:
        """What the stages before the second reader find: what it reads, and is trained on."""
        text = text[:MAX_CHARS]
        reading, details = self._read(text)
        reading = knowing_details(reading, details)
        purposes = find_purposes(reading)
        exposed = is_exposed(self.book, purposes, details, len(text))
        cues = self._over(find_cues(reading, purposes, exposed=exposed))
        subjects = (*find_subjects(reading), *self._registered(details))
        linked = link(reading, details, cues, subjects, purposes)
        owners = self._owners(details, linked.owners)
        return reader.Evidence(reading, details, owners, cues, linked.links, purposes, subjects)

    def details(self, post: Post | str) -> tuple[Detail, ...]:
        """Only the details of a post: those of ``screen(post).details``, at a part of the cost.

        Raises:
            InputError: when ``post`` is neither a ``Post`` nor a ``str``.
        """
        return self._read(_as_post(post).text[:MAX_CHARS])[1]

    def _read(self, text: str) -> tuple[Reading, tuple[Detail, ...]]:
        reading = self._scanner.read(fold(text, self.book.folder))
        return reading, self._over(find_details(reading, self._finders))

    def _screening(self, post: Post, facts: Facts, incomplete: bool) -> Screening:
        outcome, score, limbs = decide(self.orders, facts, incomplete=incomplete)
        return Screening(
            outcome=outcome,
            score=score,
            details=facts.details,
            cues=facts.cues,
            subjects=facts.subjects,
            links=facts.links,
            limbs=limbs,
            purposes=facts.purposes,
            incomplete=incomplete,
            ruleset=self.ruleset,
            id=post.id,
            _text=post.text,
        )

    def _over(self, found: tuple[_Found, ...]) -> tuple[_Found, ...]:
        """What reaches the platform's own thresholds."""
        if not self._thresholds:
            return found
        return tuple(f for f in found if f.score >= self._thresholds.get(_name(f), 0.0))

    def _registered(self, details: Sequence[Detail]) -> Iterator[Subject]:
        """Subjects whom the registry of protected people knows by one of their details."""
        if self._protected is None:
            return
        for detail in details:
            role = self._protected.role(_lasting(detail)) or self._protected.role(detail.text)
            if role is not None:
                yield Subject(role, detail.start, detail.end)

    def _owners(self, details: Sequence[Detail], owners: tuple[str, ...]) -> tuple[str, ...]:
        if not self._allowed:
            return owners
        return tuple(
            "allowed" if self._allowed & {_plain(_lasting(detail)), _plain(detail.text)} else owner
            for detail, owner in zip(details, owners, strict=True)
        )

    def screen_many(
        self, posts: Iterable[Post | str], *, every_detail: bool = False
    ) -> Iterator[Screening]:
        """Screen posts lazily and in order, ``CHUNK`` of them in one go.

        Outcomes are those of ``screen()``.  A post that is clear at first sight is not read
        further: its screening holds no details or cues and says so (``read`` is false), unless
        ``every_detail`` is asked for.

        Raises:
            InputError: when one of ``posts`` is neither a ``Post`` nor a ``str``.
        """
        left = iter(posts)
        while chunk := [_as_post(post) for post in islice(left, CHUNK)]:
            looks = self._look(chunk) if self._options["second_reader"] else [0.0] * len(chunk)
            for post, look in zip(chunk, looks, strict=True):
                if every_detail or self._matters(post, look):
                    yield self._screen(post, look=look)
                else:
                    yield Screening(
                        "clear", 0.0, ruleset=self.ruleset, id=post.id, read=False, _text=post.text
                    )

    def _matters(self, post: Post, look: float) -> bool:
        """Whether a post can be anything but clear, or but read to its end."""
        if look >= 0 or self._gate is None or len(post.text) > AT_SIGHT:
            return True
        return self._may_heed(post.text, look) and self._opens(fold(post.text, self.book.folder))

    def _opens(self, folded: Folded) -> bool:
        """Whether the gate, where there is one, lets a post through."""
        return self._gate is None or self._gate.opens(folded)

    def _may_heed(self, text: str, look: float) -> bool:
        """Whether a strong frame may count in a post that the first look has not raised.

        Always where a platform brought patterns of its own, of which the first look knows nothing.
        """
        return look >= DOUBT or len(text) <= SAID or len(self.book.packs) > 1


@cache
def weights_digest() -> str:
    """The content hash of all that was trained: what ships beside the modules."""
    digest = hashlib.blake2b(digest_size=8)
    for package in ("injunction_screen", "injunction_screen.details"):
        files = resources.files(package).iterdir()
        for file in sorted((f for f in files if f.name.endswith(_TRAINED)), key=lambda f: f.name):
            digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()


def _without(links: Sequence[Link], cues: frozenset[int]) -> tuple[Link, ...]:
    """The links without these cues, those that have no other left out."""
    kept = (replace(one, cues=tuple(i for i in one.cues if i not in cues)) for one in links)
    return tuple(one for one in kept if one.cues)


def _as_post(post: Post | str) -> Post:
    if isinstance(post, Post):
        return post
    if isinstance(post, str):
        return Post(post)
    raise InputError(f"a post is a Post or a str, not {type(post).__name__}")


def _name(found: Detail | Cue) -> str:
    return found.category if isinstance(found, Detail) else found.kind


def _lasting(detail: Detail) -> str:
    """The value of a detail without what only this post says of it: the use of an address."""
    return detail.value.partition(";use=")[0] if detail.category == "address" else detail.value


def _plain(value: str) -> str:
    """A value without width, case, spaces and punctuation, for comparing."""
    folded = unicodedata.normalize("NFKC", value).casefold()
    return "".join(char for char in folded if char.isalnum())


def _rebuild(options: Mapping[str, Any]) -> Screener:
    return Screener(**options)


def knowing_details(reading: Reading, details: Sequence[Detail]) -> Reading:
    """The reading with its details as hits, so that forms can say ``[phone]`` or ``[name]``."""
    hits: dict[str, list[Hit]] = {}
    for detail in details:
        start = reading.folded.canonical(detail.start)
        end = reading.folded.canonical(detail.end)
        hits.setdefault(detail.category, []).append(Hit(start, end))
    return reading.knowing(hits).without_cues_inside(
        sorted(hit for name in _OPAQUE for hit in hits.get(name, ()))
    )
