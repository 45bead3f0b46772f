"""Whether a frame shows the scene of the frame before: a cut takes every target out of the picture at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from numpy.typing import NDArray

from tracker.image import Image
from tracker.values import value

if TYPE_CHECKING:  # pydantic, on which the settings are built, costs more than OpenCV
    from tracker.config.presence import SceneSettings

_PICKED = (32, 18)
"""Pixels picked of a frame, across and down: the cost of a frame of any size. Each is likely to miss the cache."""
_SMALL = (16, 9)
"""Pixels that those are averaged to."""
_LEVELS = 4
"""Levels of a channel in the color histogram."""


class FrameDescriptor:
    """A whole frame in a few numbers: a thumbnail and, where it comes to that, a color histogram.

    Attributes:
        level: mean level of the frame, at least one.
        spread: standard deviation of the thumbnail, at least one level.
    """

    __slots__ = ("_flat", "_picked", "_roots", "level", "spread")

    def __init__(self, image: Image) -> None:
        """Pick pixels and average them."""
        self._picked: Any = cv2.resize(image, _PICKED, interpolation=cv2.INTER_NEAREST)
        small: Any = cv2.resize(self._picked, _SMALL, interpolation=cv2.INTER_AREA)
        self._flat: NDArray[np.uint8] = small.reshape(1, -1)
        mean, spread = cv2.meanStdDev(self._flat)
        self.level: float = max(mean.item(), 1.0)
        self.spread: float = max(spread.item(), 1.0)
        self._roots: NDArray[np.float64] | None = None

    def difference(self, other: FrameDescriptor) -> float:
        """Return the mean difference of the thumbnails in standard deviations of this one."""
        distance = float(cv2.norm(self._flat, other._flat, cv2.NORM_L1))
        return distance / (self._flat.size * self.spread)

    def likeness(self, other: FrameDescriptor) -> float:
        """Return the Bhattacharyya coefficient of the color histograms, in [0, 1]."""
        return float(self._root_counts() @ other._root_counts())

    def correlation(self, other: FrameDescriptor) -> float:
        """Return the correlation of the thumbnails, in [-1, 1]."""
        a, b = (each._flat[0] - each._flat.mean() for each in (self, other))
        return float(a @ b) / (self.spread * other.spread * self._flat.size)

    def _root_counts(self) -> NDArray[np.float64]:
        """Square roots of the color histogram; made when first asked for, which most frames never are."""
        if self._roots is None:
            levels = (self._picked.reshape(-1, 3) // (256 // _LEVELS)).astype(np.intp)
            bins = (levels[:, 0] * _LEVELS + levels[:, 1]) * _LEVELS + levels[:, 2]
            self._roots = np.sqrt(np.bincount(bins, minlength=_LEVELS**3) / len(bins))
        return self._roots


@value
class SceneChange:
    """What a frame is to the frame before.

    Attributes:
        frame: the frame.
        cut: another scene begins.
        home: the scene is back in which the target was last seen.
    """

    frame: FrameDescriptor
    cut: bool = False
    home: bool = False


class SceneWatch:
    """Tells cuts, and the return of the scene in which the target was last seen (its home).

    A frame is of another scene where all three conditions of `SceneSettings` hold.
    """

    def __init__(self, settings: SceneSettings, frame: FrameDescriptor) -> None:
        """Begin with the first frame."""
        self._settings = settings
        self._last = frame
        self._home: FrameDescriptor | None = None

    def compare(self, now: FrameDescriptor) -> SceneChange:
        """Say what the next frame is; `commit` makes it the last one."""
        home = self._home
        cut = self._is_cut(now, self._last)
        near = home is not None and (cut or now.difference(home) < self._settings.difference)
        return SceneChange(now, cut, home is not None and near and not self._is_cut(now, home))

    def commit(self, change: SceneChange) -> None:
        """Go on from the frame of `change`."""
        if self._home is None and change.cut:
            self._home = self._last
        elif change.home:
            self._home = None
        self._last = change.frame

    def settle(self) -> None:
        """Make the scene of the last frame the target's home: it was found there."""
        self._home = None

    def _is_cut(self, now: FrameDescriptor, before: FrameDescriptor) -> bool:
        s = self._settings
        return (
            now.difference(before) > s.difference
            and now.likeness(before) < s.likeness
            and now.correlation(before) < s.correlation
        )
