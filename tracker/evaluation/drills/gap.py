"""Frames are lost: a jump in time."""

from __future__ import annotations

import numpy as np

from tracker.evaluation.drills.base import DrillClip, Episode, Script

_DROPPED = 25  # frames at most


def gap(clip: DrillClip) -> Script:
    """25 frames are missing (half of the rest at most), and the timestamps say so; the target has moved meanwhile."""
    begin, rows = clip.begin, np.arange(len(clip.truth))
    dropped = min(_DROPPED, (len(rows) - begin) // 2)
    kept = np.concatenate([rows[:begin], rows[begin + dropped :]])
    return Script(clip.truth[kept], Episode(begin, begin, absent=False), kept, kept.astype(np.float64))
