"""A textured target on a textured ground, and where a density stands on it."""

import numpy as np

from tracker.geometry import Box
from tracker.patch import PatchGeometry, cut_patch

SIDE, CELL = 180, 4
TARGET = Box(70, 60, 40, 56)


def textured(seed, shape):
    """Blotches of a few pixels, mean 0."""
    rng = np.random.default_rng(seed)
    coarse = rng.normal(0, 30, (-(-shape[0] // 5), -(-shape[1] // 5), 3))
    return np.repeat(np.repeat(coarse, 5, axis=0), 5, axis=1)[: shape[0], : shape[1]]


def scene(at=TARGET, color=(60, 70, 190), seed=0, gray=False, look=1):
    """A textured target on a textured ground."""
    image = np.array((110, 120, 100)) + textured(seed + 10, (SIDE, SIDE))
    x, y, w, h = at.rounded()
    image[y : y + h, x : x + w] = np.array(color) + textured(look, (h, w))
    pixels = image.clip(0, 255).astype(np.uint8)
    return np.repeat(pixels.mean(axis=2, keepdims=True).astype(np.uint8), 3, axis=2) if gray else pixels


def patch_of(image, x=0.0, y=0.0):
    return cut_patch(image, PatchGeometry(x, y, 1, 1, SIDE, SIDE))


def peak(density):
    row, column = np.unravel_index(density.argmax(), density.shape)
    return (column + 0.5) * CELL, (row + 0.5) * CELL
