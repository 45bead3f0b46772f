"""A decoder: whatever ffmpeg can read, as pictures."""

from __future__ import annotations

import io
import logging
import re
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from tracker.errors import SourceError
from tracker.ffmpeg.program import Ffmpeg, cause_of
from tracker.image import Image

_logger = logging.getLogger(__name__)

_HEADER = 54
"""Bytes of the header of a BMP picture as ffmpeg writes it."""
_LARGEST = 1 << 15
"""Pixels a side beyond which a header is no header."""
_LINES = 50
"""Lines of complaints that are kept."""
_INPUT_TIMEOUT = 0.5
"""Seconds to wait for the log to tell the rate, which it writes before the first picture."""
_LOG_TIMEOUT = 2.0
"""Seconds to wait for the end of the log of a process that has ended."""


class Decoder:
    """Decodes an input to pictures on a pipe, all of the size of the first one: ffmpeg scales what comes in another.

    A decoder in this process could hang it, or take it down with it; a process of its own can always be killed.
    """

    def __init__(
        self,
        name: str,
        arguments: Sequence[str],
        *,
        environment: Mapping[str, str] | None = None,
        may_follow: Callable[[str], bool] = lambda _: True,
    ) -> None:
        """Start ffmpeg on an input.

        Args:
            name: the input's name in messages.
            arguments: the options that describe the input to ffmpeg.
            environment: the variables that ffmpeg sees; None for those of this process.
            may_follow: whether it may go on at the address that a server of RTSP points to; if not, it is ended.

        Raises:
            SourceError: the program is missing or does not start.
        """
        # BMP pictures bring their size with them. They are stored bottom up, hence the flip.
        picture = ["-map", "0:v:0", "-an", "-vf", "vflip", "-pix_fmt", "bgr24", "-c:v", "bmp"]
        pipe = ["-fps_mode", "passthrough", "-flush_packets", "1", "-f", "image2pipe", "pipe:1"]
        process = Ffmpeg(
            [*arguments, *picture, *pipe],
            failure=SourceError,
            log_level="level+info",
            reads=True,
            environment=environment,
        )
        assert isinstance(process.stdout, io.BufferedReader)
        self._process = process
        self._pictures = process.stdout
        self._log = _Log(name, process, may_follow)

    def read(self) -> Image | None:
        """Wait for the next picture, a fresh array; None at the end."""
        header = self._pictures.read(_HEADER)
        if len(header) < _HEADER or self._log.is_refused():
            return None
        start, width, height = (int.from_bytes(header[at : at + 4], "little", signed=True) for at in (10, 18, 22))
        if header[:2] != b"BM" or start < _HEADER or not (0 < width <= _LARGEST and 0 < height <= _LARGEST):
            raise SourceError("ffmpeg sent something that is no picture: reinstall imageio-ffmpeg")
        self._pictures.read(start - _HEADER)
        rows = np.empty((height, (3 * width + 3) & ~3), np.uint8)  # a row is padded to a multiple of four bytes
        if self._pictures.readinto(rows.reshape(-1).data) < rows.size:
            return None
        return np.ascontiguousarray(rows[:, : 3 * width]).reshape(height, width, 3)

    @property
    def fps(self) -> float | None:
        """Frames per second as the input announces them; None where it does not."""
        return self._log.fps()

    def complaint(self) -> str:
        """Return why ffmpeg ended, in its own words; "" where it logged no error. After the end only."""
        self._process.ended()
        return self._log.complaint()

    def kill(self) -> None:
        """End the process; a `read` under way returns None. Safe from any thread."""
        self._process.kill()

    def close(self) -> None:
        """End the process and free its pipes."""
        self._process.kill()
        self._log.join()
        self._process.close()


class _Log:
    """A thread that reads ffmpeg's log, so that ffmpeg never waits for a reader, and keeps the little that matters."""

    _INPUT = re.compile(r"Stream #.*Video: .*?, (\d+x\d+)\b(?:.*?\b(\d+(?:\.\d+)?) fps)?")
    _CHANGE = re.compile(r"Reconfiguring filter graph because .*?, (\d+x\d+)\b")
    _COMPLAINT = re.compile(r"\[(?:error|fatal)\] (.*)")

    _REDIRECT = re.compile(r"Redirecting to (\S+)")

    def __init__(self, name: str, process: Ffmpeg, may_follow: Callable[[str], bool]) -> None:
        assert process.stderr is not None
        self._name = name
        self._process = process
        self._pipe = process.stderr
        self._may_follow = may_follow
        self._refused = ""
        self._asked = False
        self._size = ""
        self._fps: float | None = None
        self._complaints: deque[str] = deque(maxlen=_LINES)
        self._input_known = threading.Event()
        self._thread = threading.Thread(target=self._drain, name="ffmpeg log", daemon=True)
        self._thread.start()

    def fps(self) -> float | None:
        self._input_known.wait(_INPUT_TIMEOUT)
        return self._fps

    def is_refused(self) -> bool:
        """Whether the input came from a place that may not be followed: the log tells it before the input."""
        if not self._asked:
            self._input_known.wait(_INPUT_TIMEOUT)
            self._asked = True
        return bool(self._refused)

    def complaint(self) -> str:
        self.join()
        return self._refused or cause_of(self._complaints)

    def join(self) -> None:
        """Wait for the end of the log, which comes with that of the process."""
        self._thread.join(_LOG_TIMEOUT)

    def _drain(self) -> None:
        for raw in self._pipe:
            line = raw.decode(errors="replace").strip()
            if not self._size and (stream := self._INPUT.search(line)):
                self._size = stream[1]
                self._fps = float(stream[2]) if stream[2] else None
                self._input_known.set()
            elif (change := self._CHANGE.search(line)) and change[1] != self._size:
                self._size = change[1]
                _logger.warning("%s changed its size to %s: scaled to what it was", self._name, self._size)
            elif redirect := self._REDIRECT.search(line):
                # Until it has ended ffmpeg may go on, and tell of where that place points to.
                if not self._refused and not self._may_follow(redirect[1]):
                    self._refused = f"it points to {redirect[1]}, which is not followed"
                    self._process.kill()
            elif complaint := self._COMPLAINT.search(line):
                self._complaints.append(complaint[1])
        self._input_known.set()
