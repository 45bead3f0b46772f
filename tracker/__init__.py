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
    from tracker.drawing.draw import draw
    from tracker.drawing.style import OverlayStyle, Trails
    from tracker.effects import EffectStage, apply_effect
    from tracker.errors import (
        BoxError,
        ConfigError,
        DataError,
        DisplayError,
        FrameError,
        ModelFileError,
        NotInitialisedError,
        OutputError,
        SelectionCancelled,
        SourceError,
        TargetError,
        TargetIdError,
        TargetLostError,
        TrackerError,
    )
    from tracker.geometry import Box, RotatedBox
    from tracker.meanshift.clustering import MeanShift, estimate_bandwidth
    from tracker.output.base import Sink
    from tracker.output.registry import open_sink
    from tracker.output.text import CsvSink
    from tracker.output.video_file import VideoFileSink
    from tracker.session import Session, track
    from tracker.tracking.multi import MultiTracker
    from tracker.tracking.result import TrackResult, TrackState
    from tracker.tracking.tracker import Tracker
    from tracker.video.base import Frame
    from tracker.video.sources import open_source

__version__ = "0.1.0"

_HOMES = {
    "Box": "tracker.geometry",
    "BoxError": "tracker.errors",
    "ConfigError": "tracker.errors",
    "CsvSink": "tracker.output.text",
    "DataError": "tracker.errors",
    "DisplayError": "tracker.errors",
    "EffectStage": "tracker.effects",
    "Frame": "tracker.video.base",
    "FrameError": "tracker.errors",
    "MeanShift": "tracker.meanshift.clustering",
    "ModelFileError": "tracker.errors",
    "MultiTracker": "tracker.tracking.multi",
    "NotInitialisedError": "tracker.errors",
    "OutputError": "tracker.errors",
    "OverlayStyle": "tracker.drawing.style",
    "RotatedBox": "tracker.geometry",
    "SelectionCancelled": "tracker.errors",
    "Session": "tracker.session",
    "Sink": "tracker.output.base",
    "SourceError": "tracker.errors",
    "TargetError": "tracker.errors",
    "TargetIdError": "tracker.errors",
    "TargetLostError": "tracker.errors",
    "TargetModel": "tracker.cues.target_model",
    "TrackResult": "tracker.tracking.result",
    "TrackState": "tracker.tracking.result",
    "Tracker": "tracker.tracking.tracker",
    "TrackerConfig": "tracker.config.settings",
    "TrackerError": "tracker.errors",
    "Trails": "tracker.drawing.style",
    "VideoFileSink": "tracker.output.video_file",
    "apply_effect": "tracker.effects",
    "draw": "tracker.drawing.draw",
    "estimate_bandwidth": "tracker.meanshift.clustering",
    "open_sink": "tracker.output.registry",
    "open_source": "tracker.video.sources",
    "track": "tracker.session",
}

__all__ = [
    "Box",
    "BoxError",
    "ConfigError",
    "CsvSink",
    "DataError",
    "DisplayError",
    "EffectStage",
    "Frame",
    "FrameError",
    "MeanShift",
    "ModelFileError",
    "MultiTracker",
    "NotInitialisedError",
    "OutputError",
    "OverlayStyle",
    "RotatedBox",
    "SelectionCancelled",
    "Session",
    "Sink",
    "SourceError",
    "TargetError",
    "TargetIdError",
    "TargetLostError",
    "TargetModel",
    "TrackResult",
    "TrackState",
    "Tracker",
    "TrackerConfig",
    "TrackerError",
    "Trails",
    "VideoFileSink",
    "apply_effect",
    "draw",
    "estimate_bandwidth",
    "open_sink",
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
