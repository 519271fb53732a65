"""Draw romanised, English and other names in Latin letters, for training."""

from __future__ import annotations

import random

from name_lists import BOOK, entries


class LatinNames:
    """Draws names in Latin letters in all their orders, hyphens and capitals."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        rows = [r for r in BOOK.lists["gazetteers/surnames"] if len(r) > 2]
        self.roman = [r[2].split("|") for r in rows]
        self.roman_weights = [float(r[1]) ** 0.5 for r in rows]
        self.all_roman = [form for forms in self.roman for form in forms]
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

    def family(self) -> str:
        form = self.rng.choice(self.rng.choices(self.roman, self.roman_weights)[0])
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
