"""A picture of another shape that follows the target: a virtual camera inside the frame."""

from tracker.reframing.camera import CameraSettings, VirtualCamera
from tracker.reframing.stage import ReframeStage, Reframing, parse_aspect, parse_size

__all__ = ["CameraSettings", "ReframeStage", "Reframing", "VirtualCamera", "parse_aspect", "parse_size"]
