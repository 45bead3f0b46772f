"""The targets that are written as `--roi` or read from `--roi-file`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tracker.errors import BoxError, ConfigError, SourceError
from tracker.formats import coco, csv_table, motchallenge, otb
from tracker.formats.annotation import Annotation, VideoMeta
from tracker.formats.registry import Reader
from tracker.formats.text_lines import lines_of, read_text
from tracker.geometry import Box
from tracker.region import Region
from tracker.session import Chooser, Target
from tracker.video.base import Frame


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is followed.

    Attributes:
        one: chooses the only target; None where there are several, or where it is chosen in the window.
        several: targets with a name or number each; empty where there is one.
    """

    one: Chooser | None = None
    several: tuple[Target, ...] = ()


def wanted(rois: Sequence[str], roi_file: str | None, *, several: bool = False) -> Wanted:
    """Return what is followed by `--roi` (one box, or NAME=box any number of times) or `--roi-file`.

    A single target is the first of `several` where there may be more.

    Raises:
        BoxError: a text is no box.
        ConfigError: both are given, the file cannot be read, or one of several boxes has no name of its own.
    """
    if rois and roi_file is not None:
        raise ConfigError("--roi and --roi-file both say where the target is: give one of them")
    if roi_file is not None:
        targets = read_targets(roi_file)
        return Wanted(several=targets) if len(targets) > 1 else _first(read_roi_file(roi_file), several)
    if len(rois) == 1 and "=" not in rois[0]:
        return _first(Region.parse(rois[0]), several)
    return Wanted(several=_named(rois))


def _first(chooser: Chooser, several: bool) -> Wanted:
    return Wanted(several=(Target(chooser),)) if several else Wanted(chooser)


def _named(rois: Sequence[str]) -> tuple[Target, ...]:
    targets: dict[str, Target] = {}
    for roi in rois:
        name, equals, box = (part.strip() for part in roi.rpartition("="))
        if not (equals and name) or name in targets:
            raise ConfigError(f"several targets need a name each; got --roi {roi!r}: write --roi NAME=X,Y,W,H")
        targets[name] = Target(Region.parse(box), label=name)
    return tuple(targets.values())


@dataclass(frozen=True, slots=True)
class BoxFile:
    """The boxes of a file by frame; chooses the one of the first frame."""

    path: Path
    boxes: Mapping[int, Box]

    def __call__(self, frame: Frame) -> Box:
        """Return the box of `frame`; the only one, where the file has no more than one.

        Raises:
            BoxError: there is none for this frame.
        """
        if len(self.boxes) == 1:
            return next(iter(self.boxes.values()))
        if frame.index not in self.boxes:
            first = min(self.boxes)
            raise BoxError(f"{self.path} has no box for frame {frame.index}: begin at a frame with --start {first}")
        return self.boxes[frame.index]


def read_roi_file(path: str | Path) -> BoxFile:
    """Read the boxes of one target; of several in the file, the first.

    Raises:
        ConfigError: the file cannot be read, or no line of it is a box.
    """
    path = Path(path).expanduser()
    found = _annotations(path)
    return BoxFile(path, {one.frame: one.box for one in found if one.id == found[0].id})


def read_targets(path: str | Path) -> tuple[Target, ...]:
    """Read all targets of a file; each starts at the first frame for which it has a box.

    Raises:
        ConfigError: the file cannot be read, or no line of it is a box.
    """
    rows: dict[int, dict[int, Annotation]] = {}
    for one in _annotations(Path(path).expanduser()):
        if one.id is not None:
            rows.setdefault(one.id, {})[one.frame] = one
    return tuple(_target(number, frames) for number, frames in sorted(rows.items()))


def _target(number: int, rows: Mapping[int, Annotation]) -> Target:
    boxes = {frame: one.box for frame, one in rows.items() if one.seen}
    label = next((one.label for one in rows.values() if one.label), "")
    return Target(lambda frame: boxes.get(frame.index), number, label)


def _annotations(path: Path) -> tuple[Annotation, ...]:
    try:
        read = _reader_of(path)
        found = read(path, VideoMeta()).annotations if read else ()
    except SourceError as error:
        raise ConfigError(str(error)) from error
    if not found:
        raise ConfigError(
            f"{path} holds no box: give a table with the columns x,y,w,h, a MOTChallenge text (frame,id,x,y,w,h,...), "
            "an OTB text (x,y,w,h a line) or COCO video JSON"
        )
    return found


def _reader_of(path: Path) -> Reader | None:
    """Return what reads a file that has such a first line; None where nothing does."""
    if path.suffix.lower() == ".json":
        return coco.read
    words = next((line.words for line in lines_of(read_text(path), path)), ())
    if {"x", "y", "w", "h"} <= set(words):
        return csv_table.read
    if len(words) == 4:
        return otb.read
    return motchallenge.read if len(words) >= 6 else None
