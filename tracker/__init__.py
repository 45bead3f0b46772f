"""Follow an object through video by mean shift, and cluster points by the same mathematics.

    from tracker import Tracker, track

Names are loaded when first used: importing the package opens nothing, imports no OpenCV and changes no global state.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tracker.config.settings import TrackerConfig
    from tracker.cues.target_model import TargetModel
    from tracker.errors import TrackerError
    from tracker.geometry import Box, RotatedBox
    from tracker.meanshift.clustering import MeanShift, estimate_bandwidth
    from tracker.session import Session, track
    from tracker.tracking.multi import MultiTracker
    from tracker.tracking.result import TrackResult, TrackState
    from tracker.tracking.tracker import Tracker
    from tracker.video.sources import open_source

__version__ = "0.1.0"

_HOMES = {
    "Box": "tracker.geometry",
    "MeanShift": "tracker.meanshift.clustering",
    "MultiTracker": "tracker.tracking.multi",
    "RotatedBox": "tracker.geometry",
    "Session": "tracker.session",
    "TargetModel": "tracker.cues.target_model",
    "TrackResult": "tracker.tracking.result",
    "TrackState": "tracker.tracking.result",
    "Tracker": "tracker.tracking.tracker",
    "TrackerConfig": "tracker.config.settings",
    "TrackerError": "tracker.errors",
    "estimate_bandwidth": "tracker.meanshift.clustering",
    "open_source": "tracker.video.sources",
    "track": "tracker.session",
}

__all__ = [
    "Box",
    "MeanShift",
    "MultiTracker",
    "RotatedBox",
    "Session",
    "TargetModel",
    "TrackResult",
    "TrackState",
    "Tracker",
    "TrackerConfig",
    "TrackerError",
    "estimate_bandwidth",
    "open_source",
    "track",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
