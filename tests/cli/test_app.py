from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import tracker
from tests.cli.helpers import Cli
from tracker.cli.app import EXIT_CODES, VERBS

HEAVY = {"cv2", "numpy", "scipy", "yaml", "imageio_ffmpeg"}


def test_help_names_every_verb_and_exit_code(cli: Cli) -> None:
    shown = cli("--help")
    assert shown.code == 0
    for verb in VERBS:
        assert re.search(rf"\b{verb}\b", shown.out)
    for code, meaning in EXIT_CODES.items():
        assert f" {code} {meaning} " in " ".join(shown.out.split()) + " "


def test_help_imports_nothing_heavy() -> None:
    """One process for all, the help of the program first: what a verb's help imports is seen right after it."""
    code = (
        "import sys; from tracker.cli import main\n"
        "for verb in sys.argv[1:]:\n"
        "    try: main([verb, '--help'] if verb else ['--help'])\n"
        "    except SystemExit: print('MODULES', *sys.modules)"
    )
    verbs = ["", *VERBS]
    shown = subprocess.run([sys.executable, "-c", code, *verbs], capture_output=True, text=True, check=True)
    helps = re.findall(r"(.*?)^MODULES (.*?)$", shown.stdout, re.DOTALL | re.MULTILINE)
    for verb, (text, modules) in zip(verbs, helps, strict=True):
        assert f"Usage: {' '.join(['tracker', verb]).strip()} " in text
        # Typer itself may use pydantic to read the options of a verb.
        heavy = HEAVY if verb else HEAVY | {"pydantic"}
        assert not sorted(heavy & set(modules.split())), verb


def test_the_command_itself_imports_nothing_heavy() -> None:
    """What is imported decides how soon help answers; processor time would depend on the machine."""
    command = [sys.executable, "-X", "importtime", "-m", "tracker", "--help"]
    shown = subprocess.run(command, capture_output=True, text=True, check=True)
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in shown.stderr.splitlines()}
    assert {"tracker", "typer"} <= imported
    assert not (HEAVY | {"pydantic", "joblib", "matplotlib", "fastapi"}) & imported


def test_version(cli: Cli) -> None:
    assert cli("--version").out == f"tracker {tracker.__version__}\n"


def test_no_words_show_the_help(cli: Cli) -> None:
    shown = cli()
    assert shown.code == 2
    assert "Usage" in shown.out + shown.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["trakc"], "'track'"),
        (["track", "clip.mp4", "--bogus"], "--bogus"),
        (["track", "clip.mp4", "--vid-stride", "two"], "--vid-stride"),
        (["eval"], "FOLDER"),
    ],
)
def test_wrong_usage_exits_with_2(cli: Cli, words: list[str], said: str) -> None:
    shown = cli(*words)
    assert shown.code == 2
    assert said in shown.out + shown.err


def _break(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr("tracker.config.reader.preset_names", fail)


def test_an_unexpected_error_is_one_line_and_a_hint(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    _break(monkeypatch, RuntimeError("a\nb"))
    shown = cli("config", "list")
    assert shown.code == 1
    assert shown.err == "error: unexpected RuntimeError: a b (-v shows where)\n"


def test_verbose_shows_where_the_error_came_from(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    _break(monkeypatch, RuntimeError("a"))
    shown = cli("config", "list", "-v")
    assert shown.code == 1
    assert "Traceback" in shown.err
    assert shown.err.splitlines()[-1].startswith("error: ")
    assert "Traceback" not in cli("config", "list").err  # it is not kept for the next run


def test_ctrl_c_exits_with_130(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    _break(monkeypatch, KeyboardInterrupt())
    assert cli("config", "list").code == 130


def test_the_handler_of_sigterm_is_put_back(cli: Cli) -> None:
    before = signal.getsignal(signal.SIGTERM)
    cli("--version")
    assert signal.getsignal(signal.SIGTERM) is before


def test_python_dash_m(tmp_path: Path) -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "tracker", "config", "list"], capture_output=True, text=True, check=True
    )
    assert "fast" in shown.stdout
    assert shown.stderr == ""
