"""Numbers that begin elsewhere: read from the file, not assumed."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.formats.making import META, NOTHING, at, written
from tracker.errors import SourceError
from tracker.formats.annotation import AnnotatedVideo, VideoMeta
from tracker.formats.numbering import class_names, class_numbers, counted_from_zero
from tracker.formats.registry import FORMATS

KNOWN = VideoMeta("clip", 640, 480, 25.0)
"""A video of unknown length."""


def rows_of(numbers: list[tuple[int, int]], line: str) -> str:
    return "".join(line.format(frame=frame, id=number) for frame, number in numbers)


def coco(numbers: list[tuple[int, int]]) -> str:
    images = [{"id": frame + 5, "frame_id": frame} for frame in sorted({frame for frame, _ in numbers})]
    regions = [
        {"id": k, "image_id": frame + 5, "category_id": 0, "bbox": [1, 2, 30, 40], "track_id": number}
        for k, (frame, number) in enumerate(numbers)
    ]
    return json.dumps({"images": images, "annotations": regions, "categories": [{"id": 0, "name": "car"}]})


def cvat_coco(numbers: list[tuple[int, int]], name: str = "frame_{:06d}.PNG") -> str:
    """Return what CVAT exports: no frame_id, tracks among the attributes."""
    frames = sorted({frame for frame, _ in numbers})
    images = [{"id": k, "file_name": name.format(frame)} for k, frame in enumerate(frames, 1)]
    regions = [
        {"id": k, "image_id": frames.index(frame) + 1, "category_id": 1, "bbox": [1, 2, 30, 40],
         "attributes": {"occluded": bool(k % 2), "track_id": number, "keyframe": True}}
        for k, (frame, number) in enumerate(numbers)
    ]  # fmt: skip
    return json.dumps({"images": images, "annotations": regions, "categories": [{"id": 1, "name": "car"}]})


def make(name: str, folder: Path, numbers: list[tuple[int, int]]) -> Path:
    """Write a file in which the targets have these numbers of frame and target."""
    path = folder / f"a{FORMATS[name].suffixes[0]}"
    if name == "yolo":
        path = folder / "a"
        path.mkdir()
        for frame, number in numbers:
            with (path / f"clip_{frame}.txt").open("a") as file:
                file.write(f"0 .5 .5 .1 .1 {number}\n")
        return path
    if name == "cvat":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("gt/gt.txt", rows_of(numbers, "{frame},{id},1,2,30,40,1,1,1\n"))
        return path
    texts = {
        "mot": lambda: rows_of(numbers, "{frame},{id},1,2,30,40,1,-1,-1,-1\n"),
        "mot-gt": lambda: rows_of(numbers, "{frame},{id},1,2,30,40,1,1,1\n"),
        "csv": lambda: "frame,id,x,y,w,h\n" + rows_of(numbers, "{frame},{id},1,2,30,40\n"),
        "coco": lambda: coco(numbers),
    }
    return written(path, texts[name]())


COUNTED_FROM_ONE = ["mot", "mot-gt", "yolo", "cvat"]


def found(video: AnnotatedVideo) -> list[tuple[int, int | None]]:
    return [(one.frame, one.id) for one in video.annotations]


@pytest.mark.parametrize("name", COUNTED_FROM_ONE)
@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ([(1, 1), (4, 2)], [(0, 0), (3, 1)]),
        ([(1, 0), (4, 3)], [(0, 0), (3, 3)]),
        ([(0, 1), (4, 2)], [(0, 0), (4, 1)]),
        ([(0, 0), (4, 2)], [(0, 0), (4, 2)]),
        ([(3, 5), (4, 5)], [(2, 4), (3, 4)]),
    ],
)
def test_formats_that_count_from_one(
    name: str, numbers: list[tuple[int, int]], expected: list[tuple[int, int]], tmp_path: Path
) -> None:
    assert found(FORMATS[name].read(make(name, tmp_path, numbers), KNOWN)) == expected


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [([(0, 0), (4, 3)], [(0, 0), (4, 3)]), ([(0, 1), (4, 3)], [(0, 0), (4, 2)]), ([(3, 1)], [(3, 0)])],
)
def test_coco_counts_frames_from_zero_and_tracks_from_what_is_there(
    numbers: list[tuple[int, int]], expected: list[tuple[int, int]], tmp_path: Path
) -> None:
    video = FORMATS["coco"].read(make("coco", tmp_path, numbers), KNOWN)
    assert found(video) == expected
    assert {one.label for one in video.annotations} == {"car"}


@pytest.mark.parametrize(
    ("name", "expected"),
    [("frame_{:06d}.PNG", [(2, 0), (3, 7)]), ("{:08d}.jpg", [(1, 0), (2, 7)]), ("shot.png", [(0, 0), (1, 7)])],
)
def test_coco_as_cvat_exports_it(name: str, expected: list[tuple[int, int]], tmp_path: Path) -> None:
    video = FORMATS["coco"].read(written(tmp_path / "a.json", cvat_coco([(2, 0), (3, 7)], name)), KNOWN)
    assert found(video) == expected
    assert [one.state is not None for one in video.annotations] == [False, True]


@pytest.mark.parametrize("name", ["csv", "coco"])
def test_a_last_frame_that_the_video_has_not_tells_that_counting_begins_at_one(name: str, tmp_path: Path) -> None:
    path = make(name, tmp_path, [(3, 0), (12, 0)])
    assert [frame for frame, _ in found(FORMATS[name].read(path, META))] == [2, 11]
    assert [frame for frame, _ in found(FORMATS[name].read(path, replace(META, frame_count=13)))] == [3, 12]


@pytest.mark.parametrize("name", [*COUNTED_FROM_ONE, "csv", "coco"])
@pytest.mark.parametrize("first", [0, 1])
def test_the_first_number_can_be_given(name: str, first: int, tmp_path: Path) -> None:
    path = make(name, tmp_path, [(3, 1), (12, 1)])
    frames = [frame for frame, _ in found(FORMATS[name].read(path, replace(META, first_frame=first)))]
    assert frames == [3 - first, 12 - first]


def test_a_frame_before_the_first_one_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="frame 0, but frames are counted from 1: give the number"):
        FORMATS["mot"].read(make("mot", tmp_path, [(0, 1)]), VideoMeta(first_frame=1))


@pytest.mark.parametrize("name", ["mot", "csv", "coco", "cvat"])
def test_no_number_is_below_zero_and_the_table_can_be_converted_again(name: str, tmp_path: Path) -> None:
    first = FORMATS[name].read(make(name, tmp_path, [(1, 0), (2, 0)]), KNOWN)
    FORMATS["csv"].write(first, tmp_path / "b.csv")
    again = FORMATS["csv"].read(tmp_path / "b.csv", NOTHING)
    assert found(again) == found(first)
    assert all(number == 0 for _, number in found(again))
    FORMATS["mot"].write(again, tmp_path / "c.txt")
    assert found(FORMATS["mot"].read(tmp_path / "c.txt", NOTHING)) == found(first)


def test_a_number_that_no_video_has(tmp_path: Path) -> None:
    huge: list[Callable[[], Path]] = [
        lambda: written(tmp_path / "a.csv", "frame,x,y,w,h\n99999999999,1,2,3,4\n"),
        lambda: written(tmp_path / "a.txt", "99999999999,1,2,3,30,40,1\n"),
    ]
    for make_one, name in zip(huge, ("csv", "mot"), strict=True):
        with pytest.raises(SourceError, match="frame 99999999999 is in no video"):
            FORMATS[name].read(make_one(), NOTHING)


def test_annotations_are_not_changed_where_nothing_is_to_be_changed() -> None:
    given = [at(0), at(3)]
    assert counted_from_zero(given, NOTHING, usual_frame=0) == given


@pytest.mark.parametrize(
    ("labels", "known", "first", "numbers"),
    [
        ({"b", "a"}, {}, 0, {"a": 0, "b": 1}),
        ({"b", "a"}, {}, 1, {"a": 1, "b": 2}),
        ({"b", "a", "z"}, {0: "b", 4: "unused"}, 0, {"b": 0, "unused": 4, "a": 1, "z": 2}),
        ({"2", "a"}, {}, 0, {"2": 2, "a": 0}),
        ({"0", "a"}, {}, 1, {"0": 1, "a": 2}),
        ({"2", "007", "123456"}, {1: "one"}, 1, {"one": 2, "007": 1, "123456": 3, "2": 4}),
    ],
)
def test_numbers_of_classes(labels: set[str], known: dict[int, str], first: int, numbers: dict[str, int]) -> None:
    assert class_numbers(labels, known, first) == numbers


def test_names_of_classes_have_no_gaps() -> None:
    assert class_names({"b": 3, "a": 1}, 1) == ["a", "2", "b"]
    assert class_names({}, 1) == []
