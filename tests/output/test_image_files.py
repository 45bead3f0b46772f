from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import pytest

from tracker.errors import OutputError
from tracker.output.image_files import ImageFilesSink
from tracker.video.base import Frame

MakeFrame = Callable[..., Frame]


@pytest.mark.parametrize(
    ("name", "files"), [("%06d.png", ["000003.png", "000012.png"]), ("a 50% %d.jpg", ["a 50% 12.jpg", "a 50% 3.jpg"])]
)
def test_each_frame_has_a_file_with_its_number(
    tmp_path: Path, make_frame: MakeFrame, name: str, files: list[str]
) -> None:
    with ImageFilesSink(tmp_path / name) as sink:
        for index in (3, 12):
            sink.write(make_frame(index), [])
    assert sorted(path.name for path in tmp_path.iterdir()) == files
    assert cv2.imread(str(tmp_path / files[0])).shape == (48, 64, 3)


def test_an_existing_file_is_kept_unless_told_otherwise(tmp_path: Path, make_frame: MakeFrame) -> None:
    (tmp_path / "3.png").write_bytes(b"mine")
    with pytest.raises(OutputError, match="exists already"):
        ImageFilesSink(tmp_path / "%d.png").write(make_frame(3), [])
    ImageFilesSink(tmp_path / "%d.png", overwrite=True).write(make_frame(3), [])
    assert (tmp_path / "3.png").read_bytes() != b"mine"


@pytest.mark.parametrize("name", ["one.png", "%s.png", "frames.jpg"])
def test_a_name_without_a_number_is_refused_with_one_that_has(tmp_path: Path, name: str) -> None:
    with pytest.raises(OutputError, match=r"-%06d\.(png|jpg)"):
        ImageFilesSink(tmp_path / name)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="does not exist"):
        ImageFilesSink(tmp_path / "none" / "%d.png")
