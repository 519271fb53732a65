"""CPU time per post of ``screen()``, next to Presidio in the same run.

Presidio runs as a Hong Kong user without a model would set it up: its default pattern recognisers,
phone numbers of Hong Kong, and the NLP engine that does nothing.  The two do not do the same work:
Presidio looks for fewer kinds of details, and for no threats, links or orders at all.

Blocks of posts go through one and then the other, turn about, so that whatever else the machine
does meets both; times are CPU time, figures are medians over the rounds.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

import tldextract
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import NoOpNlpEngine
from presidio_analyzer.predefined_recognizers import PhoneRecognizer

from injunction_screen import Screener

HERE = Path(__file__).parent
CORPORA = HERE.parent.parent / "shared" / "data" / "text"
FROM_CORPUS = 150  # posts of each, evenly spread
BLOCK = 40
ROUNDS = 5


def main() -> None:
    presidio, screener = presidio_for_hong_kong(), Screener()
    for name, texts in workloads().items():
        compare(name, texts, presidio, screener)
    start_up()


def workloads() -> dict[str, list[str]]:
    loads = {"sample dump": texts_of(HERE / "sample_dump.jsonl")}
    for path in sorted(CORPORA.glob("*.jsonl")):
        texts = texts_of(path)
        loads[path.stem] = texts[:: max(1, len(texts) // FROM_CORPUS)][:FROM_CORPUS]
    return loads


def texts_of(path: Path) -> list[str]:
    texts = []
    for line in path.read_text(encoding="utf-8").split("\n"):
        try:
            text = json.loads(line)["text"]
        except (json.JSONDecodeError, TypeError):
            continue  # the two rows of the sample that are bad on purpose
        if isinstance(text, str):
            texts.append(text)
    return texts


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


def compare(name: str, texts: list[str], presidio: AnalyzerEngine, screener: Screener) -> None:
    for text in texts:  # warm: caches of both are full, as in a service that has run for a while
        screener.screen(text)
        presidio.analyze(text, "en")
    theirs, ours, each = [], [], []
    for _ in range(ROUNDS):
        spent = [0, 0]
        for at in range(0, len(texts), BLOCK):
            block = texts[at : at + BLOCK]
            began = time.process_time_ns()
            for text in block:
                presidio.analyze(text, "en")
            spent[0] += time.process_time_ns() - began
            for text in block:
                began = time.process_time_ns()
                screener.screen(text)
                taken = time.process_time_ns() - began
                spent[1] += taken
                each.append(taken / 1000)
        theirs.append(spent[0] / len(texts) / 1000)
        ours.append(spent[1] / len(texts) / 1000)
    ratio = statistics.median(a / b for a, b in zip(theirs, ours, strict=True))
    each.sort()
    p50, p99 = (each[int(len(each) * share)] for share in (0.5, 0.99))
    length = statistics.mean(map(len, texts))
    print(f"{name}: {len(texts)} posts of {length:.0f} characters")
    print(f"  Presidio             {statistics.median(theirs):>9.0f} µs a post")
    print(
        f"  injunction_screen    {statistics.median(ours):>9.0f} µs a post, {ratio:.2f} x as fast"
    )
    print(
        f"  one post: median {p50:.0f} µs, 99th percentile {p99:.0f} µs, longest {each[-1]:.0f} µs"
    )


def start_up() -> None:
    print("start-up, CPU seconds beyond a bare interpreter")
    bare = cpu("pass")
    for what, code in (
        ("import injunction_screen", "import injunction_screen"),
        (
            "the same and a first screen()",
            "import injunction_screen as i; i.screen('Tel 6123 4567')",
        ),
        ("import presidio_analyzer", "import presidio_analyzer"),
    ):
        print(f"  {what:<30} {cpu(code) - bare:.3f}")


def cpu(code: str) -> float:
    timed = f"{code}\nimport time; print(time.process_time())"
    command = [sys.executable, "-c", timed]
    runs = [subprocess.run(command, capture_output=True, check=True) for _ in range(5)]
    return statistics.median(float(run.stdout) for run in runs)


if __name__ == "__main__":
    main()
