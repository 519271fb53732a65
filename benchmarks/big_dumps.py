"""Peak memory of reading big dumps: a Telegram export, alone and in a ZIP archive, and a ``.zst``.

Each has 1 GB, the archive before it is packed.  They are made of invented messages in a temporary
folder and read in a process of their own: read only, or through a whole resumable run with a stub
in the screener's place, so that the figures are those of the readers and the run and the end comes
within minutes.  A ``.zst`` takes the memory of
its packer's window, 8 MB here or the 2 GiB of Reddit's own dumps, and nothing that grows besides.

    python benchmarks/big_dumps.py [MEGABYTES]
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import zstandard

from injunction_screen import Screener, Screening
from injunction_screen.batch import Message, Run, read_messages, score_dump

MESSAGE = """  {
   "id": %d,
   "type": "message",
   "date": "2024-05-01T10:00:00",
   "date_unixtime": "1714528800",
   "from": "User %d",
   "from_id": "user%d",
   "text": [
    "今日天氣幾好，\\x0B一齊去行山啦 ",
    {
     "type": "bold",
     "text": "%d"
    }
   ],
   "text_entities": [
    {
     "type": "plain",
     "text": "今日天氣幾好，\\x0B一齊去行山啦 "
    },
    {
     "type": "bold",
     "text": "%d"
    }
   ]
  }"""


class Stub(Screener):
    """Answers at once."""

    def screen(self, post, **options):
        return Screening("clear", 0.0, ruleset=self.ruleset, id=post.id)


def telegram(path: Path, size: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write('{\n "name": "G",\n "type": "private_supergroup",\n "id": 12,\n "messages": [\n')
        number = 0
        while number % 1000 or file.tell() < size:
            number += 1
            comma = ",\n" if number > 1 else ""
            who = number % 500
            file.write(comma + MESSAGE % (number, who, who, number, number))
        file.write("\n ]\n}")


def reddit(path: Path, size: int, window: int) -> None:
    """Comments with bodies that hardly pack, so that the packed file is as big as asked."""
    options = zstandard.ZstdCompressionParameters.from_level(1, window_log=window)
    packer = zstandard.ZstdCompressor(compression_params=options).compressobj()
    number = 0
    with path.open("wb") as file:
        while file.tell() < size:
            for _ in range(1000):
                number += 1
                comment = {
                    "id": f"k{number}",
                    "author": "u",
                    "created_utc": 1714528800,
                    "subreddit": "made_up",
                    "parent_id": "t3_a",
                    "body": base64.b64encode(os.urandom(300)).decode(),
                }
                file.write(packer.compress(json.dumps(comment).encode() + b"\n"))
        file.write(packer.flush())


def measured(what: str, path: Path) -> None:
    """Run this file again for one reading, and print what it took."""
    done = subprocess.run(
        [sys.executable, __file__, "--read", what, str(path)],
        capture_output=True,
        text=True,
        check=True,
    )
    print(
        f"{path.name:<28}{path.stat().st_size / 1e6:>7,.0f} MB  {done.stdout.strip()}", flush=True
    )


def read(what: str, path: Path) -> None:
    base = peak()
    began = time.monotonic()
    if what == "read":
        rows = sum(isinstance(found, Message) for found in read_messages(path))
    else:
        out = path.with_suffix(".result.jsonl")
        summary = score_dump(Run(path, (out,)), Stub())
        assert not summary.faults
        rows = summary.screened
    seconds = time.monotonic() - began
    rate = rows / seconds
    print(
        f"{what:<5}{rows:>10,} rows{seconds:>7.0f} s{rate:>9,.0f}/s   "
        f"peak {peak():.0f} MB, {base:.0f} before"
    )


def peak() -> float:
    """The most memory that this process ever held, in MB: getrusage would count the parent's."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def main() -> None:
    size = int(sys.argv[1] if len(sys.argv) > 1 else 1000) * 1_000_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part, what in ((size // 10, "read"), (size, "run")):
            path = folder / f"telegram_{part // 1_000_000}.json"
            telegram(path, part)
            measured(what, path)
        archive = path.with_suffix(".zip")
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.write(path, "export/result.json")
        path.unlink()
        measured("read", archive)
        archive.unlink()
        for window in (23, 31):
            path = folder / f"reddit_window_{window}.zst"
            reddit(path, size, window)
            measured("read", path)
            path.unlink()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--read"]:
        read(sys.argv[2], Path(sys.argv[3]))
    else:
        main()
