"""Put training posts of the name finder together: text with names between private marks."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

from name_draws import ChineseNames
from name_draws_latin import LatinNames
from name_lists import BOOK, CLOSE, HERE, OPEN, entries

# Slots of name_templates.txt and how often a person is written so, by the language of the post.
PERSONS_CHINESE = [
    ("F", 49), ("G", 8), ("A", 10), ("E", 9), ("Q", 10), ("R", 7), ("M", 3), ("W", 2), ("K", 2),
    ("U", 3),
]  # fmt: skip
PERSONS_ENGLISH = [
    ("Q", 30), ("R", 27), ("E", 18), ("W", 16), ("I", 3), ("X", 2), ("B", 2), ("C", 1),
]  # fmt: skip


class Posts:
    """Puts training posts together: text with names between private marks."""

    def __init__(self, data: Path, seed: int, chinese: float = 0.55) -> None:
        self.share = chinese  # of the posts that are Chinese
        self.rng = random.Random(seed)
        self.chinese = ChineseNames(self.rng)
        self.latin = LatinNames(self.rng)
        self.draws = self.chinese.draws() | self.latin.draws()
        self.zh, self.en = templates()
        lists = BOOK.lists
        self.sentences = chinese_sentences(data)
        self.texts = texts(data)
        self.english_sentences = english_sentences(data)
        self.fillers = _fillers() | self.latin.unmarked()
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
            if slot == "firm":
                return self.chinese.firm()
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
                    + self.rng.choice(self.latin.english).lower()
                    + self.rng.choice(["_", "."])
                    + self.rng.choice(self.latin.all_roman).lower().replace(" ", "")
                )
            if slot == "mail":
                return self.rng.choice(self.latin.english).lower() + "@example.com"
            name = self.named(slot, chinese=chinese)
            return OPEN + name + CLOSE

        return re.sub(r"\{(\w+)\}", one, template)

    def named(self, slot: str, *, chinese: bool) -> str:
        if slot == "P":
            return self.person(chinese=chinese)
        return self.draws[slot]()

    def person(self, *, chinese: bool) -> str:
        """A name of any sort, spread as in posts of that language."""
        shares = PERSONS_CHINESE if chinese else PERSONS_ENGLISH
        shares = [(s, n) for s, n in shares if s in self.draws]
        slot = self.rng.choices([s for s, _ in shares], [n for _, n in shares])[0]
        return self.draws[slot]()

    def like(self, name: str) -> str:
        """A name of the same make: full for full, given for given, nickname for nickname."""
        if re.search("[A-Za-z]", name):
            if re.search("[\u3400-\u9fff]", name):
                return self.chinese.like(name)
            return self.latin.like(name)
        return self.chinese.like(name)

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
        chinese = self.rng.random() < self.share
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

    def real_post(self) -> str | None:
        """Ordinary sentences in which words for persons have given way to names."""
        for _ in range(20):
            sentences = self.rng.choice(self.texts)
            places = list(PERSON.finditer(sentences))
            if not places:
                continue
            chosen = self.rng.sample(places, min(len(places), self.rng.choice([1, 1, 2, 3])))
            out, at = [], 0
            for found in sorted(chosen, key=lambda m: m.start()):
                word = found.group()
                if self.rng.random() < 0.06:
                    phrase = self.rng.choice(["", "", "間", "去", "喺"]) + self.chinese.firm()
                elif self.rng.random() < 0.12:
                    phrase = f"{OPEN}{self.person(chinese=True)}{CLOSE}"
                elif word in PRONOUNS:
                    phrase = self.chinese.phrase()
                else:
                    phrase = self.chinese.as_person(word)
                out += [sentences[at : found.start()], phrase]
                at = found.end()
            return "".join([*out, sentences[at:]])
        return None

    def pronoun_post(self) -> str | None:
        """An ordinary sentence whose pronoun has become a name."""
        if self.rng.random() < 0.6:
            for _ in range(20):
                sentence = self.rng.choice(self.sentences)
                places = [m.span() for m in re.finditer("佢(?!哋|地)|[他她](?!們|们)", sentence)]
                if places:
                    a, b = self.rng.choice(places)
                    name = self.person(chinese=True)
                    return f"{sentence[:a]}{OPEN}{name}{CLOSE}{sentence[b:]}"
            return None
        for _ in range(20):
            sentence = self.rng.choice(self.english_sentences)
            places = [m.span() for m in re.finditer(r"\b(?:[Hh]e|[Ss]he|him)\b(?!')", sentence)]
            if places:
                a, b = self.rng.choice(places)
                name = self.person(chinese=False)
                return f"{sentence[:a]}{OPEN}{name}{CLOSE}{sentence[b:]}"
        return None


def carriers(posts: Posts, times: int, without: str = "") -> Iterator[tuple[str, bool, str]]:
    """Whole posts with marked names, as written and ``times`` over with other names in their place.

    A name that stands several times in a post gives way to the same one everywhere.  Tells with
    each post whether it is as written, and its file.  ``without`` names files of ``posts`` to leave
    out, with commas between them.
    """
    for path in sorted((HERE / "posts").glob("*.jsonl")):
        if without == "all" or path.stem in without.split(","):
            continue
        for row in rows(path):
            text = row["text"]
            spans = sorted(
                (d["start"], d["end"]) for d in row["details"] if d["category"] == "name"
            )
            yield _marked(text, spans, {}), True, path.stem
            for _ in range(times if spans else 0):
                other = {text[a:b]: posts.like(text[a:b]) for a, b in spans}
                yield _marked(text, spans, other), False, path.stem


def _marked(text: str, spans: list[tuple[int, int]], other: dict[str, str]) -> str:
    out, at = [], 0
    for a, b in spans:
        if a < at:
            continue
        name = text[a:b]
        out += [text[at:a], OPEN, other.get(name, name), CLOSE]
        at = b
    return "".join([*out, text[at:]])


def _fillers() -> dict[str, list[str]]:
    lines = (HERE / "name_fillers.txt").read_text(encoding="utf-8").splitlines()
    parts = (line.partition("\t") for line in lines if not line.startswith("#"))
    return {slot: words.split("|") for slot, _, words in parts}


def templates() -> tuple[list[str], list[str]]:
    def read(name: str) -> list[str]:
        lines = (HERE / name).read_text(encoding="utf-8").splitlines()
        return [line for line in lines if line and not line.startswith("#")]

    return read("name_templates.txt"), read("name_templates_latin.txt")


PRONOUNS = ("佢", "他", "她")
PERSON = re.compile(
    "佢(?!哋|地)|(?<!其)[他她](?!們|们|人)|老闆娘?|老細|阿媽|媽媽|阿爸|爸爸|老豆|老母|老婆|老公|太太"
    "|男朋友|女朋友|男友|女友|男仔|女仔|條友|條女|朋友|同事|同學|經理|店員|司機|侍應生?|師傅|阿叔|阿婆|阿姐"
    "|阿姨|叔叔|姨姨|阿伯|大佬|細佬|家姐|妹妹|弟弟|老師|醫生|護士|警察|警員|阿[sS]ir|記者|議員|樓主|主席"
    "|校長|客人|師奶|教練|班主任|(?<=[個位名])[男女]人|仔仔|囡囡|秘書|律師|教授|業主|租客|鄰居|保安"
)
TEXTS = ("lihkg_posts", "hkcancor", "openrice_senti", "hk_longtexts")


def rows(path: Path) -> list[dict]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


KEPT = 5  # every so many rows of ordinary text are kept from training: figures are made on them


def ordinary_rows(data: Path, name: str) -> list[dict]:
    """The rows of ordinary text that may be trained on."""
    path = data / "text" / f"{name}.jsonl"
    return [row for number, row in enumerate(rows(path), 1) if number % KEPT]


def chinese_sentences(data: Path) -> list[str]:
    out = []
    for name in TEXTS:
        for row in ordinary_rows(data, name):
            out += [
                s.strip()
                for s in re.split(r"[\n。！？]|  +", row["text"])
                if 4 <= len(s.strip()) <= 60
            ]
    return out


def texts(data: Path) -> list[str]:
    """Pieces of ordinary posts, of one to three sentences."""
    out = []
    for name in TEXTS:
        for row in ordinary_rows(data, name):
            pieces = re.findall(r"[^\n。！？!?]+[\n。！？!?]*", row["text"][:4000])
            out += [
                piece
                for i in range(0, len(pieces), 2)
                if 6 <= len(piece := "".join(pieces[i : i + 2]).strip()) <= 150
            ]
    return out


def english_sentences(data: Path) -> list[str]:
    out = []
    for row in rows(data / "hostile" / "en_edos.jsonl")[:12000]:
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
