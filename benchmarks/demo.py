"""What ``make demo`` runs: the sample dump into files, and a few flagged posts explained."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from injunction_screen import Screener, cli

HERE = Path(__file__).parent
DUMP = HERE / "sample_dump.jsonl"
OUT = HERE.parent / "demo-out"
EXPLAINED = 3


def main() -> None:
    OUT.mkdir(exist_ok=True)
    results = OUT / "results.jsonl"
    files = ["-o", str(results), "-o", str(OUT / "results.parquet")]
    command = ["score", str(DUMP), *files, "--part-rows", "50", "--resume"]
    print(f"$ injunction-screen {' '.join(command)}\n", flush=True)
    code = cli.main(command, standalone_mode=False)
    print()
    rows = [json.loads(line) for line in results.read_text(encoding="utf-8").splitlines()]
    flagged = [row for row in rows if row["outcome"] == "flag"]
    flagged.sort(key=lambda row: -row["score"])
    texts = dict(read_texts())
    screener = Screener()
    for row in flagged[:: max(1, len(flagged) // EXPLAINED)][:EXPLAINED]:
        screening = screener.screen(texts[row["id"]])
        print(f"-- {row['id']}, its details masked " + "-" * 50)
        print(f"{screening.redacted()}\n\n{screening.explain('en')}\n")
    sys.exit(0 if code in (None, 0) else code)


def read_texts():
    for line in DUMP.read_text(encoding="utf-8").split("\n"):
        try:
            row = json.loads(line)
        except json.JSONDecodeError:
            continue
        yield row["id"], row["text"]


if __name__ == "__main__":
    main()
