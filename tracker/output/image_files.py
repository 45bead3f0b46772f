"""Picture files, one a frame: the annotated frames, or what is in the boxes of the targets."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Sequence
from pathlib import Path

import cv2

from tracker.drawing.overlay import draw_overlay
from tracker.drawing.style import OverlayStyle, Trails
from tracker.errors import OutputError
from tracker.files import check_output, reason
from tracker.image import Image
from tracker.output.base import Sink
from tracker.tracking.result import Track
from tracker.video.base import Frame

_NUMBER = re.compile(r"%(?:0(\d+))?d")

IMAGE_SUFFIXES = (".png", ".jpg", ".jpeg")
"""Suffixes of picture files that can be written."""


def write_picture(path: Path, image: Image) -> None:
    """Write a picture in the format that the suffix names, one of `IMAGE_SUFFIXES`.

    Raises:
        OutputError: it cannot be written.
    """
    encoded = cv2.imencode(path.suffix.lower(), image)[1]
    try:
        path.write_bytes(encoded.tobytes())
    except OSError as error:
        raise OutputError(f"cannot write {path}: {reason(error)}; choose another place") from error


class ImageFilesSink(Sink):
    """Draws the overlay on every frame and writes it to a file that has the frame's number in its name."""

    def __init__(
        self,
        pattern: str | os.PathLike[str],
        *,
        overwrite: bool = False,
        source: str | os.PathLike[str] | None = None,
        inputs: Collection[str | os.PathLike[str]] = (),
        style: OverlayStyle | None = None,
    ) -> None:
        """Check the place; no file is written before the first frame.

        Args:
            pattern: the files' name with a place for the number, such as `frames/%06d.png`; the folder exists.
            overwrite: whether existing files may be replaced.
            source: what is read, which must not be overwritten.
            inputs: what else is read and must not be overwritten.
            style: what the overlay shows.

        Raises:
            OutputError: the name has no place for a number, or the place cannot be written.
        """
        check_pattern(str(pattern))
        self._pattern = check_output(
            pattern, overwrite=overwrite, source=source, inputs=inputs, suffixes=IMAGE_SUFFIXES
        )
        self._overwrite = overwrite
        self._source = source
        self._style = style or OverlayStyle()
        self._trails = Trails.of_style(self._style)
        self._files: list[tuple[int, Path]] = []
        self._closed = False

    def rewind(self, index: int) -> str | None:
        """Remove the pictures from a frame on; see `Sink.rewind`."""
        for number, path in self._files:
            if number >= index:
                path.unlink(missing_ok=True)
        self._files = [(number, path) for number, path in self._files if number < index]
        self._trails = Trails.of_style(self._style)
        return ""

    def close(self) -> None:
        """Write no more; safe to call more than once."""
        self._closed = True

    def write(self, frame: Frame, tracks: Sequence[Track]) -> None:
        """Draw and write one frame.

        Raises:
            OutputError: the file exists, or cannot be written.
        """
        self._trails.update(tracks)
        caption = f"frame {frame.index}   {frame.timestamp:.2f} s"
        drawn = draw_overlay(frame.image, tracks, style=self._style, trails=self._trails, caption=caption)
        self._save(frame.index, drawn)

    def _save(self, number: int, image: Image, after: str = "") -> None:
        """Write a picture to the file of a frame; `after` comes before its suffix."""
        if self._closed:
            raise OutputError(f"{self._pattern} is closed: write before close()")
        name = _NUMBER.sub(lambda match: f"{number:0{match[1] or 1}d}", self._pattern.name)
        path = self._pattern.with_name(f"{name.removesuffix(self._pattern.suffix)}{after}{self._pattern.suffix}")
        check_output(path, overwrite=self._overwrite, source=self._source)
        write_picture(path, image)
        self._files.append((number, path))


class CropFilesSink(ImageFilesSink):
    """Writes what is in the box of each target that is seen, of several with the target's number in the name."""

    def write(self, frame: Frame, tracks: Sequence[Track]) -> None:
        """Cut out and write the targets of one frame.

        Raises:
            OutputError: a file exists, or cannot be written.
        """
        height, width = frame.image.shape[:2]
        for track in tracks:
            left, top, across, down = track.result.box.clipped(width, height).rounded()
            if track.result.ok and across > 0 and down > 0:
                crop = frame.image[top : top + down, left : left + across]
                self._save(frame.index, crop, f"-{track.id}" if len(tracks) > 1 or track.id else "")


def check_pattern(target: str) -> None:
    """Do nothing where the name of picture files has a place for the number.

    Raises:
        OutputError: it has none.
    """
    if Path(target).suffix.lower() in IMAGE_SUFFIXES and not _NUMBER.search(Path(target).name):
        raise OutputError(
            f"{target} is one picture, and a video has many: write a place for the number, such as "
            f"{Path(target).with_suffix('')}-%06d{Path(target).suffix}"
        )
