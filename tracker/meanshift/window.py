"""The windowed mean-shift iterator: a window of fixed size climbs a sampled density to its nearest mode.

Coordinates are continuous array coordinates: element [j, i] covers [i, i+1) x [j, j+1), its center is
(i + 0.5, j + 0.5). The window may stand anywhere, also partly outside the array, and moves by fractions of an element.

Two window shapes:

- `ellipse`: the kernel's weight g of the squared distance r² = (Δx/hx)² + (Δy/hy)², scaled so that the kernel's support
  ends at the window's edge (Comaniciu & Meer 2002, eq. 20, with a diagonal bandwidth). Climbs the density estimate
  Σ L·k(r²) and never descends it (`window_density`).
- `rectangle`: the weight is g(Δx)·g(Δy), elements on the edge counted by the part that is covered. With the flat kernel
  this is the window of CAMShift (Bradski 1998) and of `cv2.meanShift`. It is no gradient climb of any density in
  general (its vector field has a curl), but is one in each axis where the density is a product L(x)·L(y); a cycle is
  therefore possible and is ended.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tracker.errors import DataError
from tracker.meanshift.kernels import KERNELS, Kernel, StoppingRule
from tracker.values import value

WindowShape: TypeAlias = Literal["rectangle", "ellipse"]
KernelName: TypeAlias = Literal["flat", "epanechnikov", "gaussian"]

DEFAULT_RULE = StoppingRule(tolerance=0.05, max_iterations=10)


class Stop(Enum):
    """Why the iteration ended."""

    CONVERGED = "converged"
    """The last move was within the tolerance."""
    OSCILLATING = "oscillating"
    """The window came back to where it was two moves ago; it rests halfway."""
    EXHAUSTED = "exhausted"
    """The allowed number of moves was made."""
    NO_MASS = "no mass"
    """The window holds no density: there was nothing to climb. Not a convergence."""


@value
class Mode:
    """Where the window came to rest.

    Attributes:
        x: center, continuous array coordinates.
        y: center, continuous array coordinates.
        mass: weighted density in the window at the last center it was measured at.
        iterations: moves made.
        stop: why the iteration ended.
        path: the centers passed, from the start to (x, y).
    """

    x: float
    y: float
    mass: float
    iterations: int
    stop: Stop
    path: tuple[tuple[float, float], ...]


def seek_mode(
    density: NDArray[Any],
    x: float,
    y: float,
    width: float,
    height: float,
    *,
    kernel: KernelName = "flat",
    shape: WindowShape = "rectangle",
    rule: StoppingRule = DEFAULT_RULE,
) -> Mode:
    """Move a `width` x `height` window from (x, y) to the weighted mean under it until it rests.

    Args:
        density: (h, w), any real dtype, finite and ≥ 0.
        x: start center, continuous array coordinates.
        y: start center, continuous array coordinates.
        width: window width in elements, above 0.
        height: window height in elements, above 0.
        kernel: `flat`, `epanechnikov` or `gaussian`; the window's edge is the end of the kernel's support.
        shape: `rectangle` or `ellipse`, see above.
        rule: `tolerance` in elements (|Δx| + |Δy|) and the greatest number of moves.

    Raises:
        DataError: the density is not a matrix of finite numbers ≥ 0, or the window is empty or not finite.
    """
    window = SeekWindow(width, height, kernel=kernel, shape=shape, rule=rule)
    return window.seek(_checked(density, x, y, width, height), x, y)


class SeekWindow:
    """A window of fixed size, shape and kernel that seeks modes in one density after another; see `seek_mode`."""

    def __init__(
        self, width: float, height: float, *, kernel: KernelName, shape: WindowShape, rule: StoppingRule
    ) -> None:
        self._size = width, height
        self._kernel = KERNELS[kernel]
        self._means: type[_Rectangle | _Ellipse] = _Rectangle if shape == "rectangle" else _Ellipse
        self._rule = rule
        self._mean: _Rectangle | _Ellipse | None = None

    def seek(self, density: NDArray[Any], x: float, y: float) -> Mode:
        """Return the mode that the window climbs to from (x, y).

        Args:
            density: (h, w), float32 or float64, finite and ≥ 0.
            x: start center, finite.
            y: start center, finite.

        Raises:
            DataError: the density under the window is negative or not finite.
        """
        if self._mean is None or not self._mean.fits(density):
            self._mean = self._means(density, *self._size, self._kernel)
        mean, tolerance, most = self._mean.mean, self._rule.tolerance, self._rule.max_iterations
        path = [(x, y)]
        while True:
            mean_x, mean_y, mass = mean(density, x, y)
            if not 0.0 <= mass < math.inf:
                raise DataError(
                    "the density under the window is negative or not finite: use np.nan_to_num and clip at 0"
                )
            if mass == 0.0:
                return Mode(x, y, 0.0, len(path) - 1, Stop.NO_MASS, tuple(path))
            if len(path) > most:
                return Mode(x, y, mass, len(path) - 1, Stop.EXHAUSTED, tuple(path))
            shift = abs(mean_x - x) + abs(mean_y - y)
            x, y = mean_x, mean_y
            path.append((x, y))
            if shift <= tolerance:
                return Mode(x, y, mass, len(path) - 1, Stop.CONVERGED, tuple(path))
            if len(path) > 2 and abs(x - path[-3][0]) + abs(y - path[-3][1]) <= tolerance:
                x, y = (x + path[-2][0]) / 2, (y + path[-2][1]) / 2
                return Mode(x, y, mass, len(path) - 1, Stop.OSCILLATING, (*path, (x, y)))


def window_density(
    density: NDArray[Any], x: float, y: float, width: float, height: float, *, kernel: KernelName = "flat"
) -> float:
    """Return the density estimate Σ L·k(r²) that the elliptical window climbs, up to a constant factor.

    Arguments and errors as in `seek_mode`; Comaniciu & Meer 2002, eq. 11.
    """
    values = _checked(density, x, y, width, height)
    return _Ellipse(values, width, height, KERNELS[kernel]).density(values, x, y)


def _checked(density: NDArray[Any], x: float, y: float, width: float, height: float) -> NDArray[Any]:
    if density.ndim != 2:
        raise DataError(f"a density is a matrix (h, w); got shape {density.shape}")
    if not (width > 0 and height > 0 and math.isfinite(x + y + width + height)):
        raise DataError(f"a window needs a finite center and a size above zero; got {(x, y, width, height)}")
    if density.dtype.kind not in "fiub":
        raise DataError(f"a density holds real numbers; got {density.dtype}")
    return density if density.dtype in (np.float32, np.float64) else density.astype(np.float32)


class _Rectangle:
    """Weighted mean under a rectangle with fractional edges.

    Its weights are a product, so mass and first moments are one product of three small matrices:
    [w, w·v]ᵀ L [w, w·u] with the weights and the positions down the columns v and across the rows u.
    """

    def __init__(self, density: NDArray[Any], width: float, height: float, kernel: Kernel) -> None:
        self._of = density.shape, density.dtype
        rows, columns = density.shape
        self._across = _Side(width / 2, columns, kernel, density.dtype.char)
        self._down = _Side(height / 2, rows, kernel, density.dtype.char)

    def fits(self, density: NDArray[Any]) -> bool:
        """Whether the window is prepared for densities of this shape and type."""
        return self._of == (density.shape, density.dtype)

    def mean(self, density: NDArray[Any], x: float, y: float) -> tuple[float, float, float]:
        left, right, across = self._across.weights(x)
        top, bottom, down = self._down.weights(y)
        if left >= right or top >= bottom:
            return x, y, 0.0
        # `dot` takes three quarters of the time of the operator on matrices as small.
        (mass, moment_x), (moment_y, _) = down.T.dot(density[top:bottom, left:right]).dot(across).tolist()
        if mass == 0.0:
            return x, y, 0.0
        return left + moment_x / mass, top + moment_y / mass, mass


class _Side:
    """Weights of a window of fixed size along one side of an array of `count` elements."""

    def __init__(self, half: float, count: int, kernel: Kernel, dtype: str) -> None:
        self._half = half
        self._count = count
        self._kernel = None if kernel.name == "flat" else kernel
        self._dtype = dtype
        self._flat: dict[int, NDArray[Any]] = {}

    def weights(self, center: float) -> tuple[int, int, NDArray[Any]]:
        """First and past-the-last element under `center` ± half, with their weights w and w·position.

        Positions count from the first element. Inner elements weigh w = g, the two at the edges by the part covered.
        The weights of the flat kernel hold until the next call: but for the edges they are those of the call before.
        """
        low, high = center - self._half, center + self._half
        if low >= 0.0 and high <= self._count:
            first, last = int(low), math.ceil(high)
        else:
            first = min(max(math.floor(low), 0), self._count)
            last = max(min(math.ceil(high), self._count), first)
        size = last - first
        if size < 1:
            return first, last, _ones_and_positions(0, self._dtype)
        before = min(first + 1.0, high) - low if low > first else 1.0
        after = high - (last - 1) if high < last and size > 1 else 1.0
        if self._kernel is not None:
            weights = _ones_and_positions(size, self._dtype).copy()
            r = np.minimum(np.abs(weights[:, 1] + (first - center)) / self._half, 1.0) * self._kernel.support
            weights *= self._kernel.weight(np.square(r))[:, None]
            weights[0] *= before
            weights[-1] *= after
            return first, last, weights
        flat = self._flat.get(size)
        if flat is None:
            flat = self._flat[size] = _ones_and_positions(size, self._dtype).copy()
        # Element by element: a fifth of the time of a row at once.
        if size > 1:
            flat[-1, 0] = after
            flat[-1, 1] = after * (size - 0.5)
        flat[0, 0] = before
        flat[0, 1] = before * 0.5
        return first, last, flat


@lru_cache(maxsize=64)
def _ones_and_positions(count: int, dtype: str) -> NDArray[Any]:
    """Ones and positions i + 0.5, (count, 2): from 0 on, so that single precision is exact on large arrays too."""
    plain = np.ones((count, 2), dtype)
    plain[:, 1] = np.arange(count) + 0.5
    plain.setflags(write=False)
    return plain


def _span(center: float, half: float, count: int) -> tuple[int, int]:
    """First and past-the-last of `count` elements that the interval center ± half touches; empty where it misses."""
    first = min(max(math.floor(center - half), 0), count)
    return first, max(min(math.ceil(center + half), count), first)


class _Ellipse:
    """Weighted mean under an elliptical window; elements count as point masses at their centers."""

    def __init__(self, density: NDArray[Any], width: float, height: float, kernel: Kernel) -> None:
        self._kernel = kernel
        self._half = (width / 2, height / 2)

    def fits(self, density: NDArray[Any]) -> bool:
        """Whether the window is prepared for such a density: for any."""
        return True

    def mean(self, density: NDArray[Any], x: float, y: float) -> tuple[float, float, float]:
        under, dx, dy = self._under(density, x, y)
        weighted = under * self._kernel.weight(self._r2(dx, dy))
        mass = float(weighted.sum())
        if mass == 0.0:
            return x, y, 0.0
        return x + float(weighted.sum(axis=0) @ dx) / mass, y + float(weighted.sum(axis=1) @ dy) / mass, mass

    def density(self, density: NDArray[Any], x: float, y: float) -> float:
        under, dx, dy = self._under(density, x, y)
        return float((under * self._kernel.profile(self._r2(dx, dy))).sum())

    def _r2(self, dx: NDArray[Any], dy: NDArray[Any]) -> NDArray[Any]:
        scale_x, scale_y = (self._kernel.support / half for half in self._half)
        r2: NDArray[Any] = np.square(dx * scale_x)[None, :] + np.square(dy * scale_y)[:, None]
        return r2

    def _under(self, density: NDArray[Any], x: float, y: float) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
        rows, columns = density.shape
        left, right = _span(x, self._half[0], columns)
        top, bottom = _span(y, self._half[1], rows)
        dx = np.arange(left, right, dtype=np.float64) + (0.5 - x)
        dy = np.arange(top, bottom, dtype=np.float64) + (0.5 - y)
        return density[top:bottom, left:right], dx, dy


@dataclass(frozen=True, slots=True)
class Moments:
    """Moments of a density under a window.

    Attributes:
        mass: sum of the density (zeroth moment).
        x: centroid, continuous array coordinates.
        y: centroid, continuous array coordinates.
        xx: variance across, elements².
        yy: variance down, elements².
        xy: covariance, elements².
    """

    mass: float
    x: float
    y: float
    xx: float
    yy: float
    xy: float

    @property
    def axes(self) -> tuple[float, float]:
        """Standard deviations along the principal axes, long one first."""
        middle, spread = (self.xx + self.yy) / 2, math.hypot((self.xx - self.yy) / 2, self.xy)
        return math.sqrt(max(middle + spread, 0.0)), math.sqrt(max(middle - spread, 0.0))

    @property
    def angle(self) -> float:
        """Direction of the long axis in degrees, clockwise with y down, in [-90, 90)."""
        angle = math.degrees(math.atan2(2 * self.xy, self.xx - self.yy) / 2)
        return -90.0 if angle >= 90.0 else angle


def window_moments(density: NDArray[Any], left: int, top: int, right: int, bottom: int) -> Moments | None:
    """Return the moments of `density[top:bottom, left:right]` (clipped to the array); None where there is no mass."""
    left, top = max(left, 0), max(top, 0)
    under = density[top : max(bottom, top), left : max(right, left)].astype(np.float64)
    mass = float(under.sum())
    if not mass > 0.0:
        return None
    by_column, by_row = under.sum(axis=0) / mass, under.sum(axis=1) / mass
    xs, ys = np.arange(under.shape[1]) + 0.5, np.arange(under.shape[0]) + 0.5
    x, y = float(by_column @ xs), float(by_row @ ys)
    xx, yy = float(by_column @ np.square(xs - x)), float(by_row @ np.square(ys - y))
    xy = float((ys - y) @ under @ (xs - x)) / mass
    return Moments(mass, left + x, top + y, xx, yy, xy)
