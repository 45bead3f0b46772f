"""One target's way through a video, as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from tracker.errors import ConfigError, DataError
from tracker.formats.annotation import AnnotatedVideo, Annotation
from tracker.tracking.result import TrackState

Array: TypeAlias = NDArray[np.float64]

_GAP = 1.6
"""Two rows that are this many times the usual number of frames apart have a gap between them."""


@dataclass(frozen=True, slots=True, eq=False)
class Trajectory:
    """One row a frame that a table has of a target, in order.

    Attributes:
        id: 0-based number of the target.
        label: its name, "" where it has none.
        frames: `(n,)` numbers of the frames.
        times: `(n,)` seconds, rising.
        boxes: `(n, 4)` x, y, width, height, pixels; the last known one while it is lost, nan where there is none.
        states: `n` states; None where the table has none.
        confidences: `(n,)` in [0, 1], nan where unknown.
    """

    id: int
    label: str
    frames: NDArray[np.int64]
    times: Array
    boxes: Array
    states: tuple[TrackState | None, ...]
    confidences: Array

    @property
    def name(self) -> str:
        """Its name for legends: the label, or the number."""
        return self.label or f"#{self.id}"

    @property
    def seen(self) -> NDArray[np.bool_]:
        """`(n,)` whether the box is a measurement: TRACKING, or a table without states."""
        tracked = np.array([state in (None, TrackState.TRACKING) for state in self.states], dtype=bool)
        return tracked & np.isfinite(self.boxes).all(axis=1)

    @property
    def centers(self) -> Array:
        """`(n, 2)` centers of the boxes, pixels; nan where the target is not seen."""
        centers = self.boxes[:, :2] + self.boxes[:, 2:] / 2
        centers[~self.seen] = np.nan
        return centers

    def pieces(self) -> list[slice]:
        """Return the stretches of rows in which the target is seen and no frame is missing."""
        rows = np.flatnonzero(self.seen)
        if not rows.size:
            return []
        steps = np.diff(self.frames)
        usual = float(np.median(steps)) if steps.size else 1.0
        # Rows without the target, or frames without a row, lie between two rows in which it is seen.
        broken = (np.diff(rows) > 1) | (np.diff(self.frames[rows]) > _GAP * usual)
        return [slice(int(piece[0]), int(piece[-1]) + 1) for piece in np.split(rows, np.flatnonzero(broken) + 1)]


def trajectories(video: AnnotatedVideo, *, fps: float | None = None) -> tuple[Trajectory, ...]:
    """Return the targets of a table, by number; detections without a number are passed over.

    Args:
        video: the table.
        fps: frames per second, which make the times (of a slow-motion video its true rate); None for the timestamps of
            the table, or else the rate of the video.

    Raises:
        ConfigError: times are not known.
        DataError: no target has a number.
    """
    targets: dict[int, list[Annotation]] = {}
    for one in video.annotations:
        if one.id is not None:
            targets.setdefault(one.id, []).append(one)
    if not targets:
        raise DataError("the table holds no target with a number: give one that tracking has written")
    timed = fps is None and all(one.timestamp is not None for rows in targets.values() for one in rows)
    rate = None if timed else fps or video.meta.fps
    if not timed and not rate:
        raise ConfigError("the table has no timestamps: give --fps")
    return tuple(_trajectory(number, targets[number], rate) for number in sorted(targets))


def _trajectory(number: int, rows: Sequence[Annotation], fps: float | None) -> Trajectory:
    frames = np.array([one.frame for one in rows], np.int64)
    times = np.array([one.timestamp for one in rows], np.float64) if fps is None else frames / fps
    order = np.unique(times, return_index=True)[1]
    kept = [rows[index] for index in order]
    return Trajectory(
        id=number,
        label=next((one.label for one in kept if one.label), ""),
        frames=frames[order],
        times=times[order],
        boxes=np.array([tuple(one.box) for one in kept], np.float64).reshape(-1, 4),
        states=tuple(one.state for one in kept),
        confidences=np.array([np.nan if one.confidence is None else one.confidence for one in kept], np.float64),
    )
