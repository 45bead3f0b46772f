"""Pictures as a recording: a folder, a printf pattern, a glob, or one picture repeated."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence, Sized
from itertools import chain
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from tracker.errors import SourceError
from tracker.image import Image, as_image
from tracker.video.recording import Facts, Reader

IMAGE_SUFFIXES = frozenset({".bmp", ".jpeg", ".jpg", ".pgm", ".png", ".pnm", ".ppm", ".tif", ".tiff", ".webp"})
"""What is taken for a picture, whatever its case."""

_PRINTF = re.compile(r"%(?:0(\d+))?d")


class ImagesReader(Reader):
    """Picture files in the order given; they may differ in size."""

    def __init__(self, paths: Sequence[Path], name: str, fps: float) -> None:
        """Look at the first picture that can be decoded for its size.

        Args:
            paths: the files, at least one.
            name: name of the whole.
            fps: rate at which the pictures were taken; makes their timestamps.

        Raises:
            SourceError: none of the files can be decoded.
        """
        self._paths = paths
        self._next = 0
        first = next((image for image in map(read_image, paths) if image is not None), None)
        if first is None:
            raise SourceError(f"{name}: not one of the {len(paths)} image files can be decoded: make them again")
        self.facts = Facts(name, first.shape[1], first.shape[0], fps, len(paths))

    def grab(self) -> bool:
        """Step to the next file, without opening it."""
        self._next += 1
        return self._next <= len(self._paths)

    def retrieve(self) -> Image | None:
        """Read the file stepped to."""
        return read_image(self._paths[self._next - 1])


class StillReader(Reader):
    """One picture, over and over."""

    def __init__(self, path: Path, fps: float, total: int) -> None:
        """Read the picture at `path`; it stands for `total` frames at `fps`.

        Raises:
            SourceError: it is not there or cannot be decoded.
        """
        if not path.exists():
            raise SourceError(f"{path} does not exist: check the path")
        image = read_image(path)
        if image is None:
            raise SourceError(f"{path} is no picture that OpenCV can decode: make or copy it again")
        self._image = image
        self._left = total
        self.facts = Facts(path.name, image.shape[1], image.shape[0], fps, total)

    def grab(self) -> bool:
        """Step to the next repetition."""
        self._left -= 1
        return self._left >= 0

    def retrieve(self) -> Image:
        """Return a copy of the picture."""
        return self._image.copy()


def read_image(path: Path) -> Image | None:
    """Return the picture in a file as 8-bit BGR, turned upright as its EXIF data say; None where it is none."""
    try:
        data = np.fromfile(path, np.uint8)  # not cv2.imread: it cannot open every name on Windows, and prints
    except OSError:
        return None
    return cv2.imdecode(data, cv2.IMREAD_COLOR) if data.size else None  # type: ignore[return-value]


def images_in(folder: Path) -> list[Path]:
    """Return the pictures lying directly in `folder`, in natural order (`9.png` before `10.png`).

    Raises:
        SourceError: there are none.
    """
    paths = _pictures(folder.iterdir())
    if not paths:
        raise SourceError(f"{folder} holds no images ({_suffixes()}): give the folder that does")
    return paths


def images_like_printf(pattern: Path) -> list[Path]:
    """Return the files whose name fits a printf pattern such as `img/%06d.jpg`, by number; gaps do not matter.

    Raises:
        SourceError: there are none.
    """
    before, width, after = _PRINTF.split(pattern.name, maxsplit=1)
    name = re.compile(rf"{re.escape(before)}(\d{{{width or 1},}}){re.escape(after)}")
    if not pattern.parent.is_dir():
        raise SourceError(f"{pattern.parent} is no folder: check the path before the pattern {pattern.name}")
    found = [(int(match[1]), path) for path in pattern.parent.iterdir() if (match := name.fullmatch(path.name))]
    if not found:
        raise SourceError(f"no file is named like {pattern}: check the folder and the number of digits")
    return [path for _, path in sorted(found)]


def images_like_glob(pattern: Path) -> list[Path]:
    """Return the pictures that fit a glob such as `img/*.png` or `**/left_??.jpg`, in natural order.

    Raises:
        SourceError: there are none.
    """
    parts = pattern.parts
    fixed = next(i for i, part in enumerate(parts) if is_glob(part))
    paths = _pictures(Path(*parts[:fixed]).glob(str(Path(*parts[fixed:]))))
    if not paths:
        raise SourceError(f"no image matches {pattern}: check the pattern, and quote it in the shell")
    return paths


def is_printf(text: str) -> bool:
    """Whether `text` has a number to fill in, as `%d` or `%06d`."""
    return _PRINTF.search(text) is not None


def is_glob(text: str) -> bool:
    """Whether `text` has a wildcard."""
    return any(char in text for char in "*?[")


def _pictures(paths: Iterable[Path]) -> list[Path]:
    """Pictures among `paths` in natural order, without hidden files (macOS leaves `._name.jpg` beside `name.jpg`)."""
    wanted = [p for p in paths if p.suffix.lower() in IMAGE_SUFFIXES and not p.name.startswith(".") and p.is_file()]
    return sorted(wanted, key=_natural)


def _natural(path: Path) -> tuple[list[str | int], str]:
    """Sort key in which numbers inside a name count as numbers; text and numbers alternate, so they never meet."""
    pieces = re.split(r"(\d+)", str(path))
    return [int(piece) if i % 2 else piece.casefold() for i, piece in enumerate(pieces)], str(path)


def _suffixes() -> str:
    return " ".join(sorted(IMAGE_SUFFIXES))


class ArraysReader(Reader):
    """Arrays handed over by the caller, copied so that neither side sees what the other does to them."""

    def __init__(self, frames: Iterable[NDArray[Any]], fps: float) -> None:
        """Look at the first array for its size.

        Args:
            frames: pictures that `tracker.image.as_image` accepts; a generator is drawn from one by one.
            fps: rate at which they were taken; makes their timestamps.

        Raises:
            SourceError: there is no array at all, or `frames` is one picture.
            FrameError: the first one is no picture.
        """
        if isinstance(frames, np.ndarray) and frames.ndim != 4:
            raise SourceError(f"an array of shape {frames.shape} is no series of pictures: give (N, H, W, 3) or a list")
        total = len(frames) if isinstance(frames, Sized) else None
        rest = iter(frames)
        try:
            first = next(rest)
        except StopIteration:
            raise SourceError("the series of frames is empty: give at least one array") from None
        height, width = as_image(first).shape[:2]
        self._frames: Iterator[NDArray[Any]] = chain([first], rest)
        self._current = first
        self.facts = Facts("frames", width, height, fps, total)

    def grab(self) -> bool:
        """Take the next array."""
        try:
            self._current = next(self._frames)
        except StopIteration:
            return False
        return True

    def retrieve(self) -> Image:
        """Return a copy of the array as a picture."""
        image = as_image(self._current)
        return image.copy() if image is self._current else image
