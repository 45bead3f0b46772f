"""CVAT's MOT 1.1."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tests.formats.making import META, at, written
from tracker.errors import SourceError
from tracker.formats.annotation import AnnotatedVideo
from tracker.formats.registry import FORMATS
from tracker.tracking.result import TrackState


def test_cvat(tmp_path: Path) -> None:
    video = AnnotatedVideo.of([at(0, 0, "car"), at(1, 4, "ball", state=TrackState.OCCLUDED)], META)
    for path in (tmp_path / "a.zip", tmp_path / "b.zip"):
        FORMATS["cvat"].write(video, path)
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert archive.namelist() == ["gt/gt.txt", "gt/labels.txt"]
        assert archive.read("gt/labels.txt") == b"ball\ncar\n"
        assert archive.read("gt/gt.txt") == b"1,1,10.25,20.50,30.00,40.75,1,2,1\n2,5,11.25,20.50,30.00,40.75,1,1,0\n"
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("cvat", "no zip", "no CVAT MOT 1.1 zip"),
    ],
)
def test_what_cannot_be_read(name: str, text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=message):
        FORMATS[name].read(written(tmp_path / "a.txt", text), META)
