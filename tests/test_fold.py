"""Folding: offsets always lead back to the text as given, and any ``str`` gets an answer."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from injunction_screen import screen
from injunction_screen.patternbook import default_book
from injunction_screen.text import Folded, fold, utf8_range, utf16_range

# Everything that `str` can hold, lone surrogates too, and more often what folding works on.
_TRICKY = (
    "陳大文電話門們６１２３4567①⑨❾９ａＡaA\x00 .@-\n\ud83d\ude00\ud800"
    "\N{GREEK SMALL LETTER OMICRON}\N{CYRILLIC CAPITAL LETTER ER}\N{ZERO WIDTH SPACE}"
    "\N{RIGHT-TO-LEFT OVERRIDE}\N{COMBINING ACUTE ACCENT}\N{VARIATION SELECTOR-16}"
    "\N{COMBINING ENCLOSING KEYCAP}"
)
ANY = st.text(
    st.one_of(st.characters(exclude_categories=()), st.sampled_from(_TRICKY)), max_size=80
)
quick = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def folded(text: str) -> Folded:
    return fold(text, default_book().folder)


@quick
@given(ANY)
def test_every_canonical_character_comes_from_the_source_in_order(text: str) -> None:
    view = folded(text)
    last = 0
    for i in range(len(view.text)):
        start, end = view.span(i, i + 1)
        assert 0 <= start < end <= len(text)
        assert start >= last or view.span(i - 1, i) == (start, end)
        last = start
    assert len(view.lower) == len(view.text)


@quick
@given(ANY)
def test_folding_twice_changes_nothing_more(text: str) -> None:
    once = folded(text).text
    assert folded(once).text == once


@quick
@given(ANY)
def test_a_canonical_offset_is_the_first_from_there_or_later(text: str) -> None:
    view = folded(text)
    for at in range(len(text) + 1):
        canonical = view.canonical(at)
        assert 0 <= canonical <= len(view.text)
        if canonical < len(view.text):
            assert view.span(canonical, canonical + 1)[0] >= at


@quick
@given(ANY)
def test_any_text_gets_an_answer_whose_spans_are_true(text: str) -> None:
    result = screen(text)
    assert result == screen(text)
    last = 0
    for detail in result.details:
        assert last <= detail.start < detail.end <= len(text)
        assert text[detail.start : detail.end] == detail.text
        last = detail.end
    for cue in result.cues:
        assert 0 <= cue.start < cue.end <= len(text)
        assert text[cue.start : cue.end] == cue.text
    assert 0.0 <= result.score <= 1.0
    for language in ("en", "zh-HK"):
        assert result.explain(language)
    assert json.loads(json.dumps(result.to_dict()))["outcome"] == result.outcome


@quick
@given(
    st.text(st.sampled_from("陳大文 Chan Tai Man 電話6123 4567住旺角死全家打爆佢."), max_size=60)
)
def test_redaction_takes_every_detail_away(text: str) -> None:
    result = screen(text)
    redacted = result.redacted()
    for detail in result.details:
        assert f"[{detail.category}]" in redacted
    assert len(redacted) == len(text) - sum(d.end - d.start for d in result.details) + sum(
        len(d.category) + 2 for d in result.details
    )


def _wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


@pytest.mark.parametrize(
    "disguise",
    [
        _wide,
        lambda text: "\N{ZERO WIDTH SPACE}".join(text),
        lambda text: "".join(
            c + "\N{COMBINING ENCLOSING KEYCAP}" if c.isdigit() else c for c in text
        ),
        lambda text: unicodedata.normalize("NFD", text),
    ],
    ids=["wide", "zero width", "keycap", "decomposed"],
)
def test_a_disguised_number_is_the_same_number(disguise) -> None:
    plain = screen("電話 6123 4567")
    hidden = screen(disguise("電話 6123 4567"))
    assert [d.category for d in plain.details] == ["phone"]
    assert [(d.category, d.value) for d in hidden.details] == [
        (d.category, d.value) for d in plain.details
    ]


HOSTILE = {
    "empty": "",
    "10 MB of Chinese": "我住喺旺角電話六一二三" * 300_000,
    "10 MB of ASCII": "call him at 6123 4567 or " * 400_000,
    "lone surrogates": "電話 6123\ud800 4567 \udfff" * 100,
    "80,000 combining marks": "a" + "\N{COMBINING ACUTE ACCENT}" * 80_000,
    "a.a.a.": "a." * 100_000,
    "digits": "9" * 200_000,
    "at signs": "@" * 100_000,
    "brackets": "(" * 100_000,
    "one row of letters": "a " * 100_000,
    "expanding": "\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}" * 50_000,
    "threats": "殺死你全家 kill him " * 20_000,
    "names": "陳大文 Chan Tai Man, " * 10_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_input_gets_an_answer(text: str) -> None:
    result = screen(text)
    assert result.outcome in ("clear", "review", "flag")
    if result.incomplete:
        assert result.outcome != "clear"
    for detail in result.details:
        assert text[detail.start : detail.end] == detail.text


@given(st.text(max_size=30), st.data())
def test_other_offsets_cut_the_same_characters(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    a, b = utf8_range(text, start, end)
    assert text.encode()[a:b].decode() == text[start:end]
    a, b = utf16_range(text, start, end)
    assert text.encode("utf-16-le")[2 * a : 2 * b].decode("utf-16-le") == text[start:end]
