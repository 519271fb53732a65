"""Every way in and out, with sockets disabled."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DISABLED = """
import socket
def refuse(*a, **k): raise AssertionError("a socket was opened")
socket.socket.__init__ = refuse
socket.socket.connect = refuse
socket.create_connection = socket.getaddrinfo = socket.gethostbyname = refuse
text = "陳大文，電郵 a.chan@example.com https://example.com/x 電話 6123 4567，打爆佢電話"
from injunction_screen import Post, Screening, screen
"""
WAYS = {
    "presidio": (
        "presidio_anonymizer",
        """
from presidio_analyzer import AnalyzerEngine, BatchAnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import NoOpNlpEngine
from presidio_anonymizer import AnonymizerEngine
from injunction_screen.integrations.presidio import recognizers
engine = NoOpNlpEngine([{"lang_code": "en", "model_name": "no_op"}])
registry = RecognizerRegistry(recognizers=recognizers(), supported_languages=["en"])
analyzer = AnalyzerEngine(registry=registry, nlp_engine=engine)
(results,) = BatchAnalyzerEngine(analyzer).analyze_iterator([text], "en")
assert "EMAIL_ADDRESS" in AnonymizerEngine().anonymize(text, results).text
""",
    ),
    "spacy": (
        "spacy",
        """
import spacy
nlp = spacy.blank("zh")
nlp.add_pipe("injunction_screen")
nlp.add_pipe("injunction_screen_names")
assert nlp(text)._.screening.details
""",
    ),
    "frame": (
        "narwhals",
        """
import pyarrow
from injunction_screen.frame import screen_frame
assert screen_frame(pyarrow.table({"text": [text]})).num_rows == 1
""",
    ),
    "out": (
        "injunction_screen",
        """
from injunction_screen.integrations import argilla, label_studio, openai_moderation
from injunction_screen.report.statement_of_reasons import Decision, statement_of_reasons
answer = screen(Post(text, id="1"))
assert Screening.from_dict(answer.to_dict(text=True), text=text) == answer
argilla.argilla_record(text, answer), label_studio.label_studio_task(text, answer)
openai_moderation.moderation_reply([answer])
statement_of_reasons(
    answer,
    Decision(content_date="2024-05-01", application_date="2024-05-02", ground="the law",
             explanation="the post", visibility=["DECISION_VISIBILITY_CONTENT_REMOVED"]),
    key=b"k",
)
""",
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_no_socket_is_opened(way: str) -> None:
    package, code = WAYS[way]
    pytest.importorskip(package)
    done = subprocess.run(
        [sys.executable, "-c", DISABLED + code],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr


def test_a_test_that_reaches_for_the_network_would_fail(network: list[str]) -> None:
    with pytest.raises(RuntimeError, match="reached for the network"):
        socket.create_connection(("192.0.2.1", 80), timeout=0.1)
    assert network
    network.clear()


def test_this_machine_is_the_network_too_where_a_test_is_not_marked(network: list[str]) -> None:
    with pytest.raises(RuntimeError, match="reached for the network"):
        socket.create_connection(("127.0.0.1", 80), timeout=0.1)
    network.clear()


@pytest.mark.loopback
def test_a_marked_test_reaches_this_machine_and_no_other(network: list[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()
    assert not network
    for host in ("192.0.2.1", "localhost", "0.0.0.0", "::ffff:192.0.2.1"):
        with pytest.raises(RuntimeError, match="reached for the network"):
            socket.create_connection((host, 80), timeout=0.1)
        network.clear()
