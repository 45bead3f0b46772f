"""The text formats of the tracking benchmarks. All of them count pixels from 1; the conversion happens here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from tracker.errors import OutputError
from tracker.geometry import Box
from tracker.output.rows import RowSink
from tracker.tracking.result import Track, TrackState
from tracker.video.base import Frame

FIRST = 1
"""Number of the first frame, of the first target and of the first pixel in these formats."""
OTB_DIGITS = 2
GOT10K_DIGITS = 3
_NOBODY = -1


class MotSink(RowSink):
    """MOTChallenge results: `frame,id,left,top,width,height,confidence,-1,-1,-1`, all counted from 1.

    A lost target has no line; an occluded one has, since the benchmark scores those (Milan et al. 2016, "MOT16").
    """

    def lines(self, frame: Frame, tracks: Sequence[Track]) -> str:
        """Return a line a target that is not lost."""
        return "".join(
            mot_line(frame.index, track.id, track.result.box, track.result.confidence)
            for track in tracks
            if track.result.state is not TrackState.LOST
        )


class _OneTargetSink(RowSink):
    """One line `x,y,width,height` a frame, the first being the starting box; the last known box while lost."""

    digits: ClassVar[int]
    _id: int | None = None

    def lines(self, frame: Frame, tracks: Sequence[Track]) -> str:
        """Return the line of one frame; four times `nan` where there is no target.

        Raises:
            OutputError: there is a second target.
        """
        if not tracks:
            return box_line(None, self.digits)
        if self._id is None:
            self._id = tracks[0].id
        if len(tracks) > 1 or tracks[0].id != self._id:
            raise OutputError("OTB and GOT-10k files hold one target: write several to a MOTChallenge or CSV file")
        return box_line(tracks[0].result.box, self.digits)


class OtbSink(_OneTargetSink):
    """OTB results, two decimals (Wu, Lim & Yang 2013)."""

    digits = OTB_DIGITS


class Got10kSink(_OneTargetSink):
    """GOT-10k results, three decimals (Huang, Zhao & Huang 2019)."""

    digits = GOT10K_DIGITS


def mot_line(frame: int, target: int | None, box: Box, confidence: float | None) -> str:
    """Return the line of one target in MOTChallenge results.

    Args:
        frame: 0-based.
        target: 0-based; None is a detection of nobody in particular.
        box: in pixels from 0.
        confidence: in [0, 1]; None is written as 1.
    """
    number = _NOBODY if target is None else target + FIRST
    sure = 1.0 if confidence is None else confidence
    return f"{frame + FIRST},{number},{box_numbers(box, 2)},{sure:.4f},-1,-1,-1\n"


def box_line(box: Box | None, digits: int) -> str:
    """Return the line of one frame in OTB and GOT-10k results; None is no target."""
    return (box_numbers(box, digits) if box else "nan,nan,nan,nan") + "\n"


def box_numbers(box: Box, digits: int, first_pixel: int = FIRST) -> str:
    """Return `x,y,width,height` with so many decimals, pixels counted from `first_pixel`."""
    numbers = (box.x + first_pixel, box.y + first_pixel, box.width, box.height)
    return ",".join(f"{value:.{digits}f}" for value in numbers)
