from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tracker.cli.roi import read_roi_file
from tracker.errors import BoxError, ConfigError
from tracker.video.base import Frame

TRUTH = "x,y,w,h\n1,2,30,40\nnan,nan,nan,nan\n3,4,31,41\n"
OWN = "frame,timestamp,id,label,x,y,w,h\n7,0.1,0,,1,2,30,40\n7,0.1,1,,50,50,5,5\n8,0.2,0,,3,4,31,41\n"
MOT = "8,2,2.0,3.0,30,40,1,-1,-1,-1\n8,5,90,90,9,9,1,-1,-1,-1\n9,2,4,5,31,41,1,-1,-1,-1\n"


def box(text: str, index: int, folder: Path) -> list[float]:
    path = folder / "boxes.txt"
    path.write_text(text)
    return list(read_roi_file(path)(Frame(np.zeros((100, 100, 3), np.uint8), index, 0.0)))


@pytest.mark.parametrize(
    ("text", "index", "expected"),
    [
        (TRUTH, 0, [1, 2, 30, 40]),
        (TRUTH, 2, [3, 4, 31, 41]),
        ("\ufeffx, y, w, h\r\n1, 2, 30, 40\r\n3,4,31,41\r\n", 1, [3, 4, 31, 41]),
        (OWN, 7, [1, 2, 30, 40]),
        (OWN, 8, [3, 4, 31, 41]),
        (MOT, 7, [1, 2, 30, 40]),
        (MOT, 8, [3, 4, 31, 41]),
        ("2,3,30,40\n4,5,31,41\n", 1, [3, 4, 31, 41]),
        ("2\t3\t30\t40\n4\t5\t31\t41\n", 1, [3, 4, 31, 41]),
        ("2 3 30 40\n\n", 0, [1, 2, 30, 40]),
        ("2,3,30,40\n", 50, [1, 2, 30, 40]),  # the only box there is
    ],
)
def test_reads_the_box_of_the_first_frame(text: str, index: int, expected: list[float], tmp_path: Path) -> None:
    assert box(text, index, tmp_path) == expected


@pytest.mark.parametrize(("text", "index", "start"), [(TRUTH, 1, 0), (OWN, 0, 7), (MOT, 0, 7)])
def test_no_box_for_the_first_frame(text: str, index: int, start: int, tmp_path: Path) -> None:
    with pytest.raises(BoxError, match=f"no box for frame {index}.*--start {start}$"):
        box(text, index, tmp_path)


@pytest.mark.parametrize("text", ["", "hello\n", "x,y,w,h\n", "nan,nan,nan,nan\n", "1,2,0,0\n", "1,2,3\n"])
def test_no_box_at_all(text: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="holds no box"):
        box(text, 0, tmp_path)


def test_unreadable_files(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="No such file"):
        read_roi_file(tmp_path / "missing.csv")
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\x00\x81")
    with pytest.raises(ConfigError, match="it is no text"):
        read_roi_file(tmp_path / "bytes")
