"""ZIP archives: every file in them read or named, to the letter, and nothing unpacked to disk.

The archives are made here, of the exports in ``dumps/``, with what archives have of traps.
"""

from __future__ import annotations

import json
import os
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from injunction_screen import InputError, Screener, Screening, cli
from injunction_screen.batch import (
    Message,
    Row,
    Run,
    find_fields,
    members,
    read_messages,
    read_rows,
    score_dump,
    sniff,
)
from injunction_screen.batch.readers import archive

DUMPS = Path(__file__).parent / "dumps"
EXPECTED = json.loads((DUMPS / "expected.json").read_text(encoding="utf-8"))
CHAT = (DUMPS / "telegram" / "chat.json").read_bytes()
PAGE = (DUMPS / "lihkg" / "page.json").read_bytes()
TALK = (DUMPS / "whatsapp" / "android_24h.txt").read_bytes()
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(range(256))


class Stub(Screener):
    """Answers at once."""

    def screen(self, post, **options):
        return Screening("clear", 0.0, ruleset=self.ruleset, id=post.id)

    def screen_many(self, posts, **options):
        return map(self.screen, posts)


@pytest.fixture(scope="module")
def screener() -> Screener:
    return Stub()


def packed(path: Path, files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as out:
        for name, content in files.items():
            out.writestr(name, content)
    return path


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def ids(path: Path, **options) -> list[str | None]:
    return [found.post.id for found in read_messages(path, **options) if isinstance(found, Message)]


def spoil(path: Path, name: str, change: Callable[[bytearray, int, int], None]) -> Path:
    """Change an archive where a file is listed in it and where that begins."""
    with zipfile.ZipFile(path) as whole:
        begins = whole.getinfo(name).header_offset
    content = bytearray(path.read_bytes())
    at = content.index(b"PK\x01\x02")
    while content[at + 46 : at + 46 + struct.unpack_from("<H", content, at + 28)[0]] != (
        name.encode()
    ):
        at = content.index(b"PK\x01\x02", at + 4)
    change(content, at, begins)
    path.write_bytes(content)
    return path


def encrypt(content: bytearray, listed: int, begins: int) -> None:
    content[listed + 8] |= 1
    content[begins + 6] |= 1


def claim(size: int) -> Callable[[bytearray, int, int], None]:
    def change(content: bytearray, listed: int, begins: int) -> None:
        struct.pack_into("<I", content, listed + 24, size)
        struct.pack_into("<I", content, begins + 22, size)

    return change


# -- what is in them ---------------------------------------------------------------------------


def test_every_file_is_read_as_it_is_alone(tmp_path: Path) -> None:
    exports = [one for one in EXPECTED if one["format"] != "parquet"]
    files = {f"匯出/{one['file']}": (DUMPS / one["file"]).read_bytes() for one in exports}
    path = packed(tmp_path / "all.zip", files | {"media/1.jpg": JPEG})
    assert sniff(path) == "zip"
    listed = {member.name: member for member in members(path)}
    found = list(read_messages(path))
    assert sum(len(one["rows"]) for one in exports) == len(found)
    at = 0
    for one in sorted(exports, key=lambda one: one["file"]):
        member = listed[f"匯出/{one['file']}"]
        assert member.format == one["format"]
        alone = list(read_messages(DUMPS / one["file"]))
        for number, (mine, theirs) in enumerate(
            zip(found[at : at + len(alone)], alone, strict=True), at + 1
        ):
            if isinstance(theirs, Row):
                assert isinstance(mine, Row)
                assert mine.fault == f"{member.name}: row {theirs.number}: {theirs.fault}"
                assert mine.number == at + theirs.number or one["format"] == "jsonl"
                continue
            assert isinstance(mine, Message), number
            assert (mine.parts, mine.quote) == (theirs.parts, theirs.quote)
            post, other = mine.post, theirs.post
            assert (post.text, post.author, post.created_at, post.url) == (
                other.text, other.author, other.created_at, other.url
            )  # fmt: skip
            assert post.id == (other.id and f"{member.number}/{other.id}")
            assert post.parent == (other.parent and f"{member.number}/{other.parent}")
        at += len(alone)


def test_files_come_in_the_order_of_their_names(tmp_path: Path) -> None:
    names = ["b/part10.txt", "b/part2.txt", "a.txt", "b/part02.txt", "b/pic.jpg", "b/part1.txt"]
    path = packed(
        tmp_path / "a.zip", {name: JPEG if name.endswith("jpg") else TALK for name in names}
    )
    assert [(one.number, one.name, one.format) for one in members(path)] == [
        (1, "a.txt", "whatsapp"),
        (2, "b/part1.txt", "whatsapp"),
        (3, "b/part2.txt", "whatsapp"),
        (4, "b/part02.txt", "whatsapp"),
        (5, "b/part10.txt", "whatsapp"),
        (6, "b/pic.jpg", ""),
    ]
    assert ids(path)[::4] == [f"{number}/row-1" for number in range(1, 6)]


def test_a_run_lists_every_file_and_says_which_were_not_read(
    tmp_path: Path, screener: Screener
) -> None:
    path = packed(
        tmp_path / "x.zip",
        {
            "data/tweets.js": (DUMPS / "x" / "tweets.js").read_bytes(),
            "data/like.js": b'window.YTD.like.part0 = [ {"like": {"fullText": "x"}} ]',
            "data/deleted-tweet-headers.js": b"window.YTD.deleted_tweet_headers.part0 = [ ]",
            "data/tweets_media/1.jpg": JPEG,
            "assets/": b"",
            "Your archive.html": b"<html>6123 4567</html>",
            "more.zip": path_of(tmp_path, "more.zip"),
            "table.parquet": (DUMPS / "generic" / "posts.parquet").read_bytes(),
            "settings.json": b'[{"a": 1}]',
            "empty.txt": b"",
        },
    )
    out = tmp_path / "r.jsonl"
    summary = score_dump(Run(path, (out,)), screener)
    assert (summary.rows, summary.screened, summary.broken) == (3, 2, ())
    listed = {one["name"]: one for one in lines(tmp_path / "r.members.jsonl")}
    assert len(listed) == 9
    assert listed["data/tweets.js"] == {
        "member": 4, "name": "data/tweets.js", "format": "x", "rows": 3, "reason": None,
    }  # fmt: skip
    for name, reason in {
        "data/like.js": "holds no posts",
        "data/deleted-tweet-headers.js": "holds no posts",
        "data/tweets_media/1.jpg": "is no text",
        "Your archive.html": "is in no known format",
        "more.zip": "is packed itself; unpack it first",
        "table.parquet": "is Parquet, which is not read within an archive; unpack it first",
        "settings.json": "no field looks like the text",
        "empty.txt": "is empty",
    }.items():
        assert reason in listed[name]["reason"]
        assert (listed[name]["format"], listed[name]["rows"]) == (None, 0)
    told = str(summary)
    assert "of 9 files" in told
    assert "4  data/tweets.js: x, 3 rows" in told
    assert "not read: 8 files" in told
    assert "and 3 more" in told
    assert "6123" not in told
    score_dump(Run(DUMPS / "x" / "tweets.js", (out,)), screener)
    assert not (tmp_path / "r.members.jsonl").exists()  # of the run before


def path_of(folder: Path, name: str) -> bytes:
    return packed(folder / name, {"chat.txt": TALK}).read_bytes()


def test_results_do_not_name_the_files(tmp_path: Path, screener: Screener) -> None:
    """Files are called after people: 'WhatsApp Chat with ...'."""
    path = packed(tmp_path / "a.zip", {"與陳大文的 WhatsApp 對話.txt": TALK})
    out = tmp_path / "r.jsonl"
    score_dump(Run(path, (out,)), screener)
    assert [row["id"] for row in lines(out)] == [f"1/row-{number}" for number in range(1, 5)]
    assert "陳大文" not in out.read_text(encoding="utf-8")


def test_threads_stay_within_their_file(tmp_path: Path) -> None:
    chat = {"name": "G", "type": "private_group", "id": 1, "messages": []}
    chat["messages"] = [
        {"id": 1, "type": "message", "text": "陳大文，電話 6123 4567"},
        {"id": 2, "type": "message", "text": "打爆佢電話，打到佢換號碼", "reply_to_message_id": 1},
    ]
    content = json.dumps(chat).encode()
    harmless = json.dumps({**chat, "messages": [{"id": 1, "text": "早晨"}]}).encode()
    path = packed(tmp_path / "a.zip", {"1/result.json": content, "2/result.json": harmless})
    posts = [found.post for found in read_messages(path) if isinstance(found, Message)]
    assert [(post.id, post.parent) for post in posts] == [
        ("1/1", None), ("1/2", "1/1"), ("2/1", None)
    ]  # fmt: skip
    assert [one.outcome for one in Screener().screen_thread(posts)] == ["clear", "flag", "clear"]


# -- names -------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["utf-8", "big5hkscs"])
def test_names_are_read_where_their_code_is_not_said(tmp_path: Path, code: str) -> None:
    name = "聊天紀錄/陳大文.txt".encode(code)
    plain = b"n" * len(name)
    path = packed(tmp_path / "a.zip", {plain.decode(): TALK})
    path.write_bytes(path.read_bytes().replace(plain, name))
    assert [one.name for one in members(path)] == ["聊天紀錄/陳大文.txt"]
    assert len(ids(path)) == 4


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../evil.txt", "../../evil.txt"),
        ("/etc/evil.txt", "/etc/evil.txt"),
        ("C:\\evil.txt", "C:\\evil.txt"),
        ("a\x1b[31m\n\u202eb.txt", "a\ufffd[31m\ufffd\ufffdb.txt"),
        ("x" * 5000 + ".txt", "..." + "x" * 196 + ".txt"),
        ("a/b/" * 200 + "c.txt", None),
    ],
)
def test_a_name_is_never_a_path(
    tmp_path: Path, screener: Screener, name: str, shown: str | None
) -> None:
    path = packed(tmp_path / "a.zip", {name: TALK})
    (member,) = members(path)
    assert shown in (None, member.name)
    assert len(member.name) <= 203
    summary = score_dump(Run(path, (tmp_path / "r.jsonl",)), screener)
    assert summary.rows == 4
    assert {one.name for one in tmp_path.iterdir()} == {"a.zip", "r.jsonl", "r.members.jsonl"}


def test_files_of_one_name_are_two(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as out, pytest.warns(UserWarning, match="Duplicate"):
        out.writestr("chat.txt", TALK)
        out.writestr("chat.txt", TALK.replace(b"20:15", b"20:16"))
    assert [one.split("/")[0] for one in ids(path)] == ["1"] * 4 + ["2"] * 4


# -- what cannot be read -----------------------------------------------------------------------


def test_a_truncated_archive_is_one_message(tmp_path: Path, screener: Screener) -> None:
    whole = packed(tmp_path / "a.zip", {"chat.json": CHAT, "talk.txt": TALK}).read_bytes()
    path = tmp_path / "cut.zip"
    for at in (4, 30, len(whole) // 2, len(whole) - 30, len(whole) - 1):
        path.write_bytes(whole[:at])
        with pytest.raises(InputError) as caught:
            score_dump(Run(path, (tmp_path / "r.jsonl",)), screener)
        assert str(caught.value) == (
            f"{path}: is a ZIP archive that is cut off or broken: "
            "the list of its files cannot be read; get it again"
        )
    assert not list(tmp_path.glob("r.*"))


def garbage(content: bytearray, listed: int, begins: int) -> None:
    size = struct.unpack_from("<I", content, listed + 20)[0]
    at = begins + 30 + struct.unpack_from("<H", content, begins + 26)[0] + size // 2
    content[at : at + 40] = b"\xff" * 40


def checksum(content: bytearray, listed: int, begins: int) -> None:
    content[listed + 16] ^= 1


def method(content: bytearray, listed: int, begins: int) -> None:
    content[listed + 10] = content[begins + 8] = 12  # bzip2


def elsewhere(content: bytearray, listed: int, begins: int) -> None:
    struct.pack_into("<I", content, listed + 42, 7)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (encrypt, "is encrypted; unpack the archive with its password"),
        (garbage, "the archive is broken there; get it again"),
        (checksum, "the archive is broken there; get it again"),
        (elsewhere, "the archive is broken there; get it again"),
        (method, "is packed in a way that is not read here; unpack the archive"),
        (claim(5), "the archive is broken there; get it again"),
        (claim(1 << 31), "its size; it is taken for a bomb"),
    ],
)
@pytest.mark.parametrize("big", [False, True])
def test_a_bad_file_is_one_message_and_the_others_go_on(
    tmp_path: Path, screener: Screener, change, reason: str, big: bool
) -> None:
    rows = 40_000 if big else 60
    bad = "".join(f"1/5/2024, 20:15 - A: {n * n:x} x {n:o}\n" for n in range(rows)).encode()
    files = {"1.json": CHAT, "2.txt": bad, "3.txt": TALK, "4.jpg": JPEG}
    path = spoil(packed(tmp_path / "a.zip", files), "2.txt", change)
    out = tmp_path / "r.jsonl"
    done = (
        CliRunner().invoke(cli.main, ["score", str(path), "-o", str(out), "--every-detail"])
        if not big
        else None
    )
    summary = score_dump(Run(path, (out,)), screener)
    (why,) = summary.complaints()
    assert why.startswith(f"{path}: 2.txt")
    assert reason in why
    if done:
        assert done.exit_code == 4, done.output
        assert done.stderr == f"Error: {why}\n"
        assert "not complete: 1 of its files could not be read to the end" in done.stdout
    found = [row["id"].split("/") for row in lines(out)]
    assert [number for name, number in found if name == "1"]
    assert [number for name, number in found if name == "3"] == [f"row-{n}" for n in range(1, 5)]
    read = [number for name, number in found if name == "2"]
    assert read == [f"row-{n}" for n in range(1, len(read) + 1)]
    if big and change in (garbage, checksum):
        assert len(read) > rows / 3
    assert summary.rows == len(found) + len(summary.faults)


def test_an_archive_without_anything_to_read_is_one_message(
    tmp_path: Path, screener: Screener
) -> None:
    path = tmp_path / "a.zip"
    out = tmp_path / "r.jsonl"
    for files, changes, reason in [
        ({}, [], "holds no posts in a known format: 0 files"),
        ({"1.jpg": JPEG, "2.JPG": JPEG, "x": b"y"}, [], "format: 3 files (2 .jpg, 1 other)"),
        ({"a.txt": TALK, "b.txt": TALK}, [encrypt], "a.txt is encrypted; unpack the archive"),
        ({"a.json": CHAT}, [checksum], "a.json cannot be read: the archive is broken there"),
    ]:
        packed(path, files)
        for name in files:
            for change in changes:
                spoil(path, name, change)
        with pytest.raises(InputError) as caught:
            score_dump(Run(path, (out,)), screener)
        assert str(caught.value).startswith(f"{path}: holds no posts in a known format")
        assert reason in str(caught.value)
        assert [one.name for one in tmp_path.iterdir()] == ["a.zip"]


def test_a_cut_document_within_ends_no_more_than_itself(tmp_path: Path, screener: Screener) -> None:
    files = {
        "1.json": CHAT[: len(CHAT) // 2],
        "2.json": CHAT[: CHAT.index(b'"text"')],
        "3.json": PAGE,
    }
    path = packed(tmp_path / "a.zip", files)
    out = tmp_path / "r.jsonl"
    summary = score_dump(Run(path, (out,), part_rows=3), screener)
    first, second = summary.complaints()
    assert "a.zip: 1.json: record " in first
    assert "is cut off: the file ends too early; export the file again" in first
    assert second.startswith(f"{path}: 2.json")
    assert {row["id"].split("/")[0] for row in lines(out)} == {"1", "3"}
    numbers = []
    with pytest.raises(InputError, match=r"a\.zip: 1\.json: record .* 1 more of its files"):
        for found in read_messages(path):
            if isinstance(found, Row):
                numbers.append(found.number)
    assert numbers == [number for number, _ in summary.faults]


def test_a_bomb_is_not_read(tmp_path: Path, screener: Screener) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("a.txt", TALK)
        with out.open("bomb.jsonl", "w") as file:
            file.write(b'{"text": "a"}\n')
            for _ in range(100):
                file.write(b" " * (1 << 20))
    tracemalloc.start()
    summary = score_dump(Run(path, (tmp_path / "r.jsonl",)), screener)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert summary.screened == 4
    (why,) = summary.complaints()
    assert "a.zip: bomb.jsonl would unpack to 1,0" in why.replace(": would", " would")
    assert peak < 20 << 20


def test_many_files_are_a_bomb_too(
    tmp_path: Path, screener: Screener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "SMALL", 10_000)
    monkeypatch.setattr(archive, "MAX_RATIO", 3)
    path = packed(tmp_path / "a.zip", {f"{n}.txt": TALK * 30 for n in range(4)})
    size = path.stat().st_size
    assert len(TALK) * 30 < 10_000 + 3 * size
    found = members(path)
    assert found[0].format == "whatsapp"
    assert sum(one.size for one in found if one.format) <= max(10_000, 3 * size)
    assert all("taken for a bomb" in one.why for one in found if not one.format)
    assert not found[-1].format


# -- how they are asked for --------------------------------------------------------------------


def test_one_format_of_them_can_be_wanted(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"chat.json": CHAT, "page.json": PAGE})
    assert {one.split("/")[0] for one in ids(path, format="lihkg")} == {"2"}
    assert "is not LIHKG thread but looks like" in members(path, format="lihkg")[0].why
    assert ids(path, format="zip") == ids(path)
    with pytest.raises(InputError, match="holds no Mastodon outbox: 2 files"):
        list(read_messages(path, format="mastodon"))
    with pytest.raises(InputError, match=r"is not a ZIP archive but looks like Telegram"):
        list(read_messages(DUMPS / "telegram" / "chat.json", format="zip"))


def test_fields_are_those_of_each_file_or_as_named(tmp_path: Path) -> None:
    files = {
        "a.csv": b"id,body\n1,one\n",
        "b.jsonl": b'{"key": "2", "message": "two", "other": "zwei"}\n',
        "c.json": b'[{"ID": 3, "Contents": "three", "Timestamp": "2024-05-01"}]',
    }
    path = packed(tmp_path / "a.zip", files)
    found = [one.post for one in read_messages(path) if isinstance(one, Message)]
    assert [(post.id, post.text) for post in found] == [
        ("1/1", "one"), (None, "two"), ("3/3", "three")
    ]  # fmt: skip
    fields = find_fields(path, text_field="other", id_field="key")
    rows = list(read_messages(path, fields=fields))
    assert [one.post.text for one in rows if isinstance(one, Message)] == ["zwei"]
    assert rows[0].fault == "a.csv: row 1: no text: 'other' is not there"
    done = CliRunner().invoke(
        cli.main,
        ["score", str(path), "-o", str(tmp_path / "r.jsonl"), "--text-field", "other"],
    )
    assert done.exit_code == 3, done.output
    assert "3 rows in = 1 out + 2 quarantined" in done.stdout


def test_sniff_names_the_files(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"chat.json": CHAT, "b.csv": b"id,body\n1,x\n"} | {
        f"pics/{n}.jpg": JPEG for n in range(7)
    })  # fmt: skip
    done = CliRunner().invoke(cli.main, ["sniff", str(path)])
    assert done.exit_code == 0, done.output
    told = done.stdout.splitlines()
    assert told[:3] == [
        "a.zip: zip (a ZIP archive)",
        "  9 files (7 .jpg, 1 .csv, 1 .json), of which 2 are read",
        "  1  b.csv: csv (CSV or TSV)",
    ]
    assert "    fields: text=body, id=id" in told
    assert "  2  chat.json: telegram (Telegram Desktop JSON)" in told
    assert "    first rows: 10 read, 2 that cannot be read" in told
    assert told[-7:] == ["  not read: 7 files (7 .jpg): is no text"] + [
        f"    {n + 3}  pics/{n}.jpg" for n in range(5)
    ] + ["    and 2 more"]  # fmt: skip
    assert "6123" not in done.stdout


# -- dying and going on ------------------------------------------------------------------------


class Died(BaseException):
    """Stands for kill -9: nothing may catch it."""


def test_a_resumed_run_gives_the_same_bytes(
    tmp_path: Path, screener: Screener, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {"1.json": CHAT, "2.json": PAGE[:-40], "3.txt": TALK, "4.json": CHAT, "5.jpg": JPEG}
    path = spoil(packed(tmp_path / "a.zip", files), "4.json", encrypt)
    sync = os.fsync
    left = [0]

    def fsync(descriptor: int) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise Died
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)

    def results(name: str, fatal: int) -> dict[str, bytes]:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        run = Run(path, (folder / "r.jsonl", folder / "r.parquet"), part_rows=3)
        left[0] = fatal
        summary = score_dump(run, screener, resume=True)
        assert len(summary.broken) == 2
        return {path.name: path.read_bytes() for path in folder.iterdir()}

    whole = results("whole", 10**9)
    assert set(whole) == {"r.jsonl", "r.parquet", "r.quarantine.jsonl", "r.members.jsonl"}
    for fatal in range(2, 24, 3):
        with pytest.raises(Died):
            results(str(fatal), fatal)
        assert results(str(fatal), 10**9) == whole
    with pytest.raises(Died):
        results("other", 8)
    packed(path, files)
    with pytest.raises(InputError, match="was begun with another dump"):
        results("other", 10**9)


def test_workers_read_the_same(tmp_path: Path) -> None:
    files = {"1.json": CHAT, "2.json": PAGE[:-40], "3.csv": b"id,body\n1,one\n2,two\n"}
    path = packed(tmp_path / "a.zip", files)
    outs = [tmp_path / f"{workers}.jsonl" for workers in (1, 2)]
    real = Screener()
    for workers, out in enumerate(outs, 1):
        summary = score_dump(Run(path, (out,), part_rows=3, workers=workers), real)
        assert len(summary.broken) == 1
    assert outs[0].read_bytes() == outs[1].read_bytes()


# -- size and hostility ------------------------------------------------------------------------


@pytest.mark.slow
def test_memory_is_flat(tmp_path: Path) -> None:
    message = json.dumps({"id": 1, "type": "message", "text": ["天氣" * 20, {"text": "x"}]})
    peaks = []
    for number in (4_000, 40_000):
        head = '{"name": "G", "type": "private_group", "id": 1, "messages": ['
        files = {"result.json": (head + ",\n".join([message] * number) + "]}").encode()}
        path = packed(tmp_path / f"{number}.zip", files)
        del files
        tracemalloc.start()
        assert sum(1 for _ in read_messages(path)) == number
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + (1 << 20)


def test_no_archive_ends_otherwise_than_by_an_input_error(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("spoiled")
    path = folder / "a.zip"
    files = {"匯出/1.json": CHAT, "2.txt": TALK, "b/3.csv": b"id,body\n1,one\n", "4.jpg": JPEG}
    seed = packed(path, files).read_bytes()

    @settings(max_examples=400, deadline=None, derandomize=True,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(
        st.lists(
            st.tuples(st.integers(0, len(seed)), st.integers(0, 6), st.binary(max_size=6)),
            min_size=1,
            max_size=4,
        ),
        st.booleans(),
    )
    def check(changes: list[tuple[int, int, bytes]], at_the_end: bool) -> None:
        content = seed
        for start, length, new in changes:
            if at_the_end:  # where the list of the files is
                start = len(content) - start % 400
            content = content[:start] + new + content[start + length :]
        path.write_bytes(content)
        numbers = []
        try:
            for row in read_rows(path):
                numbers.append(row.number)
        except InputError as error:
            assert str(path) in str(error)
        assert numbers == sorted(set(numbers))
        assert [one.name for one in folder.iterdir()] == ["a.zip"]

    check()
