"""Label Studio's VideoRectangle."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.formats.making import META, at, region, written
from tracker.errors import ConfigError, SourceError
from tracker.formats.annotation import AnnotatedVideo, Annotation, VideoMeta
from tracker.formats.registry import FORMATS
from tracker.geometry import Box


def test_label_studio(tmp_path: Path) -> None:
    boxes = [Annotation(frame, 3, Box(64, 48, 320, 240), "car") for frame in (0, 1, 3)]
    FORMATS["label-studio"].write(AnnotatedVideo.of(boxes, META), tmp_path / "a.json")
    (task,) = json.loads((tmp_path / "a.json").read_text())
    (region,) = task["annotations"][0]["result"]
    assert (region["type"], region["id"], region["value"]["labels"]) == ("videorectangle", "3", ["car"])
    assert (region["value"]["framesCount"], region["value"]["duration"]) == (12, 0.48)
    keys = region["value"]["sequence"]
    assert [(key["frame"], key["enabled"], key["time"]) for key in keys] == [
        (1, True, 0),
        (2, False, 0.04),
        (4, False, 0.12),
    ]
    assert [keys[0][side] for side in ("x", "y", "width", "height")] == [10, 10, 50, 50]


def test_label_studio_goes_straight_between_key_frames_and_on_to_the_end(tmp_path: Path) -> None:
    size = VideoMeta(width=100, height=100)
    found = FORMATS["label-studio"].read(written(tmp_path / "a.json", region()), size).annotations
    assert [one.frame for one in found] == [0, 1, 2, 3, 4, 7, 8, 9]
    assert [one.box.x for one in found[:5]] == [0, 10, 20, 30, 40]
    # Turned by a quarter about its top-left corner: 50 across, to the left of it, and 25 down.
    assert list(found[-1].box) == pytest.approx([0, 0, 50, 25], abs=1e-9)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("label-studio", "[]", "holds 0 tasks"),
        ("label-studio", region(sequence=[{"frame": -1}]), "region 'x1': at sequence.0.frame"),
    ],
)
def test_what_cannot_be_read(name: str, text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=message):
        FORMATS[name].read(written(tmp_path / "a.txt", text), META)


def test_a_rate_that_nobody_knows(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="needs the frame rate: give --fps"):
        FORMATS["label-studio"].write(AnnotatedVideo.of([at(0)], VideoMeta("", 6, 4)), tmp_path / "a")
