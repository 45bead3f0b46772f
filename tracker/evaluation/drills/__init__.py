"""Drills: clips with truth into which something is put that happens to targets in real footage.

`drilled` puts a drill into clips, `evaluate` runs a tracker over them, `drill_scores` and `drill_means` judge it.
"""

from tracker.evaluation.drills.registry import DRILLS, parse_drills, summary_of
from tracker.evaluation.drills.scores import DrillMeans, DrillScores, drill_means, drill_scores, drilled_sequence
from tracker.evaluation.drills.sequence import DrilledSequence, drilled

__all__ = [
    "DRILLS",
    "DrillMeans",
    "DrillScores",
    "DrilledSequence",
    "drill_means",
    "drill_scores",
    "drilled",
    "drilled_sequence",
    "parse_drills",
    "summary_of",
]
