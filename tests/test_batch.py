"""Dumps in, results out: every row once, whatever is in it and whenever the run dies."""

from __future__ import annotations

import csv
import datetime
import json
import os
import pickle
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest

from injunction_screen import InputError, Post, Screener, cli
from injunction_screen.batch import Fields, Run, find_fields, read_rows, score_dump
from injunction_screen.batch import run as module
from injunction_screen.batch.dumps import parsed, read_messages
from injunction_screen.batch.rows import when

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "benchmarks" / "sample_dump.jsonl"
POSTS = [
    {"id": "a", "text": "Nice weather", "created_at": "2024-05-01T08:00:00+08:00"},
    {"id": "=b", "text": "Tel: 6123 4567", "created_at": "2024-05-02"},
    {"id": "c", "text": "佢電話 6123 4567\nI will kill you", "created_at": "2024-05-03"},
]


@pytest.fixture(scope="module")
def screener() -> Screener:
    return Screener()


def dump(path: Path, rows: list[dict] | None = None) -> Path:
    """The rows in a file of the kind that its name says."""
    rows = POSTS if rows is None else rows
    if path.suffix == ".parquet":
        pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), path)
    elif path.suffix in (".csv", ".tsv"):
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            delimiter = "\t" if path.suffix == ".tsv" else ","
            writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
            writer.writeheader()
            writer.writerows(rows)
    elif path.suffix == ".json":
        path.write_text(json.dumps(rows, indent=1, ensure_ascii=False), encoding="utf-8")
    else:
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        path.write_text(text, encoding="utf-8")
    return path


def plan(path: Path, *outputs: Path, **options) -> Run:
    return Run(path, outputs, options.pop("fields", None) or find_fields(path), **options)


def results(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


# -- reading -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["d.jsonl", "d.ndjson", "d.json", "d.csv", "d.tsv", "d.parquet"])
def test_every_kind_of_dump_gives_the_same_posts(tmp_path: Path, name: str) -> None:
    path = dump(tmp_path / name)
    fields = find_fields(path)
    assert fields == Fields("text", "id", created_at="created_at")
    posts = [message.post for message in read_messages(path)]
    assert posts == [Post(r["text"], id=r["id"], created_at=r["created_at"]) for r in POSTS]
    assert [row.number for row in read_rows(path)] == [1, 2, 3]


def test_a_long_json_array_is_read_bit_by_bit(tmp_path: Path) -> None:
    rows = [{"text": "長" * 300_000, "n": [n, {"deep": "]},{"}]} for n in range(12)]
    path = dump(tmp_path / "d.json", rows)
    assert [row.record for row in read_rows(path)] == rows


def test_lines_end_at_newlines_only(tmp_path: Path) -> None:
    path = tmp_path / "d.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"text": "a\xe2\x80\xa8b"}\r\n\n  \n{"text": "c\xc2\x85d"}')
    rows = [parsed(row) for row in read_rows(path)]
    assert [(row.number, row.record) for row in rows] == [
        (1, {"text": "a\N{LINE SEPARATOR}b"}),
        (4, {"text": "c\N{NEXT LINE}d"}),
    ]


BAD_LINES = {
    b'{"text": "cut': "not JSON",
    b"[1, 2]": "not an object but a list",
    b'"6123 4567"': "not an object but a string",
    b'{"text": null}': "no text: 'text' is null",
    b'{"text": 61234567}': "no text: 'text' is a number",
    b'{"text": true}': "no text: 'text' is true or false",
    b'{"other": "6123 4567"}': "no text: 'text' is not there",
    b'{"text": "\xff6123 4567"}': "not UTF-8",
    b'{"text": ' + b"[" * 100_000 + b"}": "not JSON",
    b'{"text": "a", "id": ' + b"9" * 6000 + b"}": "not JSON",
}


@pytest.mark.parametrize(("line", "reason"), BAD_LINES.items(), ids=BAD_LINES.values())
def test_a_bad_line_is_quarantined_without_its_text(
    tmp_path: Path, screener: Screener, line: bytes, reason: str
) -> None:
    path = tmp_path / "d.jsonl"
    path.write_bytes(b'{"text": "first"}\n' + line + b'\n{"text": "last"}\n')
    out = tmp_path / "r.jsonl"
    summary = score_dump(plan(path, out), screener)
    assert [row["row"] for row in results(out)] == [1, 3]
    (fault,) = results(tmp_path / "r.quarantine.jsonl")
    assert fault["row"] == 2
    assert fault["reason"].startswith(reason)
    assert "6123" not in fault["reason"]
    assert (summary.rows, summary.screened) == (3, 2)


def test_what_only_looks_bad_is_read(tmp_path: Path, screener: Screener) -> None:
    path = tmp_path / "d.jsonl"
    path.write_bytes(
        b'{"text": "lone \\ud800", "id": "\\udc00"}\n'
        b'{"text": "nan", "score": NaN, "id": 123456789012345678901}\n'
        b'{"text": "", "id": ""}\n'
    )
    outputs = [tmp_path / f"r{suffix}" for suffix in module.FORMATS]
    summary = score_dump(plan(path, *outputs, text=True), screener)
    assert (summary.screened, summary.faults) == (3, ())
    ids = [row["id"] for row in results(tmp_path / "r.jsonl")]
    assert ids == ["\N{REPLACEMENT CHARACTER}", "123456789012345678901", None]


def test_times_beyond_the_calendar_are_none(tmp_path: Path) -> None:
    path = tmp_path / "d.parquet"
    days = pyarrow.array([3 * 10**17, 0], pyarrow.timestamp("us"))
    pyarrow.parquet.write_table(pyarrow.table({"text": ["a", "b"], "date": days}), path)
    posts = [message.post for message in read_messages(path)]
    assert [(post.text, post.created_at) for post in posts] == [
        ("a", None),
        ("b", "1970-01-01T00:00:00"),
    ]


def test_bad_csv_rows_are_quarantined(tmp_path: Path, screener: Screener) -> None:
    path = tmp_path / "d.csv"
    path.write_bytes(
        b"id,text\n1,fine\n2,a comma, unquoted 6123 4567\n3\n4,\xff\n\n5,"
        b'"' + b"long " * 50_000 + b'"\n6,"a"b\n7,last\n'
    )
    out = tmp_path / "r.csv"
    summary = score_dump(plan(path, out), screener)
    assert [n for n, _ in summary.faults] == [2, 3, 4, 6]
    with out.open(newline="") as file:
        assert [row["id"] for row in csv.DictReader(file)] == ["1", "5", "7"]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("d.jsonl", b"", "empty"),
        ("d.jsonl", b"[]", "no row with fields"),
        ("d.csv", b"", "empty"),
        ("d.parquet", b"PAR1 but not really", "not Parquet"),
        ("d.parquet", b"", "empty"),
        ("d.txt", b"hello", "no known format"),
        ("d.json", b'[{"text": ', "record 1 is cut off"),
        ("d.jsonl", b'{"title": "a"}', "no field looks like the text"),
    ],
)
def test_a_dump_that_cannot_be_used_is_refused(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError, match=reason):
        find_fields(path)


def test_fields_are_found_by_their_usual_names_or_named(tmp_path: Path) -> None:
    rows = [{"message": "hi", "date": "2024-01-01", "from": "x", "body": "no", "my id": 7}]
    path = dump(tmp_path / "d.jsonl", rows)
    assert find_fields(path) == Fields("message", author="from", created_at="date")
    assert find_fields(path, text_field="body", id_field="my id").text == "body"
    with pytest.raises(InputError, match="no field 'nope'; there are: message, date"):
        find_fields(path, text_field="nope")


@pytest.mark.parametrize(
    ("given", "iso"),
    [
        ("2019-10-30", "2019-10-30"),
        (1572454800, "2019-10-31T01:00:00+08:00"),
        ("1572454800", "2019-10-31T01:00:00+08:00"),
        (1572454800000, "2019-10-31T01:00:00+08:00"),
        ("Wed Oct 30 17:00:00 +0000 2019", "2019-10-31T01:00:00+08:00"),
        (datetime.date(2019, 10, 30), "2019-10-30"),
        (1e300, None),
        ("", None),
        (None, None),
    ],
)
def test_times_are_understood(given: object, iso: str | None) -> None:
    assert when(given) == iso


# -- writing -----------------------------------------------------------------------------------


def test_results_are_the_same_in_every_format(tmp_path: Path, screener: Screener) -> None:
    outputs = [tmp_path / f"r{suffix}" for suffix in module.FORMATS]
    score_dump(plan(dump(tmp_path / "d.jsonl"), *outputs, part_rows=2), screener)
    rows = results(tmp_path / "r.jsonl")
    assert [row["outcome"] for row in rows] == ["clear", "clear", "flag"]
    assert pyarrow.parquet.read_table(tmp_path / "r.parquet").to_pylist() == rows
    with (tmp_path / "r.csv").open(newline="") as file:
        cells = list(csv.DictReader(file))
    assert [json.loads(cell["details"]) for cell in cells] == [row["details"] for row in rows]
    assert [cell["id"] for cell in cells] == ["a", "'=b", "c"]
    assert list(rows[0]) == [
        "row", "id", "created_at", "parent", "outcome", "score", "incomplete", "read",
            "ruleset",
        "details", "cues", "limbs", "purposes",
    ]  # fmt: skip
    assert list(tmp_path.glob("*.parts*")) == []


def test_personal_details_are_written_only_when_asked(tmp_path: Path, screener: Screener) -> None:
    path = dump(tmp_path / "d.jsonl")
    outputs = [tmp_path / f"r{suffix}" for suffix in module.FORMATS]
    score_dump(plan(path, *outputs, every_detail=True), screener)
    for out in outputs:
        assert b"6123" not in out.read_bytes()
    score_dump(plan(path, *outputs, text=True, every_detail=True), screener)
    assert results(outputs[0])[1]["details"][0]["text"] == "6123 4567"
    table = pyarrow.parquet.read_table(tmp_path / "r.parquet").to_pylist()
    assert table == results(tmp_path / "r.jsonl")


def test_parquet_columns_keep_their_types_without_a_row(tmp_path: Path, screener: Screener) -> None:
    path = dump(tmp_path / "d.jsonl", [{"text": None, "id": "a"}])
    out = tmp_path / "r.parquet"
    score_dump(plan(path, out, fields=Fields("text", "id")), screener)
    schema = pyarrow.parquet.read_schema(out)
    assert schema.field("details").type.value_type.field("start").type == pyarrow.int32()
    assert schema.field("limbs").type.value_type.field("elements").type == pyarrow.list_(
        pyarrow.string()
    )


@pytest.mark.parametrize(
    ("outputs", "reason"),
    [
        ((), "no output"),
        (("r.txt",), "must end in"),
        (("no/such/r.csv",), "no folder"),
        (("r.csv", "r.csv"), "named twice"),
        (("d.jsonl",), "the dump itself"),
        (("r.csv", "r.members.jsonl"), "named twice"),
    ],
)
def test_outputs_that_cannot_be_are_refused(
    tmp_path: Path, screener: Screener, outputs: tuple[str, ...], reason: str
) -> None:
    path = dump(tmp_path / "d.jsonl")
    with pytest.raises(InputError, match=reason):
        score_dump(plan(path, *(tmp_path / out for out in outputs)), screener)


def test_two_runs_do_not_write_the_same_files(tmp_path: Path, screener: Screener) -> None:
    fcntl = pytest.importorskip("fcntl")
    out = tmp_path / "r.jsonl"
    run = plan(dump(tmp_path / "d.jsonl"), out)
    run.parts.mkdir()
    with (run.parts / module.LOCK).open("ab") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(InputError, match="another run is at work"):
            score_dump(run, screener)
    assert score_dump(run, screener).screened == 3


def test_a_fault_of_ours_costs_one_row_and_is_reported(tmp_path: Path) -> None:
    def breaks(text):
        if "Tel:" in text:
            raise ZeroDivisionError("6123 4567")
        return ()

    out = tmp_path / "r.jsonl"
    run = plan(dump(tmp_path / "d.jsonl"), out, every_detail=True)
    summary = score_dump(run, Screener(finders=[breaks]))
    assert [row["row"] for row in results(out)] == [1, 3]
    assert summary.faults == ((2, "could not be screened: ZeroDivisionError"),)


def test_workers_keep_the_order(tmp_path: Path, screener: Screener) -> None:
    one, two = tmp_path / "one.jsonl", tmp_path / "two.jsonl"
    score_dump(plan(SAMPLE, one, part_rows=7), screener)
    summary = score_dump(plan(SAMPLE, two, part_rows=7, workers=2), screener)
    assert one.read_bytes() == two.read_bytes()
    assert (summary.rows, summary.screened, len(summary.faults)) == (330, 328, 2)


def test_the_summary_says_what_was_found(tmp_path: Path, screener: Screener) -> None:
    summary = str(score_dump(plan(SAMPLE, tmp_path / "r.jsonl"), screener))
    assert "330 rows in = 328 out + 2 quarantined" in summary
    assert "row 328: no text: 'text' is null" in summary
    for word in ("flag", "review", "clear", "phone", "a second", "r.quarantine.jsonl"):
        assert word in summary


def test_the_summary_says_of_how_many_posts_it_counts(tmp_path: Path, screener: Screener) -> None:
    path, out = dump(tmp_path / "d.jsonl", [*POSTS, *POSTS]), tmp_path / "r.jsonl"
    summary = str(score_dump(plan(path, out), screener))
    read = sum(row["read"] for row in results(out))
    assert 0 < read < 6
    assert f"read in full: {read} posts; {6 - read} were clear at first sight" in summary
    summary = str(score_dump(plan(path, out, every_detail=True), screener))
    assert all(row["read"] for row in results(out))
    assert "at first sight" not in summary


def test_no_stale_quarantine_is_left(tmp_path: Path, screener: Screener) -> None:
    stale = tmp_path / "r.quarantine.jsonl"
    stale.write_text("old")
    score_dump(plan(dump(tmp_path / "d.jsonl"), tmp_path / "r.jsonl"), screener)
    assert not stale.exists()


def test_a_screener_pickles_as_its_options() -> None:
    screener = Screener(orders=["hca-1957-2019"])
    again = pickle.loads(pickle.dumps(screener))
    assert (again.ruleset, again.orders) == (screener.ruleset, screener.orders)


# -- dying and going on ------------------------------------------------------------------------


class Died(BaseException):
    """Stands for kill -9: nothing may catch it."""


def _points(monkeypatch: pytest.MonkeyPatch, fatal: int | None) -> list[str]:
    """Make the run die at its ``fatal``-th write, before or after it; list the writes."""
    seen: list[str] = []
    sync, replace, remove = os.fsync, Path.replace, module.shutil.rmtree

    def step(name: str) -> None:
        seen.append(name)
        if len(seen) - 1 == fatal:
            raise Died

    def fsync(descriptor: int) -> None:
        step("before sync")
        sync(descriptor)
        step("after sync")

    def rename(self: Path, target: Path) -> Path:
        step("before rename")
        done = replace(self, target)
        step("after rename")
        return done

    def rmtree(path: Path, **options) -> None:
        if path.exists():
            step("before removal")
            next(path.iterdir()).unlink()
            step("in removal")
        remove(path, **options)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "replace", rename)
    monkeypatch.setattr(module.shutil, "rmtree", rmtree)
    return seen


def test_dying_at_any_write_loses_and_doubles_nothing(
    tmp_path: Path, screener: Screener, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [*POSTS, {"id": "d", "text": None}, {"id": "e", "text": "last"}]
    path = dump(tmp_path / "d.jsonl", rows)
    fields = find_fields(path)

    def attempt(folder: Path, fatal: int | None) -> list[str]:
        outputs = [folder / f"r{suffix}" for suffix in (".jsonl", ".parquet")]
        with monkeypatch.context() as patched:
            seen = _points(patched, fatal)
            score_dump(plan(path, *outputs, fields=fields, part_rows=2), screener, resume=True)
        return seen

    whole = tmp_path / "whole"
    whole.mkdir()
    points = attempt(whole, None)
    assert len(points) > 30
    wanted = {file.name: file.read_bytes() for file in whole.iterdir()}
    assert set(wanted) == {"r.jsonl", "r.parquet", "r.quarantine.jsonl"}
    for fatal in range(len(points)):
        folder = tmp_path / f"{fatal}"
        folder.mkdir()
        with pytest.raises(Died):
            attempt(folder, fatal)
        attempt(folder, None)
        assert {file.name: file.read_bytes() for file in folder.iterdir()} == wanted, points[fatal]


def _score(*arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "injunction_screen", "score", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize("workers", ["1", "2"])
def test_kill_and_resume(tmp_path: Path, workers: str) -> None:
    lines = SAMPLE.read_bytes().splitlines(keepends=True)
    path = tmp_path / "d.jsonl"
    path.write_bytes(b"".join(lines * 2))
    folders = [tmp_path / "whole", tmp_path / "killed"]
    runs = []
    for folder in folders:
        folder.mkdir()
        files = ["-o", str(folder / "r.jsonl"), "-o", str(folder / "r.parquet")]
        runs.append([str(path), *files, "--part-rows", "10", "--workers", workers, "--resume"])
    whole, killed = runs
    process = _score(*whole)
    process.communicate(timeout=300)
    assert process.returncode == 3
    manifest = folders[1] / "r.jsonl.parts" / module.MANIFEST
    chance = random.Random(int(workers))
    kills = 0
    for parts in (0, 20, 50):  # of 66: somewhere behind so many parts
        process = _score(*killed)
        while process.poll() is None:
            done = manifest.read_bytes().count(b"\n") if manifest.exists() else 0
            if done > parts:
                time.sleep(chance.random() * 0.02)
                process.send_signal(signal.SIGKILL)
                break
            time.sleep(0.001)
        process.communicate(timeout=300)
        kills += process.returncode == -signal.SIGKILL
    assert kills >= 2
    process = _score(*killed)
    output, errors = process.communicate(timeout=300)
    assert process.returncode == 3, errors
    assert b"660 rows in = 656 out + 4 quarantined" in output
    one, two = ({f.name: f.read_bytes() for f in folder.iterdir()} for folder in folders)
    assert one == two


def _unfinished(
    run: Run, screener: Screener, monkeypatch: pytest.MonkeyPatch, fatal: int = 14
) -> None:
    with monkeypatch.context() as patched, pytest.raises(Died):
        _points(patched, fatal)
        score_dump(run, screener)


def test_half_a_line_of_the_manifest_is_no_line(
    tmp_path: Path, screener: Screener, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = plan(dump(tmp_path / "d.jsonl"), tmp_path / "r.jsonl", part_rows=1)
    _unfinished(run, screener, monkeypatch)
    with (run.parts / module.MANIFEST).open("ab") as file:
        file.write(b'{"rows": 1, "fau')
    summary = score_dump(run, screener, resume=True)
    assert [row["row"] for row in results(tmp_path / "r.jsonl")] == [1, 2, 3]
    assert 0 < summary.fresh < summary.rows == 3
    assert "of them before" in str(summary)


def test_an_unfinished_run_is_not_begun_anew_by_mistake(
    tmp_path: Path, screener: Screener, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = plan(dump(tmp_path / "d.jsonl"), tmp_path / "r.jsonl", part_rows=1)
    _unfinished(run, screener, monkeypatch)
    with pytest.raises(InputError, match="go on with --resume"):
        score_dump(run, screener)


def test_nothing_is_resumed_under_other_rules_options_or_dumps(
    tmp_path: Path, screener: Screener, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = dump(tmp_path / "d.jsonl")
    pack = tmp_path / "pack"
    pack.mkdir()
    (pack / "pack.toml").write_text('name = "mine"\nversion = "1"\n')
    options = {"part_rows": 1}
    run = plan(path, tmp_path / "r.jsonl", **options)
    _unfinished(run, screener, monkeypatch)

    def again(reason: str, other: Screener = screener, **changed) -> None:
        with pytest.raises(InputError, match=f"was begun with {reason}"):
            score_dump(plan(path, tmp_path / "r.jsonl", **(options | changed)), other, resume=True)

    again("another --part-rows", part_rows=2)
    again("another --text", text=True)
    again("another --posted-at", posted_at="2020-01-01")
    again("other fields", fields=Fields("text"))
    again("other (orders|pattern files)", Screener(orders=["hca-1957-2019"]))
    again("other pattern files", Screener(patterns=pack))
    dump(path, [*POSTS, {"id": "z", "text": "one more"}])
    again("another dump")


# -- the command -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "options", "code"),
    [
        (POSTS[:2], [], 0),
        ([*POSTS, {"id": "x", "text": None}], [], 3),
        (POSTS, ["--fail-on", "flag"], 1),
        ([*POSTS, {"id": "x", "text": None}], ["--fail-on", "review"], 1),
        (POSTS[:1], ["--fail-on", "review"], 0),
        (POSTS, ["--text-field", "nope"], 2),
        (POSTS, ["--workers", "0"], 2),
    ],
)
def test_exit_codes(tmp_path: Path, rows: list[dict], options: list[str], code: int) -> None:
    from click.testing import CliRunner

    path = dump(tmp_path / "d.jsonl", rows)
    done = CliRunner().invoke(
        cli.main, ["score", str(path), "-o", str(tmp_path / "r.jsonl"), *options]
    )
    assert done.exit_code == code, done.output
    if code != 2:
        assert f"{len(rows)} rows in" in done.stdout
