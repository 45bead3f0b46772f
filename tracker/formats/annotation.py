"""What every format is read into and written from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from tracker.errors import ConfigError, OutputError
from tracker.geometry import Box
from tracker.tracking.result import TrackState


@dataclass(frozen=True, slots=True)
class Annotation:
    """One target in one frame.

    Attributes:
        frame: 0-based number of the frame.
        id: 0-based number of the target; None for a detection without one.
        box: where it is, pixels; the last known place while lost.
        label: its name or class, "" where it has none.
        confidence: in [0, 1], None where unknown.
        state: what the tracker said of it, None where it was no tracker.
        timestamp: seconds from the start of the video, None where unknown.
    """

    frame: int
    id: int | None
    box: Box
    label: str = ""
    confidence: float | None = None
    state: TrackState | None = None
    timestamp: float | None = None

    @property
    def seen(self) -> bool:
        """Whether the box says where the target is now; False while lost."""
        return self.state is not TrackState.LOST


@dataclass(frozen=True, slots=True)
class VideoMeta:
    """What is known of the video; None where it is not.

    Attributes:
        name: short name, "" where unknown.
        width: pixels.
        height: pixels.
        fps: frames per second.
        frame_count: number of frames.
    """

    name: str = ""
    width: int | None = None
    height: int | None = None
    fps: float | None = None
    frame_count: int | None = None

    def over(self, other: VideoMeta) -> VideoMeta:
        """Return what is known here, and from `other` what is not."""
        return VideoMeta(
            name=self.name or other.name,
            width=self.width or other.width,
            height=self.height or other.height,
            fps=self.fps or other.fps,
            frame_count=self.frame_count or other.frame_count,
        )

    def size(self, wanted_by: str) -> tuple[int, int]:
        """Return width and height in pixels.

        Raises:
            ConfigError: they are not known; `wanted_by` names the format that needs them.
        """
        if self.width is None or self.height is None:
            raise ConfigError(f"{wanted_by} needs the size of the frames: give --size WxH or --video FILE")
        return self.width, self.height

    def rate(self, wanted_by: str) -> float:
        """Return the frames per second.

        Raises:
            ConfigError: they are not known; `wanted_by` names the format that needs them.
        """
        if self.fps is None:
            raise ConfigError(f"{wanted_by} needs the frame rate: give --fps N or --video FILE")
        return self.fps


@dataclass(frozen=True, slots=True)
class AnnotatedVideo:
    """The targets of one video, sorted by frame and target, and what is known of the video."""

    annotations: tuple[Annotation, ...]
    meta: VideoMeta

    @classmethod
    def of(cls, annotations: Iterable[Annotation], meta: VideoMeta) -> AnnotatedVideo:
        """Sort `annotations` by frame and target; those without a number come last in their frame, in their order."""
        return cls(tuple(sorted(annotations, key=lambda one: (one.frame, one.id is None, one.id or 0))), meta)

    @property
    def frame_count(self) -> int:
        """Number of frames: of the video where known, but never fewer than the targets need."""
        last = self.annotations[-1].frame + 1 if self.annotations else 0
        return max(self.meta.frame_count or 0, last)

    def by_frame(self) -> Iterator[tuple[int, tuple[Annotation, ...]]]:
        """Yield number and targets of every frame, those without a target too."""
        groups = {frame: tuple(group) for frame, group in groupby(self.annotations, lambda one: one.frame)}
        for frame in range(self.frame_count):
            yield frame, groups.get(frame, ())

    def by_target(self, wanted_by: str) -> Mapping[int, tuple[Annotation, ...]]:
        """Return the annotations of each target by its number, in the order of the numbers.

        Raises:
            OutputError: one has no number; `wanted_by` names the format that needs it.
        """
        targets: dict[int, list[Annotation]] = {}
        for one in self.annotations:
            if one.id is None:
                raise OutputError(
                    f"frame {one.frame} holds a target without a number, {wanted_by} needs one: give a file with tracks"
                )
            targets.setdefault(one.id, []).append(one)
        return {number: tuple(targets[number]) for number in sorted(targets)}

    def of_one_target(self, wanted_by: str) -> Iterator[Annotation | None]:
        """Yield the only target's annotation of every frame, None where it has none.

        Raises:
            OutputError: there are several targets; `wanted_by` names the format that holds one.
        """
        if len({one.id for one in self.annotations}) > 1:
            raise OutputError(f"{wanted_by} files hold one target: write several to a MOTChallenge or CSV file")
        for frame, targets in self.by_frame():
            if len(targets) > 1:
                raise OutputError(f"frame {frame} holds several boxes of one target, {wanted_by} files one")
            yield targets[0] if targets else None
