from __future__ import annotations

import numpy as np
import pytest

from tests.effects.painting import noise, sight
from tracker.effects import EFFECTS, EffectStage, parse_effect
from tracker.geometry import Box
from tracker.tracking.result import Track
from tracker.video.base import Frame


def passed(stage: EffectStage, count: int = 40) -> list[tuple[Frame, tuple[Track, ...]]]:
    done = []
    for n in range(count):
        done += stage.push(Frame(noise(seed=n), n, n / 25), [sight(Box(30 + n, 30, 20, 20))])
    return [*done, *stage.finish()]


@pytest.mark.parametrize("name", sorted(EFFECTS))
@pytest.mark.parametrize("live", [False, True])
def test_every_frame_comes_out_once_in_order_with_its_targets(name: str, live: bool) -> None:
    done = passed(EffectStage(parse_effect(name), live=live))
    assert [frame.index for frame, _ in done] == list(range(40))
    assert [tracks[0].result.box.x for _, tracks in done] == [30.0 + n for n in range(40)]


def test_the_frames_given_are_not_changed() -> None:
    frame = Frame(noise(), 0, 0.0)
    stage = EffectStage(parse_effect("solid"))
    ((done, _),) = [*stage.push(frame, [sight(Box(30, 30, 20, 20))]), *stage.finish()]
    np.testing.assert_array_equal(frame.image, noise())
    assert (done.image != frame.image).any()


def test_a_live_source_waits_for_nothing() -> None:
    stage = EffectStage(parse_effect("blur"), live=True)
    assert len(list(stage.push(Frame(noise(), 0, 0.0), []))) == 1


def test_large_pictures_are_looked_ahead_of_for_fewer_frames() -> None:
    """No more than half a gigabyte waits: 20 frames of 4K."""
    stage = EffectStage(parse_effect("none:ahead=1000"))
    image = np.zeros((2160, 3840, 3), np.uint8)
    waiting = 0
    while not list(stage.push(Frame(image, waiting, waiting / 25), [])):
        waiting += 1
    assert waiting == 2**29 // image.nbytes


@pytest.mark.parametrize(
    ("spec", "target_changed", "rest_changed"),
    [
        ("blur", True, False),
        ("blur:invert", False, True),
        ("spotlight", False, True),
        ("spotlight:invert", True, False),
    ],
)
def test_on_the_target_or_on_the_rest(spec: str, target_changed: bool, rest_changed: bool) -> None:
    frame, _ = passed(EffectStage(parse_effect(spec)))[20]
    before = noise(seed=20)
    assert (frame.image[35:45, 55:65] != before[35:45, 55:65]).any() == target_changed
    assert (frame.image[100:, :20] != before[100:, :20]).any() == rest_changed


def test_an_empty_run_leaves_nothing() -> None:
    assert list(EffectStage(parse_effect("blur")).finish()) == []
