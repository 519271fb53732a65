"""How many real addresses are found whole in an ordinary sentence.

    python benchmarks/addresses_dev.py [FILE] [-v]

FILE (default ``../shared/data/hk_addresses_dev.jsonl``) has rows with a ``text`` and a ``lang``.
Each address is put into several sentences of its language; one counts as found when an address of
the screening overlaps it by at least ``LEAST`` (intersection over union).  ``-v`` lists what was
missed: the rows are public addresses of offices, schools and shops.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from injunction_screen import Screener

__all__ = ["SENTENCES", "Found", "measure", "rows"]

LEAST = 0.8
FILE = Path(__file__).resolve().parents[2] / "shared" / "data" / "hk_addresses_dev.jsonl"
SENTENCES: Mapping[str, Sequence[str]] = {
    "zh-Hant": (
        "佢住喺{}。",
        "寄去 {} 就得",
        "住址：{}",
        "聽講佢屋企喺{}，大家記住",
        "我阿媽喺{}返工，日日好夜先走。",
        "請將文件送到{}，唔該。",
    ),
    "zh-Hans": ("他住在{}。", "寄到 {} 就行", "地址：{}", "我公司在{}，欢迎来坐"),
    "en": (
        "He lives at {} .",
        "Please send it to {} thanks",
        "Home: {}\nTel later",
        "she works at {}, next to the lift",
        "My address is {}. Ring twice.",
    ),
}


class Found(NamedTuple):
    """One address in one sentence: the best overlap, and what was found there."""

    lang: str
    sentence: str
    address: str
    overlap: float
    spans: tuple[str, ...]


def rows(file: Path = FILE) -> Iterator[tuple[str, str]]:
    """The language and text of every address of a file."""
    for line in file.read_text(encoding="utf-8").split("\n"):
        if line:
            row = json.loads(line)
            yield row["lang"], row["text"].strip().rstrip(",")


def measure(file: Path = FILE, screener: Screener | None = None, most: int = 9) -> Iterator[Found]:
    """Each address of a file in each sentence of its language, in ``most`` of them."""
    screener = screener or Screener()
    for lang, address in rows(file):
        for sentence in SENTENCES[lang][:most]:
            start = sentence.index("{}")
            end = start + len(address)
            spans = [
                (detail.start, detail.end, detail.text)
                for detail in screener.screen(sentence.format(address)).details
                if detail.category == "address"
            ]
            overlap = max((_overlap((start, end), span[:2]) for span in spans), default=0.0)
            yield Found(lang, sentence, address, overlap, tuple(text for _, _, text in spans))


def _overlap(a: tuple[int, int], b: tuple[int, int]) -> float:
    shared = min(a[1], b[1]) - max(a[0], b[0])
    return max(0, shared) / (max(a[1], b[1]) - min(a[0], b[0]))


def main() -> None:
    """Read the command line and print the shares."""
    names = [name for name in sys.argv[1:] if name != "-v"]
    results = list(measure(Path(names[0]) if names else FILE))
    if "-v" in sys.argv:
        for found in results:
            if found.overlap < LEAST:
                print(f"{found.overlap:.2f} {found.sentence!r}\n  {found.address}\n  {found.spans}")
    for lang, sentences in SENTENCES.items():
        for sentence in sentences:
            of = [f for f in results if f.lang == lang and f.sentence == sentence]
            right = sum(f.overlap >= LEAST for f in of)
            print(f"{right / len(of):.3f} {right:4}/{len(of):4} {lang:8} {sentence!r}")
    right = sum(f.overlap >= LEAST for f in results)
    print(f"{right / len(results):.4f} of {len(results)}")


if __name__ == "__main__":
    main()
