"""Data frames of every kind, in one way and with the types of the Parquet output."""

from __future__ import annotations

from typing import Any

import pyarrow
import pytest

from injunction_screen import InputError, Screener
from injunction_screen.batch.results import result_row, schema
from injunction_screen.frame import COLUMNS, screen_frame

pytest.importorskip("narwhals")
ROWS: dict[str, list[Any]] = {
    "id": ["a", "b", "c"],
    "message": [
        "Nice weather",
        "\N{GRINNING FACE} 沙展陳大文，電話 ９１２３ ４５６７，打爆佢電話",
        None,
    ],
    "likes": [1, 2, 3],
}


@pytest.fixture(scope="module")
def screener() -> Screener:
    return Screener()


@pytest.fixture(scope="module")
def expected(screener: Screener) -> list[dict[str, Any]]:
    rows = [result_row(screener.screen(text), 0) for text in ROWS["message"][:2]]
    return [{name: row[name] for name in COLUMNS} for row in rows] + [dict.fromkeys(COLUMNS)]


def test_arrow(screener: Screener, expected: list[dict[str, Any]]) -> None:
    table = screen_frame(pyarrow.table(ROWS), screener=screener)
    assert table.column_names == [*ROWS, *COLUMNS]
    assert table.select(COLUMNS).to_pylist() == expected
    assert [table.schema.field(name) for name in COLUMNS] == [
        schema(text=False).field(name) for name in COLUMNS
    ]


def test_polars(screener: Screener, expected: list[dict[str, Any]]) -> None:
    polars = pytest.importorskip("polars")
    frame = screen_frame(polars.DataFrame(ROWS), screener=screener)
    assert isinstance(frame, polars.DataFrame)
    assert frame.select(COLUMNS).to_dicts() == expected
    kinds = polars.DataFrame(schema(text=False).empty_table()).schema
    assert [frame.schema[name] for name in COLUMNS] == [kinds[name] for name in COLUMNS]


def test_a_lazy_frame_is_refused() -> None:
    polars = pytest.importorskip("polars")
    with pytest.raises(InputError, match="LazyFrame is no data frame in memory"):
        screen_frame(polars.LazyFrame(ROWS))


def test_pandas_keeps_its_index(screener: Screener, expected: list[dict[str, Any]]) -> None:
    pandas = pytest.importorskip("pandas")
    given = pandas.DataFrame(ROWS, index=[7, 7, 5])
    frame = screen_frame(given, screener=screener)
    assert list(frame.index) == [7, 7, 5]
    assert list(given.columns) == list(ROWS)  # untouched
    table = pyarrow.table({name: pyarrow.array(frame[name]) for name in COLUMNS})
    assert table.to_pylist() == expected
    for name in COLUMNS:
        assert frame[name].dtype == pandas.ArrowDtype(schema(text=False).field(name).type)


@pytest.mark.parametrize("nothing", ["NA", "NaN", "None"])
def test_every_nothing_of_pandas_is_no_text(screener: Screener, nothing: str) -> None:
    pandas = pytest.importorskip("pandas")
    values = {"NA": pandas.NA, "NaN": float("nan"), "None": None}
    column = pandas.Series(["Nice", values[nothing]], dtype="string" if nothing == "NA" else object)
    days = pandas.to_datetime(pandas.Series(["2020-01-05", None]))
    frame = screen_frame(pandas.DataFrame({"text": column, "created_at": days}), screener=screener)
    assert frame["outcome"].isna().tolist() == [False, True]


def test_lone_surrogates_in_pandas(screener: Screener) -> None:
    pandas = pytest.importorskip("pandas")
    column = pandas.Series(["\ud800 Tel 6123 4567"], dtype=object)
    frame = screen_frame(pandas.DataFrame({"text": column}), screener=screener, text=True)
    assert frame["details"][0][0]["value"] == "+85261234567"


def test_options_and_refusals(screener: Screener) -> None:
    table = pyarrow.table(ROWS)
    twice = screen_frame(
        screen_frame(table, screener=screener), screener=screener, prefix="again_", text=True
    )
    assert twice.column("again_details")[1][1]["text"].as_py() == "陳大文"
    with pytest.raises(InputError, match="'outcome' already; give a prefix"):
        screen_frame(twice, screener=screener)
    with pytest.raises(InputError, match="no column 'body'; there are: id, message, likes"):
        screen_frame(table, column="body")
    with pytest.raises(InputError, match="column 'likes', row 0: is int, not a text"):
        screen_frame(table, column="likes", screener=screener)
    with pytest.raises(InputError, match="no column that looks like the text"):
        screen_frame(table.select(["id"]))
    assert screen_frame(table.slice(0, 0), screener=screener).num_rows == 0
