"""The pattern book, as the training of the name finder reads it."""

from __future__ import annotations

from pathlib import Path

from injunction_screen.details.name_lexicon import lexicon
from injunction_screen.patternbook import default_book
from injunction_screen.scan import Scanner

HERE = Path(__file__).resolve().parent
BOOK = default_book()
KNOWN = lexicon(BOOK)
SCANNER = Scanner(BOOK)
OPEN, CLOSE = "\ue000", "\ue001"  # private marks around names while a post is put together


def entries(name: str, column: int = 0) -> list[str]:
    """One column of a list of the pattern files."""
    return [row[column] for row in BOOK.lists[name] if len(row) > column]
