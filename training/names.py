"""Train the weights of the name finder: ``injunction_screen/details/name_weights.txt``.

    python training/names.py DATA_FOLDER

Needs numpy, which the library itself does not.  Training posts are of three sorts: invented
carrier sentences (``name_templates.txt``) with names of the gazetteers put in, alone or between
ordinary sentences; ordinary sentences in which a pronoun gives way to a name; and the labelled sets
that DATA.md allows for shipped weights.  Ordinary posts stand as they are for what is no name;
windows of theirs that a first model takes for names are left out, for nobody has labelled them.
Every seed is fixed: the same data gives the same weights.
"""

from __future__ import annotations

import json
import random
import re
import sys
from bisect import bisect_left
from collections import Counter
from pathlib import Path

import numpy as np

from injunction_screen.details.name_lexicon import lexicon
from injunction_screen.details.names import windows
from injunction_screen.patternbook import default_book
from injunction_screen.scan import Scanner
from injunction_screen.text import fold

HERE = Path(__file__).resolve().parent
OUT = HERE.parent / "injunction_screen" / "details" / "name_weights.txt"
BOOK = default_book()
KNOWN = lexicon(BOOK)
SCANNER = Scanner(BOOK)
OPEN, CLOSE = "\ue000", "\ue001"  # private marks around names while a post is put together


def entries(name: str, column: int = 0) -> list[str]:
    return [row[column] for row in BOOK.lists[name] if len(row) > column]


class Names:
    """Draws names the way they are spread in Hong Kong, in every form of writing."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        rows = [r for r in BOOK.lists["gazetteers/surnames"] if len(r) > 2]
        self.surnames = [r[0] for r in rows]
        # The square root lets rare surnames be seen too.
        self.surname_weights = [float(r[1]) ** 0.5 for r in rows]
        self.roman = {r[0]: r[2].split("|") for r in rows}
        self.all_roman = [r for forms in self.roman.values() for r in forms]
        self.given = entries("gazetteers/given_names_zh")
        chars = BOOK.lists["gazetteers/given_chars"]
        self.chars = [r[0] for r in chars]
        self.firsts = [float(r[2]) + 0.2 for r in chars]
        self.seconds = [float(r[3]) + 0.2 for r in chars]
        syllables = BOOK.lists["gazetteers/given_syllables"]
        self.syllables = [r[0] for r in syllables]
        self.syllable_weights = [float(r[1]) ** 0.7 for r in syllables]
        english = BOOK.lists["gazetteers/english_given_names"]
        self.english = [r[0] for r in english]
        self.plain_english = [r[0] for r in english if len(r) < 2]
        self.foreign = [w for r in entries("names/foreign_given_names") for w in r.split()]
        families = " ".join(entries("names/foreign_surnames"))
        self.families = [w for w in families.split() if w not in ("Da", "Dela")]
        self.unknown = _unknown_words(rng)

    def surname(self) -> str:
        return self.rng.choices(self.surnames, self.surname_weights)[0]

    def given_zh(self) -> str:
        if self.rng.random() < 0.45:
            return self.rng.choice(self.given)
        first = self.rng.choices(self.chars, self.firsts)[0]
        second = self.rng.choices(self.chars, self.seconds)[0]
        # A rare character, as parents like them, that no list of given names has.
        if self.rng.random() < 0.04:
            second = self.rng.choice(
                "翀翯垚甯嬿昉晞煒焯熹熺瑀瑄璟珈珩琋瑨祤禕芃芊苡荍荺蓁薏諾赟鈞鉦鋈頤飏馥騫"
            )
        return first + second

    def full(self) -> str:
        given = self.given_zh()
        surname = self.surname()
        if len(surname) == 1 and self.rng.random() < 0.1:
            given = given[-1]
        if self.rng.random() < 0.01:
            surname += self.surname()
        return surname + given

    def family(self) -> str:
        surname = self.surname()
        form = self.rng.choice(self.roman[surname])
        if self.rng.random() < 0.02:
            form += "-" + self.rng.choice(self.families)
        return form

    def english_name(self) -> str:
        r = self.rng.random()
        if r < 0.75:
            return self.rng.choice(self.plain_english)
        if r < 0.88:
            return self.rng.choice(self.english)
        if r < 0.95:
            return self.rng.choice(self.foreign)
        return self.rng.choice(self.unknown)

    def syllable_pair(self) -> list[str]:
        number = 1 if self.rng.random() < 0.08 else 2
        return [
            s.capitalize()
            for s in self.rng.choices(self.syllables, self.syllable_weights, k=number)
        ]

    def romanised(self) -> str:
        family, given = self.family(), self.syllable_pair()
        r = self.rng.random()
        joined = " ".join(given)
        if r < 0.14:
            family = family.upper()
        elif r < 0.28:
            joined = "-".join([given[0], *(g.lower() for g in given[1:])])
        elif r < 0.34:
            joined = "".join([given[0], *(g.lower() for g in given[1:])])
        elif r < 0.38:
            joined = "-".join(given)
        name = f"{family} {joined}"
        r = self.rng.random()
        if r < 0.10:
            name = f"{joined} {family}"
        elif r < 0.13:
            name = f"{joined} {family.upper()}"
        elif r < 0.19:
            name = f"{name}, {self.english_name()}"
        elif r < 0.27:
            name = f"{self.english_name()} {name}"
        elif r < 0.33:
            name = f"{name} {self.english_name()}"
        elif r < 0.36:
            name = f"{self.english_name()} {joined} {family}"
        elif r < 0.38:
            name = f"{family}, {joined}"
        r = self.rng.random()
        if r < 0.14:
            return name.upper()
        if r < 0.19:
            return _leet(name, self.rng)
        return name

    def english_full(self) -> str:
        given = self.english_name()
        name = f"{given} {self.family()}"
        r = self.rng.random()
        if r < 0.03:
            name = f"{given} {self.rng.choice('ABCDEFGHJKLMPRSTWY')}. {self.family()}"
        elif r < 0.06:
            name = f"{given} {self.rng.choice(self.english)} {self.family()}"
        r = self.rng.random()
        return name.upper() if r < 0.08 else name

    def given_roman(self) -> str:
        """A romanised given name of two syllables, as people call each other by."""
        pair = [
            s.capitalize() for s in self.rng.choices(self.syllables, self.syllable_weights, k=2)
        ]
        return (" " if self.rng.random() < 0.8 else "-").join(pair)

    def western(self) -> str:
        given = self.rng.choice(self.foreign if self.rng.random() < 0.6 else self.plain_english)
        family = self.rng.choice(self.families if self.rng.random() < 0.7 else self.unknown)
        if self.rng.random() < 0.05:
            family = f"{self.rng.choice(self.families)} {family}"
        name = f"{given} {family}"
        return name.upper() if self.rng.random() < 0.05 else name

    def lower(self) -> str:
        r = self.rng.random()
        if r < 0.45:
            return f"{self.family()} {' '.join(self.syllable_pair())}".lower()
        if r < 0.8:
            return f"{self.rng.choice(self.plain_english)} {self.family()}".lower()
        return self.rng.choice(self.plain_english).lower()

    def capitals(self) -> str:
        r = self.rng.random()
        name = self.romanised() if r < 0.6 else self.english_full()
        return name.upper()

    def nickname(self) -> str:
        r = self.rng.random()
        char = self.rng.choices(self.chars, self.seconds)[0]
        if r < 0.3:
            return "阿" + char
        if r < 0.36:
            return "阿" + self.rng.choice(self.plain_english)
        if r < 0.45:
            return self.rng.choice(["小", "小", "大", "老", "細"]) + self.rng.choice(
                [char, self.surname()[0]]
            )
        if r < 0.62:
            return char + self.rng.choice(
                ["仔", "哥", "姐", "叔", "伯", "嫂", "姨", "少", "爺", "妹"]
            )
        if r < 0.75:
            return "肥" + char
        fronts = [r[0] for r in BOOK.lists["names/nicknames"] if r[1] == "front" and len(r[0]) > 1]
        if r < 0.92:
            return self.rng.choice(fronts) + char
        return "阿" + char + self.rng.choice(["仔", "哥", "姐", "伯", "叔"])

    def alias(self) -> str:
        """An odd nickname that only its label shows."""
        r = self.rng.random()
        words = [w for w in ALIAS_WORDS if len(w) <= 3]
        if r < 0.5:
            return self.nickname()
        return self.rng.choice(words)

    def masked(self) -> str:
        surname = self.surname()
        given = self.given_zh()
        mask = self.rng.choice(["X", "X", "x", "○", "O", "*", "某", "7", "8", "1"])
        r = self.rng.random()
        if r < 0.4:
            return surname + mask + given[-1]
        if r < 0.7:
            return surname + given[0] + mask
        return surname + mask + mask

    def mixed(self) -> str:
        given = self.rng.choice(self.plain_english)
        r = self.rng.random()
        if r < 0.7:
            return given + self.surname()
        return self.surname() + given

    def person(self, *, chinese: bool) -> str:
        r = self.rng.random()
        if chinese:
            for share, draw in (
                (0.49, self.full), (0.08, self.given_zh), (0.10, self.nickname),
                (0.09, self.english_name),
                (0.10, self.english_full), (0.07, self.romanised), (0.03, self.mixed),
                (0.02, self.western), (0.02, self.masked),
            ):  # fmt: skip
                if r < share:
                    return draw()
                r -= share
            return self.full()
        for share, draw in (
            (0.34, self.english_full), (0.28, self.romanised), (0.20, self.english_name),
            (0.13, self.western),
            (0.03, lambda: f"Ah {self.syllable_pair()[0]}"),
        ):  # fmt: skip
            if r < share:
                return draw()
            r -= share
        return self.english_full()


ALIAS_WORDS = [
    "飛龍",
    "暴龍",
    "大狼",
    "黑豹",
    "白鴿",
    "夜鷹",
    "火鳳",
    "豆豆",
    "果果",
    "貝貝",
    "球球",
    "阿鬼",
    "銀狐",
    "老虎",
    "黑面",
    "紅豆",
    "肥貓",
    "蝦頭",
    "火鍋",
    "雷公",
    "冬瓜",
    "番薯",
    "木頭",
    "石頭",
    "胖虎",
    "神燈",
    "刀疤",
    "瘋狗",
    "齙牙",
    "雪糕",
    "西瓜",
    "榴槤",
    "咖啡",
    "小丸子",
    "飯團",
    "麻雀",
    "飛機",
    "坦克",
    "大炮",
    "機關槍",
    "鐵頭",
    "鐵馬",
    "白頭",
    "光頭",
    "神探",
    "判官",
    "太子",
    "軍師",
    "師爺",
    "教父",
    "財神",
    "傻強",
    "喪標",
    "冷面",
    "黑仔",
    "白粉",
    "火爆",
    "毒蛇",
    "蟋蟀",
    "螞蟻",
]


def _leet(name: str, rng: random.Random) -> str:
    swaps = {"o": "0", "a": "@", "e": "3", "i": "1", "O": "0", "A": "4"}
    return "".join(
        swaps[c] if c in swaps and i and rng.random() < 0.6 else c for i, c in enumerate(name)
    )


def _unknown_words(rng: random.Random) -> list[str]:
    """Made-up family names of Western build, so that names of no list are seen in training."""
    heads = [
        "Hart",
        "Black",
        "Ash",
        "Brad",
        "Cald",
        "Der",
        "El",
        "Far",
        "Gar",
        "Hal",
        "Kel",
        "Lang",
        "Mal",
        "Nor",
        "Ol",
        "Pem",
        "Quin",
        "Rad",
        "Sher",
        "Thorn",
        "Under",
        "Van",
        "Wal",
        "Yar",
        "Bren",
        "Cor",
        "Dun",
        "Fen",
        "Grim",
        "Hol",
        "Ken",
        "Lin",
        "Mor",
        "Pres",
        "Ros",
        "Stan",
        "Tre",
        "Wex",
        "Zim",
        "Kow",
        "Mir",
        "Pet",
        "Sok",
        "Bal",
        "Chau",
        "Gur",
        "Rej",
    ]
    tails = [
        "low",
        "ley",
        "ton",
        "well",
        "man",
        "ford",
        "worth",
        "wood",
        "field",
        "son",
        "by",
        "combe",
        "ridge",
        "stead",
        "more",
        "ham",
        "wick",
        "ski",
        "vic",
        "ovic",
        "ez",
        "ino",
        "elli",
        "sen",
        "berg",
        "stein",
        "mann",
        "aux",
        "eau",
        "as",
        "ung",
        "am",
        "ari",
        "iyan",
        "adi",
        "oor",
    ]
    return [h + t for h in heads for t in rng.sample(tails, 14)]


class Posts:
    """Puts training posts together: text with names between private marks."""

    def __init__(self, data: Path, seed: int) -> None:
        self.rng = random.Random(seed)
        self.names = Names(self.rng)
        self.zh, self.en = _templates()
        lists = BOOK.lists
        self.sentences = _sentences(data)
        self.english_sentences = _english_sentences(data)
        self.fillers = _fillers()
        for slot, name in (("place", "gazetteers/places"), ("sch", "gazetteers/schools")):
            self.fillers[slot] = entries(name) + entries(name, 1)
        self.streets = lists["gazetteers/streets"]
        self.estates = lists["gazetteers/estates"]

    def fill(self, template: str, *, chinese: bool) -> str:
        def one(found: re.Match[str]) -> str:
            slot = found.group(1)
            if slot in self.fillers:
                return self.rng.choice(self.fillers[slot])
            if slot == "addr":
                return self.address(chinese=chinese)
            if slot == "n":
                return str(self.rng.randrange(3, 80))
            if slot == "tel":
                number = f"{self.rng.choice('235679')}{self.rng.randrange(10**6, 10**7):07d}"
                return self.rng.choice(
                    [number, f"{number[:4]} {number[4:]}", f"{number[:4]}-{number[4:]}"]
                )
            if slot == "id":
                return str(self.rng.randrange(1000, 99999))
            if slot == "handle":
                return (
                    self.rng.choice(["@", ""])
                    + self.rng.choice(self.names.english).lower()
                    + self.rng.choice(["_", "."])
                    + self.rng.choice(self.names.all_roman).lower().replace(" ", "")
                )
            if slot == "mail":
                return self.rng.choice(self.names.english).lower() + "@example.com"
            name = self.named(slot, chinese=chinese)
            return OPEN + name + CLOSE

        return re.sub(r"\{(\w+)\}", one, template)

    def named(self, slot: str, *, chinese: bool) -> str:
        names = self.names
        draw = {
            "F": names.full, "G": names.given_zh, "N": names.alias, "S": names.surname,
            "R": names.romanised,
            "Q": names.english_full, "E": names.english_name, "L": names.family, "W": names.western,
            "V": lambda: self.rng.choice(names.families), "K": names.masked, "M": names.mixed,
            "l": names.lower, "J": names.capitals, "Y": lambda: names.syllable_pair()[0],
            "T": names.given_roman,
        }  # fmt: skip
        if slot == "P":
            return names.person(chinese=chinese)
        return draw[slot]()

    def address(self, *, chinese: bool) -> str:
        street, estate = self.rng.choice(self.streets), self.rng.choice(self.estates)
        n = self.rng.randrange(1, 200)
        if chinese:
            return self.rng.choice(
                [
                    f"{street[0]}{n}號",
                    f"{estate[0]}{n % 9 + 1}座{n}樓",
                    f"{estate[0]}",
                    f"{self.rng.choice(self.fillers['place'])}{street[0]}{n}號{estate[0]}",
                ]
            )
        road, house = street[-1], estate[-1]
        return self.rng.choice(
            [
                f"{n} {road}",
                f"Flat {n % 8 + 1}B, {n % 30}/F, {house}",
                house,
                f"{n} {road}, {self.rng.choice(self.fillers['place'])}",
            ]
        )

    def post(self) -> str:
        chinese = self.rng.random() < 0.55
        templates = self.zh if chinese else self.en
        parts = []
        for _ in range(self.rng.choice([1, 1, 2, 2, 3])):
            part = self.fill(self.rng.choice(templates), chinese=chinese)
            if not chinese and self.rng.random() < 0.25:
                part = (
                    part
                    + " "
                    + self.rng.choice(
                        [
                            "yesterday",
                            "again",
                            "tonight",
                            "now",
                            "please",
                            "and we saw it",
                            "as usual",
                            "after work",
                        ]
                    )
                )
            parts.append(part)
        if self.rng.random() < 0.5:
            pool = self.sentences if chinese or self.rng.random() < 0.1 else self.english_sentences
            parts.insert(self.rng.randrange(len(parts) + 1), self.rng.choice(pool))
        glue = self.rng.choice(
            ["，", "。", "\n", " ", "！", "，"] if chinese else [". ", "\n", ", ", "! ", ". "]
        )
        return glue.join(parts).replace("\\n", "\n").replace("\\t", "\t")

    def pronoun_post(self) -> str | None:
        """An ordinary sentence whose pronoun has become a name."""
        if self.rng.random() < 0.6:
            for _ in range(20):
                sentence = self.rng.choice(self.sentences)
                places = [m.span() for m in re.finditer("佢(?!哋|地)|[他她](?!們|们)", sentence)]
                if places:
                    a, b = self.rng.choice(places)
                    name = self.names.person(chinese=True)
                    return f"{sentence[:a]}{OPEN}{name}{CLOSE}{sentence[b:]}"
            return None
        for _ in range(20):
            sentence = self.rng.choice(self.english_sentences)
            places = [m.span() for m in re.finditer(r"\b(?:[Hh]e|[Ss]he|him)\b(?!')", sentence)]
            if places:
                a, b = self.rng.choice(places)
                name = self.names.person(chinese=False)
                return f"{sentence[:a]}{OPEN}{name}{CLOSE}{sentence[b:]}"
        return None


def _fillers() -> dict[str, list[str]]:
    lines = (HERE / "name_fillers.txt").read_text(encoding="utf-8").splitlines()
    rows = (line.partition("\t") for line in lines if not line.startswith("#"))
    return {slot: words.split("|") for slot, _, words in rows}


def _templates() -> tuple[list[str], list[str]]:
    zh: list[str] = []
    en: list[str] = []
    side = zh
    for line in (HERE / "name_templates.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("# -- "):
            side = en if "English" in line else zh
        elif line and not line.startswith("#"):
            side.append(line)
    return zh, en


TEXTS = ("lihkg_posts", "hkcancor", "openrice_senti", "hk_longtexts")


def _rows(path: Path) -> list[dict]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _sentences(data: Path) -> list[str]:
    out = []
    for name in TEXTS:
        for row in _rows(data / "text" / f"{name}.jsonl"):
            out += [
                s.strip()
                for s in re.split(r"[\n。！？]|  +", row["text"])
                if 4 <= len(s.strip()) <= 60
            ]
    return out


def _english_sentences(data: Path) -> list[str]:
    out = []
    for row in _rows(data / "hostile" / "en_edos.jsonl")[:12000]:
        out += [
            s.strip()
            for s in re.split(r"(?<=[.!?])\s|\n", row["text"])
            if 12 <= len(s.strip()) <= 160 and "[" not in s
        ]
    return out


def chatter(data: Path, posts: Posts, number: int = 700) -> list[str]:
    """Cantonese chat in Latin letters, which is full of syllables and holds no names."""
    sounds: dict[str, str] = {}
    for line in (
        (data / "words" / "rime_cantonese_words.tsv").read_text(encoding="utf-8").splitlines()
    ):
        word, _, jyutping = line.partition("\t")
        syllables = re.sub(r"[1-6]", "", jyutping).split()
        if len(syllables) == len(word):
            for char, sound in zip(word, syllables, strict=True):
                sounds.setdefault(char, sound)
    loose = str.maketrans({"j": "y", "z": "j", "c": "ch"})
    out = []
    for _ in range(number):
        sentence = posts.rng.choice(posts.sentences)
        parts = [sounds.get(c, c if c in "，,。 " else "") for c in sentence]
        text = re.sub(" +", " ", " ".join(p for p in parts if p)).replace(" ，", ",")
        out.append(text.translate(loose) if posts.rng.random() < 0.7 else text)
    return out


# -- labelled sets ----------------------------------------------------------------------------


def hkcancor(data: Path) -> list[tuple[str, list[tuple[int, int]], list[tuple[int, int]]]]:
    out = []
    for row in _rows(data / "ner" / "hkcancor.jsonl"):
        spans = [[s["start"], s["end"]] for s in row["spans"] if s["label"] == "PER"]
        merged: list[list[int]] = []
        for a, b in sorted(spans):
            # Surname and given name are two spans there.
            if merged and merged[-1][1] == a and merged[-1][1] - merged[-1][0] <= 2:
                merged[-1][1] = b
            else:
                merged.append([a, b])
        out.append((row["text"], [tuple(s) for s in merged], []))
    return out


_TOKEN_GAP = re.compile(r" (?=(?:[,.!?;:)]|'s\b|n't\b|'\w))")
_TITLE = re.compile(
    r"(?:President|Prime Minister|PM|Mr|Mrs|Ms|Dr|Sir|Lord|Lady|Miss|Prof|Professor|Sen|Senator"
    r"|Gov|Governor|King|Queen|Prince|Princess|Pope|Justice|Judge|Minister|Mayor|Captain|Capt|St"
    r"|Rev|Gen|General)\.? (?=\S)"
)


def tweets(data: Path, name: str) -> list[tuple[str, list[tuple[int, int]], list[tuple[int, int]]]]:
    out = []
    for row in _rows(data / "ner" / f"{name}.jsonl"):
        if name == "wnut17" and "test" in row["id"]:
            continue
        text = row["text"]
        marks: list[tuple[int, int, bool]] = []
        for span in row["spans"]:
            a, b = span["start"], span["end"]
            if span["label"] != "PER":
                continue
            word = text[a:b]
            found = _TITLE.match(word)
            if found:
                a += found.end()
                word = text[a:b]
            odd = (
                bool(re.search(r"[@#_\d]| of |^the |^The ", word)) or "@" in text[max(0, a - 2) : a]
            )
            marks.append((a, b, odd))
        # Bring the tokens together again as people write them, and the marks with them.
        cuts = [gap.start() for gap in _TOKEN_GAP.finditer(text)]
        whole = _TOKEN_GAP.sub("", text)
        spans = [(a - bisect_left(cuts, a), b - bisect_left(cuts, b), odd) for a, b, odd in marks]
        good = [(a, b) for a, b, odd in spans if not odd]
        out.append((whole, good, [(a, b) for a, b, odd in spans if odd]))
    return out


# -- examples ---------------------------------------------------------------------------------


JUDGED = frozenset((HERE / "compiled" / "name_judged.txt").read_text(encoding="utf-8").split())
_MARGIN = re.compile(r"[FT]\dm(-?\d+)$")


_TITLED = frozenset(f"t{w}" for w in (*KNOWN.after, *KNOWN.after_latin) if len(w) > 1)


def text_of(text: str, window) -> str:
    return text[window.start : window.end]


def likely(window) -> bool:
    """Whether a window has the make of a full name, whatever stands around it."""
    if window.kind in "XM":
        return True
    if window.kind == "T" and any(f in _TITLED for f in window.features):
        return True
    if window.kind in "FT":
        margins = [int(m.group(1)) for f in window.features if (m := _MARGIN.match(f))]
        return margins[0] >= (3 if window.kind == "F" else 2)
    if window.kind == "R" and not any(f.startswith("Rplace") for f in window.features):
        return bool(re.fullmatch(r"k(?:[eb][eb]?[szbw]{1,2}|[szb][szyb]{2})", window.features[0]))
    return False


class Table:
    """Windows as rows of feature numbers, with label, weight and whether their post is labelled."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {"": 0}
        self.counts: Counter[int] = Counter()
        self.rows: list[list[int]] = []
        self.labels: list[int] = []
        self.weights: list[float] = []
        self.open: list[bool] = []
        self.words: list[str] = []

    def add(self, text: str, spans, skip, weight: float, unlabelled: bool = False) -> None:
        folded = fold(text, BOOK.folder)
        gold = {(folded.canonical(a), folded.canonical(b)) for a, b in spans}
        for w in windows(SCANNER.read(folded), KNOWN):
            a, b = folded.span(w.start, w.end)
            if any(a < y and x < b for x, y in skip):
                continue
            hit = (w.start, w.end) in gold
            near = any(w.start < y and x < w.end for x, y in gold)
            # Nobody has labelled these, and most that look so much like a name are one.
            if unlabelled and not near and text_of(folded.text, w) not in JUDGED and likely(w):
                continue
            row = [0]
            for feature in dict.fromkeys(w.features):
                row.append(self.numbers.setdefault(feature, len(self.numbers)))
            self.rows.append(row)
            self.labels.append(int(hit))
            self.weights.append(weight)
            around = folded.text[max(0, w.start - 6) : w.end + 6]
            self.words.append(f"{w.kind}\t{text_of(folded.text, w)}\t{around!r}")
            self.open.append(unlabelled and not hit and not near)


def unmark(text: str) -> tuple[str, list[tuple[int, int]]]:
    out, spans, at, start = [], [], 0, 0
    for char in text:
        if char == OPEN:
            start = at
        elif char == CLOSE:
            spans.append((start, at))
        else:
            out.append(char)
            at += 1
    return "".join(out), spans


def examples(data: Path, number: int) -> Table:
    table = Table()
    posts = Posts(data, seed=7)
    for _ in range(number):
        table.add(*unmark(posts.post()), [], 1.0, unlabelled=True)
    for _ in range(number // 3):
        post = posts.pronoun_post()
        if post:
            table.add(*unmark(post), [], 0.7, unlabelled=True)
    print("made", len(table.rows), sum(table.labels), file=sys.stderr)
    for text in chatter(data, posts):
        table.add(text, [], [], 1.0)
    for text, spans, skip in hkcancor(data):
        table.add(text, spans, skip, 1.0)
    for name in ("btc", "wnut17"):
        for text, spans, skip in tweets(data, name):
            table.add(text, spans, skip, 0.4)
    print("labelled", len(table.rows), sum(table.labels), file=sys.stderr)
    for name in TEXTS:
        for row in _rows(data / "text" / f"{name}.jsonl"):
            if name != "hkcancor":
                table.add(row["text"][:1500], [], [], 1.0, unlabelled=True)
    for row in _rows(data / "hostile" / "en_edos.jsonl")[12000:18000]:
        table.add(row["text"], [], [], 0.7, unlabelled=True)
    print("all", len(table.rows), sum(table.labels), len(table.numbers), file=sys.stderr)
    return table


# -- training ---------------------------------------------------------------------------------


def fit(rows, labels, weights, size: int, *, rounds: int, l1: float, l2: float) -> np.ndarray:
    """Logistic regression by full-batch Adam with a proximal step for L1."""
    lengths = np.array([len(r) for r in rows])
    index = np.fromiter((i for r in rows for i in r), dtype=np.int64, count=int(lengths.sum()))
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    y, s = np.asarray(labels, float), np.asarray(weights, float)
    total = s.sum()
    w, m, v = np.zeros(size), np.zeros(size), np.zeros(size)
    for step in range(1, rounds + 1):
        z = np.add.reduceat(w[index], starts)
        p = 1 / (1 + np.exp(-np.clip(z, -30, 30)))
        g = (
            np.bincount(index, weights=np.repeat((p - y) * s, lengths), minlength=size) / total
            + l2 * w
        )
        m = 0.9 * m + 0.1 * g
        v = 0.99 * v + 0.01 * g * g
        rate = 0.15 * (1 - step / rounds) + 0.002
        scale = rate / (np.sqrt(v / (1 - 0.99**step)) + 1e-7)
        w -= scale * m / (1 - 0.9**step)
        shrink = np.minimum(scale, 50.0) * l1
        shrink[0] = 0
        w = np.sign(w) * np.maximum(np.abs(w) - shrink, 0)
        if step % 50 == 0:
            loss = -(s * (y * np.log(p + 1e-9) + (1 - y) * np.log(1 - p + 1e-9))).sum() / total
            print(step, round(loss, 5), int((np.abs(w) > 0.02).sum()), file=sys.stderr)
    return w


# An unlabelled window that a first model finds likelier than this is left out, by its kind.
DOUBTFUL = {
    "F": -2.5,
    "T": -2.0,
    "X": -4.0,
    "R": -2.5,
    "M": -2.0,
    "K": -1.0,
    "E": -1.5,
    "G": 0.0,
    "A": 0.0,
    "B": 0.0,
    "L": 1.0,
}


def report(table: Table, z: np.ndarray, doubtful: np.ndarray) -> None:
    """Write the windows left out beside the weights' sources, for a look."""
    if len(sys.argv) > 3:
        lines = [f"{z[i]:.1f}\t{table.words[i]}" for i in np.flatnonzero(doubtful)]
        Path(sys.argv[3]).write_text("\n".join(lines), encoding="utf-8")


def train(table: Table) -> dict[str, float]:
    counts = Counter(i for row in table.rows for i in row)
    kept = {i for i, n in counts.items() if n >= 4} | {0}
    rows = [[i for i in row if i in kept] for row in table.rows]
    size = len(table.numbers)
    labels, weights = np.array(table.labels), np.array(table.weights)
    unlabelled = np.array(table.open) & (labels == 0)
    first = np.where(unlabelled, 0.3 * weights, weights)
    w = fit(rows, labels, first, size, rounds=150, l1=1.5e-6, l2=1e-6)
    z = np.array([w[row].sum() for row in rows])
    limits = np.array([DOUBTFUL.get(words.split("\t")[0], 0.0) for words in table.words])
    judged = set((HERE / "compiled" / "name_judged.txt").read_text(encoding="utf-8").split())
    known = np.array([words.split("\t")[1] in judged for words in table.words])
    doubtful = unlabelled & (z > limits) & ~known
    weights = np.where(unlabelled & known, 2 * weights, weights)
    report(table, z, doubtful)
    print("left out of the second round:", int(doubtful.sum()), file=sys.stderr)
    sure = np.flatnonzero(~doubtful)
    w = fit(
        [rows[i] for i in sure], labels[sure], weights[sure], size, rounds=300, l1=1.5e-6, l2=1e-6
    )
    names = {i: name for name, i in table.numbers.items()}
    return {names[i]: float(w[i]) for i in range(size) if abs(w[i]) >= 0.05 or i == 0}


def write(weights: dict[str, float]) -> None:
    lines = ["# Weights of the name finder, in hundredths, by feature. Made by training/names.py."]
    for feature, value in sorted(weights.items()):
        name = feature.replace("\n", "\\n")
        lines.append(f"{name}\t{round(value * 100)}")
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write(train(examples(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 26000)))
