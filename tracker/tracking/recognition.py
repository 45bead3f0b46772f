"""Whether what was found looks as the target used to, which a confidence that holds for any target cannot tell."""

from __future__ import annotations

from tracker.config.settings import RecognitionSettings
from tracker.cues.base import Evidence

_RATE = 0.05
"""Share of what is usual that a frame renews."""


class Recognition:
    """Remembers how similar the target usually was while TRACKING, and how high its template's response."""

    def __init__(self, settings: RecognitionSettings, first: Evidence) -> None:
        """Take the first frame, on which everything was learnt, only as a start."""
        self._settings = settings
        self._frames = 0
        self._similarity = first.similarity
        self._recall = first.recall

    def same(self, evidence: Evidence, lost: bool) -> bool:
        """Whether `evidence` may come from the target; while it is LOST, its colours have to be right as well."""
        if not lost:
            return evidence.recall >= self._settings.min_recall * self._recall
        alike = evidence.similarity >= self._settings.min_similarity * self._similarity
        return alike and evidence.recall >= self._settings.found_recall * self._recall

    def remember(self, evidence: Evidence) -> None:
        """Take a frame in which the target was seen."""
        self._frames += 1
        # A response to what was just learnt is higher than any later one.
        rate = max(1 / self._frames, _RATE)
        self._recall += rate * (evidence.recall - self._recall)
        self._similarity += _RATE * (evidence.similarity - self._similarity)
