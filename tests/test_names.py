"""Persons' names: invented sentences, each with every name that must be found and no other."""

import json
import re
from pathlib import Path

import pytest

from injunction_screen.details import find_details
from injunction_screen.patternbook import default_book
from injunction_screen.scan import Reading, Scanner
from injunction_screen.text import fold

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "names.jsonl").read_text("utf-8").splitlines()
]
SCANNER = Scanner(default_book())


def read(text: str) -> Reading:
    return SCANNER.read(fold(text, SCANNER.book.folder))


def unmarked(marked: str) -> tuple[str, list[tuple[int, int]]]:
    text, spans = "", []
    for plain, name in re.findall("([^⟦⟧]*)(?:⟦([^⟦⟧]+)⟧)?", marked):
        text += plain
        if name:
            spans.append((len(text), len(text) + len(name)))
            text += name
    return text, spans


def params() -> list:
    return [
        pytest.param(
            case.get("marked", case["text"]),
            id=str(number),
            marks=pytest.mark.xfail(strict=True) if case.get("known_miss") else (),
        )
        for number, case in enumerate(CASES)
    ]


@pytest.mark.parametrize("marked", params())
def test_finds_exactly_the_marked_names(marked: str) -> None:
    text, spans = unmarked(marked)
    found = [(d.start, d.end) for d in find_details(read(text)) if d.category == "name"]
    assert [text[a:b] for a, b in found] == [text[a:b] for a, b in spans]
    assert found == spans
