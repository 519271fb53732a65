"""What ``make demo`` runs: the sample dump into files, and a few flagged posts explained."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from injunction_screen import Screener, cli

ROOT = Path(__file__).parent.parent
DUMP = Path("benchmarks/sample_dump.jsonl")
OUT = Path("demo-out")
EXPLAINED = 3


def main() -> None:
    os.chdir(ROOT)
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir()
    files = [f"-o {OUT / name}" for name in ("results.jsonl", "results.parquet")]
    command = f"score {DUMP} {' '.join(files)} --part-rows 50"
    print(f"$ injunction-screen {command}\n", flush=True)
    try:
        cli.main(command.split())
    except SystemExit as done:
        if done.code != cli.QUARANTINED:  # two rows of the dump are bad on purpose
            raise
    explain_some()


def explain_some() -> None:
    """Explain a few flagged posts, from the likeliest down, with their details masked."""
    rows = map(json.loads, (OUT / "results.jsonl").read_text(encoding="utf-8").splitlines())
    flagged = sorted((r for r in rows if r["outcome"] == "flag"), key=lambda row: -row["score"])
    texts = dict(texts_by_id())
    screener = Screener()
    for row in flagged[:: max(1, len(flagged) // EXPLAINED)][:EXPLAINED]:
        screening = screener.screen(texts[row["id"]])
        print(f"\n--- post {row['id']}, its details masked\n")
        print(f"{screening.redacted()}\n\n{screening.explain('en')}")
    if not flagged:
        sys.exit("no post was flagged: something is wrong with the pattern files")


def texts_by_id() -> Iterator[tuple[str, str]]:
    for line in DUMP.read_text(encoding="utf-8").split("\n"):
        try:
            row = json.loads(line)
        except json.JSONDecodeError:
            continue
        yield row["id"], row["text"]


if __name__ == "__main__":
    main()
