"""Tell from a detail's own text how it was written so as to hide it.

In: a category and the canonical text of a detail, in lower case.  Out: names of the ways, for
``Detail.via``: ``spaced`` (character by character), ``lines`` (over several lines), ``numerals``
(digits in words or Chinese numerals), ``homophone`` (in characters that sound like them),
``words`` (the signs of an e-mail address in words), ``leet`` (letters for digits or digits for
letters) and ``masked`` (some of it hidden).  What the fold itself undid ``text.undone`` tells.
"""

from __future__ import annotations

import re

from injunction_screen.details.hidden import ROW

__all__ = ["SPELT", "ways"]

_CODES = frozenset({"phone", "identity_number", "plate", "email"})
_NUMBER_WORD = (
    r"(?<![a-z])(?:zero|oh|nil|nought|one|two|three|four|five|six|seven|eight|nine)(?![a-rt-z])"
)
SPELT = re.compile(rf"[〇零○一二两三四五六七八九壹贰貮叁参肆伍陆柒捌玖]|{_NUMBER_WORD}")
# In addresses an ordinary numeral (三楼) hides nothing: digit by digit or formal ones do.
_NUMERALS_IN_ADDRESS = re.compile(
    r"[零〇○一二三四五六七八九]{3}|[零〇○一二三四五六七八九][零〇○]"
    r"|[一二三四五六七八九]{2}(?=[号楼室座])|[壹贰肆伍陆柒捌玖](?=[零三壹贰肆伍陆柒捌玖号座楼室])"
    rf"|{_NUMBER_WORD}.*{_NUMBER_WORD}",
    re.DOTALL,
)
_SOUNDS = re.compile(r"[灵蛋圈依易异衫山死史唔吴碌绿录溜漆发狗久]")  # fold/numerals.txt, slang
_MASKS = {
    "phone": re.compile(
        r"[x*_?\N{BULLET}\N{MIDDLE DOT}●○#█■]{2}|(?<![a-z])[x*]\d|\d[x*](?![a-z\d])"
    ),
    "identity_number": re.compile(r"[x*?_●○\N{MIDDLE DOT}]{2}|\([x*?]\)"),
    "plate": re.compile(r"(?<=.)[x?_●*]{1,3}$|[*?●]"),
    "email": re.compile(r"\*{2}|(?<![a-z])x{3}|•{2}"),
    "address": re.compile(r"(?<![a-z])x{1,4}(?![a-z])|[*○●]"),
    "name": re.compile(r"[*○●◯_]|(?<=[\u3400-\u9fff])x"),
}
_LETTER = re.compile(r"[a-wyz]")
_STAND_INS = re.compile(r"(?<=\d)[oilsbzg]|[oilsbzg](?=\d)")
_IN_ADDRESS = re.compile(r"\d[olis]{1,3}(?![a-z])|(?<![a-z])[olis]{1,2}\d")
_LEET_NAME = re.compile(r"[a-z][0134578@$!]")
_PREFIX = re.compile(r"^[a-z]{1,2}(?![a-z])[^a-z0-9]*|^[a-z]{2}|^[a-z]")
_HOST = re.compile(r"(?<=[@. ])[a-z0-9$!]*[014$!][a-z0-9$!]*")
_HOSTS = frozenset({"gmail", "hotmail", "yahoo", "outlook", "icloud", "com", "org", "protonmail"})
_LEET = str.maketrans("014$!", "oiasi")


def ways(category: str, text: str) -> list[str]:
    """How a detail's text hides it, [] for not at all.

    >>> ways("phone", "9 1 2 3 四 五 六 七"), ways("plate", "tr 44xx"), ways("name", "chan tai man")
    (['spaced', 'numerals'], ['masked'], [])
    """
    out = []
    if _is_spaced(text):
        out.append("spaced")
    if "\n" in text.strip():
        out.append("lines")
    if category == "email" and "@" not in text:
        out.append("words")
    spelt = SPELT if category in _CODES else _NUMERALS_IN_ADDRESS if category == "address" else None
    if spelt is not None and spelt.search(text):
        out.append("numerals")
    if category in _CODES and _SOUNDS.search(text):
        out.append("homophone")
    if (mask := _MASKS.get(category)) is not None and mask.search(text):
        out.append("masked")
    if _is_leet(category, text):
        out.append("leet")
    return out


def _is_spaced(text: str) -> bool:
    """Whether most of it stands character by character."""
    if len(text) < 5:
        return False
    set_apart = sum(sum(char.isalnum() for char in row.group()) for row in ROW.finditer(text))
    return set_apart * 2 > sum(char.isalnum() for char in text)


def _is_leet(category: str, text: str) -> bool:
    if category == "name":
        return _LEET_NAME.search(text) is not None
    if category == "phone":
        return _STAND_INS.search(text) is not None or (
            _LETTER.search(text) is not None and SPELT.search(text) is None
        )
    if category in ("identity_number", "plate"):
        return _STAND_INS.search(_PREFIX.sub("", text)) is not None
    if category == "address":
        return _IN_ADDRESS.search(text) is not None
    if category == "email":
        return any(word.group().translate(_LEET) in _HOSTS for word in _HOST.finditer(text))
    return False
