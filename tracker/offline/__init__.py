"""Finished recordings followed with hindsight: backward, both ways, through key frames, smoothed."""

from tracker.offline.joining import Seen, join
from tracker.offline.passes import Clip, KeyFrame
from tracker.offline.run import Direction, OfflineRun, replay
from tracker.offline.smoothing import smoothed

__all__ = ["Clip", "Direction", "KeyFrame", "OfflineRun", "Seen", "join", "replay", "smoothed"]
