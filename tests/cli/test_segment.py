from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.cli.helpers import Cli, count_frames, picture
from tracker.segmentation import draw_flat, draw_outlines, segment


@pytest.fixture
def image(tmp_path: Path) -> Path:
    path = tmp_path / "picture.png"
    cv2.imwrite(str(path), picture(30))
    return path


@pytest.mark.parametrize("draw", ["outlines", "flat", "filtered"])
def test_a_picture(cli: Cli, image: Path, tmp_path: Path, draw: str) -> None:
    done = cli("segment", image, "-o", tmp_path / "out.png", "--draw", draw)
    assert (done.code, done.out) == (0, "")
    assert done.err == f"{tmp_path / 'out.png'}: 3 regions\n"
    original = cv2.imread(str(image))
    result = segment(original, min_size=50)
    expected = {"outlines": draw_outlines(original, result), "flat": draw_flat(result), "filtered": result.filtered}
    np.testing.assert_array_equal(cv2.imread(str(tmp_path / "out.png")), expected[draw])


def test_the_working_size_is_said(cli: Cli, image: Path, folder: Path, tmp_path: Path) -> None:
    done = cli("segment", image, "-o", tmp_path / "out.png", "--max-pixels", 1728, "--min-size", 20)
    assert done.code == 0
    assert done.err.endswith(" regions, found at 48x36 pixels (--max-pixels 6912 for all)\n")
    done = cli("segment", folder, "-o", tmp_path / "out.mp4", "--max-pixels", 1728, "--min-size", 20)
    assert done.code == 0
    assert done.err.endswith(" regions, found at 48x36 pixels (--max-pixels 6912 for all)\n")


def test_labels(cli: Cli, image: Path, tmp_path: Path) -> None:
    labels = tmp_path / "labels.npy"
    done = cli("segment", image, "-o", tmp_path / "out.jpg", "--labels", labels, "--hs", 3, "--hr", 9, "-q")
    assert (done.code, done.err) == (0, "")
    np.testing.assert_array_equal(np.load(labels), segment(picture(30), hs=3, hr=9, min_size=50).labels)


def test_a_video(cli: Cli, folder: Path, tmp_path: Path) -> None:
    done = cli("segment", folder, "-o", tmp_path / "out.mp4", "--draw", "flat", "--hs", 3)
    assert done.code == 0, done.err
    assert done.err == f"{tmp_path / 'out.mp4'}: 10 frames of 3 to 3 regions\n"
    assert count_frames(tmp_path / "out.mp4") == 10


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("-o", "out.mp4"), 6, "use one of .png"),
        (("-o", "out.png", "--draw", "dots"), 2, "--draw is one of outlines, flat, filtered; got 'dots'"),
        (("-o", "out.png", "--hs", "0"), 2, "hs is a whole number"),
        (("-o", "out.png", "--color", "hsv"), 2, "color is one of luv, lab, bgr"),
        (("-o", "out.png", "--labels", "l.csv"), 6, "use one of .npy"),
        (("-o", "missing/out.png"), 6, "does not exist"),
    ],
)
def test_what_is_not_possible(
    cli: Cli,
    image: Path,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    words: tuple[str, ...],
    code: int,
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    done = cli("segment", image, *words)
    assert done.code == code
    assert message in done.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["picture.png"]


def test_labels_are_for_a_picture(cli: Cli, folder: Path, tmp_path: Path) -> None:
    done = cli("segment", folder, "-o", tmp_path / "out.mp4", "--labels", tmp_path / "l.npy")
    assert done.code == 2
    assert "--labels is for a picture" in done.err


def test_no_such_picture(cli: Cli, tmp_path: Path) -> None:
    done = cli("segment", tmp_path / "none.png", "-o", tmp_path / "out.png")
    assert done.code in (3, 6)
    assert "none.png" in done.err or "out.png" in done.err


def test_the_picture_is_never_overwritten(cli: Cli, image: Path) -> None:
    before = image.read_bytes()
    assert cli("segment", image, "-o", image, "--overwrite").code == 6
    assert image.read_bytes() == before
