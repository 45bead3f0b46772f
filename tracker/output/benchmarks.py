"""Former names, until all rooms have the new ones (tracker.output.text.TextSink over tracker.formats)."""

# ruff: noqa: N802 - classes until now
from __future__ import annotations

import os

from tracker.formats.motchallenge import MotLines
from tracker.formats.otb import Got10kLines, OtbLines
from tracker.output.text import TextSink

Target = str | os.PathLike[str]


def MotSink(target: Target) -> TextSink:
    """Return a sink of MOTChallenge results."""
    return TextSink(target, MotLines())


def OtbSink(target: Target) -> TextSink:
    """Return a sink of OTB results."""
    return TextSink(target, OtbLines())


def Got10kSink(target: Target) -> TextSink:
    """Return a sink of GOT-10k results."""
    return TextSink(target, Got10kLines())
