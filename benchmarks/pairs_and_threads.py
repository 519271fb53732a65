"""How many minimal pairs and threads come out right as a whole.

    python benchmarks/pairs_and_threads.py FILE.jsonl...

A file of threads (rows with ``posts``) counts a thread as right when exactly its marked posts flag;
in any other file two rows after each other are a pair, right when both outcomes are.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from injunction_screen import Post, Screener


def thread_is_right(screener: Screener, thread: Mapping[str, Any]) -> bool:
    """Whether those posts flag that should, and no other."""
    posts = [Post(p["text"], id=p["id"], parent=p["parent"]) for p in thread["posts"]]
    flags = [one.outcome == "flag" for one in screener.screen_thread(posts)]
    return flags == [outcome == "flag" for outcome in thread["outcomes"]]


def main() -> None:
    screener = Screener()
    for path in sys.argv[1:]:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
        rows = [json.loads(line) for line in lines]
        if "posts" in rows[0]:
            right = [thread_is_right(screener, row) for row in rows]
            print(f"{path}: {sum(right)} of {len(right)} threads right")
            continue
        same = [screener.screen(row["text"]).outcome == row["outcome"] for row in rows]
        both = [a and b for a, b in zip(same[::2], same[1::2], strict=True)]
        print(f"{path}: {sum(both)} of {len(both)} pairs right on both sides")


if __name__ == "__main__":
    main()
