"""Packs of one's own: what they add, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from injunction_screen import PatternFileError, Screener

RECORD = """
[[pattern]]
id = "identity_number.club"
category = "identity_number"
about = "a membership number of the club"
regex = '''{regex}'''
score = 0.9
examples = ["member ⟦CLUB-12345⟧", "⟦CLUB-54321⟧ is hers"]
counter_examples = [{{ text = "CLUB sandwich", why = "food" }}]
"""


def pack(folder: Path, regex: str) -> Path:
    (folder / "formats").mkdir()
    (folder / "pack.toml").write_text('name = "club"\nversion = "1"\n', encoding="utf-8")
    text = RECORD.format(regex=regex)
    (folder / "formats" / "club.toml").write_text(text, encoding="utf-8")
    return folder


def test_record_of_ones_own_finds_details(tmp_path: Path) -> None:
    screener = Screener(patterns=pack(tmp_path, r"club-\d{5}"))
    (detail,) = screener.screen("member CLUB-12345").details
    assert (detail.category, detail.pattern) == ("identity_number", "identity_number.club")


@pytest.mark.parametrize("regex", ["(a+)+$", "(.*a){12}b", "(我|我我)+$"])
def test_regex_that_runs_away_is_refused_by_name(tmp_path: Path, regex: str) -> None:
    with pytest.raises(PatternFileError, match=r"club.toml: identity_number.club: .*runs away"):
        Screener(patterns=pack(tmp_path, regex))


@pytest.mark.parametrize(("holds", "said"), [("(a+)+$", "runs away"), ("(", "is wrong")])
def test_quick_look_is_held_to_the_same(tmp_path: Path, holds: str, said: str) -> None:
    folder = pack(tmp_path, "club-[0-9]{5}'''\nholds = '''" + holds)
    with pytest.raises(PatternFileError, match=rf"identity_number.club: the holds {said}"):
        Screener(patterns=folder)


def test_folder_without_a_pack_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PatternFileError, match=r"pack\.toml"):
        Screener(patterns=tmp_path)
