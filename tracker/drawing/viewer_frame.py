"""The picture that the window shows of a frame: everything that is drawn, switched on and off by keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

import cv2
import numpy as np

from tracker.density import DensityMap
from tracker.drawing.density import density_picture
from tracker.drawing.labels import Rect
from tracker.drawing.lines import Pen, draw_boxes
from tracker.drawing.overlay import draw_overlay
from tracker.drawing.panels import draw_curve, draw_histogram, draw_table, draw_texts, draw_title, panel_rect
from tracker.drawing.style import WHITE, OverlayStyle, Sizes, Trails, target_color
from tracker.geometry import Box
from tracker.image import Image
from tracker.tracking.result import Track, TrackResult


class Layer(Enum):
    """What lies below the overlay."""

    PICTURE = "picture"
    DENSITY = "density"
    BOTH = "both"

    def following(self) -> Layer:
        """Return the layer that comes after this one; the first one after the last."""
        layers = list(Layer)
        return layers[(layers.index(self) + 1) % len(layers)]


@dataclass(frozen=True, slots=True)
class ViewerStyle:
    """What is shown.

    Attributes:
        layer: picture, density or both.
        trail: where the targets have been.
        histogram: the hues in the subject's box.
        curve: the subject's confidence over time.
        several: whether there may be several targets: each has a color, and panels say whose they are.
    """

    layer: Layer = Layer.PICTURE
    trail: bool = True
    histogram: bool = False
    curve: bool = False
    several: bool = False


@dataclass(frozen=True, slots=True)
class ViewerFrame:
    """Everything that the window's picture of one frame is made of.

    Attributes:
        image: the frame.
        tracks: its targets; empty before one is chosen.
        subject: the target whose histogram and curve are shown.
        results: the subject's last results, oldest first.
        trails: where the targets have been.
        caption: a line at the bottom.
        dragged: the box that is being dragged.
    """

    image: Image
    tracks: Sequence[Track] = ()
    subject: Track | None = None
    results: Sequence[TrackResult] = ()
    trails: Trails = field(default_factory=Trails)
    caption: str = ""
    dragged: Box | None = None


def draw_viewer_frame(frame: ViewerFrame, style: ViewerStyle) -> Image:
    """Return the picture, of the frame's size; nothing given is changed."""
    below = _below(frame.image, frame.tracks, style.layer)
    overlay = OverlayStyle(trail=style.trail, by_target=style.several)
    canvas = draw_overlay(below, frame.tracks, style=overlay, trails=frame.trails, caption=frame.caption)
    sizes = Sizes.of(canvas.shape[1], canvas.shape[0])
    _draw_panels(canvas, frame, style, sizes)
    if frame.dragged is not None:
        draw_boxes(canvas, [frame.dragged], Pen(WHITE, sizes.line, sizes.halo))
    return canvas


def draw_notes(canvas: Image, lines: Sequence[str], table: Sequence[tuple[str, str]]) -> None:
    """Draw lines at the top and a table of two columns over the middle of what is shown."""
    sizes = Sizes.of(canvas.shape[1], canvas.shape[0])
    draw_texts(canvas, lines, sizes)
    draw_table(canvas, table, sizes)


def _draw_panels(canvas: Image, frame: ViewerFrame, style: ViewerStyle, sizes: Sizes) -> None:
    """Draw the subject's histogram and curve."""
    height, width = canvas.shape[:2]
    rects = [panel_rect(width, height, row, sizes) for row in range(2)]
    if style.histogram and frame.subject is not None:
        draw_histogram(canvas, frame.image, frame.subject.result.box, rects[0])
        _name_panel(canvas, frame.subject, rects.pop(0), style, sizes)
    if style.curve and frame.results:
        draw_curve(canvas, frame.results, rects[0])
        _name_panel(canvas, frame.subject, rects[0], style, sizes)


def _name_panel(canvas: Image, subject: Track | None, rect: Rect, style: ViewerStyle, sizes: Sizes) -> None:
    if subject is not None and style.several:
        draw_title(canvas, subject.name, target_color(subject.id), rect, sizes)


def _below(image: Image, tracks: Sequence[Track], layer: Layer) -> Image:
    densities = [track.density for track in tracks if track.density is not None]
    if layer is Layer.PICTURE or not densities:
        return image
    colors = density_layer(densities, image.shape[1], image.shape[0])
    if layer is Layer.DENSITY:
        return colors
    return np.asarray(cv2.addWeighted(image, 0.5, colors, 0.5, 0.0), dtype=np.uint8)


def density_layer(densities: Sequence[DensityMap], width: int, height: int) -> Image:
    """Return densities in false colors in their places in a frame of `width` x `height`.

    Where two overlap the brighter one is seen; black is where none is known.
    """
    canvas = np.zeros((height, width, 3), np.uint8)
    for density in densities:
        x, y, across, down = density.geometry.box.rounded()
        left, top, right, bottom = max(0, x), max(0, y), min(width, x + across), min(height, y + down)
        if left < right and top < bottom:
            picture = density_picture(density, across, down)[top - y : bottom - y, left - x : right - x]
            place = canvas[top:bottom, left:right]
            np.maximum(place, picture, out=place)
    return canvas
