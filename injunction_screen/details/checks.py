"""Check digits and plans of numbers: what arithmetic can say about a written number.

Each check takes the canonical text of a match and answers with a ``Verdict``: ``ok`` is True,
False or None (nothing can be said), ``value`` the normalised form, "" for none.
Sources of the rules: ``patterns/formats`` names them record by record.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

__all__ = ["CHECKS", "Verdict", "hkid", "mainland_id"]


class Verdict(NamedTuple):
    """What a check says: right, wrong or nothing, and the normalised form."""

    ok: bool | None
    value: str


_HKID = re.compile(r"([A-Z]{1,2})(\d{6})([0-9A])")


def hkid(text: str) -> Verdict:
    """The check character of a Hong Kong identity card number.

    Letters count A=10 .. Z=35, a missing first letter 36; weights 9 to 2; the check character is
    what brings the sum to a multiple of 11, ``A`` for ten.

    >>> hkid("A123456(3)"), hkid("A123456(4)").ok
    (Verdict(ok=True, value='A123456(3)'), False)
    """
    compact = re.sub(r"[^0-9A-Za-z]", "", text).upper()
    found = _HKID.fullmatch(compact)
    if found is None:
        return Verdict(None, "")
    letters, digits, last = found.groups()
    places = [36] if len(letters) == 1 else []
    places += [ord(letter) - 55 for letter in letters]
    places += [int(digit) for digit in digits]
    total = sum(weight * place for weight, place in zip(range(9, 1, -1), places, strict=True))
    expected = -total % 11
    ok = last == ("A" if expected == 10 else str(expected))
    return Verdict(ok, f"{letters}{digits}({last})")


def mainland_id(text: str) -> Verdict:
    """The check character of an 18-digit resident identity number (GB 11643).

    >>> mainland_id("11010519491231002X").ok
    True
    """
    compact = re.sub(r"[^0-9Xx]", "", text).upper()
    if not re.fullmatch(r"\d{17}[\dX]", compact):
        return Verdict(None, "")
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(w * int(d) for w, d in zip(weights, compact, strict=False))
    return Verdict(compact[-1] == "10X98765432"[total % 11], compact)


CHECKS: dict[str, Callable[[str], Verdict]] = {
    "hkid": hkid,
    "mainland_id": mainland_id,
}
