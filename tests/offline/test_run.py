"""Whole runs over rendered scenes, held against the truth."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import pytest

from tracker.config.reader import load_config
from tracker.errors import ConfigError, SourceError
from tracker.geometry import Box
from tracker.offline import Clip, Direction, KeyFrame, OfflineRun, Seen, replay
from tracker.offline.run import gaps
from tracker.output.base import Sink
from tracker.tracking.result import Track, TrackResult, TrackState
from tracker.video.base import Frame
from tracker.video.sources import open_source
from tracker.video.span import Span
from tracker.video.synthetic.source import SyntheticSource

SMOOTH = "synth:smooth:frames=80:size=320x180:seed=1"
HIDDEN = "synth:occlusion:frames=120:size=320x180"
GONE = "synth:return:frames=160:size=320x180"
FAST = load_config("fast")


@functools.cache
def truths(scene: str) -> tuple[Box | None, ...]:
    with open_source(scene) as source:
        assert isinstance(source, SyntheticSource)
        return source.truths


def key(scene: str, at: int) -> KeyFrame:
    box = truths(scene)[at]
    assert box is not None
    return KeyFrame(at, lambda _: box)


def run(
    scene: str, at: Sequence[int], direction: Direction, *, smooth: bool = False, span: Span | None = None
) -> list[Seen]:
    clip = Clip(scene, span or Span())
    return OfflineRun(clip, [key(scene, k) for k in at], FAST, direction=direction, smooth=smooth).run()


def overlap(scene: str, track: Sequence[Seen]) -> float:
    """Mean overlap over the frames in which there is a target."""
    true = truths(scene)
    values = [one.result.box.iou(box) for one in track if (box := true[one.index]) is not None]
    return sum(values) / len(values)


def right(scene: str, track: Sequence[Seen]) -> int:
    """Frames that are TRACKING and on the target."""
    true = truths(scene)
    return sum(
        one.result.ok and (box := true[one.index]) is not None and one.result.box.iou(box) > 0.3 for one in track
    )


@pytest.mark.parametrize(
    ("at", "direction", "indices"),
    [
        (30, Direction.FORWARD, range(30, 80)),
        (30, Direction.BACKWARD, range(31)),
        (30, Direction.BOTH, range(80)),
        (0, Direction.BACKWARD, range(1)),
        (79, Direction.FORWARD, range(79, 80)),
        (79, Direction.BOTH, range(80)),
        (0, Direction.BOTH, range(80)),
    ],
)
def test_a_box_on_any_frame_goes_either_way(at: int, direction: Direction, indices: range) -> None:
    track = run(SMOOTH, [at], direction)
    assert [one.index for one in track] == list(indices)
    assert all(one.timestamp == pytest.approx(one.index / 25) for one in track)
    assert overlap(SMOOTH, track) > 0.8
    assert tuple(track[indices.index(at)].result.box) == pytest.approx(tuple(truths(SMOOTH)[at] or ()))


def test_only_the_span_is_followed() -> None:
    track = run(SMOOTH, [40], Direction.BOTH, span=Span(20, 60, 4))
    assert [one.index for one in track] == list(range(20, 60, 4))


def test_the_track_goes_through_every_key_frame() -> None:
    keys = [5, 30, 31, 70]
    track = run(SMOOTH, keys, Direction.BOTH)
    assert [one.index for one in track] == list(range(80))
    for at in keys:
        assert tuple(track[at].result.box) == pytest.approx(tuple(truths(SMOOTH)[at] or ()))
    ahead = run(SMOOTH, keys, Direction.FORWARD)
    assert [one.index for one in ahead] == list(range(5, 80))
    back = run(SMOOTH, keys, Direction.BACKWARD)
    assert [one.index for one in back] == list(range(71))


def test_a_key_frame_sets_a_track_right_that_has_gone_wrong() -> None:
    """The first box is wrong: on the background."""
    wrong = KeyFrame(0, lambda _: Box(5, 5, 30, 30))
    track = OfflineRun(Clip(SMOOTH), [wrong, key(SMOOTH, 20)], FAST).run()
    assert overlap(SMOOTH, track[20:]) > 0.8
    assert overlap(SMOOTH, track[10:20]) > 0.5


@pytest.mark.parametrize("scene", [HIDDEN, GONE])
def test_hindsight_finds_what_was_missed(scene: str) -> None:
    """Frames before a target was found again are followed from behind; hidden ones stay LOST."""
    ahead, both = run(scene, [0], Direction.FORWARD), run(scene, [0], Direction.BOTH)
    assert right(scene, both) >= right(scene, ahead)
    hidden = [n for n, box in enumerate(truths(scene)) if box is None]
    invented = sum(both[n].result.ok for n in hidden)
    assert invented <= sum(ahead[n].result.ok for n in hidden) + 0.25 * len(hidden)  # about as it goes behind the wall


def test_two_keys_on_either_side_of_a_gap_close_it_from_both() -> None:
    seen = [n for n, box in enumerate(truths(GONE)) if box is not None]
    last = seen[-1]
    both = run(GONE, [0, last], Direction.BOTH)
    assert right(GONE, both) >= right(GONE, run(GONE, [0], Direction.FORWARD))


def test_smoothing_is_flagged_and_brings_the_track_no_further_from_the_truth() -> None:
    raw, smooth = run(SMOOTH, [0], Direction.FORWARD), run(SMOOTH, [0], Direction.FORWARD, smooth=True)
    assert overlap(SMOOTH, smooth) > overlap(SMOOTH, raw) - 0.01
    assert {one.result.reason for one in smooth if one.result.ok} == {"smoothed"}


def test_a_frame_that_is_not_there_is_told() -> None:
    with pytest.raises(SourceError):
        OfflineRun(Clip(SMOOTH), [KeyFrame(500, lambda _: Box(1, 1, 9, 9))], FAST).run()
    with pytest.raises(ConfigError, match="where is the target"):
        OfflineRun(Clip(SMOOTH), [], FAST)


def test_gaps_have_a_sure_frame_behind_them() -> None:
    def rows(states: str) -> list[Seen]:
        kinds = {"t": TrackState.TRACKING, "o": TrackState.OCCLUDED, "l": TrackState.LOST}
        return [Seen(n, n / 25, TrackResult(Box(0, 0, 9, 9), kinds[s], 0.5)) for n, s in enumerate(states)]

    assert gaps(rows("ttollttotttlll")) == [(2, 5)]
    assert gaps(rows("tttt")) == []


class Kept(Sink):
    def __init__(self) -> None:
        self.rows: list[tuple[int, Box, str]] = []

    def write(self, frame: Frame, tracks: Sequence[Track]) -> None:
        self.rows += [(frame.index, track.result.box, track.label) for track in tracks]


def test_sinks_get_every_frame_once_and_in_order() -> None:
    track, sink = run(SMOOTH, [30], Direction.BOTH), Kept()
    summary = replay(Clip(SMOOTH), track, sink, label="ann")
    assert sink.rows == [(one.index, one.result.box, "ann") for one in track]
    assert summary.frames == 80
    assert summary.share(TrackState.TRACKING) == 1.0
    assert replay(Clip(SMOOTH), [], sink).frames == 0
