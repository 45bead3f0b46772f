"""Where every pixel climbs to: joint-domain mean shift with shared paths."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tracker.meanshift.kernels import StoppingRule
from tracker.segmentation.colors import Planes
from tracker.segmentation.window import Floats, Ints, JointWindow, Walkers

_STILL = StoppingRule(tolerance=1.0, max_iterations=100)  # moves are counted in the two lengths below
_STILL_PIXELS = 0.5
_STILL_COLOR = 0.1  # of hr
# A walker that comes to a pixel of nearly its own color goes the way of that pixel (Christoudias, Georgescu & Meer
# 2002); "nearly" is this much of hr, squared. Sharing makes the climb five to ten times shorter.
_SHARED = 0.5


@dataclass(frozen=True, slots=True)
class PixelModes:
    """The mode of each of N pixels, row by row.

    Attributes:
        color: `(N, 3)` in the space of the climb.
        place: `(N, 2)` x and y in continuous coordinates.
    """

    color: Floats
    place: Floats


def climb_pixels(planes: Planes, hs: int, hr: float) -> PixelModes:
    """Move every pixel to its mode (Comaniciu & Meer 2002, section 4.1).

    Args:
        planes: the picture, `(3, H, W)`.
        hs: half the side of the window, in pixels, ≥ 1.
        hr: radius in color, in the units of the planes, > 0.
    """
    channels, height, width = planes.shape
    window = JointWindow(planes, hs, hr)
    own_color = planes.reshape(channels, -1).T
    pixels = np.arange(height * width)
    here = Walkers(
        (pixels // width).astype(np.float32), (pixels % width).astype(np.float32), np.ascontiguousarray(own_color)
    )
    end = Walkers(here.y.copy(), here.x.copy(), here.color.copy())
    follows = pixels.copy()
    active = pixels
    completed = 0
    while len(active):
        before, here = here, window.step(here)
        end.y[active], end.x[active], end.color[active] = here.y, here.x, here.color
        on = here.pixels(width)
        off_color = np.square(here.color - own_color[on]).sum(axis=1)
        rests = _STILL.converged(_moved(before, here, hr))
        shares = (off_color < _SHARED * hr**2) & (on != active) & ~rests
        follows[active[shares]] = on[shares]
        goes_on = ~rests & ~shares & (not _STILL.exhausted(completed))
        active, here = active[goes_on], here.part(goes_on)
        completed += 1
    root = _ends_of(follows)
    place = np.stack([end.x[root], end.y[root]], axis=1) + np.float32(0.5)
    return PixelModes(end.color[root], place)


def _moved(before: Walkers, after: Walkers, hr: float) -> Floats:
    """How far each walker moved, in the lengths that count as still."""
    pixels = np.hypot(after.x - before.x, after.y - before.y) / np.float32(_STILL_PIXELS)
    color = np.sqrt(np.square(after.color - before.color).sum(axis=1)) / np.float32(_STILL_COLOR * hr)
    return np.asarray(np.maximum(pixels, color), dtype=np.float32)


def _ends_of(follows: Ints) -> Ints:
    """The pixel at the end of each path; where paths run in a circle, its pixel of lowest index.

    Doubling: after k rounds `ahead` is 2ᵏ pixels further on and `lowest` the lowest index met on the way there.
    """
    ahead, lowest = follows, np.minimum(follows, np.arange(len(follows)))
    for _ in range(len(follows).bit_length()):
        lowest = np.minimum(lowest, lowest[ahead])
        ahead = ahead[ahead]
    return np.asarray(lowest[ahead], dtype=np.intp)
