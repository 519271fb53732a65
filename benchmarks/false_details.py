"""How many of the details found in ordinary posts are none, by category.

    python benchmarks/false_details.py FOLDER            the table, from the verdicts that are kept
    python benchmarks/false_details.py FOLDER --unread   hits of the sample that nobody has read

FOLDER holds ``hkcancor.jsonl``, ``lihkg_posts.jsonl`` and ``openrice_senti.jsonl`` (rows with a
``text``).  ``ROWS`` of them are drawn by a fixed seed and screened; of the hits, up to ``SAMPLE`` a
category are drawn to be read.  ``false_details.tsv`` keeps what readers said of each: file, row,
category, start, end, verdict (``right`` or ``wrong``) and the sort of thing that it is.  No text is
kept.  ``--unread`` shows text on the screen: it is for the reader alone.
"""

from __future__ import annotations

import hashlib
import json
import random
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import NamedTuple

from injunction_screen import Screener
from injunction_screen.records import CATEGORIES

FILES = ("hkcancor", "lihkg_posts", "openrice_senti")
ROWS, SEED = 5_000, 3
SAMPLE = {"name": 80}
SAMPLE_OTHER = 30
VERDICTS = Path(__file__).with_name("false_details.tsv")


class Found(NamedTuple):
    """Where a detail was found."""

    file: str
    row: int
    category: str
    start: int
    end: int


def posts(folder: Path) -> list[tuple[str, int, str]]:
    """The drawn rows: file, row number from 1, text."""
    rows = [
        (name, number, str(json.loads(line)["text"]))
        for name in FILES
        for number, line in enumerate((folder / f"{name}.jsonl").open(encoding="utf-8"), 1)
    ]
    return random.Random(SEED).sample(rows, ROWS)


def verdicts() -> dict[Found, tuple[str, str]]:
    """What readers said: verdict and sort by place."""
    out: dict[Found, tuple[str, str]] = {}
    if VERDICTS.exists():
        for line in VERDICTS.read_text(encoding="utf-8").splitlines():
            if not line.startswith("#"):
                file, row, category, start, end, verdict, sort = line.split("\t")
                out[Found(file, int(row), category, int(start), int(end))] = (verdict, sort)
    return out


def _draw(hit: tuple[Found, str]) -> bytes:
    """A fixed random order of places: one hit more or less leaves the rest of a sample as it is."""
    return hashlib.sha256(repr(tuple(hit[0])).encode()).digest()


def main() -> None:
    """Print the table, or the hits left to read."""
    read = verdicts()
    screener = Screener()
    found: dict[str, list[tuple[Found, str]]] = defaultdict(list)
    for file, row, text in posts(Path(sys.argv[1])):
        for d in screener.screen(text).details:
            around = text[max(0, d.start - 30) : d.start] + f"⟦{d.text}⟧" + text[d.end : d.end + 20]
            found[d.category].append((Found(file, row, d.category, d.start, d.end), around))
    sample = {
        category: sorted(hits, key=_draw)[: SAMPLE.get(category, SAMPLE_OTHER)]
        for category, hits in found.items()
    }
    if "--unread" in sys.argv[2:]:
        for category in CATEGORIES:
            for place, around in sample.get(category, ()):
                if place not in read:
                    print(*place, repr(around), sep="\t")
        return
    print(f"{ROWS} posts\n\n{'':<18}{'found':>7}{'read':>7}{'right':>7}{'wrong':>7}{'P':>7}")
    sorts: Counter[tuple[str, str]] = Counter()
    for category in CATEGORIES:
        known = [read[place] for place, _ in sample.get(category, ()) if place in read]
        right = sum(verdict == "right" for verdict, _ in known)
        wrong = len(known) - right
        share = f"{right / len(known):.3f}" if known else "-"
        print(
            f"{category:<18}{len(found.get(category, ())):>7}{len(known):>7}{right:>7}{wrong:>7}"
            f"{share:>7}"
        )
        sorts.update((category, sort) for verdict, sort in known if verdict == "wrong")
    print("\nwhat the wrong ones are")
    for (category, sort), count in sorts.most_common():
        print(f"{count:>5}  {category}: {sort}")


if __name__ == "__main__":
    main()
