"""The capture loop: source → tracker → sinks."""

from tracker.session.base import BaseSession
from tracker.session.following import track
from tracker.session.lifecycle import Newcomers, Population
from tracker.session.loop import Chooser, Session
from tracker.session.several import MultiSession, Target
from tracker.session.summary import RunSummary, Step

__all__ = [
    "BaseSession",
    "Chooser",
    "MultiSession",
    "Newcomers",
    "Population",
    "RunSummary",
    "Session",
    "Step",
    "Target",
    "track",
]
