"""Exports of platforms: every text of every row, to the letter, and one clear message where not.

``dumps/`` has a small export of each format with its traps; ``dumps/expected.json`` says what is
in each.  All people, numbers and posts in them are invented.
"""

from __future__ import annotations

import io
import json
import os
import random
import socket
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
import zstandard
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from injunction_screen import InputError, Screener, Screening, cli
from injunction_screen.batch import (
    Message,
    Row,
    Run,
    Summary,
    find_fields,
    read_messages,
    read_rows,
    score_dump,
    sniff,
)
from injunction_screen.batch.readers import GENERIC, READERS, generic, opened, walk, whatsapp
from injunction_screen.batch.readers.markup import read_html
from injunction_screen.batch.rows import NoPost
from injunction_screen.batch.sniffing import findings
from injunction_screen.threads import BETWEEN

DUMPS = Path(__file__).parent / "dumps"
EXPECTED = json.loads((DUMPS / "expected.json").read_text(encoding="utf-8"))
FILES = [one["file"] for one in EXPECTED]
DOCUMENTS = [  # one JSON document each: what is broken breaks all behind it
    one["file"]
    for one in EXPECTED
    if one["rows"] and one["format"] in {"telegram", "discord", "x", "facebook", "mastodon"}
]


class Stub(Screener):
    """Answers at once."""

    def screen(self, post, **options):
        return Screening("clear", 0.0, ruleset=self.ruleset, id=post.id)

    def screen_many(self, posts, **options):
        return map(self.screen, posts)


@pytest.fixture(scope="module")
def screener() -> Screener:
    return Screener()


@pytest.fixture(scope="module")
def stub() -> Screener:
    return Stub()


def told(found: Message | Row) -> dict:
    """A message as ``expected.json`` writes it."""
    if isinstance(found, Row):
        return {"row": found.number, "fault": found.fault}
    post = found.post
    begins = [begin for begin, _ in found.parts]
    ends = [begin - len(BETWEEN) for begin in begins[1:]] + [len(post.text)]
    texts = [post.text[begin:end] for begin, end in zip(begins, ends, strict=True)]
    names = [name for _, name in found.parts]
    about = {
        "id": post.id,
        "author": post.author,
        "created_at": post.created_at,
        "url": post.url,
        "parent": post.parent,
        "parts": [list(part) for part in zip(names, texts, strict=True)],
        "quote": found.quote,
    }
    return {key: value for key, value in about.items() if value}


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


# -- what is in them ---------------------------------------------------------------------------


@pytest.mark.parametrize("dump", EXPECTED, ids=FILES)
def test_every_part_of_every_row_is_read_to_the_letter(dump: dict) -> None:
    path = DUMPS / dump["file"]
    assert sniff(path) == dump["format"]
    assert [told(found) for found in read_messages(path)] == dump["rows"]


def test_every_format_has_a_fixture() -> None:
    assert {one["format"] for one in EXPECTED} == {*READERS, *GENERIC}


@pytest.mark.parametrize("dump", EXPECTED, ids=FILES)
def test_rows_in_are_rows_out_and_quarantined(
    tmp_path: Path, screener: Screener, dump: dict
) -> None:
    out = tmp_path / "r.jsonl"
    summary = score_dump(Run(DUMPS / dump["file"], (out,), text=True), screener)
    results = lines(out)
    good = [row for row in dump["rows"] if "fault" not in row]
    faults = [(row["row"], row["fault"]) for row in dump["rows"] if "fault" in row]
    assert (summary.rows, summary.screened) == (len(dump["rows"]), len(good))
    assert list(summary.faults) == faults
    assert [row["id"] for row in results] == [row["id"] for row in good]
    assert [row["parent"] for row in results] == [row.get("parent") for row in good]
    for result, row in zip(results, good, strict=True):
        texts = [*row["parts"], ["quote", row.get("quote", "")]]
        for found in result["details"] + result["cues"]:
            span = slice(found["start"], found["end"])
            shown = [text[span] for field, text in texts if field == found["field"]]
            assert found["text"] in shown


def test_details_are_reported_by_field(tmp_path: Path, screener: Screener) -> None:
    out = tmp_path / "r.jsonl"
    score_dump(Run(DUMPS / "telegram" / "chat.json", (out,), every_detail=True), screener)
    phones = {
        row["id"]: (found["field"], found["start"], found["end"])
        for row in lines(out)
        for found in row["details"]
        if found["category"] == "phone"
    }
    assert phones["1"] == ("title", 3, 12)
    assert phones["2"] == ("text", 5, 14)
    assert phones["6"] == ("contact", 4, 18)
    assert phones["7"] == ("poll", 7, 16)


def test_a_span_never_leaves_its_part() -> None:
    (found,) = [m for m in read_messages(DUMPS / "telegram/chat.json") if told(m).get("id") == "2"]
    assert isinstance(found, Message)
    assert found.place(0, 13) == ("text", 0, 13)
    assert found.place(35, 60) == ("text", 35, 40)
    assert found.place(42, 46) == ("link", 0, 4)


def test_a_quote_is_read_like_a_post_above(tmp_path: Path, screener: Screener) -> None:
    out = tmp_path / "r.jsonl"
    score_dump(Run(DUMPS / "lihkg" / "page.json", (out,)), screener)
    replying = next(row for row in lines(out) if row["id"] == "aaa2")
    assert replying["outcome"] == "flag"
    assert {found["field"] for found in replying["details"]} == {"quote"}
    assert {found["field"] for found in replying["cues"]} == {"text"}
    assert any("quote/detail:0" in limb["elements"] for limb in replying["limbs"])


def test_what_is_only_quoted_asks_for_a_review(tmp_path: Path, screener: Screener) -> None:
    page = json.loads((DUMPS / "lihkg" / "page.json").read_text(encoding="utf-8"))
    item = page["response"]["item_data"][1]
    item["msg"] = "<blockquote>陳大文電話 6123 4567，打爆佢電話，打到佢換號碼</blockquote>唔好咁啦"
    page["response"]["item_data"] = [item]
    path = tmp_path / "page.json"
    path.write_text(json.dumps(page), encoding="utf-8")
    out = tmp_path / "r.jsonl"
    score_dump(Run(path, (out,)), screener)
    (row,) = lines(out)
    assert row["outcome"] == "review"
    assert 0.34 <= row["score"] <= 0.66
    assert all(limb["outcome"] == "review" for limb in row["limbs"])


def test_threads_can_be_screened(screener: Screener, tmp_path: Path) -> None:
    chat = {"name": "G", "type": "private_group", "id": 1, "messages": []}
    for number, text in enumerate(["陳大文，電話 6123 4567", "早晨", "打爆佢電話，打到佢換號碼"]):
        message = {"id": number + 1, "type": "message", "text": text}
        chat["messages"].append(message | ({"reply_to_message_id": 1} if number == 2 else {}))
    path = tmp_path / "result.json"
    path.write_text(json.dumps(chat), encoding="utf-8")
    posts = [found.post for found in read_messages(path) if isinstance(found, Message)]
    assert [post.parent for post in posts] == [None, None, "1"]
    assert [one.outcome for one in screener.screen_thread(posts)] == ["clear", "clear", "flag"]


def test_reading_opens_no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was opened")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)
    assert sum(1 for file in FILES for _ in read_messages(DUMPS / file)) > 60


# -- packed dumps ------------------------------------------------------------------------------


def packed(content: bytes) -> bytes:
    """One frame with the longest window there is, its length not said, as Reddit's dumps are."""
    options = zstandard.ZstdCompressionParameters(
        window_log=31, hash_log=12, chain_log=12, strategy=1
    )
    packer = zstandard.ZstdCompressor(compression_params=options).compressobj()
    return packer.compress(content) + packer.flush()


def test_a_packed_dump_gives_the_same(tmp_path: Path) -> None:
    plain = DUMPS / "reddit" / "mixed.jsonl"
    content = plain.read_bytes()
    cut = content.index("阿乙".encode()) + 1  # within a character, and within a line
    skipped = b"\x50\x2a\x4d\x18\x04\0\0\0abcd"
    path = tmp_path / "RC_2024-05.zst"
    path.write_bytes(skipped + packed(content[:cut]) + packed(content[cut:]))
    assert sniff(path) == "reddit"
    assert list(map(told, read_messages(path))) == list(map(told, read_messages(plain)))
    chat = tmp_path / "chat.txt.zst"
    plain = DUMPS / "whatsapp" / "android_24h.txt"
    chat.write_bytes(packed(plain.read_bytes()))
    assert list(map(told, read_messages(chat))) == list(map(told, read_messages(plain)))


def test_few_bytes_that_unpack_to_many_are_read_bit_by_bit(tmp_path: Path) -> None:
    path = tmp_path / "bomb.jsonl.zst"
    packer = zstandard.ZstdCompressor().compressobj()
    pieces = [packer.compress(b'{"text": "a"}\n')]
    pieces += [packer.compress(b" " * (1 << 20)) for _ in range(400)]
    path.write_bytes(b"".join([*pieces, packer.flush()]))
    tracemalloc.start()
    rows = read_rows(path)
    assert next(rows).number == 1
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 200 << 20


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda content: content[:-9], "is cut off"),
        (lambda content: content[: len(content) // 2], "is cut off"),
        (lambda content: content[:20] + bytes(30) + content[50:], "is broken near byte"),
        (lambda content: content + b"6123 4567", "is broken near byte"),
    ],
)
def test_a_broken_packing_is_one_message(tmp_path: Path, spoil, reason: str) -> None:
    content = b"".join(
        json.dumps({"text": random.Random(n).random().hex(), "id": n}).encode() + b"\n"
        for n in range(3000)
    )
    path = tmp_path / "d.jsonl.zst"
    path.write_bytes(spoil(zstandard.ZstdCompressor().compress(content)))
    with pytest.raises(InputError, match=rf"d\.jsonl\.zst: .*{reason}.*get it again"):
        list(read_messages(path))


# -- what cannot be read -----------------------------------------------------------------------


@pytest.mark.parametrize("file", DOCUMENTS)
def test_a_truncated_document_is_one_message(tmp_path: Path, file: str) -> None:
    content = (DUMPS / file).read_bytes()
    path = tmp_path / Path(file).name
    path.write_bytes(content.rstrip()[:-2])
    with pytest.raises(InputError) as caught:
        list(read_messages(path))
    assert str(caught.value).startswith(f"{path}: record ")
    assert "is cut off: the file ends too early; export the file again" in str(caught.value)


def scored(path: Path, out: Path, stub: Screener) -> tuple[Summary | None, list[dict], str]:
    """What a run makes of a dump: its summary and rows, or why it was refused."""
    try:
        summary = score_dump(Run(path, (out,), part_rows=2), stub)
    except InputError as error:
        assert not out.exists()
        return None, [], str(error)
    finally:
        assert not list(out.parent.glob("*.parts*"))
    rows = lines(out)
    out.unlink()
    assert summary.rows == len(rows) + len(summary.faults)
    return summary, [{**row, "outcome": ""} for row in rows], "\n".join(summary.complaints())


@pytest.mark.parametrize("file", FILES)
def test_what_stands_before_a_cut_is_screened(tmp_path: Path, stub: Screener, file: str) -> None:
    """Wherever it is: in one message, with an exit code of its own, and nothing is left over."""
    content = (DUMPS / file).read_bytes().rstrip()
    path, out = tmp_path / Path(file).name, tmp_path / "r.jsonl"
    path.write_bytes(content)
    _, whole, _ = scored(path, out, stub)
    told = set()
    for at in range(len(content) // 8, len(content), max(1, len(content) // 40)):
        path.write_bytes(content[:at])
        summary, rows, why = scored(path, out, stub)
        assert why.count(str(path)) == (summary is None or bool(summary.broken))
        if summary is None:
            told.add("refused")
            continue
        told.add("cut" if summary.broken else "not seen")
        kept = max(0, len(rows) - (not summary.broken))  # the last may be shorter
        assert [row["id"] for row in rows[:kept]] == [row["id"] for row in whole[:kept]]
        if summary.broken:
            assert "is cut off" in why
            assert summary.faults[-1][1] in why
    if file.endswith(".parquet"):
        assert told == {"refused"}
    elif len(whole) > 1:
        assert "cut" in told
    if not file.endswith((".txt", ".csv", ".jsonl")):  # a line that is short shows nothing
        assert "not seen" not in told


@pytest.mark.parametrize("file", [*DOCUMENTS, "generic/posts.json"])
def test_what_stands_before_garbage_is_screened(tmp_path: Path, stub: Screener, file: str) -> None:
    content = (DUMPS / file).read_bytes().rstrip()
    path, out = tmp_path / Path(file).name, tmp_path / "r.jsonl"
    path.write_bytes(content)
    _, whole, _ = scored(path, out, stub)
    middle = content.rindex(b":") - 8
    path.write_bytes(content[:middle] + b'\xff6123 4567"\x00}' + content[middle:])
    summary, rows, why = scored(path, out, stub)
    assert "is garbled" in why
    assert "6123" not in why.replace(str(path), "")
    assert (summary is None) == (not rows)
    assert rows == whole[: len(rows)]


def test_rows_before_a_break_come_first(tmp_path: Path) -> None:
    content = (DUMPS / "telegram" / "chat.json").read_bytes()
    path = tmp_path / "chat.json"
    path.write_bytes(content[: content.rindex(b'"id"')])
    whole = [told(found) for found in read_messages(DUMPS / "telegram" / "chat.json")]
    rows = []
    with pytest.raises(InputError, match=r"chat\.json: record 11 is cut off"):
        for found in read_messages(path):
            rows.append(found)
    assert [told(found) for found in rows[:-1]] == whole[: len(rows) - 1]
    assert isinstance(rows[-1], Row)
    assert rows[-1].ends
    assert "record 11 is cut off" in "".join(findings(path))


@pytest.mark.parametrize("name", ["d.jsonl", "d.json", "d.csv", "result.json", "chat.txt"])
def test_what_stands_before_a_cut_of_the_packing_is_read(
    tmp_path: Path, stub: Screener, name: str
) -> None:
    texts = [random.Random(n).random().hex() * 3 for n in range(6000)]
    content = {
        "d.jsonl": "\n".join(json.dumps({"text": text}) for text in texts),
        "d.json": json.dumps([{"text": text} for text in texts]),
        "d.csv": "text\n" + "\n".join(texts),
        "result.json": json.dumps(
            {"type": "a", "id": 1, "messages": [{"id": 1, "text": text} for text in texts]}
        ),
        "chat.txt": "\n".join(f"1/5/2024, 20:15 - A: {text}" for text in texts),
    }[name]
    path = tmp_path / f"{name}.zst"
    whole = zstandard.ZstdCompressor().compress(content.encode())
    path.write_bytes(whole[: len(whole) // 2])
    summary, rows, why = scored(path, tmp_path / "r.jsonl", stub)
    assert summary
    assert "is cut off: the .zst ends too early" in why
    assert len(rows) > len(texts) / 4  # zstd packs by 128 KiB


@pytest.mark.parametrize("file", DOCUMENTS)
def test_a_garbled_document_is_one_message_without_its_text(tmp_path: Path, file: str) -> None:
    content = (DUMPS / file).read_bytes()
    middle = content.rindex(b":") - 8
    path = tmp_path / Path(file).name
    path.write_bytes(content[:middle] + b'\xff6123 4567"\x00}' + content[middle:])
    with pytest.raises(InputError, match=r"is garbled near .*export the file again") as caught:
        list(read_messages(path))
    assert str(path) in str(caught.value)
    assert "6123" not in str(caught.value).replace(str(path), "")


@pytest.mark.parametrize("file", FILES)
def test_a_wrong_format_is_one_message(tmp_path: Path, file: str, screener: Screener) -> None:
    right = sniff(DUMPS / file)
    wrong = "mastodon" if right != "mastodon" else "telegram"
    with pytest.raises(InputError, match=r"is not .*looks like .*leave --format away"):
        score_dump(Run(DUMPS / file, (tmp_path / "r.jsonl",), format=wrong), screener)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("photo.jpg", bytes(range(256)) * 20, "is in no known format"),
        ("page.html", b"<html><body>6123 4567</body></html>", "is in no known format"),
        ("blank.txt", b" \n \n", "is empty"),
        ("settings.json", b'{\n "a": {\n  "b": 1\n }\n}', "one JSON document of no known format"),
        ("result.json", b'{"type": "x", "id": 1, "messages": {}}', "is not Telegram Desktop JSON"),
        ("deep.json", b'{"type": "x", "id": 1, "messages": ' + b"[" * 500, "nests deeper"),
        ("deep.json", b'{"type": "x", "id": 1, "messages": [' + b'{"a":' * 500, "nests deeper"),
    ],
)
def test_a_file_of_no_format_is_one_message(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError, match=reason) as caught:
        list(read_messages(path))
    assert "6123" not in str(caught.value).replace(str(path), "")


@pytest.mark.parametrize("number", ["1e99999999999999999999", "9" * 5000, "NaN", "01"])
def test_a_number_that_is_none_is_one_message(tmp_path: Path, number: str) -> None:
    path = tmp_path / "result.json"
    path.write_text(f'{{"type": "x", "id": 1, "messages": [{{"id": 1}}, {{"id": {number}}}]}}')
    with pytest.raises(InputError, match="record 2 is garbled"):
        list(read_messages(path))


def test_an_unknown_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no format 'icq'; there are: auto, x, mastodon"):
        list(read_messages(DUMPS / "generic" / "posts.csv", format="icq"))


def test_a_line_too_long_to_be_a_post_is_put_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (opened, generic, whatsapp, walk):
        monkeypatch.setattr(module, "MAX_RECORD", 1000)
    long = "a" * 5000
    path = tmp_path / "d.jsonl"
    path.write_text(f'{{"text": "a"}}\n{{"text": "{long}"}}\n{{"text": "b"}}\n')
    assert [row.fault for row in read_rows(path)] == ["", "longer than 0 MiB", ""]
    path = tmp_path / "c.txt"
    path.write_text(f"1/5/24, 20:15 - A: a\n{long}\n1/5/24, 20:16 - A: b\n")
    assert [row.fault for row in read_rows(path)] == ["longer than 0 MiB", ""]
    path = tmp_path / "result.json"
    path.write_text('{"type": "x", "id": 1, "messages": [{"text": "' + "a" * 300_000 + '"}]}')
    with pytest.raises(InputError, match="record 1 is longer than 0 MiB"):
        list(read_messages(path))


# -- fields of other dumps ---------------------------------------------------------------------


def test_fields_are_mapped_by_hand(tmp_path: Path) -> None:
    record = {
        "data": {"words": "電話 6123 4567", "key": "00123"},
        "head": "H",
        "tail": 5,
        "to": "9",
    }
    path = tmp_path / "d.jsonl"
    path.write_text(json.dumps(record))
    named = {"text": "data.words", "id": "data.key", "also": ["head", "tail"], "parent": "to"}
    fields = find_fields(path, named=named)
    (found,) = read_messages(path, fields=fields)
    assert told(found) == {
        "id": "00123",
        "parent": "9",
        "parts": [["head", "H"], ["tail", "5"], ["data.words", "電話 6123 4567"]],
    }


def test_a_known_format_can_be_read_by_its_fields(tmp_path: Path) -> None:
    path = DUMPS / "reddit" / "mixed.jsonl"
    fields = find_fields(path, text_field="body")
    found = [told(one) for one in read_messages(path, fields=fields)]
    assert found[0]["parts"] == [["body", "AT&amp;T &lt;3 &amp;lt; rain"]]
    assert found[2] == {"row": 3, "fault": "no text: 'body' is not there"}


# -- traps one by one --------------------------------------------------------------------------


@pytest.mark.parametrize("chunk", [1, 2, 3, 5, 7, 13, 64])
def test_repairs_do_not_hang_on_where_a_file_is_cut(
    monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    monkeypatch.setattr(walk, "_CHUNK", chunk)
    source = rb'{"a": "\x0B\\x41\\\x1F\ud83d\ude00\ud83d x \ude00\\ud83d\\", "b": "\\\\"}'
    repaired = b"".join(walk._mended(io.BytesIO(source)))
    assert json.loads(repaired) == {
        "a": "\x0b\\x41\\\x1f😀\N{REPLACEMENT CHARACTER} x \N{REPLACEMENT CHARACTER}\\ud83d\\",
        "b": "\\\\",
    }


@pytest.mark.parametrize(
    ("head", "iso"),
    [
        ("1/5/2024, 20:15 - A: x", "2024-05-01T20:15:00"),
        ("31/12/24, 8:15 pm - A: x", "2024-12-31T20:15:00"),
        ("12/31/24, 8:15\u202fAM - A: x", "2024-12-31T08:15:00"),
        ("31/12/2024, 8:15 p.\xa0m. - A: x", "2024-12-31T20:15:00"),
        ("[2024/5/1 下午8:15:30] A: x", "2024-05-01T20:15:30"),
        ("2024/5/1 上午12:15 - A: x", "2024-05-01T00:15:00"),
        ("[01.05.24, 00:15:30] A: x", "2024-05-01T00:15:30"),
        ("1/5/2024 中午11:59 - A: x", "2024-05-01T11:59:00"),
        ("1/5/2024 晚上11:59 - A: x", "2024-05-01T23:59:00"),
    ],
)
def test_whatsapp_clocks(tmp_path: Path, head: str, iso: str) -> None:
    path = tmp_path / "_chat.txt"
    path.write_text(head, encoding="utf-8")
    (found,) = read_messages(path)
    assert told(found) == {
        "id": "row-1",
        "author": "A",
        "created_at": iso,
        "parts": [["text", "x"]],
    }


def test_whatsapp_dates_go_forward(tmp_path: Path) -> None:
    path = tmp_path / "chat.txt"
    path.write_text("before\n" + "".join(f"{m}/1/24, 20:15 - A: x\n" for m in (1, 2, 3)))
    rows = list(read_messages(path))
    assert told(rows[0])["fault"].startswith("has no date")
    assert [told(row)["created_at"][:10] for row in rows[1:]] == [
        "2024-01-01", "2024-01-02", "2024-01-03"
    ]  # fmt: skip
    days = ("1/1", "1/2", "1/3", "2/1")  # by day first, the last would go back
    path.write_text("".join(f"{day}/24, 20:15 - A: x\n" for day in days))
    assert told(list(read_messages(path))[1])["created_at"][:10] == "2024-01-02"


def test_a_whatsapp_name_hides_no_words(tmp_path: Path) -> None:
    """Whatever a sender begins every message with, it is read as text."""
    path = tmp_path / "chat.txt"
    lines = [f"1/5/2024, 20:1{n} - Dr: Chan: {text}" for n, text in enumerate("abc")]
    path.write_text("\n".join([*lines, "1/5/2024, 20:19 - Dr: Chan: <Media omitted>"]))
    found = [told(one) for one in read_messages(path)]
    assert {one["author"] for one in found} == {"Dr"}
    assert [one["parts"][0][1] for one in found] == [
        "Chan: a", "Chan: b", "Chan: c", "Chan: <Media omitted>"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "text", "quote"),
    [
        ("a<br>b<br />c", "a\nb\nc", ""),
        ("61<b>23</b> 45<span>67", "6123 4567", ""),
        ("<p>a</p><p>b</p>", "a\n\nb", ""),
        ("x < y & z &lt;b&gt; &#x4f60;", "x < y & z <b> 你", ""),
        ("<blockquote>q</blockquote></blockquote>a", "a", "q"),
        ("a<blockquote>never ends", "a", "never ends"),
        ("<a href='#x'>y</a><!-- no -->", "y", ""),
    ],
)
def test_html(source: str, text: str, quote: str) -> None:
    page = read_html(source)
    assert (page.text, page.quote, page.links) == (text, quote, ())


@pytest.mark.parametrize("piece", ["<a ", "<", "<!--", "&amp", "<blockquote>", "<br>", " \n"])
def test_html_takes_linear_time(piece: str) -> None:
    read_html(piece * 200_000)


# -- dying and going on ------------------------------------------------------------------------


class Died(BaseException):
    """Stands for kill -9: nothing may catch it."""


@pytest.mark.parametrize("file", ["telegram/chat.json", "lihkg/pages.jsonl", "whatsapp/zh_12h.txt"])
def test_a_resumed_run_gives_the_same_bytes(
    tmp_path: Path, screener: Screener, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
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
        outputs = tuple(folder / f"r{suffix}" for suffix in (".jsonl", ".parquet"))
        run = Run(DUMPS / file, outputs, part_rows=2)
        left[0] = fatal
        score_dump(run, screener, resume=True)
        return {path.name: path.read_bytes() for path in folder.iterdir()}

    whole = results("whole", 10**9)
    assert set(whole) == {"r.jsonl", "r.parquet", "r.quarantine.jsonl"}
    for fatal in range(2, 11, 2):
        with pytest.raises(Died):
            results(str(fatal), fatal)
        assert results(str(fatal), 10**9) == whole


def test_nothing_is_resumed_in_another_format(
    tmp_path: Path, screener: Screener, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, out = DUMPS / "reddit" / "mixed.jsonl", tmp_path / "r.jsonl"
    with monkeypatch.context() as patched, pytest.raises(Died):
        patched.setattr(Screener, "screen_many", lambda *_, **__: (_ for _ in ()).throw(Died))
        score_dump(Run(path, (out,), part_rows=2), screener)
    with pytest.raises(InputError, match="was begun with another format"):
        run = Run(path, (out,), find_fields(path, text_field="body"), part_rows=2)
        score_dump(run, screener, resume=True)


def test_workers_read_the_same(tmp_path: Path, screener: Screener) -> None:
    outs = [tmp_path / f"{workers}.jsonl" for workers in (1, 2)]
    for workers, out in enumerate(outs, 1):
        run = Run(DUMPS / "telegram/chat.json", (out,), part_rows=3, workers=workers)
        score_dump(run, screener)
    assert outs[0].read_bytes() == outs[1].read_bytes()


# -- hostile dumps -----------------------------------------------------------------------------

SEEDS = {one["format"]: (DUMPS / one["file"]).read_bytes() for one in EXPECTED}
NAMES = {one["format"]: Path(one["file"]).name for one in EXPECTED}
SEEDS["zst"] = zstandard.ZstdCompressor(write_checksum=True).compress(SEEDS["reddit"] * 9)
NAMES["zst"] = "d.zst"


@st.composite
def spoiled(draw: st.DrawFn, seed: bytes) -> bytes:
    """A dump with pieces cut out, doubled, swapped for others, or strange bytes put in."""
    for _ in range(draw(st.integers(1, 5))):
        start = draw(st.integers(0, len(seed)))
        end = min(len(seed), start + draw(st.integers(0, 40)))
        new = draw(
            st.one_of(
                st.binary(max_size=6),
                st.sampled_from(
                    [b"", b"[", b"{", b"]", b"}", b'"', b"\\", b"\\x", b"\\ud800", b"\0"]
                ),
                st.sampled_from([b"null", b"true", b"1e999", b"-0", b"9" * 30, b"\n", b",", b"[]"]),
                st.sampled_from([b"9" * 5000, b"1e99999999999999999999", b"[" * 200, b'"a":']),
                st.just(seed[start:end] * 2),
                st.just(seed[end : end + 40]),
            )
        )
        seed = seed[:start] + new + seed[end:]
    return seed


@pytest.mark.parametrize("name", SEEDS)
def test_no_dump_ends_otherwise_than_by_an_input_error(
    tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    path = tmp_path_factory.mktemp("spoiled") / NAMES[name]

    @settings(
        max_examples=150,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(spoiled(SEEDS[name]))
    def check(content: bytes) -> None:
        path.write_bytes(content)
        numbers = []
        try:
            for found in read_messages(path):
                if isinstance(found, Row):
                    assert found.fault
                    numbers.append(found.number)
                else:
                    assert isinstance(found.post.text, str)
                    assert found.parts[0][0] == 0
        except InputError as error:
            assert str(path) in str(error)
        assert numbers == sorted(set(numbers))

    check()


@pytest.mark.parametrize("name", READERS)
def test_no_record_ends_otherwise_than_by_no_post(name: str) -> None:
    """Records with the fields of the format and anything in them."""
    whole = [
        row.record
        for one in EXPECTED
        if one["format"] == name
        for row in map(generic.parsed, read_rows(DUMPS / one["file"]))
        if isinstance(row.record, dict)
    ]
    keys = sorted({key for record in whole for key in _keys(record)})
    values = st.recursive(
        st.one_of(
            st.none(),
            st.booleans(),
            st.integers(),
            st.floats(),
            st.text(max_size=5),
            st.sampled_from(["<blockquote>", "\ud800", "9" * 20, "1714528800"]),
        ),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(keys), inner, max_size=5)
        ),
        max_leaves=12,
    )

    @settings(max_examples=300, deadline=None, derandomize=True)
    @given(st.sampled_from(whole), st.dictionaries(st.sampled_from(keys), values, max_size=8))
    def check(record: dict, other: dict) -> None:
        try:
            found = READERS[name].post(Row(1, record | other))
        except NoPost as reason:
            assert str(reason)
        else:
            assert found.post.id

    check()


def _keys(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
        for inner in value.values():
            yield from _keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _keys(inner)


# -- size --------------------------------------------------------------------------------------


@pytest.mark.slow
def test_memory_is_flat(tmp_path: Path) -> None:
    message = json.dumps({"id": 1, "type": "message", "text": ["天氣" * 20, {"text": "x"}]})
    peaks = []
    for number in (4_000, 40_000):
        path = tmp_path / f"{number}.json"
        with path.open("w") as file:
            file.write('{"name": "G", "type": "private_group", "id": 1, "messages": [')
            file.write(",\n".join([message] * number) + "]}")
        tracemalloc.start()
        assert sum(1 for _ in read_messages(path)) == number
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + (1 << 20)


# -- the command -------------------------------------------------------------------------------


def test_sniff_says_what_a_file_is_and_shows_no_text() -> None:
    done = CliRunner().invoke(cli.main, ["sniff", str(DUMPS / "telegram" / "chat.json")])
    assert done.exit_code == 0
    assert done.stdout.splitlines()[:2] == [
        "chat.json: telegram (Telegram Desktop JSON)",
        "  first rows: 10 read, 2 that cannot be read",
    ]
    for word in ("contact 1", "poll 1", "caption 1", "2024-05-01T10:00:00+08:00"):
        assert word in done.stdout
    assert "6123" not in done.stdout
    done = CliRunner().invoke(cli.main, ["sniff", str(DUMPS / "generic" / "posts.csv")])
    assert "fields: text=body, id=id" in done.stdout


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        ([], 3, "12 rows in = 10 out + 2 quarantined"),
        (["--format", "telegram"], 3, "12 rows in = 10 out + 2 quarantined"),
        (["--format", "discord"], 2, "looks like Telegram Desktop JSON"),
        (["--field", "nonsense"], 2, "--field is PART=NAME"),
    ],
)
def test_score_knows_exports(tmp_path: Path, options: list[str], code: int, words: str) -> None:
    dump = str(DUMPS / "telegram" / "chat.json")
    out = str(tmp_path / "r.jsonl")
    done = CliRunner().invoke(cli.main, ["score", dump, "-o", out, *options])
    assert (done.exit_code, words in done.output) == (code, True), done.output


def test_score_maps_fields(tmp_path: Path) -> None:
    dump = str(DUMPS / "generic" / "posts.csv")
    out = tmp_path / "r.jsonl"
    fields = ["--text-field", "subject", "--field", "also=body", "--field", "parent=thread_id"]
    done = CliRunner().invoke(cli.main, ["score", dump, "-o", str(out), "--every-detail", *fields])
    assert done.exit_code == 3, done.output
    assert [row["parent"] for row in lines(out)] == ["t1", "t1"]
    assert lines(out)[0]["details"][0]["field"] == "body"


@pytest.mark.parametrize(
    ("options", "code"), [([], 4), (["--quiet"], 4), (["--fail-on", "flag"], 1)]
)
def test_score_says_that_a_dump_breaks_off(tmp_path: Path, options: list[str], code: int) -> None:
    path, out = tmp_path / "d.json", tmp_path / "r.jsonl"
    text = "陳大文電話 6123 4567，打爆佢電話，打到佢換號碼"
    path.write_text(json.dumps([{"text": text}] * 3)[:-9])
    done = CliRunner().invoke(cli.main, ["score", str(path), "-o", str(out), *options])
    assert done.exit_code == code, done.output
    reason = "record 3 is cut off: the file ends too early; get it again"
    assert done.stderr.splitlines() == [f"Error: {path}: {reason}"]
    assert ("not complete: the dump could not be read to the end" in done.stdout) == (
        "--quiet" not in options
    )
    assert [row["row"] for row in lines(out)] == [1, 2]
    assert lines(tmp_path / "r.quarantine.jsonl") == [{"row": 3, "reason": reason}]
    path.write_text('[{"text": "a"')
    done = CliRunner().invoke(cli.main, ["score", str(path), "-o", str(tmp_path / "no.jsonl")])
    assert done.exit_code == 2
    assert done.stderr.splitlines()[-1].startswith(f"Error: {path}: record 1 is cut off")
    assert not list(tmp_path.glob("no*"))
