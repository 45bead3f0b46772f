"""What every format is read into and written from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
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
        confidence: in [0, 1], None where unknown; detectors of other tools have scores of any range.
        state: the tracker's state, None where no tracker made it; an annotated target that is hidden is OCCLUDED.
        timestamp: seconds from the start of the video, None where unknown.
        ignored: whether scores leave it out (a MOTChallenge target that is not considered, a crowd of COCO).
        visibility: part of the target that is in sight, in [0, 1]; None where all of it is, or the state tells.
        extra: what only the format itself has, by its name there; the same format writes it again.
    """

    frame: int
    id: int | None
    box: Box
    label: str = ""
    confidence: float | None = None
    state: TrackState | None = None
    timestamp: float | None = None
    ignored: bool = False
    visibility: float | None = None
    extra: Mapping[str, object] = field(default_factory=dict, hash=False)

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
        first_frame: the number that the file gives the first frame, 0 or 1; None to go by its numbers and its format.
        classes: the names of the classes by their numbers from 0, where the file numbers them.
    """

    name: str = ""
    width: int | None = None
    height: int | None = None
    fps: float | None = None
    frame_count: int | None = None
    first_frame: int | None = None
    classes: Mapping[int, str] = field(default_factory=dict, hash=False)

    def over(self, other: VideoMeta) -> VideoMeta:
        """Return what is known here, and from `other` what is not."""
        return VideoMeta(
            name=self.name or other.name,
            width=self.width or other.width,
            height=self.height or other.height,
            fps=self.fps or other.fps,
            frame_count=self.frame_count or other.frame_count,
            first_frame=other.first_frame if self.first_frame is None else self.first_frame,
            classes=self.classes or other.classes,
        )

    def first_of(self, frames: Iterable[int], usual: int) -> int:
        """Return the number of the first frame in a file with these numbers of frames.

        It is 0 where a frame has that number, and 1 where the last frame would not be in the video otherwise.

        Args:
            frames: the numbers as the file has them.
            usual: the number that the format begins with.
        """
        if self.first_frame is not None:
            return self.first_frame
        numbers = set(frames)
        if 0 in numbers:
            return 0
        return 1 if numbers and max(numbers) == self.frame_count else usual

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
    """The targets of one video, sorted by frame and target, and what is known of the video.

    Attributes:
        annotations: the targets of each frame.
        meta: what is known of the video.
        has_frames: whether the file has numbers of frames; if not, each of its entries is a frame.
    """

    annotations: tuple[Annotation, ...]
    meta: VideoMeta
    has_frames: bool = True

    @classmethod
    def of(cls, annotations: Iterable[Annotation], meta: VideoMeta, *, has_frames: bool = True) -> AnnotatedVideo:
        """Sort `annotations` by frame and target; those without a number come last in their frame, in their order."""
        ordered = sorted(annotations, key=lambda one: (one.frame, one.id is None, one.id or 0))
        return cls(tuple(ordered), meta, has_frames)

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


def part_inside(box: Box, width: int, height: int) -> Box | None:
    """Return the part of a box inside a frame, for formats whose places are shares of it; None where there is none."""
    if box.x >= 0 and box.y >= 0 and box.x + box.width <= width and box.y + box.height <= height:
        return box
    part = box.clipped(width, height)
    return part if part.width > 0 and part.height > 0 else None
