"""How well a tracker does on sequences with truth."""

from tracker.evaluation.results import Evaluation, Scores, SequenceResult
from tracker.evaluation.run import MakeTracker, SingleTracker, evaluate
from tracker.evaluation.sequences import TruthSequence, find_sequences

__all__ = [
    "Evaluation",
    "MakeTracker",
    "Scores",
    "SequenceResult",
    "SingleTracker",
    "TruthSequence",
    "evaluate",
    "find_sequences",
]
