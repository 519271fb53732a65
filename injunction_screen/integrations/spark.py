"""Screen a column of a Spark data frame on all its executors.

In: a data frame, the column with the texts and the one with the ids.  Out: a data frame with one
row for each row of the first: its id, the columns of the Parquet output of ``injunction-screen
score`` with their types (without ``row``: a data frame has no order), and ``quarantined``, the
reason why a row could not be screened, null for every other row::

    results = screen_dataframe(posts, "body", "post_id", created_at_col="created_at")
    results.where("outcome = 'flag'").select("id", "limbs")

It is lazy, as Spark is.  Each worker process of Python makes one ``Screener`` from the options of
the given one and keeps it for all its tasks; rows are read and screened by the same code as in the
batch run.  Works with ``pyspark`` 4, which nothing here imports before it is called.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from injunction_screen import __version__
from injunction_screen.batch.readers.fields import Fields
from injunction_screen.batch.readers.generic import arrow_rows
from injunction_screen.batch.results import schema
from injunction_screen.batch.rows import storable
from injunction_screen.batch.run import screened_rows
from injunction_screen.errors import InjunctionScreenError, InputError
from injunction_screen.screener import Screener

if TYPE_CHECKING:
    import pyarrow
    from pyspark.sql import DataFrame

__all__ = ["screen_dataframe"]

_PIECE = 1000  # rows whose results wait as Python values


def screen_dataframe(
    df: DataFrame,
    text_col: str,
    id_col: str,
    *,
    created_at_col: str = "",
    parent_col: str = "",
    posted_at: str | None = None,
    screener: Screener | None = None,
    text: bool = False,
    every_detail: bool = False,
) -> DataFrame:
    """Screen one column of a data frame; the results carry the ids, as strings.

    ``created_at_col`` picks the orders as they stood on that day, ``posted_at`` those for posts
    without one; ``parent_col`` is passed on.  ``screener`` has the options (orders, packs,
    thresholds ...); paths among them must be there on the workers.  ``text`` puts the details
    themselves into the results, ``every_detail`` also looks for those of posts that are clear at
    first sight.

    A row with no text, or one that fails, is a row with a reason in ``quarantined``: as many
    rows come out as went in.

    Raises:
        InputError: there is no such column, or the screener cannot be sent to the workers.
    """
    from pyspark import cloudpickle

    fields = Fields(text_col, id_col, created_at=created_at_col, parent=parent_col)
    names = list(dict.fromkeys(fields.columns))
    for name in names:
        if name not in df.columns:
            there = ", ".join(df.columns)
            raise InputError(f"the data frame has no column '{name}'; there are: {there}")
    screener = screener or Screener()
    dumps: Callable[[object], bytes] = cloudpickle.dumps  # knows finders of the user's script too
    try:
        pickled = dumps(screener)
    except (TypeError, AttributeError, pickle.PicklingError) as error:
        raise InputError(f"the screener cannot be sent to the workers: {error}") from None
    screened = partial(
        _screened,
        pickled=pickled,
        version=_version(screener),
        fields=fields,
        posted_at=posted_at,
        text=text,
        every_detail=every_detail,
    )
    # Numbered on the way: Spark itself stumbles over columns named like an expression.
    chosen = df.select(*(df[_quoted(name)].alias(str(n)) for n, name in enumerate(names)))
    columns = ", ".join(f"`{field.name}` {_ddl(field.type)}" for field in _schema(text=text))
    return chosen.mapInArrow(screened, columns)


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


# -- in a worker -------------------------------------------------------------------------------


def _screened(
    batches: Iterator[pyarrow.RecordBatch],
    *,
    pickled: bytes,
    version: str,
    fields: Fields,
    posted_at: str | None,
    text: bool,
    every_detail: bool,
) -> Iterator[pyarrow.RecordBatch]:
    """The results of the batches, in their order."""
    import pyarrow

    screener = _screener(pickled, version)
    kinds = _schema(text=text)
    for batch in batches:
        batch = batch.rename_columns(list(dict.fromkeys(fields.columns)))
        for start in range(0, batch.num_rows, _PIECE):
            piece = batch.slice(start, _PIECE)
            results, faults = screened_rows(
                list(arrow_rows(piece, 0)),
                screener,
                format="parquet",
                fields=fields,
                posted_at=posted_at,
                text=text,
                every_detail=every_detail,
            )
            rows: list[dict[str, Any]] = [{}] * piece.num_rows
            for result in results:
                rows[result["row"]] = result
            for number, reason, _ in faults:
                post_id = _id(piece.column(fields.id)[number])
                rows[number] = {"id": post_id, "quarantined": reason}
            yield pyarrow.RecordBatch.from_pylist(rows, schema=kinds)


_made: dict[bytes, Screener] = {}  # the screener of this worker process, by its pickled options


def _screener(pickled: bytes, version: str) -> Screener:
    """The screener of this process, made when it is first asked for.

    Raises:
        InjunctionScreenError: it would answer otherwise than that of the driver.
    """
    if pickled not in _made:
        screener: Screener = pickle.loads(pickled)
        if _version(screener) != version:
            raise InjunctionScreenError(
                f"a worker has {_version(screener)}, the driver {version}: "
                "install the same version and the same packs on both"
            )
        _made.clear()
        _made[pickled] = screener
    return _made[pickled]


def _version(screener: Screener) -> str:
    return f"injunction_screen {__version__} with ruleset {screener.ruleset}"


def _id(scalar: pyarrow.Scalar) -> str | None:
    """The id of a row that was put aside, spelt as that of any other."""
    try:
        value = scalar.as_py()
    except UnicodeDecodeError:
        value = scalar.as_buffer().to_pybytes().decode("utf-8", "replace")
    except OverflowError:
        value = None
    return None if value is None or value == "" else storable(str(value))


# -- types -------------------------------------------------------------------------------------


def _schema(*, text: bool) -> pyarrow.Schema:
    import pyarrow

    results = schema(text=text)
    columns: Sequence[pyarrow.Field] = [field for field in results if field.name != "row"]
    return pyarrow.schema([*columns, pyarrow.field("quarantined", pyarrow.string())])


def _ddl(kind: pyarrow.DataType) -> str:
    """An Arrow type as Spark writes it.

    >>> import pyarrow
    >>> _ddl(pyarrow.list_(pyarrow.struct([("end", pyarrow.int32())])))
    'array<struct<`end`: int>>'
    """
    import pyarrow.types

    if pyarrow.types.is_list(kind):
        return f"array<{_ddl(kind.value_type)}>"
    if pyarrow.types.is_struct(kind):
        fields = (f"`{field.name}`: {_ddl(field.type)}" for field in kind)
        return f"struct<{', '.join(fields)}>"
    return _PLAIN[str(kind)]


_PLAIN = {
    "string": "string",
    "int32": "int",
    "int64": "bigint",
    "double": "double",
    "bool": "boolean",
}
