"""YOLO text: a folder with a file a frame."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.formats.making import META, ONE, written
from tracker.errors import OutputError, SourceError
from tracker.formats.annotation import AnnotatedVideo, Annotation, VideoMeta
from tracker.formats.registry import FORMATS
from tracker.geometry import Box


def test_yolo(tmp_path: Path) -> None:
    boxes = [Annotation(0, 3, Box(64, 48, 320, 240), "car", 0.5), Annotation(9, None, Box(0, 0, 64, 48), "ball")]
    FORMATS["yolo"].write(AnnotatedVideo.of(boxes, META), tmp_path / "a")
    files = {path.name: path.read_text() for path in (tmp_path / "a").iterdir()}
    assert files == {
        "classes.txt": "ball\ncar\n",
        "clip_1.txt": "1 0.350000 0.350000 0.500000 0.500000 0.500000 4\n",
        "clip_10.txt": "0 0.050000 0.050000 0.100000 0.100000\n",
    }


def test_yolo_of_other_tools(tmp_path: Path) -> None:
    folder = tmp_path / "labels"
    folder.mkdir()
    written(folder / "clip_2.txt", "0 .5 .5 .5 .5\n2 .5 .5 .5 .5 0.75\n2 .5 .5 .5 .5 7\n2 .5 .5 .5 .5 1 7\n")
    found = FORMATS["yolo"].read(folder, VideoMeta(width=100, height=200))
    box = Box(25, 50, 50, 100)
    assert found.meta.name == "clip"
    assert found.annotations == (
        Annotation(1, 6, box, "2"),
        Annotation(1, 6, box, "2", 1.0),
        Annotation(1, None, box, "0"),
        Annotation(1, None, box, "2", 0.75),
    )


def test_yolo_folders_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"holds no NAME_<frame>\.txt"):
        FORMATS["yolo"].read(tmp_path, META)
    written(tmp_path / "a_1.txt", "0 .5 .5 .5")
    with pytest.raises(SourceError, match=r"a_1.txt, line 1: 4 values"):
        FORMATS["yolo"].read(tmp_path, META)
    written(tmp_path / "b_1.txt", "")
    with pytest.raises(SourceError, match=r"several videos \(a, b, \.\.\.\)"):
        FORMATS["yolo"].read(tmp_path, META)


def test_a_folder_that_is_not_empty_is_refused(tmp_path: Path) -> None:
    written(tmp_path / "a.txt", "")
    with pytest.raises(OutputError, match="not empty"):
        FORMATS["yolo"].write(ONE, tmp_path)
