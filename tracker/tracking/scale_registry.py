"""The scale estimators by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from tracker.tracking.scale import FixedScale, MassScale, MomentScale, ScaleEstimator

if TYPE_CHECKING:  # pydantic, on which the settings are built, costs more than OpenCV
    from tracker.config.settings import SizeSettings


def _filter(settings: SizeSettings) -> ScaleEstimator:
    # Fourier transforms take a while to import; the other estimators do without.
    from tracker.tracking.scale_filter import ScaleFilter

    return ScaleFilter(settings)


def _combined(settings: SizeSettings) -> ScaleEstimator:
    from tracker.tracking.combined_scale import CombinedScale

    return CombinedScale(settings)


SCALE_ESTIMATORS: Mapping[str, Callable[[SizeSettings], ScaleEstimator]] = MappingProxyType(
    {"fixed": FixedScale, "mass": MassScale, "moments": MomentScale, "filter": _filter, "combined": _combined}
)
"""Makers of an estimator from the settings. A new one is a file and a line here (and its name in `SizeSettings`)."""
