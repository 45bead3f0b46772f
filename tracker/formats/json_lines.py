"""JSON Lines: an object a line, a target in a frame, with the columns of this program's CSV as keys."""

from __future__ import annotations

import contextlib
import json
import math
from collections.abc import Sequence
from pathlib import Path

from tracker.errors import SourceError
from tracker.files import write_atomic
from tracker.formats.annotation import AnnotatedVideo, VideoMeta
from tracker.formats.csv_table import BOX, COLUMNS, Cells, Row, cells_of, read_rows, values_of
from tracker.formats.text_lines import ResultLines, read_each, read_text
from tracker.tracking.result import Track
from tracker.video.base import Frame

_NUMBERS = frozenset(COLUMNS) - {"label", "state", "reason"}
"""The columns that hold numbers."""


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
    text = read_text(path).split("\n")  # a label may hold other ends of lines
    lines = [(f"{path}, line {number}", line) for number, line in enumerate(text, 1) if line.strip()]
    objects = [one for one in read_each(lines, _object, path) if one is not None]
    names = {name for _, row in objects for name in row}
    rows = [Cells(place, row) for place, row in objects]
    return read_rows(rows, meta, path, has_frames="frame" in names, has_ids="id" in names)


def write(video: AnnotatedVideo, path: Path) -> None:
    """Write objects with the keys that tracking writes; what is not known is null.

    Raises:
        OutputError: the file cannot be written.
    """
    rows = [{**dict.fromkeys(COLUMNS), **values_of(one)} for one in video.annotations]
    text = (json.dumps({name: _value(name, value) for name, value in row.items()}, ensure_ascii=False) for row in rows)
    write_atomic(path, "".join(line + "\n" for line in text))


def _value(name: str, value: object) -> object:
    """Return a value of a table's cell as JSON has it: text in a column of numbers is a number."""
    if name in _NUMBERS and isinstance(value, str):
        with contextlib.suppress(ValueError):
            number = float(value)
            return None if not math.isfinite(number) else int(value) if value.isdecimal() else number
    return value


def _object(numbered: tuple[str, str]) -> tuple[str, dict[str, object]]:
    """Return place and content of the object in a line."""
    place, line = numbered
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        why = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
        raise SourceError(f"{place}: {why}: expected a JSON object a line") from error
    if not isinstance(row, dict):
        raise SourceError(f"{place}: expected a JSON object with the keys of a row, found {line.strip()[:20]!r}")
    missing = [name for name in BOX if name not in row]
    if missing:
        raise SourceError(f"{place}: no key {', '.join(missing)}")
    return place, row
