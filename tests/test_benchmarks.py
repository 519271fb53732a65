"""The speed benchmarks: what they run on, how they reckon, and that their plot is drawn."""

from __future__ import annotations

import importlib
import math
import random
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from injunction_screen import Screener

ROOT = Path(__file__).parent.parent
NAMES = ("workload", "speed", "scaling")


@pytest.fixture(scope="module")
def modules() -> Iterator[dict[str, ModuleType]]:
    """The commands as they import each other: from their own folder."""
    sys.path.insert(0, str(ROOT / "benchmarks"))
    try:
        yield {name: importlib.import_module(name) for name in NAMES}
    finally:
        sys.path.remove(str(ROOT / "benchmarks"))
        for name in NAMES:
            sys.modules.pop(name, None)


@pytest.fixture(scope="module")
def workload(modules: dict[str, ModuleType]) -> ModuleType:
    return modules["workload"]


@pytest.fixture(scope="module")
def scaling(modules: dict[str, ModuleType]) -> ModuleType:
    return modules["scaling"]


@pytest.fixture(scope="module")
def speed(modules: dict[str, ModuleType]) -> ModuleType:
    return modules["speed"]


def test_hands_hold_every_post_once_at_most(workload: ModuleType) -> None:
    posts = [str(number) for number in range(100)]
    dealt = workload.hands(posts, 6, 15)
    assert [len(hand) for hand in dealt] == [15] * 6
    assert len({post for hand in dealt for post in hand}) == 90


def test_made_posts_are_the_same_for_everybody(workload: ModuleType) -> None:
    first, again = (list(workload.made(50, seed=7)) for _ in range(2))
    assert first == again
    assert len(set(first)) > 40
    assert all(first)


def test_sample_dump_has_posts(workload: ModuleType) -> None:
    assert len(workload.sample_dump()) > 300
    assert workload.ordinary(ROOT / "no such folder") == {"sample dump": workload.sample_dump()}


def test_shapes_have_the_length_asked_for(scaling: ModuleType) -> None:
    assert len(scaling.SHAPES) >= 20
    for shape in scaling.SHAPES:
        assert len(scaling.shaped(shape, 3001)) == 3001, shape


def test_pairs_link_or_do_not(scaling: ModuleType) -> None:
    screener = Screener(second_reader=False)  # what the frames say
    linked = screener.screen(scaling.shaped("pairs that all link", 2000))
    assert len({i for link in linked.links for i in link.details}) > 50
    apart = screener.screen(scaling.shaped("pairs that never link", 2000))
    assert len(apart.details) > 50
    assert len(apart.cues) > 50
    assert not apart.links
    assert not screener.screen(scaling.shaped("names, nothing hostile", 2000)).cues


@pytest.mark.parametrize("power", [0.5, 1.0, 2.0])
def test_slope_is_the_power(scaling: ModuleType, power: float) -> None:
    points = [(size, 3e-6 * size**power) for size in scaling.SIZES]
    assert math.isclose(scaling.slope(points), power)


def test_quadratic_and_slow_shapes_are_told(scaling: ModuleType) -> None:
    def row(power: float, one: float) -> dict[str, object]:
        return scaling.shape_row(
            "x", [[one * min(size, 100_000) ** power] for size in scaling.SIZES]
        )

    assert not scaling.over(row(1.0, 1e-6))
    assert scaling.over(row(1.0, 1e-4))
    assert scaling.over(row(2.0, 1e-11))


@pytest.mark.parametrize("sort", ["forms, rare words", "forms, common words", "regexes", "terms"])
def test_packs_load_and_change_no_outcome(scaling: ModuleType, tmp_path: Path, sort: str) -> None:
    own = scaling.pack(tmp_path / "own", sort, 20, 50 if sort == "terms" else 0)
    shipped, grown = Screener(), Screener(patterns=own)
    assert len(grown.book.patterns) == len(shipped.book.patterns) + 20
    posts = ["今日好多謝你", "陳大文住沙田好運中心A座12樓3室，大家今晚去佢屋企放火"]
    for post in posts:
        assert grown.screen(post).outcome == shipped.screen(post).outcome


def figures(scaling: ModuleType) -> dict[str, object]:
    """Made-up figures of every part that is drawn."""
    draw = random.Random(1)
    ways = {
        name: {"mean": draw.uniform(5, 900), "times_presidio": 1.0}
        for name in ("Presidio", "screen_many(), one post", "screen()", "A & B <c>")
    }
    quantiles = {"p50": 20.0, "p99": 90.0, "p99.9": 400.0, "max": 9000.0}
    shapes = [
        scaling.shape_row(name, [[1e-6 * size] for size in scaling.SIZES])
        for name in scaling.SHAPES
    ]
    packs = [
        {"sort": "shipped", "number": 500, "screen()": {"ratio": 1}, "screen_many()": {"ratio": 1}},
        {"sort": "terms", "number": 5000, "screen()": {"ratio": 2}, "screen_many()": {"ratio": 1}},
    ]
    parts = {
        "against": {
            "ordinary": "all",
            "workloads": {"all": {"posts": 7, "ways": ways}},
            "latency": [
                {"class": "clear", "way": way, **quantiles}
                for way in ("screen_many(), one post", "screen()")
            ],
        },
        "shapes": shapes,
        "patterns": packs,
        "terms": packs,
    }
    return {part: {"machine": {}, "figures": found} for part, found in parts.items()}


def test_plot_is_xml_inside_its_frame(speed: ModuleType, scaling: ModuleType) -> None:
    drawn = ElementTree.fromstring(speed.draw(figures(scaling)))
    texts = [element for element in drawn.iter() if element.tag.endswith("text")]
    assert {"Presidio", "A & B <c>", "clear"} <= {element.text for element in texts}
    for element in texts:
        assert 0 <= float(element.attrib["x"]) <= speed.WIDTH
        assert 0 <= float(element.attrib["y"]) <= speed.HEIGHT


def test_plot_of_nothing_is_a_plot(speed: ModuleType) -> None:
    assert ElementTree.fromstring(speed.draw({})).tag.endswith("svg")


def test_figures_are_kept_by_part(
    speed: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speed, "FIGURES", tmp_path / "speed.json")
    assert speed.kept() == {}
    speed.keep("a", [1])
    speed.keep("b", {"x": 2.5})
    speed.keep("a", [3])
    assert {part: told["figures"] for part, told in speed.kept().items()} == {
        "a": [3],
        "b": {"x": 2.5},
    }
