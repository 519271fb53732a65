"""How many telephone numbers are found in the written forms, and how many order numbers taken.

    python benchmarks/public_phones.py [FILE]

``FILE`` holds rows with a number in their ``text`` (default: the public office numbers of
``../shared/data``, where that folder is); without it, a made-up run of numbers over the whole
plan stands in.  Every number is written in the six common forms beside a word of the telephone,
and as bare digits beside words of orders, prices, shares and parcels; where one of these is
called a phone, that is a false alarm.  No number is printed.
"""

from __future__ import annotations

import json
import random
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from injunction_screen import screen

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "hk_public_phones_dev.jsonl"
FULL_WIDTH = {ord("0") + i: ord("\N{FULLWIDTH DIGIT ZERO}") + i for i in range(10)}

FORMS: dict[str, Callable[[str], str]] = {
    "eight digits": lambda n: n,
    "four and four, blank": lambda n: f"{n[:4]} {n[4:]}",
    "four and four, hyphen": lambda n: f"{n[:4]}-{n[4:]}",
    "+852 and blanks": lambda n: f"+852 {n[:4]} {n[4:]}",
    "(852) in brackets": lambda n: f"(852) {n[:4]} {n[4:]}",
    "full-width digits": lambda n: n.translate(FULL_WIDTH),
}
BESIDE_A_WORD = (
    "電話：{}",
    "有事可以致電{}搵我哋",
    "佢個電話係 {} 呀",
    "Please call {} for details.",
    "Tel: {}",
    "WhatsApp {} 落單",
    "可以打{}過嚟",
    "手機{}，搵陳生",
    "電話號碼{}",
    "text me at {} tonight",
    "聯絡：{}",
    "查詢 {}（辦公時間）",
    "☎️{}",
    "Fax {}\n地址見下",
    "her mobile is {}",
)
BESIDE_ANOTHER = (
    "單號 {}",
    "訂單編號：{}",
    "訂單 {} 已經寄出，有問題請致電客服",
    "order no. {}",
    "Your order {} has shipped",
    "HK${}",
    "HK$ {} 成交",
    "stock code {}",
    "invoice {}",
    "Invoice no: {}, please settle by Friday",
    "tracking {}",
    "Tracking number: {}",
    "今日成交 {} 股",
    "成交額{}元",
    "順豐運單號{}，記得簽收",
    "發票號碼：{}",
    "案件編號 {}",
    "ref {}",
    "戶口號碼 {}",
    "產品序號：{}",
    "電話無人聽，訂單 {} 到底寄咗未",
    "WhatsApp 通知：單號 {} 已到自提點",
    "call me about order {} pls",
    "張單 no. {} 未寄出，CS 話等多三日",
    "quoting RMA {}, ring us any time",
    "換領碼 {}，憑碼到門市",
)
EVERY = 4  # one number in so many goes through every sentence; the others through some


def public_numbers(path: Path = DATA) -> list[str]:
    """The eight digits of every row of a file, without doubles."""
    rows = (json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines())
    found = (re.search(r"(\d{4})[ -]?(\d{4})(?!\d)", row) for row in rows)
    return list(dict.fromkeys("".join(match.groups()) for match in found if match))


def made_up_numbers(count: int = 60, seed: int = 3) -> list[str]:
    """Numbers over the whole plan, none of them anybody's on purpose."""
    rng = random.Random(seed)
    firsts = ["23", "26", "28", "31", "35", "37", "39", "46", "51", "54", "59", "60", "62", "65",
              "67", "69", "70", "84", "90", "92", "94", "96", "98"]  # fmt: skip
    return [rng.choice(firsts) + "".join(rng.choices("0123456789", k=6)) for _ in range(count)]


def measure(
    numbers: Sequence[str],
) -> tuple[dict[str, tuple[int, int]], dict[str, tuple[int, int]]]:
    """Found and tried for each written form, and called phones and tried for each other number."""
    found = {form: [0, 0] for form in FORMS}
    taken = {sentence: [0, 0] for sentence in BESIDE_ANOTHER}
    for i, number in enumerate(numbers):
        for form, write in FORMS.items():
            written = write(number)
            for sentence in _share(BESIDE_A_WORD, i):
                found[form][0] += written in set(_phones(sentence.format(written)))
                found[form][1] += 1
        for sentence in _share(BESIDE_ANOTHER, i):
            taken[sentence][0] += any(_phones(sentence.format(number)))
            taken[sentence][1] += 1
    return ({k: (a, b) for k, (a, b) in found.items()}, {k: (a, b) for k, (a, b) in taken.items()})


def _share(sentences: Sequence[str], i: int) -> Sequence[str]:
    return sentences if i % EVERY == 0 else sentences[i % EVERY :: EVERY]


def _phones(text: str) -> Iterator[str]:
    """What the post's telephone numbers are, as written."""
    return (detail.text for detail in screen(text).details if detail.category == "phone")


def rate(counts: dict[str, tuple[int, int]]) -> float:
    """The share over all rows of a table."""
    return sum(a for a, _ in counts.values()) / sum(b for _, b in counts.values())


def main() -> None:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA
    if path.exists():
        numbers, source = public_numbers(path), path.name
    else:
        numbers, source = made_up_numbers(), "made up"
    found, taken = measure(numbers)
    print(f"{len(numbers)} numbers ({source})\n")
    print("beside a word of the telephone           found    of")
    for form, (a, b) in found.items():
        print(f"  {form:36}{a / b:8.2%}{b:6}")
    print(f"  {'all':36}{rate(found):8.2%}{sum(b for _, b in found.values()):6}\n")
    print("beside a word of something else          taken    of")
    for sentence, (a, b) in taken.items():
        if a:
            print(f"  {sentence.format('...'):36}{a / b:8.2%}{b:6}")
    print(f"  {'all':36}{rate(taken):8.2%}{sum(b for _, b in taken.values()):6}")


if __name__ == "__main__":
    main()
