"""`draw()`: results of the tracker into a picture, for programs with a loop of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from tracker.drawing.overlay import draw_overlay
from tracker.drawing.parts import parse_style
from tracker.drawing.style import OverlayStyle, Trails
from tracker.image import Image, as_image
from tracker.tracking.result import Track, TrackResult

Drawable: TypeAlias = TrackResult | Track | Mapping[int, TrackResult]
"""What can be drawn: what `Tracker.update` and `MultiTracker.update` return, and a target of a session's step."""


def draw(
    frame: Any,
    result: Drawable,
    *,
    style: str | OverlayStyle | None = None,
    label: str = "",
    caption: str = "",
    trails: Trails | None = None,
) -> Image:
    """Return a copy of a picture with what was found drawn on it, as `tracker track -o` does.

        picture = draw(image, tracker.update(image), style="box,label")

    Args:
        frame: a picture (see `tracker.image.as_image`) or a `Frame`; not changed.
        result: of one target or of several.
        style: what to draw, as `tracker track --draw` has it ("box,label,color=target"), or an `OverlayStyle`.
        label: name of the only target.
        caption: a line of text for the bottom left corner.
        trails: remembers where the targets were, if one and the same `Trails()` is given with each frame.

    Raises:
        FrameError: it is no picture.
        ConfigError: the style cannot be read.
    """
    image = as_image(getattr(frame, "image", frame))
    tracks = tracks_of_results(result, label)
    if trails is not None:
        trails.update(tracks)
    look = parse_style(style) if isinstance(style, str) else style or OverlayStyle()
    return draw_overlay(image, tracks, style=look, trails=trails or Trails(), caption=caption)


def tracks_of_results(result: Drawable, label: str = "") -> list[Track]:
    """Return the targets of what a tracker said, with their numbers."""
    if isinstance(result, Track):
        return [result]
    if isinstance(result, TrackResult):
        return [Track(0, label, result)]
    return [Track(number, "", one) for number, one in result.items()]
