"""What every format must do, run over the table of formats: read what it wrote, and say what cannot be done."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from tests.formats.making import META, NOTHING, ONE, at, many_targets, one_target, written
from tracker.errors import ConfigError, OutputError, SourceError
from tracker.formats.annotation import AnnotatedVideo, Annotation
from tracker.formats.registry import FORMATS
from tracker.tracking.result import TrackState


def trip(name: str, video: AnnotatedVideo) -> AnnotatedVideo:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a{FORMATS[name].suffixes[0]}"
        FORMATS[name].write(video, path)
        assert [file.name for file in Path(folder).iterdir()] == [path.name]  # nothing else is left
        return FORMATS[name].read(path, META)


@dataclass(frozen=True)
class Carries:
    """What of an annotation a format carries; `error` is that of the places, in pixels."""

    what: Callable[[Annotation], Annotation]
    error: float = 0.0


def hidden(one: Annotation) -> TrackState | None:
    return TrackState.OCCLUDED if one.state is TrackState.OCCLUDED else None


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
    "label-studio": Carries(lambda one: replace(one, confidence=None, state=None), 1e-9),
    "yolo": Carries(lambda one: replace(one, state=None, timestamp=None), 1e-3),
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
    kept = [one for one in video.annotations if one.seen or name in KEEPS_LOST]
    if name == "yolo" and not kept:
        return  # a folder without a frame tells nothing
    found = trip(name, video)
    compare(found, [MANY[name].what(one) for one in kept], MANY[name].error)
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
