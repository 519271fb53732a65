"""Say where a span stands for a reader that does not count code points.

In: a text and a unit.  Out: an ``Offsets``, which takes spans of code points there and back.
Python counts code points, JavaScript, Java and C# count UTF-16 units, Go and Rust count bytes of
UTF-8: behind the first emoji they all differ.  Lone surrogates count one UTF-16 unit or three
bytes, as U+FFFD does, with which a reader replaces them.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from itertools import accumulate
from typing import Literal, get_args

from injunction_screen.errors import InputError

__all__ = ["UNITS", "Offsets", "Unit"]

Unit = Literal["code_point", "utf8", "utf16"]
UNITS: tuple[Unit, ...] = get_args(Unit)


class Offsets:
    """The offsets of one text, counted in ``unit``: made once in linear time, then looked up.

    >>> offsets = Offsets("\N{GRINNING FACE} 6123 4567", "utf16")
    >>> offsets.of(2, 11), offsets.back(3, 12)
    ((3, 12), (2, 11))

    Raises:
        InputError: for another unit.
    """

    __slots__ = ("_starts", "length")

    def __init__(self, text: str, unit: Unit) -> None:
        if unit not in UNITS:
            raise InputError(f"offsets are counted in {', '.join(UNITS)}, not in '{unit}'")
        self._starts: array[int] | None = None
        self.length = len(text)
        if unit != "code_point" and not text.isascii():
            width = _utf8 if unit == "utf8" else _utf16
            self._starts = array("q", accumulate(map(width, text), initial=0))
            self.length = self._starts[-1]

    def of(self, start: int, end: int) -> tuple[int, int]:
        """Where a span of code points stands in this unit."""
        if self._starts is None:
            return start, end
        return self._starts[start], self._starts[end]

    def back(self, start: int, end: int) -> tuple[int, int]:
        """The code points that a span in this unit covers, those that it cuts in two as well.

        Raises:
            InputError: the text has no such span.
        """
        if not 0 <= start <= end <= self.length:
            raise InputError(f"{start}:{end} is no span of a text of length {self.length}")
        if self._starts is None:
            return start, end
        if start == end:
            first = bisect_left(self._starts, start)
            return first, first
        return bisect_right(self._starts, start) - 1, bisect_left(self._starts, end)


def _utf8(char: str) -> int:
    return 1 if char < "\x80" else 2 if char < "\u0800" else 3 if char < "\U00010000" else 4


def _utf16(char: str) -> int:
    return 1 if char < "\U00010000" else 2
