"""Videos: the annotated one, and the recording of the frames as they came."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Collection, Sequence
from pathlib import Path

from tracker.drawing.overlay import draw_overlay
from tracker.drawing.style import OverlayStyle, Trails
from tracker.errors import OutputError
from tracker.ffmpeg.containers import CONTAINERS
from tracker.ffmpeg.encoder import Encoder
from tracker.ffmpeg.program import find_ffmpeg
from tracker.files import STDOUT, check_output, reason
from tracker.image import Image
from tracker.output.base import Sink
from tracker.output.kept import kept_of
from tracker.tracking.result import Track
from tracker.video.base import Frame

_SLOWEST, _FASTEST = 0.01, 1000.0
"""Frames per second beyond which a rate is a mistake."""


class VideoFileSink(Sink):
    """Draws the overlay on every frame and writes a video: H.264 that plays in a browser, or a GIF or WebP that moves.

    Each frame is shown at its own time, so that a variable rate stays one. What the source has of sound, and the shape
    of its pixels, are kept. The first frame decides the size; later ones of another size are letterboxed into it. A run
    without frames leaves no file.
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
        audio: bool = True,
    ) -> None:
        """Check everything that can be checked before the first frame.

        Args:
            path: the video; its suffix is one of `CONTAINERS`. "-" is standard output, which gets H.264 in Matroska.
            fps: usual frames per second, 0.01 to 1000: how long the last frame is shown, and those without a time.
            overwrite: whether an existing file may be replaced.
            source: the video that is read: it must not be overwritten, and gives the sound.
            inputs: what else is read and must not be overwritten.
            style: what the overlay shows.
            audio: whether the sound of `source` is kept.

        Raises:
            OutputError: the path cannot be written (see `check_output`), the rate is out of range, no ffmpeg; standard
                output is a terminal.
        """
        self._path: Path | None = None
        if str(path) == STDOUT:
            check_no_terminal()
        else:
            suffixes = CONTAINERS.keys()
            self._path = check_output(path, overwrite=overwrite, source=source, inputs=inputs, suffixes=suffixes)
        if not _SLOWEST <= fps <= _FASTEST:
            limits = f"{_SLOWEST:g} to {_FASTEST:g}"
            raise OutputError(f"cannot write a video at {fps:g} frames per second: give a rate of {limits}")
        find_ffmpeg(OutputError)
        if self._path is not None:
            _try_to_write(self._path.resolve())
        self._fps = fps
        self._source = source
        self._audio = audio
        self._style = style or OverlayStyle()
        self._trails = Trails()
        self._times = Timeline(fps)
        self._encoder: Encoder | None = None
        self._closed = False

    def write(self, frame: Frame, tracks: Sequence[Track]) -> None:
        """Draw and encode one frame.

        Raises:
            OutputError: the encoder died (disk full, killed), or the sink is closed.
        """
        if self._closed:
            raise OutputError(f"{self._path or STDOUT} is closed: write before close()")
        drawn = self._picture(frame, tracks)
        if self._encoder is None:
            height, width = drawn.shape[:2]
            kept = kept_of(self._source, frame.timestamp, sound=self._audio)
            self._encoder = Encoder(
                self._path, width, height, self._fps, pixel_shape=kept.pixel_shape, sound=kept.sound
            )
        try:
            self._encoder.put(drawn, self._times.place(frame.timestamp))
        except OutputError:
            self._closed = True
            with contextlib.suppress(OutputError):  # the same one
                self._encoder.close()
            raise

    def _picture(self, frame: Frame, tracks: Sequence[Track]) -> Image:
        self._trails.update(tracks)
        caption = f"frame {frame.index}   {frame.timestamp:.2f} s"
        return draw_overlay(frame.image, tracks, style=self._style, trails=self._trails, caption=caption)

    def close(self) -> None:
        """Finish the file; safe to call more than once.

        Raises:
            OutputError: not all of it could be written; what is there can be played.
        """
        if not self._closed:
            self._closed = True
            if self._encoder is not None:
                self._encoder.close()


class RecordingSink(VideoFileSink):
    """Writes the frames as they came, to look at or track again later."""

    def _picture(self, frame: Frame, tracks: Sequence[Track]) -> Image:
        return frame.image.copy()  # the encoder runs behind, and what it has must not change


class Timeline:
    """Times of frames as times of a video, which begin at 0 and rise, whatever the clock of the source does."""

    def __init__(self, fps: float) -> None:
        """Start before the first frame; `fps` gives the step where the clock says nothing."""
        self._step = 1 / fps
        self._last: float | None = None
        self._place = 0.0

    def place(self, timestamp: float) -> float:
        """Return when a frame is shown, seconds; one whose time does not grow, or is not finite, a usual step later."""
        if self._last is not None:
            step = timestamp - self._last
            self._place += step if 0.0 < step < float("inf") else self._step
        self._last = timestamp
        return self._place


def check_no_terminal() -> None:
    """Do nothing where standard output takes a video.

    Raises:
        OutputError: it is a terminal.
    """
    if sys.stdout.isatty():
        raise OutputError("a video cannot be shown on a terminal: give the name of a file, or a pipe")


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
