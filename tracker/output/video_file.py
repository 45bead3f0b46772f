"""Results as a video: the frames with the overlay, or as they came."""

from __future__ import annotations

import contextlib
import math
import os
from collections.abc import Collection, Sequence
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
        inputs: Collection[str | os.PathLike[str]] = (),
        style: OverlayStyle | None = None,
    ) -> None:
        """Check everything that can be checked before the first frame.

        Args:
            path: the video; its suffix is one of `CONTAINERS`.
            fps: frames per second of the video, 0.01 to 1000.
            overwrite: whether an existing file may be replaced.
            source: the video that is read, which must not be overwritten.
            inputs: what else is read and must not be overwritten.
            style: what the overlay shows.

        Raises:
            OutputError: the path cannot be written (see `check_output`), the rate is out of range, no ffmpeg.
        """
        self._path = check_output(path, overwrite=overwrite, source=source, inputs=inputs, suffixes=CONTAINERS.keys())
        if not _SLOWEST <= fps <= _FASTEST:
            limits = f"{_SLOWEST:g} to {_FASTEST:g}"
            raise OutputError(f"cannot write a video at {fps:g} frames per second: give a rate of {limits}")
        find_ffmpeg(OutputError)
        _try_to_write(self._path.resolve())
        self._fps = fps
        self._style = style or OverlayStyle()
        self._trails = Trails()
        self._rate = ConstantRate(fps)
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
        repeats = self._rate.repeats(frame.timestamp)
        if self._held is not None and repeats:
            self._encode(self._encoder, self._held, repeats)
        self._held = drawn

    def _picture(self, frame: Frame, tracks: Sequence[Track]) -> Image:
        self._trails.update(tracks)
        caption = f"frame {frame.index}   {frame.timestamp:.2f} s"
        return draw_overlay(frame.image, tracks, style=self._style, trails=self._trails, caption=caption)

    def _encode(self, encoder: Encoder, image: Image, repeats: int) -> None:
        try:
            encoder.put(image, repeats)
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
            self._encode(self._encoder, self._held, repeats=1)
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


class ConstantRate:
    """Times of frames as numbers of frames of a video of constant rate, so that the video keeps the true speed.

    Frame `k` of the video is shown at `k / fps` seconds. A frame that comes before the next of these times is replaced
    by the one after it; a gap is filled by showing the frame before it for longer.
    """

    LONGEST_GAP = 30.0
    """Seconds. A longer gap is a jump of the clock, not a pause, and takes one frame of the video."""

    def __init__(self, fps: float) -> None:
        """Start at the first frame, whatever its timestamp."""
        self._fps = fps
        self._last: float | None = None
        self._place = 0.0

    def repeats(self, timestamp: float) -> int:
        """Return for how many frames of the video the frame before this one is shown, ≥ 0; 0 at the first frame.

        A timestamp that does not grow, or is not finite, counts as one frame, as the clock says nothing.
        """
        if self._last is None:
            self._last = timestamp
            return 0
        step, self._last = timestamp - self._last, timestamp
        before = math.floor(self._place + 0.5)
        self._place += step * self._fps if 0.0 < step <= self.LONGEST_GAP else 1.0
        return math.floor(self._place + 0.5) - before
