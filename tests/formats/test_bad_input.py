"""What cannot be read or written, each in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.formats.making import META, NOTHING, ONE, at, region, written
from tracker.errors import ConfigError, OutputError, SourceError
from tracker.formats.annotation import AnnotatedVideo, VideoMeta
from tracker.formats.registry import FORMATS, format_of


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("mot", "1,1,2,3\n", "line 1: 4 values"),
        ("mot", "1,1,2,3,30,40,1\n0,1,2,3,30,40,1\n", "line 2: frame 0"),
        ("mot", "\n1,1,2,3,30,x,1\n", "line 2: 'x' is no number"),
        ("mot", "1.5,1,2,3,30,40,1\n", "line 1: '1.5' is no whole number"),
        ("otb", "1,2,3,4\n1,2,3\n", "line 2: 3 values"),
        ("vot", "1,2,3,4\n1,2,3,4,5\n", "line 2: 5 values are no rectangle"),
        ("vot", "m1,2,3,4,5\n", "line 1: a mask"),
        ("csv", "a,b\n1,2\n", "line 1: no column x, y, w, h"),
        ("csv", "", "line 1: no column"),
        ("csv", "x,y,w,h\n1,2,three,4\n", "line 2: 'three' is no number"),
        ("csv", "x,y,w,h\n1,2,3\n", "line 2: expected four numbers"),
        ("csv", "frame,x,y,w,h\n-1,1,2,3,4\n", "line 2: frame -1, but"),
        ("csv", "state,x,y,w,h\nseen,1,2,3,4\n", "line 2: state 'seen'"),
        ("coco", "{", "no COCO video document: .*line 1"),
        ("coco", '{"images": [{"id": 1}], "annotations": [], "categories": []}', "at images.0.frame_id"),
        (
            "coco",
            '{"images": [], "annotations": [{"id": 5, "image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4]}],'
            ' "categories": []}',
            "annotation 5 names an image",
        ),
        ("coco", '{"videos": [{"id": 1}, {"id": 2}], "images": [], "annotations": [], "categories": []}', "several"),
        ("cvat", "no zip", "no CVAT MOT 1.1 zip"),
        ("label-studio", "[]", "holds 0 tasks"),
        ("label-studio", region(sequence=[{"frame": 0}]), "region 'x1', sequence.0.frame"),
    ],
)
def test_what_cannot_be_read(name: str, text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=message):
        FORMATS[name].read(written(tmp_path / "a.txt", text), META)


def test_files_that_are_not_there(tmp_path: Path) -> None:
    for name, kind in FORMATS.items():
        with pytest.raises(SourceError, match="none"):
            kind.read(tmp_path / "none", META)
        assert name
    written(tmp_path / "bytes", "ÿþ", encoding="latin-1")
    with pytest.raises(SourceError, match="it is no text"):
        FORMATS["otb"].read(tmp_path / "bytes", META)


def test_yolo_folders_that_cannot_be_read(tmp_path: Path) -> None:
    written(tmp_path / "a_0.txt", "0 .5 .5 .5 .5")
    with pytest.raises(SourceError, match="frame 0, but"):
        FORMATS["yolo"].read(tmp_path, META)
    written(tmp_path / "a_0.txt", "0 .5 .5 .5")
    (tmp_path / "a_0.txt").rename(tmp_path / "a_1.txt")
    with pytest.raises(SourceError, match=r"a_1.txt, line 1: 4 values"):
        FORMATS["yolo"].read(tmp_path, META)
    written(tmp_path / "b_1.txt", "")
    with pytest.raises(SourceError, match="several videos"):
        FORMATS["yolo"].read(tmp_path, META)


@pytest.mark.parametrize("name", ["coco", "label-studio", "yolo"])
def test_a_size_that_nobody_knows(name: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="needs the size of the frames: give --size"):
        FORMATS[name].write(AnnotatedVideo.of([at(0)], NOTHING), tmp_path / "a")
    assert not list(tmp_path.iterdir())


def test_a_rate_that_nobody_knows(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="needs the frame rate: give --fps"):
        FORMATS["label-studio"].write(AnnotatedVideo.of([at(0)], VideoMeta("", 6, 4)), tmp_path / "a")


@pytest.mark.parametrize("name", ["otb", "got10k", "vot"])
def test_formats_of_one_target(name: str, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="files hold one target"):
        FORMATS[name].write(AnnotatedVideo.of([at(0), at(1, 1)], META), tmp_path / "a")
    with pytest.raises(OutputError, match="frame 1 holds several boxes"):
        FORMATS[name].write(AnnotatedVideo.of([at(1), at(1)], META), tmp_path / "a")


@pytest.mark.parametrize("name", ["mot-gt", "cvat", "label-studio"])
def test_formats_of_tracks(name: str, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="frame 3 holds a target without a number"):
        FORMATS[name].write(AnnotatedVideo.of([at(3, None)], META), tmp_path / "a")


def test_places_that_cannot_be_written(tmp_path: Path) -> None:
    for name in FORMATS:
        with pytest.raises(OutputError, match="cannot write"):
            FORMATS[name].write(ONE, tmp_path / "missing" / "a")
    written(tmp_path / "a.txt", "")
    with pytest.raises(OutputError, match="not empty"):
        FORMATS["yolo"].write(ONE, tmp_path)


def test_the_name_tells_the_format_or_does_not(tmp_path: Path) -> None:
    assert format_of(Path("a.CSV"), None, "--from") is FORMATS["csv"]
    assert format_of(tmp_path, None, "--from") is FORMATS["yolo"]
    assert format_of(Path("a.txt"), "otb", "--from") is FORMATS["otb"]
    with pytest.raises(ConfigError, match=r"give --from with one of mot, mot-gt, otb, got10k, vot$"):
        format_of(Path("a.txt"), None, "--from")
    with pytest.raises(ConfigError, match="give --to with one of csv, mot"):
        format_of(Path("a.xyz"), None, "--to")
    with pytest.raises(ConfigError, match="no format 'voc': choose from csv, mot"):
        format_of(Path("a.txt"), "voc", "--to")
