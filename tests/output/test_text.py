"""The text sink: lines on disk at once and complete, whatever happens."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tracker.errors import OutputError
from tracker.formats.json_lines import JsonLines
from tracker.output.text import CsvSink, TextSink
from tracker.tracking.result import Track
from tracker.video.base import Frame

MakeFrame = Callable[..., Frame]
MakeTrack = Callable[..., Track]
HEADER = "frame,timestamp,id,label,state,confidence,reason,x,y,w,h,cx,cy,angle,rw,rh,iterations,elapsed_ms"


def test_every_frame_is_on_disk_before_the_next(tmp_path: Path, make_frame: MakeFrame, make_track: MakeTrack) -> None:
    target = tmp_path / "out.csv"
    with CsvSink(target) as sink:
        for index in range(3):
            sink.write(make_frame(index), [make_track()])
            assert target.read_text().count("\n") == index + 2


def test_standard_output_stays_open(
    capfdbinary: pytest.CaptureFixture[bytes], make_frame: MakeFrame, make_track: MakeTrack
) -> None:
    with TextSink("-", JsonLines()) as sink:
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
from tracker.output.text import CsvSink
from tracker.tracking.result import Track, TrackResult, TrackState
from tracker.video.base import Frame
target, limit = sys.argv[1], int(sys.argv[2])
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
track = Track(0, "", TrackResult(Box(1, 2, 3, 4), TrackState.TRACKING, 0.5))
try:
    with CsvSink(target) as sink:
        for index in range(1_000_000):
            sink.write(Frame(None, index, index / 25), [track])
except OutputError as error:
    # What measures coverage writes its own file at the end.
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
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
