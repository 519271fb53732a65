"""Build the character tables in ``patterns/fold`` that undo spelling tricks and unify characters.

In: the dictionary files of the PyPI package ``opencc`` (Apache-2.0), the word list
``rime_cantonese_words.tsv`` (CC BY 4.0), the Unicode character names of Python, and the hand-made
lists of ``training/compiled``.
Out: simplified.txt, homophones.txt, split_chars.txt, confusables.txt and digits.txt.

Run: ``python training/fold_tables.py --words PATH`` in an environment with ``opencc`` installed.
"""

from __future__ import annotations

import argparse
import importlib.util
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COMPILED = ROOT / "training" / "compiled"
KEYS = (
    "死殺斬打劈砍全家冚剷鏟黑警狗起底仆街地址電話號炸燒廣傳私了裝修收屍陪葬滅門砌佢你屋企差佬人肉開盒"
    "杀烧斩铲电话号广传装尸灭门开"
)  # fmt: skip
KEEP = frozenset("嘅咁甴曱乜咗喺嚟啲嗰冇佢冚囍")
RARE_READING = {
    "打": "daa2",
    "差": "caai1",
    "佢": "keoi5",
    "你": "nei5",
    "冚": "ham6",
    "企": "kei5",
    "仆": "puk1",
    "收": "sau1",
}


def read_pairs(path: Path) -> list[tuple[str, str]]:
    """Return the tab-separated pairs of a table (comments and blank lines left out)."""
    pairs = []
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line.strip() and not line.startswith("#") and "\t" in line:
            key, value = line.split("\t", 1)
            pairs.append((key, value.strip()))
    return pairs


def write(
    path: Path, header: Sequence[str], lines: Iterable[str], *, keep_order: bool = False
) -> None:
    """Write one table with its header."""
    body = list(dict.fromkeys(lines)) if keep_order else sorted(set(lines))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        "".join(f"# {h}\n" for h in header) + "".join(f"{b}\n" for b in body),
        encoding="utf-8",
        newline="\n",
    )
    print(f"{path.name}\t{sum(not b.startswith('#') for b in body)}")


def opencc_folder() -> Path:
    """Return the dictionary folder of the installed ``opencc`` package."""
    spec = importlib.util.find_spec("opencc")
    if spec is None or spec.origin is None:
        sys.exit("install the package opencc first")
    return Path(spec.origin).parent / "dictionary"


def simplified_map() -> dict[str, str]:
    """Return traditional and variant characters with their simplified form, where different."""
    folder = opencc_folder()
    simple = {k: v.split(" ")[0] for k, v in read_pairs(folder / "TSCharacters.txt") if len(k) == 1}
    standard: dict[str, str] = {}
    for name in ("HKVariants.txt", "TWVariants.txt", "JPVariants.txt"):
        for key, values in read_pairs(folder / name):
            for variant in values.split(" "):
                if len(key) == 1 and len(variant) == 1 and variant != key:
                    standard.setdefault(variant, key)
    table = {k: v for k, v in simple.items() if len(v) == 1}
    common_targets = set(simple.values())
    for variant, key in standard.items():
        if variant not in simple and variant not in common_targets:
            table[variant] = simple.get(key, key)
    for key, value in read_pairs(COMPILED / "variants.txt"):
        table[key] = value
    for key in list(table):
        seen = {key}
        while table[key] in table and table[table[key]] not in seen:
            seen.add(table[key])
            table[key] = table[table[key]]
    return {k: v for k, v in table.items() if k != v and len(v) == 1 and k not in KEEP}


def readings(words: Path) -> tuple[dict[str, str], Counter[str]]:
    """Return the commonest Jyutping of every character and how often the word list uses it."""
    single: dict[str, Counter[str]] = defaultdict(Counter)
    count: Counter[str] = Counter()
    with words.open(encoding="utf-8") as handle:
        for line in handle:
            word, _, sound = line.rstrip("\n").partition("\t")
            parts = sound.split("\t")[0].split()
            if len(parts) != len(word):
                continue
            for char, syllable in zip(word, parts, strict=True):
                single[char][syllable] += 1
                count[char] += 1
    table = {}
    for char, found in single.items():
        common = found.most_common(1)[0]
        if common[1] >= 0.6 * sum(found.values()):
            table[char] = common[0]
    return table, count


def homophones(words: Path, fold: dict[str, str]) -> list[str]:
    """Return the homophone lines: key character, tab, at most 12 common characters of the same toneless sound."""
    table, count = readings(words)
    back: dict[str, list[str]] = defaultdict(list)
    for trad, simple in fold.items():
        back[simple].append(trad)
    groups: dict[str, list[str]] = defaultdict(list)
    for char, sound in table.items():
        groups[re.sub(r"\d", "", sound)].append(char)
    near = dict(read_pairs(COMPILED / "near_sounds.txt"))
    lines = []
    for key in dict.fromkeys(KEYS):
        sound = RARE_READING.get(key) or table.get(key, "")
        root = key
        if not sound:
            root = next(
                (t for t in sorted(back.get(key, []), key=lambda c: -count[c]) if t in table), key
            )
            sound = RARE_READING.get(root) or table.get(root, "")
        mates = groups.get(re.sub(r"\d", "", sound), []) if sound else []
        own = {key, root, fold.get(key, key), fold.get(root, root)}
        ordered = [
            c
            for c in sorted(mates, key=lambda c: (-count[c], c))
            if fold.get(c, c) not in own and c not in own
        ]
        extra = (
            near.get(key)
            or near.get(root)
            or next((near[t] for t in back.get(key, []) if t in near), "")
        )
        chosen = "".join(dict.fromkeys([*ordered[:12], *extra]))
        if chosen:
            lines.append(f"{key}\t{chosen}")
    return lines


LETTERS = {
    "a": "аαɑᴀΑАａꭺ", "b": "ЬВΒʙᏴƅᖯ", "c": "сϲСϹᴄⅽᏟ", "d": "ԁᴅɗᏧᎠ", "e": "еєεɛЕΕᴇҽᎬё", "f": "ϝꜰƒғẝ", "g": "ɡԌɢցᏀ", "h": "һНΗʜհᏂ",
    "i": "іιɩıІΙɪӏⅰɨᎥ", "j": "јЈϳᴊյᎫ", "k": "кκКΚᴋĸқᏦ", "l": "ӏʟⅼƖⅠᏞǀ", "m": "мМΜᴍʍᎷ", "n": "пηΝɴոռƞ", "o": "оοσОΟᴏօøθ", "p": "рρРΡᴘϱᏢ",
    "q": "ԛզɋ", "r": "гɼʀᏒꭇᴦ", "s": "ѕЅꜱʂᏚՏ", "t": "тτТΤᴛŧᎢ", "u": "υսᴜʋцՍ", "v": "νѵᴠѴᏙ", "w": "ԝωᴡɯшաᎳ", "x": "хχХΧҳᕁ", "y": "уγУΥʏүҮყᎩ",
    "z": "ᴢΖʐzᏃʑ",
}  # fmt: skip
UPPER_GREEK_CYRILLIC = {"N": "И", "R": "Я"}


def confusables() -> list[str]:
    """Return the lookalike lines: code point, letter, name, for what NFKC does not fold."""
    found: dict[str, str] = {}
    for letter, chars in LETTERS.items():
        for char in chars:
            if unicodedata.normalize("NFKC", char).isascii():
                continue
            found.setdefault(char, letter.upper() if char.isupper() else letter)
    for code in range(0x80, 0x1FBFF):
        char = chr(code)
        name = unicodedata.name(char, "")
        if not name or unicodedata.normalize("NFKC", char).isascii():
            continue
        match = (
            re.fullmatch(
                r"(?:NEGATIVE |CROSSED NEGATIVE )(?:CIRCLED|SQUARED) LATIN (?:CAPITAL|SMALL) LETTER ([A-Z])",
                name,
            )
            or re.fullmatch(r"REGIONAL INDICATOR SYMBOL LETTER ([A-Z])", name)
            or re.fullmatch(r"LATIN LETTER SMALL CAPITAL ([A-Z])", name)
            or re.fullmatch(r"TAG LATIN (?:SMALL|CAPITAL) LETTER ([A-Z])", name)
            or re.fullmatch(r"(?:SQUARED|CIRCLED|PARENTHESIZED) LATIN CAPITAL LETTER ([A-Z])", name)
        )
        if match:
            letter = match.group(1)
            found.setdefault(char, letter.lower() if "SMALL" in name else letter)
            continue
        match = re.fullmatch(
            r"LATIN (SMALL|CAPITAL) LETTER ([A-Z]) WITH (?:STROKE|HOOK|TAIL|BAR|MIDDLE TILDE|PALATAL HOOK|RETROFLEX HOOK|"
            r"SWASH TAIL|TOPBAR|CROSSED-TAIL|OBLIQUE STROKE|LONG LEG|LOOP|CURL|DIAGONAL STROKE|FISHHOOK|BELT)",
            name,
        )
        if match:
            found.setdefault(
                char, match.group(2).lower() if match.group(1) == "SMALL" else match.group(2)
            )
    for char, letter in (("🅰", "A"), ("🅱", "B"), ("🅾", "O"), ("🅿", "P"), ("ⓘ", "i"), ("Ⲟ", "O"), ("ⲟ", "o"), ("ꓮ", "A"), ("ꓰ", "E"), ("ꓲ", "I"), ("ꓳ", "O"), ("ꓴ", "U"), ("ꓢ", "S"), ("ꓔ", "T"), ("ꓠ", "N"), ("ꓡ", "L"), ("ꓑ", "P"), ("ꓣ", "R"), ("ꓖ", "G"), ("ꓗ", "K"), ("ꓜ", "Z"), ("ꓝ", "F"), ("ꓟ", "M"), ("ꓦ", "V"), ("ꓪ", "W"), ("ꓫ", "X"), ("ꓬ", "Y"), ("ꓐ", "B"), ("ꓚ", "C"), ("ꓓ", "D"), ("ꓧ", "H"), ("ꓙ", "J")):  # fmt: skip
        if not unicodedata.normalize("NFKC", char).isascii():
            found[char] = letter
    return [
        f"U+{ord(c):04X}\t{letter}\t{unicodedata.name(c)}" for c, letter in sorted(found.items())
    ]


# Letters of other scripts that look like a digit and like no Latin letter.
DIGIT_SHAPES = {
    "\N{CYRILLIC CAPITAL LETTER ZE}": 3, "\N{CYRILLIC SMALL LETTER ZE}": 3,
    "\N{CYRILLIC CAPITAL LETTER ABKHASIAN DZE}": 3, "\N{LATIN CAPITAL LETTER EZH}": 3,
    "\N{LATIN CAPITAL LETTER OPEN E}": 3, "\N{CYRILLIC CAPITAL LETTER CHE}": 4,
    "\N{CYRILLIC SMALL LETTER CHE}": 4, "\N{CYRILLIC SMALL LETTER BE}": 6,
    "\N{LATIN CAPITAL LETTER TONE SIX}": 6, "\N{LATIN SMALL LETTER OU}": 8,
    "\N{LATIN CAPITAL LETTER OU}": 8, "\N{LATIN CAPITAL LETTER TONE TWO}": 2,
    "\N{LATIN CAPITAL LETTER TONE FIVE}": 5,
}  # fmt: skip
HANGZHOU = {0x3007: 0} | {0x3021 + n: n + 1 for n in range(9)}


def digits() -> list[str]:
    """Return the digit lines, in sections: code point, digit, name, for what NFKC does not fold."""
    nd, shown, counting = [], [], []
    for code in range(0x80, 0x20000):
        char = chr(code)
        folded = unicodedata.normalize("NFKC", char)
        name = unicodedata.name(char, "")
        if not name or (folded.isascii() and folded.strip("().,").isdigit() and len(folded) == 1):
            continue
        if code in HANGZHOU:
            counting.append(f"U+{code:04X}\t{HANGZHOU[code]}\t{name}")
        elif unicodedata.category(char) == "Nd":
            nd.append(f"U+{code:04X}\t{unicodedata.decimal(char)}\t{name}")
        elif (value := unicodedata.digit(char, None)) is not None:
            shown.append(f"U+{code:04X}\t{value}\t{name}")
        elif re.search(
            r"COUNTING ROD (?:UNIT|TENS) DIGIT|DINGBAT .*DIGIT ZERO|CIRCLED DIGIT ZERO", name
        ):
            number = unicodedata.numeric(char, -1.0)
            number = number / 10 if "TENS DIGIT" in name else number
            if number in range(10):
                counting.append(f"U+{code:04X}\t{int(number)}\t{name}")
    return [
        "# decimal digits of other scripts (category Nd)", *nd,
        "# digits in circles, brackets, full stops and other shown forms", *shown,
        "# Hangzhou numerals and counting rods", *counting,
        "# Chinese numerals in brackets",
        *(f"U+{0x3220 + n:04X}\t{n + 1}\t{unicodedata.name(chr(0x3220 + n))}" for n in range(9)),
        "# letters that look like a digit",
        *(f"U+{ord(c):04X}\t{d}\t{unicodedata.name(c)}" for c, d in sorted(DIGIT_SHAPES.items())),
    ]  # fmt: skip


def build(words: Path, out: Path) -> None:
    """Write every table below ``out``."""
    made = "Made by training/fold_tables.py."
    fold = simplified_map()
    write(out / "simplified.txt", [
        "Traditional and variant characters to simplified ones: character TAB simplified; one character to one, only where different",
        "Source: OpenCC dictionaries TSCharacters, HKVariants, TWVariants, JPVariants (Apache-2.0, https://github.com/BYVoid/OpenCC)",
        "and training/compiled/variants.txt (compiled). First candidate taken; chains resolved; Cantonese characters kept.", made,
    ], (f"{k}\t{v}" for k, v in fold.items()))  # fmt: skip
    write(out / "homophones.txt", [
        "Characters written for others of the same Cantonese sound: key TAB stand-ins (same Jyutping syllable, any tone; 12 commonest,",
        "then near sounds used online). Traditional and simplified keys.",
        "Source: sounds and commonness from rime-cantonese (CC BY 4.0, https://github.com/rime/rime-cantonese);",
        "near sounds compiled (training/compiled/near_sounds.txt)", made,
    ], homophones(words, fold))  # fmt: skip
    split = [f"{k}\t{v}" for k, v in read_pairs(COMPILED / "split_chars.txt")]
    names = [f"{k}\t{v}" for k, v in read_pairs(COMPILED / "split_names.txt")]
    write(out / "split_names.txt", ["Characters of names and places written apart; too common side by side for words of cues", "Source: compiled from general knowledge", made], names)  # fmt: skip
    write(out / "split_chars.txt", ["Characters written apart: parts TAB character", "Source: compiled from general knowledge", made], split)  # fmt: skip
    write(out / "confusables.txt", [
        "Letters that look like Latin ones and that NFKC does not fold: code point TAB letter TAB Unicode name",
        "Source: Unicode character names (Python unicodedata) and a compiled list", made,
    ], confusables(), keep_order=True)  # fmt: skip
    write(out / "digits.txt", [
        "Characters outside ASCII that stand for one decimal digit and that NFKC does not fold: code point TAB digit TAB Unicode name",
        "Source: Unicode Character Database (Python unicodedata)", made,
    ], digits(), keep_order=True)  # fmt: skip


def main() -> None:
    """Read the command line and build the tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--words", type=Path, required=True, help="rime_cantonese_words.tsv")
    parser.add_argument("--out", type=Path, default=ROOT / "patterns" / "fold")
    args = parser.parse_args()
    build(args.words, args.out)


if __name__ == "__main__":
    main()
