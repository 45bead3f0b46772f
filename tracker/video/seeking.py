"""Where each frame of a file is in time, so that a jump can be checked: by the packets, without decoding them."""

from __future__ import annotations

import os
import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from tracker.errors import SourceError
from tracker.video.inputs import file_input, run
from tracker.video.span import TOLERANCE, Position

_TIMEOUT = 600.0
"""Seconds that ffmpeg is given to go through the packets; 400 MB take about half a second."""
_DISCARDED = 0x4
"""ffmpeg's flag of a packet that is decoded and not shown (AV_PKT_FLAG_DISCARD)."""
_CLOSE = 0.25
"""Share of the shortest frame by which a decoder's time may differ from the packet's: containers store milliseconds."""


_ONE_EACH = 1.5
"""Packets a frame from here on are two of them, a field in each."""


@dataclass(frozen=True, slots=True)
class FrameTimes:
    """The times of all frames of a stream, in the order in which they are shown.

    Attributes:
        times: seconds from the first frame, rising.
        origin: the first frame's time in the container, seconds.
    """

    times: tuple[float, ...]
    origin: float

    def index_of(self, seconds: float) -> int | None:
        """Return the number of the frame that has this time, None where none has."""
        at = bisect_left(self.times, seconds)
        near = min((n for n in (at - 1, at) if 0 <= n < len(self.times)), key=lambda n: abs(self.times[n] - seconds))
        return near if abs(self.times[near] - seconds) <= self._tolerance(near) else None

    def first_from(self, position: Position) -> int:
        """Return the number of the first frame at or after a position; the count of frames where there is none."""
        if isinstance(position, int):
            return min(position, len(self.times))
        return bisect_left(self.times, position - TOLERANCE)

    def _tolerance(self, number: int) -> float:
        neighbors = self.times[max(0, number - 1) : number + 2]
        gaps = [b - a for a, b in pairwise(neighbors)]
        return max(_CLOSE * min(gaps), 1e-4) if gaps else TOLERANCE


def frame_times(given: Sequence[str | bytes], number: int, fps: float | None) -> FrameTimes | None:
    """Return the times of the frames of an input; None where its packets do not tell the frames.

    That is so for raw streams, which have no times, for broadcasts whose times begin again, where a frame is in two
    packets, a field in each, and where packets are empty.

    Args:
        given: ffmpeg's arguments for the input.
        number: of the stream.
        fps: mean frames per second, None where unknown.
    """
    keep = ["-map", f"0:{number}", "-c", "copy", "-copyts", "-f", "framecrc", "-"]
    try:
        _, report = run(*given, *keep, log_level="error", timeout=_TIMEOUT)
    except SourceError:
        return None
    return parsed(report, fps)


def file_frame_times(path: Path, demuxer: str, number: int, fps: float | None) -> FrameTimes | None:
    """Return the times of the frames of a file; it is made once as long as the file stays the same."""
    facts = path.stat()
    return _of_file(os.fsencode(path.absolute()), facts.st_size, facts.st_mtime_ns, demuxer, number, fps)


@lru_cache(maxsize=8)
def _of_file(name: bytes, _size: int, _changed: int, demuxer: str, number: int, fps: float | None) -> FrameTimes | None:
    return frame_times(file_input(Path(os.fsdecode(name)), demuxer), number, fps)


_BASE = re.compile(r"^#tb 0: (\d+)/(\d+)", re.MULTILINE)
_PACKET = re.compile(r"^0, *(-?\d+|NOPTS), *(-?\d+|NOPTS), *\d+, *(\d+), *0x[0-9a-f]+(.*)$", re.MULTILINE)
_FLAGS = re.compile(r"F=0x([0-9A-Fa-f]+)")


def parsed(report: str, fps: float | None) -> FrameTimes | None:
    """Read what ffmpeg's `framecrc` says of the packets; see `frame_times`."""
    base = _BASE.search(report)
    if base is None:
        return None
    unit = int(base[1]) / int(base[2])
    ticks = []
    for decoded, shown, size, rest in _PACKET.findall(report):
        flags = _FLAGS.search(rest)
        if flags and int(flags[1], 16) & _DISCARDED:
            continue
        # Of an empty packet, which repeats a frame, some decoders make a frame and some do not.
        if shown == "NOPTS" or decoded == "NOPTS" or size == "0":
            return None
        ticks.append((int(decoded), int(shown)))
    order = [decoded for decoded, _ in ticks]
    shown_at = sorted({shown for _, shown in ticks})
    if not ticks or len(shown_at) != len(ticks) or any(b <= a for a, b in pairwise(order)):
        return None
    times = tuple((tick - shown_at[0]) * unit for tick in shown_at)
    length = times[-1] - times[0]
    if fps and length and (len(times) - 1) / (length * fps) > _ONE_EACH:
        return None
    return FrameTimes(times, shown_at[0] * unit)
