"""The scale estimators by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from tracker.tracking.scale import FixedScale, MassScale, MomentScale, ScaleEstimator

if TYPE_CHECKING:  # pydantic, on which the settings are built, costs more than OpenCV
    from tracker.config.settings import SizeSettings


ScaleMaker: TypeAlias = "Callable[[SizeSettings], ScaleEstimator]"
"""Makes an estimator from the settings."""


def _load_filter() -> ScaleMaker:
    # Fourier transforms take a while to import; the other estimators do without.
    from tracker.tracking.scale_filter import ScaleFilter

    return ScaleFilter


def _load_combined() -> ScaleMaker:
    from tracker.tracking.combined_scale import CombinedScale

    return CombinedScale


SCALE_ESTIMATORS: Mapping[str, Callable[[], ScaleMaker]] = MappingProxyType(
    {
        "fixed": lambda: FixedScale,
        "mass": lambda: MassScale,
        "moments": lambda: MomentScale,
        "filter": _load_filter,
        "combined": _load_combined,
    }
)
"""What imports each estimator and returns its maker. A new one is a file and a line here (and its name in
`SizeSettings`)."""


def load_scale_estimator(name: str) -> ScaleMaker:
    """Return the maker of an estimator; all that it needs is imported then."""
    return SCALE_ESTIMATORS[name]()
