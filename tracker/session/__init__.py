"""The capture loop: source → tracker → sinks."""

from tracker.session.following import track
from tracker.session.loop import Chooser, Session
from tracker.session.summary import RunSummary, Step

__all__ = ["Chooser", "RunSummary", "Session", "Step", "track"]
