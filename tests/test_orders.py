"""Orders: what their files may say, and what limbs follow from a post's facts."""

from __future__ import annotations

from pathlib import Path

import pytest

from injunction_screen import OrderError, Post, Screener, screen
from injunction_screen.explain import outcome_of

BOUNTY = "懸紅五十萬買起沙展陳大文，有料 DM"


def limbs_of(text: str, order: str, created_at: str | None = None) -> dict[str, str]:
    result = screen(Post(text, created_at=created_at))
    return {limb.limb: limb.outcome for limb in result.limbs if limb.order == order}


def test_bounty_on_named_officer_engages_all_three_limbs() -> None:
    assert limbs_of(BOUNTY, "hca-1957-2019") == {
        "disclosure": "flag",
        "intimidation": "flag",
        "incitement": "flag",
    }


@pytest.mark.parametrize(
    ("day", "stands"), [("2019-10-24", False), ("2019-10-25", True), ("2024-01-01", True)]
)
def test_order_stands_from_its_first_day(day: str, stands: bool) -> None:
    assert bool(limbs_of(BOUNTY, "hca-1957-2019", day)) is stands


@pytest.mark.parametrize(("day", "stands"), [("2019-12-09", False), ("2019-12-10", True)])
def test_special_constables_are_protected_from_the_day_they_were_added(
    day: str, stands: bool
) -> None:
    text = "特務警察陳大文，電話 6123 4567，大家打爆佢電話"
    assert ("incitement" in limbs_of(text, "hca-1957-2019", day)) or not stands


def test_unknown_order_is_named_with_the_known_ones() -> None:
    with pytest.raises(OrderError, match="hca-1957-2019"):
        Screener(orders=["hca-1-1900"])


def test_own_order_file_works_like_a_shipped_one(tmp_path: Path) -> None:
    order = tmp_path / "club.toml"
    order.write_text(
        'title = "Club rule 7"\n'
        "[[limb]]\n"
        'limb = "disclosure"\nclause = "7"\nsource = "club rules"\ntext = "no phones"\n'
        "[[limb.when]]\n"
        'details = ["phone"]\noutcome = "review"\nreason = "a phone number is posted"\n',
        encoding="utf-8",
    )
    result = Screener(orders=[order]).screen("Peter 電話 6123 4567")
    assert result.outcome == "review"
    assert result.limbs[0].order == "club"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ('title = "x"\n', "needs at least one"),
        ('title = "x"\nextra = 1\n[[limb]]\nlimb = "disclosure"\n', "unknown key 'extra'"),
        ('title = "x"\n[[limb]]\nlimb = "other"\n', "disclosure, intimidation or incitement"),
        ("title = \n", "is not TOML"),
    ],
)
def test_broken_order_file_is_refused_with_its_name(
    tmp_path: Path, body: str, message: str
) -> None:
    order = tmp_path / "broken.toml"
    order.write_text(body, encoding="utf-8")
    with pytest.raises(OrderError, match=message) as caught:
        Screener(orders=[order])
    assert "broken.toml" in str(caught.value)


@pytest.mark.parametrize("text", ["", BOUNTY, "佢個電話 6123 4567", "冚唪唥黑警死全家"])
def test_outcome_follows_from_the_limbs_alone(text: str) -> None:
    result = screen(text)
    assert outcome_of(result.limbs, incomplete=result.incomplete) == result.outcome
