"""Detectors: where in a picture something moves, or has a color."""

from tracker.detection.base import Detector
from tracker.detection.color import ColorDetector
from tracker.detection.motion import MotionDetector
from tracker.detection.registry import DETECTORS, open_detector

MotionFinder = MotionDetector
"""The former name of `MotionDetector`, kept for one release."""

__all__ = ["DETECTORS", "ColorDetector", "Detector", "MotionDetector", "MotionFinder", "open_detector"]
