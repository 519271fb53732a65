"""Screen a whole dump into files, so that ``kill -9`` at any moment loses and doubles nothing.

In: a ``Run`` (which dump, which files, which options) and a ``Screener``.  Out: the files, a
quarantine of the rows that could not be read, and a ``Summary``.

The work goes in parts of ``part_rows`` rows.  A finished part is a few files in the folder
``OUT.parts/``, each written under another name, synced and renamed; then one line is appended to
``manifest.jsonl`` there.  A part without its line is done again, so each row counts once.  When
the last part is done the files are put together under another name, renamed to ``OUT``, and the
folder goes.  The manifest's first line is the identity of the run: under another ruleset, other
options or another dump nothing is resumed.

A dump that breaks off is screened as far as it can be read, and ``Summary.broken`` says so; one of
which nothing can be read is an ``InputError`` and leaves nothing behind.
"""

from __future__ import annotations

import dataclasses
import gc
import hashlib
import json
import multiprocessing
import os
import shutil
import signal
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from injunction_screen import __version__
from injunction_screen.batch.dumps import (
    AUTO,
    Fields,
    Member,
    Row,
    chunks,
    kinds,
    members,
    message_of,
    settled,
)
from injunction_screen.batch.quotes import with_quote
from injunction_screen.batch.results import FORMATS, join, result_row
from injunction_screen.batch.rows import Message
from injunction_screen.errors import InjunctionScreenError, InputError
from injunction_screen.orders import spelt_out
from injunction_screen.records import CATEGORIES, CUE_KINDS, OUTCOMES, Post
from injunction_screen.screener import Screener

try:
    import fcntl
except ImportError:  # pragma: no cover (Windows: runs are not kept apart there)
    fcntl = None  # type: ignore[assignment]

__all__ = ["Run", "Summary", "score_dump", "screened_rows"]

Progress = Callable[[int, float], None]
SHOWN = 5  # faulty rows, or files of an archive, in a summary; a file beside it has them all


@dataclass(frozen=True, slots=True)
class Run:
    """What to do: which dump, into which files, how.

    ``outputs`` end in ``.jsonl``, ``.csv`` or ``.parquet``; ``text`` lets personal details into
    them; ``every_detail`` looks for those of posts that are clear at first sight too, which takes
    far longer; ``posted_at`` is the day of posts that have none.  ``fields`` are for dumps in no
    known format, where they are found by their names if not given; ``format`` says what the dump
    is where that shall not be found out.
    """

    dump: Path
    outputs: tuple[Path, ...]
    fields: Fields | None = None
    text: bool = False
    every_detail: bool = False
    posted_at: str | None = None
    workers: int = 1
    part_rows: int = 2000
    format: str = AUTO

    @property
    def parts(self) -> Path:
        """The folder of the finished parts."""
        return self.outputs[0].with_name(self.outputs[0].name + ".parts")

    @property
    def quarantine(self) -> Path:
        """Where the rows that could not be read are listed, with number and reason."""
        return self.outputs[0].with_name(self.outputs[0].stem + ".quarantine.jsonl")

    @property
    def members(self) -> Path:
        """Where the files of an archive are listed, each with its number, read or not."""
        return self.outputs[0].with_name(self.outputs[0].stem + ".members.jsonl")


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run did.  ``counts`` names outcomes, categories, kinds, orders and how many of each.

    ``fresh`` rows were screened in ``seconds`` just now; the others before the run was resumed.
    ``broken`` says where the dump breaks off: what is behind was not read.  ``members`` are the
    files of an archive.
    """

    rows: int
    screened: int
    faults: tuple[tuple[int, str], ...]
    counts: Mapping[str, Mapping[str, int]]
    fresh: int
    seconds: float
    run: Run = field(repr=False)
    broken: tuple[str, ...] = ()
    members: tuple[Member, ...] = ()

    def __str__(self) -> str:
        return "\n".join(_told(self))

    def complaints(self) -> Iterator[str]:
        """Where the dump breaks off, a sentence each; of many, the first ones."""
        yield from (f"{self.run.dump}: {reason}" for reason in self.broken[:SHOWN])
        if more := len(self.broken[SHOWN:]):
            yield f"{self.run.dump}: {more:,} more of its files cannot be read: {self.run.members}"


def score_dump(
    run: Run,
    screener: Screener,
    *,
    resume: bool = False,
    progress: Progress | None = None,
) -> Summary:
    """Screen a dump into files.

    ``progress`` is called with the rows done so far and the share of the dump that they are: at
    the start, where a resumed run has some already, and after each part.

    Raises:
        InputError: nothing in the dump can be read, or an unfinished run stands in the way or
            differs.
    """
    _check(run)
    name, fields = settled(run.dump, run.format, run.fields)
    run = dataclasses.replace(run, format=name, fields=fields)
    listed = members(run.dump, format=name, fields=fields)
    began = time.monotonic()
    identity = _identity(run, screener)
    with _alone(run.parts), _uncollected():
        done = _open(run, identity, resume=resume)
        try:
            fresh = _go_on(run, screener, done, progress, listed)
            summary = _summary(run, done, fresh, time.monotonic() - began, listed)
            if summary.broken and summary.rows == len(summary.broken):
                raise InputError(next(summary.complaints()))
        except InputError:
            if all(Fault(*fault).ends for line in done for fault in line["faults"]) and not any(
                line["counts"]["outcome"] for line in done
            ):
                shutil.rmtree(run.parts, ignore_errors=True)
            raise
        _assemble(run, summary, len(done))
    return summary


def _go_on(
    run: Run,
    screener: Screener,
    done: list[dict[str, Any]],
    progress: Progress | None,
    listed: Sequence[Member],
) -> int:
    """Screens what is left, adding to ``done``; how many rows that were."""
    fresh = 0
    groups = islice(
        chunks(run.dump, run.part_rows, run.fields, format=run.format, listed=listed),
        len(done),
        None,
    )
    with (run.parts / MANIFEST).open("ab") as manifest:
        before = sum(line["rows"] for line in done)
        if progress:
            progress(before, done[-1]["through"] if done else 0.0)
        for part, through in _screened(groups, run, screener):
            stem = run.parts / f"{len(done):07}"
            for suffix, content in part.files.items():
                _replace(stem.with_suffix(suffix), content)
            line = {
                "rows": part.rows,
                "faults": [list(fault) for fault in part.faults],
                "counts": part.counts,
                "through": through,
            }
            manifest.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
            _sync(manifest.fileno(), manifest.flush)
            done.append(line)
            fresh += part.rows
            if progress:
                progress(before + fresh, through)
    return fresh


def _check(run: Run) -> None:
    if not run.outputs:
        raise InputError("there is no output file")
    for out in run.outputs:
        if out.suffix not in FORMATS:
            raise InputError(f"{out}: the name must end in {', '.join(FORMATS)}")
        if not out.parent.is_dir():
            raise InputError(f"{out}: there is no folder {out.parent}")
    written = (*run.outputs, run.quarantine, run.members)
    for out in written:
        if out.resolve() == run.dump.resolve():
            raise InputError(f"{out}: is the dump itself")
    if len(set(written)) < len(written):
        raise InputError("an output file is named twice")
    if run.workers < 1 or run.part_rows < 1:
        raise InputError("there must be at least one worker and one row a part")


# -- the manifest ------------------------------------------------------------------------------

MANIFEST = "manifest.jsonl"
LOCK = "lock"


@contextmanager
def _alone(parts: Path) -> Iterator[None]:
    """Keeps other runs out of the folder of parts; a run that is killed keeps nobody out."""
    parts.mkdir(exist_ok=True)
    with (parts / LOCK).open("ab") as file:
        if fcntl is not None:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise InputError(f"{parts}: another run is at work there; wait for it") from None
        yield


@contextmanager
def _uncollected() -> Iterator[None]:
    """What is there already, the patterns above all, is not looked through for garbage."""
    if gc.get_freeze_count():  # whoever calls us has done so, and knows what for
        yield
        return
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _identity(run: Run, screener: Screener) -> dict[str, Any]:
    """All that a row of the results hangs on: parts made under another one cannot be joined."""
    return {
        "version": __version__,
        "ruleset": screener.ruleset,
        "orders": hashlib.sha256(spelt_out(screener.orders).encode()).hexdigest()[:16],
        "dump": _digest(run.dump),
        "format": run.format,
        "fields": json.loads(orjson.dumps(run.fields)),
        "text": run.text,
        "every_detail": run.every_detail,
        "posted_at": run.posted_at,
        "outputs": [out.name for out in run.outputs],
        "part_rows": run.part_rows,
    }


_DIFFERENT = {
    "version": "another version of injunction_screen",
    "ruleset": "other pattern files, trained weights or options",
    "orders": "other orders",
    "dump": "another dump",
    "format": "another format",
    "fields": "other fields",
    "text": "another --text",
    "every_detail": "another --every-detail",
    "posted_at": "another --posted-at",
    "outputs": "other output files",
    "part_rows": "another --part-rows",
}


def _digest(path: Path) -> str:
    digest = hashlib.blake2b(digest_size=16)
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None
    return digest.hexdigest()


def _open(run: Run, identity: dict[str, Any], *, resume: bool) -> list[dict[str, Any]]:
    """The lines of the parts that are done; a new folder and manifest where there are none."""
    shutil.rmtree(_gone(run.parts), ignore_errors=True)
    manifest = run.parts / MANIFEST
    if not manifest.exists():
        run.parts.mkdir(exist_ok=True)
        _replace(manifest, orjson.dumps(identity, option=orjson.OPT_APPEND_NEWLINE))
        return []
    if not resume:
        raise InputError(
            f"{run.parts} holds an unfinished run: go on with --resume, or delete that folder"
        )
    content = manifest.read_bytes()
    whole = content[: content.rfind(b"\n") + 1]  # a kill may leave half a line
    if len(whole) < len(content):
        os.truncate(manifest, len(whole))
    first, *done = (json.loads(line) for line in whole.splitlines())
    for key, reason in _DIFFERENT.items():
        if first.get(key) != identity[key]:
            raise InputError(
                f"{run.parts} was begun with {reason}: use the same again, or delete that folder"
            )
    return done


def _gone(parts: Path) -> Path:
    """The name under which the folder is taken away, so that no half of it is ever resumed."""
    return parts.with_name(parts.name + ".gone")


def _replace(path: Path, content: bytes) -> None:
    fresh = path.with_name(path.name + ".tmp")
    with fresh.open("wb") as file:
        file.write(content)
        _sync(file.fileno(), file.flush)
    fresh.replace(path)


def _sync(descriptor: int, flush: Callable[[], None]) -> None:
    flush()
    os.fsync(descriptor)


# -- the work ----------------------------------------------------------------------------------


class Fault(NamedTuple):
    """A row that could not be screened, and why; ``ends`` is true where the dump breaks off."""

    row: int
    reason: str
    ends: bool = False


class _Part(NamedTuple):
    rows: int
    faults: list[Fault]
    counts: dict[str, dict[str, int]]
    files: dict[str, bytes]


def _screened(
    groups: Iterator[tuple[list[Row], float]], run: Run, screener: Screener
) -> Iterator[tuple[_Part, float]]:
    """The parts in the order of the dump, from this process or from ``run.workers`` others."""
    if run.workers == 1:
        for group, through in groups:
            yield _part(group, run, screener), through
        return
    # Spawned, not forked: the same on every system, and safe where the caller has threads.
    with ProcessPoolExecutor(
        run.workers,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_begin_worker,
        initargs=(screener,),
    ) as pool:
        waiting: deque[tuple[Future[_Part], float]] = deque()
        try:
            for group, through in groups:
                waiting.append((pool.submit(_part_of_worker, group, run), through))
                if len(waiting) > 2 * run.workers:  # keeps memory flat and everybody busy
                    yield _result(waiting)
            while waiting:
                yield _result(waiting)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _result(waiting: deque[tuple[Future[_Part], float]]) -> tuple[_Part, float]:
    future, through = waiting.popleft()
    try:
        return future.result(), through
    except BrokenProcessPool:
        raise InjunctionScreenError(
            "a worker process died, perhaps for want of memory; what is done is kept: --resume"
        ) from None


_worker: list[Screener] = []  # the screener of this worker process


def _begin_worker(screener: Screener) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent to deal with
    parent = multiprocessing.parent_process()
    if parent is not None:
        # A killed parent cannot tell its workers to stop.
        threading.Thread(target=_leave_with, args=(parent,), daemon=True).start()
    _worker[:] = [screener]
    gc.freeze()  # as in _uncollected


def _leave_with(parent: Any) -> None:
    parent.join()
    os._exit(1)


def _part_of_worker(group: list[Row], run: Run) -> _Part:
    return _part(group, run, _worker[0])


def _part(group: Sequence[Row], run: Run, screener: Screener) -> _Part:
    results, faults = screened_rows(
        group,
        screener,
        format=run.format,
        fields=run.fields,
        posted_at=run.posted_at,
        text=run.text,
        every_detail=run.every_detail,
    )
    suffixes = {out.suffix for out in run.outputs}
    files = {suffix: FORMATS[suffix](results, text=run.text) for suffix in sorted(suffixes)}
    counts = _counts(results)
    counts["members"] = Counter(str(row.member.number) for row in group if row.member)
    return _Part(len(group), faults, counts, files)


def screened_rows(
    group: Sequence[Row],
    screener: Screener,
    *,
    format: str,  # noqa: A002
    fields: Fields | None,
    posted_at: str | None = None,
    text: bool = False,
    every_detail: bool = False,
) -> tuple[list[dict[str, Any]], list[Fault]]:
    """The results of the rows that could be screened, and those that could not be.

    Every row is in one of the two, each in the order of the rows.

    Raises:
        InjunctionScreenError: a pattern file or a finder is wrong.
    """
    faults: list[Fault] = []
    waiting: deque[tuple[int, Message]] = deque()  # read, but not screened yet

    def posts() -> Iterator[Post]:
        for row in group:
            found = message_of(row, format, fields, posted_at=posted_at)
            if isinstance(found, Row):
                faults.append(Fault(row.number, found.fault, found.ends))
            else:
                waiting.append((row.number, found))
                yield found.post

    results: list[dict[str, Any]] = []
    source = posts()
    left: Iterator[Post] = source
    while True:
        try:
            for screening in screener.screen_many(left, every_detail=every_detail):
                number, message = waiting[0]
                own, quoted = with_quote(screener, message, screening)
                row = result_row(own, number, text=text, message=message, quoted=quoted)
                results.append(row)
                waiting.popleft()
            break
        except InjunctionScreenError:
            raise  # a pattern file or a finder is wrong: every row would fail
        except Exception as error:
            # A fault of ours in one post must not cost the other ten million.
            number, _ = waiting.popleft()
            faults.append(Fault(number, f"could not be screened: {type(error).__name__}"))
            left = chain([message.post for _, message in waiting], source)
    return results, sorted(faults)


def _counts(results: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, int]]:
    counts: dict[str, Counter[str]] = {
        name: Counter()
        for name in ("outcome", "read", "details", "details in", "cues", "cues in", "limbs")
    }
    counts["outcome"].update(row["outcome"] for row in results)
    counts["read"].update("in full" for row in results if row["read"])
    for row in results:
        if row["details"]:
            categories = [detail["category"] for detail in row["details"]]
            counts["details"].update(categories)
            counts["details in"].update(set(categories))
        if row["cues"]:
            kinds = [cue["kind"] for cue in row["cues"]]
            counts["cues"].update(kinds)
            counts["cues in"].update(set(kinds))
        if row["limbs"]:
            counts["limbs"].update({f"{limb['order']} {limb['limb']}" for limb in row["limbs"]})
    return {name: dict(counter) for name, counter in counts.items()}


# -- the end -----------------------------------------------------------------------------------


def _summary(
    run: Run,
    done: Sequence[Mapping[str, Any]],
    fresh: int,
    seconds: float,
    listed: Sequence[Member],
) -> Summary:
    counts: dict[str, Counter[str]] = {}
    for line in done:
        for name, counter in line["counts"].items():
            counts.setdefault(name, Counter()).update(counter)
    faults = [Fault(*fault) for line in done for fault in line["faults"]]
    return Summary(
        rows=sum(line["rows"] for line in done),
        screened=sum(counts.get("outcome", Counter()).values()),
        faults=tuple((fault.row, fault.reason) for fault in faults),
        counts=counts,
        fresh=fresh,
        seconds=seconds,
        run=run,
        broken=tuple(fault.reason for fault in faults if fault.ends),
        members=tuple(listed),
    )


def _assemble(run: Run, summary: Summary, parts: int) -> None:
    """Put the parts together, check that no row is lost or double, and take the folder away."""
    if summary.rows != summary.screened + len(summary.faults):
        raise InjunctionScreenError(
            f"{summary.rows} rows in are not {summary.screened} out and {len(summary.faults)} "
            f"quarantined; the parts are kept in {run.parts}"
        )
    for out in run.outputs:
        fresh = out.with_name(out.name + ".tmp")
        with fresh.open("wb") as file:
            pieces = (run.parts / f"{n:07}{out.suffix}" for n in range(parts))
            rows = join(pieces, file, out.suffix, text=run.text)
            _sync(file.fileno(), file.flush)
        if rows != summary.screened:
            raise InjunctionScreenError(
                f"{out} would have {rows} rows, not {summary.screened}; "
                f"the parts are kept in {run.parts}"
            )
        fresh.replace(out)
    _list(run.quarantine, [{"row": row, "reason": reason} for row, reason in summary.faults])
    _list(run.members, [_about(member, summary) for member in summary.members])
    run.parts.replace(_gone(run.parts))
    shutil.rmtree(_gone(run.parts), ignore_errors=True)


def _list(path: Path, lines: Sequence[Mapping[str, Any]]) -> None:
    """Write the lines; no file is left where there are none."""
    if not lines:
        path.unlink(missing_ok=True)
        return
    _replace(path, b"".join(orjson.dumps(one, option=orjson.OPT_APPEND_NEWLINE) for one in lines))


def _about(member: Member, summary: Summary) -> dict[str, Any]:
    rows = summary.counts.get("members", {}).get(str(member.number), 0)
    return {
        "member": member.number,
        "name": member.name,
        "format": member.format or None,
        "rows": rows,
        "reason": member.why or None,
    }


def _told(summary: Summary) -> Iterator[str]:
    run, counts = summary.run, summary.counts
    rate = summary.fresh / summary.seconds if summary.seconds else 0.0
    before = summary.rows - summary.fresh
    again = f", {before:,} of them before" if before else ""
    yield f"{run.dump.name}: {summary.rows:,} rows{again}, {rate:,.0f} a second"
    yield f"\n  {'outcome':<22}{'posts':>9}"
    for outcome in reversed(OUTCOMES):
        number = counts.get("outcome", {}).get(outcome, 0)
        share = 100 * number / summary.screened if summary.screened else 0.0
        yield f"  {outcome:<22}{number:>9,}{share:>8.1f} %"
    read = counts.get("read", {}).get("in full", 0)
    if passed := summary.screened - read:
        yield (
            f"\n  read in full: {read:,} posts; {passed:,} were clear at first sight, "
            "and what they hold is not counted below\n  (--every-detail counts it)"
        )
    yield from _found("detail", CATEGORIES, counts.get("details", {}), counts.get("details in", {}))
    yield from _found("cue", CUE_KINDS, counts.get("cues", {}), counts.get("cues in", {}))
    limbs = counts.get("limbs", {})
    if limbs:
        width = max(22, *(len(limb) + 2 for limb in limbs))
        yield f"\n  {'order and limb':<{width}}{'posts':>9}"
        yield from (f"  {limb:<{width}}{limbs[limb]:>9,}" for limb in sorted(limbs))
    yield ""
    if summary.members:
        yield from _members(summary)
    if summary.faults:
        yield f"  rows that could not be read: {run.quarantine}"
        yield from (f"    row {number}: {reason}" for number, reason in summary.faults[:SHOWN])
        if len(summary.faults) > SHOWN:
            yield f"    and {len(summary.faults) - SHOWN:,} more"
    yield (
        f"  {summary.rows:,} rows in = {summary.screened:,} out + "
        f"{len(summary.faults):,} quarantined"
    )
    if summary.broken:
        where = f"{len(summary.broken):,} of its files" if summary.members else "the dump"
        yield f"  not complete: {where} could not be read to the end"
    yield from (f"  written: {out}" for out in run.outputs)


def _members(summary: Summary) -> Iterator[str]:
    """The files of an archive: those that were read, those that were not, and where all are."""
    rows = summary.counts.get("members", {})
    read = [member for member in summary.members if member.format]
    yield f"  of {kinds(summary.members)} in the archive, {len(read):,} read:"
    for member in read[:SHOWN]:
        count = rows.get(str(member.number), 0)
        plural = "s"[count == 1 :]
        yield f"    {member.number}  {member.name}: {member.format}, {count:,} row{plural}"
    if len(read) > SHOWN:
        yield f"    and {len(read) - SHOWN:,} more"
    others = [member for member in summary.members if not member.format]
    if others:
        yield f"  not read: {kinds(others)}"
        yield from (f"    {one.number}  {one.name}: {one.why}" for one in others[:SHOWN])
        if len(others) > SHOWN:
            yield f"    and {len(others) - SHOWN:,} more"
    yield f"  all of them: {summary.run.members}"


def _found(
    title: str, names: Sequence[str], found: Mapping[str, int], posts: Mapping[str, int]
) -> Iterator[str]:
    if found:
        yield f"\n  {title:<22}{'found':>9}{'posts':>9}"
        for name in names:
            if name in found:
                yield f"  {name:<22}{found[name]:>9,}{posts[name]:>9,}"
