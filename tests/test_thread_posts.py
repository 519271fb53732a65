"""Invented threads: half of them must flag only as a thread, half must not.

Written by somebody who had not seen the patterns; the floors only rise.
"""

from __future__ import annotations

import json
import runpy
from pathlib import Path

from injunction_screen import Screener

BENCHMARK = Path(__file__).parent.parent / "benchmarks" / "pairs_and_threads.py"
THREADS = Path(__file__).parent / "posts" / "threads.jsonl"
# The second was 15 until a plain threat beside somebody's particulars came to stand.
LEAST_FLAGGED, LEAST_LEFT_ALONE = 12, 14  # of 20 each


def test_threads_stay_above_their_floors() -> None:
    screener, is_right = Screener(), runpy.run_path(str(BENCHMARK))["thread_is_right"]
    right = {True: 0, False: 0}
    for line in THREADS.read_text(encoding="utf-8").splitlines():
        thread = json.loads(line)
        right["flag" in thread["outcomes"]] += is_right(screener, thread)
    assert right[True] >= LEAST_FLAGGED
    assert right[False] >= LEAST_LEFT_ALONE
