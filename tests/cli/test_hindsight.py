from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.cli.helpers import Cli, count_frames
from tracker.video.sources import open_source

SCENE = "synth:smooth:frames=40:size=160x90:seed=1"


def box(at: int) -> str:
    with open_source(SCENE) as source:
        return ",".join(f"{value:.1f}" for value in source.truth(at))  # type: ignore[attr-defined]  # scenes have it


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("words", "frames"),
    [
        (["--at", "20"], range(20, 40)),
        (["--at", "20", "--backward"], range(21)),
        (["--at", "0.8s", "--both-ways"], range(40)),
        (["--at", "20", "--both-ways", "--start", "10", "--end", "30"], range(10, 30)),
        (["--at", "20", "--both-ways", "--smooth"], range(40)),
    ],
)
def test_the_box_may_be_on_any_frame(cli: Cli, tmp_path: Path, words: list[str], frames: range) -> None:
    out = tmp_path / "box.csv"
    shown = cli("track", SCENE, "--roi", box(20), *words, "--csv", out, "-o", tmp_path / "out.mp4")
    assert shown.code == 0, shown.err
    found = rows(out)
    assert [int(row["frame"]) for row in found] == list(frames)
    assert count_frames(tmp_path / "out.mp4") == len(frames)
    assert f"{len(frames)} frames" in shown.err
    assert all(row["state"] == "tracking" for row in found)
    assert {row["reason"] for row in found} == ({"smoothed"} if "--smooth" in words else {""})


def test_the_time_of_a_run_is_that_of_all_its_passes(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = iter([100.0, 140.0])
    monkeypatch.setattr("tracker.cli.hindsight.perf_counter", lambda: next(ticks, 140.0))
    shown = cli("track", SCENE, "--roi", box(0), "--both-ways", "--csv", tmp_path / "box.csv")
    assert "40 frames in 40.0 s (1 fps)" in shown.err


def test_the_track_goes_through_the_key_frames(cli: Cli, tmp_path: Path) -> None:
    keys, out = tmp_path / "keys.csv", tmp_path / "box.csv"
    keys.write_text("frame,x,y,w,h\n" + "".join(f"{at},{box(at)}\n" for at in (3, 17, 30)))
    assert cli("track", SCENE, "--key-frames", keys, "--csv", out, "-q").code == 0
    found = rows(out)
    assert [int(row["frame"]) for row in found] == list(range(40))
    for at in (3, 17, 30):
        row = found[at]
        assert [float(row[name]) for name in "xywh"] == pytest.approx([float(v) for v in box(at).split(",")], abs=0.06)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--both-ways"], "give one --roi"),
        (["--roi", "1,1,20,20", "--backward", "--both-ways"], "give one of them"),
        (["--roi", "a=1,1,20,20", "--roi", "b=40,1,20,20", "--smooth"], "one target"),
        (["--roi", "1,1,20,20", "--at", "noon"], "no position"),
        (["--roi", "1,1,20,20", "--smooth", "--record", "raw.mp4"], "leave it out"),
        (["--key-frames", "missing.csv"], "missing.csv"),
    ],
)
def test_what_is_not_possible_is_told(cli: Cli, tmp_path: Path, words: list[str], said: str) -> None:
    shown = cli("track", SCENE, *words, "--csv", tmp_path / "box.csv")
    assert (shown.code, said in shown.err) == (2, True), shown.err
    assert not (tmp_path / "box.csv").exists()


def test_a_live_source_has_no_hindsight(cli: Cli) -> None:
    shown = cli("track", "rtsp://host/x", "--roi", "1,1,9,9", "--both-ways")
    assert (shown.code, "record it first" in shown.err) == (2, True)
