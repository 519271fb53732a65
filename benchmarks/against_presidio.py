"""CPU time per post, next to Presidio, scrubadub and DataFog in the same run.

    python benchmarks/against_presidio.py [FOLDER]

FOLDER holds ordinary posts (``*.jsonl``, rows with a ``text``), by default ``../shared/data/text``
where that is; the sample dump and the labelled posts of the tests come besides.

Ours is measured in four ways: ``screen_many()`` in one go over many posts and over one post alone,
which tells outcomes and reads no further where a post is clear at first sight; ``screen()``, which
reads every detail, name and cue of every post; and ``details()``.  Presidio runs as a Hong Kong
user without a model would set it up: its default pattern recognisers, phone numbers of Hong Kong,
and the NLP engine that does nothing; scrubadub with the locale ``en_HK``, DataFog with its regex
engine.  scrubadub and DataFog are no dependencies: where they are not installed, that is said.
None of the three does the same work: they look for fewer kinds of details, and for no threats,
links or orders at all.

Posts are dealt into rounds, so that no post is met twice by anybody (a cache of whole texts would
help nobody); a further hand of every workload warms all ways up before anything is timed, and what
is in memory then is left out of garbage collection, so that nobody pays for what another holds.  In
each round the ways take turns, the first of one
round being the last of the next, so that whatever else the machine does meets all of them.  Times
are CPU time; ``µs a post`` is the median over the rounds, ``x Presidio`` the median of the ratios
within a round.  The figures are kept in ``speed.json``; ``speed.py`` draws them.
"""

from __future__ import annotations

import gc
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import tldextract
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import NoOpNlpEngine
from presidio_analyzer.predefined_recognizers import PhoneRecognizer
from speed import keep
from workload import CORPORA, hands, labelled, ordinary, sample_dump

from injunction_screen import Screener

ROUNDS = 5
HAND = 150  # posts of a workload in a round
LENGTHS = ((0, 50), (50, 200), (200, 1000), (1000, 1_000_000))
QUANTILES = {"p50": 0.5, "p99": 0.99, "p99.9": 0.999, "max": 1.0}
PACKAGES = ("injunction-screen", "presidio-analyzer", "scrubadub", "datafog")
ORDINARY = "ordinary posts together"
THEIRS = "Presidio"
CHUNKS, ALONE, WHOLE, DETAILS = (
    "screen_many(), many posts",
    "screen_many(), one post",
    "screen()",
    "details()",
)
Way = Callable[[Sequence[str]], list[float]]  # posts -> microseconds that each took


class Timed(NamedTuple):
    """What the ways took for each post of a workload, round by round."""

    texts: list[list[str]]
    taken: dict[str, list[list[float]]]


def main() -> None:
    screener = Screener()
    ways, missing = contenders(screener)
    for name in missing:
        print(f"{name}: not installed")
    common = ordinary(Path(sys.argv[1]) if len(sys.argv) > 1 else CORPORA)
    loads = {**common, "sample dump": sample_dump(), "labelled posts": labelled()}
    dealt = {name: hands(texts, ROUNDS + 1, HAND) for name, texts in loads.items() if texts}
    for way in ways.values():
        way([text for warm, *_ in dealt.values() for text in warm])
    gc.collect()
    gc.freeze()
    timed = {name: measure(rounds, ways) for name, (_, *rounds) in dealt.items()}
    latency = together(list(timed.values()))
    if len(common) > 1:
        timed[ORDINARY] = together([timed[name] for name in common])
    for name, one in timed.items():
        show(name, one, screener)
    keep(
        "against",
        {
            "versions": {name: found(name) for name in PACKAGES},
            "ordinary": ORDINARY if ORDINARY in timed else next(iter(common)),
            "workloads": {name: table(one) for name, one in timed.items()},
            "latency": by_class(latency, screener),
        },
    )


# -- the ways ----------------------------------------------------------------------------------


def contenders(screener: Screener) -> tuple[dict[str, Way], list[str]]:
    """All that can run here, and the names of what is not installed."""
    presidio = presidio_for_hong_kong()
    ways = {
        THEIRS: each(lambda text: presidio.analyze(text, "en")),
        CHUNKS: in_one_go(screener),
        ALONE: each(lambda text: list(screener.screen_many([text]))),
        WHOLE: each(screener.screen),
        DETAILS: each(screener.details),
    }
    missing = []
    for name, made in (("scrubadub", scrubadub), ("DataFog", datafog)):
        try:
            ways[name] = each(made())
        except ImportError:
            missing.append(name)
    return ways, missing


def presidio_for_hong_kong() -> AnalyzerEngine:
    # Presidio's e-mail recogniser would fetch the list of public suffixes.
    tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
    tldextract.extract = tldextract.tldextract.TLD_EXTRACTOR
    engine = NoOpNlpEngine([{"lang_code": "en", "model_name": "no_op"}])
    registry = RecognizerRegistry(supported_languages=["en"])
    registry.load_predefined_recognizers(languages=["en"], nlp_engine=engine)
    registry.remove_recognizer("PhoneRecognizer")
    registry.add_recognizer(PhoneRecognizer(supported_regions=("HK",)))
    return AnalyzerEngine(registry=registry, nlp_engine=engine)


def found(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def scrubadub() -> Callable[[str], Any]:
    from scrubadub import Scrubber

    scrubber = Scrubber(locale="en_HK")
    return lambda text: list(scrubber.iter_filth(text))


def datafog() -> Callable[[str], Any]:
    from datafog import scan

    def of(text: str) -> Any:
        return scan(text, engine="regex")

    return of


def each(answer: Callable[[str], Any]) -> Way:
    """One post after the other, each with its own time."""

    def taken(texts: Sequence[str]) -> list[float]:
        times = []
        for text in texts:
            began = time.process_time_ns()
            answer(text)
            times.append((time.process_time_ns() - began) / 1000)
        return times

    return taken


def in_one_go(screener: Screener) -> Way:
    """All posts together; every post is given the mean."""

    def taken(texts: Sequence[str]) -> list[float]:
        began = time.process_time_ns()
        for _ in screener.screen_many(texts):
            pass
        return [(time.process_time_ns() - began) / 1000 / len(texts)] * len(texts)

    return taken


# -- the measuring -----------------------------------------------------------------------------


def measure(rounds: list[list[str]], ways: Mapping[str, Way]) -> Timed:
    taken: dict[str, list[list[float]]] = {name: [] for name in ways}
    names = list(ways)
    for posts in rounds:
        for name in names:
            taken[name].append(ways[name](posts))
        names.append(names.pop(0))
    return Timed(rounds, taken)


def together(parts: Sequence[Timed]) -> Timed:
    """Several workloads as one, round by round."""

    def joined(rounds: Iterable[list[list[Any]]]) -> list[list[Any]]:
        return [list(chain(*row)) for row in zip(*rounds, strict=True)]

    return Timed(
        joined(part.texts for part in parts),
        {name: joined(part.taken[name] for part in parts) for name in parts[0].taken},
    )


def quantiles(times: Sequence[float]) -> dict[str, float]:
    ordered = sorted(times)
    return {
        name: round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 1)
        for name, share in QUANTILES.items()
    }


def table(timed: Timed) -> dict[str, Any]:
    """The figures of a workload."""
    texts = [text for posts in timed.texts for text in posts]
    means = {name: list(map(statistics.mean, rounds)) for name, rounds in timed.taken.items()}
    rows: dict[str, Any] = {}
    for name, rounds in timed.taken.items():
        ratios = (a / b for a, b in zip(means[THEIRS], means[name], strict=True))
        rows[name] = {
            "mean": round(statistics.median(means[name]), 1),
            "times_presidio": round(statistics.median(ratios), 2),
        }
        if name != CHUNKS:
            rows[name] |= quantiles([spent for one in rounds for spent in one])
    characters = round(statistics.mean(map(len, texts)), 1)
    return {"posts": len(texts), "characters": characters, "ways": rows}


def show(name: str, timed: Timed, screener: Screener) -> None:
    figures = table(timed)
    answers = list(screener.screen_many([text for posts in timed.texts for text in posts]))
    clear = sum(answer.outcome == "clear" for answer in answers) / len(answers)
    unread = sum(not answer.read for answer in answers) / len(answers)
    print(
        f"\n{name}: {figures['posts']} posts of {figures['characters']:.0f} characters,"
        f" {clear:.1%} clear, {unread:.1%} at first sight"
    )
    print(f"  {'':28}{'µs a post':>10}{'x Presidio':>12}", *(f"{q:>9}" for q in QUANTILES))
    for way, row in figures["ways"].items():
        print(
            f"  {way:28}{row['mean']:>10.1f}{row['times_presidio']:>12.2f}",
            *(f"{row[q]:>9.0f}" if q in row else f"{'':>9}" for q in QUANTILES),
            flush=True,
        )


# -- by length and outcome ---------------------------------------------------------------------


def classes(screener: Screener, texts: Sequence[str]) -> Iterator[tuple[str, list[bool]]]:
    """Each class of posts, with whether each of the posts is in it."""
    for least, below in LENGTHS:
        title = f"{least} to {below - 1} characters" if below < 1_000_000 else f"{least} and more"
        yield title, [least <= len(text) < below for text in texts]
    outcomes = [answer.outcome for answer in screener.screen_many(texts)]
    for outcome in ("clear", "review", "flag"):
        yield outcome, [one == outcome for one in outcomes]


def by_class(timed: Timed, screener: Screener) -> list[dict[str, Any]]:
    """The time of one post, in all workloads together, by its length and by its outcome."""
    texts = [text for posts in timed.texts for text in posts]
    rows = []
    print(f"\nCPU µs of one post, all {len(texts)} posts above\n")
    print(f"  {'':28}{'':24}{'posts':>7}", *(f"{q:>9}" for q in QUANTILES))
    for title, inside in classes(screener, texts):
        for way in (ALONE, WHOLE):
            times = [spent for posts in timed.taken[way] for spent in posts]
            own = [spent for spent, held in zip(times, inside, strict=True) if held]
            if not own:
                continue
            row = quantiles(own)
            print(f"  {title:28}{way:24}{len(own):>7}", *(f"{row[q]:>9.0f}" for q in QUANTILES))
            rows.append({"posts": len(own), "class": title, "way": way, **row})
    return rows


if __name__ == "__main__":
    main()
