"""What a file holds, told by its content."""

from __future__ import annotations

import struct
from pathlib import Path

import cv2
import numpy as np
import pytest

from tracker.video.kinds import CLIP_SUFFIXES, IMAGE_SUFFIXES, VIDEO_SUFFIXES, Content, holds_video, look_at, look_into
from tracker.video.sources import open_source

PAGES = [np.full((24, 32), 10 * number, np.uint8) for number in range(6)]


def encoded(suffix: str, picture: np.ndarray = PAGES[3]) -> bytes:
    return cv2.imencode(suffix, picture)[1].tobytes()


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".bmp", ".pgm", ".webp", ".tif"])
@pytest.mark.parametrize("name", ["a.png", "a.mp4", "a", "a.txt"])
def test_one_picture_is_a_still_whatever_its_name(suffix: str, name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(encoded(suffix))
    assert look_into(tmp_path / name).content is Content.PICTURE
    assert not holds_video(tmp_path / name)
    with open_source(tmp_path / name) as source:
        assert source.info.frame_count == 250


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".pgm", ".ppm"])
def test_pictures_one_after_the_other_are_moving(suffix: str, tmp_path: Path) -> None:
    pages = [cv2.cvtColor(page, cv2.COLOR_GRAY2BGR) if suffix == ".ppm" else page for page in PAGES]
    (tmp_path / "row.dat").write_bytes(b"".join(encoded(suffix, page) for page in pages))
    assert look_into(tmp_path / "row.dat").content is Content.MOVING
    with open_source(tmp_path / "row.dat") as source:
        assert [int(frame.image[9, 9, 0]) for frame in source] == pytest.approx([10 * n for n in range(6)], abs=3)


def test_a_preview_inside_a_photograph_makes_no_film(tmp_path: Path) -> None:
    photo = encoded(".jpg")
    announced = photo[:2] + b"\xff\xe2\0\x10MPF\0" + bytes(10) + photo[2:]
    thumbnail = photo[:2] + b"\xff\xe1" + struct.pack(">H", len(photo) + 2) + photo + photo[2:]
    for data in (announced + photo, thumbnail, photo + b"trailing bytes"):
        assert look_at(data).content is Content.PICTURE


def test_the_pages_of_a_tiff(tmp_path: Path) -> None:
    path = tmp_path / "stack.tif"
    cv2.imwritemulti(str(path), PAGES)
    assert look_into(path).pages == tuple(range(6))
    with open_source(path, start=2, stride=2) as source:
        assert (source.info.frame_count, source.info.width) == (2, 32)
        assert [int(frame.image[0, 0, 0]) for frame in source] == [20, 40]


def test_previews_in_a_tiff_are_no_frames(tmp_path: Path) -> None:
    path = tmp_path / "pyramid.tif"
    cv2.imwritemulti(str(path), [PAGES[1], PAGES[2][::2, ::2].copy(), PAGES[3][::4, ::4].copy()])
    assert look_into(path).content is Content.PICTURE
    cv2.imwritemulti(str(path), [PAGES[1], PAGES[2][::2, ::2].copy(), PAGES[3]])
    with open_source(path) as source:
        assert [int(frame.image[0, 0, 0]) for frame in source] == [10, 30]


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("big", [False, True])
def test_tiffs_of_both_orders_and_sizes(order: str, big: bool) -> None:
    code, entry = ("Q", 20) if big else ("I", 12)
    head = (b"II" if order == "<" else b"MM") + struct.pack(order + "H", 43 if big else 42)
    head += struct.pack(order + "HHQ", 8, 0, 16) if big else struct.pack(order + "I", 8)
    at, pages = len(head), []
    size = struct.calcsize("Q" if big else "H") + 2 * entry + struct.calcsize(code)
    for number in range(3):
        tags = b""
        for tag, value in ((256, 40), (257, 30)):
            field = struct.pack(order + "H", value)
            tags += struct.pack(order + "HH" + code, tag, 3, 1) + field.ljust(8 if big else 4, b"\0")
        following = at + size * (number + 1) if number < 2 else 0
        pages.append(struct.pack(order + ("Q" if big else "H"), 2) + tags + struct.pack(order + code, following))
    assert look_at(head + b"".join(pages)).pages == (0, 1, 2)
    loop = head + pages[0][: -struct.calcsize(code)] + struct.pack(order + code, at)
    assert look_at(loop).content is Content.PICTURE


def test_a_folder_of_stacks_is_all_their_pages(tmp_path: Path) -> None:
    cv2.imwritemulti(str(tmp_path / "1.tif"), PAGES[:3])
    cv2.imwritemulti(str(tmp_path / "2.tif"), PAGES[3:])
    with open_source(tmp_path) as source:
        assert [int(frame.image[0, 0, 0]) for frame in source] == [0, 10, 20, 30, 40, 50]


@pytest.mark.parametrize("dtype", [np.uint16, np.float32, np.int16])
@pytest.mark.parametrize("kind", ["stack", "folder", "still", "list", "array", "generator"])
def test_deep_pictures_are_seen(kind: str, dtype: type, tmp_path: Path, caplog) -> None:
    ramp = np.tile(np.arange(32), (24, 1))
    deep = [(20 + ramp + number).astype(dtype) for number in range(3)]
    if kind == "stack":
        cv2.imwritemulti(str(tmp_path / "a.tif"), deep)
    elif kind == "folder":
        for number, page in enumerate(deep):
            cv2.imwrite(str(tmp_path / f"{number}.tif"), page)
    elif kind == "still":
        cv2.imwrite(str(tmp_path / "a.tif"), deep[0])
    spec = {
        "stack": tmp_path / "a.tif", "still": tmp_path / "a.tif", "folder": tmp_path, "list": deep,
        "array": np.stack(deep)[..., None], "generator": iter(deep),
    }[kind]  # fmt: skip
    with open_source(spec, end=3) as source:
        images = [frame.image for frame in source]
    assert len(images) == 3
    assert all(int(np.ptp(image)) > 180 for image in images)
    assert sum("are shown as 0 to 255" in record.getMessage() for record in caplog.records) == 1
    if kind != "generator":
        with open_source(spec, end=3, value_range=(0, 2000)) as source:
            assert all(int(np.ptp(frame.image)) < 8 for frame in source)


def test_a_folder_with_one_moving_picture_is_that_picture(ffmpeg, tmp_path: Path) -> None:
    ffmpeg("-f", "lavfi", "-i", "testsrc2=s=32x24:r=25:d=0.4", "-f", "apng", tmp_path / "moving.png")
    with open_source(tmp_path) as source:
        assert len(list(source)) == 10


@pytest.mark.parametrize(
    ("head", "content"),
    [
        (b"", Content.EMPTY),
        (b"const a: number = 1;\n" * 9, Content.TEXT),
        ("grüße 视频\n".encode() * 500, Content.TEXT),
        (bytes(range(256)) * 16, Content.UNKNOWN),
        (b"\0\0\0\x18ftypisom", Content.VIDEO),
        (b"\0\0\0\x18ftypM4A ", Content.SOUND),
        (b"\x1a\x45\xdf\xa3", Content.VIDEO),
        ((b"\x47" + bytes(187)) * 6, Content.VIDEO),
        ((bytes(4) + b"\x47" + bytes(187)) * 6, Content.VIDEO),
        (b"RIFF\0\0\0\0WAVE", Content.SOUND),
        (b"RIFF\0\0\0\0AVI ", Content.VIDEO),
        (b"ID3\4", Content.SOUND),
        (b"BM looks like a text", Content.TEXT),
    ],
)
def test_heads(head: bytes, content: Content) -> None:
    assert look_at(head).content is content


def test_videos_are_told_for_batch_and_eval(tmp_path: Path) -> None:
    (tmp_path / "program.ts").write_text("export const x = 1;\n")
    (tmp_path / "camera.MTS").write_bytes((bytes(4) + b"\x47" + bytes(187)) * 40)
    (tmp_path / "noname").write_bytes(b"\x1a\x45\xdf\xa3" + bytes(100))
    (tmp_path / "notes.txt").write_text("x")
    (tmp_path / "damaged.avi").write_bytes(bytes(range(256)))
    (tmp_path / "photo.mov").write_bytes(encoded(".png"))
    assert {path.name for path in tmp_path.iterdir() if holds_video(path)} == {"camera.MTS", "noname", "damaged.avi"}
    assert holds_video(tmp_path / "gone.mp4")
    assert not holds_video(tmp_path / "gone.txt")


def test_the_lists_do_not_contradict_each_other() -> None:
    assert all(suffix == suffix.lower() and suffix.startswith(".") for suffix in (*IMAGE_SUFFIXES, *VIDEO_SUFFIXES))
    assert not IMAGE_SUFFIXES & set(VIDEO_SUFFIXES)
    assert set(VIDEO_SUFFIXES) > CLIP_SUFFIXES
    assert ".ts" not in CLIP_SUFFIXES
