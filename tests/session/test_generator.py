"""`track()`: the whole job as one generator."""

from __future__ import annotations

import numpy as np
import pytest

import tracker
from tests.session.helpers import SCENE, Source, scene
from tracker.geometry import Box, iou
from tracker.session import track
from tracker.tracking.tracker import Tracker
from tracker.video.sources import open_source


@pytest.fixture
def images() -> list[np.ndarray]:
    return scene()[0]


@pytest.fixture
def roi() -> Box:
    return scene()[1]


def test_track_yields_every_frame_with_what_the_tracker_says(images: list[np.ndarray], roi: Box) -> None:
    follower = Tracker()
    expected = [follower.init(images[0], roi), *(follower.update(image) for image in images[1:])]
    found = list(track(SCENE, roi=tuple(roi)))
    assert [frame.index for frame, _ in found] == list(range(12))
    assert [(result.box, result.state, result.confidence) for _, result in found] == [
        (result.box, result.state, result.confidence) for result in expected
    ]


def test_track_takes_preset_span_and_stride(roi: Box) -> None:
    found = list(track(SCENE, roi, "classic", end=9, stride=4))
    assert [frame.index for frame, _ in found] == [0, 4, 8]
    assert found[1][1].rotated_box is not None


def test_the_embedding_example_follows_the_target(roi: Box) -> None:
    with open_source(SCENE) as source:
        for frame, result in tracker.track(SCENE, roi=roi):
            truth = source.truth(frame.index)
            assert result.ok
            assert iou(result.box, truth) > 0.6


@pytest.mark.parametrize("taken", [3, 12])
def test_track_closes_the_source_when_left_or_exhausted(
    taken: int, images: list[np.ndarray], roi: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Source(images)
    monkeypatch.setattr("tracker.session.generator.open_source", lambda spec, **span: source)
    frames = track("fake", roi)
    assert len([next(frames) for _ in range(taken)]) == taken
    assert not source.closed
    if taken == len(images):
        assert next(frames, None) is None
    else:
        frames.close()
    assert source.closed
