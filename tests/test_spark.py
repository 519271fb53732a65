"""A Spark data frame comes out as a dump does, row for row, on one machine and on a cluster."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest
from click.testing import CliRunner

from injunction_screen import InjunctionScreenError, InputError, Screener, cli
from injunction_screen.batch.results import schema

pytest.importorskip("pyspark")
if not shutil.which("java"):
    pytest.skip("no java", allow_module_level=True)

import pyspark
from pyspark.sql import DataFrame, SparkSession

from injunction_screen.integrations import spark as module
from injunction_screen.integrations.spark import screen_dataframe

ROOT = Path(__file__).parent.parent
QUIET = "ignore:PySpark does not yet fully support pandas:FutureWarning"
pytestmark = [pytest.mark.loopback, pytest.mark.filterwarnings(QUIET)]
# Everything stays within this machine, and the workers run this Python with this package.
HERE = {
    "PYSPARK_PYTHON": sys.executable,
    "PYTHONPATH": str(ROOT),
    "SPARK_HOME": str(Path(pyspark.__file__).parent),
    "SPARK_LOCAL_IP": "127.0.0.1",
}
SETTINGS = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.executorEnv.PYTHONPATH": str(ROOT),
    "spark.sql.session.timeZone": "UTC",
    "spark.ui.enabled": "false",
}
ORDERS = ["hca-1957-2019", "generic-doxxing"]


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    from pyspark import SparkContext

    with pytest.MonkeyPatch.context() as patch:
        for name, value in HERE.items():
            patch.setenv(name, value)
        patch.chdir(tmp_path_factory.mktemp("spark"))
        builder = SparkSession.builder.master("local[2]")
        for name, value in SETTINGS.items():
            builder = builder.config(name, value)
        session = builder.getOrCreate()
        session.sparkContext.setLogLevel("ERROR")
        yield session
        session.stop()
        gateway, SparkContext._gateway, SparkContext._jvm = SparkContext._gateway, None, None
        gateway.shutdown()
        gateway.proc.stdin.close()
        gateway.proc.wait()


# -- the same as the batch run -----------------------------------------------------------------


@dataclass(frozen=True)
class Scored:
    """A dump, and what the batch run makes of it: a row for each row, by id."""

    dump: Path
    rows: dict[str | None, dict[str, Any]]

    def is_what(self, results: pyarrow.Table) -> None:
        rows = results.to_pylist()
        assert len(rows) == len(self.rows)
        assert {row["id"] for row in rows} == set(self.rows)
        for row in rows:
            assert row == self.rows[row["id"]]


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> Scored:
    folder = tmp_path_factory.mktemp("scored")
    dump, out = folder / "posts.parquet", folder / "results.parquet"
    table = _posts()
    pyarrow.parquet.write_table(table, dump, row_group_size=50)
    orders = [argument for order in ORDERS for argument in ("--order", order)]
    done = CliRunner().invoke(
        cli.main, ["score", str(dump), "-o", str(out), "--text", "-q", *orders]
    )
    assert done.exit_code == 3, done.output  # some rows could not be read
    numbered = {row.pop("row"): row | {"quarantined": None} for row in _rows(out)}
    nothing = dict.fromkeys(next(iter(numbered.values())))
    ids = [_replaced(one) for one in table.column("id")]
    for line in (folder / "results.quarantine.jsonl").read_text().splitlines():
        fault = json.loads(line)
        about = {"id": ids[fault["row"] - 1], "quarantined": fault["reason"]}
        numbered[fault["row"]] = nothing | about
    assert sorted(numbered) == list(range(1, table.num_rows + 1))
    rows = {row["id"]: row for row in numbered.values()}
    assert len(rows) == table.num_rows
    return Scored(dump, rows)


def _posts() -> pyarrow.Table:
    posts: list[tuple[Any, Any, Any, Any]] = []
    for path in sorted((ROOT / "tests" / "gold").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines()[:40]:
            gold = json.loads(line)
            day = f"20{15 + len(posts) % 10}-11-0{1 + len(posts) % 9}T08:00:00+08:00"
            posts.append((gold["id"], gold["text"], day, posts[-1][0] if posts else None))
    posts += [
        ("null", None, "2020-01-01", None),
        ("empty", "", None, None),
        ("blank", " \n\N{IDEOGRAPHIC SPACE}", "soon", None),
        (None, "佢電話 6123 4567，打爆佢電話", None, "null"),
        ("broken text", b"\xff Tel 6123 4567", None, None),
        (b"broken id \xff", "Tel 6123 4567", None, None),
        ("long", "打爆佢電話 6123 4567 " * 1000, None, None),
        ("astral", "\N{PILE OF POO}" * 9 + " 陳大文 6123 4567\0 I will kill you", None, None),
    ]
    columns = [[_bytes(cell) for cell in column] for column in zip(*posts, strict=True)]
    # Bytes that are no UTF-8 in a column of strings, as other writers leave them.
    strings = [
        pyarrow.StringArray.from_buffers(len(array), array.buffers()[1], array.buffers()[2],
                                         array.buffers()[0], array.null_count)
        for array in (pyarrow.array(column, pyarrow.binary()) for column in columns)
    ]  # fmt: skip
    return pyarrow.table(strings, names=["id", "text", "created_at", "parent"])


def _bytes(cell: str | bytes | None) -> bytes | None:
    return cell.encode() if isinstance(cell, str) else cell


def _replaced(cell: pyarrow.StringScalar) -> str | None:
    return cell.as_buffer().to_pybytes().decode("utf-8", "replace") if cell.is_valid else None


def _rows(path: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pyarrow.parquet.read_table(path).to_pylist()
    return rows


def _screened(posts: DataFrame, **options: Any) -> DataFrame:
    return screen_dataframe(
        posts,
        "text",
        "id",
        created_at_col="created_at",
        parent_col="parent",
        text=True,
        screener=Screener(orders=ORDERS),
        **options,
    )


@pytest.mark.parametrize("partitions", [1, 7])
def test_every_row_is_that_of_the_batch_run(
    session: SparkSession, scored: Scored, partitions: int
) -> None:
    posts = session.read.parquet(str(scored.dump)).repartition(partitions)
    results = _screened(posts).toArrow()
    scored.is_what(results)
    assert results.schema.names == [*schema(text=True).names[1:], "quarantined"]
    for field in schema(text=True):
        if field.name != "row":
            assert results.schema.field(field.name).type == field.type
    outcomes = set(results.column("outcome").to_pylist())
    assert outcomes == {"clear", "review", "flag", None}


CLUSTER_JOB = """
import sys
from pyspark.sql import SparkSession
from injunction_screen import Screener
from injunction_screen.integrations.spark import screen_dataframe

posts, out, *orders = sys.argv[1:]
spark = SparkSession.builder.getOrCreate()
results = screen_dataframe(
    spark.read.parquet(posts).repartition(12), "text", "id", created_at_col="created_at",
    parent_col="parent", text=True, screener=Screener(orders=orders),
)
results.write.parquet(out)
"""


@pytest.mark.slow
def test_a_cluster_of_two_workers_gives_the_same(scored: Scored, tmp_path: Path) -> None:
    job, out = tmp_path / "job.py", tmp_path / "out"
    job.write_text(CLUSTER_JOB)
    with _cluster(tmp_path) as master:
        both = {"spark.scheduler.minRegisteredResourcesRatio": "1.0"}  # workers, before it begins
        settings = [f"--conf={name}={value}" for name, value in {**SETTINGS, **both}.items()]
        done = subprocess.run(
            [
                *(_spark("spark-submit"), "--master", master, "--executor-memory", "512m"),
                *settings,
                *(str(job), str(scored.dump), str(out), *ORDERS),
            ],
            env=os.environ | HERE,
            capture_output=True,
            text=True,
            check=False,
            timeout=240,
        )
    assert done.returncode == 0, done.stderr[-5000:]
    scored.is_what(pyarrow.parquet.read_table(out))
    for worker in ("work-1", "work-2"):
        logs = (tmp_path / worker).glob("app-*/*/stderr")
        assert any("Finished task" in log.read_text() for log in logs), worker


@contextmanager
def _cluster(folder: Path) -> Iterator[str]:
    """The address of a standalone master with two workers of one core."""
    address = ("--host", "127.0.0.1", "--port", "0", "--webui-port", "0")
    quiet = {
        "SPARK_DAEMON_MEMORY": "256m",
        "SPARK_MASTER_OPTS": "-Dspark.master.rest.enabled=false",
    }
    with ExitStack() as stack:

        def begin(kind: str, log: Path, *arguments: str) -> subprocess.Popen[bytes]:
            name = f"org.apache.spark.deploy.{kind.lower()}.{kind}"
            with log.open("w") as out:
                process = subprocess.Popen(
                    [_spark("spark-class"), name, *address, *arguments],
                    env=os.environ | HERE | quiet,
                    stdout=out,
                    stderr=subprocess.STDOUT,
                )
            stack.callback(process.wait)
            stack.callback(process.kill)
            return process

        log = folder / "master.log"
        process = begin("Master", log)
        master = _said(process, log, r"Starting Spark master at (spark://[\d.]+:\d+)")[1]
        workers = []
        for number in (1, 2):
            log = folder / f"worker-{number}.log"
            place = ("--cores", "1", "--memory", "1g", "--work-dir", str(folder / f"work-{number}"))
            workers.append((begin("Worker", log, *place, master), log))
        for process, log in workers:
            _said(process, log, "Successfully registered with master")
        yield master


def _said(process: subprocess.Popen[bytes], log: Path, what: str) -> re.Match[str]:
    """What a process writes into its log, as soon as it does."""
    for _ in range(900):
        if said := re.search(what, log.read_text()):
            return said
        assert process.poll() is None, log.read_text()
        time.sleep(0.1)
    raise AssertionError(log.read_text())


def _spark(program: str) -> str:
    return str(Path(HERE["SPARK_HOME"]) / "bin" / program)


# -- rows that cannot be screened --------------------------------------------------------------

NO_TEXTS = {
    "int": "a number",
    "double": "a number",
    "boolean": "true or false",
    "binary": "binary",
    "array<string>": "a list",
    "struct<text: string>": "a mapping",
    "void": "null",
}


@pytest.mark.parametrize(("kind", "what"), NO_TEXTS.items(), ids=list(NO_TEXTS))
def test_a_column_without_texts_is_quarantined(session: SparkSession, kind: str, what: str) -> None:
    value = {
        "binary": "binary('6123 4567')",
        "array<string>": "array('6123 4567')",
        "struct<text: string>": "named_struct('text', '6123 4567')",
        "boolean": "true",
        "void": "null",
    }.get(kind, f"cast(61234567 as {kind})")
    posts = session.range(3).selectExpr("id", f"{value} as body")
    rows = screen_dataframe(posts, "body", "id").toArrow().to_pylist()
    assert sorted(row["id"] for row in rows) == ["0", "1", "2"]
    assert {row["quarantined"] for row in rows} == {f"no text: 'body' is {what}"}
    assert {row["outcome"] for row in rows} == {None}


def test_a_row_that_fails_costs_no_other(session: SparkSession) -> None:
    def angry(text: str) -> list[Any]:
        if "boom" in text:
            raise KeyError(text)
        return []

    texts = ["Tel 6123 4567", "boom 6123 4567", "佢電話 6123 4567，打爆佢電話", "boom", "Nice"]
    posts = session.createDataFrame(list(enumerate(texts)), "id int, text string").coalesce(1)
    angered = Screener(finders=[angry])
    answers = screen_dataframe(posts, "text", "id", screener=angered, every_detail=True).toArrow()
    assert {row["id"]: row["quarantined"] for row in answers.to_pylist()} == {
        "0": None,
        "1": "could not be screened: KeyError",
        "2": None,
        "3": "could not be screened: KeyError",
        "4": None,
    }


def test_times_beyond_the_calendar_are_none(session: SparkSession) -> None:
    posts = session.sql(
        "select 'a' as id, 'Nice' as text, timestamp_micros(300000000000000000) as day "
        "union all select 'b', 'Nice', timestamp '2020-01-05 00:00:00'"
    )
    rows = screen_dataframe(posts, "text", "id", created_at_col="day").toArrow().to_pylist()
    days = {row["id"]: (row["created_at"], row["outcome"]) for row in rows}
    assert days == {"a": (None, "clear"), "b": ("2020-01-05T00:00:00+00:00", "clear")}


# -- options -----------------------------------------------------------------------------------


def test_one_screener_a_worker_process(session: SparkSession, tmp_path: Path) -> None:
    folder = str(tmp_path)

    class Noted:
        def __call__(self, text: str) -> list[Any]:
            return []

        def __reduce__(self) -> tuple[Any, ...]:
            return _noted, (folder,)

    def _noted(place: str) -> Any:
        number = 0
        while (made := Path(place) / f"{os.getpid()}-{number}").exists():
            number += 1
        made.touch()
        return lambda text: []

    posts = session.range(0, 40, 1, 8).selectExpr("id", "'Tel 6123 4567' as text")
    results = screen_dataframe(posts, "text", "id", screener=Screener(finders=[Noted()]))
    assert results.count() == results.count() == 40
    made = [path.name for path in tmp_path.iterdir()]
    assert 1 <= len(made) <= 2
    assert all(name.endswith("-0") for name in made)


def test_columns_of_any_name(session: SparkSession) -> None:
    odd = "a.b `c` d"
    posts = session.createDataFrame([("Tel 6123 4567", 7)], "t string, id int").toDF(odd, "the id")
    (row,) = screen_dataframe(posts, odd, "the id", every_detail=True).toArrow().to_pylist()
    assert (row["id"], row["details"][0]["field"]) == ("7", odd)
    (row,) = screen_dataframe(posts, odd, odd).toArrow().to_pylist()
    assert row["id"] == "Tel 6123 4567"


def test_no_rows(session: SparkSession) -> None:
    posts = session.createDataFrame([], "id string, text string")
    assert screen_dataframe(posts, "text", "id").toArrow().num_rows == 0


def test_the_day_of_posts_without_one(session: SparkSession) -> None:
    posts = session.sql("select 'a' as id, 'Nice' as text")
    (row,) = screen_dataframe(posts, "text", "id", posted_at="2020-01-05").toArrow().to_pylist()
    assert row["created_at"] == "2020-01-05"


def test_refusals(session: SparkSession) -> None:
    posts = session.sql("select 'a' as id, 'Nice' as text")
    with pytest.raises(InputError, match="no column 'body'; there are: id, text"):
        screen_dataframe(posts, "body", "id")
    with pytest.raises(InputError, match="no column 'day'"):
        screen_dataframe(posts, "text", "id", created_at_col="day")
    lock = threading.Lock()
    locked = Screener(finders=[lambda text: [lock][:0]])
    with pytest.raises(InputError, match="cannot be sent to the workers"):
        screen_dataframe(posts, "text", "id", screener=locked)


def test_a_worker_with_other_patterns_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    from pyspark import cloudpickle

    monkeypatch.setattr(module, "_made", {})
    screener = Screener()
    pickled = cloudpickle.dumps(screener)
    with pytest.raises(InjunctionScreenError, match="install the same version"):
        module._screener(pickled, "injunction_screen 0 with ruleset 0")
    made = module._screener(pickled, module._version(screener))
    assert module._screener(pickled, module._version(screener)) is made
