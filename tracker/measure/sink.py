"""Motion measured at the end of a run, beside its other results."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence

from tracker.files import check_output
from tracker.formats.annotation import AnnotatedVideo, Annotation, VideoMeta
from tracker.measure.calibration import Calibration
from tracker.measure.motion import measure, usual_smoothing
from tracker.measure.smoothing import Smoothing
from tracker.measure.table import write_motion
from tracker.measure.trajectory import trajectories
from tracker.output.base import Sink
from tracker.tracking.result import Track
from tracker.video.base import Frame


class MotionSink(Sink):
    """Remembers places and times, and writes the table of motion when it is closed; without targets it writes none."""

    def __init__(
        self,
        path: str | os.PathLike[str],
        calibration: Calibration | None = None,
        smoothing: Smoothing | None = None,
        *,
        fps: float | None = None,
        point: str = "center",
        overwrite: bool = False,
        inputs: Collection[str | os.PathLike[str]] = (),
    ) -> None:
        """Check the place; nothing is written before the end.

        Args:
            path: the table.
            calibration: the units; None for pixels.
            smoothing: the window of the derivatives; None for about 0.3 s.
            fps: frames per second when it was filmed; None for the times of the frames.
            point: which place of the box is measured.
            overwrite: whether an existing file may be replaced.
            inputs: what is read and must not be overwritten.

        Raises:
            OutputError: see `check_output`.
        """
        self._path = check_output(path, overwrite=overwrite, inputs=inputs)
        self._calibration = calibration or Calibration()
        self._smoothing = smoothing
        self._fps = fps
        self._point = point
        self._rows: list[Annotation] = []

    def write(self, frame: Frame, tracks: Sequence[Track]) -> None:
        """Remember the targets of one frame."""
        for track in tracks:
            result = track.result
            place = Annotation(
                frame.index,
                track.id,
                result.box,
                label=track.label,
                confidence=result.confidence,
                state=result.state,
                timestamp=frame.timestamp,
            )
            self._rows.append(place)

    def rewind(self, index: int) -> str | None:
        """Forget the places from a frame on; see `Sink.rewind`."""
        self._rows = [row for row in self._rows if row.frame < index]
        return ""

    def close(self) -> None:
        """Measure and write what was remembered; safe to call more than once.

        Raises:
            OutputError: the table cannot be written.
        """
        rows, self._rows = self._rows, []
        if rows:
            tracks = trajectories(AnnotatedVideo.of(rows, VideoMeta()), fps=self._fps)
            write_motion(
                [
                    measure(track, self._calibration, self._smoothing or usual_smoothing(track), point=self._point)
                    for track in tracks
                ],
                self._path,
            )
