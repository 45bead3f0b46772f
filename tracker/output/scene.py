"""What the window shows of a frame: everything that is drawn, switched on and off by keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

import cv2
import numpy as np

from tracker.geometry import Box
from tracker.image import DensityMap, Image
from tracker.output.base import Track
from tracker.output.density_view import density_picture
from tracker.output.overlay import draw_overlay
from tracker.output.panels import draw_curve, draw_histogram, draw_lines, draw_table, panel_rect
from tracker.output.strokes import Pen, draw_box
from tracker.output.style import WHITE, OverlayStyle, Sizes
from tracker.output.trail import Trails
from tracker.tracking.result import TrackResult


class Layer(Enum):
    """What lies below the overlay."""

    PICTURE = "picture"
    DENSITY = "density"
    BOTH = "both"

    def following(self) -> Layer:
        """Return the layer that comes next when a person goes through them."""
        layers = list(Layer)
        return layers[(layers.index(self) + 1) % len(layers)]


@dataclass(frozen=True, slots=True)
class SceneStyle:
    """What is shown.

    Attributes:
        layer: picture, density or both.
        trail: where the target has been.
        histogram: the hues in the target's box.
        curve: the confidence over time.
    """

    layer: Layer = Layer.PICTURE
    trail: bool = True
    histogram: bool = False
    curve: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything there is to be seen at one moment.

    Attributes:
        image: the frame.
        tracks: its targets; empty before one is chosen.
        results: what was said of the first target lately, oldest first.
        trails: where the targets have been.
        caption: a line at the bottom.
        lines: lines at the top.
        table: two columns over the middle.
        dragged: the box that is being dragged.
    """

    image: Image
    tracks: Sequence[Track] = ()
    results: Sequence[TrackResult] = ()
    trails: Trails = field(default_factory=Trails)
    caption: str = ""
    lines: Sequence[str] = ()
    table: Sequence[tuple[str, str]] = ()
    dragged: Box | None = None


def draw_scene(scene: Scene, style: SceneStyle) -> Image:
    """Return the picture of a scene, of the frame's size; nothing given is changed."""
    density = scene.tracks[0].density if scene.tracks else None
    below = _below(scene.image, density, style.layer)
    overlay = OverlayStyle(trail=style.trail)
    canvas = draw_overlay(below, scene.tracks, style=overlay, trails=scene.trails, caption=scene.caption)
    height, width = canvas.shape[:2]
    sizes = Sizes.of(width, height)
    row = 0
    if style.histogram and scene.tracks:
        draw_histogram(canvas, scene.image, scene.tracks[0].result.box, panel_rect(width, height, row, sizes))
        row += 1
    if style.curve and scene.results:
        draw_curve(canvas, scene.results, panel_rect(width, height, row, sizes))
    if scene.dragged is not None:
        draw_box(canvas, scene.dragged, Pen(WHITE, sizes.line, sizes.halo))
    draw_lines(canvas, scene.lines, sizes)
    draw_table(canvas, scene.table, sizes)
    return canvas


def _below(image: Image, density: DensityMap | None, layer: Layer) -> Image:
    if layer is Layer.PICTURE or density is None:
        return image
    colors = density_layer(density, image.shape[1], image.shape[0])
    if layer is Layer.DENSITY:
        return colors
    return np.asarray(cv2.addWeighted(image, 0.5, colors, 0.5, 0.0), dtype=np.uint8)


def density_layer(density: DensityMap, width: int, height: int) -> Image:
    """Return the density in false colours in its place in a frame of `width` x `height`; black where none is known."""
    canvas = np.zeros((height, width, 3), np.uint8)
    x, y, across, down = density.geometry.box.rounded()
    left, top, right, bottom = max(0, x), max(0, y), min(width, x + across), min(height, y + down)
    if left < right and top < bottom:
        picture = density_picture(density, across, down)
        canvas[top:bottom, left:right] = picture[top - y : bottom - y, left - x : right - x]
    return canvas
