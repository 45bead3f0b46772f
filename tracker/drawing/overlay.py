"""The overlay: what the tracker found, drawn into a copy of the frame."""

from __future__ import annotations

import math
from collections.abc import Sequence

from tracker.drawing.density import draw_inset, free_corner, inset_size
from tracker.drawing.labels import Rect, draw_plate, fitting_plate, place
from tracker.drawing.lines import Pen, Point, along, around, draw_boxes, draw_dots, draw_fading, draw_segments
from tracker.drawing.panels import draw_curve, panel_rect
from tracker.drawing.style import GRAY, STATE_STYLES, WHITE, Color, LineStyle, OverlayStyle, Sizes, Trails
from tracker.geometry import Box
from tracker.image import Image
from tracker.tracking.result import Track

_DEFAULT = OverlayStyle()
_NO_TRAILS = Trails()
_CAPTION_SHARE = 0.15
"""A caption higher than this part of the frame is left out."""
_LABEL_SHARE = 0.7
"""A label wider than this part of the frame says less."""
_CORNER_SHARE = 0.12
"""Length of the marks of a search region's corners, as a part of its shorter side."""


def draw_overlay(
    image: Image,
    tracks: Sequence[Track],
    *,
    style: OverlayStyle = _DEFAULT,
    trails: Trails = _NO_TRAILS,
    caption: str = "",
    in_place: bool = False,
) -> Image:
    """Return a copy of `image` with the targets drawn on it.

    Args:
        image: `(H, W, 3) uint8` BGR, of any size; not changed unless `in_place`.
        tracks: the targets; their boxes may lie anywhere.
        style: what to show.
        trails: where the targets have been, up to this frame.
        caption: a line of text for the bottom left corner.
        in_place: whether to draw on `image` itself and return it, where that is possible; saves the copy.
    """
    usable = in_place and image.flags.writeable and image.flags.c_contiguous
    canvas = image if usable else image.copy()
    sizes = style.sizes(canvas.shape[1], canvas.shape[0])
    styles = [style.line_style(track.id, track.result.state) for track in tracks]
    if style.search:
        _draw_search_regions(canvas, tracks, sizes)
    if style.trail:
        for track, line in zip(tracks, styles, strict=True):
            draw_fading(canvas, trails.of(track.id), line.color, sizes.line)
    if style.path:
        _draw_paths(canvas, tracks, sizes)
    if style.box:
        _draw_targets(canvas, tracks, styles, sizes)
    taken = _draw_caption(canvas, caption if style.caption else "", sizes)
    if style.label:
        for track, line in zip(tracks, styles, strict=True):
            _draw_label(canvas, track, line.color, taken, sizes)
    if style.curve:
        taken += _draw_curve(canvas, tracks, trails, sizes)
    if style.density:
        _draw_density(canvas, tracks, taken, sizes)
    return canvas


def _draw_search_regions(canvas: Image, tracks: Sequence[Track], sizes: Sizes) -> None:
    """Draw the corners of the search regions as short angles, which clutter less than whole outlines."""
    marks: list[tuple[Point, Point]] = []
    for track in tracks:
        box = track.result.search
        if box is None:
            continue
        reach = _CORNER_SHARE * min(box.width, box.height)
        for x, end_x in ((box.x, box.x + reach), (box.x + box.width, box.x + box.width - reach)):
            for y, end_y in ((box.y, box.y + reach), (box.y + box.height, box.y + box.height - reach)):
                marks += (((x, y), (end_x, y)), ((x, y), (x, end_y)))
    draw_segments(canvas, marks, Pen(GRAY, sizes.thin, 1), smooth=False)


def _draw_paths(canvas: Image, tracks: Sequence[Track], sizes: Sizes) -> None:
    """Draw the steps of mean shift as thin lines from dot to dot, with a larger dot at the end."""
    steps: list[tuple[Point, Point]] = []
    dots: list[Point] = []
    ends: list[Point] = []
    for track in tracks:
        path = track.result.path
        if path:
            steps += along(path)
            dots += path[:-1]
            ends.append(path[-1])
    draw_segments(canvas, steps, Pen(WHITE, sizes.thin, 1))
    draw_dots(canvas, dots, sizes.thin, WHITE)
    draw_dots(canvas, ends, 1.5 * sizes.thin, WHITE, halo=sizes.halo)


def _draw_targets(canvas: Image, tracks: Sequence[Track], styles: Sequence[LineStyle], sizes: Sizes) -> None:
    """Draw each target's box; where it has a rotated one, that one, and the upright one thinly."""
    for style in dict.fromkeys(styles):
        dash = None if style.dash is None else _dash(*style.dash, sizes)
        upright: list[Box] = []
        thin: list[Box] = []
        rotated: list[tuple[Point, Point]] = []
        for track, other in zip(tracks, styles, strict=True):
            if other != style:
                continue
            result = track.result
            (upright if result.rotated_box is None else thin).append(result.box)
            if result.rotated_box is not None:
                rotated += around(result.rotated_box.corners())
        pen = Pen(style.color, sizes.line, sizes.halo, dash)
        draw_boxes(canvas, upright, pen)
        draw_boxes(canvas, thin, Pen(style.color, sizes.thin, 0, dash))
        if rotated:
            draw_segments(canvas, rotated, pen)


def _dash(on: float, off: float, sizes: Sizes) -> tuple[float, float]:
    """Return the lengths of dash and gap in pixels, without the round ends that OpenCV adds to wider lines."""
    ends = min(float(sizes.line + 1), on * sizes.dash - 1) if sizes.line > 1 else 0.0
    return on * sizes.dash - ends, off * sizes.dash + ends


def _draw_caption(canvas: Image, caption: str, sizes: Sizes) -> list[Rect]:
    height, width = canvas.shape[:2]
    plate = fitting_plate([caption], width, sizes) if caption else None
    if plate is None or plate.height > _CAPTION_SHARE * height:
        return []
    rect = place(plate, [(0, height)], [], (0, 0, width, height))
    draw_plate(canvas, plate, rect, sizes)
    return [rect]


def _draw_curve(canvas: Image, tracks: Sequence[Track], trails: Trails, sizes: Sizes) -> list[Rect]:
    """Draw the confidence of the first target, and return the place it takes."""
    if not tracks:
        return []
    rect = panel_rect(canvas.shape[1], canvas.shape[0], 0, sizes)
    draw_curve(canvas, trails.results(tracks[0].id), rect)
    return [rect]


def _draw_label(canvas: Image, track: Track, accent: Color, taken: list[Rect], sizes: Sizes) -> None:
    """Draw a target's label above, below or in its box, clear of what is `taken`, to which it is added."""
    result, height, width = track.result, canvas.shape[0], canvas.shape[1]
    outline = result.box
    if not _is_finite(outline):
        return
    level = max(0.0, min(result.confidence, 1.0))  # in this order a NaN is 0
    plate = fitting_plate(_label_texts(track), int(_LABEL_SHARE * width), sizes, accent=accent, level=level)
    if plate is None or plate.height > height:
        return
    if result.rotated_box is not None:
        around_it = result.rotated_box.bounding_box()
        outline = around_it if _is_finite(around_it) else outline
    # The part in the picture, written out: `Box.clipped` is a fifth of an overlay's calls.
    left, right = min(max(outline.x, 0.0), width), min(max(outline.x + outline.width, 0.0), width)
    top, bottom = min(max(outline.y, 0.0), height), min(max(outline.y + outline.height, 0.0), height)
    gap = 2 * sizes.line + sizes.halo
    above = top - gap - plate.height
    spots = ((left, above), (left, bottom + gap), (left + gap, top + gap), (right - plate.width, above))
    rect = place(plate, spots, taken, (0, 0, width, height))
    draw_plate(canvas, plate, rect, sizes)
    taken.append(rect)


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
    height, width = canvas.shape[:2]
    track = next((track for track in tracks if track.density is not None), None)
    if track is None or track.density is None:
        return
    size = inset_size(track.density, width, height)
    if not all(size):
        return
    places = [other.result.box for other in tracks if _is_finite(other.result.box)]
    boxes = [box.clipped(width, height).rounded() for box in places]
    occupied = [*taken, *((x, y, x + w, y + h) for x, y, w, h in boxes)]
    rect = free_corner(size, sizes.pad, (0, 0, width, height), occupied)
    color = STATE_STYLES[track.result.state].color
    draw_inset(canvas, track.density, rect, track.result.box, color, sizes)


def _is_finite(box: Box) -> bool:
    return math.isfinite(box.x) and math.isfinite(box.y) and math.isfinite(box.width) and math.isfinite(box.height)
