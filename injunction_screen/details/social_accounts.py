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
from injunction_screen.scan import Reading

__all__ = ["find"]

BODY = "account_body_part"  # the slot of such words
SHORTEST = 5  # letters of a site's name that make a handle its own
MORE = 5
_HOST = re.compile(r"(?:https?://)?(?:www\.|m\.|mobile\.)?([a-z0-9.\-]{3,60})")
_NOT_NAME = re.compile(r"[^a-z0-9]")
BODY_LINK = "account_body_link"  # of those that count in an address only


def find(reading: Reading, found: Sequence[Candidate]) -> Iterator[Candidate]:
    """Handles, account numbers and addresses of the profiles of persons and small businesses."""
    words = reading.book.words(BODY)
    in_links = (*words, *reading.book.words(BODY_LINK))
    sites: frozenset[str] | None = None
    for candidate in match_formats(reading, "social_account"):
        low = candidate.value.lower()
        if "/" not in low:
            if not any(word in low for word in words):
                yield candidate
            continue
        if sites is None:
            sites = _sites(reading.folded.lower)
        handle = _NOT_NAME.sub("", low.rstrip("/").rpartition("/")[2])
        if not any(word in low for word in in_links) and not _is_site(handle, sites):
            yield candidate


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
