"""The command ``injunction-screen``: a thin face over what the library offers.

Every error is one line on stderr.  Exit codes: 0 done; 1 what ``--fail-on``, ``patterns check``
or ``evaluate --floors`` asked about is so; 2 wrong use or an input that cannot be used; 3 a dump
was screened, but some of its rows could not be read; 4 it breaks off, and was screened up to there.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from injunction_screen import Post, Screening, __version__
from injunction_screen.errors import InjunctionScreenError
from injunction_screen.records import OUTCOMES

__all__ = ["main"]

FOUND, WRONG_USE, QUARANTINED, BROKEN = 1, 2, 3, 4
_COLOURS = {"flag": "red", "review": "yellow", "clear": "green"}
_Command = TypeVar("_Command", bound=Any)


class _Refused(click.ClickException):
    """An error that is the user's to mend: one line, no traceback."""

    exit_code = WRONG_USE


class _OneLine(click.Group):
    """A group whose errors are one line and whose exit code for them is 2."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (InjunctionScreenError, OSError) as error:
            if isinstance(error, BrokenPipeError):
                raise  # the reader of our output left: click deals with that
            raise _Refused(" ".join(str(error).split())) from None


@click.group(cls=_OneLine, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="injunction-screen", message="%(prog)s %(version)s")
def main() -> None:
    """Screen posts for doxxing and intimidation under Hong Kong's court orders.

    It reports which elements are present, and why. A person decides.
    """


def _rules(command: _Command) -> _Command:
    """The options that choose what posts are screened against."""
    for option in (
        click.option(
            "--posted-at",
            metavar="DATE",
            type=click.DateTime(["%Y-%m-%d"]),
            help="Day of posts that bear no date, for orders that began or ended.",
        ),
        click.option(
            "--patterns",
            metavar="FOLDER",
            multiple=True,
            type=click.Path(exists=True, file_okay=False, path_type=Path),
            help="A pattern pack of your own, read over the shipped one. May be repeated.",
        ),
        click.option(
            "--order",
            "orders",
            metavar="ORDER",
            multiple=True,
            help="Screen for this order only: a name (see 'orders') or a file. May be repeated.",
        ),
    ):
        command = option(command)
    return command


def _screener(orders: Sequence[str], patterns: Sequence[Path]) -> Any:
    from injunction_screen.screener import Screener

    return Screener(orders=orders or None, patterns=patterns)


_fail_on = click.option(
    "--fail-on",
    type=click.Choice(["review", "flag"]),
    help="Exit with 1 when a post comes out so, or worse.",
)


def _reached(outcome: str, limit: str | None) -> bool:
    rank: dict[str, int] = {name: i for i, name in enumerate(OUTCOMES)}
    return limit is not None and rank[outcome] >= rank[limit]


# -- one post ----------------------------------------------------------------------------------


@main.command()
@click.argument("text", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead.")
@click.option(
    "--text",
    "raw",
    is_flag=True,
    help="Show the details themselves, also in JSON and outside a terminal.",
)
@click.option(
    "--lang",
    type=click.Choice(["en", "zh-HK"]),
    default="en",
    show_default=True,
    help="Language of the reasons.",
)
@_fail_on
@_rules
def screen(
    text: str | None,
    as_json: bool,
    raw: bool,
    lang: str,
    fail_on: str | None,
    orders: tuple[str, ...],
    patterns: tuple[Path, ...],
    posted_at: Any,
) -> None:
    """Screen one post: TEXT, or what comes on standard input.

    On a terminal the post is shown with its details and hostile words marked; anywhere else its
    details are masked, so that they do not end up in a log. --text shows them.
    """
    if text is None or text == "-":
        text = sys.stdin.buffer.read().decode("utf-8", "replace")
    day = posted_at.date().isoformat() if posted_at else None
    screening = _screener(orders, patterns).screen(Post(text, created_at=day))
    if as_json:
        click.echo(json.dumps(screening.to_dict(text=raw), ensure_ascii=False, indent=2))
    else:
        shown = raw or sys.stdout.isatty()
        _show(screening, text if shown else None, lang)
    if _reached(screening.outcome, fail_on):
        raise SystemExit(FOUND)


def _show(screening: Screening, text: str | None, lang: str) -> None:
    """Print a screening; with the post's ``text`` marked where given, else masked."""
    outcome = screening.outcome.upper()
    if sys.stdout.isatty():
        outcome = click.style(f" {outcome} ", fg="black", bg=_COLOURS[screening.outcome])
    click.echo(f"{outcome} {screening.score:.2f}")
    body = _printable(screening.redacted()) if text is None else "".join(_marked(screening, text))
    click.echo(f"\n{body}\n")
    click.echo(screening.explain(lang))


def _marked(screening: Screening, text: str) -> Iterator[str]:
    """The text with its details and cues in brackets, coloured on a terminal."""
    spans: list[tuple[int, int, str, str]]
    spans = [(d.start, d.end, d.category, "cyan") for d in screening.details]
    spans += [(c.start, c.end, c.kind, "red" if c.strong else "yellow") for c in screening.cues]
    at = 0
    for start, end, name, colour in sorted(spans):
        if start < at:
            continue  # inside or across one that is marked already; the reasons list it
        yield _printable(text[at:start])
        yield click.style(f"⟦{_printable(text[start:end])}⟧", fg=colour, bold=True)
        yield click.style(name, fg=colour, dim=True)
        at = end
    yield _printable(text[at:])


def _printable(text: str) -> str:
    """Text that a terminal shows and does not obey: control and bidi characters made visible."""
    from injunction_screen.batch.dumps import storable

    return "".join(
        char if char in "\n\t\N{IDEOGRAPHIC SPACE}" or char.isprintable() else f"\\u{ord(char):04x}"
        for char in storable(text)
    )


_format = click.option(
    "--format",
    default="auto",
    show_default=True,
    metavar="FORMAT",
    help="What the dump is, where that shall not be found out: telegram, reddit, csv ...",
)


# -- a dump ------------------------------------------------------------------------------------


@main.command()
@click.argument("dump", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Results as .jsonl, .csv or .parquet, by the name. May be repeated.",
)
@_format
@click.option("--text-field", default="", metavar="NAME", help="Field of the text, if not obvious.")
@click.option("--id-field", default="", metavar="NAME", help="Field of the post's id.")
@click.option(
    "--field",
    "mapping",
    metavar="PART=NAME",
    multiple=True,
    help="Field of another part of a post: author, created_at, url, platform, parent, or also, "
    "for more text. May be repeated.",
)
@click.option("--text", "raw", is_flag=True, help="Write the details themselves into the results.")
@click.option("--workers", default=1, show_default=True, help="Processes to work with.")
@click.option("--resume", is_flag=True, help="Go on with a run that was stopped or killed.")
@click.option(
    "--every-detail",
    is_flag=True,
    help="Also find the details of posts that are clear at first sight, which takes far longer.",
)
@click.option("--part-rows", default=2000, show_default=True, help="Rows that are saved at a time.")
@click.option("-q", "--quiet", is_flag=True, help="No progress bar and no summary.")
@_fail_on
@_rules
def score(
    dump: Path,
    outputs: tuple[Path, ...],
    format: str,  # noqa: A002
    text_field: str,
    id_field: str,
    mapping: tuple[str, ...],
    raw: bool,
    workers: int,
    resume: bool,
    every_detail: bool,
    part_rows: int,
    quiet: bool,
    fail_on: str | None,
    orders: tuple[str, ...],
    patterns: tuple[Path, ...],
    posted_at: Any,
) -> None:
    r"""Screen every post of DUMP: an export of a platform, JSON lines, JSON, CSV or Parquet.

    Exports of Telegram, Discord, Reddit, X, Facebook, Instagram, WhatsApp, LIHKG and Mastodon are
    known by their content; 'sniff' says what a file is taken for. Any other dump is read by the
    names of its fields. A ZIP archive is read file by file; ids begin with the number of the file,
    and NAME.members.jsonl beside the first output lists them all, read or not.

    Each result names its row, its id and where the details and hostile words stand; it holds
    none of them unless --text is given. Rows that cannot be read are listed with their number
    and the reason in a file NAME.quarantine.jsonl beside the first output.

    The run may be killed at any moment: --resume goes on where it stopped, and no row is lost or
    done twice.

    \b
    Exit codes: 0  every row was screened
                1  --fail-on was given, and a post came out so or worse
                2  wrong use, or a file that cannot be used
                3  screened, but some rows could not be read
                4  screened, but the dump is cut off or garbled somewhere
    """
    from tqdm import tqdm

    from injunction_screen.batch import Run, find_fields, score_dump

    named = {"text": text_field, "id": id_field, **_named(mapping)}
    if any(named.values()):
        kind = "generic" if format == "auto" else format
        fields = find_fields(dump, named=named, format=kind)
    else:
        fields = None
    run = Run(
        dump=dump,
        outputs=outputs,
        format=format,
        fields=fields,
        text=raw,
        every_detail=every_detail,
        posted_at=posted_at.date().isoformat() if posted_at else None,
        workers=workers,
        part_rows=part_rows,
    )
    screener = _screener(orders, patterns)
    bar: tqdm[Any] | None = None

    def progress(rows: int, through: float) -> None:
        nonlocal bar
        if bar is None:  # rows of the run that is resumed are no part of the rate
            hidden = True if quiet else None  # None: hidden where stderr is no terminal
            bar = tqdm(initial=rows, unit=" posts", disable=hidden, dynamic_ncols=True)
        bar.total = round(rows / through) if through else None
        bar.update(rows - bar.n)

    try:
        summary = score_dump(run, screener, resume=resume, progress=progress)
    except KeyboardInterrupt:
        message = f"stopped; what is done is kept in {run.parts}: --resume goes on"
        click.echo(f"\n{message}", err=True)
        raise SystemExit(130) from None
    finally:
        if bar is not None:
            bar.close()
    if not quiet:
        click.echo(str(summary))
    for complaint in summary.complaints():
        click.echo(f"Error: {complaint}", err=True)
    worst = [outcome for outcome in OUTCOMES if summary.counts.get("outcome", {}).get(outcome)]
    if worst and _reached(worst[-1], fail_on):
        raise SystemExit(FOUND)
    if summary.broken:
        raise SystemExit(BROKEN)
    if summary.faults:
        raise SystemExit(QUARANTINED)


def _named(mapping: Sequence[str]) -> dict[str, str | list[str]]:
    """What ``--field PART=NAME`` says, by part."""
    from injunction_screen.batch.readers.fields import PARTS

    named: dict[str, str | list[str]] = {}
    for one in mapping:
        part, sign, name = one.partition("=")
        if part not in PARTS or not sign or not name:
            raise click.UsageError(f"--field is PART=NAME; parts are {', '.join(PARTS)}")
        if part == "also":
            named[part] = [*named.get(part, []), name]
        else:
            named[part] = name
    return named


@main.command()
@click.argument("dump", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_format
def sniff(dump: Path, format: str) -> None:  # noqa: A002
    """Say what format DUMP is in, and what its first thousand rows hold. Shows no text.

    Of a ZIP archive, every file is named with its number and its format.
    """
    from injunction_screen.batch.sniffing import findings

    for line in findings(dump, format):
        click.echo(line)


# -- gold posts --------------------------------------------------------------------------------


@main.command()
@click.argument(
    "gold", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--errors", "list_errors", is_flag=True, help="List what went wrong, post by post.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@click.option(
    "--floors",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Exit with 1 when a figure is below its floor in this TOML file.",
)
@click.option("--update", is_flag=True, help="Raise the floors to the figures; none is lowered.")
@_rules
def evaluate(
    gold: tuple[Path, ...],
    list_errors: bool,
    as_json: bool,
    floors: Path | None,
    update: bool,
    orders: tuple[str, ...],
    patterns: tuple[Path, ...],
    posted_at: Any,
) -> None:
    """Score the screener against labelled posts in the files GOLD."""
    from injunction_screen import evaluate as scoring
    from injunction_screen.floors import below, raised, read_floors, write_floors

    if update and floors is None:
        raise click.UsageError("--update needs --floors")
    if posted_at:
        raise click.UsageError("--posted-at has no use here: the guide knows no dates")
    rows = [row for path in gold for row in scoring.read_gold(path)]
    result = scoring.evaluate(rows, _screener(orders, patterns))
    if list_errors:
        for error in scoring.errors(result):
            click.echo(error)
    click.echo(json.dumps(result.figures(), indent=2) if as_json else scoring.table(result))
    if floors is None:
        return
    known = read_floors(floors)
    faults = below(result.figures(), known)
    for fault in faults:
        click.echo(fault, err=True)
    if update:
        write_floors(floors, raised(result.figures(), known))
    if faults:
        raise SystemExit(FOUND)


# -- patterns ----------------------------------------------------------------------------------


@main.group()
def patterns() -> None:
    """Look at pattern packs, check them, try them."""


_pack = click.option(
    "--patterns",
    "packs",
    metavar="FOLDER",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A pattern pack of your own besides. May be repeated.",
)


@patterns.command("check")
@click.argument(
    "path", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path)
)
def check_patterns(path: Path | None) -> None:
    """Check a pack of your own at PATH, or the shipped one.

    Every record must find its examples to the letter, leave its counter-examples alone, still
    miss its known misses, and be quick on hostile text.
    """
    from injunction_screen.checking import check
    from injunction_screen.patternbook import default_book, read_book, shipped

    if path is None or str(path.resolve()) == str(shipped()):
        book = default_book()
        ids = [pattern.id for pattern in book.patterns]
    else:
        book = read_book(path)
        ids = [pattern.id for pattern in book.patterns if pattern.own]
    faults = list(check(book, only=ids)) if ids else []
    for fault in faults:
        click.echo(str(fault))
    click.echo(f"{len(ids)} records, {len(faults)} faults")
    if faults:
        raise SystemExit(FOUND)


@patterns.command("list")
@click.argument("name", required=False)
@_pack
def list_patterns(name: str | None, packs: tuple[Path, ...]) -> None:
    """List the records; of one NAME only (phone, threat, guard, purpose ...)."""
    found = [p for p in _book(packs).patterns if name is None or name in (p.name, p.target)]
    if not found:
        raise click.UsageError(f"no record finds '{name}'")
    width = max(len(pattern.id) for pattern in found)
    for pattern in found:
        click.echo(f"{pattern.id:<{width}}  {pattern.about}")


@patterns.command("show")
@click.argument("pattern_id", metavar="ID")
@_pack
def show_pattern(pattern_id: str, packs: tuple[Path, ...]) -> None:
    """Show one record: what it is, how it is written, its examples."""
    pattern = _pattern(_book(packs), pattern_id)
    click.echo(f"{pattern.id}  ({pattern.target} {pattern.name}, {pattern.file})")
    click.echo(pattern.about)
    for key, value in sorted(pattern.options.items()):
        told = ", ".join(map(str, value)) if isinstance(value, list) else value
        click.echo(f"  {key}: {told}")
    if pattern.regex is not None:
        click.echo(f"\nregex (as folded)\n{pattern.regex.pattern.strip()}")
    if pattern.forms:
        click.echo("\nforms")
        for form in pattern.forms:
            click.echo(f"  {form.source}")
    for title, examples in (
        ("examples", pattern.examples),
        ("counter-examples", pattern.counter_examples),
        ("known misses", pattern.known_misses),
    ):
        if examples:
            click.echo(f"\n{title}")
        for example in examples:
            why = f"  ({example.why})" if example.why else ""
            click.echo(f"  {_in_brackets(example.text, example.spans)}{why}")


@patterns.command("try")
@click.argument("pattern_id", metavar="ID")
@click.argument("text")
@_pack
def try_pattern(pattern_id: str, text: str, packs: tuple[Path, ...]) -> None:
    """Show what the record ID alone finds in TEXT. Exits with 1 when it finds nothing."""
    from injunction_screen.checking import spans
    from injunction_screen.scan import Scanner
    from injunction_screen.text import fold

    book = _book(packs)
    pattern = _pattern(book, pattern_id)
    found = spans(Scanner(book).read(fold(text, book.folder)), pattern)
    click.echo(_in_brackets(text, found))
    for start, end in found:
        click.echo(f"  {start}-{end}")
    if not found:
        click.echo("  nothing found")
        raise SystemExit(FOUND)


def _book(packs: Sequence[Path]) -> Any:
    from injunction_screen.patternbook import default_book, read_book

    return read_book(*packs) if packs else default_book()


def _pattern(book: Any, pattern_id: str) -> Any:
    try:
        return book.get(pattern_id)
    except KeyError:
        raise click.UsageError(f"there is no record '{pattern_id}'; see 'patterns list'") from None


def _in_brackets(text: str, spans: Sequence[tuple[int, int]]) -> str:
    out, at = [], 0
    for start, end in sorted(spans):
        if start >= at:
            out += [text[at:start], "⟦", text[start:end], "⟧"]
            at = end
    return "".join([*out, text[at:]])


# -- orders ------------------------------------------------------------------------------------


@main.group(invoke_without_command=True)
@_pack
@click.pass_context
def orders(ctx: click.Context, packs: tuple[Path, ...]) -> None:
    """List the orders that posts are screened for."""
    from injunction_screen.orders import read_orders

    ctx.obj = packs
    if ctx.invoked_subcommand is not None:
        return
    for order in read_orders(_book(packs), None):
        limbs = ", ".join(dict.fromkeys(clause.limb for clause in order.clauses))
        click.echo(f"{order.id}  {_dates(order.since, order.until)}")
        click.echo(f"  {order.title}")
        click.echo(f"  {limbs}")


@orders.command("show")
@click.argument("order_id", metavar="ORDER")
@click.pass_obj
def show_order(packs: tuple[Path, ...], order_id: str) -> None:
    """Show one order, by its name or its file: clauses, dates, what engages them, sources."""
    from injunction_screen.orders import read_orders

    (order,) = read_orders(_book(packs), [order_id])
    click.echo(f"{order.id}  {_dates(order.since, order.until)}")
    click.echo(f"{order.title}\n{order.title_zh}")
    if order.exempts:
        click.echo(f"leaves alone: {', '.join(sorted(order.exempts))}")
    for clause in order.clauses:
        click.echo(f"\n{clause.limb} {clause.name}  {_dates(clause.since, clause.until)}")
        click.echo(f"  {clause.text}")
        for condition in clause.conditions:
            click.echo(f"  - {condition.outcome}: {condition.reason}")
        click.echo(f"  source: {clause.source}")
    click.echo("\nsources")
    for source in order.sources:
        click.echo(f"  {source}")


def _dates(since: Any, until: Any) -> str:
    if since and until:
        return f"{since} to {until}"
    if until:
        return f"until {until}"
    return f"since {since}" if since else "undated"
