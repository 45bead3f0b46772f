"""A picture of another shape that follows the target: a virtual camera inside the frame."""

from tracker.reframing.camera import ViewSettings, VirtualCamera
from tracker.reframing.stage import ReframeStage, Reframing, parse_aspect, parse_size

__all__ = ["ReframeStage", "Reframing", "ViewSettings", "VirtualCamera", "parse_aspect", "parse_size"]
