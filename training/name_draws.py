"""Draw Chinese names as they are spread in Hong Kong, in every form of writing, for training."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from name_lists import BOOK, CLOSE, KNOWN, OPEN, entries

from injunction_screen.text import fold


class ChineseNames:
    """Draws Chinese names, nicknames and masked names."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        rows = [r for r in BOOK.lists["gazetteers/surnames"] if len(r) > 2]
        self.surnames = [r[0] for r in rows]
        # The square root lets rare surnames be seen too.
        self.surname_weights = [float(r[1]) ** 0.5 for r in rows]
        self.more = [char for row in entries("names/given_more") for char in row.split()]
        self.tails = [w for w in entries("names/tails") if not w.isascii()]
        self.doubles = [r[0] for r in rows if len(r[0]) == 2]
        self.every_surname = [r[0] for r in rows] + [
            name for row in entries("names/rare_surnames") for name in row.split()
        ]
        self.titles = {
            kind: [w for w, k in KNOWN.after.items() if k == kind]
            for kind in ("sir", "work", "pal", "rank", "kin", "job")
        }
        self.titles["sir"] += [
            "sir",
            "Sir",
            "Miss",
            "生",
            "太",
            "太",
            "生",
            "sir",
            "小姐",
            "先生",
            "官",
        ]
        self.heads = [w for w in KNOWN.before if len(w) > 1]
        self.given = entries("gazetteers/given_names_zh")
        chars = BOOK.lists["gazetteers/given_chars"]
        self.chars = [r[0] for r in chars]
        self.firsts = [float(r[2]) + 0.2 for r in chars]
        self.seconds = [float(r[3]) + 0.2 for r in chars]
        self.transliterated = [w for row in entries("names/transliterated") for w in row.split()]
        english = BOOK.lists["gazetteers/english_given_names"]
        self.plain_english = [r[0] for r in english if len(r) < 2]

    def draws(self) -> dict[str, Callable[[], str]]:
        """How each slot of the templates is filled."""
        return {
            "F": self.full, "G": self.given_zh, "N": self.alias, "A": self.nickname,
            "S": self.surname, "K": self.masked, "M": self.mixed, "U": self.foreign,
            "D": self.house,
        }  # fmt: skip

    def like(self, name: str) -> str:
        """A name of the same make as this one."""
        plain = fold(name, BOOK.folder).text
        if not re.fullmatch("[\u3400-\u9fff]+", plain):
            return self._odd_like(name)
        if len(plain) == 1:
            return self.rng.choice(
                [s for s in (self.surname(), self.surname()) if len(s) == 1] or [name]
            )
        if len(plain) == 2 and plain in KNOWN.surnames:
            return self.rng.choice(self.doubles)
        family = plain[:2] if plain[:2] in KNOWN.surnames and len(plain) > 2 else plain[0]
        if plain[0] in "\u963f\u80a5\u7ec6\u5927\u5c0f\u8001":
            return name[0] + self.character() if len(name) == 2 else name
        if plain[-1] in "\u4ed4\u54e5\u59d0\u53d4\u4f2f\u5ac2\u59e8\u5a46\u7237" and len(plain) < 4:
            return "".join([name[0] if len(name) == 3 else "", self.character(), name[-1]])
        if family in KNOWN.surnames and len(plain) > 2:
            given = self.given_zh()
            return self.surname() + (given if len(plain) - len(family) > 1 else given[-1])
        if len(plain) == 2:
            if plain[0] in KNOWN.surnames and KNOWN.surnames[plain[0]] < 6.5:
                return self.surname() + self.given_zh()[-1]
            return self.given_zh()
        return name

    def _odd_like(self, name: str) -> str:
        """For a name with signs or letters in it: the same signs in a name of the same length."""
        signs = re.findall("[^\u3400-\u9fff]", name)
        chars = re.findall("[\u3400-\u9fff]", name)
        if any(s.isalnum() or s in "\u25cb\u25cf" for s in signs) or not 2 <= len(chars) <= 3:
            return name
        drawn = self.full()
        while len(drawn) != len(chars):
            drawn = self.full()
        drawn = iter(drawn)
        return re.sub("[\u3400-\u9fff]", lambda _: next(drawn), name)

    def character(self) -> str:
        return self.rng.choices(self.chars, self.seconds)[0]

    def surname(self) -> str:
        # Rare ones must be seen too: nothing but their list tells them from words.
        if self.rng.random() < 0.22:
            return self.rng.choice(self.every_surname)
        return self.rng.choices(self.surnames, self.surname_weights)[0]

    def given_zh(self) -> str:
        if self.rng.random() < 0.45:
            return self.rng.choice(self.given)
        first = self.rng.choices(self.chars, self.firsts)[0]
        second = self.rng.choices(self.chars, self.seconds)[0]
        if self.rng.random() < 0.12:
            first = self.rng.choice(self.more)
        if self.rng.random() < 0.12:
            second = self.rng.choice(self.more)
        if self.rng.random() < 0.02:
            return first + first
        # A rare character, as parents like them, that no list of given names has.
        if self.rng.random() < 0.04:
            second = self.rng.choice(
                "翀翯垚甯嬿昉晞煒焯熹熺瑀瑄璟珈珩琋瑨祤禕芃芊苡荍荺蓁薏諾赟鈞鉦鋈頤飏馥騫"
            )
        return first + second

    def full(self) -> str:
        given = self.given_zh()
        surname = self.surname()
        if len(surname) == 1 and self.rng.random() < 0.16:
            given = given[-1]
        if self.rng.random() < 0.01:
            surname += self.surname()
        return surname + given

    def nickname(self) -> str:
        r = self.rng.random()
        char = self.rng.choices(self.chars, self.seconds)[0]
        if r < 0.3:
            return "阿" + char
        if r < 0.38:
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
        words = ALIAS_WORDS
        if r < 0.5:
            return self.nickname()
        return self.rng.choice(words)

    def foreign(self) -> str:
        """A given name of another language in Chinese characters."""
        return self.rng.choice(self.transliterated)

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

    # -- names as they stand in a sentence -------------------------------------------------------

    def titled(self) -> str:
        """A surname before a title, or a full name before one."""
        kind = self.rng.choices(["sir", "work", "pal", "rank", "job"], [52, 22, 8, 12, 6])[0]
        title = self.rng.choice(self.titles[kind])
        gap = " " if title[0].isascii() and self.rng.random() < 0.3 else ""
        name = self.surname() if self.rng.random() < 0.8 else self.full()
        return f"{OPEN}{name}{CLOSE}{gap}{title}"

    def headed(self) -> str:
        """A name behind a title or a word of kin."""
        name = self.full() if self.rng.random() < 0.75 else self.given_zh()
        head = self.rng.choice(self.heads)
        return f"{head}{OPEN}{name}{CLOSE}"

    def two(self) -> str:
        """Two names side by side."""
        glue = self.rng.choice(["同", "同埋", "、", "和", "及", "與", "同"])
        draw = self.rng.choice([self.full, self.full, self.given_zh, self.nickname])
        if self.rng.random() < 0.2:
            title = self.rng.choice(["生", "太", "sir", "小姐"])
            return (
                f"{OPEN}{self.surname()}{CLOSE}{title}{glue}"
                f"{OPEN}{self.surname()}{CLOSE}{self.rng.choice(['生', '太', 'sir', '小姐'])}"
            )
        return f"{OPEN}{draw()}{CLOSE}{glue}{OPEN}{draw()}{CLOSE}"

    def phrase(self) -> str:
        """A person as a sentence may name them, with the name marked."""
        r = self.rng.random()
        for share, draw in (
            (0.25, self.titled), (0.12, self.headed), (0.06, self.two), (0.02, self.parted),
        ):  # fmt: skip
            if r < share:
                return draw()
            r -= share
        if self.rng.random() < 0.03:
            return f"{OPEN}阿{self.rng.choice(self.plain_english)}{CLOSE}"
        draw = self.rng.choices(
            [self.full, self.given_zh, self.nickname, self.masked, self.mixed, self.married],
            [57, 16, 17, 2, 5, 1],
        )[0]
        return f"{OPEN}{draw()}{CLOSE}"

    def firm(self) -> str:
        """A shop, firm, school or street that bears a person's name: no name."""
        r = self.rng.random()
        if r < 0.4:
            return (
                self.surname()
                + self.rng.choice(["記", "氏", "家", "記", "", "太", "師傅"])
                + (self.rng.choice(self.tails))
            )
        draw = self.rng.choice([self.full, self.nickname, self.nickname, self.given_zh])
        return draw() + self.rng.choice(self.tails)

    def house(self) -> str:
        """A dead woman's name as notices give it: of the house of X, born Y."""
        return f"{self.surname()}門{self.surname()}氏{self.given_zh()}"

    def married(self) -> str:
        """A woman's name behind her husband's surname."""
        return self.rng.choice([self.surname(), *"陳黃李張林王"]) + self.full()

    def parted(self) -> str:
        """A full name with a sign or a space between its characters."""
        name = self.full()
        if len(name) != 3:
            return f"{OPEN}{name}{CLOSE}"
        sign = self.rng.choice([" ", " ", ".", "·", "/", "*", "-", "_", "~", "|", "  ", "+", "^"])
        return f"{OPEN}{sign.join(name)}{CLOSE}"

    def as_person(self, word: str) -> str:
        """A phrase for a word of a person (teacher, mother, friend) in a sentence."""
        r = self.rng.random()
        if word in KNOWN.after and len(word) > 1 and r < 0.45:
            return f"{OPEN}{self.surname()}{CLOSE}{word}"
        if r < 0.75:
            draw = self.rng.choice([self.full, self.full, self.given_zh, self.nickname])
            return f"{word}{OPEN}{draw()}{CLOSE}"
        return self.phrase()


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
