"""A film cuts to another scene and back."""

from __future__ import annotations

import numpy as np

from tracker.evaluation.drills.base import FOREIGN, DrillClip, Episode, Script

_INSERTED = 50  # frames of the foreign scene


def cut(clip: DrillClip) -> Script:
    """Fifty frames of a foreign scene stand in the middle of the clip."""
    rows = np.arange(len(clip.truth))
    begin = clip.begin
    return Script(
        truth=np.insert(clip.truth, [begin] * _INSERTED, np.nan, axis=0),
        episode=Episode(begin, begin + _INSERTED, absent=True),
        rows=np.concatenate([rows[:begin], FOREIGN - np.arange(_INSERTED), rows[begin:]]),
        ticks=np.arange(len(rows) + _INSERTED, dtype=np.float64),
    )
