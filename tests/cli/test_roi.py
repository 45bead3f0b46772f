from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tracker.cli.roi import read_roi_file, wanted
from tracker.errors import BoxError, ConfigError
from tracker.video.base import Frame

TRUTH = "x,y,w,h\n1,2,30,40\nnan,nan,nan,nan\n3,4,31,41\n"
OWN = "frame,timestamp,id,label,x,y,w,h\n7,0.1,4,car,1,2,30,40\n8,0.2,4,car,3,4,31,41\n"
MOT = "8,2,2.0,3.0,30,40,1,-1,-1,-1\n9,2,4,5,31,41,1,-1,-1,-1\n"
ONE_ROW = ["frame,x,y,w,h\n40,1,2,30,40\n", "41,1,2,3,30,40,1,-1,-1,-1\n", '{"frame":40,"x":1,"y":2,"w":30,"h":40}']


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


@pytest.mark.parametrize("text", ONE_ROW)
def test_a_row_of_a_frame_counts_for_its_frame_though_it_is_the_only_one(text: str, tmp_path: Path) -> None:
    assert box(text, 40, tmp_path) == [1, 2, 30, 40]
    with pytest.raises(BoxError, match=r"no box for frame 0: begin at a frame with --start 40$"):
        box(text, 0, tmp_path)


def test_name_and_number_of_the_only_target_are_kept(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(OWN)
    found = wanted((), str(tmp_path / "a.csv"))
    assert (found.label, found.id, found.several) == ("car", 4, ())
    (several,) = wanted((), str(tmp_path / "a.csv"), several=True).several
    assert (several.label, several.id) == ("car", 4)


def test_a_file_of_several_is_no_file_of_one(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(OWN + "8,0.2,9,,3,4,31,41\n")
    with pytest.raises(ConfigError, match=r"holds 2 targets \(car, #9\): give a file of one"):
        read_roi_file(tmp_path / "a.csv")
    assert [(one.id, one.label) for one in wanted((), str(tmp_path / "a.csv")).several] == [(4, "car"), (9, "")]


def test_places_in_shares_of_the_frame_need_its_size(tmp_path: Path) -> None:
    (tmp_path / "labels").mkdir()
    (tmp_path / "labels" / "clip_1.txt").write_text("0 .5 .5 .1 .1 1\n")
    with pytest.raises(ConfigError, match="give --size WxH or --video FILE, to tracker convert"):
        read_roi_file(tmp_path / "labels")
