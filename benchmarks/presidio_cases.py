"""Run the cases of Presidio's own recogniser tests for e-mail, phone and URL through our finders.

    python benchmarks/presidio_cases.py PRESIDIO/presidio-analyzer/tests

The cases are read out of the test files of a checkout of Presidio, none is kept here.  For each
expected span it says whether our finders give the same span, one that overlaps, or none; and what
they find besides.  Where one text comes with several leniencies, Presidio's default (1) counts.
``--list`` prints the cases that differ.
"""

from __future__ import annotations

import argparse
import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from injunction_screen.records import Detail
from injunction_screen.screener import Screener

FILES = {
    "EMAIL_ADDRESS": ("test_email_recognizer.py", ("email",)),
    "PHONE_NUMBER": ("test_phone_recognizer.py", ("phone",)),
    "URL": ("test_url_recognizer.py", ("social_account", "email")),
}
Span = tuple[int, int]


def cases(path: Path) -> Iterator[tuple[str, tuple[Span, ...]]]:
    """Texts and expected spans of every parametrised test of a file."""
    seen = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.FunctionDef):
            continue
        for mark in node.decorator_list:
            if not isinstance(mark, ast.Call) or "parametrize" not in ast.dump(mark.func):
                continue
            names = [name.strip() for name in ast.literal_eval(mark.args[0]).split(",")]
            for values in ast.literal_eval(mark.args[1]):
                case = dict(zip(names, values, strict=True))
                spans = case.get("expected_positions")
                if spans is None or case.get("leniency", 1) != 1:
                    continue
                if (case["text"], spans) not in seen:
                    seen.add((case["text"], spans))
                    yield case["text"], spans


def compare(expected: tuple[Span, ...], found: list[Detail]) -> Counter[str]:
    counts: Counter[str] = Counter()
    left = list(found)
    for start, end in expected:
        over = [d for d in left if d.start < end and start < d.end]
        same = [d for d in over if (d.start, d.end) == (start, end)]
        counts["same span" if same else "other span" if over else "not found"] += 1
        left = [d for d in left if d not in over]
    counts["found besides"] += len(left)
    return counts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tests", type=Path)
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    screener = Screener()
    titles = ("same span", "other span", "not found", "found besides")
    print("| entity | cases | spans |", " | ".join(titles), "|")
    print("| --- " * (3 + len(titles)) + "|")
    for entity, (name, categories) in FILES.items():
        total: Counter[str] = Counter()
        texts = spans = 0
        for text, expected in cases(options.tests / name):
            found = [d for d in screener.details(text) if d.category in categories]
            counts = compare(expected, found)
            total += counts
            texts += 1
            spans += len(expected)
            if options.list and counts["same span"] != sum(counts.values()):
                print("  ", text, expected, [(d.start, d.end, d.pattern) for d in found])
        print(f"| {entity} | {texts} | {spans} |", " | ".join(str(total[t]) for t in titles), "|")


if __name__ == "__main__":
    main()
