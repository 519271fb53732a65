"""No figure over the labelled posts falls below its floor; floors only rise.

To raise them: ``injunction-screen evaluate tests/gold/*.jsonl --floors tests/floors.toml --update``
"""

from __future__ import annotations

from pathlib import Path

import pytest

from injunction_screen.evaluate import evaluate, read_gold
from injunction_screen.floors import below, read_floors
from injunction_screen.screener import Screener

HERE = Path(__file__).parent
SETS = {
    "floors.toml": ["gold/dev_zh.jsonl", "gold/dev_en.jsonl"],
    "floors_varied.toml": ["posts/varied.jsonl"],
    "floors_fresh.toml": ["fresh/third.jsonl", "fresh/fourth.jsonl"],
}


@pytest.mark.parametrize("floors", SETS)
def test_no_figure_falls_below_its_floor(floors: str) -> None:
    rows = [row for path in SETS[floors] for row in read_gold(HERE / path)]
    figures = evaluate(rows, Screener()).figures()
    assert below(figures, read_floors(HERE / floors)) == []
