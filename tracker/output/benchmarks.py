"""The text formats of the tracking benchmarks. All of them count pixels from 1; the conversion happens here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from tracker.errors import OutputError
from tracker.geometry import Box
from tracker.output.base import Track
from tracker.output.rows import RowSink
from tracker.tracking.result import TrackState
from tracker.video.base import Frame

_FIRST = 1
"""Number of the first frame, of the first target and of the first pixel in these formats."""


class MotSink(RowSink):
    """MOTChallenge results: `frame,id,left,top,width,height,confidence,-1,-1,-1`, all counted from 1.

    A lost target has no line; an occluded one has, since the benchmark scores those (Milan et al. 2016, "MOT16").
    """

    def lines(self, frame: Frame, tracks: Sequence[Track]) -> str:
        """Return a line a target that is not lost."""
        return "".join(
            f"{frame.index + _FIRST},{track.id + _FIRST},{_numbers(track.result.box, digits=2)},"
            f"{track.result.confidence:.4f},-1,-1,-1\n"
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
            return "nan,nan,nan,nan\n"
        if self._id is None:
            self._id = tracks[0].id
        if len(tracks) > 1 or tracks[0].id != self._id:
            raise OutputError("OTB and GOT-10k files hold one target: write several to a MOTChallenge or CSV file")
        return _numbers(tracks[0].result.box, self.digits) + "\n"


class OtbSink(_OneTargetSink):
    """OTB results, two decimals (Wu, Lim & Yang 2013)."""

    digits = 2


class Got10kSink(_OneTargetSink):
    """GOT-10k results, three decimals (Huang, Zhao & Huang 2019)."""

    digits = 3


def _numbers(box: Box, digits: int) -> str:
    return ",".join(f"{value:.{digits}f}" for value in (box.x + _FIRST, box.y + _FIRST, box.width, box.height))
