"""Telephone numbers in their six common written forms, and numbers that are something else."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]
FOUND = 0.995  # of the numbers beside a word of the telephone, at least
TAKEN = 0.02  # of the numbers beside a word of something else, at most


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "public_phones", ROOT / "benchmarks" / "public_phones.py"
    )
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_made_up_numbers(bench: ModuleType) -> None:
    _judge(bench, bench.made_up_numbers())


@pytest.mark.slow
def test_public_numbers(bench: ModuleType) -> None:
    if not bench.DATA.exists():
        pytest.skip("the shared folder is not here")
    _judge(bench, bench.public_numbers()[::3])


def _judge(bench: ModuleType, numbers: list[str]) -> None:
    found, taken = bench.measure(numbers)
    assert set(found) == set(bench.FORMS)
    for form, (right, tried) in found.items():
        assert right / tried >= FOUND, form
    assert bench.rate(taken) <= TAKEN, {s: n for s, n in taken.items() if n[0]}
