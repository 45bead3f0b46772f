"""OTB (Wu, Lim & Yang 2013) and GOT-10k (Huang, Zhao & Huang 2019): a line `x,y,width,height` a frame, pixels from 1.

OTB's files have commas, tabs or spaces between the numbers, GOT-10k's commas.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar

from tracker.errors import OutputError, SourceError
from tracker.files import write_atomic
from tracker.formats.annotation import AnnotatedVideo, Annotation, VideoMeta
from tracker.formats.text_lines import ResultLines, TextLine, box_numbers, box_of, lines_of, read_each, read_text
from tracker.geometry import Box
from tracker.tracking.result import Track
from tracker.video.base import Frame

_FIRST = 1
"""Number of the first pixel."""
_OTB_DIGITS = 2
_GOT10K_DIGITS = 3


def read(path: Path, meta: VideoMeta) -> AnnotatedVideo:
    """Read either; a line with nan, or a box without area, is a frame without the target.

    Raises:
        SourceError: a line is not four numbers.
    """
    return read_lines(path, meta, _box)


def read_lines(path: Path, meta: VideoMeta, box_in: Callable[[TextLine], Box | None]) -> AnnotatedVideo:
    """Read the only target of a file with a line a frame.

    Args:
        path: the file.
        meta: what is known of the video.
        box_in: returns the box that a line gives, None for no target.

    Raises:
        SourceError: the file cannot be read; whatever `box_in` raises.
    """
    boxes = read_each(lines_of(read_text(path), path), box_in, path)  # one that is no box is a frame without the target
    found = [Annotation(frame, 0, box) for frame, box in enumerate(boxes) if box is not None]
    return AnnotatedVideo.of(found, meta.over(VideoMeta(frame_count=len(boxes))), has_frames=False)


def write_otb(video: AnnotatedVideo, path: Path) -> None:
    """Write OTB results: the last known box while lost, nan where there is none.

    Raises:
        OutputError: there are several targets, or the file cannot be written.
    """
    _write(video, path, "OTB", _OTB_DIGITS)


def write_got10k(video: AnnotatedVideo, path: Path) -> None:
    """Write GOT-10k results: the last known box while lost, nan where there is none.

    Raises:
        OutputError: there are several targets, or the file cannot be written.
    """
    _write(video, path, "GOT-10k", _GOT10K_DIGITS)


class _OneTargetLines(ResultLines):
    """A line `x,y,width,height` a frame of the video; the last known box while lost.

    The number of a line is that of its frame: frames that a run does not come to (before its start, between those of a
    stride, after its end) have a line, too, as frames without a target have: four times `nan`.
    """

    digits: ClassVar[int]

    def __init__(self) -> None:
        self._target: int | None = None
        self._frames = 0

    def lines(self, frame: Frame, tracks: Sequence[Track]) -> str:
        """Return the line of one frame, after those of the frames that were left out before it.

        Raises:
            OutputError: there is a second target.
        """
        if tracks and self._target is None:
            self._target = tracks[0].id
        if len(tracks) > 1 or (tracks and tracks[0].id != self._target):
            raise OutputError("OTB and GOT-10k files hold one target: write several to a MOTChallenge or CSV file")
        left_out = _line(None, self.digits) * (frame.index - self._frames)
        self._frames = frame.index + 1
        return left_out + _line(tracks[0].result.box if tracks else None, self.digits)

    def rest(self, total: int) -> str:
        """Return the lines of the frames after the last one that was written."""
        return _line(None, self.digits) * (total - self._frames)

    def rewind(self, index: int) -> None:
        """See `ResultLines.rewind`."""
        self._frames = min(self._frames, index)


class OtbLines(_OneTargetLines):
    """OTB results, two decimals."""

    digits = _OTB_DIGITS


class Got10kLines(_OneTargetLines):
    """GOT-10k results, three decimals."""

    digits = _GOT10K_DIGITS


def _line(box: Box | None, digits: int) -> str:
    return (box_numbers(box, digits, _FIRST) if box else "nan,nan,nan,nan") + "\n"


def _write(video: AnnotatedVideo, path: Path, name: str, digits: int) -> None:
    write_atomic(path, "".join(_line(one.box if one else None, digits) for one in video.of_one_target(name)))


def _box(line: TextLine) -> Box | None:
    if len(line.words) != 4:
        raise SourceError(f"{line.place}: {len(line.words)} values, expected four: x,y,width,height")
    return box_of(line.numbers(), _FIRST)
