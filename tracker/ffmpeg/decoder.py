"""The ffmpeg program as a decoder in a process of its own."""

from __future__ import annotations

import contextlib
import io
import logging
import re
import subprocess
import threading
from collections import deque
from collections.abc import Sequence
from typing import IO

import numpy as np

from tracker.errors import SourceError
from tracker.image import Image

_logger = logging.getLogger(__name__)

_HEADER = 54
"""Bytes of the header of a BMP picture as ffmpeg writes it."""
_LARGEST = 1 << 15
"""Pixels a side beyond which a header is no header."""
_LINES = 50
_PATIENCE = 0.5
"""Seconds to wait for the log to tell the rate, which it writes before the first picture."""
_EXIT = 2.0
"""Seconds a killed process is given to be gone."""


def find_ffmpeg() -> str:
    """Return the ffmpeg program that imageio-ffmpeg carries (or IMAGEIO_FFMPEG_EXE names).

    Raises:
        SourceError: there is none.
    """
    import imageio_ffmpeg  # here, as only streams and cameras need it

    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        raise SourceError(
            "no ffmpeg program for streams: reinstall imageio-ffmpeg or set IMAGEIO_FFMPEG_EXE to one"
        ) from error


class Decoder:
    """Decodes an input to pictures on a pipe, all of the size of the first one: ffmpeg scales what comes in another.

    A decoder in this process could hang it, or take it down with it; a process of its own can always be killed.
    """

    def __init__(self, name: str, arguments: Sequence[str]) -> None:
        """Start ffmpeg on an input.

        Args:
            name: of the input, for people.
            arguments: what describes the input to ffmpeg.

        Raises:
            SourceError: the program is missing or does not start.
        """
        # BMP pictures bring their size with them. They are stored bottom up, hence the flip.
        picture = ["-map", "0:v:0", "-an", "-vf", "vflip", "-pix_fmt", "bgr24", "-c:v", "bmp"]
        pipe = ["-fps_mode", "passthrough", "-flush_packets", "1", "-f", "image2pipe", "pipe:1"]
        head = [find_ffmpeg(), "-nostdin", "-hide_banner", "-nostats", "-loglevel", "level+info"]
        try:
            self._process = subprocess.Popen(
                [*head, *arguments, *picture, *pipe],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=1 << 20,
                start_new_session=True,  # a Ctrl-C is for this program, which then ends the other
            )
        except OSError as error:
            raise SourceError(f"cannot start ffmpeg ({error.strerror}): reinstall imageio-ffmpeg") from error
        assert isinstance(self._process.stdout, io.BufferedReader)
        assert self._process.stderr is not None
        self._pictures = self._process.stdout
        self._log = _Log(name, self._process.stderr)

    def read(self) -> Image | None:
        """Wait for the next picture, a fresh array; None at the end."""
        header = self._pictures.read(_HEADER)
        if len(header) < _HEADER:
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
        """Return why ffmpeg ended, in its words; "" where it had no complaint. After the end only."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=_EXIT)
        return self._log.complaint()

    def kill(self) -> None:
        """End the process; a `read` under way returns None. Safe from any thread."""
        self._process.kill()

    def close(self) -> None:
        """End the process and free its pipes."""
        self._process.kill()
        self._process.wait()
        self._pictures.close()
        self._log.close()


class _Log:
    """Reads what ffmpeg has to say, so that it never waits, and keeps the little that matters."""

    _INPUT = re.compile(r"Stream #.*Video: .*?, (\d+x\d+)\b(?:.*?\b(\d+(?:\.\d+)?) fps)?")
    _CHANGE = re.compile(r"Reconfiguring filter graph because .*?, (\d+x\d+)\b")
    _COMPLAINT = re.compile(r"\[(?:error|fatal)\] (.*)")

    def __init__(self, name: str, pipe: IO[bytes]) -> None:
        self._name = name
        self._pipe = pipe
        self._size = ""
        self._fps: float | None = None
        self._complaints: deque[str] = deque(maxlen=_LINES)
        self._input_told = threading.Event()
        self._thread = threading.Thread(target=self._drain, name="ffmpeg log", daemon=True)
        self._thread.start()

    def fps(self) -> float | None:
        self._input_told.wait(_PATIENCE)
        return self._fps

    def complaint(self) -> str:
        """Return what ffmpeg sums its failure up as, else its first complaint: the later ones are consequences."""
        self._thread.join(_EXIT)
        summed_up = (line.partition("Error opening input: ") for line in self._complaints)
        causes = [cause for _, found, cause in summed_up if found]
        return (causes or [*self._complaints, ""])[0].rstrip(".")

    def close(self) -> None:
        self._thread.join(_EXIT)
        self._pipe.close()

    def _drain(self) -> None:
        for raw in self._pipe:
            line = raw.decode(errors="replace").strip()
            if not self._size and (stream := self._INPUT.search(line)):
                self._size = stream[1]
                self._fps = float(stream[2]) if stream[2] else None
                self._input_told.set()
            elif (change := self._CHANGE.search(line)) and change[1] != self._size:
                self._size = change[1]
                _logger.warning("%s changed its size to %s: scaled to what it was", self._name, self._size)
            elif complaint := self._COMPLAINT.search(line):
                self._complaints.append(complaint[1])
        self._input_told.set()
