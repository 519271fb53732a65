"""Find details of the category ``social_account``.

How handles and addresses of profiles are written is in ``patterns/formats/social_account.toml``.
Here is only what a record cannot say: that an account with a firm's word in its handle
(``laligastats``), or with a web site of its own name in the post, is no person's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from injunction_screen.details.cards import links
from injunction_screen.details.formats import Candidate, match_formats
from injunction_screen.details.ties import rule_of
from injunction_screen.scan import Reading

__all__ = ["find"]

BODY = "account_body_part"  # the slot of such words
SHORTEST = 5  # letters of a site's name that make a handle its own
MORE = 5
MANY = 5  # handles of bodies beside which the rest of a list is one of news too
OFFICIAL = 30  # characters before a handle in which the label stands
_HOST_NAME = re.compile(r"(?i)(?:^t|\bfb|\b[a-z]{4,})\.(?:me|com|net)$")
_IN_LINK = re.compile(r"(?:\.com|\.net|t\.me)/$")
_EDITION = re.compile(r"_(?:en|jp|int|eng|global)$")  # of a club or game: fckoeln_en
_HOST = re.compile(r"(?:https?://)?(?:www\.|m\.|mobile\.)?([a-z0-9.\-]{3,60})")
_NOT_NAME = re.compile(r"[^a-z0-9]")
BODY_LINK = "account_body_link"  # of those that count in an address only


def find(reading: Reading, found: Sequence[Candidate]) -> Iterator[Candidate]:
    """Handles, account numbers and addresses of the profiles of persons and small businesses."""
    kept: list[Candidate] = []
    bodies = 0
    words = reading.book.words(BODY)
    in_links = (*words, *reading.book.words(BODY_LINK))
    sites: frozenset[str] | None = None
    for candidate in match_formats(reading, "social_account"):
        low = candidate.value.lower()
        if "/" not in low:
            if _is_in_link(reading.folded.lower, candidate):
                continue
            if any(word in low for word in words) or _is_official(reading, candidate.start):
                bodies += 1
            else:
                kept.append(candidate)
            continue
        if sites is None:
            sites = _sites(reading.folded.lower)
        name = low.rstrip("/").rpartition("/")[2]
        if not (
            any(word in low for word in in_links)
            or _EDITION.search(name)
            or _is_site(_NOT_NAME.sub("", name), sites)
        ):
            kept.append(candidate)
    if bodies >= MANY:  # whom a column of news is taken from
        kept = [candidate for candidate in kept if candidate.pattern != "social_account.at"]
    yield from kept


def _is_in_link(low: str, candidate: Candidate) -> bool:
    """Whether what looks like a handle is a part of a link: www.fb.com/somebody."""
    host = low[candidate.end : candidate.end + 1] == "/" and _HOST_NAME.search(candidate.value)
    return (
        bool(host)
        or _IN_LINK.search(low, max(0, candidate.start - 24), candidate.start) is not None
    )


def _is_official(reading: Reading, at: int) -> bool:
    """Whether the label before a handle says that it is a body's own: 官方 Instagram."""
    rule = rule_of(reading.book, "account_official")
    return rule.search(reading.folded.lower, max(0, at - OFFICIAL), at) is not None


def _sites(low: str) -> frozenset[str]:
    """The names of the web sites that a text links to: ``somegame`` of ``www.somegame.jp``.

    >>> sorted(_sites("see https://www.some-game.jp/x and http://some.where.tw"))
    ['somegame', 'where']
    """
    names: set[str] = set()
    for start, end in links(low):
        host = _HOST.match(low, start, end)
        if host is not None:
            names.update(_NOT_NAME.sub("", name) for name in host.group(1).split(".")[:-1])
    return frozenset(name for name in names if len(name) >= SHORTEST)


def _is_site(handle: str, sites: frozenset[str]) -> bool:
    """Whether a handle is a web site's name, perhaps with a little more (a country, a number)."""
    return any(handle.startswith(site) and len(handle) - len(site) <= MORE for site in sites)
