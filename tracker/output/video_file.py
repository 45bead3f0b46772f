"""Results as a video: the frames with the overlay, or as they came."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Collection, Sequence
from pathlib import Path

from tracker.drawing.overlay import draw_overlay
from tracker.drawing.style import OverlayStyle, Trails
from tracker.errors import OutputError
from tracker.ffmpeg.containers import CONTAINERS
from tracker.ffmpeg.encoder import Encoder
from tracker.ffmpeg.program import find_ffmpeg
from tracker.files import STDOUT, check_output, free_name, reason
from tracker.image import Image
from tracker.output.base import Sink
from tracker.output.kept import kept_of
from tracker.tracking.result import Track
from tracker.video.base import Frame

_SLOWEST, _FASTEST = 0.01, 1000.0
"""Frames per second beyond which a rate is a mistake."""


class VideoFileSink(Sink):
    """Draws the overlay on every frame and writes a video: H.264 that plays in a browser, or a GIF or WebP that moves.

    Every frame is in it, at its own time: a source of a variable rate gives a video of a variable rate. The source's
    sound and the shape of its pixels are kept. The first frame decides the size; later ones of another size are
    letterboxed into it. A run without frames leaves no file.
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
        live: bool = False,
        audio: bool = True,
        in_place: bool = False,
    ) -> None:
        """Check everything that can be checked before the first frame.

        Args:
            path: the video; its suffix is one of `CONTAINERS`. "-" is standard output, which gets H.264 in Matroska.
            fps: about how many frames come a second, 0.01 to 1000.
            overwrite: whether an existing file may be replaced.
            source: the video that is read: it must not be overwritten, and gives the sound.
            inputs: what else is read and must not be overwritten.
            style: what the overlay shows.
            live: whether frames that the encoder has no room for are left out and counted, instead of waited with.
            audio: whether the sound of `source` is kept.
            in_place: whether the overlay is drawn on the frames themselves, as nothing looks at them afterwards.

        Raises:
            OutputError: the path cannot be written (see `checked_video`).
        """
        self._in_place = in_place
        self._path = checked_video(path, fps, overwrite=overwrite, source=source, inputs=inputs)
        self._fps = fps
        self._source = source
        self._audio = audio
        self._style = style or OverlayStyle()
        self._trails = Trails.of_style(self._style)
        self._times = RisingTimes(fps)
        self._live = live
        self._left_out = 0
        self._newest = -1
        self._encoder: Encoder | None = None
        self._closed = False
        self._hurry = threading.Event()

    @property
    def left_out(self) -> int:
        """See `Sink.left_out`."""
        return self._left_out

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
                self._path,
                width,
                height,
                self._fps,
                hurried=self._live,
                pixel_shape=kept.pixel_shape,
                sound=kept.sound,
            )
        self._newest = frame.index
        time = self._times.of(frame.timestamp)
        try:
            if self._live:
                self._left_out += not self._encoder.offer(drawn, time)
            else:
                self._encoder.put(drawn, time)
        except OutputError:
            self._closed = True
            with contextlib.suppress(OutputError):  # the same one
                self._encoder.close()
            raise

    def rewind(self, index: int) -> str | None:
        """Finish the video and go on in a new one, as what is encoded stays; see `Sink.rewind`.

        Raises:
            OutputError: not all of the video so far could be written.
        """
        if self._encoder is None:
            return ""
        if self._path is None or index >= self._newest:
            return None
        encoder, self._encoder = self._encoder, None
        self._path = free_name(self._path.parent, self._path.stem, self._path.suffix)
        self._times, self._trails = RisingTimes(self._fps), Trails.of_style(self._style)
        encoder.close()
        return self._path.name

    def _picture(self, frame: Frame, tracks: Sequence[Track]) -> Image:
        self._trails.update(tracks)
        caption = f"frame {frame.index}   {frame.timestamp:.2f} s"
        return draw_overlay(
            frame.image, tracks, style=self._style, trails=self._trails, caption=caption, in_place=self._in_place
        )

    def hurry(self) -> None:
        """See `Sink.hurry`."""
        self._hurry.set()

    def close(self) -> None:
        """Finish the file; safe to call more than once.

        Raises:
            OutputError: not all of it could be written; what is there can be played.
        """
        if not self._closed:
            self._closed = True
            if self._encoder is not None:
                self._encoder.close(self._hurry)


class RecordingSink(VideoFileSink):
    """Writes the frames as they came, to look at or track again later."""

    def _picture(self, frame: Frame, tracks: Sequence[Track]) -> Image:
        return frame.image.copy()  # the encoder runs behind, and what it has must not change


def checked_video(
    path: str | os.PathLike[str],
    fps: float,
    *,
    overwrite: bool = False,
    source: str | os.PathLike[str] | None = None,
    inputs: Collection[str | os.PathLike[str]] = (),
) -> Path | None:
    """Return where a video will be written, after all that can be checked without touching it; see `VideoFileSink`.

    None is standard output.

    Raises:
        OutputError: the path cannot be written (see `check_output`), the rate is out of range, no ffmpeg; standard
            output is a terminal.
    """
    checked = None
    if os.fspath(path) == STDOUT:
        check_no_terminal()
    else:
        checked = check_output(path, overwrite=overwrite, source=source, inputs=inputs, suffixes=CONTAINERS.keys())
    if not _SLOWEST <= fps <= _FASTEST:
        limits = f"{_SLOWEST:g} to {_FASTEST:g}"
        raise OutputError(f"cannot write a video at {fps:g} frames per second: give a rate of {limits}")
    find_ffmpeg(OutputError)
    if checked is not None:
        _try_to_write(checked.resolve())
    return checked


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


class RisingTimes:
    """Times of frames as times in a video, which begin at 0 and rise, whatever the frames' clock does."""

    LONGEST_GAP = 43_200.0
    """Seconds. A longer gap is a jump of the clock, not a pause, and takes one frame: MP4 holds 13 hours at most."""
    SHORTEST = 1e-4
    """Seconds between two frames at least, so that no two of them have the same time in a file."""

    def __init__(self, fps: float) -> None:
        """Start at the first frame, whatever its timestamp; `fps` is about how many come a second."""
        self._beat = 1.0 / fps
        self._last: float | None = None
        self._place = 0.0

    def of(self, timestamp: float) -> float:
        """Return when the frame of this timestamp is shown, in seconds from the first one.

        A timestamp that does not grow, or is not finite, is one frame after the last, as the clock says nothing.
        """
        if self._last is not None:
            step = timestamp - self._last
            self._place += max(step, self.SHORTEST) if 0.0 < step <= self.LONGEST_GAP else self._beat
        self._last = timestamp
        return self._place
