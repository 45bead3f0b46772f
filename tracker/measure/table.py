"""The table of what was measured, as CSV."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from pathlib import Path

from tracker.files import write_atomic
from tracker.measure.motion import Motion

_DIGITS = 7
"""Significant digits: more than any camera can tell, fewer than rounding shows."""


def motion_csv(motions: Sequence[Motion]) -> str:
    """Return the table: a header, then a row a frame and target, by target; what is not known is an empty cell."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    for number, motion in enumerate(motions):
        columns = motion.columns()
        if number == 0:
            table.writerow(columns)
        table.writerows([_cell(value) for value in row] for row in zip(*columns.values(), strict=True))
    return text.getvalue()


def write_motion(motions: Sequence[Motion], path: Path) -> None:
    """Write the table of `motion_csv`.

    Raises:
        OutputError: the file cannot be written.
    """
    write_atomic(path, motion_csv(motions))


def _cell(value: object) -> object:
    if isinstance(value, float):  # numpy's are, too
        return f"{value:.{_DIGITS}g}" if math.isfinite(value) else None
    return value
