"""Recordings decoded by the ffmpeg program, for what OpenCV's decoder cannot turn into pictures."""

from __future__ import annotations

import io
import queue
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from tracker.errors import SourceError
from tracker.ffmpeg.program import Ffmpeg
from tracker.image import Image, as_image
from tracker.value_range import ValueRange
from tracker.video.probe import VideoStream
from tracker.video.recording import Facts, Reader

_EXIT = 2.0
"""Seconds that a process which was killed is given to be gone."""
_LARGEST = 1 << 15
"""Pixels a side beyond which a size is a mistake."""
_MAX_FPS = 1000.0

_TIME_BASE = re.compile(r"config in time_base: (\d+)/(\d+)")
_FRAME = re.compile(r"\] n: *\d+ pts: *(-?\d+|NOPTS) .*? s:(\d+)x(\d+) ")

# Only frames that are marked as interlaced are changed, and each gives one frame.
_DEINTERLACE = "yadif=mode=send_frame:deint=interlaced"


@dataclass(frozen=True, slots=True)
class _PipeFormat:
    """A format of pixels in the pipe: ffmpeg's name, and the array that takes it."""

    name: str
    depth: type[np.uint8 | np.uint16]
    channels: int

    @classmethod
    def of(cls, stream: VideoStream) -> _PipeFormat:
        return _GRAY if stream.pixel_format.startswith("gray") else _DEEP

    def empty(self, width: int, height: int) -> NDArray[Any]:
        return np.empty((height, width, self.channels), self.depth)


_PICTURE, _GRAY, _DEEP = (
    _PipeFormat("bgr24", np.uint8, 3),
    _PipeFormat("gray16le", np.uint16, 1),
    _PipeFormat("bgr48le", np.uint16, 3),
)


class PipeReader(Reader):
    """Frames from ffmpeg through a pipe, each with the time that its container gives it.

    ffmpeg writes a line about each frame (`showinfo`) to its log before it writes the picture to the pipe: the n-th
    line belongs to the n-th picture, and holds the time in units of the time base, so that nothing is rounded.
    """

    def __init__(
        self,
        name: str,
        given: Sequence[str | bytes],
        stream: VideoStream,
        value_range: ValueRange | None = None,
        start: tuple[float, float] | None = None,
    ) -> None:
        """Start ffmpeg.

        Args:
            name: of the recording, for messages.
            given: ffmpeg's arguments that describe the input, see `tracker.video.inputs`.
            stream: the video stream to be read.
            value_range: the values of deep pictures that become black and white; None for `stream.is_deep` False.
            start: seconds from the first frame on which to begin, and the first frame's time in the container; None for
                the beginning.

        Raises:
            SourceError: the program is missing or does not start.
        """
        width, height = stream.shown_size
        fps = plausible_fps(stream.fps) or plausible_fps(stream.nominal_fps)
        self.facts = Facts(name, width, height, fps, None)
        self._range = value_range
        self._pixels = _PipeFormat.of(stream) if value_range else _PICTURE
        begin = () if start is None else ("-seek_timestamp", "1", "-ss", f"{sum(start):.6f}")
        self._process = _started([*begin, *given], stream, self._pixels)
        assert isinstance(self._process.stdout, io.BufferedReader)
        assert self._process.stderr is not None
        self._pictures = self._process.stdout
        self._log = _FrameLog(self._process.stderr)
        self._size: tuple[int, int] | None = None
        self._start: float | None = None if start is None else start[1]
        self._time: float | None = None
        self._picture: NDArray[Any] | None = None

    def grab(self) -> bool:
        """Take the next picture from the pipe."""
        self._picture = None
        told = self._log.next()
        if told is None:
            return False
        time, size = told
        self._size = self._size or size  # the pipe keeps the first size: ffmpeg scales what comes in another
        picture = self._pixels.empty(*self._size)
        if self._pictures.readinto(picture.reshape(-1).view(np.uint8).data) < picture.nbytes:
            return False
        if time is not None:
            self._start = time if self._start is None else self._start
            self._time = time - self._start
        else:
            self._time = None
        self._picture = picture
        return True

    def retrieve(self) -> Image | None:
        """Return the picture that was taken."""
        picture, self._picture = self._picture, None
        return None if picture is None else as_image(picture, self._range)

    def timestamp(self) -> float | None:
        """Return seconds from the first frame; None where the recording has no times."""
        return self._time

    def complaint(self) -> str:
        """Return ffmpeg's first complaint so far, "" for none."""
        return self._log.complaint

    def close(self) -> None:
        """End the process and free its pipes."""
        self._process.kill()
        self._log.close()
        self._process.close()


def plausible_fps(fps: float | None) -> float | None:
    """Return a frame rate; None for what is none (rates of 1000 and more are a container's time base)."""
    return fps if fps is not None and 0 < fps < _MAX_FPS else None


def first_pictures(given: Sequence[str | bytes], stream: VideoStream, count: int) -> list[NDArray[Any]]:
    """Return the first pictures of a deep stream, `(H, W, 1 or 3) uint16`.

    Raises:
        SourceError: the program is missing or does not start.
    """
    pixels = _PipeFormat.of(stream)
    process = _started(given, stream, pixels, options=("-frames:v", str(count)))
    assert isinstance(process.stdout, io.BufferedReader)
    assert process.stderr is not None
    log = _FrameLog(process.stderr)
    found: list[NDArray[Any]] = []
    try:
        while (told := log.next()) is not None:
            picture = pixels.empty(*told[1])
            if process.stdout.readinto(picture.reshape(-1).view(np.uint8).data) < picture.nbytes:
                break
            found.append(picture)
    finally:
        process.kill()
        log.close()
        process.close()
    return found


def _started(
    given: Sequence[str | bytes], stream: VideoStream, pixels: _PipeFormat, options: Sequence[str] = ()
) -> Ffmpeg:
    deinterlace = [_DEINTERLACE] if stream.is_interlaced or stream.may_be_interlaced else []
    filters = ",".join([*deinterlace, f"format={pixels.name}", "showinfo=checksum=0"])
    picture = ["-map", f"0:{stream.number}", "-an", "-sn", "-dn", "-copyts", *options, "-vf", filters]
    raw = ["-fps_mode", "passthrough", "-f", "rawvideo", "-c:v", "rawvideo", "-pix_fmt", pixels.name, "pipe:1"]
    return Ffmpeg([*given, *picture, *raw], failure=SourceError, log_level="level+info", reads=True)


class _FrameLog:
    """Reads ffmpeg's log in a thread, so that ffmpeg never waits for it, and hands on what it says of each frame."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self.complaint = ""
        self._pipe = pipe
        self._told: queue.SimpleQueue[tuple[float | None, tuple[int, int]] | None] = queue.SimpleQueue()
        self._ended = False
        self._thread = threading.Thread(target=self._drain, name="ffmpeg frame log", daemon=True)
        self._thread.start()

    def next(self) -> tuple[float | None, tuple[int, int]] | None:
        """Wait for the next frame's line; return its time in seconds and size, None at the end."""
        told = None if self._ended else self._told.get()
        self._ended = told is None
        return told

    def close(self) -> None:
        self._thread.join(_EXIT)

    def _drain(self) -> None:
        unit = (1, 1)
        try:
            for raw in self._pipe:
                line = raw.decode("utf-8", errors="replace")
                if frame := _FRAME.search(line):
                    width, height = int(frame[2]), int(frame[3])
                    if not (0 < width <= _LARGEST and 0 < height <= _LARGEST):
                        break
                    time = None if frame[1] == "NOPTS" else int(frame[1]) * unit[0] / unit[1]
                    self._told.put((time, (width, height)))
                elif base := _TIME_BASE.search(line):
                    unit = int(base[1]), max(1, int(base[2]))
                elif not self.complaint and (found := re.search(r"\[(?:error|fatal)\] (.*)", line)):
                    self.complaint = found[1].strip().rstrip(".")
        finally:
            self._told.put(None)
