"""The signal stalls: the same frame comes again and again."""

from __future__ import annotations

import numpy as np

from tracker.evaluation.drills.base import DrillClip, Script, usual_episode

_HELD = 25  # frames


def freeze(clip: DrillClip) -> Script:
    """One frame stands for 25 frames, then the clip goes on where it would be; the target is there, and then jumps."""
    episode = usual_episode(clip, absent=False, length=_HELD)
    rows = np.arange(len(clip.truth))
    rows[episode.begin : episode.end] = episode.begin
    return Script(clip.truth[rows], episode, rows, np.arange(len(rows), dtype=np.float64))
