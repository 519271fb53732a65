"""Draw Chinese names as they are spread in Hong Kong, in every form of writing, for training."""

from __future__ import annotations

import random

from name_lists import BOOK, entries


class ChineseNames:
    """Draws Chinese names, nicknames and masked names."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        rows = [r for r in BOOK.lists["gazetteers/surnames"] if len(r) > 2]
        self.surnames = [r[0] for r in rows]
        # The square root lets rare surnames be seen too.
        self.surname_weights = [float(r[1]) ** 0.5 for r in rows]
        self.given = entries("gazetteers/given_names_zh")
        chars = BOOK.lists["gazetteers/given_chars"]
        self.chars = [r[0] for r in chars]
        self.firsts = [float(r[2]) + 0.2 for r in chars]
        self.seconds = [float(r[3]) + 0.2 for r in chars]
        english = BOOK.lists["gazetteers/english_given_names"]
        self.plain_english = [r[0] for r in english if len(r) < 2]

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
        words = ALIAS_WORDS
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


ALIAS_WORDS = (
    "飛龍 暴龍 大狼 黑豹 白鴿 夜鷹 火鳳 豆豆 果果 貝貝 球球 阿鬼 銀狐 老虎 黑面 紅豆 肥貓 蝦頭 火鍋 雷公 冬瓜 番薯 木頭 石頭 胖虎 神燈 刀疤 瘋狗 齙牙 雪糕 "
    "西瓜 榴槤 咖啡 小丸子 飯團 麻雀 飛機 坦克 大炮 機關槍 鐵頭 鐵馬 白頭 光頭 神探 判官 太子 軍師 師爺 教父 財神 傻強 喪標 冷面 黑仔 白粉 火爆 毒蛇 蟋蟀 螞蟻"
).split()
