"""Colors of states, sizes, and the memory of trails."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from tracker.drawing.style import STATE_STYLES, Trails
from tracker.geometry import Box
from tracker.tracking.result import Track, TrackState

MakeTrack = Callable[..., Track]


def test_colors_differ_for_color_blind_eyes() -> None:
    # Linear-RGB simulation of Vienot, Brettel & Mollon 1999 for protan and deutan eyes.
    protan = np.array([[0.11238, 0.88762, 0.0], [0.11238, 0.88762, 0.0], [0.00401, -0.00401, 1.0]])
    deutan = np.array([[0.29275, 0.70725, 0.0], [0.29275, 0.70725, 0.0], [-0.02234, 0.02234, 1.0]])
    linear = {state: (np.array(look.color[::-1]) / 255) ** 2.2 for state, look in STATE_STYLES.items()}
    for eye in (np.eye(3), protan, deutan):
        seen = {s: (np.clip(eye @ v, 0, 1) ** (1 / 2.2) * 255).astype(np.uint8) for s, v in linear.items()}
        lab = {s: cv2.cvtColor(v[None, None, ::-1], cv2.COLOR_BGR2LAB)[0, 0].astype(float) for s, v in seen.items()}
        for a in TrackState:
            for b in TrackState:
                assert a is b or np.linalg.norm(lab[a] - lab[b]) > 40


def test_the_trail_is_bounded_and_forgets_who_is_gone(make_track: MakeTrack) -> None:
    trails = Trails(length=5)
    for k in range(12):
        trails.update([make_track(Box(k, 0, 2, 2)), make_track(id=1)])
    assert trails.of(0) == tuple((k + 1.0, 1.0) for k in range(7, 12))
    trails.update([make_track(id=1)])
    assert trails.of(0) == ()
    assert len(trails.of(1)) == 5
