"""Regions from the modes of pixels: like neighbors are joined, then small regions to the most alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from tracker.segmentation.filtering import Floats, Ints, PixelModes

Pairs: TypeAlias = NDArray[np.int32]
"""`(2, m)` indices of items that belong together or lie next to each other."""

_ALIKE = 0.5  # of hr: two such modes are one


@dataclass(frozen=True, slots=True)
class Regions:
    """A partition of a picture into k connected regions.

    Attributes:
        labels: `(H, W)` from 0 to k − 1, in the order of the regions' first pixels.
        sizes: `(k,)` pixels of each.
        colors: `(k, 3)` mean of their pixels' mode colors.
        places: `(k, 2)` mean of their pixels' modes, x and y in continuous coordinates.
    """

    labels: NDArray[np.int32]
    sizes: Ints
    colors: Floats
    places: Floats


@dataclass(frozen=True, slots=True)
class _RegionGraph:
    """Regions while they are joined: the region of each initial item, and the pairs of regions with a common border."""

    region_of: NDArray[np.int32]
    sizes: Ints
    colors: Floats
    borders: Pairs

    def joined(self, pairs: Pairs) -> _RegionGraph:
        """Return the regions that remain when these pairs are joined."""
        new = _components(pairs, len(self.sizes))
        sizes = np.bincount(new, weights=self.sizes).astype(np.intp)
        colors = _means(new, sizes, self.colors * self.sizes[:, None])
        return _RegionGraph(new[self.region_of], sizes, colors, _distinct(new[self.borders], len(sizes)))


def find_regions(modes: PixelModes, height: int, width: int, hr: float, min_size: int) -> Regions:
    """Join neighboring pixels of like modes, then like neighboring regions, then small ones to the most alike.

    Both joins are transitive closures (Comaniciu & Meer 2002, section 4.2). Colors that differ by at most hr / 2 are
    alike.

    Args:
        modes: of the pixels, row by row.
        height: of the picture.
        width: of the picture.
        hr: radius in color.
        min_size: regions of fewer pixels are joined to the neighbor of the nearest color.
    """
    pairs = _side_by_side(np.arange(height * width, dtype=np.int32).reshape(height, width))
    alike = _ALIKE * hr
    labels = _components(pairs[:, _distance(modes.color, pairs) <= alike], height * width)
    sizes = np.bincount(labels)
    borders = _distinct(labels[pairs], len(sizes))
    regions = _RegionGraph(np.arange(len(sizes), dtype=np.int32), sizes, _means(labels, sizes, modes.color), borders)
    regions = _join_while(regions, lambda now: now.borders[:, _distance(now.colors, now.borders) <= alike])
    regions = _join_while(regions, lambda now: _ways_out_of_small(now, min_size))
    labels = regions.region_of[labels]
    places = _means(labels, regions.sizes, modes.place)
    return Regions(labels.reshape(height, width), regions.sizes, regions.colors, places)


def _join_while(regions: _RegionGraph, choose: Callable[[_RegionGraph], Pairs]) -> _RegionGraph:
    """Join the pairs of neighbors that `choose` picks, again and again until it picks none."""
    while (pairs := choose(regions)).size:
        regions = regions.joined(pairs)
    return regions


def _means(labels: NDArray[np.int32], sizes: Ints, values: Floats) -> Floats:
    """Means of `(N, c)` values by label, `(k, c)`."""
    columns = [np.bincount(labels, weights=column) / sizes for column in values.T]
    return np.stack(columns, axis=1).astype(np.float32)


def _side_by_side(index: NDArray[np.int32]) -> Pairs:
    """The entries of all horizontal and vertical neighbors, `(2, m)`."""
    across = np.stack([index[:, :-1].ravel(), index[:, 1:].ravel()])
    down = np.stack([index[:-1].ravel(), index[1:].ravel()])
    return np.concatenate((across, down), axis=1)


def _distinct(pairs: Pairs, count: int) -> Pairs:
    """The pairs of two different of `count` regions, each once."""
    pairs = pairs[:, pairs[0] != pairs[1]]
    low, high = np.minimum(pairs[0], pairs[1]).astype(np.int64), np.maximum(pairs[0], pairs[1])
    return np.stack(np.divmod(np.unique(low * count + high), count)).astype(np.int32)


def _distance(colors: Floats, pairs: Pairs) -> Floats:
    return np.asarray(np.linalg.norm(colors[pairs[0]] - colors[pairs[1]], axis=1), dtype=np.float32)


def _ways_out_of_small(regions: _RegionGraph, min_size: int) -> Pairs:
    """For each region that is too small, the pair of it and its neighbor of the nearest color."""
    both_ways = np.concatenate((regions.borders, regions.borders[::-1]), axis=1)
    both_ways = both_ways[:, regions.sizes[both_ways[0]] < min_size]
    order = np.lexsort((_distance(regions.colors, both_ways), both_ways[0]))
    both_ways = both_ways[:, order]
    first = np.ones(len(order), dtype=bool)
    first[1:] = both_ways[0, 1:] != both_ways[0, :-1]
    return both_ways[:, first]


def _components(pairs: Pairs, count: int) -> NDArray[np.int32]:
    """Number the connected components of `count` items under these pairs."""
    from scipy.sparse import coo_array  # slow to import
    from scipy.sparse.csgraph import connected_components

    joined = coo_array((np.ones(pairs.shape[1], dtype=bool), (pairs[0], pairs[1])), shape=(count, count))
    return np.asarray(connected_components(joined, directed=False)[1], dtype=np.int32)
