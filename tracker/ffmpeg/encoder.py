"""A video encoder in a process of its own, fed by a thread, so that encoding runs beside tracking."""

from __future__ import annotations

import contextlib
import logging
import math
import os
import queue
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import cv2
import numpy as np

from tracker.errors import OutputError
from tracker.ffmpeg.containers import CONTAINERS, STREAM, live_codec
from tracker.ffmpeg.finishing import SoundTrack, finish_video
from tracker.ffmpeg.program import Ffmpeg, cause_of
from tracker.ffmpeg.raw_stream import MICROSECONDS, picture_head, stream_head
from tracker.image import Image

_log = logging.getLogger(__name__)

_FRAMES_AHEAD = 4
"""How many pictures may wait for the encoder before tracking waits for it, too: bounds the memory."""
_BYTES_AHEAD = 96 * 2**20
"""Memory for pictures that wait where nothing may wait for the encoder: half a second of 1080p, three of a webcam."""
_FEWEST, _MOST = 4, 90
_TICK = 1e-6
"""Seconds by which times may differ and still be the same."""
_KEY_FRAMES = 2.0
"""Seconds between two key frames at most: players can jump, and a fragment (see the containers) is no longer."""


@dataclass(frozen=True, slots=True)
class _QueuedPicture:
    image: Image
    time: float


class Encoder:
    """Writes pictures of one size, each at its own time, to a video (4:2:0, 8 bits).

    When this program dies, ffmpeg sees the end of its input and finishes the file.
    """

    def __init__(
        self,
        path: Path | None,
        width: int,
        height: int,
        fps: float,
        *,
        hurried: bool = False,
        pixel_shape: tuple[int, int] = (1, 1),
        sound: SoundTrack | None = None,
    ) -> None:
        """Start encoding pictures of `width` x `height`, each rounded up to even, as 4:2:0 needs.

        Args:
            path: the file; replaced if it exists. Its suffix is one of `CONTAINERS`; None for standard output.
            width: of the pictures, pixels.
            height: of the pictures, pixels.
            fps: about how many come a second; the last one is shown for as long as that.
            hurried: whether pictures are offered (`offer`), and many of them may wait.
            pixel_shape: width to height of one pixel, as a fraction.
            sound: what the video gets at the end.

        Raises:
            OutputError: the program is missing or does not start.
        """
        self._path = path
        self._name = "standard output" if path is None else str(path)
        self._size = width + width % 2, height + height % 2
        self._container = STREAM if path is None else CONTAINERS[path.suffix.lower()]
        self._sound = sound
        self._seconds, self._step = 0.0, 1 / fps
        self._shown = -math.inf
        self._left_out = 0
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - read after the process has ended
        ahead = max(_FEWEST, min(_MOST, _BYTES_AHEAD // max(1, 3 * width * height))) if hurried else _FRAMES_AHEAD
        self._queue: queue.Queue[_QueuedPicture | None] = queue.Queue(maxsize=ahead)
        self._failure: Exception | None = None
        self._head = stream_head(*self._size, fps)
        self._planes = np.empty((self._size[1] * 3 // 2, self._size[0]), np.uint8)  # of the picture that is sent
        codec = self._container.codec
        self._codec = live_codec(codec, width * height * fps, os.cpu_count() or 1) if hurried else codec
        try:
            self._process = Ffmpeg(
                self._arguments(fps, pixel_shape),
                failure=OutputError,
                log_level="error",
                feeds=True,
                shows=path is None,
                log=self._log,
            )
        except OutputError:
            self._log.close()
            raise
        self._thread = threading.Thread(target=self._feed, name=f"encode {self._name}", daemon=True)
        self._thread.start()

    def put(self, image: Image, time: float) -> None:
        """Show `image`, which must not be changed afterwards, from `time` on; waits while the encoder is behind.

        A picture of another size is scaled to fit, with black bars. One that comes sooner after another than the format
        can show is left out, which is said at the end.

        Args:
            image: the picture.
            time: seconds from the start of the file, ≥ 0 and above that of the picture before by 0.1 ms or more.

        Raises:
            OutputError: the encoder has died.
        """
        self._check()
        if self._is_shown(time):
            self._queue.put(_QueuedPicture(image, time))

    def offer(self, image: Image, time: float) -> bool:
        """Do as `put` does, but return False where that would have to wait; the picture is then left out.

        Raises:
            OutputError: the encoder has died.
        """
        self._check()
        if not self._is_shown(time):
            return True
        try:
            self._queue.put_nowait(_QueuedPicture(image, time))
        except queue.Full:
            return False
        return True

    def close(self, hurry: threading.Event | None = None) -> None:
        """Wait until everything is encoded and the file is complete; safe to call more than once.

        Args:
            hurry: is or becomes set where that must not take long, see `finish_video`.

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
                raise self._error()
        finally:
            self._process.close()
            self._log.close()
        if self._left_out:
            least = self._container.least_step
            _log.warning("%s left out %d frames that came within %g s of others", self._name, self._left_out, least)
        if self._path is not None:
            finish_video(self._path.resolve(), self._container, self._sound, self._seconds, hurry)

    def _is_shown(self, time: float) -> bool:
        """Return whether a picture has enough time before the next one, and count it."""
        self._seconds = max(self._seconds, time + self._step)
        if time - self._shown < self._container.least_step - _TICK:
            self._left_out += 1
            return False
        self._shown = time
        return True

    def _arguments(self, fps: float, pixel_shape: tuple[int, int]) -> list[str]:
        # cv2 converts with the matrix of BT.601 whatever the size; unless told, players guess another one for HD.
        color = ["-color_range", "tv", "-colorspace", "smpte170m"]
        # All that has to be known is in the head of the stream: nothing is held back to be looked at.
        given = ["-fpsprobesize", "0", "-f", "matroska", "-i", "pipe:0", "-an"]
        (across, down), container = pixel_shape, self._container
        shape = (
            f"scale=trunc(iw*{across}/{down}/2+0.5)*2:ih,setsar=1" if container.square else f"setsar={across}/{down}"
        )
        filters = [*([shape] if across != down else []), *([container.filters] if container.filters else [])]
        look = ["-vf", ",".join(filters)] if filters else []
        keys = ["-g", str(max(1, round(_KEY_FRAMES * fps))), "-force_key_frames", f"expr:gte(t,n_forced*{_KEY_FRAMES})"]
        into = "pipe:1" if self._path is None else f"file:{self._path}"
        return ["-y", *color, *given, *look, *self._codec, *keys, *container.options, into]

    def _check(self) -> None:
        if self._failure is not None:
            raise self._error()

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
            # Half the bytes of BGR through the pipe, and no conversion in ffmpeg.
            cv2.cvtColor(_fitted(queued.image, *self._size), cv2.COLOR_BGR2YUV_I420, dst=self._planes)
            pipe.write(self._head + picture_head(round(queued.time * MICROSECONDS), self._planes.nbytes))
            self._head = b""
            pipe.write(self._planes.reshape(-1).data)
        except Exception as error:  # whatever it is: a thread that died would leave `put` waiting for ever
            self._failure = error
            with contextlib.suppress(OSError):
                pipe.close()

    def _error(self) -> OutputError:
        code = self._process.ended()  # it may still be writing down why
        self._log.seek(0)
        lines = self._log.read().decode(errors="replace").strip().splitlines()
        cause = cause_of(lines) or f"ffmpeg ended early (code {code})"
        if self._path is not None:
            return OutputError(
                f"cannot write {self._path}: {cause}; check the disk's space, what was written so far is kept"
            )
        error = OutputError(f"cannot write the video to standard output: {cause}")
        error.__cause__ = BrokenPipeError() if "Broken pipe" in cause else None
        return error


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
