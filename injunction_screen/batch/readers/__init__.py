"""Readers of dumps, one module a format.

Each has the same four names: ``TITLE``, what the format is; ``recognises``, from the name of a
file, its first bytes and the places in its JSON; ``rows``, which streams a dump; ``post``, which
makes the ``Message`` of a row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Protocol

from injunction_screen.batch.readers import (
    discord,
    discord_csv,
    facebook,
    generic,
    lihkg,
    mastodon,
    reddit,
    telegram,
    telethon,
    whatsapp,
    x,
)
from injunction_screen.batch.rows import Dump, Message, Row

__all__ = ["GENERIC", "READERS", "Reader"]


class Reader(Protocol):
    """What the module of a format has."""

    TITLE: str

    def recognises(self, name: str, head: bytes, places: frozenset[str]) -> bool:
        """Whether a dump that begins so is one of these."""

    def rows(self, dump: Dump) -> Iterator[Row]:
        """Every row of a dump."""

    def post(self, row: Row) -> Message:
        """The message in a row."""


# The surest signs first.
READERS: Mapping[str, Reader] = {
    "x": x,
    "mastodon": mastodon,
    "lihkg": lihkg,
    "discord": discord,
    "discord-csv": discord_csv,
    "facebook": facebook,
    "telegram": telegram,
    "telethon": telethon,
    "reddit": reddit,
    "whatsapp": whatsapp,
}
# Dumps in no platform's own format: what they are, and how their rows are read.
GENERIC: Mapping[str, tuple[str, Callable[[Dump], Iterator[Row]] | None]] = {
    "jsonl": ("JSON lines", generic.json_lines),
    "json": ("a JSON array", generic.json_array),
    "csv": ("CSV or TSV", generic.csv_rows),
    "parquet": ("Parquet", None),
}
