from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.cli.helpers import Cli
from tracker.config.reader import load_config
from tracker.evaluation.drills import DRILLS
from tracker.evaluation.table import SortBy
from tracker.resources import resource_dir


@pytest.fixture
def clips(tmp_path: Path) -> Path:
    """One bundled clip with the first rows of its truth."""
    folder = tmp_path / "clips"
    folder.mkdir()
    shutil.copy(resource_dir("videos") / "juggle.mp4", folder)
    rows = (resource_dir("videos") / "juggle.csv").read_text().splitlines()
    (folder / "juggle.csv").write_text("\n".join(rows[:31]))
    return folder


def test_eval_prints_a_table(cli: Cli, clips: Path) -> None:
    shown = cli("eval", clips, "-c", "classic", "--set", "size.method=fixed")
    assert shown.code == 0, shown.err
    assert "classic size.method=fixed" in shown.out
    assert re.search(r"juggle +│ +29 │ 0\.\d", shown.out)


def test_eval_as_json_to_stdout(cli: Cli, clips: Path) -> None:
    shown = cli("eval", clips, "--json", "-", "--starts", "2")
    document = json.loads(shown.out)
    assert document["tracker"] == "accurate"
    assert document["settings"] == load_config().model_dump(mode="json")
    assert [run["start"] for run in document["sequences"]] == [0, 1, 2]
    assert "juggle" in shown.err


def test_eval_that_is_quiet_says_nothing_but_the_json(cli: Cli, clips: Path) -> None:
    done = cli("eval", clips, "--json", "-", "-q")
    assert (done.code, done.err) == (0, "")
    assert json.loads(done.out)


def test_eval_writes_json_and_report(cli: Cli, clips: Path, tmp_path: Path) -> None:
    words = ("--json", tmp_path / "a.json", "--report", tmp_path / "report")
    shown = cli("eval", clips, *words)
    assert shown.code == 0, shown.err
    assert json.loads((tmp_path / "a.json").read_text())["sequences"][0]["name"] == "juggle"
    assert (tmp_path / "report" / "index.html").is_file()
    assert str(tmp_path / "report" / "index.html") in shown.err


def test_eval_refuses_outputs_before_it_runs(cli: Cli, clips: Path, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("mine")
    shown = cli("eval", clips, "--json", tmp_path / "a.json")
    assert shown.code == 6
    assert (tmp_path / "a.json").read_text() == "mine"
    assert cli("eval", clips, "--json", tmp_path / "a.json", "--overwrite").code == 0


def test_eval_exits_with_1_if_a_run_failed(cli: Cli, clips: Path) -> None:
    (clips / "juggle.mp4").write_bytes(b"")
    shown = cli("eval", clips)
    assert shown.code == 1
    assert "is empty (0 bytes)" in " ".join(shown.out.split())


@pytest.mark.parametrize(
    ("words", "said"),
    [(["--sort", "size"], "choose from name"), (["--jobs", "0"], "jobs is 0"), (["--starts", "-1"], "starts is -1")],
)
def test_eval_with_wrong_words(cli: Cli, clips: Path, words: list[str], said: str) -> None:
    shown = cli("eval", clips, *words)
    assert shown.code == 2
    assert said in shown.err


def test_eval_of_a_folder_without_sequences(cli: Cli, tmp_path: Path) -> None:
    assert cli("eval", tmp_path).code == 2
    assert cli("eval", tmp_path / "missing").code == 2


def test_the_help_of_eval_names_every_order(cli: Cli) -> None:
    shown = cli("eval", "--help").out
    assert all(key.value in shown for key in SortBy)


def test_quiet_leaves_only_the_document(cli: Cli, clips: Path) -> None:
    shown = cli("eval", clips, "--json", "-", "-q")
    assert (shown.code, shown.err) == (0, "")
    assert json.loads(shown.out)


def test_eval_with_drills_prints_a_row_each(cli: Cli, clips: Path) -> None:
    shown = cli("eval", clips, "--drill", "cut,half")
    assert shown.code == 0, shown.err
    assert re.search(r"cut +│ +1/1 │ +[01]\.\d\d │ +– │", shown.out)
    assert re.search(r"half +│ +1/1 │ +– │ +[01]\.\d\d │", shown.out)


def test_eval_with_drills_writes_json_and_report(cli: Cli, clips: Path, tmp_path: Path) -> None:
    words = ("--drill", "blackout", "--json", tmp_path / "a.json", "--report", tmp_path / "report", "-q")
    shown = cli("eval", clips, *words)
    assert shown.code == 0, shown.err
    assert json.loads((tmp_path / "a.json").read_text())["clips"][0]["drill"] == "blackout"
    assert (tmp_path / "report" / "blackout-1.png").is_file()


@pytest.mark.parametrize(
    ("words", "said"),
    [(["--drill", "cat"], "no drill 'cat': choose from cut"), (["--drill", "cut", "--sort", "auc"], "--sort")],
)
def test_eval_with_wrong_drills(cli: Cli, clips: Path, words: list[str], said: str) -> None:
    shown = cli("eval", clips, *words)
    assert shown.code == 2
    assert said in shown.err


def test_the_help_of_eval_names_every_drill(cli: Cli) -> None:
    shown = cli("eval", "--help").out
    assert all(re.search(rf"\b{name}\b", shown) for name in DRILLS)


def test_eval_never_replaces_what_it_reads(cli: Cli, clips: Path) -> None:
    before = {path.name: path.read_bytes() for path in clips.iterdir()}
    for name in before:
        shown = cli("eval", clips, "--json", clips / name, "--overwrite")
        assert (shown.code, "is an input of this run" in shown.err) == (6, True), shown.err
    assert {path.name: path.read_bytes() for path in clips.iterdir()} == before


def test_eval_in_the_folder_itself(cli: Cli, clips: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(clips)
    for here in (".", "./"):
        shown = cli("eval", here)
        assert shown.code == 0, shown.err
        assert "juggle" in shown.out
