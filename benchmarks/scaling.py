"""How the cost of screening grows: with the post, the patterns, the user's terms, the processes.

    python benchmarks/scaling.py [PART...] [--posts FOLDER] [--terms 1000000]

PART is any of these, all by default:

shapes      CPU time of ``screen()`` by length of the post for hostile shapes, with the growth
            exponent: the slope of the logarithms, over all lengths up to MAX_CHARS and at the end.
            What is over a limit is measured again and profiled: where the time goes is printed.
patterns    cost of a clear post with a pack of one's own that has up to nine times the records of
            the shipped one
terms       the same with a slot of one's own of up to ``--terms`` words
processes   the run (``injunction-screen score``) on a made dump with one and two processes
parsing     that run, JSONL to Parquet, next to parsing the same file with orjson alone
start       first answer of a fresh process, and the memory that it and a thousand posts take

Ordinary posts are those of FOLDER, by default ``../shared/data/text`` where that is, else the
sample dump.  CPU time unless said, medians; what is compared takes turns.  Posts are read to
MAX_CHARS characters, so that a post of 1 MB costs what one of that length does.
"""

from __future__ import annotations

import argparse
import cProfile
import gc
import json
import math
import multiprocessing
import os
import pstats
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import orjson
from speed import keep
from workload import CORPORA, hands, made, ordinary

from injunction_screen import Screener, Screening
from injunction_screen.batch import Run, score_dump
from injunction_screen.screener import MAX_CHARS

SIZES = (1_000, 4_000, 16_000, MAX_CHARS, 1_000_000)
REPEATS = {1_000: 3, 4_000: 3, 16_000: 3}  # times that a length is measured, else once ...
AGAIN = {16_000: 2, MAX_CHARS: 2}  # ... and so often again where a shape is over a limit
EXPONENT, LONGEST = 1.1, 1.0  # the limits
PROFILED = 20_000  # characters of a post that is profiled: a profile takes a multiple of the time
SHOWN = 3  # functions of a profile


# -- hostile shapes ----------------------------------------------------------------------------

SURNAMES = "陳李黃張梁林吳劉王何鄭楊周葉許鍾馮"
GIVEN = "大文志明家欣俊傑美玲詠詩國強麗華"
NUMERALS = "一二三四五六七八九零"
FAMILY = "\N{MAN}\N{ZERO WIDTH JOINER}\N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL}"
STACKED = "a\N{COMBINING ACUTE ACCENT}\N{COMBINING CIRCUMFLEX ACCENT}\N{COMBINING TILDE}"


def _name(i: int) -> str:
    """One of some thousand invented names."""
    return SURNAMES[i % 17] + GIVEN[i * 7 % 16] + GIVEN[(i * 11 + i // 17) % 16]


def _phone(i: int) -> str:
    return f"6{i * 7919 % 1000:03} {i * 104_729 % 10_000:04}"


def _card(i: int) -> str:
    home = f"沙田好運中心A座{i % 40 + 1}樓{i % 8 + 1}室"
    return f"姓名：{_name(i)}\n電話：{_phone(i)}\n地址：{home}\n"


# What stands at each place of a post of the shape.
SHAPES: Mapping[str, Callable[[int], str]] = {
    "one character": lambda i: "a",
    "digits": lambda i: str(i * 7919 % 10),
    "surnames only": lambda i: SURNAMES[i % 17],
    "capitals": lambda i: chr(65 + i * 7 % 26) + "ong ",
    "@ signs": lambda i: "@a ",
    "a.a.a.": lambda i: "a.",
    "dots of URLs": lambda i: "www.a.b/",
    "brackets": lambda i: "A1((",
    "newlines": lambda i: "\n",
    "emoji, joined": lambda i: FAMILY,
    "combining marks": lambda i: STACKED,
    "spaced letters": lambda i: "killhimdead"[i % 11] + " ",
    "spaced Han": lambda i: "陳大文住沙田去佢屋企"[i % 10] + " ",
    "phones": lambda i: _phone(i) + "\n",
    "names, nothing hostile": lambda i: _name(i) + "、",
    "threats, no details": lambda i: "斬死佢。I will kill you. ",
    "pairs that never link": lambda i: f"我叫{_name(i)}，我電話 {_phone(i)}。斬死佢。\n",
    "pairs that all link": lambda i: f"我要斬死{_name(i)}，佢電話{_phone(i)}。\n",
    "label cards": _card,
    "Chinese numerals": lambda i: NUMERALS[i * 7 % 10],
    "leet": lambda i: "k1ll h1m d34d ",
    "mixed": lambda i: _mixed(i),
}


def _mixed(i: int) -> str:
    """Some of each of the other shapes in turn."""
    others = [name for name in SHAPES if name != "mixed"]
    piece = SHAPES[others[i % len(others)]]
    return "".join(piece(j) for j in range(i, i + 6)) + " "


def shaped(shape: str, size: int) -> str:
    """A post of so many characters."""
    pieces, left = [], size
    for i in count():
        piece = SHAPES[shape](i)
        pieces.append(piece)
        left -= len(piece)
        if left <= 0:
            break
    return "".join(pieces)[:size]


def slope(points: Sequence[tuple[float, float]]) -> float:
    """The exponent of the power that fits the points best."""
    logs = [(math.log(a), math.log(b)) for a, b in points]
    x, y = (statistics.mean(values) for values in zip(*logs, strict=True))
    return sum((a - x) * (b - y) for a, b in logs) / sum((a - x) ** 2 for a, _ in logs)


def shapes() -> list[dict[str, Any]]:
    screener = Screener()
    screener.screen(shaped("mixed", 2000))
    posts = {name: [shaped(name, size) for size in SIZES] for name in SHAPES}
    taken = {name: [[] for _ in SIZES] for name in SHAPES}
    for turn in range(max(REPEATS.values())):
        for name in SHAPES:
            for at, size in enumerate(SIZES):
                if turn < REPEATS.get(size, 1):
                    taken[name][at].append(seconds(screener, posts[name][at]))
    doubtful = [name for name in SHAPES if over(shape_row(name, taken[name]))]
    for turn in range(max(AGAIN.values())):
        for name in doubtful:
            for at, size in enumerate(SIZES):
                if turn < AGAIN.get(size, 0):
                    taken[name][at].append(seconds(screener, posts[name][at]))
    print("CPU s of screen() by characters of the post\n")
    print(f"  {'':24}", *(f"{size:>9,}" for size in SIZES), " exponent   at the end")
    rows = []
    for name in SHAPES:
        row = shape_row(name, taken[name])
        spent = (f"{row['seconds'][str(size)]:>9.4f}" for size in SIZES)
        mark = "  <- over a limit" if over(row) else ""
        print(f"  {name:24}", *spent, f"{row['exponent']:>9.2f}{row['at_the_end']:>13.2f}{mark}")
        rows.append(row)
    for row in rows:
        if over(row):
            print(f"\n  {row['shape']}: where the time goes")
            row["uncollected"] = without_collection(screener, posts[row["shape"]])
            row["where"] = where(screener, shaped(row["shape"], PROFILED))
            told = "{seconds:.2f} s, {at_the_end:.2f} at the end".format(**row["uncollected"])
            print(f"    without garbage collection {told}")
            print("\n".join(f"    {line}" for line in row["where"]), flush=True)
    print(f"\n{sum(map(over, rows))} of {len(rows)} shapes over {EXPONENT} or {LONGEST} s")
    return rows


def seconds(screener: Screener, text: str) -> float:
    began = time.process_time()
    screener.screen(text)
    return time.process_time() - began


def shape_row(name: str, taken: Sequence[Sequence[float]]) -> dict[str, Any]:
    spent = dict(zip(SIZES, map(statistics.median, taken), strict=True))
    read = [(size, spent[size]) for size in SIZES if size <= MAX_CHARS]
    return {
        "shape": name,
        "seconds": {str(size): round(value, 5) for size, value in spent.items()},
        "exponent": round(slope(read), 3),
        "at_the_end": round(slope(read[-2:]), 3),
        "longest": round(max(spent.values()), 3),
    }


def over(row: Mapping[str, Any]) -> bool:
    """Whether a shape grows too fast or takes too long."""
    return max(row["exponent"], row["at_the_end"]) > EXPONENT or row["longest"] > LONGEST


def without_collection(screener: Screener, posts: Sequence[str]) -> dict[str, float]:
    """Time of the longest post that is read in full, and growth up to it, without the collector.

    What Python's garbage collector looks through grows with the post too, over and over.
    """
    gc.disable()
    posts = [post for post in posts if len(post) <= MAX_CHARS][-2:]
    read = [(len(post), seconds(screener, post)) for post in posts]
    gc.enable()
    return {"seconds": round(read[-1][1], 3), "at_the_end": round(slope(read), 3)}


def where(screener: Screener, text: str) -> list[str]:
    """The functions that take most of the time, by themselves and with all that they call."""
    profile = cProfile.Profile(time.process_time)
    profile.runcall(screener.screen, text)
    stats = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    whole = sum(own for _, _, own, _, _ in stats.values()) or 1e-9
    ours = {at: row for at, row in stats.items() if "injunction_screen" in at[0]}
    alone = sorted(stats.items(), key=lambda item: -item[1][2])[:SHOWN]
    deep = sorted(ours.items(), key=lambda item: -item[1][3])
    # The callers at the top hold everything: what tells is the last that still hold a third.
    deep = [item for item in deep if item[1][3] > whole / 3][-SHOWN:]
    return [
        *(f"{row[2] / whole:4.0%} by itself  {_function(at)}, {row[1]:,} x" for at, row in alone),
        *(f"{row[3] / whole:4.0%} in all     {_function(at)}, {row[1]:,} x" for at, row in deep),
    ]


def _function(at: tuple[str, int, str]) -> str:
    file, line, name = at
    return f"{Path(file).parent.name}/{Path(file).name}:{line} {name}" if line else name


# -- patterns and terms ------------------------------------------------------------------------

HAN = "\u4e00", "\u9fa5"
CONSONANTS, VOWELS = "bcdfghklmnprstvwz", "aeiou"
ROUNDS, HAND = 9, 60  # of clear posts


def words(number: int, seed: int = 1) -> Iterator[str]:
    """Different invented words, every other one Chinese; hardly any stands in a post."""
    draw = random.Random(seed)
    seen = set()
    first, last = map(ord, HAN)
    while len(seen) < number:
        if len(seen) % 2:
            word = "".join(chr(draw.randint(first, last)) for _ in range(draw.randint(3, 5)))
        else:
            word = "".join(
                draw.choice(CONSONANTS) + draw.choice(VOWELS) for _ in range(draw.randint(3, 6))
            )
        if word not in seen:
            seen.add(word)
            yield word


# A record of a pack: its three invented words are put in.
SORTS = {
    "forms, rare words": 'kind = "threat"\nforms = ["({}) ..4 ({}|{})"]',
    "forms, common words": 'kind = "threat"\nforms = ["({common}) ..1 ({also}|{}) ..1 ({}|{})"]',
    "regexes": 'category = "identity_number"\nregex = "{}{}{}-[0-9]{{5}}"\nscore = 0.9',
    "terms": 'kind = "threat"\nforms = ["[made_terms] ..4 ({}|{}|{})"]',
}
COMMON = (
    "我", "你", "佢", "今日", "好", "多謝", "唔", "係", "呀", "嘅", "the", "and", "you", "today",
    "school", "bus", "have", "with", "friend", "香港", "公司", "時間", "問題", "買", "錢", "睇",
)  # fmt: skip


def pack(folder: Path, sort: str, records: int, terms: int = 0) -> Path:
    """A pack of so many records of one sort, and a slot of ``terms`` words."""
    (folder / "cues").mkdir(parents=True)
    (folder / "pack.toml").write_text('name = "made"\nversion = "1"\n', encoding="utf-8")
    source = words(3 * records + terms)
    lines = []
    for number in range(records):
        common = {
            "common": COMMON[number % len(COMMON)],
            "also": COMMON[(number * 7 + 3) % len(COMMON)],
        }
        record = SORTS[sort].format(next(source), next(source), next(source), **common)
        lines.append(f'[[pattern]]\nid = "made.record_{number}"\nabout = "made"\n{record}\n')
    if terms:
        listed = ",\n".join(json.dumps(word, ensure_ascii=False) for word in source)
        lines.append(f'[slot.made_terms]\nabout = "made"\nwords = [\n{listed}]\n')
    (folder / "cues" / "made.toml").write_text("\n".join(lines), encoding="utf-8")
    return folder


def patterns(posts: Sequence[str]) -> list[dict[str, Any]]:
    """Ten times the records of the shipped pack, and what is between."""
    shipped = len(Screener().book.patterns)
    print("\nCPU µs of a clear post by number of pattern records (the shipped ones first)\n")
    asked = [("shipped", shipped, 0, 0)]
    for sort, times in (
        ("forms, rare words", 3),
        ("forms, rare words", 10),
        ("forms, common words", 10),
        ("regexes", 10),
    ):
        asked.append((sort, shipped * times, shipped * (times - 1), 0))
    return grown(posts, asked)


def terms(posts: Sequence[str], most: int) -> list[dict[str, Any]]:
    """A slot of one's own of a thousand words, ten thousand and so on."""
    numbers = [number for number in (1_000, 10_000, 100_000, 1_000_000) if number <= most]
    print("\nCPU µs of a clear post by number of the user's terms\n")
    return grown(
        posts, [("shipped", 0, 0, 0), *(("terms", number, 1, number) for number in numbers)]
    )


def grown(posts: Sequence[str], packs: Sequence[tuple[str, int, int, int]]) -> list[dict[str, Any]]:
    """The cost of clear posts with packs: of each the sort, a number, its records and terms."""
    screeners, building = [], []
    with tempfile.TemporaryDirectory() as name:
        for sort, number, records, slot in packs:
            own = [pack(Path(name) / f"{sort} {number}", sort, records, slot)] if records else []
            began = time.process_time()
            screeners.append(Screener(patterns=own))
            screeners[-1].screen("hello")
            building.append(time.process_time() - began)
    answers = zip(posts, screeners[0].screen_many(posts), strict=True)
    clear = [text for text, answer in answers if answer.outcome == "clear"]
    gc.collect()
    gc.freeze()  # no screener pays for what the others hold
    ways: dict[str, Callable[[Screener, Sequence[str]], Any]] = {
        "screen_many()": lambda screener, texts: list(screener.screen_many(texts)),
        "screen()": lambda screener, texts: [screener.screen(text) for text in texts],
    }
    warm, *rounds = hands(clear, ROUNDS + 1, HAND)
    taken: list[dict[str, list[float]]] = [{way: [] for way in ways} for _ in packs]
    turns = list(enumerate(screeners))
    for texts in (warm, *rounds):
        for way, run in ways.items():
            for at, screener in turns:
                began = time.process_time()
                run(screener, texts)
                taken[at][way].append((time.process_time() - began) / len(texts) * 1e6)
        turns.append(turns.pop(0))
    gc.unfreeze()
    print(f"  {'':31}{'screen_many()':>14}{'ratio':>7}{'screen()':>11}{'ratio':>7}{'built in':>12}")
    rows = []
    for at, (sort, number, _, _) in enumerate(packs):
        row: dict[str, Any] = {"sort": sort, "number": number, "built": round(building[at], 2)}
        for way in ways:
            own, base = taken[at][way][1:], taken[0][way][1:]
            ratio = statistics.median(a / b for a, b in zip(own, base, strict=True))
            row[way] = {"mean": round(statistics.median(own), 1), "ratio": round(ratio, 3)}
        many, one = row["screen_many()"], row["screen()"]
        print(
            f"  {sort:20}{number:>11,}{many['mean']:>14.1f}{many['ratio']:>7.2f}"
            f"{one['mean']:>11.1f}{one['ratio']:>7.2f}{row['built']:>10.1f} s",
            flush=True,
        )
        rows.append(row)
    return rows


# -- the run -----------------------------------------------------------------------------------

LASTS = 8.0  # seconds that one process needs for the made dump
PARTS_OF_RUN = 30


class Stub(Screener):
    """Answers at once: what is left of a run is reading and writing."""

    def screen_many(self, posts: Any, *, every_detail: bool = False) -> Iterator[Screening]:
        for post in posts:
            yield Screening("clear", 0.0, ruleset=self.ruleset, id=post.id, read=False)


def made_dump(path: Path, rows: int) -> Path:
    """A dump in JSON Lines."""
    with path.open("wb") as file:
        for number, text in enumerate(made(rows)):
            row = {
                "id": f"m{number}",
                "platform": "forum",
                "created_at": "2024-05-01T10:00:00+08:00",
                "author": f"u{number % 977}",
                "text": text,
            }
            file.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
    return path


def in_child(*asked: object) -> dict[str, Any]:
    """Run this file again for one measurement."""
    command = [sys.executable, __file__, "--child", *map(str, asked)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def rows_for(lasts: float) -> int:
    """How many made posts one process needs so many seconds for, in thousands."""
    screener, texts = warmed(Screener()), list(made(400, seed=3))
    began = time.process_time()
    for _ in screener.screen_many(texts):
        pass
    return max(1, round(lasts * len(texts) / (time.process_time() - began) / 1000)) * 1000


def processes(folder: Path) -> dict[str, Any]:
    """The run with one process and with two, turn about."""
    number = rows_for(LASTS)
    dump = made_dump(folder / "made.jsonl", number)
    runs: dict[int, list[dict[str, Any]]] = {1: [], 2: []}
    for workers in (1, 2, 2, 1):
        runs[workers].append(in_child("run", dump, number, workers))
    print(f"\nThe run on a made dump of {number:,} posts, from the first part done to the last\n")
    print(f"  {'processes':<12}{'posts/s':>9}{'CPU µs a post':>16}   peak MB, parent and workers")
    rows: dict[str, Any] = {}
    for workers, own in runs.items():
        row = {key: round(statistics.median(r[key] for r in own), 1) for key in ("rate", "cpu")}
        peaks = [round(mb) for mb in own[-1]["peaks"]]
        told = f"{row['rate']:>9,.0f}{row['cpu']:>16,.0f}   {', '.join(map(str, peaks))}"
        print(f"  {workers:<12}{told}")
        rows[str(workers)] = {**row, "peaks": peaks}
    speedup = rows["2"]["rate"] / rows["1"]["rate"]
    free = 2 * rows["1"]["cpu"] / rows["2"]["cpu"]
    print(
        f"  two processes are {speedup:.2f} x as fast by the clock"
        f" (load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores),"
        f" {free:.2f} x by the CPU time they take: what idle cores would give"
    )
    return {
        "posts": number,
        "rows": rows,
        "by_the_clock": round(speedup, 3),
        "by_cpu_time": round(free, 3),
    }


def parsing(folder: Path) -> dict[str, Any]:
    """JSONL to Parquet against parsing the file with orjson alone."""
    number = rows_for(LASTS / 3)
    dump = made_dump(folder / "parsed.jsonl", number)
    told = in_child("parse", dump, number)
    run, stub, alone = told["run"], told["stub"], told["orjson"]
    size = dump.stat().st_size / number
    print(f"\nJSONL to Parquet, {number:,} made posts of {size:.0f} bytes a row, CPU µs a post\n")
    print(f"  orjson alone              {alone:>10.2f}")
    print(f"  the run without screening {stub:>10.2f}{stub / alone:>10.1f} x")
    print(f"  the run                   {run:>10.2f}{run / alone:>10.1f} x")
    ratios = {"ratio": round(run / alone, 1), "ratio_stub": round(stub / alone, 1)}
    return {"posts": number, **told, **ratios}


class Clock:
    """Notes time, CPU time of all processes and rows at the first call with rows and the last."""

    def __init__(self) -> None:
        self.first: tuple[float, float, int] | None = None
        self.last = (0.0, 0.0, 0)
        self.peaks: list[float] = []

    def __call__(self, rows: int, share: float) -> None:
        if not rows:
            return
        workers = [child.pid for child in multiprocessing.active_children() if child.pid]
        self.last = (time.monotonic(), time.process_time() + sum(map(cpu_of, workers)), rows)
        self.peaks = [peak(), *map(peak, workers)]
        if self.first is None:
            self.first = self.last


def child_run(dump: Path, rows: int, workers: int) -> dict[str, Any]:
    screener = warmed(Screener())
    clock = Clock()
    run = Run(dump, (dump.with_name("out.jsonl"),), workers=workers, part_rows=rows // PARTS_OF_RUN)
    score_dump(run, screener, progress=clock)
    assert clock.first is not None
    wall, spent, done = (b - a for a, b in zip(clock.first, clock.last, strict=True))
    return {"rate": done / wall, "cpu": spent / done * 1e6, "peaks": clock.peaks}


def child_parse(dump: Path, rows: int) -> dict[str, Any]:
    screener, stub = warmed(Screener()), Stub()
    run = Run(dump, (dump.with_name("out.parquet"),))
    spent: dict[str, list[float]] = {"orjson": [], "stub": [], "run": []}

    def timed(what: str, work: Callable[[], Any]) -> None:
        began = time.process_time()
        work()
        spent[what].append((time.process_time() - began) / rows * 1e6)

    for turn in range(3):
        timed("orjson", lambda: parsed(dump))
        timed("stub", lambda: score_dump(run, stub))
        if turn < 2:
            timed("run", lambda: score_dump(run, screener))
    return {what: round(statistics.median(times), 3) for what, times in spent.items()}


def parsed(dump: Path) -> None:
    with dump.open("rb") as file:
        for line in file:
            orjson.loads(line)


CHILDREN: Mapping[str, Callable[..., dict[str, Any]]] = {"run": child_run, "parse": child_parse}


def warmed(screener: Screener) -> Screener:
    for _ in screener.screen_many(made(100, seed=2)):
        pass
    return screener


def cpu_of(process: int) -> float:
    """CPU seconds of another process, 0 where the system does not tell."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak(process: int | str = "self") -> float:
    """The most memory that a process ever held, in MB: getrusage would count the parent's."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return math.nan
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


# -- start -------------------------------------------------------------------------------------

STARTS = {
    "bare interpreter": "",
    "import injunction_screen": "import injunction_screen",
    "first screen()": "import injunction_screen as i; i.screen('Tel 6123 4567')",
    "first screen(), hostile": "import injunction_screen as i; i.screen('我要斬死陳大文')",
    "first screen_many()": (
        "import injunction_screen as i; list(i.Screener().screen_many(['the soup was hot']))"
    ),
    "1,000 made posts": (
        "import sys; sys.path.insert(0, {here!r}); from workload import made\n"
        "import injunction_screen as i; [0 for _ in i.Screener().screen_many(made(1000))]"
    ),
    "first answer of Presidio": (
        "import sys; sys.path.insert(0, {here!r}); import against_presidio as a\n"
        "a.presidio_for_hong_kong().analyze('Tel 6123 4567', 'en')"
    ),
}
STARTED = 3  # times


def start() -> list[dict[str, Any]]:
    print("\nA fresh process, to the end of what it is asked\n")
    print(f"  {'':28}{'CPU s':>8}{'clock s':>9}{'peak MB':>9}")
    here = str(Path(__file__).resolve().parent)
    told = (
        "\nimport time; from pathlib import Path; spent = time.process_time()\n"
        "status = Path('/proc/self/status')\n"
        "memory = status.read_text().split('VmHWM:')[1].split()[0] if status.exists() else 'nan'\n"
        "print(spent, float(memory) / 1024)"
    )
    rows = []
    for what, code in STARTS.items():
        times = 1 if "1,000" in what else STARTED
        runs = [fresh(code.format(here=here) + told) for _ in range(times)]
        cpu, wall, memory = (statistics.median(values) for values in zip(*runs, strict=True))
        print(f"  {what:28}{cpu:>8.2f}{wall:>9.2f}{memory:>9.0f}", flush=True)
        row = {"what": what, "cpu": round(cpu, 3), "clock": round(wall, 3), "peak": round(memory)}
        rows.append(row)
    return rows


def fresh(code: str) -> tuple[float, float, float]:
    """CPU and clock seconds and peak memory of a new process."""
    began = time.monotonic()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    wall = time.monotonic() - began
    if done.returncode:
        sys.exit(done.stderr)
    cpu, memory = map(float, done.stdout.splitlines()[-1].split())
    return cpu, wall, memory


# ----------------------------------------------------------------------------------------------

PARTS = ("shapes", "patterns", "terms", "processes", "parsing", "start")


def main() -> None:
    if sys.argv[1:2] == ["--child"]:
        what, dump, *numbers = sys.argv[2:]
        print(json.dumps(CHILDREN[what](Path(dump), *map(int, numbers))))
        return
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    options.add_argument("--posts", type=Path, default=CORPORA)
    options.add_argument("--terms", type=int, default=1_000_000)
    asked = options.parse_args()
    if wrong := set(asked.parts) - set(PARTS):
        options.error(f"there is no part {min(wrong)}: {', '.join(PARTS)}")
    posts = [text for own in hands_of(asked.posts) for text in own]
    with tempfile.TemporaryDirectory() as name:
        ways: dict[str, Callable[[], Any]] = {
            "shapes": shapes,
            "patterns": lambda: patterns(posts),
            "terms": lambda: terms(posts, asked.terms),
            "processes": lambda: processes(Path(name)),
            "parsing": lambda: parsing(Path(name)),
            "start": start,
        }
        for part in PARTS:
            if not asked.parts or part in asked.parts:
                keep(part, ways[part]())


def hands_of(folder: Path) -> list[list[str]]:
    """As many posts of each sort of ordinary ones."""
    return [hands(texts, 1, (ROUNDS + 1) * HAND // 3)[0] for texts in ordinary(folder).values()]


if __name__ == "__main__":
    main()
