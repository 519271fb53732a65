"""The posts that the speed benchmarks run on.

Ordinary posts are those of ``../shared/data/text`` where that folder is, else the sample dump that
ships with the project.  ``made()`` writes any number of posts out of the clauses of the sample
dump: invented, and the same for everybody.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

__all__ = ["CORPORA", "hands", "labelled", "made", "ordinary", "sample_dump", "texts_of"]

HERE = Path(__file__).resolve().parent
CORPORA = HERE.parent.parent / "shared" / "data" / "text"
GOLD = HERE.parent / "tests" / "gold"
_CLAUSE = re.compile(
    r"[^\s,.!?\N{FULLWIDTH COMMA}\N{IDEOGRAPHIC FULL STOP}\N{FULLWIDTH EXCLAMATION MARK}"
    r"\N{FULLWIDTH QUESTION MARK}][^\n,.!?\N{FULLWIDTH COMMA}\N{IDEOGRAPHIC FULL STOP}"
    r"\N{FULLWIDTH EXCLAMATION MARK}\N{FULLWIDTH QUESTION MARK}]*"
    r"[,.!?\N{FULLWIDTH COMMA}\N{IDEOGRAPHIC FULL STOP}\N{FULLWIDTH EXCLAMATION MARK}"
    r"\N{FULLWIDTH QUESTION MARK}]*"
)
CLAUSES = (1, 1, 2, 2, 3, 4, 6, 10)  # of a made post, each as likely


def texts_of(path: Path) -> list[str]:
    """The texts of the rows of a file."""
    texts = []
    for line in path.read_text(encoding="utf-8").split("\n"):
        try:
            text = json.loads(line)["text"]
        except (json.JSONDecodeError, TypeError):
            continue  # the two rows of the sample that are bad on purpose
        if isinstance(text, str) and text:
            texts.append(text)
    return texts


def sample_dump() -> list[str]:
    """The posts of the shipped sample: ordinary ones and hostile ones."""
    return texts_of(HERE / "sample_dump.jsonl")


def ordinary(folder: Path = CORPORA) -> dict[str, list[str]]:
    """Ordinary posts, by where they come from."""
    loads = {path.stem: texts_of(path) for path in sorted(folder.glob("*.jsonl"))}
    return loads or {"sample dump": sample_dump()}


def labelled() -> list[str]:
    """The labelled posts of the tests, most of them hostile or full of details."""
    return [text for path in sorted(GOLD.glob("*.jsonl")) for text in texts_of(path)]


def hands(texts: Sequence[str], number: int, most: int, seed: int = 1) -> list[list[str]]:
    """``number`` lists of up to ``most`` different posts each, drawn from all of ``texts``."""
    dealt = random.Random(seed).sample(list(texts), len(texts))
    size = min(most, len(dealt) // number)
    return [dealt[at * size : (at + 1) * size] for at in range(number)]


def made(number: int, seed: int = 1) -> Iterator[str]:
    """Posts out of clauses of the sample dump."""
    draw = random.Random(seed)
    clauses = [clause.strip() for text in sample_dump() for clause in _CLAUSE.findall(text)]
    for _ in range(number):
        yield " ".join(draw.choices(clauses, k=draw.choice(CLAUSES)))
