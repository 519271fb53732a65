"""Threads: the post that completes a combination takes the outcome."""

from __future__ import annotations

from injunction_screen import Post, Screener

DETAILS = Post("陳大文，電話 6123 4567，住沙田第一城", id="1")
CALL = Post("今晚去佢樓下等佢，打死佢", id="2", parent="1")
TALK = Post("今日天氣好好", id="3", parent="1")


def test_reply_that_threatens_the_person_above_is_flagged() -> None:
    first, talk, call = Screener().screen_thread([DETAILS, TALK, CALL])
    assert (first.outcome, talk.outcome, call.outcome) == ("review", "clear", "flag")
    assert call.related == ("1",)


def test_call_in_another_branch_keeps_its_own_outcome() -> None:
    other = Post("有冇人去行山", id="9")
    call = Post("打死佢", id="2", parent="9")
    *_, last = Screener().screen_thread([DETAILS, other, call])
    assert last.outcome != "flag"


def test_benign_replies_stay_clear() -> None:
    assert Screener().screen_thread([DETAILS, TALK])[1].outcome == "clear"
