"""From a track to physical quantities: position, velocity, acceleration, path and angle, and their figure."""

from tracker.measure.calibration import Calibration, parse_point, parse_scale
from tracker.measure.motion import Motion, measure
from tracker.measure.sink import MotionSink
from tracker.measure.smoothing import Smoothing
from tracker.measure.summary import MotionSummary, summarize
from tracker.measure.table import write_motion
from tracker.measure.trajectory import Trajectory, trajectories

__all__ = [
    "Calibration",
    "Motion",
    "MotionSink",
    "MotionSummary",
    "Smoothing",
    "Trajectory",
    "measure",
    "parse_point",
    "parse_scale",
    "summarize",
    "trajectories",
    "write_motion",
]
