"""The first look and the gate: short answers are those of the full way."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from injunction_screen import InputError, Post, Screener
from injunction_screen import first_look as module
from injunction_screen import screener as module_screener
from injunction_screen.first_look import scores
from injunction_screen.patternbook import default_book

ROOT = Path(__file__).parent.parent
AGREES = runpy.run_path(str(ROOT / "benchmarks" / "gate_agrees.py"))
ORDINARY = "今日落雨，食完飯返工，好攰。"
HOSTILE = "陳大文住沙田好運中心A座12樓3室，大家今晚去佢屋企放火"


@pytest.fixture(scope="module")
def screener() -> Screener:
    return Screener()


@given(st.lists(st.text(max_size=60), max_size=8))
@settings(max_examples=150, deadline=None)
def test_a_text_scores_the_same_alone_and_among_others(texts: list[str]) -> None:
    folder = default_book().folder
    together = scores(texts, folder)
    assert together == pytest.approx([scores([text], folder)[0] for text in texts])


def test_a_batch_of_any_size_scores_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [ORDINARY * n for n in range(1, 30)] + [HOSTILE, "", "\ud800", "x" * 500]
    folder = default_book().folder
    whole = scores(texts, folder)
    monkeypatch.setattr(module, "MOST", 200)
    assert scores(texts, folder) == pytest.approx(whole)
    assert scores([], folder) == []


def test_width_script_and_case_make_no_difference() -> None:
    folder = default_book().folder
    plain, other = scores(["kill him 杀佢全家", "ＫＩＬＬ　ｈｉｍ 殺佢全家"], folder)
    assert plain == pytest.approx(other)


def test_what_is_plainly_hostile_is_looked_at() -> None:
    ordinary, hostile = scores([ORDINARY, HOSTILE], default_book().folder)
    assert ordinary < 0 <= hostile


def test_a_long_text_scores_as_its_most_hostile_part() -> None:
    folder = default_book().folder
    tale = ORDINARY * 60 + HOSTILE + ORDINARY * 60
    parts = [tale[at : at + module.PART] for at in range(0, len(tale), module.STEP)]
    found = scores([ORDINARY, tale, HOSTILE], folder)
    assert found[1] == pytest.approx(max(scores(parts, folder)))
    assert found[0] < 0 < found[1]


def test_frames_of_ones_own_count_whatever_the_first_look_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "pack.toml").write_text('name = "own"\nversion = "1"\n', encoding="utf-8")
    (tmp_path / "cues").mkdir()
    (tmp_path / "cues" / "own.toml").write_text(
        '[[pattern]]\nid = "threat.own"\nkind = "threat"\nabout = "a code word"\n'
        'forms = ["(blue teapot)"]\nexamples = ["⟦blue teapot⟧"]\n',
        encoding="utf-8",
    )
    monkeypatch.setattr(module_screener, "DOUBT", 1e9)
    monkeypatch.setattr(module_screener, "SAID", 0)
    own = Screener(patterns=tmp_path)
    text = "呢間餐廳嘅牛腩麵湯底幾好味，環境有啲嘈。blue teapot"
    assert scores([text], own.book.folder)[0] < 0
    (short,) = own.screen_many([text])
    assert short.read
    assert [cue.kind for cue in own.screen(text).cues] == ["threat"]


def test_posts_that_are_clear_at_first_sight_are_not_read(screener: Screener) -> None:
    text = "今日落雨，同陳大文食完飯返工。"
    assert [detail.category for detail in screener.screen(text).details] == ["name"]
    first, second = screener.screen_many([Post(text, id="a"), HOSTILE])
    assert (first.outcome, first.read, first.details, first.id) == ("clear", False, (), "a")
    assert (second.outcome, second.read) == ("flag", True)
    with pytest.raises(InputError, match="every_detail"):
        first.redacted()


def test_every_detail_is_found_when_asked_for(screener: Screener) -> None:
    text = ORDINARY + "電話 6123 4567"
    (found,) = screener.screen_many([text], every_detail=True)
    assert found == screener.screen(text)
    assert [detail.category for detail in found.details] == ["phone"]


def test_the_order_is_kept_and_posts_are_taken_lazily(screener: Screener) -> None:
    taken = 0

    def posts():
        nonlocal taken
        for number in range(1000):
            taken += 1
            yield Post(HOSTILE if number % 100 == 7 else ORDINARY, id=str(number))

    found = screener.screen_many(posts())
    assert next(found).id == "0"
    assert taken < 1000
    rest = list(found)
    assert [one.id for one in rest] == [str(number) for number in range(1, 1000)]
    assert [one.id for one in rest if one.flagged] == [str(n) for n in range(7, 1000, 100)]


@pytest.mark.parametrize(
    "unit", ["陳", "陳大文同李小明食飯，", "Li ", "Chan Tai Man ", "7 ", "經理", "A1 "]
)
def test_a_post_in_which_a_limit_is_met_is_never_clear(screener: Screener, unit: str) -> None:
    for size in (module_screener.AT_SIGHT, 8_000, 50_000):
        text = (unit * size)[:size]
        whole, (short,) = screener.screen(text), screener.screen_many([text])
        assert short.outcome == whole.outcome
        assert not (whole.incomplete and short.outcome == "clear")
        assert whole.incomplete == (short.incomplete if short.read else False)


def test_an_order_that_asks_for_excused_details_has_every_post_read(tmp_path: Path) -> None:
    order = tmp_path / "all.toml"
    order.write_text(
        'title = "All"\n[[limb]]\nlimb = "disclosure"\nsource = "s"\ntext = "t"\n'
        '[[limb.when]]\ndetails = ["phone"]\noutcome = "review"\nreason = "r"\n',
        encoding="utf-8",
    )
    text = "佢電話 6123 4567"
    (found,) = Screener(orders=[order]).screen_many([text])
    assert found.read
    assert found.outcome == Screener(orders=[order]).screen(text).outcome


def test_short_and_full_answers_agree_on_labelled_posts(screener: Screener) -> None:
    for name in ("gold", "fresh", "posts"):
        texts = AGREES["texts_of"](ROOT / "tests" / name)
        assert AGREES["differences"](screener, texts)[0] == 0


def test_short_and_full_answers_agree_on_made_posts(screener: Screener) -> None:
    texts = list(AGREES["made"](screener.book, 3000, 5))
    assert AGREES["differences"](screener, texts)[0] == 0


def test_short_and_full_answers_agree_on_ordinary_posts(screener: Screener) -> None:
    folder = ROOT.parent / "shared" / "data" / "text"
    if not folder.is_dir():
        pytest.skip("the folder of shared data is not here")
    texts = [
        json.loads(line)["text"]
        for path in sorted(folder.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").split("\n")[:150]
        if line
    ]
    assert AGREES["differences"](screener, texts)[0] == 0
