"""The targets that a file names, whatever its format, each from the frame of its first box on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.formats.making import META, at, written
from tracker.errors import SourceError
from tracker.formats.annotation import AnnotatedVideo
from tracker.formats.registry import FORMATS
from tracker.formats.starts import read_starts
from tracker.geometry import Box
from tracker.tracking.result import TrackState

TWO = AnnotatedVideo.of([at(4, 0, "car"), at(5, 0, "car"), at(7, 1, "ball"), at(9, 1, "ball")], META)
ONE = AnnotatedVideo.of([at(0), at(1)], META)


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in ("otb", "got10k", "vot")])
def test_every_target_begins_in_its_own_frame(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{FORMATS[name].suffixes[0]}"
    FORMATS[name].write(TWO, path)
    starts = read_starts(path, META)
    assert [(start.id, start.frame) for start in starts] == [(0, 4), (1, 7)]
    assert [start.box.rounded() for start in starts] == [at(frame).box.rounded() for frame in (4, 7)]
    assert [start.box_in(5) is not None for start in starts] == [True, False]
    assert not any(start.anywhere for start in starts)
    if name not in ("mot", "mot-gt"):
        assert [start.label for start in starts] == ["car", "ball"]


@pytest.mark.parametrize("name", ["otb", "got10k", "vot"])
def test_formats_of_one_target(name: str, tmp_path: Path) -> None:
    FORMATS[name].write(ONE, tmp_path / "a.txt")
    (start,) = read_starts(tmp_path / "a.txt")
    assert (start.id, start.frame, len(start.boxes), start.anywhere) == (0, 0, 2, False)


@pytest.mark.parametrize("text", ["1,2,30,40\n", "x,y,w,h\n0,1,30,40\n", '"x","y","w","h"\n0,1,30,40\n'])
def test_a_single_box_without_a_frame_is_meant_for_any(text: str, tmp_path: Path) -> None:
    (start,) = read_starts(written(tmp_path / "a.txt", text))
    assert start.anywhere
    assert start.box_in(40) == start.box == Box(0, 1, 30, 40)


@pytest.mark.parametrize(
    "text", ["frame,x,y,w,h\n40,0,1,30,40\n", "41,1,1,2,30,40,1,-1,-1,-1\n", '{"frame":40,"x":0,"y":1,"w":30,"h":40}']
)
def test_a_single_box_with_a_frame_is_meant_for_that_one(text: str, tmp_path: Path) -> None:
    (start,) = read_starts(written(tmp_path / "a.txt", text))
    assert (start.frame, start.anywhere, start.box) == (40, False, Box(0, 1, 30, 40))
    assert start.box_in(0) is None


def test_a_lost_target_begins_where_it_is_seen(tmp_path: Path) -> None:
    video = AnnotatedVideo.of([at(0, state=TrackState.LOST), at(3, state=TrackState.TRACKING)], META)
    FORMATS["csv"].write(video, tmp_path / "a.csv")
    (start,) = read_starts(tmp_path / "a.csv")
    assert start.frame == 3


def test_the_content_tells_the_format_whatever_the_name(tmp_path: Path) -> None:
    for name, kind in FORMATS.items():
        if kind.is_folder:
            continue
        path = tmp_path / f"{name}.dat"
        kind.write(ONE, path)
        assert read_starts(path, META)[0].box.rounded() == at(0).box.rounded(), name


def test_an_empty_coco_on_one_line_is_no_json_lines(tmp_path: Path) -> None:
    document = {"images": [], "annotations": [], "categories": []}
    assert read_starts(written(tmp_path / "a.json", json.dumps(document))) == ()


@pytest.mark.parametrize("text", ["", "hello world\n", "1,2,3\n", "a,b,c,d,e\n"])
def test_what_is_of_no_format(text: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="holds no box: give a table with the columns"):
        read_starts(written(tmp_path / "a.txt", text))


def test_boxes_that_nothing_tells_apart(tmp_path: Path) -> None:
    text = "3,-1,1,2,30,40,1,-1,-1,-1\n3,-1,9,2,30,40,1,-1,-1,-1\n"
    with pytest.raises(SourceError, match="frame 2 holds several boxes without a number of a target: give a file with"):
        read_starts(written(tmp_path / "a.txt", text))
