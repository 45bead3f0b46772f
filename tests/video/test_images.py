import logging
import struct
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.video.bombs import BOMBS
from tracker.errors import ConfigError, FrameError, SourceError
from tracker.video.recording import MAX_BAD_FRAMES
from tracker.video.sources import open_source


def grays(spec: object, **options: float) -> list[int]:
    """The gray of the middle of every frame: pictures are told apart by it."""
    with open_source(spec, **options) as source:
        return [int(frame.image[frame.image.shape[0] // 2, frame.image.shape[1] // 2, 0]) for frame in source]


IN_ORDER = [10 * number for number in range(1, 13)]


def test_a_folder_is_read_in_natural_order(pictures: Path) -> None:
    assert grays(pictures) == IN_ORDER


def test_only_pictures_are_taken_from_a_folder(pictures: Path) -> None:
    (pictures / "._1.png").write_bytes(b"\0\5\26\7")
    (pictures / ".hidden.png").write_bytes(b"x")
    (pictures / "notes.txt").write_text("x")
    (pictures / "Thumbs.db").write_bytes(b"x")
    (pictures / "sub.png").mkdir()
    (pictures / "12.png").rename(pictures / "12.PNG")
    assert grays(pictures) == IN_ORDER


def test_a_printf_pattern_takes_what_fits_it_by_number(pictures: Path) -> None:
    for number in range(1, 13):
        (pictures / f"{number}.png").rename(pictures / f"left_{number + 95:03d}.png")
    (pictures / "left_x.png").write_bytes(b"x")
    (pictures / "left_104.png").unlink()
    assert grays(pictures / "left_%03d.png") == [gray for gray in IN_ORDER if gray != 90]
    assert grays(str(pictures / "left_%d.png"), start=10) == [120]
    with pytest.raises(SourceError, match="check the folder and the number of digits"):
        open_source(pictures / "left_%06d.png")


def test_a_glob_takes_what_fits_it_in_natural_order(pictures: Path) -> None:
    assert grays(str(pictures / "*.png")) == IN_ORDER
    assert grays(str(pictures / "1?.png")) == [100, 110, 120]
    assert grays(str(pictures / "[3-5].png")) == [30, 40, 50]
    assert grays(str(pictures.parent / "**" / "*.png")) == IN_ORDER


def test_one_picture_stands_for_ten_seconds_or_until_the_end(pictures: Path) -> None:
    with open_source(pictures / "7.png") as source:
        assert source.info.frame_count == 250
        frames = list(source)
    assert len(frames) == 250
    assert frames[-1].timestamp == pytest.approx(249 / 25)
    assert len(grays(pictures / "7.png", end=400)) == 400
    assert len(grays(pictures / "7.png", end=2.0, fps=10)) == 20


def test_times_come_from_the_rate_asked_for(pictures: Path) -> None:
    with open_source(pictures, fps=10, start=0.3, end=0.8) as source:
        assert source.info.fps == 10
        assert [frame.timestamp for frame in source] == pytest.approx([0.3, 0.4, 0.5, 0.6, 0.7])


@pytest.mark.parametrize("fps", [0, -1, float("nan"), float("inf")])
def test_an_impossible_rate_is_refused(fps: float, pictures: Path) -> None:
    with pytest.raises(ConfigError, match="give frames per second above 0"):
        open_source(pictures, fps=fps)


def test_pictures_of_other_sizes_and_kinds_come_like_the_first(tmp_path: Path, caplog) -> None:
    cv2.imwrite(str(tmp_path / "1.png"), np.full((20, 30), 9, np.uint8))
    cv2.imwrite(str(tmp_path / "2.png"), np.full((40, 50, 4), 9, np.uint8))
    cv2.imwrite(str(tmp_path / "3.png"), np.full((10, 10, 3), 9 * 257, np.uint16))
    with open_source(tmp_path) as source:
        assert (source.info.width, source.info.height) == (30, 20)
        images = [frame.image for frame in source]
    assert [image.shape for image in images] == [(20, 30, 3)] * 3
    assert source.scaled_frames == 2
    assert [record.getMessage().partition(": ")[2] for record in caplog.records] == [
        "2.png is 50x40, the first one 30x20: scaled"
    ]
    assert all((image == 9).all() and image.dtype == np.uint8 for image in images)


def test_a_damaged_picture_is_passed_over_and_counted(pictures: Path) -> None:
    (pictures / "5.png").write_bytes(b"")
    (pictures / "6.png").write_text("no picture")
    with open_source(pictures) as source:
        frames = list(source)
    assert source.bad_frames == 2
    assert [frame.index for frame in frames] == [0, 1, 2, 3, 6, 7, 8, 9, 10, 11]
    assert frames[4].timestamp == pytest.approx(6 / 25)


def test_too_many_damaged_pictures_in_a_row_end_it(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "0.png"), np.zeros((8, 8, 3), np.uint8))
    for number in range(1, MAX_BAD_FRAMES + 2):
        (tmp_path / f"{number}.png").write_bytes(b"x")
    with open_source(tmp_path) as source, pytest.raises(SourceError, match="26 frames in a row up to number 26"):
        list(source)


def test_one_damaged_picture_fewer_does_not(tmp_path: Path, caplog) -> None:
    for number in range(MAX_BAD_FRAMES + 2):
        (tmp_path / f"{number}.png").write_bytes(b"x")
    for number in (0, MAX_BAD_FRAMES + 1):
        cv2.imwrite(str(tmp_path / f"{number}.png"), np.zeros((8, 8, 3), np.uint8))
    with caplog.at_level(logging.WARNING), open_source(tmp_path) as source:
        assert [frame.index for frame in source] == [0, MAX_BAD_FRAMES + 1]
    assert source.bad_frames == MAX_BAD_FRAMES


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("", r"holds no images \(.*\.png"),
        ("*.png", "no image matches"),
        ("%04d.png", "no file is named like"),
        ("gone/%04d.png", "is no folder: check the path before the pattern"),
        ("gone.png", "does not exist: check the path"),
    ],
)
def test_where_there_are_no_pictures(spec: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("x")
    with pytest.raises(SourceError, match=message):
        open_source(tmp_path / spec)


FOREIGN = {
    "HEIF": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
    "JPEG XL": b"\xff\x0a\0\0",
    "Photoshop": b"8BPS\0\1",
}


@pytest.mark.parametrize("kind", FOREIGN)
@pytest.mark.parametrize("name", ["IMG_1.heic", "IMG_1.jpg"])
@pytest.mark.parametrize("whole_folder", [False, True])
def test_a_picture_that_has_to_be_converted_is_told_how(
    kind: str, name: str, whole_folder: bool, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(FOREIGN[kind] + bytes(400))
    with pytest.raises(SourceError, match=rf"it is {kind}: convert it, .*\(magick {name} IMG_1.png\)"):
        open_source(tmp_path if whole_folder else tmp_path / name)


@pytest.mark.parametrize("name", ["", " "])
def test_a_source_without_a_name_is_not_the_folder_itself(name: str) -> None:
    with pytest.raises(SourceError, match="the source has no name"):
        open_source(name)


def test_a_folder_of_nothing_but_damage(tmp_path: Path) -> None:
    (tmp_path / "1.png").write_bytes(b"x")
    with pytest.raises(SourceError, match="not one of the 1 image files can be decoded"):
        open_source(tmp_path)


def test_arrays_are_copied_and_left_alone() -> None:
    array = np.zeros((20, 30, 3), np.uint8)
    array.flags.writeable = False
    with open_source([array, array[:, ::-1], array[:, :, 0]]) as source:
        for frame in source:
            frame.image[:] = 255
    assert not array.any()


@pytest.mark.parametrize("kind", [list, tuple, iter, np.stack, lambda arrays: (array for array in arrays)])
def test_any_series_of_arrays_is_a_source(kind) -> None:
    arrays = [np.full((20, 30, 3), 10 * number, np.uint8) for number in range(5)]
    assert grays(kind(arrays), start=1, stride=2) == [10, 30]


def test_a_generator_is_drawn_from_one_by_one() -> None:
    drawn = []

    def arrays():
        for number in range(100):
            drawn.append(number)
            yield np.zeros((8, 8), np.uint8)

    with open_source(arrays()) as source:
        next(iter(source))
    assert len(drawn) == 1


def test_what_is_no_series_of_pictures() -> None:
    with pytest.raises(SourceError, match="the series of frames is empty"):
        open_source([])
    with pytest.raises(SourceError, match=r"an array of shape \(8, 8, 3\) is no series"):
        open_source(np.zeros((8, 8, 3), np.uint8))
    with pytest.raises(FrameError):
        open_source([np.zeros((8, 8), complex)])
    with pytest.raises(SourceError, match="is no source that can be opened"):
        open_source(None)


def test_with_a_bound_on_pixels_a_huge_picture_in_a_folder_is_passed_over_by_its_head(tmp_path: Path) -> None:
    small = cv2.imencode(".png", np.zeros((24, 32, 3), np.uint8))[1].tobytes()
    for number, data in enumerate([small, BOMBS["png"], small, BOMBS["bmp"]]):
        (tmp_path / f"{number}.png").write_bytes(data)
    with open_source(tmp_path, most_pixels=1000) as source:
        assert [frame.index for frame in source] == [0, 2]


def encoded(suffix: str) -> bytes:
    """A picture of 64 x 48 pixels that is dark throughout."""
    return cv2.imencode(suffix, np.full((48, 64, 3), 40, np.uint8))[1].tobytes()


NAMES = (".jpg", ".png", ".bmp", ".tif", ".webp", ".ppm", ".jpeg")
CONTENTS = (".jpg", ".png", ".tif", ".bmp", ".webp", ".ppm", ".gif", ".jp2", ".pam")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("content", CONTENTS)
def test_a_bound_on_pixels_lets_pictures_pass_whatever_their_name(content: str, name: str, tmp_path: Path) -> None:
    picture = tmp_path / f"a{name}"
    picture.write_bytes(encoded(content))
    for spec in (picture, tmp_path):
        with open_source(spec, most_pixels=64 * 48) as source:
            assert abs(int(next(iter(source)).image.mean()) - 40) < 8
        with pytest.raises(SourceError, match=r"the pictures are too large \(64 x 48\): up to 0.0 megapixels"):
            open_source(spec, most_pixels=64 * 48 - 1)


def test_a_bound_on_pixels_lets_a_big_tiff_pass(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    entries = [(256, 32), (257, 24), (258, 8), (259, 1), (262, 1), (273, 16), (277, 1), (278, 24), (279, 32 * 24)]
    head = struct.pack("<2sHHHQ", b"II", 43, 8, 0, 16 + 32 * 24)
    page = b"".join(struct.pack("<HHQQ", tag, 4, 1, value) for tag, value in entries)
    path.write_bytes(head + bytes([40]) * (32 * 24) + struct.pack("<Q", len(entries)) + page + bytes(8))
    with open_source(path, most_pixels=32 * 24) as source:
        assert int(next(iter(source)).image.mean()) == 40


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("cut", [2, 10, 20])
def test_what_cannot_be_decoded_is_not_called_too_large(cut: int, name: str, tmp_path: Path) -> None:
    picture = tmp_path / f"a{name}"
    picture.write_bytes(encoded(name)[:cut])
    with pytest.raises(SourceError, match=r"decode") as raised:
        open_source(picture, most_pixels=64 * 48)
    assert "large" not in str(raised.value)
    assert "megapixels" not in str(raised.value)


@pytest.mark.parametrize("damaged", [b"", b"\xff\xd8", b"<html>"])
def test_with_a_bound_on_pixels_a_folder_may_begin_with_a_damaged_picture(damaged: bytes, tmp_path: Path) -> None:
    (tmp_path / "1.jpg").write_bytes(damaged)
    (tmp_path / "2.jpg").write_bytes(encoded(".jpg"))
    with open_source(tmp_path, most_pixels=64 * 48) as source:
        assert [frame.index for frame in source] == [1]


@pytest.mark.skipif(not cv2.haveImageWriter(".avif"), reason="this OpenCV makes no AVIF")
@pytest.mark.parametrize("announced", [(64, 48), (16, 16), (1, 1)])
def test_an_avif_is_as_large_as_what_it_holds(announced: tuple[int, int], tmp_path: Path) -> None:
    """The decoder takes memory for the coded picture, and only then scales it to the size that the boxes announce."""
    picture = tmp_path / "a.avif"
    data = encoded(".avif")
    at = data.index(b"ispe") + 8
    picture.write_bytes(data[:at] + struct.pack(">II", *announced) + data[at + 8 :])
    with pytest.raises(SourceError, match=r"the pictures are too large \(64 x 48\)"):
        open_source(picture, most_pixels=64 * 48 - 1)
    picture.write_bytes(data)
    open_source(picture, most_pixels=64 * 48).close()
