"""Gradient histograms and color names: what they count, and what they do not see."""

import cv2
import numpy as np
import pytest

from tracker.cues.features import COUNT, ORIENTATIONS, GradientGrid, color_names, gradients, normalized, unsigned_of

CELL = 4


def ramp(angle, rows=24, columns=32, slope=3.0):
    """A picture that grows brighter in one direction, `angle` in degrees clockwise from x."""
    y, x = np.mgrid[:rows, :columns].astype(np.float32)
    values = 128 + slope * (np.cos(np.radians(angle)) * (x - columns / 2) + np.sin(np.radians(angle)) * (y - rows / 2))
    return values.clip(0, 255).astype(np.uint8)


def described(gray):
    grid = GradientGrid(gray.shape[0] // CELL, gray.shape[1] // CELL, CELL)
    histograms = grid.histograms(*gradients(gray))
    return normalized(histograms, grid.gains(histograms))


@pytest.mark.parametrize("angle", [10, 50, 90, 170, 230, 350])
def test_a_ramp_votes_for_its_direction(angle):
    grid = GradientGrid(6, 8, CELL)
    counts = grid.histograms(*gradients(ramp(angle)))[:, 0, 1:-1, 1:-1].sum(axis=(1, 2))
    assert counts.argmax() == angle // 20


def test_a_histogram_holds_the_magnitudes_of_its_cell():
    gray = np.random.default_rng(1).integers(0, 256, (24, 32)).astype(np.uint8)
    dx, dy = gradients(gray)
    counts = GradientGrid(6, 8, CELL).histograms(dx, dy)[:, 0]
    whole = np.hypot(dx, dy).reshape(6, CELL, 8, CELL).sum(axis=(1, 3))
    assert counts.shape == (ORIENTATIONS, 6, 8)
    assert counts.sum(axis=0) == pytest.approx(whole, rel=1e-3)


def test_light_changes_the_description_little():
    rng = np.random.default_rng(2)
    gray = cv2.GaussianBlur(rng.integers(0, 256, (48, 64)).astype(np.uint8), (7, 7), 2)
    bright = (gray * 0.8 + 40).astype(np.uint8)
    first, second = described(gray), described(bright)
    cosine = (first * second).sum() / np.sqrt(np.square(first).sum() * np.square(second).sum())
    assert cosine > 0.97


def test_a_flat_picture_has_no_structure():
    assert not described(np.full((24, 32), 90, np.uint8)).any()


def test_a_stack_is_described_as_its_pictures_are_alone():
    rng = np.random.default_rng(3)
    dx, dy = rng.normal(0, 20, (2, 3 * 16, 20)).astype(np.float32)
    stack = GradientGrid(4, 5, CELL, count=3)
    together = normalized(counts := stack.histograms(dx, dy), stack.gains(counts))
    alone = GradientGrid(4, 5, CELL)
    for i in range(3):
        one = alone.histograms(dx[16 * i : 16 * i + 16], dy[16 * i : 16 * i + 16])
        assert together[:, i] == pytest.approx(normalized(one, alone.gains(one))[:, 0], abs=1e-6)


def test_unsigned_orientations_join_opposite_directions():
    grid = GradientGrid(6, 8, CELL)
    there, back = (unsigned_of(grid.histograms(*gradients(ramp(angle)))) for angle in (50, 230))
    assert there.shape[0] == ORIENTATIONS // 2
    assert (there.sum(axis=(1, 2, 3)).argmax(), back.sum(axis=(1, 2, 3)).argmax()) == (2, 2)


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
