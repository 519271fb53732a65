"""The shipped pattern files keep what their own records promise."""

from __future__ import annotations

import pytest

from injunction_screen.checking import check
from injunction_screen.patternbook import default_book
from injunction_screen.records import CUE_KINDS
from injunction_screen.screener import Screener


def test_every_record_is_right_about_its_examples_and_quick_on_hostile_text() -> None:
    assert [str(fault) for fault in check(default_book())] == []


@pytest.mark.parametrize("kind", CUE_KINDS)
def test_every_cue_kind_has_records(kind: str) -> None:
    assert default_book().of("kind", kind)


def test_every_shipped_order_can_be_screened_for_alone() -> None:
    for name in sorted(default_book().orders):
        (order,) = Screener(orders=[name]).orders
        assert order.id == name
        assert order.sources
