"""CSV and JSON Lines: one row a frame and target, lost ones too."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Sequence
from dataclasses import asdict, astuple, dataclass, fields

from tracker.output.rows import RowSink
from tracker.tracking.result import Track
from tracker.video.base import Frame


@dataclass(frozen=True, slots=True)
class Row:
    """One target in one frame, in the order of the columns; None where a value is unknown.

    Attributes:
        frame: 0-based number of the frame in its source.
        timestamp: seconds from the start of the source.
        id: 0-based number of the target.
        label: its name, "" where it has none.
        state: "tracking", "occluded" or "lost".
        confidence: in [0, 1].
        reason: why the state is not "tracking", "" when it is.
        x: left edge of the box, pixels, 0-based.
        y: top edge.
        w: width.
        h: height.
        cx: centre of the target: of the rotated box where there is one, of the box otherwise.
        cy: the same, down.
        angle: degrees clockwise of the side `rw`, in [-90, 90).
        rw: width of the rotated box.
        rh: height of the rotated box.
        iterations: mean-shift iterations.
        elapsed_ms: milliseconds spent on this target.
    """

    frame: int
    timestamp: float | None
    id: int
    label: str
    state: str
    confidence: float | None
    reason: str
    x: float | None
    y: float | None
    w: float | None
    h: float | None
    cx: float | None
    cy: float | None
    angle: float | None
    rw: float | None
    rh: float | None
    iterations: int
    elapsed_ms: float | None

    @classmethod
    def of(cls, frame: Frame, track: Track) -> Row:
        """Return the row of `track` in `frame`."""
        result, rotated = track.result, track.result.rotated_box
        center_x, center_y = (rotated.center_x, rotated.center_y) if rotated else result.box.center
        return cls(
            frame=frame.index,
            timestamp=_number(frame.timestamp, 6),
            id=track.id,
            label=track.label,
            state=result.state.value,
            confidence=_number(result.confidence, 4),
            reason=result.reason,
            x=_number(result.box.x),
            y=_number(result.box.y),
            w=_number(result.box.width),
            h=_number(result.box.height),
            cx=_number(center_x),
            cy=_number(center_y),
            angle=_number(rotated.angle) if rotated else None,
            rw=_number(rotated.width) if rotated else None,
            rh=_number(rotated.height) if rotated else None,
            iterations=result.iterations,
            elapsed_ms=_number(result.elapsed * 1e3),
        )


COLUMNS = tuple(field.name for field in fields(Row))
"""The names of the columns, in order."""


class CsvSink(RowSink):
    """Comma-separated values with a header; unknown values are empty cells, the decimal sign is a dot."""

    header = ",".join(COLUMNS) + "\n"

    def lines(self, frame: Frame, tracks: Sequence[Track]) -> str:
        """Return a row a target."""
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(astuple(Row.of(frame, track)) for track in tracks)
        return text.getvalue()


class JsonLinesSink(RowSink):
    """One JSON object a line, with the columns of the CSV as keys; unknown values are null."""

    def lines(self, frame: Frame, tracks: Sequence[Track]) -> str:
        """Return an object a target."""
        rows = (asdict(Row.of(frame, track)) for track in tracks)
        return "".join(json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n" for row in rows)


def _number(value: float, digits: int = 3) -> float | None:
    # Adding zero turns -0.0 into 0.0; float() turns numpy's scalars into plain numbers.
    return round(float(value), digits) + 0.0 if math.isfinite(value) else None
