"""Draw romanised, English and other names in Latin letters, for training."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from name_lists import BOOK, KNOWN, entries


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
        self.roman_one = [form for forms in self.roman for form in forms[:1] if " " not in form]

    def draws(self) -> dict[str, Callable[[], str]]:
        """How each slot of the templates is filled."""
        return {
            "R": self.romanised, "Q": self.english_full, "E": self.english_name,
            "L": self.family, "W": self.western, "V": lambda: self.rng.choice(self.families),
            "l": self.lower, "J": self.capitals, "Y": lambda: self.syllable_pair()[0],
            "T": self.given_roman, "H": lambda: f"Ah {self.syllable_pair()[0]}",
            "I": self.with_initials, "X": self.with_initial, "B": self.byname, "Z": self.any_family,
            "C": self.family_first, "O": lambda: self.family().lower(),
        }  # fmt: skip

    def unmarked(self) -> dict[str, list[str]]:
        """Names for slots that stand for no person: a dog, a shop, a street, a storm."""
        given = self.plain_english + self.foreign[::8]
        return {"given": given, "fam": self.families[::4] + self.roman_one}

    def like(self, name: str) -> str:
        """A name of the same make as this one: as many parts, capitals, hyphens as it has."""
        parts = re.split(r"([ ,.-]+)", name)
        words = parts[::2]
        if not all(word.isalpha() for word in words):
            return name
        out = []
        for i, word in enumerate(words):
            types = KNOWN.latin.get(word.lower(), "")
            if len(word) == 1:
                drawn = self.rng.choice("ABCDEFGHJKLMPRSTWY") if word.isupper() else word
            elif word.lower() in KEPT:
                drawn = word
            elif "e" in types and (len(words) == 1 or "s" not in types):
                drawn = self.english_name()
            elif "s" in types:
                drawn = self.family()
            elif "y" in types:
                drawn = self.syllable_pair()[0]
            elif "w" in types:
                drawn = self.rng.choice(self.families)
            elif word[0].isupper() and word.lower() not in KNOWN.english:
                drawn = self.rng.choice(self.foreign if i == 0 else self.families)
            else:
                drawn = word
            if word.isupper() and len(word) > 1:
                drawn = drawn.upper()
            elif word.islower():
                drawn = drawn.lower()
            out.append(drawn)
        for i, word in enumerate(out):
            parts[2 * i] = word
        return "".join(parts)

    def family(self) -> str:
        form = self.rng.choice(self.rng.choices(self.roman, self.roman_weights)[0])
        r = self.rng.random()
        if r < 0.025:
            form += "-" + self.rng.choice(self.families)
        elif r < 0.035:
            form = _leet(form, self.rng)
        return form

    def english_name(self) -> str:
        r = self.rng.random()
        if r < 0.62:
            return self.rng.choice(self.plain_english)
        if r < 0.74:
            return self.rng.choice(self.english)
        if r < 0.96:
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
        name = self._in_some_order(family, joined)
        r = self.rng.random()
        if r < 0.14:
            return name.upper()
        if r < 0.19:
            return _leet(name, self.rng)
        return name

    def _in_some_order(self, family: str, joined: str) -> str:
        """Family name and given name in one of the orders, with an English name or without."""
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
        elif r < 0.41:
            name = f"{joined} {self.english_name()} {family}"
        elif r < 0.43:
            name = f"{family} {self.family()} {joined}"  # the husband's name before one's own
        return name

    def english_full(self) -> str:
        given = self.english_name()
        r = self.rng.random()
        if r < 0.05:  # many a family name is a given name in Hong Kong
            given = self.rng.choice(self.families if r < 0.035 else self.unknown)
        elif r < 0.06:
            given = _leet(given, self.rng)
        elif r < 0.07:
            given = f"{given}-{self.rng.choice(self.plain_english)}"
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
        if self.rng.random() < 0.1:
            pair = pair[:1] * 2  # Hei Hei
        return (" " if self.rng.random() < 0.8 else "-").join(pair)

    def western(self) -> str:
        given = self.rng.choice(self.foreign if self.rng.random() < 0.6 else self.plain_english)
        family = self.rng.choice(self.families if self.rng.random() < 0.85 else self.unknown)
        r = self.rng.random()
        if r < 0.05:
            family = f"{self.rng.choice(self.families)} {family}"
        elif r < 0.10:
            family = f"{family}-{self.any_family()}"
        elif r < 0.14:
            family = f"{self.rng.choice(sorted(PARTICLES_DRAWN))} {family}"
        elif r < 0.17:
            given = f"{given}-{self.rng.choice(self.plain_english)}"
        elif r < 0.20:
            given = f"{given} {self.rng.choice(self.foreign)}"
        elif r < 0.23:
            given = f"{given} {self.rng.choice('ABCDEFGHJKLMPRSTW')}."
        name = f"{given} {family}"
        r = self.rng.random()
        if r < 0.04:
            name = f"{family} {given}"
        return name.upper() if r > 0.94 else name

    def any_family(self) -> str:
        """A family name of any origin, as it stands behind a title or in a second mention."""
        r = self.rng.random()
        if r < 0.5:
            return self.family()
        if r < 0.56:
            return f"{self.rng.choice(self.families)}-{self.rng.choice(self.families)}"
        return self.rng.choice(self.families if r < 0.95 else self.unknown)

    def with_initials(self) -> str:
        """A family name with the initials of the given names: K. W. Chan, TM Lee, Chan T.M."""
        letters = self.rng.choices("ABCDEFGHJKLMNPRSTWY", k=self.rng.choice([1, 2, 2, 2, 3]))
        family = self.any_family()
        r = self.rng.random()
        if r < 0.45:
            return f"{'. '.join(letters)}. {family}"
        if r < 0.6:
            return f"{'.'.join(letters)}. {family}"
        if r < 0.75:
            return f"{'.'.join(letters)}.{family}" if r < 0.65 else f"{' '.join(letters)} {family}"
        if r < 0.88 and len(letters) == 2:
            return f"{''.join(letters)} {family}"
        if r < 0.94:
            return f"{family} {'.'.join(letters)}."
        return f"{family} {' '.join(letters)}"

    def with_initial(self) -> str:
        """A given name and the initial of the family name: Nadia R. or Lily S without."""
        point = "." if self.rng.random() < 0.75 else ""
        return f"{self.english_name()} {self.rng.choice('BCDFGHKLMNPRSTWY')}{point}"

    def byname(self) -> str:
        """What people call each other: Ah Keung, Old Pang, Big Sean, Skinny Ping."""
        syllable = self.syllable_pair()[0]
        r = self.rng.random()
        if r < 0.4:
            return f"Ah {syllable}"
        if r < 0.85:
            tail = self.rng.choice([syllable, self.family(), self.rng.choice(self.plain_english)])
            return f"{self.rng.choice(BYNAMES)} {tail}"
        return f"{syllable} {self.rng.choice(['Gor', 'Jai', 'Je', 'Suk', 'Sou', 'Mui', 'Jeh'])}"

    def family_first(self) -> str:
        """Family name, romanised given name and an English name behind a comma."""
        given = self.syllable_pair()
        joined = " ".join(given)
        if self.rng.random() < 0.4:
            joined = "-".join([given[0], *(g.lower() for g in given[1:])])
        family = self.family()
        r = self.rng.random()
        if r < 0.5:
            return f"{family} {joined}, {self.rng.choice(self.plain_english)}"
        if r < 0.75:
            return f"{family}, {joined}"
        return f"{self.any_family()}, {self.rng.choice(self.plain_english + self.foreign)}"

    def lower(self) -> str:
        r = self.rng.random()
        if r < 0.4:
            return f"{self.family()} {' '.join(self.syllable_pair())}".lower()
        if r < 0.45:
            return f"{self.english_name()} {self.any_family()}".lower()
        if r < 0.75:
            return f"{self.rng.choice(self.plain_english)} {self.family()}".lower()
        return self.rng.choice(self.plain_english).lower()

    def capitals(self) -> str:
        r = self.rng.random()
        name = self.romanised() if r < 0.6 else self.english_full()
        return name.upper()


# Words inside a name that stay what they are when another name takes its place.
KEPT = frozenset(
    ["ah", "old", "little", "big", "fat", "skinny", "lao", "siu", "dai", "sai", "gor", "jai", "jr"]
    + [word for word, kind in KNOWN.contexts.items() if kind == "particle"]
)
BYNAMES = ("Old", "Little", "Big", "Fat", "Skinny", "Tall", "Small", "Lao", "Siu", "Dai", "Sai",
           "Young", "Fatty", "Baldy")  # fmt: skip
PARTICLES_DRAWN = ("binti", "bin", "de", "van", "Binti", "Bin", "De", "von", "da", "del", "van der")


def _leet(name: str, rng: random.Random) -> str:
    swaps = {"o": "0", "a": "@4", "e": "3", "i": "1", "O": "0", "A": "4@", "E": "3", "I": "1"}
    return "".join(
        rng.choice(swaps[c]) if c in swaps and i and rng.random() < 0.6 else c
        for i, c in enumerate(name)
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
