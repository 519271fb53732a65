"""The disguise matrix: details hidden in twenty ways, in six categories (``benchmarks``)."""

from __future__ import annotations

import importlib.util
from collections import defaultdict
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
RECALL = 0.90  # over the cells that a reader would make out, and of each of them
TOLD = 0.95  # of what is found: `via` names the disguise


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    spec = importlib.util.spec_from_file_location("disguises", ROOT / "benchmarks" / "disguises.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def data(bench: ModuleType) -> dict[str, Any]:
    found: dict[str, Any] = bench.read_data()
    return found


@pytest.fixture(scope="module")
def answers(bench: ModuleType, data: dict[str, Any]) -> list[tuple[Any, Any]]:
    return [(case, bench.answer(case)) for case in bench.cases(data)]


def test_twenty_mechanisms_by_six_categories(bench: ModuleType, data: dict[str, Any]) -> None:
    assert len(bench.MECHANISMS) == 20
    assert len(bench.CATEGORIES) == 6
    cells = {
        (mechanism, category) for mechanism in bench.MECHANISMS for category in bench.CATEGORIES
    }
    closed = bench.unread(data)
    assert closed.keys() <= cells
    assert all(len(why.split()) > 3 for why in closed.values())
    tried = defaultdict(int)
    for case in bench.cases(data):
        tried[case.mechanism, case.category] += 1
    assert tried.keys() == cells - closed.keys()
    assert min(tried.values()) >= 5


def test_cases_are_well_made(bench: ModuleType, data: dict[str, Any]) -> None:
    cases = list(bench.cases(data))
    assert cases == list(bench.cases(data)), "the same cases each time"
    assert len({case.id for case in cases}) == len(cases)
    for case in cases:
        hidden = case.text[case.start : case.end]
        assert hidden and hidden != case.plain


@pytest.mark.slow
def test_recall_over_the_readable_cells(answers: list[tuple[Any, Any]]) -> None:
    assert sum(answer.found for _, answer in answers) / len(answers) >= RECALL


@pytest.mark.slow
def test_known_misses_are_the_misses(data: dict[str, Any], answers: list[tuple[Any, Any]]) -> None:
    missed = {case.id for case, answer in answers if not answer.found}
    known = set(data["matrix"]["known_misses"])
    assert missed <= known, "newly missed"
    assert known <= missed, "found now: take it out of known_misses (--update)"


@pytest.mark.slow
def test_every_cell_is_found_or_has_known_misses(
    data: dict[str, Any], answers: list[tuple[Any, Any]]
) -> None:
    known = {tuple(case.split("/")[:2]) for case in data["matrix"]["known_misses"]}
    cells: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for case, answer in answers:
        cells[case.mechanism, case.category].append(answer.found)
    weak = {cell for cell, found in cells.items() if sum(found) / len(found) < RECALL}
    assert weak <= known


@pytest.mark.slow
def test_via_tells_the_disguise_in_every_cell(answers: list[tuple[Any, Any]]) -> None:
    told: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for case, answer in answers:
        if answer.found:
            told[case.mechanism, case.category].append(answer.told)
    assert all(any(cell) for cell in told.values())
    everywhere = [yes for cell in told.values() for yes in cell]
    assert sum(everywhere) / len(everywhere) >= TOLD
