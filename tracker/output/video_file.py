"""The annotated video."""

from __future__ import annotations

import contextlib
import math
import os
from collections.abc import Sequence
from pathlib import Path

from tracker.drawing.overlay import draw_overlay
from tracker.drawing.style import OverlayStyle, Trails
from tracker.errors import OutputError
from tracker.ffmpeg.encoder import CONTAINERS, Encoder
from tracker.ffmpeg.program import find_ffmpeg
from tracker.files import check_output, reason
from tracker.image import Image
from tracker.output.base import Sink
from tracker.tracking.result import Track
from tracker.video.base import Frame

_SLOWEST, _FASTEST = 0.01, 1000.0
"""Frames per second beyond which a rate is a mistake."""


class VideoFileSink(Sink):
    """Draws the overlay on every frame and writes an H.264 video that plays in a browser.

    The video has a constant rate and follows the frames' timestamps, so that sources of a variable rate keep their
    speed. The first frame decides its size; later ones of another size are letterboxed into it. A run without frames
    leaves no file.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        fps: float,
        *,
        overwrite: bool = False,
        source: str | os.PathLike[str] | None = None,
        style: OverlayStyle | None = None,
    ) -> None:
        """Check everything that can be checked before the first frame.

        Args:
            path: the video; its suffix is one of `CONTAINERS`.
            fps: frames per second of the video, 0.01 to 1000.
            overwrite: whether an existing file may be replaced.
            source: the video that is read, which must not be overwritten.
            style: what the overlay shows.

        Raises:
            OutputError: the path cannot be written (see `check_output`), the rate is out of range, no ffmpeg.
        """
        self._path = check_output(path, overwrite=overwrite, source=source, suffixes=CONTAINERS.keys())
        if not _SLOWEST <= fps <= _FASTEST:
            limits = f"{_SLOWEST:g} to {_FASTEST:g}"
            raise OutputError(f"cannot write a video at {fps:g} frames per second: give a rate of {limits}")
        find_ffmpeg(OutputError)
        _try_to_write(self._path.resolve())
        self._fps = fps
        self._style = style or OverlayStyle()
        self._trails = Trails()
        self._pacer = Pacer(fps)
        self._encoder: Encoder | None = None
        self._held: Image | None = None
        self._closed = False

    def write(self, frame: Frame, tracks: Sequence[Track]) -> None:
        """Draw and encode one frame.

        Raises:
            OutputError: the encoder died (disk full, killed), or the sink is closed.
        """
        if self._closed:
            raise OutputError(f"{self._path} is closed: write before close()")
        drawn = self._picture(frame, tracks)
        if self._encoder is None:
            height, width = drawn.shape[:2]
            self._encoder = Encoder(self._path, width, height, self._fps)
        beats = self._pacer.beats(frame.timestamp)
        if self._held is not None and beats:
            self._encode(self._encoder, self._held, beats)
        self._held = drawn

    def _picture(self, frame: Frame, tracks: Sequence[Track]) -> Image:
        self._trails.update(tracks)
        caption = f"frame {frame.index}   {frame.timestamp:.2f} s"
        return draw_overlay(frame.image, tracks, style=self._style, trails=self._trails, caption=caption)

    def _encode(self, encoder: Encoder, image: Image, beats: int) -> None:
        try:
            encoder.put(image, beats)
        except OutputError:
            self._closed = True
            with contextlib.suppress(OutputError):  # the same one
                encoder.close()
            raise

    def close(self) -> None:
        """Finish the file; safe to call more than once.

        Raises:
            OutputError: not all of it could be written; what is there can be played.
        """
        if self._closed:
            return
        self._closed = True
        if self._encoder is None:
            return
        if self._held is not None:
            self._encode(self._encoder, self._held, beats=1)
            self._held = None
        self._encoder.close()


class RecordingSink(VideoFileSink):
    """Writes the frames as they came, to look at or track again later."""

    def _picture(self, frame: Frame, tracks: Sequence[Track]) -> Image:
        return frame.image.copy()  # the encoder runs behind, and what it has must not change


def _try_to_write(path: Path) -> None:
    """Open the file as the encoder will, without changing what is in it; permissions alone do not tell the truth."""
    existed = path.exists()
    try:
        with path.open("ab"):
            pass
        if not existed:
            path.unlink()
    except OSError as error:
        raise OutputError(f"cannot open {path}: {reason(error)}; choose another place") from error


class Pacer:
    """Says for how long each frame is to be shown, so that a video of a constant rate keeps the true speed.

    Frame `k` of the video is shown at `k / fps` seconds. A frame that comes too early for the beat is replaced by the
    next one; a gap is filled by showing the one before it for longer.
    """

    LONGEST_GAP = 30.0
    """Seconds. A longer gap is a jump of the clock, not a pause, and takes one beat."""

    def __init__(self, fps: float) -> None:
        """Start at the first frame, whatever its timestamp."""
        self._fps = fps
        self._last: float | None = None
        self._beats = 0.0

    def beats(self, timestamp: float) -> int:
        """Return for how many beats the frame before this one is shown, ≥ 0; 0 for the first frame.

        A timestamp that does not grow, or is not finite, takes one beat, as the clock says nothing.
        """
        step = timestamp - self._last if self._last is not None else 0.0
        first, self._last = self._last is None, timestamp
        if first:
            return 0
        before = math.floor(self._beats + 0.5)
        self._beats += step * self._fps if 0.0 < step <= self.LONGEST_GAP else 1.0
        return math.floor(self._beats + 0.5) - before
