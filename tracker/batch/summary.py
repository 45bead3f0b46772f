"""What became of many videos, as a table for programs and for people."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from rich.table import Table
from rich.text import Text

from tracker.batch.record import Outcome, Status
from tracker.files import put_file

COLUMNS = (
    "source",
    "result",
    "status",
    "targets",
    "refused",
    "frames",
    "bad_frames",
    "tracking",
    "occluded",
    "lost",
    "seconds",
    "fps",
    "worker",
    "error",
)
_MOST_ROWS = 40
"""Videos that are shown to people one by one; of more, those with an error."""


def write_summary(outcomes: Sequence[Outcome], path: Path) -> None:
    """Write a row a video.

    Raises:
        OutputError: the file cannot be written.
    """
    text = io.StringIO()
    table = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    table.writeheader()
    table.writerows(_row(outcome) for outcome in outcomes)
    put_file(path, text.getvalue())


def summary_table(outcomes: Sequence[Outcome]) -> Table:
    """Return a row a video with the totals below; of many videos only those with an error."""
    shown = outcomes if len(outcomes) <= _MOST_ROWS else [one for one in outcomes if one.error]
    counts = Counter(one.status for one in outcomes)
    totals = ", ".join(f"{counts[status]} {status.value}" for status in Status if counts[status])
    frames = sum(one.frames for one in outcomes)
    weights = [one.frames * one.targets for one in outcomes]
    table = Table(show_footer=True, caption=_errors(outcomes), caption_justify="left")
    table.add_column("video", totals or "nothing done", overflow="fold")
    table.add_column("status", no_wrap=True)
    table.add_column("frames", str(frames), justify="right", no_wrap=True)
    for state in ("tracking", "occluded", "lost"):
        total = sum(weight * getattr(one, state) for weight, one in zip(weights, outcomes, strict=True))
        table.add_column(state, f"{total / max(sum(weights), 1):.1%}", justify="right", no_wrap=True)
    table.add_column("fps", justify="right", no_wrap=True)
    for one in shown:
        shares = [f"{share:.1%}" for share in (one.tracking, one.occluded, one.lost)]
        style = "red" if one.status is Status.FAILED else "yellow" if one.error else ""
        table.add_row(Text(one.source, style=style), one.status.value, str(one.frames), *shares, f"{one.fps:.0f}")
    return table


def _row(outcome: Outcome) -> dict[str, object]:
    digits = {"tracking": 4, "occluded": 4, "lost": 4, "seconds": 3, "fps": 1}
    values = outcome.model_dump(mode="json") | {"fps": outcome.fps}
    return {name: round(values[name], digits[name]) if name in digits else values[name] for name in COLUMNS}


def _errors(outcomes: Sequence[Outcome]) -> Text | None:
    errors = [f"{one.source}: {one.error}" for one in outcomes if one.error]
    return Text("\n".join(errors)) if errors else None
