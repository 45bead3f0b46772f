"""What every format must do, run over the table of formats: read what it wrote, and say what cannot be done."""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from tests.formats.making import META, NOTHING, ONE, at, many_targets, one_target, written
from tracker.errors import ConfigError, OutputError, SourceError
from tracker.formats.annotation import AnnotatedVideo, Annotation
from tracker.formats.registry import FORMATS
from tracker.geometry import Box
from tracker.tracking.result import TrackState


def trip(name: str, video: AnnotatedVideo) -> AnnotatedVideo:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a{FORMATS[name].suffixes[0]}"
        FORMATS[name].write(video, path)
        assert [file.name for file in Path(folder).iterdir()] == [path.name]  # nothing else is left
        return FORMATS[name].read(path, META)


@dataclass(frozen=True)
class Carries:
    """What of an annotation a format carries, None for nothing; `error` is that of the places, in pixels."""

    what: Callable[[Annotation], Annotation | None]
    error: float = 0.0


def hidden(one: Annotation) -> TrackState | None:
    return TrackState.OCCLUDED if one.state is TrackState.OCCLUDED else None


def inside(one: Annotation) -> Annotation | None:
    """Return the part in the frame, for formats whose places are shares of it."""
    box = one.box.clipped(640, 480)
    return replace(one, box=box, state=None) if box.area > 0 else None


MANY = {
    "csv": Carries(lambda one: one),
    "jsonl": Carries(lambda one: one),
    "mot": Carries(lambda one: replace(one, label="", state=None, timestamp=None)),
    "mot-gt": Carries(
        lambda one: replace(
            one,
            label=one.label if one.label == "Car" else "Pedestrian",
            confidence=1.0,
            state=hidden(one),
            timestamp=None,
        )
    ),
    "cvat": Carries(lambda one: replace(one, confidence=1.0, state=hidden(one), timestamp=None)),
    "coco": Carries(lambda one: replace(one, state=None, timestamp=None)),
    "label-studio": Carries(lambda one: inside(replace(one, confidence=None)), 1e-9),
    "yolo": Carries(lambda one: inside(replace(one, timestamp=None)), 1e-3),
}
KEEPS_LOST = {"csv", "jsonl"}


def compare(found: AnnotatedVideo, expected: list[Annotation], error: float) -> None:
    boxes = [one.box for one in found.annotations]
    assert [replace(one, box=box) for one, box in zip(expected, boxes, strict=True)] == list(found.annotations)
    for one, box in zip(expected, boxes, strict=True):
        assert tuple(box) == pytest.approx(tuple(one.box), abs=error, rel=0)


@pytest.mark.parametrize("name", MANY)
@settings(deadline=None, max_examples=40)
@given(video=many_targets())
def test_many_targets(name: str, video: AnnotatedVideo) -> None:
    carried = [MANY[name].what(one) for one in video.annotations if one.seen or name in KEEPS_LOST]
    kept = [one for one in carried if one is not None]
    if name == "yolo" and not kept:
        return  # a folder without a frame tells nothing
    found = trip(name, video)
    compare(found, kept, MANY[name].error)
    assert found.frame_count == video.frame_count


@pytest.mark.parametrize("name", ["otb", "got10k", "vot"])
@settings(deadline=None, max_examples=40)
@given(video=one_target())
def test_one_target(name: str, video: AnnotatedVideo) -> None:
    found = trip(name, video)
    assert found.annotations == video.annotations
    assert found.frame_count == video.frame_count


def test_every_format_is_tried() -> None:
    assert {*MANY, "otb", "got10k", "vot"} == set(FORMATS)


COCO = {
    "videos": [{"id": 7, "name": "clip", "width": 640, "height": 480, "fps": 25.0}],
    "images": [{"id": 3 + k, "file_name": f"{k}.png", "frame_id": k, "video_id": 7} for k in range(3)],
    "categories": [{"id": 90, "name": "toothbrush"}, {"id": 1, "name": "person"}, {"id": 2, "name": "bicycle"}],
    "annotations": [
        {"id": 4, "image_id": 3, "category_id": 2, "bbox": [1, 2, 30, 40], "track_id": 0, "iscrowd": 1},
        {"id": 5, "image_id": 4, "category_id": 90, "bbox": [1, 2, 30, 40], "track_id": 3, "visibility": 0.25},
        {"id": 6, "image_id": 5, "category_id": 1, "bbox": [1, 2, 30, 40], "score": 12.5,
         "attributes": {"occluded": True, "color": "red"}},
    ],
}  # fmt: skip
OWN = {
    "csv": (
        "frame,id,x,y,w,h,state,reason,cx,cy,angle,rw,rh,iterations,elapsed_ms,visibility,ignored,weather,note\n"
        '0,5,1,2,30,40,occluded,weak,17.5,22.25,-30.5,30,40,4,0.251,0.5,1,rain,"a, b"\n'
        "1,5,1,2,30,40,tracking,,16,22,,,,3,0.25,,0,,\n"
    ),
    "jsonl": (
        '{"x": 1, "y": 2, "w": 30, "h": 40, "id": 3, "reason": "weak", "iterations": 4, "angle": -1.5, "tags": ["a"]}\n'
        '{"x": 1, "y": 2, "w": 30, "h": 40, "id": 3, "ignored": true, "visibility": 0.125, "sure": false}\n'
    ),
    "mot": "1,1,2,3,30,40,-0.25,1.5,2.25,0\n2,-1,2,3,30,40,32.5,-1,-1,-1\n3,4,2,3,30,40,7,-1,-1,-1\n",
    "mot-gt": "1,1,2,3,30,40,0,7,0.33\n2,1,2,3,30,40,1,12,0\n2,2,2,3,30,40,1,99,1\n",
    "coco": json.dumps(COCO),
}
"""Files with all that a format has beyond boxes and names."""


def own(name: str, folder: Path) -> Path:
    """Return a file or folder of a format with all that it has of its own."""
    path = folder / f"own{FORMATS[name].suffixes[0]}"
    if name == "cvat":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("gt/gt.txt", "1,1,2,3,30,40,0,2,0.33\n2,1,2,3,30,40,1,1,0\n2,2,2,3,30,40,1,2,1\n")
            archive.writestr("gt/labels.txt", "zebra\ncar\nunused\n")
    elif name.startswith("yolo"):
        path = folder / "own"
        path.mkdir()
        written(path / "clip_1.txt", "1 .5 .5 .25 .25 0.5 3\n0 .5 .5 .25 .25\n")
        written(path / "clip_3.txt", "3 .5 .5 .25 .25 1\n")
    else:
        written(path, OWN[name])
    return path


@pytest.mark.parametrize("name", [*OWN, "cvat", "yolo"])
def test_what_a_format_has_of_its_own_comes_back(name: str, tmp_path: Path) -> None:
    source = own(name, tmp_path)
    if name == "yolo":
        written(source / "classes.txt", "zebra\ncar\nunused\nant\n")
    first = FORMATS[name].read(source, META)
    again = trip(name, first)
    assert again.annotations == first.annotations
    assert again.meta.classes == first.meta.classes
    fields = [one for one in first.annotations if one.ignored or one.visibility or one.extra or one.confidence]
    assert fields


def test_classes_without_names_keep_their_numbers(tmp_path: Path) -> None:
    first = FORMATS["yolo"].read(own("yolo", tmp_path), META)
    assert sorted(one.label for one in first.annotations) == ["0", "1", "3"]
    FORMATS["yolo"].write(first, tmp_path / "again")
    assert (tmp_path / "again" / "own_1.txt").exists() or (tmp_path / "again" / "clip_1.txt").exists()
    assert not (tmp_path / "again" / "classes.txt").exists()
    assert FORMATS["yolo"].read(tmp_path / "again", META).annotations == first.annotations


def test_values_stay_in_the_range_of_the_format(tmp_path: Path) -> None:
    boxes = [Box(-50, -60, 100, 90), Box(600, 400, 500, 500), Box(-20, 0, 10, 10), Box(0, 500, 20, 20)]
    found = [Annotation(k, 0, box, "car", 1.5 - 2 * (k % 2)) for k, box in enumerate(boxes)]
    video = AnnotatedVideo.of(found, META)
    FORMATS["yolo"].write(video, tmp_path / "yolo")
    lines = [path.read_text().split() for path in sorted((tmp_path / "yolo").glob("clip_*.txt"))]
    assert [float(line[5]) for line in lines] == [1.0, 0.0]
    for line in lines:
        x, y, across, down = map(float, line[1:5])
        assert all(-1e-6 <= v <= 1 + 1e-6 for v in (x - across / 2, x + across / 2, y - down / 2, y + down / 2))
    FORMATS["label-studio"].write(video, tmp_path / "a.json")
    (task,) = json.loads((tmp_path / "a.json").read_text())
    keys = task["annotations"][0]["result"][0]["value"]["sequence"]
    assert len(keys) == 2
    for key in keys:
        assert 0 <= key["x"] <= key["x"] + key["width"] <= 100 + 1e-9
        assert 0 <= key["y"] <= key["y"] + key["height"] <= 100 + 1e-9


@pytest.mark.parametrize("name", ["csv", "jsonl", "mot", "coco", "yolo"])
def test_detections_have_no_number(name: str) -> None:
    video = AnnotatedVideo.of([at(0, None, "Car"), at(0, None, "Car", confidence=0.5)], META)
    assert [one.id for one in trip(name, video).annotations] == [None, None]


@pytest.mark.parametrize("name", ["coco", "cvat", "label-studio", "yolo"])
def test_a_target_without_a_name_is_a_target(name: str) -> None:
    found = trip(name, AnnotatedVideo.of([at(0), at(1, 1, "car")], META))
    assert [one.label for one in found.annotations] == ["target", "car"]


def test_files_that_are_not_there(tmp_path: Path) -> None:
    for name, kind in FORMATS.items():
        with pytest.raises(SourceError, match="none"):
            kind.read(tmp_path / "none", META)
        assert name
    written(tmp_path / "bytes", "ÿþ", encoding="latin-1")
    with pytest.raises(SourceError, match="it is no text"):
        FORMATS["otb"].read(tmp_path / "bytes", META)


@pytest.mark.parametrize("name", ["coco", "label-studio", "yolo"])
def test_a_size_that_nobody_knows(name: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="needs the size of the frames: give --size"):
        FORMATS[name].write(AnnotatedVideo.of([at(0)], NOTHING), tmp_path / "a")
    assert not list(tmp_path.iterdir())


def test_places_that_cannot_be_written(tmp_path: Path) -> None:
    for name in FORMATS:
        with pytest.raises(OutputError, match="cannot write"):
            FORMATS[name].write(ONE, tmp_path / "missing" / "a")
    written(tmp_path / "a.txt", "")
    with pytest.raises(OutputError, match="not empty"):
        FORMATS["yolo"].write(ONE, tmp_path)
