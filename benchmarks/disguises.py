"""The disguise matrix: how many hidden details are found, by mechanism and category.

    python benchmarks/disguises.py [--misses] [--update]

Twenty ways to hide a detail from a program, six categories, several details a cell, each in a
sentence that carries it.  What is hidden and in which sentences is ``tests/data/disguises.toml``,
with the cells that no reader would make out and the cases that are known misses.  ``--misses``
lists what is not found, or found without naming the disguise in ``via``; ``--update`` writes the
known misses anew.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from injunction_screen import screen

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

DATA = Path(__file__).resolve().parents[1] / "tests" / "data" / "disguises.toml"
CATEGORIES = ("name", "phone", "address", "identity_number", "email", "plate")
CASES = 12  # a cell at most


class Case(NamedTuple):
    """One hidden detail: ``text[start:end]`` is what must be found."""

    id: str
    mechanism: str
    category: str
    plain: str
    text: str
    start: int
    end: int


# -- mechanisms: plain detail -> disguised, None where there is nothing to disguise ------------

Hide = Callable[[str, str, random.Random], str | None]


def _table(source: str, target: str) -> dict[int, str]:
    return {ord(a): b for a, b in zip(source, target, strict=True)}


def _letters(first: str, small: str, zero: str | None = None) -> dict[int, int]:
    out = {ord("A") + i: ord(first) + i for i in range(26)}
    out |= {ord("a") + i: ord(small) + i for i in range(26)}
    if zero:
        out |= {ord("0") + i: ord(zero) + i for i in range(10)}
    return out


_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
_BOLD = _letters(
    "\N{MATHEMATICAL BOLD CAPITAL A}",
    "\N{MATHEMATICAL BOLD SMALL A}",
    "\N{MATHEMATICAL BOLD DIGIT ZERO}",
)
_CIRCLED: dict[int, Any] = _letters(
    "\N{CIRCLED LATIN CAPITAL LETTER A}", "\N{CIRCLED LATIN SMALL LETTER A}"
)
_CIRCLED[ord("0")] = "\N{CIRCLED DIGIT ZERO}"
_CIRCLED |= {ord("1") + i: ord("\N{CIRCLED DIGIT ONE}") + i for i in range(9)}
_LOOK_ALIKE = _table(
    "ABEHKMOPTXYaceopxyi0",
    "\N{CYRILLIC CAPITAL LETTER A}\N{GREEK CAPITAL LETTER BETA}\N{CYRILLIC CAPITAL LETTER IE}"
    "\N{CYRILLIC CAPITAL LETTER EN}\N{GREEK CAPITAL LETTER KAPPA}\N{CYRILLIC CAPITAL LETTER EM}"
    "\N{GREEK CAPITAL LETTER OMICRON}\N{CYRILLIC CAPITAL LETTER ER}"
    "\N{CYRILLIC CAPITAL LETTER TE}\N{GREEK CAPITAL LETTER CHI}\N{GREEK CAPITAL LETTER UPSILON}"
    "\N{CYRILLIC SMALL LETTER A}\N{CYRILLIC SMALL LETTER ES}\N{CYRILLIC SMALL LETTER IE}"
    "\N{GREEK SMALL LETTER OMICRON}\N{CYRILLIC SMALL LETTER ER}\N{CYRILLIC SMALL LETTER HA}"
    "\N{CYRILLIC SMALL LETTER U}\N{CYRILLIC SMALL LETTER BYELORUSSIAN-UKRAINIAN I}"
    "\N{CYRILLIC CAPITAL LETTER O}",
)
_LOOK_ALIKE_DIGITS = _LOOK_ALIKE | _table(
    "136",
    "\N{CYRILLIC CAPITAL LETTER BYELORUSSIAN-UKRAINIAN I}\N{CYRILLIC CAPITAL LETTER ZE}"
    "\N{CYRILLIC SMALL LETTER BE}",
)
_LEET_LETTERS = _table("aeios", "43105")
_LEET_DIGITS = _table("015", "OlS")
_CHINESE = _table("0123456789", "零一二三四五六七八九")
_FORMAL = _table("0123456789", "零壹貳叁肆伍陸柒捌玖")
_FORMAL_SIMPLIFIED = _table("0123456789", "零壹贰叁肆伍陆柒捌玖")
_SOUNDS = _table("0123456789", "零一二三死唔碌七八狗")
_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_SIMPLIFIED = _table(
    "陳許張李詠詩樂彌號樓觀協將軍門偉黃鄭軒灣楊屋廣場傑",
    "陈许张李咏诗乐弥号楼观协将军门伟黄郑轩湾杨屋广场杰",
)
_SPLIT = {
    "陳": "阝東", "許": "言午", "張": "弓長", "李": "木子", "林": "木木", "明": "日月",
    "協": "十劦", "和": "禾口", "沙": "氵少", "唐": "广肀口", "彌": "弓爾", "景": "日京",
    "塘": "土唐", "澳": "氵奧", "何": "亻可", "峰": "山夆", "偉": "亻韋", "玲": "王令",
    "軒": "車干", "地": "土也", "楊": "木昜", "埗": "土步", "福": "礻畐",
}  # fmt: skip
_PLACE_SOUNDS = _table("角田門塘澳敦埗灣", "国甜們堂奧頓步彎")
_NAME_SOUNDS = _table("然明樂詩欣峰傑玲", "燃鳴洛施昕鋒桀鈴")


def _between(signs: str, at_random: bool = False) -> Hide:
    """Put a sign between all characters; where there was a blank, a wider gap."""

    def hide(plain: str, category: str, rng: random.Random) -> str:
        sign = rng.choice(signs)
        words = plain.split(" ")
        wide = "  " if sign == " " else " "
        out = []
        for word in words:
            chars = list(word)
            text = chars[0]
            for char in chars[1:]:
                text += (rng.choice(signs) if at_random else sign) + char
            out.append(text)
        return wide.join(out)

    return hide


def _swap(*tables: dict[int, Any]) -> Hide:
    def hide(plain: str, category: str, rng: random.Random) -> str:
        for table in tables:
            plain = plain.translate(table)
        return plain

    return hide


def _lines(plain: str, category: str, rng: random.Random) -> str:
    if category == "name" and not plain.isascii():
        return "\n".join(plain)
    if category in ("name", "address") and plain.isascii():
        words = plain.split(" ")
        at = len(words) // 2
        return " ".join(words[:at]) + "\n" + " ".join(words[at:])
    at = plain.find("@") + 1 or plain.find(" ") + 1 or len(plain) // 2
    return plain[:at].rstrip() + "\n" + plain[at:]


def _keycaps(plain: str, category: str, rng: random.Random) -> str:
    if rng.random() < 0.5 and any(c.isdigit() for c in plain):
        cap = "\N{VARIATION SELECTOR-16}\N{COMBINING ENCLOSING KEYCAP}"
        return "".join(c + cap if c.isdigit() else c for c in plain)
    return plain.translate(_CIRCLED)


def _look_alike(plain: str, category: str, rng: random.Random) -> str:
    return plain.translate(_LOOK_ALIKE_DIGITS if category == "phone" else _LOOK_ALIKE)


def _leet(plain: str, category: str, rng: random.Random) -> str:
    if category == "email":
        name, _, host = plain.partition("@")
        return name + "@" + host.replace("a", "4", 1).replace("o", "0")
    if category == "name" or (category == "address" and plain.isascii()):
        words = [word[0] + word[1:].translate(_LEET_LETTERS) for word in plain.split(" ")]
        return " ".join(words)
    return plain.translate(_LEET_DIGITS)


def _words(plain: str, category: str, rng: random.Random) -> str:
    if category == "email":
        plain = plain.replace("@", " at ").replace(".", " dot ")
    out = ""
    for char in plain:
        if char.isdigit():
            out += ("" if out.endswith((" ", "(")) or not out else " ") + _WORDS[int(char)]
        else:
            glued = char.isalnum() and out.endswith(_WORDS)
            out += (" " if glued else "") + char
    return out


def _simplified(plain: str, category: str, rng: random.Random) -> str:
    if category in ("name", "address"):
        return plain.translate(_SIMPLIFIED)
    return plain.translate(_FORMAL_SIMPLIFIED)


def _split(plain: str, category: str, rng: random.Random) -> str:
    return "".join(_SPLIT.get(char, char) for char in plain)


def _homophones(plain: str, category: str, rng: random.Random) -> str | None:
    if category == "name":
        return plain.translate(_NAME_SOUNDS)
    if category == "address":
        at = next((i for i, char in enumerate(plain) if ord(char) in _PLACE_SOUNDS), 0)
        return plain[:at] + plain[at].translate(_PLACE_SOUNDS) + plain[at + 1 :]
    hidden = plain.translate(_SOUNDS)
    return None if hidden == plain.translate(_CHINESE) else hidden


def _reversed(plain: str, category: str, rng: random.Random) -> str:
    return plain[::-1].translate(_table("()", ")("))


def _masked(plain: str, category: str, rng: random.Random) -> str | None:
    if category == "name":
        if not plain.isascii():
            return plain[0] + "X" + plain[2:]
        first, *rest = plain.split(" ")
        return " ".join([first, *(word[0] + "*" * (len(word) - 1) for word in rest)])
    if category == "phone":
        digits = plain.replace(" ", "")
        return rng.choice(
            [f"{digits[:4]} xxxx", f"{digits[:2]}XX{digits[4:]}", digits[:4] + "****"]
        )
    if category == "identity_number":
        return rng.choice([plain[:4] + "XXX(X)", plain[:4] + "***" + plain[7:]])
    if category == "email":
        name, _, host = plain.partition("@")
        return name[:2] + "***" + name[-1] + "@" + host
    if category == "plate":
        return plain[:-2] + rng.choice(["xx", "**"])
    at = max(i for i, c in enumerate(plain) if c.isdigit())
    first = at
    while first and plain[first - 1].isdigit():
        first -= 1
    return plain[:first] + ("X" * (at - first + 1)) + plain[at + 1 :]


def _mixed(plain: str, category: str, rng: random.Random) -> str | None:
    wide, bold = _swap(_WIDE), _swap(_BOLD)
    zero, blanks = _between("\N{ZERO WIDTH SPACE}"), _between(" ")
    pairs: list[tuple[Hide, Hide]] = [(wide, zero), (bold, blanks), (wide, blanks)]
    if category in ("phone", "identity_number", "plate"):
        pairs.append((_swap(_CHINESE), blanks))
        pairs.append((_keycaps, _between("-/")))
    if category in ("name", "address"):
        pairs.append((_swap(_SIMPLIFIED), blanks))
    one, two = rng.choice(pairs)
    first = one(plain, category, rng)
    return None if first is None else two(first, category, rng)


_ZERO_WIDTH = "\N{ZERO WIDTH SPACE}\N{ZERO WIDTH NON-JOINER}"
_EMOJI = "\N{FIRE}\N{RED APPLE}\N{PIG FACE}"
# Each mechanism with the words of ``via`` of which one must tell it; none for what only swaps
# variant characters (every post does).
MECHANISMS: dict[str, tuple[Hide, frozenset[str]]] = {
    "full_width": (_swap(_WIDE), frozenset({"fullwidth"})),
    "zero_width": (_between(_ZERO_WIDTH), frozenset({"invisible"})),
    "spaces": (_between(" "), frozenset({"spaced"})),
    "dots": (_between(".\N{MIDDLE DOT}"), frozenset({"spaced"})),
    "signs": (_between("-*/|"), frozenset({"spaced"})),
    "lines": (_lines, frozenset({"lines", "spaced"})),
    "emoji": (_between(_EMOJI, at_random=True), frozenset({"spaced"})),
    "keycaps": (_keycaps, frozenset({"keycap", "circled"})),
    "mathematical": (_swap(_BOLD), frozenset({"mathematical"})),
    "look_alikes": (_look_alike, frozenset({"confusable"})),
    "leet": (_leet, frozenset({"leet"})),
    "chinese_numerals": (_swap(_CHINESE), frozenset({"numerals"})),
    "formal_numerals": (_swap(_FORMAL), frozenset({"numerals"})),
    "english_words": (_words, frozenset({"numerals", "words"})),
    "simplified": (_simplified, frozenset()),
    "split_characters": (_split, frozenset({"split"})),
    "homophones": (_homophones, frozenset({"homophone"})),
    "reversed": (_reversed, frozenset({"reversed"})),
    "masked": (_masked, frozenset({"masked"})),
    "mixed": (_mixed, frozenset({"invisible", "spaced"})),
}  # fmt: skip
# Where nothing has to be undone: a same-sounding given name is a name as it stands, and a place
# with one strange character, or a street without its number, is read by what stands around.
_NOTHING_UNDONE = {("homophones", "name"), ("homophones", "address"), ("masked", "address")}
_HINTS = {"zh": "（倒轉讀）", "en": " (read it backwards)"}


# -- cases -------------------------------------------------------------------------------------


def read_data(path: Path = DATA) -> dict[str, Any]:
    """The data file."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def unread(data: dict[str, Any]) -> dict[tuple[str, str], str]:
    """The cells that no reader would make out, with the reason."""
    return {(cell["mechanism"], cell["category"]): cell["why"] for cell in data["unread"]}


def cases(data: dict[str, Any]) -> Iterator[Case]:
    """Every case of every readable cell; the same ones each time."""
    closed = unread(data)
    for mechanism, (hide, _) in MECHANISMS.items():
        for category in CATEGORIES:
            if (mechanism, category) not in closed:
                yield from _cell(mechanism, category, hide, data["details"][category])


def _cell(mechanism: str, category: str, hide: Hide, given: dict[str, list[str]]) -> Iterator[Case]:
    rng = random.Random(f"{mechanism}/{category}")
    count = 0
    for turn in range(2):
        for i, plain in enumerate(given["items"]):
            hidden = hide(plain, category, rng)
            language = "en" if plain.isascii() and (i + turn) % 2 else "zh"
            if hidden is None or hidden == plain or count >= CASES:
                continue
            sentences = given[language]
            sentence = sentences[(i + turn * 2) % len(sentences)]
            hint = _HINTS[language] if mechanism == "reversed" else ""
            before, _, after = sentence.partition("{}")
            text = before + hidden + hint + after
            yield Case(
                f"{mechanism}/{category}/{count}",
                mechanism, category, plain, text, len(before), len(before) + len(hidden),
            )  # fmt: skip
            count += 1


class Answer(NamedTuple):
    """Whether a case is found, and whether ``via`` says how it was hidden."""

    found: bool
    told: bool
    via: str


def answer(case: Case) -> Answer:
    """Screen a case."""
    best, via, written = 0.0, "", ""
    for detail in screen(case.text).details:
        if detail.category != case.category:
            continue
        shared = min(detail.end, case.end) - max(detail.start, case.start)
        whole = max(detail.end, case.end) - min(detail.start, case.start)
        if shared / whole > best:
            best, via, written = shared / whole, detail.via, detail.text
    wanted = MECHANISMS[case.mechanism][1]
    if (case.mechanism, case.category) in _NOTHING_UNDONE:
        wanted = frozenset()
    # What is found may be a part in which nothing was hidden: the street without its number.
    told = not wanted or written in case.plain or not wanted.isdisjoint(via.split("+"))
    return Answer(best >= 0.5, told, via)


def main() -> None:
    data = read_data()
    closed = unread(data)
    table: dict[tuple[str, str], list[int]] = {}
    missed: list[str] = []
    for case in cases(data):
        found, told, via = answer(case)
        cell = table.setdefault((case.mechanism, case.category), [0, 0, 0])
        cell[0] += found
        cell[1] += 1
        cell[2] += found and told
        if not found:
            missed.append(case.id)
        if "--misses" in sys.argv and not (found and told):
            print("missed " if not found else f"via={via!r:12}", case.id, repr(case.text))
    print(f"{'found (via told) of':22}" + "".join(f"{c[:15]:>16}" for c in CATEGORIES))
    for mechanism in MECHANISMS:
        row = f"{mechanism:22}"
        for category in CATEGORIES:
            right, tried, told_so = table.get((mechanism, category), (0, 0, 0))
            shown = "-" if (mechanism, category) in closed else f"{right} ({told_so}) of {tried}"
            row += f"{shown:>16}"
        print(row)
    right, tried = sum(c[0] for c in table.values()), sum(c[1] for c in table.values())
    weak = sum(c[0] / c[1] < 0.9 for c in table.values())
    print(
        f"\n{right} of {tried} found ({right / tried:.1%}); {weak} of {len(table)} cells under 90 %"
    )
    if "--update" in sys.argv:
        head = DATA.read_text(encoding="utf-8").partition("known_misses = [")[0]
        lines = "".join(f'  "{miss}",\n' for miss in missed)
        DATA.write_text(f"{head}known_misses = [\n{lines}]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
