"""What is to be done: a job is one video with its targets."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tracker.errors import ConfigError
from tracker.geometry import Box
from tracker.region import Region
from tracker.video.span import Span

_EVERYTHING = Span()


@dataclass(frozen=True, slots=True)
class Target:
    """One target of a video.

    Attributes:
        roi: where it is in the first frame of its span.
        id: 0-based number, unique in its video.
        label: its name, "" where it has none.
        span: the frames in which it is followed; the stride is that of the video and must be 1.
    """

    roi: Region
    id: int = 0
    label: str = ""
    span: Span = _EVERYTHING

    def __str__(self) -> str:
        """The target in words that say all of it, the same for the same target."""
        return f"{self.id} {self.label!r} at {self.roi} from {self.span.start!r} to {self.span.end!r}"


@dataclass(frozen=True, slots=True)
class Job:
    """One video, the unit of work: read once, whatever the number of its targets.

    Attributes:
        source: a video file, pictures or a scene, as `open_source` takes them, or an address that can be fetched.
        targets: who is followed, at least one.
    """

    source: str
    targets: tuple[Target, ...]

    @classmethod
    def of(cls, source: str | Path, *rois: str | Iterable[float]) -> Self:
        """Return the job of following targets from the first frame on.

        Args:
            source: the video.
            rois: where each target is: "X,Y,W,H" in pixels or percent, or four numbers in pixels.

        Raises:
            BoxError: one of them is no box.
        """
        regions = [Region.parse(roi) if isinstance(roi, str) else Region.of(Box.parse(roi)) for roi in rois]
        return cls(str(source), tuple(Target(region, number) for number, region in enumerate(regions)))


def names_of(jobs: Sequence[Job]) -> list[str]:
    """Return the name of each job's results: that of its source, with a hash of the whole path where two are alike.

    Raises:
        ConfigError: there is no job, a source comes twice, or the targets of a job cannot be told apart.
    """
    if not jobs:
        raise ConfigError("there is no video to work on: give at least one")
    for job in jobs:
        _check(job)
    sources = Counter(job.source for job in jobs)
    twice = next((source for source, count in sources.items() if count > 1), None)
    if twice is not None:
        raise ConfigError(f"{twice} is in two jobs: make its targets one job")
    plain = [_plain_name(job.source) for job in jobs]
    # File systems that do not tell a from A must not mix two videos.
    alike = Counter(name.casefold() for name in plain)
    return [
        name if alike[name.casefold()] == 1 else f"{name}-{hashlib.sha256(job.source.encode()).hexdigest()[:8]}"
        for name, job in zip(plain, jobs, strict=True)
    ]


def _plain_name(source: str) -> str:
    last = re.split(r"[/\\]", source.split("?")[0].rstrip("/\\"))[-1]
    stem = last if "*" in last or last.startswith("synth:") else Path(last).stem
    return re.sub(r"[^\w.-]+", "_", stem).strip("_.") or "video"


def _check(job: Job) -> None:
    if not job.targets:
        raise ConfigError(f"{job.source} has no target: say where it is")
    ids = Counter(target.id for target in job.targets)
    number, count = ids.most_common(1)[0]
    if count > 1:
        raise ConfigError(f"{job.source} has {count} targets of the number {number}: give each its own id")
    if any(target.span.stride != 1 for target in job.targets):
        raise ConfigError(f"{job.source}: targets with a stride are not possible, every frame is looked at")
