"""Colour names: soft membership of a colour in the eleven basic colour terms (Berlin & Kay 1969).

A few numbers that tell colours apart as people do, after the idea of van de Weijer et al. 2009. Theirs are learnt from
pictures; ours are distances to prototypes in CIE L*a*b*.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from tracker.image import Image

_PROTOTYPES = {
    "black": (0, 0, 0),
    "blue": (255, 0, 0),
    "brown": (40, 80, 120),
    "gray": (128, 128, 128),
    "green": (0, 180, 0),
    "orange": (0, 140, 255),
    "pink": (200, 150, 255),
    "purple": (180, 0, 120),
    "red": (0, 0, 200),
    "white": (255, 255, 255),
    "yellow": (0, 230, 255),
}
"""A typical colour of each term, BGR."""

COUNT = len(_PROTOTYPES)

_WIDTH = 20.0
"""Standard deviation of a term's reach in L*a*b*, about a fifth of the way from black to white."""
_LEVELS = 16
"""Levels per channel told apart."""


def color_names(image: Image) -> NDArray[np.float32]:
    """Return the memberships of each pixel, (11, h, w), shifted so that each term's mean over all colours is zero."""
    levels = (image // (256 // _LEVELS)).astype(np.intp)
    index = (levels[..., 0] * _LEVELS + levels[..., 1]) * _LEVELS + levels[..., 2]
    memberships: NDArray[np.float32] = _table().take(index, axis=1)
    return memberships


@lru_cache(maxsize=1)
def _table() -> NDArray[np.float32]:
    """Memberships of the 16³ colours, (11, 4096): exp(−d² / 2σ²), summing to 1 over the terms, minus the mean."""
    centers = (np.arange(_LEVELS) + 0.5) * (256 / _LEVELS)
    colors = np.stack(np.meshgrid(centers, centers, centers, indexing="ij"), axis=-1).reshape(-1, 3)
    offset = _lab(colors)[None, :, :] - _lab(np.array(list(_PROTOTYPES.values()), np.float64))[:, None, :]
    near = np.exp(-np.square(offset).sum(axis=-1) / (2 * _WIDTH**2))
    near /= near.sum(axis=0)
    table: NDArray[np.float32] = (near - near.mean(axis=1, keepdims=True)).astype(np.float32)
    table.setflags(write=False)
    return table


def _lab(bgr: NDArray[np.float64]) -> NDArray[np.float64]:
    lab: Any = cv2.cvtColor((bgr[None] / 255).astype(np.float32), cv2.COLOR_BGR2LAB)
    return np.asarray(lab[0], np.float64)
