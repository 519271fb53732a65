"""The bank of invented one-liners: how many cues are found, how often harmless ones fire.

``tests/posts/bank_*.jsonl`` were written by people who had not seen the patterns, to be far from
their wording; the floors only rise.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from injunction_screen import Screener
from injunction_screen.floors import below, read_floors

POSTS = Path(__file__).parent / "posts"
FLOORS = Path(__file__).parent / "floors_bank.toml"


@pytest.mark.parametrize("bank", sorted(path.stem for path in POSTS.glob("bank_*.jsonl")))
def test_bank_stays_above_its_floors(bank: str) -> None:
    screener = Screener()
    found = there = fired = harmless = 0
    for line in (POSTS / f"{bank}.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        strong = any(cue.strong for cue in screener.screen(row["text"]).cues)
        if set(row["kinds"]) - {"spread", "abuse"}:
            there += 1
            found += strong
        elif not row["kinds"]:
            harmless += 1
            fired += strong
    figures = {
        f"{bank}_strong_recall": found / there,
        f"{bank}_harmless_left_alone": 1 - fired / harmless,
    }
    floors = {name: floor for name, floor in read_floors(FLOORS).items() if name in figures}
    assert below(figures, floors) == []
