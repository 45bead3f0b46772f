"""Regions of like color in a picture: `segment`, and how to draw them."""

from tracker.segmentation.drawing import DRAWINGS, draw_flat, draw_outlines
from tracker.segmentation.segment import Segmentation, segment

__all__ = ["DRAWINGS", "Segmentation", "draw_flat", "draw_outlines", "segment"]
