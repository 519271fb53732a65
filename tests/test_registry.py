"""The registry keeps keyed hashes only, and gives its people their role."""

from __future__ import annotations

from pathlib import Path

import pytest

from injunction_screen import InputError, Screener
from injunction_screen.registry import Registry

KEY = b"0123456789abcdef"


def test_saved_registry_holds_no_value_and_no_key(tmp_path: Path) -> None:
    path = tmp_path / "registry.json"
    Registry.of(KEY, [("judge", "陳大文"), ("police_officer", "61234567")]).save(path)
    text = path.read_text(encoding="utf-8")
    assert "陳大文" not in text and "61234567" not in text and KEY.decode() not in text
    assert Registry.load(KEY, path).role("6123 4567") == "police_officer"


def test_another_key_knows_nobody(tmp_path: Path) -> None:
    path = tmp_path / "registry.json"
    Registry.of(KEY, [("judge", "陳大文")]).save(path)
    assert Registry.load(b"another key of 16", path).role("陳大文") is None


def test_short_key_is_refused() -> None:
    with pytest.raises(InputError, match="16 bytes"):
        Registry.of(b"short", [])


def test_detail_of_a_registered_person_gives_them_their_role() -> None:
    registry = Registry.of(KEY, [("judge", "6123 4567")])
    result = Screener(protected=registry).screen("電話 6123 4567")
    assert "judge" in {subject.role for subject in result.subjects}
    assert result.outcome == "review"


def test_registered_address_is_known_whatever_the_post_says_is_done_there() -> None:
    home = "佢住沙田禾輋邨豐和樓1203室"
    office = "公司：沙田禾輋邨豐和樓1203室"
    value = {d.category: d.value for d in Screener().screen(home).details}["address"]
    registry = Registry.of(KEY, [("judge", value.partition(";use=")[0])])
    for text in (home, office):
        assert "judge" in {s.role for s in Screener(protected=registry).screen(text).subjects}


def test_repr_shows_neither_key_nor_digests() -> None:
    assert repr(Registry.of(KEY, [("judge", "x")])) == "Registry()"
