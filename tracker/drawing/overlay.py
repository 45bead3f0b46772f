"""The overlay: what the tracker found, drawn into a copy of the frame."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

from tracker.drawing.density import draw_inset, free_corner, inset_size
from tracker.drawing.labels import Rect, draw_plate, fitting_plate, place
from tracker.drawing.lines import Pen, Point, Segment, along, around, draw_box, draw_dot, draw_segments
from tracker.drawing.style import GREY, LOOKS, WHITE, Color, Look, OverlayStyle, Sizes, Trails
from tracker.geometry import Box
from tracker.image import Image
from tracker.tracking.result import Track, TrackResult

_DEFAULT = OverlayStyle()
_NO_TRAILS = Trails()
_TRAIL_STEP = 3
"""So many frames of a trail share a shade."""
_CAPTION_SHARE = 0.15
"""A caption higher than this part of the frame is left out."""
_LABEL_SHARE = 0.7
"""A label wider than this part of the frame says less."""


def draw_overlay(
    image: Image,
    tracks: Sequence[Track],
    *,
    style: OverlayStyle = _DEFAULT,
    trails: Trails = _NO_TRAILS,
    caption: str = "",
) -> Image:
    """Return a copy of `image` with the targets drawn on it.

    Args:
        image: `(H, W, 3) uint8` BGR, of any size; not changed.
        tracks: the targets; their boxes may lie anywhere.
        style: what to show.
        trails: where the targets have been, up to this frame.
        caption: a line of text for the bottom left corner.
    """
    canvas = image.copy()
    sizes = Sizes.of(canvas.shape[1], canvas.shape[0])
    for track in tracks:
        _draw_surroundings(canvas, track, style, trails, sizes)
    for track in tracks:
        _draw_target(canvas, track.result, style.look(track.id, track.result.state), sizes)
    taken = _draw_caption(canvas, caption, sizes)
    if style.label:
        for track in tracks:
            taken += _draw_label(canvas, track, style.look(track.id, track.result.state).color, taken, sizes)
    if style.density:
        _draw_density(canvas, tracks, taken, sizes)
    return canvas


def _draw_surroundings(canvas: Image, track: Track, style: OverlayStyle, trails: Trails, sizes: Sizes) -> None:
    result = track.result
    if style.search and result.search is not None:
        draw_segments(canvas, _corner_marks(result.search), Pen(GREY, sizes.thin, 1), smooth=False)
    if style.trail:
        _draw_trail(canvas, trails.of(track.id), style.look(track.id, result.state).color, sizes)
    if style.path and result.path:
        draw_segments(canvas, along(result.path), Pen(WHITE, sizes.thin, 1))
        for point in result.path[:-1]:
            draw_dot(canvas, point, sizes.thin, WHITE)
        draw_dot(canvas, result.path[-1], 1.5 * sizes.thin, WHITE, halo=sizes.halo)


def _corner_marks(box: Box) -> list[Segment]:
    """Return the four corners of a box as short angles, which clutter less than its whole outline."""
    reach = 0.12 * min(box.width, box.height)
    marks: list[Segment] = []
    for x, along_x in ((box.x, reach), (box.right, -reach)):
        for y, along_y in ((box.y, reach), (box.bottom, -reach)):
            marks += [((x, y), (x + along_x, y)), ((x, y), (x, y + along_y))]
    return marks


def _draw_trail(canvas: Image, centers: Sequence[Point | None], color: Color, sizes: Sizes) -> None:
    """Draw a line that fades and thins towards the past, broken where the target was lost."""
    for first in range(0, len(centers) - 1, _TRAIL_STEP):
        piece = centers[first : first + _TRAIL_STEP + 1]
        segments = [(a, b) for a, b in itertools.pairwise(piece) if a is not None and b is not None]
        if segments:
            strength = min((first + _TRAIL_STEP) / (len(centers) - 1), 1.0)
            shade = _mixed(canvas, segments[-1][0], color, 0.3 + 0.7 * strength)
            draw_segments(canvas, segments, Pen(shade, max(1, round(strength * sizes.line))))


def _mixed(canvas: Image, point: Point, color: Color, weight: float) -> Color:
    """Mix a colour with the one pixel at `point`: a line of it looks translucent there, and costs no blending."""
    if not (0 <= point[0] < canvas.shape[1] and 0 <= point[1] < canvas.shape[0]):
        return color
    blue, green, red = canvas[int(point[1]), int(point[0])].tolist()
    return (
        round(blue + weight * (color[0] - blue)),
        round(green + weight * (color[1] - green)),
        round(red + weight * (color[2] - red)),
    )


def _draw_target(canvas: Image, result: TrackResult, look: Look, sizes: Sizes) -> None:
    dash = None if look.dash is None else (look.dash[0] * sizes.dash, look.dash[1] * sizes.dash)
    pen = Pen(look.color, sizes.line, sizes.halo, dash)
    if result.rotated_box is None:
        draw_box(canvas, result.box, pen)
    else:
        draw_box(canvas, result.box, Pen(look.color, sizes.thin, 0, dash))
        draw_segments(canvas, around(result.rotated_box.corners()), pen)


def _draw_caption(canvas: Image, caption: str, sizes: Sizes) -> list[Rect]:
    frame = _frame(canvas)
    plate = fitting_plate([caption], frame[2], sizes) if caption else None
    if plate is None or plate.height > _CAPTION_SHARE * frame[3]:
        return []
    rect = place(plate, [(0, frame[3])], [], frame)
    draw_plate(canvas, plate, rect, sizes)
    return [rect]


def _draw_label(canvas: Image, track: Track, accent: Color, taken: Sequence[Rect], sizes: Sizes) -> list[Rect]:
    box, frame = track.result.box, _frame(canvas)
    if not _is_place(box):
        return []
    level = max(0.0, min(track.result.confidence, 1.0))  # in this order a NaN is 0
    room = int(_LABEL_SHARE * frame[2])
    plate = fitting_plate(_label_texts(track), room, sizes, accent=accent, level=level)
    if plate is None or plate.height > frame[3]:
        return []
    outline = track.result.rotated_box.bounding_box() if track.result.rotated_box else box
    seen = (outline if _is_place(outline) else box).clipped(frame[2], frame[3])
    gap = 2 * sizes.line + sizes.halo
    above, below, inside = seen.y - gap - plate.height, seen.bottom + gap, seen.y + gap
    spots = [(seen.x, above), (seen.x, below), (seen.x + gap, inside), (seen.right - plate.width, above)]
    rect = place(plate, spots, taken, frame)
    draw_plate(canvas, plate, rect, sizes)
    return [rect]


def _label_texts(track: Track) -> list[str]:
    """Return what the label says, longest first, for frames that have no room for all of it."""
    result, name = track.result, track.name
    percent = f"{100 * result.confidence:.0f}%"
    if result.ok:
        return [f"{name}  {percent}", name, f"#{track.id}"]
    state = result.state.value.upper()
    texts = [f"{name}  {state}  {percent}", f"{name}  {state}", f"#{track.id}  {state}", state, f"#{track.id}"]
    why = result.reason.replace("_", " ")
    return [f"{name}  {state}: {why}  {percent}", *texts] if why else texts


def _draw_density(canvas: Image, tracks: Sequence[Track], taken: Sequence[Rect], sizes: Sizes) -> None:
    frame = _frame(canvas)
    for track in tracks:
        if track.density is None:
            continue
        size = inset_size(track.density, frame[2], frame[3])
        if not all(size):
            return
        places = [t.result.box for t in tracks if _is_place(t.result.box)]
        boxes = [box.clipped(frame[2], frame[3]).rounded() for box in places]
        occupied = [*taken, *((x, y, x + w, y + h) for x, y, w, h in boxes)]
        rect = free_corner(size, sizes.pad, frame, occupied)
        color = LOOKS[track.result.state].color
        draw_inset(canvas, track.density, rect, track.result.box, color, sizes)
        return


def _is_place(box: Box) -> bool:
    return all(math.isfinite(v) for v in box)


def _frame(canvas: Image) -> Rect:
    return 0, 0, canvas.shape[1], canvas.shape[0]
