"""The text formats, character by character."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tracker.errors import OutputError
from tracker.geometry import Box, RotatedBox
from tracker.output.benchmarks import Got10kSink, MotSink, OtbSink
from tracker.output.tables import COLUMNS, CsvSink, JsonLinesSink
from tracker.tracking.result import Track, TrackState
from tracker.video.base import Frame

MakeFrame = Callable[..., Frame]
MakeTrack = Callable[..., Track]
HEADER = "frame,timestamp,id,label,state,confidence,reason,x,y,w,h,cx,cy,angle,rw,rh,iterations,elapsed_ms"


def test_csv(tmp_path: Path, make_frame: MakeFrame, make_track: MakeTrack) -> None:
    target = tmp_path / "out.csv"
    with CsvSink(target) as sink:
        sink.write(make_frame(0), [make_track()])
        sink.write(make_frame(1), [make_track(state=TrackState.LOST, confidence=0.0, reason="left_frame")])
    assert target.read_bytes().decode() == (
        f"{HEADER}\n"
        "0,0.0,0,,tracking,0.875,,10.25,20.5,12.0,8.0,16.25,24.5,,,,3,0.5\n"
        "1,0.04,0,,lost,0.0,left_frame,10.25,20.5,12.0,8.0,16.25,24.5,,,,3,0.5\n"
    )


def test_csv_gives_the_rotated_box_whole(tmp_path: Path, make_frame: MakeFrame, make_track: MakeTrack) -> None:
    target = tmp_path / "out.csv"
    with CsvSink(target) as sink:
        sink.write(make_frame(), [make_track(rotated=RotatedBox(15.0, 25.0, 11.0, 7.0, -30.0))])
    (row,) = csv.DictReader(io.StringIO(target.read_text(), newline=""))
    assert [row[name] for name in ("cx", "cy", "angle", "rw", "rh")] == ["15.0", "25.0", "-30.0", "11.0", "7.0"]


def test_labels_with_commas_quotes_and_any_script(tmp_path: Path, make_frame: MakeFrame, make_track: MakeTrack) -> None:
    label = 'Zoë, "the red" 車'
    with CsvSink(tmp_path / "out.csv") as table, JsonLinesSink(tmp_path / "out.jsonl") as lines:
        for sink in (table, lines):
            sink.write(make_frame(), [make_track(label=label)])
    (row,) = csv.DictReader(io.StringIO((tmp_path / "out.csv").read_text(encoding="utf-8"), newline=""))
    assert row["label"] == label
    assert json.loads((tmp_path / "out.jsonl").read_text(encoding="utf-8"))["label"] == label


def test_json_lines(tmp_path: Path, make_frame: MakeFrame, make_track: MakeTrack) -> None:
    target = tmp_path / "out.jsonl"
    with JsonLinesSink(target) as sink:
        sink.write(make_frame(7), [make_track(), make_track(id=1, label="b")])
    rows = [json.loads(line) for line in target.read_text().splitlines()]
    assert [tuple(row) for row in rows] == [COLUMNS, COLUMNS]
    values = [7, 0.28, 0, "", "tracking", 0.875, "", 10.25, 20.5, 12.0, 8.0, 16.25, 24.5, None, None, None, 3, 0.5]
    assert rows[0] == dict(zip(COLUMNS, values, strict=True))


def test_what_is_not_finite_is_unknown(tmp_path: Path, make_frame: MakeFrame, make_track: MakeTrack) -> None:
    target = tmp_path / "out.jsonl"
    with JsonLinesSink(target) as sink:
        sink.write(make_frame(), [make_track(Box(float("nan"), -1e-9, float("inf"), 1.0))])
    row = json.loads(target.read_text())
    assert (row["x"], row["y"], row["w"]) == (None, 0.0, None)


def test_mot_counts_from_one_and_leaves_lost_targets_out(
    tmp_path: Path, make_frame: MakeFrame, make_track: MakeTrack
) -> None:
    target = tmp_path / "out.txt"
    states = [make_track(), make_track(id=1, state=TrackState.OCCLUDED), make_track(id=2, state=TrackState.LOST)]
    with MotSink(target) as sink:
        sink.write(make_frame(0), states)
        sink.write(make_frame(9), [make_track(Box(-3.0, 0.0, 5.125, 4.0))])
    assert target.read_text() == (
        "1,1,11.25,21.50,12.00,8.00,0.8750,-1,-1,-1\n"
        "1,2,11.25,21.50,12.00,8.00,0.8750,-1,-1,-1\n"
        "10,1,-2.00,1.00,5.12,4.00,0.8750,-1,-1,-1\n"
    )


@pytest.mark.parametrize(
    ("kind", "line"), [(OtbSink, "11.25,21.50,12.00,8.00"), (Got10kSink, "11.250,21.500,12.000,8.000")]
)
def test_one_target_formats_have_a_line_a_frame(
    tmp_path: Path, make_frame: MakeFrame, make_track: MakeTrack, kind: type[OtbSink], line: str
) -> None:
    target = tmp_path / "out.txt"
    with kind(target) as sink:
        sink.write(make_frame(0), [make_track()])
        sink.write(make_frame(1), [make_track(state=TrackState.LOST)])
        sink.write(make_frame(2), [])
    assert target.read_text() == f"{line}\n{line}\nnan,nan,nan,nan\n"


@pytest.mark.parametrize("kind", [OtbSink, Got10kSink])
def test_one_target_formats_refuse_a_second(
    tmp_path: Path, make_frame: MakeFrame, make_track: MakeTrack, kind: type[OtbSink]
) -> None:
    with kind(tmp_path / "out.txt") as sink:
        with pytest.raises(OutputError, match="hold one target"):
            sink.write(make_frame(0), [make_track(), make_track(id=1)])
        with pytest.raises(OutputError, match="hold one target"):
            sink.write(make_frame(1), [make_track(id=1)])


def test_every_frame_is_on_disk_before_the_next(tmp_path: Path, make_frame: MakeFrame, make_track: MakeTrack) -> None:
    target = tmp_path / "out.csv"
    with CsvSink(target) as sink:
        for index in range(3):
            sink.write(make_frame(index), [make_track()])
            assert target.read_text().count("\n") == index + 2


def test_standard_output_stays_open(
    capfdbinary: pytest.CaptureFixture[bytes], make_frame: MakeFrame, make_track: MakeTrack
) -> None:
    with JsonLinesSink("-") as sink:
        sink.write(make_frame(), [make_track(label="車")])
    print("after")
    first, second = capfdbinary.readouterr().out.splitlines()
    assert json.loads(first)["label"] == "車"
    assert second == b"after"


def test_a_full_disk_is_an_error(make_frame: MakeFrame, make_track: MakeTrack) -> None:
    with pytest.raises(OutputError, match="cannot write /dev/full: No space left on device"):
        CsvSink("/dev/full")


WRITER = """
import resource, sys
from tracker.errors import OutputError
from tracker.geometry import Box
from tracker.output.base import Track
from tracker.output.tables import CsvSink
from tracker.tracking.result import TrackResult, TrackState
from tracker.video.base import Frame
target, limit = sys.argv[1], int(sys.argv[2])
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
track = Track(0, "", TrackResult(Box(1, 2, 3, 4), TrackState.TRACKING, 0.5))
try:
    with CsvSink(target) as sink:
        for index in range(1_000_000):
            sink.write(Frame(None, index, index / 25), [track])
except OutputError as error:
    print(error, file=sys.stderr)
    sys.exit(error.exit_code)
"""


def test_the_row_that_did_not_fit_is_cut_off(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    limit = 3001
    done = subprocess.run([sys.executable, "-c", WRITER, target, str(limit)], capture_output=True, text=True)
    assert done.returncode == 6
    assert "File too large; the rows so far are complete" in done.stderr
    lines = target.read_text().splitlines(keepends=True)
    assert len(lines) > 10
    assert limit - 100 < target.stat().st_size <= limit
    assert all(line.endswith("\n") and line.count(",") == HEADER.count(",") for line in lines)


def test_a_reader_that_is_gone_is_one_clear_error() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, "-", "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as writer:
        assert writer.stdout is not None
        assert writer.stderr is not None
        assert writer.stdout.readline() == HEADER.encode() + b"\n"
        writer.stdout.close()
        complaint = writer.stderr.read().decode()
    assert writer.returncode == 6
    assert complaint == "the reader of standard output is gone: rows after this one are not written\n"


def test_a_killed_run_leaves_whole_rows(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    with subprocess.Popen([sys.executable, "-c", WRITER, target, "0"]) as writer:
        while not (target.exists() and target.stat().st_size > 20_000):
            assert writer.poll() is None
        writer.kill()
    lines = target.read_text().splitlines(keepends=True)
    assert all(line.endswith("\n") and line.count(",") == HEADER.count(",") for line in lines)
