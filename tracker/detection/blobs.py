"""Things of one color, told apart by mean shift: the clusters of a back-projection.

A patch of color may be several things that touch. Its pixels, each weighing as much as it is likely and lies deep in
the patch, are clustered: a disc is one mode, two that touch are two. Modes without a valley between them, as along a
bar, are one thing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from tracker.config.detection import ColorDetectorSettings, ExtentSettings
from tracker.density import Density
from tracker.geometry import Box
from tracker.meanshift.clustering import MeanShift

Floats: TypeAlias = NDArray[np.float64]
Labels: TypeAlias = NDArray[np.intp]
Mask: TypeAlias = NDArray[np.uint8]

_DEPTH = 10.0
"""Pixels: patches that are deeper are sampled coarser, so that a large one costs no more."""
_APART = 4.0
"""Least bandwidths between two patches, so that no pixel feels another patch's."""
_NEAR = 3.0
"""Modes further from each other than this, in bandwidths, have others between them."""
_STEPS = 9
"""Places looked at between two modes."""


@dataclass(frozen=True, slots=True)
class _Pixels:
    """All patches' pixels: columns and rows `(N,)`, `(N, 2)` places in bandwidths, weights, and which of them climb."""

    x: Labels
    y: Labels
    places: Floats
    weights: Floats
    sample: NDArray[np.bool_]


def mask_of_things(density: Density, settings: ColorDetectorSettings) -> Mask:
    """Return where a thing is likely, 1, else 0: without pinholes, and without what is thinner than 3 pixels."""
    square = np.ones((3, 3), np.uint8)
    closed = cv2.morphologyEx((density >= settings.threshold).astype(np.uint8), cv2.MORPH_CLOSE, square)
    return np.asarray(cv2.morphologyEx(closed, cv2.MORPH_OPEN, square), np.uint8)


def boxes_of_modes(density: Density, mask: Mask, settings: ColorDetectorSettings) -> list[Box]:
    """Return the boxes, in pixels of `density`, of the things in it, from left to right.

    Args:
        density: probability of each pixel to be a thing's, in [0, 1].
        mask: `mask_of_things` of it.
        settings: what counts; see there.
    """
    extent = settings.extent
    if not 0 < np.count_nonzero(mask) <= extent.most * mask.size:
        return []
    pixels = _pixels(np.maximum(density, settings.threshold), mask, settings)
    if not len(pixels.x):
        return []
    shift = MeanShift(bandwidth=1.0, bin_seeding=True)
    shift.fit(pixels.places[pixels.sample], sample_weight=pixels.weights[pixels.sample])
    things = _joined(shift.cluster_centers_, pixels, settings.valley)[shift.predict(pixels.places)]
    found = [_box(pixels.x[things == thing], pixels.y[things == thing]) for thing in np.unique(things)]
    return sorted((box for box in found if _fits(box, extent, mask.size)), key=lambda box: (box.x, box.y))


def _pixels(likely: Density, mask: Mask, settings: ColorDetectorSettings) -> _Pixels:
    """Return the pixels of the patches that are large enough, each patch in units of its own bandwidth."""
    count, patches, stats, _ = cv2.connectedComponentsWithStats(mask)
    depth: Any = cv2.distanceTransform(mask, cv2.DIST_L2, cv2.DIST_MASK_5)
    large = stats[:, cv2.CC_STAT_AREA] >= settings.extent.min_area * mask.size
    large[0] = False
    y, x = np.nonzero(large[patches])
    of: Labels = patches[y, x].astype(np.intp)
    deepest = np.ones(count)
    np.maximum.at(deepest, of, depth[y, x])
    unit = settings.bandwidth * deepest
    sides = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].sum(axis=1) / unit
    # As far apart as they are large, so that the nearest mode is always one of a pixel's own patch.
    room = np.where(large, 2 * sides + _APART, 0.0)
    corner = np.cumsum(room) - room - stats[:, cv2.CC_STAT_LEFT] / unit
    step = np.maximum(deepest / _DEPTH, 1.0).astype(int)[of]
    weights = likely[y, x].astype(float) * depth[y, x] / deepest[of]
    return _Pixels(
        x=x,
        y=y,
        places=np.stack([corner[of] + (x + 0.5) / unit[of], (y + 0.5) / unit[of]], axis=1),
        # In units of the lightest, for a bin of seeds needs a weight of 1.
        weights=weights / weights.min(initial=np.inf),
        sample=(x % step == 0) & (y % step == 0),
    )


def _joined(modes: Floats, pixels: _Pixels, valley: float) -> Labels:
    """Return the number of the thing that each of the `(K, 2)` modes belongs to."""
    order = np.flatnonzero(pixels.sample)
    order = order[np.argsort(pixels.places[order, 0])]
    places, weights = pixels.places[order], pixels.weights[order]
    things = np.arange(len(modes))
    gaps = np.hypot(*(modes[:, None] - modes[None]).transpose(2, 0, 1))
    for one, other in np.argwhere(np.triu(gaps <= _NEAR, 1)):
        if things[one] == things[other]:
            continue
        way = np.linspace(modes[one], modes[other], _STEPS)
        reach = way[[0, -1], 0]
        near = slice(*np.searchsorted(places[:, 0], [reach.min() - 1.0, reach.max() + 1.0]))
        inside = np.square(way[:, None] - places[None, near]).sum(axis=2) <= 1.0
        heights = inside @ weights[near]
        if heights.min() >= valley * min(heights[0], heights[-1]):
            things[things == things[other]] = things[one]
    return things


def _box(x: Labels, y: Labels) -> Box:
    left, top = float(x.min()), float(y.min())
    return Box(left, top, float(x.max()) + 1 - left, float(y.max()) + 1 - top)


def _fits(box: Box, extent: ExtentSettings, area: int) -> bool:
    return extent.min_area * area <= box.area <= extent.max_area * area
