"""One bad member of a file (a line, a region, a file of a folder) does not end the good ones, but is not hidden."""

from __future__ import annotations

import json
import logging
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.formats.making import META, region, written
from tracker.errors import SourceError
from tracker.formats.registry import FORMATS


@pytest.fixture(autouse=True)
def warnings_are_kept(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    with caplog.at_level(logging.WARNING, logger="tracker"):
        yield


GOOD = {
    "csv": ["{frame},1,2,30,40,tracking"],
    "jsonl": ['{{"frame": {frame}, "x": 1, "y": 2, "w": 30, "h": 40}}'],
    "mot": ["{one},1,2,3,30,40,1,-1,-1,-1"],
    "mot-gt": ["{one},1,2,3,30,40,1,1,1"],
    "otb": ["2,3,30,40"],
    "got10k": ["2.000,3.000,30.000,40.000"],
    "vot": ["1,2,30,40"],
}
BAD = {
    "csv": ["9,1,2,three,40,tracking", "9,1,2", "-4,1,2,30,40,tracking", "9,1,2,30,40,seen", "x,1,2,30,40,lost"],
    "jsonl": ['{"frame": 9, "x": 1', "[1, 2]", '{"frame": 9}', '{"frame": 1.5, "x": 1, "y": 2, "w": 3, "h": 4}', "NaN"],
    "mot": ["9,1,2,3", "9,1,2,3,x,40,1,-1,-1,-1", "1.5,1,2,3,30,40,1,-1,-1,-1", "-9,1,2,3,30,40,1", "frame,id,x,y,w,h"],
    "mot-gt": ["9,1,2,3,30,40,1,1.5,1", "9,1,2,3,30,40,1,car,1", "9,1,2"],
    "otb": ["2,3,30", "2,3,thirty,40", "2,3,30,40,50"],
    "got10k": ["2,3,30", ",,,x"],
    "vot": ["1,2,3", "m1,2,3,4,5", "1,2,3,4,5,6,7"],
}
HEADER = {"csv": "frame,x,y,w,h,state\n"}
EACH_IS_A_FRAME = ("otb", "got10k", "vot")


def text_of(name: str, bad: str, good: int, at: int) -> str:
    lines = [GOOD[name][0].format(frame=frame, one=frame + 1) for frame in range(good)]
    return HEADER.get(name, "") + "\n".join([*lines[:at], bad, *lines[at:]]) + "\n"


@pytest.mark.parametrize(("name", "bad"), [(name, bad) for name, lines in BAD.items() for bad in lines])
@pytest.mark.parametrize("at", [0, 2, 4])
def test_a_bad_line(name: str, bad: str, at: int, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = written(tmp_path / "a.txt", text_of(name, bad, 4, at))
    video = FORMATS[name].read(path, META)
    frames = [one.frame for one in video.annotations]
    shifted = [frame + (frame >= at) for frame in range(4)] if name in EACH_IS_A_FRAME else list(range(4))
    assert frames == shifted
    (record,) = caplog.records
    assert "1 of 5" in record.getMessage()
    assert f"a.txt, line {at + 1 + (name == 'csv')}" in record.getMessage()


@pytest.mark.parametrize("name", BAD)
def test_as_many_bad_lines_as_good_ones_are_another_format(name: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="line "):
        FORMATS[name].read(written(tmp_path / "a.txt", text_of(name, BAD[name][0], 1, 1)), META)


def test_a_row_without_a_frame_counts_though_it_is_bad(tmp_path: Path) -> None:
    text = "x,y,w,h\n1,2,30,40\n1,2,x,40\n1,2,30,40\n"
    video = FORMATS["csv"].read(written(tmp_path / "a.csv", text), META)
    assert [one.frame for one in video.annotations] == [0, 2]


def test_a_bad_line_in_an_archive(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("gt/gt.txt", text_of("mot-gt", "9,1", 4, 2))
    assert len(FORMATS["cvat"].read(tmp_path / "a.zip", META).annotations) == 4
    assert "1 of 5 lines passed over" in caplog.text


@pytest.mark.parametrize(
    "bad",
    [
        {"id": 9, "image_id": 99, "category_id": 1, "bbox": [1, 2, 3, 4]},
        {"id": 9, "image_id": 1, "category_id": 99, "bbox": [1, 2, 3, 4]},
        {"id": 9, "image_id": 1, "category_id": 1},
        {"id": 9, "image_id": 1, "category_id": 1, "bbox": [1, 2, 3]},
        "no annotation",
    ],
)
def test_a_bad_annotation_of_coco(bad: object, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    images = [{"id": k + 1, "frame_id": k} for k in range(3)]
    good = [{"id": k, "image_id": k + 1, "category_id": 1, "bbox": [1, 2, 3, 4], "track_id": 1} for k in range(3)]
    document = {"images": images, "annotations": [good[0], bad, *good[1:]], "categories": [{"id": 1, "name": "car"}]}
    video = FORMATS["coco"].read(written(tmp_path / "a.json", json.dumps(document)), META)
    assert [one.frame for one in video.annotations] == [0, 1, 2]
    assert "1 of 4 annotations passed over" in caplog.text
    document["annotations"] = [good[0], bad]
    with pytest.raises(SourceError, match="annotation"):
        FORMATS["coco"].read(written(tmp_path / "a.json", json.dumps(document)), META)


def test_a_bad_region_of_label_studio(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (task,) = json.loads(region())
    (answer,) = task["predictions"]
    good = answer["result"][1]
    answer["result"] = [good, {**good, "id": "x2", "value": {"sequence": [{"frame": "one"}]}}, {**good, "id": "x3"}]
    video = FORMATS["label-studio"].read(written(tmp_path / "a.json", json.dumps([task])), META)
    assert {one.id for one in video.annotations} == {0, 1}
    assert "1 of 3 regions passed over" in caplog.text
    assert "x2" in caplog.text


def test_a_bad_file_of_yolo(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    for frame in (1, 2, 3):
        written(tmp_path / f"clip_{frame}.txt", "0 .5 .5 .1 .1 1\n")
    written(tmp_path / "clip_4.txt", "0 .5 .5 .1 .1 1\n0 .5\n0 .5 .5 .2 .2 2\n")
    (tmp_path / "clip_5.txt").write_bytes(b"\xff\xfe")
    written(tmp_path / "notes.txt", "hello")
    written(tmp_path / "todo2.txt", "hello")
    video = FORMATS["yolo"].read(tmp_path, META)
    assert [one.frame for one in video.annotations] == [0, 1, 2, 3, 3]
    assert len(caplog.records) == 4
    for word in ("notes.txt is passed over", "1 files are passed over", "1 of 3 lines", "1 of 5 files"):
        assert word in caplog.text
