"""The command line: what it prints, what it hides, how it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from injunction_screen import __version__, cli
from injunction_screen.patternbook import default_book
from injunction_screen.screener import Screener

HOSTILE = "佢電話 6123 4567，I will kill you"
PACK = """
[[pattern]]
id = "identity_number.badge"
category = "identity_number"
about = "an invented badge"
regex = '(?P<value>badge-[0-9]{4})'
examples = ["BADGE ⟦badge-1234⟧", "⟦badge-9999⟧"]
counter_examples = [{ text = "badge-1", why = "too short" }]
"""


def run(*arguments: str, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(cli.main, list(arguments), input=stdin)


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    folder = tmp_path / "pack"
    (folder / "formats").mkdir(parents=True)
    (folder / "pack.toml").write_text('name = "mine"\nversion = "1"\n')
    (folder / "formats" / "badge.toml").write_text(PACK, encoding="utf-8")
    return folder


# -- screen ------------------------------------------------------------------------------------


def test_screen_masks_details_outside_a_terminal() -> None:
    done = run("screen", HOSTILE)
    assert done.exit_code == 0
    assert done.stdout.startswith("FLAG")
    assert "[phone]" in done.stdout
    assert "6123" not in done.stdout
    assert "\x1b" not in done.stdout


def test_screen_shows_them_when_asked() -> None:
    assert "⟦6123 4567⟧phone" in run("screen", "--text", HOSTILE).stdout


def test_screen_reads_standard_input_and_any_bytes() -> None:
    assert run("screen", stdin=HOSTILE).stdout.startswith("FLAG")
    assert run("screen", "-", stdin=b"\xff\xfe nothing").exit_code == 0
    assert run("screen", "").stdout.startswith("CLEAR")


def test_screen_gives_reasons_in_both_languages() -> None:
    assert "Outcome: flag" in run("screen", HOSTILE).stdout
    assert "結果：標記" in run("screen", "--lang", "zh-HK", HOSTILE).stdout


def test_screen_json_holds_no_details_unless_asked() -> None:
    plain = json.loads(run("screen", "--json", HOSTILE).stdout)
    assert plain["outcome"] == "flag"
    assert "text" not in plain["details"][0]
    assert json.loads(run("screen", "--json", "--text", HOSTILE).stdout)["details"][0]["text"] == (
        "6123 4567"
    )


def test_screen_obeys_orders_dates_and_packs(pack: Path) -> None:
    command = (
        "screen",
        "--json",
        "--order",
        "hca-1957-2019",
        "阿sir電話 6123 4567，I will kill you",
    )
    before = json.loads(run(*command, "--posted-at", "2019-01-01").stdout)
    assert before["limbs"] == []
    own = json.loads(run("screen", "--json", "--patterns", str(pack), "badge-1234").stdout)
    assert [d["category"] for d in own["details"]] == ["identity_number"]


@pytest.mark.parametrize(
    ("text", "limit", "code"),
    [(HOSTILE, "flag", 1), (HOSTILE, "review", 1), ("Nice weather", "review", 0)],
)
def test_fail_on(text: str, limit: str, code: int) -> None:
    assert run("screen", "--fail-on", limit, text).exit_code == code


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
def test_screen_colours_a_terminal_and_never_obeys_the_post() -> None:
    import pty

    parent, child = pty.openpty()
    text = HOSTILE + " \x1b]0;owned\x07 \N{RIGHT-TO-LEFT OVERRIDE}"
    done = subprocess.Popen(
        [sys.executable, "-m", "injunction_screen", "screen", text], stdout=child, close_fds=True
    )
    os.close(child)
    shown = b""
    try:
        while block := os.read(parent, 65536):
            shown += block
    except OSError:  # Linux says so when the other end is closed
        pass
    finally:
        os.close(parent)
    assert done.wait(60) == 0
    printed = shown.decode()
    assert "\x1b[" in printed
    assert "6123 4567" in printed
    assert "\x1b]0;" not in printed
    assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in printed
    assert "\\u202e" in printed


# -- errors ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ("screen", "--order", "hca-1-1900", "x"),
        ("screen", "--order", "no-such-file.toml", "x"),
        ("screen", "--patterns", "no-such-folder", "x"),
        ("screen", "--posted-at", "yesterday", "x"),
        ("screen", "--lang", "fr", "x"),
        ("orders", "show", "hca-1-1900"),
        ("patterns", "show", "no.such"),
        ("patterns", "try", "no.such", "x"),
        ("patterns", "list", "shoe"),
        ("patterns", "check", "tests"),
        ("score", "no-such-dump.jsonl", "-o", "x.jsonl"),
        ("score", __file__, "-o", "x.jsonl"),
        ("evaluate", __file__),
        ("evaluate", __file__, "--update"),
    ],
    ids=" ".join,
)
def test_an_error_is_one_line_and_no_traceback(
    arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(Path(__file__).parent.parent)
    done = run(*arguments)
    assert done.exit_code == 2
    assert isinstance(done.exception, SystemExit)
    errors = [line for line in done.stderr.splitlines() if line.startswith("Error: ")]
    assert len(errors) == 1
    assert done.stderr.splitlines()[-1] == errors[0]
    assert not Path("x.jsonl.parts").exists()


def test_a_broken_pack_is_named(pack: Path) -> None:
    (pack / "formats" / "badge.toml").write_text("[[pattern]]\nid = 'x'\n")
    done = run("screen", "--patterns", str(pack), "x")
    assert (done.exit_code, "formats/badge.toml" in done.stderr) == (2, True)


# -- patterns and orders -----------------------------------------------------------------------


def test_patterns_check_a_pack_of_ones_own(pack: Path) -> None:
    done = run("patterns", "check", str(pack))
    assert (done.exit_code, done.stdout) == (0, "1 records, 0 faults\n")
    file = pack / "formats" / "badge.toml"
    file.write_text(PACK.replace("badge-9999⟧", "badge-99⟧"), encoding="utf-8")
    done = run("patterns", "check", str(pack))
    assert done.exit_code == 1
    assert "identity_number.badge: example" in done.stdout


def test_patterns_list_show_and_try(pack: Path) -> None:
    every = run("patterns", "list").stdout.splitlines()
    assert len(every) == len(default_book().patterns)
    phones = run("patterns", "list", "phone").stdout.splitlines()
    assert len(phones) == len(default_book().of("category", "phone"))
    own = ("--patterns", str(pack))
    shown = run("patterns", "show", "identity_number.badge", *own).stdout
    assert "an invented badge" in shown
    assert "⟦badge-1234⟧" in shown
    assert "badge-1  (too short)" in shown
    tried = run("patterns", "try", "identity_number.badge", "my badge-1234", *own)
    assert tried.stdout == "my ⟦badge-1234⟧\n  3-13\n"
    assert run("patterns", "try", "identity_number.badge", "nothing", *own).exit_code == 1


def test_orders_list_and_show() -> None:
    listed = run("orders").stdout
    assert all(name in listed for name in default_book().orders)
    shown = run("orders", "show", "hca-1957-2019").stdout
    (order,) = Screener(orders=["hca-1957-2019"]).orders
    assert order.title in shown
    assert "2019-10-25" in shown
    assert all(clause.text in shown for clause in order.clauses)


# -- evaluate ----------------------------------------------------------------------------------


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    rows = [
        {"id": "a", "text": "Nice weather", "details": [], "cues": [], "outcome": "clear"},
        {
            "id": "b",
            "text": "Tel: 6123 4567",
            "details": [{"start": 5, "end": 14, "category": "phone"}],
            "cues": [],
            "outcome": "review",
        },
    ]
    path = tmp_path / "gold.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_evaluate_prints_figures_and_errors(gold: Path) -> None:
    assert "2 posts" in run("evaluate", str(gold)).stdout
    assert "outcome review found clear" in run("evaluate", "--errors", str(gold)).stdout
    assert json.loads(run("evaluate", "--json", str(gold)).stdout)["details_micro_f1"] == 1.0


def test_floors_stop_a_fall_and_only_rise(gold: Path, tmp_path: Path) -> None:
    floors = tmp_path / "floors.toml"
    floors.write_text("# why\n[floors]\ndetails_micro_f1 = 0.5\noutcome_macro_f1 = 0.99\n")
    done = run("evaluate", str(gold), "--floors", str(floors), "--update")
    assert done.exit_code == 1
    assert "outcome_macro_f1 is 0." in done.stderr
    written = floors.read_text()
    assert written.startswith("# why\n[floors]\n")
    assert "details_micro_f1 = 1.0000" in written
    assert "outcome_macro_f1 = 0.9900" in written


# -- the whole ---------------------------------------------------------------------------------


def test_version_and_help() -> None:
    assert run("--version").stdout == f"injunction-screen {__version__}\n"
    for name, command in cli.main.commands.items():
        assert command.help, name
        assert run(name, "--help").exit_code == 0
        for option in command.params:
            if option.param_type_name == "option":
                assert option.help, (name, option.name)


def test_python_m_is_the_same_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "injunction_screen", "--version"], capture_output=True, check=True
    )
    assert done.stdout.decode().strip() == f"injunction-screen {__version__}"
