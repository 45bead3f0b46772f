"""COCO video JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.formats.making import META, ONE, written
from tracker.errors import SourceError
from tracker.formats.registry import FORMATS


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


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("coco", "{", "no COCO video document: .*line 1"),
        ("coco", '{"images": [{"id": "one"}], "annotations": [], "categories": []}', "at images.0.id"),
        (
            "coco",
            '{"images": [], "annotations": [{"id": 5, "image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4]}],'
            ' "categories": []}',
            "annotation 5 names an image",
        ),
        ("coco", '{"videos": [{"id": 1}, {"id": 2}], "images": [], "annotations": [], "categories": []}', "several"),
    ],
)
def test_what_cannot_be_read(name: str, text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=message):
        FORMATS[name].read(written(tmp_path / "a.txt", text), META)
