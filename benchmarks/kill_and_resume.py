"""A run over millions of posts, unbroken, and killed at random moments and resumed.

    python benchmarks/kill_and_resume.py [--rows 10000000] [--kills 50] [--workers 2]
        [--folder FOLDER] [--hostile 0.01]

A dump of invented posts is written to FOLDER (a temporary one by default; ten million take
2 GB): the sample dump's ordinary posts joined, among them a share of any sort.  It is
screened to Parquet twice: once in one go, and once with SIGKILL sent to all processes of the run at
random moments, each time resumed with ``--resume``.  Both outputs have to be the same to the byte,
with every row once.

Printed: rows in and out, how often the run was killed, the wall-clock time of both, and the highest
resident memory of any process in each tenth of the unbroken run, which tells whether it is flat.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import pyarrow.parquet as pq
from workload import sample_dump

from injunction_screen import first_look
from injunction_screen.patternbook import default_book

LOOK = 0.5  # seconds between two looks at the memory
EARLIEST = 6.0  # seconds that a started run is left alone at least: some kills fall into the start
ORDINARY = -20.0  # the first look's score of a post that nothing is the matter with
SEED = 7


def posts(number: int, hostile: float) -> Iterator[str]:
    """Made posts: one to four ordinary ones of the sample dump, or one of any sort."""
    texts = sample_dump()
    looks = first_look.scores(texts, default_book().folder)
    plain = [text for text, look in zip(texts, looks, strict=True) if look < ORDINARY]
    draw = random.Random(SEED)
    for at in range(number):
        if draw.random() < hostile:
            yield draw.choice(texts)
        else:
            yield " ".join([*draw.choices(plain, k=draw.choice((1, 1, 2, 4))), str(at)])


def write(path: Path, number: int, hostile: float) -> None:
    with path.open("w", encoding="utf-8") as file:
        for at, text in enumerate(posts(number, hostile)):
            file.write(json.dumps({"id": f"p{at}", "text": text}, ensure_ascii=False) + "\n")


def start(dump: Path, out: Path, workers: int) -> subprocess.Popen[bytes]:
    """A run in a session of its own, so that all its processes can be killed together."""
    command = [sys.executable, "-m", "injunction_screen", "score", str(dump), "-o", str(out)]
    return subprocess.Popen(
        [*command, "--workers", str(workers), "--resume", "--quiet"], start_new_session=True
    )


def memory(leader: int) -> int:
    """The highest resident memory, in bytes, of the processes of a session."""
    most = 0
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            if int(fields[3]) == leader:
                most = max(most, int((folder / "statm").read_text().split()[1]))
        except (OSError, IndexError):
            continue  # it ended
    return most * os.sysconf("SC_PAGE_SIZE")


def unbroken(dump: Path, out: Path, workers: int) -> tuple[float, list[int]]:
    """Seconds, and the memory at each look."""
    begun, seen = time.monotonic(), []
    process = start(dump, out, workers)
    while process.poll() is None:
        seen.append(memory(process.pid))
        time.sleep(LOOK)
    if process.returncode:
        sys.exit(f"the run ended with {process.returncode}")
    return time.monotonic() - begun, seen


def broken(dump: Path, out: Path, workers: int, kills: int, seconds: float) -> tuple[float, int]:
    """Seconds, and how often the run was killed before it came to its end."""
    draw = random.Random(SEED)
    begun, done = time.monotonic(), 0
    while True:
        process = start(dump, out, workers)
        patience = EARLIEST + draw.uniform(0, 1.6 * seconds / max(1, kills))
        try:
            process.wait(patience if done < kills else None)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            done += 1
            continue
        if process.returncode:
            sys.exit(f"the run ended with {process.returncode}")
        return time.monotonic() - begun, done


def digest(path: Path) -> str:
    with path.open("rb") as file:
        found = hashlib.sha256()
        while block := file.read(1 << 20):
            found.update(block)
    return found.hexdigest()


def once_each(path: Path, number: int) -> bool:
    """Whether the rows of a result are ``0`` to ``number``, in order."""
    at = 0
    for batch in pq.ParquetFile(path).iter_batches(columns=["row"]):
        rows: Sequence[int] = batch.column(0).to_pylist()
        if rows != list(range(at + 1, at + 1 + len(rows))):
            return False
        at += len(rows)
    return at == number


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--rows", type=int, default=10_000_000)
    options.add_argument("--kills", type=int, default=50)
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--folder", type=Path)
    options.add_argument("--hostile", type=float, default=0.01)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as name:
        dump, whole, killed = (Path(name) / f for f in ("d.jsonl", "whole.parquet", "k.parquet"))
        write(dump, asked.rows, asked.hostile)
        print(f"{asked.rows:,} posts, {dump.stat().st_size / 1e9:.2f} GB", flush=True)
        seconds, seen = unbroken(dump, whole, asked.workers)
        cuts = [len(seen) * i // 10 for i in range(11)]
        tenths = [max(seen[a:b], default=0) for a, b in pairwise(cuts)]
        print(f"unbroken: {seconds:,.0f} s, {asked.rows / seconds:,.0f} posts a second", flush=True)
        print("highest memory of a process in each tenth, MB:", [round(m / 1e6) for m in tenths])
        print(f"every row once: {once_each(whole, asked.rows)}", flush=True)
        seconds, done = broken(dump, killed, asked.workers, asked.kills, seconds)
        same = digest(whole) == digest(killed)
        print(f"killed {done} times: {seconds:,.0f} s, the same to the byte: {same}")
        if not same or done < asked.kills:
            sys.exit(1)


if __name__ == "__main__":
    main()
