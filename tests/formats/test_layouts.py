"""The layouts, character by character, and what else is read."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from tests.formats.making import META, NOTHING, ONE, at, region, written
from tracker.formats.annotation import AnnotatedVideo, Annotation, VideoMeta
from tracker.formats.registry import FORMATS
from tracker.geometry import Box
from tracker.tracking.result import TrackState

TEXTS = {
    "mot": "1,1,11.25,21.50,30.00,40.75,0.5000,-1,-1,-1\n",
    "mot-gt": "1,1,11.25,21.50,30.00,40.75,1,1,1\n",
    "otb": "11.25,21.50,30.00,40.75\nnan,nan,nan,nan\n13.25,21.50,30.00,40.75\nnan,nan,nan,nan\n",
    "got10k": "11.250,21.500,30.000,40.750\nnan,nan,nan,nan\n13.250,21.500,30.000,40.750\nnan,nan,nan,nan\n",
    "vot": "10.2500,20.5000,30.0000,40.7500\n0\n0\n0\n",
    "csv": "frame,timestamp,id,label,state,confidence,reason,x,y,w,h,cx,cy,angle,rw,rh,iterations,elapsed_ms\n"
    "0,,0,,,0.5,,10.25,20.5,30.0,40.75,25.25,40.875,,,,,\n"
    "2,,0,,lost,,,12.25,20.5,30.0,40.75,27.25,40.875,,,,,\n",
}


@pytest.mark.parametrize("name", TEXTS)
def test_text(name: str, tmp_path: Path) -> None:
    FORMATS[name].write(ONE, tmp_path / "a")
    assert (tmp_path / "a").read_bytes().decode() == TEXTS[name]


def test_cvat(tmp_path: Path) -> None:
    video = AnnotatedVideo.of([at(0, 0, "car"), at(1, 4, "ball", state=TrackState.OCCLUDED)], META)
    for path in (tmp_path / "a.zip", tmp_path / "b.zip"):
        FORMATS["cvat"].write(video, path)
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert archive.namelist() == ["gt/gt.txt", "gt/labels.txt"]
        assert archive.read("gt/labels.txt") == b"ball\ncar\n"
        assert archive.read("gt/gt.txt") == b"1,1,10.25,20.50,30.00,40.75,1,2,1\n2,5,11.25,20.50,30.00,40.75,1,1,0\n"
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_coco(tmp_path: Path) -> None:
    FORMATS["coco"].write(ONE, tmp_path / "a.json")
    document = json.loads((tmp_path / "a.json").read_text())
    assert document["videos"] == [{"id": 1, "name": "clip", "width": 640, "height": 480, "fps": 25.0}]
    assert [image["frame_id"] for image in document["images"]] == [0, 1, 2, 3]
    image = {"id": 1, "file_name": "000001.jpg", "width": 640, "height": 480, "frame_id": 0, "video_id": 1}
    assert document["images"][0] == image
    region = {"id": 1, "image_id": 1, "category_id": 1, "bbox": [10.25, 20.5, 30.0, 40.75], "area": 1222.5}
    assert document["annotations"] == [region | {"iscrowd": 0, "track_id": 1, "score": 0.5}]
    assert document["categories"] == [{"id": 1, "name": "target"}]


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


def test_yolo(tmp_path: Path) -> None:
    boxes = [Annotation(0, 3, Box(64, 48, 320, 240), "car", 0.5), Annotation(9, None, Box(0, 0, 64, 48), "ball")]
    FORMATS["yolo"].write(AnnotatedVideo.of(boxes, META), tmp_path / "a")
    files = {path.name: path.read_text() for path in (tmp_path / "a").iterdir()}
    assert files == {
        "classes.txt": "ball\ncar\n",
        "clip_1.txt": "1 0.350000 0.350000 0.500000 0.500000 0.500000 4\n",
        "clip_10.txt": "0 0.050000 0.050000 0.100000 0.100000\n",
    }


BOX = Box(1, 2, 30, 40)


@pytest.mark.parametrize(
    "text",
    [
        "3,5,2,3,30,40,0.5,-1,-1,-1\n",
        "3,5,2,3,30,40,0.5,-1,-1,-1,\n",
        "3, 5, 2.0, 3.0, 30, 40, 0.5\n",
        "\ufeff3,5,2,3,30,40,0.5\r\n\r\n",
        "3 5 2 3 30 40 0.5",
        "3.0,5.0,2,3,30,40,0.5",
        "3,5,2,3,30,40,0.5\n4,5,nan,3,30,40,1\n5,5,2,3,0,40,1\n",
    ],
)
def test_motchallenge_in_its_variants(text: str, tmp_path: Path) -> None:
    found = FORMATS["mot"].read(written(tmp_path / "a.txt", text), NOTHING)
    assert found.annotations == (Annotation(2, 4, BOX, confidence=0.5),)


def test_motchallenge_truth_and_detections(tmp_path: Path) -> None:
    text = "1,1,2,3,30,40,1,3,0.5\n1,2,2,3,30,40,0,12,0\n1,3,2,3,30,40,1,99,1\n2,-1,2,3,30,40,0.25,-1,-1,-1\n"
    assert FORMATS["mot"].read(written(tmp_path / "gt.txt", text), NOTHING).annotations == (
        Annotation(0, 0, BOX, "Car", 1.0),
        Annotation(0, 1, BOX, "Reflection", 0.0, TrackState.OCCLUDED),
        Annotation(0, 2, BOX, "", 1.0),
        Annotation(1, None, BOX, "", 0.25),
    )


@pytest.mark.parametrize(
    "text", ["2,3,30,40\nnan,nan,nan,nan\n2,3,0,0", "2\t3\t30\t40\r\n0 0 0 0\nNaN NaN NaN NaN\r\n"]
)
@pytest.mark.parametrize("name", ["otb", "got10k"])
def test_one_target_formats_in_their_variants(name: str, text: str, tmp_path: Path) -> None:
    found = FORMATS[name].read(written(tmp_path / "a.txt", text), NOTHING)
    assert found.annotations == (Annotation(0, 0, BOX),)
    assert found.frame_count == 3


def test_vot_regions(tmp_path: Path) -> None:
    lines = [
        "1",
        "1,2,30,40",
        "2",
        "0",
        "nan,nan,nan,nan",
        "1,2,31,2,31,42,1,42",
        "16,2,31,22,16,42,1,22",
        "nan," * 7 + "1",
    ]
    found = FORMATS["vot"].read(written(tmp_path / "a.txt", "\n".join(lines)), NOTHING)
    assert found.annotations == tuple(Annotation(frame, 0, BOX) for frame in (1, 5, 6))
    assert found.frame_count == 8


def test_a_table_of_any_tool(tmp_path: Path) -> None:
    found = FORMATS["csv"].read(
        written(tmp_path / "a.csv", "\ufeffw, h, x, y\r\n30,40,1,2\r\n,,,\r\n30,40,1,2\r\n"), NOTHING
    )
    assert found.annotations == (Annotation(0, 0, BOX), Annotation(2, 0, BOX))
    assert found.frame_count == 3


def test_label_studio_goes_straight_between_key_frames_and_on_to_the_end(tmp_path: Path) -> None:
    size = VideoMeta(width=100, height=100)
    found = FORMATS["label-studio"].read(written(tmp_path / "a.json", region()), size).annotations
    assert [one.frame for one in found] == [0, 1, 2, 3, 4, 7, 8, 9]
    assert [one.box.x for one in found[:5]] == [0, 10, 20, 30, 40]
    # Turned by a quarter about its top-left corner: 50 across, to the left of it, and 25 down.
    assert list(found[-1].box) == pytest.approx([0, 0, 50, 25], abs=1e-9)


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
