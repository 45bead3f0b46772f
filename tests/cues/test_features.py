"""Gradient histograms and color names: what they count, and what they do not see."""

import cv2
import numpy as np
import pytest

from tracker.cues.features import COUNT, ORIENTATIONS, GradientGrid, color_names, gradients

CELL = 4


def ramp(angle, rows=24, columns=32, slope=3.0):
    """A picture that grows brighter in one direction, `angle` in degrees clockwise from x."""
    y, x = np.mgrid[:rows, :columns].astype(np.float32)
    values = 128 + slope * (np.cos(np.radians(angle)) * (x - columns / 2) + np.sin(np.radians(angle)) * (y - rows / 2))
    return values.clip(0, 255).astype(np.uint8)


def framed(gray):
    """With the margin that gradients need, its edge repeated."""
    return cv2.copyMakeBorder(gray, 1, 1, 1, 1, cv2.BORDER_REPLICATE)


def counted(gray):
    return GradientGrid(gray.shape[0] // CELL, gray.shape[1] // CELL, CELL).histograms(*gradients(framed(gray)))


def described(dx, dy, count=1, channels=ORIENTATIONS):
    rows, columns = len(dx) // CELL // count, dx.shape[1] // CELL
    written = np.empty((count, channels, rows, columns), np.float32)
    GradientGrid(rows, columns, CELL, count).described(dx, dy, written)
    return written


@pytest.mark.parametrize("angle", [10, 50, 90, 170, 230, 350])
def test_a_ramp_votes_for_its_direction(angle):
    counts = counted(ramp(angle))[0, :, 1:-1, 1:-1].sum(axis=(1, 2))
    assert counts.argmax() == angle // 20


def test_opposite_directions_along_an_axis_vote_half_a_circle_apart():
    """In graphics and in gray pictures most gradients lie along an axis exactly: an orientation begins there."""
    dx = np.array([[8.0, -8.0], [0.0, 0.0]], np.float32).repeat(CELL, axis=0).repeat(CELL, axis=1)
    counts = GradientGrid(2, 2, CELL).histograms(dx, np.zeros_like(dx))[0]
    assert counts[:, 0, 0].argmax() == 0
    assert counts[:, 0, 1].argmax() == ORIENTATIONS // 2


def test_a_histogram_holds_the_magnitudes_of_its_cell():
    gray = np.random.default_rng(1).integers(0, 256, (24, 32)).astype(np.uint8)
    dx, dy = gradients(framed(gray))
    counts = counted(gray)[0]
    whole = np.hypot(dx, dy).reshape(6, CELL, 8, CELL).sum(axis=(1, 3))
    assert counts.shape == (ORIENTATIONS, 6, 8)
    assert counts.sum(axis=0) == pytest.approx(whole, rel=1e-3)


def test_light_changes_the_description_little():
    rng = np.random.default_rng(2)
    gray = cv2.GaussianBlur(rng.integers(0, 256, (48, 64)).astype(np.uint8), (7, 7), 2)
    bright = (gray * 0.8 + 40).astype(np.uint8)
    first, second = described(*gradients(framed(gray))), described(*gradients(framed(bright)))
    cosine = (first * second).sum() / np.sqrt(np.square(first).sum() * np.square(second).sum())
    assert cosine > 0.97


def test_a_flat_picture_has_no_structure():
    assert not described(*gradients(np.full((26, 34), 90, np.uint8))).any()


def test_a_stack_is_described_as_its_pictures_are_alone():
    rng = np.random.default_rng(3)
    dx, dy = rng.normal(0, 20, (2, 3 * 16, 20)).astype(np.float32)
    together = described(dx, dy, count=3)
    for i in range(3):
        alone = described(dx[16 * i : 16 * i + 16], dy[16 * i : 16 * i + 16])
        assert together[i] == pytest.approx(alone[0], abs=1e-6)


def test_unsigned_orientations_join_opposite_directions():
    both = [described(*gradients(framed(ramp(angle))), channels=ORIENTATIONS * 3 // 2)[0] for angle in (50, 230)]
    signed, unsigned = np.split(np.sum(both, axis=(2, 3)), [ORIENTATIONS], axis=1)
    assert signed.argmax(axis=1).tolist() == [50 // 20, 230 // 20]
    assert unsigned.argmax(axis=1).tolist() == [50 // 20, 50 // 20]


def test_color_names_tell_basic_colors_apart():
    colors = np.array([[(0, 0, 200), (0, 180, 0), (250, 10, 10), (250, 250, 250), (5, 5, 5), (0, 225, 250)]], np.uint8)
    names = color_names(colors)
    assert names.shape == (COUNT, 1, 6)
    assert len(set(names[:, 0].argmax(axis=0))) == 6


def test_color_names_hardly_mind_a_little_noise():
    rng = np.random.default_rng(4)
    noisy = rng.normal((30, 60, 200), 6, (20, 20, 3)).clip(0, 255).astype(np.uint8)
    names = color_names(noisy)
    assert (names.argmax(axis=0) == names.mean(axis=(1, 2)).argmax()).mean() > 0.95
