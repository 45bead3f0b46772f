"""The targets that a file of boxes names, to follow them: each begins in the frame of its first box."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tracker.errors import SourceError
from tracker.formats.annotation import Annotation, VideoMeta
from tracker.formats.registry import format_by_content
from tracker.geometry import Box


@dataclass(frozen=True, slots=True)
class TargetStart:
    """A target of a file, at least one box of it.

    Attributes:
        id: its 0-based number, None where the file numbers none.
        label: its name, "" where it has none.
        boxes: its boxes by the 0-based numbers of the frames in which it is in sight.
        anywhere: whether the file tells no frame: a single box, meant for the frame in which a run begins.
    """

    id: int | None
    label: str
    boxes: Mapping[int, Box]
    anywhere: bool = False

    @property
    def frame(self) -> int:
        """0-based number of the first frame that has a box."""
        return min(self.boxes)

    @property
    def box(self) -> Box:
        """The box in that frame."""
        return self.boxes[self.frame]

    def box_in(self, frame: int) -> Box | None:
        """Return the box in a frame, None where it has none; one that is meant for any frame is in all of them."""
        return self.box if self.anywhere else self.boxes.get(frame)


def read_starts(path: Path, meta: VideoMeta | None = None) -> tuple[TargetStart, ...]:
    """Read all targets of a file, whose content tells its format, in the order of their numbers; none without a box.

    Args:
        path: a table, text, document or archive of boxes; see `tracker.formats.registry.FORMATS`.
        meta: what is known of the video; some formats need the size of its frames.

    Raises:
        SourceError: it cannot be read, or holds several boxes in a frame that nothing tells apart.
        ConfigError: it needs the size of the frames, which is not known.
    """
    video = format_by_content(path).read(path, meta or VideoMeta())
    targets: dict[int | None, dict[int, Annotation]] = {}
    for one in video.annotations:
        if not one.seen:
            continue
        boxes = targets.setdefault(one.id, {})
        if one.frame in boxes:
            what = "boxes without a number of a target" if one.id is None else f"boxes of target {one.id}"
            raise SourceError(f"{path}: frame {one.frame} holds several {what}: give a file with tracks")
        boxes[one.frame] = one
    anywhere = not video.has_frames and len(video.annotations) == 1
    numbered = sorted(targets.items(), key=lambda item: (item[0] is None, item[0] or 0))
    return tuple(
        TargetStart(
            number,
            next((one.label for one in found.values() if one.label), ""),
            {frame: one.box for frame, one in found.items()},
            anywhere,
        )
        for number, found in numbered
    )
