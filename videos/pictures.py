"""Draw README's pictures of results again: `python videos/pictures.py videos/`, from the top of the repository.

Each is made from a bundled clip by the commands that README names.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import cv2
import numpy as np

from tracker.cli import main as tracker
from tracker.image import Image

_HEIGHT = 200
"""Pixels of a strip."""
_GAP = 6
"""White pixels between two pictures of a strip."""
_QUALITY = 85
"""Of the JPEG files."""

_FIRST = "144,192,63,63"
"""The box in `juggle` that README starts from."""


def juggle(folder: Path) -> Path:
    """Draw the ball of `juggle` as it is followed, two frames by two: in sight, behind the post, and in sight again."""
    frames = _frames("track", "videos/juggle.mp4", "--roi", _FIRST, "--density")
    path = folder / "juggle.jpg"
    small = [cv2.resize(frames[n], (560, 315), interpolation=cv2.INTER_AREA) for n in (40, 60, 78, 120)]
    whole = np.vstack([np.hstack(small[:2]), np.hstack(small[2:])])
    cv2.imwrite(str(path), whole, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return path


def blur(folder: Path) -> Path:
    """Draw the ball of `juggle`, hidden by a blur: in sight, behind the post, and in sight again."""
    frames = _frames("track", "videos/juggle.mp4", "--roi", _FIRST, "--effect", "blur", "--draw", "none")
    return _strip([frames[60], frames[80], frames[135]], folder / "blur.jpg")


def reframe(folder: Path) -> Path:
    """Draw frames of `juggle` and, beside each, what the upright picture shows of it."""
    upright = _frames("reframe", "videos/juggle.mp4", "--roi", _FIRST, "--aspect", "9:16")
    whole = _frames("track", "videos/juggle.mp4", "--roi", _FIRST, "--draw", "none")
    return _strip([part for n in (10, 50, 135) for part in (whole[n], upright[n])], folder / "reframe.jpg")


def plot(folder: Path) -> Path:
    """Draw the figure of the ball of `juggle`, which goes behind the post."""
    with tempfile.TemporaryDirectory() as place:
        table = Path(place) / "juggle.csv"
        _run("track", "videos/juggle.mp4", "--roi", _FIRST, "--csv", str(table), "-q")
        figure = folder / "motion.png"
        _run("plot", str(table), "--source", "videos/juggle.mp4", "-o", str(figure), "--overwrite", "-q")
    image = cv2.imread(str(figure))
    small = cv2.resize(image, None, fx=0.6, fy=0.6, interpolation=cv2.INTER_AREA)
    cv2.imwrite(str(figure), small, [cv2.IMWRITE_PNG_COMPRESSION, 9])
    return figure


PICTURES = (juggle, blur, reframe, plot)


def _run(*words: str) -> None:
    with suppress(SystemExit):
        tracker(words)


def _frames(*words: str) -> list[Image]:
    """Run a command that writes a video, and return its frames."""
    with tempfile.TemporaryDirectory() as place:
        video = Path(place) / "out.mkv"
        _run(*words, "-o", str(video), "-q")
        capture, frames = cv2.VideoCapture(str(video)), []
        while True:
            ok, image = capture.read()
            if not ok:
                break
            frames.append(np.asarray(image, np.uint8))
        capture.release()
    return frames


def _strip(images: Sequence[Image], path: Path) -> Path:
    """Write pictures side by side."""
    parts: list[Image] = []
    for image in images:
        size = round(image.shape[1] * _HEIGHT / image.shape[0]), _HEIGHT
        parts += [np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)]
        parts += [np.full((_HEIGHT, _GAP, 3), 255, np.uint8)]
    cv2.imwrite(str(path), np.hstack(parts[:-1]), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return path


def main(arguments: Sequence[str] | None = None) -> None:
    """Draw every picture into the folder named on the command line."""
    parser = argparse.ArgumentParser(description="Draw README's pictures of results.")
    parser.add_argument("folder", type=Path, help="where the pictures are written")
    folder = parser.parse_args(arguments).folder
    for draw in PICTURES:
        print(draw(folder))


if __name__ == "__main__":
    main()
