"""Textures from seeded noise, for targets and backgrounds."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from tracker.image import Image

Field: TypeAlias = NDArray[np.float32]
"""`(h, w) float32`, one number a pixel."""

Hsv: TypeAlias = tuple[float, float, float]
"""Hue in degrees (any number; it wraps), saturation and value in [0, 1]."""

Painter: TypeAlias = Callable[[np.random.Generator, int, int, float], Image]
"""Paints a texture: generator, height, width, hue in degrees."""


@dataclass(frozen=True, slots=True)
class Paint:
    """A texture by name (a key of `LOOKS`) and hue in degrees. Same paint, other seed: same colors, other drawing."""

    look: str
    hue: float = 0.0

    def apply(self, seed: int, height: int, width: int) -> Image:
        """Return the texture as a picture of `height` x `width`."""
        return LOOKS[self.look](np.random.default_rng(seed), height, width, self.hue)


def noise(rng: np.random.Generator, height: int, width: int, cell: float, octaves: int = 3) -> Field:
    """Return smooth noise, stretched to [0, 1].

    Args:
        rng: source of randomness.
        height: rows.
        width: columns.
        cell: size in pixels of the coarsest detail; each further octave has half the size and half the weight.
        octaves: number of sizes of detail that are added.
    """
    field = np.zeros((height, width), np.float32)
    for octave in range(octaves):
        size = max(cell / 2**octave, 1.0)
        rows, columns = math.ceil(height / size) + 2, math.ceil(width / size) + 2
        grid = rng.random((rows, columns), np.float32)
        # Cut from one enlarged grid, so that the detail has the same size in both directions.
        large = cv2.resize(grid, (math.ceil(columns * size), math.ceil(rows * size)), interpolation=cv2.INTER_CUBIC)
        field += large[:height, :width].astype(np.float32) / 2**octave
    low, high = float(field.min()), float(field.max())
    return ((field - low) / max(high - low, 1e-6)).astype(np.float32)


def blend(field: Field, stops: tuple[Hsv, ...]) -> Image:
    """Color a field in [0, 1] by evenly spaced color stops, evenly between them."""
    hsv = np.array([[(hue % 360.0, saturation, value) for hue, saturation, value in stops]], np.float32)
    colors = cv2.cvtColor(hsv, cv2.COLOR_HSV2BGR)[0]
    at = np.linspace(0.0, 1.0, len(stops))
    channels = [np.interp(field, at, colors[:, channel]) for channel in range(3)]
    return np.rint(np.stack(channels, axis=2) * 255.0).astype(np.uint8)


def _equalized(field: Field) -> Field:
    """Spread a field so that every value in [0, 1] is equally frequent."""
    ranks = np.empty(field.size, np.float32)
    ranks[np.argsort(field, axis=None, kind="stable")] = np.linspace(0.0, 1.0, field.size, dtype=np.float32)
    return ranks.reshape(field.shape)


def _banded(field: Field, bands: int, softness: float = 0.12) -> Field:
    """Turn an even field into flat bands with soft edges: patches rather than a gradient."""
    place = field * bands - 0.5
    base = np.floor(place)
    step = np.clip((place - base - 0.5) / softness + 0.5, 0.0, 1.0)
    banded: Field = np.clip((base + step) / (bands - 1), 0.0, 1.0).astype(np.float32)
    return banded


def _patches(rng: np.random.Generator, height: int, width: int, hue: float) -> Image:
    field = _banded(_equalized(noise(rng, height, width, min(height, width) / 2.5)), 4)
    return blend(field, ((hue, 0.90, 0.55), (hue, 0.85, 0.95), (hue + 22, 0.75, 1.0), (hue + 45, 0.35, 1.0)))


def _stripes(rng: np.random.Generator, height: int, width: int, hue: float) -> Image:
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    turns = (columns + 0.35 * rows) / width * 3.0 + float(rng.random())
    wobble = 0.12 * noise(rng, height, width, min(height, width) / 2, 2)
    field = (0.5 + 0.5 * np.sin(2 * np.pi * (turns + wobble))).astype(np.float32)
    return blend(_banded(field, 2, 0.3), ((hue, 0.9, 0.85), (hue + 45, 0.75, 1.0)))


def _red(rng: np.random.Generator, height: int, width: int, _hue: float) -> Image:
    """Reds on either side of hue 0, which a histogram of hue has at its two ends."""
    field = _banded(_equalized(noise(rng, height, width, min(height, width) / 2.5)), 4)
    return blend(field, ((348, 0.9, 0.6), (356, 0.9, 0.9), (4, 0.85, 0.95), (12, 0.8, 0.8)))


def _gray(rng: np.random.Generator, height: int, width: int, _hue: float) -> Image:
    field = _banded(_equalized(noise(rng, height, width, min(height, width) / 2.5)), 3)
    return blend(field, ((0, 0, 0.42), (0, 0, 0.58), (0, 0, 0.74)))


def _black(rng: np.random.Generator, height: int, width: int, _hue: float) -> Image:
    field = noise(rng, height, width, min(height, width) / 2.5)
    return blend(field, ((0, 0, 0.03), (0, 0, 0.15)))


def _white(rng: np.random.Generator, height: int, width: int, _hue: float) -> Image:
    field = noise(rng, height, width, min(height, width) / 2.5)
    return blend(field, ((0, 0, 0.86), (0, 0, 1.0)))


def _ground(rng: np.random.Generator, height: int, width: int, hue: float) -> Image:
    """Background: muted colors within a quarter turn of `hue`, in middle brightness, with detail at all sizes."""
    field = _equalized(noise(rng, height, width, 140.0, 6))
    picture = blend(
        field, ((hue - 30, 0.55, 0.30), (hue - 12, 0.45, 0.48), (hue + 10, 0.40, 0.62), (hue + 42, 0.33, 0.72))
    )
    grain = (noise(rng, height, width, 9.0, 3) - 0.5) * 50.0
    return np.clip(picture + grain[:, :, None], 0, 255).astype(np.uint8)


def _wall(rng: np.random.Generator, height: int, width: int, hue: float) -> Image:
    """Occluder: boards with grain."""
    board = max(width // 4, 8)
    columns = np.arange(width)
    tone = rng.random(width // board + 1, np.float32)[columns // board] * 0.5
    grain = cv2.resize(rng.random((max(height // 24, 2), width), np.float32), (width, height))
    field = 0.25 + tone[None, :] + 0.25 * (grain.astype(np.float32) - 0.5)
    field[:, columns % board < 2] = 0.0
    return blend(np.clip(field, 0, 1), ((hue, 0.55, 0.16), (hue, 0.45, 0.50), (hue + 8, 0.38, 0.66)))


LOOKS: Mapping[str, Painter] = MappingProxyType(
    {
        "patches": _patches,
        "stripes": _stripes,
        "red": _red,
        "grey": _gray,
        "black": _black,
        "white": _white,
        "ground": _ground,
        "wall": _wall,
    }
)
"""Every texture by name. A new one is a painter and one line here."""
