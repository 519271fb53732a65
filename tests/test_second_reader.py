"""The second reader confirms, doubts and asks for reviews; it never flags by itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from injunction_screen import Screener, second_reader
from injunction_screen.second_reader import NAME, WORDS, consider, settle

POSTS = Path(__file__).parent / "posts" / "varied.jsonl"
WITH, WITHOUT = Screener(), Screener(second_reader=False)


def _texts() -> list[str]:
    return [json.loads(line)["text"] for line in POSTS.read_text(encoding="utf-8").splitlines()]


def test_flag_on_its_opinion_has_details_of_somebody_and_a_word_of_the_list() -> None:
    flagged = 0
    for text in _texts():
        result = WITH.screen(text)
        if result.outcome != "flag" or any(c.strong and c.pattern != NAME for c in result.cues):
            continue
        flagged += 1
        found = WITH.evidence(text)
        assert found.reading.of(WORDS)
        assert any(found.owners[i] == "third" for one in result.links for i in one.details)
    assert flagged


def test_without_it_only_records_speak() -> None:
    assert not [c for text in _texts() for c in WITHOUT.screen(text).cues if c.pattern == NAME]


def test_what_it_says_is_the_same_every_time() -> None:
    text = "陳大文住沙田好運中心，下次見到佢，等佢試下咩叫行唔到樓梯"
    assert consider(WITH.evidence(text)) == consider(WITH.evidence(text))


@pytest.mark.parametrize(
    "text",
    [
        "佢電話 6123 4567，I will kill you",
        "his phone 6123 4567, I will kill you",
        "我要殺死陳大文，佢車牌 AB 1234",
        "陳大文 電話 6123 4567 我要斬死佢",
        "I will kill Chan Tai Man, he lives at Flat A, 12/F, Block 3, Laguna City",
        "陳大文，我會殺死你全家",
        "Kelvin Mak, I'm going to break your legs",
        "大家打爆佢電話 6123 4567",
    ],
)
def test_plain_menace_with_details_is_flagged(text: str) -> None:
    assert WITH.screen(text).outcome == "flag"


@pytest.mark.parametrize("text", ["", " ", "\N{ZERO WIDTH SPACE}", "今日天氣好好", "🙂" * 50])
def test_text_without_anybody_has_no_opinion_or_a_low_one(text: str) -> None:
    opinion = consider(WITH.evidence(text))
    assert opinion is None or opinion.chance < second_reader.BELIEF


def test_opinion_that_it_is_talk_drops_what_frames_found_and_excuses_details() -> None:
    found = WITH.evidence("Kelvin Mak, I'm going to break your legs")
    opinion = consider(found)
    assert opinion is not None
    settled = settle(found, opinion._replace(outcome="clear"))
    assert settled.excused
    assert not [cue for cue in settled.cues if cue.strong]


def test_opinion_that_asks_for_review_leaves_no_cue_linked() -> None:
    found = WITH.evidence("Kelvin Mak, I'm going to break your legs")
    opinion = consider(found)
    assert opinion is not None
    settled = settle(found, opinion._replace(outcome="review"))
    assert {i for i, cue in enumerate(settled.cues) if cue.strong} == settled.unlinked


def test_strongest_words_are_words_of_the_text() -> None:
    text = "next time you won't walk home"
    for word in second_reader.strongest(text):
        assert all(part in text for part in word.replace("_", " ").split())


def test_place_of_a_cue_lies_in_the_post() -> None:
    for text in _texts():
        for cue in WITH.screen(text).cues:
            assert 0 <= cue.start < cue.end <= len(text)
            assert cue.text == text[cue.start : cue.end]
