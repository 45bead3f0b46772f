"""The capture loop: source → tracker → sinks."""

from tracker.session.buffer import FrameBuffer
from tracker.session.former import MultiSession, Population
from tracker.session.generator import TrackRun, track
from tracker.session.lifecycle import NoInitiation, TrackInitiation, TrackManager
from tracker.session.session import Session
from tracker.session.step import RunSummary, Step
from tracker.session.targets import Chooser, Refusal, Starter, Target

__all__ = [
    "Chooser",
    "FrameBuffer",
    "MultiSession",
    "NoInitiation",
    "Population",
    "Refusal",
    "RunSummary",
    "Session",
    "Starter",
    "Step",
    "Target",
    "TrackInitiation",
    "TrackManager",
    "TrackRun",
    "track",
]
