"""How many ordinary posts come out as something else than clear.

    python benchmarks/ordinary_posts.py FOLDER [ROWS] [SEED]

Every ``*.jsonl`` of the folder is read (rows with a ``text``), a seeded sample is screened, and the
outcomes are counted, with the records that spoke.  The texts are never printed: look a hit up by
its file and row number, and read it before you call it false.  What was read stands in
``ordinary_flags.tsv`` and ``ordinary_reviews.tsv`` and is counted too.
"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from pathlib import Path

from injunction_screen import Screener


def verdicts_of(name: str) -> dict[str, str]:
    lines = Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t")[:2] for line in lines if line[0] != "#")


def main() -> None:
    folder = Path(sys.argv[1])
    rows = int(sys.argv[2]) if len(sys.argv) > 2 else 4000
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    posts = [
        (path.stem, number, json.loads(line)["text"])
        for path in sorted(folder.glob("*.jsonl"))
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1)
        if line
    ]
    sample = random.Random(seed).sample(posts, min(rows, len(posts)))
    screener = Screener()
    read = {name: verdicts_of(f"ordinary_{name}s.tsv") for name in ("flag", "review")}
    verdicts: dict[str, Counter[str]] = {name: Counter() for name in read}
    outcomes: Counter[str] = Counter()
    records: Counter[str] = Counter()
    results = screener.screen_many(text for _, _, text in sample)
    for (file, number, _), result in zip(sample, results, strict=True):
        outcomes[result.outcome] += 1
        if result.outcome != "clear":
            spoke = sorted({cue.pattern for cue in result.cues if cue.strong}) or ["details alone"]
            records.update(spoke)
            print(f"{result.outcome:7}{file}:{number}  {', '.join(spoke)}")
            known = read[result.outcome].get(f"{file}:{number}", "not read")
            verdicts[result.outcome][known] += 1
    print()
    for outcome in ("clear", "review", "flag"):
        count = outcomes[outcome]
        print(f"{outcome:7}{count:7}   {10_000 * count / len(sample):8.1f} per 10,000")
    for outcome, found in verdicts.items():
        told = ", ".join(f"{count} {verdict}" for verdict, count in sorted(found.items()))
        print(f"{outcome}s by the guide: {told or 'none'}")
    for record, count in records.most_common(15):
        print(f"{count:5}  {record}")


if __name__ == "__main__":
    main()
