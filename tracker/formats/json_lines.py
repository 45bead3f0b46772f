"""JSON Lines: an object a line, a target in a frame, with the columns of this program's CSV as keys."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from tracker.errors import SourceError
from tracker.files import write_atomic
from tracker.formats.annotation import AnnotatedVideo, VideoMeta
from tracker.formats.csv_table import COLUMNS, Cells, Row, cells_of, values_of
from tracker.formats.text_lines import ResultLines, read_text
from tracker.tracking.result import Track
from tracker.video.base import Frame


class JsonLines(ResultLines):
    """One JSON object a line; unknown values are null."""

    def lines(self, frame: Frame, tracks: Sequence[Track]) -> str:
        """Return an object a target, lost ones too."""
        rows = [dict(zip(COLUMNS, cells_of(Row.of(frame, track)), strict=True)) for track in tracks]
        return "".join([json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n" for row in rows])


def read(path: Path, meta: VideoMeta) -> AnnotatedVideo:
    """Read objects with at least the keys x, y, w, h; one with null for a box is a frame without the target.

    Raises:
        SourceError: a line is no such object.
    """
    found = []
    frame = -1
    for number, line in enumerate(read_text(path).split("\n"), 1):  # a label may hold other ends of lines
        if not line.strip():
            continue
        place = f"{path}, line {number}"
        row = _object(line, place)
        cells = Cells(place, row)
        frame = cells.integer("frame", frame + 1)
        box = cells.box()
        if box is not None:
            found.append(cells.annotation(frame, box, has_ids="id" in row))
    return AnnotatedVideo.of(found, meta.over(VideoMeta(frame_count=frame + 1)))


def write(video: AnnotatedVideo, path: Path) -> None:
    """Write objects with the keys that tracking writes; what is not known is null.

    Raises:
        OutputError: the file cannot be written.
    """
    rows = [{**dict.fromkeys(COLUMNS), **values_of(one)} for one in video.annotations]
    write_atomic(path, "".join(json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n" for row in rows))


def _object(line: str, place: str) -> dict[str, object]:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise SourceError(f"{place}: {error.msg}: expected a JSON object a line") from error
    if not isinstance(row, dict):
        raise SourceError(f"{place}: expected a JSON object with the keys of a row, found {line.strip()[:20]!r}")
    missing = [name for name in ("x", "y", "w", "h") if name not in row]
    if missing:
        raise SourceError(f"{place}: no key {', '.join(missing)}")
    return row
