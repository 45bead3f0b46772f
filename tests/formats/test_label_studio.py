"""Label Studio's VideoRectangle."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

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


def only_region(path: Path) -> dict[str, Any]:
    (task,) = json.loads(path.read_text())
    (found,) = task["annotations"][0]["result"]
    return dict(found)


@pytest.mark.parametrize("through", [(), ("csv",), ("jsonl",)])
def test_labels_rotation_and_names_come_through_and_back(through: tuple[str, ...], tmp_path: Path) -> None:
    size = VideoMeta("clip", 100, 100, 25.0)
    text = region(
        labels=["car", "red", "old"],
        sequence=[{"frame": 1, "enabled": False, "rotation": 30, "x": 40, "y": 30, "width": 20, "height": 10}],
    )
    path = written(tmp_path / "a.json", text)
    for name in (*through, "label-studio"):
        video = FORMATS["label-studio" if path.suffix == ".json" else path.suffix[1:]].read(path, size)
        path = tmp_path / f"b{FORMATS[name].suffixes[0]}"
        FORMATS[name].write(video, path)
    found = only_region(path)
    (key,) = found["value"]["sequence"]
    assert (found["id"], found["value"]["labels"]) == ("x1", ["car", "red", "old"])
    # The table keeps thousandths of a pixel.
    assert [key[side] for side in ("rotation", "x", "y", "width", "height")] == pytest.approx(
        [30, 40, 30, 20, 10], abs=2e-3
    )


def test_a_turned_rectangle_that_is_cut_off_is_written_as_the_box_in_the_frame(tmp_path: Path) -> None:
    turned = Annotation(0, 0, Box(-10, 10, 40, 30), extra={"angle": "20", "rw": "35", "rh": "20"})
    FORMATS["label-studio"].write(AnnotatedVideo.of([turned], META), tmp_path / "a.json")
    (key,) = only_region(tmp_path / "a.json")["value"]["sequence"]
    assert (key["rotation"], key["x"], key["width"] * 6.4) == (0, 0, 30)


def test_what_is_not_read_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    FORMATS["label-studio"].read(written(tmp_path / "a.json", region()), META)
    assert "the rectangles of its first annotation of 1, not what is of the type choices" in caplog.text


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
