"""A video encoder in a process of its own, fed by a thread, so that encoding runs beside tracking."""

from __future__ import annotations

import contextlib
import logging
import queue
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import cv2
import numpy as np
from numpy.typing import NDArray

from tracker.errors import OutputError
from tracker.ffmpeg.containers import CONTAINERS, STREAM
from tracker.ffmpeg.finishing import SoundTrack, finish_video
from tracker.ffmpeg.matroska import TICK, picture_head, stream_head
from tracker.ffmpeg.program import Ffmpeg, cause_of
from tracker.image import Image

_log = logging.getLogger(__name__)

_FRAMES_AHEAD = 4
"""How many pictures may wait for the encoder before tracking waits for it, too: bounds the memory."""
_KEY_FRAMES = 2.0
"""Seconds between key frames: players can jump there, and a fragment is no longer."""


@dataclass(frozen=True, slots=True)
class _QueuedPicture:
    image: Image
    time: float


class Encoder:
    """Writes pictures of one size, each shown from its own time on, to a video (4:2:0, 8 bits).

    When this program dies, ffmpeg sees the end of its input and finishes the file.
    """

    def __init__(
        self,
        path: Path | None,
        width: int,
        height: int,
        fps: float,
        *,
        pixel_shape: tuple[int, int] = (1, 1),
        sound: SoundTrack | None = None,
    ) -> None:
        """Start encoding pictures of `width` x `height`, each rounded up to even, as 4:2:0 needs.

        Args:
            path: the file; replaced if it exists. Its suffix is one of `CONTAINERS`; None for standard output.
            width: of the pictures, pixels.
            height: of the pictures, pixels.
            fps: frames per second of pictures that are put without a time.
            pixel_shape: width to height of one pixel, as a fraction.
            sound: what the video gets at the end.

        Raises:
            OutputError: the program is missing or does not start.
        """
        self._path = path
        self._name = "standard output" if path is None else str(path)
        self._size = width + width % 2, height + height % 2
        self._fps = fps
        self._container = STREAM if path is None else CONTAINERS[path.suffix.lower()]
        self._sound = sound
        self._time: float | None = None
        self._shown: float | None = None
        self._left_out = 0
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - read after the process has ended
        self._queue: queue.Queue[_QueuedPicture | None] = queue.Queue(maxsize=_FRAMES_AHEAD)
        self._failure: Exception | None = None
        try:
            self._process = Ffmpeg(
                self._arguments(pixel_shape),
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

    def put(self, image: Image, time: float | None = None) -> None:
        """Show `image`, which must not be changed afterwards, from a time on; waits while the encoder is behind.

        A picture of another size is scaled to fit, with black bars. One that would be shown for less time than the
        format knows is left out, which is said at the end.

        Args:
            image: the picture.
            time: seconds from the start of the video, after those of the pictures before; None for the usual step.

        Raises:
            OutputError: the encoder has died.
        """
        if self._failure is not None:
            raise self._error()
        if time is None:
            time = 0.0 if self._time is None else self._time + 1 / self._fps
        self._time = time
        if self._shown is not None and time - self._shown < self._container.least_step - TICK:
            self._left_out += 1
            return
        self._shown = time
        self._queue.put(_QueuedPicture(image, time))

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
                raise self._error()
        finally:
            self._process.close()
            self._log.close()
        if self._left_out:
            _log.warning(
                "%s left out %d frames that came within %g s of another one, as the format cannot show them",
                self._name,
                self._left_out,
                self._container.least_step,
            )
        if self._path is not None:
            finish_video(self._path.resolve(), self._container, self._sound, (self._time or 0.0) + 1 / self._fps)

    def _arguments(self, pixel_shape: tuple[int, int]) -> list[str]:
        across, down = pixel_shape
        # cv2 converts with the matrix of BT.601 whatever the size; unless told, players guess another one for HD.
        filters = ["setparams=range=tv:colorspace=smpte170m"]
        if across != down:
            square = self._container.square
            filters += [f"scale=trunc(iw*{across}/{down}/2+0.5)*2:ih,setsar=1" if square else f"setsar={across}/{down}"]
        filters += [self._container.filters] if self._container.filters else []
        keys = ["-force_key_frames", f"expr:gte(t,n_forced*{_KEY_FRAMES:g})"]
        into = [*self._container.options, "pipe:1" if self._path is None else f"file:{self._path}"]
        # Pictures come one by one: what the demuxer needs to know is in the head of the stream.
        given = ["-y", "-probesize", "32", "-analyzeduration", "0", "-f", "matroska", "-i", "pipe:0"]
        return [*given, "-an", "-vf", ",".join(filters), *self._container.codec, *keys, *into]

    def _feed(self) -> None:
        """Send what is queued, until None; after a failure only empty the queue, so that `put` never waits for ever."""
        pipe = self._process.stdin
        assert pipe is not None
        self._try(lambda: pipe.write(stream_head(*self._size, self._fps)), pipe)
        while (queued := self._queue.get()) is not None:
            if self._failure is None:
                self._send(queued, pipe)
        try:
            pipe.close()
        except OSError as error:  # what was left in its buffer was not taken
            self._failure = self._failure or error

    def _send(self, queued: _QueuedPicture, pipe: IO[bytes]) -> None:
        def write() -> None:
            planes = _planes(queued.image, *self._size).reshape(-1).data
            pipe.write(picture_head(round(queued.time / TICK), planes.nbytes))
            pipe.write(planes)

        self._try(write, pipe)

    def _try(self, write: Callable[[], object], pipe: IO[bytes]) -> None:
        try:
            write()
        except Exception as error:  # whatever it is: a thread that died would leave `put` waiting for ever
            self._failure = error
            with contextlib.suppress(OSError):
                pipe.close()

    def _error(self) -> OutputError:
        code = self._process.ended()  # it may still be writing down why
        self._log.seek(0)
        lines = self._log.read().decode(errors="replace").strip().splitlines()
        cause = cause_of(lines) or f"ffmpeg ended early (code {code})"
        if self._path is None:
            error = OutputError(f"cannot write the video to standard output: {cause}")
            error.__cause__ = BrokenPipeError() if "Broken pipe" in cause else None
            return error
        return OutputError(
            f"cannot write {self._path}: {cause}; check the disk's space, what was written so far is kept"
        )


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
