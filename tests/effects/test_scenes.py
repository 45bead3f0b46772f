"""No frame of a rendered scene shows its target."""

from __future__ import annotations

import numpy as np
import pytest

from tracker import Tracker, open_source
from tracker.effects import EffectStage, parse_effect
from tracker.tracking.result import Track, TrackResult, TrackState
from tracker.video.base import Frame
from tracker.video.synthetic.scenes import SCENES

PAINT = 32
"""Gray level of `solid`."""
HIDING = ("occlusion", "return", "crossing", "decoy", "rotation", "fade", "juggle", "encore")
"""Scenes in which a target is hidden, leaves or changes."""


def rendered(spec: str, effect: str, preset: str = "fast") -> tuple[list[Frame], list[TrackResult], list[float]]:
    """The frames with the effect, the results, and how much of the visible part of the true box each frame shows."""
    source = open_source(spec)
    tracker, stage = Tracker.from_config(preset), EffectStage(parse_effect(effect))
    results, done = [], []
    for frame in source:
        first = frame.index == 0
        result = tracker.init(frame.image, source.truth(0)) if first else tracker.update(frame.image, frame.timestamp)
        results.append(result)
        done += stage.push(frame, [Track(0, "", result)])
    done += stage.finish()
    shown = []
    for frame, _ in done:
        truth = source.truth(frame.index)
        height, width = frame.image.shape[:2]
        left, top, across, down = (0, 0, 0, 0) if truth is None else truth.clipped(width, height).rounded()
        part = frame.image[top : top + down, left : left + across]
        shown.append(float((part != PAINT).any(axis=2).mean()) if part.size else 0.0)
    return [frame for frame, _ in done], results, shown


def of(scene: str, length: int = 160) -> str:
    return f"synth:{scene}:frames={length}:size=320x180"


@pytest.mark.parametrize(
    ("scene", "preset"),
    [(scene, "fast") for scene in SCENES if scene != "crowd"] + [(scene, "accurate") for scene in HIDING],
)
def test_no_frame_shows_an_uncovered_target(scene: str, preset: str) -> None:
    frames, results, shown = rendered(of(scene), "solid", preset)
    assert len(frames) == len(shown) == len(results)
    assert [(n, share) for n, share in enumerate(shown) if share > 0.1] == []


@pytest.mark.parametrize("effect", ["solid:shape=box", "solid:lost=grow"])
@pytest.mark.parametrize("scene", ["occlusion", "return", "decoy"])
def test_what_hides_less_does_not_show_it_either(scene: str, effect: str) -> None:
    _, _, shown = rendered(of(scene), effect)
    assert [(n, share) for n, share in enumerate(shown) if share > 0.1] == []


def test_the_scenes_have_what_the_effect_is_for() -> None:
    """Without looking ahead, frames before the target is found again show it: the tests above are not empty."""
    _, results, shown = rendered(of("return"), "solid:ahead=0:growth=0:doubt=0:lost=grow")
    assert TrackState.LOST in {result.state for result in results}
    assert max(shown) > 0.5


def test_hardly_more_is_covered_than_the_target_while_it_is_seen() -> None:
    frames, results, _ = rendered(of("shake", 80), "solid")
    assert {result.state for result in results} == {TrackState.TRACKING}
    painted = [float((frame.image == PAINT).all(axis=2).mean()) for frame in frames]
    target = 0.22 * 0.20 * 180 * 180 / (320 * 180)
    assert max(painted) < 6 * target
    assert np.mean(painted) < 5 * target
