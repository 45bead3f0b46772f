"""An H.264 encoder in a process of its own, fed by a thread, so that encoding runs beside tracking."""

from __future__ import annotations

import contextlib
import queue
import tempfile
import threading
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import IO

import cv2
import numpy as np
from numpy.typing import NDArray

from tracker.errors import OutputError
from tracker.ffmpeg.program import Ffmpeg, cause_of, run_ffmpeg
from tracker.ffmpeg.raw_stream import MICROSECONDS, picture_head, stream_head
from tracker.image import Image

_FRAMES_AHEAD = 4
"""How many pictures may wait for the encoder before tracking waits for it, too: bounds the memory."""
_BYTES_AHEAD = 96 * 2**20
"""Memory for pictures that wait where nothing may wait for the encoder: half a second of 1080p, three of a webcam."""
_FEWEST, _MOST = 4, 90
_KEY_FRAMES = 2.0
"""Seconds between two key frames at most: players can jump, and a fragment (see the containers) is no longer."""
_TIME_BASE = 90_000
"""Units of time a second in the file: common rates are whole numbers of them, and MP4 holds gaps of 13 hours."""
QUALITY = ("-preset", "superfast", "-crf", "21")
"""Of x264's presets the slowest that keeps up with 1080p at 30 fps on one core of a laptop, at no visible loss."""


@dataclass(frozen=True, slots=True)
class Container:
    """A file format: ffmpeg's options for it, and whether its index has to be brought to the front at the end."""

    options: tuple[str, ...]
    index_to_front: bool


# In fragments, what is written so far can be played after a full disk, a kill or a power cut.
_FRAGMENTS = ("-movflags", "+frag_keyframe+delay_moov+default_base_moof")

CONTAINERS: Mapping[str, Container] = MappingProxyType(
    {
        ".mp4": Container(("-f", "mp4", *_FRAGMENTS), index_to_front=True),
        ".m4v": Container(("-f", "mp4", *_FRAGMENTS), index_to_front=True),
        ".mov": Container(("-f", "mov", *_FRAGMENTS), index_to_front=True),
        ".mkv": Container(("-f", "matroska"), index_to_front=False),
    }
)
"""The file formats of a video by suffix; all hold H.264."""


@dataclass(frozen=True, slots=True)
class _QueuedPicture:
    image: Image
    time: float


class Encoder:
    """Writes pictures of one size, each at its own time, to an H.264 file that any player takes (4:2:0, 8 bits).

    When this program dies, ffmpeg sees the end of its input and finishes the file.
    """

    def __init__(self, path: Path, width: int, height: int, fps: float, *, hurried: bool = False) -> None:
        """Start encoding pictures of `width` x `height`, each rounded up to even, as 4:2:0 needs.

        Args:
            path: the file; replaced if it exists. Its suffix is one of `CONTAINERS`.
            width: of the pictures, pixels.
            height: of the pictures, pixels.
            fps: about how many come a second; the last one is shown for as long as that.
            hurried: whether pictures are offered (`offer`), and many of them may wait.

        Raises:
            OutputError: the program is missing or does not start.
        """
        self._path = path
        self._size = width + width % 2, height + height % 2
        self._container = CONTAINERS[path.suffix.lower()]
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - read after the process has ended
        ahead = max(_FEWEST, min(_MOST, _BYTES_AHEAD // max(1, 3 * width * height))) if hurried else _FRAMES_AHEAD
        self._queue: queue.Queue[_QueuedPicture | None] = queue.Queue(maxsize=ahead)
        self._failure: Exception | None = None
        self._head = stream_head(*self._size, fps)
        try:
            self._process = Ffmpeg(
                self._arguments(fps), failure=OutputError, log_level="error", feeds=True, log=self._log
            )
        except OutputError:
            self._log.close()
            raise
        self._thread = threading.Thread(target=self._feed, name=f"encode {path.name}", daemon=True)
        self._thread.start()

    def put(self, image: Image, time: float) -> None:
        """Show `image`, which must not be changed afterwards, from `time` on; waits while the encoder is behind.

        A picture of another size is scaled to fit, with black bars.

        Args:
            image: the picture.
            time: seconds from the start of the file, ≥ 0 and above that of the picture before by 0.1 ms or more.

        Raises:
            OutputError: the encoder has died.
        """
        self._check()
        self._queue.put(_QueuedPicture(image, time))

    def offer(self, image: Image, time: float) -> bool:
        """Do as `put` does, but return False where that would have to wait; the picture is then left out.

        Raises:
            OutputError: the encoder has died.
        """
        self._check()
        try:
            self._queue.put_nowait(_QueuedPicture(image, time))
        except queue.Full:
            return False
        return True

    def close(self) -> None:
        """Wait until everything is encoded and the file is complete; safe to call more than once.

        Raises:
            OutputError: not all of it could be written.
        """
        if self._log.closed:
            return
        if self._thread.is_alive():
            self._queue.put(None)
            self._thread.join()
        code = self._process.wait()
        try:
            if code != 0 or self._failure is not None:
                raise OutputError(self._complaint())
        finally:
            self._process.close()
            self._log.close()
        if self._container.index_to_front:
            bring_index_to_front(self._path.resolve())

    def _arguments(self, fps: float) -> list[str]:
        # cv2 converts with the matrix of BT.601 whatever the size; unless told, players guess another one for HD.
        color = ["-color_range", "tv", "-colorspace", "smpte170m"]
        # All that has to be known is in the head of the stream: nothing is held back to be looked at.
        given = ["-fpsprobesize", "0", "-f", "matroska", "-i", "pipe:0"]
        keys = ["-g", str(max(1, round(_KEY_FRAMES * fps))), "-force_key_frames", f"expr:gte(t,n_forced*{_KEY_FRAMES})"]
        times = ["-fps_mode", "vfr", "-enc_time_base", f"1:{_TIME_BASE}", "-video_track_timescale", str(_TIME_BASE)]
        encoding = ["-an", "-c:v", "libx264", *QUALITY, *keys, *times]
        return ["-y", *color, *given, *encoding, *self._container.options, f"file:{self._path}"]

    def _check(self) -> None:
        if self._failure is not None:
            raise OutputError(self._complaint())

    def _feed(self) -> None:
        """Send what is queued, until None; after a failure only empty the queue, so that `put` never waits for ever."""
        pipe = self._process.stdin
        assert pipe is not None
        while (queued := self._queue.get()) is not None:
            if self._failure is None:
                self._send(queued, pipe)
        try:
            pipe.close()
        except OSError as error:  # what was left in its buffer was not taken
            self._failure = self._failure or error

    def _send(self, queued: _QueuedPicture, pipe: IO[bytes]) -> None:
        try:
            planes = _planes(queued.image, *self._size).reshape(-1).data
            pipe.write(self._head + picture_head(round(queued.time * MICROSECONDS), planes.nbytes))
            self._head = b""
            pipe.write(planes)
        except Exception as error:  # whatever it is: a thread that died would leave `put` waiting for ever
            self._failure = error
            with contextlib.suppress(OSError):
                pipe.close()

    def _complaint(self) -> str:
        code = self._process.ended()  # it may still be writing down why
        self._log.seek(0)
        lines = self._log.read().decode(errors="replace").strip().splitlines()
        cause = cause_of(lines) or f"ffmpeg ended early (code {code})"
        return f"cannot write {self._path}: {cause}; check the disk's space, what was written so far is kept"


def bring_index_to_front(path: Path) -> None:
    """Rewrite an MP4 or MOV of fragments as a plain one with its index in front, for players that stream it.

    Where that is not possible (no space for a second copy), the file stays as it is: complete, and playable.
    """
    copy = path.with_name(f".{path.stem}-{uuid.uuid4().hex}{path.suffix}")
    arguments = ("-y", "-i", f"file:{path}", "-c", "copy", "-movflags", "+faststart", f"file:{copy}")
    try:
        done = run_ffmpeg(*arguments, log_level="error")
        if done.returncode == 0:
            copy.chmod(path.stat().st_mode)
            copy.replace(path)
    except OSError:
        return
    finally:
        with contextlib.suppress(OSError):
            copy.unlink(missing_ok=True)


def _planes(image: Image, width: int, height: int) -> NDArray[np.uint8]:
    """Return the picture in planar 4:2:0: half the bytes of BGR through the pipe, and no conversion in ffmpeg."""
    fitted = _fitted(image, width, height)
    return np.ascontiguousarray(cv2.cvtColor(fitted, cv2.COLOR_BGR2YUV_I420), dtype=np.uint8)


def _fitted(image: Image, width: int, height: int) -> Image:
    """Return the picture at `width` x `height`: a row or column short is repeated, other sizes are letterboxed."""
    across, down = width - image.shape[1], height - image.shape[0]
    if across == 0 and down == 0:
        return image
    if across in (0, 1) and down in (0, 1):
        return np.asarray(cv2.copyMakeBorder(image, 0, down, 0, across, cv2.BORDER_REPLICATE), dtype=np.uint8)
    scale = min(width / image.shape[1], height / image.shape[0])
    size = max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    left, top = (width - size[0]) // 2, (height - size[1]) // 2
    canvas = np.zeros((height, width, 3), np.uint8)
    canvas[top : top + size[1], left : left + size[0]] = small
    return canvas
