"""Do the short way and the full way give the same outcomes?

    python benchmarks/gate_agrees.py [FOLDER] [--made 100000] [--rows 0] [--seed 1]

Screens posts with ``screen_many()``, which passes most of them over at first sight, and with
``screen()``, which reads each in full, and counts those with another outcome or score: there is
none.  Posts are the labelled ones of ``tests/``, those of FOLDER (``*.jsonl``, rows with a
``text``; ``--rows`` takes a sample) and made ones: the words of frames, guards and purposes drawn
from the pattern files, in and out of their order, among names, numbers and ordinary words, some
disguised.  The texts are never printed.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from pathlib import Path

from injunction_screen import Screener
from injunction_screen.patternbook import PatternBook, default_book

TESTS = Path(__file__).resolve().parent.parent / "tests"
WORDS = (
    "hello", "yesterday", "dinner", "school", "bus", "rain", "music", "thanks", "and", "then",
    "of", "today", "今日", "落雨", "食飯", "好味", "多謝", "返工", "聽日", "阿媽", "朋友", "電影",
    "所以",
)  # fmt: skip
DETAILS = (
    "陳大文", "Chan Tai Man", "6123 4567", "沙田好運中心A座12樓3室", "A123456(3)", "AB 1234",
    "someone@example.com", "@night_owl_88", "陳sir", "PC 60217", "聖安多尼書院3A班", "佢", "him",
)  # fmt: skip
MARKS = (" ", " ", " ", "，", "。", "\n", ", ", ". ", "!", "")


def made(book: PatternBook, number: int, seed: int) -> Iterator[str]:
    """Posts out of the words of forms."""
    draw = random.Random(seed)
    patterns = [p for target in ("kind", "guard", "purpose") for p in book.of(target) if p.forms]
    for _ in range(number):
        parts: list[str] = []
        for _ in range(draw.randint(1, 4)):
            sort = draw.random()
            if sort < 0.25:
                parts += draw.choices(WORDS, k=draw.randint(1, 8))
            elif sort < 0.45:
                parts.append(draw.choice(DETAILS))
            else:
                form = draw.choice(draw.choice(patterns).forms)
                words = [_word(book, draw, element.slots) for element in form.elements]
                if draw.random() < 0.3:
                    draw.shuffle(words)
                parts += words[: draw.randint(1, len(words))]
        text = "".join(part + draw.choice(MARKS) for part in parts)
        yield _disguised(text, draw) if draw.random() < 0.15 else text


def _word(book: PatternBook, draw: random.Random, slots: tuple[str, ...]) -> str:
    leaves = book.composites.get(slot := draw.choice(slots), (slot,))
    known = book.slots.get(draw.choice(leaves))
    return draw.choice(known.words) if known and known.words else draw.choice(DETAILS)


def _disguised(text: str, draw: random.Random) -> str:
    at = draw.randrange(len(text) + 1)
    head, tail = text[:at], text[at : at + 12]
    way = draw.choice((" ".join, "-".join, "\N{ZERO WIDTH SPACE}".join))
    return head + way(tail) + text[at + 12 :]


def differences(screener: Screener, texts: list[str]) -> tuple[int, int]:
    """How many texts have another answer in the short way, and how many it passed over."""
    other = passed = 0
    for text, short in zip(texts, screener.screen_many(texts), strict=True):
        whole = screener.screen(text)
        other += (short.outcome, short.score) != (whole.outcome, whole.score)
        passed += not short.read
    return other, passed


def texts_of(folder: Path) -> list[str]:
    """The texts of every file of a folder."""
    rows = (
        json.loads(line)
        for path in sorted(folder.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").split("\n")
        if line
    )
    return [row["text"] for row in rows if row.get("text")]


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("folder", type=Path, nargs="?")
    options.add_argument("--made", type=int, default=100_000)
    options.add_argument("--rows", type=int, default=0)
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args()
    sets = {f"tests/{name}": texts_of(TESTS / name) for name in ("gold", "fresh", "posts")}
    if asked.folder:
        found = texts_of(asked.folder)
        if asked.rows:
            found = random.Random(asked.seed).sample(found, min(asked.rows, len(found)))
        sets["folder"] = found
    sets["made"] = list(made(default_book(), asked.made, asked.seed))
    screener = Screener()
    print("posts of             number  passed over  other answers")
    for name, texts in sets.items():
        other, passed = differences(screener, texts)
        print(f"{name:18} {len(texts):8} {passed / max(1, len(texts)):11.1%} {other:14}")


if __name__ == "__main__":
    main()
