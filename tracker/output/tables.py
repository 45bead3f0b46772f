"""Former names, until all rooms have the new ones (tracker.formats.csv_table, tracker.output.text)."""

from __future__ import annotations

import os

from tracker.formats.csv_table import COLUMNS, Row
from tracker.formats.json_lines import JsonLines
from tracker.output.text import CsvSink, TextSink

__all__ = ["COLUMNS", "CsvSink", "JsonLinesSink", "Row"]


def JsonLinesSink(target: str | os.PathLike[str]) -> TextSink:  # noqa: N802 - a class until now
    """Return a sink of JSON Lines."""
    return TextSink(target, JsonLines())
