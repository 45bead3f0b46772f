"""Several targets on the command line."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.cli.helpers import ROI, Cli
from tracker.cli import run
from tracker.cli.run import TrackJob
from tracker.config.reader import load_config
from tracker.errors import ConfigError, DisplayError
from tracker.output.registry import Output
from tracker.session import RunSummary, Target
from tracker.tracking.result import TrackState

SCENE = "synth:crowd:frames=12:size=320x180"
BOTH = ("--roi", "ann=10%,20%,30,25", "--roi", "bob=200,100,30,25")


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8").splitlines()))


def who(rows: list[dict[str, str]]) -> list[tuple[str, str, str]]:
    return [(row["frame"], row["id"], row["label"]) for row in rows]


def test_named_boxes_are_followed_and_come_back_from_the_file(cli: Cli, tmp_path: Path) -> None:
    first, again = tmp_path / "first.csv", tmp_path / "again.csv"
    shown = cli("track", SCENE, *BOTH, "--csv", first, "--mot-output", tmp_path / "mot.txt", "-o", tmp_path / "out.mp4")
    assert shown.code == 0, shown.err
    assert "crowd: 12 frames" in shown.err
    rows = table(first)
    assert who(rows) == [(str(i), str(k), "ann" if k == 0 else "bob") for i in range(12) for k in (0, 1)]
    assert cli("track", SCENE, "--roi-file", first, "--csv", again).code == 0
    assert who(table(again)) == who(rows)
    coco = tmp_path / "truth.json"
    assert cli("convert", first, coco, "--to", "coco", "--size", "320x180", "--fps", "25").code == 0
    assert json.loads(coco.read_text())
    assert cli("track", SCENE, "--roi-file", coco, "--csv", again, "--overwrite").code == 0
    assert len(table(again)) == 24


def test_a_target_starts_at_its_first_row(cli: Cli, tmp_path: Path) -> None:
    rows, out = tmp_path / "rows.csv", tmp_path / "out.csv"
    rows.write_text("frame,id,label,x,y,w,h\n0,3,ann,32,36,30,25\n5,8,bob,200,100,30,25\n6,8,bob,200,100,30,25\n")
    assert cli("track", SCENE, "--roi-file", rows, "--csv", out).code == 0
    seen = who(table(out))
    assert [each for each in seen if each[1] == "3"] == [(str(i), "3", "ann") for i in range(12)]
    assert [each for each in seen if each[1] == "8"] == [(str(i), "8", "bob") for i in range(5, 12)]


def test_number_and_name_of_the_only_target_of_a_file_are_those_of_the_results(cli: Cli, tmp_path: Path) -> None:
    rows, out, mot = (tmp_path / name for name in ("rows.csv", "out.csv", "out.txt"))
    rows.write_text("frame,id,label,x,y,w,h\n3,7,ann,32,36,30,25\n")
    assert cli("track", SCENE, "--roi-file", rows, "--csv", out).code == 2
    shown = cli("track", SCENE, "--roi-file", rows, "--start", "3", "--csv", out, "--mot-output", mot)
    assert shown.code == 0, shown.err
    assert who(table(out)) == [(str(i), "7", "ann") for i in range(3, 12)]
    assert mot.read_text().splitlines()[0].startswith("4,8,")


@pytest.mark.parametrize("option", ["--csv", "--jsonl", "--mot-output"])
def test_no_output_replaces_what_the_run_reads(cli: Cli, tmp_path: Path, option: str) -> None:
    rows, settings, link = tmp_path / "rows.csv", tmp_path / "my.yaml", tmp_path / "link.csv"
    rows.write_text("x,y,w,h\n32,36,30,25\n")
    settings.write_text("preset: fast\n")
    link.symlink_to(rows)
    before = rows.read_bytes(), settings.read_bytes()
    for target in (rows, settings, link):
        words = ("--roi-file", rows, "-c", settings, option, target, "--overwrite")
        shown = cli("track", SCENE, *words)
        assert (shown.code, "is an input of this run" in shown.err) == (6, True), shown.err
    assert (rows.read_bytes(), settings.read_bytes()) == before


@pytest.mark.parametrize("given", ["box", "file"])
def test_one_target_may_be_the_first_of_several(cli: Cli, tmp_path: Path, given: str) -> None:
    table_of_one, out = tmp_path / "one.csv", tmp_path / "out.csv"
    table_of_one.write_text("frame,x,y,w,h\n0,32,36,30,25\n")
    words = ("--roi", ROI) if given == "box" else ("--roi-file", table_of_one)
    assert cli("track", SCENE, *words, "--several", "--no-display", "--csv", out).code == 0
    assert who(table(out)) == [(str(i), "0", "") for i in range(12)]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--roi", "ann=1,2,30,30", "--roi", ROI), "several targets need a name each"),
        (("--roi", "ann=1,2,30,30", "--roi", "ann=50,2,30,30"), "two targets are called"),
        (("--roi", "ann=1,2,30"), "cannot read the box '1,2,30'"),
        ((*BOTH, "--otb-output", "-"), "hold one target"),
        (("--several", "--no-display"), "where is the target? Give --roi"),
    ],
)
def test_wrong_use_has_one_clear_line(cli: Cli, options: tuple[str, ...], message: str) -> None:
    shown = cli("track", SCENE, *options, "-q")
    assert shown.code in (2, 6)
    assert message in shown.err
    assert len(shown.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("source", "several", "named", "asked", "window"),
    [
        ("0", False, True, None, True),  # live: somebody wants to see it
        ("clip.mp4", False, True, None, False),
        ("clip.mp4", False, True, True, True),
        ("clip.mp4", True, False, None, True),  # nobody is known yet
        ("0", True, True, False, False),
    ],
)
def test_when_several_get_a_window(
    monkeypatch: pytest.MonkeyPatch, source: str, several: bool, named: bool, asked: bool | None, window: bool
) -> None:
    monkeypatch.setattr(run, "check_display", lambda: None)
    targets = (Target.at("ann", (1, 2, 30, 30)),) if named else ()
    job = TrackJob(source, None, load_config(), targets=targets, several=several)
    assert run.wants_window(asked, job) is window


def test_named_targets_need_no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise DisplayError("no display for a window: give --roi")

    monkeypatch.setattr(run, "check_display", refuse)
    named = TrackJob("0", None, load_config(), targets=(Target.at("ann", (1, 2, 30, 30)),))
    assert not run.wants_window(None, named)
    with pytest.raises(DisplayError):
        run.wants_window(True, named)
    with pytest.raises(ConfigError, match="where is the target"):
        run.wants_window(None, TrackJob("0", None, load_config(), several=True))


def test_the_reason_why_no_window_can_be_opened_is_said_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise DisplayError("the display :99 does not answer: check DISPLAY, or give --roi")

    monkeypatch.setattr(run, "check_display", refuse)
    with pytest.raises(ConfigError, match=r"\(the display :99 does not answer\)"):
        run.wants_window(None, TrackJob("clip.mp4", None, load_config()))


def test_a_run_that_needs_no_window_asks_no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "check_display", lambda: pytest.fail("asked"))
    assert not run.wants_window(None, TrackJob("clip.mp4", lambda _: (1, 2, 30, 30), load_config()))


@pytest.mark.parametrize(("text", "attempts"), [("7", 7), ("0", 0), ("forever", float("inf"))])
def test_how_often_a_lost_source_is_tried_again(text: str, attempts: float) -> None:
    policy = run.policy_of(text, 0.25)
    assert policy is not None
    assert (policy.reconnects, policy.first_pause, policy.longest_pause) == (attempts, 0.25, 0.25)


@pytest.mark.parametrize("text", ["often", "-1", "1.5"])
def test_how_often_must_be_a_number_or_forever(text: str) -> None:
    with pytest.raises(ConfigError, match="reconnect"):
        run.policy_of(text)


def test_a_video_that_draws_on_the_frames_themselves_changes_no_result_and_no_recording(
    cli: Cli, tmp_path: Path
) -> None:
    """The tracker, the detector, crops and the recording see what came, whatever is drawn."""
    bare, drawn = tmp_path / "bare", tmp_path / "drawn"
    for folder, outputs in ((bare, ()), (drawn, ("-o", drawn / "out.mp4"))):
        folder.mkdir()
        more = ("--record", folder / "raw.mp4", "--crops", folder / "%03d.png", "--csv", folder / "out.csv")
        done = cli("track", SCENE, *BOTH, "--auto", "motion", *more, *outputs)
        assert done.code == 0, done.err
    plain = [{key: row[key] for key in row if key != "elapsed_ms"} for row in table(bare / "out.csv")]
    assert plain == [{key: row[key] for key in row if key != "elapsed_ms"} for row in table(drawn / "out.csv")]
    for path in [*bare.glob("*.png"), bare / "raw.mp4"]:
        assert path.read_bytes() == (drawn / path.name).read_bytes(), path.name
    only = ("--csv", tmp_path / "only.csv", "-o", tmp_path / "only.mp4")
    assert cli("track", SCENE, *BOTH, *only).code == 0  # nothing else looks at the frames: drawn on themselves
    assert cli("track", SCENE, *BOTH, "--csv", tmp_path / "none.csv").code == 0
    without = [{key: row[key] for key in row if key != "elapsed_ms"} for row in table(tmp_path / "none.csv")]
    assert without == [{key: row[key] for key in row if key != "elapsed_ms"} for row in table(tmp_path / "only.csv")]


def test_the_summary_names_the_files_in_which_a_correction_was_written(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    job = TrackJob("clip.mp4", None, load_config("fast"), outputs=[Output("video", "out.mp4")])
    states = {TrackState.TRACKING: 90}
    anew = ((20, "out-1.mp4"), (40, "out-2.mp4"))
    run.print_summary(RunSummary(90, 0, 3.0, 1, states, TrackState.TRACKING, stopped=False, anew=anew), "clip.mp4", job)
    assert capsys.readouterr().err.splitlines()[2:] == [
        "  written  out.mp4",
        "  written  out-1.mp4 beside it, from frame 20 on",
        "  written  out-2.mp4 beside it, from frame 40 on",
    ]
