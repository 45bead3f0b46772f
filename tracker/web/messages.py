"""Moments as bytes.

A message to a watcher is the length of a header (4 bytes, big-endian), the header in JSON, a JPEG of the frame, and a
JPEG of the density where it is wanted. The header says how many bytes each picture has.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict, dataclass, fields

import cv2

from tracker.density import DensityMap
from tracker.drawing.density import density_picture
from tracker.formats.csv_table import Row
from tracker.image import Image
from tracker.tracking.result import Track
from tracker.video.base import Frame
from tracker.web.broadcast import ServiceStatus, Snapshot, SourceStatus

_QUALITY = 80
_KEPT = 4
"""Messages that are kept for watchers that come for them a little later."""


@dataclass(frozen=True, slots=True)
class DensityPlace:
    """Where a density belongs: the target, and the left, top, width, height of its part of the frame in pixels."""

    target: int
    box: tuple[float, float, float, float]


def jpeg(image: Image) -> bytes:
    """Return a picture as JPEG."""
    _, data = cv2.imencode(".jpg", image, (cv2.IMWRITE_JPEG_QUALITY, _QUALITY))
    return data.tobytes()


def rows(snapshot: Snapshot) -> list[Row]:
    """Return the targets of a snapshot as rows of the tables that are exported."""
    return [] if snapshot.frame is None else [Row.of(snapshot.frame, track) for track in snapshot.tracks]


def header(snapshot: Snapshot) -> dict[str, object]:
    """Return what is to be said of a snapshot, ready for JSON."""
    frame = snapshot.frame
    status = {**_flat(snapshot.status), "source": _flat(snapshot.status.source)}
    return {
        "number": snapshot.number,
        "frame": None if frame is None else frame.index,
        "timestamp": None if frame is None else round(frame.timestamp, 6),
        "status": {**status, "phase": snapshot.status.phase.value},
        "targets": [_target(frame, track) for track in snapshot.tracks] if frame else [],
    }


def pack(snapshot: Snapshot, density: int | None = None) -> bytes:
    """Return a snapshot as one message, with the density of the target of number `density` where it has one."""
    picture = b"" if snapshot.frame is None else jpeg(snapshot.frame.image)
    found = next((t for t in snapshot.tracks if t.id == density and t.density is not None), None)
    inset, place = b"", None
    if found is not None and found.density is not None:
        inset = jpeg(density_picture(found.density, *_shape(found.density)))
        place = asdict(DensityPlace(found.id, _four(found.density)))
    text = json.dumps({**header(snapshot), "jpeg": len(picture), "density": len(inset), "density_place": place})
    head = text.encode()
    return len(head).to_bytes(4, "big") + head + picture + inset


class MessageCache:
    """Packs each snapshot once, however many want it, beside the event loop."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._messages: dict[tuple[int, int | None], asyncio.Future[bytes]] = {}

    async def message(self, snapshot: Snapshot, density: int | None) -> bytes:
        """Return `pack(snapshot, density)`."""
        key = snapshot.number, density
        if key not in self._messages:
            while len(self._messages) >= _KEPT:
                del self._messages[next(iter(self._messages))]
            self._messages[key] = asyncio.ensure_future(asyncio.to_thread(pack, snapshot, density))
        return await asyncio.shield(self._messages[key])


def _target(frame: Frame, track: Track) -> dict[str, object]:
    result = track.result
    search = None if result.search is None else [round(v, 1) for v in result.search]
    corners = None if result.rotated_box is None else [list(p) for p in result.rotated_box.corners()]
    path = [[round(x, 1), round(y, 1)] for x, y in result.path]
    return {**_flat(Row.of(frame, track)), "search": search, "corners": corners, "path": path}


def _flat(value: Row | ServiceStatus | SourceStatus) -> dict[str, object]:
    """Return the fields by name; `asdict` copies what is in them, which took a third of a message without its JPEG."""
    return {field.name: getattr(value, field.name) for field in fields(value)}


def _shape(density: DensityMap) -> tuple[int, int]:
    height, width = density.values.shape
    return width, height


def _four(density: DensityMap) -> tuple[float, float, float, float]:
    x, y, width, height = density.geometry.box
    return x, y, width, height
