"""No cell of a CSV file is run, and every cell can be read back."""

from __future__ import annotations

import csv
import io
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from injunction_screen import Screener
from injunction_screen.batch.results import csv_lines, result_row
from injunction_screen.spreadsheet import harmless, json_cell

SIGNS = "=+-@＝＋－＠﹢﹣\N{MINUS SIGN}"


def _runs(cell: str, separator: str) -> bool:
    """Whether a spreadsheet that separates so would find a formula in a cell of a line."""
    blanks = " \t\r\n\0\N{NO-BREAK SPACE}\N{ZERO WIDTH SPACE}\ufeff\N{IDEOGRAPHIC SPACE}"
    return any(part.lstrip(blanks).startswith(tuple(SIGNS)) for part in cell.split(separator))


@pytest.mark.parametrize("blank", ["", " ", "\t", "\r\n", "\0", "\ufeff", "\N{IDEOGRAPHIC SPACE}"])
@pytest.mark.parametrize("sign", SIGNS)
def test_what_begins_like_a_formula_is_quoted(sign: str, blank: str) -> None:
    cell = harmless(f"{blank}{sign}HYPERLINK(1)")
    assert not _runs(cell, ";")
    assert cell.replace("'", "") == f"{blank}{sign}HYPERLINK(1)"


@pytest.mark.parametrize(
    "plain", ["p-17", "a=b", "852-1", "陳大文", "", "tel +852", "a@example.com"]
)
def test_what_does_not_is_left_alone(plain: str) -> None:
    assert harmless(plain) == plain


@given(st.text(alphabet="=+-@＝;,|\t\r\n a1'\"\\\0"))
def test_no_cell_runs_and_json_reads_back(text: str) -> None:
    for separator in ";,|\t\n":
        assert not _runs(harmless(text), separator)
    cell = json_cell([{"text": text, "score": -0.5}])
    assert json.loads(cell) == [{"text": text, "score": -0.5}]
    assert not any(sign in cell for sign in "=+@;")


def test_a_hostile_post_in_a_csv_file() -> None:
    finders = [lambda text: [("photo", 0, len(text), 1.0, "mine")]]
    hostile = ";=cmd|' /C calc'!A0;\t@SUM(1)\r\n+1"
    screening = Screener(finders=finders).screen(hostile)
    result = result_row(screening, 1, text=True)
    written = csv_lines([result], text=True).decode()
    (row,) = csv.reader(io.StringIO(written, newline=""))
    details = row[list(result).index("details")]
    assert json.loads(details)[0]["text"] == hostile
    assert not any(_runs(line, ";") for line in written.split("\n"))


@pytest.mark.parametrize("bit", ["\t", ";=", " ", ";", "=", '"', "\\"])
def test_a_long_cell_takes_no_longer_for_its_length(bit: str) -> None:
    def seconds(times: int) -> float:
        began = time.process_time()
        harmless(bit * times)
        json_cell([bit * times])
        return time.process_time() - began

    assert seconds(200_000) < 1.0
