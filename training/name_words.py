"""Count words for the segmentation and the English word list of the name finder.

    python training/name_words.py DATA_FOLDER

Out: patterns/names/words.txt and patterns/names/english_words.txt, a cost and all words of that
cost a line.  Only words and how common they are leave the data, no text.
"""

from __future__ import annotations

import json
import math
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

from injunction_screen.patternbook import _fold_tables
from injunction_screen.text import Folder, fold

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "patterns" / "names"
CHINESE = (
    "text/hkcancor",
    "text/lihkg_posts",
    "text/openrice_senti",
    "text/hk_longtexts",
    "hostile/zh_cold",
)
ENGLISH = ("hostile/en_edos", "hostile/en_implicit_hate", "ner/wnut17", "ner/btc")
RUN = re.compile("[\u3400-\u9fff]+")
LONGEST = 5
STEP = 0.5  # costs are written in steps of this many nats


def rows(data: Path, name: str):
    with (data / f"{name}.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if name == "ner/wnut17" and "test" in row["id"]:
                continue
            yield row


def listed(name: str) -> list[tuple[str, ...]]:
    text = (ROOT / "patterns" / f"{name}.txt").read_text(encoding="utf-8")
    return [
        tuple(part.strip() for part in line.split("\t"))
        for line in text.splitlines()
        if line.strip() and not line.startswith("#")
    ]


def folder() -> Folder:
    lists = {name: listed(name) for name in ("fold/confusables", "fold/digits", "fold/simplified")}
    return Folder(_fold_tables(lists))


def chinese_words(data: Path, tables: Folder) -> dict[str, float]:
    known: set[str] = set()
    famous = (ROOT / "training/compiled/famous_names.txt").read_text(encoding="utf-8")
    persons = set(fold(famous, tables).text.split())
    lines = (data / "words/rime_cantonese_words.tsv").read_text(encoding="utf-8")
    for line in fold(lines, tables).text.splitlines():
        word = line.split(" ")[0].split("\t")[0]
        if 2 <= len(word) <= LONGEST and RUN.fullmatch(word) and word not in persons:
            known.add(word)
    runs: Counter[str] = Counter()
    for name in CHINESE:
        for row in rows(data, name):
            for run in RUN.findall(fold(row["text"], tables).text):
                runs[run] += 1
    chars: Counter[str] = Counter()
    for run, n in runs.items():
        for char in run:
            chars[char] += n
    counts: dict[str, float] = {word: 20.0 / len(word) for word in known}
    for char, n in chars.items():
        counts[char] = n * 0.3 + 1
    for _ in range(4):
        total = math.log(sum(counts.values()))
        cost = {word: total - math.log(n) for word, n in counts.items()}
        counted: Counter[str] = Counter()
        for run, n in runs.items():
            for word in segment(run, cost):
                counted[word] += n
        counts = {word: counted.get(word, 0) + (0.3 if len(word) > 1 else 1.0) for word in counts}
        print(len(runs), sum(1 for w in counts if len(w) > 1 and counts[w] > 1), file=sys.stderr)
    total = math.log(sum(counts.values()))
    kept = {}
    for word, n in counts.items():
        if len(word) >= 4 and n < 1:
            continue
        kept[word] = total - math.log(n)
    return kept


def segment(run: str, cost: dict[str, float]) -> list[str]:
    best = [0.0] + [1e9] * len(run)
    back = [0] * (len(run) + 1)
    for i in range(len(run)):
        for j in range(i + 1, min(len(run), i + LONGEST) + 1):
            c = cost.get(run[i:j])
            if c is None:
                if j > i + 1:
                    continue
                c = 16.0
            if best[i] + c < best[j]:
                best[j] = best[i] + c
                back[j] = i
    out = []
    j = len(run)
    while j:
        out.append(run[back[j] : j])
        j = back[j]
    return out


WORD = re.compile(r"[A-Za-z]+(?:'[a-z]+)?")


def english_words(data: Path) -> dict[str, tuple[float, int]]:
    """Word -> (cost as a word in lower case, tenths of its uses that are in lower case)."""
    low: Counter[str] = Counter()
    high: Counter[str] = Counter()
    for name in ENGLISH:
        for row in rows(data, name):
            text = re.sub(r"https?\S+|[@#]\s?\w+", " ", row["text"])
            words = WORD.findall(text)
            if sum(w.isupper() for w in words) * 2 > len(words):
                continue
            start = True
            for word in WORD.finditer(text):
                w = word.group()
                if w[0].islower():
                    low[w] += 1
                elif not start:
                    high[w.lower()] += 1
                start = False
    total = math.log(sum(low.values()))
    out = {}
    for word, n in low.items():
        share = n / (n + high[word])
        if n >= 3 and share > 0.5 and len(word) > 1:
            out[word] = (total - math.log(n), round(share * 10))
    return out


def write(path: Path, head: str, groups: dict[str, list[str]]) -> None:
    lines = [f"# {line}" for line in head.splitlines()]
    lines += [
        f"{key}\t{' '.join(sorted(words))}"
        for key, words in sorted(groups.items(), key=lambda g: float(g[0].split()[0]))
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main(data: Path) -> None:
    tables = folder()
    groups: dict[str, list[str]] = defaultdict(list)
    for word, cost in chinese_words(data, tables).items():
        groups[f"{round(cost / STEP) * STEP:.1f}"].append(word)
    write(
        OUT / "words.txt",
        "How common Chinese words are, folded: cost (minus the logarithm of the share) TAB words\n"
        "Source: rime-cantonese word list, CC BY 4.0, https://github.com/rime/rime-cantonese;\n"
        "counted in HKCanCor, LIHKG posts and OpenRice reviews (CC BY 4.0), long texts\n"
        "(CC BY 4.0, MIT) and COLDataset (Apache-2.0). Made by training/name_words.py.",
        groups,
    )
    groups = defaultdict(list)
    for word, (cost, _) in english_words(data).items():
        groups[f"{round(cost)}"].append(word)
    write(
        OUT / "english_words.txt",
        "How common English words are in lower case: cost TAB all words of that cost\n"
        "Source: counted in EDOS (CC0), Implicit Hate (MIT), WNUT17 and BTC (CC BY 4.0).\n"
        "Made by training/name_words.py.",
        groups,
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
