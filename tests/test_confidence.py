"""Scores are probabilities: read off rising lines, and reported bin by bin."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from injunction_screen import Screener
from injunction_screen.details.confidence import confidence, curves, read_off
from injunction_screen.evaluate import Bin, evaluate
from injunction_screen.patternbook import default_book
from injunction_screen.records import CATEGORIES


def test_every_category_has_a_line() -> None:
    assert set(CATEGORIES) <= set(curves())


@pytest.mark.parametrize("name", sorted(curves()))
def test_lines_rise_and_stay_probabilities(name: str) -> None:
    points = curves()[name]
    for (raw, share), (next_raw, next_share) in pairwise(points):
        assert raw < next_raw
        assert share <= next_share
    assert all(0.0 <= share < 1.0 for _, share in points)


@given(st.sampled_from(sorted(curves())), st.floats(0, 1), st.floats(0, 1))
def test_a_higher_raw_score_is_never_less_likely(name: str, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert read_off(curves()[name], low) <= read_off(curves()[name], high)


def test_a_pattern_of_ones_own_takes_its_categorys_line() -> None:
    assert confidence("phone", "phone.of_ours", 0.9) == read_off(curves()["phone"], 0.9)


def test_lines_name_patterns_that_exist() -> None:
    ids = {pattern.id for pattern in default_book().patterns}
    # Windows of the name model, chains of the address grammar and titles are no records.
    own = {
        n for n in curves() if "." in n and not n.startswith(("name.", "address.", "job_title."))
    }
    assert own <= ids


def test_reliability_counts_each_found_detail_once() -> None:
    text = "Tel: 6123 4567"
    row = {"text": text, "outcome": "clear", "cues": []}
    marked = {**row, "details": [{"start": 5, "end": 14, "category": "phone"}]}
    result = evaluate([marked, {**row, "details": []}], Screener())
    (only,) = result.reliability()
    assert isinstance(only, Bin)
    assert (only.count, only.right) == (2, 0.5)
    assert result.calibration_error() == pytest.approx(only.score - 0.5)
    assert result.reliability("name") == ()
