from __future__ import annotations

import numpy as np
import pytest

from tracker.video.synthetic.texture import LOOKS, Paint


@pytest.mark.parametrize("look", sorted(LOOKS))
def test_every_look_is_a_seeded_picture(look: str) -> None:
    first, again, other = (Paint(look, 40.0).apply(seed, 37, 53) for seed in (1, 1, 2))
    assert first.shape == (37, 53, 3)
    assert first.dtype == np.uint8
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_gray_targets_have_no_color_and_red_ones_lie_around_hue_zero() -> None:
    for look in ("grey", "black", "white"):
        texture = Paint(look, 123.0).apply(0, 40, 40).astype(int)
        assert np.ptp(texture, axis=2).max() <= 1
    blue, green, red = np.moveaxis(Paint("red").apply(0, 60, 60).astype(int), 2, 0)
    assert (red > np.maximum(blue, green)).all()
    assert 0.2 < (blue > green).mean() < 0.8
