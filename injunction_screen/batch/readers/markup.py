"""Read the HTML of a post: its words, the words it quotes, and where its links lead.

In: a fragment of HTML as forums store it.  Out: a ``Page``.  Tags never join two words that a
reader sees apart nor part a word that is marked up; time is linear in the text.
"""

from __future__ import annotations

import html
import re
from typing import NamedTuple

__all__ = ["Page", "read_html"]

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)([^<>]*)>|<!--[^<>]*-->")
_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.I)
_ALT = re.compile(r"""\balt\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.I)
_BLOCKS = frozenset(("p", "div", "li", "ul", "ol", "pre", "blockquote", "table", "tr", "hr"))
_SPACE = re.compile(r"[ \t\r\n\f]+")


class Page(NamedTuple):
    """What a post says itself, what it quotes, and the targets of links that it does not show."""

    text: str
    quote: str = ""
    links: tuple[str, ...] = ()


def read_html(source: str) -> Page:
    r"""The page that this HTML makes.

    >>> read_html('<blockquote>who?</blockquote><b>61</b>23 4567<br />call')
    Page(text='6123 4567\ncall', quote='who?', links=())
    """
    own: list[str] = []
    quoted: list[str] = []
    links: dict[str, None] = {}
    depth = at = 0
    for tag in _TAG.finditer(source):
        out = quoted if depth else own
        out.append(_words(source[at : tag.start()]))
        at = tag.end()
        name = (tag[2] or "").lower()
        if name == "blockquote":
            depth = max(0, depth - 1) if tag[1] else depth + 1
        elif name == "a" and not depth and (href := _attribute(_HREF, tag[3])):
            links[href] = None
        elif name == "img" and (alt := _attribute(_ALT, tag[3])):
            out.append(alt)
        if name in _BLOCKS or name == "br":
            out.append("\n")
            if name == "p" and tag[1]:
                out.append("\n")
    (quoted if depth else own).append(_words(source[at:]))
    text = _tidy(own)
    hidden = tuple(link for link in links if link not in text and not link.startswith("#"))
    return Page(text, _tidy(quoted), hidden)


def _words(source: str) -> str:
    return html.unescape(_SPACE.sub(" ", source))


def _attribute(pattern: re.Pattern[str], attributes: str) -> str:
    found = pattern.search(attributes)
    return html.unescape(next((group for group in found.groups() if group), "")) if found else ""


def _tidy(pieces: list[str]) -> str:
    """The pieces as text without blanks around its lines and without runs of empty lines."""
    lines = [line.strip(" ") for line in "".join(pieces).split("\n")]
    kept = [line for i, line in enumerate(lines) if line or (i and lines[i - 1])]
    return "\n".join(kept).strip("\n")
