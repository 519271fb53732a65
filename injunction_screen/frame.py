"""Screen a column of a data frame: pandas, Polars, PyArrow and what else narwhals knows.

In: a frame.  Out: a frame of the same kind with the columns of the Parquet output behind its own:
``outcome``, ``score``, ``incomplete``, ``ruleset``, ``details``, ``cues``, ``limbs``,
``purposes``, of the same types (in pandas as ``ArrowDtype``).  Rows, their order and a pandas
index stay as they are; a row without a text has nulls.  One way through for all of them:
narwhals, which does not import any of them.

>>> import pyarrow
>>> table = pyarrow.table({"id": ["a", "b"], "text": ["Nice weather", "Tel: 6123 4567"]})
>>> answers = screen_frame(table)
>>> answers.column("details")[1][0]["category"].as_py()
'phone'
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar, cast

from injunction_screen.batch.dumps import NAMES
from injunction_screen.batch.results import result_row, schema
from injunction_screen.errors import InputError
from injunction_screen.records import Post

if TYPE_CHECKING:
    import pyarrow

    from injunction_screen.screener import Screener

__all__ = ["COLUMNS", "screen_frame"]

Frame = TypeVar("Frame")
COLUMNS = (
    "outcome", "score", "incomplete", "ruleset", "details", "cues", "limbs", "purposes",
)  # fmt: skip
_BATCH = 10_000  # rows whose results wait as Python values


def screen_frame(
    frame: Frame,
    *,
    column: str = "",
    screener: Screener | None = None,
    text: bool = False,
    prefix: str = "",
) -> Frame:
    """Screen one column of a frame.

    ``column`` is the one with the texts, by default the first that is named as other tools name
    it (``text``, ``message``, ``content`` ...).  ``text`` puts the details themselves into the
    results.  ``prefix`` stands before the names of the new columns.  A column ``created_at``
    picks the orders as they stood on that day.

    Raises:
        InputError: there is no such column, it holds other things than texts, or the frame has
            one of the new columns already; or it is lazy.
    """
    import narwhals as nw

    try:
        given: Any = nw.from_native(cast(Any, frame), eager_only=True)
    except TypeError:
        kind = type(frame).__name__
        raise InputError(
            f"a {kind} is no data frame in memory; a lazy one must be collected first"
        ) from None
    names = list(given.columns)
    column = column or next((name for name in NAMES["text"] if name in names), "")
    if column not in names:
        there = ", ".join(map(str, names))
        what = f"no column '{column}'" if column else "no column that looks like the text"
        raise InputError(f"the frame has {what}; there are: {there}")
    taken = [prefix + name for name in COLUMNS if prefix + name in names]
    if taken:
        raise InputError(f"the frame has a column '{taken[0]}' already; give a prefix")
    results = _results(_posts(given, column), screener, text=text)
    results = results.rename_columns([prefix + name for name in COLUMNS])
    return cast(Frame, given.with_columns(*_series(results, given)).to_native())


def _posts(frame: Any, column: str) -> Iterator[Post | None]:
    """The posts of a frame; none for a row without a text."""
    days = [None] * len(frame)
    if "created_at" in frame.columns and column != "created_at":
        days = frame["created_at"].to_list()
    for number, (value, day) in enumerate(zip(frame[column].to_list(), days, strict=True)):
        if isinstance(value, str):
            yield Post(value, created_at=_day(day))
        elif _is_nothing(value):
            yield None
        else:
            kind = type(value).__name__
            raise InputError(f"column '{column}', row {number}: is {kind}, not a text")


def _day(value: Any) -> str | None:
    if _is_nothing(value):
        return None
    return str(value.isoformat() if hasattr(value, "isoformat") else value)


def _is_nothing(value: Any) -> bool:
    """Whether it is one of the values that stand for nothing in pandas."""
    nan = isinstance(value, float) and math.isnan(value)
    return value is None or nan or type(value).__name__ in ("NAType", "NaTType")


def _results(
    posts: Iterator[Post | None], screener: Screener | None, *, text: bool
) -> pyarrow.Table:
    """The results as an Arrow table, some thousand rows at a time."""
    import pyarrow

    if screener is None:
        from injunction_screen.screener import Screener

        screener = Screener()
    kinds = pyarrow.schema([schema(text=text).field(name) for name in COLUMNS])
    parts = []
    while group := list(islice(posts, _BATCH)):
        rows = [_row(screener, post, text=text) for post in group]
        parts.append(pyarrow.Table.from_pylist(rows, schema=kinds))
    return pyarrow.concat_tables(parts) if parts else kinds.empty_table()


def _row(screener: Screener, post: Post | None, *, text: bool) -> Mapping[str, Any]:
    if post is None:
        return {}
    return result_row(screener.screen(post), 0, text=text)


def _series(results: pyarrow.Table, frame: Any) -> Sequence[Any]:
    """The results as columns of the frame's own kind."""
    import narwhals as nw

    if frame.implementation.is_pandas():
        pandas = nw.get_native_namespace(frame)
        native = results.to_pandas(types_mapper=pandas.ArrowDtype)
        native.index = frame.to_native().index
        made = nw.from_native(native, eager_only=True)
    else:
        made = nw.from_arrow(results, backend=frame.implementation)
    return [made[name] for name in made.columns]
