"""Orders: which limb of which court order the facts of a post engage, and what follows.

In: ``Facts`` and order files (``patterns/orders/*.toml`` or a user's own).  Out: the outcome, a
score and the ``Limb`` records.  The outcome is the highest that any engaged limb asks for:
nothing else decides, so it can be worked out again from the limbs alone.

An order file::

    title = "..."                   # what it is, with its citation
    sources = ["..."]               # where each clause was read
    exempts = ["news"]              # purposes that the order itself leaves alone
    from = 2019-10-25               # since when (and `until`) it stands

    [[limb]]
    limb = "disclosure"             # disclosure | intimidation | incitement
    clause = "1(a)"
    source = "..."
    text = "..."                    # what the clause forbids, in our words
    text_zh = "..."
    from = 2019-10-25               # when this clause as given here began; `until` its end

    [[limb.when]]                   # any of these engages the limb
    protected = ["police_officer"]  # roles, or ["anyone"]; relatives by `relatives = true`
    details = ["phone", ...]        # at least one of these of a third person
    beyond_office = true            # one beyond name and job title
    beyond_bare_name = true         # more than a bare name, or than the name and post of
                                    # somebody in public life
    dossier = 2                     # at least so many contact, location or identity details
    named = true                    # and a name
    cues = ["threat", ...]          # at least one of these kinds
    linked = true                   # aimed at the person whose details they are
    no_purpose = true               # and no benign purpose in sight
    outcome = "flag"
    reason = "..."
    reason_zh = "..."
"""

from __future__ import annotations

import dataclasses
import datetime
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from injunction_screen.errors import OrderError
from injunction_screen.explain import outcome_of
from injunction_screen.patternbook import PatternBook
from injunction_screen.records import (
    CATEGORIES,
    CONTACT,
    CUE_KINDS,
    OFFICE,
    OUTCOMES,
    STRONG_KINDS,
    Cue,
    Detail,
    Limb,
    LimbName,
    Link,
    Outcome,
    Purpose,
    Subject,
)
from injunction_screen.subjects import PROTECTED

if sys.version_info >= (3, 11):
    import tomllib
else:  # pragma: no cover
    import tomli as tomllib

__all__ = ["Facts", "Order", "decide", "read_orders", "spelt_out"]


_ByName = Mapping[str, Sequence[int]]


@dataclass(frozen=True)
class Facts:
    """What the earlier stages found in one post."""

    details: tuple[Detail, ...]
    cues: tuple[Cue, ...]
    subjects: tuple[Subject, ...]
    links: tuple[Link, ...]
    owners: tuple[str, ...]
    purposes: tuple[Purpose, ...]
    excused: bool
    posted_at: str | None = None
    passed_over: bool = False  # the first look saw nothing in the post, and no strong frame fired

    @cached_property
    def third(self) -> _ByName:
        """The positions of third persons' details, by category."""
        return _by_name(
            (detail.category, i)
            for i, (detail, owner) in enumerate(zip(self.details, self.owners, strict=True))
            if owner == "third"
        )

    @cached_property
    def linked_third(self) -> _ByName:
        """Those of them that are linked to a cue."""
        tied = {i for link in self.links for i in link.details}
        return _by_name((name, i) for name, own in self.third.items() for i in own if i in tied)

    @cached_property
    def said(self) -> _ByName:
        """The positions of the cues, by kind."""
        return _by_name((cue.kind, i) for i, cue in enumerate(self.cues))

    @cached_property
    def linked_said(self) -> _ByName:
        """Those of them that are linked to a detail."""
        aimed = {i for link in self.links for i in link.cues}
        return _by_name((name, i) for name, own in self.said.items() for i in own if i in aimed)


def _by_name(named: Iterable[tuple[str, int]]) -> _ByName:
    out: dict[str, list[int]] = {}
    for name, position in named:
        out.setdefault(name, []).append(position)
    return out


@dataclass(frozen=True, slots=True)
class Condition:
    """One set of elements that engages a limb."""

    protected: frozenset[str]
    relatives: bool
    details: frozenset[str] | None
    beyond_office: bool
    beyond_bare_name: bool
    dossier: int
    named: bool
    cues: frozenset[str] | None
    linked: bool | None
    no_purpose: bool
    outcome: Outcome
    reason: str
    reason_zh: str


@dataclass(frozen=True, slots=True)
class Clause:
    """One limb of an order as it stood from one day to another."""

    limb: LimbName
    name: str
    source: str
    text: str
    text_zh: str
    since: datetime.date | None
    until: datetime.date | None
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """A court order, a statute's section or a profile of one's own."""

    id: str
    title: str
    title_zh: str
    sources: tuple[str, ...]
    exempts: frozenset[str]
    since: datetime.date | None
    until: datetime.date | None
    clauses: tuple[Clause, ...] = field(repr=False)

    @property
    def asks_nothing(self) -> bool:
        """Whether a post without details and cues could engage it."""
        return any(
            condition.cues is None and condition.details is None
            for clause in self.clauses
            for condition in clause.conditions
        )


def spelt_out(orders: Sequence[Order]) -> str:
    """All that the orders say, the same in every process however it hashes its strings."""
    return repr(_in_order(orders))


def _in_order(value: Any) -> Any:
    """A value with its sets in order."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return [_in_order(getattr(value, f.name)) for f in dataclasses.fields(value)]
    if isinstance(value, (set, frozenset)):
        return sorted(map(repr, value))
    if isinstance(value, (list, tuple)):
        return [_in_order(item) for item in value]
    return value


# -- reading ----------------------------------------------------------------------------------


def read_orders(book: PatternBook, wanted: Sequence[str | Path] | None) -> tuple[Order, ...]:
    """The orders of these names, or in these files; all that ship for ``None``.

    Raises:
        OrderError: an order is not known, or its file is not right.
    """
    names = sorted(book.orders) if wanted is None else list(wanted)
    orders = []
    for name in names:
        text = str(name)
        if text in book.orders:
            orders.append(_order(text, book.orders[text]))
        elif text.endswith(".toml"):
            orders.append(_order_file(Path(text)))
        else:
            raise OrderError(
                f"there is no order '{text}'; there are: {', '.join(sorted(book.orders))}"
            )
    return tuple(orders)


def _order_file(path: Path) -> Order:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise OrderError(f"{path}: cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise OrderError(f"{path}: is not TOML: {error}") from None
    return _order(path.stem, data | {"file": str(path)})


def _order(name: str, data: Mapping[str, Any]) -> Order:
    where = str(data.get("file", name))
    known = {
        "file",
        "title",
        "title_zh",
        "sources",
        "exempts",
        "from",
        "until",
        "limb",
        "about",
        "citation",
        "status",
        "references",
    }
    _known(where, "order", data, known)
    limbs = data.get("limb", [])
    if not limbs:
        raise OrderError(f"{where}: an order needs at least one [[limb]]")
    return Order(
        id=name,
        title=_string(where, data, "title"),
        title_zh=str(data.get("title_zh", data.get("title", ""))),
        sources=tuple(data.get("sources", ())),
        exempts=frozenset(data.get("exempts", ())),
        since=_date(where, data, "from"),
        until=_date(where, data, "until"),
        clauses=tuple(_clause(where, limb) for limb in limbs),
    )


def _clause(where: str, data: Mapping[str, Any]) -> Clause:
    _known(
        where,
        "limb",
        data,
        {"limb", "clause", "source", "text", "text_zh", "from", "until", "when"},
    )
    limb = data.get("limb")
    if limb not in ("disclosure", "intimidation", "incitement"):
        raise OrderError(f"{where}: limb is disclosure, intimidation or incitement, not '{limb}'")
    conditions = data.get("when", [])
    if not conditions:
        raise OrderError(f"{where}: limb {limb} needs at least one [[limb.when]]")
    return Clause(
        limb=limb,
        name=str(data.get("clause", "")),
        source=_string(where, data, "source"),
        text=_string(where, data, "text"),
        text_zh=str(data.get("text_zh", data["text"])),
        since=_date(where, data, "from"),
        until=_date(where, data, "until"),
        conditions=tuple(_condition(where, condition) for condition in conditions),
    )


def _condition(where: str, data: Mapping[str, Any]) -> Condition:
    known = {
        "protected", "relatives", "details", "beyond_office", "beyond_bare_name", "dossier",
        "named", "cues", "linked", "no_purpose", "outcome", "reason", "reason_zh",
    }  # fmt: skip
    _known(where, "limb.when", data, known)
    outcome = data.get("outcome")
    if outcome not in ("review", "flag"):
        raise OrderError(f"{where}: an outcome is review or flag, not '{outcome}'")
    return Condition(
        protected=frozenset(data.get("protected", ["anyone"])),
        relatives=bool(data.get("relatives", False)),
        details=_names(where, data, "details", frozenset(CATEGORIES)),
        beyond_office=bool(data.get("beyond_office", False)),
        beyond_bare_name=bool(data.get("beyond_bare_name", False)),
        dossier=int(data.get("dossier", 0)),
        named=bool(data.get("named", False)),
        cues=_names(where, data, "cues", frozenset(CUE_KINDS)),
        linked=data.get("linked"),
        no_purpose=bool(data.get("no_purpose", False)),
        outcome=outcome,
        reason=_string(where, data, "reason"),
        reason_zh=str(data.get("reason_zh", data["reason"])),
    )


def _names(
    where: str, data: Mapping[str, Any], key: str, known: frozenset[str]
) -> frozenset[str] | None:
    value = data.get(key)
    if value is None:
        return None
    if value == "any":
        return known
    if value == "strong":
        return frozenset(STRONG_KINDS)
    wrong = set(value) - known
    if wrong:
        raise OrderError(f"{where}: {key} has the unknown name '{min(wrong)}'")
    return frozenset(value)


def _known(where: str, what: str, data: Mapping[str, Any], known: set[str]) -> None:
    unknown = set(data) - known
    if unknown:
        raise OrderError(f"{where}: {what} has an unknown key '{min(unknown)}'")


def _string(where: str, data: Mapping[str, Any], key: str) -> str:
    value = data.get(key)
    if not isinstance(value, str) or not value:
        raise OrderError(f"{where}: needs a text '{key}'")
    return value


def _date(where: str, data: Mapping[str, Any], key: str) -> datetime.date | None:
    value = data.get(key)
    if value is None or (
        isinstance(value, datetime.date) and not isinstance(value, datetime.datetime)
    ):
        return value
    raise OrderError(f"{where}: {key} is a date such as 2019-10-25")


# -- deciding ---------------------------------------------------------------------------------


def decide(
    orders: Sequence[Order], facts: Facts, *, incomplete: bool = False
) -> tuple[Outcome, float, tuple[Limb, ...]]:
    """The outcome, a score that orders posts, and the engaged limbs.

    ``incomplete`` lifts ``clear`` to ``review``: what was not read cannot be cleared.
    """
    if not facts.details and not facts.cues:
        orders = [order for order in orders if order.asks_nothing]
    limbs = tuple(limb for order in orders for limb in _engaged(order, facts))
    outcome = outcome_of(limbs, incomplete=incomplete)
    if outcome == "clear" and facts.passed_over:
        return outcome, 0.0, limbs
    return outcome, _score(outcome, facts), limbs


def _score(outcome: Outcome, facts: Facts) -> float:
    """Clear 0 to 0.33, review 0.34 to 0.66, flag 0.67 to 1: within them by what was found."""
    strong = max((cue.score for cue in facts.cues if cue.strong), default=0.0)
    weak = max((cue.score for cue in facts.cues if not cue.strong), default=0.0)
    linked = max((link.score for link in facts.links), default=0.0)
    held = {detail.category for detail in facts.details} & CONTACT
    inner = min(1.0, 0.45 * strong + 0.1 * weak + 0.25 * linked + 0.07 * min(len(held), 3))
    base = {"clear": 0.0, "review": 0.34, "flag": 0.67}[outcome]
    return round(base + inner * 0.33, 4)


def _engaged(order: Order, facts: Facts) -> Iterator[Limb]:
    posted = _day(facts.posted_at)
    if not _stands(order.since, order.until, posted):
        return
    exempt = any(purpose.name in order.exempts for purpose in facts.purposes)
    if exempt:
        return
    for clause in order.clauses:
        if not _stands(clause.since, clause.until, posted):
            continue
        met = [(c, e) for c in clause.conditions if (e := _elements(c, facts)) is not None]
        if met:
            condition, elements = max(met, key=lambda pair: OUTCOMES.index(pair[0].outcome))
            yield Limb(
                order.id,
                clause.limb,
                clause.name,
                condition.outcome,
                elements,
                condition.reason,
                condition.reason_zh,
            )


def _stands(
    since: datetime.date | None, until: datetime.date | None, day: datetime.date | None
) -> bool:
    if day is None:
        return until is None
    return (since is None or since <= day) and (until is None or day < until)


def _day(posted_at: str | None) -> datetime.date | None:
    if not posted_at:
        return None
    try:
        return datetime.date.fromisoformat(posted_at[:10])
    except ValueError:
        return None


def _elements(condition: Condition, facts: Facts) -> tuple[str, ...] | None:
    """The elements that meet a condition, ``None`` when it is not met."""
    if (condition.cues is not None and not facts.cues) or (
        condition.details is not None and not facts.details
    ):
        return None
    if condition.no_purpose and facts.excused:
        return None
    parts = (
        _protected(condition, facts),
        _exposed(condition, facts),
        _said(condition, facts),
    )
    out: list[str] = []
    for part in parts:
        if part is None:
            return None
        out += part
    return tuple(out)


def _protected(condition: Condition, facts: Facts) -> list[str] | None:
    """The protected people in sight, none asked for with "anyone"."""
    if "anyone" in condition.protected:
        return []
    who = [
        f"subject:{i}"
        for i, subject in enumerate(facts.subjects)
        if subject.role in condition.protected
        or (
            condition.relatives
            and subject.role == "relative"
            and subject.relation in condition.protected
        )
    ]
    return who or None


def _exposed(condition: Condition, facts: Facts) -> list[str] | None:
    """The third-party details that a condition asks for."""
    if condition.details is None:
        return []
    third = facts.linked_third if condition.linked else facts.third
    asked = condition.details
    if condition.beyond_office:
        asked = asked - OFFICE
    if condition.dossier:
        asked = asked & CONTACT
    held = sorted(i for category in asked for i in third.get(category, ()))
    short = len(held) < max(1, condition.dossier)
    bare = condition.beyond_bare_name and not _beyond_bare_name(facts, held)
    nameless = condition.named and "name" not in third
    if short or bare or nameless:
        return None
    return [f"detail:{i}" for i in held]


def _said(condition: Condition, facts: Facts) -> list[str] | None:
    """The cues that a condition asks for, and their links where it asks for those."""
    if condition.cues is None:
        return []
    by_kind = facts.linked_said if condition.linked else facts.said
    said = sorted(i for kind in condition.cues for i in by_kind.get(kind, ()))
    if not said:
        return None
    out = [f"cue:{i}" for i in said]
    if condition.linked:
        wanted = set(said)
        out += [
            f"link:{i}" for i, link in enumerate(facts.links) if not wanted.isdisjoint(link.cues)
        ]
    return out


def _beyond_bare_name(facts: Facts, held: Sequence[int]) -> bool:
    """Whether the details say more than a name, or than who holds a public post.

    A public post is one whose holder acts in public life (``public_office`` among the subjects);
    a private person's name with their job or class is more than a bare name.
    """
    categories = {facts.details[i].category for i in held}
    if categories - OFFICE:
        return True
    public = any(subject.role in ("public_office", *PROTECTED) for subject in facts.subjects)
    return categories == OFFICE and not public
