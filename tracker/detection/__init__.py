"""Things that nobody pointed at: where in a picture something moves, or has a color."""

from tracker.detection.base import Finder
from tracker.detection.color import ColorFinder
from tracker.detection.motion import MotionFinder
from tracker.detection.registry import FINDERS, open_finder

__all__ = ["FINDERS", "ColorFinder", "Finder", "MotionFinder", "open_finder"]
