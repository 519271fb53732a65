"""Find details of the category ``email``: plain addresses and those with their signs spelt out.

How they are written is in ``patterns/formats/email.toml``; the value is the plain address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from injunction_screen.details.formats import Candidate, match_formats
from injunction_screen.scan import Reading

__all__ = ["find", "plain"]

# What an address cannot do without: some at sign, a mail host, or the words for them.
_MAYBE = re.compile(r"@|[a-z0-9)\]} ] ?(?:\(|\[|\{|<|【|〔|\*|_|#|-| )?(?:at|a)\b|艾特|爱特|老鼠|鼠|圈a|#|gmail|hotmail|yahoo|outlook|icloud")


def find(reading: Reading, found: Sequence[Candidate]) -> Iterator[Candidate]:
    """E-mail addresses, each with the plain address as its value."""
    if not _MAYBE.search(reading.folded.lower):
        return
    for candidate in match_formats(reading, "email"):
        yield replace(candidate, value=plain(candidate.value))


_AT = re.compile(r"[(\[{<【〔「*_#-]+ ?(?:a ?t|@|艾特|爱特|小?老鼠|鼠|a|圈a) ?[)\]}>】〕」*_#-]+|艾特|爱特|小老鼠|圈a| at sign | at |#")
_DOT = re.compile(r"[(\[{<【〔*_#-]+ ?(?:d[o0]t|point|点|\.) ?[)\]}>】〕*_#-]+| d[o0]t |点|。|·")


def plain(written: str) -> str:
    """An address as a mail program would take it.

    >>> plain("Wilson Mak 88 (at) g m a i l (dot) c0m")
    'wilsonmak88@gmail.c0m'
    >>> plain("kay@example.hk")
    'kay@example.hk'
    """
    low = written.lower()
    if "@" not in low:
        low = _AT.sub("@", low, count=1)
    return _DOT.sub(".", low).replace(" ", "")
