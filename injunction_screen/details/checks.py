"""Check digits and plans of numbers: what arithmetic can say about a written number.

Each check takes the text of a match, digits already plain, and answers with a ``Verdict``: ``ok``
is True, False or None (nothing can be said), ``value`` the normalised form, "" for none.
Sources of the rules: ``patterns/formats`` names them record by record.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

__all__ = ["CHECKS", "Verdict", "code", "hk_phone", "hkid", "international_phone", "mainland_id"]


class Verdict(NamedTuple):
    """What a check says: right, wrong or nothing, and the normalised form."""

    ok: bool | None
    value: str


# -- identity numbers --------------------------------------------------------------------------

_HIDDEN = re.compile(r"[xX*?_\u2022\u00b7\u2580-\u259f\u25a0-\u25ff\u2b1b\u2b1c]")
_YEAR = re.compile(r"(?:19|20)\d\d")
_DATE = re.compile(r"[0-3]?\d-[01]?\d(?:-\d+)?")
LEAST_PLACES, MOST_PLACES = 4, 20  # digits and hidden places of a code


def code(text: str) -> Verdict:
    """Whether a text has the digits, or digits and hidden places, of somebody's number.

    >>> code("A2-30771").ok, code("L902**41").ok, code("A4").ok, code("2019").ok
    (None, None, False, False)
    """
    digits = sum(char.isdigit() for char in text)
    places = digits + len(_HIDDEN.findall(text))
    if digits < 2 or not LEAST_PLACES <= places <= MOST_PLACES:
        return Verdict(False, "")
    if _YEAR.fullmatch(text) or _DATE.fullmatch(text):
        return Verdict(False, "")
    return Verdict(None, "")


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


_LETTERS_FOR_DIGITS = str.maketrans("OLISBZG", "0115829")


def hkid_letters(text: str) -> Verdict:
    """The same of a number with letters for some of its digits.

    >>> hkid_letters("Al234S6(3)")
    Verdict(ok=True, value='A123456(3)')
    """
    compact = re.sub(r"[^0-9A-Z]", "", text.upper())
    letters = len(compact) - 7
    return hkid(compact[:letters] + compact[letters:].translate(_LETTERS_FOR_DIGITS))


_MAINLAND_ID = re.compile(
    r"[1-9]\d{5}(?P<year>19\d\d|20[0-3]\d)(?P<month>\d\d)(?P<day>\d\d)\d{3}[\dX]"
)


def mainland_id(text: str) -> Verdict:
    """The check character of an 18-digit resident identity number (GB 11643).

    A number with a wrong check character but a true date of birth in it may still be a slip of
    the pen, so nothing is said about it.

    >>> mainland_id("11010519491231002X").ok, mainland_id("110105194912310021").ok
    (True, None)
    >>> mainland_id("110105194913310021").ok
    False
    """
    compact = re.sub(r"[^0-9Xx]", "", text).upper()
    found = _MAINLAND_ID.fullmatch(compact)
    if found is None:
        return Verdict(False if re.fullmatch(r"\d{17}[\dX]", compact) else None, "")
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(w * int(d) for w, d in zip(weights, compact, strict=False))
    if not (1 <= int(found["month"]) <= 12 and 1 <= int(found["day"]) <= 31):
        return Verdict(False, compact)
    return Verdict(True if compact[-1] == "10X98765432"[total % 11] else None, compact)


# -- telephone numbers -------------------------------------------------------------------------

# OFCA's plan as far as no number outside it is in use: 20 is not given out, 999 is the police.
_HK_PLAN = re.compile(r"(?:2[1-9]|[3-8]\d|9(?!99)\d)\d{6}")
_HALVES = re.compile(r"(\d{4})\s*-\s*(\d{4})")
_COUNTING = ("23456789", "34567890", "87654321", "98765432")


def hk_phone(text: str) -> Verdict:
    """A Hong Kong number by the plan: not one that counts up, a price range or a time span.

    >>> hk_phone("6123 4567"), hk_phone("+852 2019 2020").ok, hk_phone("6000-8000").ok
    (Verdict(ok=None, value='+85261234567'), False, False)
    """
    number = re.sub(r"\D", "", text)
    if len(number) > 8 and (found := re.fullmatch(r"(?:00)?852(\d{8})", number)):
        number = found.group(1)
    if not _HK_PLAN.fullmatch(number):
        return Verdict(False, "")
    counts = number in _COUNTING or len(set(number)) == 1
    doubtful = (counts and number in text) or _is_range(text)
    return Verdict(False if doubtful else None, f"+852{number}")


def hk_phone_reversed(text: str) -> Verdict:
    """The same of a number that was written back to front; the value is the true number.

    >>> hk_phone_reversed("6503 1289").value
    '+85298213056'
    """
    return hk_phone(re.sub(r"\D", "", text)[::-1])


def hk_phone_letters(text: str) -> Verdict:
    """The same of a number with letters for some of its digits.

    >>> hk_phone_letters("S4S2 8O4O").value
    '+85254528040'
    """
    return hk_phone(text.upper().translate(_LETTERS_FOR_DIGITS))


def _is_range(text: str) -> bool:
    """``6000-8000`` and ``2130-2245`` are a price range and a time span."""
    found = _HALVES.fullmatch(text.strip())
    if found is None or found.group(1) >= found.group(2):
        return False
    low, high = (int(half) for half in found.groups())
    times = high <= 2400 and low % 100 < 60 and high % 100 < 60 and low % 5 == high % 5 == 0
    return times or (low % 50 == 0 and high % 50 == 0)


def mainland_phone(text: str) -> Verdict:
    """A mobile number of the Mainland.

    >>> mainland_phone("138 0013 8000").value
    '+8613800138000'
    """
    found = re.fullmatch(r"(?:00)?(?:86)?(1[3-9]\d{9})", re.sub(r"\D", "", text))
    return Verdict(None, f"+86{found.group(1)}") if found else Verdict(None, "")


def uk_phone(text: str) -> Verdict:
    """A number of the United Kingdom in national form.

    >>> uk_phone("07700 900461").value
    '+447700900461'
    """
    return _by_library(text, "GB")


def us_phone(text: str) -> Verdict:
    """A number of North America in national form.

    >>> us_phone("(212) 736-5000").value
    '+12127365000'
    """
    return _by_library(text, "US")


def international_phone(text: str) -> Verdict:
    """A number with its country code.

    >>> international_phone("+44 7700 900123").value
    '+447700900123'
    >>> international_phone("+1 2").ok
    False
    """
    digits = re.sub(r"\D", "", text)
    return _by_library("+" + digits.removeprefix("00"), None)


def _by_library(text: str, region: str | None) -> Verdict:
    """What libphonenumber says: invented numbers of a true length are possible, not valid."""
    import phonenumbers  # only here: the import takes longer than most posts

    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return Verdict(False, "")
    if not phonenumbers.is_possible_number(number):
        return Verdict(False, "")
    form = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return Verdict(True if phonenumbers.is_valid_number(number) else None, form)


CHECKS: dict[str, Callable[[str], Verdict]] = {
    "code": code,
    "hk_phone": hk_phone,
    "hk_phone_letters": hk_phone_letters,
    "hk_phone_reversed": hk_phone_reversed,
    "hkid": hkid,
    "hkid_letters": hkid_letters,
    "international_phone": international_phone,
    "mainland_id": mainland_id,
    "mainland_phone": mainland_phone,
    "uk_phone": uk_phone,
    "us_phone": us_phone,
}
