"""What the person said of the targets in the first frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.cli.roi_file import read_roi_file, read_targets
from tracker.errors import ConfigError
from tracker.region import Region
from tracker.session import Chooser, Target


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who is to be followed.

    Attributes:
        one: chooses the only target; None where there are several, or where it is left to the person at the window.
        several: targets with a name or number each; empty where there is one.
    """

    one: Chooser | None = None
    several: tuple[Target, ...] = ()


def wanted(rois: Sequence[str], roi_file: str | None, *, several: bool = False) -> Wanted:
    """Return who is to be followed by `--roi` (one box, or NAME=box any number of times) or `--roi-file`.

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
    return Wanted(several=(Target("", chooser),)) if several else Wanted(chooser)


def _named(rois: Sequence[str]) -> tuple[Target, ...]:
    targets: dict[str, Target] = {}
    for roi in rois:
        name, equals, box = (part.strip() for part in roi.rpartition("="))
        if not (equals and name) or name in targets:
            raise ConfigError(f"several targets need a name each; got --roi {roi!r}: write --roi NAME=X,Y,W,H")
        targets[name] = Target(name, Region.parse(box))
    return tuple(targets.values())
