"""Kernels of mean shift, and when its iteration stops: shared by the windowed iterator and by point clustering.

A kernel is named by its weight g(r²) = −k′(r²), where k is the profile of the density estimate that mean shift with
that weight climbs (Cheng 1995; Comaniciu & Meer 2002, eq. 13–20). r is the distance from the window's center in
bandwidths. So `flat` climbs an Epanechnikov estimate, `epanechnikov` a biweight one, and `gaussian` its own. Every g
here falls with r, hence k is convex and falling, and no step can descend the estimate (Comaniciu & Meer, theorem 1).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Kernel:
    """A radial kernel.

    Attributes:
        name: how settings call it.
        support: radius in bandwidths beyond which the weight is zero.
        weight: g as a function of the squared radius, elementwise, ≥ 0; zero beyond the support.
        profile: k as a function of the squared radius, with k′ = −g; zero beyond the support.
    """

    name: str
    support: float
    weight: Callable[[Array], Array]
    profile: Callable[[Array], Array]


def _flat(r2: Array) -> Array:
    return (r2 <= 1.0).astype(r2.dtype)


def _flat_profile(r2: Array) -> Array:
    return np.maximum(1.0 - r2, 0.0)


def _epanechnikov_profile(r2: Array) -> Array:
    return np.square(np.maximum(1.0 - r2, 0.0)) / 2.0


_TRUNCATION = 3.0


def _gaussian(r2: Array) -> Array:
    weight: Array = np.where(r2 <= _TRUNCATION**2, np.exp(-0.5 * r2), 0.0).astype(r2.dtype)
    return weight


def _gaussian_profile(r2: Array) -> Array:
    # Shifted by its value at the cut, so that truncation leaves no step and k′ = −g throughout.
    profile: Array = np.maximum(2.0 * (np.exp(-0.5 * r2) - np.exp(-0.5 * _TRUNCATION**2)), 0.0)
    return profile


KERNELS: Mapping[str, Kernel] = MappingProxyType(
    {
        kernel.name: kernel
        for kernel in (
            Kernel("flat", 1.0, _flat, _flat_profile),
            Kernel("epanechnikov", 1.0, _flat_profile, _epanechnikov_profile),
            Kernel("gaussian", _TRUNCATION, _gaussian, _gaussian_profile),
        )
    }
)
"""The kernels by name: `flat`, `epanechnikov`, `gaussian` (σ = one bandwidth, cut at three)."""


@dataclass(frozen=True, slots=True)
class StoppingRule:
    """When an iteration ends: the move was at most `tolerance`, or `max_iterations` moves were made."""

    tolerance: float
    max_iterations: int

    def converged(self, shift: Any) -> Any:
        """Whether a move of length `shift` counts as none; elementwise for an array of moves."""
        return shift <= self.tolerance

    def exhausted(self, iterations: int) -> bool:
        """Whether no further move is allowed after this many."""
        return iterations >= self.max_iterations
