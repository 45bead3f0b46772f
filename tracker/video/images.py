"""Pictures as a recording: a folder, a printf pattern, a glob, the pages of a file, one picture repeated, arrays."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Sequence, Sized
from itertools import chain
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from tracker.errors import FrameError, SourceError
from tracker.image import Image, as_image, is_deep
from tracker.value_range import ValueRange
from tracker.video.inputs import plain_name, shown
from tracker.video.kinds import FOREIGN_SUFFIXES, IMAGE_SUFFIXES, Content, Look, conversion_of, look_into
from tracker.video.opencv import quiet_opencv
from tracker.video.picture_size import picture_size
from tracker.video.recording import Facts, Reader, tell_range

_log = logging.getLogger(__name__)

_PRINTF = re.compile(r"%(?:0(\d+))?d")
_FIRST = 5
"""Pictures by which the range of deep ones is found, spread over the first second."""
_DEPTH = cv2.IMREAD_ANYDEPTH | cv2.IMREAD_ANYCOLOR


class PicturesReader(Reader):
    """Pictures that can be read in any order, all shown at the size of the first that can be decoded."""

    def __init__(self, name: str, total: int, fps: float, value_range: ValueRange | None) -> None:
        """Look at the first pictures for their size and range.

        Args:
            name: name of the whole.
            total: number of pictures, at least one.
            fps: rate at which they were taken; makes their timestamps.
            value_range: what becomes black and white in deep pictures; None to find it by the first ones.

        Raises:
            SourceError: none of them can be decoded.
        """
        first = next((picture for number in range(total) if (picture := self.read(number)) is not None), None)
        if first is None:
            raise SourceError(self._nothing(name, total))
        self._next = 0
        self._range = value_range
        if value_range is None and is_deep(first):
            self._range = ValueRange.of(self._first_pictures(first, total, fps))
            tell_range(name, self._range)
        self.facts = Facts(name, first.shape[1], first.shape[0], fps, total)

    def read(self, number: int) -> NDArray[Any] | None:
        """Return a picture as it is stored; None where it cannot be decoded."""
        raise NotImplementedError

    def label(self, number: int) -> str:
        """Return what a picture is called in messages."""
        return f"picture {number}"

    def grab(self) -> bool:
        """Step to the next picture, without reading it."""
        self._next += 1
        return self._next <= (self.facts.total or 0)

    def retrieve(self) -> Image | None:
        """Read the picture stepped to."""
        number = self._next - 1
        picture = self.read(number)
        image = None if picture is None else _fitting(picture, self._range)
        if image is None or image.shape[:2] == (self.facts.height, self.facts.width):
            return image
        if not self.scaled_frames:
            size = f"{image.shape[1]}x{image.shape[0]}"
            wanted = f"{self.facts.width}x{self.facts.height}"
            _log.warning("%s: %s is %s, the first one %s: scaled", self.facts.name, self.label(number), size, wanted)
        self.scaled_frames += 1
        scaled = cv2.resize(image, (self.facts.width, self.facts.height), interpolation=cv2.INTER_AREA)
        return np.asarray(scaled, dtype=np.uint8)

    def _nothing(self, name: str, total: int) -> str:
        return f"{name}: not one of its {total} pages can be decoded: save it with another compression"

    def _first_pictures(self, first: NDArray[Any], total: int, fps: float) -> list[NDArray[Any]]:
        step = max(1, round(fps / _FIRST))
        others = [self.read(number) for number in range(step, min(total, _FIRST * step), step)]
        return [first, *(other for other in others if other is not None and is_deep(other))]


class ImagesReader(PicturesReader):
    """Picture files in the order given; each page of a TIFF is a picture."""

    def __init__(
        self,
        paths: Sequence[Path],
        name: str,
        fps: float,
        value_range: ValueRange | None = None,
        most_pixels: int | None = None,
    ) -> None:
        """Read the files `paths`, at least one; see `PicturesReader`.

        One whose head announces more pixels than `most_pixels`, or no size, is passed over as damaged ones are.
        """
        self._most_pixels = most_pixels
        self._entries = [entry for path in paths for entry in _entries_of(path)]
        super().__init__(name, len(self._entries), fps, value_range)

    def read(self, number: int) -> NDArray[Any] | None:
        """See `PicturesReader.read`."""
        path, page = self._entries[number]
        if self._most_pixels is not None and not _has_at_most(path, self._most_pixels):
            return None
        return read_pixels(path) if page is None else read_page(path, page)

    def label(self, number: int) -> str:
        """See `PicturesReader.label`."""
        return shown(self._entries[number][0].name)

    def _nothing(self, name: str, total: int) -> str:
        remedy = conversion_of(self._entries[0][0]) or "make them again"
        return f"{name}: not one of the {total} image files can be decoded: {shown(remedy)}"


class PagesReader(PicturesReader):
    """The pages of a file as frames."""

    def __init__(self, path: Path, look: Look, fps: float, value_range: ValueRange | None = None) -> None:
        """Read the pages that `look` found in the file; see `PicturesReader`."""
        self._path = path
        self._pages = look.pages
        super().__init__(shown(path.name), len(look.pages), fps, value_range)

    def read(self, number: int) -> NDArray[Any] | None:
        """See `PicturesReader.read`."""
        return read_page(self._path, self._pages[number])

    def label(self, number: int) -> str:
        """See `PicturesReader.label`."""
        return f"page {self._pages[number]}"


class StillReader(Reader):
    """One picture, over and over."""

    def __init__(self, path: Path, fps: float, total: int, value_range: ValueRange | None = None) -> None:
        """Read the picture at `path`; it stands for `total` frames at `fps`.

        Raises:
            SourceError: it is not there or cannot be decoded.
        """
        if not path.exists():
            raise SourceError(f"{shown(path)} does not exist: check the path")
        picture = read_pixels(path)
        if value_range is None and is_deep(picture):
            assert picture is not None
            value_range = ValueRange.of([picture])
            tell_range(shown(path.name), value_range)
        image = None if picture is None else _fitting(picture, value_range)
        if image is None:
            remedy = conversion_of(path) or "make or copy it again"
            raise SourceError(f"{shown(path)} is no picture that OpenCV can decode: {shown(remedy)}")
        self._image = image
        self._left = total
        self.facts = Facts(shown(path.name), image.shape[1], image.shape[0], fps, total)

    def grab(self) -> bool:
        """Step to the next repetition."""
        self._left -= 1
        return self._left >= 0

    def retrieve(self) -> Image:
        """Return a copy of the picture."""
        return self._image.copy()


def read_image(path: Path, value_range: ValueRange | None = None) -> Image | None:
    """Return the picture in a file as 8-bit BGR, turned upright as its EXIF data say; None where it is none.

    Args:
        path: of the file.
        value_range: what becomes black and white in a picture of more than 8 bits; None to find it by the picture.
    """
    picture = read_pixels(path)
    if picture is None:
        return None
    return _fitting(picture, value_range or (ValueRange.of([picture]) if is_deep(picture) else None))


def read_pixels(path: Path) -> NDArray[Any] | None:
    """Return the picture in a file with the values that it holds, upright, BGR or gray; None where it is none."""
    try:
        data = np.fromfile(path, np.uint8)  # not cv2.imread: it cannot open every name, and prints
    except OSError:
        return None
    return decode_pixels(data)


def _has_at_most(path: Path, pixels: int) -> bool:
    try:
        with path.open("rb") as file:
            size = picture_size(file)
    except OSError:
        return False
    return size is not None and size[0] * size[1] <= pixels


def decode_pixels(data: NDArray[np.uint8]) -> NDArray[Any] | None:
    """Return the picture in the bytes of a file with the values that it holds; None where it is none."""
    if not data.size:
        return None
    try:
        with quiet_opencv():
            return cv2.imdecode(data, _DEPTH)
    except cv2.error:  # more pixels than OpenCV allows, or a head that makes no sense
        return None


def read_page(path: Path, number: int) -> NDArray[Any] | None:
    """Return a page of a file with the values that it holds; None where it cannot be decoded."""
    try:
        with plain_name(path) as name, quiet_opencv():
            done, pages = cv2.imreadmulti(name, number, 1, flags=_DEPTH)
    except cv2.error:
        return None
    return pages[0] if done and pages else None


def _fitting(picture: NDArray[Any], value_range: ValueRange | None) -> Image | None:
    """Return stored values as a picture of 8 bits; None for what is no picture (complex numbers, five channels)."""
    try:
        return as_image(picture, value_range)
    except FrameError:
        return None


def _entries_of(path: Path) -> list[tuple[Path, int | None]]:
    """Return the pictures that a file holds: each page of a TIFF, else the file as a whole."""
    if path.suffix.lower() not in (".tif", ".tiff"):
        return [(path, None)]
    try:
        look = look_into(path)
    except OSError:
        return [(path, None)]
    return [(path, page) for page in look.pages] if look.content is Content.PAGES else [(path, None)]


def images_in(folder: Path) -> list[Path]:
    """Return the pictures lying directly in `folder`, in natural order (`9.png` before `10.png`).

    Raises:
        SourceError: there are none.
    """
    files = list(folder.iterdir())
    paths = _pictures(files)
    if not paths:
        foreign = next((file for file in sorted(files) if file.suffix.lower() in FOREIGN_SUFFIXES), None)
        remedy = "give the folder that does" if foreign is None else f"{foreign.name}: {conversion_of(foreign)}"
        raise SourceError(f"{shown(folder)} holds no images ({_suffixes()}): {shown(remedy)}")
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

    def __init__(self, frames: Iterable[NDArray[Any]], fps: float, value_range: ValueRange | None = None) -> None:
        """Look at the first array for its size and range.

        Args:
            frames: pictures that `tracker.image.as_image` accepts, or such of any other real type; a generator is drawn
                from one by one.
            fps: rate at which they were taken; makes their timestamps.
            value_range: what becomes black and white in pictures of more than 8 bits; None to find it by the first ones
                (of a generator: by the first one).

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
        self._range = value_range
        if value_range is None and is_deep(first):
            several = frames[:_FIRST] if isinstance(frames, Sequence | np.ndarray) else [first]
            self._range = ValueRange.of(frame for frame in several if is_deep(frame))
            tell_range("frames", self._range)
        height, width = as_image(first, self._range).shape[:2]
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
        image = as_image(self._current, self._range)
        return image.copy() if image is self._current else image
