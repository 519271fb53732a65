"""Make CSV cells that no spreadsheet runs as a formula.

In: a cell.  Out: the cell as a CSV file may hold it.  Quoting does not help: a spreadsheet takes
the quotes away and runs what begins with ``=``, ``+``, ``-`` or ``@`` (CWE-1236), full-width too,
and behind blanks.  Where the machine's list separator is a semicolon, a spreadsheet also begins a
new cell at one, whatever the quotes say; so what follows a separator is treated like a beginning.
"""

from __future__ import annotations

import re
from typing import Any

import orjson

__all__ = ["harmless", "json_cell"]

_SIGNS = "=+-@＝＋－＠﹢﹣﹫﹦\N{MINUS SIGN}"
_SEPARATORS = ";,|\t\r\n"
_BLANKS = r"\s\x00\u200b\u200c\u200d\u2060\ufeff"
# The whole of what stands between two contents, so that each character is passed once.
_BETWEEN = re.compile(rf"\A[{_BLANKS};,|]*|[{_BLANKS};,|]+")
_BEGINS = re.compile(rf"(?<![^{_BLANKS};,|])[{re.escape(_SIGNS)}]")  # else there is nothing to do
_FIRST = ("\t", "\r", "\n", "\0")
_IN_JSON = re.compile(rf"[;|{re.escape(_SIGNS)}]")


def harmless(cell: Any) -> Any:
    """A cell that no spreadsheet runs: an apostrophe stands before every sign that would.

    >>> harmless("=1+1"), harmless("a;=1+1"), harmless("p-17"), harmless(-0.5), harmless(True)
    ("'=1+1", "a;'=1+1", 'p-17', -0.5, 'true')
    """
    if isinstance(cell, bool):
        return str(cell).lower()
    if not isinstance(cell, str):
        return cell
    safe = _BETWEEN.sub(_quoted, cell) if _BEGINS.search(cell) else cell
    return f"'{safe}" if safe.startswith(_FIRST) else safe


def _quoted(between: re.Match[str]) -> str:
    """What stands between two contents, with an apostrophe where the second would be run."""
    begins = between.start() == 0 or any(sign in between[0] for sign in _SEPARATORS)
    following = between.string[between.end() : between.end() + 1]
    return f"{between[0]}'" if begins and following and following in _SIGNS else between[0]


def json_cell(value: Any) -> str:
    r"""A list or mapping as a cell of JSON, its strings without a sign that a spreadsheet runs.

    The signs are written as JSON escapes, so that a reader of the JSON gets every string back.

    >>> json_cell([{"text": "x;=1+1", "score": -0.5}])
    '[{"text":"x\\u003b\\u003d1\\u002b1","score":-0.5}]'
    """
    written = orjson.dumps(value).decode()
    return _STRING.sub(lambda found: _IN_JSON.sub(_escaped, found[0]), written)


_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"
