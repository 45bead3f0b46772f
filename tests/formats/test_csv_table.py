"""This program's CSV, and tables of other tools."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.formats.making import META, NOTHING, ONE, written
from tracker.errors import SourceError
from tracker.formats.annotation import Annotation
from tracker.formats.csv_table import CsvLines
from tracker.formats.registry import FORMATS
from tracker.formats.text_lines import ResultLines
from tracker.geometry import Box, RotatedBox
from tracker.tracking.result import Track, TrackState
from tracker.video.base import Frame

MakeFrame = Callable[..., Frame]
MakeTrack = Callable[..., Track]
HEADER = "frame,timestamp,id,label,state,confidence,reason,x,y,w,h,cx,cy,angle,rw,rh,iterations,elapsed_ms"


def lines_of(kind: ResultLines, *frames: tuple[Frame, Sequence[Track]]) -> str:
    return kind.header + "".join(kind.lines(frame, tracks) for frame, tracks in frames)


def test_csv_layout(tmp_path: Path) -> None:
    FORMATS["csv"].write(ONE, tmp_path / "a")
    assert (tmp_path / "a").read_bytes().decode() == (
        "frame,timestamp,id,label,state,confidence,reason,x,y,w,h,cx,cy,angle,rw,rh,iterations,elapsed_ms\n"
        "0,,0,,,0.5,,10.25,20.5,30.0,40.75,25.25,40.875,,,,,\n"
        "2,,0,,lost,,,12.25,20.5,30.0,40.75,27.25,40.875,,,,,\n"
    )


def test_result_lines(make_frame: MakeFrame, make_track: MakeTrack) -> None:
    lost = make_track(state=TrackState.LOST, confidence=0.0, reason="left_frame")
    assert lines_of(CsvLines(), (make_frame(0), [make_track()]), (make_frame(1), [lost])) == (
        f"{HEADER}\n"
        "0,0.0,0,,tracking,0.875,,10.25,20.5,12.0,8.0,16.25,24.5,,,,3,0.5\n"
        "1,0.04,0,,lost,0.0,left_frame,10.25,20.5,12.0,8.0,16.25,24.5,,,,3,0.5\n"
    )


def test_the_rotated_box_is_given_whole(make_frame: MakeFrame, make_track: MakeTrack) -> None:
    text = lines_of(CsvLines(), (make_frame(), [make_track(rotated=RotatedBox(15.0, 25.0, 11.0, 7.0, -30.0))]))
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    assert [row[name] for name in ("cx", "cy", "angle", "rw", "rh")] == ["15.0", "25.0", "-30.0", "11.0", "7.0"]


def test_labels_with_commas_quotes_and_any_script(make_frame: MakeFrame, make_track: MakeTrack) -> None:
    label = 'Zoë, "the red" 車'
    text = lines_of(CsvLines(), (make_frame(), [make_track(label=label)]))
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    assert row["label"] == label


def test_a_table_of_any_tool(tmp_path: Path) -> None:
    found = FORMATS["csv"].read(
        written(tmp_path / "a.csv", "\ufeffw, h, x, y\r\n30,40,1,2\r\n,,,\r\n30,40,1,2\r\n"), NOTHING
    )
    assert found.annotations == (Annotation(0, 0, Box(1, 2, 30, 40)), Annotation(2, 0, Box(1, 2, 30, 40)))
    assert found.frame_count == 3


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("csv", "a,b\n1,2\n", "line 1: no column x, y, w, h"),
        ("csv", "", "line 1: no column"),
        ("csv", "x,y,w,h\n1,2,three,4\n", "line 2: 'three' is no number"),
        ("csv", "x,y,w,h\n1,2,3\n", "line 2: expected four numbers"),
        ("csv", "frame,x,y,w,h\n-1,1,2,3,4\n", "line 2: frame -1, but"),
        ("csv", "state,x,y,w,h\nseen,1,2,3,4\n", "line 2: state 'seen'"),
    ],
)
def test_what_cannot_be_read(name: str, text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=message):
        FORMATS[name].read(written(tmp_path / "a.txt", text), META)
