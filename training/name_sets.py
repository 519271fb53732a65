"""The labelled sets that DATA.md allows for shipped weights, as text and spans."""

from __future__ import annotations

import re
from bisect import bisect_left
from pathlib import Path

from name_posts import KEPT, rows

Labelled = tuple[str, list[tuple[int, int]], list[tuple[int, int]]]  # text, names, spans in doubt


def hkcancor(data: Path) -> list[Labelled]:
    out = []
    for number, row in enumerate(rows(data / "ner" / "hkcancor.jsonl"), 1):
        if number % KEPT == 0:
            continue
        spans = [[s["start"], s["end"]] for s in row["spans"] if s["label"] == "PER"]
        merged: list[list[int]] = []
        for a, b in sorted(spans):
            # Surname and given name are two spans there.
            if merged and merged[-1][1] == a and merged[-1][1] - merged[-1][0] <= 2:
                merged[-1][1] = b
            else:
                merged.append([a, b])
        out.append((row["text"], [tuple(s) for s in merged], []))
    return out


_TOKEN_GAP = re.compile(r" (?=(?:[,.!?;:)]|'s\b|n't\b|'\w))")
_TITLE = re.compile(
    r"(?:President|Prime Minister|PM|Mr|Mrs|Ms|Dr|Sir|Lord|Lady|Miss|Prof|Professor|Sen|Senator"
    r"|Gov|Governor|King|Queen|Prince|Princess|Pope|Justice|Judge|Minister|Mayor|Captain|Capt|St"
    r"|Rev|Gen|General)\.? (?=\S)"
)


def tweets(data: Path, name: str, *, test: bool = False) -> list[Labelled]:
    """The rows of a set that may be trained on, or with ``test`` those that only measure."""
    out = []
    for row in rows(data / "ner" / f"{name}.jsonl"):
        if (name == "wnut17" and "test" in row["id"]) is not test:
            continue
        text = row["text"]
        marks: list[tuple[int, int, bool]] = []
        for span in row["spans"]:
            a, b = span["start"], span["end"]
            if span["label"] != "PER":
                continue
            word = text[a:b]
            found = _TITLE.match(word)
            if found:
                a += found.end()
                word = text[a:b]
            odd = (
                bool(re.search(r"[@#_\d]| of |^the |^The ", word)) or "@" in text[max(0, a - 2) : a]
            )
            marks.append((a, b, odd))
        # Bring the tokens together again as people write them, and the marks with them.
        cuts = [gap.start() for gap in _TOKEN_GAP.finditer(text)]
        whole = _TOKEN_GAP.sub("", text)
        spans = [(a - bisect_left(cuts, a), b - bisect_left(cuts, b), odd) for a, b, odd in marks]
        good = [(a, b) for a, b, odd in spans if not odd]
        out.append((whole, good, [(a, b) for a, b, odd in spans if odd]))
    return out
