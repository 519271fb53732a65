"""Put training posts of the name finder together: text with names between private marks."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

from name_draws import ChineseNames
from name_draws_latin import LatinNames
from name_lists import BOOK, CLOSE, HERE, OPEN, entries


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
