"""The targets that are written as `--roi` or read from `--roi-file`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tracker.errors import BoxError, ConfigError, SourceError
from tracker.formats.starts import TargetStart, read_starts
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
        label: the name of the only target, "" where it has none.
        id: its number.
    """

    one: Chooser | None = None
    several: tuple[Target, ...] = ()
    label: str = ""
    id: int = 0


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
        path = Path(roi_file).expanduser()
        targets = read_targets(path)
        if len(targets) > 1 or several:
            return Wanted(several=tuple(_starting(target) for target in targets))
        return Wanted(BoxFile(path, targets[0]), label=targets[0].label, id=targets[0].id or 0)
    if len(rois) == 1 and "=" not in rois[0]:
        return _first(Region.parse(rois[0]), several)
    return Wanted(several=_named(rois))


def _first(chooser: Chooser, several: bool) -> Wanted:
    return Wanted(several=(Target(chooser),)) if several else Wanted(chooser)


def _named(rois: Sequence[str]) -> tuple[Target, ...]:
    targets: dict[str, Target] = {}
    for roi in rois:
        name, equals, box = (part.strip() for part in roi.rpartition("="))
        if not (equals and name):
            raise ConfigError(f"several targets need a name each; got --roi {roi!r}: write --roi NAME=X,Y,W,H")
        if name in targets:
            raise ConfigError(f"two targets are called {name!r}: give each --roi a name of its own")
        targets[name] = Target(Region.parse(box), label=name)
    return tuple(targets.values())


@dataclass(frozen=True, slots=True)
class BoxFile:
    """The boxes of a file of one target; chooses the one of the first frame."""

    path: Path
    target: TargetStart

    def __call__(self, frame: Frame) -> Box:
        """Return the box of `frame`; that of a file with a single box and no frames is meant for any.

        Raises:
            BoxError: there is none for this frame.
        """
        box = self.target.box_in(frame.index)
        if box is None:
            first = self.target.frame
            raise BoxError(f"{self.path} has no box for frame {frame.index}: begin at a frame with --start {first}")
        return box


def read_roi_file(path: str | Path) -> BoxFile:
    """Read the boxes of a file of one target.

    Raises:
        ConfigError: the file cannot be read, or holds no box, or several targets.
    """
    path = Path(path).expanduser()
    targets = read_targets(path)
    if len(targets) > 1:
        names = ", ".join(target.label or f"#{target.id}" for target in targets)
        raise ConfigError(f"{path} holds {len(targets)} targets ({names}): give a file of one")
    return BoxFile(path, targets[0])


def read_targets(path: Path) -> tuple[TargetStart, ...]:
    """Return the targets of a file, which are one or more.

    Raises:
        ConfigError: the file cannot be read, or holds no box.
    """
    try:
        targets = read_starts(path)
    except SourceError as error:
        raise ConfigError(str(error)) from error
    except ConfigError as error:  # places in shares of a frame whose size is not known here
        raise ConfigError(f"{error}, to tracker convert, and give the table that it writes") from error
    if not targets:
        raise ConfigError(f"{path} holds no box: is the target in any frame?")
    return targets


def _starting(target: TargetStart) -> Target:
    """Return what follows a target from the first frame on for which it has a box."""
    return Target(lambda frame: target.box_in(frame.index), target.id, target.label)
