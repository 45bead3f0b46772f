from __future__ import annotations

import numpy as np
import pytest

from tests.measure.helpers import L, T, track_of
from tracker.errors import ConfigError, DataError
from tracker.formats.annotation import AnnotatedVideo, Annotation, VideoMeta
from tracker.geometry import Box
from tracker.measure import Trajectory, trajectories
from tracker.tracking.result import TrackState

O = TrackState.OCCLUDED  # noqa: E741 - one letter a frame


def row(frame: int, number: int | None = 0, time: float | None = None, **more: object) -> Annotation:
    return Annotation(frame, number, Box(frame, 2 * frame, 10, 20), timestamp=time, **more)  # type: ignore[arg-type]


def table(*rows: Annotation, fps: float | None = None) -> AnnotatedVideo:
    return AnnotatedVideo.of(rows, VideoMeta(fps=fps))


def test_targets_come_apart() -> None:
    video = table(*(row(n, n % 2, n / 10, label="ann" if n % 2 else "") for n in range(10)))
    even, odd = trajectories(video)
    assert (even.id, even.name, odd.id, odd.name) == (0, "#0", 1, "ann")
    assert even.frames.tolist() == [0, 2, 4, 6, 8]
    assert odd.times == pytest.approx([0.1, 0.3, 0.5, 0.7, 0.9])
    assert odd.centers[0] == pytest.approx((6, 12))


def test_times_come_from_the_rate_asked_for_then_the_table_then_the_video() -> None:
    timed = table(row(0, time=0.0), row(10, time=0.5), fps=25.0)
    assert trajectories(timed)[0].times.tolist() == [0.0, 0.5]
    assert trajectories(timed, fps=100.0)[0].times.tolist() == [0.0, 0.1]
    assert trajectories(table(row(0), row(10), fps=25.0))[0].times.tolist() == [0.0, 0.4]
    with pytest.raises(ConfigError, match="give --fps"):
        trajectories(table(row(0), row(10)))


def test_detections_are_passed_over_and_alone_are_no_track() -> None:
    assert len(trajectories(table(row(0, time=0.0), row(0, None)), fps=1.0)) == 1
    with pytest.raises(DataError, match="no target with a number"):
        trajectories(table(row(0, None)))


def test_a_box_is_measured_only_while_the_target_is_tracked() -> None:
    track = track_of([1, 2, 3, 4], [0] * 4, [0, 1, 2, 3], [T, O, L, None])
    assert track.seen.tolist() == [True, False, False, True]
    assert np.isnan(track.centers).any(axis=1).tolist() == [False, True, True, False]


@pytest.mark.parametrize(
    ("states", "pieces"),
    [
        ([], []),
        ([L, L], []),
        ([T], [(0, 1)]),
        ([T, T, L, T], [(0, 2), (3, 4)]),
        ([L, T, T, O, O, T, L], [(1, 3), (5, 6)]),
    ],
)
def test_pieces_end_where_the_target_is_not_seen(states: list[TrackState], pieces: list[tuple[int, int]]) -> None:
    count = len(states)
    track = track_of([0.0] * count, [0.0] * count, range(count), states)
    assert [(piece.start, piece.stop) for piece in track.pieces()] == pieces


def test_pieces_end_where_rows_are_missing_and_a_stride_is_no_gap() -> None:
    track = track_of([0.0] * 8, [0.0] * 8, range(8))
    sparse = Trajectory(
        0, "", np.array([0, 3, 6, 9, 30, 33, 36, 39]), track.times, track.boxes, track.states, track.confidences
    )
    assert [(piece.start, piece.stop) for piece in sparse.pieces()] == [(0, 4), (4, 8)]
