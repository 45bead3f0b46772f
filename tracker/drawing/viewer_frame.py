"""The picture that the window shows of a frame: everything that is drawn, switched on and off by keys."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

import cv2
import numpy as np

from tracker.density import DensityMap
from tracker.drawing.density import density_colors
from tracker.drawing.labels import Rect
from tracker.drawing.lines import Pen, draw_boxes
from tracker.drawing.overlay import draw_overlay
from tracker.drawing.panels import (
    draw_badge,
    draw_curve,
    draw_histogram,
    draw_scale,
    draw_table,
    draw_texts,
    draw_title,
    panel_rect,
)
from tracker.drawing.style import RED, WHITE, OverlayStyle, Sizes, Trails, target_color
from tracker.drawing.viewport import Viewport
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
        handled: the box that can be moved and resized by its handles.
        view: where the frame is shown; None for a view of its own size.
    """

    image: Image
    tracks: Sequence[Track] = ()
    subject: Track | None = None
    results: Sequence[TrackResult] = ()
    trails: Trails = field(default_factory=Trails)
    caption: str = ""
    dragged: Box | None = None
    handled: Box | None = None
    view: Viewport | None = None


def draw_viewer_frame(frame: ViewerFrame, style: ViewerStyle) -> Image:
    """Return the picture, of the view's size; nothing given is changed.

    The frame is scaled first and all else drawn on it in the view's own pixels: lines and letters are as sharp and as
    large in any window, whatever the frame's size.
    """
    view = frame.view or Viewport(frame.image.shape[1], frame.image.shape[0])
    below = _below(view.render(frame.image), frame.tracks, style.layer, view)
    overlay = OverlayStyle(trail=style.trail, by_target=style.several)
    placed = [view.placed_track(track) for track in frame.tracks]
    trails = frame.trails.mapped(view.to_view) if style.trail else frame.trails
    fresh = not np.may_share_memory(below, frame.image)
    canvas = draw_overlay(below, placed, style=overlay, trails=trails, caption=frame.caption, in_place=fresh)
    sizes = Sizes.of(canvas.shape[1], canvas.shape[0])
    _draw_panels(canvas, frame, style, sizes)
    if frame.handled is not None:
        draw_handles(canvas, view.placed(frame.handled), sizes)
    if frame.dragged is not None:
        draw_boxes(canvas, [view.placed(frame.dragged)], Pen(WHITE, sizes.line, sizes.halo))
    return canvas


def handles(box: Box) -> dict[str, tuple[float, float]]:
    """Return the points of a box by which it is moved (its center) and resized (its corners)."""
    x, y, right, bottom = box.xyxy
    corners = {"left top": (x, y), "right top": (right, y), "left bottom": (x, bottom), "right bottom": (right, bottom)}
    return {"center": box.center, **corners}


def draw_handles(canvas: Image, box: Box, sizes: Sizes) -> None:
    """Draw the handles of a box as small squares."""
    side = 2 * sizes.line + 3
    squares = [Box.around(x, y, side, side) for x, y in handles(box).values()]
    draw_boxes(canvas, squares, Pen(WHITE, sizes.thin, sizes.halo))


def draw_notes(canvas: Image, lines: Sequence[str], table: Sequence[tuple[str, str]], badge: str = "") -> None:
    """Draw lines at the top, a badge in the right top corner, and a table of two columns over the middle."""
    sizes = Sizes.of(canvas.shape[1], canvas.shape[0])
    taken = draw_badge(canvas, badge, RED, sizes) if badge else 0
    draw_texts(canvas, lines, sizes, canvas.shape[1] - taken)
    draw_table(canvas, table, sizes)


def _draw_panels(canvas: Image, frame: ViewerFrame, style: ViewerStyle, sizes: Sizes) -> None:
    """Draw the subject's histogram and curve."""
    height, width = canvas.shape[:2]
    rects = [panel_rect(width, height, row, sizes) for row in range(2)]
    if style.histogram and frame.subject is not None:
        draw_histogram(canvas, frame.image, frame.subject.result.box, rects[0])
        _name_panel(canvas, frame.subject, "colors", rects.pop(0), style, sizes)
    if style.curve and frame.results:
        draw_curve(canvas, frame.results, rects[0])
        draw_scale(canvas, ("0", "1"), rects[0], sizes)
        _name_panel(canvas, frame.subject, "confidence", rects[0], style, sizes)


def _name_panel(canvas: Image, subject: Track | None, what: str, rect: Rect, style: ViewerStyle, sizes: Sizes) -> None:
    if subject is not None and style.several:
        draw_title(canvas, f"{what} of {subject.name}", target_color(subject.id), rect, sizes)
    else:
        draw_title(canvas, what, WHITE, rect, sizes)


def _below(picture: Image, tracks: Sequence[Track], layer: Layer, view: Viewport) -> Image:
    densities = [track.density for track in tracks if track.density is not None]
    if layer is Layer.PICTURE or not densities:
        return picture
    colors = density_layer(densities, picture.shape[1], picture.shape[0], view)
    if layer is Layer.DENSITY:
        return colors
    return np.asarray(cv2.addWeighted(picture, 0.5, colors, 0.5, 0.0), dtype=np.uint8)


def density_layer(densities: Sequence[DensityMap], width: int, height: int, view: Viewport | None = None) -> Image:
    """Return densities in false colors in their places in a view of `width` x `height`; None for the frame itself.

    Where two overlap the brighter one is seen; black is where none is known.
    """
    canvas = np.zeros((height, width, 3), np.uint8)
    for density in densities:
        colors = density_colors(density)
        if view is not None and view.mirrored:
            colors = colors[:, ::-1]
        box = density.geometry.box if view is None else view.placed(density.geometry.box)
        rows, columns = colors.shape[:2]
        # Only what is in the view is enlarged: at the largest zoom, the whole would have a hundred million pixels.
        first, last = _seen(box.x, box.width, columns, width)
        upper, lower = _seen(box.y, box.height, rows, height)
        if first >= last or upper >= lower:
            continue
        step_x, step_y = box.width / columns, box.height / rows
        x, y = round(box.x + first * step_x), round(box.y + upper * step_y)
        across, down = round(box.x + last * step_x) - x, round(box.y + lower * step_y) - y
        left, top, right, bottom = max(0, x), max(0, y), min(width, x + across), min(height, y + down)
        if left < right and top < bottom:
            part = np.ascontiguousarray(colors[upper:lower, first:last])
            picture = cv2.resize(part, (across, down), interpolation=cv2.INTER_NEAREST)
            place = canvas[top:bottom, left:right]
            np.maximum(place, picture[top - y : bottom - y, left - x : right - x], out=place)
    return canvas


def _seen(start: float, extent: float, count: int, room: int) -> tuple[int, int]:
    """Return which of `count` equal parts of an extent are in [0, room): the first, and the one after the last."""
    step = extent / count
    if not step > 0:
        return 0, 0
    return max(0, math.floor(-start / step)), min(count, math.ceil((room - start) / step))
