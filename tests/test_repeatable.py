"""The same post gets the same answer in every process, however it hashes its strings."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from injunction_screen import Screener, screener

POSTS = Path(__file__).parent / "posts" / "varied.jsonl"
ASK = """
import json, sys
from injunction_screen import Screener
screener = Screener()
for line in open(sys.argv[1], encoding="utf-8"):
    result = screener.screen(json.loads(line)["text"])
    print(json.dumps(result.to_dict(), sort_keys=True))
print(Screener(orders=["hca-1957-2019", "generic-doxxing"]).ruleset)
"""


def test_answers_do_not_hang_on_the_hash_seed() -> None:
    answers = set()
    for seed in ("1", "2", "3", "4"):
        done = subprocess.run(
            [sys.executable, "-c", ASK, str(POSTS)],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        )
        answers.add(done.stdout)
    assert len(answers) == 1
    assert answers.pop()


def test_other_weights_are_another_ruleset(monkeypatch: pytest.MonkeyPatch) -> None:
    before = Screener().ruleset
    monkeypatch.setattr(screener, "weights_digest", lambda: "other")
    assert Screener().ruleset != before
