"""What each guard, the links and the second reader are worth: outcomes without them, in turn.

    python benchmarks/ablation.py POSTS.jsonl...

Out: a row for the whole screener and one for each part left out: outcome macro F1, precision and
recall of ``flag``, and how many posts come out otherwise than with it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from injunction_screen import Screener, cues, screener
from injunction_screen.evaluate import evaluate, read_gold
from injunction_screen.linking import Linked, link
from injunction_screen.patternbook import default_book
from injunction_screen.records import Link


@contextmanager
def replaced(module: Any, name: str, value: Any) -> Iterator[None]:
    kept = getattr(module, name)
    setattr(module, name, value)
    try:
        yield
    finally:
        setattr(module, name, kept)


def everything_linked(reading: Any, details: Any, said: Any, *rest: Any) -> Linked:
    """Every third-party detail with every cue, wherever they stand."""
    owners = link(reading, details, said, *rest).owners
    third = tuple(i for i, owner in enumerate(owners) if owner == "third")
    if not third or not said:
        return Linked((), owners)
    return Linked((Link(third, tuple(range(len(said))), (), "only_person", 0.5),), owners)


def without_guard(name: str) -> Callable[[Any], list[Any]]:
    guards = cues._guards
    return lambda reading: [guard for guard in guards(reading) if guard.name != name]


def figures(rows: Sequence[dict[str, Any]], asked: Screener) -> tuple[dict[str, float], list[str]]:
    result = evaluate(rows, asked)
    return result.figures(), [asked.screen(row["text"]).outcome for row in rows]


def main() -> None:
    rows = [row for path in sys.argv[1:] for row in read_gold(path)]
    whole = Screener()
    outcomes = figures(rows, whole)[1]
    print(f"{len(rows)} posts\n")
    print("| without | outcome macro F1 | flag precision | flag recall | other outcomes |")
    print("| --- | --- | --- | --- | --- |")

    def show(name: str, asked: Screener) -> None:
        found, others = figures(rows, asked)
        moved = sum(a != b for a, b in zip(outcomes, others, strict=True))
        print(
            f"| {name} | {found['outcome_macro_f1']:.3f} | {found['flag_precision']:.3f}"
            f" | {found['flag_recall']:.3f} | {moved} |"
        )

    show("nothing", whole)
    show("the second reader", Screener(second_reader=False))
    with replaced(screener, "link", everything_linked):
        show("links", whole)
    with replaced(screener, "find_purposes", lambda reading: ()):
        show("purposes", whole)
    for name in sorted({pattern.name for pattern in default_book().of("guard")}):
        with replaced(cues, "_guards", without_guard(name)):
            show(f"guard: {name}", whole)


if __name__ == "__main__":
    main()
